"""Time and memory against length, of models that attend with and without recurrence: chapter 13.

Three encoder-decoders of one width on sources and targets of one length: *recurrent attention* (the preset
`luong_dot`), *self-attention* (the preset `transformer`) and *both* (the recurrent encoder of the first, the decoder of
the second), and beside them the recurrent network that does not attend (`lstm`). For each length the CPU
seconds of one teacher-forced update without the optimiser, forward and backward; the bytes that the forward pass keeps
for the backward one; and the seconds of a greedy decoding.

    python -m benchmarks.length                  # some five minutes on one core
"""

from __future__ import annotations

import argparse
import statistics
from pathlib import Path

import torch
from torch import Tensor

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile
from benchmarks.speed_machine import Clock, in_turns

RESULTS = Path(__file__).parent / "results" / "length.json"
COMMAND = "python -m benchmarks.length"
SETUP = {
    "vocabulary": 50,
    "size": 128,
    "layers": 1,
    "batch_size": 4,
    "lengths": [16, 32, 64, 128, 256, 512, 1024],
    "turns": 5,
}


def build(kind: str) -> s2s.Seq2Seq:
    """One of the models, freshly initialised."""
    vocabulary, size = SETUP["vocabulary"], SETUP["size"]
    preset = {"no attention": "lstm", "recurrent attention": "luong_dot"}.get(kind, "transformer")
    layers = {"num_layers": SETUP["layers"]}
    model = s2s.build_model(preset, vocabulary, vocabulary, size, size, **layers)
    if kind == "both":
        encoder = s2s.Encoder(vocabulary, size, size, "lstm", **layers)
        model = s2s.Seq2Seq(encoder, model.decoder, config={})
    return model


KINDS = ("no attention", "recurrent attention", "self-attention", "both")


def batch_of(length: int) -> tuple[Tensor, Tensor, Tensor, Tensor]:
    """Source, its lengths, target in and target out, of random words."""
    generator = torch.Generator().manual_seed(length)
    shape = (SETUP["batch_size"], length)
    src, tgt_in, tgt_out = (
        torch.randint(4, SETUP["vocabulary"], shape, generator=generator) for _ in range(3)
    )
    return src, torch.full(shape[:1], length), tgt_in, tgt_out


def loss_of(model: s2s.Seq2Seq, batch: tuple[Tensor, ...]) -> Tensor:
    """The teacher-forced loss."""
    *given, tgt_out = batch
    return s2s.sequence_loss(model(*given).logits, tgt_out, tgt_out > 0).mean


def kept_bytes(model: s2s.Seq2Seq, batch: tuple[Tensor, ...]) -> int:
    """What the forward pass keeps for the backward one, beside the weights; nothing counts twice."""
    kept = {}
    weights = {p.untyped_storage().data_ptr() for p in model.parameters()}

    def keep(tensor: Tensor) -> Tensor:
        storage = tensor.untyped_storage()
        if storage.data_ptr() not in weights:
            kept[storage.data_ptr()] = storage  # held, so that its address is not given out again
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        loss = loss_of(model, batch)
    held = sum(storage.nbytes() for storage in kept.values())
    del loss
    return held


def measure(length: int) -> list[dict]:
    """All kinds at one length, in turns."""
    torch.set_num_threads(1)
    torch.manual_seed(0)
    models, batch = [build(kind) for kind in KINDS], batch_of(length)

    def update_of(model: s2s.Seq2Seq):
        def update(_: int) -> None:
            model.zero_grad()
            loss_of(model, batch).backward()

        return update

    def writing_of(model: s2s.Seq2Seq):
        def write(_: int) -> None:
            s2s.greedy_decode(model, *batch[:2], max_length=length, min_length=length)

        return write

    clock, turns = Clock("cpu"), range(SETUP["turns"] + 1)
    updates = in_turns([update_of(model) for model in models], turns, clock)
    writes = in_turns([writing_of(model) for model in models], turns, clock)
    return [
        {
            "kind": kind,
            "length": length,
            "seed": 0,
            "parameters": model.parameter_count(),
            "update_seconds": [round(s, 5) for s in update[1:]],  # the first of anything is slow
            "decoding_seconds": [round(s, 5) for s in write[1:]],
            "kept_bytes": kept_bytes(model, batch),
        }
        for kind, model, update, write in zip(KINDS, models, updates, writes)
    ]


def main() -> None:
    """Measure the lengths that the file does not have yet."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    file = ResultsFile(parser.parse_args().out, SETUP, COMMAND)
    for length in SETUP["lengths"]:
        if file.find(length=length, kind=KINDS[-1]) is None:
            for run in measure(length):
                file.add(run)
                print(run["kind"], length, statistics.median(run["update_seconds"]), flush=True)


if __name__ == "__main__":
    main()
