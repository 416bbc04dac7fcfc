"""What every chapter owes its reader, looked up in the notebooks as they are stored."""

import ast
import json
import re
from functools import cache

import pytest
from places import ROOT

import s2s_tutorial as s2s

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
CHAPTERS = [path for path in NOTEBOOKS if path.stem[:2].isdigit()]  # the others are pages
LONGEST_CELL = 25


def cells(path, kind):
    notebook = json.loads(path.read_text(encoding="utf-8"))
    return [cell for cell in notebook["cells"] if cell["cell_type"] == kind]


def text(path):
    return "\n".join("".join(cell["source"]) for cell in cells(path, "markdown"))


def source(cell):
    return "".join(cell["source"])


@cache
def package_names():
    names = set()
    for file in (ROOT / "s2s_tutorial").rglob("*.py"):
        for node in ast.parse(file.read_text(encoding="utf-8")).body:
            if isinstance(node, (ast.ClassDef, ast.FunctionDef)):
                names.add(node.name)
    return names


def test_there_are_chapters_and_the_contents_list_them():
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    assert len(CHAPTERS) >= 2
    for path in NOTEBOOKS:
        assert f"chapters/{path.stem}" in contents


def test_the_chapter_on_real_translation_was_run_on_the_real_corpus():
    # Without a network it goes on with a corpus made here, and its prose is not about that one.
    [path] = [path for path in CHAPTERS if path.stem.startswith("10")]
    printed = [
        "".join(output["text"])
        for cell in cells(path, "code")
        for output in cell["outputs"]
        if output["output_type"] == "stream"
    ]
    assert any("ParallelCorpus('multi30k', 'train', 29000 pairs)" in each for each in printed)


def test_the_page_on_use_says_which_chapters_need_no_network():
    fetched = re.compile(r'"(multi30k|tatoeba|iwslt15_en_vi)"')
    made = [p for p in CHAPTERS if not any(fetched.search(source(c)) for c in cells(p, "code"))]
    page = " ".join((ROOT / "book/how_to_use.md").read_text(encoding="utf-8").split())
    (told,) = re.findall(r"Nor do chapters ([^,]+), whose data", page)
    ranges = [list(map(int, part.split(" to "))) for part in told.split(" and ")]
    numbers = [n for each in ranges for n in range(each[0], each[-1] + 1)]
    assert numbers == [int(path.stem[:2]) for path in made]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_was_run_from_top_to_bottom(self, path):
        counts = [cell["execution_count"] for cell in cells(path, "code")]
        assert counts == list(range(1, len(counts) + 1))

    def test_begins_with_the_one_setup_cell(self, path):
        setup = source(cells(path, "code")[0])
        assert setup == source(cells(CHAPTERS[0], "code")[0])
        assert '"google.colab" in sys.modules' in setup and "torch" not in setup
        assert cells(path, "code")[0]["outputs"] == []

    def test_stores_neither_errors_nor_progress_bars(self, path):
        for cell in cells(path, "code"):
            for output in cell["outputs"]:
                assert output["output_type"] != "error"
                assert output.get("name") != "stderr", "".join(output["text"])
                assert "it/s]" not in json.dumps(output.get("data", {}).get("text/plain", ""))

    def test_shows_the_source_as_it_now_is(self, path):
        """Known in a second here; the notebook's own run says the same after minutes."""
        names = {"s2s": s2s}
        for code in map(source, cells(path, "code")):
            exec("\n".join(re.findall(r"^from s2s_tutorial.*$", code, re.M)), names)
        for cell in cells(path, "code"):
            if source(cell).startswith("s2s.show_source("):
                (output,) = cell["outputs"]
                assert "".join(output["data"]["text/markdown"]) == eval(source(cell), names).data

    def test_cells_are_short(self, path):
        long = [c for c in map(source, cells(path, "code")) if c.count("\n") >= LONGEST_CELL]
        assert long == []

    def test_defines_nothing_that_the_package_has(self, path):
        for code in map(source, cells(path, "code")):
            tree = ast.parse(re.sub(r"^(\s*)%.*$", r"\1pass", code, flags=re.M))
            defined = {n.name for n in tree.body if isinstance(n, (ast.ClassDef, ast.FunctionDef))}
            assert not defined & package_names()

    def test_every_figure_has_a_caption_a_name_and_alt_text(self, path):
        names = []
        for cell in cells(path, "code"):
            if any("image/png" in output.get("data", {}) for output in cell["outputs"]):
                drawn = cell["metadata"].get("mystnb", {})
                assert len(drawn.get("image", {}).get("alt", "")) > 20, source(cell)
                assert len(drawn.get("figure", {}).get("caption", "")) > 20, source(cell)
                names.append(drawn["figure"]["name"])
        assert names and len(names) == len(set(names))

    def test_numbered_equations_have_no_line_breaks(self, path):
        """Sphinx puts what holds a double backslash into `split`, and MathJax refuses a tag there."""
        equations = re.findall(r"\$\$(.+?)\$\$", text(path), re.S)
        numbered = [equation for equation in equations if r"\tag{" in equation]
        assert len(numbered) == text(path).count(r"\tag{")
        assert [equation for equation in numbered if r"\\" in equation] == []  # in cases: \cr

    def test_cites_what_the_bibliography_has(self, path):
        bibliography = (ROOT / "book" / "references.bib").read_text(encoding="utf-8")
        keys = re.findall(r"\]\(cite:(\w+)\)", text(path))
        assert [key for key in keys if not re.search(rf"@\w+{{{key},", bibliography)] == []

    def test_has_no_placeholder(self, path):
        assert re.findall(r"@[A-Z0-9-]+@|\bTODO\b|\bTBD\b", text(path)) == []

    def test_uses_public_names_only(self, path):
        for code in map(source, cells(path, "code")):
            for name in re.findall(r"\bs2s\.(\w+)", code):
                assert hasattr(s2s, name) and not name.startswith("_"), name


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
class TestChapter:
    def test_says_what_it_assumes_what_it_gives_and_how_long_it_runs(self, path):
        for promise in ("What you need", "What you will be able to do", "Running time"):
            assert f"**{promise}" in text(path)
        for heading in ("## Summary", "## Exercises"):
            assert heading in text(path)

    def test_exercises_climb_and_have_solutions(self, path):
        number = int(path.stem[:2])
        kinds = re.findall(rf"^### Exercise {number}\.\d \((\w+)\)", text(path), re.M)
        climb = ["recall", "compute", "change", "explain", "investigate"]
        assert set(kinds) == set(climb)
        assert [climb.index(kind) for kind in kinds] == sorted(climb.index(kind) for kind in kinds)
        folded = [
            c for c in cells(path, "code") if "Solution" in json.dumps(c["metadata"].get("mystnb"))
        ]
        assert all("hide-cell" in cell["metadata"]["tags"] for cell in folded)
        assert len(folded) >= 2
        assert text(path).count("<summary>Solution</summary>") >= 3

    def test_equations_are_numbered_in_order_and_referred_to_by_number(self, path):
        number = int(path.stem[:2])
        tags = re.findall(r"\\tag\{([\d.]+)\}", text(path))
        assert tags == [f"{number}.{k}" for k in range(1, len(tags) + 1)]
        referred = re.findall(rf"\(({number}\.\d+)\)", text(path))
        assert set(referred) <= set(tags)
