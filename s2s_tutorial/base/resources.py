"""Where the files that travel with the book are: small corpora and measured results."""

from __future__ import annotations

from pathlib import Path, PurePosixPath

PACKAGE = Path(__file__).resolve().parents[1]


def resource_path(name: str) -> Path:
    """The place on this machine of a file or folder that ships with the book.

    In a checkout it is below the repository's root; in an installed wheel, which carries
    ``data/`` and ``benchmarks/results/``, below ``s2s_tutorial/_shipped/``.

    Args:
        name: its path from the repository's root, with ``/`` between the parts, for instance
            ``"data/phrases/grammar.json"``.

    Returns:
        An absolute path that exists.

    Raises:
        TypeError: if ``name`` is not a string.
        ValueError: if ``name`` is empty, absolute, or leaves the repository through ``..``.
        FileNotFoundError: if nothing of that name ships.

    Example:
        >>> resource_path("data/phrases/grammar.json").is_file()
        True
    """
    if not isinstance(name, str):
        raise TypeError(f"a resource is named by a string, not by a {type(name).__name__}")
    parts = PurePosixPath(name).parts
    if not parts or ".." in parts or "\\" in name or PurePosixPath(name).is_absolute():
        raise ValueError(
            f"{name!r} does not name a shipped file: give its path from the repository's root, "
            "such as 'data/phrases/grammar.json'"
        )
    shipped = PACKAGE / "_shipped"
    root = shipped if shipped.is_dir() else PACKAGE.parent
    path = root.joinpath(*parts)
    if not path.exists():
        raise FileNotFoundError(
            f"{name} is not where it should be ({path}); install s2s-tutorial again, "
            "or check out the repository whole"
        )
    return path
