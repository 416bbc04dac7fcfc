"""The repository's address stands once, in _config.yml; everything else repeats it, and one command changes it."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tools.set_ref import MAIN, current_ref
from tools.set_repository import ROOT, Repository, current, rewrite, set_repository, text_files

OURS = current(ROOT)
NOTEBOOKS = sorted((ROOT / "chapters").glob("*.ipynb"))
ELSEWHERE = Repository("some-course", "seq2seq.2027")


def set_up_cell(repository: Repository, ref: str = current_ref(ROOT)) -> str:
    """Return the first code cell that every chapter has; on main it installs main."""
    at = "" if ref == MAIN else f"@{ref}"
    return (
        "import sys\n"
        'if "google.colab" in sys.modules:\n'
        f'    %pip install -q "s2s-tutorial @ git+{repository.url}{at}"'
    )


def mentions(text: str) -> list[str]:
    """Return what in a text is meant to be this repository, as `owner/name`.

    These are: an install from git, a notebook opened on Colab, the book's own name under any owner, and
    its site. Links to other people's repositories are none of these.
    """
    found = re.findall(r"git\+https://github\.com/([\w-]+/[\w.-]+)", text)
    found += re.findall(r"colab\.research\.google\.com/github/([\w-]+/[\w.-]+)", text)
    found += re.findall(r"mybinder\.org/v2/gh/([\w-]+/[\w.-]+)", text)
    found += re.findall(rf"github\.com/([\w-]+/{re.escape(OURS.name)})\b", text)
    sites = re.findall(r"https://([\w-]+)\.github\.io/([\w.-]+)", text)
    found += [f"{owner}/{name}" for owner, name in sites if name == OURS.name]
    return [mention.removesuffix(".").removesuffix(".git") for mention in found]


def test_every_mention_is_the_address_in_the_configuration():
    strangers = {
        f"{path.relative_to(ROOT)}: {mention}"
        for path, text in text_files(ROOT)
        if path != Path(__file__)
        for mention in mentions(text)
        if mention != f"{OURS.owner}/{OURS.name}"
    }
    assert not strangers, f"not {OURS.url}:\n" + "\n".join(sorted(strangers))


def test_a_stranger_would_be_found():
    assert mentions("pip install 's2s-tutorial @ git+https://github.com/someone/fork'") == [
        "someone/fork"
    ]
    assert mentions("https://colab.research.google.com/github/a/b/blob/main/x.ipynb") == ["a/b"]
    assert mentions(f"https://github.com/someone/{OURS.name}/issues") == [f"someone/{OURS.name}"]
    assert mentions("https://github.com/joeynmt/joeynmt and https://a.github.io/b/") == []


def test_configuration_and_metadata_agree():
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    assert config["repository"]["url"] == OURS.url
    assert config["html"]["baseurl"] == OURS.site
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["repository-code"], citation["url"]) == (OURS.url, OURS.site)
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for line in (
        f'Homepage = "{OURS.site}"',
        f'Repository = "{OURS.url}"',
        f'Issues = "{OURS.url}/issues"',
    ):
        assert line in pyproject


@pytest.mark.parametrize("notebook", NOTEBOOKS, ids=lambda path: path.name)
def test_first_code_cell_is_the_set_up_cell(notebook):
    cells = json.loads(notebook.read_text(encoding="utf-8"))["cells"]
    code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    assert code[0] == set_up_cell(OURS)
    installs = [
        re.search(r"^\s*[%!] ?(pip|conda|apt)", source, re.MULTILINE) for source in code[1:]
    ]
    assert not any(installs), "only the set-up cell installs"


@pytest.fixture
def elsewhere(tmp_path):
    """A copy of the project's text files, outside git, with a notebook in it."""
    for path, _ in text_files(ROOT):
        target = tmp_path / path.relative_to(ROOT)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, target)
    cell = {"cell_type": "code", "source": set_up_cell(OURS).splitlines(keepends=True)}
    (tmp_path / "chapters").mkdir(exist_ok=True)
    (tmp_path / "chapters/99_copy.ipynb").write_text(
        json.dumps({"cells": [cell]}), encoding="utf-8"
    )
    return tmp_path


@pytest.mark.slow
def test_set_repository_changes_every_mention_and_nothing_else(elsewhere):
    before = {path: text for path, text in text_files(elsewhere)}
    changed = set_repository(ELSEWHERE.url, elsewhere)
    new = current(elsewhere)
    assert new == ELSEWHERE
    names = {path.name for path in changed}
    assert {"_config.yml", "pyproject.toml", "CITATION.cff", "99_copy.ipynb"} <= names
    for path, text in text_files(elsewhere):
        assert f"{OURS.owner}/{OURS.name}" not in text, path
        assert OURS.site not in text, path
        assert (path in changed) == (text != before[path])
    cell = json.loads((elsewhere / "chapters/99_copy.ipynb").read_text(encoding="utf-8"))["cells"][
        0
    ]
    assert "".join(cell["source"]) == set_up_cell(new)


@pytest.mark.slow
def test_set_repository_twice_and_back(elsewhere):
    before = {path: text for path, text in text_files(elsewhere)}
    assert set_repository(ELSEWHERE.url, elsewhere)
    assert set_repository(ELSEWHERE.url + ".git/", elsewhere) == []
    set_repository(OURS.url, elsewhere)
    assert {path: text for path, text in text_files(elsewhere)} == before


@pytest.mark.slow
@pytest.mark.parametrize(
    "url",
    [
        "",
        "owner/name",
        "http://github.com/owner/name",
        "https://github.com/owner",
        "https://github.com/owner/name/tree/main",
        "https://github.com/-owner/name",
        "https://github.com/owner/na me",
        "https://github.com/owner/..",
        "https://example.org/owner/name",
        "git@github.com:owner/name.git",
    ],
)
def test_malformed_address_is_refused_and_nothing_written(elsewhere, url):
    before = {path: text for path, text in text_files(elsewhere)}
    with pytest.raises(ValueError, match="should look like https://github.com/owner/name"):
        set_repository(url, elsewhere)
    assert {path: text for path, text in text_files(elsewhere)} == before


def test_longer_names_stay():
    old, new = Repository("a", "book"), Repository("c", "d")
    text = (
        "github.com/a/book-2 github.com/a/book.js https://a.github.io/book-2/ github.com/b/a/book"
    )
    assert rewrite(text, old, new) == text
    text = "See https://github.com/a/book. Or https://github.com/a/book.git, https://a.github.io/book/x.html"
    assert rewrite(text, old, new) == (
        "See https://github.com/c/d. Or https://github.com/c/d.git, https://c.github.io/d/x.html"
    )


def test_site_of_a_users_own_page():
    assert Repository("Ada", "ada.github.io").site == "https://ada.github.io/"
    assert Repository("Ada", "book").site == "https://ada.github.io/book/"


def test_command_line_says_what_is_wrong():
    run = subprocess.run(
        ["python3", str(ROOT / "tools/set_repository.py"), "nonsense"],
        capture_output=True,
        text=True,
    )
    assert run.returncode == 2
    assert "Nothing was changed" in run.stdout and "nonsense" in run.stdout
