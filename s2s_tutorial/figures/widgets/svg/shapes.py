"""The few SVG pieces the book's figures are drawn from, each a function that returns markup.

Shapes carry their colours themselves, so that a drawing looks right wherever it is opened; text and
thin lines take the colour of the text around (``currentColor``), so that they read on light and on
dark. Pieces that belong to one step stand in :func:`step`.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets.svg.text import (
    FONT_FAMILY,
    FONT_SIZE,
    escape,
    number,
    symbol,
    text,
)

__all__ = ["arrow", "bars", "box", "drawing", "number", "step", "symbol", "text"]


def box(x: float, y: float, width: float, height: float, *, color: str, tint: float = 0.16) -> str:
    """A rounded frame around ``(x, y)``, its centre, filled with a tint of its colour.

    Args:
        x: horizontal centre.
        y: vertical centre.
        width: its width.
        height: its height.
        color: a key of ``COLORS``.
        tint: opacity of the filling, 0 to 1.

    Returns:
        A ``<rect>`` element.
    """
    return (
        f'<rect class="s2s-frame" x="{number(x - width / 2)}" y="{number(y - height / 2)}" '
        f'width="{number(width)}" height="{number(height)}" rx="4" fill="{COLORS[color]}" '
        f'fill-opacity="{tint}" stroke="{COLORS[color]}" stroke-width="1.2"/>'
    )


def bars(
    x: float, y: float, width: float, height: float, values: Sequence[float], *, color: str
) -> str:
    """A vector as a small column around ``(x, y)``: one bar a number, from the middle line out.

    Args:
        x: horizontal centre.
        y: vertical centre.
        width: width of the frame; a bar of 1 reaches the right edge, one of -1 the left.
        height: height of the frame.
        values: numbers in [-1, 1], the first at the top.
        color: a key of ``COLORS``.

    Returns:
        The frame, the zero line and the bars.
    """
    pitch = (height - 6) / len(values)
    reach = width / 2 - 3
    outlines = ""
    for row, value in enumerate(values):
        top = y - height / 2 + 3 + pitch * (row + 0.12)
        length = math.copysign(max(abs(value) * reach, 0.5), value)
        outlines += (
            f"M{number(x)} {number(top)}h{number(length)}v{number(pitch * 0.76)}H{number(x)}z"
        )
    line = f"M{number(x)} {number(y - height / 2 + 2)}V{number(y + height / 2 - 2)}"
    return (
        box(x, y, width, height, color=color, tint=0.12)
        + f'<path d="{outlines}" fill="{COLORS[color]}"/>'
        + f'<path d="{line}" stroke="currentColor" stroke-opacity=".5" stroke-width=".8"/>'
    )


def arrow(*points: tuple[float, float], dashed: bool = False, radius: float = 6.0) -> str:
    """A line with rounded corners through the points, with a head at the last.

    Args:
        *points: two or more points.
        dashed: draw the line dashed.
        radius: radius of the corners.

    Returns:
        The line and its head, as ``<path>`` elements.

    Raises:
        ValueError: if there are fewer than two points.
    """
    if len(points) < 2:
        raise ValueError(f"an arrow needs two points or more, but {len(points)} came")
    (x0, y0), (x1, y1) = points[-2:]
    along = math.hypot(x1 - x0, y1 - y0) or 1.0
    dx, dy = (x1 - x0) / along, (y1 - y0) / along
    end = (x1 - 4 * dx, y1 - 4 * dy)  # the line stops inside the head
    line = _rounded((*points[:-1], end), radius)
    dash = ' stroke-dasharray="4 3"' if dashed else ""
    left = (x1 - 6 * dx - 3.2 * dy, y1 - 6 * dy + 3.2 * dx)
    right = (x1 - 6 * dx + 3.2 * dy, y1 - 6 * dy - 3.2 * dx)
    head = "L".join(f"{number(x)} {number(y)}" for x, y in ((x1, y1), left, right))
    return (
        f'<path class="s2s-line" d="{line}" fill="none" stroke="currentColor" '
        f'stroke-width="1.3"{dash}/><path class="s2s-head" d="M{head}Z"/>'
    )


def _rounded(points: Sequence[tuple[float, float]], radius: float) -> str:
    path = f"M{number(points[0][0])} {number(points[0][1])}"
    for before, corner, after in zip(points, points[1:], points[2:]):
        (ax, ay), (bx, by) = (_towards(corner, other, radius) for other in (before, after))
        x, y = (number(value) for value in corner)
        path += f"L{number(ax)} {number(ay)}Q{x} {y} {number(bx)} {number(by)}"
    return path + f"L{number(points[-1][0])} {number(points[-1][1])}"


def _towards(
    start: tuple[float, float], goal: tuple[float, float], distance: float
) -> tuple[float, float]:
    """The point ``distance`` from ``start`` on the way to ``goal``, half-way at most."""
    length = math.dist(start, goal) or 1.0
    share = min(distance, length / 2) / length
    return tuple(a + (b - a) * share for a, b in zip(start, goal))


def step(number_of_step: int, *parts: str) -> str:
    """Pieces that appear together at one step, 1 or later."""
    return f'<g data-step="{number_of_step}">{"".join(parts)}</g>'


def drawing(width: float, height: float, *parts: str, label: str) -> str:
    """A whole ``<svg>`` picture.

    Args:
        width: width in drawing units; at its natural size one unit is one CSS pixel.
        height: height in drawing units.
        *parts: the markup of its pieces.
        label: what it shows, for readers who do not see it.

    Returns:
        The markup of the picture.
    """
    w, h = number(width), number(height)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        f'role="img" aria-label="{escape(label)}" color="{COLORS["text"]}" '
        f'fill="currentColor" text-anchor="middle" font-size="{number(FONT_SIZE)}" '
        f'font-family="{escape(FONT_FAMILY)}">{"".join(parts)}</svg>'
    )
