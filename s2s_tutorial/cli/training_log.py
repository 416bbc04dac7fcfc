"""What a run tells of itself at every evaluation: a line, a row of a table, a point of a curve."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import click

from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.training.history import History

Told = Callable[[History], None]


class LogRow(NamedTuple):
    """One evaluation of a run: a row of the log, whose columns have these names.

    Attributes:
        update: how many updates had been made.
        batch_loss: loss per token of the last of them, in nats.
        learning_rate: its learning rate.
        valid_loss: validation loss per token, in nats.
        valid_accuracy: share of validation tokens guessed right under teacher forcing.
        seconds: since the run began.
    """

    update: int
    batch_loss: float
    learning_rate: float
    valid_loss: float
    valid_accuracy: float
    seconds: float


def evaluation(history: History, k: int = -1) -> LogRow:
    """Evaluation k of a run, the last one unless told otherwise.

    >>> history = History([3.0, 2.0], learning_rate=[0.1, 0.1], evaluated_at=[2])
    >>> history.valid_loss, history.valid_accuracy, history.seconds = [2.5], [0.4], [1.5]
    >>> evaluation(history).update, evaluation(history).batch_loss
    (2, 2.0)
    """
    update = history.evaluated_at[k]
    return LogRow(
        update,
        history.batch_loss[update - 1],
        history.learning_rate[update - 1],
        history.valid_loss[k],
        history.valid_accuracy[k],
        round(history.seconds[k], 3),
    )


def say_evaluation(history: History) -> None:
    """Say the evaluation in a line, for runs without a progress bar."""
    now = evaluation(history)
    click.echo(
        f"{'':<12}update {now.update:,}: validation loss {now.valid_loss:.3f}, "
        f"{now.valid_accuracy:.1%} of tokens right, {now.seconds:.0f} s"
    )


def csv_log(path: Path) -> Told:
    """Keep a CSV file with a row for every evaluation of a run, those before a stop too.

    Args:
        path: the file; an older log is replaced at the first evaluation.

    Raises:
        FileExistsError: if something else lies there.
        OSError: if its folder cannot be made.
    """
    if (
        path.exists()
        and path.stat().st_size
        and not path.read_bytes().startswith((",".join(LogRow._fields)).encode())
    ):
        raise FileExistsError(
            f"{path} is no log of s2s, so it is not replaced; --log names another file"
        )
    path.parent.mkdir(parents=True, exist_ok=True)

    def write(history: History) -> None:
        text = io.StringIO()
        rows = csv.writer(text)
        rows.writerow(LogRow._fields)
        rows.writerows(evaluation(history, k) for k in range(len(history.evaluated_at)))
        write_atomically(path, text.getvalue().encode())

    return write


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
        now = evaluation(history)
        for name in ("batch_loss", "learning_rate", "valid_loss", "valid_accuracy"):
            writer.add_scalar(name, getattr(now, name), now.update)
        writer.flush()

    return add
