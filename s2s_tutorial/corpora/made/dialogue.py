"""``dialogue``: a table is booked turn by turn; what the system says next."""

from __future__ import annotations

import itertools
import random
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from s2s_tutorial.corpora.made.making import draw_distinct, pick, seeded_draw
from s2s_tutorial.text.pairs import Pair, ParallelCorpus

USER, SYSTEM = "user:", "system:"
# Of each slot its values, and below how the user says one and how the system asks for it.
VALUES = {
    "people": ("two", "three", "four", "six", "seven", "eight", "nine"),
    "city": ("turin", "rome", "milan", "naples", "genoa", "verona"),
    "day": ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday"),
    "time": ("six", "seven", "eight", "nine"),
}
SLOTS = tuple(VALUES)
SAYING = {
    "people": ("we are {}", "a table for {}", "for {} people"),
    "city": ("in {}", "somewhere in {}", "we will be in {}"),
    "day": ("on {}", "for {} evening", "this {}"),
    "time": ("at {}", "not before {}", "around {}"),
}
ASKING = {
    "people": "for how many ?",
    "city": "in which city ?",
    "day": "on which day ?",
    "time": "at what time ?",
}
OPENINGS = ("hello", "good morning", "i want to book")
CHANGES = ("no , rather", "sorry , i meant", "make that")


class Turn(NamedTuple):
    """One turn of the user: the slots filled, in this order, and how each is said.

    Attributes:
        opening: what comes first: a greeting, a change of mind, or nothing.
        said: ``(slot, value, way)`` each.
    """

    opening: str
    said: tuple[tuple[str, str, str], ...]


def make_dialogue(split: str, *, size: int | None = None, seed: int = 0) -> ParallelCorpus:
    """The history of a dialogue that books a table, and what the system makes of it.

    A user says what they want, one or two slots a turn, in any order, and now and then thinks
    better of one: the last value counts. A number may be one of people or of the clock. The target
    is all that is known, slot by slot in a fixed order, and then the system's next turn: it asks
    for the first slot that is missing, or books (as in Lei et al., 2018). The history has its
    spoken turns alone. Each pair is one dialogue, cut after a turn of the user.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.

    Returns:
        Pairs of the history, its turns marked ``user:`` and ``system:``, and the known slots with
        the system's turn. The alignment links each value to where the user said it last.

    Raises:
        TypeError: if an option is not a whole number.
        ValueError: if the split is unknown or the size below 1.
    """
    size, rng = seeded_draw("dialogue", split, size, seed)
    drawn = draw_distinct(
        rng, split, size, 10**9, lambda: _draw(rng), _every, lambda turns: told_so_far(turns)[0]
    )
    pairs = []
    for turns, src in drawn:
        places = told_so_far(turns)[1]
        tgt = known_and_next(turns)
        links = ((places[slot], tgt.index(slot) + 1) for slot in known_slots(turns))
        pairs.append(Pair(src, tgt, frozenset(links)))
    return ParallelCorpus(pairs, "dialogue", split)


def known_slots(turns: tuple[Turn, ...]) -> dict[str, str]:
    """The value of each slot that is filled after these turns of the user; the last one counts.

    >>> known_slots((Turn("", (("day", "friday", "on {}"),)), Turn("", (("day", "monday", "on {}"),))))
    {'day': 'monday'}
    """
    said = {slot: value for turn in turns for slot, value, _ in turn.said}
    return {slot: said[slot] for slot in SLOTS if slot in said}


def next_turn(turns: tuple[Turn, ...]) -> str:
    """What the system says after these turns of the user: it asks for what is missing, or books."""
    known = known_slots(turns)
    return next((ASKING[slot] for slot in SLOTS if slot not in known), "booked")


def known_and_next(turns: tuple[Turn, ...]) -> tuple[str, ...]:
    """The known slots after these turns of the user, and what the system says.

    >>> " ".join(known_and_next((Turn("hello", (("city", "rome", "in {}"),)),)))
    'city rome ; for how many ?'
    """
    told = [f"{slot} {value} ;" for slot, value in known_slots(turns).items()]
    return tuple(" ".join([*told, next_turn(turns)]).split())


def slots_of(tokens: Sequence[str]) -> list[tuple[str, str]]:
    """The slots and values that a target names, as ``(slot, value)``.

    >>> slots_of("people two ; city rome ; on which day ?".split())
    [('people', 'two'), ('city', 'rome')]
    """
    pairs = zip(tokens, tokens[1:])
    return [(slot, value) for slot, value in pairs if value in VALUES.get(slot, ())]


def told_so_far(turns: tuple[Turn, ...]) -> tuple[tuple[str, ...], dict[str, int]]:
    """The tokens of a history, and of each slot where its value was said last.

    >>> tokens, places = told_so_far((Turn("hello", (("time", "nine", "at {}"),)),))
    >>> " ".join(tokens), places
    ('user: hello at nine', {'time': 3})
    """
    tokens: list[str] = []
    places: dict[str, int] = {}
    for number, turn in enumerate(turns):
        if number:
            tokens += [SYSTEM, *next_turn(turns[:number]).split()]
        tokens += [USER, *turn.opening.split()]
        for k, (slot, value, way) in enumerate(turn.said):
            tokens += ["and"] * (k > 0)
            said = way.format(value).split()
            places[slot] = len(tokens) + said.index(value)
            tokens += said
    return tuple(tokens), places


def _draw(rng: random.Random) -> tuple[Turn, ...]:
    """A dialogue up to a turn of the user's."""
    left = rng.sample(SLOTS, len(SLOTS))
    turns: list[Turn] = []
    length = 1 + int(rng.random() * 5)
    while len(turns) < length:
        known = known_slots(tuple(turns))
        changes = turns and (not left or rng.random() < 0.3)
        if changes:
            slots = [pick(rng, list(known))]
        else:
            slots = [left.pop() for _ in range(min(len(left), 1 + int(rng.random() * 2)))]
        said = []
        for slot in slots:
            values = [value for value in VALUES[slot] if value != known.get(slot)]
            said.append((slot, pick(rng, values), pick(rng, SAYING[slot])))
        opening = pick(rng, CHANGES) if changes else ("" if turns else pick(rng, OPENINGS))
        turns.append(Turn(opening, tuple(said)))
    return tuple(turns)


def _every() -> Iterator[tuple[Turn, ...]]:
    """Every dialogue of one turn with one slot: the shortest there are."""
    for opening, slot in itertools.product(OPENINGS, SLOTS):
        for value, way in itertools.product(VALUES[slot], SAYING[slot]):
            yield (Turn(opening, ((slot, value, way),)),)
