import pytest
import torch
from decoding import SRC_VOCAB, TGT_VOCAB, make_model

from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.search.beam import beam_search
from s2s_tutorial.search.corpus import decode_corpus, search_batch
from s2s_tutorial.search.greedy import greedy_decode
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import Vocabulary

CORPUS = load_corpus("reverse", "valid", size=23, symbols=7, max_length=6)
VOCAB = Vocabulary.build(CORPUS.src_sentences)


def shuffled_batches(batch_size=4, **options):
    return make_batches(CORPUS, VOCAB, VOCAB, batch_size, shuffle=True, seed=1, **options)


def one_by_one(decode, model):
    """(ids, score, weights) of every pair of the corpus, each alone."""
    for pair in CORPUS:
        found = decode(model, torch.tensor([VOCAB.encode(pair.src)]), torch.tensor([len(pair.src)]))
        yield found.ids[0], found.scores[0], None if found.weights is None else found.weights[0]


def assert_same(decoded, expected):
    expected = list(expected)
    assert len(decoded.ids) == len(expected) == 23
    for row, (ids, score, weights) in enumerate(expected):
        assert decoded.ids[row] == ids
        assert decoded.scores[row] == pytest.approx(score)
        if weights is None:
            assert decoded.weights is None
        else:
            torch.testing.assert_close(decoded.weights[row], weights)


@pytest.mark.parametrize("preset", ["gru", "bahdanau"])
@pytest.mark.parametrize("batch_size", [4, 23])
def test_a_whole_corpus_comes_back_in_its_own_order(preset, batch_size):
    assert len(VOCAB) == SRC_VOCAB
    model, batches = make_model(preset), shuffled_batches(batch_size)
    assert [i for b in batches for i in b.indices.tolist()] != list(range(23))

    def greedy(*sentence):
        return greedy_decode(*sentence, max_length=9, min_length=2, allow_unknown=False)

    decoded = decode_corpus(model, batches, max_length=9, min_length=2, allow_unknown=False)
    assert_same(decoded, one_by_one(greedy, model))


@pytest.mark.parametrize("preset", ["gru", "bahdanau"])
def test_beam_search_over_a_corpus_gives_the_best_of_each(preset):
    options = dict(max_length=9, beam_size=3, length_penalty=1.2, min_length=2, patience=2.0)
    options |= {"allow_unknown": False}
    model = make_model(preset)

    def beam(*sentence):
        return beam_search(*sentence, **options).best

    decoded = decode_corpus(model, shuffled_batches(), **options)
    assert_same(decoded, one_by_one(beam, model))
    assert decoded.ids != decode_corpus(model, shuffled_batches(), 9, min_length=2).ids


def test_pairs_that_were_left_out_are_an_error():
    with pytest.raises(ValueError, match="leave out .* long pairs"):
        decode_corpus(make_model(), shuffled_batches(max_length=3))


def test_what_is_no_batches_of_the_models_own_vocabulary_is_explained():
    with pytest.raises(TypeError, match="what make_batches gives, not ParallelCorpus"):
        decode_corpus(make_model(), CORPUS)
    larger = Vocabulary([*VOCAB.tokens[4:], "later"])
    with pytest.raises(IndexError, match="source side of these batches holds the id 11"):
        decode_corpus(make_model(), make_batches([(["later"], ["a"])], larger, larger, 1))


@pytest.mark.parametrize("beam_size", [0, -1])
def test_a_beam_of_none_is_an_error(beam_size):
    with pytest.raises(ValueError, match="beam_size must be at least 1"):
        decode_corpus(make_model(), shuffled_batches(), beam_size=beam_size)


def test_nothing_outside_the_target_vocabulary_is_written():
    ids = decode_corpus(make_model(), shuffled_batches(), max_length=9).ids
    assert {token for row in ids for token in row} <= {1, *range(4, TGT_VOCAB)}


@pytest.mark.parametrize("beam_size", [1, 3])
@pytest.mark.parametrize(
    ("option", "message"),
    [
        ({"n_best": 4}, "n_best must lie between 1 and beam_size"),
        ({"length_penalty": -4.0}, "length_penalty must be 0 .* or more"),
        ({"max_length": 0}, "max_length must be at least 1"),
        ({"min_length": 8, "max_length": 7}, "min_length must lie between 0 and max_length, 7"),
        ({"patience": 0.5}, "patience must be at least 1"),
    ],
)
def test_options_are_looked_at_also_where_greedy_decoding_has_no_use_for_them(
    beam_size, option, message
):
    model, given = make_model("gru"), {"beam_size": beam_size, **option}
    sentence = torch.tensor([[4, 5]]), torch.tensor([2])
    if "patience" not in option:
        with pytest.raises(ValueError, match=message):
            search_batch(model, *sentence, **given)
    if "n_best" not in option:
        with pytest.raises(ValueError, match=message):
            decode_corpus(model, shuffled_batches(), **given)
