"""``s2s corpora``: what there is to train on."""

from __future__ import annotations

import inspect
import json

import click

from s2s_tutorial.cli.about_corpora import ABOUT
from s2s_tutorial.cli.generated import argument_docs
from s2s_tutorial.corpora import cache_dir, maker_of

_ELSEWHERE = ("split", "tokenizer")  # --split and --tokenizer say them; --tsv its path


@click.command(
    "corpora",
    epilog="""Examples:

    \b
      s2s corpora numbers
      s2s train --corpus numbers --option tgt_lang=it --option max_digits=6

    What is downloaded is verified and kept. The environment variables S2S_DATA_DIR (a folder that
    has the files), S2S_MIRROR (its address) and S2S_CACHE_DIR (where to keep downloads) say
    otherwise.""",
)
@click.argument("name", required=False)
def command(name: str | None) -> None:
    """List the corpora: what each is, and where its data come from. Of the corpus NAME, the options."""
    if name is not None:
        click.echo(describe_corpus(name))
        return
    wide = max(map(len, ABOUT))
    for each, about in ABOUT.items():
        click.echo(f"{each:<{wide}}  {about.summary} ({about.source})")
    click.echo("\ns2s corpora NAME shows the options of one.")
    click.echo(f"Downloads are kept in {cache_dir()}")


def describe_corpus(name: str) -> str:
    """What a corpus is, and its options with their default values, written as one would type them.

    >>> print(describe_corpus("copy"))
    copy: strings of letters, to be copied (made here from a seed, in seconds)
    <BLANKLINE>
    Options, each as --option KEY=VALUE:
      size        How many pairs; by default 20000, 1000 and 1000.
    ...

    Args:
        name: the corpus.

    Raises:
        ValueError: if there is none of that name.
    """
    docs = argument_docs(maker_of(name))
    elsewhere = (*_ELSEWHERE, "path") if name == "tsv" else _ELSEWHERE
    rows = []
    for option, parameter in inspect.signature(maker_of(name)).parameters.items():
        if option not in elsewhere:
            text = docs[option][:1].upper() + docs[option][1:]
            if (default := parameter.default) is parameter.empty:
                text += "  [needed]"
            elif default is not None:
                plain = isinstance(default, str) and default.isprintable()
                text += f"  [default: {default if plain else json.dumps(default)}]"
            rows.append((option, text))
    about, formatter = ABOUT[name], click.HelpFormatter(width=100)
    formatter.write_text(f"{name}: {about.summary} ({about.source})")
    formatter.write_paragraph()
    formatter.write_text("Options, each as --option KEY=VALUE:")
    with formatter.indentation():
        formatter.write_dl(rows)
    return formatter.getvalue().rstrip()
