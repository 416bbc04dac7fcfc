"""The figure to step through: its markup, its steps, its widget, and the pieces it is drawn from."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from figure_pages import EVIL, SVG, Page, bars_of, lines, opacities, opened, shows, texts
from other_process import printed

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets import StepFigure, svg
from s2s_tutorial.figures.widgets.svg import shortened, text_width


def drawing(*steps, width=200.0):
    """A box that is always there and one more for each step."""
    fixed = svg.box(10, 10, 12, 12, color="token")
    parts = (
        svg.step(k, svg.box(20 * k, 10, 12, 12, color="encoder"), svg.text(20 * k, 10, f"part {k}"))
        for k in steps
    )
    return svg.drawing(width, 20, fixed, *parts, label="Boxes")


def drawn(*parts):
    """The drawing of some pieces, read again."""
    return ET.fromstring(svg.to_svg(svg.drawing(50, 50, *parts, label="Pieces")))


def figure(**changes):
    options = {"title": "Boxes", "overview": "Everything.", "compact": drawing(1, 2, 3, width=100)}
    captions = ["The first box.", "The second, with a much longer caption.", "The third."]
    return StepFigure(drawing(1, 2, 3), captions, **{**options, **changes})


def test_html_is_one_div_with_the_parts_the_page_needs():
    markup = figure()._repr_html_()
    page = Page(markup)
    tag, attributes, _ = page.elements[0]
    assert tag == "div" and re.fullmatch(r"s2s-[0-9a-f]{12}", attributes["id"])
    assert markup.startswith("<div") and markup.endswith("</div>")
    for name, label in (("prev", "Previous step"), ("play", "Play"), ("next", "Next step")):
        tag, attributes, _ = page.one(f"s2s-step-{name}")
        assert (tag, attributes["aria-label"], attributes["type"]) == ("button", label, "button")
    _, attributes, _ = page.one("s2s-step-range")
    assert attributes["aria-label"] and (attributes["min"], attributes["max"]) == ("0", "3")
    _, attributes, texts = page.one("s2s-step-caption")
    assert attributes["aria-live"] == "polite" and texts == ["Everything."]


def test_every_step_has_a_caption_and_the_static_picture_shows_all():
    page = Page(figure()._repr_html_())
    _, _, texts = page.one("s2s-step-list")
    items = [e for e in page.find("li", of="tag")]
    assert ["".join(item[2]) for item in items] == list(figure().captions[1:])
    for name in ("s2s-wide", "s2s-compact"):
        assert "".join(page.one(name)[2]) == "part 1part 2part 3"
    steps = {int(e[1]["data-step"]) for e in page.elements if "data-step" in e[1]}
    assert steps == {1, 2, 3}
    assert not any(
        "opacity" in e[1] or "s2s-later" in (e[1].get("class") or "") for e in page.elements
    )


def test_no_outside_host_is_asked():
    markup = figure()._repr_html_()
    assert set(re.findall(r"https?://[^\s\"'<>)]+", markup)) == {"http://www.w3.org/2000/svg"}
    assert "@import" not in markup
    for _, attributes, _ in Page(markup).elements:
        for name in ("src", "href", "xlink:href"):
            assert attributes.get(name, "data:").startswith("data:")


def test_without_style_sheet_and_svg_an_image_of_the_whole_is_left():
    """What Lab leaves of a notebook it does not trust: no style, no script, no svg."""
    page = Page(figure()._repr_html_())
    image = next(e for e in page.elements if e[0] == "img")
    assert image[1]["alt"] == "Boxes"
    assert "style" not in image[1]
    for name in ("s2s-live", "s2s-controls", "s2s-measure"):
        assert page.one(name)[1]["style"] == "display:none"
    css = "".join(page.find("style", of="tag")[0][2])
    assert ".s2s-still{display:none!important}" in css and "display:block!important" in css


def test_every_text_is_escaped():
    markup = svg.drawing(50, 20, svg.step(1, svg.text(0, 0, EVIL)), label=EVIL)
    made = StepFigure(markup, [EVIL], title=EVIL, overview=EVIL)
    for html in (made._repr_html_(), made._still(1)):
        page = Page(html)
        assert len(page.find("script", of="tag")) == html.count("<script>") <= 1
        assert not page.find("b", of="tag")
        assert "".join(page.one("s2s-title")[2]) == EVIL
    assert texts(ET.fromstring(made.svg())) == [EVIL]


def test_characters_that_xml_does_not_know_are_replaced():
    made = StepFigure(
        svg.drawing(9, 9, svg.text(0, 0, "a\x00b"), label="x"), ["c"], title="", overview=""
    )
    assert "a\ufffdb" in made.svg()


@pytest.mark.slow
def test_html_is_the_same_in_every_process():
    program = "from test_step_figure import figure; print(figure()._repr_html_())"
    assert printed(__file__, program) == figure()._repr_html_()


def test_id_depends_on_the_content():
    ids = {
        Page(figure(title=title)._repr_html_()).elements[0][1]["id"] for title in ("a", "b", "a")
    }
    assert len(ids) == 2


def test_static_pictures_show_the_steps_so_far():
    made = figure()
    assert opacities(made.svg()) == {1: 1, 2: 1, 3: 1}
    assert opacities(made.svg(2)) == {1: 1, 2: 1, 3: 0.1}
    strokes = [rect.get("stroke") for rect in ET.fromstring(made.svg(2)).iter(f"{SVG}rect")]
    assert strokes == [COLORS["token"], COLORS["encoder"], COLORS["now"], COLORS["encoder"]]
    assert ET.fromstring(made.svg(compact=True)).get("width") == "100"
    assert figure(compact=None).svg(compact=True) == figure(compact=None).svg()


def test_widget_draws_the_step_of_the_slider():
    import ipywidgets

    made = figure()
    box = made.widget()
    found = {type(part): part for part in (*box.children, *box.children[0].children)}
    slider, play, picture = (found[getattr(ipywidgets, n)] for n in ("IntSlider", "Play", "HTML"))
    assert (slider.min, slider.max, play.max) == (0, 3, 3)
    before = picture.value
    assert "Everything." in Page(before).one("s2s-step-caption")[2]
    slider.value = 2
    assert picture.value != before
    assert Page(picture.value).one("s2s-step-caption")[2] == [made.captions[2]]
    assert shows(picture.value, made.svg(2)) and shows(picture.value, made.svg(2, compact=True))
    slider.value = 0
    assert picture.value == before


@pytest.mark.parametrize(
    ("markup", "captions", "error", "message"),
    [
        (drawing(1, 2), ["one"], ValueError, 'data-step="2", but there are captions for .* 1 to 1'),
        (drawing(0), ["one"], ValueError, 'data-step="0"'),
        (drawing(1), [], ValueError, "at least one step"),
        (drawing(1), "one", TypeError, "list of strings"),
        (drawing(1), [1], TypeError, "list of strings"),
        ("<svg><g></svg>", ["one"], ValueError, "well-formed"),
        ("<p>text</p>", ["one"], ValueError, "one <svg> element"),
    ],
)
def test_wrong_drawings_and_captions_are_explained(markup, captions, error, message):
    with pytest.raises(error, match=message):
        StepFigure(markup, captions, title="t", overview="o")


@pytest.mark.parametrize("step", [-1, 4])
def test_steps_that_do_not_exist_are_explained(step):
    with pytest.raises(IndexError, match="steps 0 to 3"):
        figure().svg(step)


def test_bars_reach_out_by_their_value():
    root = drawn(svg.bars(20, 20, 26, 30, [1, -0.5, 0], color="context"))
    # the frame is 26 wide, 3 free on each side; a zero shows
    assert bars_of(root, "context") == [[10.0, -5.0, 0.5]]


def test_arrow_ends_where_it_should_and_needs_two_points():
    root = drawn(svg.arrow((0, 0), (0, 30), (40, 30)))
    (line,), head = lines(root), root.find(f".//{SVG}path[@class='s2s-head']").get("d")
    assert line.startswith("M0 0") and line.endswith("L36 30") and "Q0 30" in line
    assert head.startswith("M40 30")
    with pytest.raises(ValueError, match="two points"):
        svg.arrow((0, 0))


def test_text_is_cut_to_its_room_and_keeps_the_whole_for_hovering():
    assert shortened("Thomas", 1000) == "Thomas"
    cut = shortened("internationalisation", 60)
    assert cut.endswith("…") and text_width(cut) <= 60 and len(cut) > 4
    (text,) = drawn(svg.text(0, 0, "internationalisation", width=60))
    assert text[0].tag == f"{SVG}title" and text[0].text == "internationalisation"
    assert text[0].tail == cut


def test_anyones_svg_is_taken_with_its_namespaces():
    names = 'xmlns:x="http://www.w3.org/1999/xlink" xmlns:s="http://www.w3.org/2000/svg"'
    markup = f'<s:svg {names} viewBox="0 0 9 9"><s:use x:href="#a"/><s:g data-step="1"/></s:svg>'
    made = StepFigure(markup, ["c"], title="t", overview="o")
    (use, _) = ET.fromstring(made.svg())
    assert (use.tag, use.get("href")) == (f"{SVG}use", "#a")
    assert '<use href="#a"></use>' in made._repr_html_()


@pytest.mark.parametrize("words", ["Thomas", "Stai attento,", "<bos>", "MAMMA", "illi"])
def test_text_width_agrees_with_a_font_of_those_widths(words):
    from matplotlib.font_manager import FontProperties, findfont
    from matplotlib.textpath import TextPath

    try:
        findfont("Liberation Sans", fallback_to_default=False)
    except ValueError:
        pytest.skip("the font Liberation Sans, as wide as Helvetica, is not installed")
    path = TextPath((0, 0), 4 * words, size=100, prop=FontProperties(family="Liberation Sans"))
    assert text_width(4 * words, 100) == pytest.approx(path.get_extents().width, rel=0.08)


@pytest.fixture
def tall(browser, tmp_path):
    """A drawing of twice a phone's height, its first step at the bottom and its last at the top."""
    boxes = (
        svg.step(k, svg.box(40, 1500 - 600 * (k - 1), 40, 30, color="encoder")) for k in (1, 2, 3)
    )
    made = StepFigure(
        svg.drawing(300, 1600, *boxes, label="A tower"), list("abc"), title="", overview="o"
    )
    with opened(browser, tmp_path, made, made) as page:
        page.set_viewport_size({"width": 390, "height": 800})
        yield page


IN_SIGHT = """(selector) => {
  const box = document.querySelector(selector).getBoundingClientRect();
  return box.height > 0 && box.top >= 0 && box.bottom <= window.innerHeight;
}"""


def test_what_changes_and_the_controls_are_on_one_screen(tall):
    for step in (1, 2, 3):
        tall.locator(".s2s-step-next").first.click()
        for part in (f"[data-step='{step}'] .s2s-frame", ".s2s-controls", ".s2s-step-caption"):
            assert tall.evaluate(IN_SIGHT, part), (step, part)


def test_a_playing_figure_leaves_a_reader_alone_who_has_gone_on(tall):
    tall.clock.install()
    tall.locator(".s2s-step-play").first.click()
    tall.evaluate("window.scrollTo(0, document.body.scrollHeight)")
    there = tall.evaluate("window.scrollY")
    tall.clock.run_for(5000)
    assert tall.locator(".s2s-count").first.inner_text() == "2 / 3"
    assert tall.evaluate("window.scrollY") == there
