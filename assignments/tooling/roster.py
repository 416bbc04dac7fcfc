"""Who is in the course: names, ids and sections, from ``roster.csv`` or from the platform's own export.

In the course's folder ``roster.csv`` has the columns ``id,name,section,email,canvas_id`` (the last three may be left out).
Without it ``canvas.csv`` (the gradebook as Canvas exports it) or ``moodle-ps2.csv`` (Moodle's grading worksheet of a
set) says who is there. Moodle's number of a student is another one for each assignment: the worksheet knows it.
"""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

from assignments.tooling.students import nbgrader_id


@dataclass(frozen=True)
class Person:
    """One line of the roster."""

    id: str
    name: str
    section: str = ""
    email: str = ""
    canvas_id: str = ""


def words(name: str) -> str:
    """A name so that *Lovelace, Ada* is *Ada Lovelace*."""
    return " ".join(sorted(re.findall(r"\w+", name.casefold())))


@dataclass
class Roster:
    """The people of a course by nbgrader's id, and Moodle's numbers of each set."""

    people: dict[str, Person] = field(default_factory=dict)
    numbers: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def load(cls, course: Path, sets=()) -> Roster:
        """The roster in a course's folder; an empty one if there is none.

        Raises:
            ValueError: if a table lacks its columns, or two lines have one id.
        """
        canvas = [from_canvas(row) for row in rows_of(course / "canvas.csv", "Student", "ID")]
        sheets = {
            name: rows_of(course / f"moodle-{name}.csv", "Identifier", "Full name") for name in sets
        }
        moodle = {from_moodle(row) for sheet in sheets.values() for row in sheet}
        own = [
            Person(*(row.get(each, "").strip() for each in Person.__dataclass_fields__))
            for row in rows_of(course / "roster.csv", "id", "name")
        ]
        roster = cls()
        for person in own or [each for each in canvas if each] or sorted(moodle, key=str):
            key = nbgrader_id(person.id or person.name)
            if key in roster.people:
                raise ValueError(
                    f"the roster has two lines whose id is {key}: {roster.people[key].name} and {person.name}"
                )
            roster.people[key] = person
        for name, sheet in sheets.items():
            for row in sheet:
                number = re.sub(r"\D", "", row["Identifier"])
                person = from_moodle(row)
                known = (roster.find(each) for each in (person.id, person.email, person.name))
                if found := next(filter(None, known), ""):
                    roster.numbers.setdefault(name, {})[number] = found
        return roster

    def find(self, text: str) -> str:
        """nbgrader's id of the one person whose id, address, Canvas number or name a text is, or ""."""
        if not text:
            return ""
        if nbgrader_id(text) in self.people:
            return nbgrader_id(text)
        exact = defaultdict(set)
        for key, each in self.people.items():
            for said in (each.id, each.email, each.canvas_id, f"canvas {each.canvas_id}"):
                exact[said.casefold()].add(key)
            exact[f"name {words(each.name)}"].add(key)
        for said in (text.casefold(), f"name {words(text)}"):
            if len(exact.get(said, ())) == 1:
                return next(iter(exact[said]))
        return ""

    def who(self, name: str, number: str, problem_set: str) -> str:
        """The id of a student as a file says it: by Moodle's number, Canvas's number, id, address or name; or ""."""
        if found := self.numbers.get(problem_set, {}).get(number, ""):
            return found
        canvas = re.search(r"_(\d{2,})$", name)
        return (self.find(f"canvas {canvas[1]}") if canvas else "") or self.find(name)

    def name(self, student: str) -> str:
        """A student's name, or ""."""
        return self.people[student].name if student in self.people else ""

    def section(self, student: str) -> str:
        """A student's section, or ""."""
        return self.people[student].section if student in self.people else ""

    def unknown(self, student: str) -> str:
        """A note for a student who is not on the roster, if there is one."""
        return "not in the roster" if self.people and student not in self.people else ""


def rows_of(path: Path, *needed: str) -> list[dict]:
    """The rows of a table that was put into the course's folder, or none.

    Raises:
        ValueError: if it has not the columns that it needs.
    """
    if not path.is_file():
        return []
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        lacking = [each for each in needed if each not in (reader.fieldnames or ())]
        if lacking:
            raise ValueError(
                f"{path} should have the columns {', '.join(needed)}; it lacks {', '.join(lacking)}"
            )
        return [{key: value or "" for key, value in row.items() if key} for row in reader]


def from_canvas(row: dict) -> Person | None:
    """A person from a row of Canvas's gradebook; None for its rows that are nobody's."""
    if not row["ID"].strip():  # Points Possible, Manual Posting
        return None
    last, _, first = row["Student"].partition(", ")
    login = row.get("SIS Login ID") or row.get("SIS User ID") or row["ID"]
    return Person(login, f"{first} {last}".strip(), row.get("Section", ""), "", row["ID"])


def from_moodle(row: dict) -> Person:
    """A person from a row of Moodle's grading worksheet."""
    email = row.get("Email address", "")
    number = row.get("ID number", "") or email or row["Full name"]
    return Person(number, row["Full name"], row.get("Group", ""), email)
