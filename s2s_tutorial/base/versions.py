"""Which PyTorch the package runs with, and which NumPy that PyTorch wants beside it."""

from __future__ import annotations

import re
from functools import cache

OLDEST_TORCH = (2, 2)
_FIRST_TORCH_FOR_NUMPY_2 = (2, 3)


@cache
def check_versions() -> None:
    """Raise unless PyTorch is new enough, and NumPy not too new for it; PyTorch is not imported.

    Before 2.3, PyTorch was built for NumPy 1, and fails beside NumPy 2 with "Numpy is not
    available". 2.2 is the last one for Macs with Intel's processors.

    Raises:
        ImportError: with what is installed, and the command that helps.

    Example:
        >>> check_versions()
    """
    torch, numpy = _installed("torch"), _installed("numpy")
    if torch is None:
        return  # its import says so
    if _number(torch) < OLDEST_TORCH:
        oldest = ".".join(map(str, OLDEST_TORCH))
        raise ImportError(
            f"s2s_tutorial needs PyTorch {oldest} or later, but here is {torch}: "
            "pip install --upgrade torch"
        )
    if numpy is not None and _number(torch) < _FIRST_TORCH_FOR_NUMPY_2 and _number(numpy) >= (2, 0):
        raise ImportError(
            f"PyTorch {torch} works with NumPy 1 only, but here is NumPy {numpy}: "
            'pip install "numpy<2"'
        )


def _installed(package: str) -> str | None:
    from importlib.metadata import PackageNotFoundError, version  # slow: only when asked for

    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _number(version: str) -> tuple[int, ...]:
    """The first two numbers of a version; of one without such, larger than any."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else (10**6, 0)
