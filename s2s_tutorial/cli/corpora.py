"""``s2s corpora``: what there is to train on."""

from __future__ import annotations

import click

from s2s_tutorial.cli.data import ABOUT
from s2s_tutorial.corpora import cache_dir


@click.command(
    "corpora",
    epilog="""Example: s2s train --corpus numbers --option tgt_lang=it --option max_digits=6

    What is downloaded is verified and kept. The environment variables S2S_DATA_DIR (a folder that
    has the files), S2S_MIRROR (its address) and S2S_CACHE_DIR (where to keep downloads) say
    otherwise. The options of each corpus stand in the documentation of load_corpus.""",
)
def command() -> None:
    """List the corpora: what each is, and where its data come from."""
    wide = max(map(len, ABOUT))
    for name, about in ABOUT.items():
        click.echo(f"{name:<{wide}}  {about.summary} ({about.source})")
    click.echo(f"\nDownloads are kept in {cache_dir()}")
