"""Whose a file is: what its folders and its own name say of the student who handed it in.

Where a learning platform wrote the name, it counts. Else the folders and the names of all files that
came in together are looked at, because only they show what is a student: ``anna`` is in ``anna/ps1.ipynb``,
in ``Group 1/anna/ps1.ipynb`` beside ``Group 1/ben/ps1.ipynb``, and in ``download/anna_ps1.ipynb`` beside
``download/ben_ps1.ipynb``. Where they leave a doubt, two places are two students.
"""

from __future__ import annotations

import os
import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

NOTEBOOK = re.compile(r"\.ipynb(?:\.txt|\.json)?$", re.IGNORECASE)  # browsers add .txt and .json
MOODLE = re.compile(r"^(.+?)_(\d+)_assignsubmission_")  # Ada Lovelace_123_assignsubmission_file_
CANVAS = re.compile(r"^(.+?)(?:_LATE)?_(\d{2,})_\d{3,}_")  # lovelaceada_LATE_4711_99801_ps2-1
BLACKBOARD = re.compile(r"^(.+)_attempt_(\d{4}(?:-\d\d){5})(?:_|$)")  # PS2_ada_attempt_2027-..._ps2
COPY_OF = re.compile(r"^(?:copy of|kopie van|kopie von|copie de|copia de|copia di)\s+", re.I)
COPY = re.compile(r"(?:-copy\d*|\s-\s(?:copy|kopie)|\s(?:copy|kopie)(?:\s\d+)?|\s*\(\d+\))$", re.I)
ATTEMPT = re.compile(r"(?:version|attempt)[\s_-]*(\d{1,2})", re.IGNORECASE)  # Teams: Version 2
VERSION_WORD = (
    r"(?:final|draft|version|v|copy|backup|untitled|checkpoint|attempt|solutions?|submission|"
    r"notebook|homework|assignment)\d{0,2}"
)


def readable(part: str) -> str:
    """A name from the disk with its letters composed (NFC), and bytes that are no UTF-8 as ``\\xe9``."""
    text = os.fsencode(part).decode("utf-8", "backslashreplace")
    return unicodedata.normalize("NFC", text)


@dataclass(frozen=True)
class Place:
    """What the place of a file says.

    Args:
        folders: the names of its folders, without what names a problem set or an attempt.
        own: what its own name says beside the problem set, or "" for nothing.
        stem: its own name.
        platform: the student's name as a learning platform wrote it, or "".
        number: Moodle's number of the student in one assignment, or "".
        attempt: the attempt, as the platform counts or dates it, or 0.
        copy: the number of the copy, as a browser or an editor counts it, or 0.
    """

    folders: tuple[str, ...] = ()
    own: str = ""
    stem: str = ""
    platform: str = ""
    number: str = ""
    attempt: int = 0
    copy: int = 0

    @property
    def nameless(self) -> bool:
        """Whether nothing says whose it is."""
        return not (self.folders or self.own or self.platform)


def place(path: PurePath, sets: Sequence[str]) -> Place:
    """Take the path of a file apart, relative to the folder of submissions."""
    *parts, name = map(readable, path.parts)
    stem = NOTEBOOK.sub("", name)
    plain, copy = without_copy_marks(stem)
    folders, attempt = [], 0
    for part in parts:
        if number := folders and ATTEMPT.fullmatch(part):
            attempt = int(number[1])
        elif rest := without_sets(part, sets):
            folders.append(rest)
    for part in (*parts, plain):
        if found := MOODLE.match(part):
            return Place(platform=found[1], number=found[2], attempt=attempt, copy=copy)
    for outer, inner in zip(parts, parts[1:]):  # GitHub Classroom: ps2-submissions/ps2-ada
        slug = outer.removesuffix("submissions")
        if slug != outer and slug.endswith("-") and inner.startswith(slug) and inner != slug:
            return Place(platform=inner.removeprefix(slug), attempt=attempt, copy=copy)
    if found := CANVAS.match(plain):
        return Place(platform=f"{found[1]}_{found[2]}", attempt=attempt, copy=copy)
    if found := BLACKBOARD.match(plain):
        student = without_sets(found[1], sets)
        return Place(platform=student, attempt=int(found[2].replace("-", "")), copy=copy)
    own = without_sets(plain, sets)
    if folders and says_nothing_new(own, folders[-1]):
        own = ""
    return Place(tuple(folders), own, stem, attempt=attempt, copy=copy)


