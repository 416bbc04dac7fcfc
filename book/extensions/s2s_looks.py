"""The role ``{s2s-look}`token` ``: a token, an encoder state, a decoder state, a weight or a context, as figures draw it."""

from __future__ import annotations

from docutils import nodes

from s2s_tutorial.figures.looks import LOOKS
from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace.pieces import draw_word
from s2s_tutorial.figures.widgets.trace.stage import TOKEN_HEIGHT

STATE = [0.9, -0.4, 0.2, -0.8, 0.5, 0.1, -0.2, 0.7]
WEIGHTS = 0.2, 0.8
CELL = 38.0, 26.0


def drawn(quantity: str) -> str:
    """The drawing of a quantity, as HTML.

    >>> drawn("context").startswith('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 36 48"')
    True

    Args:
        quantity: ``"token"``, ``"encoder"``, ``"decoder"``, ``"weights"`` or ``"context"``.
    """
    if quantity == "token":
        size, label = (56.0, TOKEN_HEIGHT), "The token gatto in its box."
        parts = [draw_word(size[0] / 2, size[1] / 2, size[0], "gatto")]
    elif quantity == "weights":
        size = CELL[0] * len(WEIGHTS) + 4 * (len(WEIGHTS) - 1), CELL[1]
        label = f"Cells of the weights {', '.join(map(str, WEIGHTS))}, the larger the darker."
        places = [CELL[0] / 2 + k * (CELL[0] + 4) for k in range(len(WEIGHTS))]
        parts = [svg.weight_cell(x, CELL[1] / 2, *CELL, w) for x, w in zip(places, WEIGHTS)]
    else:
        size, label = (
            LOOKS["vector"]["size"],
            f"Eight numbers, {', '.join(map(str, STATE))}, as bars.",
        )
        parts = [svg.bars(size[0] / 2, size[1] / 2, *size, STATE, color=quantity)]
    moved = svg.group(*parts, transform="translate(1 1)")  # room for the line around
    picture = svg.drawing(size[0] + 2, size[1] + 2, moved, label=label)
    picture.set("color", "inherit")
    return svg.to_html(picture)


def look(name, rawtext, text, lineno, inliner, options=None, content=None):
    """The role."""
    return [nodes.raw("", drawn(text), format="html")], []


def setup(app) -> dict[str, bool]:
    """Make the role known."""
    app.add_role("s2s-look", look)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
