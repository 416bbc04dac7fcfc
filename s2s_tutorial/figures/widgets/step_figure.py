"""A figure the reader steps through: one drawing whose pieces appear one event at a time."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element

from s2s_tutorial.figures.widgets import shell
from s2s_tutorial.figures.widgets.kernel import player
from s2s_tutorial.figures.widgets.svg import at_step, element, read_drawing, to_html, to_svg

if TYPE_CHECKING:
    import ipywidgets


class StepFigure:
    """A drawing with captions, to be read one step at a time.

    Elements of the drawing that carry ``data-step="k"`` appear at step ``k`` and are marked while it
    is the current one; elements without it are always there. Step 0 is the whole picture, which is
    also what stands where scripts do not run. As the last expression of a cell the figure shows
    itself, the same on the book's site, in Colab, JupyterLab and VS Code: one self-contained
    ``<div>`` that asks no host for anything and depends on nothing but its content.

    Args:
        drawing: SVG markup, or an element; see :mod:`s2s_tutorial.figures.widgets.svg.shapes`.
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
        drawing: Element | str,
        captions: Sequence[str],
        *,
        title: str,
        overview: str,
        compact: Element | str | None = None,
        interval: float = 4.0,
    ) -> None:
        if isinstance(captions, str) or not all(isinstance(words, str) for words in captions):
            raise TypeError("captions must be a list of strings, one for each step")
        if not captions:
            raise ValueError("captions are empty: a figure to step through needs at least one step")
        self.captions = (overview, *captions)
        self.title = title
        self.interval = interval
        self._drawings = {
            name: read_drawing(name, given, self.steps)
            for name, given in (("wide", drawing), ("compact", compact))
            if given is not None
        }

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
        shell.check_step_number(step, self.steps)
        drawings = self._drawings
        return to_svg(
            at_step(drawings.get("compact" if compact else "wide", drawings["wide"]), step)
        )

    def _repr_html_(self) -> str:
        return to_html(self._live())

    def _live(
        self,
        *below: Element,
        above: Sequence[Element] = (),
        listed: Sequence[Element] = (),
        more_captions: Sequence[str] = (),
        kind: str = "",
        sheets: Sequence[str] = (),
        scripts: Sequence[str] = (),
    ) -> Element:
        """The figure with its controls; the arguments are what a figure of its own kind adds.

        Args:
            *below: what stands between drawing and controls.
            above: before the drawing.
            listed: below the steps in words.
            more_captions: what its scripts may write in place of a caption.
            kind: further classes.
            sheets: further style sheets.
            scripts: further scripts.
        """
        words = [element("li", caption) for caption in self.captions[1:]]
        return shell.figure(
            self.title,
            *above,
            shell.scroll(
                shell.image(self._drawings["wide"], alt=self.title), shell.live(self._drawings)
            ),
            *below,
            element("p", "Run this cell to step through the figure.", class_="s2s-still"),
            shell.bar(self.steps, self.captions[0], [*self.captions, *more_captions]),
            shell.folded(f"All {self.steps} steps in words", element("ol", *words)),
            *listed,
            kind=kind,
            sheet=shell.style_sheet(*sheets),
            own={"": self._drawings},
            code=shell.script("player.js", "step_figure.js", *scripts),
            data_interval=1000 * self.interval,
        )

    def widget(self) -> ipywidgets.VBox:
        """The figure as a Jupyter widget: play, a slider, and the picture of the current step.

        It needs a running kernel (JupyterLab, Colab, VS Code), which draws every step anew.

        Returns:
            A box of controls above the picture.
        """
        return player(lambda _, step: self._still(step), {"": self.steps}, self.interval, "step")

    def _still(self, step: int) -> str:
        drawings = {name: at_step(made, step) for name, made in self._drawings.items()}
        return shell.still_html(self.title, drawings, self.captions, step)
