"""``make assignments``: the notebooks of a seed, and the student versions that nbgrader makes of them.

    python -m assignments.tooling.release                      # the book's own, in assignments/
    python -m assignments.tooling.release --seed autumn-2027   # a course's, in assignments/courses/autumn-2027/
    python -m assignments.tooling.release --format gradescope  # and what Gradescope grades with, in gradescope/

The same seed, with the secret that a course keeps in ``secret.txt``, gives the same files, byte for byte.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import nbformat

from assignments.tooling.gradescope.archive import write_archives
from assignments.tooling.oral import write_oral
from assignments.tooling.secret import course_seed
from assignments.tooling.source import ASSIGNMENTS, BOOK_SEED, SETS, compile_set, variant_tag

CONFIGURATION = '''"""The course of another seed. Its limits and steps are those of assignments/nbgrader_config.py."""

import os

load_subconfig(  # noqa: F821
    "nbgrader_config.py", path=os.path.join(os.path.dirname(__file__), {path!r})
)
'''
COURSE_ID = """
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = {course_id!r}  # its folder in the exchange of a JupyterHub
"""


def course_folder(seed: str = BOOK_SEED) -> Path:
    """Where the course of a seed lies: nbgrader's ``source``, ``release``, ``submitted``, ...

    Raises:
        ValueError: if the seed could not be the name of a folder.
    """
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*", seed):
        raise ValueError(
            f"a seed is made of letters, digits, '.', '_' and '-', such as autumn-2027, not {seed!r}"
        )
    return ASSIGNMENTS if seed == BOOK_SEED else ASSIGNMENTS / "courses" / seed


def write_course(folder: Path, seed: str, sets: Sequence[str] = SETS) -> None:
    """Write the instructor's notebooks and questions of a seed, and nbgrader's configuration, into a folder."""
    configure(folder, f"s2s-{variant_tag('course', seed)}")
    for name in sets:
        target = folder / "source" / name
        shutil.rmtree(target, ignore_errors=True)
        target.mkdir(parents=True)
        write_notebook(compile_set(name, seed), target / f"{name}.ipynb")
        if folder != ASSIGNMENTS:  # the book's own is public
            write_oral(folder, name, seed)


def configure(folder: Path, course_id: str = "") -> None:
    """Make a folder a course of nbgrader with the configuration of ``assignments/``; one that has a configuration keeps it.

    Args:
        folder: the course's.
        course_id: what nbgrader's exchange calls the course; the one of ``assignments/`` if it is "".
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "nbgrader_config.py"
    if not path.exists():
        configuration = CONFIGURATION.format(path=os.path.relpath(ASSIGNMENTS, folder))
        configuration += COURSE_ID.format(course_id=course_id) if course_id else ""
        path.write_text(configuration, encoding="utf-8")


def write_notebook(notebook: nbformat.NotebookNode, path: Path) -> None:
    """Write a notebook in one form, with a line's end at the end."""
    nbformat.validate(notebook)
    path.write_text(nbformat.writes(notebook).rstrip("\n") + "\n", encoding="utf-8")


def nbgrader(folder: Path, *arguments: str) -> int:
    """Run one of nbgrader's commands in a course's folder; show the errors in its log if it fails."""
    command = [sys.executable, "-m", "nbgrader", *arguments]
    run = subprocess.run(command, cwd=folder, capture_output=True, text=True, errors="replace")
    if run.returncode:
        print(errors(run.stdout + run.stderr))
    return run.returncode


def errors(log: str) -> str:
    """The entries of a log that are errors, or all of it if there is none.

    Example:
        >>> from assignments.tooling.release import errors
        >>> errors("[App | INFO] ada\\n[App | ERROR] ben:\\n   TypeError\\n[App | INFO] chloe")
        '[App | ERROR] ben:\\n   TypeError'
    """
    entries = re.split(r"\n(?=\[\w+)", log.strip())
    return "\n".join(each.rstrip() for each in entries if "| ERROR]" in each) or log


def release(folder: Path, sets: Sequence[str] = SETS) -> None:
    """Let nbgrader make the student versions.

    Raises:
        RuntimeError: if nbgrader refuses one, for example because cells were added to a set that
            has submissions in the gradebook.
    """
    everything = set(sets) == {path.name for path in (folder / "source").iterdir()}
    for pattern in ["*"] if everything else sets:  # nbgrader takes seconds to start
        if nbgrader(folder, "generate_assignment", pattern, "--force"):
            which = ", ".join(sets) if everything else pattern
            raise RuntimeError(f"nbgrader made no student version of {which}: see above")
    for name in sets:
        path = folder / "release" / name / f"{name}.ipynb"
        write_notebook(nbformat.read(path, as_version=4), path)


def main(arguments: list[str] | None = None) -> int:
    """Make the releases of a seed."""
    parser = argparse.ArgumentParser(description="Make the student versions of the problem sets.")
    parser.add_argument("--seed", default=BOOK_SEED, help="a name of your own for each course")
    parser.add_argument("--sets", nargs="+", default=SETS, choices=SETS, metavar="psN")
    parser.add_argument("--format", choices=["nbgrader", "gradescope"], default="nbgrader")
    options = parser.parse_args(arguments)
    try:
        folder = course_folder(options.seed)
        drawn_from = course_seed(folder, options.seed)
    except ValueError as error:
        parser.error(str(error))
    write_course(folder, drawn_from, options.sets)
    release(folder, options.sets)
    for name in options.sets:
        print(os.path.relpath(folder / "release" / name / f"{name}.ipynb"))
    for path in sorted((folder / "oral").glob("*.md")):
        print(os.path.relpath(path), "(for you, not for students)")
    if options.format == "gradescope":
        for path in write_archives(folder, options.sets):
            print(os.path.relpath(path))
    return 0


if __name__ == "__main__":
    sys.exit(main())
