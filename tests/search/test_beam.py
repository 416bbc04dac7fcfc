"""Beam search against its definition, exhaustive search and greedy decoding, whatever the batch."""

import math

import pytest
import torch
from decoding import (
    ONE,
    SRC_VOCAB,
    WORDS,
    Scripted,
    beam_by_definition,
    every_translation,
    forced,
    forced_log_prob,
    make_model,
)
from hypothesis import given, settings
from hypothesis import strategies as st
from oracles import LENGTHS, random_source

from s2s_tutorial.models.presets import list_presets
from s2s_tutorial.search.beam import beam_search
from s2s_tutorial.search.decoded import BeamDecoded, Decoded
from s2s_tutorial.search.greedy import greedy_decode
from s2s_tutorial.text.batch import pad
from s2s_tutorial.text.vocabulary import EOS_ID, PAD_ID, UNK_ID


@pytest.mark.parametrize("preset", ["gru", "bahdanau", "luong_general", "location_aware"])
@pytest.mark.parametrize("alpha", [0.0, 0.6, 1.7])
def test_a_beam_as_wide_as_the_tree_is_exhaustive_search(preset, alpha):
    model, src, longest = make_model(preset), random_source()[:1], 4
    all_found = every_translation(model, src, longest)
    assert len(all_found) == 1 + 4 + 16 + 64 + 256
    expected = sorted(
        # |Y| counts <eos>: an empty translation that ended is one term long
        (
            (lp / ((5 + len(ids) + ended) / 6) ** alpha, lp, ids)
            for (ids, ended), lp in all_found.items()
        ),
        reverse=True,
    )
    found = beam_search(model, src, LENGTHS[:1], longest, 341, alpha, n_best=341)
    assert found.ids[0] == [list(ids) for _, _, ids in expected]
    assert found.scores[0] == pytest.approx([score for score, _, _ in expected])
    assert found.log_probs[0] == pytest.approx([log_prob for _, log_prob, _ in expected])


@pytest.mark.parametrize("preset", list_presets())
@pytest.mark.parametrize("alpha", [0.0, 0.9])
def test_a_beam_of_one_is_greedy_decoding(preset, alpha):
    model, src = make_model(preset), random_source()
    for options in ({}, {"min_length": 2, "allow_unknown": False}):
        greedy = greedy_decode(model, src, LENGTHS, 9, **options)
        searched = beam_search(model, src, LENGTHS, 9, 1, alpha, **options)
        found = searched.best
        assert isinstance(found, Decoded) and found.ids == greedy.ids
        assert [found[0] for found in searched.log_probs] == pytest.approx(greedy.scores)
        if greedy.weights is not None:
            for ours, theirs in zip(found.weights, greedy.weights):
                torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("preset", list_presets())
def test_beam_search_is_its_definition(preset):
    model, src = make_model(preset, seed=2), random_source(2)
    found = beam_search(model, src, LENGTHS, 7, beam_size=3, n_best=3, min_length=1)
    for row, length in enumerate(LENGTHS.tolist()):
        sentence = src[row, :length]
        expected = beam_by_definition(model, sentence, 7, 3, 0.6, min_length=1)[:3]
        assert found.ids[row] == [ids for _, _, ids in expected]
        assert found.scores[row] == pytest.approx([score for score, _, _ in expected])
        assert found.log_probs[row] == pytest.approx([log_prob for _, log_prob, _ in expected])


WORDS_KNOWN = [token for token in WORDS if token != UNK_ID]
OPTIONS = {
    "max_length": st.integers(1, 6),
    "beam_size": st.integers(1, 6),
    "length_penalty": st.sampled_from([0.0, 0.6, 2.0]),
    "patience": st.sampled_from([1.0, 1.5, math.inf]),
    "seed": st.integers(0, 10**6),
}


@settings(max_examples=60)
@given(st.data(), st.fixed_dictionaries(OPTIONS))
def test_any_options_search_as_defined(data, options):
    """The definition never stops by the bound, so it also holds that the bound loses nothing."""
    model, src = make_model("bahdanau", options.pop("seed")), random_source()[:1]
    min_length = data.draw(st.integers(0, options["max_length"]))
    n_best = data.draw(st.integers(1, options["beam_size"]))
    words = data.draw(st.sampled_from([WORDS, WORDS_KNOWN]))
    found = beam_search(
        model,
        src,
        LENGTHS[:1],
        min_length=min_length,
        n_best=n_best,
        allow_unknown=words == WORDS,
        **options,
    )
    longest, beam_size, alpha = (options[k] for k in ("max_length", "beam_size", "length_penalty"))
    expected = beam_by_definition(
        model, src[0], longest, beam_size, alpha, min_length, options["patience"], words
    )[:n_best]
    assert found.ids[0] == [ids for _, _, ids in expected]
    assert found.scores[0] == pytest.approx([score for score, _, _ in expected])
    assert all(min_length <= len(ids) <= longest for ids in found.ids[0])


