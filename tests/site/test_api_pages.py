"""The reference pages list every public name, and formulas in docstrings become Sphinx's."""

import re
import sys

import pytest
from places import ROOT

import s2s_tutorial as s2s

BOOK = ROOT / "book"
sys.path.insert(0, str(BOOK / "extensions"))
from s2s_api import with_sphinx_mathematics  # noqa: E402

PAGES = "\n".join(path.read_text(encoding="utf-8") for path in (BOOK / "api").glob("*.md"))
LISTED = re.findall(r"^\.\. auto\w+:: s2s_tutorial\.(\w+)$", PAGES, re.MULTILINE)


def test_every_public_name_is_listed_once_and_nothing_else():
    things = {name for name in s2s.__all__ if callable(getattr(s2s, name))}
    assert sorted(LISTED) == sorted(things)
    assert [
        name for name in s2s.__all__ if name not in things and f"`s2s.{name}`" not in PAGES
    ] == []


def test_every_preset_is_described():
    missing = [
        preset
        for preset in s2s.list_presets()
        if f"`{preset}`" not in PAGES and f"`{preset.replace('stacked_lstm', '')}`" not in PAGES
    ]
    assert missing == []


@pytest.mark.parametrize(
    ("docstring", "expected"),
    [
        ("the state $s_i$ here", "the state :math:`s_i` here"),
        ("over $a\n+ b$ lines", "over :math:`a + b` lines"),
        ("``$HOME`` and $x$", "``$HOME`` and :math:`x`"),
        ("costs 5 dollars", "costs 5 dollars"),
        ("$$ a\n   b $$", ".. math::\n\n   a\n   b\n"),
        ("    $$ a $$", "    .. math::\n\n       a\n"),
        ("$$ a $$\n$$ b $$", ".. math::\n\n   a\n\n\n.. math::\n\n   b\n"),
    ],
)
def test_formulas(docstring, expected):
    assert with_sphinx_mathematics(docstring) == expected
