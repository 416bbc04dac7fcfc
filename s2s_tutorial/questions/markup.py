"""A question as HTML: one ``<div>`` with all it needs, the same on every run.

jupyterquiz (2.9) was tried first and keeps its format here. What it draws does not serve a book: ids
drawn at random, so that stored outputs never compare; everything made by a script of 40 kB in each
cell, so that without scripts, on paper and in an untrusted notebook nothing is left; texts put in
unescaped; no group, legend or status for those who listen; no questions of order.
"""

from __future__ import annotations

import hashlib
import re
from functools import cache
from importlib.resources import files
from typing import Any
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.style import CSS
from s2s_tutorial.figures.widgets.svg import element, to_html

HOW = {
    "multiple_choice": "Choose one.",
    "many_choice": "Choose all that are right.",
    "numeric": "Write a number.",
    "order": "Give each its place.",
}
"""What the reader is asked to do, by type of question."""

# `code`, *stressed*, h_{j}, d^{2}
_MARKS = re.compile(r"`([^`]+)`|(?<!\w)\*([^*\s][^*]*)\*(?!\w)|_\{([^}]+)\}|\^\{([^}]+)\}")
_TAGS = ("code", "em", "sub", "sup")


@cache
def _asset(name: str) -> str:
    return files("s2s_tutorial.questions").joinpath(name).read_text(encoding="utf-8").strip()


def shown_order(question: dict[str, Any]) -> list[dict[str, Any]]:
    """The choices as they are shown: shuffled, the same way every time; none for a number."""
    if question["type"] == "numeric":
        return []

    def drawn(answer: dict[str, Any]) -> str:
        text = question["id"] + answer.get("answer", "") + answer.get("code", "")
        return hashlib.sha256(text.encode()).hexdigest()

    shown = sorted(question["answers"], key=drawn)
    if question["type"] == "order" and shown == question["answers"]:
        shown.reverse()
    return shown


def question_html(question: dict[str, Any], of: int) -> str:
    """The whole box.

    Args:
        question: as :func:`read_questions` returns it.
        of: how many questions its chapter has.

    Returns:
        One ``<div>``: choices, and a fold with the answers, from which its script judges.
    """
    name = f"s2s-q-{question['id']}"
    shown = shown_order(question)
    summary = element("summary", *_inline(question["question"]), id=name)
    box = element(
        "div",
        element("style", CSS.replace(".s2s-figure", ".s2s-question") + _asset("questions.css")),
        element(
            "details",
            summary,
            *_listing(question),
            element(
                "fieldset",
                element("legend", HOW[question["type"]], id=f"{name}-how"),
                *_choices(question, name, shown),
                aria_labelledby=f"{name} {name}-how",
            ),
            element("button", "Check", type="button", class_="s2s-q-check", hidden="hidden"),
            element("div", role="status", class_="s2s-q-said"),
            element("p", class_="s2s-q-progress", hidden="hidden"),
            _answers(question, shown),
        ),
        element("script", _asset("questions.js")),
        class_="s2s-question",
        data_question=question["id"],
        data_type=question["type"],
        data_of=of,
        data_lm_suppress_shortcuts="true",
    )
    return to_html(box)


def _inline(text: str) -> list[Element | str]:
    """Text with its marks as elements; everything else stays text, and is escaped."""
    pieces: list[Element | str] = []
    done = 0
    for match in _MARKS.finditer(text):
        kind = match.lastindex or 1
        pieces += [text[done : match.start()], element(_TAGS[kind - 1], match[kind])]
        done = match.end()
    return [*pieces, text[done:]]


def _listing(holder: dict[str, Any]) -> list[Element]:
    if "code" not in holder:
        return []
    return [element("pre", element("code", holder["code"]), tabindex=0, class_="s2s-q-code")]


def _words(answer: dict[str, Any]) -> list[Element | str]:
    """What a choice says; code of several lines keeps them."""
    said = _inline(answer["answer"]) if "answer" in answer else []
    code = [element("code", answer["code"], class_="s2s-q-line")] if "code" in answer else []
    return [*said, *code]


def _choices(question: dict[str, Any], name: str, shown: list[dict[str, Any]]) -> list[Element]:
    if question["type"] == "numeric":
        field = element("input", type="text", inputmode="decimal", autocomplete="off", size=8)
        return [element("label", element("span", "Your number"), field)]
    if question["type"] == "order":
        return [
            element("label", _places(len(shown)), element("span", *_words(answer)))
            for answer in shown
        ]
    kind = "radio" if question["type"] == "multiple_choice" else "checkbox"
    return [
        element(
            "label",
            element("input", type=kind, name=name, value=number),
            element("span", *_words(answer)),
        )
        for number, answer in enumerate(shown)
    ]


def _places(count: int) -> Element:
    places = [element("option", str(place), value=place) for place in range(1, count + 1)]
    return element("select", element("option", "–", value=""), *places)


def _answers(question: dict[str, Any], shown: list[dict[str, Any]]) -> Element:
    """The answers with their reasons; those of an order stand in it."""
    ordered = question["type"] == "order"
    listed = question["answers"] if ordered or not shown else shown
    rows = [_answer(question["type"], answer, shown) for answer in listed]
    return element(
        "details",
        element("summary", "Answers, with reasons"),
        element("ol" if ordered else "ul", *rows),
        class_="s2s-q-answers",
    )


def _answer(kind: str, answer: dict[str, Any], shown: list[dict[str, Any]]) -> Element:
    reason = element("span", *_inline(answer.get("feedback", "")), class_="s2s-q-why")
    if kind == "order":
        early = [" (Too early: ", reason, ")"] if answer.get("feedback") else [reason]
        return element("li", *_words(answer), *early, data_item=shown.index(answer))
    right = answer.get("correct") is True
    judged = element("strong", "Right" if right else "Wrong")
    said = _words(answer) if shown else [_number_words(answer)]
    ends = _ends(answer) if kind == "numeric" else {}
    return element(
        "li", judged, ": ", *said, " ", reason, data_correct="true" if right else "false", **ends
    )


def _number_words(answer: dict[str, Any]) -> str:
    if answer["type"] == "default":
        return "any other number."
    if answer["type"] == "value":
        return f"{answer['value']}."
    return "from {} to {}.".format(*answer["range"])


def _ends(answer: dict[str, Any]) -> dict[str, str]:
    """From where to where a number is this one, with room for the last digits of a float."""
    if answer["type"] == "default":
        return {}
    low, high = answer["range"] if answer["type"] == "range" else [answer["value"]] * 2
    room = 1e-9 * max(1.0, abs(low), abs(high))
    return {"data_low": repr(low - room), "data_high": repr(high + room)}
