"""The files that ``s2s train`` writes: what lies there already, and whether it may be replaced."""

from __future__ import annotations

import os
from pathlib import Path

import click

from s2s_tutorial.saving.checkpoint_file import check_file_name, is_checkpoint
from s2s_tutorial.training.run_files import best_path


def check_output(output: Path, resume: bool, overwrite: bool) -> None:
    """Raise unless a run may be kept there; nothing is made yet.

    Args:
        output: the file of its last state.
        resume: whether to go on with the run in that file.
        overwrite: whether to replace it.

    Raises:
        click.UsageError: saying what lies in the way, and what to do.
    """
    if output.suffix != ".safetensors":
        raise click.UsageError(f"--output must end in .safetensors, unlike {output}")
    try:
        check_file_name(output)
    except ValueError as error:
        raise click.UsageError(f"--output: {error}") from error
    if resume and overwrite:
        raise click.UsageError("--resume goes on with a run, --overwrite drops it: say one of them")
    best = best_path(output)
    for path in (output, best):
        if path.exists() and path.stat().st_size and not is_checkpoint(path):
            raise click.UsageError(
                f"{path} is there already and was not written by s2s, so it is not replaced: "
                "--output names another, or move it away"
            )
    if output.exists() and not resume and not overwrite:
        raise click.UsageError(
            f"{output} holds a run already: --resume goes on with it, --overwrite replaces it, "
            "--output names another"
        )
    if best.exists() and not output.exists() and not overwrite:
        raise click.UsageError(
            f"{best} holds the best model of a run whose last state, {output}, is not there, so "
            "that nothing can go on with it: --overwrite replaces it, --output names another"
        )


def check_place(output: Path) -> None:
    """Raise unless files can be made there; nothing is made yet.

    Raises:
        click.UsageError: naming the folder.
    """
    folder = next(parent for parent in output.absolute().parents if parent.exists())
    if not folder.is_dir() or not os.access(folder, os.W_OK):
        why = "cannot be written to" if folder.is_dir() else "is no folder"
        raise click.UsageError(f"{output} cannot be kept: {folder} {why}; --output names another")
