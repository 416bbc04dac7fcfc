"""From the text of a problem set to its notebooks: what is in them, and the same from the same seed."""

from __future__ import annotations

import json
import re

import nbformat
import pytest
from other_process import printed

from assignments.tooling import source
from assignments.tooling.inprocess import SOLUTION, run_quietly
from assignments.tooling.release import course_folder, release, write_course
from assignments.tooling.secret import course_seed
from assignments.tooling.source import (
    ASSIGNMENTS,
    BOOK_SEED,
    SETS,
    compile_set,
    load,
    read_cells,
    variant,
    variant_tag,
)

ADVICE = "run `make assignments`: assignments/source and assignments/release are made from the sets"


def released(name: str) -> nbformat.NotebookNode:
    return nbformat.read(ASSIGNMENTS / "release" / name / f"{name}.ipynb", as_version=4)


def test_the_releases_are_made_again_byte_for_byte(tmp_path):
    write_course(tmp_path, BOOK_SEED, SETS)
    release(tmp_path, SETS)
    for path in (
        f"{place}/{name}/{name}.ipynb" for place in ("source", "release") for name in SETS
    ):
        assert (tmp_path / path).read_bytes() == (ASSIGNMENTS / path).read_bytes(), (path, ADVICE)


STARTS = """
import sys
import nbgrader.apps, assignments.tooling.grade
from traitlets.config.loader import PyFileConfigLoader
PyFileConfigLoader("nbgrader_config.py", path="assignments").load_config()
heavy = {"torch", "lark", "rfc3987_syntax"}
print(sorted(heavy & set(sys.modules)), "assignments.tooling.execute" in sys.modules)
"""


def test_what_releases_and_makes_pages_waits_for_no_pytorch_and_reads_no_grammar():
    assert printed(__file__, STARTS) == "[] True"


@pytest.mark.parametrize("name", SETS)
def test_a_seed_changes_what_is_graded_and_not_what_is_asked(name):
    first, again, other = (compile_set(name, seed) for seed in ("a", "a", "b"))
    assert first == again and first != other
    assert [cell.id for cell in first.cells] == [cell.id for cell in other.cells]
    different = {one.id for one, two in zip(first.cells, other.cells) if one.source != two.source}
    graded = {c.grade_id for c in load(name) if c.kind in ("checks", "hidden", "run", "given")}
    assert different & graded
    assert len({variant_tag(name, seed) for seed in ("a", "b", BOOK_SEED)}) == 3
    for number in range(40):
        compile_set(name, f"{number}")


@pytest.mark.parametrize("name", SETS)
def test_nothing_of_a_solution_or_a_hidden_test_is_released(name):
    text = "\n".join(cell.source for cell in released(name).cells)
    assert "BEGIN" not in text and "VARIANT" not in text
    kept = {line.strip() for cell in released(name).cells for line in cell.source.splitlines()}
    kinds = {each.grade_id: each.kind for each in load(name)}
    cells = [cell for cell in compile_set(name).cells if kinds[cell.id] in ("given", "checks")]
    shown = "\n".join(cell.source for cell in cells)
    given = set(map(str.strip, shown.splitlines()))  # hidden tests repeat what they use of it
    for cell in compile_set(name).cells:
        secret = SOLUTION.findall(cell.source) and SOLUTION.search(cell.source)[0]
        hidden = re.search(r"### BEGIN HIDDEN TESTS\n(.*)### END", cell.source, re.DOTALL)
        for passage in (secret, hidden and hidden[1]):
            lines = {line.strip() for line in (passage or "").splitlines()}
            found = {line for line in lines if len(line) > 50} & kept - given
            assert not found, "stands in the release"


@pytest.mark.parametrize("name", SETS)
def test_a_release_says_what_it_is_worth_and_how_to_start(name):
    cells = released(name).cells
    first_code = next(cell for cell in cells if cell.cell_type == "code")
    assert first_code.source == source.set_up_source()
    total = sum(cell.metadata.get("nbgrader", {}).get("points", 0) for cell in cells)
    assert f"**{total:g} points.**" in cells[0].source
    assert total == float(variant(name, BOOK_SEED)["total"])
    for cell in load(name):
        if cell.kind == "answer":
            title = next(c.source for c in cells if f"{cell.points:g} of them by hand)" in c.source)
            assert title.startswith("## ")
    headings = re.findall(r"^## .*?\((\d+) points", "\n".join(c.source for c in cells), re.M)
    assert sum(map(int, headings)) == total, "the headings' points add up"


