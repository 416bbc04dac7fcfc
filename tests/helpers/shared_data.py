"""The copies of real corpora beside the checkout, for the tests that need them."""

from __future__ import annotations

from pathlib import Path

import pytest
from places import SHARED


def needs(folder: str) -> pytest.MarkDecorator:
    """Skip where there is no copy of a corpus."""
    return pytest.mark.skipif(
        not (SHARED / folder).is_dir(), reason=f"needs the copy of {folder} in ../shared/data"
    )


@pytest.fixture
def mirrored(monkeypatch, tmp_path) -> Path:
    """The copies are a mirror, the only place to be had anything from; returns the empty cache."""
    monkeypatch.delenv("S2S_DATA_DIR", raising=False)
    monkeypatch.setenv("S2S_MIRROR", SHARED.as_uri())
    monkeypatch.setenv("S2S_CACHE_DIR", str(tmp_path / "cache"))
    return tmp_path / "cache"
