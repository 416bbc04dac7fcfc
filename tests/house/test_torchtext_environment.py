"""The environment of torchtext 0.18: made once, updated with the package, errors in words."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest

from tools import torchtext_environment as environment


@pytest.fixture
def calls(monkeypatch, tmp_path):
    """A folder of its own, and a record in place of every process that would be started."""
    calls = []

    def run(command, **options):
        calls.append([str(part) for part in command])
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(environment, "ROOT", tmp_path)
    monkeypatch.setattr(environment, "FOLDER", tmp_path / ".cache/torchtext-0.18")
    monkeypatch.setattr(environment.subprocess, "run", run)
    (tmp_path / "pyproject.toml").write_text("one", encoding="utf-8")
    (tmp_path / ".cache/torchtext-0.18").mkdir(parents=True)
    return calls


def installs(calls):
    return [command for command in calls if "install" in command]


def test_made_once_and_updated_with_the_package(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "find_python", lambda: "python3.11")
    found = iter([False, True, True, True])
    monkeypatch.setattr(environment, "has_pair", lambda: next(found))
    assert environment.main(["-q"]) == 0
    assert calls[0][:3] == ["python3.11", "-m", "venv"]
    pair, package = installs(calls)
    assert "torch==2.3.1+cpu" in pair and "torchtext==0.18.0" in pair and "--editable" in package
    assert calls[-1][1:3] == ["-m", "pytest"] and calls[-1][-2:] == [environment.TESTS, "-q"]
    calls.clear()
    environment.main([])
    assert len(calls) == 1 and "pytest" in calls[0]
    (tmp_path / "pyproject.toml").write_text("two", encoding="utf-8")
    calls.clear()
    environment.main([])
    (package,) = installs(calls)
    assert "--editable" in package and "numpy<2" in package


def test_without_pytorchs_index_the_build_on_pypi(calls, monkeypatch):
    monkeypatch.setattr(environment, "find_python", lambda: "python3.11")
    monkeypatch.setattr(environment, "has_pair", lambda: True)
    offered = []
    monkeypatch.setattr(environment, "install", lambda *a: offered.append(a) or len(offered) > 1)
    environment.make_pair()
    assert "torch==2.3.1+cpu" in offered[0] and "torch==2.3.1" in offered[1]
    monkeypatch.setattr(environment, "install", lambda *a: False)
    with pytest.raises(SystemExit, match="torch 2.3 could not be installed"):
        environment.make_pair()


def test_a_failed_install_is_tried_again(calls, tmp_path, monkeypatch):
    monkeypatch.setattr(environment, "install", lambda *a: False)
    with pytest.raises(SystemExit, match="package could not be installed"):
        environment.update_package()
    assert not (tmp_path / ".cache/torchtext-0.18/.ready").exists()


def test_a_python_that_torch_knows(calls, monkeypatch):
    monkeypatch.setattr(sys, "version_info", (3, 11, 4))
    assert environment.find_python() == sys.executable
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    monkeypatch.setattr(environment.shutil, "which", lambda name: f"/bin/{name}")
    assert environment.find_python() == "/bin/python3.12"
    monkeypatch.setattr(environment.shutil, "which", lambda name: None)
    with pytest.raises(
        SystemExit, match="3.10, 3.11 or 3.12, and none is on the path .this is 3.1"
    ):
        environment.find_python()
