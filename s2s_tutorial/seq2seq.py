"""Encoder and decoder together, and the presets that build them."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from s2s_tutorial.decoder import DecoderOutput, RNNDecoder
from s2s_tutorial.encoder import Encoder, EncoderOutput

PRESETS = {
    "rnn": "vanilla RNN encoder and decoder, no attention",
    "gru": "GRU encoder and decoder, no attention (Cho et al., 2014)",
    "lstm": "LSTM encoder and decoder, no attention (Sutskever et al., 2014)",
}


class Seq2Seq(nn.Module):
    """An encoder-decoder: $p(y \\mid x) = \\prod_i p(y_i \\mid y_{<i}, x)$.

    Args:
        encoder: reads the source.
        decoder: writes the target; any class with ``init_state``, ``step`` and ``forward``.
        config: the arguments :func:`build_model` was called with; saved in checkpoints.
    """

    def __init__(self, encoder: Encoder, decoder: RNNDecoder, config: dict[str, Any]):
        super().__init__()
        self.encoder = encoder
        self.decoder = decoder
        self.config = dict(config)

    def encode(self, src: Tensor, src_lengths: Tensor) -> EncoderOutput:
        """Read the source: see :meth:`Encoder.forward`."""
        return self.encoder(src, src_lengths)

    def forward(self, src: Tensor, src_lengths: Tensor, tgt_in: Tensor) -> DecoderOutput:
        """Score a target with teacher forcing.

        Args:
            src: ``(batch, src_len)`` int64.
            src_lengths: ``(batch,)`` int64.
            tgt_in: ``(batch, tgt_len)`` int64, starting with ``<bos>``.

        Returns:
            A :class:`DecoderOutput`; ``logits[:, i]`` scores the token that follows
            ``tgt_in[:, i]``.
        """
        return self.decoder(tgt_in, self.encode(src, src_lengths))

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)


def list_presets() -> tuple[str, ...]:
    """The names that :func:`build_model` knows."""
    return tuple(PRESETS)


def build_model(
    preset: str,
    src_vocab_size: int,
    tgt_vocab_size: int,
    embedding_size: int = 64,
    hidden_size: int = 128,
    num_layers: int = 1,
    dropout: float = 0.0,
) -> Seq2Seq:
    """Build one of the book's models, freshly initialised from PyTorch's global seed.

    Args:
        preset: one of :func:`list_presets`.
        src_vocab_size: number of source tokens, ``len(src_vocab)``.
        tgt_vocab_size: number of target tokens, ``len(tgt_vocab)``.
        embedding_size: size of source and target embeddings.
        hidden_size: size of the encoder's and the decoder's state.
        num_layers: stacked layers on both sides.
        dropout: probability, see :class:`Encoder` and :class:`RNNDecoder`.

    Raises:
        ValueError: if the preset is unknown (the message lists them) or a size is not positive.
    """
    if preset not in PRESETS:
        raise ValueError(f"unknown preset {preset!r}; the presets are {', '.join(PRESETS)}")
    config = {
        "preset": preset,
        "src_vocab_size": src_vocab_size,
        "tgt_vocab_size": tgt_vocab_size,
        "embedding_size": embedding_size,
        "hidden_size": hidden_size,
        "num_layers": num_layers,
        "dropout": dropout,
    }
    for name in ("src_vocab_size", "tgt_vocab_size", "embedding_size"):
        if config[name] < 1:
            raise ValueError(f"{name} must be at least 1, not {config[name]}")
    if not 0 <= dropout < 1:
        raise ValueError(f"dropout must be a probability in [0, 1), not {dropout}")
    sizes = {
        "embedding_size": embedding_size,
        "hidden_size": hidden_size,
        "cell": preset,
        "num_layers": num_layers,
        "dropout": dropout,
    }
    model = Seq2Seq(Encoder(src_vocab_size, **sizes), RNNDecoder(tgt_vocab_size, **sizes), config)
    initialise(model)
    return model


@torch.no_grad()
def initialise(model: nn.Module) -> None:
    """Start weights that keep signals and gradients of even size.

    Input matrices are Xavier-uniform (Glorot & Bengio, 2010), each recurrent matrix orthogonal
    gate by gate (Saxe et al., 2014), biases zero, except the LSTM's forget gate, whose bias
    is one so that a fresh cell remembers (Gers et al., 2000). Embeddings keep PyTorch's
    standard normal, scaled to a standard deviation of 0.1.
    """
    for module in model.modules():
        if isinstance(module, nn.Embedding):
            module.weight.mul_(0.1)
        elif isinstance(module, nn.Linear):
            nn.init.xavier_uniform_(module.weight)
            nn.init.zeros_(module.bias)
        elif isinstance(module, nn.RNNBase):
            for name, weight in module.named_parameters():
                gates = weight.split(module.hidden_size)
                if "weight_ih" in name:
                    for gate in gates:
                        nn.init.xavier_uniform_(gate)
                elif "weight_hh" in name:
                    for gate in gates:
                        nn.init.orthogonal_(gate)
                else:
                    nn.init.zeros_(weight)
                    if "bias_ih" in name and isinstance(module, nn.LSTM):
                        gates[1].fill_(1.0)  # PyTorch's order: input, forget, cell, output
