"""A JupyterHub's exchange for tests: nbgrader's commands for teacher and student in this process, since each takes seconds to start."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest
from jupyter_core.application import NoStart
from nbgrader.apps.nbgraderapp import NbGraderApp


def nbgrader_in(folder: Path, *arguments: str) -> None:
    """Run one of nbgrader's commands as if it were typed in a folder.

    Raises:
        SystemExit: if the command refuses.
    """
    environment = dict(os.environ)
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(folder)
        patch.setattr("sys.argv", ["nbgrader", *arguments])
        try:
            app = NbGraderApp.instance()
            app.initialize(list(arguments))
            with contextlib.suppress(NoStart):  # so ends a command of a command
                app.start()
        finally:
            NbGraderApp.clear_instance()
            for name in set(os.environ) - set(environment):
                del os.environ[name]  # those of a course's configuration
            os.environ.update(environment)


def hub(folder: Path, course: Path) -> Path:
    """Make an exchange, tell a course of it, and return the home of a student on the same hub."""
    exchange, home = folder / "exchange", folder / "home"
    home.mkdir(parents=True)
    told = f"\nc = get_config()\nc.Exchange.root = {str(exchange)!r}\n"
    with (course / "nbgrader_config.py").open("a", encoding="utf-8") as file:
        file.write(told)
    cache = f"c.Exchange.cache = {str(folder / 'cache')!r}\n"
    (home / "nbgrader_config.py").write_text(told + cache, encoding="utf-8")
    return home
