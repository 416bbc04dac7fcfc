"""Several submissions graded at the same time, each by an nbgrader of its own."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from assignments.tooling.release import nbgrader


def autograde(course: Path, name: str, students: Sequence[str], jobs: int = 1) -> int:
    """Grade what these students handed in for a set; return how many of the processes met an error.

    nbgrader takes one student or all, so each process is told whom to leave out: everybody else.
    """
    jobs = max(1, min(jobs, len(students)))
    if jobs == 1:
        return int(bool(nbgrader(course, "autograde", name)))
    handed_in = [path.parent.name for path in (course / "submitted").glob(f"*/{name}")]

    def share(own: Sequence[str]) -> int:
        others = sorted(set(handed_in) - set(own))
        leave_out = f"--CourseDirectory.student_id_exclude={','.join(others)}"
        return nbgrader(course, "autograde", name, leave_out)

    with ThreadPoolExecutor(jobs) as pool:
        codes = list(pool.map(share, [students[k::jobs] for k in range(jobs)]))
    return sum(map(bool, codes))
