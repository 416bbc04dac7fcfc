"""Tags of tokens, ``B-PER I-PER O``, and the spans that they mark."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import NamedTuple

_TAG = re.compile(r"O|[BI]-(\S+)")


class Span(NamedTuple):
    """A stretch of tokens with a label.

    Attributes:
        label: what it is: ``"PER"``, ``"NP"``.
        start: the place of its first token, from 0.
        end: the place after its last token.

    Example:
        >>> span = Span("PER", 1, 3)
        >>> "then Anna Rossi paid".split()[span.start : span.end]
        ['Anna', 'Rossi']
    """

    label: str
    start: int
    end: int


def tag_spans(tags: Sequence[str]) -> list[Span]:
    """The spans that IOB tags mark (Ramshaw & Marcus, 1995; Tjong Kim Sang & De Meulder, 2003).

    ``B-`` begins a span and ``I-`` of the same label goes on; ``I-`` after anything else begins one
    too, so that both forms, IOB1 and IOB2, are read, and whatever a tagger says.

    Args:
        tags: one for each token: ``"O"``, ``"B-PER"``, ``"I-PER"``.

    Raises:
        ValueError: if a tag is none of these; the message gives its place.

    Example:
        >>> tag_spans(["O", "B-PER", "I-PER", "B-PER", "I-LOC"])
        [Span(label='PER', start=1, end=3), Span(label='PER', start=3, end=4), \
Span(label='LOC', start=4, end=5)]
    """
    spans: list[Span] = []
    for place, tag in enumerate(tags):
        label = check_tag(tag, f"tag {place}")
        if label is None:
            continue
        goes_on = tag[0] == "I" and spans and spans[-1].end == place and spans[-1].label == label
        if goes_on:
            spans[-1] = spans[-1]._replace(end=place + 1)
        else:
            spans.append(Span(label, place, place + 1))
    return spans


def span_tags(spans: Iterable[Span], length: int) -> list[str]:
    """The IOB2 tags of spans that do not overlap.

    >>> span_tags([Span("PER", 1, 3)], length=4)
    ['O', 'B-PER', 'I-PER', 'O']

    Args:
        spans: the spans.
        length: the number of tokens.

    Raises:
        ValueError: if a span lies outside, is empty, or overlaps another.
    """
    tags = ["O"] * length
    for label, start, end in spans:
        if not 0 <= start < end <= length:
            raise ValueError(f"the span {label} {start}:{end} does not lie inside {length} tokens")
        if tags[start:end] != ["O"] * (end - start):
            raise ValueError(f"the span {label} {start}:{end} overlaps another")
        tags[start:end] = [f"B-{label}"] + [f"I-{label}"] * (end - start - 1)
    return tags


def check_tag(tag: str, what: str) -> str | None:
    """The label of a tag; None for ``"O"``.

    Raises:
        ValueError: if it is no IOB tag; the message begins with ``what``.

    >>> check_tag("B-PER", "tag 3")
    'PER'
    """
    found = _TAG.fullmatch(tag) if isinstance(tag, str) else None
    if found is None:
        raise ValueError(
            f"{what} is {tag!r}; tags are written O, B-LABEL or I-LABEL, such as B-PER"
        )
    return found[1]


def entity_list(tokens: Sequence[str], tags: Sequence[str]) -> list[str]:
    """The entities of a sentence as a text to be written: ``PER Anna Rossi ; LOC Turin ;``.

    >>> " ".join(entity_list("Anna pays 3 €".split(), ["B-PER", "O", "B-MONEY", "I-MONEY"]))
    'PER Anna ; MONEY 3 € ;'

    Args:
        tokens: the sentence.
        tags: its IOB tags, as many.

    Returns:
        The label and the tokens of each entity, in their order, each ended by ``;``; where there is
        none, ``;`` alone.

    Raises:
        ValueError: if there are not as many tags as tokens, or a tag is none.
    """
    check_tags(tokens, tags)
    spans = tag_spans(tags)
    listed = [token for s in spans for token in (s.label, *tokens[s.start : s.end], ";")]
    return listed or [";"]


def read_entity_list(written: Sequence[str]) -> list[tuple[str, str]]:
    """What :func:`entity_list` wrote, as ``(label, text)``.

    >>> read_entity_list("PER Anna ; MONEY 3 € ;".split())
    [('PER', 'Anna'), ('MONEY', '3 €')]
    """
    entities, item = [], []
    for token in [*written, ";"]:
        if token != ";":
            item.append(token)
        elif item:
            entities.append((item[0], " ".join(item[1:])))
            item = []
    return entities


def check_tags(tokens: Sequence[str], tags: Sequence[str], where: str = "the sentence") -> None:
    """Raise ValueError unless there is one tag for each token.

    >>> check_tags(["a"], ["O"])
    """
    if len(tokens) != len(tags):
        raise ValueError(
            f"{where} has {len(tokens)} tokens but {len(tags)} tags; every token needs one tag"
        )
