"""Text in the book's SVG figures: measured, cut where it must be, escaped, and set."""

from __future__ import annotations

import html
import re
import unicodedata

from s2s_tutorial.figures.style import COLORS

FONT_SIZE = 13.0
FONT_FAMILY = "Helvetica, Arial, 'Liberation Sans', Roboto, sans-serif"

# Widths in Helvetica and its metric twins, in em; other characters are 0.56 wide.
_WIDTHS = {
    0.23: "ijl'",
    0.28: " .,:;!/\\ftI|[]",
    0.34: 'r()-"*{}',
    0.50: "cksvxyzJ",
    0.58: "<>=+~",
    0.67: "ABEKPSVXY&",
    0.73: "CDHNRUw",
    0.78: "GOQ",
    0.84: "mM",
    0.95: "W%@…",
}
_WIDTH_OF = {character: width for width, group in _WIDTHS.items() for character in group}


def number(value: float) -> str:
    """A coordinate with at most one decimal, without trailing zeros."""
    text = f"{value:.1f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def escape(words: str) -> str:
    """Text as it may stand in markup; characters that XML does not know become U+FFFD."""
    return html.escape(
        re.sub("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", words)
    )


def text_width(words: str, size: float = FONT_SIZE) -> float:
    """About how wide a text is in the figures' font, in drawing units."""
    ems = 0.0
    for character in words:
        if unicodedata.combining(character):
            continue
        wide = unicodedata.east_asian_width(character) in "WF"
        ems += 1.0 if wide else _WIDTH_OF.get(character, 0.56)
    return ems * size


def fit(words: str, width: float, size: float = FONT_SIZE) -> str:
    """The text, cut with an ellipsis where it is wider than ``width``."""
    if text_width(words, size) <= width:
        return words
    kept = words
    while kept and text_width(kept + "…", size) > width:
        kept = kept[:-1]
    return kept + "…"


def text(
    x: float,
    y: float,
    words: str,
    *,
    size: float = FONT_SIZE,
    anchor: str = "middle",
    ink: str = "",
    bold: bool = False,
    width: float | None = None,
) -> str:
    """Text whose middle line is at ``y``.

    Args:
        x: where it is anchored.
        y: height of its middle line.
        words: the text; escaped here.
        size: font size in drawing units.
        anchor: ``"start"``, ``"middle"`` or ``"end"``.
        ink: a key of ``COLORS``; the colour of the text around if empty.
        bold: draw it bold.
        width: cut it to so many units; the whole text then shows on hovering.

    Returns:
        A ``<text>`` element.
    """
    shown = words if width is None else fit(words, width, size)
    hover = "" if shown == words else f"<title>{escape(words)}</title>"
    return (
        f'<text x="{number(x)}" y="{number(y + 0.36 * size)}"{_type(size, anchor, bold)}'
        f"{_ink(ink)}>{hover}{escape(shown)}</text>"
    )


def symbol(
    x: float,
    y: float,
    letter: str,
    index: int | str,
    *,
    size: float = FONT_SIZE,
    anchor: str = "middle",
    ink: str = "",
    bold: bool = False,
) -> str:
    """A letter with an index below it, set as in an equation.

    Args:
        x: where it is anchored.
        y: height of the letter's middle line.
        letter: what stands before the index, such as ``"h"`` or ``"c = h"``.
        index: the index.
        size: font size of the letter in drawing units.
        anchor: ``"start"``, ``"middle"`` or ``"end"``.
        ink: a key of ``COLORS``; the colour of the text around if empty.
        bold: draw it bold.

    Returns:
        A ``<text>`` element.
    """
    return (
        f'<text x="{number(x)}" y="{number(y + 0.24 * size)}"{_type(size, anchor, bold)}'
        f'{_ink(ink)}><tspan font-style="italic">'
        f'{escape(letter)}</tspan><tspan dx="0.5" dy="{number(0.22 * size)}" '
        f'font-size="{number(0.74 * size)}">{escape(str(index))}</tspan></text>'
    )


def _ink(name: str) -> str:
    if not name:
        return ""
    return f' class="s2s-ink s2s-ink-{name}" fill="{COLORS[name]}"'


def _type(size: float, anchor: str, bold: bool) -> str:
    """The attributes of a text that differ from those of the whole drawing."""
    written = "" if size == FONT_SIZE else f' font-size="{number(size)}"'
    written += "" if anchor == "middle" else f' text-anchor="{anchor}"'
    return written + (' font-weight="bold"' if bold else "")
