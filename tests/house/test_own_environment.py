"""The environments beside .venv: made once, updated with the package, errors in words."""

from __future__ import annotations

import sys
from types import SimpleNamespace

import pytest
from places import ROOT

from s2s_tutorial.base.versions import OLDEST_TORCH
from tools import own_environment
from tools.commands import COMMANDS
from tools.own_environment import ENVIRONMENTS, Environment


@pytest.fixture(params=ENVIRONMENTS)
def environment(request):
    return ENVIRONMENTS[request.param]


@pytest.fixture
def calls(monkeypatch, tmp_path, environment):
    """A folder of its own, and a record in place of every process that would be started."""
    calls = []

    def run(command, **options):
        calls.append([str(part) for part in command])
        return SimpleNamespace(returncode=0)

    monkeypatch.setattr(own_environment, "ROOT", tmp_path)
    monkeypatch.setattr(own_environment.subprocess, "run", run)
    (tmp_path / "pyproject.toml").write_text("one", encoding="utf-8")
    environment.folder.mkdir(parents=True)
    return calls


def installs(calls):
    return [command for command in calls if "install" in command]


def test_made_once_and_updated_with_the_package(environment, calls, tmp_path, monkeypatch):
    monkeypatch.setattr(Environment, "find_python", lambda self: "python3.11")
    found = iter([False, True, True, True])
    monkeypatch.setattr(Environment, "is_there", lambda self: next(found))
    assert environment.run(["-q"]) == 0
    assert calls[0][:3] == ["python3.11", "-m", "venv"]
    pair, package = installs(calls)
    assert f"torch=={environment.torch}+cpu" in pair and "numpy<2" in pair
    assert {*environment.beside, "--editable"} <= set(package)
    assert calls[-1][1:3] == ["-m", "pytest"] and calls[-1][-1] == "-q"
    assert set(environment.tests) <= set(calls[-1])
    calls.clear()
    environment.run([])
    assert len(calls) == 1 and "pytest" in calls[0]
    (tmp_path / "pyproject.toml").write_text("two", encoding="utf-8")
    calls.clear()
    environment.run([])
    (package,) = installs(calls)
    assert "--editable" in package and "numpy<2" in package


def test_without_pytorchs_index_the_build_on_pypi(environment, calls, monkeypatch):
    monkeypatch.setattr(Environment, "find_python", lambda self: "python3.11")
    monkeypatch.setattr(Environment, "is_there", lambda self: True)
    offered = []
    monkeypatch.setattr(
        Environment, "install", lambda self, *a: offered.append(a) or len(offered) > 1
    )
    environment.make()
    pinned = f"torch=={environment.torch}"
    assert f"{pinned}+cpu" in offered[0] and pinned in offered[1]
    monkeypatch.setattr(Environment, "install", lambda self, *a: False)
    with pytest.raises(SystemExit, match=f"{pinned} could not be installed"):
        environment.make()


def test_what_does_not_load_is_said(environment, calls, monkeypatch):
    monkeypatch.setattr(Environment, "find_python", lambda self: "python3.11")
    with pytest.raises(SystemExit, match="were installed, but do not load"):
        environment.make()


def test_a_failed_install_is_tried_again(environment, calls, monkeypatch):
    monkeypatch.setattr(Environment, "install", lambda self, *a: False)
    with pytest.raises(SystemExit, match="package could not be installed"):
        environment.update_package()
    assert not (environment.folder / ".ready").exists()


def test_a_python_that_torch_knows(environment, calls, monkeypatch):
    first = environment.pythons[0]
    monkeypatch.setattr(sys, "version_info", (*first, 4))
    assert environment.find_python() == sys.executable
    monkeypatch.setattr(sys, "version_info", (3, 13, 0))
    monkeypatch.setattr(own_environment.shutil, "which", lambda name: f"/bin/{name}")
    assert environment.find_python() == "/bin/python{}.{}".format(*first)
    monkeypatch.setattr(own_environment.shutil, "which", lambda name: None)
    with pytest.raises(SystemExit, match="3.10, 3.11, 3.12, and none is on the path .this is 3.13"):
        environment.find_python()


def test_an_environment_is_named():
    for arguments in ([], ["newest"]):
        with pytest.raises(SystemExit, match="One of torchtext, oldest"):
            own_environment.main(arguments)


def test_the_oldest_is_the_one_that_the_package_asks_for():
    assert ENVIRONMENTS["oldest"].torch.split(".")[:2] == [str(part) for part in OLDEST_TORCH]
    tests = [part for part in ENVIRONMENTS["oldest"].tests if part.startswith("tests/")]
    assert tests and all((ROOT / folder).is_dir() for folder in tests)


def test_both_run_every_week():
    weekly = (ROOT / ".github/workflows/weekly.yml").read_text(encoding="utf-8")
    assert "cron:" in weekly
    for name in ENVIRONMENTS:
        assert f"test-{name}" in weekly and f"test-{name}" in COMMANDS
