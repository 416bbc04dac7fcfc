"""The options of commands that use a trained model: which one, and how it searches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import click

from s2s_tutorial.cli.generated import COUNT, section


def model_options(function: Callable) -> Callable:
    """Decorate a command with the options that choose a model."""
    return section(
        "Model",
        click.option(
            "--model",
            "-m",
            required=True,
            metavar="FILE",
            help="What `s2s train` or Translator.save wrote.",
        ),
        click.option(
            "--device",
            default="auto",
            show_default=True,
            help="Where to compute: auto, cpu, cuda or mps.",
        ),
    )(function)


def check_written(model: str, *written: Path | None) -> None:
    """Raise if a file to be written is the model, or two of them are one.

    Raises:
        click.UsageError: naming the file.
    """
    taken = {Path(model).resolve(): "the model"}
    for path in filter(None, written):
        if path.resolve() in taken:
            raise click.UsageError(f"{path} is {taken[path.resolve()]}: write to another file")
        taken[path.resolve()] = "to be written already"


def search_options(function: Callable) -> Callable:
    """Decorate a command with the options of the search."""
    return section(
        "Search",
        click.option(
            "--beam",
            "beam_size",
            type=COUNT,
            metavar="INTEGER",
            default=5,
            show_default=True,
            help="Hypotheses kept; 1 is greedy.",
        ),
        click.option(
            "--length-penalty",
            default=0.6,
            show_default=True,
            help="How far long translations are favoured; 0 ranks by probability alone.",
        ),
        click.option(
            "--coverage-penalty",
            default=0.0,
            show_default=True,
            help="How far translations are favoured that look at every source word.",
        ),
        click.option(
            "--max-length",
            type=COUNT,
            metavar="INTEGER",
            help="The most tokens of a translation. [default: ample room, twice the longest "
            "target of the training set, or more]",
        ),
        click.option(
            "--min-length",
            type=click.IntRange(min=0),
            metavar="INTEGER",
            default=0,
            show_default=True,
            help="The fewest tokens of a translation.",
        ),
        click.option(
            "--batch-size",
            type=COUNT,
            metavar="INTEGER",
            default=64,
            show_default=True,
            help="Sentences at once.",
        ),
        click.option(
            "--replace-unknown",
            is_flag=True,
            help="Write the source word with the largest weight for each unknown one.",
        ),
        click.option(
            "--no-unknown",
            "allow_unknown",
            flag_value=False,
            default=True,
            help="Never write <unk>: take the next best word.",
        ),
    )(function)
