"""Every page of the built site but the chapters: two widths, light and dark, on paper, nothing from another host and nothing broken."""

from __future__ import annotations

import pytest
from website.built import OTHERS
from website.checks import visit
from website.serving import window


@pytest.mark.parametrize("page", OTHERS)
def test_page(browser, address, page):
    with window(browser, "laptop", "dark") as context:
        assert visit(context, address + page, whole=True) == []
