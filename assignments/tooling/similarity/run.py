"""``make similarity SUBMISSIONS=folder``: which works of a term are most alike, for a teacher to look at.

    python -m assignments.tooling.similarity.run submissions --seed autumn-2027 --archive last-year

Compared are all works of a set with each other, with the official solution, which is public, and with an archive.
"""

from __future__ import annotations

import argparse
import io
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from assignments.tooling.collect import collect
from assignments.tooling.release import course_folder
from assignments.tooling.roster import Roster
from assignments.tooling.similarity.own import Given, given, own_code
from assignments.tooling.similarity.pairs import Term, Work, compare
from assignments.tooling.similarity.report import COLUMNS, page, percent, rows
from assignments.tooling.source import BOOK_SEED, SETS
from assignments.tooling.students import Students
from assignments.tooling.tables import write_table
from s2s_tutorial.base.files import write_atomically

OFFICIAL = "the official solution"
TOLD = 5  # pairs of a set that are printed


def similarity(
    folder: Path, course: Path, archive: Path | None = None, sets: Sequence[str] = SETS
) -> dict[str, Term]:
    """Compare the works of each problem set, and write ``similarity.html`` and ``similarity.csv``.

    Args:
        folder: the submissions.
        course: the course's folder.
        archive: submissions of other terms, to be compared with those of this one.
        sets: the problem sets to look for.

    Returns:
        The pairs of each set that something was handed in for.

    Raises:
        FileNotFoundError: if there is no such folder, or no release.
    """
    released = [name for name in sets if official(course, name).is_file()]
    if not released:
        raise FileNotFoundError(f"{course} has no problem sets: run `make assignments` first")
    known = {name: given(official(course, name)) for name in released}
    found: dict[str, list[Work]] = {name: [] for name in released}
    for name, work in works(folder, course, known):
        found[name].append(work)
    found = {name: own for name, own in found.items() if own}
    for name, own in found.items():
        own.append(Work(OFFICIAL, own_code(official(course, name), known[name]), term=False))
    for name, work in works(archive, course, known, "archive: ") if archive else ():
        if name in found:
            found[name].append(work)
    terms = {name: compare(own) for name, own in found.items()}
    table = [row for name, term in terms.items() for row in rows(name, term)]
    write_table(course / "similarity.csv", COLUMNS, table)
    write_atomically(course / "similarity.html", page(terms).encode())
    return terms


def official(course: Path, name: str) -> Path:
    """The instructor's notebook of a problem set."""
    return course / "source" / name / f"{name}.ipynb"


def works(
    folder: Path, course: Path, known: dict[str, Given], prefix: str = ""
) -> Iterator[tuple[str, Work]]:
    """The problem set and the own code of every submission in a folder."""
    roster = Roster.load(course, list(known))
    students = Students() if prefix else Students.load(course)
    for each in collect(folder, list(known), students, roster).submissions:
        if not each.problem:
            code = own_code(each.path, known[each.name])
            yield each.name, Work(f"{prefix}{each.student}", code, term=not prefix)


def main(arguments: list[str] | None = None) -> int:
    """Compare a folder and say what stands out."""
    parser = argparse.ArgumentParser(description="Rank pairs of submissions by what they share.")
    parser.add_argument("submissions", type=Path, help="the folder")
    parser.add_argument("--seed", default=BOOK_SEED, help="the seed the release was made from")
    parser.add_argument("--archive", type=Path, help="a folder with submissions of other terms")
    options = parser.parse_args(arguments)
    if isinstance(sys.stdout, io.TextIOWrapper):  # a terminal may lack the letters of a name
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        course = course_folder(options.seed)
        terms = similarity(options.submissions, course, options.archive)
    except (FileNotFoundError, ValueError) as error:
        parser.error(str(error))
    for name, term in terms.items():
        print(f"{name}: an ordinary pair shares {percent(term.ordinary)}; the most alike:")
        for pair in term.pairs[:TOLD]:
            print(f"  {percent(pair.share):>5}  {pair.first.label} and {pair.second.label}")
    shown = os.path.relpath(course)
    print(f"To look at, not a verdict: {shown}/similarity.html, {shown}/similarity.csv")
    return 0


if __name__ == "__main__":
    sys.exit(main())
