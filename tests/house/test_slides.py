"""The decks hold to the book: a deck for each week, about its chapters, made of what stands in them."""

from __future__ import annotations

import json
import re
import shutil

import pytest
from lxml import html
from places import ROOT

from tools import make_slides
from tools.make_slides import DECKS, list_decks, main, make_decks
from tools.slides.book import Book
from tools.slides.deck import Mistake, read_deck
from tools.slides.syllabus import read_syllabus
from tools.slides.tables import markdown_tables

PATHS = sorted(DECKS.glob("week_*.md"))
WEEKS = read_syllabus(ROOT / "book/instructors.md")
BOOK = Book(ROOT / "chapters")


@pytest.fixture(autouse=True, scope="module")
def as_written():
    """Equations stay as they are written; tests/site/test_slides.py sees them drawn."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(make_slides, "typeset", lambda *arguments: None)
        yield


@pytest.fixture(scope="module")
def made(tmp_path_factory, as_written):
    """All decks, made: their folder."""
    output = tmp_path_factory.mktemp("slides")
    make_decks(PATHS, output)
    return output


def slides_of(folder, path):
    page = html.parse(str(folder / f"{path.stem}.html"), html.HTMLParser(encoding="utf-8"))
    return page.xpath("//main//section[not(ancestor::section)]")


def test_every_week_of_the_syllabus_has_a_deck_and_no_other_week():
    assert len(WEEKS) == 8
    assert [read_deck(path).week for path in PATHS] == list(WEEKS)


def test_the_weeks_behind_the_eight_are_the_other_chapters_one_each():
    guide = (ROOT / "book/instructors.md").read_text(encoding="utf-8")
    heads = ("Week", "Read", "In class", "Comes after")
    (further,) = (t for t in markdown_tables(guide) if t.head == heads)
    read = {int(row[0]): re.findall(r"chapters/(\d\d)_", row[1]) for row in further.rows}
    chapters = {int(path.stem[:2]) for path in (ROOT / "chapters").glob("[0-9]*.ipynb")}
    others = sorted(chapters - {n for week in WEEKS.values() for n in week.chapters})
    assert read == {9 + k: [f"{number:02}"] for k, number in enumerate(others)}


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_a_deck_is_about_the_chapters_of_its_week(made, path):
    links = [
        link
        for slide in slides_of(made, path)[1:-1]
        for link in slide.xpath("./p[@class='where']/a")
    ]
    about = {
        re.search(r"/chapters/(\d\d)_\w+\.html(#[\w-]+)?$", link.get("href"))[1] for link in links
    }
    assert {int(number) for number in about} == WEEKS[read_deck(path).week].chapters


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_each_slide_has_a_heading_notes_and_its_place_in_the_book(made, path):
    slides = slides_of(made, path)
    assert 17 <= len(slides) <= 32
    for slide in slides:
        assert len(slide.xpath("./h1 | ./h2")) == 1
        (notes,) = slide.xpath("./aside[@class='notes']")
        assert len(notes.text_content()) > 40, slide.xpath("string(./h2)")
    for slide in slides[1:-1]:
        assert len(slide.xpath("./p[@class='where']/a[@href]")) == 1
    asked = [
        slide
        for slide in slides
        if slide.get("class") in ("predict", "question", "in-pairs", "on-paper")
    ]
    assert len(asked) >= 5, "a class is asked"


def test_pictures_are_those_of_the_book_and_all_names_are_figures(made):
    used = set()
    for path in PATHS:
        for slide in slides_of(made, path):
            for image in slide.xpath(".//figure[@class='picture']/img"):
                picture = BOOK.figure(
                    image.get("src").removeprefix("figures/").removesuffix(".png")
                )
                assert (made / image.get("src")).read_bytes() == picture.png
                assert image.get("alt") == picture.figure.alt
                used.add(picture.figure.file)
    assert len(used) > 20


def test_equations_are_as_their_chapters_have_them(made):
    seen = 0
    for path in PATHS:
        for slide in slides_of(made, path):
            for equation in slide.xpath(".//div[starts-with(@class, 'equation')]"):
                text = equation.text_content().removeprefix("\\[").removesuffix("\\]")
                if label := re.search(r"\\tag\{(\d+)\.\d+\}", text):
                    assert text in BOOK.chapter(label[1]).equations
                    seen += 1
    assert seen > 50


def test_figures_to_step_through_and_boxes_stand_whole_in_the_slides(made):
    pages = "".join((made / f"{path.stem}.html").read_text(encoding="utf-8") for path in PATHS)
    for number in range(1, 7):
        chapter = BOOK.chapter(number)
        assert any(page in pages for page in chapter.interactives.values()), chapter.name
    boxes = sorted((made / "boxes").glob("*.html"))
    assert len(boxes) >= 5
    for page in boxes:
        text = page.read_text(encoding="utf-8")
        assert any(chapter.boxes.get(page.stem, "-") in text for chapter in BOOK.all())


def test_nothing_is_loaded_from_another_host(made):
    for page in [*made.glob("*.html"), *made.glob("boxes/*.html")]:
        tree = html.parse(str(page))
        loaded = tree.xpath("//@src | //link/@href")
        assert loaded and not [address for address in loaded if re.match(r"(https?:)?//", address)]


def changed_book(folder, number, old, new):
    """A copy of the chapters in which a text is another."""
    shutil.copytree(ROOT / "chapters", folder)
    (path,) = folder.glob(f"{number:02}_*.ipynb")
    text = path.read_text(encoding="utf-8")
    old, new = (json.dumps(each, ensure_ascii=False)[1:-1] for each in (old, new))
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    return folder


def test_an_equation_and_a_number_that_change_in_the_chapter_change_on_the_slide(tmp_path):
    chapters = changed_book(tmp_path / "one", 2, r"c = h_S. \tag{2.2}", r"c = h_S^2. \tag{2.2}")
    make_decks([DECKS / "week_2.md"], tmp_path, chapters)
    assert r"c = h_S^2. \tag{2.2}" in (tmp_path / "week_2.html").read_text(encoding="utf-8")
    chapters = changed_book(tmp_path / "two", 1, "3076 of 20000 pairs", "3071 of 20000 pairs")
    make_decks([DECKS / "week_1.md"], tmp_path, chapters)
    assert "say how many: 3071 of 20000" in (tmp_path / "week_1.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "number, old, new, said",
    [
        (2, r"\tag{2.7}", r"\tag{2.77}", "no equation '2.7' in chapter 2; near it there is '2.77'"),
        (2, "## The same in bits", "## The same in nats", "near it there is 'The same in nats'"),
        (2, "fig-bits", "fig-pieces", "no figure '02-rnn-bottleneck-bits'"),
        (2, 'id="train-bottleneck"', 'id="train-neck"', "there is no box with 'train-bottleneck'"),
    ],
)
def test_what_goes_from_the_chapter_is_missed_by_the_deck(tmp_path, number, old, new, said):
    chapters = changed_book(tmp_path / "chapters", number, old, new)
    with pytest.raises(Mistake, match=said) as error:
        make_decks([DECKS / "week_3.md"], tmp_path / "out", chapters)
    assert re.match(r"\S+/week_3\.md:\d+: ", str(error.value))
    assert not (tmp_path / "out").exists(), "nothing is half written"


def test_the_list_has_the_decks_that_are_made_and_their_pdfs(tmp_path):
    make_decks(PATHS[2:4], tmp_path)
    (tmp_path / "week_4.pdf").touch()
    list_decks(DECKS, tmp_path)
    links = html.parse(str(tmp_path / "index.html")).xpath("//li//a/@href")
    assert links == ["week_3.html", "week_4.html", "week_4.pdf"]


def test_an_unknown_week_is_named(capsys):
    with pytest.raises(SystemExit):
        main(["--weeks", "9"])
    assert "no deck for week 9; there are 1, 2" in capsys.readouterr().err
