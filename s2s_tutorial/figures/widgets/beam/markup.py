"""The HTML of a :class:`~s2s_tutorial.figures.widgets.beam.tree.BeamTree`: a list of lists, laid out by CSS.

With style sheet and script it opens and closes; with the style sheet alone all of it is open; with
neither it is a nested list, each item with its sign, token and numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.widgets import shell
from s2s_tutorial.figures.widgets.svg import element, short, shown, to_html

SIGNS = {"kept": "→", "finished": "✓", "dropped": "✗"}
_COLUMN = 95  # CSS pixels
_FIT = 6  # columns; if so many do not fit, the tree is an outline, and if more do not, it scrolls
_START = "Choose a node to read about it; choose it again to open or close what follows."


class Card(NamedTuple):
    """What is drawn of one node.

    Attributes:
        parent: where its parent stands in the list; None for the root.
        words: the prefix that it ends, its own token last.
        step: after how many tokens it stands; 0 for the root.
        place: 1 for the most probable candidate of its step.
        candidates: how many nodes its step has.
        log_prob: of the whole prefix.
        here: of its own token.
        fate: as in :class:`s2s_tutorial.SearchNode`.
        score: of a finished translation, else None.
        among: its place among all finished ones and their number, else None.
        best: whether it lies on the way to the best.
    """

    parent: int | None
    words: list[str]
    step: int
    place: int
    candidates: int
    log_prob: float
    here: float
    fate: str
    score: float | None
    among: tuple[int, int] | None
    best: bool

    @property
    def caption(self) -> str:
        """The node in words."""
        if self.step == 0:
            return f"The start, “{shown(self.words[0])}”: nothing is written yet."
        chance = short(math.exp(self.here))
        prefix = " ".join(shown(word) for word in self.words)
        found = (
            f"Step {self.step}, candidate {self.place} of {self.candidates}: “{prefix}”, "
            f"p = {chance} here, log p = {signed(self.log_prob)} so far. "
        )
        if self.fate == "finished":
            place, number = self.among
            rank = "the best" if place == 1 else f"number {place}"
            return f"{found}Finished: score {signed(self.score)}, {rank} of {number}."
        if self.fate == "dropped":
            return f"{found}Dropped: the beam was full of better ones."
        return f"{found}Kept: the search goes on from here."


def signed(value: float) -> str:
    """Two decimals and a proper minus sign; zero has none."""
    text = f"{abs(value):.2f}"
    return f"−{text}" if value < 0 and text != "0.00" else text


def live_html(title: str, cards: Sequence[Card]) -> str:
    """The tree with its controls and script.

    Args:
        title: heading of the figure.
        cards: its nodes, parents before children.

    Returns:
        One ``<div>`` whose id depends on the content alone.
    """
    box = element("input", type="checkbox", class_="s2s-beam-dropped", checked="")
    controls = element(
        "div",
        element("button", "Best path", type="button", class_="s2s-beam-way"),
        element("button", "Open all", type="button", class_="s2s-beam-all"),
        element("label", box, " what was dropped"),
        class_="s2s-beam-controls",
        style=shell.HIDDEN,
    )
    return _figure(title, cards, "s2s-beam", [controls], _START, shell.script("beam/tree.js"))


def still_html(title: str, cards: Sequence[Card], dropped: bool) -> str:
    """The whole tree, with or without what was dropped, without controls or script."""
    return _figure(title, cards, "s2s-beam" if dropped else "s2s-beam s2s-no-dropped", [], "", "")


def _figure(
    title: str, cards: Sequence[Card], kind: str, controls: list[Element], start: str, code: str
) -> str:
    tree = element("ul", _item(cards, 0, _children(cards)), class_="s2s-tree")
    columns = min(_FIT, 1 + max(card.step for card in cards))
    outline = shell.asset("beam/outline.css").replace(".s2s-beam", "THIS")
    figure = shell.figure(
        title,
        *controls,
        shell.scroll(tree, label="Search tree"),
        element("p", start, class_="s2s-beam-caption"),
        _key(),
        kind=kind,
        sheet=shell.style_sheet("beam/tree.css"),
        rules=f"@container (max-width:{_COLUMN * columns}px){{{outline}}}",
        code=code,
    )
    return to_html(figure)


def _key() -> Element:
    signs = [element("b", sign) for sign in SIGNS.values()]
    words = " kept ", " finished, with its score ", " dropped. "
    told = [piece for pair in zip(signs, words) for piece in pair]
    end = "The number at each token: log p of everything up to it."
    return element("p", *told, end, class_="s2s-beam-key")


def _children(cards: Sequence[Card]) -> list[list[int]]:
    """Of each node its children: those that lived first, then by probability."""
    below: list[list[int]] = [[] for _ in cards]
    for k, card in enumerate(cards):
        if card.parent is not None:
            below[card.parent].append(k)
    for found in below:
        found.sort(key=lambda k: (cards[k].fate == "dropped", -cards[k].log_prob))
    return below


def _item(cards: Sequence[Card], k: int, below: list[list[int]]) -> Element:
    card = cards[k]
    sign = element("b", SIGNS[card.fate] if card.step else "", class_="s2s-sign")
    drawn = [element("span", sign, f" {shown(card.words[-1])}", dir="auto"), " "]
    if card.step:
        score = (
            []
            if card.score is None
            else [" ", element("b", signed(card.score), class_="s2s-score")]
        )
        drawn.append(element("i", signed(card.log_prob), *score))
    inner = [_item(cards, child, below) for child in below[k]]
    return element(
        "li",
        element("span", *drawn, class_="s2s-card", data_below=len(inner)),
        *([element("ul", *inner)] if inner else []),
        class_=f"s2s-node s2s-{card.fate}" + (" s2s-best" if card.best else ""),
        data_caption=card.caption,
    )
