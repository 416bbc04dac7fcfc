"""What students see of the tests in their feedback: what was checked and what came out."""

from __future__ import annotations

from nbformat import NotebookNode
from nbgrader.preprocessors import ClearHiddenTests
from nbgrader.utils import is_grade


class HideTests(ClearHiddenTests):
    """Take the text of hidden tests out of the feedback, and the code that a traceback quotes.

    The report of the checks stays, so a student reads which claim failed and why, and next term's
    students do not read how it was tested.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, cell_index: int
    ) -> tuple[NotebookNode, dict]:
        """Clear one cell."""
        if is_grade(cell) and cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return super().preprocess_cell(cell, resources, cell_index)
