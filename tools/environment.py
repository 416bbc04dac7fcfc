"""The environment that every command runs in, `.venv`, and how programs are started in it.

This file runs before anything is installed, so it uses the standard library only.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
READY = VENV / ".ready"
BUILD_TOOLS = ["hatchling", "setuptools", "wheel"]
OURS = ["--no-build-isolation", "--editable", ".[book,test]"]


class Failed(SystemExit):
    """A program ended with an error; its status becomes the command's."""


def program(name: str) -> str:
    """Return the path of a program of the environment."""
    if os.name == "nt":
        return str(VENV / "Scripts" / f"{name}.exe")
    return str(VENV / "bin" / name)


def run(name: str, *arguments: str, **environment: str) -> None:
    """Run a program of the environment in the repository's root.

    Raises:
        Failed: if it ends with an error; it has said itself what is wrong.
    """
    settings = os.environ | environment
    done = subprocess.run([program(name), *arguments], cwd=ROOT, env=settings)
    if done.returncode:
        raise Failed(done.returncode)


def pip_install(*arguments: str) -> None:
    """Install into the environment, in the versions of constraints.txt; show what is new."""
    pip = [program("python"), "-m", "pip", "install", "--no-compile"]
    pip += ["--constraint", "constraints.txt"]
    with subprocess.Popen([*pip, *arguments], cwd=ROOT, stdout=subprocess.PIPE, text=True) as pip:
        for line in pip.stdout:
            if "already satisfied" not in line:
                print(line, end="", flush=True)
    if pip.returncode:
        raise Failed(pip.returncode)


def compile_packages() -> None:
    """Compile what was installed, on all cores; pip would do it on one."""
    where = "import sysconfig; print(sysconfig.get_path('purelib'))"
    found = subprocess.run([program("python"), "-c", where], capture_output=True, text=True)
    compiler = [program("python"), "-m", "compileall", "-qq", "-j", "0", found.stdout.strip()]
    subprocess.run(compiler, cwd=ROOT)  # a template that is no Python yet is no error


def is_ready() -> bool:
    """Return whether the environment is there and younger than what says what is in it."""
    wanted = [ROOT / "pyproject.toml", ROOT / "constraints.txt"]
    return READY.exists() and all(READY.stat().st_mtime >= f.stat().st_mtime for f in wanted)


def make_environment() -> None:
    """Make `.venv`, or bring it up to date; nothing is done where it is."""
    if is_ready():
        return
    if sys.version_info < (3, 11):  # noqa: UP036  pyproject.toml's 3.10 is the package's
        sys.exit(
            f"The book needs Python 3.11 or later; this is {sys.version.split()[0]}.\nInstall one, "
            "or name it: make PYTHON=/path/to/python3.12 COMMAND, or python3.12 -m tools COMMAND"
        )
    print("==> environment in .venv (the first time: a few minutes, mostly PyTorch)", flush=True)
    if (
        not Path(program("python")).exists()
        and subprocess.run([sys.executable, "-m", "venv", "--clear", str(VENV)]).returncode
    ):
        sys.exit("python -m venv failed. On Debian and Ubuntu: apt install python3-venv")
    pip_install(*BUILD_TOOLS)
    pip_install(*OURS)
    compile_packages()
    READY.touch()
