"""The attention explorer: its links, bars and numbers, its markup, its widget, its script in a browser."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import numpy as np
import pytest
import torch
from figure_pages import EVIL, SVG, Page, caption, fits, opened, shows, texts
from hypothesis import given
from hypothesis import strategies as st
from other_process import printed

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets import AttentionExplorer
from s2s_tutorial.translate.translation import Translation

SRC = ["Stai", "attento", ",", "Thomas", "!"]
WIDE = ["Stai", "attentissimo", "soprattutto", "precipitosamente", "end"]  # two drawings
TGT = ["Be", "careful", "!"]
WEIGHTS = np.array(
    [[0.5, 0.25, 0.25, 0, 0], [0.02, 0.9, 0.08, 0, 0], [0.001, 0.001, 0.004, 0.024, 0.97]]
)


def explorer(src=SRC, tgt=TGT, weights=WEIGHTS, **options):
    return AttentionExplorer(src, tgt, weights, **options)


def several():
    return AttentionExplorer.from_examples(
        {"one": (SRC, TGT, WEIGHTS), "two": (["x", "y"], ["z"], [[0.25, 0.75]])}
    )


def steps(markup):
    """The groups of a drawing: target word -> (links, numbers)."""
    found = {}
    for group in ET.fromstring(markup).iter(f"{SVG}g"):
        if group.get("data-step"):
            links = list(group.iter(f"{SVG}path"))
            found[int(group.get("data-step"))] = links, texts(group)
    return found


def words(markup):
    """The texts of a drawing and where they stand, those of weights left out."""
    root = ET.fromstring(markup)
    texts = [
        t for t in root.iter(f"{SVG}text") if t not in root.findall(f".//{SVG}g/{SVG}g/{SVG}g/*")
    ]
    return {"".join(t.itertext()): (float(t.get("x")), float(t.get("y"))) for t in texts}


@pytest.mark.parametrize("compact", [False, True])
def test_every_weight_that_counts_has_a_link_as_thick_as_it_is_large(compact):
    drawn = steps(explorer(src=WIDE).svg(0, compact=compact))
    assert {i: len(links) for i, (links, _) in drawn.items()} == {1: 3, 2: 2, 3: 1}
    widths = [float(link.get("stroke-width")) for link in drawn[1][0]]
    assert widths[0] > widths[1] == widths[2]
    strengths = [float(link.get("stroke-opacity")) for i in (2, 3) for link in drawn[i][0]]
    assert strengths == pytest.approx([0.15 + 0.75 * w for w in (0.9, 0.08, 0.97)], abs=0.006)


@pytest.mark.parametrize("compact", [False, True])
def test_a_step_shows_one_word_with_its_numbers_and_step_0_none(compact):
    assert all(
        not numbers for _, numbers in steps(explorer(src=WIDE).svg(0, compact=compact)).values()
    )
    (step, (links, numbers)), *others = steps(explorer(src=WIDE).svg(2, compact=compact)).items()
    assert (step, others, len(links)) == (2, [], 2)
    assert numbers == [".02", ".90", ".08"]


@given(st.lists(st.floats(0, 1), min_size=1, max_size=7))
def test_bars_are_as_long_as_the_weights(row):
    made = AttentionExplorer([f"w{j}" for j in range(len(row))], ["y"], [row])
    bars = [
        float(r.get("height"))
        for r in ET.fromstring(made.svg(1)).iter(f"{SVG}rect")
        if r.get("rx") is None
    ]
    longest = [max(1.0, 34 * weight) for weight in row if weight >= 0.005]
    assert bars == pytest.approx(longest, abs=0.051)


@pytest.mark.parametrize("compact", [False, True])
def test_links_run_from_the_word_to_what_it_looks_at(compact):
    markup = explorer(src=WIDE).svg(3, compact=compact)
    place = words(markup)
    (link,) = steps(markup)[3][0]
    numbers = [float(n) for n in re.findall(r"[\d.]+", link.get("d"))]
    axis = 1 if compact else 0  # words differ in height in the columns, in x in the rows
    assert (place["Be"][0] == place["!"][0]) == compact
    text = 0.36 * 13 if compact else 0  # a text's y is its baseline
    assert numbers[axis] == pytest.approx(place["!"][axis] - text, abs=0.11)
    assert numbers[-2:][axis] == pytest.approx(place["end"][axis] - text, abs=0.11)


def test_a_language_written_from_the_right_starts_there():
    hebrew = ["הילד", "הלך", "."]
    place = words(explorer(src=hebrew, weights=WEIGHTS[:, :3] / 2).svg(0))
    assert place["הילד"][0] > place["הלך"][0] > place["."][0]
    assert place["Be"][0] < place["careful"][0]
    caption = explorer(src=hebrew, weights=WEIGHTS[:, :3] / 2).captions()[1]
    assert "\u2068הילד\u2069" in caption and "\u2068Be" not in caption


def test_long_sentences_stand_below_each_other_and_short_ones_need_one_drawing():
    n = 40
    long = AttentionExplorer(["Wort"] * n, ["word"] * n, np.eye(n))
    root = ET.fromstring(long.svg())
    assert float(root.get("width")) < 400 and float(root.get("height")) > n * 26
    assert long.svg(compact=True) == long.svg()
    short = AttentionExplorer(["a"], ["b"], [[1.0]])
    assert (
        short.svg(compact=True) == short.svg()
        and "s2s-compact" not in short._repr_html_().split("</style>")[1]
    )


def test_captions_name_the_largest_weights_first_and_spaces_are_seen():
    assert explorer().captions()[1] == "“Be” looks at “Stai” .50, “attento” .25, “,” .25."
    assert explorer().captions()[3] == "“!” looks at “!” .97, “Thomas” .02."
    assert AttentionExplorer([" "], ["b"], [[1]]).captions()[1] == "“b” looks at “␣” 1.00."
    assert "nothing" in AttentionExplorer(["a"], ["b"], [[0.0]]).captions()[1]


def test_html_is_one_div_with_table_controls_and_all_links():
    page = Page(explorer()._repr_html_())
    tag, attributes, _ = page.elements[0]
    assert tag == "div" and re.fullmatch(r"s2s-[0-9a-f]{12}", attributes["id"])
    assert page.one("s2s-step-range")[1]["max"] == "3"
    rows = [e for e in page.elements if "data-caption" in e[1]]
    assert ["".join(row[2]) for row in rows][1] == "careful.02.90.08.00.00"
    assert [row[1]["data-caption"] for row in rows] == explorer().captions()[1:]
    (image,) = page.find("img", of="tag")
    assert "Be careful !" in image[1]["alt"] and "style" not in image[1]
    assert not page.find("s2s-example-choice")


def test_several_examples_share_a_figure_and_the_first_shows():
    page = Page(several()._repr_html_())
    assert ["".join(e[2]) for e in page.find("option", of="tag")] == ["one", "two"]
    shown = [("hidden" in e[1]) for e in page.find("s2s-example")]
    assert shown == [False, True]
    assert several().names == ["one", "two"]
    heads = AttentionExplorer(SRC, TGT, {"head 1": WEIGHTS, "head 2": WEIGHTS[::-1]})
    assert heads.names == ["head 1", "head 2"]
    assert heads.captions("head 2")[1] == "“Be” looks at “!” .97, “Thomas” .02."


def test_no_outside_host_is_asked_and_every_text_is_escaped():
    made = AttentionExplorer.from_examples({EVIL: ([EVIL, "b"], [EVIL], [[1, 0]])}, title=EVIL)
    for markup in (made._repr_html_(), made.widget().children[1].value):
        assert set(re.findall(r"https?://[^\s\"'<>)]+", markup)) <= {"http://www.w3.org/2000/svg"}
        page = Page(markup)
        assert len(page.find("script", of="tag")) == markup.count("<script>") <= 1
        assert not page.find("b", of="tag") and "".join(page.one("s2s-title")[2]) == EVIL


@pytest.mark.slow
def test_html_is_the_same_in_every_process_and_its_id_is_of_the_content():
    program = "from test_explorer import several; print(several()._repr_html_())"
    assert printed(__file__, program) == several()._repr_html_()
    ids = {Page(explorer(title=t)._repr_html_()).elements[0][1]["id"] for t in ("a", "b", "a")}
    assert len(ids) == 2


def test_widget_follows_slider_and_list():
    import ipywidgets

    made = several()
    box = made.widget()
    controls, picture = box.children
    choice, play, slider = controls.children
    assert shows(picture.value, made.svg(0))
    slider.value = 2
    assert (
        shows(picture.value, made.svg(2))
        and made.captions()[2] in Page(picture.value).one("s2s-step-caption")[2]
    )
    choice.value = "two"
    assert (slider.max, slider.value, play.max) == (1, 1, 1)
    assert shows(picture.value, made.svg(1, "two"))
    assert isinstance(explorer().widget().children[0].children[0], ipywidgets.Play)


def test_translations_become_examples():
    weights = torch.tensor(WEIGHTS, dtype=torch.bfloat16)
    found = Translation("Be careful!", TGT, weights, -1.0, SRC)
    assert AttentionExplorer.from_translation(found).captions()[2].startswith("“careful” looks at")
    assert AttentionExplorer.from_translation(found, found).names == [
        "1. Be careful !",
        "2. Be careful !",
    ]
    with pytest.raises(TypeError, match=r"from_translation\(\*found\), not a list"):
        AttentionExplorer.from_translation([found])
    with pytest.raises(ValueError, match="the source of this translation is empty"):
        AttentionExplorer.from_translation(found._replace(src_tokens=[], weights=None))
    with pytest.raises(ValueError, match="no attention"):
        AttentionExplorer.from_translation(found._replace(weights=None))
    with pytest.raises(ValueError, match="empty"):
        AttentionExplorer.from_translation(found._replace(tokens=[]))


@pytest.mark.parametrize(
    ("changes", "error", "message"),
    [
        ({"src": "Stai"}, TypeError, "split it into tokens"),
        ({"tgt": SRC}, ValueError, "5 tokens, but there are 3 rows of weights"),
        ({"weights": WEIGHTS * 2}, ValueError, "between 0 and 1"),
        ({"weights": {}}, ValueError, "empty"),
    ],
)
def test_what_does_not_fit_is_explained(changes, error, message):
    with pytest.raises(error, match=message):
        explorer(**changes)


def test_steps_and_examples_that_do_not_exist_are_explained():
    with pytest.raises(IndexError, match="steps 0 to 3"):
        explorer().svg(4)
    with pytest.raises(KeyError, match="there are one, two"):
        several().svg(0, "three")
    with pytest.raises(ValueError, match="no example"):
        AttentionExplorer.from_examples({})


@pytest.fixture
def page(browser, tmp_path):
    with opened(browser, tmp_path, several(), explorer(title="Another")) as page:
        yield page


def bars(page):
    """The target words whose bars show in the first figure."""
    return page.evaluate(
        """() => [...document.querySelector('.s2s-figure').querySelectorAll('.s2s-bars')]
        .filter(part => part.getClientRects().length).map(part => Number(part.parentNode.dataset.step))"""
    )


def test_hovering_shows_and_clicking_keeps_one_word(page):
    captions = several().captions()
    figure = page.locator(".s2s-figure").first
    word = figure.locator(".s2s-word:visible")
    assert caption(page) == captions[0] and bars(page) == []
    word.nth(1).hover()
    assert caption(page) == captions[2] and bars(page) == [2]
    page.mouse.move(1, 1)
    assert caption(page) == captions[0] and bars(page) == []
    word.nth(2).click()
    page.mouse.move(1, 1)
    assert caption(page) == captions[3] and bars(page) == [3]
    word.nth(2).click()
    page.mouse.move(1, 1)
    assert caption(page) == captions[0]
    assert caption(page, 1) == captions[0]


def test_keys_slider_and_list(page):
    made = several()
    page.locator(".s2s-step-next").first.click()
    page.locator(".s2s-step-next").first.press("ArrowRight")
    assert caption(page) == made.captions()[2] and bars(page) == [2]
    page.locator("select").select_option("1")
    assert caption(page) == made.captions("two")[1]  # its one word
    page.locator("select").press("Home")  # moves in the list, not in the figure
    assert caption(page) == made.captions()[1]
    page.locator(".s2s-step-range").first.press("End")
    assert (
        caption(page) == made.captions()[3] and page.locator(".s2s-step-next").first.is_disabled()
    )


def test_playing_goes_through_the_words(page):
    page.clock.install()
    page.locator(".s2s-step-play").first.click()
    assert caption(page) == several().captions()[1]
    page.clock.run_for(1700)
    assert caption(page) == several().captions()[2]


@pytest.mark.parametrize("width", [360, 1000])
def test_it_fits_the_screen(page, width):
    assert fits(page, width)


def test_the_table_is_of_the_example_that_is_shown(page):
    page.locator("summary").first.click()
    assert page.locator(".s2s-figure >> nth=0 >> .s2s-table:visible").count() == 1
    page.locator("select").select_option("1")
    assert "two" in page.locator(".s2s-figure >> nth=0 >> .s2s-table:visible").inner_text()


def test_a_finger_hits_a_word_beside_its_frame(page):
    figure = page.locator(".s2s-figure").first
    frame = figure.locator(".s2s-word .s2s-frame:visible").nth(1).bounding_box()
    page.mouse.click(frame["x"] + frame["width"] / 2, frame["y"] - 5)
    page.mouse.move(1, 1)
    assert bars(page) == [2]


def test_colours_are_the_books():
    assert all(COLORS[n] in explorer().svg(2) for n in ("token", "weights", "now"))
