"""PyTorch's GRU, trained faster on sentences of different lengths on a CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F
from torch.nn.utils.rnn import PackedSequence

from s2s_tutorial.machine.precision import for_products
from s2s_tutorial.recurrent.cells import gru_update
from s2s_tutorial.recurrent.loop_product import LoopProduct


class GRU(nn.GRU):
    """``nn.GRU``, with a faster way to the same gradients where PyTorch's is slow.

    On a CPU, with packed sentences, the backward pass of ``nn.GRU`` clears and adds a matrix as
    large as the whole batch at every time step, and the gradient of the recurrent matrix besides.
    There this layer goes through the time steps itself
    (:class:`s2s_tutorial.recurrent.loop_product.LoopProduct` does the rest). Everywhere else, on a GPU,
    without packing, in a trace, or when its weights are not trained, it is ``nn.GRU`` itself.
    Second derivatives are not offered for packed sentences on a CPU.

    Example:
        >>> rnn, sentences = GRU(3, 5, batch_first=True), torch.zeros(2, 7, 3)
        >>> lengths = torch.tensor([7, 4])
        >>> packed = torch.nn.utils.rnn.pack_padded_sequence(sentences, lengths, batch_first=True)
        >>> states, final = rnn(packed)
        >>> tuple(states.data.shape), tuple(final.shape)
        ((11, 5), (1, 2, 5))
    """

    def forward(
        self, input: Tensor | PackedSequence, hx: Tensor | None = None
    ) -> tuple[Tensor | PackedSequence, Tensor]:
        """See ``nn.GRU``."""
        if hx is not None or not self._goes_its_own_way(input):
            return super().forward(input, hx)
        data, sizes, finals = input.data, input.batch_sizes.tolist(), []
        for layer in range(self.num_layers):
            if layer > 0:
                data = F.dropout(data, self.dropout, self.training)
            runs = [self._run(data, sizes, f"l{layer}")]
            if self.bidirectional:
                runs.append(self._run(data, sizes, f"l{layer}_reverse"))
            data = torch.cat([states for states, _ in runs], dim=-1)
            finals += [final for _, final in runs]
        final = torch.stack(finals)
        if input.unsorted_indices is not None:
            final = final.index_select(1, input.unsorted_indices)
        return PackedSequence(data, *input[1:]), final

    def _goes_its_own_way(self, input: Tensor | PackedSequence) -> bool:
        learning = torch.is_grad_enabled() and any(p.requires_grad for p in self.parameters())
        on_cpu = isinstance(input, PackedSequence) and input.data.is_cpu
        return learning and on_cpu and not torch.jit.is_tracing()

    def _run(self, data: Tensor, sizes: list[int], name: str) -> tuple[Tensor, Tensor]:
        """One layer, one direction.

        Args:
            data: ``(tokens, input_size)``, the sentences' first tokens, then their second, ...,
                the longest sentence first.
            sizes: how many sentences have a first token, a second, ...
            name: the end of the names of its weights.

        Returns:
            The states, ``(tokens, hidden_size)``, and the final ones, ``(batch, hidden_size)``.
        """
        backward = name.endswith("reverse")
        W_x, W_h, b_x, b_h = (
            getattr(self, f"{kind}_{name}", None)
            for kind in ("weight_ih", "weight_hh", "bias_ih", "bias_hh")
        )
        recurrent = LoopProduct(for_products(W_h).T, b_h)
        steps = list(F.linear(data, W_x, b_x).split(sizes))
        state = data.new_zeros(sizes[-1 if backward else 0], self.hidden_size)
        states, ended = [], []
        for from_input in reversed(steps) if backward else steps:
            size = len(from_input)
            if size > len(state):  # sentences whose last token this is
                state = F.pad(state, (0, 0, 0, size - len(state)))
            elif size < len(state):  # sentences that have ended
                state, final = state.split([size, len(state) - size])
                ended.append(final)
            state = gru_update(from_input, recurrent(state), state)
            states.append(state)
        final = torch.cat([state, *reversed(ended)])
        return torch.cat(states[::-1] if backward else states), final
