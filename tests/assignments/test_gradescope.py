"""Gradescope's autograder, run in a folder laid out as its container: archives, points, refusals, what students see."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import jsonschema
import nbformat
import pytest
from handed_in import write

from assignments.tooling import source
from assignments.tooling.gradescope.archive import write_archives
from assignments.tooling.gradescope.results import claims, lines
from assignments.tooling.gradescope.results import test as entry
from assignments.tooling.gradescope.run import Refused, handed_in
from assignments.tooling.release import course_folder, write_course
from assignments.tooling.traces import settled

SECRET = "0123456789abcdef0123456789abcdef"
SEEN = {"enum": ["hidden", "after_due_date", "after_published", "visible"]}
TEST = {
    "type": "object",
    "additionalProperties": False,
    "required": ["name", "score", "max_score", "output", "visibility"],
    "properties": {
        "name": {"type": "string"},
        "number": {"type": "string"},
        "score": {"type": "number", "minimum": 0},
        "max_score": {"type": "number", "minimum": 0},
        "status": {"enum": ["passed", "failed"]},
        "output": {"type": "string"},
        "visibility": SEEN,
    },
}
# The fields of the documentation that are used: https://gradescope-autograders.readthedocs.io/en/latest/specs/
SCHEMA = {
    "type": "object",
    "additionalProperties": False,
    "required": ["score"],
    "properties": {
        "score": {"type": "number", "minimum": 0},
        "output": {"type": "string"},
        "visibility": SEEN,
        "stdout_visibility": SEEN,
        "tests": {"type": "array", "items": TEST},
    },
}
SPY = "def square(x):\n    print(In)\n    raise ValueError(str(In))"


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A course with two sets and a secret, with its archives written, and a student's work beside."""
    folder = tmp_path_factory.mktemp("course")
    patch = pytest.MonkeyPatch()
    for name in ("toy", "other"):
        shutil.copytree(Path(__file__).parent / "toy_set", folder / "sets" / name)
    patch.setattr(source, "SETS_FOLDER", folder / "sets")
    write_course(folder, f"a-term {SECRET}", ["toy", "other"])
    (folder / "secret.txt").write_text(SECRET)
    write(folder / "submitted/ada/toy/toy.ipynb")
    write_archives(folder, ["toy", "other"])
    with zipfile.ZipFile(folder / "gradescope/toy.zip") as archive:
        (wheel,) = (name for name in archive.namelist() if name.endswith(".whl"))
        archive.extract(wheel, folder)
    with zipfile.ZipFile(folder / wheel) as archive:  # what setup.sh installs, once
        archive.extractall(folder / "site")
    yield folder
    patch.undo()


@pytest.fixture
def autograder(course, tmp_path):
    """A function that hands files in, as Gradescope lays them out, and returns the results."""
    base = tmp_path / "autograder"
    (base / "submission").mkdir(parents=True)
    with zipfile.ZipFile(course / "gradescope/toy.zip") as archive:
        archive.extractall(base / "source")
    shutil.copy(base / "source/run_autograder", base / "run_autograder")

    def run(files: dict[str, str], python: str = sys.executable) -> dict:
        for name, text in files.items():
            write(base / "submission" / name, text)
        settings = {"S2S_AUTOGRADER": str(base), "S2S_PYTHON": python, "S2S_GRADE_AS": ""}
        settings["PYTHONPATH"] = str(course / "site")
        subprocess.run(
            ["bash", base / "run_autograder"], cwd=base, env=os.environ | settings, check=False
        )
        found = json.loads((base / "results/results.json").read_text(encoding="utf-8"))
        jsonschema.validate(found, SCHEMA)
        return found

    return run


def official(course, **sources) -> str:
    """The right notebook, with other sources of some cells."""
    notebook = nbformat.read(course / "source/toy/toy.ipynb", as_version=4)
    for cell in notebook.cells:
        cell.source = sources.get(cell.id, cell.source)
    return nbformat.writes(notebook)


