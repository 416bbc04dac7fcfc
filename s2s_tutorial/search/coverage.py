"""What beam search adds for source words that nothing looked at: Wu et al.'s coverage penalty."""

from __future__ import annotations

from torch import Tensor

from s2s_tutorial.base.value_checks import check_number
from s2s_tutorial.models.seq2seq import Seq2Seq

LEAST = 1e-9  # of a word without any weight: log 0 would make all translations equal


def coverage_penalty_term(coverage: Tensor, src_mask: Tensor, beta: float) -> Tensor:
    """What a translation's score loses for source words that were not looked at.

    $$ \\mathrm{cp}(Y) = \\beta \\sum_{j=1}^{|X|} \\log \\min\\Big( \\sum_{i=1}^{|Y|} \\alpha_{ij},
       1 \\Big) $$

    (Wu et al., 2016, equation 14.) It is zero where every word has got a weight of 1 in all, and
    falls with each that has less. A word without any counts as one with $10^{-9}$.

    Args:
        coverage: ``(n, src_len)``, of each translation the weights of all its steps, added up.
        src_mask: ``(n, src_len)`` bool, True = a real token.
        beta: $\\beta \\ge 0$.

    Returns:
        ``(n,)``, none above zero.

    Example:
        >>> coverage = torch.tensor([[2.0, 1.0, 0.0], [1.0, 0.25, 0.0]])
        >>> src_mask = torch.tensor([[True, True, False]] * 2)
        >>> coverage_penalty_term(coverage, src_mask, beta=1.0)  # log 1/4
        tensor([ 0.0000, -1.3863])
    """
    covered = coverage.clamp(LEAST, 1.0).log()
    return beta * covered.masked_fill(~src_mask, 0.0).sum(dim=-1)


def check_coverage_penalty(model: Seq2Seq, beta: float) -> None:
    """Raise unless translations of this model can be ranked with a coverage penalty.

    Raises:
        TypeError: if it is no number.
        ValueError: if it is negative or infinite, or asked of a model without attention.
    """
    if not 0 <= check_number("coverage_penalty", beta) < float("inf"):
        raise ValueError(f"coverage_penalty must be 0 (none) or more, not {beta}")
    if beta and not model.decoder.attends:
        raise ValueError(
            "coverage_penalty needs attention weights, and this model has no attention; 'bahdanau' "
            "has"
        )
