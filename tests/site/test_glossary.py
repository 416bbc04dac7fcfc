"""The glossary: every term is whole, in four languages, and the book uses it; the page and its links come out right."""

from __future__ import annotations

import ast
import json
import re
from collections import Counter
from pathlib import Path

import pytest
import small_book
from bs4 import BeautifulSoup
from s2s_glossary_links import Linker, pattern
from s2s_glossary_terms import read_terms

ROOT = small_book.ROOT
GROUPS = read_terms(ROOT / "book/glossary.yml")
TERMS = [term for terms in GROUPS.values() for term in terms]
HAN, HANGUL = "\u4e00-\u9fff", "\uac00-\ud7a3"


def prose(chapter: Path) -> str:
    """The Markdown of a notebook."""
    cells = json.loads(chapter.read_text(encoding="utf-8"))["cells"]
    return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown")


CHAPTERS = {int(path.name[:2]): prose(path) for path in (ROOT / "chapters").glob("[0-9]*.ipynb")}
PAGES = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md"))


def names_in_code() -> set[str]:
    """Every name that a program uses, in the package and in the chapters' cells."""
    programs = [path.read_text(encoding="utf-8") for path in (ROOT / "s2s_tutorial").rglob("*.py")]
    for path in (ROOT / "chapters").glob("*.ipynb"):
        cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
        code = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
        programs += [re.sub(r"^(\s*)%.*$", r"\1pass", text, flags=re.M) for text in code]
    nodes = [node for program in programs for node in ast.walk(ast.parse(program))]
    kinds = ("name", "id", "attr", "arg")
    return {getattr(node, kind) for node in nodes for kind in kinds if hasattr(node, kind)}


def test_there_is_enough_and_nothing_twice():
    assert 60 <= len(TERMS) <= 130
    forms = Counter(form.lower() for term in TERMS for form in term.forms)
    assert max(forms.values()) == 1, forms.most_common(3)
    assert len({term.anchor for term in TERMS}) == len(TERMS)


def test_every_term_is_whole():
    for term in TERMS:
        spoken, about = term.names, term.term
        assert set(spoken) | {"zh-Hant"} == {"vi", "zh-Hans", "zh-Hant", "ko"}, about
        assert re.search(f"[{HANGUL}]", spoken["ko"]), about
        assert re.search(f"[{HAN}]", spoken["zh-Hans"]), about
        assert not re.search(f"[{HAN}{HANGUL}]", spoken["vi"]), about
        assert not re.search(f"[{HANGUL}]", spoken["zh-Hans"]), about
        if "zh-Hant" in spoken:
            assert re.search(f"[{HAN}]", spoken["zh-Hant"]), about
            assert spoken["zh-Hant"] != spoken["zh-Hans"], about
        assert term.text.endswith(".") and len(term.text.split(". ")) <= 3, about
        assert not re.search(r"[$`*<>]", term.text), f"{about}: it is shown as it stands in notes"
        assert 1 <= term.chapter <= max(CHAPTERS) and term.since <= term.chapter, about


def test_its_names_in_code_are_names_in_code():
    known = names_in_code()
    assert "masked_softmax" in known and "surprised" not in known, "names, not the words of a text"
    codes = [(term.term, code) for term in TERMS for code in term.code]
    missing = [pair for pair in codes if set(re.findall(r"\w+", pair[1].split("=")[0])) - known]
    assert missing == []


def test_the_book_uses_each_term():
    assert {term.chapter for term in TERMS} <= set(CHAPTERS)
    unused = []
    for term in TERMS:
        texts = [text for number, text in CHAPTERS.items() if number >= term.since]
        starred = [re.escape(form) for form in term.forms if form.startswith("*")]
        plain = [pattern(form) for form in term.forms if not form.startswith("*")]
        if not re.search("|".join(starred + plain), "\n".join([*texts, PAGES])):
            unused.append(term.term)
    assert unused == []


@pytest.mark.parametrize(
    ("form", "matches", "others"),
    [
        ("mask", ["mask", "Mask", "masks"], ["masked", "MASK"]),
        ("beam search", ["beam\nsearch", "Beam searches"], ["beamsearch", "beam"]),
        ("GRU", ["GRU", "GRUs"], ["gru", "Gru"]),
        ("local-m", ["local-m"], ["local"]),
    ],
)
def test_forms_stand_for_capitals_and_plurals(form, matches, others):
    assert all(re.fullmatch(pattern(form), text) for text in matches)
    assert not any(re.fullmatch(pattern(form), text) for text in others)


