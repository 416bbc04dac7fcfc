"""Install what the tests check the built site with: axe-core and Lighthouse, pinned in `tests/npm`.

    python -m tools.fetch_checkers

They lie in `tests/npm/node_modules` (not in git), apart from what the site serves: nothing of them is published.
npm checks every package against the sha512 in the lock file. Nothing is done when they are up to date.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from tools.vendor_assets import ROOT, fetch

LOCK = ROOT / "tests/npm/package-lock.json"
TARGET = ROOT / "tests/npm/node_modules"
STAMP = TARGET / ".ready"


def main() -> None:
    """Bring `tests/npm/node_modules` up to date."""
    wanted = hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if STAMP.exists() and STAMP.read_text() == wanted:
        return
    print("==> fetching axe-core and Lighthouse, for the tests of the site")
    with tempfile.TemporaryDirectory(dir=LOCK.parent) as folder:
        modules = fetch(Path(folder), LOCK, "the checkers of the site")
        shutil.rmtree(TARGET, ignore_errors=True)
        modules.rename(TARGET)
    STAMP.write_text(wanted)


if __name__ == "__main__":
    main()
