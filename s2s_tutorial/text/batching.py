"""From a corpus to minibatches."""

from __future__ import annotations

from collections.abc import Sequence

from s2s_tutorial.base.value_checks import check_count, check_flag, check_name
from s2s_tutorial.text.batches import Batches
from s2s_tutorial.text.frames import check_frames
from s2s_tutorial.text.pairs import Pair
from s2s_tutorial.text.token_checks import check_tokens
from s2s_tutorial.text.vocabulary import SPECIALS, Vocabulary

TARGETS = ("sentences", "tags", "labels")


def make_batches(
    corpus: Sequence[Pair],
    src_vocab: Vocabulary | None,
    tgt_vocab: Vocabulary,
    batch_size: int,
    shuffle: bool = False,
    bucket: bool = True,
    seed: int = 0,
    max_length: int | None = None,
    targets: str = "sentences",
    copy: bool = False,
) -> Batches:
    """Cut a corpus into minibatches.

    With ``bucket``, pairs of like length share a batch, which saves padding: pools of 50 batches
    are sorted by source, then target length. Without ``shuffle`` as well as ``bucket`` the pairs
    keep the order of the corpus. ``Batch.indices`` always says which pair is which.

    Args:
        corpus: the pairs.
        src_vocab: vocabulary of the source side; None where the sources are frames, such as those
            of ``spoken_digits``.
        tgt_vocab: vocabulary of the target side.
        batch_size: pairs in a batch; the last batch may have fewer.
        shuffle: whether each epoch has an order of its own.
        bucket: whether to batch by length.
        seed: seed of the order.
        max_length: leave out pairs with more tokens than that on either side, ``<bos>`` and
            ``<eos>`` not counted. Nothing is ever cut short.
        targets: ``"sentences"``, which a decoder writes and ends with ``<eos>``; ``"tags"``, one
            for each source token, as a :class:`Tagger` gives them; or ``"labels"``, one for the
            whole source, of a :class:`Classifier`. These two have no ``<eos>``, and ``<unk>`` is
            none of them.
        copy: give the source's unknown words ids of their own, ``len(vocab)`` and so on, on both
            sides (:meth:`Vocabulary.unknown`), so that a model that copies can read and write
            them. Both sides then have one vocabulary.

    Raises:
        TypeError: if a vocabulary, an option or a sentence is of the wrong kind.
        ValueError: if the corpus is empty or all of it is too long, a sentence is empty or its
            frames are damaged (the message names its row), an option is out of range, there are not
            as many tags as tokens or more labels than one, one of these is not in ``tgt_vocab``, or
            ``copy`` has two vocabularies.

    Example:
        >>> vocab = Vocabulary(["a"])
        >>> pairs = [(["a"] * n, ["a"] * n) for n in (1, 5, 1, 5)]
        >>> for bucket in (False, True):
        ...     batches = make_batches(pairs, vocab, vocab, batch_size=2, bucket=bucket)
        ...     print(round(batches.padding_fraction(), 2))  # 1 - 28 / 44, then none
        0.36
        0.0
    """
    batch_size = check_count("batch_size", batch_size)
    if max_length is not None:
        max_length = check_count("max_length", max_length)
    for name, vocab in (("src_vocab", src_vocab), ("tgt_vocab", tgt_vocab)):
        if not isinstance(vocab, Vocabulary) and (name, vocab) != ("src_vocab", None):
            raise TypeError(
                f"{name} must be a Vocabulary, not {type(vocab).__name__}; one of torchtext's can "
                "become one: Vocabulary.from_torchtext"
            )
    check_name("kind of targets", targets, TARGETS)
    if check_flag("copy", copy) and src_vocab != tgt_vocab:
        raise ValueError(
            "copy=True needs one vocabulary for both sides, since a word is copied by its id: "
            "Vocabulary.build([*src_sentences, *tgt_sentences])"
        )
    if len(corpus) == 0:
        raise ValueError("the corpus is empty: there is nothing to make batches of")
    encoded = []
    for row, pair in enumerate(corpus):
        for side, tokens in (("source", pair[0]), ("target", pair[1])):
            what = f"the {side} sentence of row {row}"
            if side == "source" and src_vocab is None:
                check_frames(tokens, what, like=encoded[0][1] if encoded else None)
            else:
                check_tokens(tokens, what)
            if len(tokens) == 0:
                raise ValueError(f"{what} is empty")
        if targets != "sentences":
            _check_labels(row, pair, tgt_vocab, targets)
        if max_length is None or max(len(pair[0]), len(pair[1])) <= max_length:
            own = src_vocab.unknown(pair[0]) if copy else ()
            src = (
                pair[0].astype("float32", copy=False)
                if src_vocab is None
                else src_vocab.encode(pair[0], own)
            )
            encoded.append((row, src, tgt_vocab.encode(pair[1], own)))
    if not encoded:
        shortest = min(max(len(pair[0]), len(pair[1])) for pair in corpus)
        raise ValueError(
            f"no pair has {max_length} tokens or fewer: the shortest has {shortest}; allow longer ones"
        )
    dropped, copies_over = len(corpus) - len(encoded), len(src_vocab) if copy else None
    return Batches(encoded, batch_size, shuffle, bucket, seed, dropped, targets, copies_over)


def _check_labels(row: int, pair: Pair, tgt_vocab: Vocabulary, targets: str) -> None:
    """Raise ValueError unless a pair has as many labels as it should, all of them known."""
    src, labels = pair[0], pair[1]
    if targets == "tags" and len(labels) != len(src):
        raise ValueError(
            f"row {row} has {len(src)} tokens but {len(labels)} tags; every token needs one tag"
        )
    if targets == "labels" and len(labels) != 1:
        raise ValueError(f"row {row} must have one label, but has {len(labels)}: {labels!r}")
    for label in labels:
        if label in SPECIALS or label not in tgt_vocab:
            known = ", ".join(tgt_vocab.tokens[len(SPECIALS) :])
            raise ValueError(
                f"row {row} has the label {label!r}, which is not in tgt_vocab; it has {known}"
            )
