"""One drawing of tokens, states, weights and contexts: the SVG kit, matplotlib and the boxes agree, in light and dark."""

from __future__ import annotations

import json
import re

import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawings import CONTEXT, MEMORY, SIZE, WEIGHTS, Boxes, Kit, Matplotlib, of_css, rgba
from places import ROOT

import s2s_tutorial as s2s
from s2s_tutorial.figures.looks import LOOKS
from s2s_tutorial.figures.style import weight_color
from s2s_tutorial.figures.widgets import svg
from s2s_tutorial.figures.widgets.trace.pieces import draw_word


@pytest.fixture(scope="module", params=["light", "dark"])
def boxes(browser, request):
    page = browser.new_page(color_scheme=request.param)
    drawn = Boxes(page)
    page.evaluate("theme => (document.documentElement.dataset.theme = theme)", request.param)
    yield drawn
    page.close()


@pytest.fixture(autouse=True)
def close_figures():
    yield
    plt.close("all")


def test_a_token_has_one_look(boxes):
    assert Kit().token() == Matplotlib().token() == boxes.token()
    assert boxes.token(".s2s-target .s2s-token:not([aria-pressed])") == boxes.token()


@pytest.mark.parametrize(("color", "values"), [("encoder", MEMORY[0]), ("context", CONTEXT)])
def test_a_state_and_a_context_have_one_look_and_one_length_for_a_value(boxes, color, values):
    drawn = [each.vector(values, color) for each in (Kit(), Matplotlib(), boxes)]
    for look, fill, bars, line in drawn:
        assert (look, fill, line) == (drawn[0][0], drawn[0][1], drawn[0][3])
        np.testing.assert_allclose(bars, drawn[0][2], atol=0.11)  # SVG has one decimal
    reach = SIZE[0] / 2 - LOOKS["vector"]["inset"]
    np.testing.assert_allclose(drawn[0][2][:, 1] / reach, values, atol=0.04)


@pytest.mark.parametrize("weight", WEIGHTS[0])
def test_a_weight_has_one_fill_and_one_line(boxes, weight):
    assert Kit().weight(weight) == Matplotlib().weight(weight) == boxes.weight(weight)


def test_all_of_the_scale_is_one(boxes):
    weights = [k / 1000 for k in range(1001)]
    found = boxes.page.evaluate("all => all.map(modules['boxes/looks.js'].weightColor)", weights)
    assert [of_css(each) for each in found] == [rgba(weight_color(each)) for each in weights]


def test_a_boxs_colours_are_the_books(boxes):
    said = "name => getComputedStyle(document.querySelector('.s2s-box')).getPropertyValue('--s2s-' + name)"
    for name, color in s2s.COLORS.items():
        assert boxes.page.evaluate(said, name) == color


def outputs():
    """The HTML in the outputs of the chapters that draw all four."""
    for name in ("02_rnn_bottleneck", "03_bahdanau_attention"):
        cells = json.loads((ROOT / f"chapters/{name}.ipynb").read_text(encoding="utf-8"))["cells"]
        for output in (each for cell in cells for each in cell.get("outputs", [])):
            yield "".join(output.get("data", {}).get("text/html", ""))


def test_the_stored_figures_have_it_too():
    stored = "".join(outputs())
    pieces = [draw_word(30, 12, 60, "one")]
    pieces += [
        svg.bars(0, 0, *SIZE, MEMORY[0].tolist(), color=c)
        for c in ("encoder", "decoder", "context")
    ]
    for piece in pieces:
        look = svg.to_html(piece.find("rect")).partition(" rx=")[2].removesuffix("></rect>")
        assert look and f" rx={look}" in stored, look
    cell = 'rx="{radius}" fill="(#\\w+)" stroke="#767676" stroke-width="{stroke}"'
    fills = set(re.findall(cell.format(**LOOKS["weight"]), stored))
    assert len(fills) > 3 and fills <= {weight_color(k / 1000) for k in range(1001)}
