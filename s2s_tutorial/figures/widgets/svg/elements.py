"""Elements of SVG and HTML: made by one function, written out once, the same in every process."""

from __future__ import annotations

import re
from xml.etree.ElementTree import Element, tostring

_UNKNOWN_TO_XML = re.compile("[^\t\n\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(tag: str, *inside: Element | str, **attributes: str | float | None) -> Element:
    """An element with what stands inside, elements and text.

    >>> to_svg(element("g", element("path", d="M0 0"), "a < b", data_step=2, fill_opacity=0.125))
    '<g data-step="2" fill-opacity="0.12"><path d="M0 0" />a &lt; b</g>'

    Args:
        tag: its name.
        *inside: elements, and texts as they are: they are escaped when they are written out.
        **attributes: by name, ``stroke_width`` for ``stroke-width`` and ``class_`` for ``class``;
            numbers are rounded, those that are None left out.

    Returns:
        The element; characters that XML does not know are U+FFFD in it.
    """
    made = Element(tag)
    for name, value in attributes.items():
        if value is not None:
            name = name.rstrip("_").replace("_", "-")
            made.set(name, _written(value, 2 if name.endswith("opacity") else 1))
    for piece in inside:
        if isinstance(piece, Element):
            made.append(piece)
        elif len(made):
            made[-1].tail = (made[-1].tail or "") + _written(piece)
        else:
            made.text = (made.text or "") + _written(piece)
    return made


def _written(value: str | float, decimals: int = 1) -> str:
    if isinstance(value, str):
        return _UNKNOWN_TO_XML.sub("\ufffd", value)
    return number(value, decimals)


def number(value: float, decimals: int = 1) -> str:
    """A number with at most so many decimals, without trailing zeros."""
    text = f"{value:.{decimals}f}"
    text = text.rstrip("0").rstrip(".") if "." in text else text
    return "0" if text == "-0" else text


def at(x: float, y: float) -> str:
    """A point, as it stands in the data of a path."""
    return f"{number(x)} {number(y)}"


def to_svg(drawing: Element) -> str:
    """A drawing as a file of its own, XML."""
    return tostring(drawing, encoding="unicode")


def to_html(*elements: Element) -> str:
    """Elements as they stand in a page; style sheets and scripts are written as they are."""
    return "".join(tostring(each, encoding="unicode", method="html") for each in elements)
