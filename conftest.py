"""How nbval's kernels run here: over files, and with Jupyter's history.

* Sockets are files instead of TCP ports, which parallel workers could take from each other.
* Cells are executed with history, as Jupyter does it: a closing semicolon then silences a cell, so that
  the outputs that nbval compares are those that `make chapters` stored.

nbval takes seconds to import, so it is left out unless a run asks for it with ``-p nbval``, as the Makefile does.
"""

from __future__ import annotations

import atexit
import shutil
import sys
import tempfile

import pytest


def pytest_configure(config) -> None:
    if config.pluginmanager.hasplugin("nbval"):
        run_kernels_over_files()


@pytest.hookimpl(tryfirst=True)  # before pytest looks at -m
def pytest_collection_modifyitems(items) -> None:
    for item in items:
        if item.path.suffix == ".ipynb":
            item.add_marker("notebook")


def run_kernels_over_files() -> None:
    """Let nbval start its kernels by a manager whose sockets lie in a folder of their own."""
    import nbval.kernel
    from jupyter_client.manager import KernelManager

    class FileKernelManager(KernelManager):
        def __init__(self, **options) -> None:
            folder = tempfile.mkdtemp(prefix="s2s-")
            atexit.register(shutil.rmtree, folder, ignore_errors=True)
            super().__init__(transport="ipc", ip=f"{folder}/kernel", **options)

    nbval.kernel.RunningKernel.execute_cell_input = execute_with_history
    if sys.platform != "win32":
        nbval.kernel.KernelManager = FileKernelManager


def execute_with_history(self, source: str, allow_stdin: bool | None = None) -> str:
    """Send a cell to the kernel and return the message's id, as nbval's method does without history."""
    return self.kc.execute(source, allow_stdin=allow_stdin, stop_on_error=False)
