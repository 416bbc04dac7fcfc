"""The student's process, where it is a notebook's kernel: requests go to it as cells, its questions come as those of ``input``."""

from __future__ import annotations

import contextlib
import json
import time

import zmq
from jupyter_client import BlockingKernelClient, KernelClient
from jupyter_client.manager import KernelManager
from nbclient.util import run_sync

from assignments.tooling.judge.remote import LONGEST
from s2s_tutorial.coursework.limits import OutOfTime

CELL = '__import__("s2s_tutorial.coursework.worker", fromlist=["serve"]).serve({!r})'
ENDED = "the Python process ended"
PATIENCE = 10.0  # seconds for an interrupted call to end
SIZE = 16_000_000  # bytes of a message; the connection that brings a larger one is cut
WAITING = 16  # messages that wait to be read


def bounded(client: KernelClient) -> KernelClient:
    """A client, before it starts, whom a kernel cannot fill with messages that nobody reads."""
    client.context.setsockopt(zmq.MAXMSGSIZE, SIZE)
    client.context.setsockopt(zmq.RCVHWM, WAITING)
    return client


class KernelWorker:
    """Talks to a kernel beside the one who runs the notebook's cells.

    Args:
        manager: the kernel's.
        shown: where the kernel sends what it displays; during a call that is thrown away, for it would pile up.

    Attributes:
        deadline: when every call is out of time, by ``time.monotonic``.
        gone: whether the kernel has died.
        stuck: whether a call does not end, although it was interrupted.
    """

    def __init__(self, manager: KernelManager, shown: zmq.Socket):
        self.manager = manager
        self.shown = zmq.Socket.shadow(shown)
        self.client = bounded(BlockingKernelClient())
        self.client.load_connection_info(manager.get_connection_info())
        self.client.start_channels(iopub=False, hb=False, control=False)
        self.deadline = float("inf")
        self.running = ""  # the message whose answer has not come
        self.gone = self.stuck = False

    def exchange(self, request: str, answer) -> str:
        """See :class:`remote.Worker <assignments.tooling.judge.remote.Worker>`.

        Raises:
            RuntimeError: if the process has ended, or the call does.
            OutOfTime: at the deadline.
        """
        self.settle()
        options = {"silent": True, "store_history": False, "allow_stdin": True}
        self.running = self.client.execute(CELL.format(request), **options)
        outcome = ""

        def replied(prompt: str) -> str:
            nonlocal outcome
            if len(prompt) <= LONGEST:
                try:
                    said = json.loads(prompt)
                except (ValueError, RecursionError):
                    return ""  # the student's own input()
                if isinstance(said, dict) and "callback" in said:
                    return answer(prompt)
            outcome = prompt
            return ""

        ended = self.wait(self.deadline, replied)
        if not outcome:
            raise RuntimeError(f"the call ended: {ended}")
        return outcome

    def wait(self, deadline: float, replied) -> str:
        """How the running message ended; meanwhile its questions are answered, and what is no message is passed over."""
        poller, looked = zmq.Poller(), time.monotonic()
        sockets = self.client.shell_channel.socket, self.client.stdin_channel.socket
        for socket in sockets:
            poller.register(socket, zmq.POLLIN)
        while True:
            left = deadline - time.monotonic()
            if left <= 0:
                raise OutOfTime("stopped: the time for these tests is used up")
            ready = dict(poller.poll(min(100, 1000 * left)))
            self.throw_away()
            if sockets[1] in ready:
                try:
                    prompt = str(self.client.get_stdin_msg(timeout=0)["content"]["prompt"])
                except Exception:  # the student's code can send anything
                    continue
                self.client.input(replied(prompt))
            elif sockets[0] in ready:
                try:
                    reply = self.client.get_shell_msg(timeout=0)
                    ours = reply["parent_header"].get("msg_id") == self.running
                    ended = str(reply["content"].get("ename", "no reason given"))
                except Exception:
                    continue
                if ours:
                    self.running = ""
                    return ended
            elif not ready and time.monotonic() - looked > 1:
                looked = time.monotonic()
                if not run_sync(self.manager.is_alive)():
                    self.gone, self.running = True, ""
                    raise RuntimeError(ENDED)

    def settle(self) -> None:
        """Interrupt a call that is still running.

        Raises:
            RuntimeError: if the process has ended, or the call goes on.
        """
        self.gone = self.gone or not run_sync(self.manager.is_alive)()
        if self.gone:
            raise RuntimeError(ENDED)
        if self.running and not self.stuck:
            self.stuck = True  # unless it ends in time
            run_sync(self.manager.interrupt_kernel)()
            with contextlib.suppress(OutOfTime):
                self.wait(time.monotonic() + PATIENCE, lambda prompt: "")
                self.stuck = False
        if self.stuck:
            raise RuntimeError("an earlier call ran too long and could not be interrupted")

    def throw_away(self, number: int = 1000) -> None:
        """Drop what the kernel has displayed, so many messages at most: there may always be one more.

        That is done where the notebook's client reads it, which may be another thread: a socket is for one alone.
        """

        async def drop() -> None:
            with contextlib.suppress(zmq.Again):
                for _ in range(number):
                    self.shown.recv_multipart(zmq.NOBLOCK, copy=False)

        run_sync(drop)()

    def close(self) -> None:
        """Stop talking."""
        self.client.stop_channels()
