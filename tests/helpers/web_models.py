"""Small models in the page's form, and the package's JavaScript run by Node, which Playwright brings along."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import torch
from playwright._impl._driver import compute_driver_executable

import s2s_tutorial as s2s

JS = Path(s2s.__file__).parent / "live" / "js"
NODE = compute_driver_executable()[0]
READ = """
import fs from "node:fs";
import { buildModel } from "live/model.js";
import { settings } from "live/products.js";
function open(folder) {
  const header = JSON.parse(fs.readFileSync(folder + "/model.json"));
  const file = fs.readFileSync(folder + "/weights.bin");
  return buildModel(header, file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
}
"""


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


def translator_of(preset: str, seed: int = 0, **options) -> s2s.Translator:
    """A small model whose weights are large enough to have opinions."""
    torch.manual_seed(seed)
    vocab = s2s.Vocabulary([f"word{i}" for i in range(9)])
    model = s2s.build_model(preset, 13, 13, embedding_size=8, hidden_size=12, **options)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(2)
    return s2s.Translator(model.eval(), vocab, vocab, "whitespace", device="cpu")
