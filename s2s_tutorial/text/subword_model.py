"""SentencePiece's models: opened, checked, and written with what else a tokenizer has to know."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

from s2s_tutorial.text.subword_training import sentencepiece_library

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

_FORMAT = "s2s_tutorial.subwords/1"


def open_model(model: bytes) -> SentencePieceProcessor:
    """SentencePiece's processor of a model whose pieces give the text again.

    >>> from s2s_tutorial.text.subword_training import learn_pieces
    >>> open_model(learn_pieces(["low lower lowest"], vocab_size=9)).GetPieceSize()
    9

    Args:
        model: a SentencePiece model, as its library writes it (a serialized ``ModelProto``).

    Raises:
        ImportError: if SentencePiece is not installed.
        ValueError: if it is not a SentencePiece model, or one that falls back on bytes.
    """
    processor = sentencepiece_library().SentencePieceProcessor()
    try:
        processor.LoadFromSerializedProto(model)
    except (RuntimeError, TypeError) as error:
        raise ValueError("this is not a SentencePiece model, or it is damaged") from error
    if processor.GetPieceSize() == 0:
        raise ValueError("this SentencePiece model holds no pieces")
    if any(map(processor.IsByte, range(processor.GetPieceSize()))):
        raise ValueError(
            "this SentencePiece model cuts unknown characters into bytes, which a text cannot "
            "be put together from piece by piece; train it without byte_fallback"
        )
    return processor


def piece_scores(processor: SentencePieceProcessor) -> dict[str, float]:
    """The score of every piece: its log-probability, or how late it was merged."""
    ids = range(processor.GetPieceSize())
    kept = [i for i in ids if not (processor.IsUnknown(i) or processor.IsControl(i))]
    return {processor.IdToPiece(i): processor.GetScore(i) for i in kept}


def pack(model: bytes, lowercase: bool) -> bytes:
    """A model and whether its text is written in lower case, as JSON.

    >>> unpack(pack(b"a model", lowercase=True))
    (b'a model', True)
    """
    text = base64.b64encode(model).decode("ascii")
    content = {"format": _FORMAT, "lowercase": lowercase, "model": text}
    return (json.dumps(content, indent=1) + "\n").encode("ascii")


def unpack(content: bytes) -> tuple[bytes, bool]:
    """What :func:`pack` was given; what is no JSON is taken for a model of SentencePiece's own.

    Raises:
        ValueError: if it is JSON, but not from :func:`pack`.
    """
    try:
        fields: Any = json.loads(content)
    except ValueError:
        return bytes(content), False
    try:
        if fields["format"] != _FORMAT or not isinstance(fields["lowercase"], bool):
            raise ValueError("it has another format")
        return base64.b64decode(fields["model"], validate=True), fields["lowercase"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(f"these are no subwords that to_bytes gave: {error}") from error
