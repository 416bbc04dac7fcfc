"""Which folder may import which: the contracts of pyproject.toml, held by import-linter."""

from __future__ import annotations

import sys

import pytest
import tomllib
from importlinter.cli import lint_imports
from places import ROOT

PYPROJECT = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
LAYERS, CIRCLES = tomllib.loads(PYPROJECT)["tool"]["importlinter"]["contracts"]


@pytest.fixture
def complaint(monkeypatch, capsys):
    """A function: what import-linter has to say against a folder with a pyproject.toml, or nothing."""

    def complaint(folder) -> str:
        monkeypatch.chdir(folder)
        monkeypatch.setattr(sys, "path", list(sys.path))  # it puts the folder in front
        failed = lint_imports(no_cache=True, no_logo=True)
        return capsys.readouterr().out if failed else ""

    return complaint


def test_every_folder_imports_only_from_those_before_it(complaint):
    said = complaint(ROOT)
    assert not said, f"`lint-imports` says:\n{said}"


@pytest.fixture
def small(tmp_path):
    """A package with the folders of ours, which import nothing, and with our contracts."""
    section = PYPROJECT[PYPROJECT.index("[tool.importlinter]") : PYPROJECT.index("[tool.ruff]")]
    section = section.replace(', "benchmarks"', "").replace("s2s_tutorial", "small")
    (tmp_path / "pyproject.toml").write_text(section, encoding="utf-8")
    for folder in LAYERS["layers"]:
        (tmp_path / "small" / folder).mkdir(parents=True)
        for name in ("__init__", "one", "other"):
            (tmp_path / "small" / folder / f"{name}.py").touch()
    (tmp_path / "small/__init__.py").touch()
    return tmp_path


@pytest.mark.parametrize(
    ("file", "imports", "broken"),
    [
        ("training/one.py", "from small.text import one", None),
        ("text/one.py", "from small.training import one", LAYERS),
        ("text/one.py", "def f():\n    import small.corpora.one", LAYERS),
        ("corpora/one.py", "from small import cli", LAYERS),
        ("new_folder/__init__.py", "", LAYERS),
        ("text/one.py", "from small.text import other", CIRCLES),
    ],
)
def test_an_import_the_wrong_way_would_be_found(small, complaint, file, imports, broken):
    (small / "small/text/other.py").write_text("from small.text import one")
    path = small / "small" / file
    path.parent.mkdir(exist_ok=True)
    path.write_text(imports, encoding="utf-8")
    said = complaint(small)
    named = [each["name"] for each in (LAYERS, CIRCLES) if f"{each['name']} BROKEN" in said]
    assert named == ([broken["name"]] if broken else []), said
