"""A submission's code in a container: how the engine is called, what the code can reach, what is left behind."""

from __future__ import annotations

import json
import os
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from assignments.tooling.container import IMAGE, container_command
from assignments.tooling.execute import LimitedExecute

STAND_IN = """#!{python}
import json, os, sys
with open({log!r}, "a") as file:
    file.write(json.dumps(sys.argv[1:]) + "\\n")
if sys.argv[1] == "run":
    command = sys.argv[sys.argv.index({image!r}) + 1 :]
    os.execv(sys.executable, [sys.executable, *command[1:]])
"""


def ready(engine: str) -> bool:
    """Whether the engine is here, and the image was built."""
    if not shutil.which(engine):
        return False
    return subprocess.run([engine, "image", "inspect", IMAGE], capture_output=True).returncode == 0


@pytest.fixture
def stand_in(tmp_path) -> tuple[str, Path]:
    """A command that writes down how it was called and runs the kernel without a container."""
    path, log = tmp_path / "podman", tmp_path / "calls"
    path.write_text(STAND_IN.format(python=sys.executable, log=str(log), image=IMAGE))
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path), log


def executed(engine: str, *sources: str, **limits: float) -> list[str]:
    """What each cell shows when the notebook runs by this engine: its text, or its error's name."""
    cells = [nbformat.v4.new_code_cell(source) for source in sources]
    notebook = nbformat.v4.new_notebook(cells=cells)
    LimitedExecute(engine=engine, **limits).preprocess(notebook, {})
    shown = []
    for cell in notebook.cells:
        texts = [out.get("text") or out.get("ename") or "" for out in cell.outputs]
        shown.append("".join(texts).strip())
    return shown


def test_a_kernel_starts_by_the_engine_and_its_container_is_removed(stand_in):
    engine, log = stand_in
    assert executed(engine, "x = 6", "print(7 * x)", "1 / 0") == ["", "42", "ZeroDivisionError"]
    run, remove = (json.loads(line) for line in log.read_text().splitlines())
    folder = Path(run[run.index("--volume") + 1].split(":")[0])
    assert run[: run.index(IMAGE)] == container_command(engine, str(folder), 6.0)[1:-1]
    assert remove == ["rm", "--force", folder.name] and not folder.exists()


def test_a_cell_that_kills_its_process_is_left_out(stand_in):
    engine, log = stand_in
    shown = executed(engine, "print(1)", "import os\nos._exit(3)", "print(2)")
    assert shown == ["1", "NotRun", "2"]
    assert [json.loads(line)[0] for line in log.read_text().splitlines()] == ["run", "rm"] * 2


def test_nothing_of_the_machine_is_handed_over():
    command = container_command("docker", "/tmp/s2s-kernel-1", 2.5)
    assert command[-1] == IMAGE and command.count("--volume") == 1
    given = dict(zip(command, command[1:]))
    assert given["--network"] == "none" and given["--cap-drop"] == "ALL"
    assert given["--memory"] == given["--memory-swap"] == "2500000000b"
    assert given["--volume"].split(":")[:2] == ["/tmp/s2s-kernel-1"] * 2
    assert "--read-only" in command and f"--user={os.getuid()}:{os.getgid()}" in command


PROBES = (
    "import os\nprint(os.listdir('/sys/class/net'))",
    "open('/package/new', 'w')",
    "open('/etc/passwd', 'a')",
    "open('/tmp/new', 'w').write('a'), print('written')",
    f"print(os.path.exists({str(Path(__file__).parent)!r}), 'assignments' in os.listdir('/package'))",
    "print(len([name for name in os.listdir('/proc') if name.isdigit()]))",
    "import threading\nrest = threading.Event()\nfor _ in range(300):\n"
    "    threading.Thread(target=rest.wait, daemon=True).start()",
    "rest.set()\nwhile True: pass",
    "bytearray(10**10)",
    "from importlib.util import find_spec\nprint(find_spec('s2s_tutorial') is not None)",
)
FOUND = (
    "['lo']",
    "OSError",
    "OSError",
    "written",
    "False False",
    "1",
    "RuntimeError",
    "KeyboardInterruptCellTimeoutError",
    "MemoryError",
    "True",
)


@pytest.mark.parametrize("engine", ["podman", "docker"])
def test_in_a_real_container_the_code_reaches_nothing(engine):
    if not ready(engine):
        pytest.skip(f"needs {engine} and the image {IMAGE}; see the guide for instructors")
    assert executed(engine, *PROBES, timeout=20) == list(FOUND)
