"""The tools behind the Makefile: running the chapters, fetching what the site serves, building it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import nbformat
import pytest

from tools import run_chapters, vendor_assets

SLIDER = "import ipywidgets\nipywidgets.IntSlider(description='step')"


def write_notebook(path, *sources):
    """Write a notebook as an editor leaves it: without ids, with metadata of its own."""
    cell = {"cell_type": "code", "execution_count": 7, "outputs": []}
    cells = [
        cell | {"source": source, "metadata": {"collapsed": True, "tags": ["keep"]}}
        for source in sources
    ]
    notebook = {"cells": cells, "metadata": {"authors": ["x"]}, "nbformat": 4, "nbformat_minor": 4}
    path.write_text(json.dumps(notebook), encoding="utf-8")
    return path


@pytest.mark.notebook
def test_running_a_chapter_stores_its_outputs_and_repeats(tmp_path, capsys):
    path = write_notebook(tmp_path / "01_topic.ipynb", "x = 6 * 7\nprint(x)", SLIDER, "x;")
    assert run_chapters.main([str(path)]) == 0
    assert "01_topic.ipynb" in capsys.readouterr().out
    first = path.read_bytes()
    notebook = nbformat.reads(first.decode(), as_version=4)
    nbformat.validate(notebook)
    printed, slider, silent = notebook.cells
    assert printed.outputs[0].text == "42\n" and silent.outputs == []
    assert [cell.execution_count for cell in notebook.cells] == [1, 2, 3]
    assert all(cell.metadata == {"tags": ["keep"]} for cell in notebook.cells)
    assert len({cell.id for cell in notebook.cells}) == 3
    assert set(notebook.metadata) == {"kernelspec", "language_info", "widgets"}
    shown = slider.outputs[0].data["application/vnd.jupyter.widget-view+json"]["model_id"]
    (state,) = notebook.metadata.widgets.values()
    assert shown in state.state
    assert run_chapters.main([str(path)]) == 0
    assert path.read_bytes() == first, "a second run differs in nothing"


@pytest.mark.notebook
def test_a_chapter_that_fails_stays_as_it_was(tmp_path, capsys):
    path = write_notebook(tmp_path / "01_topic.ipynb", "print(1)", "1 / 0")
    before = path.read_bytes()
    assert run_chapters.main([str(path)]) == 1
    assert "ZeroDivisionError" in capsys.readouterr().out
    assert path.read_bytes() == before and list(tmp_path.iterdir()) == [path]


def test_a_missing_chapter_is_named(tmp_path, capsys):
    with pytest.raises(SystemExit):
        run_chapters.main([str(tmp_path / "99_none.ipynb")])
    assert "no such notebook" in capsys.readouterr().err


def test_ids_that_are_there_stay_and_doubled_ones_change():
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell("x", id=name) for name in ("one", "two", "one")]
    tidy = run_chapters.tidy(notebook)
    first, second, third = (cell.id for cell in tidy.cells)
    assert (first, second) == ("one", "two") and third not in {"one", "two"}


def test_what_a_chapter_says_of_its_cells_stays_and_what_editors_leave_goes():
    notebook = nbformat.v4.new_notebook()
    said = {"tags": ["hide-input"], "mystnb": {"figure": {}}, "s2s": {"picture": "trace"}}
    notebook.cells = [nbformat.v4.new_code_cell("x", metadata=said | {"collapsed": True})]
    assert run_chapters.tidy(notebook).cells[0].metadata == said


@pytest.fixture
def vendor(tmp_path, monkeypatch):
    """The tool with a target of its own and an npm that cannot reach its registry."""
    npm = tmp_path / "npm"
    npm.write_text("#!/bin/sh\necho 'npm error ECONNREFUSED' >&2\nexit 1\n")
    npm.chmod(0o755)
    monkeypatch.setattr(vendor_assets, "TARGET", tmp_path / "vendor")
    monkeypatch.setattr(vendor_assets, "STAMP", tmp_path / "vendor/.ready")
    monkeypatch.setattr(vendor_assets, "find_npm", lambda: str(npm))
    return vendor_assets


def test_fetching_without_a_network_says_what_to_do(vendor, tmp_path):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor/old.js").touch()
    with pytest.raises(SystemExit, match="ECONNREFUSED(.|\n)*connect to the network"):
        vendor.main()
    assert (tmp_path / "vendor/old.js").exists(), "what was there is still there"


def test_fetching_again_does_nothing(vendor, tmp_path):
    (tmp_path / "vendor").mkdir()
    vendor.STAMP.write_text(vendor.fingerprint())
    vendor.main()


def test_a_package_of_another_layout_is_named(vendor, tmp_path):
    with pytest.raises(SystemExit, match="mathjax has no file LICENSE"):
        vendor.copy(tmp_path, tmp_path / "vendor")


def test_building_without_the_vendored_files_stops(tmp_path):
    from sphinx.errors import ConfigError

    from book.extensions.s2s_site import check_vendored

    app = SimpleNamespace(srcdir=tmp_path, config=SimpleNamespace(mathjax_path="vendor/x.js"))
    with pytest.raises(ConfigError, match="make book"):
        check_vendored(app)
