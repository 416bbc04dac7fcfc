"""What reaches for the judge is seen in the source; what solves an exercise, however unusually, is not."""

from __future__ import annotations

import nbformat
import pytest

from assignments.tooling.inprocess import answers
from assignments.tooling.source import SETS, compile_set
from assignments.tooling.suspicion import of_a_notebook, suspicions

REACHES = {
    "Checks.report = lambda self: float(self.points)": "exchanges Checks.report",
    "setattr(Checks, 'report', lambda self: 41.0)": "calls setattr",
    "close = lambda *given, **options: None": "binds close",
    "def close(*given, **options):\n    return None": "binds close",
    "def solve(x):\n    global hidden\n    return x": "binds hidden",
    "import sys\nexpected = sys._getframe(1).f_locals['expected']": "uses f_locals",
    "def solve(x):\n    return globals()['weights_by_loops'](x)": "calls globals",
    "weights_by_loops = None": "binds weights_by_loops",
    "torch.Tensor.__le__ = lambda a, b: torch.tensor(True)": "exchanges torch.Tensor.__le__",
    "get_ipython().events.register('post_run_cell', print)": "calls get_ipython",
    "import os\nfor each in os.walk('..'):\n    print(each)": "imports os",
    "open('../../gradebook.db', 'rb').read()": "calls open",
    "from pathlib import Path": "imports pathlib",
    "import unittest.mock": "imports unittest.mock",
    "solve.__code__ = other.__code__": "uses __code__",
    "class Anything:\n    def __eq__(self, other):\n        return True": "a class with __eq__",
    "s2s.masked_softmax = mine": "exchanges s2s.masked_softmax",
    "import gc\ngc.get_objects()": "imports gc",
    "import torch as t\nt.Tensor.__le__ = always": "exchanges t.Tensor.__le__",
    "import torch as t\nt.sys.audit = lambda *given: None": "exchanges t.sys.audit",
    "from torch import sys as q\nq.audit = print": "imports sys",
    "from torch import os as o\no.listdir('..')": "imports os",
    "import torch\ntorch.os.listdir('..')": "uses os",
    "from s2s_tutorial.coursework import Checks as C\nC.report = mine": "exchanges C.report",
    "def solve(x):\n    from s2s_tutorial import coursework as c\n    c.close = print": "exchanges c.close",
    "[Checks][0].report = mine": "uses Checks",
    "!cat ../../gradebook.db": "runs !",
    "%%bash\nls": "runs %%bash",
    "exec('import ' + 'os')": "calls exec",
    "def solve(x):\n    import inspect\n    return inspect.stack()": "imports inspect",
}


@pytest.mark.parametrize("source", REACHES)
def test_what_reaches_for_the_judge_is_seen(source):
    assert REACHES[source] in suspicions(source)


@pytest.mark.parametrize("name", SETS)
def test_right_solutions_are_not_suspected(name):
    right = [answer for answer in answers(name) if answer.right]
    assert len(right) > 20
    assert {a.about: suspicions(a.source) for a in right if suspicions(a.source)} == {}
    assert of_a_notebook(compile_set(name)) == []


def test_a_line_says_where_it_was_seen():
    notebook = nbformat.v4.new_notebook()
    cells = ["import os", "checks = Checks('1', 2)", "this is no Python", "%matplotlib inline"]
    notebook.cells = [nbformat.v4.new_code_cell(source) for source in cells]
    notebook.cells[1].metadata["nbgrader"] = {"locked": True, "grade_id": "one-checks"}
    assert of_a_notebook(notebook) == ["cell 1: imports os"]


def test_a_name_is_followed_from_the_cell_that_imports_it():
    cells = ["from s2s_tutorial.coursework import Checks as C", "def f(x):\n    C.report = print"]
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])
    assert of_a_notebook(notebook) == ["cell 2: exchanges C.report"]
