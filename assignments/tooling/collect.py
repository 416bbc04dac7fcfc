"""From a folder of submissions, however it came from the learning platform, to nbgrader's layout.

Understood are ``STUDENT/ps2/ps2.ipynb`` (nbgrader's own), ``STUDENT/ps2.ipynb`` (a folder for each
student, as platforms pack them) and ``STUDENT_ps2.ipynb`` or ``STUDENT-ps2.ipynb`` (all in one
folder). What Colab and browsers add to a name, "Copy of" and "(1)", does not matter.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

MAX_BYTES = 100_000_000
PLATFORM = re.compile(
    r"_(\d+)_assignsubmission_.*$"
)  # Moodle: "Ada Lovelace_123_assignsubmission_file_"


@dataclass(frozen=True)
class Submission:
    """One file that was handed in: whose it is, which problem set, and what is wrong with it, if it is."""

    path: Path
    student: str
    name: str
    problem: str = ""


def find(folder: Path, sets: Sequence[str]) -> list[Submission]:
    """The submissions in a folder, in the order of their students.

    Of several files of one student for one problem set the one changed last counts.

    Raises:
        FileNotFoundError: if there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    found: dict[tuple[str, str], Submission] = {}
    paths = [p for p in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts]
    for path in sorted(paths, key=lambda path: (path.stat().st_mtime, path)):
        submission = identify(path, folder, sets)
        found[submission.student, submission.name] = submission
    return [found[key] for key in sorted(found)]


def identify(path: Path, folder: Path, sets: Sequence[str]) -> Submission:
    """Whose file this is, and for which problem set: by its name, else by what stands in it."""
    stem = re.sub(r"^(?:copy of|kopie van|kopie von)\s+", "", path.stem, flags=re.IGNORECASE)
    stem = re.sub(r"\s*\(\d+\)$", "", stem)
    problem, content = "", {}
    try:
        if path.stat().st_size > MAX_BYTES:
            problem = f"the file is larger than {MAX_BYTES // 10**6} MB"
        else:
            content = json.loads(path.read_text(encoding="utf-8", errors="replace"))
            if not isinstance(content, dict) or not isinstance(content.get("cells"), list):
                problem = "the file is no notebook of nbformat 4"
    except (ValueError, RecursionError):
        problem = "the file is no valid JSON: it was cut off, or is not a notebook"
    parts = path.relative_to(folder).parts[:-1]
    names = [name for name in sets if re.search(rf"(?<![a-z]){name}(?!\d)", stem, re.IGNORECASE)]
    names += [name for name in sets if name in parts] + [set_of(content, sets)]
    name = next((name for name in names if name), "")
    if parts:
        student = next((part for part in parts if part not in sets), parts[0])
    else:
        student = re.sub(rf"[\s_-]*{name}[\s_-]*", "", stem, flags=re.IGNORECASE) or stem
    student = re.sub(r"[^\w.@-]+", "_", PLATFORM.sub("", student)).strip("_.") or "unnamed"
    if not problem and not name:
        problem = f"neither its name nor its cells say which of {', '.join(sets)} it is"
    return Submission(path, student, name, problem)


def set_of(content: object, sets: Sequence[str]) -> str:
    """The problem set that a notebook's metadata name, or nothing."""
    metadata = content.get("metadata") if isinstance(content, dict) else None
    about = metadata.get("s2s") if isinstance(metadata, dict) else None
    name = about.get("set") if isinstance(about, dict) else None
    return name if name in sets else ""


def submit(submission: Submission, course: Path) -> bool:
    """Copy a submission to where nbgrader looks for it; return whether it is new or has changed.

    A changed one is taken out of ``autograded`` and ``feedback``, so that it is graded again.
    """
    home = course / "submitted" / submission.student / submission.name
    target = home / f"{submission.name}.ipynb"
    fresh = submission.path.read_bytes()
    graded = course / "autograded" / submission.student / submission.name
    if target.is_file() and target.read_bytes() == fresh and graded.is_dir():
        return False
    for place in (home, graded, course / "feedback" / submission.student / submission.name):
        shutil.rmtree(place, ignore_errors=True)
    home.mkdir(parents=True)
    target.write_bytes(fresh)
    return True
