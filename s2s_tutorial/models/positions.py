"""Where a word stands: what a model that reads all words at once has to be told."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from s2s_tutorial.base.value_checks import check_count, check_name

KINDS = ("sinusoidal", "learned", "none")
MAX_POSITIONS = 1024


def sinusoidal_positions(length: int, size: int) -> Tensor:
    """Waves from quick to slow, read off at every position (Vaswani et al., 2017, section 3.5).

    $$ p_{t,2k} = \\sin\\bigl(t / 10000^{2k/d}\\bigr), \\qquad
       p_{t,2k+1} = \\cos\\bigl(t / 10000^{2k/d}\\bigr) $$

    Args:
        length: how many positions, $t = 0 \\dots$
        size: $d$.

    Returns:
        ``(length, size)`` float32.

    Example:
        >>> sinusoidal_positions(2, 4)
        tensor([[0.0000, 1.0000, 0.0000, 1.0000],
                [0.8415, 0.5403, 0.0100, 0.9999]])
    """
    slower = 10000 ** (-torch.arange(0, size, 2, dtype=torch.float64) / size)
    angles = torch.arange(length, dtype=torch.float64)[:, None] * slower
    waves = torch.stack([angles.sin(), angles.cos()], dim=-1).flatten(1)
    return waves[:, :size].float()  # an odd size has a sine more than it has cosines


class PositionedInput(nn.Module):
    """From the vector of a word to that of a word at a place: what the first layer reads.

    $$ x_t = W e_t + p_t $$

    with dropout on the sum (Vaswani et al., 2017, sections 3.4, 3.5 and 5.4). $W$ is there only
    where embeddings and layers are of different width.

    Args:
        embedding_size: size of $e_t$.
        size: size of $x_t$ and $p_t$.
        positions: ``"sinusoidal"``; ``"learned"``, a vector for each place (Gehring et al., 2017);
            or ``"none"``, for those who want to see what is lost.
        max_positions: how many places there are.
        dropout: probability on the sum.

    Raises:
        TypeError, ValueError: if an argument is of another kind, or out of range.

    Example:
        >>> add = PositionedInput(5, 7, max_positions=11)
        >>> add(torch.randn(2, 3, 5)).shape
        torch.Size([2, 3, 7])
        >>> add(torch.randn(2, 3, 5), start=9)
        Traceback (most recent call last):
        ValueError: a sequence of 12 tokens is longer than the 11 positions ...
    """

    def __init__(
        self,
        embedding_size: int,
        size: int,
        positions: str = "sinusoidal",
        max_positions: int = MAX_POSITIONS,
        dropout: float = 0.0,
    ):
        super().__init__()
        check_name("kind of positions", positions, KINDS)
        check_count("max_positions", max_positions)
        same = embedding_size == size
        self.widen = nn.Identity() if same else nn.Linear(embedding_size, size, bias=False)
        self.limit = None if positions == "none" else max_positions
        if positions == "learned":
            self.table: nn.Module | None = nn.Embedding(max_positions, size)
        else:
            waves = sinusoidal_positions(max_positions, size) if self.limit else None
            self.register_buffer("waves", waves, persistent=False)
            self.table = None
        self.dropout = nn.Dropout(dropout)

    def forward(self, embedded: Tensor, start: int = 0) -> Tensor:
        """Add the positions from ``start`` on.

        Args:
            embedded: ``(batch, length, embedding_size)``.
            start: the place of the first, from 0.

        Returns:
            ``(batch, length, size)``.

        Raises:
            ValueError: if the sequence is longer than there are positions.
        """
        x, end = self.widen(embedded), start + embedded.shape[1]
        if self.limit is not None:
            if end > self.limit:
                raise ValueError(
                    f"a sequence of {end} tokens is longer than the {self.limit} positions that this "
                    "model was built with; build it with more max_positions (s2s train "
                    "--max-positions), or give it shorter ones (max_length)"
                )
            table = self.waves if self.table is None else self.table.weight
            x = x + table[start:end].to(x.dtype)
        return self.dropout(x)
