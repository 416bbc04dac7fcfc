"""What nbgrader calls a student: an id for each name, another for another name, from run to run the same.

nbgrader makes the id a folder's name, a part of an address and a key of its gradebook. It forbids ``*``
and ``+``, takes ``,`` for the end of an id, drops spaces at the ends, does not see a folder whose name
begins with a dot, and has room for 128 characters. Disks forbid more, and some take ``Anna`` for ``anna``.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from s2s_tutorial.base.files import write_atomically

MAX_CHARACTERS = 128  # nbgrader's gradebook
MAX_BYTES = 255  # a name on a disk
JOINERS = "\u200c\u200d"  # part of the spelling in Persian, Sinhala and others
RESERVED = re.compile(r"(?:con|prn|aux|nul|(?:com|lpt)[0-9¹²³])(?=\.|$)", re.IGNORECASE)  # Windows


def nbgrader_id(name: str) -> str:
    """A name with its letters, marks and digits, and ``_`` for what an id cannot have.

    Example:
        >>> from assignments.tooling.students import nbgrader_id
        >>> nbgrader_id("Ada Lovelace"), nbgrader_id("राम"), nbgrader_id("kim+1@uni.edu")
        ('Ada_Lovelace', 'राम', 'kim_1@uni.edu')
    """
    name = unicodedata.normalize("NFC", name)
    kept = [
        letter if unicodedata.category(letter)[0] in "LMN" or letter in "_.@-" + JOINERS else "\0"
        for letter in name
    ]
    text = re.sub("\0+", "_", "".join(kept)).rstrip("_.").lstrip("_.@-") or "unnamed"
    return RESERVED.sub(r"\g<0>_", text, count=1) if RESERVED.match(text) else text


def same_folder(student: str) -> str:
    """The id as a disk may see it that tells neither cases nor ways to compose a letter apart."""
    text = student.translate(dict.fromkeys(map(ord, JOINERS)))
    return unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", text).casefold())


def fits(student: str) -> bool:
    """Whether nbgrader and disks have room for an id."""
    return len(student) <= MAX_CHARACTERS and len(student.encode()) <= MAX_BYTES


def with_digest(student: str, name: str, length: int) -> str:
    """The id with some digits that stand for the name, cut to fit."""
    ending = "-" + hashlib.sha256(name.encode()).hexdigest()[:length]
    while not fits(student + ending):
        student = student[:-1]
    return student.rstrip("_.") + ending


class StudentsFileError(ValueError):
    """A course's ``students.json`` holds something else."""


@dataclass
class Students:
    """The students of a course.

    Attributes:
        ids: nbgrader's id for each name.
        numbers: for each problem set Moodle's number of each name; it differs from set to set.
    """

    ids: dict[str, str] = field(default_factory=dict)
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, course: Path) -> Students:
        """The students in a course's ``students.json``; nobody if there is none.

        Raises:
            StudentsFileError: if the file was changed into something else.
        """
        path = course / "students.json"
        if not path.is_file():
            return cls()
        try:
            content = json.loads(path.read_text(encoding="utf-8"))
            return cls(dict(content["ids"]), {k: dict(v) for k, v in content["numbers"].items()})
        except (ValueError, KeyError, TypeError, AttributeError):
            raise StudentsFileError(
                f"{path} should hold the names of students and their ids, as it was written; "
                "delete it to give the ids anew"
            ) from None

    def save(self, course: Path) -> None:
        """Write ``students.json``, which the next run reads."""
        text = json.dumps(vars(self), ensure_ascii=False, indent=1, sort_keys=True)
        write_atomically(course / "students.json", (text + "\n").encode())

    def enrol(self, names: Iterable[str]) -> None:
        """Give an id to each name that has none.

        Where two names would have one id, the name that is the id keeps it; the other's gets digits
        at the end.
        """
        taken = {same_folder(student) for student in self.ids.values()}
        new = {name: nbgrader_id(name) for name in set(names) - self.ids.keys()}
        for name in sorted(new, key=lambda name: (name != new[name], name)):
            student, length = new[name], 8
            while not fits(student) or same_folder(student) in taken:
                student, length = with_digest(new[name], name, length), 2 * length
            taken.add(same_folder(student))
            self.ids[name] = student

    def tell_apart(self, found: Sequence[tuple[str, str, str]]) -> list[str]:
        """Names for what Moodle calls by a name and a number.

        Args:
            found: name, problem set and number of each file; "" where there is no number.

        Returns:
            The name; for two students of one name with a notebook for the same problem set, in this
            run or in this one and an earlier one, the name with the number.
        """
        numbers = defaultdict(set)
        for name, problem_set, number in found:
            if number and problem_set:
                numbers[problem_set, name].add(number)
        long = set()
        for (problem_set, name), here in numbers.items():
            known = self.numbers.setdefault(problem_set, {})
            if name not in known and len(here) == 1 and numbered(name, *here) not in self.ids:
                known[name] = next(iter(here))
            long |= {(name, number) for number in here if number != known.get(name)}
        return [
            numbered(name, number) if (name, number) in long else name for name, _, number in found
        ]


def numbered(name: str, number: str) -> str:
    """A name with Moodle's number, as Moodle writes it."""
    return f"{name}_{number}_assignsubmission_file"