SENTENCES = st.lists(
    st.lists(st.integers(4, SRC_VOCAB - 1), min_size=1, max_size=7), min_size=1, max_size=4
)


@settings(max_examples=25)
@given(SENTENCES, st.integers(0, 4), st.sampled_from(["gru", "bahdanau", "luong_local_p"]))
def test_the_batch_around_a_sentence_and_its_padding_change_nothing(sentences, extra, preset):
    model = make_model(preset)
    src, lengths, _ = pad(sentences)
    wider = torch.nn.functional.pad(src, (0, extra), value=PAD_ID)
    together = beam_search(model, wider, lengths, 7, beam_size=3, n_best=2)
    for row, sentence in enumerate(sentences):
        one = torch.tensor([sentence]), torch.tensor([len(sentence)])
        alone = beam_search(model, *one, 7, beam_size=3, n_best=2)
        assert alone.ids[0] == together.ids[row]
        assert alone.scores[0] == pytest.approx(together.scores[row])
        if preset != "gru":
            for ours, theirs in zip(alone.weights[0], together.weights[row]):
                torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("preset", [p for p in list_presets() if p not in ("rnn", "gru", "lstm")])
def test_every_hypothesis_brings_its_own_weights(preset):
    model, src = make_model(preset), random_source()
    found = beam_search(model, src, LENGTHS, 7, beam_size=4, n_best=4)
    for row, length in enumerate(LENGTHS.tolist()):
        assert len(found.weights[row]) == 4
        for ids, weights in zip(found.ids[row], found.weights[row]):
            _, expected = forced(model, src[row, :length], ids)
            torch.testing.assert_close(weights, expected[: len(ids)])
            if preset != "luong_local_p":  # its Gaussian takes some away
                torch.testing.assert_close(weights.sum(1), torch.ones(len(ids)).double())


def test_scores_are_what_teacher_forcing_says():
    model, src = make_model(), random_source()
    found = beam_search(model, src, LENGTHS, 6, beam_size=4, length_penalty=0.8, n_best=4)
    ends = set()
    for row, length in enumerate(LENGTHS.tolist()):
        for ids, log_prob, score in zip(found.ids[row], found.log_probs[row], found.scores[row]):
            ended = len(ids) < 6
            ends.add(ended)
            assert log_prob == pytest.approx(forced_log_prob(model, src[row, :length], ids, ended))
            assert score == pytest.approx(log_prob / ((5 + len(ids) + ended) / 6) ** 0.8)
    assert ends == {True, False}


def test_the_tree_holds_every_hypothesis_and_the_model_s_own_probabilities():
    model, src = make_model(), random_source()[:1]
    found = beam_search(model, src, LENGTHS[:1], 6, beam_size=3, n_best=3, trace=True)
    (tree,) = found.trees
    paths = [[]]
    for node in tree[1:]:
        assert tree[node.parent].fate == "kept"
        paths.append([*paths[node.parent], node.token])
        log_probs, _ = forced(model, src[0], paths[node.parent])
        expected = tree[node.parent].log_prob + log_probs[-1, node.token].item()
        assert node.log_prob == pytest.approx(expected)
        assert node.fate != ("kept" if node.token == EOS_ID else "finished")
    assert len({tuple(path) for path in paths}) == len(paths)
    finished = [p for p, node in zip(paths, tree) if node.fate == "finished" or len(p) == 6]
    for ids in found.ids[0]:
        assert ids in finished or [*ids, EOS_ID] in finished
    for length in range(1, max(map(len, paths)) + 1):
        fates = [node.fate for p, node in zip(paths, tree) if len(p) == length]
        assert len(fates) == (5 if length == 1 else 6) and fates.count("kept") == 3


