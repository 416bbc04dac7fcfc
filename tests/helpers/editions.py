"""Which chapters are not yet shortened; what the second edition asks of a chapter is expected to fail for them."""

import pytest

FIRST_EDITION: list[str] = []


def expect(stem: str) -> None:
    """Let the running test fail, and only fail, if the chapter is one of them."""
    if stem in FIRST_EDITION:
        pytest.xfail("not yet shortened")
