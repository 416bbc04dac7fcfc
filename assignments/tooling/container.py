"""A kernel shut off from the system: a submission's code sees no file of yours, no network and no other process.

``GRADE_IN`` in the environment says by what: ``podman``, ``docker``, ``bwrap`` or ``none``. Where it says nothing and
:mod:`assignments.tooling.bubblewrap` works, that is taken. The grader stays outside. The two talk through sockets in a folder
which both of them see, and which holds nothing else.
"""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Mapping

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

from assignments.tooling import bubblewrap

NONE = "none"
IMAGE = "s2s-grading"
ENVIRONMENT = {
    "HOME": "/tmp",
    "MPLCONFIGDIR": "/tmp",
    "OMP_NUM_THREADS": "1",
    "TQDM_DISABLE": "1",
}


def chosen(environment: Mapping[str, str]) -> str:
    """The engine that the environment asks for, or bubblewrap where it works, or "" for none."""
    wanted = environment.get("GRADE_IN", "")
    if wanted or environment.get("GRADE_AS"):
        return "" if wanted == NONE else wanted
    return bubblewrap.ENGINE if bubblewrap.usable() else ""


def where(environment: Mapping[str, str]) -> str:
    """What the teacher is told of the place in which strangers' code runs."""
    engine, user = chosen(environment), environment.get("GRADE_AS", "")
    if engine:
        return f"What students wrote runs shut off from your files and from the network ({engine})."
    if user:
        return f"What students wrote runs with the rights of the user {user}."
    advice = "install bubblewrap, or see Strangers' code in the guide for instructors"
    return f"What students wrote runs with YOUR rights, can read your files and use the network: {advice}."


class ContainerKernel(AsyncKernelManager):
    """Starts a kernel by ``podman run``, ``docker run`` or ``bwrap``, and removes its container at the end.

    Args:
        engine: the command, ``"podman"``, ``"docker"`` or ``"bwrap"``.
        memory_gb: how much memory the container may use.
    """

    def __init__(self, engine: str, memory_gb: float, **options):
        self.folder = tempfile.mkdtemp(prefix="s2s-kernel-")
        file = os.path.join(self.folder, "kernel.json")
        super().__init__(transport="ipc", connection_file=file, **options)
        self.engine = engine
        self.wrapped = os.path.basename(engine) == bubblewrap.ENGINE
        if self.wrapped:  # memory is limited by LimitedExecute, for this process and its children
            command = bubblewrap.bubblewrap_command(self.folder, ENVIRONMENT | python_path())
            self.command = [*command, sys.executable]
        else:
            self.command = [*container_command(engine, self.folder, memory_gb), "python"]

    @property
    def kernel_spec(self) -> KernelSpec:
        """How the kernel starts; it is interrupted by a message, for a signal would meet the engine."""
        kernel = ["-m", "ipykernel_launcher", "-f", "{connection_file}"]
        return KernelSpec(
            argv=[*self.command, *kernel], language="python", interrupt_mode="message"
        )

    async def _async_pre_start_kernel(self, **options) -> tuple[list[str], dict]:
        """Start it quietly: what a kernel greets the terminal with is of no use here."""
        command, options = await super()._async_pre_start_kernel(**options)
        return command, options | {"stdout": subprocess.DEVNULL}

    pre_start_kernel = _async_pre_start_kernel

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        """Remove the container, which may outlive the command that started it, and the folder."""
        await super()._async_cleanup_resources(restart)
        if os.path.isdir(self.folder):  # called twice where all goes well
            if not self.wrapped:  # whose processes end with the command
                remove = [self.engine, "rm", "--force", os.path.basename(self.folder)]
                subprocess.run(remove, capture_output=True)
            # not shutil.rmtree, which folders in folders in folders bring to its end
            subprocess.run(["rm", "-rf", "--", self.folder], capture_output=True)

    cleanup_resources = _async_cleanup_resources


def python_path() -> dict[str, str]:
    """Where Python looks for the package, if the grader's own environment says so."""
    here = os.environ.get("PYTHONPATH")
    return {"PYTHONPATH": here} if here else {}


def container_command(engine: str, folder: str, memory_gb: float) -> list[str]:
    """The command that runs something in a container which sees this folder and nothing else.

    Example:
        >>> from assignments.tooling.container import container_command
        >>> container_command("podman", "/tmp/a", 6)[:6]
        ['podman', 'run', '--rm', '--name', 'a', '--network']
    """
    user = [f"--user={os.getuid()}:{os.getgid()}"]
    if os.path.basename(engine) == "podman" and os.getuid():
        user.append("--userns=keep-id")  # without it a rootless container's users are others
    memory = f"{int(memory_gb * 1e9)}b"
    return [
        *(engine, "run", "--rm", "--name", os.path.basename(folder)),
        *("--network", "none", "--read-only", "--tmpfs", "/tmp:size=1g,mode=1777"),
        *("--cap-drop", "ALL", "--security-opt", "no-new-privileges"),
        *("--memory", memory, "--memory-swap", memory, "--cpus", "2", "--pids-limit", "256"),
        *user,
        *(f"--env={name}={value}" for name, value in ENVIRONMENT.items()),
        *("--workdir", "/tmp", "--volume", f"{folder}:{folder}:Z", IMAGE),
    ]
