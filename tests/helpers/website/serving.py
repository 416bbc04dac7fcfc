"""A browser and a server for the site's tests."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext

from tools import browser
from tools.browser import serving

__all__ = ["running_browser", "serving", "window"]
SIZES = {"laptop": (1440, 900), "desktop": (1280, 900), "phone": (360, 740)}
AT_ONCE = """addEventListener("DOMContentLoaded", () => document.documentElement.classList.remove("s2s-pieces"))"""
ARGUMENTS = [
    "--no-sandbox",
    "--font-render-hinting=none",  # letters as wide as on a screen that shows them
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextlib.contextmanager
def running_browser() -> Iterator[Browser]:
    """Start a Chromium; skip, or fail where one is required, without it."""
    with contextlib.ExitStack() as held:
        try:
            started = held.enter_context(browser.running_browser(ARGUMENTS))
        except browser.NoBrowser as error:
            reason = f"no browser for the site's tests. {error}"
            if os.environ.get("S2S_REQUIRE_BROWSER") == "1":
                pytest.fail(reason, pytrace=False)
            pytest.skip(reason)
        yield started


@contextlib.contextmanager
def window(
    browser: Browser, size: str = "desktop", scheme: str = "light", pieces: bool = False, **options
) -> Iterator[BrowserContext]:
    """Open a fresh window of one of these sizes; its pages are laid out at once, unless it is to be in pieces."""
    width, height = SIZES[size]
    context = browser.new_context(
        viewport={"width": width, "height": height},
        color_scheme=scheme,
        reduced_motion="reduce",
        **options,
    )
    if not pieces:
        context.add_init_script(AT_ONCE)
    context.set_default_timeout(120_000)  # a busy machine is slow, not wrong
    try:
        yield context
    finally:
        context.close()
