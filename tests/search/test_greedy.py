import pytest
import torch
from decoding import (
    SRC_VOCAB,
    TGT_VOCAB,
    forced,
    greedy_by_definition,
    make_model,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import LENGTHS, random_source

from s2s_tutorial.models.presets import list_presets
from s2s_tutorial.models.seq2seq import inference
from s2s_tutorial.search.decoded import Decoded, gather_weights
from s2s_tutorial.search.greedy import greedy_decode, token_log_probabilities
from s2s_tutorial.text.batch import pad
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID, PAD_ID, UNK_ID

SENTENCES = st.lists(
    st.lists(st.integers(4, SRC_VOCAB - 1), min_size=1, max_size=7), min_size=1, max_size=5
)


@pytest.mark.parametrize("preset", list_presets())
@pytest.mark.parametrize("seed", range(3))
def test_greedy_is_its_definition(preset, seed):
    model, src = make_model(preset, seed), random_source(seed)
    decoded = greedy_decode(model, src, LENGTHS, max_length=9, min_length=seed)
    for row, length in enumerate(LENGTHS.tolist()):
        ids, score = greedy_by_definition(model, src[row, :length], 9, min_length=seed)
        assert decoded.ids[row] == ids
        assert decoded.scores[row] == pytest.approx(score, abs=1e-9)
        if decoded.weights is not None:
            _, weights = forced(model, src[row, :length], ids)
            torch.testing.assert_close(decoded.weights[row], weights[: len(ids)])


def test_the_definition_was_tried_on_sentences_that_end_and_that_do_not():
    lengths = [
        len(ids)
        for seed in range(3)
        for ids in greedy_decode(make_model("gru", seed), random_source(seed), LENGTHS, 9).ids
    ]
    assert max(lengths) == 9 and min(lengths) < 9


def test_only_a_model_with_attention_has_weights():
    assert greedy_decode(make_model("lstm"), random_source(), LENGTHS, 9).weights is None
    assert len(greedy_decode(make_model("luong_dot"), random_source(), LENGTHS, 9).weights) == 3


@settings(max_examples=30)
@given(SENTENCES, st.integers(0, 4), st.sampled_from(["gru", "bahdanau", "luong_local_p"]))
def test_the_batch_around_a_sentence_and_its_padding_change_nothing(sentences, extra, preset):
    model = make_model(preset)
    src, lengths, _ = pad(sentences)
    wider = torch.nn.functional.pad(src, (0, extra), value=PAD_ID)
    together = greedy_decode(model, wider, lengths, max_length=9)
    for row, sentence in enumerate(sentences):
        alone = greedy_decode(model, torch.tensor([sentence]), torch.tensor([len(sentence)]), 9)
        assert alone.ids[0] == together.ids[row]
        assert alone.scores[0] == pytest.approx(together.scores[row])
        if preset != "gru":
            torch.testing.assert_close(alone.weights[0], together.weights[row])


def test_a_batch_shrinks_to_what_is_still_written():
    model = make_model("bahdanau", seed=1)
    rows, keys_seen = [], []
    step, project_keys, projected = model.decoder.step, model.decoder.project_keys, []

    def watched_step(token, state, encoded=None, keys=None):
        rows.append(len(token))
        keys_seen.append(keys)
        return step(token, state, encoded, keys)

    model.decoder.step = watched_step
    model.decoder.project_keys = lambda encoded: projected.append(1) or project_keys(encoded)
    src = torch.arange(4, 11)[:, None].repeat(1, 3)
    lengths = [len(ids) for ids in greedy_decode(model, src, torch.full((7,), 3), 9).ids]
    assert len(set(lengths)) > 1
    assert rows == [sum(n >= i for n in lengths) for i in range(min(9, max(lengths) + 1))]
    assert projected == [1] and all(len(keys) == n for keys, n in zip(keys_seen, rows))


def test_inference_evaluates_without_gradients_and_ends_even_by_an_error():
    model = make_model()
    with pytest.raises(ZeroDivisionError), inference(model):
        assert not model.training and not torch.is_grad_enabled()
        raise ZeroDivisionError
    assert model.training and torch.is_grad_enabled()


def test_nothing_is_dropped_while_decoding():
    model = make_model("gru")
    model.encoder.dropout.p = model.decoder.dropout.p = 0.5
    while_training = greedy_decode(model.train(), random_source(), LENGTHS, 9)
    assert while_training == greedy_decode(model.eval(), random_source(), LENGTHS, 9)


def test_pad_and_bos_are_never_written_and_eos_where_it_may_be():
    logits = torch.tensor([[9.0, 0.0, 8.0, 1.0, 2.0]])
    log_probs = token_log_probabilities(logits)
    assert log_probs[0, PAD_ID] == log_probs[0, BOS_ID] == float("-inf")
    torch.testing.assert_close(log_probs[0, 3:], logits.log_softmax(-1)[0, 3:])
    assert token_log_probabilities(logits, may_end=False)[0, EOS_ID] == float("-inf")
    assert token_log_probabilities(logits, allow_unknown=False)[0, UNK_ID] == float("-inf")
    assert token_log_probabilities(logits)[0, UNK_ID] > float("-inf")
    assert token_log_probabilities(logits.half()).dtype == torch.float32
    assert logits[0, 0] == 9.0  # the model's own numbers are left alone


def test_no_gradient_is_kept():
    model = make_model()
    decoded = greedy_decode(model, random_source(), LENGTHS, 3)
    assert isinstance(decoded, Decoded)
    assert not any(weights.requires_grad for weights in decoded.weights)


def test_a_sentence_without_tokens_has_weights_without_rows():
    looks = [torch.rand(2, 5), torch.rand(1, 5)]
    assert gather_weights(looks, [], 3).shape == (0, 3)
    expected = torch.stack([looks[0][1, :3], looks[1][0, :3]])
    torch.testing.assert_close(gather_weights(looks, [1, 0], 3), expected)


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_scores_are_summed_in_float32_or_wider(dtype):
    model = make_model().to(dtype)
    decoded = greedy_decode(model, random_source(), LENGTHS, 5, min_length=5)
    assert all(weights.dtype == dtype for weights in decoded.weights)
    reference = make_model()  # the same parameters but for rounding
    for row, length in enumerate(LENGTHS.tolist()):
        log_probs, _ = forced(reference, random_source()[row, :length], decoded.ids[row])
        expected = sum(log_probs[i, token].item() for i, token in enumerate(decoded.ids[row]))
        tolerance = 1e-4 if dtype == torch.float32 else 0.5
        assert decoded.scores[row] == pytest.approx(expected, abs=tolerance)


def test_bad_input_is_explained():
    model, src = make_model(), random_source()
    with pytest.raises(ValueError, match="max_length must be at least 1"):
        greedy_decode(model, src, LENGTHS, max_length=0)
    with pytest.raises(ValueError, match="between 0 and max_length, 4, but is 5"):
        greedy_decode(model, src, LENGTHS, max_length=4, min_length=5)
    with pytest.raises(TypeError, match="max_length must be a whole number, not None"):
        greedy_decode(model, src, LENGTHS, max_length=None)
    with pytest.raises(TypeError, match="min_length must be a whole number, not 1.5"):
        greedy_decode(model, src, LENGTHS, max_length=4, min_length=1.5)
    with pytest.raises(TypeError, match="model must be .*build_model makes, not None"):
        greedy_decode(None, src, LENGTHS)
    with pytest.raises(IndexError, match="another vocabulary"):
        greedy_decode(model, random_source(vocab=50), LENGTHS)
    assert TGT_VOCAB > max(map(max, greedy_decode(model, src, LENGTHS, 4, 4).ids))


def test_a_model_of_nan_is_explained():
    model = make_model()
    model.decoder.output.weight.data[5, 2] = float("nan")
    with pytest.raises(FloatingPointError, match="probabilities are no numbers .NaN."):
        greedy_decode(model, random_source(), LENGTHS, 4)
