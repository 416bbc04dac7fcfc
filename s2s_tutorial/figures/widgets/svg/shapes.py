"""The few SVG pieces the book's figures are drawn from, each a function that returns an element.

Shapes carry their colours themselves, so that a drawing looks right wherever it is opened; text and
thin lines take the colour of the text around (``currentColor``), so that they read on light and on
dark. Pieces that belong to one step stand in :func:`step`. Everywhere ``color`` is a key of ``COLORS``,
``(x, y)`` the middle of a piece, and ``more`` are further attributes.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.looks import LOOKS, bars_of
from s2s_tutorial.figures.style import COLORS, text_color_on, weight_color
from s2s_tutorial.figures.widgets.svg.elements import at, element, number
from s2s_tutorial.figures.widgets.svg.text import FONT_FAMILY, FONT_SIZE, text

Point = tuple[float, float]


def box(
    x: float, y: float, width: float, height: float, *, color: str,
    tint: float | None = None, look: str = "token", **more: Any,
) -> Element:  # fmt: skip
    """A rounded frame, filled with a tint of its colour, as a token (``look``) or a vector has it.

    ``tint`` is its opacity, if it is another one.
    """
    how = LOOKS[look]
    style = {"rx": how["radius"], "fill": COLORS[color]}
    style["fill_opacity"] = how["tint"] if tint is None else tint
    style |= {"stroke": COLORS[color], "stroke_width": how["stroke"]}
    return _frame(x, y, width, height, **(style | more))


def weight_cell(x: float, y: float, width: float, height: float, weight: float) -> Element:
    """A weight: a frame, the darker the larger it is, and its number."""
    fill = weight_color(weight)
    line = {"stroke": COLORS["token"], "stroke_width": LOOKS["weight"]["stroke"]}
    frame = _frame(x, y, width, height, rx=LOOKS["weight"]["radius"], fill=fill, **line)
    return group(frame, text(x, y, short(weight), size=12, fill=text_color_on(fill)))


def short(weight: float) -> str:
    """Two decimals without the leading zero: ``.07``, ``.93``, ``1.00``."""
    return f"{weight:.2f}".removeprefix("0")


def _frame(x: float, y: float, width: float, height: float, **style: Any) -> Element:
    corner = {"x": x - width / 2, "y": y - height / 2, "width": width, "height": height}
    return element("rect", class_="s2s-frame", **corner, **style)


def tinted(
    left: float, top: float, width: float, height: float, *, color: str, tint: float, **more: Any
) -> Element:
    """A rectangle without a frame, with its corner at ``(left, top)``."""
    size = {"x": left, "y": top, "width": width, "height": height}
    return element("rect", **size, fill=COLORS[color], fill_opacity=tint, **more)


def bars(
    x: float, y: float, width: float, height: float, values: Sequence[float], *, color: str
) -> Element:
    """A vector as a small column: a frame, and in it one bar a number, from the middle line out.

    The first value stands at the top; one of 1 reaches the right edge, one of -1 the left.
    """
    look = LOOKS["vector"]
    outlines = "".join(
        f"M{at(x, y + top)}h{number(length)}v{number(thick)}H{number(x)}z"
        for _, top, length, thick in bars_of(values, width, height)
    )
    end = height / 2 - look["inset"] + 1
    line = {"stroke_opacity": look["zero-tint"], "stroke_width": look["zero"]}
    zero = f"M{at(x, y - end)}V{number(y + end)}"
    return group(
        box(x, y, width, height, color=color, look="vector"),
        element("path", d=outlines, fill=COLORS[color]),
        element("path", d=zero, stroke="currentColor", **line),
    )


def arrow(*points: Point, dashed: bool = False, radius: float = 6.0) -> Element:
    """A line through two or more points, with rounded corners, and a head at the last.

    Raises:
        ValueError: if there are fewer than two points.
    """
    if len(points) < 2:
        raise ValueError(f"an arrow needs two points or more, but {len(points)} came")
    (x0, y0), (x1, y1) = points[-2:]
    along = math.hypot(x1 - x0, y1 - y0) or 1.0
    dx, dy = (x1 - x0) / along, (y1 - y0) / along
    line = _rounded((*points[:-1], (x1 - 4 * dx, y1 - 4 * dy)), radius)  # it stops inside the head
    left = at(x1 - 6 * dx - 3.2 * dy, y1 - 6 * dy + 3.2 * dx)
    right = at(x1 - 6 * dx + 3.2 * dy, y1 - 6 * dy - 3.2 * dx)
    style = {"fill": "none", "stroke": "currentColor", "stroke_width": 1.3}
    dashes = "4 3" if dashed else None
    return group(
        element("path", class_="s2s-line", d=line, **style, stroke_dasharray=dashes),
        element("path", class_="s2s-head", d=f"M{at(x1, y1)}L{left}L{right}Z"),
    )


def _rounded(points: Sequence[Point], radius: float) -> str:
    path = f"M{at(*points[0])}"
    for before, corner, after in zip(points, points[1:], points[2:]):
        start, end = (at(*_towards(corner, other, radius)) for other in (before, after))
        path += f"L{start}Q{at(*corner)} {end}"
    return path + f"L{at(*points[-1])}"


def _towards(start: Point, goal: Point, distance: float) -> Point:
    """The point ``distance`` from ``start`` on the way to ``goal``, half-way at most."""
    length = math.dist(start, goal) or 1.0
    share = min(distance, length / 2) / length
    return tuple(a + (b - a) * share for a, b in zip(start, goal))


def group(*parts: Element, **attributes: Any) -> Element:
    """Pieces that belong together."""
    return element("g", *parts, **attributes)


def step(number_of_step: int, *parts: Element) -> Element:
    """Pieces that appear together at one step, 1 or later."""
    return group(*parts, data_step=number_of_step)


def drawing(width: float, height: float, *parts: Element, label: str) -> Element:
    """A whole ``<svg>`` picture; ``label`` says what it shows, for readers who do not see it.

    At its natural size one unit of the drawing is one CSS pixel.
    """
    size = {"viewBox": f"0 0 {at(width, height)}", "width": width, "height": height}
    told = {"role": "img", "aria_label": label}
    ink = {"color": COLORS["text"], "fill": "currentColor"}
    font = {"text_anchor": "middle", "font_size": FONT_SIZE, "font_family": FONT_FAMILY}
    xmlns = "http://www.w3.org/2000/svg"
    return element("svg", *parts, xmlns=xmlns, **size, **told, **ink, **font)
