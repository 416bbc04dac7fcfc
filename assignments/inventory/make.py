"""``make inventory``: the two versions of a course's concept inventory, for paper, Moodle and Canvas, and their key.

    python -m assignments.inventory.make --seed autumn-2027   # into assignments/courses/autumn-2027/inventory/

The same seed, with the secret that a course keeps in ``secret.txt``, gives the same files, byte for byte; the PDFs alone
hold the time at which they were printed.
"""

from __future__ import annotations

import argparse
import csv
import io
import json
import os
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

from assignments.inventory.canvas import to_package
from assignments.inventory.gift import to_gift
from assignments.inventory.paper import print_pages, to_page
from assignments.inventory.versions import LETTERS, VERSIONS, draw_versions
from assignments.inventory.words import to_plain
from assignments.tooling.release import course_folder
from assignments.tooling.secret import course_seed
from assignments.tooling.source import BOOK_SEED
from s2s_tutorial.base.files import write_atomically
from tools.browser import NoBrowser, running_browser

KEY_COLUMNS = ("version", "item", "concept", "choice", "right", "misconception", "belief", "text")


def to_csv(columns: Sequence[str], rows: Iterable[dict]) -> str:
    """Rows as CSV, a heading first."""
    file = io.StringIO(newline="")
    writer = csv.DictWriter(file, columns)
    writer.writeheader()
    writer.writerows(rows)
    return file.getvalue()


def key_rows(version: str, questions: Sequence[dict]) -> Iterable[dict]:
    """A row for each choice: whether it is right, or else what one who chooses it believes."""
    for item, question in enumerate(questions, start=1):
        for letter, each in zip(LETTERS, question["answers"]):
            yield {
                "version": version,
                "item": item,
                "concept": question["id"].removeprefix("concepts-"),
                "choice": letter,
                "right": "right" if each["correct"] else "",
                "misconception": each.get("misconception", ""),
                "belief": each.get("feedback", ""),
                "text": to_plain(each["answer"]),
            }


def as_json(questions: Sequence[dict]) -> str:
    """Questions as a file of the book's own format."""
    return json.dumps(questions, ensure_ascii=False, indent=1) + "\n"


def answer_columns(items: int) -> list[str]:
    """The heading of a table of answers."""
    return ["student", "when", "version", *map(str, range(1, items + 1))]


def contents(versions: dict[str, list[dict]], course: str) -> dict[str, bytes]:
    """All files but the PDFs, by their path in the inventory's folder."""
    files: dict[str, bytes | str] = {}
    for version, questions in versions.items():
        small = version.lower()
        files[f"students/version-{small}.html"] = to_page(questions, version, course)
        files[f"instructor/moodle-{small}.gift.txt"] = to_gift(questions, version, course)
        files[f"instructor/canvas-{small}.zip"] = to_package(questions, version, course)
        files[f"instructor/version-{small}.json"] = as_json(questions)
    rows = [row for each, questions in versions.items() for row in key_rows(each, questions)]
    files["instructor/key.csv"] = to_csv(KEY_COLUMNS, rows)
    items = len(versions[VERSIONS[0]])
    files["instructor/answers-template.csv"] = to_csv(answer_columns(items), [])
    return {
        name: each if isinstance(each, bytes) else each.encode() for name, each in files.items()
    }


def write_inventory(folder: Path, drawn_from: str, course: str) -> list[Path]:
    """Write a course's inventory.

    Args:
        folder: where to; nothing in it is written over that holds other questions.
        drawn_from: the course's name and secret.
        course: the course's name, for headings.

    Raises:
        ValueError: if the folder holds other questions, which students may have answered.
    """
    files = contents(draw_versions(drawn_from), course)
    for name, content in files.items():
        kept = folder / name
        if name.endswith(".json") and kept.is_file() and kept.read_bytes() != content:
            raise ValueError(
                f"{kept} holds other questions than this version of the book makes. If students have answered them, keep "
                f"the folder: its key belongs to them. If not, delete {folder} and make it anew."
            )
    for name, content in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        write_atomically(folder / name, content)
    return [folder / name for name in files]


def main(arguments: list[str] | None = None) -> int:
    """Make the inventory of a course."""
    parser = argparse.ArgumentParser(description="Make a course's concept inventory.")
    parser.add_argument("--seed", required=True, help="the course's name, such as autumn-2027")
    options = parser.parse_args(arguments)
    if options.seed == BOOK_SEED:
        parser.error("the book's own variant is public; choose a name for your course")
    try:
        course = course_folder(options.seed)
        drawn_from = course_seed(course, options.seed)
        written = write_inventory(course / "inventory", drawn_from, options.seed)
    except ValueError as error:
        parser.error(str(error))
    pages = [path for path in written if path.suffix == ".html"]
    try:
        with running_browser() as browser:
            written += print_pages(browser, pages)
    except NoBrowser:
        print("No PDF: Chromium did not start. Print the HTML pages from any browser instead.")
    print(os.path.relpath(course / "inventory"))
    for told, kind in (("for students", "students"), ("for you alone", "instructor")):
        names = sorted(path.name for path in written if path.parent.name == kind)
        line = f"{told}, in {kind}/: {', '.join(names)}"
        print(textwrap.fill(line, 76, initial_indent="  ", subsequent_indent="    "))
    return 0


if __name__ == "__main__":
    sys.exit(main())
