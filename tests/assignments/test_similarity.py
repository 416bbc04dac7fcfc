"""Similar works: planted copies stand above every pair of independent right solutions, whatever was done to hide them."""

from __future__ import annotations

import ast
import copy
import csv
import itertools
import re

import nbformat
import pytest
from tried_answers import TRIED

from assignments.tooling.inprocess import answers
from assignments.tooling.similarity.own import given, own_code
from assignments.tooling.similarity.pairs import Work, compare
from assignments.tooling.similarity.report import page
from assignments.tooling.similarity.run import OFFICIAL, main, official, similarity
from assignments.tooling.source import ASSIGNMENTS, SETS

STUDENTS = 10


def notebook(name: str, sources: dict[str, str]) -> nbformat.NotebookNode:
    """The release of a set with these sources of exercises."""
    found = nbformat.read(ASSIGNMENTS / "release" / name / f"{name}.ipynb", as_version=4)
    for cell in found.cells:
        cell.source = sources.get(cell.id, cell.source)
    return found


def independent(name: str) -> list[dict[str, str]]:
    """Ten students: each has a right solution of every exercise that no other one has."""
    right = [each for each in [*TRIED[name], *answers(name)] if each.right]
    exercises = dict.fromkeys(each.exercise for each in right)
    by_exercise = {e: [each.source for each in right if each.exercise == e] for e in exercises}
    enough = {e: texts for e, texts in by_exercise.items() if len(texts) >= STUDENTS}
    return [{e: texts[k] for e, texts in enough.items()} for k in range(STUDENTS)]


