"""How long a translation may become, and which texts are translated together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.search.checks import check_output_lengths

_STEP = 100
_SOURCE = 500  # longer sources raise the limit no further: a model that never ends must end
_TOKENS = 250  # source tokens a text of a batch, above which a batch has fewer texts


def roomy_length(longest_target: int = 0, source_length: int = 0) -> int:
    """A limit that no sensible translation comes near, in whole hundreds.

    Twice the longest target that the model has seen, or twice the source (of which 500 tokens
    count), whichever is more.

    >>> roomy_length(), roomy_length(longest_target=151), roomy_length(151, source_length=200)
    (100, 400, 400)

    Args:
        longest_target: tokens of the longest target of the training set, if it is known.
        source_length: tokens of the source.
    """
    needed = max(1, 2 * longest_target, 2 * min(source_length, _SOURCE))
    return _STEP * -(-needed // _STEP)


def length_limits(
    source_lengths: Sequence[int],
    longest_target: int = 0,
    max_length: int | None = None,
    min_length: int = 0,
) -> list[int]:
    """The most tokens of each translation: what is asked for, or :func:`roomy_length`.

    >>> length_limits([3, 70]), length_limits([3, 70], max_length=9), length_limits([3], 80)
    ([100, 200], [9, 9], [200])

    Args:
        source_lengths: of each text the number of its tokens.
        longest_target: as for :func:`roomy_length`.
        max_length: the limit that is asked for.
        min_length: the fewest tokens of a translation; a roomy limit is not below it.

    Raises:
        TypeError: if an option is not a whole number.
        ValueError: if one is out of range.
    """
    if max_length is not None:
        check_output_lengths(min_length, max_length)
        return [max_length] * len(source_lengths)
    check_whole("min_length", min_length, at_least=0)
    return [max(roomy_length(longest_target, n), min_length) for n in source_lengths]


def batches_of_texts(
    lengths: Sequence[int], limits: Sequence[int], batch_size: int
) -> Iterator[tuple[int, list[int]]]:
    """The texts that are translated together: those with one limit, the shortest first.

    Very long texts stand in smaller batches, so that one of them does not make all the others as
    wide as itself.

    >>> list(batches_of_texts([5, 0, 99, 4], [100, 100, 200, 100], batch_size=2))
    [(100, [3, 0]), (200, [2])]

    Args:
        lengths: of each text the number of its tokens; empty ones are left out.
        limits: of each text the most tokens of its translation.
        batch_size: the most texts in a batch.

    Yields:
        The limit, and the places of the texts.
    """
    order = sorted((k for k in range(len(lengths)) if lengths[k]), key=lambda k: lengths[k])
    for limit, group in groupby(sorted(order, key=lambda k: limits[k]), key=lambda k: limits[k]):
        rows: list[int] = []
        for k in group:
            too_wide = (len(rows) + 1) * lengths[k] > batch_size * _TOKENS
            if rows and (len(rows) == batch_size or too_wide):
                yield limit, rows
                rows = []
            rows.append(k)
        yield limit, rows
