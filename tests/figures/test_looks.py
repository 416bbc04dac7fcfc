"""One drawing of tokens, states, weights and contexts: the SVG kit, matplotlib and the boxes agree, in light and dark."""

from __future__ import annotations

import json
import re
import xml.etree.ElementTree as ET

import matplotlib.pyplot as plt
import numpy as np
import pytest
from drawings import CONTEXT, MEMORY, SIZE, SRC, WEIGHTS, Boxes, Kit, Matplotlib, of_css, rgba
from matplotlib.colors import to_rgb
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


def test_the_explorers_words_are_tokens():
    explorer = s2s.AttentionExplorer(SRC, ["a", "b"], WEIGHTS)
    for drawing in explorer.svg(1), explorer.svg(2):
        frames = [
            Kit.look(each)
            for each in ET.fromstring(drawing).iter("{http://www.w3.org/2000/svg}rect")
            if each.get("class") == "s2s-frame"
        ]
        assert len(frames) == 7 and frames.count(Kit().token()) == 6, frames


def test_a_prefix_of_the_beam_tree_has_a_tokens_ground(browser):
    nodes = [
        s2s.SearchNode(None, 2, 0.0, "kept"),
        s2s.SearchNode(0, 3, -0.7, "finished"),
        s2s.SearchNode(0, 1, -0.9, "dropped"),
    ]
    page = browser.new_page()
    page.set_content(s2s.BeamTree(nodes, ["<pad>", "a", "<bos>", "<eos>"])._repr_html_())
    read = "all => all.map(each => getComputedStyle(each).backgroundColor)"
    grounds = page.locator(".s2s-card").evaluate_all(read)
    page.close()
    token = rgba(LOOKS["colors"]["token"], LOOKS["token"]["tint"])
    assert [of_css(ground) for ground in grounds] == [token, token, rgba("#000", 0)]


@pytest.mark.parametrize("paper", ["#ffffff", "#14181e"])
def test_the_landing_pages_figure_has_it_too(browser, paper):
    page = browser.new_page()
    css, figure = (ROOT / f"book/{name}" for name in ("static/landing.css", "figures/landing.html"))
    page.set_content(
        f"<style>:root{{--pst-color-background:{paper}}}{css.read_text(encoding='utf-8')}</style>"
        + figure.read_text(encoding="utf-8")
    )
    for kind, look in (
        ("token", "token"),
        *[(n, "vector") for n in ("encoder", "decoder", "context")],
    ):
        read = "(all) => all.map(e => [e, getComputedStyle(e)]).map(([e, s]) => [s.fill, s.stroke, s.strokeWidth, e.getAttribute('rx')])"
        found = page.locator(f".lf-{kind} rect").evaluate_all(read)
        assert len(found) >= 4 and len({*map(tuple, found)}) == 1, (kind, found)
        fill, stroke, width, radius = found[0]
        tint, color = LOOKS[look]["tint"], LOOKS["colors"][kind]
        mixed = tint * np.array(to_rgb(color)) + (1 - tint) * np.array(to_rgb(paper))
        assert of_css(fill) == rgba(tuple(mixed)) and of_css(stroke) == rgba(color)
        assert (width, float(radius)) == (f"{LOOKS[look]['stroke']}px", LOOKS[look]["radius"])
    page.close()
