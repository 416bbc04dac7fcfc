"""Where scripts are off, a picture stands in each live box; where they are on, none is fetched."""

from __future__ import annotations

import json

import pytest
from places import ROOT
from website.built import SITE
from website.serving import window

from tools.picture_boxes import HEIGHTS, PICTURES, boxes, main

BOXES = boxes(SITE)


def test_each_box_has_a_picture_and_its_room_and_each_picture_a_box():
    assert BOXES and {path.stem for path in PICTURES.glob("*.png")} == set(BOXES)
    assert json.loads(HEIGHTS.read_text(encoding="utf-8")).keys() == BOXES.keys()
    assert sum(path.stat().st_size for path in PICTURES.glob("*.png")) < 600_000


@pytest.mark.parametrize("size", ["desktop", "phone"])
def test_without_scripts_the_picture_is_seen(browser, address, size):
    page, name = BOXES["both"][0], "both"
    with window(browser, size, java_script_enabled=False) as context:
        tab = context.new_page()
        tab.goto(address + page)
        picture = tab.locator(f"#{name} img")
        picture.scroll_into_view_if_needed()
        place = picture.bounding_box()
        assert picture.is_visible() and place["width"] > 250
        assert place["x"] >= 0 and place["x"] + place["width"] <= tab.viewport_size["width"]
        assert tab.locator(f"#{name} p").first.is_visible()


def test_with_scripts_no_picture_is_fetched(browser, address):
    with window(browser) as context:
        tab, asked = context.new_page(), []
        tab.on("request", lambda request: asked.append(request.url))
        tab.goto(address + BOXES["both"][0])
        tab.locator("#both").scroll_into_view_if_needed()
        tab.wait_for_selector("#both.s2s-ready")
        assert not [url for url in asked if "/boxes/" in url and url.endswith(".png")]


def test_an_unknown_name_is_said_with_those_that_are():
    with pytest.raises(SystemExit, match="no box nobody; there are .*try-numbers"):
        main(["nobody"])


def test_every_box_of_the_sources_is_on_the_site():
    sources = [*ROOT.glob("chapters/*.ipynb"), *ROOT.glob("book/*.md")]
    text = "".join(path.read_text(encoding="utf-8") for path in sources).replace('\\"', '"')
    assert text.count('class="s2s-box" id="') == len(BOXES)
