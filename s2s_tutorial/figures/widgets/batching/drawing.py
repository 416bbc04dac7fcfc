"""The drawing of two ways to cut sentences into batches, a panel each."""

from __future__ import annotations

from copy import deepcopy
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.batching.cuts import Cut, Cuts, Row

NAMES = "In the order of the corpus", "Sorted by length"
_CELL = 23.0, 19.0
_PITCH = 24.0  # from row to row: what a finger can hit
_BETWEEN = 12.0  # more between two batches
_LEFT, _RIGHT = 32.0, 62.0  # for a sentence's number, and for a batch's count
_TOP, _BOTTOM = 36.0, 34.0


def draw_panels(cuts: Cuts, compact: bool) -> Element:
    """Both panels, side by side or one above the other."""
    longest = max(map(len, cuts.sources))
    width = _LEFT + longest * _CELL[0] + _RIGHT
    batches = len(cuts.plain.batches)
    height = _TOP + len(cuts.sources) * _PITCH + (batches - 1) * _BETWEEN + _BOTTOM
    along, down = (0, height + 10) if compact else (width + 12, 0)
    first = _panel(cuts.plain, NAMES[0], width, height, (1, 2, 3))
    second = _panel(cuts.sorted, NAMES[1], width, height, (4, 5, 5))
    label = f"{len(cuts.sources)} sentences in batches of {cuts.size}, in two orders"
    return svg.drawing(
        width + along,
        height + down,
        svg.group(*first),
        svg.group(*second, transform=f"translate({svg.at(along, down)})"),
        label=label,
    )


def with_framed_row(drawing: Element, sentence: int) -> Element:
    """A copy in which a sentence is marked in both panels, with no script."""
    picture = deepcopy(drawing)
    for part in picture.iter("rect"):
        if part.get("data-row") == str(sentence):
            part.set("stroke", "currentColor")
            part.set("stroke-width", "2.2")
    return picture


def _panel(
    cut: Cut, name: str, width: float, height: float, steps: tuple[int, int, int]
) -> list[Element]:
    """One order; its rows, its padding and its mask appear at the three steps."""
    rows, padding, digits, touch = [], [], [], []
    top = _TOP
    for batch in cut.batches:
        middle = top + (len(batch) * _PITCH) / 2
        size = len(batch[0].mask) * _CELL[0], len(batch) * _PITCH
        frame = svg.box(
            _LEFT + size[0] / 2, middle, size[0] + 4, size[1] + 2, color="token", tint=0
        )
        empty = sum(row.mask.count(0) for row in batch)
        count = f"{empty} of {len(batch) * len(batch[0].mask)}"
        padding += [frame, svg.text(_LEFT + size[0] + 8, middle, count, anchor="start", size=12)]
        for row in batch:
            y = top + _PITCH / 2
            rows += [_number(row, y), _cells(row, y)]
            padding += _padding(row, y)
            digits.append(_digits(row, y))
            touch.append(_touch(row, top))
            top += _PITCH
        top += _BETWEEN
    total = svg.text(_LEFT, height - 15, f"Padding: {cut.share}", anchor="start", bold=True)
    return [
        svg.tinted(1, 1, width - 2, height - 2, color="token", tint=0.06, rx=8),
        svg.text(12, 19, name, anchor="start", bold=True),
        svg.step(steps[0], *rows),
        svg.step(steps[1], *padding, total),
        svg.step(steps[2], *digits),
        *touch,
    ]


def _number(row: Row, y: float) -> Element:
    return svg.text(_LEFT - 9, y, str(row.sentence + 1), anchor="end", size=12)


def _corners(row: Row, y: float, real: int) -> list[tuple[float, float]]:
    """Top left of each cell that is a token (1) or padding (0)."""
    columns = [j for j, m in enumerate(row.mask) if m == real]
    return [(_LEFT + j * _CELL[0], y - _CELL[1] / 2) for j in columns]


def _cells(row: Row, y: float) -> Element:
    """A filled cell for each token."""
    outlines = _outlines(_corners(row, y, 1))
    return svg.element("path", d=outlines, fill=COLORS["token"], fill_opacity=0.38)


def _padding(row: Row, y: float) -> list[Element]:
    """A hatched cell for each cell of padding."""
    corners = _corners(row, y, 0)
    if not corners:
        return []
    wide, high = _CELL[0] - 2, _CELL[1]
    hatch = "".join(
        f"M{svg.at(x + 1 + wide * a, top + high * b)}L{svg.at(x + 1 + wide * c, top + high * d)}"
        for x, top in corners
        for a, b, c, d in ((0, 0.5, 0.5, 0), (0, 1, 1, 0), (0.5, 1, 1, 0.5))
    )
    line = {"stroke": COLORS["now"], "stroke_width": 1.1, "stroke_opacity": 0.75, "fill": "none"}
    return [
        svg.element("path", d=_outlines(corners), fill=COLORS["now"], fill_opacity=0.14),
        svg.element("path", d=hatch, **line),
    ]


def _outlines(corners: list[tuple[float, float]]) -> str:
    """A rectangle at each corner, with a hair of space between neighbours, as the data of one path."""
    wide, high = (svg.number(size) for size in (_CELL[0] - 2, _CELL[1]))
    return "".join(f"M{svg.at(x + 1, top)}h{wide}v{high}h-{wide}z" for x, top in corners)


def _digits(row: Row, y: float) -> Element:
    """The mask: one text, each digit in the middle of its cell."""
    places = " ".join(svg.number(_LEFT + (j + 0.5) * _CELL[0]) for j in range(len(row.mask)))
    words = "".join(map(str, row.mask))
    return svg.element("text", words, x=places, y=svg.number(y + 0.36 * 12), font_size=12)


def _touch(row: Row, top: float) -> Element:
    """What can be touched of a sentence, and is framed while it is chosen."""
    size = {"width": len(row.mask) * _CELL[0] + 28, "height": _PITCH}
    corner = {"x": _LEFT - 27, "y": top, "rx": 3}
    return svg.element(
        "rect", **corner, **size, fill="none", class_="s2s-row", data_row=row.sentence
    )