def test_attention_is_projected_once_and_sentences_leave_the_batch():
    model, src = make_model(seed=1), torch.arange(4, 11)[:, None].repeat(1, 3)
    rows, projected = [], []
    step, project_keys = model.decoder.step, model.decoder.project_keys

    def watched_step(token, state, encoded=None, keys=None):
        assert len(keys) == len(encoded.memory) == len(token)
        rows.append(len(token))
        return step(token, state, encoded, keys)

    model.decoder.step = watched_step
    model.decoder.project_keys = lambda encoded: projected.append(1) or project_keys(encoded)
    beam_search(model, src, torch.full((7,), 3), 9, beam_size=2)
    assert projected == [1]
    assert rows[:2] == [7, 14] and all(n % 2 == 0 for n in rows[1:])
    assert rows[1:] == sorted(rows[1:], reverse=True) and 0 < rows[-1] < 14


def test_with_too_few_words_for_the_beam_there_are_fewer_hypotheses():
    # <unk> or <eos>: "" and "<unk>" and, cut off, "<unk> <unk>"
    model = Scripted({(): {1: 0.6, EOS_ID: 0.4}, (1,): {1: 0.5, EOS_ID: 0.5}}, vocab_size=4)
    found = beam_search(model, *ONE, max_length=2, beam_size=7, length_penalty=0.0, n_best=5)
    assert sorted(found.ids[0]) == [[], [1], [1, 1]]
    assert found.ids[0][0] == [] and found.log_probs[0][0] == pytest.approx(math.log(0.4))
    longer = beam_search(model, *ONE, max_length=2, beam_size=7, n_best=5, min_length=2)
    assert longer.ids[0] == [[1, 1]]


def test_the_result_reads_as_lists_a_sentence():
    found = beam_search(make_model(), random_source(), LENGTHS, 5, n_best=2)
    assert isinstance(found, BeamDecoded) and found.trees is None
    for field in (found.ids, found.scores, found.weights, found.log_probs):
        assert len(field) == 3 and all(len(entry) == 2 for entry in field)
    assert found.best.ids == [entry[0] for entry in found.ids]
    assert found.best.scores == [entry[0] for entry in found.scores] != found.log_probs
    assert found.best.weights[2] is found.weights[2][0]


def test_mode_and_gradients():
    model = make_model().train()
    found = beam_search(model, random_source(), LENGTHS, 5)
    assert model.training and not found.best.weights[0].requires_grad


@pytest.mark.parametrize(
    "options, message",
    [
        (dict(beam_size=0), "beam_size must be at least 1, not 0"),
        (dict(n_best=6), "between 1 and beam_size, 5, but is 6"),
        (dict(n_best=0), "between 1 and beam_size, 5, but is 0"),
        (dict(length_penalty=1e9), "length_penalty=1000000000.0 is too large"),
        (dict(length_penalty=-0.1), "length_penalty must be 0"),
        (dict(length_penalty=math.nan), "length_penalty must be 0"),
        (dict(patience=0.5), "patience must be at least 1, not 0.5"),
        (dict(max_length=0), "max_length must be at least 1, not 0"),
        (dict(max_length=3, min_length=4), "between 0 and max_length, 3, but is 4"),
    ],
)
def test_bad_options_are_explained(options, message):
    with pytest.raises(ValueError, match=message):
        beam_search(make_model(), random_source(), LENGTHS, **options)


@pytest.mark.parametrize("name", ["beam_size", "n_best", "max_length", "min_length"])
@pytest.mark.parametrize("value", [2.0, "2", None])
def test_options_that_are_no_whole_numbers_are_explained(name, value):
    with pytest.raises(TypeError, match=f"{name} must be a whole number, not {value!r}"):
        beam_search(make_model(), random_source(), LENGTHS, **{name: value})


def test_options_that_are_no_numbers_are_explained():
    for name in ("length_penalty", "patience"):
        with pytest.raises(TypeError, match=f"{name} must be a number, not '1'"):
            beam_search(make_model(), random_source(), LENGTHS, **{name: "1"})


def test_bad_input_is_explained():
    with pytest.raises(IndexError, match="another vocabulary"):
        beam_search(make_model(), random_source(vocab=50), LENGTHS)
    with pytest.raises(ValueError, match="one length for each of the 3 sentences"):
        beam_search(make_model(), random_source(), LENGTHS[:2])


def test_a_model_of_nan_is_explained():
    model = make_model()
    model.decoder.output.weight.data[5, 2] = float("nan")
    with pytest.raises(FloatingPointError, match="probabilities are no numbers .NaN."):
        beam_search(model, random_source(), LENGTHS, 4)
