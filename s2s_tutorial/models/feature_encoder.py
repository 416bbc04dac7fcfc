"""An encoder of sound: it reads frames of numbers instead of tokens, and shortens them."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from s2s_tutorial.base.checks import check_lengths, check_rank, values_are_known
from s2s_tutorial.base.value_checks import check_count
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.recurrent.cells import State, make_cell
from s2s_tutorial.recurrent.reading import read_padded
from s2s_tutorial.text.batch import length_mask


class FeatureEncoder(nn.Module):
    """A pyramid of recurrent layers, each with half as many positions as what it reads.

    A second of speech has eighty frames and some ten phonemes. So each layer reads its input in
    pairs (Chan et al., 2016, equation 5):

    $$ h^{(l)}_j = \\mathrm{RNN}\\big(h^{(l)}_{j-1},
       [h^{(l-1)}_{2j}; h^{(l-1)}_{2j+1}]\\big), \\qquad h^{(0)}_j = x_j $$

    for $l = 1 \\dots L$, with $j$ from 0. Where more ``halvings`` than layers are asked for, the
    frames are put side by side in pairs before the first layer, without a network. Where the
    number of positions is odd, the last has a zero for its partner: $n$ frames give
    $\\lceil n / 2^{\\mathtt{halvings}} \\rceil$ states. What a decoder is handed is what
    :class:`Encoder` hands over, so any decoder and any attention reads it.

    Args:
        feature_size: how many numbers a frame $x_j$ has.
        hidden_size: size of each direction's state.
        cell: ``"rnn"``, ``"gru"`` or ``"lstm"``.
        num_layers: $L$.
        bidirectional: also read from right to left.
        dropout: probability between the layers and on the memory.
        halvings: how often the number of positions is halved; at least ``num_layers`` times.

    Raises:
        TypeError: if a size is no whole number.
        ValueError: if a size is less than 1, there are more layers than ``halvings``, or the cell
            is unknown.

    Example:
        >>> encoder = FeatureEncoder(feature_size=3, hidden_size=5, bidirectional=True)
        >>> encoded = encoder(torch.randn(2, 13, 3), torch.tensor([13, 8]))
        >>> tuple(encoded.memory.shape), encoded.src_mask.sum(dim=1)  # 13 / 4, 8 / 4, rounded up
        ((2, 4, 10), tensor([4, 2]))
    """

    def __init__(
        self,
        feature_size: int,
        hidden_size: int,
        cell: str = "gru",
        num_layers: int = 1,
        bidirectional: bool = False,
        dropout: float = 0.0,
        halvings: int = 2,
    ):
        super().__init__()
        self.feature_size = check_count("feature_size", feature_size)
        if check_count("halvings", halvings) < check_count("num_layers", num_layers):
            raise ValueError(
                f"each of the {num_layers} layers halves the number of positions, so halvings must "
                f"be at least {num_layers}, not {halvings}"
            )
        self.memory_size = hidden_size * (2 if bidirectional else 1)
        self.pairings = halvings - num_layers  # those without a network
        sizes = [2 ** (self.pairings + 1) * feature_size]
        sizes += [2 * self.memory_size] * (num_layers - 1)
        self.layers = nn.ModuleList(
            make_cell(cell, size, hidden_size, 1, 0.0, bidirectional=bidirectional)
            for size in sizes
        )
        self.dropout = nn.Dropout(dropout)

    def forward(self, src: Tensor, src_lengths: Tensor) -> EncoderOutput:
        """Read a padded batch of frames.

        Args:
            src: ``(batch, src_len, feature_size)``, padded behind; what stands on the padding does
                not matter.
            src_lengths: ``(batch,)`` int64, the number of real frames in each row.

        Returns:
            An :class:`EncoderOutput`, whose ``memory`` is ``(batch, src_len / 2^halvings,
            memory_size)``, rounded up.

        Raises:
            TypeError: if ``src`` is no tensor of floating-point numbers, or ``src_lengths`` is
                not an integer tensor.
            ValueError: if a shape or a length does not fit, or a real frame holds NaN or infinity.
        """
        self._check(src)
        check_lengths(src_lengths, *src.shape[:2])
        lengths = src_lengths.to(src.device)
        mask = length_mask(lengths, src.shape[1])
        if values_are_known() and not src[mask].isfinite().all():
            raise ValueError("src holds frames that are NaN or infinite; is the recording damaged?")
        states, finals = src.masked_fill(~mask[:, :, None], 0.0), []
        for _ in range(self.pairings):
            states, lengths = in_pairs(states), (lengths + 1) // 2
        for number, layer in enumerate(self.layers):
            below = self.dropout(states) if number else states
            lengths = (lengths + 1) // 2
            states, final = read_padded(layer, in_pairs(below), lengths)
            finals.append(final)
        mask = length_mask(lengths, states.shape[1])
        return EncoderOutput(self.dropout(states), _stacked(finals), mask)

    def _check(self, src: Tensor) -> None:
        check_rank("src", src, f"(batch, src_len, {self.feature_size})")
        if not src.is_floating_point():
            raise TypeError(f"src must hold frames of floating-point numbers, not {src.dtype}")
        if src.shape[-1] != self.feature_size:
            raise ValueError(
                f"this model reads frames of {self.feature_size} numbers, but src has frames of "
                f"{src.shape[-1]}: its shape is {tuple(src.shape)}"
            )


def _stacked(finals: list[State]) -> State:
    """The final states of the layers as one, ``(layers, batch, size)``; for an LSTM a pair."""
    if isinstance(finals[0], tuple):
        return tuple(torch.cat(parts) for parts in zip(*finals))
    return torch.cat(finals)


def in_pairs(states: Tensor) -> Tensor:
    """$[x_{2j}; x_{2j+1}]$: neighbours side by side; an odd last one beside a zero.

    Args:
        states: ``(batch, length, size)``.

    Returns:
        ``(batch, length / 2, 2 * size)``, rounded up.

    >>> in_pairs(torch.tensor([[[1.0], [2.0], [3.0]]]))
    tensor([[[1., 2.],
             [3., 0.]]])
    """
    if states.shape[1] % 2:
        states = F.pad(states, (0, 0, 0, 1))
    return states.unflatten(1, (-1, 2)).flatten(2)


def frame_options(
    src_vocab_size: int | None, feature_size: int | None, halvings: int | None
) -> dict[str, int]:
    """What :func:`build_model` was told of frames: none of it where the source is tokens.

    Raises:
        TypeError: if an option is no whole number, or neither or both a vocabulary and frames are
            named.
        ValueError: if an option is less than 1, or there are no frames to halve.
    """
    if feature_size is None:
        if src_vocab_size is None:
            raise TypeError(
                "the source is tokens or frames: give a src_vocab_size, or a feature_size"
            )
        if halvings is not None:
            raise ValueError("halvings means nothing where the source is tokens; it takes frames")
        return {}
    if src_vocab_size is not None:
        raise TypeError(
            "a source of frames has no vocabulary: src_vocab_size must be None beside feature_size, "
            f"not {src_vocab_size!r}"
        )
    return {
        "feature_size": check_count("feature_size", feature_size),
        "halvings": 2 if halvings is None else check_count("halvings", halvings),
    }
