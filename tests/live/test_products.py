"""The products in WebAssembly are what their source says."""

from __future__ import annotations

import base64
import re

import pytest
from javascript import JS


def test_the_compiled_products_are_those_of_the_source():
    wasmtime = pytest.importorskip("wasmtime")
    (kept,) = re.findall(r'const WASM = "([^"]+)"', (JS / "products.js").read_text("utf-8"))
    compiled = wasmtime.wat2wasm((JS / "products.wat").read_text("utf-8"))
    assert bytes(compiled) == base64.b64decode(kept)
