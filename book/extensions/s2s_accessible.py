"""Names for what the theme and MyST-NB leave without one, or name otherwise than it reads (WCAG 2.2).

tests/helpers/website/axe.py finds such things; what can be changed in a template is in `book/templates`.
"""

from __future__ import annotations

from bs4 import BeautifulSoup
from docutils import nodes

ENTRY = 'role="doc-biblioentry"'  # deprecated; docutils puts the entries into a list
SUMMARY = '<summary aria-label="Toggle hidden content">'


def name_folds(html: str) -> str:
    """Let a folded cell be called what stands on it.

    >>> name_folds('<summary aria-label="Toggle hidden content"><p>Imports</p></summary>')
    '<summary><p>Imports</p></summary>'
    """
    return html.replace(SUMMARY, "<summary>")


def name_chapters(tree: BeautifulSoup | str) -> BeautifulSoup | str:
    """Name each arrow of the list of chapters after the page whose subpages it unfolds."""
    for summary in tree.find_all("summary") if tree else ():
        page = summary.find_parent("li").find("a").get_text(strip=True)
        summary["aria-label"] = f"Pages of {page}"
    return tree


def head_rows(app, doctree, docname) -> None:
    """In a table with an empty corner, let the first cell of each row be its heading: Markdown cannot say so."""
    for group in doctree.findall(nodes.tgroup):
        head = next(group.findall(nodes.thead), None)
        corner = next(head.findall(nodes.entry), None) if head else None
        if corner is not None and not corner.astext().strip():
            next(group.findall(nodes.colspec))["stub"] = 1


def change_page(app, pagename, templatename, context, doctree) -> None:
    """Do so on a page."""
    if "body" in context:
        context["body"] = name_folds(context["body"]).replace(ENTRY, 'role="listitem"')
    draw = context.get("generate_toctree_html")
    if draw is not None:
        context["generate_toctree_html"] = lambda *a, **options: name_chapters(draw(*a, **options))


def setup(app) -> dict:
    """Connect them; the page's, after the theme's own."""
    app.connect("doctree-resolved", head_rows)
    app.connect("html-page-context", change_page, priority=950)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
