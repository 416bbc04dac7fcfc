"""Attention weights as text, for a terminal."""

from __future__ import annotations

from collections.abc import Sequence
from unicodedata import category, east_asian_width

_SHADES = ((0.05, "·"), (0.2, "░"), (0.4, "▒"), (0.7, "▓"), (2.0, "█"))  # up to each bound


def heatmap(
    weights: Sequence[Sequence[float]],
    src_tokens: Sequence[str],
    tgt_tokens: Sequence[str],
    width: int = 80,
    numbers: bool = False,
) -> str:
    """A row a target token, a column a source token, the darker the larger the weight.

    >>> print(heatmap([[0.9, 0.1], [0.0, 1.0]], ["Stai", "attento"], ["Be", "careful"]))
                Stai  attento
             Be ████  ░░░░
        careful ····  ████
    <BLANKLINE>
    weights: · up to 5 %, ░ to 20 %, ▒ to 40 %, ▓ to 70 %, █ above

    Args:
        weights: ``(tgt_len, src_len)``.
        src_tokens: the source tokens.
        tgt_tokens: the target tokens.
        width: columns of the terminal; where the source needs more, it goes on below.
        numbers: write per cent in place of shades.

    Returns:
        The lines.
    """
    side = max(map(cells, map(printable, tgt_tokens)))
    widths = [max(cells(printable(token)), 3 if numbers else 1) for token in src_tokens]
    gap = 1 if max(widths) < 3 else 2
    blocks, used = [[]], 0
    for j, wide in enumerate(widths):
        if blocks[-1] and side + 1 + used + wide > width:
            blocks.append([])
            used = 0
        blocks[-1].append(j)
        used += wide + gap
    drawn = []
    for block in blocks:
        head = (" " * gap).join(
            _padded(printable(src_tokens[j]), widths[j], numbers) for j in block
        )
        lines = [" " * (side + 1) + head]
        for token, row in zip(tgt_tokens, weights):
            marks = (_mark(row[j], widths[j], numbers) for j in block)
            name = " " * (side - cells(printable(token))) + printable(token)
            lines.append(f"{name} {(' ' * gap).join(marks)}")
        drawn.append("\n".join(line.rstrip() for line in lines))
    legend = "weights: · up to 5 %, ░ to 20 %, ▒ to 40 %, ▓ to 70 %, █ above"
    return "\n\n".join([*drawn, "weights in per cent" if numbers else legend])


def cells(text: str) -> int:
    """How many columns of a terminal a text takes: two for Chinese signs, none for accents.

    >>> cells("né"), cells("猫"), cells("कु"), cells("𑄇𑄪")
    (2, 2, 1, 1)
    """
    return sum(
        0 if category(c) in ("Mn", "Me", "Cf") else 2 if east_asian_width(c) in "WF" else 1
        for c in text
    )


def _mark(weight: float, width: int, numbers: bool) -> str:
    if numbers:
        return _padded(f"{100 * weight:3.0f}", width, right=True)
    shade = next(sign for bound, sign in _SHADES if weight <= bound)
    return _padded(shade * min(width, 4), width)


def _padded(text: str, width: int, right: bool = False) -> str:
    space = " " * (width - cells(text))
    return space + text if right else text + space


def printable(text: str) -> str:
    """Text to look at: control characters would move the terminal's cursor."""
    safe = "".join(c if c.isprintable() else "\ufffd" for c in text)
    return safe if safe.strip() else "␣"
