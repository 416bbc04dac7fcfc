"""The Assignments page offers the student versions, and nothing of a solution is on the site."""

from __future__ import annotations

import re

import pytest
from places import ROOT

from assignments.tooling.source import SETS, SETS_FOLDER, compile_set, load
from assignments.tooling.suspects import pool

PAGE = (ROOT / "book/assignments.md").read_text(encoding="utf-8")
GUIDE = (ROOT / "book/instructors.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", SETS)
def test_each_set_can_be_downloaded_and_opened_on_colab(name):
    assert f"{{download}}`{name}.ipynb <../assignments/release/{name}/{name}.ipynb>`" in PAGE
    assert f"/blob/main/assignments/release/{name}/{name}.ipynb)" in PAGE
    assert (ROOT / f"assignments/release/{name}/{name}.ipynb").is_file()
    assert "assignments/source" not in PAGE


def test_limits_in_the_guide_are_those_of_the_configuration():
    text = (ROOT / "assignments/nbgrader_config.py").read_text(encoding="utf-8")
    limits = dict(re.findall(r"^c\.LimitedExecute\.(\w+) = ([\d.]+)$", text, re.MULTILINE))
    assert limits == {
        "timeout": "240",
        "test_timeout": "60",
        "notebook_timeout": "900",
        "memory_gb": "6.0",
    }
    for row in ("one cell of tests | 60 seconds", "any other cell | 240 seconds", "15 minutes"):
        assert row in GUIDE


def test_points_in_the_guide_are_those_of_the_sets():
    totals = {name: sum(cell_points(name).values()) for name in SETS}
    assert set(totals.values()) == {50}, "the guide and the page say 50 points each"
    by_hand = {name: cell_points(name)["answer"] for name in SETS}
    assert set(by_hand.values()) == {15} and "In each set 35 of the 50 points" in GUIDE
    for name in SETS:
        points = {cell.grade_id: cell.points for cell in load(name)}
        hidden = [cell.name for cell in load(name) if cell.kind == "hidden"]
        both = {each: points[f"{each}-checks"] + points[f"{each}-hidden"] for each in hidden}
        told = (both.pop("minimal_pair"), points["explanation"], points["prediction-trace"])
        assert told == (4, 3, 3) and sum(both.values()) == 28, name


def test_the_pools_are_as_large_as_the_page_on_assistants_says():
    page = (ROOT / "book/assistants.md").read_text(encoding="utf-8")
    number = sum(len(pool(SETS_FOLDER / name)) for name in SETS)
    assert f"pools have {number} of them" in " ".join(page.split())


def cell_points(name: str) -> dict[str, float]:
    points = {"answer": 0.0, "tests": 0.0}
    for cell in compile_set(name).cells:
        about = cell.metadata.get("nbgrader", {})
        points["answer" if cell.cell_type == "markdown" else "tests"] += about.get("points", 0)
    return points


def test_nothing_of_a_solution_is_on_the_site():
    site = ROOT / "_build/html"
    if not site.is_dir():
        pytest.skip("the site is not built")
    secrets = {
        line.strip()
        for name in SETS
        for cell in compile_set(name).cells
        for passage in re.findall(r"BEGIN HIDDEN TESTS\n(.*?)### END", cell.source, re.DOTALL)
        for line in passage.splitlines()
        if line.strip().startswith("@hidden(")
    }
    assert len(secrets) > 50
    for path in [*site.rglob("*.html"), *site.rglob("*.ipynb"), *site.rglob("*.js")]:
        text = path.read_text(encoding="utf-8", errors="replace")
        found = [s for s in secrets if len(s) > 50 and s[9:-2] in text]
        assert not found, f"{path}: {found[:3]}"
