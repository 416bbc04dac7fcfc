"""``s2s export``: a trained model for where Python does not run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2s_tutorial.cli.data import CorpusChoice, choose_corpus, corpus_options, options_from
from s2s_tutorial.cli.generated import Command, section

if TYPE_CHECKING:
    from s2s_tutorial.translate.translator import Translator

MOST = 500  # sentences to measure on


@click.command(
    "export",
    cls=Command,
    epilog="""Examples:

    \b
      s2s export runs/dates-bahdanau.best.safetensors --to web site/dates

    The folder holds model.json and weights.bin, which the page's engine (s2s_tutorial/live/js) runs.
    Weights are written in the smallest type that loses nothing: int8, float16, then float32 are
    compared on up to 500 validation pairs of the corpus that the model was trained on, or of another
    one that --corpus or --tsv names.""",
)
@click.argument("checkpoint", metavar="CHECKPOINT")
@click.argument("folder", type=click.Path(path_type=Path))
@section(
    "Output",
    click.option("--to", "form", type=click.Choice(["web"]), required=True, help="For what."),
    click.option(
        "--weights",
        type=click.Choice(["auto", "float32", "float16", "int8"]),
        default="auto",
        show_default=True,
        help="Type of the matrices' numbers.",
    ),
    click.option("--overwrite", is_flag=True, help="Replace a model that was exported there."),
)
@corpus_options
def command(checkpoint, folder: Path, form, weights, overwrite, corpus, tsv, options) -> None:
    """Write the model in CHECKPOINT into FOLDER."""
    from s2s_tutorial.live.folder import check_free
    from s2s_tutorial.live.web import HEADER, export_web
    from s2s_tutorial.translate.translator import Translator

    check_free(folder, overwrite, HEADER)
    translator = Translator.load(checkpoint, "cpu")
    texts, references = [], []
    if weights == "auto":
        texts, references = _sentences(translator, corpus, tsv, options)
    made = export_web(translator, folder, texts, references, weights, overwrite)
    for kind, found in made.measured.items():
        click.echo(f"{kind} against float32, chrF of {len(texts)} sentences: {found}")
    if weights == "auto" and not texts:
        click.echo("No corpus to measure on: float32. --corpus or --tsv names one.", err=True)
    said = made.header["weights"]
    click.echo(f"written to {folder}: {said['type']}, {said['bytes'] / 1000:,.0f} kB of weights")


def _sentences(
    translator: Translator, corpus: str | None, tsv: str | None, options: tuple[str, ...]
) -> tuple[list[str], list[str]]:
    """Up to ``MOST`` validation sentences and their translations; none where no corpus is known."""
    choice = CorpusChoice.of(translator.info) if corpus is None and tsv is None else None
    if choice is None and corpus is None and tsv is None:
        return [], []
    choice = choice or choose_corpus(corpus, tsv, options)
    choice.options.update(options_from(options))
    pairs = choice.load("valid", translator.tokenizer, translator.tgt_tokenizer)
    texts = choice.texts_of(pairs)[:MOST]
    return [src for src, _ in texts], [tgt for _, tgt in texts]
