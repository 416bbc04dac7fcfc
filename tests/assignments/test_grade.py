"""The whole way with nbgrader itself, on a toy set: release, all kinds of submissions, scores, feedback, tables."""

from __future__ import annotations

import contextlib
import copy
import csv
import io
import re
import shutil
from pathlib import Path

import nbformat
import pytest
from exchange import hub, nbgrader_in
from nbgrader.api import Gradebook

from assignments.tooling import by_hand, source
from assignments.tooling.grade import grade, main
from assignments.tooling.release import nbgrader, release, write_course
from assignments.tooling.roster import Person, Roster

SEED = "toy-seed"
LIMITS = """
c = get_config()
c.LimitedExecute.timeout = 30
c.LimitedExecute.test_timeout = 30
c.LimitedExecute.notebook_timeout = 400
c.LimitedExecute.max_output = 5000
"""
EXIT = "import os\ndef double(x):\n    os._exit(3)"
STUBBORN = """import time
while True:
    try:
        time.sleep(0.1)
    except BaseException:
        pass
"""
EATER = "def double(x):\n    kept = [bytearray(10**9)]\n    while True:\n        kept.append(bytearray(10**9))"
LOUD = """import sys
from IPython.display import HTML, display
display(HTML("<b>a word</b><script>mischief()</script>"))
def double(x):
    print("a flood\\n" * 500_000)
    print("a warning", file=sys.stderr)
    return x + x"""


# Wrong, and whatever judges exchanged where it can be reached: the report, the checks, PyTorch's comparison, a hook after each cell.
CHEAT = """import torch
from s2s_tutorial import coursework
from s2s_tutorial.coursework import Checks
Checks.report = lambda self: float(self.points)
Checks.__call__ = lambda self, claim, weight=1: lambda check: self.results.append((claim, None))
coursework.close = lambda *given, **options: None
torch.Tensor.__le__ = lambda self, other: torch.tensor(True)
get_ipython().events.register("post_run_cell", lambda result: print(In[-1]))
def double(x):
    return 3 * x"""

# The same while a check calls it, under another name; and whatever looks for the tests, the expected values and the judge.
SLY = """from s2s_tutorial.coursework import Checks as C
def double(x):
    C.report = lambda self: float(self.points)
    return 3 * x"""
SPY = """import gc, sys
def double(x):
    frame, seen = sys._getframe(), []
    while frame:
        seen += [str(frame.f_locals), str(frame.f_code.co_consts)]
        frame = frame.f_back
    seen += [str(each)[:2000] for each in gc.get_objects() if isinstance(each, (str, dict, list))]
    raise ValueError("found it" if any("secret " + "message" in each for each in seen) else "nothing")"""
FORGER = """def double(x):
    import json
    kernel = get_ipython().kernel
    points = {"output_type": "execute_result", "data": {"text/plain": "7.0"}}
    for said in ({"returned": 4}, {"returned": {}, "points": 8}, {"callback": 0, "given": 0}, points):
        kernel.raw_input(json.dumps(said))
    kernel.raw_input("[" * 100_000)
    return 3 * x"""


def cell(notebook, name):
    return next(each for each in notebook.cells if each.id == name)


def with_double(notebook, text):
    changed = copy.deepcopy(notebook)
    cell(changed, "double").source = text
    return changed


def through_colab(notebook):
    """Ids among the metadata, nbgrader's metadata lost, cells in another order, tests deleted or edited."""
    changed = copy.deepcopy(notebook)
    changed.nbformat_minor = 0
    changed.metadata = nbformat.from_dict({"colab": {"provenance": []}})
    cell(changed, "double-checks").source = "0"
    changed.cells = [each for each in reversed(changed.cells) if each.id != "square-hidden"]
    helper = nbformat.v4.new_code_cell("def product(a, b):\n    return a * b")
    cell(changed, "square").source = "def square(x):\n    return product(x, x)"
    changed.cells.insert(changed.cells.index(cell(changed, "square")), helper)
    for k, each in enumerate(changed.cells):
        del each["id"]
        each.metadata = nbformat.from_dict({"id": f"colab{k}", "executionInfo": {"user": {}}})
    return changed


def course_id(folder):
    text = (folder / "nbgrader_config.py").read_text(encoding="utf-8")
    return re.search(r"course_id = '(.+?)'", text)[1]


