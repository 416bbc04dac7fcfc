"""Chapter 7's models that copy letters, the adversaries of their weights, and what both are worth.

For each seed: Bahdanau's model, trained as in ``benchmarks.needs``; an adversary that starts as its
copy and learns the same outputs with other weights; and how many letters a network without
recurrence guesses from the mean of letter embeddings under the frozen weights of either (Wiegreffe
and Pinter, 2019, sections 3.4 and 4). The chapter loads the models and shows what they do.

    python -m benchmarks.letters                # some minutes on one core
"""

from __future__ import annotations

import copy
from collections.abc import Callable
from pathlib import Path

import torch
from torch import Tensor, nn

import s2s_tutorial as s2s
from benchmarks import needs
from benchmarks.results_file import ResultsFile

RESULTS = Path(__file__).parent / "results" / "letters.json"
MODELS = RESULTS.with_suffix("")
SETUP = {"letters": needs.SETUP["letters"], "steps": 300, "adversary": 120, "guesses": 80}


def jensen_shannon(p: Tensor, q: Tensor) -> Tensor:
    """(7.9), over the last dimension."""

    def kl(a: Tensor, b: Tensor) -> Tensor:
        return (a * ((a + 1e-9) / (b + 1e-9)).log()).sum(dim=-1)

    return kl(p, (p + q) / 2) / 2 + kl(q, (p + q) / 2) / 2


def cost(model: s2s.Seq2Seq, rival: s2s.Seq2Seq, batch: s2s.Batch) -> Tensor:
    """(7.10), mean over the steps of a batch."""
    inputs = batch.src, batch.src_lengths, batch.tgt_in
    with torch.no_grad():
        base = model(*inputs)
    out = rival(*inputs)
    p, q = base.logits.softmax(dim=-1), out.logits.softmax(dim=-1)
    far = (p - q).abs().sum(dim=-1) / 2
    return (far - jensen_shannon(base.weights, out.weights))[batch.tgt_mask].mean()


def train_adversary(model: s2s.Seq2Seq, task: s2s.Task, seed: int, steps: int) -> s2s.Seq2Seq:
    """A copy of the model that has learned its outputs with weights unlike its own."""
    rival = copy.deepcopy(model)
    optimizer = torch.optim.Adam(rival.parameters(), 1e-2)
    falling = torch.optim.lr_scheduler.LinearLR(optimizer, 1, 0.05, steps)
    train = task.batches("train", 64, shuffle=True, seed=seed)
    for batch, _ in zip(train, range(steps)):
        loss = cost(model, rival, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        falling.step()
    return rival


def weights_of(model: s2s.Seq2Seq) -> Callable[[s2s.Batch], Tensor]:
    """What gives the weights of a model on a batch."""
    return lambda batch: model(batch.src, batch.src_lengths, batch.tgt_in).weights


def equal_weights(batch: s2s.Batch) -> Tensor:
    """The same weight for each letter."""
    mean = batch.src_mask / batch.src_mask.sum(dim=1, keepdim=True)
    return mean.unsqueeze(1).expand(-1, batch.tgt_in.shape[1], -1)


def guesses(
    net: nn.ModuleList, guide: Callable[[s2s.Batch], Tensor], batch: s2s.Batch
) -> tuple[Tensor, float]:
    """Loss and share of right letters, from the weighted means of their embeddings alone."""
    embed, guess = net
    real = batch.tgt_mask & (batch.tgt_out != s2s.EOS_ID)
    with torch.no_grad():
        weights = guide(batch)
    logits = guess((weights @ embed(batch.src))[real])
    letters = batch.tgt_out[real]
    loss = nn.functional.cross_entropy(logits, letters)
    return loss, (logits.argmax(dim=1) == letters).float().mean().item()


def guided(guide: Callable[[s2s.Batch], Tensor], task: s2s.Task, seed: int, steps: int) -> float:
    """The share of 200 test strings' letters that a network guesses under these weights."""
    s2s.seed_everything(seed)
    embed = nn.Embedding(len(task.src_vocab), 32)
    hidden = nn.Linear(32, 64), nn.Tanh()
    out = nn.Linear(64, len(task.tgt_vocab))
    net = nn.ModuleList([embed, nn.Sequential(*hidden, out)])
    optimizer = torch.optim.Adam(net.parameters(), 1e-2)
    for batch, _ in zip(task.batches("train", 64, shuffle=True, seed=seed), range(steps)):
        loss, _ = guesses(net, guide, batch)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    (test,) = s2s.make_batches(task.test[:200], *task.vocabs, 200, bucket=False)
    return guesses(net, guide, test)[1]


def make(seed: int) -> tuple[dict[str, s2s.Seq2Seq], dict]:
    """The model and the adversary of one seed, and their scores."""
    task, steps = needs.task("letters"), SETUP["steps"]
    model, _ = task.fit(
        "bahdanau",
        seed,
        steps,
        needs.LEARNING_RATE["letters"],
        batch_size=needs.SETUP["batch_size"],
        config={"device": "cpu", "progress": False},
        **SETUP["letters"]["model"],
    )
    models = {"model": model, "adversary": train_adversary(model, task, seed, SETUP["adversary"])}
    guides = {name: weights_of(each) for name, each in models.items()}
    guides["uniform"] = equal_weights
    return models, {
        "seed": seed,
        "guessed": {
            name: guided(guide, task, seed, SETUP["guesses"]) for name, guide in guides.items()
        },
    }


def main() -> None:
    """Make the models of three seeds that are not there yet."""
    torch.set_num_threads(1)
    file = ResultsFile(RESULTS, SETUP, "python -m benchmarks.letters")
    MODELS.mkdir(exist_ok=True)
    for seed in range(3):
        if file.find(seed=seed) is None:
            models, run = make(seed)
            for name, model in models.items():
                s2s.save_checkpoint(MODELS / f"{name}-{seed}.safetensors", model)
            file.add(run)
            print(run, flush=True)


if __name__ == "__main__":
    main()
