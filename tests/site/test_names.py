"""Long names on a phone: a line ends after an underscore, a dot or a slash, and never within a word."""

from __future__ import annotations

import pytest
from website.serving import window

from book.extensions.s2s_site import break_names

PAGES = [
    "book/api/text",
    "book/api/training",
    "book/command_line",
    "book/index",
    "chapters/your_own_model",
]
# Where a name goes on in the next line, and both letters at the break belong to one word.
BROKEN = """() => {
  const found = [], range = document.createRange();
  for (const name of document.querySelectorAll("article span.pre")) {
    if (name.getClientRects().length < 2 && name.parentElement.getClientRects().length < 2) continue;
    const letters = [];
    for (const text of name.childNodes)
      for (let at = 0; at < (text.data ?? "").length; at++) {
        range.setStart(text, at);
        range.setEnd(text, at + 1);
        letters.push([text.data[at], range.getBoundingClientRect().top]);
      }
    for (let at = 1; at < letters.length; at++) {
      const [[before, above], [after, top]] = [letters[at - 1], letters[at]];
      if (top > above + 5 && /[A-Za-z0-9]/.test(before) && /[A-Za-z0-9]/.test(after)) found.push(`${name.textContent} at ${at}`);
    }
  }
  return found;
}"""


@pytest.mark.parametrize(
    ("name", "broken"),
    [
        ("s2s.load_corpus()", "s2s.<wbr>load_<wbr>corpus()"),
        ("tests/site/test_names.py", "tests/<wbr>site/<wbr>test_<wbr>names.py"),
        ("__init__", "__<wbr>init__"),
        ("x.y 0.5 a&lt;b", "x.y 0.5 a&lt;b"),
    ],
)
def test_where_a_name_may_break(name, broken):
    html = '<p>a_b</p><code><span class="pre">{}</span></code><pre>load_corpus</pre>'
    assert break_names(html.format(name)) == html.format(broken)


def test_a_signature_may_break_before_its_name_and_behind_its_bracket():
    html = (
        '<span class="sig-prename"><span class="pre">s2s.</span></span><span class="sig-name">f</span>'
        '<span class="sig-paren">(</span><em>x</em><span class="sig-paren">)</span>'
    )
    broken = html.replace("</span></span><", "</span></span><wbr><").replace(
        "(</span>", "(</span><wbr>"
    )
    assert break_names(html) == broken


def test_a_break_within_a_word_would_be_found(browser):
    with window(browser, "phone") as context:
        page = context.new_page()
        name = "<code><span class=pre style='overflow-wrap:anywhere'>{}</span></code>"
        page.set_content(
            f"<article style='width:90px'>{name.format('abcdefghijklmnopqrst')}</article>"
        )
        assert page.evaluate(BROKEN)
        page.set_content(
            f"<article style='width:90px'>{name.format('abcdef_<wbr>ghijkl_<wbr>m')}</article>"
        )
        assert page.evaluate(BROKEN) == []


@pytest.mark.parametrize("path", PAGES)
def test_names_on_a_phone_break_between_words(browser, address, path):
    with window(browser, "phone") as context:
        page = context.new_page()
        page.goto(f"{address}{path}.html")
        assert page.evaluate(BROKEN) == []
