"""Batches: what is padded, shifted, masked, and in which order it comes."""

from __future__ import annotations

import random

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.pairs import Pair, ParallelCorpus
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID, PAD_ID, UNK_ID, Vocabulary

LETTERS = "abcdefg"
VOCAB = Vocabulary(list("abcde"))  # f and g are unknown
sentence = st.lists(st.sampled_from(LETTERS), min_size=1, max_size=9).map(tuple)
corpora = st.lists(st.builds(Pair, sentence, sentence), min_size=1, max_size=30)
sizes = st.integers(min_value=1, max_value=8)


def ragged(pairs: int = 400, seed: int = 0) -> ParallelCorpus:
    """Pairs of very different lengths."""
    rng = random.Random(seed)
    src = [["a"] * rng.randint(1, 30) for _ in range(pairs)]
    return ParallelCorpus.from_pairs(src, [["b"] * len(s) for s in src])


def rows(batches, epoch: int = 0) -> list[list[int]]:
    return [batch.indices.tolist() for batch in batches.epoch(epoch)]


def test_a_text_cannot_end_or_pad_its_sentence():
    corpus = ParallelCorpus.from_pairs([["a", "<pad>"]], [["<bos>", "c", "<eos>", "d"]])
    (batch,) = make_batches(corpus, VOCAB, VOCAB, 1)
    assert batch.src.tolist() == [[4, UNK_ID]]
    assert batch.tgt_in.tolist() == [[BOS_ID, UNK_ID, 6, UNK_ID, 7]]
    assert batch.tgt_out.tolist() == [[UNK_ID, 6, UNK_ID, 7, EOS_ID]]


def test_one_batch_by_hand():
    corpus = ParallelCorpus.from_pairs([["a"], ["b", "f"]], [["c", "d"], ["e"]])
    (batch,) = make_batches(corpus, VOCAB, VOCAB, 2, bucket=False)
    assert batch.src.tolist() == [[4, 0], [5, 1]]  # no <bos>, no <eos>; f is unknown
    assert batch.src_lengths.tolist() == [1, 2]
    assert batch.src_mask.tolist() == [[True, False], [True, True]]
    assert batch.tgt_in.tolist() == [[BOS_ID, 6, 7], [BOS_ID, 8, PAD_ID]]
    assert batch.tgt_out.tolist() == [[6, 7, EOS_ID], [8, EOS_ID, PAD_ID]]
    assert batch.tgt_mask.tolist() == [[True, True, True], [True, True, False]]
    assert batch.indices.tolist() == [0, 1]
    assert len(batch) == 2


