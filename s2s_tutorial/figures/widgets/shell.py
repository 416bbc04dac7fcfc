"""What the interactive figures have in common: the HTML around their drawings, controls and captions.

A figure is one ``<div>`` that holds all it needs. It shows in four ways:

* style sheet and script (the site, Colab, VS Code, Lab after a run): drawing, controls, captions;
* style sheet without script: the whole drawing with the caption of step 0;
* neither (Lab opening a notebook it does not trust takes both away, and SVG too): an ``<img>`` of the
  whole drawing, which the style sheet hides otherwise;
* as an ipywidget: the drawing of one step, without controls of its own (:mod:`kernel`).

Text takes the colour around it and colours of quantities are mixed with it, so that light and dark need
no rules of their own.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.style import CSS
from s2s_tutorial.figures.widgets.svg import element, natural_width, to_html, to_svg

# Lab keeps style attributes where it drops the style sheet: what must not show then is hidden by one,
# and the style sheet brings it back.
HIDDEN = "display:none"

Drawings = Mapping[str, Element]
"""The drawings of one figure, ``"wide"`` and perhaps ``"compact"``: the room decides which one shows."""

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


def style_sheet(*names: str) -> str:
    """The colours, the rules of every figure, and the style sheets of one kind."""
    return "\n".join([CSS, *map(asset, ("step_figure.css", *names))])


def script(*names: str) -> str:
    """Scripts that lie beside this module as one, which leaves no names behind in the page."""
    return "\n".join(["(function () {", *map(asset, names), "})();"])


def figure(
    title: str,
    *inside: Element,
    kind: str = "",
    sheet: str = "",
    own: Mapping[str, Drawings] | None = None,
    rules: str = "",
    code: str = "",
    **attributes: str | float,
) -> Element:
    """A whole figure.

    Args:
        title: its heading; empty for none.
        *inside: what stands below the heading.
        kind: further classes.
        sheet: the rules it shares with others.
        own: its drawings, by where in the figure they are, for the rules of their sizes.
        rules: more rules of its own, with ``THIS`` for the figure.
        code: its script; none if empty.
        **attributes: further attributes.

    Returns:
        One ``<div>`` whose id depends on the content alone.
    """
    content = [element("div", title, class_="s2s-title"), *inside] if title else list(inside)
    hashed = hashlib.sha256((title + kind + to_html(*content)).encode())
    name = f"s2s-{hashed.hexdigest()[:12]}"
    # .s2s-figure again, to be stronger than the shared rules of any figure on the page
    this = f".s2s-figure.{name}"
    sizes = [rule for at, drawings in (own or {}).items() for rule in _sizes(this + at, drawings)]
    css = "\n".join(filter(None, [sheet, *sizes, rules.replace("THIS", this)]))
    return element(
        "div",
        element("style", css),
        *content,
        *([element("script", code)] if code else []),
        id=name,
        class_=" ".join(["s2s-figure", *kind.split(), name]),
        role="group",
        **{"aria_label": title, "data_lm_suppress_shortcuts": "true", **attributes},
    )


def _sizes(this: str, drawings: Drawings) -> list[str]:
    """From which widths on which of the drawings inside ``this`` shows.

    Below 0.84 of the natural size text would be too small to read: the drawing scrolls instead.
    """
    rules = []
    for name, drawing in drawings.items():
        width = natural_width(drawing)
        size = f"width:100%;min-width:{round(0.84 * width)}px;max-width:{round(1.06 * width)}px"
        rules.append(f"{this} .s2s-{name} svg{{{size}}}")
    if "compact" in drawings:
        rules.append(
            f"@container (max-width:{round(0.84 * natural_width(drawings['wide']))}px)"
            f"{{{this} .s2s-wide{{display:none}}{this} .s2s-compact{{display:block}}}}"
        )
    return rules


def scroll(*inside: Element, label: str = "Drawing") -> Element:
    """A region that scrolls where what stands in it is too wide."""
    return element("div", *inside, class_="s2s-scroll", tabindex=0, role="region", aria_label=label)


def pictures(drawings: Drawings) -> list[Element]:
    """The drawings, of which one shows."""
    return [element("div", made, class_=f"s2s-{name}") for name, made in drawings.items()]


def live(drawings: Drawings) -> Element:
    """The drawings where there is a style sheet."""
    return element("div", *pictures(drawings), class_="s2s-live", style=HIDDEN)


def image(drawing: Element, alt: str) -> Element:
    """The picture for where style sheet, script and SVG are taken away."""
    content = base64.b64encode(to_svg(drawing).encode()).decode()
    return element("img", class_="s2s-still", alt=alt, src=f"data:image/svg+xml;base64,{content}")


def caption(words: str, every: Sequence[str]) -> Element:
    """The caption, and unseen behind it the longest one: the height stays the same at every step."""
    longest = max(every, key=len)
    return element(
        "div",
        element("p", words, class_="s2s-step-caption", aria_live="polite"),
        element("p", longest, class_="s2s-measure", aria_hidden="true", style=HIDDEN),
        class_="s2s-captions",
    )


def controls(steps: int) -> Element:
    """Buttons, slider and count; the script shows them."""
    slider = {"type": "range", "min": 0, "max": steps, "value": 0, "aria_label": "Step"}
    return element(
        "div",
        _button("prev", "Previous step", "prev"),
        _button("play", "Play", "play", "pause"),
        _button("next", "Next step", "next"),
        element("input", class_="s2s-step-range", **slider),
        element("span", "all", class_="s2s-count", aria_hidden="true"),
        class_="s2s-controls",
        style=HIDDEN,
    )


def bar(steps: int, words: str, every: Sequence[str]) -> Element:
    """Controls and caption, which stay in sight while a tall drawing is stepped through."""
    return element("div", controls(steps), caption(words, every), class_="s2s-bar")


def _button(name: str, label: str, *icons: str) -> Element:
    drawn = [
        element(
            "svg",
            element("path", d=_ICONS[icon]),
            class_=f"s2s-icon-{icon}",
            viewBox="0 0 16 16",
            aria_hidden="true",
        )  # fmt: skip
        for icon in icons
    ]
    return element("button", *drawn, type="button", class_=f"s2s-step-{name}", aria_label=label)


def folded(summary: str, *inside: Element, kind: str = "") -> Element:
    """What stands below the figure in words or numbers, folded."""
    classes = " ".join(["s2s-step-list", *kind.split()])
    return element("details", element("summary", summary), *inside, class_=classes)


def still_html(title: str, drawings: Drawings, captions: Sequence[str], step: int) -> str:
    """A figure at one step, without controls or script."""
    words = caption(captions[step], captions)
    sheet = style_sheet()
    inside = scroll(*pictures(drawings)), words
    return to_html(figure(title, *inside, sheet=sheet, own={"": drawings}))


def check_step_number(step: int, steps: int) -> None:
    """IndexError unless a figure of so many steps has this one; 0 is the whole."""
    if not 0 <= step <= steps:
        raise IndexError(f"this figure has the steps 0 to {steps}, but step {step} was asked")
