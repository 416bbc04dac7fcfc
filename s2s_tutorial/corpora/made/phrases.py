"""``phrases``: Italian sentences and their English translations, from a small grammar."""

from __future__ import annotations

import functools
import json
import re

from s2s_tutorial.base.resources import resource_path
from s2s_tutorial.base.value_checks import check_name
from s2s_tutorial.corpora.made.grammar import Phrase, SynchronousGrammar
from s2s_tutorial.corpora.made.grammar_reader import read_grammar
from s2s_tutorial.corpora.made.making import draw_distinct, seeded_draw
from s2s_tutorial.text.pairs import Pair, ParallelCorpus

START = "Sentence"
LEVELS = {"full": START, "simple": "Simple"}  # the symbol that each starts from


def make_phrases(
    split: str, *, size: int | None = None, seed: int = 0, level: str = "full"
) -> ParallelCorpus:
    """Simple Italian sentences, their English translations and gold word alignments.

    A synchronous grammar of our own (``data/phrases/``) writes both sides at once, with
    agreement in gender and number, adjectives that change sides (*la casa rossa*, *the red
    house*), articles without a counterpart, dropped subjects, negation and questions. Every
    sentence has 3 to 14 source tokens and comes once.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.
        level: ``"full"``, or ``"simple"`` for commands and short statements about people, pets
            and fruit, which a small model learns in seconds (about 420 Italian and 175 English
            tokens; 41,144 sentences in all splits together).

    Returns:
        Pairs with gold alignments; a word without counterpart is in no link.

    Raises:
        TypeError: if an option is not a whole number.
        ValueError: if the level is unknown, or the size is below 1 or above what the grammar has.
    """
    size, rng = seeded_draw("phrases", split, size, seed)
    symbol = LEVELS[check_name("level", level, LEVELS)]
    grammar, finish = load_grammar()
    drawn = draw_distinct(
        rng,
        split,
        size,
        most=finish.count(grammar, symbol),
        draw=lambda: finish.sample(grammar, symbol, rng),
        every=lambda: filter(finish.fits, grammar.every(symbol)),
        source=finish.source,
    )
    return ParallelCorpus((finish.pair(phrase, src) for phrase, src in drawn), "phrases", split)


@functools.cache
def load_grammar() -> tuple[SynchronousGrammar, Finish]:
    """The grammar of ``data/phrases``, read once, and what finishes its sentences."""
    content = json.loads(resource_path("data/phrases/grammar.json").read_text(encoding="utf-8"))
    return read_grammar(content), Finish(content)


class Finish:
    """What happens to a sentence after the grammar: its length, and how words meet.

    Args:
        content: the grammar's JSON, of which this reads ``lengths`` and ``sandhi``.
    """

    def __init__(self, content: dict) -> None:
        self.shortest, self.longest = content["lengths"]
        self._sandhi = []
        for side in (content["sandhi"]["it"], content["sandhi"]["en"]):
            classes = [
                (name, re.compile(regex, re.IGNORECASE)) for name, regex in side["before"].items()
            ]
            self._sandhi.append((classes, side["words"]))

    def fits(self, phrase: Phrase) -> bool:
        """Whether the sentence is neither too short nor too long."""
        return self.shortest <= len(phrase.src) <= self.longest

    def count(self, grammar: SynchronousGrammar, symbol: str) -> int:
        """How many derivations have the right length."""
        lengths = range(self.shortest, self.longest + 1)
        return sum(grammar.count(symbol)[length] for length in lengths)

    def sample(self, grammar: SynchronousGrammar, symbol: str, rng) -> Phrase:
        """A random sentence of the right length."""
        while not self.fits(phrase := grammar.sample(symbol, rng)):
            pass
        return phrase

    def source(self, phrase: Phrase) -> tuple[str, ...]:
        """The source side as it is written: *il*, *lo* or *l'*, a capital first."""
        return self._write(phrase.src, *self._sandhi[0])

    def pair(self, phrase: Phrase, src: tuple[str, ...]) -> Pair:
        """The pair of a source already written, with its target: *a* or *an*, a capital first."""
        linked = phrase.tgt[""]
        tgt = self._write(tuple(word for word, _ in linked), *self._sandhi[1])
        return Pair(src, tgt, frozenset((j, i) for i, (_, js) in enumerate(linked) for j in js))

    def forms_of(self, word: str) -> set[str]:
        """All the ways to write an Italian word: *il**'s are *il*, *lo* and *l'*."""
        return set(self._sandhi[0][1].get(word, {"": word}).values())

    @staticmethod
    def _write(words, classes, forms) -> tuple[str, ...]:
        """Words ending in ``*`` take the form that the next word asks for."""
        written = []
        for word, following in zip(words, (*words[1:], "")):
            if word.endswith("*"):
                fitting = (n for n, regex in classes if n in forms[word] and regex.match(following))
                word = forms[word][next(fitting, "")]
            written.append(word)
        written[0] = written[0][0].upper() + written[0][1:]
        return tuple(written)
