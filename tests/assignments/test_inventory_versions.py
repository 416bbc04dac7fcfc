"""Two versions: the same concepts, nothing on the surface in common, and neither easier by any rule that can be checked."""

from __future__ import annotations

import re
from collections import Counter
from random import Random

import pytest

from assignments.inventory.concepts import CONCEPTS
from assignments.inventory.versions import (
    LETTERS,
    VERSIONS,
    draw_versions,
    right_letter,
    right_places,
    shuffled,
)
from assignments.inventory.words import to_html, to_plain

SECRETS = [f"autumn-2027 {number:032x}" for number in range(40)]
BY_ID = {f"concepts-{concept.name}": concept for concept in CONCEPTS}


def right(question: dict) -> str:
    return next(each["answer"] for each in question["answers"] if each["correct"])


def misconceptions(question: dict) -> set[str]:
    return {each["misconception"] for each in question["answers"] if not each["correct"]}


def form(text: str) -> str:
    """A text with every digit, letter and word alike."""
    return re.sub(r"[A-Za-z]+", "a", re.sub(r"\d", "0", text))


@pytest.fixture(scope="module", params=SECRETS[:12], ids=lambda secret: secret[-2:])
def versions(request) -> dict[str, list[dict]]:
    return draw_versions(request.param)


def test_eighteen_items_each_concept_once(versions):
    assert list(versions) == list(VERSIONS)
    for questions in versions.values():
        assert {each["id"] for each in questions} == set(BY_ID) and len(questions) == 18


def test_number_n_of_both_is_one_concept_with_the_same_choices_in_kind(versions):
    for one, other in zip(*versions.values()):
        assert one["id"] == other["id"]
        assert misconceptions(one) == misconceptions(other)
        for question in (one, other):
            assert len(question["answers"]) == 4
            assert [each["correct"] for each in question["answers"]].count(True) == 1


def test_no_surface_is_shared(versions):
    for one, other in zip(*versions.values()):
        concept = BY_ID[one["id"]]
        found = [surface_of(concept, question) for question in (one, other)]
        assert concept.apart(*found), concept.name
        assert one["question"] != other["question"]


def surface_of(concept, question: dict) -> dict:
    """The one surface of a concept that its question was made of."""
    (found,) = [
        surface
        for surface in concept.surfaces
        if concept.item(surface, range(4))["question"] == question["question"]
    ]
    return found


def test_neither_is_longer_nor_has_answers_of_another_form(versions):
    for one, other in zip(*versions.values()):
        words = [len(to_plain(each["question"]).split()) for each in (one, other)]
        assert abs(words[0] - words[1]) <= 6, one["id"]
        assert form(right(one)) == form(right(other)), one["id"]


def test_right_answers_stand_at_every_place(versions):
    for questions in versions.values():
        letters = [right_letter(each) for each in questions]
        assert sorted(Counter(letters).values()) == [4, 4, 5, 5]
        assert set(letters) == set(LETTERS)
        assert all(len({*three}) > 1 for three in zip(letters, letters[1:], letters[2:]))


def test_every_choice_comes_to_stand_at_every_place():
    seen = Counter()
    for secret in SECRETS:
        for questions in draw_versions(secret).values():
            for question in questions:
                for letter, each in zip(LETTERS, question["answers"]):
                    seen[each.get("misconception", question["id"]), letter] += 1
    assert len(seen) == 18 * 4 * 4


def test_the_same_secret_gives_the_same_and_another_gives_another():
    assert draw_versions(SECRETS[0]) == draw_versions(SECRETS[0])
    drawn = [draw_versions(secret)["A"] for secret in SECRETS]
    assert len({tuple(each["id"] for each in questions) for questions in drawn}) == len(SECRETS)
    keys = {"".join(map(right_letter, questions)) for questions in drawn}
    assert len(keys) == len(SECRETS)


def test_a_secret_is_more_than_its_name():
    assert draw_versions("autumn-2027 " + 32 * "0") != draw_versions(
        "autumn-2027 " + 31 * "0" + "1"
    )


@pytest.mark.parametrize("items", [4, 7, 18])
def test_places_are_as_even_as_can_be(items):
    counts = Counter(right_places(Random(items), items))
    assert max(counts.values()) - min(counts.values()) <= 1 and sum(counts.values()) == items


def test_shuffling_keeps_everything_and_draws_every_order():
    rng = Random(1)
    orders = {tuple(shuffled(rng, "abc")) for _ in range(200)}
    assert len(orders) == 6


def test_what_a_text_marks_becomes_html_and_all_else_is_escaped():
    assert to_html("e_{ij} < *a & b* `x_1 * <pad>`, y_{3}") == (
        "e<sub>ij</sub> &lt; <em>a &amp; b</em> <code>x_1 * &lt;pad&gt;</code>, y<sub>3</sub>"
    )
    assert to_plain("e_{ij} < *a & b* `x_1 * <pad>`") == "eij < a & b x_1 * <pad>"
