"""The two processes: what the kernel gets to see, calls that do not end, calls that end the kernel."""

from __future__ import annotations

import asyncio
import os
import textwrap
import threading
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
import zmq
from nbclient.util import run_sync

from assignments.tooling.execute import DIED, JUNK, STUCK, LimitedExecute
from assignments.tooling.judge.kernel import SIZE, WAITING, KernelWorker

TESTS = """
from s2s_tutorial.coursework import Checks
hidden = Checks("0.1, hidden", points=4, seconds=2)
@hidden("one")
def check():
    assert solve(1) == 2, "a secret message"
@hidden("two")
def check():
    assert solve(2) == 4
hidden.report()
"""
LOOKS = """
print([k for k in In if "secret " + "message" in k], [k for k in dir() if k in ("hidden", "check", "Checks")])
"""


def cell(source: str, name: str = "", grade: bool = False) -> nbformat.NotebookNode:
    """A cell as it stands in a submission that has been put in order."""
    made = nbformat.v4.new_code_cell(textwrap.dedent(source))
    if name:
        points = {"points": 4} if grade else {}
        about = {"grade_id": name, "grade": grade, "locked": grade, "solution": not grade}
        made.metadata["nbgrader"] = nbformat.from_dict(about | points)
    return made


def graded(solution: str, **limits) -> list[nbformat.NotebookNode]:
    """The cells of a notebook with this solution, after its run: the solution, the tests, a look, a last one."""
    cells = [
        cell(solution, "one"),
        cell(TESTS, "one-hidden", grade=True),
        cell(LOOKS),
        cell("1 + 1"),
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    LimitedExecute(**{"timeout": 20, "test_timeout": 15} | limits).preprocess(notebook, {})
    return notebook.cells


def resident() -> float:
    """Megabytes of memory that this process has."""
    pages = Path("/proc/self/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def said(cell: nbformat.NotebookNode) -> str:
    """What a cell shows, as text."""
    parts = (out.get("text") or out.get("evalue") or out.data["text/plain"] for out in cell.outputs)
    return " ".join(parts)


def test_the_kernel_sees_what_is_asked_of_it_and_nothing_of_the_tests():
    _, tests, look, last = graded("def solve(x):\n    print('loud' * 1000)\n    return 2 * x")
    assert "2 of 2 checks passed" in said(tests) and said(tests).endswith("4.0")
    assert said(look) == "[] []\n" and said(last) == "2"


def test_a_call_that_does_not_end_is_interrupted_and_the_next_check_runs():
    solution = "def solve(x):\n    while x == 1:\n        pass\n    return 2 * x"
    _, tests, look, last = graded(solution)
    assert "1 of 2 checks passed, 2 of 4 points" in said(tests)
    assert "ran for more than 2 seconds" in said(tests) and said(last) == "2"


def test_all_calls_together_have_the_cells_time():
    solution = "import time\ndef solve(x):\n    time.sleep(1.2)\n    return 2 * x"
    _, tests, _, last = graded(solution, test_timeout=2)
    assert "1 of 2 checks passed" in said(tests) and "time for these tests is used up" in said(
        tests
    )
    assert said(last) == "2"


@pytest.mark.parametrize(
    ("solution", "reason"),
    [
        ("def solve(x):\n    import os\n    os._exit(1)", DIED),
        (
            """
            import time
            def solve(x):
                while True:
                    try:
                        time.sleep(0.1)
                    except BaseException:
                        pass
            """,
            STUCK,
        ),
    ],
)
def test_who_kills_the_kernel_or_cannot_be_stopped_loses_this_cell_only(
    solution, reason, monkeypatch
):
    monkeypatch.setattr("assignments.tooling.judge.kernel.PATIENCE", 2.0)
    _, tests, look, last = graded(solution)
    assert said(tests) == reason
    assert (said(look), said(last)) == ("[] []\n", "2")


def test_who_cannot_be_stopped_in_the_last_check_ends_no_more_than_this_cell(monkeypatch):
    monkeypatch.setattr("assignments.tooling.judge.kernel.PATIENCE", 2.0)
    solution = """
    import time
    def solve(x):
        while x == 2:
            try:
                time.sleep(0.1)
            except BaseException:
                pass
        return 2 * x
    """
    _, tests, look, last = graded(solution)
    assert said(tests) == STUCK
    assert (said(look), said(last)) == ("[] []\n", "2")


@pytest.mark.parametrize("when", [1, 2])
def test_what_is_no_message_is_passed_over(when):
    solution = f"""
    import time
    def solve(x):
        kernel = get_ipython().kernel
        who = kernel._shell_parent_ident.get()
        for junk in ([b"junk"], [b"<IDS|MSG>", b"bad", b"{{}}", b"{{}}", b"{{}}", b"{{}}"]):
            if x == {when}:
                kernel.stdin_socket.send_multipart([*who, *junk])
        time.sleep(4 if x == {when} else 0)
        return 2 * x
    """
    _, tests, _, last = graded(solution)
    assert "1 of 2 checks passed" in said(tests) and "more than 2 seconds" in said(tests)
    assert said(last) == "2"


def test_what_calls_display_is_kept_neither_here_nor_for_ever():
    solution = """
    def solve(x):
        kernel = get_ipython().kernel
        for _ in range(30):
            content = {"name": "stdout", "text": 10_000_000 * "x"}
            kernel.session.send(kernel.iopub_socket, "stream", content, ident=b"stream")
        return 2 * x
    """
    peak, done = [resident()], threading.Event()

    def watch():
        while not done.wait(0.02):
            peak.append(resident())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        _, _, _, last = graded(solution)
    finally:
        done.set()
        watcher.join()
    assert said(last) == "2" and max(peak) - peak[0] < 200, "megabytes, of 600 that were sent"


def test_who_sends_the_grader_junk_loses_the_cell_that_sends_it():
    solution = """
    get_ipython().kernel.iopub_socket.send_multipart([b"junk"])
    def solve(x):
        return 2 * x
    """
    cell_itself, tests, look, last = graded(solution)
    assert said(cell_itself) == JUNK and "NameError" in said(tests) and said(last) == "2"


def test_what_nobody_reads_does_not_pile_up():
    options = [zmq.MAXMSGSIZE, zmq.RCVHWM]
    execute = LimitedExecute()
    execute.nb = nbformat.v4.new_notebook()
    client = execute.create_kernel_manager().client(connection_file="")
    socket = client.context.socket(zmq.DEALER)
    assert [socket.getsockopt(each) for each in options] == [SIZE, WAITING]
    socket.close()
    client.context.destroy()


def test_there_may_always_be_one_more_thing_displayed():
    class Endless:
        def recv_multipart(self, *options, **more):
            return [b"one more"]

    KernelWorker.throw_away(SimpleNamespace(shown=Endless()))


def test_what_is_displayed_is_read_by_the_thread_that_reads_it_for_the_notebook():
    """Where a loop is running, nbclient works in a thread beside; two at one socket end the process."""
    readers = []

    class Shown:
        def recv_multipart(self, *options, **more):
            readers.append(threading.get_ident())
            raise zmq.Again

    async def here() -> int:
        return threading.get_ident()

    async def running() -> None:
        KernelWorker.throw_away(SimpleNamespace(shown=Shown()))
        readers.append(run_sync(here)())
        readers.append(threading.get_ident())

    thread = threading.Thread(target=lambda: asyncio.run(running()))
    thread.start()
    thread.join()
    reader, nbclients, callers = readers
    assert reader == nbclients != callers


def test_what_the_students_own_input_asks_for_is_empty():
    solution = "def solve(x):\n    return 2 * x if input('Well? ') == '' else 0"
    assert said(graded(solution)[1]).endswith("4.0")
