"""A subword tokenizer in a file: there and back, from elsewhere, and what is wrong with it said."""

from __future__ import annotations

import io
import json
import pickle

import pytest
import sentencepiece
from small_subwords import LINES, SIZE, TRAINED, both

from s2s_tutorial.text.subwords import SubwordTokenizer
from s2s_tutorial.text.vocabulary import EOS_ID, UNK_ID, Vocabulary


@both
def test_there_and_back(tokenizer, tmp_path):
    tokenizer.save(tmp_path / "folder/de.subwords")
    again = SubwordTokenizer.load(tmp_path / "folder/de.subwords")
    assert again == tokenizer
    assert [again.tokenize(line) for line in LINES] == list(map(tokenizer.tokenize, LINES))
    assert [path.name for path in (tmp_path / "folder").iterdir()] == ["de.subwords"]


def test_lower_case_is_kept():
    tokenizer = SubwordTokenizer.train(LINES, SIZE, lowercase=True)
    again = SubwordTokenizer.from_bytes(tokenizer.to_bytes())
    assert again.lowercase and again != TRAINED["unigram"]
    assert again.tokenize("EIN Hund") == TRAINED["unigram"].tokenize("ein hund")


def test_for_other_processes():
    again = pickle.loads(pickle.dumps(TRAINED["bpe"]))
    assert again == TRAINED["bpe"]
    assert again.tokenize(LINES[2]) == TRAINED["bpe"].tokenize(LINES[2])
    lower = SubwordTokenizer.train(LINES, SIZE, lowercase=True)
    lower.tokenize("ein", sample=True)
    assert pickle.loads(pickle.dumps(lower)) == lower


def test_a_model_of_sentencepieces_own(tmp_path):
    (tmp_path / "corpus.txt").write_text("\n".join(LINES), encoding="utf-8")
    prefix = str(tmp_path / "de")
    sentencepiece.SentencePieceTrainer.train(
        input=str(tmp_path / "corpus.txt"), model_prefix=prefix, vocab_size=SIZE, minloglevel=2
    )
    tokenizer = SubwordTokenizer.load(prefix + ".model")
    assert tokenizer.detokenize(tokenizer.tokenize("ein ball", True, 0.2)) == "ein ball"
    reference = sentencepiece.SentencePieceProcessor()
    reference.Load(prefix + ".model")
    assert tokenizer.tokenize(LINES[1]) == reference.EncodeAsPieces(LINES[1])
    assert len(tokenizer.pieces) == SIZE - 3 and not {"<s>", "</s>", "<unk>"} & set(
        tokenizer.pieces
    )


def test_symbols_spelled_like_special_tokens_are_unknown_text():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES),
        model_writer=model,
        vocab_size=SIZE,
        user_defined_symbols=["<pad>", "<eos>"],
        minloglevel=2,
    )
    tokenizer = SubwordTokenizer.from_bytes(model.getvalue())
    pieces = tokenizer.tokenize("ein<eos>ein")
    assert "<eos>" in pieces and tokenizer.detokenize(pieces) == "ein<eos>ein"
    ids = Vocabulary(tokenizer.pieces).encode(pieces)
    assert ids[pieces.index("<eos>")] == UNK_ID and EOS_ID not in ids


def test_a_bpe_model_of_sentencepieces_own():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES),
        model_writer=model,
        vocab_size=SIZE,
        model_type="bpe",
        minloglevel=2,
    )
    tokenizer = SubwordTokenizer.from_bytes(model.getvalue())
    for line in LINES:
        assert tokenizer.tokenize(line, True, 0.0) == tokenizer.tokenize(line)


def test_bytes_are_refused():
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(LINES),
        model_writer=model,
        vocab_size=SIZE + 256,
        byte_fallback=True,
        minloglevel=2,
    )
    with pytest.raises(ValueError, match="train it without byte_fallback"):
        SubwordTokenizer(model.getvalue())


def test_no_such_file(tmp_path):
    with pytest.raises(FileNotFoundError):
        SubwordTokenizer.load(tmp_path / "nothing")


def test_every_cut_of_a_file_is_refused(tmp_path):
    whole = TRAINED["bpe"].to_bytes()
    path = tmp_path / "de.subwords"
    for end in range(0, len(whole) - 1, 101):
        path.write_bytes(whole[:end])
        with pytest.raises(ValueError, match="de.subwords is not a subword tokenizer"):
            SubwordTokenizer.load(path)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a model",
        b"[]",
        b"3",
        b"\xff\xfe\x00",
        b'{"format": "s2s_tutorial.vocabulary/1", "tokens": []}',
        b'{"format": "s2s_tutorial.subwords/1", "lowercase": false}',
        b'{"format": "s2s_tutorial.subwords/1", "lowercase": false, "model": 3}',
        b'{"format": "s2s_tutorial.subwords/1", "lowercase": false, "model": "!"}',
        b'{"format": "s2s_tutorial.subwords/1", "lowercase": false, "model": ""}',
        b'{"format": "s2s_tutorial.subwords/1", "lowercase": "no", "model": ""}',
    ],
)
def test_not_subwords(content, tmp_path, capfd):
    (tmp_path / "x.subwords").write_bytes(content)
    with pytest.raises(ValueError, match="x.subwords is not a subword tokenizer.*save"):
        SubwordTokenizer.load(tmp_path / "x.subwords")
    assert capfd.readouterr().out == ""


def test_a_changed_model_is_refused():
    fields = json.loads(TRAINED["bpe"].to_bytes())
    assert fields["format"] == "s2s_tutorial.subwords/1" and fields["lowercase"] is False
    fields["model"] = fields["model"][:400]
    with pytest.raises(ValueError, match="not a SentencePiece model"):
        SubwordTokenizer.from_bytes(json.dumps(fields).encode())


def test_a_path_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("in the way", encoding="utf-8")
    with pytest.raises(OSError, match="could not write .*de.subwords"):
        TRAINED["bpe"].save(tmp_path / "file" / "de.subwords")
