"""A page of translations whose words show, on hovering, where the model looked."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.etree.ElementTree import Element

from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.figures.widgets.attention.explorer import AttentionExplorer
from s2s_tutorial.figures.widgets.attention.markup import html_page
from s2s_tutorial.figures.widgets.svg import element
from s2s_tutorial.translate.translation import Translation

_STYLE = """
:root{color-scheme:light dark}
body{margin:0 auto;max-width:60rem;padding:1rem;font:1rem/1.5 system-ui,sans-serif;color:#1a1a1a;background:#fff}
h1{font-size:1.4rem}
h2{font-size:1rem;margin:0}
section{margin:1.2rem 0;padding:1rem 0 0;border-top:1px solid #8886;overflow-wrap:anywhere}
section p{margin:.2rem 0}
.source{opacity:.85}
.note{padding:.5rem .8rem;border-left:4px solid #E69F00}
@media (prefers-color-scheme:dark){body{color:#e4e4e4;background:#121212}}
"""


def alignment_page(
    translations: Sequence[Translation], title: str = "Alignments", total: int | None = None
) -> str:
    """A whole HTML page, self-contained: it asks no host for anything.

    Each translation stands with its source and an :class:`AttentionExplorer`; an empty one, or one
    of a model without attention, with the text alone. All text is escaped.

    >>> page = alignment_page([Translation("b <c>", ["b", "<c>"], None, -1.0, ["x"])])
    >>> page.startswith("<!doctype html>"), "b &lt;c&gt;" in page
    (True, True)

    Args:
        translations: what a :class:`Translator` gave, in the order of the page. Each takes some
            20 kB, so a page of a few hundred is plenty.
        title: heading of the page.
        total: how many there were, if these are the first of more; the page then says so.

    Returns:
        The page.
    """
    notes = []
    if total is not None and total > len(translations):
        notes.append(f"The first {len(translations)} of {total} translations.")
    written = [each for each in translations if each.src_tokens]
    if written and all(each.weights is None for each in written):
        notes.append("This model has no attention: there are no alignments to show.")
    inside = [element("h1", title), *(element("p", words, class_="note") for words in notes)]
    inside += [_section(k, each) for k, each in enumerate(translations, start=1)]
    return html_page(title, _STYLE, element("main", *inside))


def save_alignment_page(
    path: str | Path,
    translations: Sequence[Translation],
    title: str = "Alignments",
    total: int | None = None,
) -> None:
    """Write :func:`alignment_page` to a file, whole or not at all.

    Args:
        path: the file.
        translations: as for :func:`alignment_page`.
        title: likewise.
        total: likewise.

    Raises:
        OSError: if the path cannot be written.

    Example:
        >>> import tempfile
        >>> cat = Translation("the cat", ["the", "cat"], torch.eye(2), -0.7, ["il", "gatto"])
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     save_alignment_page(f"{folder}/page.html", [cat], title="Cats")
        ...     "<h1>Cats</h1>" in Path(folder, "page.html").read_text(encoding="utf-8")
        True
    """
    write_atomically(path, alignment_page(translations, title, total).encode("utf-8"))


def _section(number: int, translation: Translation) -> Element:
    if not translation.src_tokens:
        inside = [element("p", "(an empty line)")]
    else:
        inside = [
            element("p", translation.src_text, class_="source", dir="auto"),
            element("p", translation.text, dir="auto"),
        ]
        if translation.weights is not None and translation.tokens:
            inside.append(AttentionExplorer.from_translation(translation, title="").fragment())
    return element("section", element("h2", str(number)), *inside, id=f"t{number}")
