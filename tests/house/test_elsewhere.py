"""What runs the chapters beside other versions, and what says in an issue what broke there."""

from __future__ import annotations

import doctest
from types import SimpleNamespace

import pytest
from places import ROOT

from tools import chapters_elsewhere, weekly_report
from tools.own_environment import ENVIRONMENTS

XML = """<testsuites><testsuite>
<testcase classname="chapters/01_text_to_batches.ipynb" name="::Cell 0"/>
<testcase classname="chapters/01_text_to_batches.ipynb" name="::Cell 4">
<failure message="x">Notebook cell execution failed
#x1B[31mAttributeError#x1B[39m: module 'torch' has no attribute 'gone'
~~~~ cell.py:3</failure></testcase>
<testcase classname="chapters/02.ipynb" name="::Cell 1"><error message="Timeout of 1800 seconds"/></testcase>
</testsuite></testsuites>"""


@pytest.mark.parametrize("module", [chapters_elsewhere, weekly_report])
def test_examples_say_what_comes_out(module):
    done = doctest.testmod(module)
    assert done.attempted and not done.failed


def test_the_issue_says_what_broke_where_and_beside_what(tmp_path):
    for job, xml in (
        ("newest", XML),
        ("oldest", "<testsuite/>"),
        ("colab", ""),
    ):
        (tmp_path / job).mkdir()
        if xml:
            (tmp_path / job / "results.xml").write_text(xml, encoding="utf-8")
            (tmp_path / job / "results.txt").write_text("numpy==2\nrich==1\n", encoding="utf-8")
    text = weekly_report.report(tmp_path, "https://example.org/runs/7")
    colab, newest, oldest = text.split("\n## ")[1:]
    assert "https://example.org/runs/7" in text
    assert "ended before a chapter ran" in colab and "Nothing broke" in oldest
    assert "2 cells or tests broke" in newest and "numpy==2" in newest and "rich" not in newest
    assert "01_text_to_batches.ipynb::Cell 4" in newest and "no attribute 'gone'" in newest
    assert "Cell 0" not in newest and "Timeout of 1800 seconds" in newest


def test_a_job_that_keeps_nothing_is_named_in_the_issue(tmp_path):
    needs = """{"older": {"result": "failure", "outputs": {}}, "chapters": {"result": "success"},
    "windows": {"result": "skipped"}}"""
    text = weekly_report.report(tmp_path / "nothing was kept", "https://example.org/7", needs)
    assert "Jobs that failed: older, windows (skipped)." in text and "chapters" not in text
    weekly = (ROOT / ".github/workflows/weekly.yml").read_text(encoding="utf-8")
    assert "NEEDS: ${{ toJSON(needs) }}" in weekly and '"$RUN" "$NEEDS" >' in weekly


def test_what_broke_cannot_end_the_block_it_stands_in():
    xml = "<s><testcase classname='a' name='b'><failure>ValueError: ~~~~ x</failure></testcase></s>"
    ((name, error),) = weekly_report.failures(xml)
    assert weekly_report.fenced([name, error]).count("~~~~") == 2


@pytest.fixture
def started(monkeypatch, tmp_path):
    """The commands that would be started, and the variables that they would see; none is."""
    started, variables = [], {}

    def run(command, **options):
        started.append([str(word) for word in command])
        variables.update(options.get("env", {}))
        return SimpleNamespace(returncode=0, stdout="torch==9.9\n")

    monkeypatch.setattr(chapters_elsewhere.subprocess, "run", run)
    monkeypatch.setattr(chapters_elsewhere, "RESULTS", tmp_path / "results")
    monkeypatch.setattr(chapters_elsewhere, "ROOT", tmp_path)
    for kind in chapters_elsewhere.KINDS:
        (tmp_path / f".cache/chapters-{kind}").mkdir(parents=True)
    monkeypatch.setattr(chapters_elsewhere, "colabs_versions", lambda: "torch==2.11.0+cu128\n")
    monkeypatch.setattr(type(ENVIRONMENTS["oldest"]), "find_python", lambda self: "python3.10")
    monkeypatch.delenv("ATEN_CPU_CAPABILITY", raising=False)
    return started, variables


@pytest.mark.parametrize("kind", chapters_elsewhere.KINDS)
def test_an_environment_is_made_and_the_chapters_run(kind, started, tmp_path):
    assert chapters_elsewhere.main([kind]) == 0
    (made, installed, _, tested), variables = started
    assert ("ATEN_CPU_CAPABILITY" in variables) == (kind == "processor")
    assert made[1:3] == ["-m", "venv"] and (made[0] == "python3.10") == (kind == "oldest")
    assert installed[-1] == "." and "nbval>=0.11" in installed
    assert tested[-1] == "chapters" and "--nbval-lax" in tested
    assert f"--junitxml={tmp_path}/results/{kind}.xml" in tested
    assert (tmp_path / f"results/{kind}.txt").read_text() == "torch==9.9\n"
    if kind == "oldest":
        assert {f"torch=={ENVIRONMENTS['oldest'].torch}", "numpy<2"} <= set(installed)
    if kind == "colab":
        constraints = installed[installed.index("--constraint") + 1]
        assert "torch==2.11.0\n" in open(constraints, encoding="utf-8").read()


def test_versions_are_named(started):
    for arguments in ([], ["latest"], ["newest", "colab"]):
        with pytest.raises(SystemExit, match="One of newest, colab, oldest, processor"):
            chapters_elsewhere.main(arguments)
