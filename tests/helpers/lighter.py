"""Leaves out what the tests would import for nothing; named before nbval, which imports it.

nbformat's schemas could have IRIs checked by this module, which reads a grammar for three seconds when imported.
"""

from __future__ import annotations

import sys

sys.modules.setdefault("rfc3987_syntax", None)
