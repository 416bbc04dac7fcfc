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
    return runs.mean(axis=0), _t975(seeds - 1) * runs.std(axis=0, ddof=1) / math.sqrt(seeds)


# Student's t, 97.5 % quantile, for 1 to 10 degrees of freedom; from there on the series below is exact
# to four digits (Abramowitz and Stegun, 26.7.5).
_T975 = (12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.4469, 2.3646, 2.3060, 2.2622, 2.2281)


def _t975(df: int) -> float:
    if df <= len(_T975):
        return _T975[df - 1]
    z = 1.959964
    terms = (
        z,
        (z**3 + z) / 4,
        (5 * z**5 + 16 * z**3 + 3 * z) / 96,
        (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / 384,
    )
    return sum(term / df**power for power, term in enumerate(terms))


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
    x = to_array("x", x, "(n_x,)")
    runs = to_array("runs", runs, "(n_seeds, n_x)")
    if runs.shape[1] != len(x):
        raise ValueError(
            f"runs must have shape (n_seeds, n_x) with n_x = {len(x)} as x has, "
            f"but its shape is {runs.shape}"
        )
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
    if (x == np.round(x)).all():
        ax.xaxis.set_major_locator(MaxNLocator(integer=True))
    ax.grid(axis="y", visible=True)
    if label is not None:
        ax.legend()
    return ax
