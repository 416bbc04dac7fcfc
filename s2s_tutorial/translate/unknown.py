"""Words the vocabulary does not hold: copied from the source, through the attention."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from s2s_tutorial.text.vocabulary import UNK


def replace_unknown(
    tokens: Sequence[str],
    weights: Tensor,
    src_tokens: Sequence[str],
    lexicon: Mapping[str, str] | None = None,
) -> list[str]:
    """Put a source word in the place of every ``<unk>``.

    $$ y_i = x_{j^*}, \\qquad j^* = \\arg\\max_j \\alpha_{ij} \\qquad \\text{where } y_i = \\texttt{<unk>} $$

    (Jean et al., 2015, for models with attention; Luong et al., 2015b, learn the positions instead.) Names and
    numbers are often the same in both languages; for the others ``lexicon`` may know better.

    Args:
        tokens: the translation, without ``<eos>``.
        weights: ``(len(tokens), len(src_tokens))``, the attention weights that came with it.
        src_tokens: the source as the reader wrote it, not decoded from ids, where the rare words
            are lost.
        lexicon: translations of source words; a word it lacks is copied.

    Returns:
        The tokens. An ``<unk>`` that attended to nothing (all weights zero) stays.

    Raises:
        TypeError: if a side is a string instead of a list of tokens.
        ValueError: if there are no weights, or their shape does not fit the tokens.

    Example:
        >>> import torch
        >>> weights = torch.tensor([[0.9, 0.1], [0.2, 0.8]])
        >>> replace_unknown(["hello", "<unk>"], weights, ["hallo", "Thomas"])
        ['hello', 'Thomas']
    """
    for name, side in [("tokens", tokens), ("src_tokens", src_tokens)]:
        if isinstance(side, str):
            raise TypeError(f"{name} must be a list of tokens, not one string: {side!r}")
    if weights is None:
        raise ValueError(
            "replacing <unk> needs attention weights, and a model without attention has none; "
            "decode with one of the presets that have attention"
        )
    weights = torch.as_tensor(weights)
    if tuple(weights.shape) != (len(tokens), len(src_tokens)):
        raise ValueError(
            "weights must have a row for each token and a column for each source token, "
            f"{(len(tokens), len(src_tokens))}, but their shape is {tuple(weights.shape)}"
        )
    lexicon = lexicon or {}
    replaced = []
    for token, row in zip(tokens, weights):
        if token == UNK and row.any():
            source = src_tokens[int(row.argmax())]
            token = lexicon.get(source, source)
        replaced.append(token)
    return replaced
