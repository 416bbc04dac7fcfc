"""A model as two programs: one reads the source once, the other takes a step for each word.

Nothing is remembered between two steps: all that a step needs goes in by name, and what the next one
needs comes out as ``next_`` and that name.
"""

from __future__ import annotations

import logging
import warnings
from contextlib import contextmanager

import torch
from torch import Tensor, nn

from s2s_tutorial.attention.coverage import CoverageAttention
from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.live.onnx_reading import OPSET, OnnxEncoder
from s2s_tutorial.models.attention_decoder import AttentionState
from s2s_tutorial.models.decoder import Decoder, StepOutput
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.text.batch import pad
from s2s_tutorial.text.vocabulary import BOS_ID, UNK_ID

Named = dict[str, Tensor]
AXES = {  # the dimensions whose size is free; all others are the model's
    "src": {0: "batch", 1: "src_len"},
    "src_lengths": {0: "batch"},
    "token": {0: "batch"},
    "memory": {0: "batch", 1: "src_len"},
    "keys": {0: "batch", 1: "src_len"},
    "src_mask": {0: "batch", 1: "src_len"},
    "decoder_state": {1: "batch"},
    "decoder_cell": {1: "batch"},
    "fed": {0: "batch"},
    "previous_weights": {0: "batch", 1: "src_len"},
    "position": {},
    "logits": {0: "batch"},
    "weights": {0: "batch", 1: "src_len"},
}
_LONGEST = 2**20  # what is called a free size has an end in torch.export


def first_given(decoder: Decoder, encoded: EncoderOutput) -> Named:
    """All that the first step needs beside its token.

    Args:
        decoder: the decoder.
        encoded: the encoder's output.
    """
    state = decoder.init_state(encoded)
    if not decoder.attends:
        return _recurrent(state)
    given = {**_recurrent(state.recurrent), "fed": state.fed, **_looks(decoder, encoded.src_mask)}
    keys = decoder.project_keys(encoded)
    given |= {"memory": encoded.memory, "src_mask": encoded.src_mask}
    given["keys"] = None if keys is encoded.memory else keys
    return {name: tensor for name, tensor in given.items() if tensor is not None}


def given_step(decoder: Decoder, given: Named) -> StepOutput:
    """One step of the decoder, from a ``token`` and what :func:`first_given` or the step before gave."""
    token, recurrent = given["token"], given["decoder_state"]
    if "decoder_cell" in given:
        recurrent = (recurrent, given["decoder_cell"])
    if not decoder.attends:
        return decoder.step(token, recurrent)
    looks = given.get("previous_weights"), given.get("position", 0)
    state = AttentionState(recurrent, given.get("fed"), *looks)
    encoded = EncoderOutput(given["memory"], None, given["src_mask"])
    return decoder.step(token, state, encoded, given.get("keys"))


def results(decoder: Decoder, said: StepOutput, given: Named) -> Named:
    """What a step gives: logits, weights, and what of ``given`` is another in the next step."""
    if not decoder.attends:
        return {"logits": said.logits, **_next(_recurrent(said.state))}
    state = said.state
    new = {**_recurrent(state.recurrent), "fed": state.fed}
    new |= {"previous_weights": state.weights, "position": state.position}
    carried = {name: tensor for name, tensor in new.items() if name in given}
    return {"logits": said.logits, "weights": said.weights, **_next(carried)}


def _next(state: Named) -> Named:
    return {f"next_{name}": tensor for name, tensor in state.items()}


def _recurrent(state: Tensor | tuple[Tensor, Tensor]) -> Named:
    names = "decoder_state", "decoder_cell"
    return dict(zip(names, state if isinstance(state, tuple) else (state,)))


def _looks(decoder: Decoder, src_mask: Tensor) -> Named:
    """What the attention is told of the steps before, where it asks: nothing was looked at yet."""
    told, attention = {}, decoder.attention
    if isinstance(attention, LocationAwareAttention | CoverageAttention):
        told["previous_weights"] = torch.zeros_like(src_mask, dtype=torch.float32)
    if isinstance(attention, LocalAttention) and not attention.predictive:
        told["position"] = torch.zeros((), dtype=torch.int64, device=src_mask.device)
    return told


