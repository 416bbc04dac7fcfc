"""A chapter's questions, one at a time: the cell that shows one is one line."""

from __future__ import annotations

import difflib
import re
from importlib.resources import files
from pathlib import Path
from typing import Any

from s2s_tutorial.questions.markup import HOW, question_html, shown_order
from s2s_tutorial.questions.reading import read_questions

CHAPTERS = Path(str(files("s2s_tutorial.questions"))) / "chapters"


class Question:
    """What :func:`ask` gives: it shows itself, as a box that judges answers or as plain text.

    Where HTML is shown it is judged by a small script in the page: no kernel, no other host. Where
    scripts are off the choices stand there, and the answers in a closed fold.

    Attributes:
        data: the question as it stands in its file; see :mod:`s2s_tutorial.questions.reading`.
        of: how many questions its chapter has.

    Example:
        >>> ask("01-mean").data["type"]
        'numeric'
    """

    def __init__(self, data: dict[str, Any], of: int) -> None:
        self.data = data
        self.of = of

    def _repr_html_(self) -> str:
        return question_html(self.data, self.of)

    def __repr__(self) -> str:
        lines = [f"Question: {_plain(self.data['question'])}"]
        lines += self.data.get("code", "").splitlines()
        lines.append(f"({HOW[self.data['type']]})")
        for letter, answer in zip("abcdefghij", shown_order(self.data)):
            words = [_plain(answer["answer"])] if "answer" in answer else []
            lines.append(f"  {letter}) {' '.join([*words, answer.get('code', '')]).rstrip()}")
        return "\n".join(lines)


def ask(question: str) -> Question:
    """A question of this book, shown where the reader is.

    Args:
        question: its id: the chapter's number, a dash and a name, such as ``"03-query"``.

    Returns:
        A :class:`Question`; as the last line of a cell it shows itself.

    Raises:
        TypeError: if ``question`` is not a string.
        ValueError: if there is no such question; the message names those that are near.

    Example:
        >>> ask("01-mean").of > 4
        True
    """
    if not isinstance(question, str):
        raise TypeError(f"a question is named by a string, not by a {type(question).__name__}")
    chapters = {path.stem: path for path in sorted(CHAPTERS.glob("*.json"))}
    chapter = chapters.get(question.partition("-")[0])
    for questions in [read_questions(chapter)] if chapter else []:
        for each in questions:
            if each["id"] == question:
                return Question(each, of=len(questions))
    searched = [chapter] if chapter else chapters.values()
    known = [each["id"] for path in searched for each in read_questions(path)]
    near = difflib.get_close_matches(question, known, n=3, cutoff=0.4) or known[:8]
    raise ValueError(f"there is no question {question!r}; near it: {', '.join(near)}")


def _plain(text: str) -> str:
    """The text without its marks: ``s_{i-1}`` stays, backticks and stars go."""
    return re.sub(r"(?<!\w)\*([^*]+)\*(?!\w)", r"\1", text.replace("`", ""))
