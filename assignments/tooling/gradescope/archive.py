"""``make assignments FORMAT=gradescope``: for each problem set ``gradescope/psN.zip``, which Gradescope grades with.

In it are the set's notebook with hidden tests and without solutions, what grades it (this folder's code), the book's package
as a wheel, and the versions of all else. No other set is in it, no student, no secret of the course.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Sequence
from pathlib import Path

import nbformat

from assignments.tooling.source import ASSIGNMENTS, ROOT

HERE = Path(__file__).resolve().parent
SOLUTION = re.compile(
    r"(^[^\n]*### BEGIN SOLUTION\n).*?(^[^\n]*### END SOLUTION)", re.DOTALL | re.MULTILINE
)
FIXED_TIME = (1980, 1, 1, 0, 0, 0)  # so that the same course gives the same bytes
SCRIPTS = ("setup.sh", "run_autograder")


def write_archives(course: Path, sets: Sequence[str]) -> list[Path]:
    """Write the archive of each problem set into ``gradescope/`` in a course's folder; return their paths.

    Raises:
        RuntimeError: if the package's wheel cannot be built.
    """
    with tempfile.TemporaryDirectory() as folder:
        wheel = build_wheel(Path(folder))
        (course / "gradescope").mkdir(exist_ok=True)
        written = []
        for name in sets:
            path = course / "gradescope" / f"{name}.zip"
            write_archive(path, contents(course, name, wheel))
            written.append(path)
    return written


def build_wheel(folder: Path) -> Path:
    """Build the book's package into a folder, with the corpora that it ships."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    if run.returncode:
        raise RuntimeError(f"the package's wheel could not be built:\n{run.stderr}")
    (wheel,) = folder.glob("*.whl")
    return wheel


def contents(course: Path, name: str, wheel: Path) -> dict[str, bytes]:
    """The files of an archive by their paths in it."""
    files = {script: (HERE / script).read_bytes() for script in SCRIPTS}
    files["constraints.txt"] = (ROOT / "constraints.txt").read_bytes()
    files[wheel.name] = wheel.read_bytes()
    code = [ASSIGNMENTS / "nbgrader_config.py", *(ASSIGNMENTS / "tooling").rglob("*.py")]
    files |= {path.relative_to(ROOT).as_posix(): path.read_bytes() for path in code}
    source = course / "source" / name / f"{name}.ipynb"
    files[f"course/source/{name}/{name}.ipynb"] = without_solutions(source).encode()
    return files


def without_solutions(path: Path) -> str:
    """An instructor's notebook with nothing between the marks of its solutions, where nbgrader puts its stub."""
    notebook = nbformat.read(path, as_version=4)
    for cell in notebook.cells:
        cell.source = SOLUTION.sub(r"\1\2", cell.source)
    return nbformat.writes(notebook).rstrip("\n") + "\n"


def write_archive(path: Path, files: dict[str, bytes]) -> None:
    """Write a zip whose bytes depend on the files alone; the scripts can be executed."""
    unfinished = path.with_suffix(".part")
    with zipfile.ZipFile(unfinished, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.create_system = 3  # Unix, also where it is written on Windows
            entry.external_attr = (0o100755 if name in SCRIPTS else 0o100644) << 16
            archive.writestr(entry, files[name])
    shutil.move(unfinished, path)