class Reading(nn.Module):
    """The first program: from ``src`` and ``src_lengths`` to what :func:`first_given` gives.

    Args:
        model: the model.
    """

    def __init__(self, model: Seq2Seq):
        super().__init__()
        self.encoder, self.decoder = OnnxEncoder(model.encoder), model.decoder

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        """The values of :func:`first_given`."""
        return tuple(first_given(self.decoder, self.encoder(*given)).values())


class Stepping(nn.Module):
    """The second program: from ``token`` and what :func:`first_given` gives to :func:`results`.

    Args:
        model: the model.
        names: of what it is given.
    """

    def __init__(self, model: Seq2Seq, names: list[str]):
        super().__init__()
        self.decoder, self.names = model.decoder, names

    def forward(self, *given: Tensor) -> tuple[Tensor, ...]:
        """The values of :func:`results`."""
        named = dict(zip(self.names, given))
        return tuple(results(self.decoder, given_step(self.decoder, named), named).values())


def some_sources(model: Seq2Seq, lengths: list[int], seed: int = 0) -> tuple[Tensor, Tensor]:
    """Sources of unequal lengths, of words drawn at random: ``src`` and ``src_lengths``.

    Args:
        model: the model; sources are no longer than it can read.
        lengths: their lengths.
        seed: of the draw.
    """
    words, limit = model.encoder.embedding.num_embeddings, model.source_limit
    generator = torch.Generator().manual_seed(seed)
    lengths = [length if limit is None else min(length, limit) for length in lengths]
    rows = [torch.randint(UNK_ID, words, (n,), generator=generator).tolist() for n in lengths]
    src, src_lengths, _ = pad(rows)
    return src, src_lengths


def programs(model: Seq2Seq) -> dict[str, bytes]:
    """Both programs of a model, by name: ``encoder`` and ``decoder_step``.

    Args:
        model: on the CPU, in float32 and in evaluation mode.
    """
    with torch.no_grad():
        src, src_lengths = some_sources(model, [5, 2, 4])
        source = {"src": src, "src_lengths": src_lengths}
        read = first_given(model.decoder, model.encode(src, src_lengths))
        given = {"token": torch.full((3,), BOS_ID), **read}
        said = results(model.decoder, given_step(model.decoder, given), given)
        limit = model.source_limit
        return {
            "encoder": _written(Reading(model).eval(), source, list(read), limit),
            "decoder_step": _written(Stepping(model, list(given)).eval(), given, list(said), limit),
        }


def _written(module: nn.Module, inputs: Named, outputs: list[str], limit: int | None) -> bytes:
    """A module as a file of ONNX whose inputs and outputs have these names."""
    free = {
        "batch": torch.export.Dim("batch", min=1, max=_LONGEST),
        "src_len": torch.export.Dim("src_len", min=1, max=limit or _LONGEST),
    }
    shapes = tuple({k: free[axis] for k, axis in AXES[name].items()} for name in inputs)
    with _quiet():
        program = torch.onnx.export(
            module,
            tuple(inputs.values()),
            dynamo=True,
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=outputs,
            dynamic_shapes=(shapes,),
            external_data=False,
            verbose=False,
        )
    file = program.model_proto
    graph = file.graph
    # The exporter's notes for its own developers, which name the folders of this machine.
    for part in (file, graph, *graph.node, *graph.input, *graph.output, *graph.value_info):
        del part.metadata_props[:]
    return file.SerializeToString()


@contextmanager
def _quiet():
    """Without what PyTorch and its translator say of their own parts."""
    talkative = [logging.getLogger(name) for name in ("torch.onnx", "onnxscript", "onnx_ir")]
    levels = [logger.level for logger in talkative]
    for logger in talkative:
        logger.setLevel(logging.ERROR)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        for logger, level in zip(talkative, levels):
            logger.setLevel(level)
