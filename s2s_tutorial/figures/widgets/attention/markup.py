"""The HTML around the drawings of an :class:`~s2s_tutorial.figures.widgets.AttentionExplorer`.

It shows in the same ways as a :class:`~s2s_tutorial.figures.widgets.StepFigure` (see
:mod:`s2s_tutorial.figures.widgets.markup`), and takes its controls and style from there. Where neither
style sheet nor script nor SVG is left, the first example's picture and every table remain.
"""

from __future__ import annotations

import base64
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Mapping, Sequence

from s2s_tutorial.figures.style import CSS
from s2s_tutorial.figures.widgets.attention.drawing import Example, drawings, short, shown
from s2s_tutorial.figures.widgets.markup import (
    HIDDEN,
    asset,
    caption_markup,
    controls_markup,
    digest_of,
    pictures_markup,
    size_rules,
)
from s2s_tutorial.figures.widgets.svg.text import escape

_TOP = 3  # source words named in a caption
_PACE = 1600  # milliseconds for a target word while playing


def style_sheet() -> str:
    """The rules that every explorer on a page shares."""
    return "\n".join([CSS, asset("step_figure.css"), asset("attention/explorer.css")])


def script() -> str:
    """The script that brings every explorer above it to life."""
    return asset("attention/explorer.js")


def captions(example: Example) -> list[str]:
    """What is to be seen at each step, in words; the first for the whole."""
    whole = "Every link at once. Choose a target word to see its weights."
    return [
        whole,
        *(_looks(token, example, row) for token, row in zip(example.tgt, example.weights)),
    ]


def _looks(token: str, example: Example, row) -> str:
    order = sorted(range(len(row)), key=lambda j: -row[j])[:_TOP]
    seen = ", ".join(f"{_quoted(example.src[j])} {short(row[j])}" for j in order if row[j] >= 0.005)
    return f"{_quoted(token)} looks at {seen or 'nothing'}."


def _quoted(token: str) -> str:
    """A token in quotation marks; one written from the right must not turn the words around it."""
    turned = any(unicodedata.bidirectional(character) in ("R", "AL") for character in token)
    return f"“\u2068{shown(token)}\u2069”" if turned else f"“{shown(token)}”"


def live_html(title: str, examples: Mapping[str, Example], *, alone: bool = True) -> str:
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
    inside = (
        (f'<div class="s2s-title">{escape(title)}</div>' if title else "")
        + _select(list(examples))
        + "".join(
            _example(k, name, examples[name], still=alone and k == 0)
            for k, name in enumerate(examples)
        )
        + controls_markup(len(first.tgt))
        + caption_markup([captions(first)[0], max(every, key=len)], 0)
        + _tables(examples)
    )
    digest = digest_of(title + inside)
    rules = []
    for k, example in enumerate(examples.values()):
        this = f".s2s-figure.s2s-{digest} .s2s-example-{k}"
        rules += size_rules(this, widths_of(drawings(example)))
    sheet = "\n".join([style_sheet(), *rules] if alone else rules)
    label = escape(title or "Attention")
    return (
        f'<div id="s2s-{digest}" class="s2s-figure s2s-attention s2s-{digest}" role="group" '
        f'aria-label="{label}" data-pace="{_PACE}" data-lm-suppress-shortcuts="true">'
        f"<style>{sheet}</style>{inside}"
        + (f"<script>{script()}</script></div>" if alone else "</div>")
    )


def still_html(title: str, example: Example, step: int) -> str:
    """The figure at one step, without controls or script."""
    pictures = drawings(example, step)
    words = captions(example)
    inside = (
        f'<div class="s2s-title">{escape(title)}</div>'
        f'<div class="s2s-scroll" tabindex="0" role="region" aria-label="Drawing">'
        f"{pictures_markup(pictures)}</div>" + caption_markup([words[step], max(words, key=len)], 0)
    )
    digest = digest_of(title + inside)
    rules = size_rules(f".s2s-figure.s2s-{digest}", widths_of(pictures))
    sheet = "\n".join([style_sheet(), *rules])
    return f'<div class="s2s-figure s2s-{digest}"><style>{sheet}</style>{inside}</div>'


def widths_of(pictures: Mapping[str, str]) -> dict[str, float]:
    """The natural width of each drawing in CSS pixels."""
    return {
        name: float(ET.fromstring(markup).get("viewBox").split()[2])
        for name, markup in pictures.items()
    }


def _select(names: Sequence[str]) -> str:
    if len(names) == 1:
        return ""
    options = "".join(f'<option value="{k}">{escape(n)}</option>' for k, n in enumerate(names))
    return (
        f'<label class="s2s-choose" {HIDDEN}>Show <select class="s2s-example-choice">{options}'
        "</select></label>"
    )


def _example(k: int, name: str, example: Example, still: bool) -> str:
    """One example's drawing; the script shows one at a time, without it the first stands."""
    picture = ""
    if still:
        alt = f"{name}: attention from “{' '.join(example.tgt)}” to “{' '.join(example.src)}”"
        content = base64.b64encode(drawings(example, 0)["wide"].encode()).decode()
        picture = (
            f'<img class="s2s-still" alt="{escape(alt)}" src="data:image/svg+xml;base64,{content}">'
        )
    return (
        f'<div class="s2s-example s2s-example-{k}"{" hidden" if k else ""}>'
        '<div class="s2s-scroll" tabindex="0" role="region" aria-label="Drawing">'
        f'{picture}<div class="s2s-live" {HIDDEN}>{pictures_markup(drawings(example))}</div>'
        "</div></div>"
    )


def _tables(examples: Mapping[str, Example]) -> str:
    several = len(examples) > 1
    tables = "".join(_table(name if several else "", ex) for name, ex in examples.items())
    return (
        '<details class="s2s-step-list s2s-numbers"><summary>All weights as a table</summary>'
        f"{tables}</details>"
    )


def _table(name: str, example: Example) -> str:
    head = "".join(
        f'<th scope="col" dir="auto">{escape(shown(token))}</th>' for token in example.src
    )
    rows = "".join(
        f'<tr data-caption="{escape(words)}"><th scope="row" dir="auto">{escape(shown(token))}</th>'
        + "".join(f"<td>{short(weight)}</td>" for weight in row)
        + "</tr>"
        for words, token, row in zip(captions(example)[1:], example.tgt, example.weights)
    )
    title = f"<caption>{escape(name)}</caption>" if name else ""
    return (
        f'<div class="s2s-table"><table>{title}<thead><tr><td></td>{head}</tr></thead>'
        f"<tbody>{rows}</tbody></table></div>"
    )
