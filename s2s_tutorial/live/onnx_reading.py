"""The encoder with ONNX's own recurrent layers, which stop at each sentence's length by themselves.

PyTorch reads a batch of unequal lengths packed, and packing cuts by numbers, which a program for any
lengths cannot do. ONNX's ``RNN``, ``GRU`` and ``LSTM`` take the lengths as an input: states do not run
over padding, a backward direction begins at the last real token, and what stands behind is zero.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s2s_tutorial.models.encoder import Encoder, EncoderOutput
from s2s_tutorial.text.batch import length_mask

OPSET = 18  # since 2022; later versions of ONNX Runtime, and other runtimes, read it too
# Which of PyTorch's gates comes first, second, ... in ONNX: r, z, n there is z, r, n here; i, f, g, o is i, o, f, g.
_GATES = {"RNN_TANH": (0,), "GRU": (1, 0, 2), "LSTM": (0, 3, 1, 2)}


class OnnxLayer(nn.Module):
    """One layer of a stack, in its directions, as a node of ONNX.

    It computes in the program only: called in Python it gives zeros of the right shape.

    Args:
        rnn: the stack.
        layer: which of its layers, from 0.
    """

    def __init__(self, rnn: nn.RNNBase, layer: int):
        super().__init__()
        self.operator = "RNN" if rnn.mode == "RNN_TANH" else rnn.mode
        self.hidden_size = rnn.hidden_size
        self.directions = ["", "_reverse"][: 1 + rnn.bidirectional]

        def in_order(kind: str) -> list[Tensor]:
            found = [getattr(rnn, f"{kind}_l{layer}{direction}") for direction in self.directions]
            gates = [each.detach().chunk(len(_GATES[rnn.mode])) for each in found]
            return [torch.cat([each[gate] for gate in _GATES[rnn.mode]]) for each in gates]

        self.register_buffer("W", torch.stack(in_order("weight_ih")))
        self.register_buffer("R", torch.stack(in_order("weight_hh")))
        biases = [torch.cat(pair) for pair in zip(in_order("bias_ih"), in_order("bias_hh"))]
        self.register_buffer("B", torch.stack(biases))

    def forward(self, inputs: Tensor, lengths: Tensor) -> tuple[Tensor, ...]:
        """Read a padded batch.

        Args:
            inputs: ``(length, batch, input_size)``: ONNX has time first.
            lengths: ``(batch,)`` int32.

        Returns:
            All states, ``(length, batch, directions * hidden)``, the final one,
            ``(1, batch, directions * hidden)``, and of an LSTM the final cell likewise.
        """
        length, batch, _ = inputs.shape
        last = (len(self.directions), batch, self.hidden_size)
        finals = 2 if self.operator == "LSTM" else 1
        options = {
            "hidden_size": self.hidden_size,
            "direction": "bidirectional" if len(self.directions) == 2 else "forward",
        }
        if self.operator == "GRU":
            options["linear_before_reset"] = 1  # the reset gate after the product, as in PyTorch
        states, *final = torch.onnx.ops.symbolic_multi_out(
            self.operator,
            (inputs, self.W, self.R, self.B, lengths),
            options,
            dtypes=[inputs.dtype] * (1 + finals),
            shapes=[(length, *last)] + [last] * finals,
            version=OPSET,
        )
        joined = states.transpose(1, 2).flatten(2)
        return joined, *(each.transpose(0, 1).flatten(1)[None] for each in final)


class OnnxEncoder(nn.Module):
    """:class:`Encoder` with layers of ONNX.

    Args:
        encoder: the encoder, in evaluation mode.
    """

    def __init__(self, encoder: Encoder):
        super().__init__()
        self.embedding = encoder.embedding
        self.layers = nn.ModuleList(
            OnnxLayer(encoder.rnn, k) for k in range(encoder.rnn.num_layers)
        )

    def forward(self, src: Tensor, src_lengths: Tensor) -> EncoderOutput:
        """See :meth:`Encoder.forward`."""
        states, lengths = self.embedding(src).transpose(0, 1), src_lengths.to(torch.int32)
        finals = []
        for layer in self.layers:
            states, *final = layer(states, lengths)
            finals.append(final)
        last = tuple(torch.cat(column) for column in zip(*finals))  # over the layers
        final_state = last if len(last) == 2 else last[0]
        src_mask = length_mask(src_lengths, src.shape[1])
        return EncoderOutput(states.transpose(0, 1), final_state, src_mask)
