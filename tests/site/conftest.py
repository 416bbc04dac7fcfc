"""The built site on an address of this machine, for all the tests that open its pages."""

from __future__ import annotations

import pytest
from website.built import PREFIX, SITE
from website.serving import serving


@pytest.fixture(scope="session")
def address():
    with serving(SITE, PREFIX) as address:
        yield address
