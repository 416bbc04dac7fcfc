"""The HTML around the drawings of a :class:`~s2s_tutorial.figures.widgets.step_figure.StepFigure`.

A figure is one ``<div>`` that holds all it needs. It shows in four ways:

* style sheet and script (the site, Colab, VS Code, Lab after a run): drawing, controls, captions;
* style sheet without script: the whole drawing with the caption of step 0;
* neither (Lab opening a notebook it does not trust takes both away, and SVG too): an ``<img>`` of the
  whole drawing, which the style sheet hides otherwise;
* as an ipywidget: the drawing of one step, without controls of its own.

Text takes the colour around it and colours of quantities are mixed with it, so that light and dark need
no rules of their own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files

from s2s_tutorial.figures.style import CSS
from s2s_tutorial.figures.widgets.svg.text import escape

# Lab keeps style attributes where it drops the style sheet: what must not show then is hidden by one,
# and the style sheet brings it back.
HIDDEN = 'style="display:none"'

_ICONS = {
    "prev": "M10.5 2.5L5 8l5.5 5.5",
    "play": "M4 2l9 6-9 6z",
    "pause": "M4 2h3v12H4zM9 2h3v12H9z",
    "next": "M5.5 2.5L11 8l-5.5 5.5",
}


@cache
def asset(name: str) -> str:
    """The text of a style sheet or script that lies beside this module."""
    return files("s2s_tutorial.figures.widgets").joinpath(name).read_text(encoding="utf-8").strip()


def live_html(
    title: str,
    drawings: Mapping[str, str],
    widths: Mapping[str, float],
    captions: Sequence[str],
    interval: float,
) -> str:
    """The figure with its controls and script.

    Args:
        title: heading of the figure.
        drawings: SVG markup under ``"wide"`` and, if there is one, ``"compact"``.
        widths: natural width of each drawing in CSS pixels.
        captions: one text a step, the first for the whole picture.
        interval: seconds between steps while playing.

    Returns:
        One ``<div>`` whose id depends on the content alone.
    """
    picture = base64.b64encode(drawings["wide"].encode()).decode()
    inside = (
        f'<div class="s2s-title">{escape(title)}</div>'
        '<div class="s2s-scroll" tabindex="0" role="region" aria-label="Drawing">'
        f'<img class="s2s-still" alt="{escape(title)}" '
        f'src="data:image/svg+xml;base64,{picture}">'
        f'<div class="s2s-live" {HIDDEN}>{pictures_markup(drawings)}</div></div>'
        '<p class="s2s-still">Run this cell to step through the figure.</p>'
        + controls_markup(len(captions) - 1)
        + caption_markup(captions, 0)
        + _list(captions[1:])
    )
    digest = digest_of(title + inside)
    return (
        f'<div id="s2s-{digest}" class="s2s-figure s2s-{digest}" role="group" '
        f'aria-label="{escape(title)}" data-interval="{round(1000 * interval)}" '
        f'data-lm-suppress-shortcuts="true"><style>{css_of(digest, widths)}</style>{inside}'
        f"<script>{asset('step_figure.js')}</script></div>"
    )


def still_html(
    title: str,
    drawings: Mapping[str, str],
    widths: Mapping[str, float],
    captions: Sequence[str],
    step: int,
) -> str:
    """The figure at one step, without controls or script; arguments as for :func:`live_html`."""
    inside = (
        f'<div class="s2s-title">{escape(title)}</div>'
        f'<div class="s2s-scroll" tabindex="0" role="region" aria-label="Drawing">'
        f"{pictures_markup(drawings)}</div>{caption_markup(captions, step)}"
    )
    digest = digest_of(title + inside)
    style = css_of(digest, widths)
    return f'<div class="s2s-figure s2s-{digest}"><style>{style}</style>{inside}</div>'


def digest_of(content: str) -> str:
    """The id of a figure: it depends on the content alone."""
    return hashlib.sha256(content.encode()).hexdigest()[:12]


def pictures_markup(drawings: Mapping[str, str]) -> str:
    """The drawings of one figure, of which the width of the page decides which one shows."""
    return "".join(f'<div class="s2s-{name}">{markup}</div>' for name, markup in drawings.items())


def caption_markup(captions: Sequence[str], step: int) -> str:
    """The caption, and unseen behind it the longest one: the height stays the same at every step."""
    return (
        '<div class="s2s-captions"><p class="s2s-step-caption" aria-live="polite">'
        f'{escape(captions[step])}</p><p class="s2s-measure" aria-hidden="true" {HIDDEN}>'
        f"{escape(max(captions, key=len))}</p></div>"
    )


def controls_markup(steps: int) -> str:
    """Buttons, slider and count; the script shows them."""
    return (
        f'<div class="s2s-controls" {HIDDEN}>'
        + _button("prev", "Previous step", "prev")
        + _button("play", "Play", "play", "pause")
        + _button("next", "Next step", "next")
        + f'<input type="range" class="s2s-step-range" min="0" max="{steps}" value="0" '
        'aria-label="Step"><span class="s2s-count" aria-hidden="true">all</span></div>'
    )


def _button(name: str, label: str, *icons: str) -> str:
    drawn = "".join(
        f'<svg class="s2s-icon-{icon}" viewBox="0 0 16 16" aria-hidden="true">'
        f'<path d="{_ICONS[icon]}"/></svg>'
        for icon in icons
    )
    return f'<button type="button" class="s2s-step-{name}" aria-label="{label}">{drawn}</button>'


def _list(captions: Sequence[str]) -> str:
    items = "".join(f"<li>{escape(words)}</li>" for words in captions)
    return (
        f'<details class="s2s-step-list"><summary>All {len(captions)} steps in words</summary>'
        f"<ol>{items}</ol></details>"
    )


def css_of(digest: str, widths: Mapping[str, float]) -> str:
    """The shared rules, and those of one figure's sizes."""
    # .s2s-figure again, to be stronger than the shared rules of any figure on the page
    sizes = size_rules(f".s2s-figure.s2s-{digest}", widths)
    return "\n".join([CSS, asset("step_figure.css"), *sizes])


def size_rules(this: str, widths: Mapping[str, float]) -> list[str]:
    """From which widths on which of the drawings inside ``this`` shows.

    Below 0.84 of the natural size text would be too small to read: the drawing scrolls instead.
    """
    rules = []
    for name, width in widths.items():
        size = f"width:100%;min-width:{round(0.84 * width)}px;max-width:{round(1.06 * width)}px"
        rules.append(f"{this} .s2s-{name} svg{{{size}}}")
    if "compact" in widths:
        rules.append(
            f"@container (max-width:{round(0.84 * widths['wide'])}px)"
            f"{{{this} .s2s-wide{{display:none}}{this} .s2s-compact{{display:block}}}}"
        )
    return rules
