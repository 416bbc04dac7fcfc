"""Tokens of any script in a matplotlib figure: a second font where the first has no glyph."""

from __future__ import annotations

import unicodedata
import warnings
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import matplotlib as mpl
from matplotlib import font_manager

BOX = "\u25a1"
_FIRST_TO_ORDER_LETTERS = (3, 11)
# Asked first: they have all of a script, in shapes that go together.
_KNOWN = ("Noto Sans CJK", "Noto Sans", "Source Han Sans", "PingFang", "Hiragino Sans", "Microsoft")
_NO_LETTERS = "Last Resort"  # matplotlib's own, which draws a sign of its script for any letter
_EAST_ASIAN = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")  # how Unicode's names of letters begin


class Drawable(NamedTuple):
    """Tokens as matplotlib can draw them.

    Attributes:
        tokens: the tokens; what no font here can draw is a box in them.
        style: keyword arguments for matplotlib's text: the fonts, in the order in which a glyph is
            looked for.
    """

    tokens: list[str]
    style: dict[str, Any]


def drawable(tokens: Sequence[str]) -> Drawable:
    """Find fonts for all letters of some tokens; say in one warning which have none.

    The fonts are those of matplotlib's settings, and behind them, for the letters that those lack,
    installed ones that have them. Words that are written from right to left, and letters that change
    their shape beside others (Arabic), are put in order by matplotlib itself, from version 3.11 on.

    Args:
        tokens: the tokens.

    Returns:
        A :class:`Drawable`.

    Example:
        >>> drawable(["il", "gatto"])
        Drawable(tokens=['il', 'gatto'], style={'parse_math': False})
    """
    fonts: list[str] = []
    missing = _letters(tokens) - _glyphs_of_settings()
    for name, path in _installed() if missing else ():
        found = missing & _glyphs_of_other(path)
        if found:
            fonts.append(name)
            missing -= found
        if not missing:
            break
    style: dict[str, Any] = {"parse_math": False}
    if fonts:
        style["fontfamily"] = [*mpl.rcParams["font.family"], *fonts]
    unseen = {c for c in missing if unicodedata.category(c) in ("Cf", "Mn")}  # joiners, selectors
    boxed = missing - unseen
    if boxed:
        warnings.warn(_what_to_install(boxed), stacklevel=3)
    if _orders_no_letters() and any(
        unicodedata.bidirectional(c) in ("R", "AL") for token in tokens for c in token
    ):
        warnings.warn(
            "words that are written from right to left need matplotlib 3.11 or later, else their "
            "letters stand in the wrong order: pip install --upgrade matplotlib",
            stacklevel=3,
        )
    table = str.maketrans({c: "" for c in unseen} | {c: BOX for c in boxed})
    return Drawable([token.translate(table) for token in tokens], style)


def _letters(tokens: Iterable[str]) -> set[str]:
    return {c for token in tokens for c in token if c not in " \n"}


def _glyphs(path: str) -> set[str]:
    return {chr(code) for code in font_manager.get_font(path).get_charmap()}


def _glyphs_of_other(path: str) -> set[str]:
    """Nothing of a font that cannot be read, or that is made of pictures in one size (emoji)."""
    try:
        return _glyphs(path) if font_manager.get_font(path).scalable else set()
    except (OSError, RuntimeError):
        return set()


def _glyphs_of_settings() -> set[str]:
    """What matplotlib's own fonts can draw."""
    glyphs: set[str] = set()
    for family in mpl.rcParams["font.family"]:
        properties = font_manager.FontProperties(family=[family])
        try:
            glyphs |= _glyphs(font_manager.findfont(properties, fallback_to_default=False))
        except ValueError:  # named in the settings, but not installed
            continue
    return glyphs or _glyphs(font_manager.findfont(font_manager.FontProperties()))


def _installed() -> Iterator[tuple[str, str]]:
    """Name and file of every upright font, those that are known first; each in its plainest weight."""
    upright = [
        font
        for font in font_manager.fontManager.ttflist
        if font.style == "normal" and not font.name.startswith(_NO_LETTERS)
    ]
    upright.sort(key=lambda font: -abs(_weight(font.weight) - 400))  # the last one stays
    plain = {font.name: font.fname for font in upright}
    known = [name for start in _KNOWN for name in sorted(plain) if name.startswith(start)]
    for name in dict.fromkeys([*known, *sorted(plain)]):
        yield name, plain[name]


def _weight(weight: int | str) -> int:
    """As a number: 400 is normal, 700 bold."""
    return font_manager.weight_dict.get(weight, weight) if isinstance(weight, str) else weight


def _what_to_install(missing: set[str]) -> str:
    some = sorted(missing)
    font, package = "a font of that script, Noto Sans say", "fonts-noto-core"
    if any(unicodedata.name(c, "").startswith(_EAST_ASIAN) for c in some):
        font, package = "Noto Sans CJK", "fonts-noto-cjk"
    more = f" and {len(some) - 5} more" if len(some) > 5 else ""
    return (
        f"no font here has {' '.join(some[:5])}{more}, drawn as {BOX}: install {font} (Debian and "
        f"Ubuntu: apt install {package}), then start Python anew"
    )


def _orders_no_letters() -> bool:
    version = tuple(int(part) for part in mpl.__version__.split(".")[:2])
    return version < _FIRST_TO_ORDER_LETTERS
