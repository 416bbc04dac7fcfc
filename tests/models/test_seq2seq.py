import json

import numpy as np
import pytest
import torch
from oracles import LENGTHS, random_source
from tiny_models import sizes_of

from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.presets import list_presets

SIZES = {"src_vocab_size": 11, "tgt_vocab_size": 13, "embedding_size": 5, "hidden_size": 7}
TGT_IN = torch.tensor([[2, 4, 5], [2, 6, 12], [2, 4, 4]])


@pytest.mark.parametrize("preset", list_presets())
def test_every_preset_scores_a_target(preset):
    model = build_model(preset, **sizes_of(preset))
    output = model(random_source(), LENGTHS, TGT_IN)
    assert output.logits.shape == (3, 3, 13) and output.states.shape == (3, 3, 7)
    assert model.decoder.attends == (preset not in ("rnn", "gru", "lstm"))
    if not model.decoder.attends:
        assert output.weights is None
    else:
        assert output.weights.shape == (3, 3, 5)
    output.logits.sum().backward()
    assert all(p.grad is not None for p in model.parameters())


@pytest.mark.parametrize("preset", ["gru", "bahdanau"])
def test_forward_is_encoding_then_decoding(preset):
    model = build_model(preset, **SIZES)
    src, tgt_mask = random_source(), torch.tensor([[1, 1, 1], [1, 1, 0], [1, 0, 0]]).bool()
    encoded = model.encode(src, LENGTHS)
    torch.testing.assert_close(encoded, model.encoder(src, LENGTHS))
    torch.testing.assert_close(model(src, LENGTHS, TGT_IN), model.decoder(TGT_IN, encoded))
    packed = model(src, LENGTHS, TGT_IN, tgt_mask).logits
    torch.testing.assert_close(packed, model.decoder(TGT_IN, encoded, tgt_mask).logits)
    assert packed.shape == (6, 13)


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


def test_parameters_of_bahdanaus_model_by_hand():
    encoder = 11 * 5 + 2 * 3 * (5 * 7 + 7 * 7 + 2 * 7)
    attention = 2 * 7 + 2 * 14 + 2
    decoder = 13 * 5 + 7 * 7 + 3 * (19 * 7 + 7 * 7 + 2 * 7)
    readout = (7 + 5 + 14) * 6 + 6 + 3 * 13 + 13
    model = build_model("bahdanau", **SIZES, attention_size=2)
    assert model.parameter_count() == encoder + attention + decoder + readout


STACKS = [name for name in list_presets() if name.startswith(("rnn", "gru", "l", "stacked"))]
STACKS.remove("location_aware")


@pytest.mark.parametrize("preset", STACKS)
def test_settings_reach_both_sides_and_the_config(preset):
    settings = {"preset": preset, **SIZES, "num_layers": 2, "dropout": 0.25}
    model = build_model(**settings)
    assert model.config == settings
    for side in (model.encoder, model.decoder):
        assert side.rnn.mode.lower().startswith(preset if preset in ("rnn", "gru") else "lstm")
        assert (side.rnn.input_size, side.rnn.hidden_size, side.rnn.num_layers) == (5, 7, 2)
        assert side.dropout.p == side.rnn.dropout == 0.25


@pytest.mark.parametrize("preset", sorted(set(list_presets()) - {*STACKS, "transformer"}))
def test_settings_reach_both_sides_of_a_model_with_one_layer(preset):
    settings = {"preset": preset, **sizes_of(preset), "num_layers": 1, "dropout": 0.25}
    model = build_model(**settings)
    assert model.config == settings
    rnn, cell = model.encoder.rnn, model.decoder.cell
    assert (rnn.input_size, rnn.hidden_size, rnn.bidirectional) == (5, 7, True)
    assert (cell.input_size, cell.hidden_size) == (5 + 2 * 7, 7)
    assert model.encoder.dropout.p == model.decoder.dropout.p == 0.25


@pytest.mark.parametrize("preset", list_presets())
def test_word_settings_reach_both_embeddings_and_the_config(preset):
    words = {"word_dropout": 0.25, "scale_embeddings": True}
    sizes = sizes_of(preset)
    model = build_model(preset, **sizes, **words)
    assert words.items() <= model.config.items()
    for side in (model.encoder, model.decoder):
        assert side.embedding.word_dropout == 0.25 and side.embedding.scaled
    plain = build_model(preset, **sizes, scale_embeddings=False)
    if preset != "transformer":  # whose embeddings are scaled unless one says no
        assert plain.config == build_model(preset, **sizes).config
        assert not words.keys() & plain.config.keys()
    assert build_model(**plain.config).config == plain.config
    for side in (plain.encoder, plain.decoder):
        assert side.embedding.word_dropout == 0 and not side.embedding.scaled
    assert build_model(**model.config).config == model.config


def test_the_global_seed_decides_the_weights():
    def weights(seed):
        torch.manual_seed(seed)
        return torch.cat([p.flatten() for p in build_model("gru", **SIZES).parameters()])

    assert torch.equal(weights(3), weights(3))
    assert not torch.equal(weights(3), weights(4))


