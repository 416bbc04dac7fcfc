"""Make the decks for a course's weeks from `book/slides` and the book itself: `make slides`.

    python -m tools.make_slides                 # all weeks, and a PDF of each where there is a Chromium
    python -m tools.make_slides --weeks 3 4     # some of them

`tools/slides/deck.py` says how a deck is written, `tools/slides/parts.py` what it can take from the book. What a deck names
is read from the chapters as they are stored; one that names what is not there is refused, with its file and line.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import yaml
from playwright.sync_api import Browser
from sphinx.errors import ExtensionError

from book.extensions.s2s_equations import FONTS, typeset
from tools import fetch_reveal, vendor_assets
from tools.browser import NoBrowser, running_browser, serving
from tools.slides.book import Book
from tools.slides.deck import Deck, Mistake, read_deck
from tools.slides.page import box_page, copy_assets, deck_page, index_page
from tools.slides.render import Renderer
from tools.slides.syllabus import read_syllabus

ROOT = Path(__file__).resolve().parents[1]
DECKS = ROOT / "book/slides"
OUTPUT = ROOT / "_build/slides"


def make_decks(
    paths: Sequence[Path], output: Path, chapters: Path = ROOT / "chapters"
) -> list[Deck]:
    """Write the pages of decks, with their pictures.

    Raises:
        Mistake: if a deck is not written as it should be; nothing is written then.
        ExtensionError: if an equation cannot be set; nothing is written then either.
    """
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    book, weeks = Book(chapters), read_syllabus(ROOT / "book/instructors.md")
    decks, pages, pictures = [read_deck(path) for path in paths], {}, {}
    for deck in decks:
        if deck.week not in weeks:
            raise Mistake(deck.path, 1, f"the syllabus has no week {deck.week}")
        following = weeks.get(deck.week + 1)
        renderer = Renderer(deck, book, weeks[deck.week], following, config["html"]["baseurl"])
        slides = renderer.slides()
        pages[f"{deck.path.stem}.html"] = deck_page(deck.week, deck.title, config["title"], slides)
        pictures |= renderer.parts.pictures
        pages |= {
            f"boxes/{name}.html": box_page(name, box) for name, box in renderer.parts.boxes.items()
        }
    with tempfile.TemporaryDirectory() as folder:
        made = Path(folder)
        for part in ("figures", "boxes"):
            (made / part).mkdir()
        for name, png in pictures.items():
            (made / f"figures/{name}.png").write_bytes(png)
        for name, page in pages.items():
            (made / name).write_text(page, encoding="utf-8")
        for deck in decks:
            name = made / deck.path.stem
            typeset([name.with_suffix(".html")], name.with_suffix(".css"), f"assets/{FONTS}")
        shutil.copytree(made, output, dirs_exist_ok=True)
    return decks


def list_decks(folder: Path, output: Path) -> None:
    """Write the page that lists the decks of a folder that are made, and their PDFs."""
    title = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))["title"]
    made = [path for path in folder.glob("week_*.md") if (output / f"{path.stem}.html").exists()]
    decks = sorted(map(read_deck, made), key=lambda deck: deck.week)
    page = index_page(title, decks, {path.stem for path in output.glob("*.pdf")})
    (output / "index.html").write_text(page, encoding="utf-8")


def print_decks(browser: Browser, decks: Sequence[Deck], output: Path) -> None:
    """Print decks, a page a slide."""
    with serving(output) as address:
        for deck in decks:
            page = browser.new_page(viewport={"width": 1280, "height": 720}, color_scheme="light")
            page.set_default_timeout(120_000)
            page.emulate_media(reduced_motion="reduce")
            page.goto(f"{address}{deck.path.stem}.html?print-pdf")
            page.wait_for_selector("html[data-printable]")
            page.pdf(
                path=output / f"{deck.path.stem}.pdf",
                prefer_css_page_size=True,
                print_background=True,
                tagged=True,
                outline=True,
            )
            page.close()


def main(arguments: list[str] | None = None) -> None:
    """Make all decks, or those of the weeks named on the command line."""
    parser = argparse.ArgumentParser(description="Make the slides of the eight weeks.")
    parser.add_argument("--weeks", nargs="*", type=int, default=[], help="default: all of them")
    parser.add_argument("--output", type=Path, default=OUTPUT)
    options = parser.parse_args(arguments)
    there = {int(path.stem.removeprefix("week_")): path for path in sorted(DECKS.glob("week_*.md"))}
    unknown = sorted(set(options.weeks) - set(there))
    if unknown:
        parser.error(f"no deck for week {unknown[0]}; there are {', '.join(map(str, there))}")
    vendor_assets.main()
    fetch_reveal.main()
    try:
        decks = make_decks([there[week] for week in options.weeks or there], options.output)
    except (Mistake, ExtensionError) as error:
        sys.exit(str(error))
    copy_assets(options.output, fetch_reveal.REVEAL)
    try:
        with running_browser() as browser:
            print_decks(browser, decks, options.output)
    except NoBrowser as error:
        print(f"The slides are made, and not printed. {error}")
    list_decks(DECKS, options.output)
    print(f"{len(decks)} decks in {options.output}: open index.html there, or run `serve-slides`")


if __name__ == "__main__":
    main()
