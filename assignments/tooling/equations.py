"""Equations as pictures inside the page, so that it needs no other host and no script."""

from __future__ import annotations

import base64
import functools
import html
import io
import re

EQUATION = re.compile(r"\$\$(.+?)\$\$|(?<![\\$\w])\$([^$\n]+?)\$(?!\w)", re.DOTALL)
CODE = re.compile(r"(<pre\b.*?</pre>|<code\b.*?</code>)", re.DOTALL)
SPELLING = {
    r"\\(?:operatorname|text|mathrm|textrm)\s*\{": r"\\mathrm{",
    r"\\(?:boldsymbol|bm)\b": r"\\mathbf",
    r"\\(?:tfrac|dfrac)\b": r"\\frac",
    r"\\(?:big|Big|bigg|Bigg)[lr]?(?![a-zA-Z])": "",
    r"\\(?:lVert|rVert|Vert)\b": r"\\|",
    r"\\(?:lvert|rvert|vert)\b": "|",
    r"\\le\b": r"\\leq",
    r"\\ge\b": r"\\geq",
    r"\\(?:top)\b": r"\\top",
}


def with_pictures(page: str) -> str:
    """The HTML with every equation in it drawn; one that cannot be drawn stays as TeX, in the letters of code."""
    parts = CODE.split(page)
    return "".join(
        part if k % 2 else EQUATION.sub(lambda m: shown(m[1] or m[2], bool(m[1])), part)
        for k, part in enumerate(parts)
    )


def shown(tex: str, display: bool) -> str:
    """One equation as an image whose text is its TeX."""
    tex = html.unescape(tex).strip()
    source = html.escape(tex)
    try:
        data, height, depth = picture(" ".join(tex.split()))
    except ValueError:
        return f"<code>{source}</code>"
    style = f"height:{height:.2f}em;vertical-align:-{depth:.2f}em;max-width:100%"
    image = f'<img alt="{source}" style="{style}" src="data:image/svg+xml;base64,{data}">'
    return (
        f'<span style="display:block;text-align:center;margin:.6em 0">{image}</span>'
        if display
        else image
    )


@functools.lru_cache(maxsize=2000)
def picture(tex: str) -> tuple[str, float, float]:
    """An equation as SVG (base64), its height and its depth below the line, in units of the letters' size.

    Raises:
        ValueError: if matplotlib does not know a command in it.
    """
    from matplotlib import mathtext, rc_context

    for pattern, instead in SPELLING.items():
        tex = re.sub(pattern, instead, tex)
    size, file = 10.5, io.BytesIO()
    with rc_context({"svg.hashsalt": "s2s", "mathtext.fontset": "cm"}):
        depth = mathtext.math_to_image(f"${tex}$", file, dpi=72, format="svg", color="black")
    text = file.getvalue()
    found = re.search(rb'<svg[^>]* height="([\d.]+)pt"', text)
    height = float(found[1]) if found else size
    return base64.b64encode(text).decode(), height / size, depth / size
