"""Options made from what the package already says: signatures, types and docstrings."""

from __future__ import annotations

import inspect
import re
import types
from collections.abc import Callable, Collection, Mapping
from typing import Any, Union, get_args, get_origin, get_type_hints

import click

COUNT = click.IntRange(min=1)


class Command(click.Command):
    """A command whose help lists the options by section.

    A decorator gives the options of a section: see :func:`section`.
    """

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, those of one section together."""
        sections: dict[str, list[tuple[str, str]]] = {}
        for param in self.get_params(ctx):
            if (record := param.get_help_record(ctx)) is not None:
                sections.setdefault(getattr(param, "section", "Options"), []).append(record)
        for title, records in sections.items():
            with formatter.section(title):
                formatter.write_dl(records)


def section(title: str, *options: Callable) -> Callable:
    """Decorate a command with options that its help lists under a title."""

    def decorate(function: Callable) -> Callable:
        for option in reversed(options):
            function = option(function)
            function.__click_params__[-1].section = title
        return function

    return decorate


class Value(click.ParamType):
    """A number or a word; where None is a value, ``none`` says so.

    Args:
        kinds: the Python types to try, in order.
        optional: whether ``none`` is allowed.
        parse: makes a value of what is none of the types; None if there is no such thing.
    """

    def __init__(
        self, kinds: list[type], optional: bool, parse: Callable[[str], Any] | None = None
    ):
        self.kinds = kinds
        self.optional = optional
        self.parse = parse
        names = {int: "integer", float: "number", str: "text"}
        self.name = "|".join([names[kind] for kind in kinds] + ["none"] * optional)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """The value of a type that the function expects."""
        if not isinstance(value, str):
            return value
        if self.optional and value.lower() == "none":
            return None
        for kind in [*self.kinds, self.parse]:
            try:
                return kind(value) if kind else self.fail(f"{value!r} is no {self.name}")
            except ValueError as error:
                reason = error
        raise click.BadParameter(str(reason), ctx, param)


def options_of(
    target: Callable,
    skip: Collection[str] = (),
    parse: Mapping[str, Callable[[str], Any]] | None = None,
    words: Mapping[str, str] | None = None,
    defaults: Mapping[str, Any] | None = None,
) -> list[Callable]:
    """One option for each argument of a function, or field of a dataclass.

    Args:
        target: the function or class; its docstring's Args or Attributes become the help.
        skip: arguments that get none.
        parse: for arguments that are neither numbers nor words, what makes one of a word.
        words: help for arguments whose documentation only points elsewhere.
        defaults: other default values than the target's own.

    Returns:
        Click's decorators, in the order of the arguments.
    """
    hints, docs = get_type_hints(target), argument_docs(target) | dict(words or {})
    made = []
    for name, argument in inspect.signature(target).parameters.items():
        if name in skip:
            continue
        text, default = docs.get(name, ""), (defaults or {}).get(name, argument.default)
        settings: dict[str, Any] = {"default": default, "help": text[:1].upper() + text[1:]}
        flags = "--" + name.replace("_", "-")
        hint = hints[name]
        kinds = [kind for kind in _kinds(hint) if kind is not type(None)]
        if bool in kinds:
            flags += "/--no-" + name.replace("_", "-")
        elif get_origin(hint) is tuple:
            settings |= {"nargs": len(get_args(hint)), "type": get_args(hint)[0]}
        else:
            plain = [kind for kind in kinds if kind in (int, float, str)]
            optional = type(None) in _kinds(hint)
            settings["type"] = Value(plain, optional, (parse or {}).get(name))
        made.append(click.option(flags, name, show_default=default is not None, **settings))
    return made


def arguments_of(target: Callable, skip: Collection[str] = ()) -> list[str]:
    """The names of a function's arguments, or a dataclass's fields.

    >>> arguments_of(arguments_of, skip=["target"])
    ['skip']
    """
    return [name for name in inspect.signature(target).parameters if name not in skip]


def _kinds(hint: Any) -> tuple:
    return get_args(hint) if get_origin(hint) in (Union, types.UnionType) else (hint,)


def argument_docs(target: Callable) -> dict[str, str]:
    """What a docstring says of each argument, in plain words.

    >>> argument_docs(options_of)["skip"]
    'arguments that get none.'
    """
    lines = inspect.cleandoc(target.__doc__ or "").splitlines()
    found: dict[str, str] = {}
    name, inside = "", False
    for line in lines:
        if not line.startswith(" "):
            inside = line.strip() in ("Args:", "Attributes:") if line.strip() else inside
        elif inside and (entry := re.match(r" {4}(\w+): (.*)", line)):
            name = entry[1]
            found[name] = entry[2]
        elif inside and name:
            found[name] += " " + line.strip()
    return {name: _plain(text) for name, text in found.items()}


def _plain(text: str) -> str:
    """Text without the markup of reference pages."""
    text = re.sub(r":\w+:`~?([^`]*)`", lambda found: found[1].rsplit(".", 1)[-1], text)
    return re.sub(r"[`$\\\\]", "", text).replace("\n", " ")
