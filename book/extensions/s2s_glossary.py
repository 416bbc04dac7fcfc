"""The glossary: a page made from `book/glossary.yml`, and links to it from the chapters.

    ```{s2s-glossary}
    ```

is the page's list. In each chapter the first appearance of a term, in running text, becomes a link to its entry; see
s2s_glossary_links.py. The page in turn links to where the chapter that introduces a term first uses it.
"""

from __future__ import annotations

import re
from pathlib import Path

from docutils import nodes
from docutils.parsers.rst import Directive
from s2s_glossary_links import FIRST, Linker, glossary_link, visit_link
from s2s_glossary_terms import LANGUAGES, Term, read_terms

SOURCE = "book/glossary.yml"
PAGE = "book/glossary"


class chapter_of(nodes.Inline, nodes.TextElement):
    """Where a term is introduced; a link once all chapters are read."""


class Glossary(Directive):
    """The directive: a section for each group, an entry for each term."""

    def run(self) -> list[nodes.Node]:
        """Make the sections."""
        env = self.state.document.settings.env
        path = Path(env.srcdir, SOURCE)
        env.note_dependency(str(path))
        groups = read_terms(path)
        linker = Linker([term for terms in groups.values() for term in terms])
        return [self.section(title, terms, linker) for title, terms in groups.items()]

    def section(self, title: str, terms: list[Term], linker: Linker) -> nodes.section:
        """A group of terms."""
        section = nodes.section("", nodes.title("", title), ids=[nodes.make_id(title)])
        section["names"] = [nodes.fully_normalize_name(title)]
        entries = nodes.definition_list(classes=["s2s-glossary"])
        entries += [entry(term, linker) for term in terms]
        section += entries
        return section


def entry(term: Term, linker: Linker) -> nodes.definition_list_item:
    """A term with its symbols, what it is, what other languages call it, and its chapter."""
    head = nodes.term("", term.term, ids=[term.anchor])
    if term.symbol:
        head += [nodes.Text(" "), nodes.math(term.symbol, term.symbol)]
    for code in term.code:
        head += [nodes.Text(" "), nodes.literal("", code)]
    told = nodes.paragraph("", term.text)
    linker.link(told, leave_out=term)
    names = nodes.container(classes=["s2s-names"])
    for language, name in term.names.items():
        label = nodes.inline("", LANGUAGES[language], classes=["s2s-language"])
        spoken = nodes.inline("", "", label, nodes.Text(" "), nodes.inline("", name))
        spoken["classes"] = [f"language-{language}"]  # docutils makes the attribute `lang` of it
        names += nodes.paragraph("", "", spoken)
    chapter = chapter_of("", f"Chapter {term.chapter}", chapter=term.chapter, anchor=term.anchor)
    where = nodes.paragraph("", "", chapter, classes=["s2s-where"])
    return nodes.definition_list_item("", head, nodes.definition("", told, names, where))


def number_of(docname: str) -> int | None:
    """The number of a chapter; None for another page.

    >>> number_of("chapters/03_bahdanau_attention"), number_of("book/notation")
    (3, None)
    """
    found = re.match(r"chapters/(\d+)_", docname)
    return int(found[1]) if found else None


def link_chapter(app, doctree: nodes.document) -> None:
    """Link a chapter's terms, and note which there are."""
    number, docname = number_of(app.env.docname), app.env.docname
    if number is None:
        return
    path = Path(app.srcdir, SOURCE)
    app.env.note_dependency(str(path))
    terms = [term for group in read_terms(path).values() for term in group]
    linked = Linker([term for term in terms if term.since <= number]).link(doctree)
    used(app.env)[docname] = linked


def link_to_chapters(app, doctree: nodes.document, docname: str) -> None:
    """On the glossary's page, make of a chapter's number a link to where it uses the term."""
    chapters = {number_of(name): name for name in sorted(app.env.found_docs)}
    for node in list(doctree.findall(chapter_of)):
        name = chapters.get(node["chapter"])
        if name is None:
            continue
        title = f"{node.astext()}, {app.env.titles[name].astext()}"
        address = app.builder.get_relative_uri(docname, name)
        if node["anchor"] in used(app.env).get(name, ()):
            address += f"#{FIRST}{node['anchor']}"
        node.replace_self(nodes.reference("", title, refuri=address, internal=True))


def used(env) -> dict[str, set[str]]:
    """The anchors of the terms that each chapter links."""
    if not hasattr(env, "s2s_terms"):
        env.s2s_terms = {}
    return env.s2s_terms


def forget(app, env, docname: str) -> None:
    """A page is read anew."""
    used(env).pop(docname, None)


def merge(app, env, docnames: set[str], other) -> None:
    """What another process has read."""
    used(env).update({name: used(other)[name] for name in docnames if name in used(other)})


def add_files(app, pagename: str, templatename: str, context: dict, doctree) -> None:
    """Give style and script to the pages that have use for them."""
    if doctree is not None and any(doctree.findall(glossary_link)):
        app.add_css_file("glossary.css")
        app.add_js_file("glossary.js", loading_method="defer")


def setup(app) -> dict[str, bool]:
    """Register the directive, the nodes and the functions above."""
    through = (lambda self, node: None, lambda self, node: None)
    other = dict.fromkeys(("latex", "text", "man", "texinfo"), through)
    app.add_node(glossary_link, html=visit_link, **other)
    app.add_node(chapter_of, html=through, **other)
    app.add_directive("s2s-glossary", Glossary)
    app.connect("doctree-read", link_chapter)
    app.connect("doctree-resolved", link_to_chapters)
    app.connect("env-purge-doc", forget)
    app.connect("env-merge-info", merge)
    app.connect("html-page-context", add_files)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
