"""A kernel in a container of its own: a submission's code sees no file, no network and no other process.

``GRADE_IN=podman`` or ``GRADE_IN=docker`` in the environment asks for it. The grader stays outside.
The two talk through sockets in a folder which both of them see, and which holds nothing else.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile

from jupyter_client.kernelspec import KernelSpec
from jupyter_client.manager import AsyncKernelManager

IMAGE = "s2s-grading"
ENVIRONMENT = {
    "HOME": "/tmp",
    "MPLCONFIGDIR": "/tmp",
    "OMP_NUM_THREADS": "1",
    "TQDM_DISABLE": "1",
}


class ContainerKernel(AsyncKernelManager):
    """Starts a kernel by ``podman run`` or ``docker run``, and removes its container at the end.

    Args:
        engine: the command, ``"podman"`` or ``"docker"``.
        memory_gb: how much memory the container may use.
    """

    def __init__(self, engine: str, memory_gb: float, **options):
        self.folder = tempfile.mkdtemp(prefix="s2s-kernel-")
        file = os.path.join(self.folder, "kernel.json")
        super().__init__(transport="ipc", connection_file=file, **options)
        self.engine = engine
        self.command = container_command(engine, self.folder, memory_gb)

    @property
    def kernel_spec(self) -> KernelSpec:
        """How the kernel starts; it is interrupted by a message, for a signal would meet the engine."""
        kernel = ["python", "-m", "ipykernel_launcher", "-f", "{connection_file}"]
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
            remove = [self.engine, "rm", "--force", os.path.basename(self.folder)]
            subprocess.run(remove, capture_output=True)
            shutil.rmtree(self.folder, ignore_errors=True)

    cleanup_resources = _async_cleanup_resources


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
