"""The HTML around the drawings of an :class:`~s2s_tutorial.figures.widgets.AttentionExplorer`.

It shows in the same ways as a :class:`~s2s_tutorial.figures.widgets.StepFigure` (see
:mod:`s2s_tutorial.figures.widgets.shell`). Where neither style sheet nor script nor SVG is left, the
first example's picture and every table remain.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from xml.etree.ElementTree import Element

import numpy as np

from s2s_tutorial.figures.widgets import shell
from s2s_tutorial.figures.widgets.attention.drawing import Example, drawings
from s2s_tutorial.figures.widgets.svg import element, short, shown, to_html

PACE = 1.6  # seconds for a target word while playing
_TOP = 3  # source words named in a caption


def html_page(title: str, style: str, *inside: Element) -> str:
    """A whole page that holds explorers and asks no host for anything.

    Args:
        title: its title.
        style: rules of its own.
        *inside: what its body holds, with explorers made by :func:`live_figure`, ``alone=False``.
    """
    sizes = "width=device-width, initial-scale=1"
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("meta", name="viewport", content=sizes),
        element("title", title),
        element("style", style + _style_sheet()),
    )
    body = element("body", *inside, element("script", _script()))
    return f"<!doctype html>\n{to_html(element('html', head, body, lang='mul'))}\n"


def _style_sheet() -> str:
    return shell.style_sheet("attention/explorer.css")


def _script() -> str:
    return shell.script("player.js", "attention/explorer.js")


def captions(example: Example) -> list[str]:
    """What is to be seen at each step, in words; the first for the whole."""
    whole = "Every link at once. Choose a target word to see its weights."
    return [
        whole,
        *(_looks(token, example, row) for token, row in zip(example.tgt, example.weights)),
    ]


def _looks(token: str, example: Example, row: np.ndarray) -> str:
    order = sorted(range(len(row)), key=lambda j: -row[j])[:_TOP]
    seen = ", ".join(f"{_quoted(example.src[j])} {short(row[j])}" for j in order if row[j] >= 0.005)
    return f"{_quoted(token)} looks at {seen or 'nothing'}."


def _quoted(token: str) -> str:
    """A token in quotation marks; one written from the right must not turn the words around it."""
    turned = any(unicodedata.bidirectional(character) in ("R", "AL") for character in token)
    return f"“\u2068{shown(token)}\u2069”" if turned else f"“{shown(token)}”"


def live_figure(title: str, examples: Mapping[str, Example], *, alone: bool = True) -> Element:
    """The explorer with its controls.

    Args:
        title: heading of the figure.
        examples: the examples by name.
        alone: bring style sheet, script, and a picture for where both are taken away; a page of
            many figures has style sheet and script once.

    Returns:
        One ``<div>`` whose id depends on the content alone.
    """
    first = next(iter(examples.values()))
    every = [words for example in examples.values() for words in captions(example)]
    drawn = {f" .s2s-example-{k}": drawings(each) for k, each in enumerate(examples.values())}
    inside = [
        *_select(examples),
        *(
            _example(k, name, examples[name], pictures, still=alone and k == 0)
            for k, (name, pictures) in enumerate(zip(examples, drawn.values()))
        ),
        shell.bar(len(first.tgt), every[0], every),
        shell.folded("All weights as a table", *_tables(examples), kind="s2s-numbers"),
    ]
    return shell.figure(
        title,
        *inside,
        kind="s2s-attention",
        sheet=_style_sheet() if alone else "",
        own=drawn,
        code=_script() if alone else "",
        aria_label=title or "Attention",
        data_pace=1000 * PACE,
    )


def still_html(title: str, example: Example, step: int) -> str:
    """The figure at one step, without controls or script."""
    return shell.still_html(title, drawings(example, step), captions(example), step)


def _select(names: Mapping[str, Example]) -> list[Element]:
    """The list to choose from, if there is something to choose."""
    options = [element("option", name, value=str(k)) for k, name in enumerate(names)]
    choice = element("select", *options, class_="s2s-example-choice")
    label = element("label", "Show ", choice, class_="s2s-choose", style=shell.HIDDEN)
    return [label] if len(options) > 1 else []


def _example(k: int, name: str, example: Example, pictures: shell.Drawings, still: bool) -> Element:
    """One example's drawing; the script shows one at a time, without it the first stands."""
    alt = f"{name}: attention from “{' '.join(example.tgt)}” to “{' '.join(example.src)}”"
    image = [shell.image(drawings(example, 0)["wide"], alt)] if still else []
    region = shell.scroll(*image, shell.live(pictures))
    hidden = "" if k else None
    return element("div", region, class_=f"s2s-example s2s-example-{k}", hidden=hidden)


def _tables(examples: Mapping[str, Example]) -> list[Element]:
    return [_table(name if len(examples) > 1 else "", each) for name, each in examples.items()]


def _table(name: str, example: Example) -> Element:
    def head(token: str, scope: str) -> Element:
        return element("th", shown(token), scope=scope, dir="auto")

    title = [element("caption", name)] if name else []
    columns = element("tr", element("td"), *(head(token, "col") for token in example.src))
    rows = [
        element(
            "tr",
            head(token, "row"),
            *(element("td", short(weight)) for weight in row),
            data_caption=words,
        )  # fmt: skip
        for words, token, row in zip(captions(example)[1:], example.tgt, example.weights)
    ]
    table = element("table", *title, element("thead", columns), element("tbody", *rows))
    return element("div", table, class_="s2s-table")
