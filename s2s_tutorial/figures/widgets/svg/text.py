"""Text in the book's SVG figures: measured, cut where it must be, and set."""

from __future__ import annotations

import unicodedata
from typing import Any
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets.svg.elements import element

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


def shown(token: str) -> str:
    """A token to look at: characters of white space have none of their own."""
    return token if token.strip() else "␣"


def text_width(words: str, size: float = FONT_SIZE) -> float:
    """About how wide a text is in the figures' font, in drawing units."""
    ems = 0.0
    for character in words:
        if unicodedata.combining(character):
            continue
        wide = unicodedata.east_asian_width(character) in "WF"
        ems += 1.0 if wide else _WIDTH_OF.get(character, 0.56)
    return ems * size


def shortened(words: str, width: float, size: float = FONT_SIZE) -> str:
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
    width: float | None = None,
    **how: Any,
) -> Element:
    """Text whose middle line is at ``y``.

    Args:
        x: where it is anchored.
        y: height of its middle line.
        words: the text.
        size: font size in drawing units.
        width: cut it to so many units; the whole text then shows on hovering.
        **how: ``anchor``, ``"start"``, ``"middle"`` or ``"end"``; ``ink``, a key of ``COLORS``, else
            it has the colour of the text around; ``bold``; and further attributes.
    """
    cut = words if width is None else shortened(words, width, size)
    hover = [] if cut == words else [element("title", words)]
    return _set(x, y + 0.36 * size, *hover, cut, size=size, **how)


def symbol(
    x: float, y: float, letter: str, index: int | str, *, size: float = FONT_SIZE, **how: Any
) -> Element:
    """A letter with an index below it, set as in an equation; arguments as for :func:`text`."""
    above = element("tspan", letter, font_style="italic")
    below = element("tspan", str(index), dx=0.5, dy=0.22 * size, font_size=0.74 * size)
    return _set(x, y + 0.24 * size, above, below, size=size, **how)


def _set(
    x: float,
    y: float,
    *inside: Element | str,
    size: float,
    anchor: str = "middle",
    ink: str = "",
    bold: bool = False,
    **more: Any,
) -> Element:
    """A text with the attributes in which it differs from the rest of its drawing."""
    if ink:
        more |= {"class_": f"s2s-ink s2s-ink-{ink}", "fill": COLORS[ink]}
    size, anchor = None if size == FONT_SIZE else size, None if anchor == "middle" else anchor
    weight = "bold" if bold else None
    return element(
        "text", *inside, x=x, y=y, font_size=size, text_anchor=anchor, font_weight=weight, **more
    )
