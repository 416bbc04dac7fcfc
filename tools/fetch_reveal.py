"""Fetch reveal.js, which shows the slides, pinned in `book/slides/vendor`.

    python -m tools.fetch_reveal

It lies in `book/slides/vendor/node_modules` (not in git), apart from what the site serves; tools/make_slides.py copies it
beside the slides. npm checks it against the sha512 in the lock file. Nothing is done when it is up to date.
"""

from __future__ import annotations

import hashlib
import shutil
import tempfile
from pathlib import Path

from tools.vendor_assets import ROOT, fetch

LOCK = ROOT / "book/slides/vendor/package-lock.json"
REVEAL = LOCK.with_name("node_modules") / "reveal.js"


def main() -> None:
    """Bring `book/slides/vendor/node_modules` up to date."""
    stamp, wanted = REVEAL.with_name(".ready"), hashlib.sha256(LOCK.read_bytes()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return
    print("==> fetching reveal.js, which shows the slides", flush=True)
    with tempfile.TemporaryDirectory(dir=LOCK.parent) as folder:
        modules = fetch(Path(folder), LOCK, "what shows the slides")
        shutil.rmtree(REVEAL.parent, ignore_errors=True)
        modules.rename(REVEAL.parent)
    stamp.write_text(wanted)


if __name__ == "__main__":
    main()
