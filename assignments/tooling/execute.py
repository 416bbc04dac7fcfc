"""Running a submission within limits, so that what it breaks is its own, and judging it from outside.

The kernel runs what the student wrote. Cells of tests are run by the grader itself (:mod:`assignments.tooling.judge`), which asks
the kernel for what the student's functions return; the kernel never sees a hidden test, an expected value or a point.

A cell that runs too long is interrupted. A cell that kills the kernel, or cannot be interrupted, is
barred: the notebook runs again without it. Time is limited for the whole notebook too, memory and
the size of files for the kernel, the size of outputs for each cell.
"""

from __future__ import annotations

import contextlib
import time
from typing import TYPE_CHECKING

from jupyter_client.manager import KernelManager
from nbclient.exceptions import CellTimeoutError, DeadKernelError
from nbformat import NotebookNode
from nbgrader.preprocessors import Execute
from traitlets import Float, Integer, Unicode

from assignments.tooling.container import ContainerKernel

if TYPE_CHECKING:
    from assignments.tooling.judge.kernel import KernelWorker

DIED = "this cell ended the Python process (too much memory, or a crash)"
STUCK = "this cell ran too long and could not be interrupted"
JUNK = "what this cell sent to the grader cannot be read"
LATE = "the notebook's time was used up before this cell"
VISIBLE, HIDDEN = "-checks", "-hidden"
LIMITS = """
def limit():
    try:
        import resource
    except ImportError:  # not on Windows
        return
    for kind, amount in ((resource.RLIMIT_AS, {memory}), (resource.RLIMIT_FSIZE, {files})):
        _, hard = resource.getrlimit(kind)
        if hard != resource.RLIM_INFINITY:
            amount = min(amount, hard)
        try:
            resource.setrlimit(kind, (amount, amount))
        except (OSError, ValueError):  # macOS refuses some
            pass
limit()
del limit
"""


