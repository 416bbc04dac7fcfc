"""``s2s presets``: the models that can be trained."""

from __future__ import annotations

import click

from s2s_tutorial.models.presets import PRESETS


@click.command("presets", epilog="Example: s2s train --corpus dates --preset luong_general")
def command() -> None:
    """List the models: encoder, attention, and the paper."""
    wide = max(map(len, PRESETS))
    for name, preset in PRESETS.items():
        click.echo(f"{name:<{wide}}  {preset.summary}")
