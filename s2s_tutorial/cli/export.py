"""``s2s export``: a trained model for where Python, or this package, does not run."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import click

from s2s_tutorial.cli.data import CorpusChoice, choose_corpus, corpus_options, options_from
from s2s_tutorial.cli.generated import Command, section

MOST = 500  # sentences to measure on


@click.command(
    "export",
    cls=Command,
    epilog="""Examples:

    \b
      s2s export runs/dates-bahdanau.best.safetensors --to web site/dates
      s2s export runs/dates-bahdanau.best.safetensors --to onnx dates

    web: model.json and weights.bin, which the page's engine (s2s_tutorial/live/js) runs. Weights are
    written in the smallest type that loses nothing: int8 and float16 are compared with float32 on up to
    500 validation pairs of the corpus that the model was trained on, or of another one that --corpus or
    --tsv names.

    onnx: encoder.onnx, decoder_step.onnx and model.json, for ONNX Runtime and its like. They are run
    beside PyTorch before they are written, and the largest difference is said. Needs
    pip install 's2s-tutorial[onnx]'.

    CHECKPOINT is what `s2s train` or Translator.save wrote. FOLDER is written whole or not at all.""",
)
@click.argument("checkpoint", type=click.Path(path_type=Path))
@click.argument("folder", type=click.Path(path_type=Path))
@section(
    "Output",
    click.option(
        "--to", "form", type=click.Choice(["web", "onnx"]), required=True, help="For whom."
    ),
    click.option("--overwrite", is_flag=True, help="Replace an earlier export in FOLDER."),
)
@section(
    "Weights of a page",
    click.option(
        "--weights",
        type=click.Choice(["auto", "float32", "float16", "int8"]),
        default="auto",
        show_default=True,
        help="Type of the matrices' numbers.",
    ),
)
@corpus_options
def command(
    checkpoint: Path, folder: Path, form: str, overwrite: bool, weights: str, corpus, tsv, options
) -> None:
    """Write the model in CHECKPOINT to FOLDER, to run without this package."""
    if form == "onnx":
        if weights != "auto" or corpus or tsv or options:
            raise click.UsageError("--weights and a corpus are for --to web; ONNX keeps float32")
        _to_onnx(checkpoint, folder, overwrite)
    else:
        _to_web(checkpoint, folder, overwrite, weights, (corpus, tsv, options))
    for path in sorted(folder.iterdir()):
        click.echo(f"{path}  {path.stat().st_size / 1000:,.1f} kB")


def _to_onnx(checkpoint: Path, folder: Path, overwrite: bool) -> None:
    from s2s_tutorial.live.onnx import export_onnx

    said = export_onnx(checkpoint, folder, overwrite)
    if "largest_difference" in said:
        click.echo(f"checked: differs from PyTorch by {said['largest_difference']:.1e} at most")


def _to_web(checkpoint: Path, folder: Path, overwrite: bool, weights: str, asked: tuple) -> None:
    from s2s_tutorial.base.folders import check_folder
    from s2s_tutorial.live.web import FILES, export_web
    from s2s_tutorial.translate.translator import Translator

    if weights != "auto" and any(asked):
        raise click.UsageError(f"--weights {weights} is not measured, so it takes no corpus")
    check_folder(folder, FILES, overwrite)
    translator = Translator.load(checkpoint, "cpu")
    texts, references = _sentences(translator, *asked) if weights == "auto" else ([], [])
    made = export_web(translator, folder, texts, references, weights, overwrite)
    for kind, found in made.measured.items():
        click.echo(f"{kind} against float32, chrF of {len(texts)} sentences: {found}")
    if weights == "auto" and not texts:
        click.echo("No corpus to measure on: float32. --corpus or --tsv names one.", err=True)
    click.echo(f"weights: {made.header['weights']['type']}")


def _sentences(
    translator, corpus: str | None, tsv: str | None, options: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """Up to ``MOST`` validation sentences and their translations; none where no corpus is known."""
    if corpus is not None or tsv is not None:
        choice = choose_corpus(corpus, tsv, options)
    elif (trained_on := CorpusChoice.of(translator.info)) is not None:
        choice = replace(trained_on, options=trained_on.options | options_from(options))
    else:
        return [], []
    pairs = choice.load("valid", translator.tokenizer, translator.tgt_tokenizer)
    texts = choice.texts_of(pairs)[:MOST]
    return [src for src, _ in texts], [tgt for _, tgt in texts]
