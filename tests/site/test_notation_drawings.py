"""The notation page shows how each quantity is drawn, in the figures' own drawing and with a label."""

from __future__ import annotations

import doctest
import sys

from places import ROOT
from website.built import SITE
from website.checks import tree

sys.path.insert(0, str(ROOT / "book/extensions"))
import s2s_looks  # noqa: E402

DRAWN = "token", "encoder", "decoder", "weights", "context"


def test_examples_say_what_comes_out():
    done = doctest.testmod(s2s_looks)
    assert done.attempted and not done.failed


def test_the_page_has_one_drawing_a_quantity():
    page = SITE / "book/notation.html"
    text = page.read_text(encoding="utf-8")
    assert all(s2s_looks.drawn(quantity) in text for quantity in DRAWN)
    assert len(tree(page).xpath('//table//svg[@role="img" and @aria-label]')) == len(DRAWN)
