"""Whether what is given are tokens."""

from __future__ import annotations

from collections.abc import Sequence


def check_tokens(tokens: Sequence[str], what: str = "a sentence") -> None:
    """Raise unless ``tokens`` is a sequence of strings that is not itself a string.

    Raises:
        TypeError: for a plain string, which would count as a sentence of letters, for anything
            that is no sequence, and for tokens that are not strings.
    """
    if isinstance(tokens, (str, bytes)):
        raise TypeError(
            f"{what} must be a list of tokens, not the string {tokens!r}; split it into tokens "
            "first, for instance with WordTokenizer().tokenize(text)"
        )
    if not isinstance(tokens, Sequence):
        raise TypeError(f"{what} must be a list of tokens, not a {type(tokens).__name__}")
    for token in tokens:
        if not isinstance(token, str):
            raise TypeError(
                f"{what} holds {token!r}, a {type(token).__name__}; tokens are strings; "
                "decode ids with the vocabulary"
            )
