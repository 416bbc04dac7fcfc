"""One stylesheet a page in place of a dozen: a page waits for all of them before its first line, and each is a request.

The stylesheets that a page links to, but those for paper, are written one after the other into one file, with what they import; pages
with the same list share it. Addresses inside (fonts, pictures) are those of the file that they stood in.
"""

from __future__ import annotations

import hashlib
import posixpath
import re
from pathlib import Path

LINK = re.compile(r'<link\b[^>]*\brel="stylesheet"[^>]*>\s*')
URL = re.compile(r"url\(\s*(['\"]?)(?!data:|https?:|/|#)([^'\")]+)\1\s*\)")
IMPORT = re.compile(r"@import\s+(?:url\()?['\"]?([^'\")\s]+)['\"]?\)?\s*;")
FOLDER = "_static/styles"


def moved(css: str, home: str) -> str:
    """The text of a stylesheet with its addresses as seen from the bundles' folder.

    >>> moved("a { background: url(x.png) } b { c: url(data:y) }", "_static/fonts")
    'a { background: url("../fonts/x.png") } b { c: url(data:y) }'
    """

    def change(match: re.Match) -> str:
        return f'url("{posixpath.relpath(posixpath.join(home, match[2]), FOLDER)}")'

    return URL.sub(change, css)


def whole(site: Path, name: str) -> str:
    """A stylesheet with what it imports, its addresses moved."""
    home = posixpath.dirname(name)
    css = (site / name).read_text(encoding="utf-8")
    parts = IMPORT.split(re.sub(r'@charset "[^"]*";', "", css))
    made = [moved(parts[0], home)]
    for imported, rest in zip(parts[1::2], parts[2::2]):
        made += [whole(site, posixpath.normpath(posixpath.join(home, imported))), moved(rest, home)]
    return "\n".join(made)


def bundled(html: str, page: str, site: Path, made: dict[tuple[str, ...], str]) -> str:
    """A page that links to one stylesheet, which is written if it is not there.

    Args:
        html: the page.
        page: its path on the site.
        site: the built site.
        made: the names of bundles by the stylesheets in them; grows.
    """
    links = [link for link in LINK.findall(html) if 'media="print"' not in link]
    here, names = posixpath.dirname(page), []
    for link in links:
        address = re.search(r'href="([^"?]+)', link)[1]
        if re.match(r"https?:|//|/", address):
            return html  # not of this site, or of a page that is shown at any address
        names.append(posixpath.normpath(posixpath.join(here, address)))
    if len(names) < 2:
        return html
    key = tuple(dict.fromkeys(names))
    if key not in made:
        css = "\n".join(whole(site, name) for name in key)
        made[key] = f"{FOLDER}/bundle-{hashlib.sha256(css.encode()).hexdigest()[:12]}.css"
        (site / made[key]).write_text(css, encoding="utf-8")
    way = posixpath.relpath(made[key], here or ".")
    html = html.replace(links[0], f'<link rel="stylesheet" type="text/css" href="{way}" />\n', 1)
    for link in links[1:]:
        html = html.replace(link, "", 1)
    return html


def bundle_styles(app, exception) -> None:
    """Do so with every page of the built site."""
    if exception is not None or app.builder.format != "html":
        return
    site, made = Path(app.outdir), {}
    for old in (site / FOLDER).glob("bundle-*.css"):
        old.unlink()
    for path in site.rglob("*.html"):
        page = path.relative_to(site).as_posix()
        if not page.startswith("_"):
            html = path.read_text(encoding="utf-8")
            path.write_text(bundled(html, page, site, made), encoding="utf-8")


def setup(app) -> dict[str, bool]:
    """Connect the function above, behind all that writes pages and stylesheets."""
    app.connect("build-finished", bundle_styles, priority=990)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
