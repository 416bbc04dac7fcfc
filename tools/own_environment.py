"""Run some of the tests beside an older PyTorch, in an environment of its own.

    python tools/own_environment.py torchtext [arguments for pytest]
    python tools/own_environment.py oldest [arguments for pytest]

`torchtext`: the adapters beside torchtext 0.18.0 (April 2024, archived), which loads beside torch 2.3 only.
`oldest`: the package beside the oldest PyTorch it runs with, 2.2, the last one for Macs with Intel's processors.
Both want NumPy 1 and have no wheels past Python 3.12. Each lives in a folder of `.cache`, made when first asked
for: a download of about 300 MB where PyTorch's own index can be reached (its build for CPUs), else of 2.5 GB
(PyPI's, with CUDA) on Linux.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
CPU_INDEX = "https://download.pytorch.org/whl/cpu"
FOLDERS = "base text machine attention recurrent models saving search scoring training"
# PyTorch 2.2 has no bfloat16 LSTM, no loss scaling and no fused Adam on CPUs. Dropout's draws are
# of PyTorch's version, and subwords' of SentencePiece's.
NOT_IN_2_2 = (
    "--ignore=tests/machine/test_precisions.py",
    "--ignore=tests/recurrent/test_lstm.py",
    "-k",
    "not overflow and not scaler_goes_on and not adam_is_pytorchs and not another_run_draws "
    "and not half_way_goes_on",
)


@dataclass(frozen=True)
class Environment:
    """An environment beside `.venv`, and what runs in it.

    Attributes:
        name: its folder in `.cache`.
        torch: the version of PyTorch.
        beside: what is pinned with it.
        check: Python that fails where the packages do not load or are others.
        tests: arguments of pytest.
        pythons: versions that it can be made with, the first one found is taken.
    """

    name: str
    torch: str
    beside: tuple[str, ...]
    check: str
    tests: tuple[str, ...]
    pythons: tuple[tuple[int, int], ...]

    @property
    def folder(self) -> Path:
        """Where it is."""
        return ROOT / ".cache" / self.name

    def program(self, name: str) -> str:
        """The path of a program in it."""
        return str(self.folder / ("Scripts" if os.name == "nt" else "bin") / name)

    def find_python(self) -> str:
        """Return a Python to make it with."""
        for major, minor in self.pythons:
            if sys.version_info[:2] == (major, minor):
                return sys.executable
            python = shutil.which(f"python{major}.{minor}")
            # A version manager's stand-in is on the path even where the version itself is not.
            if python and not subprocess.run([python, "-c", ""], capture_output=True).returncode:
                return python
        wanted = ", ".join(f"{major}.{minor}" for major, minor in sorted(self.pythons))
        sys.exit(
            f"{self.name} needs one of Python {wanted}, and none is on the path (this is "
            f"{sys.version_info[0]}.{sys.version_info[1]}). Install one of them and try again."
        )

    def is_there(self) -> bool:
        """Return whether it is made and its packages load."""
        if not Path(self.program("python")).exists():
            return False
        command = [self.program("python"), "-c", self.check]
        return subprocess.run(command, capture_output=True).returncode == 0

    def install(self, *arguments: str) -> bool:
        """Install into it; return whether that went well."""
        pip = [self.program("python"), "-m", "pip", "install", "--disable-pip-version-check"]
        return subprocess.run([*pip, "--quiet", *arguments], cwd=ROOT).returncode == 0

    def make(self) -> None:
        """Make it anew, with PyTorch and what is pinned with it."""
        pinned, torch = ", ".join(self.beside), f"torch=={self.torch}"
        print(f"==> {torch}, {pinned} into .cache/{self.name} (a few minutes)")
        if subprocess.run([self.find_python(), "-m", "venv", "--clear", self.folder]).returncode:
            sys.exit("python -m venv failed. On Debian and Ubuntu: apt install python3-venv")
        print("==> the build for CPUs, from PyTorch's index")
        for_cpus = ["--retries", "1", "--extra-index-url", CPU_INDEX, f"{torch}+cpu"]
        if not self.install(*for_cpus, *self.beside):
            print("==> not to be had here: the build on PyPI")
            if not self.install(torch, *self.beside):
                sys.exit(f"{torch} could not be installed (see pip's message above).")
        if not self.is_there():
            sys.exit(
                f"{torch} and {pinned} were installed, but do not load; remove {self.folder} "
                "and try again."
            )

    def update_package(self) -> None:
        """Install the package and what its tests need, where pyproject.toml has changed since."""
        wanted, ready = (ROOT / "pyproject.toml").read_bytes(), self.folder / ".ready"
        if ready.exists() and ready.read_bytes() == wanted:
            return
        pinned = [f"torch=={self.torch}", *self.beside, "pytest>=8", "hypothesis>=6.100"]
        if not self.install(*pinned, "--editable", "."):
            sys.exit(
                f"the package could not be installed beside torch {self.torch} (see pip's message "
                "above)."
            )
        ready.write_bytes(wanted)

    def run(self, arguments: list[str]) -> int:
        """Make it where it is missing, run the tests in it, return pytest's status."""
        if not self.is_there():
            self.make()
        self.update_package()
        # The configuration of all tests, tests/conftest.py, but not the root's: that one is nbval's.
        python = [self.program("python"), "-m", "pytest", "--confcutdir", "tests"]
        command = [*python, "-p", "no:cacheprovider", *self.tests, *arguments]
        return subprocess.run(command, cwd=ROOT).returncode


ENVIRONMENTS = {
    "torchtext": Environment(
        name="torchtext-0.18",
        torch="2.3.1",
        beside=("torchtext==0.18.0", "numpy<2", "portalocker>=2"),
        check="import torch, torchtext.vocab\n"
        "assert torchtext.__version__.startswith('0.18.0')\n"
        "assert torch.__version__.startswith('2.3.')",
        tests=("tests/text/test_torchtext_adapters.py",),
        pythons=((3, 12), (3, 11), (3, 10)),
    ),
    "oldest": Environment(
        name="torch-2.2",
        torch="2.2.2",
        beside=("numpy<2",),
        check="import numpy, torch\n"
        "assert torch.__version__.startswith('2.2.') and numpy.__version__ < '2'\n"
        "torch.zeros(1).numpy()",
        tests=("-m", "not slow and not network and not notebook", *NOT_IN_2_2)
        + tuple(f"tests/{folder}" for folder in FOLDERS.split()),
        pythons=((3, 10), (3, 11), (3, 12)),
    ),
}


def main(arguments: list[str]) -> int:
    """Run the tests of the environment that is named first."""
    if not arguments or arguments[0] not in ENVIRONMENTS:
        sys.exit(f"Which environment? One of {', '.join(ENVIRONMENTS)}.")
    return ENVIRONMENTS[arguments[0]].run(arguments[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
