"""Print the built site as one PDF: `make pdf`.

    python -m tools.make_pdf                                             # the whole book
    python -m tools.make_pdf --pages book/notation --output notation.pdf # some pages of it

Chromium puts the pages of `_toc.yml` one behind the other in one document (make_pdf.js) and prints it twice.
CSS cannot say on which page a link's target stands, so the first print is read for the numbers of the contents.
"""

from __future__ import annotations

import argparse
import contextlib
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pypdfium2
import yaml
from playwright.sync_api import Browser, Page
from pypdfium2 import raw

from tools.browser import NoBrowser, running_browser, serving

ROOT = Path(__file__).resolve().parents[1]
SITE = ROOT / "_build/html"
OUTPUT = ROOT / "_build/pdf/attention-step-by-step.pdf"
COLUMN = 657  # pixels of CSS: A4 less the margins of print.css


def list_parts(toc: dict, wanted: Sequence[str] = ()) -> list[dict]:
    """Return the parts of the book as `{"caption": ..., "pages": [...]}`, in the order of `_toc.yml`.

    Args:
        toc: what `_toc.yml` says.
        wanted: names of the pages to keep; all if empty.
    """

    def names(entries: list[dict]) -> Iterator[str]:
        for entry in entries:
            yield entry["file"]
            yield from names(entry.get("sections", []))

    parts = [("", [toc["root"]])]
    parts += [(part["caption"], list(names(part["chapters"]))) for part in toc["parts"]]
    unknown = set(wanted) - {page for _, pages in parts for page in pages}
    if unknown:
        sys.exit(f"_toc.yml has no page {', '.join(sorted(unknown))}")
    kept = [
        (caption, [page for page in pages if page in wanted or not wanted])
        for caption, pages in parts
    ]
    return [{"caption": caption, "pages": pages} for caption, pages in kept if pages]


def numbers_of(pdf: bytes, targets: Sequence[str]) -> dict[str, int]:
    """Return on which page of a PDF, counted from 1, each of these targets of links stands."""
    document = pypdfium2.PdfDocument(pdf)
    places = {name: raw.FPDF_GetNamedDestByName(document, name.encode()) for name in targets}
    lost = [name for name, place in places.items() if not place]
    if lost:
        raise RuntimeError(
            f"the print has no place for {', '.join(lost)}: is this Chromium too old?"
        )
    return {
        name: raw.FPDFDest_GetDestPageIndex(document, place) + 1 for name, place in places.items()
    }


def print_pdf(page: Page) -> bytes:
    """Print what the page shows."""
    return page.pdf(
        format="A4", prefer_css_page_size=True, print_background=True, tagged=True, outline=True
    )


def make_pdf(browser: Browser, site: Path, parts: list[dict], output: Path) -> None:
    """Print pages of a built site as one PDF.

    Args:
        browser: a Chromium.
        site: the folder of the built site.
        parts: what :func:`list_parts` gave.
        output: the file to write.

    Raises:
        RuntimeError: if the second print puts something on another page than the first.
    """
    config = yaml.safe_load((ROOT / "_config.yml").read_text(encoding="utf-8"))
    book = {
        "title": config["title"],
        "author": config["author"],
        "year": config["copyright"],
        "address": config["html"]["baseurl"],
        "parts": parts,
    }
    page = browser.new_page(viewport={"width": COLUMN, "height": 900}, color_scheme="light")
    page.set_default_timeout(600_000)  # the whole book, on a machine that may be busy
    with contextlib.closing(page), serving(site) as address:
        page.emulate_media(media="print", reduced_motion="reduce")
        pages = [name for part in parts for name in part["pages"]]
        page.goto(f"{address}{pages[0]}.html")
        page.add_style_tag(url=f"{address}_static/equations.css")
        page.add_style_tag(path=str(ROOT / "tools/make_pdf.css"))
        page.evaluate((ROOT / "tools/make_pdf.js").read_text(encoding="utf-8"), book)
        slots = page.locator("[data-page-of]")
        targets = slots.evaluate_all("slots => slots.map(slot => slot.dataset.pageOf)")
        numbers = numbers_of(print_pdf(page), targets)
        slots.evaluate_all(
            "(slots, numbers) => slots.forEach("
            "slot => { slot.textContent = numbers[slot.dataset.pageOf]; })",
            numbers,
        )
        pdf = print_pdf(page)
    if numbers_of(pdf, targets) != numbers:
        raise RuntimeError("with its page numbers the contents broke into other lines than without")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_bytes(pdf)


def main(arguments: list[str] | None = None) -> None:
    """Print the book, or the pages named on the command line."""
    parser = argparse.ArgumentParser(description="Print the built site as one PDF.")
    parser.add_argument(
        "--pages", nargs="*", default=[], help="as in _toc.yml; default: all of them"
    )
    parser.add_argument("--output", type=Path, default=OUTPUT, help="the PDF to write")
    options = parser.parse_args(arguments)
    if not (SITE / "searchindex.js").is_file():
        sys.exit("There is no site in _build/html: run `make book` first.")
    toc = yaml.safe_load((ROOT / "_toc.yml").read_text(encoding="utf-8"))
    parts = list_parts(toc, options.pages)
    print("==> printing the book (two prints; a few minutes)", flush=True)
    try:
        with running_browser() as browser:
            make_pdf(browser, SITE, parts, options.output)
    except NoBrowser as error:
        sys.exit(str(error))
    pages = len(pypdfium2.PdfDocument(options.output))
    print(f"{options.output}: {pages} pages, {options.output.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
