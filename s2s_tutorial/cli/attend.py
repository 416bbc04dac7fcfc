"""``s2s attend``: where a model looks, in the terminal or in a file."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import click

from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.cli.generated import Command, section
from s2s_tutorial.cli.heatmap import heatmap, printable
from s2s_tutorial.cli.model_options import check_written, model_options, search_options
from s2s_tutorial.text.tokenizers import is_blank

if TYPE_CHECKING:
    from s2s_tutorial.translate.translation import Translation


@click.command(
    "attend",
    cls=Command,
    epilog="""Examples:

    \b
      s2s attend --model runs/dates-bahdanau.best.safetensors "Friday, 3 April 2020"
      s2s attend --model runs/dates-bahdanau.best.safetensors "Friday, 3 April 2020" 2020-04-03
      s2s attend --model runs/mine.best.safetensors "Ciao!" --png ciao.png --html ciao.html

    The rows are target tokens, the columns source tokens. With a TARGET the decoder is told its
    words (teacher forcing), and the score says how probable the model finds it.

    A map of weights shows where the decoder looked, not why it wrote what it wrote.""",
)
@click.argument("source")
@click.argument("target", required=False)
@model_options
@search_options
@section(
    "Output",
    click.option("--numbers", is_flag=True, help="Print the weights in per cent."),
    click.option("--png", type=click.Path(dir_okay=False, path_type=Path), help="Draw a picture."),
    click.option(
        "--html", type=click.Path(dir_okay=False, path_type=Path), help="Write an interactive page."
    ),
)
def command(
    source, target, model, device, numbers, png: Path | None, html: Path | None, **search
) -> None:
    """Show which words of SOURCE each word of its translation (or of TARGET) looks at."""
    from s2s_tutorial.translate.page import save_alignment_page
    from s2s_tutorial.translate.translator import Translator

    check_written(model, png, html)
    for name, text in (("SOURCE", source), ("TARGET", target or "")):
        if any("\ud800" <= c <= "\udfff" for c in text):  # bytes that the shell could not decode
            raise click.UsageError(f"{name} is not UTF-8; is the terminal set to UTF-8?")
    translator = Translator.load(model, device)
    translator.check_attention("s2s attend")
    if is_blank(source) or target is not None and is_blank(target):
        raise click.UsageError("there is nothing to look at: the sentence is empty")
    if target is None:
        found = translator(source, **search)
    else:
        found = translator.align(source, target)
    written = printable(found.text) if found.text else ""
    click.echo(f"{printable(source)} → {written}   (score {found.score:.3f})\n")
    if not found.tokens:
        drawn = " There is nothing to draw: no file was written." if png or html else ""
        click.echo(f"The model wrote nothing, so it looked at nothing.{drawn}")
        return
    width = shutil.get_terminal_size().columns
    click.echo(heatmap(found.weights.tolist(), found.src_tokens, found.tokens, width, numbers))
    if png:
        _draw(png, found)
    if html:
        save_alignment_page(html, [found], title=f"Attention of {Path(model).name}")
    for path in filter(None, (png, html)):
        click.echo(f"\nwritten to {path}", err=True)


def _draw(path: Path, found: Translation) -> None:
    import io

    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    from s2s_tutorial.figures.plotting import plot_attention

    axes = plot_attention(found.weights, found.src_tokens, found.tokens)
    content = io.BytesIO()
    axes.figure.savefig(content, format="png", dpi=160, bbox_inches="tight", facecolor="white")
    plt.close(axes.figure)
    write_atomically(path, content.getvalue())
