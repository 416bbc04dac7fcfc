"""A file is about one thing: those of the package stay short enough to be read at a sitting."""

from __future__ import annotations

from places import ROOT

LINES = 250


def test_no_file_of_the_package_is_long():
    lengths = {
        path: path.read_text(encoding="utf-8").count("\n")
        for path in (ROOT / "s2s_tutorial").rglob("*.py")
    }
    assert len(lengths) > 200
    assert {str(path.relative_to(ROOT)): n for path, n in lengths.items() if n > LINES} == {}
