"""Five minutes of talk about a student's own notebook: questions with a key, in a course's numbers, for the teacher only.

``assignments/sets/NAME/oral.md`` has nine questions in three groups; ``VARIANT.name`` is filled in as in the set. The file goes into
the course's folder, never into a release. What a talk was worth may stand in the course's ``oral.csv``, in rows such as
``ada,ps2,5``; it counts beside the set's own points.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from pathlib import Path

from assignments.tooling import source as sets
from assignments.tooling.roster import Roster, rows_of
from assignments.tooling.students import nbgrader_id

MOST = 6  # points: two for each of three answers
TABLE = "oral.csv"

OPENING = """# Five minutes about {name}: questions with a key

**For the teacher only.** The student has the own notebook open, with its outputs, and no other window. Ask three questions, one of each
part, about a minute and a half each: roll a die three times, 1 or 2 is a part's first question, 3 or 4 its second, 5 or 6 its third. Follow up once ("show me
where"). Ask about what stands in *this* notebook: the prediction, the numbers, the pair.

For each answer 2 for a good one, 1 for one that gets there with a hint, 0 for a weak one. 4 of 6 is a pass. Who wrote the notebook can talk about it; who cannot
say where a number comes from is invited to a longer talk, before anything else is concluded.
"""


def oral(name: str, seed: str) -> str | None:
    """The questions of a problem set for a seed's variant, as Markdown; None if it has none."""
    path = sets.SETS_FOLDER / name / "oral.md"
    if not path.is_file():
        return None
    text = path.read_text(encoding="utf-8")
    opening = OPENING.format(name=name)
    return f"{opening}\n{sets.fill_in(text, sets.variant(name, seed), code=False)}"


def questions(text: str) -> dict[str, list[str]]:
    """The questions of such a text by part."""
    found: dict[str, list[str]] = {}
    for line in text.splitlines():
        if part := re.match(r"## (.+)", line):
            found[part[1]] = []
        elif question := re.match(r"### \d+\. (.+)", line):
            found[list(found)[-1]].append(question[1])
    return found


def write_oral(folder: Path, name: str, seed: str) -> Path | None:
    """Write a set's questions into a course's folder, as ``oral/NAME.md``; return the file, if there are questions."""
    text = oral(name, seed)
    if text is None:
        return None
    path = folder / "oral" / f"{name}.md"
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def oral_points(
    course: Path, released: Collection[str], students: Collection[str], roster: Roster
) -> dict[tuple[str, str], float]:
    """What each talk was worth, by student and set, from ``oral.csv``; nothing if there is none.

    Args:
        course: the course's folder.
        released: its problem sets.
        students: those who have handed in something; the roster's are known too.
        roster: who is called how.

    Raises:
        ValueError: if a line names an unknown student or set, or no number from 0 to 6, or repeats another; the message quotes it.
    """
    found: dict[tuple[str, str], float] = {}
    for row in rows_of(course / TABLE, "student", "problem_set", "points"):
        said, name, number = (row[each].strip() for each in ("student", "problem_set", "points"))
        quoted = f"{course / TABLE}, line {said},{name},{number}"
        student = roster.find(said) or nbgrader_id(said)
        if student not in roster.people and student not in students:
            raise ValueError(f"{quoted}: there is no student {said}")
        if name not in released:
            raise ValueError(f"{quoted}: there is no set {name}, only {', '.join(released)}")
        if not re.fullmatch(r"\d+(\.\d+)?", number) or float(number) > MOST:
            raise ValueError(f"{quoted}: points are a number from 0 to {MOST}")
        if (student, name) in found:
            raise ValueError(f"{quoted}: this talk is there twice")
        found[student, name] = float(number)
    return found
