"""The HTML of a :class:`~s2s_tutorial.figures.widgets.beam.tree.BeamTree`: a list of lists, laid out by CSS.

With style sheet and script it opens and closes; with the style sheet alone all of it is open; with
neither it is a nested list, each item with its sign, token and numbers.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

from s2s_tutorial.figures.style import CSS
from s2s_tutorial.figures.widgets.attention.layouts import shown
from s2s_tutorial.figures.widgets.markup import HIDDEN, asset, digest_of
from s2s_tutorial.figures.widgets.svg.text import escape

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
        chance = f"{math.exp(self.here):.2f}".removeprefix("0")
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
    buttons = "".join(
        f'<button type="button" class="s2s-beam-{name}">{label}</button>'
        for name, label in (("way", "Best path"), ("all", "Open all"))
    )
    controls = (
        f'<div class="s2s-beam-controls" {HIDDEN}>{buttons}<label><input type="checkbox" '
        'class="s2s-beam-dropped" checked> what was dropped</label></div>'
    )
    script = f"<script>{asset('beam/tree.js')}</script>"
    return _figure(title, cards, "", controls, script)


def still_html(title: str, cards: Sequence[Card], dropped: bool) -> str:
    """The whole tree, with or without what was dropped, without controls or script."""
    return _figure(title, cards, "" if dropped else " s2s-no-dropped", "", "")


def _figure(title: str, cards: Sequence[Card], kind: str, controls: str, script: str) -> str:
    inside = (
        f'<div class="s2s-title">{escape(title)}</div>{controls}'
        '<div class="s2s-scroll" tabindex="0" role="region" aria-label="Search tree">'
        f'<ul class="s2s-tree">{_item(cards, 0, _children(cards))}</ul></div>'
        f'<p class="s2s-beam-caption">{_START if script else ""}</p>{_KEY}'
    )
    digest = digest_of(title + kind + inside)
    columns = min(_FIT, 1 + max(card.step for card in cards))
    this = f".s2s-figure.s2s-{digest}"
    sheet = "\n".join([CSS, asset("step_figure.css"), asset("beam/tree.css")])
    outline = asset("beam/outline.css").replace(".s2s-beam", this)
    sheet += f"\n@container (max-width:{_COLUMN * columns}px){{{outline}}}"
    return (
        f'<div id="s2s-{digest}" class="s2s-figure s2s-beam s2s-{digest}{kind}" role="group" '
        f'aria-label="{escape(title)}" data-lm-suppress-shortcuts="true"><style>{sheet}</style>'
        f"{inside}{script}</div>"
    )


_KEY = (
    '<p class="s2s-beam-key"><b>→</b> kept <b>✓</b> finished, with its score <b>✗</b> dropped. '
    "The number at each token: log p of everything up to it.</p>"
)


def _children(cards: Sequence[Card]) -> list[list[int]]:
    """Of each node its children: those that lived first, then by probability."""
    below: list[list[int]] = [[] for _ in cards]
    for k, card in enumerate(cards):
        if card.parent is not None:
            below[card.parent].append(k)
    for found in below:
        found.sort(key=lambda k: (cards[k].fate == "dropped", -cards[k].log_prob))
    return below


def _item(cards: Sequence[Card], k: int, below: list[list[int]]) -> str:
    card = cards[k]
    sign = SIGNS[card.fate] if card.step else ""
    score = "" if card.score is None else f' <b class="s2s-score">{signed(card.score)}</b>'
    numbers = f"<i>{signed(card.log_prob)}{score}</i>" if card.step else ""
    inner = "".join(_item(cards, child, below) for child in below[k])
    classes = f"s2s-node s2s-{card.fate}" + (" s2s-best" if card.best else "")
    return (
        f'<li class="{classes}" data-caption="{escape(card.caption)}"><span class="s2s-card" '
        f'data-below="{len(below[k])}"><span dir="auto"><b class="s2s-sign">{sign}</b> '
        f"{escape(shown(card.words[-1]))}</span> {numbers}</span>"
        + (f"<ul>{inner}</ul>" if inner else "")
        + "</li>"
    )
