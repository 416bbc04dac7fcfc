"""The figure of padding and batches by length: what it draws, its markup, its widget, its script in a browser."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET

import pytest
from figure_pages import EVIL, SVG, Page, caption, fits, groups, opened, shows, texts
from other_process import printed

from s2s_tutorial.figures.widgets import BatchExplorer
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.pairs import Pair
from s2s_tutorial.text.vocabulary import Vocabulary

LENGTHS = [2, 5, 1, 4, 2, 5, 3]
WORDS = ["il", "gatto", "non", "ha", "fame"]
VOCAB = Vocabulary(WORDS)
PAIRS = [Pair(tuple(WORDS[:n]), ("x",) * (9 - n)) for n in LENGTHS]


def explorer(pairs=PAIRS, vocab=VOCAB, size=3, **options):
    return BatchExplorer(pairs, vocab, vocab, size, **options)


def masks(figure, step, compact=False):
    """The digits that appear at a step, row by row."""
    words, _ = groups(figure, compact)[step]
    return [word for word in words if set(word) <= {"0", "1"}]


@pytest.mark.parametrize("compact", [False, True])
def test_both_panels_show_the_masks_of_the_packages_own_batches(compact):
    root = ET.fromstring(explorer().svg(compact=compact))
    drawn = []
    for group in root.iter(f"{SVG}g"):
        if group.get("data-step") in ("3", "5"):
            drawn.append([word for word in texts(group) if re.fullmatch("[01]+", word)])
    by_hand = []
    for bucket in (False, True):
        batches = make_batches(PAIRS, VOCAB, VOCAB, 3, bucket=bucket)
        rows = [row for batch in batches for row in batch.src_mask.int().tolist()]
        by_hand.append(["".join(map(str, row)) for row in rows])
    assert [each for each in drawn if each] == by_hand


def test_padding_is_counted_batch_by_batch_and_in_all():
    words, _ = groups(explorer())[2]
    # 2, 5, 1 in columns of 5; 4, 2, 5 in columns of 5; 3 alone
    assert words == ["7 of 15", "4 of 15", "0 of 3", "Padding: 11 of 33 cells, 33%"]
    words, _ = groups(explorer())[5]  # 1, 2, 2; 3, 4, 5; 5
    assert words == ["1 of 6", "3 of 15", "0 of 5", "Padding: 4 of 26 cells, 15%"]
    assert explorer().captions[2].endswith(": 11 of 33 cells, 33%.")
    assert explorer().captions[5].endswith(": 4 of 26 cells, 15%.")


def test_sentences_keep_their_numbers_when_they_are_sorted():
    first, second = (groups(explorer())[step][0] for step in (1, 4))
    assert first == list("1234567")
    lengths = [LENGTHS[int(number) - 1] for number in second]
    assert lengths == sorted(LENGTHS) and sorted(second) == first


def test_a_sentence_is_told_with_its_ids_and_masks():
    assert explorer().sentence_caption(0) == (
        "1. il gatto: ids 4 5. In the order of the corpus 3 zeros follow, mask 1 1 0 0 0; "
        "by length no padding follows, mask 1 1."
    )
    assert "ids 4. " in explorer().sentence_caption(2)
    assert explorer().names[4] == "5. il gatto"


def framed(markup):
    rows = (part for part in ET.fromstring(markup).iter(f"{SVG}rect") if part.get("data-row"))
    return [part.get("data-row") for part in rows if part.get("stroke")]


def test_a_chosen_sentence_is_framed_in_both_panels():
    assert framed(explorer().svg()) == []
    assert framed(explorer().svg(3, 4)) == framed(explorer().svg(3, 4, compact=True)) == ["4", "4"]


@pytest.mark.parametrize("compact", [False, True])
def test_drawings_stay_inside_their_frame_and_a_phone_has_room(compact):
    long = [Pair(("a",) * n, ("a",)) for n in (14, 1, 3)]
    for figure in (explorer(), explorer(long, Vocabulary(["a"]))):
        width, height = map(
            float, ET.fromstring(figure.svg(compact=compact)).get("viewBox").split()[2:]
        )
        assert width < (430 if compact else 850)
        for panel in ET.fromstring(figure.svg(compact=compact)):
            moved = re.findall(r"[\d.]+", panel.get("transform", "translate(0 0)"))
            for rect in panel.iter(f"{SVG}rect"):
                x, y, w, h = (float(rect.get(k)) for k in ("x", "y", "width", "height"))
                assert x >= 0 and x + w + float(moved[0]) <= width
                assert y >= 0 and y + h + float(moved[1]) <= height


def test_html_has_every_sentence_in_a_list_and_a_table():
    page = Page(explorer()._repr_html_())
    assert ["".join(e[2]) for e in page.find("option", of="tag")] == explorer().names
    *tables, everything = page.find("s2s-table")
    assert [table[1]["data-caption"] for table in tables] == [
        explorer().sentence_caption(k) for k in range(7)
    ]
    first = "".join(tables[0][2])
    assert "token" in first and "ids, corpus order45000" in first and "ids, by length45" in first
    assert "display:none" in page.one("s2s-sentence")[1]["style"]
    for name in explorer().names:
        assert name in everything[2]
    assert "1. il gatto4 51 1 0 0 01 1" in "".join(everything[2])


def test_no_outside_host_is_asked_and_every_text_is_escaped():
    evil = [Pair((EVIL, "b"), ("x",)), Pair(("b",), ("x",))]
    made = explorer(evil, Vocabulary([EVIL, "b"]), 2, title=EVIL)
    for markup in (made._repr_html_(), made.widget().children[1].value):
        assert set(re.findall(r"https?://[^\s\"'<>)]+", markup)) <= {"http://www.w3.org/2000/svg"}
        page = Page(markup)
        assert len(page.find("script", of="tag")) == markup.count("<script>") <= 1
        assert not page.find("b", of="tag") and "".join(page.one("s2s-title")[2]) == EVIL


@pytest.mark.slow
def test_html_is_the_same_in_every_process():
    program = "from test_batching import explorer; print(explorer()._repr_html_())"
    assert printed(__file__, program) == explorer()._repr_html_()


def test_widget_follows_slider_and_list():
    made = explorer()
    controls, picture = made.widget().children
    choice, _, slider = controls.children
    assert shows(picture.value, made.svg(0, 0))
    slider.value, choice.value = 3, made.names[4]
    assert shows(picture.value, made.svg(3, 4)) and shows(
        picture.value, made.svg(3, 4, compact=True)
    )
    page = Page(picture.value)
    assert page.one("s2s-step-caption")[2] == [made.captions[3]]
    assert page.one("s2s-table")[1]["data-caption"] == made.sentence_caption(4)


def test_what_does_not_fit_is_explained():
    with pytest.raises(ValueError, match="room for 24 sentences of 14 tokens, but 25 came"):
        explorer([PAIRS[0]] * 25)
    with pytest.raises(ValueError, match="the longest of 15"):
        explorer([Pair(("il",) * 15, ("x",))])
    with pytest.raises(ValueError, match="empty"):
        explorer([])
    with pytest.raises(IndexError, match="numbered 0 to 6, but 7"):
        explorer().sentence_caption(7)
    with pytest.raises(IndexError, match="numbered 0 to 6, but -1"):
        explorer().svg(0, -1)
    with pytest.raises(IndexError, match="steps 0 to 5"):
        explorer().svg(6)


@pytest.fixture
def page(browser, tmp_path):
    with opened(browser, tmp_path, explorer(), explorer(title="Another")) as page:
        yield page


def chosen(page, figure=0):
    return page.evaluate(
        """(k) => [...document.querySelectorAll('.s2s-figure')[k].querySelectorAll('.s2s-row.s2s-chosen')]
        .filter(row => row.getClientRects().length).map(row => Number(row.dataset.row))""",
        figure,
    )


def shown_table(page):
    return page.locator(".s2s-sentence .s2s-table:visible").first.inner_text()


def test_touching_a_sentence_shows_its_ids_and_mask(page):
    made = explorer()
    assert chosen(page) == [0, 0] and caption(page) == made.captions[0]
    assert made.names[0] in shown_table(page)
    page.locator(".s2s-row:visible").nth(3).click()
    assert chosen(page) == [3, 3] and chosen(page, 1) == [0, 0]
    assert caption(page) == made.sentence_caption(3)
    assert made.names[3] in shown_table(page)
    page.locator(".s2s-step-next").first.click()
    assert caption(page) == made.captions[1] and chosen(page) == [3, 3]


def test_keys_step_and_in_the_list_they_choose(page):
    made = explorer()
    page.locator(".s2s-step-next").first.press("ArrowRight")
    assert caption(page) == made.captions[1]
    page.locator("select").first.select_option("2")
    assert caption(page) == made.sentence_caption(2) and chosen(page) == [2, 2]
    page.locator("select").first.press("ArrowDown")
    assert caption(page) == made.sentence_caption(3)
    assert page.locator(".s2s-count").first.inner_text() == "1 / 5"


def test_touching_stops_the_play(page):
    page.clock.install()
    page.locator(".s2s-step-play").first.click()
    page.locator(".s2s-row:visible").nth(1).click()
    page.clock.run_for(9000)
    assert caption(page) == explorer().sentence_caption(1)


@pytest.mark.parametrize("width", [360, 390, 1000])
def test_it_fits_the_screen(page, width):
    assert fits(page, width)


def test_without_scripts_the_whole_stands(browser, tmp_path):
    with opened(browser, tmp_path, explorer(), java_script_enabled=False) as page:
        assert page.locator(".s2s-wide svg").is_visible()
        assert not page.locator("select").is_visible()
        page.locator("summary").nth(1).click()
        assert page.locator(".s2s-table:visible tbody tr").count() == 7
