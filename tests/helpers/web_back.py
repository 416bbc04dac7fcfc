"""A model in the page's form, read back into the package: bytes to weights by the words of `model.json` alone."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import torch

import s2s_tutorial as s2s
from s2s_tutorial.saving.tokenizer_state import load_tokenizer_state

TYPES = {"float32": "<f4", "float16": "<f2", "int8": "i1"}


def read_back(folder: Path) -> s2s.Translator:
    """The model in a folder of `s2s export --to web`, with the weights as they were rounded."""
    header = json.loads(Path(folder, "model.json").read_text(encoding="utf-8"))
    weights = unpacked(header["weights"]["tensors"], Path(folder, "weights.bin").read_bytes())
    vocabs = [s2s.Vocabulary(header[side]) for side in ("src_vocab", "tgt_vocab")]
    sizes = header.get("sizes") or {
        "embedding_size": weights["encoder.embedding.weight"].shape[1],
        "hidden_size": header["decoder"]["query_size"],
    }
    model = s2s.build_model(header["preset"], *map(len, vocabs), **sizes)
    model.load_state_dict(weights)
    tokenizers = [load_tokenizer_state(each) for each in header["tokenizers"]]
    info = {"longest_target": header["longest_target"]}
    return s2s.Translator(model.eval(), *vocabs, *tokenizers, device="cpu", info=info)


def unpacked(tensors: list[dict], content: bytes) -> dict[str, torch.Tensor]:
    """Tensors by name: in int8 a scale for each row, then the whole numbers."""
    found, at = {}, 0

    def take(kind: str, count: int) -> torch.Tensor:
        nonlocal at
        numbers = np.frombuffer(content, TYPES[kind], count, at)
        at += numbers.nbytes
        return torch.tensor(numbers.astype(np.float32))

    for entry in tensors:
        if "as" in entry:
            found[entry["name"]] = found[entry["as"]]
            continue
        rows, *columns = entry["shape"]
        scales = take("float32", rows) if entry["type"] == "int8" else None
        numbers = take(entry["type"], int(np.prod(entry["shape"]))).reshape(rows, *columns)
        found[entry["name"]] = numbers if scales is None else scales[:, None] * numbers
    assert at == len(content)
    return found
