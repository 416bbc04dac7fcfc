"""Curves: the course of a training run, and a mean over seeds with its interval."""

from __future__ import annotations

import math
from typing import Any

import matplotlib.pyplot as plt
import numpy as np
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from s2s_tutorial.figures.plotting.arrays import to_array
from s2s_tutorial.figures.style import COLORS


def plot_history(history: Any, ax: Axes | None = None, *, smooth: int = 20) -> Axes:
    """Training and validation loss against the number of updates.

    Args:
        history: what :func:`s2s_tutorial.training.loop.fit` returns; anything with ``batch_loss``,
            ``evaluated_at`` and ``valid_loss`` (lists of numbers) will do.
        ax: axes to draw into; a new figure if ``None``.
        smooth: the training curve is a running mean over so many updates; the single batches stand
            behind it, faint.

    Returns:
        The axes.

    Raises:
        TypeError: if ``history`` lacks one of the three lists.
        ValueError: if no update was made, or the two validation lists differ in length.

    Example:
        >>> run = s2s.History(batch_loss=[3.0, 2.0, 1.5], evaluated_at=[1, 3], valid_loss=[2.9, 1.9])
        >>> ax = plot_history(run)
        >>> ax.get_ylabel(), [name.get_text() for name in ax.get_legend().get_texts()]
        ('loss per token (nats)', ['training', 'validation'])
        >>> plt.close(ax.figure)
    """
    lists = []
    for name in ("batch_loss", "evaluated_at", "valid_loss"):
        if not hasattr(history, name):
            raise TypeError(f"history must be what fit returns, but {history!r} has no {name}")
        lists.append(np.asarray(getattr(history, name), dtype=np.float64))
    batch_loss, evaluated_at, valid_loss = lists
    if len(batch_loss) == 0:
        raise ValueError("history holds no update: was the model trained?")
    if len(evaluated_at) != len(valid_loss):
        raise ValueError(
            f"history has {len(evaluated_at)} evaluation steps but {len(valid_loss)} losses"
        )
    if ax is None:
        _, ax = plt.subplots()
    steps = np.arange(1, len(batch_loss) + 1)
    plain = {"marker": "None", "linestyle": "-"}
    ax.plot(steps, batch_loss, color=COLORS["token"], alpha=0.3, linewidth=0.8, **plain)
    running = _running_mean(batch_loss, smooth)
    ax.plot(steps, running, color=COLORS["token"], label="training", **plain)
    if len(valid_loss):
        style = {"color": COLORS["decoder"], "linestyle": "--", "marker": "s"}
        ax.plot(evaluated_at, valid_loss, label="validation", **style)
    ax.set_xlabel("updates")
    ax.set_ylabel("loss per token (nats)")
    ax.set_ylim(bottom=0.0)
    ax.grid(axis="y")
    ax.legend()
    return ax


def _running_mean(values: np.ndarray, width: int) -> np.ndarray:
    """Mean of each value and the up to ``width - 1`` before it."""
    sums = np.concatenate(([0.0], np.cumsum(values)))
    end = np.arange(1, len(values) + 1)
    start = np.maximum(0, end - max(1, width))
    return (sums[end] - sums[start]) / (end - start)


def mean_interval(runs: Any) -> tuple[np.ndarray, np.ndarray]:
    r"""Mean over seeds, and half the width of its 95 % interval.

    .. math:: \bar y \pm t_{0.975,\,n-1}\, \frac{s}{\sqrt n}

    with the standard deviation :math:`s` of the :math:`n` seeds and Student's t, which is wide for few
    seeds as it must be.

    Args:
        runs: ``(n_seeds, n_x)``, one row a seed.

    Returns:
        The mean and the half-width, both ``(n_x,)``; the half-width of a single seed is NaN.

    Raises:
        TypeError: if the runs are no numbers or differ in length.
        ValueError: if it is not a non-empty table.

    Example:
        >>> mean, half = mean_interval([[1.0, 5.0], [3.0, 5.0]])  # two seeds
        >>> mean.tolist(), half.round(2).tolist()
        ([2.0, 5.0], [12.71, 0.0])
    """
    runs = to_array("runs", runs, "(n_seeds, n_x)")
    seeds = len(runs)
    if seeds == 1:
        return runs[0], np.full(runs.shape[1], np.nan)
    from scipy import stats

    t = stats.t.ppf(0.975, seeds - 1)
    return runs.mean(axis=0), t * runs.std(axis=0, ddof=1) / math.sqrt(seeds)


