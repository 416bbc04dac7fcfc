"""Syntax trees as strings of brackets, and back to the stretches of words that they mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from s2s_tutorial.text.tags import Span

LEAF = "XX"  # what stands for a word in a linearised tree


class Tree(NamedTuple):
    """A node and what hangs from it.

    Attributes:
        label: what the node is: ``"S"``, ``"NP"``.
        children: trees and words, in their order.

    Example:
        >>> tree = Tree("S", (Tree("NP", ("la", "gatta")), "dorme"))
        >>> tree.words(), " ".join(tree.linearised())
        (['la', 'gatta', 'dorme'], '(S (NP XX XX ) XX )')
    """

    label: str
    children: tuple[Tree | str, ...]

    def words(self) -> list[str]:
        """The words, from left to right."""
        below = ([child] if isinstance(child, str) else child.words() for child in self.children)
        return [word for words in below for word in words]

    def linearised(self) -> list[str]:
        """The tree as a sentence of brackets (Vinyals et al., 2015, section 2.2).

        An opening bracket with its label, ``XX`` for each word, a closing bracket.
        """
        tokens = [f"({self.label}"]
        for child in self.children:
            tokens += [LEAF] if isinstance(child, str) else child.linearised()
        return [*tokens, ")"]


def bracket_spans(tokens: Sequence[str]) -> list[Span]:
    """The brackets of a linearised tree, each with its label and the words that it holds.

    What a model writes need not be a tree: a bracket that is never closed, or closes nothing, marks
    no span, nor does one without a word.

    Args:
        tokens: as :meth:`Tree.linearised` gives them; what is no bracket counts as a word.

    Example:
        >>> bracket_spans("(S (NP XX XX ) XX )".split())
        [Span(label='NP', start=0, end=2), Span(label='S', start=0, end=3)]
        >>> bracket_spans("(S (NP XX XX ) XX ) )".split()) == bracket_spans("(S (NP XX XX ) XX )".split())
        True
    """
    spans, opened, place = [], [], 0
    for token in tokens:
        if token.startswith("("):
            opened.append((token[1:], place))
        elif token == ")":
            if opened:
                label, start = opened.pop()
                if place > start:
                    spans.append(Span(label, start, place))
        else:
            place += 1
    return spans


def is_tree(tokens: Sequence[str]) -> bool:
    """Whether brackets are those of one tree: balanced, closed at the end and not before.

    >>> [is_tree(text.split()) for text in ("(S XX )", "(S XX", "(S XX ) )", "(S XX ) (S XX )")]
    [True, False, False, False]
    """
    depth = 0
    for place, token in enumerate(tokens):
        depth += token.startswith("(") - (token == ")")
        if depth <= 0 and place + 1 < len(tokens):
            return False
    return bool(tokens) and depth == 0


def read_brackets(lines: Iterable[str], name: str = "the text") -> Iterator[tuple[int, Tree]]:
    """The trees of a text in the brackets of the Penn Treebank (Marcus et al., 1993).

    Args:
        lines: the lines; a tree may go over several of them.
        name: what to call the text in a message.

    Yields:
        Each tree with the number of the line it begins on, from 1. A tree without a label,
        ``( (S ...) )``, has the label ``""``.

    Raises:
        ValueError: if brackets are not balanced, or a word stands outside; with the line's number.

    Example:
        >>> [(line, tree)] = read_brackets(["(S (NP (DT the) (NN cat))", "   (VP (VBZ sleeps)))"])
        >>> line, tree.words()
        (1, ['the', 'cat', 'sleeps'])
    """
    opened: list[tuple[str, list, int]] = []
    for number, line in enumerate(lines, start=1):
        for token in re.findall(r"\(\s*[^\s()]*|\)|[^\s()]+", line):
            if token.startswith("("):
                opened.append((token[1:].strip(), [], number))
            elif not opened:
                what = "a bracket closes that none opened" if token == ")" else f"{token!r} stands"
                raise ValueError(
                    f"{name}, line {number}: {what}{'' if token == ')' else ' outside of a tree'}"
                )
            elif token != ")":
                opened[-1][1].append(token)
            else:
                label, children, begun = opened.pop()
                if not children:
                    raise ValueError(f"{name}, line {number}: the bracket ({label} ) is empty")
                tree = Tree(label, tuple(children))
                if opened:
                    opened[-1][1].append(tree)
                else:
                    yield begun, tree
    if opened:
        label, _, begun = opened[0]
        raise ValueError(
            f"{name}, line {begun}: the tree ({label} ... is never closed; {len(opened)} closing "
            f"bracket{'s are' if len(opened) > 1 else ' is'} missing"
        )
