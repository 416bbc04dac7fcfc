"""Checkpoint averaging: one model whose weights are the mean of several."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import torch

from s2s_tutorial.saving.checkpoint import Checkpoint, load_checkpoint
from s2s_tutorial.saving.checkpoint_file import CheckpointError
from s2s_tutorial.saving.checkpoint_model import as_saved, differences


def average_checkpoints(paths: Sequence[str | Path]) -> Checkpoint:
    """The mean of the weights of several checkpoints of one model.

    $$ \\bar\\theta = \\frac1n \\sum_{k=1}^{n} \\theta_k $$

    Meant for the last checkpoints of one run, whose weights lie near each other (Junczys-Dowmunt
    et al., 2016; Vaswani et al., 2017, section 6.1). The mean of two runs from different first
    weights is no model of either: their units do not correspond. It is summed in float64.

    Args:
        paths: the files, of models of one configuration and with the same vocabularies; one that
            stands twice counts twice.

    Returns:
        A :class:`Checkpoint` with that model and the first file's vocabularies and ``info``, as
        :func:`load_checkpoint` gives it; its ``tensors`` (an optimiser's) are left out.

    Raises:
        TypeError: if ``paths`` is one path.
        ValueError: if there is none.
        FileNotFoundError: if there is no such file.
        CheckpointError: if one is damaged, or belongs to another model than the first; the message
            names it and says what differs.

    Example:
        >>> import tempfile
        >>> model = s2s.build_model("gru", src_vocab_size=5, tgt_vocab_size=7)
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     paths = [f"{folder}/{k}.safetensors" for k in (1, 2, 3)]
        ...     for k, path in enumerate(paths, start=1):
        ...         _ = model.decoder.output.bias.data.fill_(k)
        ...         s2s.save_checkpoint(path, model)
        ...     average_checkpoints(paths).model.decoder.output.bias[0].item()
        2.0
    """
    if isinstance(paths, (str, Path)):
        raise TypeError(f"average_checkpoints takes a list of files, not one: {str(paths)!r}")
    if not paths:
        raise ValueError("there are no checkpoints to average")
    mean = load_checkpoint(paths[0])
    own = mean.model.state_dict()
    sums = {name: torch.zeros_like(tensor, dtype=torch.float64) for name, tensor in own.items()}
    for path in paths:
        found = load_checkpoint(path)
        _check_same(mean, found, paths[0], path)
        for name, tensor in found.model.state_dict().items():
            sums[name] += tensor
    for name, tensor in own.items():
        tensor.copy_(sums[name] / len(paths))
    mean.tensors = {}
    return mean


def _check_same(first: Checkpoint, other: Checkpoint, first_path, other_path) -> None:
    """Raise CheckpointError unless two checkpoints are of one model."""
    configs = [as_saved(each.model.config) for each in (first, other)]
    vocabularies = [(each.src_vocab, each.tgt_vocab) for each in (first, other)]
    if configs[0] != configs[1]:
        said = differences(*configs)
    elif vocabularies[0] != vocabularies[1]:
        said = "their vocabularies differ"
    else:
        return
    raise CheckpointError(
        f"{other_path} holds another model than {first_path}, and they have no mean: {said}"
    )
