"""Try a built wheel as somebody who installs it: a bare environment, and the quick tests from there.

    python -m tools.try_wheel dist/s2s_tutorial-0.2.0-py3-none-any.whl [--with PYTHON]

The tests run in a folder that has neither the package nor its data, so what is imported is the wheel. `--with` takes
an environment that has the requirements, and unpacks the wheel before it instead of installing one.
"""

from __future__ import annotations

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import venv
import zipfile
from pathlib import Path

from tools.commands import QUICK, QUICKLY
from tools.environment import ROOT
from tools.own_environment import CPU_INDEX

NEEDED = ["pytest>=8", "hypothesis>=6.100", "packaging", "click"]
LEFT_OUT = shutil.ignore_patterns("__pycache__", "node_modules", "site", "assignments", "live")
WHERE = (
    "import s2s_tutorial as s2s; print(s2s.__version__, s2s.__file__); s2s.build_model('gru', 9, 9)"
)
HERE = (  # these are about the checkout itself
    "--ignore=tests/base/test_resources.py",
    "--ignore=tests/training/test_stops.py",
    "--ignore=tests/models/test_own_model.py",
)


def bare_environment(folder: Path, wheel: Path) -> Path:
    """Make an environment with the wheel and pytest, and return its Python."""
    venv.create(folder, with_pip=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [python, "-m", "pip", "install", "--quiet", "--extra-index-url", CPU_INDEX]
    subprocess.run([*pip, str(wheel), *NEEDED], check=True)
    return python


def lay_out(folder: Path) -> None:
    """Copy the tests and their configuration, and nothing that could be imported in the wheel's place."""
    shutil.copytree(ROOT / "tests", folder / "tests", ignore=LEFT_OUT)
    for name in ("pyproject.toml", "conftest.py"):
        shutil.copy(ROOT / name, folder)


def main(arguments: list[str] | None = None) -> int:
    """Try the wheel named on the command line; return pytest's status."""
    parser = argparse.ArgumentParser(description="Try a wheel in a bare environment.")
    parser.add_argument("wheel", type=Path)
    parser.add_argument("--with", dest="python", help="a Python that has the requirements")
    parser.add_argument("tests", nargs="*", default=[f"tests/{name}" for name in QUICKLY])
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        lay_out(folder)
        environment = os.environ | {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1"}
        environment.pop("PYTHONPATH", None)
        python = options.python
        if python:
            zipfile.ZipFile(options.wheel).extractall(folder / "unpacked")
            environment["PYTHONPATH"] = str(folder / "unpacked")
        else:
            python = bare_environment(folder / "bare", options.wheel.resolve())
        said = subprocess.run(
            [python, "-c", WHERE], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
        )
        version, file = said.stdout.split(" ", 1) if said.returncode == 0 else ("", "")
        if (
            not Path(file.strip()).is_relative_to(folder)
            or f"-{version}-" not in options.wheel.name
        ):
            sys.exit(f"{options.wheel} was not what was imported: {said.stdout or 'an error'}")
        pytest = [python, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-m", QUICK, *HERE]
        return subprocess.run([*pytest, *options.tests], cwd=folder, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main())
