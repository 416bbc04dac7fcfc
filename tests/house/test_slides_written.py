"""How a deck is written, and that what is wrong with one is said with file and line."""

from __future__ import annotations

import doctest

import pytest
from lxml import html

from tools import make_slides
from tools.make_slides import ROOT, make_decks
from tools.slides import book, tables
from tools.slides.book import Book
from tools.slides.deck import Mistake
from tools.slides.missing import Missing

HEAD = "---\ntitle: A deck\nquestion: Why?\n---\n"
SECTION = '{{section 1 "Padding"}}\n'
SLIDE = HEAD + "\n## A slide\n" + SECTION  # what follows is line 8
BOOK = Book(ROOT / "chapters")


@pytest.fixture(autouse=True)
def as_written(monkeypatch):
    """Equations stay as they are written; tests/site/test_slides.py sees them drawn."""
    monkeypatch.setattr(make_slides, "typeset", lambda *arguments: None)


def made(folder, text, name="week_1.md"):
    path = folder / name
    path.write_text(text, encoding="utf-8")
    make_decks([path], folder / "out")
    page = html.parse(str(folder / f"out/{path.stem}.html"), html.HTMLParser(encoding="utf-8"))
    return page.xpath("//main//section")[1:-1]


def test_kinds_pauses_columns_and_notes(tmp_path):
    text = "## Predict (3 min): Why $x_1$?\n" + SECTION
    text += "Left.\n. . .\nLater, $a < b$.\n||| 3:2\nRight, *soon*.\nNote:\nSay it.\n\nTwice.\n"
    (slide,) = made(tmp_path, HEAD + text)
    assert slide.get("class") == "predict"
    assert slide.xpath("string(p[@class='kicker'])") == "Predict · 3 minutes"
    assert slide.xpath("string(h2)") == r"Why \(x_1\)?"
    (body,) = slide.xpath("div")
    assert (
        body.get("class") == "body columns-2" and body.get("style") == "--left: 3fr; --right: 2fr"
    )
    left, right = body
    assert left.xpath("string(div[@class='fragment']/p)") == r"Later, \(a < b\)."
    assert not right.xpath(".//div") and right.xpath("string(p/em)") == "soon"
    assert [p.text for p in slide.xpath("aside[@class='notes']/p")] == ["Say it.", "Twice."]
    assert slide.xpath("string(p[@class='where'])") == "Chapter 1 · Padding"


def test_a_section_holds_for_the_slides_that_follow(tmp_path):
    slides = made(tmp_path, SLIDE + "Note:\nFirst.\n## Another\nNote:\nSecond.\n")
    links = [slide.xpath("p[@class='where']/a")[0].get("href") for slide in slides]
    assert links[0] == links[1] and links[0].endswith("/chapters/01_text_to_batches.html#padding")


def test_numbers_tables_code_and_what_it_printed(tmp_path):
    text = 'Left out: {{value 1 "___ of 20000 pairs"}}.\n'
    text += 'Off by {{cell 1 "sentence | tokens" "Sei partito ieri" "state off by"}}.\n'
    text += '{{table 1 "cut at" rows="word;character" columns="types"}}\n'
    text += (
        '{{code 1 "def bigram" lines=1-2}}\n{{output 1 "stranger = src_vocab"}}\nNote:\nSay it.\n'
    )
    (slide,) = made(tmp_path, SLIDE + text)
    said = slide.xpath("string(.//p[contains(., 'Left out')])")
    assert "Left out: 3076." in said and "Off by 91%." in said
    rows = [[cell.text for cell in row] for row in slide.xpath(".//tr")]
    assert rows == [["cut at", "types"], ["word", "1,584"], ["character", "52"]]
    assert slide.xpath(".//thead//th/@class") == slide.xpath(".//td/@class")[:1] == ["number"]
    assert len(slide.xpath("string(.//div[@class='code'])").strip().splitlines()) == 2
    assert "<unk>" in slide.xpath("string(.//pre[@class='output'])")


def test_text_is_escaped(tmp_path):
    text = "<script>alert(1)</script> `<b>` $a<b$\nNote:\n<img src=x>\n"
    (slide,) = made(tmp_path, SLIDE.replace("A slide", "A <i>slide</i>") + text)
    assert not slide.xpath(".//script | .//b | .//i | .//img")
    assert slide.xpath("string(h2)") == "A <i>slide</i>"


