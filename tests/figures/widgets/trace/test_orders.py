"""The figure of the two orders: what appears when, its numbers, its errors."""

from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from figure_pages import SVG, lines
from figure_pages import texts as words

from s2s_tutorial.figures.style import COLORS, weight_color
from s2s_tutorial.figures.widgets import attention_orders

SRC, WEIGHTS = ["Stai", "attento", ",", "Thomas"], [0.1, 0.7, 0.15, 0.05]
FIRST = "i−1"


def groups(figure, compact=False):
    """For each step its groups, Bahdanau's first."""
    root = ET.fromstring(figure.svg(compact=compact))
    found = {}
    for group in root.iter(f"{SVG}g"):
        if group.get("data-step"):
            found.setdefault(int(group.get("data-step")), []).append(group)
    return found


@pytest.mark.parametrize("compact", [False, True])
def test_what_appears_when_is_what_the_two_papers_compute_when(compact):
    steps = groups(attention_orders(SRC, WEIGHTS), compact)
    assert [words(group) for group in steps[1]] == [["si"]]  # only Luong moves
    assert [words(group)[0] for group in steps[2]] == ["αi", "αi"]
    assert [words(group) for group in steps[3]] == [["ci"], ["ci"]]
    assert [words(group) for group in steps[4]] == [["si"], ["h̃i"]]
    assert [words(group) for group in steps[5]] == [["yi"], ["yi"]]
    bahdanau, luong = [words(group)[1:] for group in steps[6]]
    assert bahdanau == ["si", "yi"] and luong == ["si", "yi", "h̃i"]


def test_the_state_before_is_there_from_the_start():
    figure = attention_orders(SRC, WEIGHTS)
    hidden = {text for step in groups(figure).values() for group in step for text in words(group)}
    everything = words(ET.fromstring(figure.svg()))
    assert everything.count(f"s{FIRST}") == everything.count(f"y{FIRST}") == 2
    assert f"s{FIRST}" not in hidden and "h1" not in hidden


@pytest.mark.parametrize("compact", [False, True])
def test_both_sides_draw_the_weights_given(compact):
    for group in groups(attention_orders(SRC, WEIGHTS), compact)[2]:
        assert [rect.get("fill") for rect in group.iter(f"{SVG}rect")] == [
            weight_color(weight) for weight in WEIGHTS
        ]
        assert words(group)[1:] == [".10", ".70", ".15", ".05"]


def test_the_query_comes_from_the_state_before_or_from_the_new_one():
    starts = []
    for group in groups(attention_orders(SRC, WEIGHTS))[2]:
        starts.append({float(d[1:].split()[0]) for d in lines(group) if len(d) > 40})
    root = ET.fromstring(attention_orders(SRC, WEIGHTS).svg())
    centre = {"si": [], f"s{FIRST}": []}
    for text in root.iter(f"{SVG}text"):
        name = "".join(text.itertext())
        if name in centre:
            centre[name].append(float(text.get("x")))
    assert starts[0] == {centre[f"s{FIRST}"][0]}
    assert len(starts[1]) == 1 and starts[1] <= set(centre["si"])


def test_only_input_feeding_is_dashed():
    dashed = [
        (rect.get("stroke"), step)
        for step, pair in groups(attention_orders(SRC, WEIGHTS)).items()
        for group in pair
        for rect in group.iter(f"{SVG}rect")
        if rect.get("stroke-dasharray")
    ]
    assert dashed == [(COLORS["decoder"], 6)]


def test_captions_name_the_order_and_input_feeding():
    captions = attention_orders(SRC, WEIGHTS).captions
    assert len(captions) == 7
    assert "Luong moves" in captions[1] and "sᵢ₋₁" in captions[2]
    assert "input feeding" in captions[6]


@pytest.mark.parametrize("count", [1, 2, 6])
def test_drawings_stay_inside_their_frame(count):
    figure = attention_orders(["word"] * count, [1 / count] * count)
    for compact in (False, True):
        root = ET.fromstring(figure.svg(compact=compact))
        width, height = map(float, root.get("viewBox").split()[2:])
        for rect in root.iter(f"{SVG}rect"):
            x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
            assert x >= 0 and y >= 0 and x + w <= width and y + h <= height


def test_text_is_escaped():
    html = attention_orders(["<b>x", "&"], [0.5, 0.5])._repr_html_()
    assert "&lt;b&gt;x" in html and "<b>x" not in html


def test_what_is_refused():
    with pytest.raises(ValueError, match="room for 6 source tokens, but 7"):
        attention_orders(["a"] * 7, [1 / 7] * 7)
    with pytest.raises(ValueError, match="between 0 and 1"):
        attention_orders(["a", "b"], [1.5, -0.5])
    with pytest.raises(ValueError, match="between 0 and 1"):
        attention_orders(["a"], [float("nan")])
    with pytest.raises(ValueError, match="weights"):
        attention_orders(["a", "b", "c"], [0.5, 0.5])
    with pytest.raises(TypeError, match="list of tokens"):
        attention_orders("ab", [0.5, 0.5])
