"""The programs in ONNX Runtime beside the model in PyTorch: how far apart are their numbers?"""

from __future__ import annotations

from typing import Any

import numpy as np
import torch
from torch import Tensor

from s2s_tutorial.live.onnx_programs import first_given, results, some_sources
from s2s_tutorial.models.seq2seq import Seq2Seq, inference
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID

BATCHES = ([7, 3, 5], [1], [2, 9, 1, 4])  # lengths of sentences; none is the one the export saw
STEPS = 5
TOLERANCE = 1e-4  # of a number, or of 1 where it is less: float32 in another order of sums


class ExportError(RuntimeError):
    """Programs that do not compute what the model computes; nothing is written then.

    >>> raise ExportError("the programs differ")
    Traceback (most recent call last):
    s2s_tutorial.live.onnx_check.ExportError: the programs differ
    """


def open_session(program: bytes) -> Any:
    """A program as ONNX Runtime reads it, on the CPU and in one thread.

    Raises:
        ImportError: if ONNX Runtime is not installed.
    """
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.log_severity_level = 3
    return onnxruntime.InferenceSession(program, options, providers=["CPUExecutionProvider"])


def run(session: Any, given: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The outputs of a program by name."""
    return dict(zip([each.name for each in session.get_outputs()], session.run(None, given)))


def largest_difference(
    model: Seq2Seq,
    sessions: dict[str, Any],
    batches: tuple[list[int], ...] = BATCHES,
    steps: int = STEPS,
) -> float:
    """The largest difference in anything the two programs give, over batches of unequal lengths.

    Both write on from the same tokens, the most probable ones by PyTorch, and each from its own states.

    Args:
        model: the model, on the CPU and in float32.
        sessions: of ``encoder`` and ``decoder_step``.
        batches: the lengths of the sources of each batch.
        steps: how many tokens are written.

    Returns:
        The difference divided by PyTorch's number where that is larger than 1; infinite where a
        number is not finite on one side alone.

    Raises:
        FloatingPointError: if the model itself gives no numbers.
    """
    worst = 0.0
    with inference(model):
        for seed, lengths in enumerate(batches, start=1):
            src, src_lengths = some_sources(model, lengths, seed)
            encoded = model.encode(src, src_lengths)
            keys = model.decoder.project_keys(encoded)
            state = model.decoder.init_state(encoded)
            read = first_given(model.decoder, encoded)
            source = {"src": src.numpy(), "src_lengths": src_lengths.numpy()}
            given = run(sessions["encoder"], source)
            worst = max(worst, _difference(read, given))
            token = torch.full((len(src),), BOS_ID)
            for _ in range(steps):
                said = model.decoder.step(token, state, encoded, keys)
                found = run(sessions["decoder_step"], {"token": token.numpy(), **given})
                worst = max(worst, _difference(results(model.decoder, said, read), found))
                state = said.state
                given |= {name: found[f"next_{name}"] for name in given if f"next_{name}" in found}
                token = said.logits[:, EOS_ID:].argmax(dim=-1) + EOS_ID  # a word, or the end
    return worst


def _difference(expected: dict[str, Any], found: dict[str, np.ndarray]) -> float:
    """The largest difference between numbers of the same names."""
    if expected.keys() != found.keys():
        raise ExportError(f"the programs give {list(found)} instead of {list(expected)}")
    worst = 0.0
    for name, ours in expected.items():
        one = ours.double().numpy() if isinstance(ours, Tensor) else np.asarray(float(ours))
        other = found[name].astype(np.float64)
        if not np.isfinite(one).all():
            raise FloatingPointError(
                "the model's numbers are no numbers (NaN) or infinite: it holds weights that are; "
                "nothing was exported"
            )
        if one.shape != other.shape or not np.isfinite(other).all():
            return float("inf")
        worst = max(worst, float((np.abs(one - other) / np.maximum(1.0, np.abs(one))).max()))
    return worst
