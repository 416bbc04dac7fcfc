"""Question files: what is refused, and that the refusal says what to do."""

import copy
import json

import pytest

from s2s_tutorial.questions.ask import CHAPTERS
from s2s_tutorial.questions.reading import read_questions

WRONG = {"answer": "s_{i}", "correct": False, "feedback": "no", "misconception": "luong-order"}
CHOICE = {
    "id": "99-query",
    "question": "Who asks?",
    "type": "multiple_choice",
    "answers": [{"answer": "s_{i-1}", "correct": True}, WRONG],
}
NUMBER = {
    "id": "99-number",
    "question": "How many?",
    "type": "numeric",
    "answers": [
        {"type": "range", "range": [1, 2], "correct": True},
        {"type": "value", "value": 3, "correct": False, "feedback": "no", "misconception": "a-b"},
        {"type": "default", "feedback": "Count again."},
    ],
}
ORDER = {
    "id": "99-order",
    "question": "In which order?",
    "type": "order",
    "answers": [
        {"answer": "one"},
        {"answer": "two", "feedback": "no", "misconception": "two-first"},
    ],
}


def written(folder, *questions):
    path = folder / "99.json"
    path.write_text(json.dumps(questions), encoding="utf-8")
    return path


def test_sound_questions_are_read_as_they_stand(tmp_path):
    assert read_questions(written(tmp_path, CHOICE, NUMBER, ORDER)) == [CHOICE, NUMBER, ORDER]
    many = CHOICE | {"type": "many_choice"}
    many["answers"] = [*CHOICE["answers"], {"code": "s", "correct": True}]
    assert read_questions(written(tmp_path, many)) == [many]


def changed(question, where, value):
    """A copy with another value at a place; None takes it away."""
    question = copy.deepcopy(question)
    *path, last = where
    holder = question
    for key in path:
        holder = holder[key]
    if value is None:
        del holder[last]
    else:
        holder[last] = value
    return question


FAULTS = [
    (CHOICE, ["id"], "Query", "its id"),
    (CHOICE, ["id"], None, "its id"),
    (CHOICE, ["question"], " ", "a text"),
    (CHOICE, ["type"], "string", "its type"),
    (CHOICE, ["hint"], "x", "unknown keys"),
    (CHOICE, ["answers"], [WRONG], "two answers"),
    (CHOICE, ["answers", 0, "correct"], False, "exactly one"),
    (CHOICE, ["answers", 1, "correct"], True, "exactly one"),
    (CHOICE, ["answers", 1, "correct"], "no", "true or false"),
    (CHOICE, ["answers", 1, "feedback"], None, "feedback"),
    (CHOICE, ["answers", 1, "misconception"], "Luong", "misconception"),
    (CHOICE, ["answers", 1, "misconception"], None, "misconception"),
    (CHOICE, ["answers", 1, "answer"], "s_{i-1}", "the same"),
    (CHOICE, ["answers", 1, "answer"], None, "'answer' or 'code'"),
    (CHOICE, ["answers", 1, "why"], "x", "an answer holds"),
    (NUMBER, ["answers", 0, "correct"], False, "one or more"),
    (NUMBER, ["answers", 0, "range"], [2, 1], "smaller number"),
    (NUMBER, ["answers", 0, "range"], [1], "two numbers"),
    (NUMBER, ["answers", 1, "value"], "3", "a number"),
    (NUMBER, ["answers", 1, "misconception"], None, "misconception"),
    (NUMBER, ["answers", 2, "type"], "else", "value, range or default"),
    (NUMBER, ["answers", 2, "feedback"], None, "default needs"),
    (ORDER, ["answers", 1, "feedback"], None, "feedback"),
]


@pytest.mark.parametrize(("question", "where", "value", "said"), FAULTS)
def test_a_fault_is_named(tmp_path, question, where, value, said):
    path = written(tmp_path, changed(question, where, value))
    with pytest.raises(ValueError, match=r"99\.json, question 1") as raised:
        read_questions(path)
    assert said in str(raised.value)


def test_no_default_two_ids_no_list_no_json(tmp_path):
    without = NUMBER | {"answers": NUMBER["answers"][:2]}
    with pytest.raises(ValueError, match="its last answer is the default"):
        read_questions(written(tmp_path, without))
    with pytest.raises(ValueError, match="question 2 .*an earlier question has this id"):
        read_questions(written(tmp_path, CHOICE, CHOICE))
    path = written(tmp_path)
    path.write_text("{}", encoding="utf-8")
    with pytest.raises(ValueError, match="must hold a list"):
        read_questions(path)
    path.write_text("[", encoding="utf-8")
    with pytest.raises(ValueError, match="is no JSON"):
        read_questions(path)


@pytest.mark.parametrize("path", sorted(CHAPTERS.glob("*.json")), ids=lambda path: path.stem)
def test_a_chapters_questions_are_five_to_eight_of_its_own_number(path):
    questions = read_questions(path)
    assert 5 <= len(questions) <= 8
    assert {question["id"].split("-")[0] for question in questions} == {path.stem}
    for question in questions:
        texts = json.dumps(question, ensure_ascii=False)
        assert not any(mark in texts for mark in ("$", "<b>", "</", r"\\(")), question["id"]
        reasons = [a.get("feedback", "") for a in question["answers"] if a.get("correct")]
        assert all(reasons), f"{question['id']}: say why the right answer is right"
