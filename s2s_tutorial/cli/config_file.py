"""The options of a command in a YAML file: read with ``--config``, written beside each run."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import astuple, is_dataclass
from pathlib import Path
from typing import Any

import click
import yaml

from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.base.value_checks import did_you_mean
from s2s_tutorial.cli.generated import Value

_NOT_OF_THE_RUN = ("config", "resume", "overwrite")


def config_option(function: Callable) -> Callable:
    """Decorate a command with ``--config FILE``; options on the command line come before it."""
    return click.option(
        "--config",
        type=click.Path(dir_okay=False, path_type=Path),
        callback=_read,
        is_eager=True,
        expose_value=False,
        help="A YAML file with any of these options, such as the one written beside each run; what "
        "is said here as well comes first.",
    )(function)


def _read(ctx: click.Context, param: click.Parameter, path: Path | None) -> None:
    if path is None:
        return
    try:
        said = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise click.BadParameter(f"there is no file {path}") from None
    except (UnicodeDecodeError, yaml.YAMLError) as error:
        raise click.BadParameter(f"{path} is not YAML in UTF-8: {error}") from None
    if not isinstance(said, dict):
        raise click.BadParameter(f"{path} must hold options, each on a line such as steps: 600")
    by_flag = _options(ctx.command)
    defaults = {}
    for flag, value in said.items():
        if flag not in by_flag:
            near = did_you_mean(flag, by_flag)
            raise click.BadParameter(f"{path}: there is no option {flag!r}{near}")
        option = by_flag[flag]
        if value is not None or isinstance(option.type, Value):  # else: null is not given
            defaults[option.name] = _typed(value, option)
    ctx.default_map = defaults


def _typed(value: Any, option: click.Option) -> Any:
    """A value as one would type it, for the option's own checks; ``null`` is ``none``."""
    if isinstance(value, list):
        each = [str(part) for part in value]
        return each if option.multiple or option.nargs > 1 else ",".join(each)
    return "none" if value is None else value if isinstance(value, bool) else str(value)


def write_config(ctx: click.Context, path: Path, leave_out: Collection[str] = ()) -> None:
    """Write what a command was called with, so that ``--config`` does the same again.

    Args:
        ctx: the command's context.
        path: the file; an older one that was written here is replaced, any other one stays.
        leave_out: arguments that had no say.

    Raises:
        OSError: if it cannot be written.
    """
    ours = f"# {ctx.command_path} --config"
    if path.exists() and not path.read_bytes().startswith(ours.encode()):
        click.echo(f"{path} was not written by s2s and stays; the options are not kept", err=True)
        return
    said = {
        flag: _plain(ctx.params[option.name])
        for flag, option in _options(ctx.command).items()
        if ctx.params.get(option.name) is not None or _was_said(ctx, option)
        if option.name not in leave_out
    }
    text = f"{ours} {path.name}\n" + yaml.safe_dump(said, sort_keys=False, allow_unicode=True)
    write_atomically(path, text.encode("utf-8"))


def _was_said(ctx: click.Context, option: click.Option) -> bool:
    """Whether an option's value is not its default."""
    source = ctx.get_parameter_source(option.name)
    return source not in (None, click.core.ParameterSource.DEFAULT)


def _options(command: click.Command) -> dict[str, click.Option]:
    """The options that describe a run, by their long names without dashes."""
    return {
        max(option.opts, key=len).lstrip("-"): option
        for option in command.params
        if isinstance(option, click.Option) and option.name not in _NOT_OF_THE_RUN
    }


def _plain(value: Any) -> Any:
    """A value as YAML has it."""
    if is_dataclass(value):
        return ",".join(map(str, astuple(value)))
    if isinstance(value, (tuple, list)):
        return [_plain(each) for each in value]
    return str(value) if isinstance(value, Path) else value
