import math

import pytest
import torch
from tiny_models import drawn, sizes_of
from torch import nn

from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.initialise import initialise
from s2s_tutorial.models.presets import list_presets

SIZE = 32
STACKS = {"rnn": nn.RNN, "gru": nn.GRU, "lstm": nn.LSTM}


def started(module):
    torch.manual_seed(0)
    drawn(module, std=3.0) if not isinstance(module, nn.Embedding) else None
    initialise(module)
    return module


def near_the_bound(matrix):
    """Xavier-uniform: within the bound, and some numbers nearly at it."""
    bound = math.sqrt(6 / sum(matrix.shape))
    return 0.97 * bound < matrix.abs().max().item() <= bound


def is_orthogonal(matrix):
    return torch.allclose(matrix @ matrix.T, torch.eye(len(matrix), dtype=matrix.dtype), atol=1e-5)


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("name", STACKS)
def test_recurrent_layers_start_gate_by_gate(name, bidirectional):
    rnn = started(STACKS[name](61, SIZE, num_layers=2, bidirectional=bidirectional))
    seen = 0
    for parameter, weight in rnn.named_parameters():
        gates = weight.detach().split(SIZE)
        seen += 1
        if "weight_ih" in parameter:
            assert all(near_the_bound(gate) for gate in gates)
        elif "weight_hh" in parameter:
            assert all(is_orthogonal(gate) for gate in gates)
        else:
            forget = name == "lstm" and "bias_ih" in parameter
            expected = [float(forget and k == 1) for k in range(len(gates))]
            assert [gate.unique().tolist() for gate in gates] == [[e] for e in expected]
    assert seen == (16 if bidirectional else 8)


def test_a_single_cell_starts_as_a_layer_does():
    cell = started(nn.GRUCell(61, SIZE))
    assert all(near_the_bound(gate) for gate in cell.weight_ih.detach().split(SIZE))
    assert all(is_orthogonal(gate) for gate in cell.weight_hh.detach().split(SIZE))
    assert (cell.bias_ih == 0).all() and (cell.bias_hh == 0).all()


def test_linear_layers_are_xavier_and_without_bias():
    layer = started(nn.Linear(61, SIZE))
    assert near_the_bound(layer.weight.detach()) and (layer.bias == 0).all()
    assert near_the_bound(started(nn.Linear(61, SIZE, bias=False)).weight.detach())


@pytest.mark.parametrize(("scaled", "std"), [(False, 0.1), (True, 1 / math.sqrt(61))])
def test_embeddings_have_their_spread_and_padding_is_zero(scaled, std):
    embedding = started(TokenEmbedding(500, 61, scaled=scaled))
    assert embedding.weight[1:].std().item() == pytest.approx(std, rel=0.03)
    assert (embedding.weight[0] == 0).all()
    vectors = embedding(torch.arange(1, 500))
    assert vectors.std().item() == pytest.approx(1.0 if scaled else 0.1, rel=0.03)


def test_a_shared_matrix_starts_as_an_embedding():
    options = {"readout_size": 61, "tie_embeddings": True}
    torch.manual_seed(0)
    decoder = build_model("bahdanau", 500, 500, 61, SIZE, **options).decoder
    assert decoder.output.weight is decoder.embedding.weight
    assert decoder.output.weight[1:].std().item() == pytest.approx(0.1, rel=0.03)
    assert (decoder.output.bias == 0).all()


@pytest.mark.parametrize("preset", list_presets())
def test_every_preset_starts_as_documented(preset):
    torch.manual_seed(0)
    sizes = {"embedding_size": 61, "hidden_size": SIZE, "scale_embeddings": False}
    sizes |= sizes_of(preset, {"src_vocab_size": 200, "tgt_vocab_size": 211})
    model = build_model(preset, **sizes)
    for side in (model.encoder, model.decoder):
        assert side.embedding.weight[1:].std().item() == pytest.approx(0.1, rel=0.05)
    assert near_the_bound(model.decoder.output.weight.detach())
    for name, p in model.named_parameters():
        weight, last = p.detach(), name.split(".")[-1]
        if "weight_hh" in last:
            assert all(is_orthogonal(gate) for gate in weight.split(SIZE)), name
        elif "weight_ih" in last:
            assert all(near_the_bound(gate) for gate in weight.split(SIZE)), name
        elif last == "b" or "bias" in last:
            assert weight.sum().item() in (0, SIZE) and weight.unique().numel() <= 2, name
        elif "norm" in name:
            assert last == "weight" and (weight == 1).all(), name
        elif last in ("v", "v_p", "u"):
            assert weight.abs().max() <= 1 / math.sqrt(len(weight)), name
        elif "embedding" not in name:
            bound = math.sqrt(6 / sum(weight.shape))
            assert 0.8 * bound < weight.abs().max() <= bound, name


def test_it_makes_no_gradients_and_keeps_every_parameter():
    layer = nn.Linear(5, 7)
    before = layer.weight
    initialise(layer)
    assert layer.weight is before and before.requires_grad and before.grad_fn is None
