"""`make pdf`: a few pages of the built site as one PDF, opened again: contents, links, and every glyph on the paper."""

from __future__ import annotations

import ctypes

import pypdfium2
import pytest
import yaml
from places import ROOT
from pypdfium2 import raw
from website.built import SITE

from tools.make_pdf import list_parts, main, make_pdf

ADDRESS = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["html"]["baseurl"]
TOC = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
# A page of links, one of tables, a notebook with a figure to step through, and what it cites.
PAGES = ["book/index", "book/notation", "chapters/your_own_model", "book/references"]
TITLES = [
    "How much of a sentence fits in one vector?",
    "Notation",
    "Your own model",
    "References",
]
A4 = (595.3, 841.9)
MARGIN = 45  # points; print.css has 17 mm at least, a little less is left for what glyphs overhang


@pytest.fixture(scope="module")
def pdf(browser, tmp_path_factory):
    output = tmp_path_factory.mktemp("pdf") / "new folder" / "book.pdf"
    make_pdf(browser, SITE, list_parts(TOC, PAGES), output)
    with pypdfium2.PdfDocument(output) as document:
        yield document


def text_of(pdf, number: int) -> str:
    """The text of a page, counted from 1, with single spaces and the hyphens at which PDFium saw a line end."""
    text = pdf[number - 1].get_textpage().get_text_bounded()
    return " ".join(text.replace("\x02", "-").split())


def links_of(pdf, number: int) -> list[str | int]:
    """Where the links of a page lead: addresses, and numbers of pages."""
    found, position, link = [], ctypes.c_int(0), raw.FPDF_LINK()
    while raw.FPDFLink_Enumerate(pdf[number - 1], position, link):
        action = raw.FPDFLink_GetAction(link)
        if action and raw.FPDFAction_GetType(action) == raw.PDFACTION_URI:
            size = raw.FPDFAction_GetURIPath(pdf, action, None, 0)
            buffer = ctypes.create_string_buffer(size)
            raw.FPDFAction_GetURIPath(pdf, action, buffer, size)
            found.append(buffer.value.decode())
        else:
            found.append(raw.FPDFDest_GetDestPageIndex(pdf, raw.FPDFLink_GetDest(pdf, link)) + 1)
    return found


def outline_of(pdf) -> dict[str, int]:
    """The outline's titles, with plain spaces, and the pages to which they lead."""
    marks = pdf.get_toc()
    return {
        mark.get_title().replace("\xa0", " "): mark.get_dest().get_index() + 1 for mark in marks
    }


def test_title_page_and_pages(pdf):
    assert pdf.get_metadata_dict()["Title"] == "Attention, step by step"
    first = text_of(pdf, 1)
    assert first.startswith("Attention, step by step The s2s-tutorial authors")
    assert links_of(pdf, 1) == [ADDRESS]
    for number in range(2, len(pdf) + 1):
        assert pdf[number - 1].get_size() == pytest.approx(A4, abs=1)
        assert str(number) in text_of(pdf, number).split(), "each page bears its number"


def test_contents_name_the_page_on_which_each_stands(pdf):
    contents = text_of(pdf, 2)
    outline = outline_of(pdf)
    assert "Contents" in contents and "REFERENCE" in contents
    for title in [*TITLES, "Three papers, one mechanism", "A custom attention in six lines"]:
        number = outline[title]
        assert f"{title} {number}" in contents
        assert title in text_of(pdf, number)
        assert number in links_of(pdf, 2)


def test_links_lead_within_the_book_and_out_of_it(pdf):
    outline = outline_of(pdf)
    landing = range(outline["How much of a sentence fits in one vector?"], outline["Notation"])
    links = [link for number in landing for link in links_of(pdf, number)]
    assert outline["References"] in links and outline["Notation"] in links
    assert all(link > 0 for link in links if isinstance(link, int))
    # What is not in this PDF is on the site, whose address stands there.
    outside = ADDRESS + "chapters/03_bahdanau_attention.html"
    text = "".join(text_of(pdf, number) for number in landing).replace(" ", "")
    assert outside in links and f"<{outside}>" in text
    assert "references.html" not in text, "within the book there is nothing to copy by hand"


def test_no_glyph_is_cut_off_by_the_edge_of_the_paper(pdf):
    seen = 0
    for number, page in enumerate(pdf, 1):
        width, height = page.get_size()
        text = page.get_textpage()
        for index in range(text.count_chars()):
            left, bottom, right, top = text.get_charbox(index)
            if right - left < 0.1:
                continue  # spaces and line ends
            inside = MARGIN < left and right < width - MARGIN and 20 < bottom and top < height - 20
            assert inside, (number, text.get_text_range(max(0, index - 30), 60))
            seen += 1
    assert seen > 10_000


def test_figures_and_code_are_there_and_controls_are_not(pdf):
    outline = outline_of(pdf)
    chapter = range(outline["Your own model"], outline["References"])
    text = " ".join(text_of(pdf, number) for number in chapter)
    for words in ("Where it looked", "import s2s_tutorial as s2s", "All weights as a table"):
        assert words in text
    pictures = [
        item.type
        for number in chapter
        for item in pdf[number - 1].get_objects(filter=[raw.FPDF_PAGEOBJ_IMAGE])
    ]
    assert pictures
    for words in ("/ 11", "Show the code", "Back to top"):
        assert words not in text


def test_an_unknown_page_is_named():
    with pytest.raises(SystemExit, match="no page book/none"):
        list_parts(TOC, ["book/none"])


def test_without_a_site_it_says_what_to_do(monkeypatch, tmp_path):
    monkeypatch.setattr("tools.make_pdf.SITE", tmp_path)
    with pytest.raises(SystemExit, match="make book"):
        main([])


def test_the_book_is_whole_and_in_the_order_of_its_contents():
    parts = list_parts(TOC)
    pages = [page for part in parts for page in part["pages"]]
    assert pages[0] == "book/index" and pages[-1] == "book/references"
    assert {part["caption"] for part in parts} >= {"", "The story", "Reference"}
    assert "book/api/text" in pages and len(pages) == len(set(pages))
