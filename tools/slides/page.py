"""The page of a deck, and what lies beside it: reveal.js, fonts, the book's own colours, the boxes' engine."""

from __future__ import annotations

import html
import shutil
from collections.abc import Sequence, Set
from pathlib import Path

from pygments.formatters import HtmlFormatter

from book.extensions.s2s_site import copy_engine
from tools.slides.deck import Deck

ROOT = Path(__file__).resolve().parents[2]
OURS = Path(__file__).parent
REVEAL = ("dist/reveal.css", "dist/reveal.js", "dist/plugin/notes.js", "LICENSE")
PAGE = """<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="assets/favicon.svg">
<link rel="stylesheet" href="assets/reveal/reveal.css">
<link rel="stylesheet" href="assets/vendor/fonts/fonts.css">
<link rel="stylesheet" href="assets/theme.css">
<link rel="stylesheet" href="assets/code.css">
<link rel="stylesheet" href="assets/deck.css">
<script defer src="assets/reveal/reveal.js"></script>
<script defer src="assets/reveal/notes.js"></script>
<script defer src="assets/deck.js"></script>
</head>
<body>
<main class="reveal"><div class="slides">
{slides}
</div></main>
</body>
</html>
"""
BOX = """<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="stylesheet" href="../assets/vendor/fonts/fonts.css">
<link rel="stylesheet" href="../assets/theme.css">
<link rel="stylesheet" href="../assets/box.css">
<script defer src="../assets/box.js"></script>
<script type="module" src="../assets/live/boxes.js"></script>
</head>
<body>
<main>
{box}
</main>
</body>
</html>
"""
INDEX = """<!doctype html>
<html lang="en" data-theme="light">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="assets/favicon.svg">
<link rel="stylesheet" href="assets/vendor/fonts/fonts.css">
<link rel="stylesheet" href="assets/theme.css">
<link rel="stylesheet" href="assets/deck.css">
</head>
<body class="index"><main>
<h1>{title}</h1>
<ol>
{decks}
</ol>
<p>{said}</p>
</main></body>
</html>
"""
SAID = (
    "Space goes on, S opens the speaker’s notes, F fills the screen, O shows all slides, D changes light and dark. "
    "Boxes in which a model runs need a server: <code>make serve-slides</code>, or any other. Text and figures: CC BY 4.0."
)


def deck_page(week: int, title: str, book: str, slides: Sequence[str]) -> str:
    """Return the page of a deck."""
    return PAGE.format(
        title=html.escape(f"Week {week}: {title} · {book}"), slides="\n".join(slides)
    )


def box_page(name: str, box: str) -> str:
    """Return the page of a box: reveal.js would take its parts for slides, so it stands in a frame."""
    return BOX.format(title=html.escape(f"Box: {name}"), box=box)


def index_page(book: str, decks: Sequence[Deck], printed: Set[str]) -> str:
    """Return the page that lists the decks; `printed` has the names of those with a PDF."""
    items = []
    for deck in decks:
        name, title, question = deck.path.stem, html.escape(deck.title), html.escape(deck.question)
        pdf = f' <a class="pdf" href="{name}.pdf">PDF<span class="unseen"> of week {deck.week}</span></a>'
        items.append(
            f'<li value="{deck.week}"><a href="{name}.html">{title}</a>{pdf if name in printed else ""}'
            f"<p>{question}</p></li>"
        )
    return INDEX.format(title=html.escape(f"Slides for {book}"), decks="\n".join(items), said=SAID)


def copy_assets(output: Path, reveal: Path) -> None:
    """Copy into `output/assets` what the pages load.

    Args:
        output: the folder of the slides.
        reveal: the folder of the npm package reveal.js.
    """
    assets, static = output / "assets", ROOT / "book/static"
    shutil.rmtree(assets, ignore_errors=True)
    (assets / "reveal").mkdir(parents=True)
    for name in REVEAL:
        shutil.copyfile(reveal / name, assets / "reveal" / Path(name).name)
    for part in ("mathjax", "fonts"):
        shutil.copytree(static / "vendor" / part, assets / "vendor" / part)
    shutil.copytree(static / "models", assets / "models")
    copy_engine(ROOT / "s2s_tutorial", assets / "live")
    files = [static / "theme.css", static / "favicon.svg", *OURS.glob("*.css"), *OURS.glob("*.js")]
    for file in files:
        shutil.copyfile(file, assets / file.name)
    code = [
        HtmlFormatter(style=f"a11y-high-contrast-{scheme}").get_style_defs(
            f'[data-theme="{scheme}"] .highlight'
        )
        for scheme in ("light", "dark")
    ]
    (assets / "code.css").write_text("\n".join(code), encoding="utf-8")
