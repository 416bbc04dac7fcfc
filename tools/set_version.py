"""Write a new version where one stands: the package, CITATION.cff, CHANGELOG.md.

    make set-version VERSION=0.2.0

The version stands once, as `__version__` in `s2s_tutorial/__init__.py`; pyproject.toml reads it there. What the
change log has under *Unreleased* becomes the version's section, with today's date. `--check v0.2.0` says instead
whether the tree is what a tag of this name should hold; the release workflow asks that first.
"""

from __future__ import annotations

import datetime
import re
import sys
from pathlib import Path

if __name__ == "__main__":  # `python tools/set_version.py` finds its neighbours too
    sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from tools.set_ref import current_ref
from tools.set_repository import ROOT, current

PACKAGE = "s2s_tutorial/__init__.py"
STANDS = re.compile(r'^__version__ = "([^"]+)"$', re.MULTILINE)
SEMANTIC = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)")
SECTION = re.compile(r"^## \[([^]]+)\](?: - (\d{4}-\d\d-\d\d))?$", re.MULTILINE)


def current_version(root: Path = ROOT) -> str:
    """Return the version that the package states."""
    return STANDS.search((root / PACKAGE).read_text(encoding="utf-8"))[1]


def number(version: str) -> tuple[int, ...]:
    """Return a semantic version as numbers.

    Raises:
        ValueError: if it is none, such as `1.0` or `v1.0.0`.
    """
    match = SEMANTIC.fullmatch(version)
    if not match:
        raise ValueError(f"a version is three numbers, such as 0.2.0, but this is {version!r}")
    return tuple(map(int, match.groups()))


def sections(changelog: str) -> dict[str, str]:
    """Return the text of each version's section of a change log, newest first.

    >>> sections("# Log\\n\\n## [Unreleased]\\n\\n## [0.1.0] - 2026-01-02\\n\\n- new\\n")
    {'Unreleased': '', '0.1.0': '- new'}
    """
    body = re.split(r"^\[Unreleased\]: ", changelog, flags=re.MULTILINE)[0]
    found = list(SECTION.finditer(body))
    ends = [match.start() for match in found[1:]] + [len(body)]
    return {m[1]: body[m.end() : end].strip() for m, end in zip(found, ends)}


def set_version(version: str, root: Path = ROOT, today: str | None = None) -> None:
    """Write `version` everywhere.

    Raises:
        ValueError: if it is no version, is older than one that is out, or nothing is said of it; nothing is
            then written.
    """
    log = (root / "CHANGELOG.md").read_text(encoding="utf-8")
    known = sections(log)
    released = [name for name in known if name != "Unreleased"]
    late = [old for old in released if number(old) >= number(version)]
    if late:
        raise ValueError(f"version {late[0]} is in CHANGELOG.md, so the next is later: {version}")
    if not known.get("Unreleased"):
        raise ValueError("CHANGELOG.md says nothing under Unreleased: what is new in it?")
    today = today or datetime.date.today().isoformat()
    log = log.replace("## [Unreleased]\n", f"## [Unreleased]\n\n## [{version}] - {today}\n", 1)
    url = current(root).url
    ends = (
        f"[Unreleased]: {url}/compare/v{version}...HEAD\n[{version}]: {url}/releases/tag/v{version}"
    )
    log = re.sub(r"^\[Unreleased\]: .*$", ends, log, flags=re.MULTILINE)
    package = STANDS.sub(f'__version__ = "{version}"', (root / PACKAGE).read_text(encoding="utf-8"))
    citation = (root / "CITATION.cff").read_text(encoding="utf-8")
    citation = re.sub(r"^version: .*$", f"version: {version}", citation, flags=re.MULTILINE)
    citation = re.sub(
        r"^date-released: .*$", f"date-released: {today}", citation, flags=re.MULTILINE
    )
    for name, text in (("CHANGELOG.md", log), (PACKAGE, package), ("CITATION.cff", citation)):
        (root / name).write_text(text, encoding="utf-8")


def check(tag: str, root: Path = ROOT) -> list[str]:
    """Return what keeps the tree from being what a tag holds, each with what to do."""
    version, wrong = current_version(root), []
    if tag != f"v{version}":
        wrong.append(f"the package is version {version}: the tag should be v{version}, not {tag}")
    if current_ref(root) != tag:
        wrong.append(f"set-up cells install {current_ref(root)}: run `make set-ref REF={tag}`")
    if not sections((root / "CHANGELOG.md").read_text(encoding="utf-8")).get(version):
        wrong.append(f"CHANGELOG.md has no section {version}: run `make set-version`")
    return wrong


def main(arguments: list[str]) -> int:
    """Run from the command line."""
    if arguments[:1] == ["--notes"]:
        log = (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
        print(sections(log)[current_version()])
        return 0
    if arguments[:1] == ["--check"]:
        wrong = check("".join(arguments[1:2]))
        print("\n".join(wrong) or f"This is {arguments[1]}.")
        return int(bool(wrong))
    if len(arguments) != 1 or not arguments[0]:
        print(
            f"Which version? This is {current_version()}. Example: make set-version VERSION=0.2.0"
        )
        return 2
    try:
        set_version(arguments[0])
    except ValueError as error:
        print(f"Nothing was changed: {error}.")
        return 2
    print(f"This is version {arguments[0]}. Read CHANGELOG.md, commit, then see CONTRIBUTING.md.")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
