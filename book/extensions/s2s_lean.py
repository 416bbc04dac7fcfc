"""Pages load what they use, and nothing holds back their first lines.

* Of the theme's 1,500 icons (a script of 540 kB and two fonts of 270, compressed) the pages show twenty: those are taken
  out of the script into a stylesheet, and the script is left out.
* The search index is for the search page. MathJax is for no page: its equations are set (s2s_equations.py).
* Pictures come when the reader comes near them; their sizes are known before. Sounds are files of their own, and come when
  they are played.
* The questions of a chapter share one style sheet and one script; each brings both, so that it works alone in a notebook.
* Scripts wait until a page is read (`defer`); those that set what a script before them made are modules, which wait too.
"""

from __future__ import annotations

import base64
import hashlib
import itertools
import json
import re
from pathlib import Path
from urllib.parse import quote

import pydata_sphinx_theme

FONT_AWESOME = "theme/pydata_sphinx_theme/static/scripts/fontawesome.js"
ICONS = """angle-left angle-right arrow-up bars chevron-down circle-half-stroke download expand file file-pdf github
lightbulb list magnifying-glass moon rocket sun xmark""".split()
KINDS = ".fa-solid, .fa-regular, .fa-brands, .fas, .far, .fab"
RULES = f""":is(i, span):is({KINDS}) {{ font-family: inherit; }} /* else its font is loaded, if only to be measured */
:is(i, span):is({KINDS})::before {{
  content: "" !important; display: inline-block; width: 1.15em; height: 1em; vertical-align: -0.125em;
  background: currentColor; mask: var(--icon) center / contain no-repeat; forced-color-adjust: none;
}}
.theme-switch-button i.fa-lg {{ font-size: 1em; }}
"""
ONLY_FOR_SEARCH = ("searchtools.js", "language_data.js", "searchindex.js")
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.DOTALL)
QUESTION = re.compile(
    r'(<div class="s2s-question"[^>]*>)(<style>.*?</style>)(.*?)(<script>.*?</script>)', re.DOTALL
)

PICTURE = re.compile(r'<img(?=(?:[^>"]|"[^"]*")* src="[^"]*_images/)(?:[^>"]|"[^"]*")*>')
SIZE = re.compile(r'style="width: ([\d.]+)px; height: ([\d.]+)px;"')
STILL = re.compile(r'<img class="s2s-still"(?:[^>"]|"[^"]*")*>')


def icon_rules(script: str) -> str:
    """Return the stylesheet that draws the icons, from Font Awesome's own script."""
    rules = [RULES]
    for name in ICONS:
        found = re.findall(rf'["{{,]{name}"?:\[(\d+),(\d+),\[[^]]*\],"\w+",("[^"]+")', script)
        width, height, path = found[-1]  # the solid ones stand last
        drawing = (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}">'
            f'<path d="{json.loads(path)}"/></svg>'
        )
        safe = quote(drawing, safe=" /:='()")
        rules.append(f'.fa-{name} {{ --icon: url("data:image/svg+xml,{safe}"); }}\n')
    return "".join(rules)


def write_icons(app) -> None:
    """Put the stylesheet among the site's static files."""
    script = (Path(pydata_sphinx_theme.__file__).parent / FONT_AWESOME).read_text(encoding="utf-8")
    target = Path(app.outdir, "_static/icons.css")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(icon_rules(script), encoding="utf-8")


def lean(html: str, pagename: str = "") -> str:
    """Leave out the scripts that a page does not use, and let the others wait.

    >>> lean('<script src="a.js"></script><script>A.b = 1</script><script src="x/mathjax/y.js"></script>')
    '<script defer src="a.js"></script><script>A.b = 1</script>'
    """

    def change(match: re.Match) -> str:
        attributes, body = match.groups()
        source = re.search(r'src="([^"?]*)', attributes)
        name = source[1].rsplit("/", 1)[-1] if source else ""
        searching = name in ONLY_FOR_SEARCH and pagename != "search"
        if name == "fontawesome.js" or searching:
            return ""
        if "mathjax/" in attributes or body.startswith("window.MathJax ="):
            return ""
        if source and "defer" not in attributes and "type=" not in attributes:
            return f"<script defer{attributes}>{body}</script>"
        if body.startswith("DOCUMENTATION_OPTIONS."):
            return f'<script type="module">{body}</script>'
        return match[0]

    return PICTURE.sub(late, SCRIPT.sub(change, html))


def late(picture: re.Match) -> str:
    """Let a picture wait for its reader, in a place as large as it will be.

    A style gives a size alone; of the attributes a browser takes the ratio, also where the width is another one.

    >>> PICTURE.sub(late, '<img alt="a > b" src="../_images/c.png" style="width: 858px; height: 434px;" />')
    '<img loading="lazy" alt="a > b" src="../_images/c.png" width="858" height="434" />'
    """
    return '<img loading="lazy"' + SIZE.sub(r'width="\1" height="\2"', picture[0][4:])


def share(html: str) -> str:
    """Leave the style sheet to the first question of a page, and the script to the last.

    >>> one = '<div class="s2s-question"><style>a</style>{}<script>b</script></div>'
    >>> share(one.format(1) + one.format(2)).count("<style>"), share(one.format(1)).count("<script>")
    (1, 1)
    """
    last, numbers = len(QUESTION.findall(html)) - 1, itertools.count()

    def change(match: re.Match) -> str:
        number = next(numbers)
        opening, style, inside, script = match.groups()
        return opening + style * (number == 0) + inside + script * (number == last)

    return QUESTION.sub(change, html)


def without_stills(html: str) -> str:
    """Leave out the pictures that stand for figures where a notebook is shown without its styles; a page has them.

    >>> without_stills('<p>a</p><img class="s2s-still" alt="x > y" src="data:..."><svg></svg>')
    '<p>a</p><svg></svg>'
    """
    return STILL.sub("", html)


def sounds_apart(html: str, pagename: str, outdir: Path) -> str:
    """Write the sounds that a notebook holds to files, which are fetched when a reader plays them."""
    up = "../" * pagename.count("/")

    def change(match: re.Match) -> str:
        sound = base64.b64decode("".join(match[1].split()))
        name = f"_static/sounds/{hashlib.sha256(sound).hexdigest()[:16]}.wav"
        (outdir / name).parent.mkdir(parents=True, exist_ok=True)
        (outdir / name).write_bytes(sound)
        return f'src="{up}{name}"'

    html = re.sub(r'src="data:audio/x-wav;base64,([^"]+)"', change, html)
    return re.sub(r"<audio (?=\s*controls)", '<audio preload="none" ', html)


def render_lean(app) -> None:
    """Do so with every page that is written."""
    templates = getattr(app.builder, "templates", None)
    if templates is None:
        return
    draw = templates.render

    def render(template: str, context: dict) -> str:
        html, page = draw(template, context), context.get("pagename", "")
        if not template.endswith(".html"):
            return html
        return lean(share(without_stills(sounds_apart(html, page, Path(app.outdir)))), page)

    templates.render = render


def setup(app) -> dict:
    """Connect the functions above, after the builder has made its templates."""
    app.add_css_file("icons.css")
    app.connect("builder-inited", render_lean, priority=900)
    app.connect("build-finished", lambda app, error: error or write_icons(app))
    return {"parallel_read_safe": True, "parallel_write_safe": True}
