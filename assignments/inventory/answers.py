"""A table of what students chose: a row for each sheet, read with errors for people.

Columns ``student,when,version,1,2,...,18``: the student's own code, ``before`` or ``after``, ``A`` or ``B``, and for each item
the letter that was chosen, or nothing. A cell may also hold the text of a choice, and a heading may be *Response 7*, as in
the responses that Moodle exports.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assignments.inventory.versions import LETTERS
from assignments.inventory.words import same_words

WHEN = ("before", "after")
NOTHING = ("", "-", "–")


@dataclass(frozen=True)
class Sheet:
    """What one student chose at one time.

    Attributes:
        student: the student's own code.
        when: ``"before"`` or ``"after"`` the course.
        version: its letter.
        chosen: for each item, in its order, the place of the choice from 0, or None where nothing was chosen.
    """

    student: str
    when: str
    version: str
    chosen: tuple[int | None, ...]


def read_answers(path: Path, versions: Mapping[str, Sequence[dict]]) -> list[Sheet]:
    """The sheets in a table of answers.

    Args:
        path: a CSV file; commas, semicolons or tabs.
        versions: the questions of each version, from the course's key.

    Raises:
        ValueError: if the table is none, lacks a column, or a row says what cannot be; the message names up to eight rows and
            what each should say.
    """
    rows = rows_of(path)
    items = len(next(iter(versions.values())))
    columns = item_columns(path, rows, items)
    wrong: list[str] = []
    sheets: dict[tuple[str, str], Sheet] = {}
    for line, row in enumerate(rows, start=2):
        try:
            sheet = read_sheet(row, columns, versions)
            if (sheet.student, sheet.when) in sheets:
                raise ValueError(f"{sheet.student} has a row '{sheet.when}' already")
            sheets[sheet.student, sheet.when] = sheet
        except ValueError as error:
            wrong.append(f"row {line}: {error}")
    if wrong:
        more = [f"and {len(wrong) - 8} more"] if len(wrong) > 8 else []
        raise ValueError(f"{path}, where the heading is row 1:\n  " + "\n  ".join(wrong[:8] + more))
    return list(sheets.values())


def rows_of(path: Path) -> list[dict[str, str]]:
    """The rows of a CSV file by lower-case headings.

    Raises:
        ValueError: if it cannot be read, is no text in UTF-8, or has no row.
    """
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except OSError as error:
        raise ValueError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError:
        raise ValueError(f"{path} is not in UTF-8: save it as 'CSV UTF-8'") from None
    heading = text.split("\n", 1)[0]
    delimiter = max(",;\t", key=heading.count)
    read = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows = [[cell.strip() for cell in row] for row in read if any(map(str.strip, row))]
    if len(rows) < 2:
        raise ValueError(
            f"{path} has no answers: a heading, and a row for each sheet, were expected"
        )
    return [dict(zip(map(str.casefold, rows[0]), row)) for row in rows[1:]]


def item_columns(path: Path, rows: Sequence[dict], items: int) -> list[str]:
    """The headings of items 1, 2, ...

    Raises:
        ValueError: if a column is missing.
    """
    numbers = {heading: re.fullmatch(r"[^\d/]*0?(\d+)", heading) for heading in rows[0]}
    found = {int(match[1]): heading for heading, match in numbers.items() if match}
    missing = [name for name in ("student", "when", "version") if name not in rows[0]]
    missing += [str(item) for item in range(1, items + 1) if item not in found]
    if missing:
        raise ValueError(
            f"{path} lacks the columns {', '.join(missing)}. Its heading should be student,when,version,1,2,...,{items}, as "
            "in answers-template.csv"
        )
    return [found[item] for item in range(1, items + 1)]


def read_sheet(
    row: Mapping[str, str], columns: Sequence[str], versions: Mapping[str, Sequence[dict]]
) -> Sheet:
    """One row as a sheet.

    Raises:
        ValueError: if a cell says what cannot be.
    """
    student, when = row.get("student", ""), row.get("when", "").casefold()
    version = row.get("version", "").upper()
    if not student:
        raise ValueError("'student' is empty: any code will do, the same before and after")
    if when not in WHEN:
        raise ValueError(f"'when' should be before or after, not {row.get('when', '')!r}")
    if version not in versions:
        raise ValueError(f"'version' should be {' or '.join(versions)}, not {version!r}")
    chosen = [
        choice(row.get(column, ""), question, item)
        for item, (column, question) in enumerate(zip(columns, versions[version]), start=1)
    ]
    return Sheet(student, when, version, tuple(chosen))


def choice(cell: str, question: dict, item: int) -> int | None:
    """The place of the choice that a cell names by its letter or its text.

    Raises:
        ValueError: if there is no such choice.
    """
    if cell in NOTHING:
        return None
    if len(cell) == 1 and cell.upper() in LETTERS:
        return LETTERS.index(cell.upper())
    texts = [same_words(each["answer"]) for each in question["answers"]]
    if same_words(cell) in texts:
        return texts.index(same_words(cell))
    raise ValueError(f"item {item} should be A, B, C, D, a choice's text or empty, not {cell!r}")
