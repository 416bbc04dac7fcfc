"""Batches whose targets are tags or labels."""

import pytest

import s2s_tutorial as s2s

SRC_VOCAB = s2s.Vocabulary(["a", "b"])
TAGS = s2s.Vocabulary(["X", "Y"])
PAIRS = [s2s.Pair(("a", "b", "a"), ("X", "Y", "X")), s2s.Pair(("b",), ("Y",))]


def test_a_tag_stands_where_its_token_stands():
    (batch,) = s2s.make_batches(PAIRS, SRC_VOCAB, TAGS, 2, bucket=False, targets="tags")
    assert batch.tgt_out.tolist() == [[4, 5, 4], [5, 0, 0]]
    assert batch.tgt_in.tolist() == [[2, 4, 5], [2, 0, 0]]
    assert batch.tgt_mask.tolist() == batch.src_mask.tolist()


def test_sentences_are_as_they_were():
    (batch,) = s2s.make_batches(PAIRS, SRC_VOCAB, TAGS, 2, bucket=False)
    assert batch.tgt_out.tolist() == [[4, 5, 4, 3], [5, 3, 0, 0]]
    assert batch.tgt_in.tolist() == [[2, 4, 5, 4], [2, 5, 0, 0]]


def test_padding_is_counted_without_an_end():
    batches = s2s.make_batches(PAIRS, SRC_VOCAB, TAGS, 2, targets="tags")
    assert batches.padding_fraction() == pytest.approx(1 - 8 / 12)


def test_a_run_is_not_resumed_with_other_targets():
    pairs = [s2s.Pair(("a", "b"), ("X",))]
    kinds = ("sentences", "labels")
    said = [s2s.make_batches(pairs, SRC_VOCAB, TAGS, 1, targets=k).description() for k in kinds]
    assert "targets" not in said[0]  # as checkpoints of version 0.1 have it
    assert said[1] == said[0] | {"targets": "labels"}


@pytest.mark.parametrize(
    ("pair", "targets", "message"),
    [
        ((["a", "b"], ["X"]), "tags", "row 1 has 2 tokens but 1 tags; every token needs one tag"),
        ((["a", "b"], ["X", "Y"]), "labels", r"row 1 must have one label, but has 2: \['X', 'Y'\]"),
        (
            (["a"], ["Z"]),
            "labels",
            "row 1 has the label 'Z', which is not in tgt_vocab; it has X, Y",
        ),
        ((["a"], ["<unk>"]), "tags", "row 1 has the label '<unk>', which is not"),
        ((["a"], ["X"]), "tag", "no kind of targets 'tag' .did you mean 'tags'"),
    ],
)
def test_what_does_not_fit_is_said(pair, targets, message):
    with pytest.raises(ValueError, match=message):
        s2s.make_batches([(["b"], ["Y"]), pair], SRC_VOCAB, TAGS, 2, targets=targets)
