"""Questions in files: jupyterquiz's JSON, with an id, the belief behind each wrong answer, and orders.

A file is a list of questions, each with ``id``, ``question``, ``type``, ``answers`` and perhaps ``code``:

* ``multiple_choice`` (one right answer) and ``many_choice`` (one or more): answers with ``answer`` or
  ``code`` or both, ``correct``, ``feedback``, and where wrong ``misconception``;
* ``numeric``: ``{"type": "value", "value": 7}``, ``{"type": "range", "range": [0.3, 0.35]}`` (ends
  included), each with ``correct``, and one ``{"type": "default", "feedback": ...}`` for any other number;
* ``order``: answers in their right order; ``feedback`` and ``misconception`` say what it means to put
  one too early.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

TYPES = ("multiple_choice", "many_choice", "numeric", "order")
_QUESTION_KEYS = {"id", "question", "code", "type", "answers"}
_ANSWER_KEYS = {"answer", "code", "correct", "feedback", "misconception", "type", "value", "range"}
_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)+")


def read_questions(path: Path) -> list[dict[str, Any]]:
    """The questions of a file, checked.

    Args:
        path: a JSON file.

    Returns:
        One dictionary a question, as it stands in the file.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if it is no JSON, or a question is incomplete; the message names file and question.
    """
    try:
        questions = json.loads(Path(path).read_text(encoding="utf-8"))
    except json.JSONDecodeError as error:
        raise ValueError(f"{path} is no JSON: {error}") from error
    if not isinstance(questions, list) or not all(isinstance(each, dict) for each in questions):
        raise ValueError(f"{path} must hold a list of questions, [{{...}}, ...]")
    ids = [question.get("id") for question in questions]
    for number, question in enumerate(questions):
        wrong = _wrong_with(question)
        if ids.index(ids[number]) < number:
            wrong = "an earlier question has this id"
        if wrong:
            raise ValueError(f"{path}, question {number + 1} ({ids[number]}): {wrong}")
    return questions


def _wrong_with(question: dict[str, Any]) -> str:
    """What is wrong with a question, in words; empty if nothing is."""
    if unknown := set(question) - _QUESTION_KEYS:
        return f"unknown keys {sorted(unknown)}; there are {sorted(_QUESTION_KEYS)}"
    if not isinstance(question.get("id"), str) or not _NAME.fullmatch(question["id"]):
        return "its id must be words in small letters with dashes, such as '03-query'"
    if not _is_text(question.get("question")):
        return "it needs a text, 'question'"
    if question.get("type") not in TYPES:
        return f"its type must be one of {', '.join(TYPES)}"
    answers = question.get("answers")
    if not isinstance(answers, list) or len(answers) < 2:
        return "it needs a list of two answers or more"
    for answer in answers:
        if not isinstance(answer, dict) or set(answer) - _ANSWER_KEYS:
            return f"an answer holds some of {sorted(_ANSWER_KEYS)}, but there is {answer}"
    kind = question["type"]
    wrong = (
        _wrong_order if kind == "order" else _wrong_numbers if kind == "numeric" else _wrong_choices
    )
    return wrong(answers) or (_wrong_count(kind, answers) if kind != "order" else "")


def _wrong_count(kind: str, answers: list[dict[str, Any]]) -> str:
    right = sum(answer.get("correct") is True for answer in answers)
    if right == 0 or (kind == "multiple_choice" and right > 1):
        return f"{right} of its answers are correct; {kind} needs {_needs(kind)}"
    for answer in answers:
        if answer.get("correct") is True or answer.get("type") == "default":
            continue
        if answer.get("correct") is not False:
            return f"'correct' must be true or false in {answer}"
        if wrong := _wrong_words(answer):
            return wrong
    return ""


def _needs(kind: str) -> str:
    return "exactly one" if kind == "multiple_choice" else "one or more"


def _wrong_choices(answers: list[dict[str, Any]]) -> str:
    shown = [(answer.get("answer"), answer.get("code")) for answer in answers]
    if not all(any(map(_is_text, pair)) for pair in shown):
        return "each answer needs a text, 'answer' or 'code'"
    return "two answers are the same" if len(set(shown)) < len(shown) else ""


def _wrong_order(answers: list[dict[str, Any]]) -> str:
    words = [_wrong_words(answer) for answer in answers[1:]]  # the first is never too early
    return _wrong_choices(answers) or next(filter(None, words), "")


def _wrong_numbers(answers: list[dict[str, Any]]) -> str:
    for answer in answers:
        kind = answer.get("type")
        if kind == "default" and not _is_text(answer.get("feedback")):
            return "the default needs 'feedback'"
        if kind == "value" and not _is_number(answer.get("value")):
            return f"'value' must be a number in {answer}"
        if kind == "range":
            ends = answer.get("range")
            if not isinstance(ends, list) or len(ends) != 2 or not all(map(_is_number, ends)):
                return f"'range' must be two numbers in {answer}"
            if ends[0] > ends[1]:
                return f"'range' begins with the smaller number, not {ends}"
        if kind not in ("value", "range", "default"):
            return f"the type of a numeric answer is value, range or default, not {kind!r}"
    defaults = [answer for answer in answers if answer["type"] == "default"]
    return (
        "" if len(defaults) == 1 and answers[-1] in defaults else "its last answer is the default"
    )


def _wrong_words(answer: dict[str, Any]) -> str:
    if not _is_text(answer.get("feedback")):
        return f"a wrong answer needs 'feedback': {answer}"
    name = answer.get("misconception")
    if not isinstance(name, str) or not _NAME.fullmatch(name):
        return f"'misconception' must be words in small letters with dashes: {answer}"
    return ""


def _is_text(given: Any) -> bool:
    return isinstance(given, str) and bool(given.strip())


def _is_number(given: Any) -> bool:
    return isinstance(given, (int, float)) and not isinstance(given, bool)
