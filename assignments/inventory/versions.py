"""Two versions of the inventory, drawn from a course's secret.

Version A and version B have the same concepts in the same order, each with another surface. What the secret draws is the
order of the concepts, the two surfaces of each, and where the right answer stands: at each of the four places in four or
five of the eighteen items, in both versions, and never at one place in three items running.
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from assignments.inventory.concept import Concept
from assignments.inventory.concepts import CONCEPTS

VERSIONS = ("A", "B")
LETTERS = "ABCD"


def shuffled(rng: Random, given: Sequence) -> list:
    """The same things in an order that is drawn; by hand, so that it is alike in every Python."""
    drawn = list(given)
    for last in range(len(drawn) - 1, 0, -1):
        other = rng.randrange(last + 1)
        drawn[last], drawn[other] = drawn[other], drawn[last]
    return drawn


def right_places(rng: Random, items: int) -> list[int]:
    """Where the right answer stands in each item, as evenly as it goes and never three times running.

    >>> from random import Random
    >>> places = right_places(Random(1), 18)
    >>> sorted(places.count(place) for place in range(4))
    [4, 4, 5, 5]
    """
    every = shuffled(rng, range(len(LETTERS)))
    while True:
        places = shuffled(rng, [every[n % len(LETTERS)] for n in range(items)])
        if all(len({*three}) > 1 for three in zip(places, places[1:], places[2:])):
            return places


def two_surfaces(rng: Random, concept: Concept) -> list[dict]:
    """Two surfaces of a concept that have nothing in common."""
    while True:
        one, other = shuffled(rng, concept.surfaces)[:2]
        if concept.apart(one, other):
            return [dict(one), dict(other)]


def draw_versions(drawn_from: str, concepts: Sequence[Concept] = CONCEPTS) -> dict[str, list[dict]]:
    """The questions of both versions, in the order of their numbers.

    Args:
        drawn_from: the course's name and secret, see ``assignments/tooling/secret.py``.
        concepts: what is asked.

    Returns:
        For ``"A"`` and ``"B"`` the questions in the book's own format (see :meth:`Concept.item`); number n of both is about
        the same concept.
    """
    rng = Random(f"{drawn_from} inventory")
    asked = shuffled(rng, concepts)
    surfaces = [two_surfaces(rng, concept) for concept in asked]
    versions = {}
    for which, version in enumerate(VERSIONS):
        questions = []
        for concept, both, right in zip(asked, surfaces, right_places(rng, len(asked))):
            others = shuffled(rng, [place for place in range(len(LETTERS)) if place != right])
            questions.append(concept.item(both[which], [right, *others]))
        versions[version] = questions
    return versions


def right_letter(question: dict) -> str:
    """The letter of the right answer."""
    return LETTERS[[each["correct"] for each in question["answers"]].index(True)]