def without_copy_marks(stem: str) -> tuple[str, int]:
    """A file's name without "Copy of", "(1)" and the like, and the number of the copy."""
    number = 0
    while mark := COPY_OF.search(stem) or COPY.search(stem):
        number += int(re.sub(r"\D", "", mark[0]) or 1)
        stem = stem[: mark.start()] + stem[mark.end() :]
    return stem.strip(), number


def without_sets(text: str, sets: Sequence[str]) -> str:
    """A name without the problem sets that it names, and without what joins them to the rest.

    Example:
        >>> from assignments.tooling.whose import without_sets
        >>> without_sets("PS2_download", ["ps1", "ps2"]), without_sets("ada", ["ps1", "ps2"])
        ('download', 'ada')
    """
    names = "|".join(map(re.escape, sets))
    pattern = rf"[\s_-]*(?<![a-z])(?:{names})(?!\d)(?:\.ipynb)?[\s_-]*"
    return "*".join(filter(None, re.split(pattern, text, flags=re.IGNORECASE)))


def says_nothing_new(own: str, folder: str) -> bool:
    """Whether a file's own name says no more than its folder's, or only which version it is."""
    words, known = (
        [word for word in re.split(r"[\s_.-]+", text.casefold()) if word] for text in (own, folder)
    )
    version = VERSION_WORD
    if known and set(known) <= set(words):
        words = [word for word in words if word not in known]
        version += r"|\d{1,2}"
    return all(re.fullmatch(version, word) for word in words)


def names_of(places: Sequence[Place], of_a_set: Sequence[bool]) -> list[str]:
    """The name of the student for each place.

    Args:
        places: the places of all files that came in together.
        of_a_set: for each whether its problem set is known. A file of no set makes nobody a student.

    Returns:
        Two places have one name only if the platform wrote one name, or if their folders (and, where
        a folder holds files of several names, their own names) are the same.
    """
    owns: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for each, known in zip(places, of_a_set):
        if known and each.own and not each.platform:
            owns[each.folders].add(each.own)
    trails = []
    for each in places:
        if each.platform:
            trails.append((each.platform,))
        elif not each.folders:
            trails.append((each.own or each.stem,))
        else:
            shared = each.own and len(owns[each.folders]) > 1
            trails.append((*each.folders, each.own) if shared else each.folders)
    short = shortened({trail for trail, known in zip(trails, of_a_set) if known})
    return [short.get(nearest(trail, short), "/".join(trail)) for trail in trails]


def nearest(trail: tuple[str, ...], known: dict[tuple[str, ...], str]) -> tuple[str, ...]:
    """The trail itself, or the longest part of its beginning that is a student's."""
    beginnings = (trail[:k] for k in range(len(trail), 0, -1))
    return next((each for each in beginnings if each in known), trail)


def shortened(trails: set[tuple[str, ...]]) -> dict[tuple[str, ...], str]:
    """A name for each trail of folders, different for different ones, and its last part if possible.

    Example:
        >>> from assignments.tooling.whose import shortened
        >>> sorted(shortened({("Group 1", "anna"), ("Group 1", "ben")}).values())
        ['anna', 'ben']
        >>> sorted(shortened({("anna", "work"), ("ben", "work")}).values())
        ['anna', 'ben']
        >>> sorted(shortened({("Group 1", "anna"), ("Group 2", "anna"), ("Group 2", "ben")}).values())
        ['Group 1/anna', 'Group 2/anna', 'ben']
    """
    core = {trail: trail for trail in trails}
    while len(core) > 1 and len({each[-1:] for each in core.values()}) == 1:
        if min(map(len, core.values())) == 1:
            break
        core = {trail: each[:-1] for trail, each in core.items()}
    children = defaultdict(set)
    for each in core.values():
        for k, part in enumerate(each):
            children[each[:k]].add(part)
    branching = max((len(each) for each, below in children.items() if len(below) > 1), default=0)
    students = set(core.values())
    wanted = {}
    for trail, each in core.items():
        inside = any(each[:k] in students for k in range(1, len(each)))
        clear = len(each) - 1 <= branching and not inside
        wanted[trail] = each[-1] if clear else "/".join(each)
    often = Counter(wanted.values())
    return {t: name if often[name] == 1 else "/".join(core[t]) for t, name in wanted.items()}
