"""The first chapter runs on a machine like Colab's, installed by its own set-up cell from this very tree."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from importlib import metadata
from pathlib import Path

import colab
import nbformat
import pytest
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient
from places import ROOT

from tools.set_ref import MAIN, current_ref
from tools.set_repository import current

CHAPTER = ROOT / "chapters/01_text_to_batches.ipynb"
QUESTIONS = """
import json, sys, s2s_tutorial, torch, ipywidgets
print(json.dumps([s2s_tutorial.__file__, torch.__version__, ipywidgets.__version__, "google.colab" in sys.modules]))
"""

pytestmark = [
    pytest.mark.skipif(sys.platform == "win32", reason="uses the layout of Unix environments"),
    pytest.mark.slow,
    pytest.mark.network,
    pytest.mark.notebook,
]


def snapshot(folder: Path) -> str:
    """Commit the working tree as it is into a repository of its own; return the commit."""
    left_out = shutil.ignore_patterns(
        ".git", ".venv", ".cache", "_build", "node_modules", "__pycache__"
    )
    shutil.copytree(ROOT, folder, ignore=left_out)
    who = ["-c", "user.name=test", "-c", "user.email=test@localhost"]
    colab.run("git", "init", "-q", cwd=folder)
    colab.run("git", "config", "uploadpack.allowFilter", "true", cwd=folder)
    colab.run("git", "add", "-A", cwd=folder)
    colab.run(
        "git", *who, "-c", "commit.gpgsign=false", "commit", "-q", "-m", "snapshot", cwd=folder
    )
    if current_ref(ROOT) != MAIN:  # a released book's cell installs its tag
        colab.run("git", "tag", current_ref(ROOT), cwd=folder)
    return colab.run("git", "rev-parse", "HEAD", cwd=folder).strip()


@pytest.fixture(scope="module")
def environment():
    """An environment like Colab's, fresh for this test."""
    cache = ROOT / ".cache/colab"
    try:
        base = colab.prepared(cache)
        if not colab.online(base):
            raise colab.NoNetwork("pip does not reach its index")
    except colab.NoNetwork as error:
        reason = f"no network: the set-up cell installs packages as on Colab ({str(error)[-200:]})"
        if os.environ.get("S2S_REQUIRE_NETWORK") == "1":
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    fresh = cache / f"run-{os.getpid()}"
    shutil.rmtree(fresh, ignore_errors=True)
    yield colab.copied(base, fresh)
    shutil.rmtree(fresh)


def execute(notebook, environment: Path, repository: Path, folder: Path) -> None:
    """Run a notebook in the environment, in an empty folder, with the public address meaning `repository`."""
    content, specs = folder / "content", folder / "kernels"
    content.mkdir()
    (specs / "colab").mkdir(parents=True)
    spec = {
        "argv": [
            str(environment / "bin/python"),
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
        ],
        "display_name": "Colab",
        "language": "python",
        "env": {
            "GIT_CONFIG_COUNT": "1",
            "GIT_CONFIG_KEY_0": f"url.{repository.as_uri()}.insteadOf",
            "GIT_CONFIG_VALUE_0": current(ROOT).url,
            "PYTHONPATH": "",
            "OMP_NUM_THREADS": "1",
            **colab.FASTER,
        },
    }
    (specs / "colab/kernel.json").write_text(json.dumps(spec), encoding="utf-8")
    manager = AsyncKernelManager(
        kernel_name="colab",
        kernel_spec_manager=KernelSpecManager(kernel_dirs=[str(specs)], ensure_native_kernel=False),
        transport="ipc",
        ip=str(folder / "k"),
    )
    client = NotebookClient(
        notebook, km=manager, timeout=600, resources={"metadata": {"path": str(content)}}
    )
    client.execute()


def test_a_chapter_runs_on_colab_and_leaves_its_packages_alone(environment, tmp_path):
    repository = tmp_path / "repository"
    commit = snapshot(repository)
    packages = colab.site_packages(environment)
    assert not (packages / "s2s_tutorial").exists() and not (packages / "sacrebleu").exists()
    before = colab.state(environment)
    assert any(name.endswith("torch/__init__.py") for name in before)

    notebook = nbformat.read(CHAPTER, as_version=4)
    notebook.cells.append(nbformat.v4.new_code_cell(QUESTIONS))
    execute(notebook, environment, repository, tmp_path)

    file, torch_version, widgets_version, on_colab = json.loads(
        notebook.cells[-1].outputs[0]["text"]
    )
    assert on_colab
    assert Path(file).is_relative_to(packages), "the package came from the install, not from here"
    assert torch_version == metadata.version("torch")
    assert widgets_version == "7.7.1"
    assert colab.state(environment) == before, "the install replaced files of preinstalled packages"
    (info,) = packages.glob("s2s_tutorial-*.dist-info")
    origin = json.loads((info / "direct_url.json").read_text(encoding="utf-8"))
    assert origin["url"] == current(ROOT).url
    assert origin["vcs_info"]["commit_id"] == commit


def test_the_set_up_cell_does_nothing_here(tmp_path):
    cells = nbformat.read(CHAPTER, as_version=4).cells
    source = next(cell.source for cell in cells if cell.cell_type == "code")
    code = source.replace("%pip", "raise SystemExit('it installs') #")
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


def test_a_replaced_file_would_be_noticed(tmp_path):
    original, copy = tmp_path / "original", tmp_path / "copy"
    module = colab.site_packages(original) / "torch/version.py"
    module.parent.mkdir(parents=True)
    module.write_text("__version__ = '2.0+cu'\n")
    colab.copied(original, copy)
    assert colab.state(copy) == (before := colab.state(original)) and len(before) == 1
    replaced = colab.site_packages(copy) / "torch/version.py"
    replaced.unlink()
    replaced.write_text("__version__ = '2.0+cp'\n")
    assert colab.state(copy) != before
    assert colab.state(original) == before, "and the environment that is kept stays as it was"
