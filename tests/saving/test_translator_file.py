"""A file has all that a translator is made of, or says what it lacks."""

import pytest
from tiny_models import drawn

from s2s_tutorial.models.build import build_model
from s2s_tutorial.saving.checkpoint import CheckpointError, save_checkpoint
from s2s_tutorial.saving.tokenizer_state import tokenizers_info
from s2s_tutorial.saving.translator_file import read_parts
from s2s_tutorial.text.tokenizers import WordTokenizer
from s2s_tutorial.text.vocabulary import Vocabulary

SRC, TGT = Vocabulary(["a", "b", "c"]), Vocabulary(["x"])
MODEL = drawn(build_model("gru", 7, 5, embedding_size=3, hidden_size=5))


def test_the_parts_come_back_and_what_training_wrote_is_left_out(tmp_path):
    own, theirs = WordTokenizer(lowercase=True), WordTokenizer()
    info = tokenizers_info(own, theirs) | {"settings": {"steps": 1}, "scaler": {}, "corpus": "mine"}
    save_checkpoint(tmp_path / "m.safetensors", MODEL, SRC, TGT, info=info)
    parts = read_parts(tmp_path / "m.safetensors")
    assert (parts.src_vocab, parts.tgt_vocab, parts.info) == (SRC, TGT, {"corpus": "mine"})
    assert parts.model.config == MODEL.config
    assert parts.tokenizer.tokenize("A b") == ["a", "b"]
    assert parts.tgt_tokenizer.tokenize("A b") == ["A", "b"]


@pytest.mark.parametrize(
    ("given", "info", "message"),
    [
        ((SRC, TGT), {}, "no tokenizers, so"),
        ((), {}, "no source vocabulary and no target vocabulary and no tokenizers"),
        (
            (SRC, None),
            tokenizers_info(WordTokenizer(), WordTokenizer()),
            "no target vocabulary, so",
        ),
    ],
)
def test_what_is_missing_is_said(given, info, message, tmp_path):
    save_checkpoint(tmp_path / "m.safetensors", MODEL, *given, info=info)
    with pytest.raises(CheckpointError, match=message):
        read_parts(tmp_path / "m.safetensors")