def disguised(source: str, number: int) -> str:
    """The same program with other names, comments and brackets, and a line that does nothing."""
    tree = ast.parse(source)
    nodes = list(ast.walk(tree))
    own = {n.id for n in nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own |= {n.arg for n in nodes if isinstance(n, ast.arg)}
    for node in nodes:
        if isinstance(node, ast.Name) and node.id in own:
            node.id = f"my{number}_{node.id}"
        elif isinstance(node, ast.arg):
            node.arg = f"my{number}_{node.arg}"
        elif isinstance(node, ast.FunctionDef):
            node.body.insert(len(node.body) // 2, ast.parse(f"unused = {number}").body[0])
            node.returns = ast.Name("object")
    lines = ast.unparse(tree).splitlines()
    return "\n\n".join(f"{line}  # step {k}" for k, line in enumerate(lines))


def shuffled(found: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Cells in another order, and every function in a cell that the student has added."""
    changed = copy.deepcopy(found)
    for cell in [
        each for each in changed.cells if each.metadata.get("nbgrader", {}).get("solution")
    ]:
        if cell.cell_type == "code":
            changed.cells.insert(0, nbformat.v4.new_code_cell(cell.source))
            cell.source = "# see above"
    return changed


def hand_in(folder, name: str, student: str, found: nbformat.NotebookNode) -> None:
    (folder / student).mkdir(parents=True, exist_ok=True)
    nbformat.write(found, folder / student / f"{name}.ipynb")


@pytest.fixture(scope="module", params=SETS)
def term(request, tmp_path_factory):
    """A term in which ten worked alone, and five copied from some of them."""
    name, folder = request.param, tmp_path_factory.mktemp("term")
    honest = independent(name)
    shortest = min(honest[0], key=lambda e: len(honest[0][e]))
    for sources in honest:
        sources[shortest] = honest[0][shortest]  # there is one way
    for k, sources in enumerate(honest):
        hand_in(folder / "in", name, f"s{k}", notebook(name, sources))
    names = {exercise: disguised(text, 1) for exercise, text in honest[1].items()}
    hand_in(folder / "in", name, "renamed", notebook(name, names))
    hand_in(folder / "in", name, "moved", shuffled(notebook(name, honest[2])))
    both = {exercise: disguised(text, 2) for exercise, text in honest[3].items()}
    hand_in(folder / "in", name, "renamed-moved", shuffled(notebook(name, both)))
    half = dict(itertools.islice(honest[4].items(), len(honest[4]) // 2, None))
    hand_in(folder / "in", name, "half", notebook(name, half))
    old = notebook(name, {exercise: disguised(text, 3) for exercise, text in honest[5].items()})
    old.metadata["s2s"]["variant"] = "01234567"
    hand_in(folder / "old", name, "bob", old)
    for student in ("lazy", "hasty"):
        hand_in(folder / "in", name, student, notebook(name, {shortest: honest[0][shortest]}))
    course = tmp_path_factory.mktemp("course")
    (course / "source" / name).mkdir(parents=True)
    path = ASSIGNMENTS / "source" / name / f"{name}.ipynb"
    (official(course, name)).write_bytes(path.read_bytes())
    return course, similarity(folder / "in", course, folder / "old")[name]


PLANTED = [
    {"s1", "renamed"},
    {"s2", "moved"},
    {"s3", "renamed-moved"},
    {"s4", "half"},
    {"s5", "archive: bob"},
]


def test_planted_pairs_stand_above_all_others(term):
    _, found = term
    first = [{pair.first.label, pair.second.label} for pair in found.pairs[: len(PLANTED)]]
    assert all(pair in first for pair in PLANTED), first
    others = found.pairs[len(PLANTED) :]
    assert found.pairs[len(PLANTED) - 1].share > 2 * others[0].share
    assert len(others) > 90, "every other pair is there too"


def test_the_base_rate_is_that_of_an_ordinary_pair(term):
    _, found = term
    assert 0 < found.ordinary < 0.1 < found.pairs[0].share
    assert found.pairs[0].as_much <= len(PLANTED) - 1, "the archive's pair is none of the term"


def test_the_table_has_every_pair_and_the_page_the_first_ones(term):
    course, found = term
    with (course / "similarity.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(found.pairs) and rows[0]["rank"] == "1"
    text = (course / "similarity.html").read_text(encoding="utf-8")
    assert "not a verdict" in text and OFFICIAL in str(rows)
    assert "<mark>" in text and "<script" not in text and "http" not in text
    assert text == page({rows[0]["problem_set"]: found}), "the same again"


@pytest.mark.parametrize("name", SETS)
def test_what_was_given_is_nobodys_own(name, tmp_path):
    known = given(ASSIGNMENTS / "source" / name / f"{name}.ipynb")
    empty = notebook(name, {})
    for k, cell in enumerate(empty.cells):  # an editor has kept neither ids nor metadata
        cell.metadata, cell.id = nbformat.from_dict({}), f"cell-{k}"
    empty.cells.append(nbformat.v4.new_code_cell("import math\n# a remark\n'''a text'''"))
    nbformat.write(empty, tmp_path / "empty.ipynb")
    assert own_code(tmp_path / "empty.ipynb", known) == {}


def test_given_code_of_another_variant_is_given_too(tmp_path):
    known = given(ASSIGNMENTS / "source/ps2/ps2.ipynb")
    cells = [cell for cell in notebook("ps2", {}).cells if cell.id == "corpus"]
    assert len(cells) == 1 and "seed=" in cells[0].source
    text = re.sub(r"'\w\w'", "'eo'", re.sub(r"\b\d+\b", "77", cells[0].source))
    assert text != cells[0].source
    added = [
        nbformat.v4.new_code_cell(each) for each in (text, "x: int = torch.tensor(3)", "%ls\n((1,")
    ]
    nbformat.write(nbformat.v4.new_notebook(cells=added), tmp_path / "old.ipynb")
    found = own_code(tmp_path / "old.ipynb", known)[""]
    assert "x = torch.tensor(3)" in found and "languages" not in found
    assert found.endswith("%ls\n((1,"), "what is no Python is compared as it stands"


def work(label: str, lines: int, name: str = "x") -> Work:
    return Work(label, {"": "\n".join(f"{name} = {name} + {k} * {k}" for k in range(lines))})


def sums(start: int, lines: int) -> str:
    return "\n".join(f"x = x + {k} * {k + 7}" for k in range(start, start + lines))


def test_what_many_wrote_counts_little():
    every = [Work(f"s{k}", {"": sums(100, 40) + "\n" + sums(1000 * (k + 1), 20)}) for k in range(8)]
    found = compare(every)
    assert len(found.shares) == 28 and found.shares[-1] < 0.4, "two thirds are the same in all"


def test_a_short_work_does_not_come_first_for_a_few_lines():
    alone = [Work(f"s{k}", {"": sums(1000 * (k + 1), 60)}) for k in range(6)]
    short = [Work(f"short{k}", {"": sums(100, 10)}) for k in range(2)]
    assert all(each.enough for each in short)
    copied = Work("copy", {"": sums(1000, 45) + "\n" + sums(50_000, 15)})
    first, second, *_ = compare([*alone, *short, copied]).pairs
    assert {first.first.label, first.second.label} == {"s0", "copy"}
    assert {second.first.label, second.second.label} == {"short0", "short1"}


def test_names_are_escaped_and_little_code_is_named():
    found = compare([work("<b>", 20), work("ada", 20, "longer"), work("<i>", 1)])
    assert [pair.share for pair in found.pairs] == [1.0]
    text = page({"ps1": found})
    assert "&lt;b&gt; and ada" in text and "<b>" not in text.replace("<b>100 %</b>", "")
    assert "Not compared, for there is too little code of their own: &lt;i&gt;." in text


def test_code_of_students_is_escaped():
    text = "a = '</pre><script>alert(1)</script>' if 1 < 2 else 3\n"
    works = [Work(each, {"": text * 5}) for each in ("ada", "ben", "cy", "di")]
    assert "<script" not in page({"ps1": compare(works)})


def test_nothing_to_compare_is_no_error():
    assert compare([]).pairs == [] and compare([work("ada", 20)]).pairs == []
    assert "<h2>ps1</h2>" in page({"ps1": compare([work("ada", 20)])})


def test_without_a_folder_or_a_release_it_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setattr("assignments.tooling.similarity.run.course_folder", lambda seed: tmp_path)
    with pytest.raises(SystemExit):
        main([str(tmp_path)])
    assert "make assignments" in capsys.readouterr().err
    with pytest.raises(FileNotFoundError, match="no folder"):
        similarity(tmp_path / "missing", ASSIGNMENTS)
