"""The live boxes of the site as the tests use them: opened, asked, read, and PyTorch's reading of their models."""

from __future__ import annotations

from functools import cache

from places import ROOT
from web_models import from_web
from website.checks import listen

import s2s_tutorial as s2s

MODELS = ROOT / "book/static/models"
PAGE = "book/try_it.html"
WAYS = "mouse", "keyboard", "touch"
PATIENT = 120_000  # milliseconds, as in `window`
LONG = "nine million four hundred and twelve thousand six hundred and fifty three"


def opened(context, address, name, page=PAGE):
    """A box of a page, built."""
    tab = context.new_page()
    tab.problems = listen(tab, address)
    tab.goto(address + page)
    box = tab.locator(f"#{name}")
    box.scroll_into_view_if_needed()
    tab.wait_for_selector(f"#{name}.s2s-ready")
    return tab, box


def answered(box, panel=0):
    """The words of an answer, `<eos>` too, once they are there."""
    words = box.locator(".s2s-panel").nth(panel).locator(".s2s-target button")
    words.first.wait_for()
    return words.all_text_contents()


def weights_in(box, panel=0):
    table = box.locator(".s2s-panel").nth(panel).locator("table").first.locator("tbody tr").all()
    return [
        [
            float(cell) if cell not in ("", "<.01") else 0.0
            for cell in row.locator("td").all_text_contents()
        ]
        for row in table
    ]


def map_in(box, panel=0):
    """The map's cells, row by row, as colours; and the words of its rows."""
    grid = box.locator(".s2s-panel").nth(panel).locator(".s2s-map-grid")
    colours = grid.locator("i").evaluate_all(
        "cells => cells.map((cell) => getComputedStyle(cell).backgroundColor)"
    )
    rows = grid.locator(".s2s-map-written").all_text_contents()
    width = len(colours) // len(rows)
    return [colours[k : k + width] for k in range(0, len(colours), width)], rows


@cache
def translator(name: str) -> s2s.Translator:
    """PyTorch's reading of a model of the site."""
    return from_web(MODELS / name)


def ask_by(way, box, text):
    """Write a text and have it answered, by one way of pressing."""
    field, button = box.locator("input[type=text]"), box.locator(".s2s-ask")
    field.fill(text)
    {"mouse": button.click, "touch": button.tap, "keyboard": lambda: field.press("Enter")}[way]()
