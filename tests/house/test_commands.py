"""`make COMMAND` and `python -m tools COMMAND` are one thing, and what they start is there."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace

import pytest
from places import ROOT

from tools import __main__ as tools_main
from tools import commands, environment

SETTINGS = {
    "SUBMISSIONS": "handed in",
    "ANSWERS": "answers.csv",
    "SEED": "a term",
    "URL": "https://github.com/a/b",
}
WRITES_NOTHING_OUTSIDE = sorted(
    set(commands.COMMANDS) - {"clean", "clean-all", "set-repository", "set-version", "set-ref"}
)


def makefile_commands() -> list[str]:
    text = (ROOT / "Makefile").read_text(encoding="utf-8").replace("\\\n", " ")
    return re.search(r"^COMMANDS := (.*)$", text, re.MULTILINE)[1].split()


@pytest.fixture
def started(monkeypatch, tmp_path):
    """What a command would start, with its environment; nothing is started, built or written."""
    started = []
    monkeypatch.setattr(commands, "ROOT", tmp_path)
    (tmp_path / "_build/html").mkdir(parents=True)
    monkeypatch.setattr(environment, "is_ready", lambda: True)

    def run(command, cwd, env):
        started.append(([Path(command[0]).stem, *command[1:]], env))
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(environment.subprocess, "run", run)
    for name, value in SETTINGS.items():
        monkeypatch.setenv(name, value)
    return started


def test_the_makefile_names_the_same_commands():
    assert makefile_commands() == list(commands.COMMANDS)


def test_make_calls_the_command_with_its_settings():
    def make(*arguments):  # by itself, also where this test was started by make
        alone = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
        return subprocess.run(
            ["make", *arguments], cwd=ROOT, env=alone, capture_output=True, text=True
        )

    done = make("grade", "SUBMISSIONS=")
    assert done.returncode == 2 and "Which folder?" in done.stdout
    listed = [line.split()[0] for line in make("help").stdout.splitlines()[1:]]
    assert listed == list(commands.COMMANDS)


@pytest.mark.parametrize("name", WRITES_NOTHING_OUTSIDE)
def test_what_a_command_starts_is_there(name, started):
    assert tools_main.main([name]) == 0
    assert started or name in {"help", "environment"}
    for (program, *arguments), _ in started:
        assert program in {"python", "jupyter-book", "jupyter", "ruff", "lint-imports"}
        if program == "python":
            what = arguments[1] if arguments[0] == "-m" else arguments[0]
            there = (ROOT / what).is_file() if "/" in what else find_spec(what)
            assert there, f"{name} starts {what}, which is not there"
        for path in re.findall(r"(?<!\S)(?:tests|chapters)(?:/\S+)?", " ".join(arguments)):
            if path != "tests/npm":
                assert (ROOT / path).exists(), path


def test_settings_reach_the_command_and_what_it_starts(started, monkeypatch):
    monkeypatch.setattr(os, "environ", dict(os.environ))
    assert tools_main.main(["grade", "SUBMISSIONS=my files", "SEED=", "GRADE_IN=podman"]) == 0
    ((command, env),) = started
    assert command[1:] == ["-m", "assignments.tooling.grade", "my files"]
    assert env["GRADE_IN"] == "podman"


def test_an_error_ends_the_command_and_is_its_status(started, monkeypatch):
    failing = SimpleNamespace(returncode=3)
    monkeypatch.setattr(environment.subprocess, "run", lambda *a, **k: failing)
    with pytest.raises(SystemExit) as stopped:
        tools_main.main(["lint", "book"])
    assert stopped.value.code == 3


def test_an_unknown_command_is_named_before_anything_runs(started, capsys):
    assert tools_main.main(["lint", "bok"]) == 2
    assert "'bok'" in capsys.readouterr().out and not started


def test_an_environment_is_old_when_the_requirements_are_younger(monkeypatch, tmp_path):
    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "READY", tmp_path / "ready")
    files = [tmp_path / name for name in ("pyproject.toml", "constraints.txt", "ready")]
    assert not environment.is_ready()
    for file in files:
        file.touch()
        os.utime(file, (100, 100))
    assert environment.is_ready()
    os.utime(files[1], (101, 101))
    assert not environment.is_ready()


def test_an_old_python_is_told_so(monkeypatch):
    monkeypatch.setattr(environment, "is_ready", lambda: False)
    monkeypatch.setattr(sys, "version_info", (3, 9))
    with pytest.raises(SystemExit, match="needs Python 3.11 or later"):
        environment.make_environment()


def test_programs_have_windows_names_on_windows(monkeypatch):
    monkeypatch.setattr(environment, "os", SimpleNamespace(name="nt"))
    assert Path(environment.program("ruff")).parts[-3:] == (".venv", "Scripts", "ruff.exe")
