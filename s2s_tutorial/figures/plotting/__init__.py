"""Figures of the book: arrays and tokens in, matplotlib axes out, never a model.

Every function draws into ``ax`` (a new figure if it is ``None``) and returns the axes, so that the caller
can combine figures, title them and save them. Call :func:`s2s_tutorial.figures.style.use_style` once before.
"""

from s2s_tutorial.figures.plotting.curves import (
    mean_interval,
    plot_history,
    plot_seeds,
    plot_with_interval,
)
from s2s_tutorial.figures.plotting.grids import plot_attention, plot_padding
from s2s_tutorial.figures.plotting.states import plot_states

__all__ = [
    "mean_interval",
    "plot_attention",
    "plot_history",
    "plot_padding",
    "plot_seeds",
    "plot_states",
    "plot_with_interval",
]
