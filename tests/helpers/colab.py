"""An environment like Colab's: its kind of preinstalled packages, `google.colab` loaded, and nothing of ours.

What is large and the same for us (PyTorch, numpy, matplotlib) is hard-linked from the environment that runs the
tests; IPython, its kernel and the widgets come in Colab's old versions from the package index.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement

LINKED = ["pip", "torch", "numpy", "matplotlib", "tqdm", "requests", "pyyaml"]
INSTALLED = [
    "ipython==7.34.0",
    "ipykernel==6.17.1",
    "ipywidgets==7.7.1",
    "jupyter-client==7.4.9",
    "notebook==6.5.7",
    "setuptools<81",
]
# pip reads the first one the wrong way round: 0 says that nothing is compiled.
FASTER = {"PIP_NO_COMPILE": "0", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
WATCHED = ["torch", "numpy", "matplotlib", "ipywidgets", "IPython"]


class NoNetwork(Exception):
    """The package index cannot be reached."""


def site_packages(environment: Path) -> Path:
    """Return the folder of an environment that holds its packages."""
    version = f"python{sys.version_info.major}.{sys.version_info.minor}"
    return environment / "lib" / version / "site-packages"


def run(*command: str | Path, **options) -> str:
    """Run a command and return what it prints.

    Raises:
        RuntimeError: if it fails, with what it printed.
    """
    done = subprocess.run(
        [str(part) for part in command], capture_output=True, text=True, **options
    )
    if done.returncode:
        raise RuntimeError(f"{' '.join(map(str, command))}\n{done.stdout}\n{done.stderr}")
    return done.stdout


def link(source: str | Path, target: str | Path) -> None:
    """Give a file a second name, or copy it where the two folders are on different disks."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def closure(names: list[str]) -> dict[str, metadata.Distribution]:
    """Return the named distributions of this environment and all that they require."""
    found: dict[str, metadata.Distribution] = {}
    waiting = list(names)
    while waiting:
        distribution = metadata.distribution(waiting.pop())
        if distribution.name in found:
            continue
        found[distribution.name] = distribution
        for text in distribution.requires or []:
            requirement = Requirement(text)
            if requirement.marker is None or requirement.marker.evaluate({"extra": ""}):
                waiting.append(requirement.name)
    found.pop("setuptools", None)
    return found


def link_packages(target: Path) -> None:
    """Link the large packages of this environment into another one's folder."""
    for distribution in closure(LINKED).values():
        for file in distribution.files or []:
            if ".." in file.parts:
                continue
            source = Path(distribution.locate_file(file))
            if source.is_file():
                (target / file).parent.mkdir(parents=True, exist_ok=True)
                link(source, target / file)


def prepared(cache: Path) -> Path:
    """Return such an environment, made at the first call and kept in `cache`.

    Raises:
        NoNetwork: if the package index cannot be reached.
    """
    versions = sorted(f"{d.name}=={d.version}" for d in closure(LINKED).values())
    key = repr((sys.version, versions, INSTALLED, Path(__file__).read_text(encoding="utf-8")))
    environment = cache / hashlib.sha256(key.encode()).hexdigest()[:12]
    if (environment / "complete").exists():
        return environment
    shutil.rmtree(cache, ignore_errors=True)  # older ones
    venv.create(environment)
    packages = site_packages(environment)
    link_packages(packages)
    try:
        run(
            environment / "bin/python",
            "-m",
            "pip",
            "install",
            "-q",
            *INSTALLED,
            env=clean(os.environ),
        )
    except RuntimeError as error:
        raise NoNetwork(str(error)) if not online(environment) else error from None
    (packages / "google/colab").mkdir(parents=True)
    (packages / "google/colab/__init__.py").write_text('"""Stands for Colab\'s own package."""\n')
    (packages / "google_colab.pth").write_text("import google.colab\n")
    (environment / "complete").touch()
    return environment


def copied(environment: Path, target: Path) -> Path:
    """Return a copy of an environment that shares its files until one of the two replaces some."""
    shutil.copytree(environment, target, symlinks=True, copy_function=link)
    return target


def online(environment: Path) -> bool:
    """Say whether pip reaches its index."""
    command = [
        environment / "bin/python",
        "-m",
        "pip",
        "download",
        "-q",
        "--no-deps",
        "--no-cache-dir",
    ]
    try:
        run(*command, "-d", environment / "probe", "iniconfig", env=clean(os.environ))
    except RuntimeError:
        return False
    return True


def clean(variables: dict[str, str]) -> dict[str, str]:
    """Return the environment variables without those that name another Python environment, for a pip in a hurry."""
    ours = {"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_CONSTRAINT", "PIP_REQUIRE_VIRTUALENV"}
    kept = {name: value for name, value in variables.items() if name not in ours}
    return kept | FASTER


def state(environment: Path) -> dict[str, tuple[int, int, int]]:
    """Return for each file of the watched packages what changes when it is replaced or written."""
    found = {}
    for name in WATCHED:
        for file in (site_packages(environment) / name).rglob("*"):
            if file.is_file() and "__pycache__" not in file.parts:
                facts = file.stat()
                path = str(file.relative_to(environment))
                found[path] = (facts.st_ino, facts.st_size, facts.st_mtime_ns)
    return found
