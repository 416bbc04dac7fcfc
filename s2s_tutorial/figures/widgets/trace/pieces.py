"""The pieces that the figures which follow a sentence share."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace.captions import Distribution
from s2s_tutorial.figures.widgets.trace.stage import TOKEN_HEIGHT, WORD_HEIGHT, Panel, Stage


def draw_word(x: float, y: float, width: float, token: str) -> Element:
    """A token in its box."""
    frame = svg.box(x, y, width, TOKEN_HEIGHT, color="token")
    return svg.group(frame, svg.text(x, y, svg.shown(token), width=width - 2))


def draw_side(
    left: float, top: float, right: float, bottom: float, name: str, x: float, y: float
) -> Element:
    """A tinted panel for the ``"encoder"`` or the ``"decoder"``, its name beginning at ``(x, y)``."""
    tint = svg.tinted(left, top, right - left, bottom - top, color=name, tint=0.07, rx=8)
    heading = svg.text(x, y, name.capitalize(), anchor="start", ink=name, bold=True)
    return svg.group(tint, heading)


def draw_stage(
    stage: Stage, steps: list[list[Element]], label: str, *, under: Sequence[Element] = (),
    over: Sequence[Element] = (),
) -> Element:  # fmt: skip
    """The whole drawing: the two panels, what lies under and over them, and the pieces of each step."""
    sides = {"encoder": stage.encoder, "decoder": stage.decoder}
    panels = [
        draw_side(p.left, p.top, p.right, p.bottom, name, p.heading, p.rows["heading"])
        for name, p in sides.items()
    ]
    appear = [svg.step(k, *parts) for k, parts in enumerate(steps, start=1)]
    return svg.drawing(stage.width, stage.height, *under, *panels, *over, *appear, label=label)


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
        parts.append(svg.text(left + 3, y, svg.shown(word), width=width - 4, **how))
    return svg.group(*parts)
