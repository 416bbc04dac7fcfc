"""What a cell shows: HTML that is the same every time and holds no one's markup, and plain text without answers."""

import json
import re
import subprocess
import sys

import pytest
from figure_pages import EVIL, Page
from places import ROOT

import s2s_tutorial as s2s
from s2s_tutorial.questions.ask import CHAPTERS
from s2s_tutorial.questions.markup import question_html, shown_order
from s2s_tutorial.questions.reading import read_questions

QUESTIONS = [q for path in sorted(CHAPTERS.glob("*.json")) for q in read_questions(path)]
NOTEBOOKS = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))
LINE = re.compile(r's2s\.ask\("([^"]+)"\)')


def cells(path):
    """A chapter's cells that ask, each with what it asks."""
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if cell["cell_type"] == "code" and (line := LINE.search("".join(cell["source"]))):
            yield cell, line[1]


def test_every_question_is_shown_once_in_its_own_chapter_in_order():
    shown = {path.stem[:2]: [name for _, name in cells(path)] for path in NOTEBOOKS}
    for chapter, names in shown.items():
        path = CHAPTERS / f"{chapter}.json"
        assert names == [question["id"] for question in read_questions(path)], chapter
    assert sum(shown.values(), []) == [question["id"] for question in QUESTIONS]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_cell_that_asks_shows_the_question_as_it_now_is(path):
    for cell, name in cells(path):
        assert "".join(cell["source"]) == f's2s.ask("{name}")', "the line stands alone"
        assert "remove-input" in cell["metadata"]["tags"]
        (output,) = cell["outputs"]
        asked = s2s.ask(name)
        assert "".join(output["data"]["text/html"]) == asked._repr_html_(), "run the chapter again"
        assert "".join(output["data"]["text/plain"]) == repr(asked), "run the chapter again"


def test_plain_text_has_the_choices_and_not_the_answer():
    assert repr(s2s.ask("03-third")).splitlines()[1:] == ["(Write a number.)"]
    lines = repr(s2s.ask("01-shift")).splitlines()
    assert lines[0].startswith("Question: Choose the right line: y is")
    assert lines[1] == "(Choose one.)"
    assert [line[:5] for line in lines[2:]] == ["  a) ", "  b) ", "  c) ", "  d) "]
    assert ") tgt_in, tgt_out = [BOS, *y], [*y, EOS]\n" in repr(s2s.ask("01-shift"))
    for question in QUESTIONS:
        text = repr(s2s.ask(question["id"]))
        for answer in question["answers"]:
            assert not answer.get("feedback") or answer["feedback"] not in text


def test_what_is_not_there_is_said_with_what_is_near():
    with pytest.raises(ValueError, match="near it: 01-mask"):
        s2s.ask("01-mesk")
    with pytest.raises(ValueError, match="near it: .*03-order"):
        s2s.ask("order")
    with pytest.raises(TypeError, match="not by a int"):
        s2s.ask(3)


def evil():
    wrong = {"correct": False, "feedback": EVIL, "misconception": "a-b"}
    return {
        "id": "99-evil",
        "question": f"{EVIL} `{EVIL}`",
        "code": EVIL,
        "type": "multiple_choice",
        "answers": [{"answer": EVIL, "correct": True}, {"code": EVIL, **wrong}],
    }


def test_text_never_becomes_markup():
    html = question_html(evil(), 1)
    page = Page(html)
    assert [tag for tag, *_ in page.elements].count("script") == 1
    assert not [attributes for _, attributes, _ in page.elements if "onclick" in attributes]
    assert "".join(page.find("summary", of="tag")[0][2]) == f"{EVIL} {EVIL}"


def test_marks_become_elements():
    question = evil() | {"question": "`a_{b}` and s_{i-1}, d^{2}, *now*; a * b * c"}
    summary = re.search("<summary.*?</summary>", question_html(question, 1))[0]
    assert (
        "<code>a_{b}</code> and s<sub>i-1</sub>, d<sup>2</sup>, <em>now</em>; a * b * c" in summary
    )


@pytest.mark.slow
def test_html_is_the_same_in_every_process():
    code = "import s2s_tutorial as s2s; print(s2s.ask('03-order')._repr_html_())"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.rstrip("\n") == s2s.ask("03-order")._repr_html_(), done.stderr


def test_right_answers_do_not_stand_in_one_place():
    for question in QUESTIONS:
        if question["type"] == "order":
            assert shown_order(question) != question["answers"], question["id"]
    single = [q for q in QUESTIONS if q["type"] == "multiple_choice"]
    places = [[a["correct"] for a in shown_order(q)].index(True) for q in single]
    assert max(map(places.count, set(places))) < 0.6 * len(places)


def test_nothing_comes_from_elsewhere():
    for question in QUESTIONS:
        assert not re.search(
            r"https?:|//[a-z]|import\(|fetch\(", s2s.ask(question["id"])._repr_html_()
        )
