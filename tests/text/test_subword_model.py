"""SentencePiece's models: which are opened, and what is written with them."""

import io
import json

import pytest
import sentencepiece

from s2s_tutorial.text.subword_model import open_model, pack, piece_scores, unpack
from s2s_tutorial.text.subword_training import learn_pieces

LINES = ["low lower lowest", "new newer newest", "wide wider widest"]


def test_the_scores_are_those_of_the_pieces_and_leave_the_unknown_sign_out():
    processor = open_model(learn_pieces(LINES, vocab_size=18))
    scores = piece_scores(processor)
    assert len(scores) == 17 == processor.GetPieceSize() - 1
    for piece, score in scores.items():
        assert score == processor.GetScore(processor.PieceToId(piece)) <= 0


@pytest.mark.parametrize("lowercase", [False, True])
def test_what_is_packed_is_json_and_comes_back(lowercase):
    content = pack(b"\x00\xff model", lowercase)
    assert json.loads(content)["lowercase"] is lowercase
    assert unpack(content) == (b"\x00\xff model", lowercase)


def test_what_is_no_json_is_a_model_as_it_stands():
    assert unpack(b"\n\x0e model") == (b"\n\x0e model", False)


@pytest.mark.parametrize(
    "changes",
    [{"format": "another/1"}, {"lowercase": "no"}, {"lowercase": None}, {"model": "%"}],
)
def test_json_of_another_kind_is_explained(changes):
    fields = json.loads(pack(b"model", False)) | changes
    with pytest.raises(ValueError, match="these are no subwords that to_bytes gave"):
        unpack(json.dumps(fields).encode())


def test_models_that_cannot_be_used_are_explained():
    for damaged in (b"", b"not a model", learn_pieces(LINES, vocab_size=18)[:100]):
        with pytest.raises(ValueError, match="SentencePiece model"):
            open_model(damaged)
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES),
        model_writer=model,
        vocab_size=300,
        byte_fallback=True,
        hard_vocab_limit=False,
        minloglevel=2,
    )
    with pytest.raises(ValueError, match="train it without byte_fallback"):
        open_model(model.getvalue())
