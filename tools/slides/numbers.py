"""No number in a deck is typed that the book computes: a change there has to change the slide.

A decimal, or a number of per cent, comes from an output (`{{value ...}}`, `{{cell ...}}`). A whole number of two digits or
more, the length of a string or the number of an update, stands in the chapter that the slide is about. References to
equations and exercises name one that is there. What is in `$...$` or in backquotes is mathematics and code.
"""

from __future__ import annotations

import re

from tools.slides.book import Chapter
from tools.slides.missing import Missing, nearby

LEFT_OUT = re.compile(r"\$\$?.+?\$\$?|`[^`]+`|\{\{.+?\}\}|\]\([^)]*\)|\b\d+ min(?:utes)?\b")
EQUATION = re.compile(r"\((\d+\.\d+)\)")
EXERCISE = re.compile(r"[Ee]xercise (\d+\.\d+)")
NUMBER = re.compile(r"(?<![\w.])\d[\d,]*(?:\.\d+)?(?: ?%| per cent)?")


def check_numbers(line: str, chapter: Chapter) -> None:
    """Look at the numbers of a line.

    Raises:
        Missing: if one is typed, or one that is referred to is not there.
    """
    text = LEFT_OUT.sub(" ", line)
    for label in EQUATION.findall(text):
        chapter.book.chapter(label.split(".")[0]).equation(label)
    for label in EXERCISE.findall(text):
        check_exercise(label, chapter.book.chapter(label.split(".")[0]))
    text = EXERCISE.sub(" ", EQUATION.sub(" ", text))
    for number in NUMBER.findall(text):
        if not re.fullmatch(r"[\d,]+", number):
            raise Missing(
                f"the number {number} is typed; take it from an output of the book: "
                '{{value CHAPTER "text with ___ for the number"}} or {{cell CHAPTER "TABLE" "ROW" "COLUMN"}}'
            )
        plain = number.strip(",")
        if len(plain) > 1 and plain not in chapter.numbers:
            raise Missing(
                f"the number {plain} does not stand in {chapter.name}, which this slide is about"
            )


def check_exercise(label: str, chapter: Chapter) -> None:
    """Raise where a chapter has no exercise of this number."""
    exercises = [title for title in chapter.sections if title.startswith("Exercise")]
    if not any(title.startswith(f"Exercise {label} ") for title in exercises):
        raise Missing(f"{chapter.name} has no Exercise {label}; {nearby(label, exercises)}")
