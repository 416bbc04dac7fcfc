"""``trees``: Italian sentences and their syntax trees, as strings of brackets."""

from __future__ import annotations

import random
from collections.abc import Iterator

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.corpora.made.grammar import Phrase
from s2s_tutorial.corpora.made.making import draw_distinct, pick, seeded_draw
from s2s_tutorial.corpora.made.phrases import START, load_grammar
from s2s_tutorial.text.pairs import Pair, ParallelCorpus
from s2s_tutorial.text.trees import LEAF, Tree

# The labels of the symbols that become brackets; all others open none.
LABELS = {
    **dict.fromkeys(
        "Agent Human Actor Topic Theme Np Obj Known Liked Liker Name You".split(), "NP"
    ),
    "Nom": "NB",
    "Act": "VP",
    "Act2": "VP",
    "Pred": "AP",
}
# What joins sentences, and how tightly: "perché" before "ma" before "e".
JOINS = {"perché": 3, "ma": 2, "e*": 1}


def make_trees(
    split: str, *, size: int | None = None, seed: int = 0, clauses: int = 3
) -> ParallelCorpus:
    """Sentences of the grammar of ``phrases``, joined, and how they are built.

    A sentence of the grammar is an ``S``; in it there are noun phrases (``NP``), nouns with their
    adjectives (``NB``), verb phrases (``VP``) and adjectives with their adverbs (``AP``). Up to
    ``clauses`` of them are joined by *perché*, *ma* and *e*, which bind in this order: *A e B perché
    C* is A and (B because C), but *A perché B e C* is (A because B) and C. So how many brackets open
    before the first word depends on what comes after it.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs; by default 20000, 1000 and 1000.
        seed: seed of the draw.
        clauses: the most sentences of the grammar that are joined; each number is as likely.

    Returns:
        Pairs of a sentence and its linearised tree, ``(S (NP XX XX ) XX )``, in which ``XX`` stands
        for a word (Vinyals et al., 2015). The alignment links each word to its ``XX``.

    Raises:
        TypeError: if an option is not a whole number.
        ValueError: if an option is out of range, or the split has fewer sentences than ``size``.
    """
    size, rng = seeded_draw("trees", split, size, seed)
    clauses = check_whole("clauses", clauses, at_least=1)
    _, finish = load_grammar()
    drawn = draw_distinct(
        rng,
        split,
        size,
        most=10**9,
        draw=lambda: draw_tree(rng, 1 + int(rng.random() * clauses)),
        every=lambda: _some_more(clauses),
        source=lambda tree: finish.source(Phrase(tuple(tree.words()), {})),
    )
    pairs = []
    for tree, src in drawn:
        tgt = tuple(tree.linearised())
        leaves = (i for i, token in enumerate(tgt) if token == LEAF)
        pairs.append(Pair(src, tgt, frozenset(enumerate(leaves))))
    return ParallelCorpus(pairs, "trees", split)


def draw_tree(rng: random.Random, clauses: int) -> Tree:
    """The tree of so many sentences of the grammar, joined."""
    grammar, finish = load_grammar()
    trees, joins = [], []
    while len(trees) < clauses:
        derived = grammar.derive(START, rng)
        words = derived.words()
        if finish.shortest <= len(words) <= finish.longest and words[-1] != "?":
            trees.append(Tree("S", tuple(_children(derived))))
            joins.append(pick(rng, tuple(JOINS)))
    return join_clauses(trees, joins[1:])


def join_clauses(trees: list[Tree], joins: list[str]) -> Tree:
    """Several sentences as one: the loosest join is the top, the last one of equals.

    >>> a, b, c = (Tree("S", (word,)) for word in "ABC")
    >>> " ".join(join_clauses([a, b, c], ["e*", "perché"]).linearised())
    '(S (S XX ) XX (S (S XX ) XX (S XX ) ) )'
    >>> " ".join(join_clauses([a, b, c], ["perché", "e*"]).linearised())
    '(S (S (S XX ) XX (S XX ) ) XX (S XX ) )'
    """
    if len(trees) == 1:
        return trees[0]
    top = min(reversed(range(len(joins))), key=lambda k: JOINS[joins[k]])
    left, right = (
        join_clauses(trees[: top + 1], joins[:top]),
        join_clauses(trees[top + 1 :], joins[top + 1 :]),
    )
    return Tree("S", (left, joins[top], right))


def _children(tree: Tree) -> Iterator[Tree | str]:
    """What hangs from a symbol, with brackets for those that have a label alone."""
    for child in tree.children:
        if isinstance(child, str):
            yield child
            continue
        label = LABELS.get(child.label.split(".")[0])
        below = tuple(_children(child))
        nested = len(below) == 1 and isinstance(below[0], Tree) and below[0].label == label
        if label is None or nested or (label != "NP" and len(below) == 1):
            yield from below
        else:
            yield Tree(label, below)


def _some_more(clauses: int) -> Iterator[Tree]:
    """A great many trees, in an order of its own: more than anybody asks for."""
    rng = random.Random("more trees")
    for _ in range(200_000):
        yield draw_tree(rng, 1 + int(rng.random() * clauses))
