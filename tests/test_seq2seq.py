import math

import pytest
import torch
from oracles import LENGTHS, random_source

from s2s_tutorial.seq2seq import build_model, list_presets

SIZES = {"src_vocab_size": 11, "tgt_vocab_size": 13, "embedding_size": 5, "hidden_size": 7}
TGT_IN = torch.tensor([[2, 4, 5], [2, 6, 12], [2, 4, 4]])


@pytest.mark.parametrize("preset", list_presets())
def test_every_preset_scores_a_target(preset):
    model = build_model(preset, **SIZES, num_layers=2)
    output = model(random_source(), LENGTHS, TGT_IN)
    assert output.logits.shape == (3, 3, 13) and output.states.shape == (3, 3, 7)
    output.logits.sum().backward()
    assert all(p.grad is not None for p in model.parameters())


@pytest.mark.parametrize(("preset", "gates"), [("rnn", 1), ("gru", 3), ("lstm", 4)])
def test_parameter_count_by_hand(preset, gates):
    model = build_model(preset, **SIZES)
    recurrent = gates * (5 * 7 + 7 * 7 + 2 * 7)
    expected = 11 * 5 + 13 * 5 + 2 * recurrent + 7 * 13 + 13
    assert model.parameter_count() == expected


def test_frozen_parameters_are_not_counted():
    model = build_model("rnn", **SIZES)
    model.encoder.requires_grad_(False)
    assert model.parameter_count() == 13 * 5 + (5 * 7 + 7 * 7 + 2 * 7) + 7 * 13 + 13


@pytest.mark.parametrize("preset", list_presets())
def test_settings_reach_both_sides_and_the_config(preset):
    settings = {"preset": preset, **SIZES, "num_layers": 2, "dropout": 0.25}
    model = build_model(**settings)
    assert model.config == settings
    for side in (model.encoder, model.decoder):
        assert side.rnn.mode.lower().startswith(preset)
        assert (side.rnn.input_size, side.rnn.hidden_size, side.rnn.num_layers) == (5, 7, 2)
        assert side.dropout.p == side.rnn.dropout == 0.25


def test_the_global_seed_decides_the_weights():
    def weights(seed):
        torch.manual_seed(seed)
        return torch.cat([p.flatten() for p in build_model("gru", **SIZES).parameters()])

    assert torch.equal(weights(3), weights(3))
    assert not torch.equal(weights(3), weights(4))


def test_initial_weights_are_as_documented():
    model = build_model("lstm", 200, 200, embedding_size=64, hidden_size=32)
    for gate in model.encoder.rnn.weight_hh_l0.split(32):
        torch.testing.assert_close(gate @ gate.T, torch.eye(32), atol=1e-5, rtol=0)
    bound = math.sqrt(6 / (64 + 32))
    assert model.decoder.rnn.weight_ih_l0.abs().max() <= bound
    bias = model.encoder.rnn.bias_ih_l0 + model.encoder.rnn.bias_hh_l0
    assert bias.split(32)[1].eq(1).all() and bias.sum() == 32
    assert model.encoder.embedding.weight.std().item() == pytest.approx(0.1, rel=0.05)
    assert (model.encoder.embedding.weight[0] == 0).all()


@pytest.mark.parametrize("preset", list_presets())
def test_both_sides_start_as_documented(preset):
    torch.manual_seed(0)
    model = build_model(preset, 200, 200, embedding_size=64, hidden_size=32)
    bound = math.sqrt(6 / (64 + 32))
    for side in (model.encoder, model.decoder):
        assert side.embedding.weight.std().item() == pytest.approx(0.1, rel=0.05)
        assert (side.rnn.bias_hh_l0 == 0).all()
        for gate in side.rnn.weight_hh_l0.split(32):
            torch.testing.assert_close(gate @ gate.T, torch.eye(32), atol=1e-5, rtol=0)
        for gate in side.rnn.weight_ih_l0.split(32):  # uniform, so that some come near the bound
            assert 0.98 * bound < gate.abs().max() <= bound
    bound = math.sqrt(6 / (32 + 200))
    assert 0.98 * bound < model.decoder.output.weight.abs().max() <= bound
    assert (model.decoder.output.bias == 0).all()


def test_bad_settings_are_explained():
    with pytest.raises(ValueError, match="unknown preset 'transformer'.*rnn, gru, lstm"):
        build_model("transformer", 11, 13)
    with pytest.raises(ValueError, match="src_vocab_size must be at least 1"):
        build_model("gru", 0, 13)
    with pytest.raises(ValueError, match="tgt_vocab_size must be at least 1"):
        build_model("gru", 11, 0)
    with pytest.raises(ValueError, match="embedding_size must be at least 1"):
        build_model("gru", 11, 13, embedding_size=0)
    with pytest.raises(ValueError, match="dropout must be a probability"):
        build_model("gru", 11, 13, dropout=1.0)
