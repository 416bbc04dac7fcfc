"""What is checked of a page: with a browser in :func:`visit` and :func:`printed`, in its files in :func:`broken_links`.

Each check returns sentences, one for each thing that is wrong; test_website_checks.py feeds bad pages to all of them.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urljoin, urlparse

from lxml import html
from playwright.sync_api import BrowserContext, Page
from website.axe import accessible
from website.serving import SIZES

PAGE_CHECKS = Path(__file__).with_name("page_checks.js").read_text(encoding="utf-8")
PRINT_CHECKS = Path(__file__).with_name("print_checks.js").read_text(encoding="utf-8")
READING_CHECKS = Path(__file__).with_name("reading_checks.js").read_text(encoding="utf-8")
# A page of each kind: what stands around the article is the same on all of a kind.
KINDS = (
    "book/index.html",
    "03_bahdanau_attention.html",
    "api/models.html",
    "search.html",
    "404.html",
)
SCREENS = 26  # of a laptop's height, with folds closed: how long a chapter may be
COLUMN = {
    "width": 657,
    "height": 970,
}  # A4 in pixels of CSS, less the margins of book/static/print.css
# Links that lead a reader away are fine; these load by themselves.
LOADED = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "source": "src",
    "embed": "src",
    "object": "data",
}
LOADED_LINKS = {
    "stylesheet",
    "icon",
    "preload",
    "modulepreload",
    "prefetch",
    "preconnect",
    "dns-prefetch",
}


def list_pages(site: Path) -> list[str]:
    """Return the addresses of the built pages, relative to the site's root, from its search index."""
    text = (site / "searchindex.js").read_text(encoding="utf-8")
    index = json.loads(text[text.index("{") : text.rindex("}") + 1])
    pages = [f"{name}.html" for name in index["docnames"]]
    return [*pages, "index.html", "search.html", "genindex.html", "404.html"]


@cache
def tree(file: Path) -> html.HtmlElement:
    """Return a page's tree."""
    return html.parse(str(file), html.HTMLParser(encoding="utf-8")).getroot()


@cache
def anchors(file: Path) -> set[str]:
    """Return what a link to this page may name after `#`."""
    return set(tree(file).xpath("//@id | //@name"))


def broken_links(site: Path, page: str, prefix: str = "/") -> list[str]:
    """Return the links of a page that lead nowhere within the site, and what it would load from elsewhere.

    Args:
        site: folder of the built site.
        page: address of the page, relative to the site's root.
        prefix: path under which the site is served; an address that starts with `/` starts with it.
    """
    problems = []
    for tag in tree(site / page).iter("*"):
        for key in ("href", "src", "data", "poster"):
            address = tag.get(key)
            if not address or (key == "data" and tag.tag != "object"):
                continue
            parts = urlparse(address)
            if parts.scheme in {"http", "https"} or parts.netloc:
                links = tag.tag == "link" and set(tag.get("rel", "").split()) & LOADED_LINKS
                if links or LOADED.get(tag.tag) == key:
                    problems.append(f"another host: <{tag.tag}> loads {address}")
            elif not parts.scheme:
                problems += broken_link(site, page, parts, prefix)
    return problems


def broken_link(site: Path, page: str, parts, prefix: str) -> list[str]:
    """Return what is wrong with one address within the site."""
    path = unquote(urljoin(prefix + page, parts.path)) if parts.path else prefix + page
    if not path.startswith(prefix):
        return [f"link: {path} is outside the site, which is served under {prefix}"]
    file = site / path.removeprefix(prefix)
    if file.is_dir():
        file = file / "index.html"
    if not file.is_file():
        return [f"link: there is no {path.removeprefix(prefix)}"]
    fragment = unquote(parts.fragment)
    if fragment and file.suffix == ".html" and fragment not in anchors(file):
        return [f"link: {path.removeprefix(prefix)} has no #{fragment}"]
    return []


def listen(page: Page, origin: str) -> list[str]:
    """Return a list that fills with what goes wrong while the page loads and lives.

    Requests to other hosts are noted and not let out.
    """
    problems: list[str] = []

    def route(route) -> None:
        if route.request.url.startswith((origin, "data:", "blob:", "about:")):
            route.continue_()
        else:
            problems.append(f"another host: {route.request.url}")
            route.abort()

    def console(message) -> None:
        if message.type == "error":
            problems.append(f"console: {message.text[:200]}")

    def response(answer) -> None:
        document = answer.request.is_navigation_request()
        if answer.status >= 400 and not document:
            problems.append(f"request: {answer.status} for {answer.url}")

    page.route("**/*", route)
    page.on("console", console)
    page.on("pageerror", lambda error: problems.append(f"script: {str(error)[:200]}"))
    page.on("response", response)
    return problems


def printed(page: Page) -> list[str]:
    """Return what is wrong with an open page as it comes onto paper, A4; it stays so."""
    page.emulate_media(media="print")
    page.set_viewport_size(COLUMN)
    page.locator("html[data-theme=light]").wait_for(state="attached")
    return [f"printed: {problem}" for problem in page.evaluate(PRINT_CHECKS)]


def unreachable(page: Page) -> list[str]:
    """Return which equations of an open chapter cannot be scrolled to their ends in its window."""
    return page.evaluate(READING_CHECKS)["equations"]


def unreadable(page: Page) -> list[str]:
    """Return which listings of a chapter that is open on a laptop are cut, and how long it is if it is too long."""
    found = page.evaluate(READING_CHECKS)
    screens = found["height"] / SIZES["laptop"][1]
    long = [f"long: {screens:.1f} screens"] * (screens > SCREENS)
    return [f"cut: {problem}" for problem in found["code"]] + long


def visit(
    context: BrowserContext, url: str, chapter: bool = False, whole: bool = False
) -> list[str]:
    """Open a page, let it settle, and return everything that is wrong with it.

    Args:
        context: the window; that of a laptop in the dark where the visit is a whole one.
        url: the page's address.
        chapter: whether it is one, and so has to be readable to the last column.
        whole: whether it is looked at on a phone too, on paper (which is light) and by axe-core. Each of these lays the page
            out anew, which takes seconds; so they follow one another on one page.
    """
    page = context.new_page()
    problems = listen(page, "{0.scheme}://{0.netloc}/".format(urlparse(url)))
    page.goto(url, wait_until="load")
    problems += unreadable(page) if chapter else []  # before the checks open its folds
    found = page.evaluate(PAGE_CHECKS)
    page.wait_for_timeout(100)  # for what scripts do a moment later
    if whole:
        width, height = SIZES["phone"]
        page.set_viewport_size({"width": width, "height": height})
        found += unreachable(page) if chapter else []
        found += [f"{problem} (on a phone)" for problem in page.evaluate(PAGE_CHECKS)]
        found += printed(page) + accessible(page, around=url.endswith(KINDS))
    page.close()
    return problems + found