@pytest.mark.parametrize("name", SETS)
def test_an_unsolved_release_runs_and_says_what_is_not_implemented(name, capsys):
    names = {"__name__": "__main__"}
    kinds = {cell.grade_id: cell.kind for cell in load(name)}
    scores = {}
    for cell in released(name).cells:
        if kinds.get(cell.id) in ("given", "solution", "checks", "hidden"):
            scores[cell.id] = run_quietly(cell.source, names)
    for cell in released(name).cells:
        if kinds.get(cell.id) == "checks":
            assert scores[cell.id] == 0.0
        elif kinds.get(cell.id) == "hidden":
            assert scores[cell.id] is None


@pytest.mark.parametrize("name", SETS)
def test_cells_are_short_lines_and_nothing_asks_for_a_file(name):
    notebook = released(name)
    nbformat.validate(notebook)
    for cell in notebook.cells:
        if cell.cell_type == "code":
            assert max(map(len, cell.source.splitlines())) <= 100
        assert "files.upload" not in cell.source
    assert json.loads(nbformat.writes(notebook))["metadata"]["s2s"]["set"] == name


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("# %% surprise x\n1", "should begin with one of"),
        ("# %% given\n1", "needs a name"),
        ("# %% checks x\n1", "needs points"),
        ("# %% answer x\n# text", "needs points"),
        ("# %% given x\n1\n# %% given x\n2", "there twice: x"),
    ],
)
def test_a_mistake_in_a_set_is_named(text, message):
    with pytest.raises(ValueError, match=message):
        read_cells(text)


def test_cells_are_read():
    text = "# noqa\n# %% [markdown]\n# # Title\n#\n# Text\n# %% checks f\nc = Checks(points=2.5)\n"
    title, checks = read_cells(text)
    assert (title.kind, title.source) == ("[markdown]", "# Title\n\nText")
    assert (checks.grade_id, checks.points) == ("f-checks", 2.5)


def test_values_are_filled_in_as_code_and_as_text():
    values = {"n": 3, "word": "blue"}
    assert source.fill_in("f(VARIANT.n, VARIANT.word)", values, code=True) == "f(3, 'blue')"
    assert source.fill_in("VARIANT.n VARIANT.word birds", values, code=False) == "3 blue birds"
    assert source.fill_in('"VARIANT.n birds"', values, code=True) == '"3 birds"'
    with pytest.raises(ValueError, match="without quotes"):
        source.fill_in('"VARIANT.word"', values, code=True)


def test_courses_do_not_share_a_place_in_the_exchange(tmp_path):
    seeds = {"a": "autumn-2027 0f", "b": "autumn-2027 1f"}
    for name, seed in seeds.items():
        write_course(tmp_path / name, seed, [])
    texts = [(tmp_path / name / "nbgrader_config.py").read_text("utf-8") for name in seeds]
    ids = [re.search(r"course_id = '(s2s-[0-9a-f]{8})'", text)[1] for text in texts]
    assert len(set(ids)) == 2 and "autumn" not in texts[0]
    (tmp_path / "a/nbgrader_config.py").write_text("# of before\n")
    write_course(tmp_path / "a", seeds["a"], [])
    assert (tmp_path / "a/nbgrader_config.py").read_text() == "# of before\n", (
        "a course keeps its id"
    )


@pytest.mark.parametrize("seed", ["", "a b", "../x", ".x", "a/b"])
def test_a_seed_is_a_folders_name(seed):
    with pytest.raises(ValueError, match="letters, digits"):
        course_folder(seed)


def test_a_course_draws_a_secret_once_and_its_name_alone_gives_another_variant(tmp_path):
    course = tmp_path / "autumn-2027"
    seed = course_seed(course, "autumn-2027")
    assert course_seed(course, "autumn-2027") == seed
    assert course_seed(tmp_path / "again" / "autumn-2027", "autumn-2027") != seed
    assert variant_tag("ps2", seed) != variant_tag("ps2", "autumn-2027")
    (course / "secret.txt").write_text("forgotten")
    with pytest.raises(ValueError, match="copy it from where the course was released"):
        course_seed(course, "autumn-2027")


def test_the_books_variant_and_a_course_of_before_need_no_secret(tmp_path):
    assert course_seed(ASSIGNMENTS, BOOK_SEED) == BOOK_SEED
    (tmp_path / "gradebook.db").touch()
    assert course_seed(tmp_path, "spring-2026") == "spring-2026"
    assert [path.name for path in tmp_path.iterdir()] == ["gradebook.db"]
