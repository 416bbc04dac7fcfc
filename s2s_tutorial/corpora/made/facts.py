"""``facts``: who took what and went where; a question that needs two of these facts."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator
from typing import NamedTuple

from s2s_tutorial.base.value_checks import check_flag, check_whole
from s2s_tutorial.corpora.made.making import draw_distinct, pick, seeded_draw
from s2s_tutorial.text.pairs import Pair, ParallelCorpus

PEOPLE = ("anna", "marco", "luca", "sara")
THINGS = ("ball", "apple", "book", "key")
PLACES = ("kitchen", "garden", "office", "attic", "hall", "cellar")
GOING = ("went to", "walked to", "moved to")
TAKING = ("took", "picked up", "grabbed")


class Story(NamedTuple):
    """What is drawn.

    Attributes:
        facts: ``(who, verb, what)`` each; ``what`` is a place or a thing.
        thing: what is asked for.
    """

    facts: tuple[tuple[str, str, str], ...]
    thing: str


def make_facts(
    split: str,
    *,
    size: int | None = None,
    seed: int = 0,
    min_facts: int = 4,
    max_facts: int = 8,
    chain: bool = False,
) -> ParallelCorpus:
    """Stories of a few facts and the question where a thing is (in the way of bAbI, task 2).

    *anna took the ball . anna went to the garden . where is the ball ?* A thing is where the one
    who took it went last, before or after taking it. So two facts answer, and others, of other
    people, other things and earlier journeys, stand between them.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.
        min_facts: the fewest facts of a story, 2 at least.
        max_facts: the most.
        chain: whether the answer says who has the thing before it says where: *anna garden*.

    Returns:
        Pairs of story and question, and the answer. The alignment links the person to the words of
        the fact that tells who took the thing, and the place to those of the fact that tells where
        the person went; without ``chain`` the place to both.

    Raises:
        TypeError: if a number is not whole, or ``chain`` no flag.
        ValueError: if a number is out of range.
    """
    size, rng = seeded_draw("facts", split, size, seed)
    min_facts = check_whole("min_facts", min_facts, at_least=2)
    max_facts = check_whole("max_facts", max_facts, at_least=min_facts)
    check_flag("chain", chain)

    def draw() -> Story:
        return _draw(rng, min_facts + int(rng.random() * (max_facts - min_facts + 1)))

    drawn = draw_distinct(
        rng,
        split,
        size,
        most=len(_facts()) ** max_facts * len(THINGS),
        draw=draw,
        every=lambda: _every(min_facts, max_facts),
        source=write_story,
    )
    pairs = (Pair(src, *_answer(story, chain)) for story, src in drawn)
    return ParallelCorpus(pairs, "facts", split)


def write_story(story: Story) -> tuple[str, ...]:
    """The tokens of a story and its question.

    >>> " ".join(write_story(Story((("anna", "took", "ball"), ("anna", "went to", "hall")), "ball")))
    'anna took the ball . anna went to the hall . where is the ball ?'
    """
    told = [f"{who} {verb} the {what} ." for who, verb, what in story.facts]
    return tuple(" ".join([*told, f"where is the {story.thing} ?"]).split())


def supporting_facts(story: Story) -> tuple[int, int] | None:
    """The numbers of the two facts that answer, who took it and where they went; None if none do.

    >>> supporting_facts(Story((("anna", "went to", "hall"), ("anna", "took", "ball")), "ball"))
    (1, 0)
    """
    taken = [k for k, (_, _, what) in enumerate(story.facts) if what == story.thing]
    if len(taken) != 1:
        return None
    who = story.facts[taken[0]][0]
    gone = [k for k, (name, verb, _) in enumerate(story.facts) if name == who and verb in GOING]
    return (taken[0], gone[-1]) if gone else None


def _answer(story: Story, chain: bool) -> tuple[tuple[str, ...], frozenset[tuple[int, int]]]:
    """The answer, and the links to the facts that support it."""
    lengths = [len(f"{who} {verb} the {what} .".split()) for who, verb, what in story.facts]
    starts = [sum(lengths[:k]) for k in range(len(lengths))]
    took, went = supporting_facts(story)
    words = {k: range(starts[k], starts[k] + lengths[k]) for k in (took, went)}
    person, place = story.facts[took][0], story.facts[went][2]
    last = 1 if chain else 0
    links = {(j, 0) for j in words[took]} | {(j, last) for j in words[went]}
    return ((person, place) if chain else (place,)), frozenset(links)


def _draw(rng: random.Random, length: int) -> Story:
    while True:
        free, facts = list(THINGS), []
        for _ in range(length):
            if free and rng.random() < 0.4:
                thing = free.pop(int(rng.random() * len(free)))
                facts.append((pick(rng, PEOPLE), pick(rng, TAKING), thing))
            else:
                facts.append((pick(rng, PEOPLE), pick(rng, GOING), pick(rng, PLACES)))
        story = Story(tuple(facts), pick(rng, THINGS))
        if supporting_facts(story):
            return story


def _facts() -> list[tuple[str, str, str]]:
    going, taking = (
        itertools.product(PEOPLE, verbs, what)
        for verbs, what in ((GOING, PLACES), (TAKING, THINGS))
    )
    return [*going, *taking]


def _every(min_facts: int, max_facts: int) -> Iterator[Story]:
    for length in range(min_facts, max_facts + 1):
        for facts in itertools.product(_facts(), repeat=length):
            things = [what for _, _, what in facts if what in THINGS]
            if len(things) == len(set(things)):
                stories = (Story(facts, thing) for thing in THINGS)
                yield from filter(supporting_facts, stories)
