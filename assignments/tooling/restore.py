"""Before a submission is run: the cells in their order, the tests as they were, the rest kept.

Colab, editors and students change metadata, delete, double and move cells. Every cell of the
release comes back to its place; what the student wrote goes in; cells that the student added stay
in front of the cell they stood in front of.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import NbGraderPreprocessor

from assignments.tooling.traces import kept


@dataclass(frozen=True)
class Official:
    """A cell as it was released, hidden tests included: what the submission is measured by."""

    name: str
    cell_type: str
    source: str
    metadata: dict

    @property
    def written(self) -> bool:
        """Whether students write in it."""
        return self.metadata["solution"]

    @property
    def texts(self) -> set[str]:
        """The cell's text as it is graded and as students have it."""
        shown = re.sub(
            r"^### BEGIN HIDDEN.*?^### END HIDDEN[^\n]*\n", "", self.source, flags=re.M | re.S
        )
        return {self.source.strip(), shown.strip()}

    @property
    def defines(self) -> set[str]:
        """The functions and classes that the cell defines at its top level."""
        return set(re.findall(r"^(?:def|class) (\w+)", self.source, re.MULTILINE))


def recognise(cell: NotebookNode, officials: dict[str, Official]) -> str | None:
    """The name of the official cell that this one is, or None for one of the student's own.

    By nbgrader's metadata; else by the cell's id, which Colab keeps among the metadata; else by
    its text, the function it defines, or the heading of the answer.
    """
    metadata = cell.metadata
    known = (metadata.get("nbgrader") or {}).get("grade_id")
    for name in (known, metadata.get("id"), cell.get("id")):
        if isinstance(name, str) and name in officials:
            return name
    here = set(re.findall(r"^(?:def|class) (\w+)", cell.source, re.MULTILINE))
    first = cell.source.strip().partition("\n")[0].strip()
    for name, official in officials.items():
        if not official.written:
            if cell.source.strip() in official.texts:
                return name
            continue
        if official.defines and official.defines <= here:
            return name
        heading = official.source.strip().partition("\n")[0].strip()
        if official.cell_type == "markdown" and first == heading:
            return name
    return None


def restore(cells: Sequence[NotebookNode], officials: Sequence[Official]) -> list[NotebookNode]:
    """The submission's cells in the order of the release.

    Args:
        cells: what was submitted.
        officials: the cells of the release that have a name, in order.

    Returns:
        Every official cell once. What students write is theirs: of several copies the last one
        that differs from the release. What is locked is the release's. In front of each the cells
        that the student added there.
    """
    by_name = {official.name: official for official in officials}
    names = [recognise(cell, by_name) for cell in cells]
    chosen: dict[str, int] = {}
    for k, name in enumerate(names):
        if name is None:
            continue
        changed = cells[k].source.strip() != by_name[name].source.strip()
        if changed or name not in chosen:
            chosen[name] = k
    before: dict[str | None, list[NotebookNode]] = {}
    waiting: list[NotebookNode] = []
    for k, (cell, name) in enumerate(zip(cells, names)):
        if name is not None and chosen[name] == k:
            before[name], waiting = waiting, []
        elif name is None or by_name[name].written:
            waiting.append(plain(cell))
    result = []
    for official in officials:
        result += before.get(official.name, [])
        k = chosen.get(official.name)
        source = cells[k].source if official.written and k is not None else official.source
        result.append(made(official, source))
    return result + waiting


def plain(cell: NotebookNode) -> NotebookNode:
    """A cell of the student's own, without anything that nbgrader would read."""
    make = {"code": nbformat.v4.new_code_cell, "markdown": nbformat.v4.new_markdown_cell}
    return make.get(cell.cell_type, nbformat.v4.new_raw_cell)(cell.source)


def made(official: Official, source: str) -> NotebookNode:
    """The official cell with this text."""
    code = official.cell_type == "code"
    cell = (nbformat.v4.new_code_cell if code else nbformat.v4.new_markdown_cell)(source)
    cell.id = official.name
    cell.metadata["nbgrader"] = nbformat.from_dict(official.metadata)
    return cell


class Restore(NbGraderPreprocessor):
    """nbgrader's step that calls :func:`restore`; the cells come from its gradebook."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Put the submitted notebook in order. nbgrader has changed to the course's folder."""
        about = resources["nbgrader"]
        path = Path("source") / about["assignment"] / f"{about['notebook']}.ipynb"
        released = nbformat.read(path, as_version=4)
        with Gradebook(about["db_url"]) as gradebook:
            stored = gradebook.find_notebook(about["notebook"], about["assignment"]).source_cells
            saved = {cell.name: (cell.source, cell.checksum) for cell in stored}
        officials = []
        for cell in released.cells:
            metadata = cell.metadata.get("nbgrader")
            if metadata and metadata["grade_id"] in saved:
                source, checksum = saved[metadata["grade_id"]]
                full = {**metadata, "cell_type": cell.cell_type, "checksum": checksum}
                officials.append(Official(metadata["grade_id"], cell.cell_type, source, full))
        traces = kept(nb.cells)
        nb.cells = restore(nb.cells, officials)
        nb.nbformat, nb.nbformat_minor = 4, 5
        kernel = released.metadata["kernelspec"]
        nb.metadata = nbformat.from_dict({"kernelspec": kernel, "s2s": {"traces": traces}})
        return nb, resources
