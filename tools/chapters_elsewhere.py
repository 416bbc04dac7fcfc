"""Run the chapters beside other versions than those of constraints.txt, in an environment of their own.

    python -m tools.chapters_elsewhere newest      # the newest of everything that pip finds
    python -m tools.chapters_elsewhere colab       # Colab's versions of the day, from the list that Google publishes
    python -m tools.chapters_elsewhere oldest      # the oldest PyTorch and NumPy that the package supports
    python -m tools.chapters_elsewhere processor   # our versions, as a processor without vector instructions computes

The last is a test of claims. Another processor adds in another order, the last digits differ, and after some hundred updates
so do the models, as if from other seeds; a conclusion that holds on one machine only is none.

Outputs differ between versions in their last digits, so they are not compared: a chapter breaks where a cell raises an
error, and its claims are assertions in cells. Results (JUnit's XML, and what was installed) go into
`_build/elsewhere`, where tools/weekly_report.py reads them.
"""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
import urllib.request
from pathlib import Path

from tools.own_environment import CPU_INDEX, ENVIRONMENTS, ROOT

COLABS_LIST = "https://raw.githubusercontent.com/googlecolab/backend-info/main/pip-freeze.txt"
RESULTS = ROOT / "_build/elsewhere"
OLDEST = ENVIRONMENTS["oldest"]
# What Colab has in its image, and a chapter uses without installing it.
FROM_COLAB = "torch numpy matplotlib ipython ipykernel ipywidgets tqdm scipy pyyaml".split()
RUNNERS = ["pytest>=8", "pytest-xdist>=3.6", "nbval>=0.11", "ipykernel"]
KINDS = {
    "newest": ["--upgrade", "--upgrade-strategy", "eager", "torch"],
    "colab": FROM_COLAB,
    "oldest": [f"torch=={OLDEST.torch}", *OLDEST.beside],
    "processor": ["--constraint", "constraints.txt", "torch"],
}
VARIABLES = {"processor": {"ATEN_CPU_CAPABILITY": "default"}}  # PyTorch's own switch


def exact_versions(freeze: str) -> list[str]:
    """Return the lines of `pip freeze` that name a public version, without the build's own suffix.

    >>> exact_versions("torch==2.11.0+cu128\\ngoogle-colab @ file:///colab\\nnumpy==2.1.0\\n")
    ['torch==2.11.0', 'numpy==2.1.0']
    """
    lines = re.findall(r"^([\w.-]+==[\w.!]+)(?:\+[\w.]+)?$", freeze, re.MULTILINE)
    return lines


def colabs_versions() -> str:
    """Return Colab's list of today."""
    try:
        with urllib.request.urlopen(COLABS_LIST, timeout=60) as answer:
            return answer.read().decode("utf-8")
    except OSError as error:
        sys.exit(f"Colab's list of packages could not be read ({error}): {COLABS_LIST}")


def make(kind: str, folder: Path) -> Path:
    """Make the environment anew and return its Python."""
    python = OLDEST.find_python() if kind == "oldest" else sys.executable
    subprocess.run([python, "-m", "venv", "--clear", str(folder)], check=True)
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [str(python), "-m", "pip", "install", "--quiet", "--extra-index-url", CPU_INDEX]
    wanted = [*KINDS[kind]]
    if kind == "colab":
        constraints = folder / "constraints.txt"
        lines = exact_versions(colabs_versions())
        constraints.write_text("\n".join(lines) + "\n", encoding="utf-8")
        wanted += ["--constraint", str(constraints)]
    if subprocess.run([*pip, *wanted, *RUNNERS, "."], cwd=ROOT).returncode:
        sys.exit(f"The package cannot be installed beside {kind}: see pip's message above.")
    return python


def run(kind: str, python: Path, notebooks: list[str]) -> int:
    """Run the chapters and keep what came out; return pytest's status."""
    RESULTS.mkdir(parents=True, exist_ok=True)
    installed = subprocess.run(
        [python, "-m", "pip", "freeze"], capture_output=True, text=True, check=True
    )
    (RESULTS / f"{kind}.txt").write_text(installed.stdout, encoding="utf-8")
    options = "-p nbval --nbval-lax --nbval-current-env --nbval-cell-timeout 1800 --dist loadfile"
    pytest = [str(python), "-m", "pytest", "-q", "-n", os.environ.get("WORKERS") or "2"]
    pytest += [*options.split(), f"--junitxml={RESULTS / kind}.xml", *notebooks]
    quiet = {"OMP_NUM_THREADS": "1", "TQDM_DISABLE": "1", **VARIABLES.get(kind, {})}
    return subprocess.run(pytest, cwd=ROOT, env=os.environ | quiet).returncode


def main(arguments: list[str]) -> int:
    """Run the chapters (CHAPTERS, or all) beside the versions that are named."""
    if len(arguments) != 1 or arguments[0] not in KINDS:
        sys.exit(f"Beside which versions? One of {', '.join(KINDS)}.")
    (kind,) = arguments
    notebooks = shlex.split(os.environ.get("CHAPTERS", "")) or ["chapters"]
    return run(kind, make(kind, ROOT / ".cache" / f"chapters-{kind}"), notebooks)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
