"""A kernel that runs as another user of the system, who cannot read the grader's files.

``GRADE_AS=student`` in the environment asks for it. The grader must be root, as it is in Gradescope's containers.
"""

from __future__ import annotations

import os
import pwd
import subprocess
import tempfile

from jupyter_client.manager import AsyncKernelManager

from assignments.tooling.container import ENVIRONMENT


class OtherUserKernel(AsyncKernelManager):
    """Starts a kernel with the rights of a user, in an empty folder that is removed at the end.

    Args:
        user: the user's name.

    Raises:
        ValueError: if the system has no such user.
    """

    def __init__(self, user: str, **options):
        try:
            self.person = pwd.getpwnam(user)
        except KeyError:
            raise ValueError(f"GRADE_AS={user}: this system has no user of that name") from None
        self.folder = tempfile.mkdtemp(prefix="s2s-kernel-")
        file = os.path.join(self.folder, "kernel.json")
        super().__init__(connection_file=file, **options)

    async def _async_pre_start_kernel(self, **options) -> tuple[list[str], dict]:
        """Give the folder to the user, and the process to start too."""
        command, options = await super()._async_pre_start_kernel(**options)
        for path in (self.folder, self.connection_file):
            os.chown(path, self.person.pw_uid, self.person.pw_gid)
        variables = ENVIRONMENT | {"HOME": self.folder, "MPLCONFIGDIR": self.folder}
        kept = {key: os.environ[key] for key in ("PATH", "PYTHONPATH", "LANG") if key in os.environ}
        rights = {"user": self.person.pw_uid, "group": self.person.pw_gid, "extra_groups": []}
        return command, options | rights | {"env": kept | variables, "cwd": self.folder}

    pre_start_kernel = _async_pre_start_kernel

    async def _async_cleanup_resources(self, restart: bool = False) -> None:
        """Remove the folder."""
        await super()._async_cleanup_resources(restart)
        subprocess.run(["rm", "-rf", "--", self.folder], capture_output=True)

    cleanup_resources = _async_cleanup_resources
