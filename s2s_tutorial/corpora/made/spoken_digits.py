"""``spoken_digits``: strings of digits, spoken by espeak-ng in ten voices, and their phonemes."""

from __future__ import annotations

import csv
import io
import lzma
from collections.abc import Sequence
from functools import cache
from itertools import accumulate
from math import ceil

from s2s_tutorial.base.resources import resource_path
from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.corpora.made.making import seeded_draw
from s2s_tutorial.text.pairs import Pair, ParallelCorpus

SAMPLE_RATE, HOP = 22_050, 276  # samples a second, as espeak-ng gives them; from frame to frame
FRAME_MS = 1000 * HOP / SAMPLE_RATE
LOWEST_DB, STEP_DB = -60, 3  # a frame's numbers are stored as whole steps above the lowest


def make_spoken_digits(
    split: str,
    *,
    size: int | None = None,
    seed: int = 0,
    joined: int = 1,
    repeated: int = 1,
) -> ParallelCorpus:
    """Spoken strings of one to six digits and the phonemes that were said, with their times.

    The source of a pair is no list of tokens but an array of frames, ``(frames, 24)`` float32: how
    loud 24 mel bands are, every 12.5 milliseconds, in units of 20 decibels around -20. The target
    are phonemes in the International Phonetic Alphabet. The alignment says which frames each
    phoneme takes, as links ``(frame, phoneme)``; silence is in no link. ``texts`` has of each pair
    who speaks how fast, ``"en-us+f3 170"``, and the digits.

    The utterances ship in ``data/spoken_digits``: nothing is synthesised here. No string of digits
    is in two splits. As Chorowski et al. (2015, section 5.2) made utterances longer than any of
    training, some can be put one behind the other:

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default all there are, 2400, 300 and 300 over ``joined``.
        seed: seed of their order.
        joined: how many different utterances in a row make one.
        repeated: how often the result is said again behind itself.

    Returns:
        Pairs with gold alignments.

    Raises:
        TypeError: if an option is not a whole number.
        ValueError: if an option is below 1, or there are not so many utterances.
    """
    wanted, rng = seeded_draw("spoken_digits", split, size, seed)
    joined = check_whole("joined", joined, at_least=1)
    repeated = check_whole("repeated", repeated, at_least=1)
    utterances, texts = _utterances(split)
    there = len(utterances) // joined
    if (size is not None and wanted > there) or not there:
        raise ValueError(
            f"the split {split!r} has {len(utterances)} utterances, which makes {there} of {joined} "
            f"each, not {wanted}"
        )
    order = rng.sample(range(len(utterances)), len(utterances))
    groups = [order[k * joined : (k + 1) * joined] for k in range(there if size is None else size)]
    pairs = (join([utterances[row] for row in group] * repeated) for group in groups)
    said = [
        tuple(" ".join(parts) for parts in zip(*[texts[row] for row in group] * repeated))
        for group in groups
    ]
    return ParallelCorpus(pairs, "spoken_digits", split, said)


def join(pairs: Sequence[Pair]) -> Pair:
    """One utterance behind the other: frames, phonemes and links.

    >>> import numpy as np
    >>> one = Pair(np.zeros((2, 24)), ("n", "aɪ"), frozenset({(0, 0), (1, 1)}))
    >>> sorted(join([one, one]).alignment)
    [(0, 0), (1, 1), (2, 2), (3, 3)]

    Args:
        pairs: utterances with frames and alignments, at least one.
    """
    if len(pairs) == 1:
        return pairs[0]
    import numpy as np  # not above: whoever asks for the list of corpora need not wait for it

    frames = list(accumulate((len(pair.src) for pair in pairs), initial=0))
    phonemes = list(accumulate((len(pair.tgt) for pair in pairs), initial=0))
    links = (
        (j + at_frame, i + at_phoneme)
        for pair, at_frame, at_phoneme in zip(pairs, frames, phonemes)
        for j, i in pair.alignment
    )
    src = np.concatenate([pair.src for pair in pairs])
    return Pair(src, tuple(name for pair in pairs for name in pair.tgt), frozenset(links))


@cache
def _utterances(split: str) -> tuple[list[Pair], list[tuple[str, str]]]:
    """What ships of one split, in the file's order; the frames cannot be written to."""
    import numpy as np

    table = resource_path("data/spoken_digits/utterances.tsv").read_text(encoding="utf-8")
    rows = list(csv.DictReader(io.StringIO(table), delimiter="\t"))
    packed = resource_path("data/spoken_digits/frames.npy.xz").read_bytes()
    levels = np.load(io.BytesIO(lzma.decompress(packed)))
    loudness = ((levels * np.float32(STEP_DB) + LOWEST_DB + 20) / 20).astype(np.float32)
    loudness.flags.writeable = False
    ends = accumulate(int(row["frames"]) for row in rows)
    pairs, texts = [], []
    for row, end in zip(rows, ends):
        if row["split"] == split:
            src = loudness[end - int(row["frames"]) : end]
            spans = [tuple(map(int, span.split("-"))) for span in row["times"].split()]
            pairs.append(Pair(src, tuple(row["phonemes"].split()), _links(spans, len(src))))
            texts.append((f"{row['voice']} {row['rate']}", row["words"]))
    return pairs, texts


def _links(spans: Sequence[tuple[int, int]], frames: int) -> frozenset[tuple[int, int]]:
    """Frame and phoneme, where the middle of the frame lies between the phoneme's start and end."""
    first_of = [[ceil(ms / FRAME_MS) for ms in span] for span in spans]
    return frozenset(
        (j, i) for i, (begin, end) in enumerate(first_of) for j in range(begin, min(end, frames))
    )
