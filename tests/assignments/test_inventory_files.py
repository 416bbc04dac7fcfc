"""What `make inventory` writes: sheets without a key, files that Moodle and Canvas read, the key; the same every time."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import re
import shutil
import sys
from pathlib import Path

import pypdfium2
import pytest
from places import ROOT
from quiz_files import read_gift, read_package, shown

from assignments.inventory import make
from assignments.inventory.canvas import to_package
from assignments.inventory.gift import to_gift
from assignments.inventory.make import contents, write_inventory
from assignments.inventory.paper import print_pages, to_page
from assignments.inventory.versions import draw_versions, right_letter
from assignments.inventory.words import to_plain

SECRET = "autumn-2027 0123456789abcdef0123456789abcdef"
NASTY = (
    r"a = {b} ~ c # d: e \ f \= %50% :: // $x$ <b>&lt; *g h_1 _i_ `<j>` ``` ![k](l) [html] 1. - + > | © 'm' "
    "n"
    ""
)


@pytest.fixture(scope="module")
def versions():
    return draw_versions(SECRET)


@pytest.fixture(scope="module")
def files(versions):
    return contents(versions, "autumn-2027")


def nasty() -> list[dict]:
    """Questions that hold every sign that means something to GIFT, XML or Markdown."""
    texts = [NASTY, NASTY[::-1], "= x", "~ y", "[z] w", "# v", "% u", "- t", "1. s", "_ r _"]
    answers = [{"answer": text, "correct": n == 2} for n, text in enumerate(texts[2:6])]
    more = [{"answer": text, "correct": n == 0} for n, text in enumerate(texts[6:])]
    return [
        {"id": "concepts-x", "question": texts[0], "answers": answers},
        {"id": "concepts-y", "question": texts[1], "answers": more},
    ]


def expected(questions: list[dict]) -> list[tuple]:
    return [
        (
            " ".join(to_plain(each["question"]).split()),
            [(a["correct"], " ".join(to_plain(a["answer"]).split())) for a in each["answers"]],
        )
        for each in questions
    ]


def found(questions: list[dict]) -> list[tuple]:
    return [
        (shown(each["question"]), [(right, shown(text)) for right, text in each["answers"]])
        for each in questions
    ]


@pytest.mark.parametrize("version", ["A", "B"])
def test_moodle_reads_back_what_was_asked(versions, files, version):
    text = files[f"instructor/moodle-{version.lower()}.gift.txt"].decode()
    categories, questions = read_gift(text)
    assert categories == [f"Concept inventory autumn-2027, version {version}"]
    assert [each["name"] for each in questions] == [f"{version} {n:02}" for n in range(1, 19)]
    assert found(questions) == expected(versions[version])


@pytest.mark.parametrize("version", ["A", "B"])
def test_canvas_reads_back_what_was_asked(versions, files, version):
    quiz = read_package(files[f"instructor/canvas-{version.lower()}.zip"])
    assert quiz["title"] == f"Concept inventory autumn-2027, version {version}"
    assert quiz["settings"]["title"] == quiz["title"]
    assert quiz["settings"]["shuffle_answers"] == "false"
    assert quiz["settings"]["show_correct_answers"] == "false"
    assert quiz["settings"]["available"] == "false", "students see it when the teacher says so"
    assert [each["name"] for each in quiz["questions"]] == [
        f"{version} {n:02}" for n in range(1, 19)
    ]
    assert {each["points"] for each in quiz["questions"]} == {"1"}
    assert found(quiz["questions"]) == expected(versions[version])


def test_signs_mean_nothing_to_moodle():
    _, questions = read_gift(to_gift(nasty(), "A", "x"))
    assert found(questions) == expected(nasty())


def test_signs_mean_nothing_to_canvas():
    assert found(read_package(to_package(nasty(), "A", "x"))["questions"]) == expected(nasty())


def test_signs_mean_nothing_to_a_browser():
    page = to_page(nasty(), "A", "<script>x</script>")
    assert "<script" not in page and "<b>&lt;" not in page
    assert shown(NASTY.split("`")[0]) not in page  # escaped, and not as it stands
    for text, _ in expected(nasty()):
        assert text in shown(page)


@pytest.mark.parametrize("broken", ["::A 01::[html]x {\n\t=[html]a = b\n}", "no name {=a ~b}"])
def test_the_reader_of_gift_refuses_what_moodle_would_misread(broken):
    with pytest.raises(ValueError):
        read_gift(broken)


def test_no_sheet_and_no_other_file_of_students_holds_the_key(files, versions):
    for_students = {name: text.decode() for name, text in files.items() if "students/" in name}
    assert sorted(for_students) == ["students/version-a.html", "students/version-b.html"]
    beliefs = {
        word
        for questions in versions.values()
        for question in questions
        for each in question["answers"]
        for word in (each.get("misconception"), each.get("feedback"), question["id"])
        if word
    }
    for name, text in for_students.items():
        assert not [word for word in beliefs if word in text], name
        assert not re.search(r"correct|misconception|concepts-", text), name
        item = r'<li><b>\d+</b><p>(?:(?!</p>).)*</p><ol class="choices(?: short)?">'
        choice = r"<li><span>[ABCD]</span> <span>(?:(?!</span>).)*</span></li>"
        assert len(re.findall(rf"{item}(?:{choice}){{4}}</ol></li>", text)) == 18


def test_sheets_show_every_question_and_choice_in_order(files, versions):
    for version, questions in versions.items():
        text = shown(files[f"students/version-{version.lower()}.html"].decode())
        at = 0
        for question, answers in expected(questions):
            for part in (question, *(f"{letter} {a}" for letter, (_, a) in zip("ABCD", answers))):
                at = text.index(part, at)


def test_the_key_has_a_row_for_each_choice(files, versions):
    rows = list(csv.DictReader(io.StringIO(files["instructor/key.csv"].decode())))
    assert len(rows) == 2 * 18 * 4
    for version, questions in versions.items():
        for item, question in enumerate(questions, start=1):
            own = [row for row in rows if (row["version"], row["item"]) == (version, str(item))]
            (right,) = [row["choice"] for row in own if row["right"]]
            assert right == right_letter(question)
            for row, each in zip(own, question["answers"]):
                assert row["text"] == to_plain(each["answer"])
                assert bool(row["right"]) != bool(row["misconception"] and row["belief"])


def test_questions_are_kept_in_the_books_own_format(files, versions):
    for version, questions in versions.items():
        kept = json.loads(files[f"instructor/version-{version.lower()}.json"])
        assert kept == questions
        for each in kept:
            assert each["type"] == "multiple_choice" and each["id"].startswith("concepts-")


def test_the_template_for_answers_has_a_column_for_each_item(files):
    heading = "student,when,version," + ",".join(map(str, range(1, 19)))
    assert files["instructor/answers-template.csv"].decode().split() == [heading]


def test_the_same_secret_gives_the_same_bytes_on_another_day(files, versions, monkeypatch):
    import datetime

    class Later(datetime.date):
        @classmethod
        def today(cls):
            return cls(2031, 5, 6)

    monkeypatch.setattr(datetime, "date", Later)
    monkeypatch.setattr("time.time", lambda: 2_000_000_000.0)
    assert contents(draw_versions(SECRET), "autumn-2027") == files
    assert contents(draw_versions(SECRET + "0"), "autumn-2027") != files


def test_other_questions_are_not_written_over(tmp_path):
    write_inventory(tmp_path, SECRET, "x")
    before = {path: path.read_bytes() for path in tmp_path.rglob("*.*")}
    write_inventory(tmp_path, SECRET, "x")
    with pytest.raises(ValueError, match="holds other questions.*its key belongs to them"):
        write_inventory(tmp_path, SECRET + "0", "x")
    assert {path: path.read_bytes() for path in tmp_path.rglob("*.*")} == before


@pytest.mark.parametrize("seed", ["book", "no/name"])
def test_a_name_that_cannot_be_a_course_is_refused(seed, capsys):
    with pytest.raises(SystemExit):
        make.main(["--seed", seed])
    assert re.search("choose a name for your course|a seed is made of", capsys.readouterr().err)


def test_the_command_writes_into_the_courses_folder(tmp_path, monkeypatch, capsys):
    def no_browser():
        raise make.NoBrowser

    monkeypatch.setattr(make, "course_folder", lambda seed: tmp_path / seed)
    monkeypatch.setattr(make, "running_browser", no_browser)
    assert make.main(["--seed", "autumn-2027"]) == 0
    told = capsys.readouterr().out
    assert "Print the HTML pages" in told and "key.csv" in told
    first = {p.name: p.read_bytes() for p in (tmp_path / "autumn-2027/inventory").rglob("*.*")}
    assert len(first) == 10
    shutil.rmtree(tmp_path / "autumn-2027/inventory")
    assert make.main(["--seed", "autumn-2027"]) == 0  # the course's secret is there already
    again = {p.name: p.read_bytes() for p in (tmp_path / "autumn-2027/inventory").rglob("*.*")}
    assert again == first


@pytest.mark.browser
def test_a_printed_version_has_all_items_on_four_pages_at_most(tmp_path, browser, files):
    page = tmp_path / "version-a.html"
    page.write_bytes(files["students/version-a.html"])
    (printed,) = print_pages(browser, [page])
    document = pypdfium2.PdfDocument(printed)
    text = " ".join(each.get_textpage().get_text_range() for each in document)
    assert len(document) <= 4 and "Version A" in text
    for number in range(1, 19):
        assert re.search(rf"(?m)^{number}\b", text)


def test_the_page_shows_what_the_command_says(tmp_path, monkeypatch, capsys):
    @contextlib.contextmanager
    def no_browser():
        yield

    def not_printed(browser, pages):
        return [path.with_suffix(".pdf") for path in pages]

    courses = Path("assignments/courses")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(make, "course_folder", lambda seed: courses / seed)
    monkeypatch.setattr(make, "running_browser", no_browser)
    monkeypatch.setattr(make, "print_pages", not_printed)
    make.main(["--seed", "autumn-2027"])
    page = (ROOT / "book/misconceptions.md").read_text(encoding="utf-8")
    assert f"$ make inventory SEED=autumn-2027\n{capsys.readouterr().out}```" in page


def test_the_page_lists_every_concept_with_what_its_wrong_choices_stand_for():
    sys.path.append(str(ROOT / "book/extensions"))
    import s2s_inventory

    lines = s2s_inventory.entries()
    assert [line.split(".")[0] for line in lines if line[:1].isdigit()] == [*map(str, range(1, 19))]
    assert len([line for line in lines if line.startswith("    - ")]) == 54
    for line in lines:
        if link := re.search(r"\]\(\.\./(chapters/[\w.]+)#", line):
            assert (ROOT / link[1]).is_file()
    page = (ROOT / "book/misconceptions.md").read_text(encoding="utf-8")
    assert "```{s2s-inventory}" in page
