"""The images for Docker, Binder, dev containers and grading: what they copy is there, and versions are ours."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from places import ROOT

DOCKERFILES = ["Dockerfile", "assignments/Containerfile"]


def instructions(name: str) -> list[tuple[str, str]]:
    """The instructions of a Dockerfile, lines joined and comments left out."""
    text = (ROOT / name).read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    joined = re.sub(r"\\\n\s*", "", "\n".join(lines))
    return [tuple(line.split(maxsplit=1)) for line in joined.splitlines() if line.strip()]


@pytest.mark.parametrize("name", DOCKERFILES)
def test_a_base_with_a_version_and_packages_of_constraints(name):
    found = instructions(name)
    assert found[0][0] == "FROM"
    registry, image, tag = re.fullmatch(r"([\w.]+)/([\w/]+):([\w.-]+)", found[0][1]).groups()
    assert re.match(r"3\.1[1-9]", tag) and "latest" not in tag, "Python as the Makefile's"
    installs = [part for key, text in found if key == "RUN" for part in text.split("&&")]
    for part in installs:
        if "pip install" in part:
            assert "--constraint constraints.txt" in part, part
        if "apt-get install" in part:
            assert "--no-install-recommends" in part
            assert any("rm -rf /var/lib/apt/lists" in other for other in installs)
    assert not [key for key, _ in found if key in {"ADD", "MAINTAINER"}]


def hadolint() -> str | None:
    """The linter that pip puts beside Python (not on Windows, where it has no wheel), or one of the system's."""
    return shutil.which("hadolint", path=Path(sys.executable).parent) or shutil.which("hadolint")


@pytest.mark.parametrize("name", DOCKERFILES)
def test_hadolint_finds_nothing(name):
    if not hadolint():
        reason = "no hadolint: `make environment` installs it, except on Windows"
        pytest.fail(reason) if os.environ.get("S2S_REQUIRE_NETWORK") == "1" else pytest.skip(reason)
    done = subprocess.run([hadolint(), name], cwd=ROOT, capture_output=True, text=True)
    assert not done.returncode, done.stdout + done.stderr


def test_hadolint_would_find_something(tmp_path):
    (tmp_path / "Dockerfile").write_text("FROM python:latest\nRUN cd x && apt-get install git\n")
    if not hadolint():
        pytest.skip("no hadolint")
    done = subprocess.run([hadolint(), tmp_path / "Dockerfile"], capture_output=True, text=True)
    assert done.returncode and {"DL3007", "DL3015"} <= set(re.findall(r"DL\d+", done.stdout))


@pytest.mark.parametrize("name", DOCKERFILES)
def test_what_is_copied_is_there(name):
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    copied = []
    for key, text in instructions(name):
        if key == "COPY":
            *sources, _ = [word for word in text.split() if not word.startswith("--")]
            copied += sources
    assert "pyproject.toml" in copied and "constraints.txt" in copied
    for source in copied:
        assert (ROOT / source).exists(), source
        assert source not in ignored


def test_an_installation_needs_no_more_than_was_copied_before():
    before = []
    for key, text in instructions("Dockerfile"):
        if key == "RUN" and "--editable" in text:
            break
        before.append(text)
    for name in ("README.md", "LICENSE", "LICENSE-TEXT", "s2s_tutorial/__init__.py"):
        assert any(name in text for text in before), f"pyproject.toml names {name}"


def test_it_runs_as_binder_wants_it():
    found = instructions("Dockerfile")
    keys = [key for key, _ in found]
    given = {text.split("=")[0] for key, text in found if key == "ARG"}
    assert given == {"NB_USER", "NB_UID"}, "Binder gives the two"
    assert ("USER", "${NB_USER}") in found and keys.index("USER") < keys.index("CMD")
    assert json.loads(dict(found)["CMD"])[:2] == ["jupyter", "lab"]
    installed = " ".join(text for key, text in found if key == "RUN")
    extras = re.search(r"\.\[(\w+)\]", installed)[1]
    pyproject = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    assert "jupyterlab" in pyproject.split(f"\n{extras} = [")[1].split("]")[0]


def test_the_image_has_nothing_that_git_has_not():
    ignored = set((ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines())
    assert {".git", ".venv", ".cache", "_build"} <= ignored
    private = [line for line in (ROOT / ".gitignore").read_text("utf-8").splitlines()]
    courses = [line.rstrip("/") for line in private if re.match(r"assignments/\w+/$", line)]
    assert courses and set(courses) <= ignored, "submissions and seeds stay here"


def test_the_dev_container_is_the_same_image():
    settings = json.loads((ROOT / ".devcontainer/devcontainer.json").read_text(encoding="utf-8"))
    build = settings["build"]
    assert (ROOT / ".devcontainer" / build["dockerfile"]).resolve() == ROOT / "Dockerfile"
    assert (ROOT / ".devcontainer" / build["context"]).resolve() == ROOT
    users = [text for key, text in instructions("Dockerfile") if key == "ARG"]
    assert f"NB_USER={settings['remoteUser']}" in users
