"""Where shipped files are found, in a checkout and in an installed wheel."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from places import ROOT

from s2s_tutorial.base import resources
from s2s_tutorial.base.resources import resource_path


def test_a_checkout_has_it_below_the_root():
    path = resource_path("data/phrases/grammar.json")
    assert path.is_absolute()
    assert path.read_bytes() == (ROOT / "data" / "phrases" / "grammar.json").read_bytes()


def test_folders_are_found_too():
    assert resource_path("data").is_dir()


def test_a_wheel_has_it_below_shipped(tmp_path, monkeypatch):
    package = tmp_path / "site-packages" / "s2s_tutorial"
    shipped = package / "_shipped" / "data" / "phrases"
    shipped.mkdir(parents=True)
    shutil.copy(ROOT / "data" / "phrases" / "grammar.json", shipped)
    # another package's data/ beside ours must not be taken for it
    (tmp_path / "site-packages" / "data").mkdir()
    monkeypatch.setattr(resources, "PACKAGE", package)
    assert resource_path("data/phrases/grammar.json") == shipped / "grammar.json"
    with pytest.raises(FileNotFoundError, match="data/phrases/sample.tsv is not where"):
        resource_path("data/phrases/sample.tsv")


def test_what_does_not_ship():
    with pytest.raises(FileNotFoundError, match="data/nothing.txt is not where it should be"):
        resource_path("data/nothing.txt")


@pytest.mark.parametrize("name", ["", ".", "/etc/passwd", "../outside", "data/../../x", "data\\x"])
def test_names_that_lead_elsewhere(name):
    with pytest.raises(ValueError, match="from the repository's root"):
        resource_path(name)


def test_a_name_is_a_string():
    with pytest.raises(TypeError, match="named by a string, not by a PosixPath|WindowsPath"):
        resource_path(Path("data"))
