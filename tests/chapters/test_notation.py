"""Every letter of a numbered equation stands on the notation page: for the whole book, or for its chapter."""

import json
import re

import pytest
from places import ROOT

from tools.slides.tables import markdown_tables

CHAPTERS = sorted((ROOT / "chapters").glob("[0-9]*.ipynb"))
PAGE = (ROOT / "book/notation.md").read_text(encoding="utf-8")
GREEK = (
    "alpha beta gamma delta epsilon theta kappa lambda mu sigma tau varphi omega Delta ell nabla"
)
LETTER = re.compile(rf"\\mathcal\{{\w\}}|\\(?:{GREEK.replace(' ', '|')})\b|\\[a-zA-Z]+|[a-zA-Z]")
NO_LETTER = re.compile(r"\\[a-zA-Z]+")  # what is left of these: a command such as \\frac
WORDS = re.compile(r"\\(?:mathrm|text|textit|tag|begin|end)\{[^}]*\}")


def letters(mathematics):
    """The letters of a formula, without words, numbers and commands.

    >>> sorted(letters(r"\\mathcal{L} = \\frac{\\theta}{x_j} \\text{ for } \\mathrm{softmax}(W_o)"))
    ['W', '\\\\mathcal{L}', '\\\\theta', 'j', 'o', 'x']
    """
    found = set(LETTER.findall(WORDS.sub(" ", mathematics)))
    known = {rf"\{name}" for name in GREEK.split()}
    return {one for one in found if one in known or "{" in one or not NO_LETTER.fullmatch(one)}


def formulas(text):
    return re.findall(r"\$([^$]+)\$", text)


def on_the_page():
    """Letters of the whole book, and of each chapter those of its own."""
    everywhere, of_chapter = set(), {}
    counted = re.search(r"^Source positions are counted.*?\n\n", PAGE, re.M | re.S).group()
    everywhere |= letters(" ".join(formulas(counted)))
    for table in markdown_tables(PAGE):
        for row in table.rows:
            symbols = letters(" ".join(formulas(row[0])))
            if table.head[:2] == ("symbol", "in the code"):
                everywhere |= symbols
            elif table.head[:2] == ("symbol", "in"):
                for chapter in re.findall(r"\((\d+)\.\d+\)", row[1]):
                    of_chapter.setdefault(int(chapter), set()).update(symbols)
    return everywhere, of_chapter


def equations(path):
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    text = "\n".join("".join(c["source"]) for c in cells if c["cell_type"] == "markdown")
    return [each for each in re.findall(r"\$\$(.+?)\$\$", text, re.S) if r"\tag{" in each]


@pytest.mark.parametrize("path", CHAPTERS, ids=lambda path: path.stem)
def test_letters_of_numbered_equations_are_on_the_page(path):
    everywhere, of_chapter = on_the_page()
    known = everywhere | of_chapter.get(int(path.stem[:2]), set())
    missing = {each: letters(each) - known for each in equations(path)}
    assert {each: gone for each, gone in missing.items() if gone} == {}


def test_letters_are_told_from_words_and_commands():
    formula = r"\mathcal{L} = \frac{\theta}{x_j} \text{ for } \mathrm{softmax}(W_o\, \tilde c)"
    assert letters(formula) == {r"\mathcal{L}", r"\theta", "x", "j", "W", "o", "c"}


def test_the_table_names_equations_that_are_there():
    there = {
        tag
        for path in CHAPTERS
        for each in equations(path)
        for tag in re.findall(r"\\tag\{([\d.]+)\}", each)
    }
    assert set(re.findall(r"\((\d+\.\d+)\)", PAGE.split("## Conventions")[0])) <= there
