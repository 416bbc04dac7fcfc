"""What a model is made of, said in words that other languages can read."""

from __future__ import annotations

from typing import Any

from torch import nn

from s2s_tutorial.attention.scores import (
    AdditiveAttention,
    ConcatAttention,
    DotAttention,
    GeneralAttention,
    LocationAttention,
)
from s2s_tutorial.models.bahdanau import BahdanauDecoder
from s2s_tutorial.models.context_feeding import ContextFeedingDecoder
from s2s_tutorial.models.embedding import TokenEmbedding
from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.models.luong import LuongDecoder
from s2s_tutorial.models.rnn_decoder import RNNDecoder
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.recurrent.lstm import LSTM

DECODERS = (RNNDecoder, BahdanauDecoder, LuongDecoder, ContextFeedingDecoder)
SCORES = (AdditiveAttention, DotAttention, GeneralAttention, ConcatAttention, LocationAttention)
_CELLS = {nn.RNN: "rnn", nn.GRU: "gru", nn.LSTM: "lstm", LSTM: "lstm"}


def describe_parts(model: Seq2Seq) -> dict[str, dict[str, Any]]:
    """The parts of a model and their settings, as ``js/model.js`` reads them.

    Args:
        model: one whose encoder, decoder and attention are the book's own recurrent ones.

    Returns:
        ``encoder`` and ``decoder``, each a dictionary that JSON can say.

    Raises:
        ValueError: if a part is another class, which the page's engine does not compute.

    >>> parts = describe_parts(s2s.build_model("luong_dot", 7, 11, hidden_size=5))
    >>> parts["encoder"]["cell"], parts["decoder"]["kind"], parts["decoder"]["attention"]
    ('lstm', 'LuongDecoder', 'DotAttention')
    """
    encoder, decoder = model.encoder, model.decoder
    attention = decoder.attention
    for part, known in ((encoder, (Encoder,)), (decoder, DECODERS), (attention, SCORES)):
        if part is not None and type(part) not in known:
            preset = getattr(model, "config", {}).get("preset")
            which = f"the preset {preset!r}" if preset else "this model"
            raise ValueError(
                f"{which} cannot run in a page: its {type(part).__name__} is not one of "
                f"{', '.join(kind.__name__ for kind in known)}; the presets that can are rnn, gru, "
                "lstm, bahdanau, bigru_concat, and the global luong_* and stacked_lstm_*"
            )
    stack = getattr(decoder, "rnn", None)
    return {
        "encoder": {
            "cell": _CELLS[type(encoder.rnn)],
            "layers": encoder.rnn.num_layers,
            "bidirectional": encoder.rnn.bidirectional,
            "scale": _scale(encoder.embedding),
        },
        "decoder": {
            "kind": type(decoder).__name__,
            "cell": "gru" if stack is None else _CELLS[type(stack)],
            "layers": 1 if stack is None else stack.num_layers,
            "scale": _scale(decoder.embedding),
            "readout": getattr(decoder, "readout", None),
            "input_feeding": getattr(decoder, "input_feeding", False),
            "attention": None if attention is None else type(attention).__name__,
            "query_size": (decoder.cell if stack is None else stack).hidden_size,
        },
    }


def _scale(embedding: TokenEmbedding) -> float:
    """What the vectors of the tokens are multiplied by."""
    return embedding.embedding_dim**0.5 if embedding.scaled else 1
