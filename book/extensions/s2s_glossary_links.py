"""The first appearance of each term in a text becomes a link to its entry in the glossary.

Running text only: not in headings (of tables neither), captions, code, equations, other links, or the inputs and outputs of cells. Words in
italics are quoted, unless a term is all that is in italics.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from docutils import nodes
from s2s_glossary_terms import Term
from sphinx import addnodes

PAGE = "book/glossary"
FIRST = "first-"  # how the address of a first appearance begins
NOT_IN = (
    *(nodes.title, nodes.rubric, nodes.caption, nodes.legend, nodes.thead),
    *(nodes.literal, nodes.literal_block, nodes.math, nodes.math_block, nodes.raw),
    *(nodes.reference, nodes.footnote, nodes.citation, addnodes.pending_xref),
)
MARKS = {nodes.strong: "**", nodes.emphasis: "*"}


class glossary_link(nodes.Inline, nodes.TextElement):
    """A term as it stands in the text, with the term itself in `term`."""


class Linker:
    """Links terms.

    Args:
        terms: the terms that may be linked.
    """

    def __init__(self, terms: Iterable[Term]) -> None:
        forms = [(form, term) for term in terms for form in term.forms]
        forms.sort(key=lambda pair: -len(pair[0]))  # the longest that fits
        self.marked = {form.lower(): term for form, term in forms if form.startswith("*")}
        self.plain = [(form, term) for form, term in forms if not form.startswith("*")]
        alternatives = "|".join(f"({pattern(form)})" for form, _ in self.plain)
        self.pattern = re.compile(rf"(?<![\w-])(?:{alternatives})(?![\w-])") if forms else None

    def link(self, tree: nodes.Element, leave_out: Term | None = None) -> set[str]:
        """Link the first appearance of each term under a node, in place.

        Args:
            tree: a paragraph, or a whole document.
            leave_out: a term that stays without a link.

        Returns:
            The anchors of the terms that are linked now.
        """
        linked = {leave_out.anchor} if leave_out else set()
        for text in list(running_text(tree)):
            pieces: list[nodes.Node] = []
            end = 0
            for begin, stop, term in self.find(text):
                if term.anchor not in linked:
                    linked.add(term.anchor)
                    pieces += [nodes.Text(text[end:begin]), make_link(text[begin:stop], term)]
                    end = stop
            if pieces:
                pieces.append(nodes.Text(text[end:]))
                text.parent.replace(text, [piece for piece in pieces if piece.astext()])
        return linked - ({leave_out.anchor} if leave_out else set())

    def find(self, text: nodes.Text) -> Iterator[tuple[int, int, Term]]:
        """Where terms stand in a text, linked or not: begin, end and term."""
        mark = MARKS.get(type(text.parent), "")
        whole = " ".join(text.parent.astext().split()).lower()
        if mark and (term := self.marked.get(f"{mark}{whole}{mark}")):
            yield 0, len(text), term
            return
        for found in self.pattern.finditer(text) if self.pattern else ():
            if mark == "*" and " ".join(found[0].split()).lower() != whole:
                continue
            yield found.start(), found.end(), self.plain[found.lastindex - 1][1]


def pattern(form: str) -> str:
    """A regular expression of a form: also at the beginning of a sentence, and in the plural.

    >>> bool(re.fullmatch(pattern("beam search"), "Beam searches"))
    True
    >>> bool(re.fullmatch(pattern("BLEU"), "bleu"))
    False
    """
    words = r"\s+".join(map(re.escape, form.split()))
    if form[0].islower():
        words = f"[{form[0]}{form[0].upper()}]{words[1:]}"
    return words + ("(?:es|s)?" if form[-1].isalpha() else "")


def running_text(tree: nodes.Element) -> Iterator[nodes.Text]:
    """The pieces of text in paragraphs, without what belongs to code, headings and links."""
    for text in tree.findall(nodes.Text):
        above, node = [], text.parent
        while node is not None:
            above.append(node)
            node = None if node is tree else node.parent
        if any(isinstance(node, nodes.paragraph) for node in above) and not any(
            map(left_out, above)
        ):
            yield text


def left_out(node: nodes.Element) -> bool:
    """Whether nothing under a node is running text."""
    return isinstance(node, NOT_IN) or str(node.get("nb_element", "")).startswith("cell_code")


def make_link(text: str, term: Term) -> glossary_link:
    """A link whose text is the term as it stands here."""
    link = glossary_link("", text, anchor=term.anchor, told=term.text, names_of=dict(term.names))
    link["ids"] = [FIRST + term.anchor]
    return link


def _visit(self, node: glossary_link) -> None:
    address = self.builder.get_relative_uri(self.builder.current_docname, PAGE)
    names = {f"data-{language.lower()}": name for language, name in node["names_of"].items()}
    if self.builder.current_docname == PAGE:
        node["ids"], address = [], ""  # many entries use a term; none is the first
    self.body.append(
        self.starttag(
            *(node, "a", ""),
            CLASS="s2s-term",
            href=f"{address}#{node['anchor']}",
            title=node["told"],
            **names,
        )
    )


def _depart(self, node: glossary_link) -> None:
    self.body.append("</a>")


visit_link = (_visit, _depart)
