"""The few marks of a question's text, as HTML and as plain words: `` `code` ``, ``*emphasis*``, ``s_{i-1}``."""

from __future__ import annotations

import html
import re

CODE = re.compile(r"(`[^`]+`)")
SUBSCRIPT = re.compile(r"_\{([^{}]+)\}")
EMPHASIS = re.compile(r"\*(?! )([^*]+)(?<! )\*")


def to_html(text: str) -> str:
    """A text as HTML, everything else in it escaped.

    >>> to_html("`<pad>` has s_{i-1} < *one*")
    '<code>&lt;pad&gt;</code> has s<sub>i−1</sub> &lt; <em>one</em>'
    """

    def subscript(found: re.Match) -> str:
        return f"<sub>{found[1].replace('-', '−')}</sub>"

    def part(piece: str) -> str:
        if CODE.fullmatch(piece):
            return f"<code>{html.escape(piece[1:-1])}</code>"
        safe = html.escape(piece.replace("'", "’"))
        return EMPHASIS.sub(r"<em>\1</em>", SUBSCRIPT.sub(subscript, safe))

    return "".join(part(piece) for piece in CODE.split(text) if piece)


def to_plain(text: str) -> str:
    """A text as it is read, without its marks: what a platform exports of a choice.

    >>> to_plain("`<pad>` has s_{i-1} < *one*")
    '<pad> has si−1 < one'
    """
    return html.unescape(re.sub(r"<[^>]+>", "", to_html(text)))


def same_words(text: str) -> str:
    """A text for comparing: without marks, spaces and capitals, since platforms change them."""
    return re.sub(r"[\s_*`]+", "", to_plain(text)).casefold()