def points(found: dict) -> list[tuple]:
    return [
        (t["name"], t["score"], t["max_score"], t["visibility"])
        for t in found["tests"]
        if t["visibility"] != "hidden"
    ]


def test_an_archive_has_its_set_and_nothing_else_of_the_course(course):
    with zipfile.ZipFile(course / "gradescope/toy.zip") as archive:
        names = archive.namelist()
        everything = b"".join(archive.read(name) for name in names)
        modes = {e.filename: oct(e.external_attr >> 16)[-3:] for e in archive.infolist()}
        text = archive.read("course/source/toy/toy.ipynb").decode()
    assert {"setup.sh", "run_autograder", "constraints.txt"} <= set(names), "at the root"
    assert [name for name in names if name.startswith("course")] == ["course/source/toy/toy.ipynb"]
    assert not [name for name in names if "/sets/" in name or "ada" in name or name.endswith("db")]
    assert SECRET.encode() not in everything
    assert modes["run_autograder"] == modes["setup.sh"] == "755"
    assert "a secret message" in text, "the hidden tests are there"
    assert "return 2 * x" not in text and "Because." not in text, "and the solutions are not"


def test_the_same_course_gives_the_same_bytes(course):
    before = {path.name: path.read_bytes() for path in (course / "gradescope").iterdir()}
    write_archives(course, ["toy", "other"])
    assert before == {path.name: path.read_bytes() for path in (course / "gradescope").iterdir()}
    assert before.keys() == {"toy.zip", "other.zip"}


def test_a_right_notebook_gets_all_points_and_the_answer_waits_for_its_reader(course, autograder):
    found = autograder({"my homework.ipynb": official(course)})
    assert found["score"] == 15
    assert points(found) == [
        ("0.1: checks", 1, 1, "visible"),
        ("0.1: hidden tests", 2, 2, "after_published"),
        ("0.2: checks", 4, 4, "visible"),
        ("0.2: hidden tests", 8, 8, "after_published"),
    ]
    assert "Graded here: 15 points." in found["output"]
    assert "not counted here: 0.3 (5 points)." in found["output"]
    assert found["stdout_visibility"] == "hidden"


def test_a_spy_loses_the_points_and_shows_nothing_at_once(course, autograder):
    stub = "**Your answer to 0.3**\n\n*Write your answer here.*"
    wrong = official(course, square=SPY, double="def double(x):\n    return 2", why=stub)
    found = autograder({"toy.ipynb": wrong})
    assert [(score, most) for _, score, most, _ in points(found)] == [
        (1, 1),
        (0, 2),
        (0, 4),
        (0, 8),
    ]
    assert found["score"] == 1 and "0.3 (5 points, nothing was written)" in found["output"]
    at_once = [t["output"] for t in found["tests"] if t["visibility"] == "visible"]
    assert "secret message" not in found["output"] + "".join(at_once)
    assert at_once[1].startswith("[failed] three times three: ValueError\nRun this cell")
    assert "HIDDEN" not in json.dumps(found)


OTHER = '{"cells": [], "metadata": {"s2s": {"set": "ps1"}}, "nbformat": 4, "nbformat_minor": 5}'
STRANGE = '{"cells": [{"cell_type": "code", "source": "x = 1"}], "metadata": {}}'


@pytest.mark.parametrize(
    ("files", "why"),
    [
        ({}, "No notebook came in. Hand in one file, toy.ipynb."),
        ({"toy.py": "", "toy.pdf": ""}, "No notebook came in, but toy.pdf, toy.py. Hand in one"),
        ({"a.ipynb": OTHER, "b.ipynb": OTHER}, "2 notebooks came in (a.ipynb, b.ipynb)."),
        ({"toy.ipynb": '{"cells": ['}, "no valid JSON: it was cut off"),
        ({"toy.ipynb": OTHER}, "toy.ipynb is a notebook of ps1; here toy is handed in."),
        ({"toy.ipynb": STRANGE}, "toy.ipynb has nothing of toy in it"),
    ],
    ids=["none", "other files", "two", "cut off", "another set's", "another course's"],
)
def test_what_is_no_notebook_of_the_set_is_refused_with_a_reason(course, tmp_path, files, why):
    for name, text in files.items():
        write(tmp_path / name, text)
    known = nbformat.read(course / "source/toy/toy.ipynb", as_version=4)
    with pytest.raises(Refused) as refused:
        handed_in(tmp_path, "toy", known)
    assert why in str(refused.value)


