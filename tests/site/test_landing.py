"""The figure of the landing page: up to date, whole without scripts, and true to the corpus."""

from __future__ import annotations

import re
import sys
from html.parser import HTMLParser

import pytest
from places import ROOT

BOOK = ROOT / "book"


@pytest.fixture(scope="module")
def drawing():
    """The module `tools/draw_landing.py`."""
    if not BOOK.exists():
        pytest.skip("the book is not part of an installed package")
    sys.path.insert(0, str(ROOT / "tools"))
    try:
        import draw_landing
    finally:
        sys.path.remove(str(ROOT / "tools"))
    return draw_landing


class Texts(HTMLParser):
    """Collects, for each SVG, the texts a reader without scripts sees."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.panels: list[list[str]] = []
        self.seen = False
        self.feed(html)

    def handle_starttag(self, tag, attrs):
        if tag == "svg":
            self.panels.append([])
        self.seen = tag == "text" and "lf-ghost" not in dict(attrs).get("class", "")

    def handle_data(self, data):
        if self.seen and data.strip():
            self.panels[-1].append(data)


def test_stored_figure_is_what_the_script_draws(drawing):
    assert drawing.OUTPUT.read_text(encoding="utf-8") == drawing.draw(), (
        "run python tools/draw_landing.py"
    )


def test_both_panels_are_whole_without_scripts(drawing):
    panels = Texts(drawing.draw()).panels
    assert len(panels) == 2
    for panel in panels:
        for word in {*drawing.SOURCE, *drawing.TARGET, "h₁", "h₄", "s₁", "s₄"}:
            assert word in panel, f"{word} is missing from a panel"
    assert "one vector" in panels[0] and "c₄" in panels[1]


def test_every_step_has_a_caption(drawing):
    html = drawing.draw()
    named = set()
    for value in re.findall(r'data-(?:from|now)="([\d ]+)"', html):
        named.update(map(int, value.split()))
    assert named == set(range(1, len(drawing.CAPTIONS) + 1))


def test_no_other_host(drawing):
    for text in (drawing.draw(), *(path.read_text() for path in BOOK.glob("static/landing.*"))):
        assert "http" not in text and "url(" not in text


def test_pair_and_alignment_are_the_corpus_own(drawing):
    from s2s_tutorial.corpora import load_corpus

    for split in ("train", "valid", "test"):
        for pair in load_corpus("phrases", split, size=1_000, level="simple"):
            if pair.src == drawing.SOURCE:
                assert pair.tgt == drawing.TARGET
                assert pair.alignment == frozenset(drawing.ALIGNMENT)
                return
    pytest.fail(f"phrases does not contain {' '.join(drawing.SOURCE)}")
