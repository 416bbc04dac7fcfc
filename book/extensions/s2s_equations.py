"""Equations are set when the site is built, not at every visit: no script has to be fetched and run, and they are there
where scripts are off, and before the first look."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from sphinx.errors import ExtensionError

HERE = Path(__file__).parent
MATHJAX = HERE.parent / "vendor/node_modules/mathjax"
FONTS = "vendor/mathjax/es5/output/chtml/fonts/woff-v2"
MATH = 'math notranslate nohighlight"'


def typeset(files: Sequence[Path], stylesheet: Path, fonts: str = FONTS) -> None:
    """Set the equations of HTML files, and write the stylesheet that they need.

    Args:
        files: the pages; those with an equation are linked to the stylesheet.
        stylesheet: what is written.
        fonts: the way from the stylesheet to MathJax's fonts.

    Raises:
        ExtensionError: if MathJax or Node.js is missing, or an equation cannot be set.
    """
    beside = str(Path(sys.executable).parent)
    node = shutil.which("node") or shutil.which("node", path=beside)
    if node is None or not MATHJAX.is_dir():
        raise ExtensionError(
            "MathJax or Node.js is missing. Build with `make book`, which fetches it."
        )
    command = [node, str(HERE / "typeset.js"), str(MATHJAX), str(stylesheet), fonts]
    given = json.dumps({"files": [str(file) for file in files]})
    done = subprocess.run(command, input=given, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise ExtensionError(f"An equation cannot be set:\n{done.stderr.strip()}")


def typeset_site(app, exception) -> None:
    """Do so with the built site."""
    if exception is not None or app.builder.format != "html":
        return
    out = Path(app.outdir)
    pages = [page for page in out.rglob("*.html") if "_static" not in page.parts]
    written = [page for page in pages if MATH in page.read_text(encoding="utf-8")]
    typeset(written, out / "_static/equations.css")
    for page in written:
        if ">\\(" in (html := page.read_text(encoding="utf-8")) or '">\n\\[' in html:
            raise ExtensionError(
                f"{page}: an equation was not set; is it no child of a .math element?"
            )


def setup(app) -> dict[str, bool]:
    """Connect the function above, behind all that writes pages."""
    app.connect("build-finished", typeset_site, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
