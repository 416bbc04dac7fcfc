"""Stylesheets of the theme keep what a page or script may use, and lose the rest."""

from __future__ import annotations

import doctest
import sys

import pytest
from places import ROOT
from website.built import CHAPTERS, SITE

sys.path.insert(0, str(ROOT / "book/extensions"))
import s2s_lean as lean  # noqa: E402
import s2s_lean_styles as styles  # noqa: E402

THEME = SITE / "_static" / styles.SHEETS[0]


@pytest.mark.parametrize("module", [styles, lean])
def test_examples_say_what_comes_out(module):
    done = doctest.testmod(module)
    assert done.attempted > 1 and not done.failed


@pytest.mark.parametrize(
    "rule", [".modal.show", ".bd-sidebar-primary", ".btn:focus-visible", ":root", "@keyframes"]
)
def test_what_pages_and_scripts_use_stays(rule):
    assert rule in THEME.read_text(encoding="utf-8")


def test_what_no_page_uses_is_gone():
    css = THEME.read_text(encoding="utf-8")
    assert ".fa-hotdog" not in css and ".accordion-button" not in css and len(css) < 130_000


def test_an_escaped_name_is_found_and_a_broken_sheet_is_said():
    assert styles.lean_sheet(r".w-1\/2 { a: b } .gone { c: d }", {"w-1/2"}) == r".w-1\/2 { a: b }"
    assert styles.lean_sheet("@font-face { a: b } .x { c: d }", set()) == "@font-face { a: b }"


@pytest.mark.parametrize("page", CHAPTERS)
def test_no_figure_of_a_page_brings_a_second_picture_of_itself(page):
    html = (SITE / page).read_text(encoding="utf-8")
    assert '<img class="s2s-still"' not in html and "data:image/svg+xml;base64" not in html
