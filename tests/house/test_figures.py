"""The figures that are given out are those of the book: names, captions, pages; drawn as vectors."""

from __future__ import annotations

import contextlib
import doctest
import json
import re
from xml.etree import ElementTree

import nbformat
import pytest
import yaml
from places import ROOT

from tools import draw_figures, still_figures
from tools.browser import NoBrowser
from tools.draw_figures import Figure, captions, list_figures

NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
FIGURES = list_figures(NOTEBOOKS)
CELL = """
import matplotlib.pyplot as plt
from s2s_tutorial.figures.style import use_style
use_style()
figure, axes = plt.subplots()
axes.plot([1, 2])
"""


def test_names_are_the_chapters_and_the_figures_and_none_stands_twice():
    files = [figure.file for figure in FIGURES]
    assert len(files) > 60 and len(set(files)) == len(files)
    for figure in FIGURES:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", figure.file), figure.file
        assert figure.file.startswith(figure.chapter.replace("_", "-") + "-")
    assert "03-bahdanau-attention-mask" in files


def test_every_figure_is_on_a_page_of_the_book():
    contents = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for figure in FIGURES:
        assert f"chapters/{figure.chapter}\n" in contents + "\n", figure


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
def test_a_cell_with_a_caption_drew_one_picture(path):
    drawn = {}
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        if figure := draw_figures.figure_of(path.stem, cell):
            kinds = [set(output.get("data", {})) for output in cell["outputs"]]
            drawn[figure.name] = sum("image/png" in kind for kind in kinds)
    assert set(drawn.values()) <= {1}, drawn


def test_the_caption_file_has_every_figure_and_the_licence():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    text = captions(FIGURES, config)
    assert re.findall(r"^## (.*)$", text, re.MULTILINE) == [figure.file for figure in FIGURES]
    for figure in FIGURES:
        assert len(figure.caption) > 20 and figure.caption in text
        assert len(figure.alt) > 20 and figure.alt in text
    assert "CC BY 4.0" in text and (ROOT / "LICENSE-TEXT").is_file()


def notebook_with(path, *cells):
    notebook = nbformat.v4.new_notebook()
    for number, source in enumerate(cells):
        said = {
            "figure": {"caption": f"What it shows, {number}.", "name": f"fig-lines-{number}"},
            "image": {"alt": "Two points and a line between them."},
        }
        notebook.cells.append(nbformat.v4.new_code_cell(source, metadata={"mystnb": said}))
    nbformat.write(notebook, path)
    return path


@pytest.mark.slow
@pytest.mark.notebook
def test_a_chapter_is_drawn_as_vectors_once_and_the_same_again(tmp_path, capsys, monkeypatch):
    for name in ("OMP_NUM_THREADS", "TQDM_DISABLE", "SOURCE_DATE_EPOCH"):
        monkeypatch.setenv(name, "0" if name == "SOURCE_DATE_EPOCH" else "1")
    path = notebook_with(tmp_path / "98_test_lines.ipynb", CELL)
    stored, out = path.read_bytes(), tmp_path / "out"
    assert draw_figures.main([str(path), "--output", str(out)]) == 0
    svg, pdf = (out / f"98-test-lines-lines-0.{ending}" for ending in ("svg", "pdf"))
    assert "<svg" in svg.read_text(encoding="utf-8") and pdf.read_bytes().startswith(b"%PDF")
    assert "<image" not in svg.read_text(encoding="utf-8") and svg.stat().st_size < 100_000
    assert "98-test-lines-lines-0" in (out / "captions.md").read_text(encoding="utf-8")
    assert path.read_bytes() == stored, "the chapter stays as it is"
    first = svg.read_bytes(), pdf.read_bytes()
    svg.unlink()
    assert draw_figures.main([str(path), "--output", str(out)]) == 0
    assert (svg.read_bytes(), pdf.read_bytes()) == first
    capsys.readouterr()
    monkeypatch.setattr(draw_figures, "run", None)  # not run a third time
    assert draw_figures.main([str(path), "--output", str(out)]) == 0
    assert "1 figures in" in capsys.readouterr().out


