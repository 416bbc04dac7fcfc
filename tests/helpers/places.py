"""Where things are, for tests in any folder."""

from __future__ import annotations

from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
HELPERS = TESTS / "helpers"
ROOT = TESTS.parent
SHARED = ROOT.parent / "shared" / "data"
