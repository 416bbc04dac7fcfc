"""What a run tells of itself at every evaluation: a line, a row of a table, a point of a curve."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import click

from s2s_tutorial.training.history import History

Told = Callable[[History], None]
_COLUMNS = (
    "update",
    "batch_loss",
    "learning_rate",
    "valid_loss",
    "valid_accuracy",
    "seconds",
)


def last_evaluation(history: History) -> dict[str, float]:
    """The newest of its numbers, by the names of the columns of the log.

    >>> history = History([3.0, 2.0], learning_rate=[0.1, 0.1], evaluated_at=[2])
    >>> history.valid_loss, history.valid_accuracy, history.seconds = [2.5], [0.4], [1.5]
    >>> last_evaluation(history)["update"], last_evaluation(history)["batch_loss"]
    (2, 2.0)
    """
    values = (
        history.evaluated_at[-1],
        history.batch_loss[-1],
        history.learning_rate[-1],
        history.valid_loss[-1],
        history.valid_accuracy[-1],
        round(history.seconds[-1], 3),
    )
    return dict(zip(_COLUMNS, values))


def say_evaluation(history: History) -> None:
    """Say the evaluation in a line, for runs without a progress bar."""
    now = last_evaluation(history)
    click.echo(
        f"{'':<12}update {now['update']:,}: validation loss {now['valid_loss']:.3f}, "
        f"{now['valid_accuracy']:.1%} of tokens right, {now['seconds']:.0f} s"
    )


def csv_log(path: Path, goes_on: bool) -> Told:
    """Add a row to a CSV file at every evaluation.

    Args:
        path: the file; begun anew, with the names of the columns, unless the run goes on.
        goes_on: whether the rows of the run so far are there.

    Raises:
        OSError: if the file cannot be written.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    if not (goes_on and path.exists()):
        with open(path, "w", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(_COLUMNS)

    def add(history: History) -> None:
        with open(path, "a", newline="", encoding="utf-8") as file:
            csv.writer(file).writerow(last_evaluation(history).values())

    return add


def tensorboard_log(folder: Path) -> Told:
    """Draw the numbers of every evaluation in TensorBoard.

    Args:
        folder: its log folder.

    Raises:
        ImportError: if TensorBoard is not installed, saying how to install it.
    """
    try:
        from torch.utils.tensorboard import SummaryWriter
    except ImportError as error:
        raise ImportError(
            "--tensorboard needs the package tensorboard, which is not installed: "
            "pip install tensorboard; or take --log FILE, which needs nothing"
        ) from error
    writer = SummaryWriter(str(folder))

    def add(history: History) -> None:
        now = last_evaluation(history)
        for name in _COLUMNS[1:-1]:
            writer.add_scalar(name, now[name], now["update"])
        writer.flush()

    return add
