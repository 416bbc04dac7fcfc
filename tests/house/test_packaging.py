"""pyproject.toml, constraints.txt, environment.yml and the npm lock say one thing, and the wheel carries the data."""

from __future__ import annotations

import ast
import json
import re
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path

import pytest
import tomllib
import yaml
from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_name
from packaging.version import Version
from places import ROOT

from s2s_tutorial import __version__

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
PROJECT = PYPROJECT["project"]
EXTRAS = PROJECT["optional-dependencies"]
# The only requirements that name an upper bound, and neither is one of the package itself.
BOUNDED = {"jupyter-book": "version 2 reads another configuration", "torchtext": "archived"}


def constraint_lines() -> list[str]:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


CONSTRAINTS = dict(line.split("==") for line in constraint_lines())
CONSTRAINED = {canonicalize_name(name): Version(version) for name, version in CONSTRAINTS.items()}


def all_requirements() -> list[Requirement]:
    groups = [PROJECT["dependencies"], *EXTRAS.values(), PYPROJECT["build-system"]["requires"]]
    return [Requirement(text) for group in groups for text in group]


def test_constraints_are_exact_versions_of_public_releases():
    names = [line.split("==")[0] for line in constraint_lines()]
    for line in constraint_lines():
        assert re.fullmatch(r"[A-Za-z0-9._-]+==[0-9][0-9a-z.]*", line), line
    assert names == sorted(names, key=str.lower), "keep the names in order"
    assert len(CONSTRAINED) == len(names), "a name stands twice"


@pytest.mark.parametrize("requirement", all_requirements(), ids=str)
def test_every_requirement_has_a_constraint_that_satisfies_it(requirement):
    name = canonicalize_name(requirement.name)
    assert name in CONSTRAINED, f"constraints.txt has no version of {requirement.name}"
    assert requirement.specifier.contains(CONSTRAINED[name], prereleases=True)


def test_no_upper_bounds():
    assert PROJECT["requires-python"] == ">=3.10"
    for requirement in all_requirements():
        operators = {specifier.operator for specifier in requirement.specifier}
        assert operators <= {">=", "!="} or requirement.name in BOUNDED, requirement
    package = [Requirement(text) for text in PROJECT["dependencies"]]
    assert not {r.name for r in package} & set(BOUNDED)
    for requirement in package:
        assert requirement.specifier == SpecifierSet(), f"{requirement}: Colab's own must do"


def installed_closure(texts: list[str]) -> dict[str, metadata.Distribution]:
    """Return what is installed for the requirements, by canonical name. torch brings its own exact CUDA."""
    found, waiting = {}, [(Requirement(text), "") for text in texts]
    while waiting:
        requirement, extra = waiting.pop()
        if requirement.marker and not requirement.marker.evaluate({"extra": extra}):
            continue
        name = canonicalize_name(requirement.name)
        if name.startswith(("nvidia-", "cuda-", "triton")):
            continue
        new = name not in found
        found.setdefault(name, metadata.distribution(name))
        if new or requirement.extras:
            needs = [Requirement(text) for text in found[name].requires or []]
            waiting += [(need, extra) for need in needs for extra in requirement.extras or {""}]
    return found


def test_what_the_two_commands_use_is_installed_in_the_constrained_versions():
    roots = [*PROJECT["dependencies"], *EXTRAS["book"], *EXTRAS["test"]]
    different = {}
    for name, distribution in installed_closure(roots).items():
        version = Version(distribution.version)
        if CONSTRAINED.get(name) != Version(version.public):
            different[name] = f"installed {version}, constrained {CONSTRAINED.get(name)}"
    assert not different


def test_conda_environment_installs_the_same():
    environment = yaml.safe_load((ROOT / "environment.yml").read_text(encoding="utf-8"))
    *conda, pip = environment["dependencies"]
    assert environment["name"] == PROJECT["name"]
    assert {re.split(r"[<>=]", text)[0] for text in conda} == {"python", "pip", "git", "make"}
    assert pip["pip"] == ["--constraint constraints.txt", "--editable .[book,test]"]
    python = next(text for text in conda if text.startswith("python"))
    ours = (ROOT / "tools/environment.py").read_text(encoding="utf-8")
    assert python == "python>=3.11" and "(3, 11)" in ours, "the two ask for the same Python"
    assert '"--constraint", "constraints.txt"' in ours and '".[book,test]"' in ours


def imported_modules(file: Path) -> set[str]:
    """Return the top-level names of what a file imports, the standard library and the package left out."""
    found = set()
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            found.add(node.module.split(".")[0])
    return found - set(sys.stdlib_module_names) - {"s2s_tutorial"}