BAD = {
    "{{figure 01-text-to-batches-led}}": "no figure '01-text-to-batches-led'.*near it.*'01-text-to-batches-lead'",
    "{{figure lead}}": "does not begin with a chapter's number",
    "{{equation 1.9}}": "no equation '1.9' in chapter 1; near it",
    '{{equation 1 "x^2"}}': "no equation with 'x\\^2'",
    "{{equation 99.1}}": "no chapter '99'; there are 1 to 13",
    '{{section 1 "Pading"}}': "no section 'Pading' in chapter 1; near it there is 'Padding'",
    '{{interactive 1 "A walk"}}': "no interactive figure with 'A walk'",
    "{{box vectr}}": "near it there is 'vector'",
    '{{table 1 "no such table"}}': "table with 'no such table'",
    '{{table 1 "cut at" rows="letter"}}': "row with 'letter' in the table",
    '{{table 1 "cut at" columns="type"}}': "no column 'type'.*near it there is 'types'",
    '{{code 1 "def trigram"}}': "code cell with 'def trigram'",
    '{{code 1 "import"}}': "code cells in chapter 1 have 'import'; quote more of it",
    '{{output 1 "def bigram"}}': "printed no text",
    '{{picture 1 "x"}}': "no part 'picture'; there are figure, equation",
    "{{figure}}": r"is not as in \{\{figure NAME\}\}",
    '{{table 1 "cut at}}': "No closing quotation",
    "Text {{figure 01-text-to-batches-lead}}": "stands on a line of its own",
    '{{value 1 "20000 pairs"}}': "no ___ where the number is to stand",
    'So {{value 1 "___ of 20001 pairs"}}': "printed line with '___ of 20001 pairs'",
    "It is 0.6 of it.": "the number 0.6 is typed; take it from an output",
    "It is 12 % of it.": "the number 12 % is typed",
    "It has 4711 rows.": "the number 4711 does not stand in chapter 1",
    "See (1.9).": "no equation '1.9'",
    "Do Exercise 1.9.": "chapter 1 has no Exercise 1.9; there is .*'Exercise 1.1 ",
    "|||\na\n|||": "two columns at most",
}


@pytest.mark.parametrize("line", BAD)
def test_what_is_wrong_is_said_with_its_line(tmp_path, line):
    with pytest.raises(Mistake, match=BAD[line]) as error:
        made(tmp_path, SLIDE + line + "\nNote:\nSay it.\n")
    where = 10 if line.startswith("|||") else 8
    assert f"week_1.md:{where}: " in str(error.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "text, said",
    [
        ("## A slide\nNote:\nSay it.\n", "begins with ---"),
        (HEAD + "Text.\n", "a slide begins with a heading"),
        (HEAD, "the deck has no slide"),
        (HEAD + "## A slide\nText.\nNote:\nSay it.\n", "says where in the book it stands"),
        (SLIDE + "Text.\n", "the slide 'A slide' has no notes"),
        (SLIDE + "Text.\nNote:\nSay $x$.\n", "notes are shown without mathematics"),
        (
            SLIDE + "{{box vector}}\nNote:\nA.\n## B\n{{box vector}}\nNote:\nB.\n",
            "'vector' stands twice",
        ),
    ],
)
def test_a_deck_that_is_not_one_is_refused(tmp_path, text, said):
    with pytest.raises(Mistake, match=said):
        made(tmp_path, text)


@pytest.mark.parametrize(
    "name, said", [("week_9.md", "syllabus has no week 9"), ("a.md", "is called week_1.md")]
)
def test_a_deck_is_named_after_its_week(tmp_path, name, said):
    with pytest.raises(Mistake, match=said):
        made(tmp_path, SLIDE + "Note:\nSay it.\n", name)


def test_a_number_that_was_printed_twice_and_differs_is_refused():
    with pytest.raises(Missing, match="quote more of it"):
        BOOK.chapter(1).value("___ |")
    assert BOOK.chapter(1).value("of ___ pairs are left out") == "20000"


@pytest.mark.parametrize("module", [book, tables])
def test_examples_say_what_comes_out(module):
    done = doctest.testmod(module)
    assert done.attempted and not done.failed
