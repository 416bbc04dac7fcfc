"""The pieces that the figures which follow a sentence share."""

from __future__ import annotations

from xml.etree.ElementTree import Element

from s2s_tutorial.figures.widgets.svg import shapes as svg
from s2s_tutorial.figures.widgets.svg.text import shown
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.stage import TOKEN_HEIGHT, WORD_HEIGHT, Panel


def draw_word(x: float, y: float, width: float, token: str) -> Element:
    """A token in its box."""
    frame = svg.box(x, y, width, TOKEN_HEIGHT, color="token")
    return svg.group(frame, svg.text(x, y, shown(token), width=width - 2))


def draw_panel(panel: Panel, name: str) -> Element:
    """The tinted panel of the ``"encoder"`` or the ``"decoder"``, with its name."""
    return draw_side(
        panel.left, panel.top, panel.right, panel.bottom, name, panel.heading, panel.rows["heading"]
    )


def draw_side(
    left: float, top: float, right: float, bottom: float, name: str, x: float, y: float
) -> Element:
    """A tinted panel between these edges, with its name beginning at ``(x, y)``."""
    tint = svg.tinted(left, top, right - left, bottom - top, color=name, tint=0.07, rx=8)
    heading = svg.text(x, y, name.capitalize(), anchor="start", ink=name, bold=True)
    return svg.group(tint, heading)


def draw_feedback(panel: Panel, i: int, output: float) -> Element:
    """From the word written before step ``i`` around to this step's input, dashed."""
    before, x, edge = panel.column(i - 1), panel.column(i), panel.token_width / 2
    gutter, goal = (before + x) / 2, panel.rows["input"]
    way = (before + edge, output), (gutter, output), (gutter, goal), (x - edge, goal)
    return svg.arrow(*way, dashed=True)


def draw_distribution(
    x: float, top: float, width: float, guess: Distribution, chosen: str, color: str = "decoder"
) -> Element:
    """The most probable words, one below the other, each on a bar as long as it is probable."""
    parts = []
    left = x - width / 2
    for row, (word, p) in enumerate(guess):
        y = top + (row + 0.5) * WORD_HEIGHT
        for share, tint in ((1.0, 0.1), (p, 0.42)):
            length = max(1.0, share * width)
            parts.append(svg.tinted(left, y - 8, length, 16, color=color, tint=tint, rx=2))
        how = {"anchor": "start", "size": 12, "bold": word == chosen}
        parts.append(svg.text(left + 3, y, shown(word), width=width - 4, **how))
    return svg.group(*parts)
