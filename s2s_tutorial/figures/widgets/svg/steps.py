"""A drawing whose pieces appear step by step: read, checked, and as it stands at one step."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from copy import deepcopy

from s2s_tutorial.figures.style import COLORS


def read_drawing(name: str, drawing: ET.Element | str, steps: int) -> ET.Element:
    """A drawing of the kit, or anyone's SVG markup, as one tree; ``name`` is for the messages.

    Raises:
        ValueError: if it is no SVG, or a ``data-step`` is no number from 1 to ``steps``.
    """
    if isinstance(drawing, str):
        try:
            drawing = _without_namespaces(ET.fromstring(drawing))
        except ET.ParseError as error:
            raise ValueError(f"the {name} drawing is not well-formed SVG: {error}") from error
    if drawing.tag != "svg" or drawing.get("viewBox") is None:
        raise ValueError(f"the {name} drawing must be one <svg> element with a viewBox")
    for part in drawing.iter():
        at = part.get("data-step")
        if at is not None and not (at.isdecimal() and 1 <= int(at) <= steps):
            raise ValueError(
                f'the {name} drawing has data-step="{at}", but there are captions for the steps '
                f"1 to {steps}"
            )
    return drawing


def _without_namespaces(root: ET.Element) -> ET.Element:
    """Plain names everywhere, as HTML has them, and the namespace at the root."""
    for part in root.iter():
        part.tag = part.tag.rpartition("}")[2]
        plain = {name.rpartition("}")[2]: value for name, value in part.attrib.items()}
        part.attrib.clear()
        part.attrib.update(plain)
    root.set("xmlns", "http://www.w3.org/2000/svg")
    return root


def natural_width(drawing: ET.Element) -> float:
    """The width of a drawing in CSS pixels at its natural size."""
    return float(drawing.get("viewBox").split()[2])


def at_step(drawing: ET.Element, step: int) -> ET.Element:
    """A copy as it stands at a step, with no script: later pieces faint, those of the step marked."""
    picture = deepcopy(drawing)
    for part in picture.iter():
        appears = int(part.get("data-step", 0))
        if step and appears > step:
            part.set("opacity", "0.1")
        elif step and appears == step:
            _mark(part)
    return picture


def _mark(part: ET.Element) -> None:
    """Draw the frames and arrows of a part in the colour for the thing to look at now."""
    for piece in part.iter():
        kind = piece.get("class")
        if kind in ("s2s-frame", "s2s-line"):
            piece.set("stroke", COLORS["now"])
            piece.set("stroke-width", "2.4")
        elif kind == "s2s-head":
            piece.set("fill", COLORS["now"])
