"""What axe-core is to find on a page is found, at the width and in the scheme where it is wrong."""

from __future__ import annotations

import pytest
from website.axe import accessible
from website.serving import window

PAGE = """<!doctype html><html lang="en" data-theme="dark"><head><title>A page</title>
<meta name="viewport" content="width=device-width"><style>{style}</style></head>
<body style="background: #fff; color: #222"><main><h1>A page</h1><article>{article}</article>{around}</main></body></html>"""
GOOD = '<p>Text with <a href="#x">a link</a>.</p><label>Length <input type="range"></label><button>Next</button>'
SMALL = '<span role="button" tabindex="0" style="display: inline-block; {size}">+</span>' * 2
# What is wrong, what stands in the page for it, the rule that says so, and where.
BAD = {
    "pale text": ("<p style='color: #999'>pale</p>", "", "color-contrast", "360 wide, dark"),
    "pale in the light": ("<p class=pale>pale</p>", "", "color-contrast", "1440 wide, light"),
    "pale, one among others": (
        "<p>dark</p><p class=pale hidden>unseen</p><p>dark</p><p class=pale>pale</p>",
        "",
        "color-contrast",
        "1440 wide, light",
    ),
    "pale by itself": (
        "<p>dark</p><p style='color: #999'>pale</p>",
        "",
        "color-contrast",
        "360 wide, dark",
    ),
    "no label": ("<input>", "", "label", "360 wide, dark"),
    "small targets": (
        f"<div>{SMALL.format(size='width: 9px')}</div>",
        "",
        "target-size",
        "360 wide, dark",
    ),
    "small on a desktop": (
        f"<div class=d>{SMALL.format(size='')}</div>",
        "",
        "target-size",
        "1440",
    ),
    "small on a tablet": (
        f"<div class=t>{SMALL.format(size='')}</div>",
        "",
        "target-size",
        "768 wide, light",
    ),
    "around the article": ("", "<nav class=d><input></nav>", "label", "1440 wide, light"),
    "one of many words": (
        "<pre>" + "<span class=k>if</span> <span class=c># why</span> " * 9 + "</pre>",
        "",
        "color-contrast",
        "1440 wide, light",
    ),
}
STYLE = """button { min-width: 44px; min-height: 44px } [role=button] { width: 40px; height: 40px }
[data-theme=light] .pale, [data-theme=light] .c { color: #999 }
@media (min-width: 1000px) { .d [role=button] { width: 9px; height: 9px; overflow: hidden } }
@media (min-width: 500px) and (max-width: 1000px) { .t [role=button] { width: 9px; height: 9px; overflow: hidden } }
@media (max-width: 1000px) { nav.d { display: none } }"""


def looked_at(browser, article: str, around: str = "") -> list[str]:
    with window(browser, "phone", "dark") as context:
        page = context.new_page()
        page.set_content(PAGE.format(style=STYLE, article=article, around=around))
        return accessible(page)


def test_a_good_page_is_accessible(browser):
    assert looked_at(browser, GOOD) == []


@pytest.mark.parametrize("what", BAD)
def test_what_is_wrong_is_found(browser, what):
    article, around, rule, where = BAD[what]
    problems = looked_at(browser, GOOD + article, around)
    assert problems and all(problem.startswith(f"axe: {rule}: ") for problem in problems)
    assert where in problems[0]
