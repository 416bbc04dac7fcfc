"""Write every figure of the book as SVG and PDF, with captions and licence: `make figures`.

    python -m tools.draw_figures                                       # all: as long as `make chapters` takes
    python -m tools.draw_figures chapters/03_bahdanau_attention.ipynb  # some, in a minute or two

A figure is a cell with a caption (CONTRIBUTING.md); its file's name is the chapter's and the figure's,
`03-bahdanau-attention-mask.svg`. The notebooks are run in memory, with matplotlib told to draw in these two forms; a
chapter whose code and style are those of the last time is not run again. The stored outputs stay as they are. Figures to step
through are there as the whole picture (tools/still_figures.py).
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import os
import shutil
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
import yaml
from nbclient import NotebookClient

from tools import still_figures
from tools.figure import Figure
from tools.run_chapters import ROOT, kernel_over_files

OUTPUT = ROOT / "_build/figures"
# Run before a chapter: whatever form the style asks for, it is these two, bytes the same every time.
VECTORS = """
import matplotlib_inline.backend_inline as _inline
_asked = _inline.set_matplotlib_formats
_inline.set_matplotlib_formats = lambda *formats, **options: _asked("svg", "pdf", **options)
_inline.set_matplotlib_formats()
"""
FORMS = {"image/svg+xml": "svg", "application/pdf": "pdf"}


def figure_of(chapter: str, cell: dict) -> Figure | None:
    """Return the figure that a cell draws, if it has one."""
    said = cell["metadata"].get("mystnb", {})
    if "figure" not in said:
        return None
    figure = said["figure"]
    return Figure(chapter, figure["name"], figure["caption"], said["image"]["alt"])


def list_figures(notebooks: Sequence[Path]) -> list[Figure]:
    """Return the figures of these notebooks, in their order; nothing is run."""
    found = []
    for path in notebooks:
        cells = nbformat.read(path, as_version=4).cells
        found += [figure for cell in cells if (figure := figure_of(path.stem, cell))]
    return found


def fingerprint(path: Path) -> str:
    """Return what a chapter's figures follow from: its code, and the package's way to draw."""
    code = [cell.source for cell in nbformat.read(path, as_version=4).cells if "outputs" in cell]
    files = sorted((ROOT / "s2s_tutorial/figures").rglob("*.py")) + [Path(__file__)]
    parts = [*code, *(file.read_text(encoding="utf-8") for file in files)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def run(path: Path, timeout: int = 1800) -> nbformat.NotebookNode:
    """Return the chapter as it is after a run with vector graphics."""
    notebook = nbformat.read(path, as_version=4)
    notebook.cells.insert(0, nbformat.v4.new_code_cell(VECTORS))
    with tempfile.TemporaryDirectory(prefix="s2s-") as folder:
        NotebookClient(
            notebook,
            config=kernel_over_files(folder),
            timeout=timeout,
            kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
        ).execute()
    return notebook


def draw(path: Path, folder: Path) -> list[Path]:
    """Run a chapter and write its figures; return the files.

    Raises:
        RuntimeError: if a cell with a caption drew nothing, or more than one picture.
    """
    written = []
    for cell in run(path).cells:
        if not (figure := figure_of(path.stem, cell)):
            continue
        drawn = [out.data for out in cell.outputs if set(FORMS) <= set(out.get("data", {}))]
        if len(drawn) != 1:
            raise RuntimeError(
                f"{path.name}: the cell of {figure.name} drew {len(drawn)} pictures; its caption is of one"
            )
        for form, ending in FORMS.items():
            file = folder / f"{figure.file}.{ending}"
            data = drawn[0][form]
            file.write_bytes(data.encode() if ending == "svg" else base64.b64decode(data))
            written.append(file)
    return written


def captions(figures: Sequence[Figure], config: dict) -> str:
    """Return the page that goes with the files: each figure's caption, its text for who cannot see it, and the licence."""
    parts = [
        f"# Figures of *{config['title']}*",
        f"{config['author']}, {config['html']['baseurl']}. Text and figures: CC BY 4.0 (LICENSE-TEXT); use them in slides "
        "and papers, and name the book. Each is there as SVG and as PDF, on a transparent ground, made for white. Figures to step through are there as the whole "
        "picture, one for each example where one can choose.",
    ]
    for figure in figures:
        parts += [f"## {figure.file}", figure.caption, f"*What one sees:* {figure.alt}"]
    return "\n\n".join(parts) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """Draw the figures of the notebooks named on the command line, of all if none is."""
    parser = argparse.ArgumentParser(description="Write the book's figures as SVG and PDF.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: chapters/*.ipynb")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    everything = sorted((ROOT / "chapters").glob("*.ipynb"))
    notebooks = options.notebooks or everything
    missing = [str(path) for path in notebooks if not path.is_file()]
    if missing:
        parser.error(f"no such notebook: {', '.join(missing)}")
    stamps = options.output / ".stamps"
    stamps.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")
    os.environ.setdefault("SOURCE_DATE_EPOCH", "0")  # matplotlib writes no time of its own then
    for path in notebooks:
        stamp, now = stamps / path.stem, fingerprint(path)
        names = [figure.file for figure in list_figures([path])]
        there = all((options.output / f"{n}.{e}").exists() for n in names for e in FORMS.values())
        if there and stamp.exists() and stamp.read_text() == now:
            continue
        print(f"{path.name} ...", end=" ", flush=True)
        files = draw(path, options.output)
        stamp.write_text(now)
        print(f"{len(files) // len(FORMS)} figures", flush=True)
    listed = list_figures([*everything, *(p for p in notebooks if p.resolve() not in everything)])
    listed = [figure for figure in listed if (options.output / f"{figure.file}.svg").exists()]
    found = [each for path in notebooks for each in still_figures.stills(path)]
    found += still_figures.landing() if not options.notebooks else []
    if said := still_figures.write(found, options.output):
        print(said)
    every = [each for path in everything for each in still_figures.stills(path)]
    every = [figure for figure, _ in every + still_figures.landing()]
    listed += [figure for figure in every if (options.output / f"{figure.file}.svg").exists()]
    listed.sort(key=lambda figure: figure.chapter)
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    (options.output / "captions.md").write_text(captions(listed, config), encoding="utf-8")
    shutil.copy(ROOT / "LICENSE-TEXT", options.output)
    print(f"{len(listed)} figures in {options.output}, with captions.md")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
