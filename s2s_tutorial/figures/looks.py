"""How a token, a state, a weight and a context look, for every picture of the book.

It is written down once, in ``live/js/boxes/looks.js``, where browsers can fetch it. The SVG kit, matplotlib's
figures and the boxes read it: one of them that draws otherwise fails ``tests/figures/test_looks.py``.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files
from typing import Any


def _read() -> dict[str, Any]:
    module = files("s2s_tutorial").joinpath("live/js/boxes/looks.js").read_text(encoding="utf-8")
    return json.loads(re.search(r"LOOKS = (\{.*?^\});", module, re.DOTALL | re.MULTILINE)[1])


POINT = 0.75  # points of a CSS pixel: matplotlib draws in points

LOOKS = _read()
"""``colors`` by quantity; of a ``token``, a ``vector`` (a state or context) and a ``weight`` lengths and tints."""


def bars_of(
    values: Sequence[float], width: float, height: float
) -> Iterator[tuple[float, float, float, float]]:
    """The bars of a vector around its middle, as ``(x, y, length, thickness)``, the first at the top.

    A value of 1 reaches the right edge of the frame, one of -1 the left.

    >>> [tuple(round(part, 2) for part in bar) for bar in bars_of([1, -0.5], 34, 46)]
    [(0, -17.6, 14.0, 15.2), (0, 2.4, -7.0, 15.2)]

    Args:
        values: numbers from -1 to 1.
        width: of the frame.
        height: of the frame.
    """
    look = LOOKS["vector"]
    pitch = (height - 2 * look["inset"]) / len(values)
    reach = width / 2 - look["inset"]
    for row, value in enumerate(values):
        top = look["inset"] - height / 2 + pitch * (row + (1 - look["bar"]) / 2)
        length = math.copysign(max(abs(value) * reach, look["least"]), value)
        yield 0, top, length, pitch * look["bar"]
