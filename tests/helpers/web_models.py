"""Small models in the page's form."""

from __future__ import annotations

import json
from pathlib import Path

import torch

import s2s_tutorial as s2s

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


def translator_of(preset: str, seed: int = 0, **options) -> s2s.Translator:
    """A small model whose weights are large enough to have opinions."""
    torch.manual_seed(seed)
    vocab = s2s.Vocabulary([f"word{i}" for i in range(9)])
    model = s2s.build_model(preset, 13, 13, embedding_size=8, hidden_size=12, **options)
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(2)
    return s2s.Translator(model.eval(), vocab, vocab, "whitespace", device="cpu")


def from_web(folder: Path) -> s2s.Translator:
    """The translator whose rounded weights a folder of ``s2s export --to web`` holds."""
    import numpy as np

    from s2s_tutorial.saving.tokenizer_state import load_tokenizer_state

    header = json.loads(Path(folder, "model.json").read_text(encoding="utf-8"))
    content, at, state = Path(folder, header["weights"]["file"]).read_bytes(), 0, {}

    def take(kind: str, count: int) -> np.ndarray:
        nonlocal at
        found = np.frombuffer(content, kind, count, at)
        at += found.nbytes
        return found.astype(np.float32)

    for entry in header["weights"]["tensors"]:
        if "as" in entry:
            state[entry["name"]] = state[entry["as"]]
            continue
        shape, kind = entry["shape"], {"int8": "i1", "float16": "<f2", "float32": "<f4"}
        scales = take("<f4", shape[0])[:, None] if entry["type"] == "int8" else 1
        numbers = take(kind[entry["type"]], int(np.prod(shape))).reshape(shape)
        state[entry["name"]] = torch.from_numpy(numbers * scales)
    vocabs = [s2s.Vocabulary(header[side]) for side in ("src_vocab", "tgt_vocab")]
    model = s2s.build_model(header["preset"], *map(len, vocabs), **header["sizes"])
    model.load_state_dict(state)
    tokenizers = [load_tokenizer_state(each) for each in header["tokenizers"]]
    info = {"longest_target": header["longest_target"]}
    return s2s.Translator(model.eval(), *vocabs, *tokenizers, device="cpu", info=info)