def through_the_exchange(folder, official):
    """Zoe fetches and hands in through a JupyterHub's exchange, and is collected."""
    home = hub(folder / "hub", folder)
    nbgrader_in(folder, "release_assignment", "toy")
    of_zoe = (f"--course={course_id(folder)}", "--student=zoe")
    nbgrader_in(home, "fetch_assignment", "toy", *of_zoe)
    assert (home / "toy/toy.ipynb").read_bytes() == (folder / "release/toy/toy.ipynb").read_bytes()
    nbformat.write(official, home / "toy/toy.ipynb")
    nbgrader_in(home, "submit", "toy", *of_zoe)
    nbgrader_in(folder, "collect", "toy")


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course whose submissions were graded, its rows by student; said.txt has what was printed."""
    folder = tmp_path_factory.mktemp("course")
    patch = pytest.MonkeyPatch()
    (folder / "sets").mkdir()
    shutil.copytree(Path(__file__).parent / "toy_set", folder / "sets/toy")
    patch.setattr(source, "SETS_FOLDER", folder / "sets")
    write_course(folder, SEED, ["toy"])
    with (folder / "nbgrader_config.py").open("a") as file:
        file.write(LIMITS)
    release(folder, ["toy"])
    official = nbformat.read(folder / "source/toy/toy.ipynb", as_version=4)
    empty = nbformat.read(folder / "release/toy/toy.ipynb", as_version=4)
    old = copy.deepcopy(official)
    old.metadata["s2s"]["variant"] = "01234567"
    handed_in = {
        "ada/toy/toy.ipynb": official,
        "ben_toy.ipynb": empty,
        "Cy Young_17_assignsubmission_file_/toy (1).ipynb": with_double(official, EXIT),
        "di/toy.ipynb": with_double(official, STUBBORN),
        "ed/toy.ipynb": with_double(official, EATER),
        "flo/Copy of toy.ipynb": through_colab(official),
        "hal-toy.ipynb": with_double(official, LOUD),
        "iva_toy.ipynb": old,
        "mal_toy.ipynb": with_double(official, CHEAT),
        "sly_toy.ipynb": with_double(official, SLY),
        "spy_toy.ipynb": with_double(official, SPY),
        "forger_toy.ipynb": with_double(official, FORGER),
        "Group 1/रोम/toy.ipynb": empty,
        "Group 1/राम/toy.ipynb": official,
        "__MACOSX/Group 1/राम/._toy.ipynb": empty,
        "Group 1/राम/.ipynb_checkpoints/toy-checkpoint.ipynb": empty,
    }
    for name, notebook in handed_in.items():
        path = folder / "handed_in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    in_utf_16 = folder / "handed_in/Group 1/राम/toy.ipynb"
    in_utf_16.write_text(in_utf_16.read_text(encoding="utf-8"), encoding="utf-16")
    (folder / "handed_in/gus_toy.ipynb").write_text('{"cells": [', encoding="utf-8")
    odd = '{"cells": [3], "metadata": 7, "nbformat": 4, "nbformat_minor": 5}'
    (folder / "handed_in/jo_toy.ipynb").write_text(odd, encoding="utf-8")
    through_the_exchange(folder, official)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        rows = grade(folder / "handed_in", folder, ["toy"])
    (folder / "said.txt").write_text(said.getvalue(), encoding="utf-8")
    yield folder, {row["student"]: row for row in rows}
    patch.undo()


@pytest.mark.parametrize(
    ("student", "score"),
    [
        ("ada", 15),
        ("ben", 0),
        ("Cy_Young", 12),
        ("di", 12),
        ("ed", 12),
        ("flo", 15),
        ("hal", 15),
        ("राम", 15),
        ("रोम", 0),
    ],
)
def test_each_submission_gets_the_points_of_what_works(course, student, score):
    row = course[1][student]
    assert (row["score"], row["max_score"]) == (score, 20)
    said = {  # one ends the process, one writes to sys.stderr, one has no function of the exercise's name
        "Cy_Young": "look at it: 1 line in suspicions.csv",
        "hal": "look at it: 2 lines in suspicions.csv",
        "di": "deleted or renamed: double",
    }
    assert row["note"] == said.get(student, "")
    assert row["to_grade_by_hand"] == (1 if score else 0), "an answer left empty is 0"


def suspicions_of(folder, student):
    with (folder / "suspicions.csv").open(encoding="utf-8") as file:
        return [row["seen"] for row in csv.DictReader(file) if row["student"] == student]


def test_a_cheat_earns_nothing_and_is_seen(course):
    folder, rows = course
    expected = {
        "mal": {
            "double: exchanges Checks.report",
            "double: exchanges torch.Tensor.__le__",
            "double: calls get_ipython",
        },
        "sly": {"double: exchanges C.report"},
        "spy": {"double: uses _getframe", "double: uses f_locals", "double: imports gc"},
        "forger": {"double: calls get_ipython"},
    }
    for student, seen in expected.items():
        assert rows[student]["score"] == 12 and "look at it" in rows[student]["note"], student
        assert seen <= set(suspicions_of(folder, student)), student
    page = (folder / "feedback/spy/toy/toy.html").read_text(encoding="utf-8")
    assert "ValueError: nothing" in page and "ValueError: found it" not in page
    page = (folder / "feedback/mal/toy/toy.html").read_text(encoding="utf-8")
    assert "secret message" not in page and "HIDDEN TESTS" not in page


def test_what_cannot_be_read_is_named(course):
    row = course[1]["gus"]
    assert row["score"] == 0 and "no valid JSON" in row["note"]


def test_what_nbgrader_cannot_read_stops_nobody(course):
    row = course[1]["jo"]
    assert (row["score"], row["to_grade_by_hand"]) == (0, 0) and "could not grade it" in row["note"]


def test_another_courses_release_is_noted_and_graded(course):
    row = course[1]["iva"]
    assert row["score"] == 15 and "another course's release (01234567" in row["note"]


def test_why_a_cell_was_left_out_stands_in_the_feedback(course):
    folder, _ = course
    for student, reason in (("Cy_Young", "ended the Python process"), ("di", "be interrupted")):
        text = (folder / f"feedback/{student}/toy/toy.html").read_text(encoding="utf-8")
        assert reason in text


def test_feedback_says_what_failed_and_not_how_it_was_tested(course):
    folder, _ = course
    text = (folder / "feedback/ada/toy/toy.html").read_text(encoding="utf-8")
    assert "1 of 1 checks passed, 8 of 8 points" in text
    for path in (folder / "feedback").rglob("*.html"):
        assert "secret message" not in path.read_text(encoding="utf-8")
        assert "HIDDEN TESTS" not in path.read_text(encoding="utf-8")
    assert (folder / "feedback/hal/toy/toy.html").stat().st_size < 2_000_000, "the flood is cut"


def test_scripts_in_a_students_output_do_not_run_in_the_feedback(course):
    folder, _ = course
    text = (folder / "feedback/hal/toy/toy.html").read_text(encoding="utf-8")
    assert "<b>a word</b>" in text
    assert "<script>mischief" not in text


def test_tables_for_the_learning_platform(course):
    folder, rows = course
    with (folder / "grades.csv").open(encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    assert [row["student"] for row in written] == sorted(rows)
    assert all(row["problem_set"] == "toy" for row in written)
    with (folder / "cells.csv").open(encoding="utf-8") as file:
        cells = {(row["student"], row["cell"]): row for row in csv.DictReader(file)}
    assert cells["ed", "double-hidden"]["score"] == "0.0"
    assert cells["ed", "square-hidden"]["score"] == "8.0"
    assert cells["ada", "why"]["to_grade_by_hand"] == "1"


def test_every_file_that_came_in_is_graded_or_named(course):
    folder, _ = course
    with (folder / "files.csv").open(encoding="utf-8") as file:
        files = {row["file"]: row for row in csv.DictReader(file)}
    came_in = {
        str(p.relative_to(folder / "handed_in")) for p in folder.glob("handed_in/**/*.ipynb")
    }
    assert files.keys() == came_in
    named = {name: row["note"] for name, row in files.items() if row["graded"] == "0"}
    reasons = {
        "gus_toy.ipynb": "no valid JSON",
        "jo_toy.ipynb": "could not grade it",
        "__MACOSX/Group 1/राम/._toy.ipynb": "macOS",
        "Group 1/राम/.ipynb_checkpoints/toy-checkpoint.ipynb": "Jupyter",
    }
    assert named.keys() == reasons.keys()
    assert all(reason in named[name] for name, reason in reasons.items())
    assert files["Group 1/राम/toy.ipynb"]["student"] == "राम"
    said = (folder / "said.txt").read_text(encoding="utf-8").splitlines()
    assert said[-1] == "18 files in, 14 graded, 4 left out"
    assert [line.split("  (")[0] for line in said[-5:-1]] == [
        f"Left out: {n}" for n in sorted(named)
    ]


def times(folder):
    """When each graded notebook and each page was written, by student."""
    paths = [*folder.glob("autograded/*/toy/toy.ipynb"), *folder.glob("feedback/*/toy/toy.html")]
    return {(path.parts[-3], path.suffix): path.stat().st_mtime_ns for path in paths}


def test_grading_again_grades_only_what_is_new(course, monkeypatch):
    folder, rows = course
    before = times(folder)
    monkeypatch.setattr("assignments.tooling.pages.nbgrader", None)  # no page is new
    again = grade(folder / "handed_in", folder, ["toy"])
    assert times(folder) == before and ("ada", ".html") in before
    assert [row["score"] for row in again] == [rows[name]["score"] for name in sorted(rows)]


def test_what_came_through_a_hubs_exchange_goes_back_through_it(course):
    folder, _ = course
    before = times(folder)
    with contextlib.redirect_stdout(io.StringIO()) as said:
        rows = {row["student"]: row for row in grade(folder / "submitted", folder, ["toy"])}
    assert rows["zoe"]["score"] == 15 and rows.keys() == course[1].keys(), "nobody twice"
    assert "grading 1 submissions" in said.getvalue(), "only what could not be graded before"
    graded = {key for key, time in times(folder).items() if time == before[key]}
    assert before.keys() - graded <= {("zoe", ".html")}, (
        "all was graded before; her page has a name"
    )
    home, of_zoe = folder / "hub/home", (f"--course={course_id(folder)}", "--student=zoe")
    with pytest.raises(FileNotFoundError, match=r"submission_secret\.txt"):
        nbgrader_in(folder, "release_feedback", "toy")  # not all came through it: the guide says so
    nbgrader_in(folder, "release_feedback", "toy", "--student=zoe")
    nbgrader_in(home, "fetch_feedback", "toy", *of_zoe)
    (page,) = home.glob("toy/feedback/*/toy.html")
    assert page.read_bytes() == (folder / "feedback/zoe/toy/toy.html").read_bytes()


def test_a_page_is_made_anew_where_what_it_says_is_new(course, monkeypatch):
    folder, _ = course
    before = times(folder)
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "s2s") as gradebook:
        gradebook.find_grade("why", "toy", "toy", "ada").manual_score = 3
        gradebook.find_comment("why", "toy", "toy", "hal").manual_comment = "Well <said>."
        gradebook.db.commit()
    monkeypatch.setattr(Roster, "name", lambda self, who: "Flo Florence" if who == "flo" else "")
    with contextlib.redirect_stdout(io.StringIO()):
        rows = {row["student"]: row for row in grade(folder / "handed_in", folder, ["toy"])}
    new = {key for key, time in times(folder).items() if time != before[key]}
    assert (
        new == {("ada", ".html"), ("hal", ".html"), ("flo", ".html")} and rows["ada"]["score"] == 18
    )
    for student, said in {
        "ada": "18 of 20",
        "hal": "Well &lt;said&gt;.",
        "flo": "Flo Florence",
    }.items():
        assert said in (folder / f"feedback/{student}/toy/toy.html").read_text(encoding="utf-8")


def test_answers_that_wait_are_listed_by_section_with_the_way_to_each(course):
    folder, rows = course
    with (folder / "by-hand.csv").open(encoding="utf-8") as file:
        written = list(csv.DictReader(file))
    waiting = {student for student, row in rows.items() if row["to_grade_by_hand"]}
    assert {row["student"] for row in written} >= waiting - {"ada"} and "ben" not in waiting
    roster = Roster({"ed": Person("ed", "Ed", "A"), "di": Person("di", "Di", "B")})
    listed = by_hand.waiting(folder, roster)
    assert [(row["section"], row["student"]) for row in listed][-2:] == [("A", "ed"), ("B", "di")]
    with Gradebook(f"sqlite:///{folder / 'gradebook.db'}", "s2s") as gradebook:
        (notebook,) = gradebook.find_submission("toy", "di").notebooks
        assert listed[-1]["page"] == f"/formgrader/submissions/{notebook.id}/#why"
    assert (listed[-1]["problem_set"], listed[-1]["cell"]) == ("toy", "why")


def test_nbgraders_own_command_grades_too(course):
    folder, _ = course
    shutil.rmtree(folder / "autograded/ada")
    assert nbgrader(folder, "autograde", "toy", "--student", "ada") == 0
    assert (folder / "autograded/ada/toy/toy.ipynb").is_file()


def test_without_a_release_or_a_folder_it_says_so(tmp_path):
    with pytest.raises(FileNotFoundError, match="make assignments"):
        grade(tmp_path, tmp_path, ["toy"])
    (tmp_path / "gradebook.db").touch()
    with pytest.raises(FileNotFoundError, match="there is no folder"):
        grade(tmp_path / "missing", tmp_path, ["toy"])


def test_on_the_command_line_it_says_what_is_wrong(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("assignments.tooling.grade.course_folder", lambda seed: tmp_path)
    (tmp_path / "gradebook.db").touch()
    (tmp_path / "students.json").write_text("{")
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "students.json" in (error := capsys.readouterr().err) and "delete it" in error
