"""What this site asks of Sphinx beyond its configuration.

* The addresses that follow from `html_baseurl` (the 404 page's prefix, OpenGraph) are derived from it.
* Figures are not numbered: the same captions stand on Colab, where nothing would number them.
* A build without the vendored scripts and fonts stops, instead of making a site that fails in the browser.
* A script that two extensions emit is emitted once. Thebe, which Jupyter Book always loads, is left out:
  it needs a server and another host, and no page uses it.
* Long names break after an underscore, a dot or a slash, and not within a word.
* A link whose text is its address is marked, so that paper does not show the address twice.
* The two faces that every page begins with are asked for at once, so that the text does not change its face.
* The engine of the boxes (`s2s_tutorial/live/js`) is served as the package has it, from `_static/live`, and with it
  what the boxes share with the stored figures (`s2s_tutorial/figures/widgets`).
* Every build writes every page (a second for the whole book), so that the site map is complete and no page
  asks for a stylesheet of yesterday.
"""

from __future__ import annotations

import re
import shutil
from pathlib import Path
from urllib.parse import urlparse

from docutils import nodes
from sphinx.errors import ConfigError

FIRST_FONTS = ("source-serif-4-latin-wght-normal", "source-sans-3-latin-wght-normal")
ITALIC = "source-serif-4-latin-wght-italic"


def derive_addresses(app, config) -> None:
    """Set from the one base address what other extensions want to hear again."""
    config.notfound_urls_prefix = urlparse(config.html_baseurl).path or "/"
    config.ogp_site_url = config.html_baseurl


def leave_figures_unnumbered(app, config) -> None:
    """Undo what sphinx-jupyterbook-latex, which Jupyter Book loads, sets without asking."""
    config.numfig = False


def check_vendored(app) -> None:
    """Stop where `tools/vendor_assets.py` has not run."""
    script = Path(app.srcdir, "book/static", app.config.mathjax_path)
    if not script.exists():
        raise ConfigError(f"{script} is missing. Build with `make book`, which fetches it.")


def write_every_page(app, env) -> list[str]:
    """Have every page written, whichever were read anew."""
    return sorted(env.found_docs)


def serve_engine(app, exception) -> None:
    """Copy the modules of the boxes beside the site's own scripts."""
    if exception is None and app.builder.format == "html":
        copy_engine(Path(app.srcdir, "s2s_tutorial"), Path(app.outdir, "_static/live"))


def copy_engine(package: Path, folder: Path) -> None:
    """Copy the modules, and of the figures' files those that the boxes use; a script becomes a module."""
    unserved = shutil.ignore_patterns("*.wat")
    shutil.copytree(package / "live/js", folder, dirs_exist_ok=True, ignore=unserved)
    widgets = package / "figures/widgets"
    for name in ("step_figure.css", "beam/tree.css", "beam/outline.css", "player.js"):
        target = folder / "widgets" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        text = (widgets / name).read_text(encoding="utf-8")
        if name.endswith(".js"):
            text += f"export {{ {target.stem} }};\n"
        target.write_text(text, encoding="utf-8")


def remove_thebe(app, doctree, docname) -> None:
    """Remove the two scripts that sphinx-thebe appends to every page."""
    for node in list(doctree.findall(nodes.raw)):
        if "thebe" in node.astext() or "kernelName" in node.astext():
            node.parent.remove(node)


def tidy_scripts(app, pagename, templatename, context, doctree) -> None:
    """Keep of a page's scripts and stylesheets the first of each, and none of Thebe's."""
    for kind in ("script_files", "css_files"):
        kept = {}
        for file in context.get(kind, []):
            text = getattr(file, "attributes", {}).get("body")
            key = text or str(getattr(file, "filename", file))
            if "thebe" not in key.lower():
                kept.setdefault(key, file)
        context[kind] = list(kept.values())


def mark_bare_links(app, doctree, docname) -> None:
    """Give links that show where they lead the class ``bare``."""
    for node in doctree.findall(nodes.reference):
        shown = re.fullmatch(r"(?:https?://|doi:|arXiv:)(.+)", node.astext())
        if shown and node.get("refuri", "").endswith(shown[1]):
            node["classes"].append("bare")


def break_names(html: str) -> str:
    """Allow a line to end after ``_``, ``.``, ``/`` and brackets inside the names of a page.

    >>> break_names('<code><span class="pre">s2s.load_corpus(name)</span></code>')
    '<code><span class="pre">s2s.<wbr>load_<wbr>corpus(<wbr>name)</span></code>'
    """
    for place in ('<span class="sig-paren">(</span>', '</span><span class="sig-name'):
        before, after = place.split("</span>")
        html = html.replace(place, f"{before}</span><wbr>{after}")
    name = re.compile(r'(?<=<span class="pre">)[^<]+(?=</span>)')
    end = re.compile(r"(?<=\w)([_/([](?=[^\W_])|\.(?=\w{6}))")
    return name.sub(lambda match: end.sub(r"\1<wbr>", match[0]), html)


def let_names_break(app, pagename, templatename, context, doctree) -> None:
    """Do so in the body of a page."""
    if "body" in context:
        context["body"] = break_names(context["body"])


def preload_fonts(app, pagename, templatename, context, doctree) -> None:
    """Ask for the fonts of the first paragraph before the stylesheet names them."""
    slanted = "<em>" in context.get("body", "").partition("</p>")[0]
    for font in (*FIRST_FONTS, *[ITALIC] * slanted):
        address = context["pathto"](f"_static/vendor/fonts/files/{font}.woff2", 1)
        link = f'<link rel="preload" href="{address}" as="font" type="font/woff2" crossorigin>'
        context["metatags"] = context.get("metatags", "") + link + "\n"


def setup(app) -> dict:
    """Connect the functions above."""
    app.connect("config-inited", derive_addresses, priority=400)
    app.connect("config-inited", leave_figures_unnumbered, priority=900)
    app.connect("builder-inited", check_vendored)
    app.connect("env-updated", write_every_page)
    app.connect("build-finished", serve_engine)
    app.connect("doctree-resolved", remove_thebe, priority=900)
    app.connect("doctree-resolved", mark_bare_links, priority=900)
    app.connect("html-page-context", tidy_scripts, priority=900)
    app.connect("html-page-context", let_names_break, priority=900)
    app.connect("html-page-context", preload_fonts, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
