"""``s2s export``: a model in files that other programs than this package run."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path

import click

from s2s_tutorial.cli.generated import Command

# Of each format the function that writes it: (checkpoint, folder, overwrite) -> what it says of the export.
FORMATS = {"onnx": ("s2s_tutorial.live.onnx", "export_onnx")}


@click.command(
    "export",
    cls=Command,
    epilog="""Examples:

    \b
      s2s export runs/dates-bahdanau.best.safetensors --to onnx dates

    onnx: encoder.onnx, decoder_step.onnx and model.json, for ONNX Runtime and its like. They are run
    beside PyTorch before they are written, and the largest difference is said. Needs
    pip install 's2s-tutorial[onnx]'.

    CHECKPOINT is what `s2s train` or Translator.save wrote. FOLDER is written whole or not at all.""",
)
@click.argument("checkpoint", type=click.Path(path_type=Path))
@click.option(
    "--to", "form", type=click.Choice(list(FORMATS)), required=True, help="For whom it is written."
)
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--overwrite", is_flag=True, help="Replace an earlier export in FOLDER.")
def command(checkpoint: Path, form: str, folder: Path, overwrite: bool) -> None:
    """Write the model in CHECKPOINT to FOLDER, to run without this package."""
    module, name = FORMATS[form]
    said = getattr(import_module(module), name)(checkpoint, folder, overwrite)
    for path in sorted(folder.iterdir()):
        click.echo(f"{path}  {path.stat().st_size / 1000:,.1f} kB")
    if "largest_difference" in said:
        click.echo(f"checked: differs from PyTorch by {said['largest_difference']:.1e} at most")
