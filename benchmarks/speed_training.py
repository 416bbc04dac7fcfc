"""One update of a model, in the textbook's way, the package's, and with the recommended settings."""

from __future__ import annotations

from dataclasses import dataclass

import torch

import s2s_tutorial as s2s
from benchmarks.quality_data import Task
from benchmarks.speed_machine import RECOMMENDED
from benchmarks.textbook import textbook_encoder, textbook_loss
from s2s_tutorial.machine.precision import autocast
from s2s_tutorial.scoring.evaluation import batch_loss

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
    if how == "textbook":
        textbook_encoder(model)
    optimizer = torch.optim.Adam(model.parameters(), fused=train["fused"])
    return Variant(preset, how, model, optimizer, train["precision"])
