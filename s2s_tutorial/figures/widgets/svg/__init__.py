"""The kit that the interactive figures are drawn with: ``svg.box``, ``svg.arrow``, ... Open :mod:`shapes` first."""

from s2s_tutorial.figures.widgets.svg.elements import at, element, number, to_html, to_svg
from s2s_tutorial.figures.widgets.svg.shapes import (
    Point,
    arrow,
    bars,
    box,
    drawing,
    group,
    short,
    step,
    tinted,
    weight_cell,
)
from s2s_tutorial.figures.widgets.svg.steps import at_step, natural_width, read_drawing
from s2s_tutorial.figures.widgets.svg.text import shortened, shown, symbol, text, text_width
