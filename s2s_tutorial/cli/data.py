"""The corpora as commands use them: chosen by options, cut by tokenizers, turned into batches."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields
from typing import Any

import click

from s2s_tutorial.base.value_checks import check_name
from s2s_tutorial.cli.about_corpora import ABOUT
from s2s_tutorial.cli.generated import section
from s2s_tutorial.corpora import ParallelCorpus, list_corpora, load_corpus
from s2s_tutorial.saving.tokenizer_state import tokenizer_state
from s2s_tutorial.text.tokenizers import Tokenizer, WordTokenizer, get_tokenizer


@dataclass(frozen=True)
class CorpusChoice:
    """A corpus and how it is read; a checkpoint keeps it as JSON.

    Attributes:
        name: as for :func:`load_corpus`.
        options: likewise.
        tokenizer: the name of what cuts its text.
    """

    name: str
    options: dict[str, Any] = field(default_factory=dict)
    tokenizer: str = "word"

    @classmethod
    def of(cls, info: Mapping[str, Any]) -> CorpusChoice | None:
        """The corpus that a checkpoint of ``s2s train`` says it was trained on; else None."""
        kept = info.get("corpus")
        ours = isinstance(kept, dict) and kept.keys() == {f.name for f in fields(cls)}
        return cls(**kept) if ours and kept["name"] in ABOUT else None

    def to_dict(self) -> dict[str, Any]:
        """As JSON can say it."""
        return asdict(self)

    def load(self, split: str, tokenizer: Tokenizer, tgt_tokenizer: Tokenizer) -> ParallelCorpus:
        """One split, cut by the given tokenizers."""
        if not ABOUT[self.name].made:
            return self._real(split, (tokenizer, tgt_tokenizer))
        corpus = load_corpus(self.name, split, **self.options)
        own = get_tokenizer(self.tokenizer)
        if all(
            tokenizer_state(given) == tokenizer_state(own) for given in (tokenizer, tgt_tokenizer)
        ):
            return corpus
        texts = self._texts(corpus, own)
        cut = [(tokenizer.tokenize(src), tgt_tokenizer.tokenize(tgt)) for src, tgt in texts]
        return ParallelCorpus.from_pairs(*zip(*cut), name=self.name, split=split, texts=texts)

    def texts_of(self, corpus: ParallelCorpus) -> Sequence[tuple[str, str]]:
        """Source and target of each pair of a loaded split as text, before it was cut."""
        if corpus.texts is not None:
            return corpus.texts
        return self._texts(corpus, get_tokenizer(self.tokenizer))

    def texts(self, split: str) -> Sequence[tuple[str, str]]:
        """One split as text, to learn subwords from."""
        if ABOUT[self.name].made:
            corpus = load_corpus(self.name, split, **self.options)
            return self._texts(corpus, get_tokenizer(self.tokenizer))
        return self._real(split, _Whole()).texts

    def _real(self, split: str, tokenizer: Any) -> ParallelCorpus:
        """A split of a real corpus; a size is the training pairs', and the others' if they have it."""
        options = {"tokenizer": tokenizer} | self.options
        if isinstance(tokenizer, _Whole):  # links are between tokens
            options.pop("alignment_column", None)
        size = options.get("size")
        if split == "train" or not isinstance(size, int) or size < 1:
            return load_corpus(self.name, split, **options)
        return load_corpus(self.name, split, **options | {"size": None})[:size]

    def _texts(self, corpus: ParallelCorpus, own: Tokenizer) -> list[tuple[str, str]]:
        return [(own.detokenize(pair.src), own.detokenize(pair.tgt)) for pair in corpus]


class _Whole:
    """Leaves a text in one piece."""

    def tokenize(self, text: str) -> list[str]:
        return [text]

    def detokenize(self, tokens: list[str]) -> str:
        return " ".join(tokens)


def corpus_options(function: Callable) -> Callable:
    """Decorate a command with the options that choose a corpus."""
    return section(
        "Corpus",
        click.option(
            "--corpus", shell_complete=completing(list_corpora), help="One of `s2s corpora`."
        ),
        click.option(
            "--tsv",
            metavar="FILE",
            help="Or a file of your own: source, tab, target on each line. With {split} in its name: "
            "three files, where train, valid and test stand for it.",
        ),
        click.option(
            "--option",
            "options",
            multiple=True,
            metavar="KEY=VALUE",
            help="An option of the corpus, such as size=500 (see `s2s corpora NAME`); may be repeated.",
        ),
    )(function)


def choose_corpus(
    corpus: str | None, tsv: str | None, options: tuple[str, ...], tokenizer: str | None = None
) -> CorpusChoice:
    """The corpus that the options name.

    Raises:
        click.UsageError: if there is none, or not one.
    """
    if (corpus is None) == (tsv is None):
        raise click.UsageError("say --corpus NAME (see `s2s corpora`), or --tsv FILE; one of them")
    name = corpus or "tsv"
    checked_name("corpus", name, list_corpora())
    if name == "spoken_digits":
        raise click.UsageError(
            "the corpus 'spoken_digits' is sound, and this command reads text; in Python, "
            "s2s.Task.load('spoken_digits').fit('location_aware', ...) trains on it (chapter 11)"
        )
    if name == "tsv" and tsv is None:
        raise click.UsageError("the corpus 'tsv' is a file of your own: say --tsv FILE")
    settings = options_from(options)
    if tsv is not None and "path" in settings:
        raise click.UsageError(
            "the file's name is what --tsv says, so --option path=... has no use"
        )
    if tsv is not None:
        settings["path"] = tsv
    about = ABOUT[name]
    if tokenizer is not None and about.made and tokenizer != about.tokenizer:
        raise click.UsageError(
            f"the corpus {name!r} comes in tokens ({about.tokenizer}), so --tokenizer {tokenizer} "
            "does not fit it; --subwords N does"
        )
    return CorpusChoice(name, settings, tokenizer or _usual_tokenizer(name, settings))


def completing(names: Callable[[], Iterable[str]]) -> Callable[..., list[str]]:
    """What the shell completes an option's value with: those of the names that begin so."""
    return lambda ctx, param, begun: [name for name in names() if name.startswith(begun)]


