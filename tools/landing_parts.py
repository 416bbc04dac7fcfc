"""The shapes that `draw_landing.py` draws with: SVG elements that know when they appear.

Every shape takes ``start``, the step at which it appears (0: always there), and ``now``, the steps during which the
reader should look at it; `book/static/landing.js` reads both.
"""

from __future__ import annotations

from html import escape

from s2s_tutorial.figures.looks import LOOKS


def element(
    tag: str,
    text: str | None = None,
    start: int = 0,
    now: tuple[int, ...] = (),
    **attributes: object,
) -> str:
    """One SVG element that appears at step ``start`` and stands out during the steps ``now``."""
    pairs = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
    if start:
        pairs["data-from"] = start
    if now:
        pairs["data-now"] = " ".join(map(str, now))
    inside = "".join(f' {name}="{escape(str(value))}"' for name, value in pairs.items())
    return f"<{tag}{inside}/>" if text is None else f"<{tag}{inside}>{text}</{tag}>"


def label(x: float, y: float, text: str, class_: str) -> str:
    return element("text", escape(text), x=x, y=y, class_=class_)


def word(x: int, y: int, text: str, start: int, now: tuple[int, ...]) -> str:
    box = element("rect", x=x - 39, y=y - 14, width=78, height=28, rx=LOOKS["token"]["radius"])
    return element("g", box + label(x, y, text, "lf-word"), start, now, class_="lf-token")


def state(x: int, y: int, name: str, kind: str, start: int, now: tuple[int, ...]) -> str:
    """A vector: an encoder's state, a decoder's, a context."""
    box = element("rect", x=x - 20, y=y - 14, width=40, height=28, rx=LOOKS["vector"]["radius"])
    return element("g", box + label(x, y, name, "lf-math"), start, now, class_=f"lf-{kind}")


def arrow(
    x1: float, y1: float, x2: float, y2: float, kind: str, start: int, both: bool = False
) -> str:
    """A straight arrow, horizontal or vertical; drawn along its length during its step."""
    across = (0, 3.2) if y1 == y2 else (3.2, 0)

    def head(x: float, y: float, back: float) -> str:
        along = (back, 0) if y1 == y2 else (0, back)
        left = (x + along[0] - across[0], y + along[1] - across[1])
        right = (x + along[0] + across[0], y + along[1] + across[1])
        return f"M{left[0]:g} {left[1]:g}L{x:g} {y:g}L{right[0]:g} {right[1]:g}"

    forward = 1 if (x2 - x1) + (y2 - y1) > 0 else -1
    path = f"M{x1:g} {y1:g}L{x2:g} {y2:g}" + head(x2, y2, -4.5 * forward)
    if both:
        path += head(x1, y1, 4.5 * forward)
    return element(
        "path", None, start, (start,), d=path, class_=f"lf-edge lf-{kind}-edge", pathLength=1
    )


def curve(path: str, kind: str, start: int, now: tuple[int, ...]) -> str:
    return element("path", None, start, now, d=path, class_=f"lf-edge lf-{kind}-edge", pathLength=1)
