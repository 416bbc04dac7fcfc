"""A submission's code in a container: how the engine is called, what the code can reach, what is left behind."""

from __future__ import annotations

import ast
import json
import os
import shutil
import stat
import subprocess
import sys
import tempfile
import textwrap
from pathlib import Path

import nbformat
import pytest

from assignments.tooling import bubblewrap
from assignments.tooling.container import IMAGE, chosen, container_command, where
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


def test_in_bubblewrap_the_code_reaches_nothing():
    if not bubblewrap.usable():
        pytest.skip("needs bubblewrap, and a system that lets it work")
    root = Path(__file__).parents[2]
    probes = (
        "import os\nprint(os.path.exists('/etc/passwd'), os.listdir('/tmp'))",
        f"print(sorted(os.listdir({str(root)!r})))",
        f"open({str(root / 's2s_tutorial/new')!r}, 'w')",
        f"print('pytest' in ' '.join(os.environ), {str(Path(__file__))!r} in os.environ.values())",
        "import s2s_tutorial as s2s\nprint(len(s2s.load_corpus('phrases', size=5)))",
        "import socket\nsocket.create_connection(('1.1.1.1', 53), timeout=2)",
        "print(len([name for name in os.listdir('/proc') if name.isdigit()]))",
        "open('/tmp/new', 'w').write('a'), print('written')",
        "open('/new', 'w')",
        "while True: pass",
        "bytearray(10**10)",
    )
    shown = executed(bubblewrap.ENGINE, *probes, timeout=20)
    beside = {"s2s_tutorial", "data", "benchmarks", ".venv"}
    assert shown[0].startswith("False ['s2s-kernel-") or shown[0].startswith("False ['.")
    assert set(ast.literal_eval(shown[1])) <= beside
    assert shown[2:5] == ["OSError", "False False", "5"]
    assert shown[5] == "OSError", "no way out"
    assert shown[6:9] == ["2", "written", "OSError"], "bubblewrap and Python are the only processes"
    assert shown[9:] == ["KeyboardInterruptCellTimeoutError", "MemoryError"]


def test_in_bubblewrap_what_the_code_fills_has_an_end_and_goes(monkeypatch, tmp_path):
    if not bubblewrap.usable():
        pytest.skip("needs bubblewrap, and a system that lets it work")
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    monkeypatch.setattr(bubblewrap.bubblewrap_command, "__defaults__", (5_000_000, None))
    deep = """
    import os
    from ipykernel.connect import get_connection_file
    os.chdir(os.path.dirname(get_connection_file()))
    for _ in range(1500):
        os.mkdir("d")
        os.chdir("d")
    print("deep")
    """
    write = "print(open('{}/new', 'wb').write(bytes(10_000_000)))"
    probes = [write.format(place) for place in ("/dev/shm", "/dev", "/tmp")]
    shown = executed(bubblewrap.ENGINE, *probes, textwrap.dedent(deep), timeout=20)
    assert shown == ["OSError", "OSError", "OSError", "deep"]
    assert list(tmp_path.iterdir()) == [], "shutil.rmtree ends at a thousand folders in each other"


def test_the_environment_says_where_it_runs_and_the_teacher_is_told(monkeypatch):
    assert chosen({"GRADE_IN": "docker"}) == "docker" and "(docker)" in where(
        {"GRADE_IN": "docker"}
    )
    assert chosen({"GRADE_AS": "nobody"}) == "" and "user nobody" in where({"GRADE_AS": "nobody"})
    assert chosen({"GRADE_IN": "none"}) == "" and "YOUR rights" in where({"GRADE_IN": "none"})
    monkeypatch.setattr(bubblewrap, "usable", lambda: True)
    assert chosen({}) == "bwrap" and "shut off" in where({})
    monkeypatch.setattr(bubblewrap, "usable", lambda: False)
    assert chosen({}) == "" and "install bubblewrap" in where({})
