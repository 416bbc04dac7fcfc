"""The page of alignments: whole, escaped, self-contained, quick to write, alive in a browser."""

from __future__ import annotations

import re

import pytest
import torch
from figure_pages import EVIL

from s2s_tutorial.translate.page import alignment_page, save_alignment_page
from s2s_tutorial.translate.translation import Translation

WEIGHTS = torch.tensor([[0.75, 0.25], [0.125, 0.875]])


def translation(text="Be careful", src="Stai attento", weights=WEIGHTS):
    return Translation(text, text.split(), weights, -1.0, src.split(), src)


def test_every_translation_stands_with_its_source_in_order():
    soup = parse(alignment_page([translation(), translation("You too", "Anche tu")], "T & t"))
    assert soup.title.string == soup.h1.string == "T & t"
    sections = soup.find_all("section")
    assert [s.find("p", class_="source").string for s in sections] == ["Stai attento", "Anche tu"]
    assert [s.find_all("p")[1].string for s in sections] == ["Be careful", "You too"]
    assert [len(s.find_all("div", class_="s2s-attention")) for s in sections] == [1, 1]
    assert "attento” .88" in str(sections[0])


def parse(page):
    from bs4 import BeautifulSoup

    return BeautifulSoup(page, "html.parser")


def test_style_sheet_and_script_stand_once_and_no_host_is_asked():
    one, two = (alignment_page([translation()] * n) for n in (1, 2))
    for page in (one, two):
        assert page.count("<script>") == page.count("</script>") == 1
        assert set(re.findall(r"https?://[^\s\"'<>)]+", page)) == {"http://www.w3.org/2000/svg"}
        assert not re.search(r"<(link|iframe|object|embed)|@import", page)
    assert len(two) - len(one) < 8_000  # what a small figure takes


def test_every_text_is_escaped():
    evil = Translation(EVIL, [EVIL], torch.tensor([[1.0]]), -1.0, [EVIL], EVIL)
    page = alignment_page([evil], title=EVIL)
    assert page.count("<script>") == 1
    soup = parse(page)
    assert soup.h1.string == EVIL and not soup.find_all("b")
    assert [p.string for p in soup.section.find_all("p")[:2]] == [EVIL, EVIL]


def test_empty_lines_models_without_attention_and_more_than_fits_are_told():
    empty = Translation("", [], None, 0.0, [])
    page = alignment_page([empty, translation(weights=None)], total=7)
    assert "(an empty line)" in page and "The first 2 of 7 translations." in page
    assert "no attention" in page and "s2s-attention " not in page.split("</style>")[-1]
    assert "no attention" not in alignment_page([empty]) + alignment_page([])
    assert "The first" not in alignment_page([translation()], total=1)
    written = Translation("", [], WEIGHTS[:0], -1.0, ["a", "b"], "a b")  # the model wrote nothing
    assert parse(alignment_page([written])).section.find("p", class_="source").string == "a b"


def test_it_is_written_whole_or_not_at_all(tmp_path):
    save_alignment_page(tmp_path / "new" / "page.html", [translation("Là 可以")], "né")
    text = (tmp_path / "new" / "page.html").read_text(encoding="utf-8")
    assert text == alignment_page([translation("Là 可以")], "né")
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(OSError, match="could not write"):
        save_alignment_page(tmp_path / "file" / "page.html", [translation()])


def test_each_figure_lives_by_itself(browser, tmp_path):
    save_alignment_page(tmp_path / "page.html", [translation(), translation("You too")])
    page = browser.new_page(viewport={"width": 360, "height": 700})
    errors = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto((tmp_path / "page.html").as_uri())
    page.locator("#t2 .s2s-word:visible").nth(1).click()
    page.mouse.move(1, 1)
    assert "“too” looks at “attento” .88" in page.locator("#t2 .s2s-step-caption").inner_text()
    assert "Every link" in page.locator("#t1 .s2s-step-caption").inner_text()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.close()
    assert not errors
