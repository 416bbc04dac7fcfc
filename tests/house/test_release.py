"""A version stands once; a released book installs itself, and main goes on installing main."""

from __future__ import annotations

import doctest
import json
import re
import shutil
import subprocess
import sys
from types import SimpleNamespace

import pytest
import yaml
from click.testing import CliRunner
from places import ROOT

from book.extensions import s2s_version
from s2s_tutorial import __version__
from s2s_tutorial.cli import cli
from tools import set_version as tools_set_version
from tools.set_ref import MAIN, current_ref, rewrite, set_ref
from tools.set_repository import current, text_files
from tools.set_version import check, current_version, number, sections, set_version

LOG = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
KINDS = {"Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"}
OURS = current(ROOT)


@pytest.fixture
def copy(tmp_path):
    """What a release changes: the metadata, the pages, a chapter and a problem set."""
    kept = ("01_text_to_batches.ipynb", "ps1.ipynb")
    for path, _ in text_files(ROOT):
        name = path.relative_to(ROOT)
        if len(name.parts) < 3 or path.name in kept or name.parts[0] == "book":
            (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, tmp_path / name)
    head = "## [Unreleased]\n"  # where nothing is said yet, right after a release, something is
    said = LOG.replace(head, f"{head}\n### Fixed\n\n- A thing.\n", 1)
    (tmp_path / "CHANGELOG.md").write_text(said, encoding="utf-8")
    return tmp_path


def texts(folder):
    return {path: text for path, text in text_files(folder)}


def test_version_of_package_citation_and_command_line():
    assert number(__version__) and current_version() == __version__
    citation = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert citation["version"] == __version__
    newest = next(name for name in sections(LOG) if name != "Unreleased")
    assert newest == __version__
    assert f"## [{newest}] - {citation['date-released']}" in LOG
    assert CliRunner().invoke(cli, ["--version"]).output == f"s2s, version {__version__}\n"


def test_citation_has_a_place_for_the_doi():
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    assert re.search(r"^(# )?doi: 10\.5281/zenodo\.\d+$", text, re.MULTILINE)


def test_changelog_keeps_its_form():
    known = sections(LOG)
    released = [name for name in known if name != "Unreleased"]
    assert next(iter(known)) == "Unreleased"
    assert released == sorted(released, key=number, reverse=True)
    for name, text in known.items():
        assert set(re.findall(r"^### (.*)$", text, re.MULTILINE)) <= KINDS, name
        assert f"[{name}]: {OURS.url}/" in LOG, f"{name} has no link at the end"