# What only an extra brings; where it is absent there is an error with advice.
BROUGHT_BY_EXTRAS = {
    ("torchtext", "torchtext_tokens.py"),
    ("librosa", "speech.py"),
    ("onnxruntime", "onnx_check.py"),
}


@pytest.mark.slow
def test_the_package_imports_only_what_it_requires():
    provides = metadata.packages_distributions()
    # Required, or brought by what is required: matplotlib's own interface speaks of cycler.
    known = {canonicalize_name(Requirement(text).name) for text in PROJECT["dependencies"]}
    for name in list(known):
        needs = [Requirement(text) for text in metadata.requires(name) or []]
        known |= {canonicalize_name(need.name) for need in needs if need.marker is None}
    for file in (ROOT / "s2s_tutorial").rglob("*.py"):
        for module in imported_modules(file):
            names = {canonicalize_name(name) for name in provides.get(module, [module])}
            if (module, file.name) in BROUGHT_BY_EXTRAS:
                continue
            assert names & known, f"{file.name} imports {module}, which is not required"


@pytest.mark.parametrize("place", ["book/vendor", "tests/npm"])
def test_npm_lock_is_exact_and_names_no_host(place):
    folder = ROOT / place
    wanted = json.loads((folder / "package.json").read_text(encoding="utf-8"))["dependencies"]
    text = (folder / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in text, (
        "npm install --omit-lockfile-registry-resolved leaves hosts out"
    )
    packages = json.loads(text)["packages"]
    for name, version in wanted.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), f"{name} {version} is not one version"
        assert packages[f"node_modules/{name}"]["version"] == version
    for name, package in packages.items():
        assert name == "" or package["integrity"].startswith("sha512-"), name


def build_wheel(source: Path, folder: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    run = subprocess.run(command, cwd=source, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    (wheel,) = folder.glob("*.whl")
    return wheel


@pytest.fixture(scope="module")
def wheel(tmp_path_factory) -> Path:
    return build_wheel(ROOT, tmp_path_factory.mktemp("wheel"))


@pytest.mark.slow
def test_wheel_carries_package_data_and_results_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    ignored = {"__pycache__", ".ipynb_checkpoints"}
    for folder, inside in (
        ("s2s_tutorial", "s2s_tutorial"),
        ("data", "s2s_tutorial/_shipped/data"),
        ("benchmarks/results", "s2s_tutorial/_shipped/benchmarks/results"),
    ):
        for file in (ROOT / folder).rglob("*"):
            if file.is_file() and not ignored & set(file.parts) and file.name != ".gitignore":
                assert f"{inside}/{file.relative_to(ROOT / folder).as_posix()}" in names
    tops = {name.split("/")[0] for name in names}
    assert tops == {"s2s_tutorial", f"s2s_tutorial-{__version__}.dist-info"}
    assert wheel.stat().st_size < 5e6, "small corpora only"


@pytest.mark.slow
def test_wheel_metadata(wheel):
    archive = zipfile.ZipFile(wheel)
    info = f"s2s_tutorial-{__version__}.dist-info"
    text = archive.read(f"{info}/METADATA").decode()
    assert "\nRequires-Dist: torch\n" in text and "\nRequires-Dist: numpy\n" in text
    assert "\nRequires-Python: >=3.10\n" in text
    assert "\nLicense-Expression: MIT AND CC-BY-4.0\n" in text
    assert {f"{info}/licenses/LICENSE", f"{info}/licenses/LICENSE-TEXT"} <= set(archive.namelist())


@pytest.mark.slow
def test_installed_package_finds_its_data(wheel, tmp_path):
    zipfile.ZipFile(wheel).extractall(tmp_path)
    code = (
        f"import sys; sys.path.insert(0, {str(tmp_path)!r})\n"
        "import s2s_tutorial as s2s\n"
        "from s2s_tutorial.base.resources import resource_path\n"
        "print(s2s.__file__, resource_path('data/phrases/grammar.json'), sep='\\n')\n"
        "assert resource_path('data/phrases/grammar.json').is_file()\n"
        "assert len(s2s.load_corpus('phrases', split='test', size=10)) > 0\n"
    )
    run = subprocess.run([sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True)
    assert run.returncode == 0, run.stderr
    assert all(line.startswith(str(tmp_path)) for line in run.stdout.splitlines())


@pytest.mark.slow
def test_wheel_builds_before_anything_was_measured(tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    for name in ("pyproject.toml", "README.md", "LICENSE", "LICENSE-TEXT"):
        shutil.copy(ROOT / name, source)
    shutil.copytree(ROOT / "data", source / "data")
    shutil.copytree(ROOT / "s2s_tutorial", source / "s2s_tutorial")
    names = zipfile.ZipFile(build_wheel(source, tmp_path)).namelist()
    assert any(name.startswith("s2s_tutorial/_shipped/data/") for name in names)
