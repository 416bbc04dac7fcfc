import pytest
import torch
from oracles import BATCH, LENGTHS, random_source
from tiny_models import make_system

from s2s_tutorial.attention.scores import DotAttention, GeneralAttention
from s2s_tutorial.models.attention_decoder import AttentionDecoder, AttentionState
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.initialise import initialise
from s2s_tutorial.saving.checkpoint import load_checkpoint, save_checkpoint

SIZES = {"src_vocab_size": 11, "tgt_vocab_size": 13, "embedding_size": 5, "hidden_size": 7}
TIED = {"readout_size": 5, "tie_embeddings": True}


class Shared(AttentionDecoder):
    """The shared parts alone: it neither starts nor steps."""

    init_state = step = None


def make(**options):
    torch.manual_seed(0)
    return Shared(TokenEmbedding(13, 5), DotAttention(), readout_size=5, **options)


def logits(model):
    return model.eval()(random_source(), LENGTHS, torch.tensor([[2, 4]] * BATCH)).logits


def test_keys_are_the_attentions_and_nothing_is_kept():
    model = make_system("luong_general")
    encoded = model.encode(random_source(), LENGTHS)
    keys = model.decoder.project_keys(encoded)
    assert torch.equal(keys, model.decoder.attention.project_keys(encoded.memory))
    before = {name: dict(vars(module)) for name, module in model.named_modules()}
    model(random_source(), LENGTHS, torch.tensor([[2, 4]] * BATCH))
    assert {name: dict(vars(module)) for name, module in model.named_modules()} == before


@pytest.mark.parametrize("preset", ["bahdanau", "bigru_concat", "luong_dot"])
def test_a_memory_of_another_size_is_explained(preset):
    model = make_system(preset)
    encoded = model.encode(random_source(), LENGTHS)
    size = encoded.memory.shape[-1]
    wider = encoded._replace(memory=torch.zeros(*encoded.memory.shape[:2], size + 1))
    message = f"reads encoder states of size {size}, but those of this encoder have {size + 1}"
    with pytest.raises(ValueError, match=message):
        model.decoder(torch.full((BATCH, 2), 2), wider)
    with pytest.raises(ValueError, match=message):
        model.decoder.step(torch.full((BATCH,), 2), model.decoder.init_state(encoded), wider)


def test_every_part_of_the_state_follows_its_rows():
    numbers = torch.arange(3.0)
    state = AttentionState(
        recurrent=(numbers.view(1, 3, 1), 10 * numbers.view(1, 3, 1)),
        fed=numbers.view(3, 1) + 20,
        weights=numbers.view(3, 1) + 30,
        position=4,
    )
    chosen = make().select_rows(state, torch.tensor([2, 0, 2, 1]))
    assert [part.flatten().tolist() for part in chosen.recurrent] == [[2, 0, 2, 1], [20, 0, 20, 10]]
    assert chosen.fed[:, 0].tolist() == [22, 20, 22, 21]
    assert chosen.weights[:, 0].tolist() == [32, 30, 32, 31]
    assert chosen.position == 4
    first = AttentionState(recurrent=numbers.view(1, 3, 1))
    chosen = make().select_rows(first, torch.tensor([1]))
    assert chosen.recurrent.tolist() == [[[1.0]]] and chosen.fed is None and chosen.weights is None


def test_the_old_name_of_the_recurrent_state_goes_on_working():
    with pytest.warns(DeprecationWarning, match="is recurrent now"):
        state = AttentionState(cell=torch.zeros(1, 3, 1), position=4)
    assert isinstance(state, AttentionState) and state == state._replace(position=4)
    with pytest.warns(DeprecationWarning, match="is recurrent now"):
        assert state.cell is state.recurrent


def test_tied_embeddings_are_one_matrix_with_the_gradient_of_both():
    decoder = make(tie_embeddings=True)
    assert decoder.output.weight is decoder.embedding.weight
    assert [n for n, _ in decoder.named_parameters()] == ["embedding.weight", "output.bias"]
    decoder.output(decoder.embedding(torch.tensor([4, 6]))).sum().backward()
    gradient = decoder.embedding.weight.grad
    as_output = decoder.embedding.weight[[4, 6]].sum(dim=0)
    torch.testing.assert_close(gradient[5], as_output)
    as_input = decoder.embedding.weight.sum(dim=0)
    torch.testing.assert_close(gradient[4], as_output + as_input)


@pytest.mark.parametrize("preset", ["bahdanau", "luong_dot", "location_aware"])
def test_tied_embeddings_stay_one_matrix(preset, tmp_path):
    torch.manual_seed(0)
    tied, untied = (
        build_model(preset, **SIZES, readout_size=5, tie_embeddings=tie) for tie in (True, False)
    )
    assert untied.parameter_count() - tied.parameter_count() == 13 * 5

    def shares(model):
        weight = model.decoder.output.weight
        return weight.data_ptr() == model.decoder.embedding.weight.data_ptr()

    assert shares(tied) and not shares(untied)
    initialise(tied)
    assert shares(tied)
    optimizer = torch.optim.SGD(tied.parameters(), lr=1.0)
    logits(tied).square().sum().backward()
    optimizer.step()
    save_checkpoint(tmp_path / "m.safetensors", tied)
    loaded = load_checkpoint(tmp_path / "m.safetensors").model
    assert shares(loaded) and torch.equal(logits(loaded), logits(tied))
    assert shares(tied.double())


def test_tied_embeddings_that_do_not_fit_are_explained():
    with pytest.raises(ValueError, match="size, 5, but it reads 7; set readout_size"):
        Shared(TokenEmbedding(13, 5), DotAttention(), 7, tie_embeddings=True)


@pytest.mark.parametrize("attention", ["dot", DotAttention, torch.nn.Linear(2, 2)])
def test_what_is_no_attention_is_refused(attention):
    with pytest.raises(TypeError, match=r"such as AdditiveAttention\(\.\.\.\), not \w+"):
        Shared(TokenEmbedding(13, 5), attention, readout_size=5)


def test_memory_of_another_size_is_explained():
    encoded = make_system("luong_dot").encode(random_source(), LENGTHS)
    decoder = Shared(TokenEmbedding(13, 5), GeneralAttention(7, 3), readout_size=5)
    with pytest.raises(ValueError, match=r"last dimension of memory must be 3.*\(3, 5, 7\)"):
        decoder.project_keys(encoded)
