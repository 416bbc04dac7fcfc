"""What students see of the tests in their feedback: what was checked and what came out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

import bleach
from jinja2 import pass_context
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from nbgrader.api import Gradebook
from nbgrader.preprocessors import ClearHiddenTests, NbGraderPreprocessor
from nbgrader.utils import is_grade

from assignments.tooling.equations import with_pictures
from assignments.tooling.summary import Exercise, summary

SHOWN = 3  # failed checks of an exercise that are seen at once
TAGS = {
    *("h1", "h2", "h3", "h4", "h5", "h6", "p", "br", "hr", "ul", "ol", "li", "blockquote"),
    *("pre", "code", "em", "strong", "b", "i", "del", "sub", "sup", "a", "img", "span", "div"),
    *("table", "thead", "tbody", "tr", "th", "td"),
}
ATTRIBUTES = {"*": ["id", "class"], "a": ["href", "title"], "img": ["alt", "title"]}
STYLE = """<style>
.s2s-opening {max-width: 740px; margin: 0 auto; padding: 0 16px; font-size: 16px; line-height: 1.5}
.s2s-opening h1 {font-size: 1.6em; margin: 1em 0 .25em; overflow-wrap: anywhere}
.s2s-opening h2 {font-size: 1.05em; margin: 0; display: flex; justify-content: space-between; gap: 1em}
.s2s-opening h2 span {white-space: nowrap; font-weight: normal}
.s2s-opening section {border-left: 4px solid #595959; padding: .3em .75em; margin: .6em 0}
.s2s-opening section.s2s-full {border-color: #00734f}
.s2s-opening section.s2s-none, .s2s-opening section.s2s-part {border-color: #b34700}
.s2s-opening ul {margin: .25em 0; padding-left: 1.2em}
.s2s-opening li, .s2s-opening blockquote {overflow-wrap: anywhere; white-space: pre-line}
.s2s-opening blockquote {font-size: 1em; margin: .3em 0; padding: .2em .75em}
.s2s-opening p {margin: .2em 0}
.s2s-opening a {color: #00558c; text-decoration: underline}
.s2s-opening summary {display: list-item; cursor: pointer}
.s2s-total {font-size: 1.25em}
.s2s-notebook {max-width: 1000px; margin: 1em auto; padding: 0 .5em}
.s2s-notebook > summary {display: list-item; font-size: 1.05em; cursor: pointer; max-width: 708px; margin: 0 auto; padding: .5em 0}
.s2s-notebook pre, .s2s-notebook .output_area {overflow-x: auto}
.s2s-notebook .container {width: auto}
.s2s-notebook img {max-width: 100%}
@media (max-width: 600px) {
  .s2s-notebook .container, .s2s-notebook .panel-body {padding: 0; width: auto}
  .s2s-notebook .prompt {display: none}
  .s2s-notebook .panel-heading {height: auto !important}
}
</style>"""


class HideTests(ClearHiddenTests):
    """Take the text of hidden tests out of the feedback, and the code that a traceback quotes.

    The report of the checks stays, so a student reads which claim failed and why, and next term's
    students do not read how it was tested.
    """

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, cell_index: int
    ) -> tuple[NotebookNode, dict]:
        """Clear one cell."""
        if is_grade(cell) and cell.cell_type == "code":
            for output in cell.outputs:
                if output.output_type == "error":
                    output.traceback = [f"{output.ename}: {output.evalue}"]
        return super().preprocess_cell(cell, resources, cell_index)


class Summarise(NbGraderPreprocessor):
    """Keep for the page what it opens with: the student's name, and what came of each exercise."""

    def preprocess(self, nb: NotebookNode, resources: dict) -> tuple[NotebookNode, dict]:
        """Read the graded notebook, and the name in the gradebook."""
        about = resources["nbgrader"]
        with Gradebook(about["db_url"]) as gradebook:
            student = gradebook.find_student(about["student"])
            name = " ".join(filter(None, (student.first_name, student.last_name)))
            graded = gradebook.find_submission(about["assignment"], about["student"])
            waiting = {
                grade.name
                for notebook in graded.notebooks
                for grade in notebook.grades
                if grade.needs_manual_grade
            }
        for cell in nb.cells:
            if is_grade(cell) and cell.metadata.nbgrader.grade_id in waiting:
                cell.metadata.nbgrader["needs_manual_grade"] = True
        resources["s2s"] = {"name": name or about["student"], "exercises": summary(nb)}
        return nb, resources


class FeedbackPage(HTMLExporter):
    """nbgrader's page behind one that says in a screen what was earned and what to look at; no other host, no script."""

    @pass_context
    def markdown2html(self, context, source: str) -> str:
        """What students and graders wrote, without scripts, equations drawn."""
        return with_pictures(bleach.clean(super().markdown2html(context, source), TAGS, ATTRIBUTES))

    def from_notebook_node(self, nb: NotebookNode, resources=None, **options) -> tuple[str, dict]:
        """The page of one notebook."""
        page, resources = super().from_notebook_node(nb, resources, **options)
        page = re.sub(r"<script\b.*?</script>", "", page, flags=re.DOTALL)
        page = re.sub(r'<div id="toc">.*?</ol>\s*</div>', "", page, flags=re.DOTALL)
        head, _, body = page.partition("<body>")
        body = body.rpartition("</body>")[0]
        viewport = '<meta name="viewport" content="width=device-width, initial-scale=1">'
        title = f"<title>{escape(resources['s2s']['name'])}: {escape(resources['nbgrader']['notebook'])}</title>"
        head = re.sub(
            r"<title>.*?</title>", lambda _: viewport + title, head, count=1, flags=re.DOTALL
        )
        head = head.replace("<html>", '<html lang="en">', 1).replace(
            "</head>", f"{STYLE}</head>", 1
        )
        notebook = f"<details class='s2s-notebook'><summary>The notebook</summary>{body}</details>"
        opens = opening(
            resources["s2s"]["name"], resources["nbgrader"], resources["s2s"]["exercises"]
        )
        return f"{head}<body>{opens}{notebook}</body></html>\n", resources


def opening(name: str, about: dict, exercises: Sequence[Exercise]) -> str:
    """The first screen: who, how much, and for each exercise what failed, where to read, what was said of it."""
    earned, points = (f"{round(float(about[key]), 2):g}" for key in ("score", "max_score"))
    parts = [f"<h1>{escape(name)}: {escape(about['notebook'])}</h1>"]
    waiting = sum(each.unread for each in exercises)
    later = f" ({waiting:g} of them wait for a reader)" if waiting else ""
    parts.append(f"<p class='s2s-total'>{earned} of {points} points{later}</p>")
    for each in exercises:
        label = escape(f"{each.number} {each.title}".strip() or "Other")
        full = each.earned >= each.points
        state = "waits" if each.unread else "full" if full else "part" if each.earned else "none"
        score = f"{each.earned:g} of {each.points:g}"
        if each.unread:
            score = f"{each.earned:g} so far" if each.earned else "not read yet"
        link = f"<a href='#{escape(each.first, quote=True)}'>{label}</a>"
        parts.append(f"<section class='s2s-{state}'><h2>{link} <span>{score}</span></h2>")
        lines = [
            f"<li><b>{escape(claim)}</b>{': ' if what else ''}{escape(what)}</li>"
            for claim, what in each.failed
        ]
        parts.append(f"<ul>{''.join(lines[:SHOWN])}</ul>" if lines else "")
        if more := lines[SHOWN:]:
            said = f"<summary>and {len(more)} more</summary><ul>{''.join(more)}</ul>"
            parts.append(f"<details>{said}</details>")
        parts += [f"<blockquote>{escape(text)}</blockquote>" for text in each.comments]
        if not full and not each.unread and each.chapters:
            ways = ", ".join(
                f"<a href='{escape(url, quote=True)}'>{escape(text)}</a>"
                for text, url in each.chapters
            )
            parts.append(f"<p class='s2s-read'>To read again: {ways}</p>")
        parts.append("</section>")
    return f"<main class='s2s-opening'>{''.join(parts)}</main>"
