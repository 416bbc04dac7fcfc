"""One update of a model, in the textbook's way, the package's, and with the recommended settings."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass

import torch

import s2s_tutorial as s2s
from benchmarks.quality_data import Task
from benchmarks.speed_machine import forget_peak, resident_mb
from benchmarks.textbook import textbook_loss
from s2s_tutorial.machine.precision import autocast, fast_precision
from s2s_tutorial.scoring.evaluation import batch_loss

# What the package recommends for training on a CPU; on others the products stay float32.
RECOMMENDED = {
    "train": {"precision": fast_precision("cpu"), "fused": True},
    "model": {
        "bahdanau": {
            "readout": "tanh",
            "readout_size": 256,
            "tie_embeddings": True,
            "attention_size": 256,
        },
        "luong_general": {"readout_size": 256, "tie_embeddings": True},
    },
}

SIZES = {"embedding_size": 256, "hidden_size": 512}
HOW = ("textbook", "package", "recommended")


@dataclass
class Variant:
    """A model, its optimiser, and how its loss is computed."""

    preset: str
    how: str
    model: s2s.Seq2Seq
    optimizer: torch.optim.Optimizer
    precision: str

    def update(self, batch: s2s.Batch) -> None:
        """Forward, backward, clip, step."""
        loss_of = textbook_loss if self.how == "textbook" else batch_loss
        with autocast(self.precision, batch.src.device):
            loss = loss_of(self.model, batch)
        self.optimizer.zero_grad()
        loss.mean.backward()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        self.optimizer.step()


def make_variant(preset: str, how: str, task: Task, device: str) -> Variant:
    """A fresh model; ``"luong_general, input feeding"`` names the preset and its option."""
    name, _, fed = preset.partition(", ")
    options = {"input_feeding": True} if fed else {}
    train = {"precision": "float32", "fused": False}
    if how == "recommended":
        train |= RECOMMENDED["train"]
        options |= RECOMMENDED["model"].get(name, {})
    torch.manual_seed(0)
    sizes = (len(task.src_vocab), len(task.tgt_vocab))
    model = s2s.build_model(name, *sizes, **SIZES, **options).to(device).train()
    optimizer = torch.optim.Adam(model.parameters(), fused=train["fused"])
    return Variant(preset, how, model, optimizer, train["precision"])


def peak_memory_mb(preset: str, how: str, device: str) -> int:
    """The most memory that two updates of a variant hold beyond what importing everything does.

    Measured in a process of its own: on a CPU its resident set, on a GPU PyTorch's allocations.
    """
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_two_updates, (preset, how, device))


def _two_updates(preset: str, how: str, device: str) -> int:
    torch.set_num_threads(1)
    task = Task("words")
    forget_peak()
    before = resident_mb()
    variant = make_variant(preset, how, task, device)
    for _, batch in zip(range(2), task.batches("train", 128, seed=0)):
        variant.update(batch.to(device))
    if device.startswith("cuda"):
        return round(torch.cuda.max_memory_allocated() / 2**20)
    return round(resident_mb() - before)
