"""The command line: ``s2s train | evaluate | translate | attend | export | corpora | presets``.

Each command is a module of its own, imported when it is called; those that use a trained model
import PyTorch only when they run, so that their help is quick.
"""

from __future__ import annotations

import sys
from importlib import import_module

import click

from s2s_tutorial import __version__
from s2s_tutorial.base.memory import is_out_of_memory
from s2s_tutorial.base.value_checks import did_you_mean
from s2s_tutorial.base.versions import check_versions
from s2s_tutorial.cli.notices import warnings_in_words

_COMMANDS = {
    "train": "Train a model on a corpus, test it, and keep it in a file.",
    "evaluate": "Score a trained model on a corpus.",
    "translate": "Translate standard input, one sentence a line.",
    "attend": "Show which source words each target word looks at.",
    "export": "Write a model for a page, or for programs other than this package.",
    "corpora": "List the corpora, or the options of one.",
    "presets": "List the models.",
}
# What the package raises to tell a person what is wrong, and what reading and writing can raise.
_EXPECTED = (
    ValueError,
    TypeError,
    OSError,
    ImportError,
    FloatingPointError,
    RuntimeError,
    MemoryError,
)


class Commands(click.Group):
    """The commands by name, and errors in one line instead of a traceback."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order in which one needs them."""
        return list(_COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, imported now."""
        if cmd_name not in _COMMANDS:
            return None
        return import_module(f"s2s_tutorial.cli.{cmd_name}").command

    def resolve_command(self, ctx: click.Context, args: list[str]):
        """The command that the arguments begin with; of a mistyped one, the nearest is named."""
        if args[0] not in _COMMANDS and not args[0].startswith("-"):
            ctx.fail(f"there is no command {args[0]!r}{did_you_mean(args[0], _COMMANDS)}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl(list(_COMMANDS.items()))

    def invoke(self, ctx: click.Context):
        """Run the command."""
        try:
            check_versions()
            with warnings_in_words():
                return super().invoke(ctx)
        except (click.exceptions.Exit, click.Abort, BrokenPipeError):
            raise  # no error: --help, Ctrl-C, and a reader that has seen enough
        except _EXPECTED as error:
            if ctx.params["traceback"]:
                raise
            raise click.ClickException(_in_words(error)) from error


def _in_words(error: Exception) -> str:
    """What went wrong, without the system's number for it, or PyTorch's account of its memory."""
    if is_out_of_memory(error) and not isinstance(error, MemoryError):
        return (
            "there is not enough memory here for so large a model and batch: take a smaller "
            "--batch-size, or a model of smaller sizes"
        )
    if isinstance(error, OSError) and error.strerror:
        return ": ".join(str(part) for part in (error.filename, error.strerror) if part is not None)
    return str(error) or type(error).__name__


@click.group(
    cls=Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="""Start here; nothing is downloaded, and it takes about a minute:

    \b
      s2s train --corpus dates --preset bahdanau
      echo "Friday, 3 April 2020" | s2s translate --model runs/dates-bahdanau.best.safetensors
      s2s attend --model runs/dates-bahdanau.best.safetensors "Friday, 3 April 2020"

    Each command explains itself: s2s train --help.""",
)
@click.option("--traceback", is_flag=True, help="Show Python's traceback where something fails.")
@click.version_option(__version__, prog_name="s2s")
def cli(traceback: bool) -> None:
    """Sequence-to-sequence models with attention: train, translate, look inside."""


def main() -> None:
    """Run the command line; text goes out in UTF-8 whatever the machine's own encoding."""
    if sys.stdout is None:
        nowhere = "Error: standard output is closed; to have no output, send it to /dev/null"
        click.echo(nowhere, err=True)
        sys.exit(1)
    for stream, errors in ((sys.stdout, "strict"), (sys.stderr, "backslashreplace")):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(encoding="utf-8", errors=errors)
    try:
        cli(prog_name="s2s")
    except KeyboardInterrupt:  # again, while the first one was being seen to
        sys.exit(130)
    except OSError as error:  # from writing help or the version, where no command runs yet
        click.echo(f"Error: {_in_words(error)}", err=True)
        sys.exit(1)
