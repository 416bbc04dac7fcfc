"""How far a gradient reaches back through time."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s2s_tutorial.base.checks import check_rank


def gradient_reach(
    rnn: nn.RNNBase, inputs: Tensor, seed: int = 0, part: str | None = None
) -> Tensor:
    """Length of the gradient that a pull on the last state sends to each earlier one.

    The last state $s_T$, all that a decoder is handed, is pulled by a vector $u$ of length one, in
    a random direction for each sequence; what arrives $k$ steps earlier is

    $$ g_k = \\Big\\| \\Big(\\frac{\\partial s_T}{\\partial s_{T-k}}\\Big)^\\top u \\Big\\| $$

    (Pascanu et al., 2013, equation 5, look at the same Jacobian). The state is $h$; for an LSTM it
    is the pair $(h, c)$, pulled as one vector and measured as one.

    Args:
        rnn: one layer, one direction, ``batch_first=True``.
        inputs: ``(batch, T, input_size)``, at least two steps.
        seed: decides the directions of the pull.
        part: ``"h"`` or ``"c"`` pulls at this part of an LSTM's last state alone; what arrives is
            still measured at the pair.

    Returns:
        ``(T - 1,)``: $g_1 \\dots g_{T-1}$, root mean square over the batch.

    Raises:
        ValueError: if there are fewer than two steps, several layers or directions,
            ``batch_first`` is not set, or the state has no such part.
        RuntimeError: inside ``torch.no_grad()``, where there are no gradients.

    Example:
        >>> rnn = nn.RNN(3, 5, bias=False, batch_first=True)
        >>> rnn.weight_hh_l0.data = torch.eye(5) / 2
        >>> gradient_reach(rnn, torch.zeros(2, 4, 3))  # halved at each step back
        tensor([0.5000, 0.2500, 0.1250])
    """
    _check_network(rnn, inputs, part)
    states: list[tuple[Tensor, ...]] = []
    state = None
    for t in range(inputs.size(1)):
        _, state = rnn(inputs[:, t : t + 1], state)
        states.append(state if isinstance(state, tuple) else (state,))

    last = torch.cat(states[-1], dim=-1)  # an LSTM's h and c side by side
    pull = torch.randn(last.shape, generator=torch.Generator().manual_seed(seed)).to(last)
    if part is not None:
        h, c = pull.chunk(2, dim=-1)
        (c if part == "h" else h).zero_()
    pull = pull / pull.norm(dim=-1, keepdim=True)
    earlier = [each for state in states[:-1] for each in state]
    arrived = torch.autograd.grad(last, earlier, pull)

    squares = torch.stack([each.square().sum(-1).mean() for each in arrived])
    return squares.view(len(states) - 1, -1).sum(1).sqrt().flip(0)


def _check_network(rnn: nn.RNNBase, inputs: Tensor, part: str | None) -> None:
    check_rank("inputs", inputs, "(batch, T, input_size)")
    if rnn.num_layers != 1 or rnn.bidirectional:
        raise ValueError("gradient_reach follows one layer in one direction")
    if inputs.size(1) < 2:
        raise ValueError(f"inputs must have at least two steps, not {inputs.size(1)}")
    if not rnn.batch_first:
        raise ValueError("gradient_reach needs a network made with batch_first=True")
    if part not in (None, "h", "c"):
        raise ValueError(f"part must be 'h', 'c' or None for the whole state, not {part!r}")
    if part is not None and rnn.mode != "LSTM":
        raise ValueError(f"only an LSTM's state has parts; leave part=None for {rnn.mode}")
    if not torch.is_grad_enabled():
        raise RuntimeError("gradient_reach needs gradients; call it outside torch.no_grad()")
