"""What the checks of chapter 8 are tried with."""

import ast
import json

import pytest
import torch
from disguises import (
    NOTEBOOK,
    SIZES,
    definitions,
)

import s2s_tutorial as s2s


@pytest.fixture(scope="module")
def zoo():
    names = {"task": s2s.Task.load("numbers", SIZES, max_digits=4), "device": "cpu"}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "%pip" not in source:
            exec(compile(ast.Module(list(definitions(source)), []), "chapter 8", "exec"), names)
    return names


@pytest.fixture
def models(zoo):
    """Untrained models with weights so large that they attend to something."""
    made = {}
    for preset in ("luong_general", "bahdanau", "bigru_concat", "stacked_lstm_additive"):
        torch.manual_seed(0)
        made[preset] = s2s.build_model(preset, *map(len, zoo["task"].vocabs), 8, hidden_size=12)
        with torch.no_grad():
            for parameter in made[preset].parameters():
                parameter.mul_(2.0)
    return made


@pytest.fixture
def batch(zoo):
    return zoo["whole"](zoo["task"].test[:4])
