"""Does another process, with other hashes, make the same?"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from places import HELPERS, ROOT


def printed(test_file: str, program: str, hash_seed: str = "12345") -> str:
    """What a program prints that may import a test module by its bare name.

    Args:
        test_file: ``__file__`` of a test: its folder is where modules are looked for.
        program: the lines of Python.
        hash_seed: the other process's PYTHONHASHSEED.
    """
    paths = [str(Path(test_file).parent), str(HELPERS), str(ROOT)]
    environment = os.environ | {
        "PYTHONHASHSEED": hash_seed,
        "PYTHONIOENCODING": "utf-8",
        "PYTHONPATH": os.pathsep.join(paths),
    }
    run = subprocess.run(
        [sys.executable, "-c", program], env=environment, stdout=subprocess.PIPE, check=True
    )
    return run.stdout.decode().rstrip("\n")