def test_a_new_version_is_written_everywhere(copy):
    unreleased = sections((copy / "CHANGELOG.md").read_text(encoding="utf-8"))["Unreleased"]
    before = texts(copy)
    set_version("7.1.0", copy, today="2030-01-31")
    changed = {path.name for path, text in texts(copy).items() if before[path] != text}
    assert changed == {"CHANGELOG.md", "CITATION.cff", "__init__.py"}
    assert current_version(copy) == "7.1.0"
    citation = yaml.safe_load((copy / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["version"], str(citation["date-released"])) == ("7.1.0", "2030-01-31")
    log = (copy / "CHANGELOG.md").read_text(encoding="utf-8")
    assert sections(log)["7.1.0"] == unreleased and sections(log)["Unreleased"] == ""
    assert "## [7.1.0] - 2030-01-31\n" in log
    assert f"[Unreleased]: {OURS.url}/compare/v7.1.0...HEAD\n" in log
    assert f"[7.1.0]: {OURS.url}/releases/tag/v7.1.0\n" in log and log.count("[0.1.0]: ") == 1


@pytest.mark.parametrize(
    "version, said",
    [("1.0", "three numbers"), ("v9.0.0", "three numbers"), ("0.0.9", "the next is later")],
)
def test_what_is_no_next_version_is_refused(copy, version, said):
    before = texts(copy)
    with pytest.raises(ValueError, match=said):
        set_version(version, copy)
    assert texts(copy) == before


def test_a_version_of_which_nothing_is_said_is_refused(copy):
    set_version("7.1.0", copy)
    before = texts(copy)
    with pytest.raises(ValueError, match="nothing under Unreleased"):
        set_version("7.2.0", copy)
    assert texts(copy) == before


def installs(folder):
    """What the lines that install from git install, by file."""
    pattern = rf"git\+{re.escape(OURS.url)}(?:@([\w.]+))?\""
    found = {}
    for path, text in text_files(folder):
        refs = re.findall(pattern, text.replace('\\"', '"'))
        if refs:
            found[path.name] = {ref or MAIN for ref in refs}
    return found


def test_a_released_book_installs_and_opens_its_release(copy):
    was = current_ref(copy)
    set_ref("v7.1.0", copy)
    found = installs(copy)
    assert {"01_text_to_batches.ipynb", "README.md", "how_to_use.md"} <= set(found)
    assert all(refs == {"v7.1.0"} for refs in found.values()), found
    config = yaml.safe_load((copy / "_config.yml").read_text(encoding="utf-8"))
    assert config["repository"]["branch"] == current_ref(copy) == "v7.1.0"
    readme = (copy / "README.md").read_text(encoding="utf-8")
    opened = re.findall(r"colab\.research\.google\.com/github/[\w-]+/[\w-]+/blob/([\w.]+)/", readme)
    assert len(opened) > 12 and set(opened) == {"v7.1.0"}
    notebook = json.loads((copy / "chapters/01_text_to_batches.ipynb").read_text(encoding="utf-8"))
    first = next(cell for cell in notebook["cells"] if cell["cell_type"] == "code")
    assert first["source"][-1] == f'    %pip install -q "s2s-tutorial @ git+{OURS.url}@v7.1.0"'
    assert set_ref("v7.1.0", copy) == []
    set_ref(was, copy)
    assert current_ref(copy) == was


def test_back_to_main_is_as_before(copy):
    set_ref("main", copy)
    before = texts(copy)
    assert set(map(frozenset, installs(copy).values())) == {frozenset({MAIN})}
    set_ref("v7.1.0", copy)
    set_ref("main", copy)
    assert texts(copy) == before


def test_this_tree_belongs_to_one_state():
    assert set(map(frozenset, installs(ROOT).values())) == {frozenset({current_ref(ROOT)})}


def test_other_repositories_stay():
    ours, at = OURS.url, OURS.url.removeprefix("https://")
    stays = f"git+{ours}-2 git+{ours}.js {ours}/issues {ours}-2/blob/main/x https://{at}"
    assert rewrite(stays, OURS, "v1.0.0") == stays
    text = (
        f'git+{ours}" {ours}/blob/main/x https://mybinder.org/v2/gh/{OURS.owner}/{OURS.name}/main?a'
    )
    released = rewrite(text, OURS, "v1.0.0")
    assert released.count("v1.0.0") == 3 and "@v1.0.0" in released and "main" not in released
    assert rewrite(released, OURS, "v1.0.1") == released.replace("v1.0.0", "v1.0.1")
    assert rewrite(released, OURS, MAIN) == text


def test_what_is_neither_main_nor_a_tag_is_refused(copy):
    before = texts(copy)
    for ref in ("", "0.2.0", "v1", "feature"):
        with pytest.raises(ValueError, match="a version's tag"):
            set_ref(ref, copy)
    assert texts(copy) == before


def test_a_tag_is_checked_before_it_is_published(copy):
    set_ref("main", copy)
    wrong = check("v7.1.0", copy)
    assert len(wrong) == 2 and "should be v0." in wrong[0] and "set-ref REF=v7.1.0" in wrong[1]
    set_version("7.1.0", copy)
    set_ref("v7.1.0", copy)
    assert check("v7.1.0", copy) == []
    log = copy / "CHANGELOG.md"
    log.write_text(log.read_text(encoding="utf-8").replace("## [7.1.0]", "## [7.0.9]"), "utf-8")
    assert len(check("v7.1.0", copy)) == 1


@pytest.mark.parametrize("tool", ["set_version", "set_ref"])
def test_command_lines_say_what_is_wrong(tool):
    for value, said in (("", "For example"), ("nonsense", "Nothing was changed")):
        command = [sys.executable, str(ROOT / f"tools/{tool}.py"), value]
        run = subprocess.run(command, capture_output=True, text=True)
        assert run.returncode == 2 and said.lower() in run.stdout.lower().replace(
            "example:", "for example"
        )


@pytest.mark.parametrize("module", [s2s_version, tools_set_version])
def test_examples_say_what_comes_out(module):
    done = doctest.testmod(module)
    assert done.attempted and not done.failed


def test_the_footer_knows_the_commit(tmp_path):
    assert s2s_version.commit_of(tmp_path) == ""
    if (ROOT / ".git").exists():
        assert re.fullmatch(r"[0-9a-f]{40}", s2s_version.commit_of(ROOT))
    options = {"repository_branch": "main", "repository_url": OURS.url, "extra_footer": "<p>a</p>"}
    config = SimpleNamespace(html_theme_options=options)
    s2s_version.say_version(SimpleNamespace(srcdir=tmp_path), config)
    assert options["extra_footer"].startswith("<p>a</p><p")
    assert __version__ in options["extra_footer"] and config.release == __version__
