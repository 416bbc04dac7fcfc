"""Five minutes of talk about a student's own notebook: questions with a key, in a course's numbers, for the teacher only.

``assignments/sets/NAME/oral.md`` has nine questions in three groups; ``VARIANT.name`` is filled in as in the set. The file goes into
the course's folder, never into a release.
"""

from __future__ import annotations

import re
from pathlib import Path

from assignments.tooling import source as sets

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
