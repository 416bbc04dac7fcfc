"""The interactive figures where a kernel runs: ipywidgets whose picture is drawn anew at every step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import ipywidgets


def player(
    draw: Callable[[str, int], str], steps: Mapping[str, int], seconds: float, counted: str
) -> ipywidgets.VBox:
    """Play, a slider, and the picture of the current step; a list before them if there are several.

    Args:
        draw: from a name and a step to the picture as HTML.
        steps: the number of steps by name.
        seconds: how long a step stands while playing.
        counted: what the slider counts.

    Returns:
        A box of controls above the picture.
    """
    import ipywidgets as widgets

    choice = widgets.Dropdown(options=list(steps), description="show")
    play = widgets.Play(min=0, max=steps[choice.value], interval=round(1000 * seconds))
    slider = widgets.IntSlider(min=0, max=play.max, description=counted)
    widgets.jslink((play, "value"), (slider, "value"))
    picture = widgets.HTML(layout=widgets.Layout(width="100%"))

    def redraw(change: dict | None = None) -> None:
        play.max = slider.max = steps[choice.value]
        picture.value = draw(choice.value, slider.value)

    redraw()
    slider.observe(redraw, names="value")
    choice.observe(redraw, names="value")
    listed = [choice] if len(steps) > 1 else []
    return widgets.VBox([widgets.HBox([*listed, play, slider]), picture])