class LimitedExecute(Execute):
    """nbgrader's Execute with limits that no submission outlives."""

    timeout = Integer(240, help="Seconds for a cell that the student or the set wrote.").tag(
        config=True
    )
    test_timeout = Integer(60, help="Seconds for a cell of graded tests.").tag(config=True)
    notebook_timeout = Integer(900, help="Seconds for a notebook, repetitions included.").tag(
        config=True
    )
    memory_gb = Float(6.0, help="Address space of the kernel, in GB.").tag(config=True)
    file_gb = Float(0.5, help="The largest file the kernel may write, in GB.").tag(config=True)
    max_output = Integer(200_000, help="Characters of output kept for one cell.").tag(config=True)
    engine = Unicode("", help="podman, docker or bwrap, to shut the kernel off.").tag(config=True)

    user = Unicode("", help="Whose rights the kernel has, if not the grader's.").tag(config=True)

    def create_kernel_manager(self) -> KernelManager:
        """The kernel's manager: as ever, or one that starts it in a container or as another user."""
        from assignments.tooling.judge.kernel import bounded  # not above: releases need no PyTorch

        if self.engine:
            self.km = ContainerKernel(self.engine, self.memory_gb, config=self.config)
        elif self.user:
            from assignments.tooling.other_user import OtherUserKernel  # not on Windows

            self.km = OtherUserKernel(self.user, config=self.config)
        else:
            super().create_kernel_manager()
        client = self.km.client
        self.km.client = lambda **options: bounded(client(**options))
        return self.km

    def preprocess(self, nb: NotebookNode, resources: dict, km=None) -> tuple[NotebookNode, dict]:
        """Run the notebook, again and again without the cells that killed the kernel."""
        from assignments.tooling.judge.cells import statements

        self.deadline = time.monotonic() + self.notebook_timeout
        self.barred: dict[int, str] = {}
        locked = [cell for cell in nb.cells if cell.metadata.get("nbgrader", {}).get("locked")]
        ours = [c.source for c in locked if c.cell_type == "code" and not c.metadata.nbgrader.grade]
        self.given = statements(ours)
        while True:
            self.worker: KernelWorker | None = None
            self.current = 0
            try:
                return super().preprocess(nb, resources, km)
            except DeadKernelError:
                reason = DIED
            except CellTimeoutError:
                reason = STUCK
            except (LookupError, TypeError, ValueError):
                if not self.worker:
                    raise
                reason = JUNK
            finally:
                if self.worker:
                    self.worker.close()
            if self.current in self.barred:
                raise RuntimeError("the kernel dies although every cell is barred")
            self.barred[self.current] = reason
            self.log.warning("cell %d is left out: %s", self.current, reason)

    def preprocess_cell(
        self, cell: NotebookNode, resources: dict, index: int
    ) -> tuple[NotebookNode, dict]:
        """Run one cell, unless it is barred or the notebook's time is up."""
        if not self.worker:
            self.limit_kernel()
        self.current, self.kept = index, 0
        left = self.deadline - time.monotonic()
        if cell.cell_type == "code" and (index in self.barred or left < 1):
            reason = self.barred.get(index, LATE)
            cell.outputs, cell.execution_count = [left_out(reason)], None
            return cell, resources
        about = cell.metadata.get("nbgrader", {})
        name = str(about.get("grade_id")) if about.get("grade") and cell.cell_type == "code" else ""
        limit = min(self.test_timeout if name else self.timeout, int(left))
        self.timeout_func = lambda _: max(1, limit)
        if not name.endswith(HIDDEN):
            cell, resources = super().preprocess_cell(cell, resources, index)
        if name.endswith((HIDDEN, VISIBLE)):
            self.judge(cell, limit)
        if name:  # nbgrader takes a warning for a failed test
            cell.outputs = [out for out in cell.outputs if out.get("name") != "stderr"]
        return cell, resources

    def judge(self, cell: NotebookNode, limit: float) -> None:
        """Put the outcome of a cell's tests into it.

        Raises:
            DeadKernelError: if a function that they call ended the kernel.
            CellTimeoutError: if one could not be interrupted.
        """
        from assignments.tooling.judge.cells import outputs

        self.worker.deadline = time.monotonic() + limit
        cell.outputs = outputs(cell.source, self.given, self.worker)
        with contextlib.suppress(RuntimeError):
            self.worker.settle()
        if self.worker.gone:
            raise DeadKernelError(DIED)
        if self.worker.stuck:
            raise CellTimeoutError(STUCK)
        self.worker.throw_away()

    def limit_kernel(self) -> None:
        """Set the kernel's limits before its first cell; what is set so cannot be raised again."""
        from assignments.tooling.judge.kernel import KernelWorker

        code = LIMITS.format(memory=int(self.memory_gb * 1e9), files=int(self.file_gb * 1e9))
        self.wait_for_reply(self.kc.execute(code, silent=True, store_history=False))
        # importing takes seconds, which are no check's
        ready = '__import__("s2s_tutorial.coursework.worker")'
        self.wait_for_reply(self.kc.execute(ready, silent=True, store_history=False))
        self.worker = KernelWorker(self.km, self.kc.iopub_channel.socket)

    def process_message(self, msg: dict, cell: NotebookNode, cell_index: int):
        """Drop output beyond ``max_output``, which would fill the grader's own memory."""
        kind = msg["msg_type"]
        if kind in ("stream", "display_data", "execute_result", "update_display_data"):
            size = len(str(msg["content"]))
            if self.kept + size > self.max_output:
                if self.kept <= self.max_output:
                    self.kept = self.max_output + 1
                    msg["msg_type"] = msg["header"]["msg_type"] = "stream"
                    msg["content"] = {"name": "stdout", "text": "\n... output cut here ...\n"}
                    return super().process_message(msg, cell, cell_index)
                if kind != "execute_result":
                    return None
            self.kept += size
        return super().process_message(msg, cell, cell_index)


def left_out(reason: str) -> NotebookNode:
    """The error that stands in a cell which was not run."""
    return NotebookNode(
        output_type="error", ename="NotRun", evalue=reason, traceback=[f"NotRun: {reason}"]
    )
