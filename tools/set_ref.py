"""Write which state of the repository a book belongs to: `main`, or the tag of a release.

    make set-ref REF=v0.2.0

It stands once, as `repository.branch` in `_config.yml`. What readers run follows from it: the set-up cell and the
other lines that install from git get `@v0.2.0`, links to Colab, Binder and the files on GitHub that tag. So a book
of version 0.2.0 installs 0.2.0, also when main has moved on; on main nothing is written behind the address.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

if __name__ == "__main__":  # `python tools/set_ref.py` finds its neighbours too
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.set_repository import END, ROOT, Repository, current, text_files

MAIN = "main"
STANDS = re.compile(r"^(repository:\n(?:[ #].*\n)*?  branch: )(\S+)$", re.MULTILINE)
NAME = r"[\w][\w./-]*(?<=\w)"


def current_ref(root: Path = ROOT) -> str:
    """Return the branch or tag that `_config.yml` names."""
    match = STANDS.search((root / "_config.yml").read_text(encoding="utf-8"))
    if not match:
        raise ValueError("_config.yml has no `repository:` with a `branch:` below it")
    return match[2]


def rewrite(text: str, repository: Repository, ref: str) -> str:
    """Return `text` with every install from, and link into, the repository at `ref`."""
    path = rf"{re.escape(repository.owner)}/{re.escape(repository.name)}"
    at = "" if ref == MAIN else f"@{ref}"
    text = re.sub(rf"(git\+https://github\.com/{path})(?:@{NAME})?{END}", rf"\g<1>{at}", text)
    text = re.sub(rf"(github(?:\.com)?/{path}/(?:blob|tree|raw)/)[\w.-]+", rf"\g<1>{ref}", text)
    return re.sub(rf"(mybinder\.org/v2/gh/{path}/)[\w.-]+", rf"\g<1>{ref}", text)


def set_ref(ref: str, root: Path = ROOT) -> list[Path]:
    """Write `ref` everywhere under `root`; return the files that changed.

    Raises:
        ValueError: if it is neither `main` nor a tag of a version; nothing is then written.
    """
    if not re.fullmatch(r"main|v\d+\.\d+\.\d+", ref):
        raise ValueError(f"a book is of main or of a version's tag, such as v0.2.0, not of {ref!r}")
    repository, changed = current(root), []
    for path, text in text_files(root):
        fresh = rewrite(text, repository, ref)
        if path == root / "_config.yml":
            fresh = STANDS.sub(rf"\g<1>{ref}", fresh)
        if fresh != text:
            path.write_bytes(fresh.encode("utf-8"))
            changed.append(path)
    return changed


def main(arguments: list[str]) -> int:
    """Run from the command line."""
    if len(arguments) != 1 or not arguments[0]:
        print(f"Which tag? This book is of {current_ref()}. For example: make set-ref REF=v0.2.0")
        return 2
    try:
        changed = set_ref(arguments[0])
    except ValueError as error:
        print(f"Nothing was changed: {error}.")
        return 2
    for path in changed:
        print(path.relative_to(ROOT))
    print(f"{len(changed)} files now belong to {current_ref()}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