def checked_name(kind: str, name: str, names: Iterable[str]) -> str:
    """The name itself, one of those that there are.

    Raises:
        click.UsageError: if it is none of them.
    """
    try:
        return check_name(kind, name, names)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def options_from(options: tuple[str, ...]) -> dict[str, Any]:
    """What the reader said with --option, by name.

    >>> options_from(("size=500", "language=ita"))
    {'size': 500, 'language': 'ita'}

    Raises:
        click.UsageError: if one is not KEY=VALUE, or names what has an option of its own: the
            tokenizer, the corpus or its part.
    """
    settings = dict(map(_key_and_value, options))
    for name in ("name", "split"):
        if name in settings:
            raise click.UsageError(
                f"--option {name}=... has no use: --corpus NAME says which corpus; s2s train "
                "takes its training and validation pairs, and s2s evaluate has --split"
            )
    if "tokenizer" in settings:
        raise click.UsageError("say --tokenizer NAME, not --option tokenizer=NAME")
    return settings


def make_tokenizer(name: str, lowercase: bool = False) -> Tokenizer:
    """A tokenizer by its name.

    Raises:
        click.UsageError: if there is none, or it cannot write lower case.
    """
    if lowercase and name != "word":
        raise click.UsageError(f"--lowercase works with words and subwords, not with {name!r}")
    try:
        return WordTokenizer(lowercase=True) if lowercase else get_tokenizer(name)
    except ValueError as error:
        raise click.UsageError(str(error)) from error


def _usual_tokenizer(name: str, settings: Mapping[str, Any]) -> str:
    """What the corpus itself would cut its text with."""
    if name == "multi30k" and settings.get("version") == "raw":
        return "word"
    if name == "tsv" and "alignment_column" in settings:
        return "whitespace"
    return ABOUT[name].tokenizer


def _key_and_value(text: str) -> tuple[str, Any]:
    """``size=500`` is a number, ``language=ita`` a word, ``locales=["de"]`` a list."""
    key, equals, value = text.partition("=")
    if not equals or not key:
        raise click.UsageError(f"--option takes KEY=VALUE, such as size=500, not {text!r}")
    try:
        return key.strip().replace("-", "_"), json.loads(value)
    except ValueError:
        return key.strip().replace("-", "_"), value
