"""From a folder of submissions, however it came from the learning platform, to nbgrader's layout.

Understood are ``STUDENT/ps2/ps2.ipynb`` (nbgrader's own), ``STUDENT/ps2.ipynb`` (a folder for each
student, as platforms pack them) and ``STUDENT_ps2.ipynb`` or ``STUDENT-ps2.ipynb`` (all in one
folder), with what Moodle and Canvas add to a student's name. What Colab and browsers add to a
file's name, "Copy of" and "(1)", does not matter.
"""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

MAX_BYTES = 100_000_000
MOODLE = re.compile(r"_\d+_assignsubmission_.*$")  # "Ada Lovelace_123_assignsubmission_file_"
CANVAS = re.compile(r"^(.+?)(?:_LATE)?_(\d+)_\d+_.*$")  # "lovelaceada_LATE_4711_99801_ps2-1"


@dataclass(frozen=True)
class Submission:
    """One file that was handed in: whose it is, which problem set, and what is wrong with it, if it is.

    Two students of one name have different labels: what the platform made of the name.
    """

    path: Path
    student: str
    name: str
    problem: str = ""
    label: str = ""


def find(folder: Path, sets: Sequence[str]) -> list[Submission]:
    """The submissions in a folder, in the order of their students.

    Of several files of one student for one problem set the one changed last counts. Where a platform
    has two students of one name, each is called by what it made of the name.

    Raises:
        FileNotFoundError: if there is no such folder.
    """
    if not folder.is_dir():
        raise FileNotFoundError(f"there is no folder {folder}")
    paths = [p for p in folder.rglob("*.ipynb") if ".ipynb_checkpoints" not in p.parts]
    paths.sort(key=lambda path: (path.stat().st_mtime, path))
    submissions = [identify(path, folder, sets) for path in paths]
    labels: dict[tuple[str, str], set[str]] = {}
    for each in submissions:
        labels.setdefault((each.student, each.name), set()).add(each.label)
    found: dict[tuple[str, str], Submission] = {}
    for each in submissions:
        if len(labels[each.student, each.name]) > 1:
            each = replace(each, student=each.label)
        found[each.student, each.name] = each
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
    names += [name for name in sets if name in parts]
    names += [name for name in sets if name == about(content).get("set")]
    name = next(iter(names), "")
    if parts:
        label = next((part for part in parts if part not in sets), parts[0])
    elif canvas := CANVAS.match(stem):
        label = f"{canvas[1]}_{canvas[2]}"
    else:
        label = re.sub(rf"[\s_-]*{name}[\s_-]*", "", stem, flags=re.IGNORECASE) or stem
    label, student = (
        re.sub(r"[^\w.@-]+", "_", text).strip("_.") or "unnamed"
        for text in (label, MOODLE.sub("", label))
    )
    if not problem and not name:
        problem = f"neither its name nor its cells say which of {', '.join(sets)} it is"
    return Submission(path, student, name, problem, label)


def about(content: object) -> dict:
    """What a notebook's metadata say of the problem set and its variant, or nothing."""
    metadata = content.get("metadata") if isinstance(content, dict) else None
    found = metadata.get("s2s") if isinstance(metadata, dict) else None
    return found if isinstance(found, dict) else {}


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
