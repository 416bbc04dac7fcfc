"""One sentence where PyTorch is too old, or NumPy too new for it."""

from __future__ import annotations

import importlib.metadata
import sys
import types

import pytest
from click.testing import CliRunner

from s2s_tutorial.base import versions
from s2s_tutorial.base.lazy_imports import lazy_imports
from s2s_tutorial.cli import cli


@pytest.fixture
def installed(monkeypatch):
    """Call it with versions; they are what seems to be installed."""

    def pretend(**packages):
        def version(name):
            if packages.get(name) is None:
                raise importlib.metadata.PackageNotFoundError(name)
            return packages[name]

        monkeypatch.setattr(importlib.metadata, "version", version)
        versions.check_versions.cache_clear()

    yield pretend
    versions.check_versions.cache_clear()


TOO_OLD = "needs PyTorch 2.2 or later, but here is .*: pip install --upgrade torch$"
NUMPY = 'PyTorch .* works with NumPy 1 only, but here is NumPy .*: pip install "numpy<2"$'


@pytest.mark.parametrize(
    "torch, numpy, message",
    [
        ("2.1.2", "1.26.4", TOO_OLD),
        ("2.1.2+cu121", "2.1.0", TOO_OLD),
        ("1.13.1", None, TOO_OLD),
        ("2.2.2", "2.0.0", NUMPY),
        ("2.2.0+cpu", "2.4.1", NUMPY),
    ],
)
def test_what_does_not_go_together(torch, numpy, message, installed):
    installed(torch=torch, numpy=numpy)
    for _ in range(2):
        with pytest.raises(ImportError, match=message) as caught:
            versions.check_versions()
    assert torch in str(caught.value)


@pytest.mark.parametrize(
    "torch, numpy",
    [
        ("2.2.0", "1.26.4"),
        ("2.2.2+cpu", None),
        ("2.3.0", "2.1.0"),
        ("2.13.0+cpu", "2.4.1"),
        ("3.0", "3.0"),
        ("10.1.0a0+git1", "2.4.1"),
        ("nightly", "2.4.1"),
        (None, "2.4.1"),
    ],
)
def test_what_does(torch, numpy, installed):
    installed(torch=torch, numpy=numpy)
    versions.check_versions()


def test_it_is_said_where_the_first_name_is_asked_for(installed, monkeypatch):
    package = types.ModuleType("made")
    package.__path__ = []
    source = "if TYPE_CHECKING:\n    from made.inner import one\n"
    loader = types.SimpleNamespace(get_source=lambda _: source)
    package.__spec__ = types.SimpleNamespace(loader=loader)
    monkeypatch.setitem(sys.modules, "made", package)
    package.__getattr__, _, _ = lazy_imports("made")
    installed(torch="2.1.2", numpy="1.26.4")
    with pytest.raises(ImportError, match=TOO_OLD):
        _ = package.one


def test_the_command_line_says_it_in_one_line(installed):
    installed(torch="2.2.2", numpy="2.1.0")
    said = CliRunner().invoke(cli, ["train"])
    assert said.exit_code == 1
    assert said.output.splitlines() == [
        "Error: PyTorch 2.2.2 works with NumPy 1 only, but here is NumPy 2.1.0: "
        'pip install "numpy<2"'
    ]
    assert CliRunner().invoke(cli, ["--help"]).exit_code == 0