def test_a_word_is_not_found_inside_another():
    found = re.findall(Linker(TERMS).pattern, "remasked maskable pre-mask mask-like")
    assert not found


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ("ko: 마스크", "the glossary's entry 'mask' has no 'ko'"),
        ("vi: mặt nạ", "has no 'vi'"),
        ("text: A table.", "has no 'text'"),
    ],
)
def test_an_entry_that_lacks_something_is_named(change, message, tmp_path):
    path = tmp_path / "glossary.yml"
    path.write_text(small_book.ENTRIES.replace(change, ""), encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        read_terms(path)
    path.write_text(small_book.ENTRIES.replace(change, f"{change}\n      zz: 1"), encoding="utf-8")
    with pytest.raises(ValueError, match="'mask' has unknown keys: zz"):
        read_terms(path)


# A small book, built


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The pages of a small book, by name."""
    site = small_book.build(tmp_path_factory.mktemp("book"))
    pages = [*site.glob("*/*.html"), site / "index.html"]
    return {page.stem: BeautifulSoup(page.read_text(encoding="utf-8"), "lxml") for page in pages}


def links(page):
    return {link["href"].split("#term-")[1]: link for link in page.find_all("a", class_="s2s-term")}


def test_only_the_first_appearance_in_running_text_is_linked(book):
    found = links(book["01_first"])
    assert list(found) == ["mask"]
    assert found["mask"].string == "masks" and found["mask"].parent.name == "em"
    assert not any(links(book[name]) for name in ("other", "index"))


def test_the_longest_term_wins_and_each_is_linked_once(book):
    found = links(book["02_second"])
    assert {name: link.string for name, link in found.items()} == {
        "attention-weight": "Attention weight",
        "key": "keys",
        "attention": "Attention",
        "mask": "masks",
        "softmax": "softmax",
    }
    assert len(book["02_second"].find_all("a", class_="s2s-term")) == 5
    assert found["key"].parent.name == "strong" and found["attention-weight"].find_parent("td")


def test_a_link_leads_to_its_entry_and_says_what_it_is(book):
    glossary = book["glossary"]
    for page in ("01_first", "02_second"):
        for name, link in links(book[page]).items():
            assert link["href"] == f"../book/glossary.html#term-{name}"
            entry = glossary.find("dt", id=f"term-{name}")
            assert entry and link["title"] == entry.find_next_sibling("dd").p.get_text()
    mask = links(book["01_first"])["mask"]
    assert (mask["data-vi"], mask["data-zh-hans"]) == ("mặt nạ", "掩码")
    assert (mask["data-zh-hant"], mask["data-ko"]) == ("遮罩", "마스크")


def test_an_entry_has_symbols_names_with_their_language_and_other_terms(book):
    head = book["glossary"].find("dt", id="term-mask")
    assert head.find(class_="math") and [code.get_text() for code in head.find_all("code")] == [
        *("src_mask", "tgt_mask")
    ]
    spoken = head.find_next_sibling("dd").find(class_="s2s-names").find_all(lang=True)
    assert [(span["lang"], span.get_text()) for span in spoken] == [
        ("vi", "Tiếng Việt mặt nạ"),
        ("zh-Hans", "中文 掩码"),
        ("zh-Hant", "繁體中文 遮罩"),
        ("ko", "한국어 마스크"),
    ]
    told = book["glossary"].find("dt", id="term-attention").find_next_sibling("dd").p
    assert [(link["href"], link.string) for link in told.find_all("a")] == [("#term-mask", "mask")]


def test_an_entry_leads_to_where_its_chapter_uses_it_first(book):
    where = {
        entry["id"]: entry.find_next_sibling("dd").find(class_="s2s-where")
        for entry in book["glossary"].find_all("dt")
    }
    attention = where["term-attention"].a
    assert attention["href"] == "../chapters/02_second.html#first-term-attention"
    assert attention.get_text() == "Chapter 2, Attention"
    assert book["02_second"].find(id="first-term-attention").string == "Attention"
    assert where["term-softmax"].get_text() == "Chapter 9" and not where["term-softmax"].a


def test_style_and_script_come_to_the_pages_that_use_them(book):
    for name, page in book.items():
        loaded = [tag.get("src") or tag.get("href") for tag in page.find_all(["script", "link"])]
        wanted = name in ("glossary", "01_first", "02_second")
        for file in ("glossary.css", "glossary.js"):
            assert any(file in str(address) for address in loaded) == wanted, (name, file)
