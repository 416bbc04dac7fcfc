"""A page is laid out where it is read, and nothing measures the rest of it.

A chapter has 17,000 elements. What of such a page is out of sight is laid out in pieces, in idle moments (`theme.css`, `theme.js`), unless the
address names a place in it. Here goes what would have all laid out at once, and what made them so many:

* Code has a span for each of its parts. Those that have the colour of plain code need none.
* The theme's scripts wait for the first lines to be seen, and keep their order.
* The theme measures every listing and output, to let those that scroll be reached by keyboard. Here each can be reached until it
  is seen that it does not scroll (`theme.js`).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from urllib.parse import quote

PLAIN = re.compile(r'<span class="(?:n|nn|p|w)">([^<]*)</span>|<span></span>')
DEFERRED = re.compile(
    r'<script\b(?=[^>]*\bdefer\b)[^>]*\bsrc="([^"]+)"[^>]*></script>\s*'
    r'|<script type="module">(DOCUMENTATION_OPTIONS\.[^<]*)</script>\s*'
)
PRELOAD = re.compile(r'<link\b(?=[^>]*\brel="preload")(?=[^>]*\bas="script")[^>]*>\s*')
AT_ONCE = ("theme.js", "togglebutton.js")
LOADER = """<script>requestAnimationFrame(() => setTimeout(() => {{
  for (const src of {sources}) document.head.append(Object.assign(document.createElement("script"), {{ src, async: false }}));
}}));</script>
"""
IN_PIECES = (
    '<script>if (!location.hash) document.documentElement.classList.add("s2s-pieces")</script>'
)
LONG = 3000  # elements, beyond which a page is laid out in pieces
SCROLLING = ("pre", ".nboutput > .output_area", ".cell_output > .output", ".jp-RenderedHTMLCommon")
SCROLLING += (".pst-scrollable-table-container",)
THEME = "_static/scripts/pydata-sphinx-theme.js"


def plain_code(html: str) -> str:
    """Code without the spans whose colour is that of the text around them.

    >>> plain_code('<span class="n">x</span> <span class="o">=</span> <span class="p">(</span>')
    'x <span class="o">=</span> ('
    """
    return PLAIN.sub(lambda match: match[1] or "", html)


def later(html: str) -> str:
    """A page whose scripts load once its first lines were seen, in their order.

    >>> later('<script defer src="a.js"></script><script defer src="theme.js?v=1"></script></body>').split("</script>")[0]
    '<script defer src="theme.js?v=1">'
    """
    waiting = []

    def take(match: re.Match) -> str:
        if match[2]:  # a setting of what a script before it makes
            waiting.append("data:text/javascript," + quote(match[2]))
            return ""
        name = match[1].split("?")[0].rsplit("/", 1)[-1]
        if name in AT_ONCE:
            return match[0]
        waiting.append(match[1])
        return ""

    html = PRELOAD.sub("", DEFERRED.sub(take, html))
    if not waiting:
        return html
    if html.count("</") > LONG:
        html = html.replace("<head>", f"<head>\n  {IN_PIECES}", 1)
    head, end, rest = html.rpartition("</body>")
    return head + LOADER.format(sources=json.dumps(waiting)) + end + rest


def reachable(html: str) -> str:
    """A page whose listings and outputs can be reached by keyboard, to be scrolled.

    >>> reachable('<pre>a</pre><div class="output text_html">')
    '<pre tabindex="0">a</pre><div tabindex="0" class="output text_html">'
    """
    html = re.sub(r"<pre(?![^>]*tabindex)", '<pre tabindex="0"', html)
    return re.sub(r'<div class="(output |pst-scrollable)', r'<div tabindex="0" class="\1', html)


def unmeasured(script: str) -> str:
    """The theme's script without its look at every listing.

    Raises:
        ValueError: if the script has no such look: the theme has changed.
    """
    selectors = json.dumps(SCROLLING, separators=(",", ":")) + '.join(", ")'
    if script.count(selectors) != 1:
        raise ValueError(f"the theme's script no longer measures {selectors}: see s2s_smooth.py")
    return script.replace(selectors, '"s2s-none"')


def render_smooth(app) -> None:
    """Do so with every page that is written."""
    templates = getattr(app.builder, "templates", None)
    if templates is None:
        return
    draw = templates.render

    def render(template: str, context: dict) -> str:
        html = draw(template, context)
        return reachable(later(plain_code(html))) if template.endswith(".html") else html

    templates.render = render


def write_theme(app, exception) -> None:
    """Change the theme's script on the site."""
    path = Path(app.outdir, THEME)
    if exception is None and path.is_file():
        path.write_text(unmeasured(path.read_text(encoding="utf-8")), encoding="utf-8")


def setup(app) -> dict[str, bool]:
    """Connect the functions above, behind those of s2s_lean."""
    app.connect("builder-inited", render_smooth, priority=910)
    app.connect("build-finished", write_theme)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
