"""A figure the reader steps through: one drawing whose pieces appear one event at a time."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from typing import TYPE_CHECKING

from s2s_tutorial.figures.style import COLORS
from s2s_tutorial.figures.widgets.markup import live_html, still_html

if TYPE_CHECKING:
    import ipywidgets

ET.register_namespace("", "http://www.w3.org/2000/svg")


class StepFigure:
    """A drawing with captions, to be read one step at a time.

    Elements of the drawing that carry ``data-step="k"`` appear at step ``k`` and are marked while it
    is the current one; elements without it are always there. Step 0 is the whole picture, which is
    also what stands where scripts do not run. As the last expression of a cell the figure shows
    itself, the same on the book's site, in Colab, JupyterLab and VS Code: one self-contained
    ``<div>`` that asks no host for anything and depends on nothing but its content.

    Args:
        drawing: SVG markup; see :mod:`s2s_tutorial.figures.widgets.svg.shapes`.
        captions: one plain text a step, ``captions[0]`` for step 1.
        title: heading of the figure.
        overview: the caption of step 0, the whole picture.
        compact: a second drawing of the same steps, shown where the first does not fit (phones).
        interval: seconds between steps while playing.

    Raises:
        TypeError: if ``captions`` is a plain string, or a caption is not a string.
        ValueError: if a drawing is not well-formed SVG, there are no captions, or a ``data-step``
            is no number from 1 to the number of captions.

    Example:
        >>> svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 7 5"><g data-step="2"/></svg>'
        >>> figure = StepFigure(svg, ["Read.", "Write."], title="Two steps", overview="Both.")
        >>> figure.steps, ["opacity" in figure.svg(step) for step in (0, 1, 2)]  # faint until its turn
        (2, [False, True, False])
    """

    def __init__(
        self,
        drawing: str,
        captions: Sequence[str],
        *,
        title: str,
        overview: str,
        compact: str | None = None,
        interval: float = 4.0,
    ) -> None:
        if isinstance(captions, str) or not all(isinstance(words, str) for words in captions):
            raise TypeError("captions must be a list of strings, one for each step")
        if not captions:
            raise ValueError("captions are empty: a figure to step through needs at least one step")
        self.captions = (overview, *captions)
        self.title = title
        self.interval = interval
        self._drawings = {"wide": drawing}
        if compact is not None:
            self._drawings["compact"] = compact
        for name, markup in self._drawings.items():
            _check_steps(name, markup, len(captions))
        self._widths = {name: _width(markup) for name, markup in self._drawings.items()}

    @property
    def steps(self) -> int:
        """Number of steps, the whole picture (step 0) not counted."""
        return len(self.captions) - 1

    def svg(self, step: int = 0, *, compact: bool = False) -> str:
        """The drawing as it stands at one step, a picture that needs no script and no style sheet.

        Args:
            step: 0 for the whole picture, or 1 to ``steps``.
            compact: take the drawing for small screens, if there is one.

        Returns:
            SVG markup.

        Raises:
            IndexError: if there is no such step.
        """
        if not 0 <= step <= self.steps:
            raise IndexError(
                f"this figure has the steps 0 to {self.steps}, but step {step} was asked"
            )
        markup = self._drawings.get("compact" if compact else "wide", self._drawings["wide"])
        root = ET.fromstring(markup)
        for part in root.iter():
            at = int(part.get("data-step", 0))
            if step and at > step:
                part.set("opacity", "0.1")
            elif step and at == step:
                _mark(part)
        return ET.tostring(root, encoding="unicode")

    def _repr_html_(self) -> str:
        return live_html(self.title, self._drawings, self._widths, self.captions, self.interval)

    def widget(self) -> ipywidgets.VBox:
        """The figure as a Jupyter widget: play, a slider, and the picture of the current step.

        It needs a running kernel (JupyterLab, Colab, VS Code), which draws every step anew.

        Returns:
            A box of controls above the picture.
        """
        import ipywidgets as widgets

        play = widgets.Play(min=0, max=self.steps, interval=round(1000 * self.interval))
        slider = widgets.IntSlider(min=0, max=self.steps, description="step")
        widgets.jslink((play, "value"), (slider, "value"))
        picture = widgets.HTML(self._still(0), layout=widgets.Layout(width="100%"))

        def redraw(change: dict) -> None:
            picture.value = self._still(change["new"])

        slider.observe(redraw, names="value")
        return widgets.VBox([widgets.HBox([play, slider]), picture])

    def _still(self, step: int) -> str:
        drawings = {name: self.svg(step, compact=name == "compact") for name in self._drawings}
        return still_html(self.title, drawings, self._widths, self.captions, step)


def _check_steps(name: str, markup: str, steps: int) -> None:
    try:
        root = ET.fromstring(markup)
    except ET.ParseError as error:
        raise ValueError(f"the {name} drawing is not well-formed SVG: {error}") from error
    if not root.tag.endswith("}svg") or root.get("viewBox") is None:
        raise ValueError(f"the {name} drawing must be one <svg> element with a viewBox")
    for part in root.iter():
        at = part.get("data-step")
        if at is not None and not (at.isdecimal() and 1 <= int(at) <= steps):
            raise ValueError(
                f'the {name} drawing has data-step="{at}", but there are captions for the steps '
                f"1 to {steps}"
            )


def _width(markup: str) -> float:
    return float(ET.fromstring(markup).get("viewBox").split()[2])


def _mark(part: ET.Element) -> None:
    """Draw the frames and arrows of a part in the colour for the thing to look at now."""
    for element in part.iter():
        kind = element.get("class", "")
        if kind in ("s2s-frame", "s2s-line"):
            element.set("stroke", COLORS["now"])
            element.set("stroke-width", "2.4")
        elif kind == "s2s-head":
            element.set("fill", COLORS["now"])
