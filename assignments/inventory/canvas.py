"""A version as Canvas imports it: a QTI 1.2 package, made by text2qti.

text2qti reads a text of its own, in Markdown. So that nothing in a question means anything there, each character that is no
letter, digit or space is written as a number (``&#42;``); the tags are ours.
"""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Sequence

from text2qti.qti import QTI
from text2qti.quiz import Quiz
from text2qti.xml_imsmanifest import imsmanifest

from assignments.inventory.words import to_html

DATE = "2000-01-01"  # the same files from the same secret, whatever the day


def by_number(text: str) -> str:
    """A question's text as HTML that Markdown leaves as it is.

    >>> by_number("2 * *x* < y")
    '2 &#42; <em>x</em> &#60; y'
    """
    pieces = re.split(r"(<[^>]+>)", to_html(text))
    plain = (html.unescape(each) for each in pieces[::2])
    safe = [re.sub(r"[^\w ]|_", lambda found: f"&#{ord(found[0])};", each) for each in plain]
    return "".join(a + b for a, b in zip(safe, [*pieces[1::2], ""]))


def to_package(questions: Sequence[dict], version: str, course: str) -> bytes:
    """A version as the bytes of a QTI package: choices in their order, a point each, no right answers shown.

    Args:
        questions: in their order.
        version: its letter.
        course: the course's name.
    """
    lines = [
        f"Quiz title: Concept inventory {course}, version {version}",
        "shuffle answers: false",
        "show correct answers: false",
    ]
    for number, question in enumerate(questions, start=1):
        lines += ["", f"Title: {version} {number:02}", "Points: 1"]
        lines.append(f"{number}. {by_number(question['question'])}")
        for letter, each in zip("abcd", question["answers"]):
            mark = "*" if each["correct"] else ""
            lines.append(f"{mark}{letter}) {by_number(each['answer'])}")
    made = QTI(Quiz("\n".join(lines) + "\n", config=None))
    manifest = imsmanifest(
        manifest_identifier=made.manifest_identifier,
        assessment_identifier=made.assessment_identifier,
        dependency_identifier=made.dependency_identifier,
        images={},
        date=DATE,
    )
    folder = made.assessment_identifier
    return zipped(
        {
            "imsmanifest.xml": manifest,
            f"{folder}/assessment_meta.xml": made.assessment_meta,
            f"{folder}/{folder}.xml": made.assessment,
        }
    )


def zipped(files: dict[str, str]) -> bytes:
    """An archive of these files that does not know when it was made."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for name, text in files.items():
            entry = zipfile.ZipInfo(name)
            entry.compress_type = zipfile.ZIP_STORED
            archive.writestr(entry, text)
    return stream.getvalue()