def test_a_caption_without_a_picture_is_named(tmp_path, monkeypatch):
    path = notebook_with(tmp_path / "98_test.ipynb", "1")
    monkeypatch.setattr(draw_figures, "run", lambda path: nbformat.read(path, as_version=4))
    with pytest.raises(RuntimeError, match="fig-lines-0 drew 0 pictures"):
        draw_figures.draw(path, tmp_path)


def test_a_change_of_code_or_style_draws_anew(tmp_path):
    one = draw_figures.fingerprint(notebook_with(tmp_path / "a.ipynb", "1"))
    assert one == draw_figures.fingerprint(notebook_with(tmp_path / "b.ipynb", "1"))
    assert one != draw_figures.fingerprint(notebook_with(tmp_path / "b.ipynb", "2"))


STILLS = [each for path in NOTEBOOKS for each in still_figures.stills(path)]
STILLS += still_figures.landing()


def test_figures_to_step_through_are_pictures_that_need_nothing_else():
    files = [figure.file for figure in FIGURES] + [figure.file for figure, _ in STILLS]
    assert len(set(files)) == len(files) and len(STILLS) >= 36
    assert {"02-rnn-bottleneck-trace", "04-luong-attention-four-scores-4", "landing-vector"} <= set(
        files
    )
    for figure, svg in STILLS:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", figure.file), figure.file
        ElementTree.fromstring(svg)
        assert not re.search(r"var\(|color-mix|url\(|<script|<image|href", svg), figure.file
        assert set(re.findall(r"https?://[^\"]*", svg)) == {"http://www.w3.org/2000/svg"}
        assert '"#767676" fill="currentColor"' not in svg, "its text is dark"
        assert len(figure.caption) > 20 and len(figure.alt) > 20 and "Choose" not in figure.caption
    text = captions(
        [figure for figure, _ in STILLS], {"title": "", "author": "", "html": {"baseurl": ""}}
    )
    assert "## landing-attention" in text and "Four scores, one number: dot." in text


def test_examples_of_the_computed_styles():
    done = doctest.testmod(still_figures)
    assert done.attempted and not done.failed


def test_a_figure_to_step_through_without_a_name_is_named(tmp_path):
    cells = json.loads((ROOT / "chapters/04_luong_attention.ipynb").read_text("utf-8"))["cells"]
    cell = next(each for each in cells if "s2s" in each["metadata"])
    del cell["metadata"]["s2s"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.from_dict(cell)])
    nbformat.write(notebook, tmp_path / "98_test.ipynb")
    with pytest.raises(ValueError, match=r"98_test\.ipynb: a figure without"):
        still_figures.stills(tmp_path / "98_test.ipynb")


def test_without_chromium_there_are_svgs_and_it_is_said(tmp_path, monkeypatch):
    def none():
        raise NoBrowser("Chromium did not start: install it")

    monkeypatch.setattr(still_figures, "running_browser", none)
    said = still_figures.write(STILLS[:2], tmp_path)
    assert said.startswith("2 figures to step through are there as SVG only. Chromium did not")
    assert sorted(path.suffix for path in tmp_path.iterdir()) == [".svg", ".svg"]


def test_chromium_makes_a_page_of_each_and_only_of_new_ones(tmp_path, monkeypatch, browser):
    monkeypatch.setattr(still_figures, "running_browser", lambda: contextlib.nullcontext(browser))
    assert still_figures.write(STILLS[1:2], tmp_path) == ""
    (pdf,) = tmp_path.glob("*.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf.read_bytes())) == 1
    monkeypatch.setattr(still_figures, "running_browser", None)
    assert still_figures.write(STILLS[1:2], tmp_path) == ""


def test_file_names():
    assert Figure("02_rnn_bottleneck", "fig-bits", "", "").file == "02-rnn-bottleneck-bits"
