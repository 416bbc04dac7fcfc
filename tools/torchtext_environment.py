"""Run the tests of the torchtext adapters beside the last torchtext, in an environment of its own.

    python tools/torchtext_environment.py [arguments for pytest]

torchtext 0.18.0 (April 2024, archived) loads beside torch 2.3 only, which has no wheels past Python 3.12
and wants NumPy 1. So the pair lives in `.cache/torchtext-0.18`, made when first asked for: a download of
about 300 MB where PyTorch's own index can be reached (its build for CPUs), else of 2.5 GB (PyPI's, with
CUDA) on Linux. The tests are the same as those that run beside torchtext 0.6.0 in `make test`.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
FOLDER = ROOT / ".cache/torchtext-0.18"
TESTS = "tests/text/test_torchtext_adapters.py"
VERSIONS = ((3, 12), (3, 11), (3, 10))
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
PAIR = ["torchtext==0.18.0", "numpy<2"]
OTHERS = ["portalocker>=2", "pytest>=8", "hypothesis>=6.100"]


def find_python() -> str:
    """Return a Python that torch 2.3 and this package both know: 3.10, 3.11 or 3.12."""
    if sys.version_info[:2] in VERSIONS:
        return sys.executable
    for major, minor in VERSIONS:
        python = shutil.which(f"python{major}.{minor}")
        # A version manager's stand-in is on the path even where the version itself is not.
        if python and not subprocess.run([python, "-c", ""], capture_output=True).returncode:
            return python
    sys.exit(
        "torchtext 0.18 needs Python 3.10, 3.11 or 3.12, and none is on the path (this is "
        f"{sys.version_info[0]}.{sys.version_info[1]}). Install one of them and try again."
    )


def in_folder(name: str) -> str:
    """Return the path of a program in the environment."""
    return str(FOLDER / ("Scripts" if os.name == "nt" else "bin") / name)


def has_pair() -> bool:
    """Return whether the environment has torch 2.3 and torchtext 0.18, and they load."""
    if not Path(in_folder("python")).exists():
        return False
    check = (
        "import torch, torchtext.vocab\n"
        "assert torchtext.__version__.startswith('0.18.0') and torch.__version__.startswith('2.3.')"
    )
    return subprocess.run([in_folder("python"), "-c", check], capture_output=True).returncode == 0


def install(*arguments: str) -> bool:
    """Install into the environment; return whether that went well."""
    pip = [in_folder("python"), "-m", "pip", "install", "--disable-pip-version-check"]
    return subprocess.run([*pip, "--quiet", *arguments], cwd=ROOT).returncode == 0


def make_pair() -> None:
    """Make the environment anew, with torch 2.3 and torchtext 0.18."""
    print(f"==> torch 2.3 and torchtext 0.18 into {FOLDER.relative_to(ROOT)} (a few minutes)")
    if subprocess.run([find_python(), "-m", "venv", "--clear", str(FOLDER)]).returncode:
        sys.exit("python -m venv failed. On Debian and Ubuntu: apt install python3-venv")
    print("==> the build for CPUs, from PyTorch's index")
    if not install("--retries", "1", "--extra-index-url", CPU_INDEX, "torch==2.3.1+cpu", *PAIR):
        print("==> not to be had here: the build on PyPI")
        if not install("torch==2.3.1", *PAIR):
            sys.exit("torch 2.3 could not be installed (see pip's message above).")
    if not has_pair():
        sys.exit(f"torchtext 0.18 was installed, but does not load; remove {FOLDER} and try again.")


def update_package() -> None:
    """Install the package and what its tests need, where pyproject.toml has changed since."""
    wanted, ready = (ROOT / "pyproject.toml").read_bytes(), FOLDER / ".ready"
    if ready.exists() and ready.read_bytes() == wanted:
        return
    if not install("torch==2.3.1", *PAIR, *OTHERS, "--editable", "."):
        sys.exit("the package could not be installed beside torch 2.3 (see pip's message above).")
    ready.write_bytes(wanted)


def main(arguments: list[str]) -> int:
    """Make the environment where it is missing, run the tests in it, return pytest's status."""
    if not has_pair():
        make_pair()
    update_package()
    # The configuration of all tests, tests/conftest.py, but not the root's: that one is nbval's.
    pytest = [
        in_folder("python"),
        "-m",
        "pytest",
        "--confcutdir",
        "tests",
        "-p",
        "no:cacheprovider",
    ]
    return subprocess.run([*pytest, TESTS, *arguments], cwd=ROOT).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
