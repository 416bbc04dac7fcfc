"""A page links to one stylesheet: in it stand, in their order, all that the builder linked to."""

from __future__ import annotations

import doctest
import re
import sys

import pytest
from places import ROOT
from website.built import PAGES, SITE
from website.checks import tree

sys.path.insert(0, str(ROOT / "book/extensions"))
import s2s_bundle  # noqa: E402

BUNDLES = sorted((SITE / s2s_bundle.FOLDER).glob("bundle-*.css"))


def test_examples_say_what_comes_out():
    done = doctest.testmod(s2s_bundle)
    assert done.attempted and not done.failed


@pytest.mark.parametrize("page", sorted({*PAGES} - {"404.html", "index.html"}))  # index leads on
def test_a_page_links_to_one_stylesheet_for_the_screen(page):
    links = tree(SITE / page).xpath('//link[@rel="stylesheet" and not(@media="print")]/@href')
    assert len(links) == 1 and ((SITE / page).parent / links[0]).resolve() in BUNDLES


@pytest.mark.parametrize("bundle", BUNDLES, ids=lambda path: path.name)
def test_what_a_bundle_names_is_there_and_nothing_is_imported(bundle):
    css = bundle.read_text(encoding="utf-8")
    assert "@import" not in css and "--pst-color-primary" in css
    for address in re.findall(r'url\("?(?!data:)([^")#?]+)', css):
        assert (bundle.parent / address).is_file(), address


def test_the_order_stays_and_what_is_imported_stands_where_it_was(tmp_path):
    for name, css in {
        "_static/styles/a.css": '@import "../b.css";\n.a { x: url(i.png) }',
        "_static/b.css": ".b { y: url('i.png') }",
        "_static/c.css": '@charset "utf-8"; .c { z: url(#here) }',
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(css, encoding="utf-8")
    head = (
        '<link href="{0}_static/styles/a.css?digest=1" rel="stylesheet" />\n'
        '<link media="print" rel="stylesheet" href="{0}_static/p.css" />\n'
        '<link rel="stylesheet" type="text/css" href="{0}_static/c.css" />\n'
    )
    made = {}
    page = s2s_bundle.bundled(head.format("../"), "book/page.html", tmp_path, made)
    ((key, name),) = made.items()
    assert key == ("_static/styles/a.css", "_static/c.css")
    assert page.count("stylesheet") == 2 and f'href="../{name}"' in page and "p.css" in page
    css = (tmp_path / name).read_text(encoding="utf-8")
    assert re.findall(r"\.[abc]\b", css) == [".b", ".a", ".c"]
    assert 'url("../i.png")' in css and 'url("i.png")' in css and "url(#here)" in css
    top = s2s_bundle.bundled(head.format(""), "index.html", tmp_path, made)
    assert f'href="{name}"' in top and len(made) == 1
    away = '<link rel="stylesheet" href="/root/a.css"><link rel="stylesheet" href="b.css">'
    assert s2s_bundle.bundled(away, "404.html", tmp_path, made) == away
