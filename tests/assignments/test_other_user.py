"""A kernel with another user's rights: it cannot read what is the grader's, and it is limited as ever."""

from __future__ import annotations

import os
import subprocess
import sys

import nbformat
import pytest

from assignments.tooling.execute import LimitedExecute

pwd = pytest.importorskip("pwd")


def usable() -> bool:
    """Whether this process may start Python as the user *nobody*, who can read Python's own files."""
    if os.getuid() or not any(each.pw_name == "nobody" for each in pwd.getpwall()):
        return False
    command = [sys.executable, "-c", "import ipykernel"]
    try:
        return subprocess.run(command, user="nobody", capture_output=True, cwd="/").returncode == 0
    except OSError:
        return False


def test_an_unknown_user_is_named():
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("1")])
    with pytest.raises(ValueError, match="no user of that name"):
        LimitedExecute(user="no such person").preprocess(notebook, {})


def test_the_graders_files_are_closed_to_it(tmp_path):
    if not usable():
        pytest.skip("needs root, and a Python that the user nobody can read")
    (tmp_path / "hidden_tests").write_text("a secret message")
    (tmp_path / "hidden_tests").chmod(0o600)
    sources = [
        "import os; print(os.getuid(), os.path.realpath(os.environ['HOME']) == os.getcwd())",
        f"open({str(tmp_path / 'hidden_tests')!r})",
        "os.setuid(0)",
        "while True: pass",
        "print('on')",
    ]
    cells = [nbformat.v4.new_code_cell(each) for each in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    LimitedExecute(user="nobody", timeout=5).preprocess(notebook, {})
    shown = [
        [out.get("text") or out.get("ename") for out in cell.outputs] for cell in notebook.cells
    ]
    assert shown[0] == [f"{pwd.getpwnam('nobody').pw_uid} True\n"]
    assert [each[0] for each in shown[1:4]] == ["PermissionError"] * 2 + ["KeyboardInterrupt"]
    assert shown[4] == ["on\n"]
