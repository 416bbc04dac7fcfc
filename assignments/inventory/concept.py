"""What a concept of the inventory is, and how an item is made of it.

A concept has one text for both versions, with slots (``$name``), and many *surfaces*: what the slots can hold. So two items
on one concept have the same sentences, the same four choices in kind, and the same steps to an answer. What a surface
changes are numbers, letters and words. An item is a question of the book's own format (jupyterquiz's JSON, with ``id`` and
``misconception``).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from string import Template

SLOT = r"\$(\w+)"
CHAPTERS = Path(__file__).resolve().parents[2] / "chapters"


@dataclass(frozen=True)
class Wrong:
    """A wrong choice.

    Attributes:
        choice: its text, with slots.
        belief: what one would have to believe to choose it, for the key.
    """

    choice: str
    belief: str


@dataclass(frozen=True)
class Concept:
    """One concept: what it says, where the book mends it, the text of its items and their surfaces.

    Attributes:
        name: in lower-case words with dashes.
        says: the concept in a sentence.
        section: the chapter's number and the heading that mends it, such as ``"3, What the mask is for"``.
        stem: the question, with slots.
        right: the right choice, with slots.
        wrong: three wrong choices by the name of their misconception.
        surfaces: what the slots can hold, all of them.
    """

    name: str
    says: str
    section: str
    stem: str
    right: str
    wrong: Mapping[str, Wrong]
    surfaces: Sequence[Mapping[str, object]]

    @property
    def shown(self) -> set[str]:
        """The slots that the question itself shows."""
        return set(re.findall(SLOT, self.stem))

    def link(self) -> str:
        """The section as a link of the book, from the folder ``book/``."""
        number, heading = self.section.split(", ", 1)
        file = next(CHAPTERS.glob(f"{int(number):02}_*.ipynb")).name
        anchor = re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-")
        return f"[chapter {self.section}](../chapters/{file}#{anchor})"

    def apart(self, one: Mapping[str, object], other: Mapping[str, object]) -> bool:
        """Whether two surfaces have nothing in common: no slot of the question shows the same twice, nor does the answer."""
        slots = self.shown | set(re.findall(SLOT, self.right))
        return all(one[slot] != other[slot] for slot in slots)

    def item(self, surface: Mapping[str, object], order: Sequence[int]) -> dict:
        """A question made of one surface.

        Args:
            surface: what the slots hold.
            order: where each choice comes to stand, the right one first: a permutation of 0 to 3.
        """

        def filled(text: str) -> str:
            return Template(text).substitute(surface)

        choices = [{"answer": filled(self.right), "correct": True}]
        for misconception, wrong in self.wrong.items():
            choice = {"answer": filled(wrong.choice), "correct": False, "feedback": wrong.belief}
            choices.append(choice | {"misconception": misconception})
        answers = [choices[order.index(place)] for place in range(len(choices))]
        return {
            "id": f"concepts-{self.name}",
            "question": filled(self.stem),
            "type": "multiple_choice",
            "answers": answers,
        }


def over(numerators: Iterable[int], denominator: int) -> str:
    """Fractions over one denominator as they are written in a line; zero is 0.

    >>> over([2, 1, 0], 3)
    '2/3, 1/3, 0'
    """
    return ", ".join(f"{each}/{denominator}" if each else "0" for each in numerators)


def number(value: Fraction | float) -> str:
    """A number as one writes it by hand.

    >>> number(Fraction(5, 2)), number(Fraction(3)), number(0.81)
    ('2.5', '3', '0.81')
    """
    return f"{float(value):.10g}"


def pair(values: Iterable[Fraction | float]) -> str:
    """A vector.

    >>> pair([Fraction(5, 2), 3])
    '(2.5, 3)'
    """
    return f"({', '.join(map(number, values))})"
