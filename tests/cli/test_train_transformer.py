"""`s2s train --preset transformer`: its options, the model that comes of it, and what is refused."""

from __future__ import annotations

import pytest
from command_line import REVERSE, load, run

pytestmark = pytest.mark.slow  # trains a model, from the command to the files

TRANSFORMER = [*REVERSE, "--preset", "transformer", "--hidden-size", 6]
SIZES = "--heads 2 --feedforward-size 11 --num-layers 1 --positions learned".split()


def test_a_transformer_is_trained_translates_and_is_looked_into(tmp_path):
    output = tmp_path / "t.safetensors"
    text = run(*TRANSFORMER, *SIZES, "--max-positions", 100, "-o", output)
    best = load(tmp_path / "t.best.safetensors")
    assert f"{best.model.parameter_count():,} parameters" in text
    config = {"heads": 2, "feedforward_size": 11, "num_layers": 1, "positions": "learned"}
    assert config.items() <= best.model.config.items() and best.model.config["scale_embeddings"]
    source = best.src_vocab.tokens[-1]
    written = run("translate", "-m", output, "--beam", 2, "--max-length", 5, stdin=source.encode())
    assert written == load(output)(source, beam_size=2, max_length=5).text + "\n"
    shown = run("attend", "-m", output, source, source)
    assert shown.startswith(f"{source} → {source}")
    again = run(*TRANSFORMER, *SIZES, "--max-positions", 100, "-o", output, "--resume")
    assert "perplexity" in again


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        (["--heads", 4], "4 heads cannot share a width of 6"),
        (["--positions", "relative"], "there is no kind of positions 'relative'"),
        (["--window", 2], "window means nothing for the preset 'transformer'"),
        (["--max-positions", 3], "but this model was made for up to"),
        (["--tie-embeddings"], "set hidden_size to it"),
    ],
)
def test_what_does_not_fit_is_said(asked, said, tmp_path):
    output = tmp_path / "t.safetensors"
    text = run(*TRANSFORMER, *asked, "-o", output, code=1)
    assert said in " ".join(text.split()) and not output.exists()
