"""Scheduled sampling against teacher forcing: how far to sample, and how long to train.

    python -m benchmarks.scheduled_sampling         # about ten minutes on one core

Chapter 6 trains the models of the first rows itself; this measures the rest in the same way.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import torch
from torch.nn.functional import cross_entropy

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile
from s2s_tutorial.models.seq2seq import inference

RESULTS = Path(__file__).parent / "results" / "scheduled_sampling.json"
SIZES = {"train": 16_000, "valid": 300, "test": 500}
MODEL = {"preset": "bahdanau", "embedding_size": 64, "hidden_size": 48}
LEARNING_RATE = 2e-2
# Updates, and the probability of a true word at the last of them; 1 is teacher forcing.
SETTINGS = ((250, 1.0), (250, 0.5), (500, 1.0), (500, 0.5))
SEEDS = range(4)


def losses_after_a_mistake(model: s2s.Seq2Seq, batch: s2s.Batch, distance: int) -> dict:
    """Loss of the reference so many tokens after the first mistake, fed in three ways.

    Args:
        model: the model.
        batch: a whole test set.
        distance: tokens after the mistake.

    Returns:
        The means in nats over the sentences that reach so far, by what is fed: ``"true"`` words,
        ``"once"`` the model's one wrong word and then true ones, its ``"own"`` words.
    """
    with inference(model):
        logits = model(batch.src, batch.src_lengths, batch.tgt_in).logits
        guess = logits.argmax(-1)
        wrong = (guess != batch.tgt_out) & batch.tgt_mask
        first = wrong.cumsum(dim=1).eq(0).sum(dim=1, keepdim=True)
        after = torch.arange(wrong.shape[1], device=first.device) - first
        once = torch.where(after == 1, guess.roll(1, dims=1), batch.tgt_in)
        fed, own = own_words(model, batch)
        going_on = (fed != s2s.EOS_ID).cumprod(dim=1).bool()
        there = batch.tgt_mask & going_on & wrong.any(dim=1, keepdim=True) & (after == distance)
        ways = {
            "true": logits,
            "once": model(batch.src, batch.src_lengths, once).logits,
            "own": own,
        }
        return {way: nats(logits, batch)[there].mean().item() for way, logits in ways.items()}


def own_words(model: s2s.Seq2Seq, batch: s2s.Batch) -> tuple[torch.Tensor, torch.Tensor]:
    """What a greedy decoder is fed, and its logits, up to the references' length."""
    decoder = model.decoder
    encoded = model.encode(batch.src, batch.src_lengths)
    keys, state = decoder.project_keys(encoded), decoder.init_state(encoded)
    token, fed, logits = batch.tgt_in[:, 0], [], []
    for _ in range(batch.tgt_in.shape[1]):
        step = decoder.step(token, state, encoded, keys)
        fed.append(token)
        logits.append(step.logits)
        state, token = step.state, step.logits.argmax(-1)
    return torch.stack(fed, dim=1), torch.stack(logits, dim=1)


def nats(logits: torch.Tensor, batch: s2s.Batch) -> torch.Tensor:
    """Loss of every reference token, ``(batch, tgt_len)``."""
    return cross_entropy(logits.transpose(1, 2), batch.tgt_out, reduction="none")


def measure(task: s2s.Task, model: s2s.Seq2Seq) -> dict:
    """A trained model on the test set, in the words of chapter 6."""
    (batch,) = task.batches("test", batch_size=len(task.test), bucket=False)
    batch = batch.to(next(model.parameters()).device)
    with inference(model):
        loss = nats(model(batch.src, batch.src_lengths, batch.tgt_in).logits, batch)
    tokenizer = s2s.WordTokenizer()
    decoded = task.decode(model, max_length=30)
    written = [tokenizer.detokenize(task.tgt_vocab.decode(ids)) for ids in decoded.ids]
    wanted = [tokenizer.detokenize(list(pair.tgt)) for pair in task.test]
    references = [task.tgt_vocab.encode(pair.tgt) for pair in task.test]
    next_token = losses_after_a_mistake(model, batch, 1)
    return {
        "loss": loss[batch.tgt_mask].mean().item(),
        "jump": next_token["once"] - next_token["true"],
        "own": losses_after_a_mistake(model, batch, 4)["own"],
        "exact": s2s.sequence_accuracy(decoded.ids, references),
        "chrf": s2s.chrf(written, wanted).score,
        "bleu": s2s.bleu(written, wanted).score,
    }


def run(task: s2s.Task, steps: int, end: float, seed: int) -> dict:
    """Train one model and measure it."""
    decay = s2s.Decay("linear", over_steps=steps, end=end) if end < 1 else 1.0
    model, _ = task.fit(
        seed=seed,
        steps=steps,
        learning_rate=LEARNING_RATE,
        config={"teacher_forcing": decay},
        **MODEL,
    )
    return {name: float(f"{value:.5g}") for name, value in measure(task, model).items()}


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--out", type=Path, default=RESULTS)
    parser.add_argument("--seeds", type=int, nargs="+", default=list(SEEDS))
    args = parser.parse_args()
    torch.set_num_threads(1)
    setup = {"sizes": SIZES, "model": MODEL, "learning_rate": LEARNING_RATE}
    results = ResultsFile(args.out, setup, "python -m benchmarks.scheduled_sampling")
    task = s2s.Task.load("phrases", SIZES)
    for seed in args.seeds:
        for steps, end in SETTINGS:
            job = {"steps": steps, "end": end, "seed": seed}
            if results.find(**job) is None:
                results.add(job | run(task, steps, end, seed))
                print(results.content["runs"][-1], flush=True)


if __name__ == "__main__":
    main()
