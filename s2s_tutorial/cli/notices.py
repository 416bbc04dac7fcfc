"""What has to be said beside the output: lines on standard error, few whatever the input is."""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import click

from s2s_tutorial.cli.heatmap import printable
from s2s_tutorial.text.specials import SPECIALS

if TYPE_CHECKING:
    from s2s_tutorial.text.vocabulary import Vocabulary
    from s2s_tutorial.translate.translation import Translation

_NAMED = 8  # lines, or words, that a notice names; of the others it says how many there are


@contextmanager
def warnings_in_words() -> Iterator[None]:
    """Inside, what the package warns of is a line on standard error, without the place in the code."""

    def show(message, category, filename, lineno, file=None, line=None) -> None:
        if issubclass(category, UserWarning):
            click.echo(f"Warning: {message}", err=True)
        else:
            usual(message, category, filename, lineno, file, line)

    with warnings.catch_warnings():
        usual, warnings.showwarning = warnings.showwarning, show
        yield


class Notices:
    """Collects what is odd about translations, and says it once.

    Args:
        src_vocab: the model's source vocabulary.
    """

    def __init__(self, src_vocab: Vocabulary) -> None:
        self._src_vocab = src_vocab
        self._unknown: dict[str, None] = {}
        self._cut: list[int] = []
        self._limit = 0

    def see(self, number: int, found: Translation) -> None:
        """Look at the translation of a line, by its number."""
        for token in found.src_tokens:
            if token not in self._src_vocab or token in SPECIALS:
                self._unknown[token] = None
        if found.cut:
            self._cut.append(number)
            self._limit = max(self._limit, len(found.tokens))

    def say(self) -> None:
        """Say it: a line about unknown words, a line about translations that were cut."""
        if self._unknown:
            words = [f"'{printable(token)}'" for token in self._unknown]
            click.echo(
                f"Not in the model's vocabulary, so read as unknown: {_few(words)}. What it writes "
                "in their place is a guess",
                err=True,
            )
        if self._cut:
            lines = f"line{'s' * (len(self._cut) > 1)} {_few(list(map(str, self._cut)))}"
            click.echo(
                f"Cut at {self._limit} tokens, before the model ended it: the translation of "
                f"{lines}. If it should be longer, say --max-length with a larger number",
                err=True,
            )


def _few(words: list[str]) -> str:
    """The first of some words, and how many there are.

    >>> _few(["1", "2"]), _few(list("123456789"))
    ('1, 2', '1, 2, 3, 4, 5, 6, 7, 8 and 1 more')
    """
    more = len(words) - _NAMED
    return ", ".join(words[:_NAMED]) + (f" and {more:,} more" if more > 0 else "")
