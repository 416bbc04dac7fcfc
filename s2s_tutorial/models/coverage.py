"""Bahdanau's decoder whose attention knows what has been looked at (Tu et al., 2016)."""

from __future__ import annotations

from torch import Tensor

from s2s_tutorial.attention.coverage import added
from s2s_tutorial.models.attention_decoder import AttentionState
from s2s_tutorial.models.bahdanau import BahdanauDecoder
from s2s_tutorial.models.decoder import StepOutput
from s2s_tutorial.models.encoder import EncoderOutput


class CoverageDecoder(BahdanauDecoder):
    """A :class:`BahdanauDecoder` that hands its attention the sum of all weights so far.

    $$ C_i = C_{i-1} + \\alpha_i, \\qquad C_0 = 0, \\qquad
       e_{ij} = \\mathrm{score}(s_{i-1}, h_j, C_{i-1,j}) $$

    (Tu et al., 2016, section 3.1.) ``weights`` of its :class:`AttentionState` is $C_i$. The
    arguments are those of :class:`BahdanauDecoder`; the attention is a :class:`CoverageAttention`.

    Example:
        >>> model = s2s.build_model("coverage", 7, 11, embedding_size=3, hidden_size=5)
        >>> encoded = model.encode(torch.tensor([[4, 5, 6]]), torch.tensor([3]))
        >>> first = model.decoder.step(torch.tensor([2]), model.decoder.init_state(encoded), encoded)
        >>> second = model.decoder.step(torch.tensor([4]), first.state, encoded)
        >>> torch.allclose(second.state.weights, first.weights + second.weights)
        True
    """

    def step(
        self,
        token: Tensor,
        state: AttentionState,
        encoded: EncoderOutput,
        keys: Tensor | None = None,
    ) -> StepOutput:
        """See :meth:`Decoder.step`."""
        said = super().step(token, state, encoded, keys)
        covered = self.told_next(state.weights, said.weights)
        return said._replace(state=said.state._replace(weights=covered))

    def told_next(self, told: Tensor | None, weights: Tensor) -> Tensor:
        """The coverage $C_i$, from $C_{i-1}$ and the weights of step $i$."""
        return added(told, weights)
