"""Every chapter of the built site: two widths, light and dark, on paper, nothing from another host and nothing broken."""

from __future__ import annotations

import pytest
from website.built import CHAPTERS
from website.checks import visit
from website.serving import window


@pytest.mark.parametrize("page", CHAPTERS)
def test_page(browser, address, page):
    with window(browser, "laptop", "dark") as context:
        assert (
            visit(context, address + page, chapter=page.split("/")[1][0].isdigit(), whole=True)
            == []
        )
