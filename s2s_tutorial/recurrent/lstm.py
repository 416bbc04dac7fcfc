"""PyTorch's LSTM, also in mixed precision on CPUs that have no bfloat16."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.rnn import PackedSequence

from s2s_tutorial.machine.precision import lacks_bfloat16


class LSTM(nn.LSTM):
    """``nn.LSTM``, which PyTorch cannot run under bfloat16 autocast on every CPU.

    On an x86 CPU without AVX-512 there is no such kernel, and ``nn.LSTM`` stops with "could not
    create a primitive descriptor". There this layer computes in the type of its weights, which is
    faster on such a CPU anyway. Everywhere else it is ``nn.LSTM`` itself.

    Example:
        >>> rnn = LSTM(3, 5, batch_first=True)
        >>> with torch.autocast("cpu", torch.bfloat16):
        ...     states, (h, c) = rnn(torch.zeros(2, 7, 3))
        >>> tuple(states.shape)
        (2, 7, 5)
    """

    def forward(
        self, input: Tensor | PackedSequence, hx: tuple[Tensor, Tensor] | None = None
    ) -> tuple[Tensor | PackedSequence, tuple[Tensor, Tensor]]:
        """See ``nn.LSTM``."""
        weight = self.weight_ih_l0
        if not (_under_autocast() and lacks_bfloat16(weight.device)):
            return super().forward(input, hx)
        with torch.autocast("cpu", enabled=False):
            if hx is not None:
                hx = (hx[0].to(weight.dtype), hx[1].to(weight.dtype))
            return super().forward(input.to(weight.dtype), hx)


def _under_autocast() -> bool:
    if not hasattr(torch, "get_autocast_dtype"):  # before PyTorch 2.4
        return torch.is_autocast_cpu_enabled()
    return torch.is_autocast_enabled("cpu")
