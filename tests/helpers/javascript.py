"""JavaScript modules of the package run by Node, which Playwright brings along."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

from playwright._impl._driver import compute_driver_executable

import s2s_tutorial

JS = Path(s2s_tutorial.__file__).parent / "live" / "js"
NODE = compute_driver_executable()[0]


def run_node(script: str, given: Any = None, timeout: float = 300) -> Any:
    """What a script prints as JSON.

    Args:
        script: a module's text; `given` is there as a constant, and `from "live/model.js"` finds
            the package's.
        given: what JSON can say.
        timeout: seconds.
    """
    script = script.replace('from "live/', f'from "{JS.as_uri()}/')
    text = f"const given = JSON.parse(require('fs').readFileSync(0, 'utf8'));\n{script}"
    text = text.replace("require('fs')", "(await import('node:fs'))")
    command = [NODE, "--input-type=module", "--eval", text]
    done = subprocess.run(
        command, input=json.dumps(given), capture_output=True, text=True, timeout=timeout
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
