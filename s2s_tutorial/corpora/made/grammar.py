"""A synchronous grammar: rules that write a sentence and its translation together.

Each rule has two right-hand sides, one a language, over the same symbols in any order. Expanding
a symbol once therefore says the same in both, and which words belong together is known, not
guessed (Lewis and Stearns, 1968; Wu, 1997).
"""

from __future__ import annotations

import bisect
import functools
import itertools
import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from s2s_tutorial.corpora.made.making import pick
from s2s_tutorial.text.trees import Tree

# The words of a target side, each with the places of the source words it belongs to.
Linked = tuple[tuple[str, tuple[int, ...]], ...]


class Phrase(NamedTuple):
    """What a symbol was expanded to.

    Attributes:
        src: source words.
        tgt: target words by field: ``""`` is what a rule's symbol stands for; a verb also has
            ``"base"`` or ``"ing"``, for the rules that ask for it by name.
    """

    src: tuple[str, ...]
    tgt: Mapping[str, Linked]


class TargetItem(NamedTuple):
    """One item of a rule's target side: a child's words, or words of the rule's own.

    Attributes:
        child: which source item's target words go here; None for the rule's own words.
        field: which of the child's fields.
        words: the rule's own words.
        links: the source items that those belong to, or that the child's words belong to as well.
    """

    child: int | None
    field: str
    words: tuple[str, ...]
    links: tuple[int, ...]


@dataclass(frozen=True)
class Rule:
    """One way to expand a symbol.

    Attributes:
        src: source side; symbols of the grammar and words.
        tgt: target side.
        weight: how often it is used, relative to the symbol's other rules.
    """

    src: tuple[str, ...]
    tgt: tuple[TargetItem, ...]
    weight: float

    @functools.cached_property
    def renames(self) -> bool:
        """Whether the symbol only stands for another, on both sides."""
        return len(self.src) == 1 and self.tgt == (TargetItem(0, "", (), ()),)

    def join(self, children: Sequence[Phrase]) -> Phrase:
        """The phrase made of the phrases that the source items were expanded to."""
        src: list[str] = []
        starts = [0]
        for child in children:
            src += child.src
            starts.append(len(src))
        tgt: list[tuple[str, tuple[int, ...]]] = []
        for child, field, words, links in self.tgt:
            own: tuple[int, ...] = ()
            for k in links:
                own += tuple(range(starts[k], starts[k + 1]))
            if child is None:
                for word in words:
                    tgt.append((word, own))
                continue
            start = starts[child]
            for word, places in children[child].tgt[field]:
                tgt.append((word, tuple([start + j for j in places]) + own))
        return Phrase(tuple(src), {"": tuple(tgt)})


class SynchronousGrammar:
    """Symbols with their rules and words; no symbol may lead back to itself.

    Args:
        rules: the rules of each symbol that has rules.
        words: the phrases of each symbol that stands for words.
    """

    def __init__(
        self, rules: Mapping[str, Sequence[Rule]], words: Mapping[str, Sequence[Phrase]]
    ) -> None:
        self.words = words
        self._counts: dict[str, Counter[int]] = {}
        self.rules = rules
        # A rule with a symbol that nothing expands (no plural, say) can never be used.
        self.rules = {
            symbol: [rule for rule in alternatives if self._count_rule(rule)]
            for symbol, alternatives in rules.items()
        }

    def count(self, symbol: str) -> Counter[int]:
        """How many derivations a symbol has, by the length of the source side."""
        if symbol not in self._counts:
            if symbol in self.words:
                found = Counter(len(phrase.src) for phrase in self.words[symbol])
            elif symbol in self.rules:
                found = Counter()
                for rule in self.rules[symbol]:
                    found.update(self._count_rule(rule))
            else:  # a word that a rule writes, or a symbol that nothing expands
                found = Counter() if symbol[0].isupper() else Counter({1: 1})
            self._counts[symbol] = found
        return self._counts[symbol]

    def _count_rule(self, rule: Rule) -> Counter[int]:
        total = Counter({0: 1})
        for item in rule.src:
            grown: Counter[int] = Counter()
            for (m, ways), (n, more) in itertools.product(total.items(), self.count(item).items()):
                grown[m + n] += ways * more
            total = grown
        return total

    def sample(self, symbol: str, rng: random.Random) -> Phrase:
        """Expand a symbol at random: rules by weight, words uniformly."""
        if symbol in self.words:
            return pick(rng, self.words[symbol])
        if symbol not in self.rules:
            return _own_word(symbol)
        weights = self._cumulative[symbol]
        rule = self.rules[symbol][bisect.bisect(weights, rng.random() * weights[-1])]
        if rule.renames:
            return self.sample(rule.src[0], rng)
        return rule.join([self.sample(item, rng) for item in rule.src])

    def derive(self, symbol: str, rng: random.Random) -> Tree:
        """Expand a symbol at random and keep how: a tree of symbols over the source words."""
        if symbol in self.words:
            return Tree(symbol, pick(rng, self.words[symbol]).src)
        if symbol not in self.rules:
            return Tree(symbol, (symbol,))
        weights = self._cumulative[symbol]
        rule = self.rules[symbol][bisect.bisect(weights, rng.random() * weights[-1])]
        return Tree(symbol, tuple(self.derive(item, rng) for item in rule.src))

    def every(self, symbol: str) -> Iterator[Phrase]:
        """Every expansion of a symbol."""
        if symbol in self.words:
            yield from self.words[symbol]
        elif symbol in self.rules:
            for rule in self.rules[symbol]:
                yield from map(rule.join, self._sequences(rule.src))
        else:
            yield _own_word(symbol)

    def _sequences(self, symbols: tuple[str, ...]) -> Iterator[tuple[Phrase, ...]]:
        """Every expansion of several symbols; unlike itertools.product, one at a time."""
        if not symbols:
            yield ()
            return
        for first in self.every(symbols[0]):
            for rest in self._sequences(symbols[1:]):
                yield (first, *rest)

    @functools.cached_property
    def _cumulative(self) -> dict[str, list[float]]:
        return {
            symbol: list(itertools.accumulate(rule.weight for rule in alternatives))
            for symbol, alternatives in self.rules.items()
        }


@functools.cache
def _own_word(word: str) -> Phrase:
    """A word that a rule itself writes on its source side."""
    return Phrase((word,), {"": ()})
