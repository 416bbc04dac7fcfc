"""Run the chapters from top to bottom and store their outputs in place.

    python tools/run_chapters.py                        # every notebook in chapters/, in order
    python tools/run_chapters.py chapters/01_*.ipynb    # some of them

A notebook is written only after its last cell has run. What would differ from one run to the next
without meaning anything (times, versions, widget ids) is left out or made the same, so that a
difference in git is a difference in content.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import tempfile
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from traitlets.config import Config

ROOT = Path(__file__).resolve().parents[1]
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python", "pygments_lexer": "ipython3"},
}
KEPT_CELL_METADATA = {"tags", "mystnb", "nbgrader", "jupyter", "s2s"}


def run(path: Path, timeout: int = 600) -> float:
    """Execute the notebook at `path`, write it back tidied, and return the seconds it took."""
    notebook = nbformat.read(path, as_version=4)
    started = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="s2s-") as folder:
        NotebookClient(
            notebook,
            config=kernel_over_files(folder),
            timeout=timeout,
            kernel_name="python3",
            resources={"metadata": {"path": str(path.parent)}},
            store_widget_state=True,
            record_timing=False,
            coalesce_streams=True,
        ).execute()
    seconds = time.perf_counter() - started
    text = with_steady_widget_ids(tidy(notebook), path.stem)
    partial = path.with_suffix(".partial")
    partial.write_text(text + "\n", encoding="utf-8")
    partial.replace(path)
    return seconds


def kernel_over_files(folder: str) -> Config:
    """Return a configuration under which a kernel's sockets lie in `folder` instead of on TCP ports."""
    if sys.platform == "win32":
        return Config()
    return Config({"KernelManager": {"transport": "ipc", "ip": f"{folder}/kernel"}})


def tidy(notebook: nbformat.NotebookNode) -> nbformat.NotebookNode:
    """Return the notebook with one form of metadata, and an id on every cell; ids that are there stay."""
    widgets = notebook.metadata.get("widgets")
    notebook.metadata = nbformat.from_dict(METADATA | ({"widgets": widgets} if widgets else {}))
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    used: set[str] = set()
    for cell in notebook.cells:
        for key in set(cell.metadata) - KEPT_CELL_METADATA:
            del cell.metadata[key]
        if cell.get("id") in used or not cell.get("id"):
            cell.id = new_id(cell.source, used)
        used.add(cell.id)
    return notebook


def new_id(source: str, used: set[str]) -> str:
    """Return an id that follows from the cell's source and is not among `used`."""
    for copy in range(len(used) + 1):
        candidate = hashlib.sha256(f"{copy}{source}".encode()).hexdigest()[:8]
        if candidate not in used:
            return candidate
    raise AssertionError("unreachable: more candidates than used ids")


def with_steady_widget_ids(notebook: nbformat.NotebookNode, name: str) -> str:
    """Return the notebook's JSON with widget ids that depend on the order of their making only."""
    text = nbformat.writes(notebook)
    for kind in notebook.metadata.get("widgets", {}).values():
        for number, model in enumerate(kind.state):
            text = text.replace(model, hashlib.sha256(f"{name} {number}".encode()).hexdigest()[:32])
    # Written in the order of the ids, so once more with the new ones.
    return nbformat.writes(nbformat.reads(text, as_version=4))


def main(arguments: list[str] | None = None) -> int:
    """Run the notebooks named on the command line, all of them if none is."""
    parser = argparse.ArgumentParser(description="Run the chapters and store their outputs.")
    parser.add_argument("notebooks", nargs="*", type=Path, help="default: chapters/*.ipynb")
    parser.add_argument("--timeout", type=int, default=600, help="seconds for one cell")
    options = parser.parse_args(arguments)
    notebooks = options.notebooks or sorted((ROOT / "chapters").glob("*.ipynb"))
    missing = [str(path) for path in notebooks if not path.is_file()]
    if missing:
        parser.error(f"no such notebook: {', '.join(missing)}")
    # One thread, as in `make test`: sums are then taken in the same order in both.
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    os.environ.setdefault("TQDM_DISABLE", "1")  # a bar is for whoever waits, not for the page
    total = 0.0
    for path in notebooks:
        print(f"{path.name} ...", end=" ", flush=True)
        try:
            seconds = run(path, options.timeout)
        except CellExecutionError as error:
            print(f"failed; the file is as it was\n\n{error}")
            return 1
        total += seconds
        print(f"{seconds:.1f} s", flush=True)
    print(f"{len(notebooks)} notebooks in {total:.1f} s")
    return 0


if __name__ == "__main__":
    sys.exit(main())
