"""The workflows parse, may do no more than they need, and run only what is there."""

from __future__ import annotations

import re
import shlex
from importlib.util import find_spec

import pytest
import yaml
from places import ROOT

from tools.chapters_elsewhere import KINDS
from tools.commands import COMMANDS

FILES = sorted((ROOT / ".github/workflows").glob("*.yml"))
# Programs of GitHub's machines, and of the package that a job installs.
KNOWN = {"python", "python3", "make", ".ci/run", "mkdir", "date", "tar", "gh", "docker"}
FROM_PYPI = {"build", "twine", "pip"}
# How each action is named: by the version that its authors keep up, or, for PyPI's, the branch that they name.
VERSIONED = re.compile(r"[\w-]+/[\w-]+@(v\d+|release/v\d+)")


def load(path) -> dict:
    return yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader)  # `on` stays a word


WORKFLOWS = {path.stem: load(path) for path in FILES}
JOBS = {(name, job): body for name, flow in WORKFLOWS.items() for job, body in flow["jobs"].items()}


def expand(line: str, job: dict) -> list[str]:
    """A line for each value of the matrix that it names."""
    matrix = job.get("strategy", {}).get("matrix", {})
    entries = matrix.get("include") or [
        {key: value} for key, values in matrix.items() for value in values
    ]
    if "${{ matrix." not in line:
        return [line]
    return [
        re.sub(r"\$\{\{ matrix\.(\w+) \}\}", lambda match, entry=entry: entry[match[1]], line)
        for entry in entries
    ]


def commands(line: str) -> list[list[str]]:
    """The commands of a line of shell: its words, cut at `&&`, `;` and `|`; what shell itself reads is left out."""
    found = []
    for part in re.split(r"&&|;|\|\|", line):
        words = shlex.split(part.split(" > ")[0].replace('"$(', "$("))
        if words and words[0] not in {"if", "then", "else", "fi"} and "=" not in words[0]:
            found.append(words)
    return found


def run_lines() -> list[tuple[str, str]]:
    lines = []
    for (name, job), body in JOBS.items():
        for step in body["steps"]:
            text = step.get("run", "").replace("\\\n", " ")
            for line in text.splitlines():
                lines += [(f"{name}.{job}", each) for each in expand(line.strip(), body)]
    return lines


def missing(words: list[str]) -> str:
    """What of a command is not there, or nothing."""
    program, *rest = words
    if program not in KNOWN:
        return f"the program {program}"
    if program.startswith("."):
        return "" if (ROOT / program).is_file() else program
    if program == "make":
        return ", ".join(name for name in rest if "=" not in name and name not in COMMANDS)
    if program.startswith("python"):
        assert rest[0] == "-m", f"{words}: `python -m` finds the module on every system"
        if rest[1] == "tools":
            return ", ".join(name for name in rest[2:] if "=" not in name and name not in COMMANDS)
        if rest[1] == "tools.chapters_elsewhere":
            return "" if rest[2] in KINDS else rest[2]
        there = rest[1] in FROM_PYPI or find_spec(rest[1])
        return "" if there else rest[1]
    return ""


def test_the_three_are_there():
    assert {"book", "weekly", "release"} <= set(WORKFLOWS)


@pytest.mark.parametrize("where, line", run_lines())
def test_what_a_line_runs_is_there(where, line):
    assert "${{" not in line, "text from outside goes through `env`, so that no shell reads it"
    for words in commands(line):
        assert not missing(words), f"{where}: there is no {missing(words)} for `{line}`"


def test_what_is_not_there_would_be_found():
    for line in ("make bok", "python -m tools bok", "python -m tools.bok", "curl x", ".ci/bok"):
        assert [missing(words) for words in commands(line)] != [""], line
    assert commands("make pdf && make bok")[1] == ["make", "bok"]
    job = {"strategy": {"matrix": {"target": ["a", "b"]}}}
    assert expand("make ${{ matrix.target }}", job) == ["make a", "make b"]


@pytest.mark.parametrize("place", JOBS, ids=".".join)
def test_jobs(place):
    name, _ = place
    flow, job = WORKFLOWS[name], JOBS[place]
    assert flow["permissions"] == {"contents": "read"}, "more is given to the job that needs it"
    writes = {key for key, value in job.get("permissions", {}).items() if value == "write"}
    assert not writes or "run" not in str(job["steps"]) or writes <= {"issues", "contents"}
    needed = job.get("needs", [])
    for other in [needed] if isinstance(needed, str) else needed:
        assert (name, other) in JOBS
    checked_out = False
    for step in job["steps"]:
        assert ("run" in step) != ("uses" in step)
        if "uses" in step:
            assert VERSIONED.fullmatch(step["uses"]), step["uses"]
            if step["uses"].startswith("actions/checkout@"):
                checked_out = True
                assert step["with"]["persist-credentials"] == "false"
        elif re.search(r"\b(make|python|\.ci)\b", step["run"]):
            assert checked_out, "what it runs is in the repository"


def test_artifacts_that_are_fetched_were_kept():
    for name, flow in WORKFLOWS.items():
        steps = [step for job in flow["jobs"].values() for step in job["steps"]]
        kept = {s["with"]["name"] for s in steps if "upload-artifact" in s.get("uses", "")}
        for step in steps:
            wanted = step.get("with", {}).get("name")
            if "download-artifact" in step.get("uses", "") and wanted:
                assert wanted in kept, f"{name} keeps no {wanted}"


def test_a_release_is_published_without_a_password_after_all_was_tried():
    jobs = WORKFLOWS["release"]["jobs"]
    assert jobs["publish"]["permissions"] == {"id-token": "write"}
    assert set(jobs["publish"]["needs"]) == {"package", "book"}
    assert "secrets." not in str(WORKFLOWS) and "password" not in str(jobs["publish"])
    ran = [step.get("run", "") for step in jobs["package"]["steps"]]
    order = ["set_version --check", "-m build", "twine check --strict", "try_wheel"]
    places = [next(i for i, line in enumerate(ran) if part in line) for part in order]
    assert places == sorted(places)
    assert any("make pdf" in step.get("run", "") for step in jobs["book"]["steps"])


def test_every_week_all_versions_and_an_issue():
    flow = WORKFLOWS["weekly"]
    assert "schedule" in flow["on"]
    matrix = flow["jobs"]["chapters"]["strategy"]["matrix"]["include"]
    assert {entry["versions"] for entry in matrix} == set(KINDS)
    report = flow["jobs"]["report"]
    assert report["if"] == "failure()" and set(report["needs"]) == set(flow["jobs"]) - {"report"}
    assert report["permissions"]["issues"] == "write"
