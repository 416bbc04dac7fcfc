"""The right answers of the inventory are right: computed by the package, for every surface of every item."""

from __future__ import annotations

import json
import re
from collections import Counter
from itertools import combinations

import pytest
import torch
from inventory_answers import COMPUTED, numbers
from places import ROOT

from assignments.inventory.concepts import CONCEPTS
from assignments.inventory.words import same_words, to_plain

BY_NAME = {concept.name: concept for concept in CONCEPTS}


def answered(concept, surface) -> str:
    """The right choice as it is read."""
    return to_plain(concept.item(surface, range(4))["answers"][0]["answer"])


def test_all_answers_are_computed_but_one():
    assert set(BY_NAME) - set(COMPUTED) == {"explanation"}  # what a weight shows is no number


@pytest.mark.parametrize("name", COMPUTED)
def test_the_right_answer_is_what_the_package_computes(name):
    concept = BY_NAME[name]
    for surface in concept.surfaces:
        assert answered(concept, surface) == COMPUTED[name](surface), surface


def test_the_wrong_weights_are_what_each_mistake_computes():
    concept = BY_NAME["masked-weights"]
    for surface in concept.surfaces:
        *words, padding = (surface[name] for name in ("first", "second", "third", "padding"))
        everything = torch.tensor([*words, padding], dtype=torch.float64)
        found = {
            "padding-gets-weight": everything / everything.sum(),
            "mask-after-softmax": torch.tensor([*words, 0.0]) / everything.sum(),
            "zero-score-is-no-weight": torch.tensor([*words, 1.0]) / (sum(words) + 1),
        }
        for misconception, weights in found.items():
            text = concept.item(surface, range(4))["answers"][
                1 + list(concept.wrong).index(misconception)
            ]["answer"]
            torch.testing.assert_close(
                torch.tensor([*map(float, numbers(text))]), weights, check_dtype=False
            )


@pytest.mark.parametrize("concept", CONCEPTS, ids=lambda concept: concept.name)
class TestEveryConcept:
    def test_choices_differ_on_every_surface(self, concept):
        for surface in concept.surfaces:
            choices = concept.item(surface, range(4))["answers"]
            assert len({same_words(each["answer"]) for each in choices}) == 4, surface
            assert [each["correct"] for each in choices] == [True, False, False, False]

    def test_every_wrong_choice_is_a_misconception_with_its_belief(self, concept):
        assert len(concept.wrong) == 3
        for name, wrong in concept.wrong.items():
            assert re.fullmatch(r"[a-z]+(-[a-z]+)+", name), name
            assert wrong.belief.endswith("."), name

    def test_no_choice_stands_on_others(self, concept):
        texts = " ".join([concept.right, *(wrong.choice for wrong in concept.wrong.values())])
        assert not re.search(r"\b(all|none) of the (above|others)\b", texts.lower())

    def test_every_surface_has_another_apart(self, concept):
        pairs = [p for p in combinations(concept.surfaces, 2) if concept.apart(*p)]
        assert len(pairs) >= 10
        assert len({id(each) for pair in pairs for each in pair}) == len(concept.surfaces)

    def test_the_section_is_there(self, concept):
        number, heading = concept.section.split(", ", 1)
        (path,) = (ROOT / "chapters").glob(f"{int(number):02}_*.ipynb")
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        lines = [line for cell in cells for line in "".join(cell["source"]).split("\n")]
        assert heading in [line.lstrip("# ") for line in lines if line.startswith("##")]


def test_eighteen_concepts_most_of_them_from_the_first_seven_chapters():
    assert len(CONCEPTS) == len(BY_NAME) == 18
    chapters = Counter(int(concept.section.split(",")[0]) for concept in CONCEPTS)
    assert sum(chapters[n] for n in range(1, 8)) >= 14 and all(chapters[n] for n in range(1, 8))
    names = Counter(name for concept in CONCEPTS for name in concept.wrong)
    assert [name for name, count in names.items() if count > 1] == []


def test_the_longest_choice_is_no_hint():
    longest = Counter()
    for concept in CONCEPTS:
        for surface in concept.surfaces:
            sizes = [len(to_plain(e["answer"])) for e in concept.item(surface, range(4))["answers"]]
            longest[concept.name] += (sizes[0] > max(sizes[1:])) / len(concept.surfaces)
    assert sum(longest.values()) <= 18 / 4 + 1, longest
