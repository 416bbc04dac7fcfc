"""axe-core on an open page: WCAG 2.2, levels A and AA, at three widths, light and dark.

A run reads every element of a page many times, so what a rule can depend on decides how often it runs:

* What stands around the article (header, sidebars, footer) is made by one template for all pages, and differs with the width
  and with the scheme: all rules, in all six, with the article taken out, on a page of each kind.
* The article has the same elements and colours at each width, in other places: all rules on the phone in the dark; on a
  laptop in the light colours, places and sizes; on a tablet places and sizes, where it has controls of its own.

Tests find axe-core in `tests/npm/node_modules`; `make test` puts it there.
"""

from __future__ import annotations

import os
from functools import cache
from pathlib import Path

import pytest
from places import TESTS
from playwright.sync_api import Page

SCRIPT = TESTS / "npm/node_modules/axe-core/axe.min.js"
THIN = Path(__file__).with_name("thin.js").read_text(encoding="utf-8")
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
ALL = {"type": "tag", "values": TAGS}
PLACES = ["target-size", "scrollable-region-focusable"]
COLOURS = ["color-contrast", "link-in-text-block"]
PHONE = (360, "dark", ALL)
TABLET = (768, "light", {"type": "rule", "values": PLACES})
LAPTOP = (1440, "light", {"type": "rule", "values": PLACES + COLOURS})
AROUND = [(width, scheme, ALL) for width in (1440, 768, 360) for scheme in ("light", "dark")]
CONTROLS = (
    "article :is(input, select, button:not(.copybtn, .toggle-button), [role=slider], [role=button])"
)
TAKE_OUT = "document.querySelector('article')?.replaceChildren()"
ONCE = "axe.configure({ rules: [{ id: 'color-contrast', selector: ':not([data-alike])' }] })"
RUN = """async (runOnly) => {
  const { violations } = await axe.run(document, { runOnly, resultTypes: ["violations"] });
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => {
    const why = [...node.any, ...node.all, ...node.none].map((check) => check.message).join("; ");
    return `axe: ${id}: ${node.target.join(" ")}: ${why}`;
  }));
}"""


@cache
def script() -> str:
    """Return axe-core's source; skip, or fail where a browser is required, without it."""
    if not SCRIPT.is_file():
        reason = f"no {SCRIPT.relative_to(TESTS.parent)}: run `python -m tools.fetch_checkers`"
        if os.environ.get("S2S_REQUIRE_BROWSER") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return SCRIPT.read_text(encoding="utf-8")


def accessible(page: Page, around: bool = True) -> list[str]:
    """Return what axe finds on an open page, which is not to be used afterwards.

    Args:
        page: the page.
        around: whether what stands around the article is looked at too.
    """
    page.evaluate(script())
    page.evaluate(THIN)
    page.evaluate(ONCE)
    page.emulate_media(media="screen")
    controls = page.locator(CONTROLS).count() > 0
    found = run(page, [PHONE, TABLET, LAPTOP] if controls else [PHONE, LAPTOP])
    if around:
        page.evaluate(TAKE_OUT)
        found = {**run(page, AROUND), **found}
    return list(found.values())


def is_tree_item(problem: str) -> bool:
    """Whether it is about a tree's item: the rule counts the text of the items below it as its own."""
    return "label-content-name-mismatch" in problem and ".s2s-node" in problem


def run(page: Page, settings: list) -> dict[str, str]:
    """Return what axe finds with each of the settings, each problem once, with the first that showed it."""
    found: dict[str, str] = {}
    before = None
    for width, scheme, rules in settings:
        page.set_viewport_size({"width": width, "height": 900})
        page.emulate_media(color_scheme=scheme)
        if width != before:  # the theme makes what scrolls reachable by keyboard 300 ms later
            page.wait_for_timeout(450)
        before = width
        page.evaluate("scheme => (document.documentElement.dataset.theme = scheme)", scheme)
        for problem in page.evaluate(RUN, rules):
            if is_tree_item(problem):
                continue
            found.setdefault(problem, f"{problem} ({width} wide, {scheme})")
    return found