def plot_with_interval(
    x: Any,
    runs: Any,
    label: str | None = None,
    ax: Axes | None = None,
    *,
    log: bool = False,
    bounds: tuple[float, float] | None = None,
    **line: Any,
) -> Axes:
    """A mean over seeds as a line, and its 95 % t-interval as a band.

    Args:
        x: ``(n_x,)``, what was varied.
        runs: ``(n_seeds, n_x)``, what was measured, one row a seed. One row draws no band.
        label: name of the line in the legend.
        ax: axes to draw into; a new figure if ``None``.
        log: for quantities over several powers of ten: a logarithmic y axis, the mean and interval
            those of the logarithm (a geometric mean).
        bounds: values that cannot occur lie outside; the band is cut there, ``(0, 1)`` for a share.
        **line: passed on to ``ax.plot``, such as ``color=COLORS["encoder"]``.

    Returns:
        The axes.

    Raises:
        TypeError: if the numbers are no numbers or the runs differ in length.
        ValueError: if ``x`` and ``runs`` do not fit, or ``log`` meets a number that is not positive.

    Example:
        >>> ax = plot_with_interval([1, 2, 3], [[5.0, 4.0, 3.0], [7.0, 6.0, 5.0]], label="GRU")
        >>> ax.lines[0].get_ydata().tolist(), len(ax.collections)  # the mean; one band
        ([6.0, 5.0, 4.0], 1)
        >>> plt.close(ax.figure)
    """
    x, runs = _fitting(x, runs)
    if log and not (runs > 0).all():
        raise ValueError(f"log=True needs positive numbers, but the smallest is {runs.min()}")
    if ax is None:
        _, ax = plt.subplots()
    mean, half = mean_interval(np.log(runs) if log else runs)
    low, high = mean - half, mean + half
    if log:
        mean, low, high = np.exp(mean), np.exp(low), np.exp(high)
        ax.set_yscale("log")
    if bounds is not None:
        low, high = low.clip(*bounds), high.clip(*bounds)
    (drawn,) = ax.plot(x, mean, label=label, **line)
    if len(runs) > 1:
        ax.fill_between(x, low, high, color=drawn.get_color(), alpha=0.18, linewidth=0)
    return _finished(ax, x, label)


def plot_seeds(
    x: Any, runs: Any, label: str | None = None, ax: Axes | None = None, **line: Any
) -> Axes:
    """A mean over seeds as a line, and each seed as a dot.

    For few runs of a share: an interval of three numbers between 0 and 1 would leave that range,
    and hides what three dots show.

    Args:
        x: ``(n_x,)``, what was varied.
        runs: ``(n_seeds, n_x)``, what was measured, one row a seed.
        label: name of the line in the legend.
        ax: axes to draw into; a new figure if ``None``.
        **line: passed on to ``ax.plot``, such as ``color=COLORS["encoder"]``.

    Returns:
        The axes.

    Raises:
        TypeError: if the numbers are no numbers or the runs differ in length.
        ValueError: if ``x`` and ``runs`` do not fit.

    Example:
        >>> ax = plot_seeds([1, 2], [[0.9, 0.4], [1.0, 0.6], [0.8, 0.5]], label="GRU")
        >>> ax.lines[0].get_ydata().round(2).tolist(), len(ax.collections[0].get_offsets())
        ([0.9, 0.5], 6)
        >>> plt.close(ax.figure)
    """
    x, runs = _fitting(x, runs)
    if ax is None:
        _, ax = plt.subplots()
    (drawn,) = ax.plot(x, runs.mean(axis=0), label=label, **{"marker": "None"} | line)
    each = np.tile(x, len(runs)), runs.ravel()
    ax.scatter(*each, color=drawn.get_color(), alpha=0.55, s=14, linewidth=0, zorder=3)
    return _finished(ax, x, label)


def _fitting(x: Any, runs: Any) -> tuple[np.ndarray, np.ndarray]:
    x = to_array("x", x, "(n_x,)")
    runs = to_array("runs", runs, "(n_seeds, n_x)")
    if runs.shape[1] != len(x):
        raise ValueError(
            f"runs must have shape (n_seeds, n_x) with n_x = {len(x)} as x has, "
            f"but its shape is {runs.shape}"
        )
    return x, runs


def _finished(ax: Axes, x: np.ndarray, label: str | None) -> Axes:
    if (x == np.round(x)).all():
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y", visible=True)
    if label is not None:
        ax.legend()
    return ax
