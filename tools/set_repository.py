"""Write a new address of the repository everywhere the old one stands.

    make set-repository URL=https://github.com/owner/name

The address stands once, as `repository.url` in `_config.yml`; what else mentions it (set-up cells, badges,
metadata, the site's own address) repeats it, and tests/house/test_repository.py holds them to it.
"""

from __future__ import annotations

import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SKIPPED_FOLDERS = {".git", ".venv", ".cache", "_build", "node_modules", "__pycache__", "vendor"}
# What follows the name must not make it a longer one; `.git`, and a sentence's full stop, do not.
END = r"(?![\w-]|\.(?!git\b)\w)"


@dataclass(frozen=True)
class Repository:
    """A repository on GitHub and the addresses that follow from its owner and name."""

    owner: str
    name: str

    @classmethod
    def parse(cls, url: str) -> Repository:
        """Read `https://github.com/owner/name`; a trailing slash or `.git` is allowed.

        Raises:
            ValueError: if `url` has another form.
        """
        match = re.fullmatch(
            r"https://github\.com/([A-Za-z0-9](?:[A-Za-z0-9-]{0,37}[A-Za-z0-9])?)/([\w.-]+?)(?:\.git)?/?",
            url.strip(),
            re.ASCII,
        )
        if not match or match[2] in {".", ".."}:
            raise ValueError(
                "the repository's address should look like https://github.com/owner/name, "
                f"but it is {url.strip()!r}"
            )
        return cls(match[1], match[2])

    @property
    def url(self) -> str:
        """The address of the repository itself."""
        return f"https://github.com/{self.owner}/{self.name}"

    @property
    def site(self) -> str:
        """The address of the site that GitHub Pages serves from it, with the final slash."""
        host = f"{self.owner.lower()}.github.io"
        return f"https://{host}/" if self.name.lower() == host else f"https://{host}/{self.name}/"


def current(root: Path = ROOT) -> Repository:
    """Return the repository that `_config.yml` names."""
    config = (root / "_config.yml").read_text(encoding="utf-8")
    match = re.search(r"^repository:\n(?:[ #].*\n)*?  url: (\S+)$", config, re.MULTILINE)
    if not match:
        raise ValueError("_config.yml has no `repository:` with a `url:` below it")
    return Repository.parse(match[1])


def text_files(root: Path) -> list[tuple[Path, str]]:
    """Return every text file of the project with its text: what git knows, or every file outside git."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=root, capture_output=True, text=True)
    inside = listed.returncode == 0 and (root / ".git").exists()
    names = (
        listed.stdout.split("\0") if inside else (str(p.relative_to(root)) for p in root.rglob("*"))
    )
    found = []
    for name in sorted(set(names)):
        path = root / name
        if name and path.is_file() and not SKIPPED_FOLDERS & set(Path(name).parts):
            try:
                found.append((path, path.read_bytes().decode("utf-8")))
            except UnicodeDecodeError:
                continue
    return found


def rewrite(text: str, old: Repository, new: Repository) -> str:
    """Return `text` with each form of the old address replaced by the new one's."""
    text = re.sub(
        rf"(github(?:\.com)?/|mybinder\.org/v2/gh/){re.escape(old.owner)}/{re.escape(old.name)}{END}",
        rf"\g<1>{new.owner}/{new.name}",
        text,
    )
    return re.sub(re.escape(old.site.rstrip("/")) + END, new.site.rstrip("/"), text)


def set_repository(url: str, root: Path = ROOT) -> list[Path]:
    """Write the address `url` everywhere under `root`; return the files that changed.

    Raises:
        ValueError: if `url` is not of the form `https://github.com/owner/name`; nothing is then written.
    """
    new, old = Repository.parse(url), current(root)
    changed = []
    for path, text in text_files(root):
        if (fresh := rewrite(text, old, new)) != text:
            path.write_bytes(fresh.encode("utf-8"))
            changed.append(path)
    return changed


def main() -> int:
    """Run from the command line."""
    if len(sys.argv) != 2 or not sys.argv[1]:
        print("Which address? For example: make set-repository URL=https://github.com/owner/name")
        return 2
    try:
        changed = set_repository(sys.argv[1])
    except ValueError as error:
        print(f"Nothing was changed: {error}.")
        return 2
    for path in changed:
        print(path.relative_to(ROOT))
    print(f"{len(changed)} files now name {current().url}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
