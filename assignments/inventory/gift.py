"""A version as Moodle reads it: GIFT, as ``question/format/gift/format.php`` in Moodle's source takes it apart."""

from __future__ import annotations

import re
from collections.abc import Sequence

from assignments.inventory.words import to_html


def escaped(text: str) -> str:
    r"""A text in which no character means anything to GIFT: ``\ ~ = # { } :`` get a backslash.

    >>> print(escaped("a = {b}: \\ ~ #"))
    a \= \{b\}\: \\ \~ \#
    """
    return re.sub(r"([\\~=#{}:])", r"\\\1", text)


def to_gift(questions: Sequence[dict], version: str, course: str) -> str:
    """A version as a GIFT file: one category, a question a paragraph, each on lines of its own, no feedback.

    Args:
        questions: in their order.
        version: its letter.
        course: the course's name.
    """
    parts = [f"$CATEGORY: Concept inventory {course}, version {version}"]
    for number, question in enumerate(questions, start=1):
        choices = [
            f"\t{'=' if each['correct'] else '~'}[html]{escaped(to_html(each['answer']))}"
            for each in question["answers"]
        ]
        text = escaped(f"<p>{to_html(question['question'])}</p>")
        parts.append("\n".join([f"::{version} {number:02}::[html]{text} {{", *choices, "}"]))
    return "\n\n".join(parts) + "\n"