@pytest.mark.slow
@settings(max_examples=60)
@given(corpora, sizes, st.booleans(), st.booleans(), st.integers(0, 3))
def test_every_pair_comes_once_and_whole(corpus, batch_size, shuffle, bucket, epoch):
    batches = make_batches(corpus, VOCAB, VOCAB, batch_size, shuffle=shuffle, bucket=bucket)
    seen = []
    for batch in (batch_list := list(batches.epoch(epoch))):
        assert 1 <= len(batch) <= batch_size
        assert batch.src.shape == batch.src_mask.shape
        assert batch.tgt_in.shape == batch.tgt_out.shape == batch.tgt_mask.shape
        for b, index in enumerate(batch.indices.tolist()):
            pair = corpus[index]
            tgt_in, tgt_out = batch.tgt_in[b], batch.tgt_out[b]
            length = batch.tgt_mask[b].sum()
            assert batch.src[b][batch.src_mask[b]].tolist() == VOCAB.encode(pair.src)
            assert batch.src_lengths[b] == len(pair.src)
            assert tgt_in[:length].tolist() == [BOS_ID, *VOCAB.encode(pair.tgt)]
            assert tgt_out[:length].tolist() == [*VOCAB.encode(pair.tgt), EOS_ID]
            assert tgt_in[1:length].equal(tgt_out[: length - 1])  # one is the other, shifted
            assert (tgt_in[length:] == PAD_ID).all()
            assert (tgt_out[length:] == PAD_ID).all()
        seen += batch.indices.tolist()
    assert sorted(seen) == list(range(len(corpus)))
    assert len(batch_list) == len(batches) == -(-len(corpus) // batch_size)


class TestOrder:
    def test_it_keeps_the_corpus_order_when_asked(self):
        batches = make_batches(ragged(10), VOCAB, VOCAB, 4, bucket=False)
        assert rows(batches) == [[0, 1, 2, 3], [4, 5, 6, 7], [8, 9]]
        assert rows(batches, 3) == rows(batches)

    def test_iterating_is_epoch_0_every_time(self):
        batches = make_batches(ragged(), VOCAB, VOCAB, 16, shuffle=True)
        first = [batch.indices.tolist() for batch in batches]
        assert first == [batch.indices.tolist() for batch in batches] == rows(batches, 0)

    def test_it_depends_on_seed_and_epoch_only(self):
        def make(seed):
            return make_batches(ragged(), VOCAB, VOCAB, 16, shuffle=True, seed=seed)

        reference = rows(make(3), 5)
        random.seed(99)
        torch.manual_seed(99)
        again = make(3)
        for _ in again.epoch(0):  # what was read before must not matter
            pass
        assert rows(again, 5) == reference
        assert rows(again, 6) != reference
        assert rows(make(4), 5) != reference

    def test_it_leaves_the_global_generators_alone(self):
        random.seed(1)
        torch.manual_seed(1)
        states = random.getstate(), torch.get_rng_state()
        list(make_batches(ragged(), VOCAB, VOCAB, 16, shuffle=True))
        assert random.getstate() == states[0]
        assert torch.get_rng_state().equal(states[1])

    def test_shuffled_batches_are_not_in_order_of_length(self):
        batches = make_batches(ragged(), VOCAB, VOCAB, 16, shuffle=True)
        longest = [batch.src.shape[1] for batch in batches]
        assert longest != sorted(longest)


class TestBuckets:
    @pytest.mark.parametrize("shuffle", [False, True])
    def test_they_save_padding(self, shuffle):
        plain = make_batches(ragged(), VOCAB, VOCAB, 16, shuffle=shuffle, bucket=False)
        bucketed = make_batches(ragged(), VOCAB, VOCAB, 16, shuffle=shuffle)
        assert plain.padding_fraction() > 0.3
        assert bucketed.padding_fraction() < 0.1

    @pytest.mark.parametrize("bucket", [False, True])
    def test_the_fraction_is_what_the_masks_say(self, bucket):
        batches = make_batches(ragged(50), VOCAB, VOCAB, 8, shuffle=True, bucket=bucket)
        masks = [mask for b in batches.epoch(2) for mask in (b.src_mask, b.tgt_mask)]
        padding = sum((~mask).sum().item() for mask in masks)
        expected = padding / sum(mask.numel() for mask in masks)
        assert batches.padding_fraction(2) == pytest.approx(expected)

    def test_pools_differ_from_epoch_to_epoch(self):
        corpus = ragged(2_000)
        batches = make_batches(corpus, VOCAB, VOCAB, 4, shuffle=True)
        together = [{frozenset(batch) for batch in rows(batches, epoch)} for epoch in (0, 1)]
        assert not together[0] & together[1]


class TestMaxLength:
    def test_longer_pairs_are_left_out_whole(self):
        corpus = ParallelCorpus.from_pairs([["a"] * 3, ["a"], ["a"]], [["b"], ["b"] * 3, ["b"] * 2])
        batches = make_batches(corpus, VOCAB, VOCAB, 8, max_length=2)
        (batch,) = batches
        assert batch.indices.tolist() == [2]
        assert batch.tgt_out.tolist() == [[5, 5, EOS_ID]]
        assert batches.dropped == 2
        assert make_batches(corpus, VOCAB, VOCAB, 8, max_length=3).dropped == 0

    def test_nothing_left(self):
        with pytest.raises(ValueError, match="no pair has 1 tokens or fewer: the shortest has 2"):
            corpus = ParallelCorpus.from_pairs([["a", "a"]], [["b"]])
            make_batches(corpus, VOCAB, VOCAB, 8, max_length=1)


class TestBadInput:
    def test_an_empty_corpus(self):
        with pytest.raises(ValueError, match="the corpus is empty"):
            make_batches(ragged(5)[5:], VOCAB, VOCAB, 4)

    @pytest.mark.parametrize(("pair", "side"), [((("a",), ()), "target"), (((), ("a",)), "source")])
    def test_an_empty_sentence(self, pair, side):
        with pytest.raises(ValueError, match=f"the {side} sentence of row 1 is empty"):
            make_batches([Pair(("a",), ("b",)), Pair(*pair)], VOCAB, VOCAB, 4)

    def test_a_sentence_that_is_a_string(self):
        with pytest.raises(TypeError, match="source sentence of row 0 must be a list of tokens"):
            make_batches([Pair("abc", ("b",))], VOCAB, VOCAB, 4)

    @pytest.mark.parametrize(
        ("options", "error", "message"),
        [
            ({"batch_size": 0}, ValueError, "batch_size must be at least 1, not 0"),
            ({"batch_size": 2.0}, TypeError, "batch_size must be a whole number, not 2.0"),
            ({"max_length": 0}, ValueError, "max_length must be at least 1, not 0"),
            ({"max_length": "9"}, TypeError, "max_length must be a whole number"),
        ],
    )
    def test_options(self, options, error, message):
        with pytest.raises(error, match=message):
            make_batches(ragged(5), VOCAB, VOCAB, **{"batch_size": 2, **options})

    def test_a_negative_epoch(self):
        with pytest.raises(ValueError, match="epochs count from 0, but epoch is -1"):
            make_batches(ragged(5), VOCAB, VOCAB, 2).epoch(-1)


def test_only_a_vocabulary_will_do():
    for name, vocabularies in (("src_vocab", ({"a": 4}, VOCAB)), ("tgt_vocab", (VOCAB, None))):
        with pytest.raises(TypeError, match=f"{name} must be a Vocabulary, not .*from_torchtext"):
            make_batches([Pair(("a",), ("b",))], *vocabularies, batch_size=1)


def test_ids_are_checked_against_the_vocabularies_of_a_model():
    batches = make_batches([Pair(("a", "d"), ("b",)), Pair(("c",), ("e",))], VOCAB, VOCAB, 1)
    batches.check_ids(8, 9)
    batches.check_ids(8)
    with pytest.raises(IndexError, match="source side .* holds the id 7, .* ids 0 to 6"):
        batches.check_ids(7, 9)
    with pytest.raises(IndexError, match="target side .* holds the id 8, .* ids 0 to 7"):
        batches.check_ids(8, 8)


COPIED = [
    Pair(("my", "name", "Ada"), ("Ada", "my", "Bob")),
    Pair(("Bob", "Ada", "Bob"), ("name", "Bob", "Ada")),
]


def test_with_copy_a_sentence_s_unknown_words_have_ids_of_their_own():
    vocab = Vocabulary(["my", "name"])
    (batch,) = make_batches(COPIED, vocab, vocab, 2, bucket=False, copy=True)
    assert batch.src.tolist() == [[4, 5, 6], [6, 7, 6]]
    assert batch.tgt_out.tolist() == [[6, 4, 1, 3], [5, 6, 7, 3]]  # Bob is not in the first source
    assert batch.tgt_in.tolist() == [[2, 6, 4, 1], [2, 5, 6, 7]]
    (plain,) = make_batches(COPIED, vocab, vocab, 2, bucket=False)
    assert plain.src.tolist() == [[4, 5, 1], [1, 1, 1]]
    both = [make_batches(COPIED, vocab, vocab, 2, copy=copy) for copy in (True, False)]
    assert both[0].description() != both[1].description()


def test_copies_are_for_models_that_copy_over_the_same_vocabulary():
    vocab = Vocabulary(["my", "name"])
    batches = make_batches(COPIED, vocab, vocab, 2, copy=True)
    batches.check_ids(6, 6, copies=True)
    with pytest.raises(ValueError, match="made with copy=True, for a model that copies"):
        batches.check_ids(6, 6)
    with pytest.raises(ValueError, match="a vocabulary of 6 tokens, but the model has 5"):
        batches.check_ids(5, 5, copies=True)
    with pytest.raises(ValueError, match="copy=True needs one vocabulary for both sides"):
        make_batches(COPIED, vocab, Vocabulary(["my"]), 2, copy=True)
    with pytest.raises(TypeError, match="copy must be True or False, not 1"):
        make_batches(COPIED, vocab, vocab, 2, copy=1)
