"""Say in an issue what broke in the weekly run: Markdown from the results of every job.

    python -m tools.weekly_report results https://.../actions/runs/1 "$NEEDS" > report.md

`results` has a folder for each job that keeps something: what tools/chapters_elsewhere.py left, JUnit's XML and what was installed.
`NEEDS` is GitHub's `toJSON(needs)`: how each job ended, for those that keep nothing.
"""

from __future__ import annotations

import json
import re
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

SHOWN = ("torch", "numpy", "ipython", "ipywidgets", "matplotlib")
MOST = 25  # failures of a job that are listed; an issue's text has a limit


def failures(xml: str) -> list[tuple[str, str]]:
    """Return the name and the error's last line of each test that failed.

    >>> failures('<testsuite><testcase classname="chapters/01.ipynb" name="::Cell 3">'
    ...          '<failure message="m">trace\\nValueError: no</failure></testcase></testsuite>')
    [('chapters/01.ipynb::Cell 3', 'ValueError: no')]
    """
    found = []
    for case in ElementTree.fromstring(xml).iter("testcase"):
        for child in case:
            if child.tag in ("failure", "error"):
                text = re.sub(
                    r"(?:\x1b|#x1B)\[[0-9;]*m", "", child.text or child.get("message") or ""
                )
                lines = [line.strip() for line in text.splitlines() if line.strip()] or [
                    "no message"
                ]
                errors = [line for line in lines if re.match(r"[\w.]*(Error|Exception)\b", line)]
                name = f"{case.get('classname')}::{case.get('name', '').lstrip(':')}"
                found.append((name, (errors or lines)[-1][:300]))
    return found


def versions(freeze: str) -> str:
    """Return the versions that matter, in one line."""
    lines = [line for line in freeze.splitlines() if line.split("==")[0].lower() in SHOWN]
    return ", ".join(lines)


def fenced(lines: list[str]) -> str:
    """Return lines as a block of code that nothing in them can close."""
    return "\n".join(["~~~~text", *(line.replace("~~~~", "~ ~ ~ ~") for line in lines), "~~~~"])


def section(job: Path) -> str:
    """Return what a job found."""
    results = sorted(job.glob("*.xml"))
    installed = " ".join(versions(f.read_text(encoding="utf-8")) for f in sorted(job.glob("*.txt")))
    parts = [f"## {job.name}", installed]
    broken = [each for xml in results for each in failures(xml.read_text(encoding="utf-8"))]
    if not results:
        parts.append("It ended before a chapter ran: see the run's log.")
    elif not broken:
        parts.append("Nothing broke.")
    else:
        parts.append(f"{len(broken)} cells or tests broke:")
        parts.append(fenced([f"{name}\n    {error}" for name, error in broken[:MOST]]))
    return "\n\n".join(part for part in parts if part)


def failed(needs: str) -> list[str]:
    """Return the names of the jobs that did not end well.

    >>> failed('{"older": {"result": "failure"}, "image": {"result": "success"}, "windows": {"result": "cancelled"}}')
    ['older', 'windows (cancelled)']
    """
    results = {name: job["result"] for name, job in json.loads(needs).items()}
    return [
        name if result == "failure" else f"{name} ({result})"
        for name, result in results.items()
        if result != "success"
    ]


def report(results: Path, run: str, needs: str = "{}") -> str:
    """Return the issue's text."""
    jobs = sorted(results.iterdir()) if results.is_dir() else []  # nothing was kept: no folder
    parts = [f"The weekly run failed: {run}"]
    if names := failed(needs):
        parts.append(f"Jobs that failed: {', '.join(names)}. The run's log has what is not below.")
    return "\n\n".join([*parts, *(section(job) for job in jobs if job.is_dir())]) + "\n"


if __name__ == "__main__":
    print(report(Path(sys.argv[1]), *sys.argv[2:]))