@pytest.mark.parametrize("preset", ["gru", "lstm", "bahdanau", "bigru_concat", "luong_dot"])
def test_batches_that_do_not_match_are_explained(preset):
    model = build_model(preset, **SIZES)
    encoded = model.encode(random_source(), LENGTHS)
    state = model.decoder.init_state(encoded)
    for rows in (1, 2):
        with pytest.raises(ValueError, match=f"tgt_in must have one row.*3.*\\({rows}, 3\\)"):
            model.decoder(TGT_IN[:rows], encoded)
        with pytest.raises(ValueError, match=f"token must have one row.*3.*\\({rows},\\)"):
            model.decoder.step(TGT_IN[:rows, 0], state, encoded)


@pytest.mark.parametrize("preset", ["gru", "bahdanau", "bigru_concat", "luong_dot"])
def test_a_target_mask_that_does_not_fit_is_explained(preset):
    model, real = build_model(preset, **SIZES), torch.ones(3, 3)
    with pytest.raises(TypeError, match="tgt_mask must be a bool tensor.*int64"):
        model(random_source(), LENGTHS, TGT_IN, real.long())  # would pick rows 0 and 1
    for wrong in (real[:, :2], real[:2], real[0]):
        with pytest.raises(ValueError, match=r"tgt_mask must have shape \(3, 3\)"):
            model(random_source(), LENGTHS, TGT_IN, wrong.bool())


def test_numbers_of_numpy_are_as_good_as_pythons():
    sizes = {name: np.int64(size) for name, size in SIZES.items()}
    options = {"dropout": np.float32(0.25), "word_dropout": np.float64(0.5), "window": np.int32(2)}
    model = build_model("luong_local_p", **sizes, **options)
    plain = build_model("luong_local_p", **SIZES, dropout=0.25, word_dropout=0.5, window=2)
    assert json.loads(json.dumps(model.config)) == plain.config
    assert model.parameter_count() == plain.parameter_count()


def test_bad_settings_are_explained():
    with pytest.raises(ValueError, match="no preset 'gpt'; choose one of.*rnn, gru, lstm"):
        build_model("gpt", 11, 13)
    with pytest.raises(ValueError, match="src_vocab_size must be at least 1"):
        build_model("gru", 0, 13)
    with pytest.raises(ValueError, match="tgt_vocab_size must be at least 1"):
        build_model("gru", 11, 0)
    with pytest.raises(ValueError, match="embedding_size must be at least 1"):
        build_model("gru", 11, 13, embedding_size=0)
    with pytest.raises(ValueError, match="dropout must be a probability"):
        build_model("gru", 11, 13, dropout=1.0)
    with pytest.raises(ValueError, match="hidden_size must be at least 1, not -7"):
        build_model("bahdanau", 11, 13, hidden_size=-7)
    with pytest.raises(ValueError, match="num_layers must be at least 1, not 0"):
        build_model("luong_dot", 11, 13, num_layers=0)
    with pytest.raises(ValueError, match="attention_size must be at least 1, not 0"):
        build_model("bahdanau", 11, 13, attention_size=0)
    with pytest.raises(ValueError, match="window must be at least 1, not 0"):
        build_model("luong_local_m", 11, 13, window=0)
    with pytest.raises(ValueError, match="word_dropout must be a probability"):
        build_model("gru", 11, 13, word_dropout=1.0)
    with pytest.raises(ValueError, match="readout must be one of maxout, tanh, not 'relu'"):
        build_model("bahdanau", 11, 13, readout="relu")
    with pytest.raises(ValueError, match="size, 64, but it reads 128; set readout_size"):
        build_model("luong_dot", 11, 13, tie_embeddings=True)
    for name in ("hidden_size", "num_layers", "src_vocab_size", "attention_size"):
        for wrong in (7.0, "7", True):
            with pytest.raises(TypeError, match=f"{name} must be a whole number, not {wrong!r}"):
                build_model(**({"preset": "stacked_lstm_additive", **SIZES} | {name: wrong}))
    for name in ("input_feeding", "tie_embeddings", "scale_embeddings"):
        with pytest.raises(TypeError, match=f"{name} must be True or False, not 'yes'"):
            build_model("luong_dot", 11, 13, **{name: "yes"})
    for name in ("dropout", "word_dropout"):
        for wrong in ("0.1", None, True):
            with pytest.raises(TypeError, match=f"{name} must be a probability.*not {wrong!r}"):
                build_model("gru", 11, 13, **{name: wrong})
    for sizes in ((3, 13), (11, 3)):
        with pytest.raises(ValueError, match="_vocab_size must be at least 4, for <pad>.*not 3"):
            build_model("gru", *sizes)
    model = build_model("luong_location", **SIZES, max_source_length=4)
    with pytest.raises(ValueError, match="up to 4 tokens, but this batch has 5"):
        model(random_source(), LENGTHS, TGT_IN)
