"""Fonts as the book needs them: the weights that its pages use, without features that nothing asks for.

A variable font from npm holds every weight from 200 to 900, small capitals, old figures, and in its file for Latin
beyond Western Europe the rare blocks too. A page waits for all of it. Here the weights are limited to 400 to 700, features
to those that browsers apply by themselves, and that file to the blocks from U+0100 to U+02FF (Central Europe, phonetics).
"""

from __future__ import annotations

import re
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib import instancer

WEIGHTS = (400, 400, 700)  # lowest, default, highest
FEATURES = ["kern", "liga", "calt", "ccmp", "locl", "mark", "mkmk"]
BEYOND = 0x0370  # where the blocks that are kept of the Latin ones end, with the combining marks


def make_smaller(path: Path) -> None:
    """Write a font file of a Latin, Greek or Cyrillic subset again, smaller."""
    font = TTFont(path)
    options = Options()
    options.layout_features, options.hinting = FEATURES, False
    subsetter = Subsetter(options)
    kept = [u for u in font.getBestCmap() if u < BEYOND or "latin-ext" not in path.name]
    subsetter.populate(unicodes=kept)
    subsetter.subset(font)
    if "fvar" in font:
        font = instancer.instantiateVariableFont(font, {"wght": WEIGHTS})
    font.flavor = "woff2"
    font.save(path)


def fit_styles(css: str) -> str:
    """The style sheet of fonts that were made smaller: their weights, and their blocks.

    >>> print(fit_styles("url(x-latin-ext-y); font-weight: 200 900; unicode-range: U+0100-02BA,U+1E00-1E9F;"))
    url(x-latin-ext-y); font-weight: 400 700; unicode-range: U+0100-02BA;
    """
    css = css.replace("font-weight: 200 900", f"font-weight: {WEIGHTS[0]} {WEIGHTS[2]}")

    def kept_blocks(face: re.Match) -> str:
        blocks = face[2].split(",")
        return face[1] + ",".join(b for b in blocks if int(re.split("[+-]", b)[1], 16) < BEYOND)

    return re.sub(r"(latin-ext-[^}]*unicode-range: )([^;]+)", kept_blocks, css)
