"""The checks of the site can fail: each is fed a page that is wrong in its way, and one that is right."""

from __future__ import annotations

import pytest
from website.checks import anchors, broken_links, list_pages, tree, visit
from website.serving import serving, window

GOOD = """
<h1 id="top">A title</h1><p>Text with <a href="#top">a link</a> and <code>$$ raw $$</code>, 5 $ or 6 $.</p>
<img src="dot.svg" alt="A dot"><svg role="img" aria-label="A line"><path d="M0 0"/></svg>
<div style="overflow-x:auto"><div style="width:3000px">wide, in a box that scrolls</div></div>
<details><summary>More</summary><p>Inside.</p></details>
"""
# An equation with MathJax's copy of it for screen readers, which nobody sees but which can widen a page.
EQUATION = """
<mjx-container style="position:relative">x<mjx-assistive-mml style="position:absolute;left:0;top:0;display:block;
  clip:rect(1px,1px,1px,1px);overflow:hidden;{width}"><math style="display:block;width:3000px"><mi>x</mi></math>
</mjx-assistive-mml></mjx-container>
"""
GOOD += EQUATION.format(width="max-width:1px")
DOT = '<svg xmlns="http://www.w3.org/2000/svg"><circle r="1"/></svg>'

# What is wrong, and how the sentence about it begins.
BAD = {
    "image of another host": (
        '<img alt="x" src="https://example.org/x.png">',
        "another host: https://ex",
    ),
    "script that asks another host": (
        '<script>fetch("https://example.org/").catch(() => 0)</script>',
        "another host:",
    ),
    "font of another host": (
        "<style>@font-face{font-family:F;src:url(https://example.org/f.woff2)}p{font-family:F}</style>",
        "another host:",
    ),
    "console error": ('<script>console.error("oh no")</script>', "console: oh no"),
    "exception": ('<script>throw new Error("broken")</script>', "script: broken"),
    "exception later": ("<script>setTimeout(() => { undefined.x }, 50)</script>", "script: "),
    "missing file": ('<script src="none.js"></script>', "request: 404"),
    "raw display equation": ("<p>$$ x $$</p>", "equation: raw"),
    "raw inline equation": (r"<p>the weight $\alpha_{ij}$ of</p>", "equation: raw"),
    "raw LaTeX delimiter": (r"<p>\( x \)</p>", "equation: raw"),
    "equation not drawn": (r'<div class="math">\[x\]</div>', "equation: not drawn"),
    "equation with an error": ("<mjx-merror>Undefined</mjx-merror>", "equation: MathJax"),
    "equation with an error, folded": (
        "<details><mjx-merror>Undefined</mjx-merror></details>",
        "equation: MathJax",
    ),
    "wide block": ('<div style="width:3000px">wide</div>', "overflow: the page is"),
    "wide block, folded": ('<details><pre style="width:3000px">x</pre></details>', "overflow: "),
    "wide block, cut off": (
        '<div style="overflow:hidden"><div style="width:3000px">wide</div></div>',
        "overflow: ",
    ),
    "wide unseen copy of an equation": (EQUATION.format(width=""), "overflow: the page is"),
    "no alt text": ('<img src="dot.svg">', "alt text: missing on dot.svg"),
    "file name for alt text": ('<img src="dot.svg" alt="../_images/dot.svg">', "alt text: missing"),
    "nameless drawing": ('<svg><path d="M0 0"/></svg>', "alt text: missing on <svg"),
    "pale text": ('<p style="color:#bbb">pale</p>', "contrast: 1.9"),
    "dark text on dark": (
        '<section style="background:#111"><p style="color:#333">dark</p></section>',
        "contrast: 1.",
    ),
}


def write_page(folder, name, body):
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><link rel="icon" href="dot.svg">'
        f"<title>t</title></head><body><main>{body}</main></body></html>"
    )
    (folder / name).write_text(html, encoding="utf-8")


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "dot.svg").write_text(DOT, encoding="utf-8")
    yield tmp_path
    tree.cache_clear()
    anchors.cache_clear()


def test_a_good_page_has_no_problems(browser, folder):
    write_page(folder, "good.html", GOOD)
    with serving(folder) as address, window(browser, "phone") as context:
        assert visit(context, address + "good.html") == []
    assert broken_links(folder, "good.html") == []


@pytest.mark.parametrize("what", BAD)
def test_a_bad_page_is_found(browser, folder, what):
    body, sentence = BAD[what]
    write_page(folder, "bad.html", GOOD + body)
    with serving(folder) as address, window(browser) as context:
        problems = visit(context, address + "bad.html")
    assert any(problem.startswith(sentence) for problem in problems), problems
    kind = sentence.split(":")[0]
    tolerated = {"console"} if kind in {"request", "another host"} else set()
    assert {problem.split(":")[0] for problem in problems} <= {kind} | tolerated, "and nothing else"


@pytest.mark.parametrize(
    ("link", "problem"),
    [
        ('<a href="none.html">', "link: there is no none.html"),
        ('<a href="good.html#nowhere">', "link: good.html has no #nowhere"),
        ('<a href="#nowhere">', "link: bad.html has no #nowhere"),
        ('<a href="/elsewhere/">', "link: /elsewhere/ is outside the site"),
        ('<img alt="" src="images/none.png">', "link: there is no images/none.png"),
        ('<script src="https://example.org/x.js">', "another host: <script> loads"),
        ('<link rel="stylesheet" href="//example.org/x.css">', "another host: <link> loads"),
    ],
)
def test_a_broken_link_is_found(folder, link, problem):
    write_page(folder, "good.html", GOOD)
    write_page(folder, "bad.html", link)
    (found,) = broken_links(folder, "bad.html", "/book/")
    assert found.startswith(problem)


def test_good_links_are_left_alone(folder):
    write_page(folder, "good.html", GOOD)
    write_page(
        folder,
        "links.html",
        '<a href="good.html#top"></a><a href="https://example.org"></a><a href="mailto:a@b.c"></a>'
        '<a href="/book/good.html"></a><link rel="canonical" href="https://example.org/links.html">',
    )
    assert broken_links(folder, "links.html", "/book/") == []


def test_pages_are_those_of_the_search_index(tmp_path):
    (tmp_path / "searchindex.js").write_text('Search.setIndex({"docnames": ["book/index", "a"]})')
    assert list_pages(tmp_path)[:2] == ["book/index.html", "a.html"]
