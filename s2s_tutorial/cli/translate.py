"""``s2s translate``: standard input to standard output, one sentence a line."""

from __future__ import annotations

import sys
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from s2s_tutorial.cli.generated import COUNT, Command, section
from s2s_tutorial.cli.model_options import check_written, model_options, search_options
from s2s_tutorial.cli.notices import Notices
from s2s_tutorial.corpora.read.encoding import encoding_advice, without_marks

if TYPE_CHECKING:
    from s2s_tutorial.translate.translation import Translation
    from s2s_tutorial.translate.translator import Translator


@click.command(
    "translate",
    cls=Command,
    epilog="""Examples:

    \b
      echo "Friday, 3 April 2020" | s2s translate --model runs/dates-bahdanau.best.safetensors
      s2s translate --model runs/mine.best.safetensors < test.de > test.en
      s2s translate --model runs/mine.best.safetensors --html page.html < test.de > test.en

    Every line of the input, UTF-8, gives one line of the output, in the same order; an empty line
    gives an empty line, and so does one with zero-width signs only. Lines are translated
    --batch-size at a time (one at a time where you type them), and written as soon as they are
    ready. What the model's vocabulary does not have, and which translations were cut at
    --max-length, is said at the end, on standard error.

    --alignments adds a tab and, for each target token, i-j: source token i has its largest weight
    (both counted from 0, as the Pharaoh format does). --n-best K writes, for every line, up to K
    lines of tab-separated line number (from 1), score and translation.""",
)
@model_options
@search_options
@section(
    "Output",
    click.option("--alignments", is_flag=True, help="Add a tab and the links i-j to each line."),
    click.option(
        "--n-best",
        type=COUNT,
        metavar="INTEGER",
        default=1,
        show_default=True,
        help="Translations of each line.",
    ),
    click.option(
        "--html",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write a page whose words show where the model looked.",
    ),
    click.option(
        "--html-limit",
        type=COUNT,
        metavar="INTEGER",
        default=200,
        show_default=True,
        help="The most sentences on that page.",
    ),
)
def command(
    model, device, alignments, n_best, html: Path | None, html_limit, batch_size, **search
) -> None:
    """Translate standard input, one sentence a line."""
    from s2s_tutorial.translate.page import save_alignment_page
    from s2s_tutorial.translate.translation import CutTranslationWarning
    from s2s_tutorial.translate.translator import Translator

    check_written(model, html)
    if sys.stdin is None:
        raise click.UsageError("there is no standard input to translate; it is closed")
    translator = Translator.load(model, device)
    if alignments:
        translator.check_attention("--alignments")
    if search["replace_unknown"]:
        translator.check_attention("--replace-unknown")
    if n_best > search["beam_size"]:
        raise click.UsageError(f"--n-best {n_best} needs --beam {n_best} or more")
    at_once = 1 if sys.stdin.isatty() else batch_size
    notices = Notices(translator.src_vocab)
    warnings.simplefilter("ignore", CutTranslationWarning)  # the notices name the lines
    shown: list[Translation] = []
    number = 0
    lines = readable_lines(lines_of(sys.stdin.buffer), translator)
    try:
        for batch in in_batches(lines, at_once):
            for found in translator.translate(
                batch, n_best=n_best, batch_size=batch_size, **search
            ):
                number += 1
                notices.see(number, found)
                click.echo(_line(number, found, alignments, n_best).encode("utf-8"))
                if html and number <= html_limit:
                    shown.append(found)
    finally:
        notices.say()
        if html and (shown or sys.exc_info()[0] is None):
            title = f"Translations by {Path(model).name}"
            save_alignment_page(html, shown, title=title, total=number)


def in_batches(lines: Iterator[str], size: int) -> Iterator[list[str]]:
    """The lines, so many at a time; where one is bad, those before it come first.

    >>> list(in_batches(iter("abcde"), 2))
    [['a', 'b'], ['c', 'd'], ['e']]
    """
    batch: list[str] = []
    try:
        for line in lines:
            batch.append(line)
            if len(batch) == size:
                yield batch
                batch = []
    except ValueError:
        if batch:
            yield batch
        raise
    if batch:
        yield batch


def lines_of(source: BinaryIO) -> Iterator[str]:
    """The lines of a stream, without their ends.

    Raises:
        ValueError: if a line is not UTF-8, naming it.
    """
    for number, line in enumerate(source, start=1):
        line = without_marks(line)
        try:
            yield line.rstrip(b"\r\n").decode("utf-8")
        except UnicodeDecodeError as error:
            raise ValueError(
                f"line {number} of the input is not UTF-8 (byte 0x{line[error.start]:02x} at "
                f"position {error.start + 1}). {encoding_advice(line)}. The lines before it are "
                "translated"
            ) from error


def readable_lines(lines: Iterator[str], translator: Translator) -> Iterator[str]:
    """The same lines, as long as the model can read them.

    Raises:
        ValueError: if one has too many tokens for it, naming the line.
    """
    for number, line in enumerate(lines, start=1):
        try:
            translator.tokens_of(line, name=f"line {number} of the input")
        except ValueError as error:
            raise ValueError(f"{error}. The lines before it are translated") from error
        yield line


def _line(number: int, found: Translation, alignments: bool, n_best: int) -> str:
    if n_best == 1:
        return _fields(found, alignments)
    ranked = [found, *found.alternatives]
    return "\n".join(f"{number}\t{each.score:.4f}\t{_fields(each, alignments)}" for each in ranked)


def _fields(found: Translation, alignments: bool) -> str:
    text = " ".join(found.text.splitlines()).replace("\t", " ")
    if not alignments or not found.src_tokens:
        return text
    return text + "\t" + " ".join(f"{j}-{i}" for j, i in found.links())