def test_what_is_refused_gets_nothing_and_the_reason(autograder):
    found = autograder({"toy.ipynb": '{"cells": ['})
    (only,) = found["tests"]
    assert (only["score"], only["max_score"]) == (0, 15)
    assert "no valid JSON" in only["output"] and "no valid JSON" in found["output"]


def test_without_its_python_there_is_a_result_too(autograder):
    found = autograder({}, python="/nowhere/python")
    assert found["score"] == 0 and "Tell your teacher" in found["output"]


def test_cells_that_nbgrader_cannot_read_get_nothing_and_advice(autograder):
    odd = '{"cells": [3], "metadata": {"s2s": {"set": "toy"}}, "nbformat": 4, "nbformat_minor": 5}'
    found = autograder({"toy.ipynb": odd})
    assert found["score"] == 0 and "Open it in Jupyter or Colab" in found["output"]


@pytest.mark.parametrize("name", ["setup.sh", "run_autograder"])
def test_the_scripts_are_bash(name):
    path = source.ASSIGNMENTS / "tooling/gradescope" / name
    assert path.read_text(encoding="utf-8").startswith("#!/usr/bin/env bash\n")
    assert subprocess.run(["bash", "-n", path]).returncode == 0
    assert os.access(path, os.X_OK)


@pytest.mark.parametrize("name", source.SETS)
def test_every_claim_of_the_sets_is_shown(name):
    path = course_folder() / "source" / name / f"{name}.ipynb"
    for cell in nbformat.read(path, as_version=4).cells:
        graded = cell.metadata.get("nbgrader", {}).get("grade")
        trace = cell.source.startswith("sealed.report(")
        if graded and cell.cell_type == "code" and not trace:
            number = cell.source.count("@checks(") + cell.source.count("@hidden(")
            assert len(claims(cell.source)) == number > 0


def ran(text: str, **error) -> nbformat.NotebookNode:
    outputs = [nbformat.v4.new_output("stream", name="stdout", text=text)] if text else []
    outputs += [nbformat.v4.new_output("error", traceback=[], **error)] if error else []
    return nbformat.v4.new_code_cell("", outputs=outputs)


def test_a_prediction_shows_its_trace_at_once():
    about = {"nbgrader": {"grade_id": "prediction-trace", "grade": True, "points": 3}}
    official = nbformat.v4.new_code_cell("sealed.report(points=3)", metadata=about)
    _, text = settled("2.8", 3, "abc", [])
    shown = entry(official, ran(text), {"score": "1", "max_score": "3"}, "2.8", "Look")
    assert shown["visibility"] == "visible" and shown["name"] == "Look: committed prediction"
    assert "without the output of the cell that commits" in shown["output"]
    assert (shown["score"], shown["status"]) == (1, "failed")


def test_messages_are_shown_later_and_kinds_at_once():
    cell = ran("  [passed] a (b)\n  [failed] c\n           AssertionError: one\n           two\n")
    assert lines(["a (b)", "c"], cell, messages=True) == [
        "[passed] a (b)",
        "[failed] c: AssertionError: one two",
    ]
    assert lines(["a (b)", "c"], cell, messages=False)[1] == "[failed] c: AssertionError"
    told = ran("", ename="TellTale", evalue="text of a test")
    assert "text of a test" not in str(lines(["a"], told, messages=False))
    late = ran("", ename="NotRun", evalue="the notebook's time was used up before this cell")
    assert "time was used up" in str(lines(["a"], late, messages=False))
