"""All translations of an Italian sentence: the grammar run backwards, an oracle for the generator."""

from __future__ import annotations

from s2s_tutorial.corpora.made.grammar import Phrase
from s2s_tutorial.corpora.made.phrases import START, load_grammar
from s2s_tutorial.text.pairs import Pair


def translations(sentence: str) -> list[Pair]:
    """Every derivation whose Italian side is written so, as a pair."""
    src = tuple(sentence.split())
    grammar, finish = load_grammar()
    memo: dict[tuple[str, int], list[tuple[int, Phrase]]] = {}

    def reads(symbol: str, begin: int) -> list[tuple[int, Phrase]]:
        """Where the symbol may end if it begins there, and what it then stands for."""
        key = (symbol, begin)
        if key not in memo:
            if symbol in grammar.words:
                memo[key] = [
                    (begin + len(phrase.src), phrase)
                    for phrase in grammar.words[symbol]
                    if matches(phrase.src, begin)
                ]
            elif symbol in grammar.rules:
                memo[key] = [found for rule in grammar.rules[symbol] for found in use(rule, begin)]
            else:
                fits = matches((symbol,), begin)
                memo[key] = [(begin + 1, Phrase((symbol,), {"": ()}))] if fits else []
        return memo[key]

    def use(rule, begin: int) -> list[tuple[int, Phrase]]:
        partial: list[tuple[int, tuple[Phrase, ...]]] = [(begin, ())]
        for item in rule.src:
            partial = [
                (end, (*children, child))
                for middle, children in partial
                for end, child in reads(item, middle)
            ]
        return [(end, rule.join(children)) for end, children in partial]

    def matches(words: tuple[str, ...], begin: int) -> bool:
        return len(src) >= begin + len(words) and all(
            may_be(word, src[begin + k], begin + k == 0) for k, word in enumerate(words)
        )

    def may_be(word: str, written: str, first: bool) -> bool:
        """Whether the word may be written so before some next word."""
        forms = finish.forms_of(word)  # which one is right, finish.source says below
        return written in forms or (first and written in {f[0].upper() + f[1:] for f in forms})

    whole = [phrase for end, phrase in reads(START, 0) if end == len(src)]
    return [finish.pair(phrase, src) for phrase in whole if finish.source(phrase) == src]
