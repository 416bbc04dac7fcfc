"""What tests/machine/test_distributed.py has torchrun do in two processes: torchrun ... two_processes.py FOLDER WHAT,WHAT."""

from __future__ import annotations

import faulthandler
import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import torch

from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.machine import distributed
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.scoring.evaluation import evaluate
from s2s_tutorial.text.batches import Batches
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.history import History
from s2s_tutorial.training.loop import fit

STEPS = 9
CONFIG = TrainConfig(
    steps=STEPS, evaluate_every=4, learning_rate=3e-3, device="cpu", progress=False
)
RUNS = [  # preset, type, batches to an update
    ("bahdanau", torch.float64, 1),
    ("bahdanau", torch.float64, 3),
    ("bahdanau", torch.float32, 1),
    ("luong_local_p", torch.float64, 1),
]


def make_data() -> tuple[Vocabulary, Batches, Batches]:
    """Batches of 4, 4, 4 and 1 pairs: at the last one, one of two processes has no row."""
    corpus = load_corpus("reverse", size=13, symbols=5, max_length=6)
    vocab = Vocabulary.build(corpus.src_sentences)
    train = make_batches(corpus, vocab, vocab, batch_size=4, bucket=False)
    held_out = load_corpus("reverse", "valid", size=7, symbols=5, max_length=6)
    return vocab, train, make_batches(held_out, vocab, vocab, batch_size=3)


def make_model(
    vocab: Vocabulary, preset: str = "gru", seed: int = 0, dropout: float = 0.0
) -> Seq2Seq:
    torch.manual_seed(seed)
    sizes = {"embedding_size": 5, "hidden_size": 7, "dropout": dropout}
    return build_model(preset, len(vocab), len(vocab), **sizes)


class Stopping:
    """Batches before one of which this process does something."""

    def __init__(self, batches: Batches, at: int, action) -> None:
        self.batches, self.at, self.action, self.seen = batches, at, action, 0

    def __len__(self) -> int:
        return len(self.batches)

    def epoch(self, number: int):
        for batch in self.batches.epoch(number):
            self.seen += 1
            if self.seen == self.at:
                self.action()
            yield batch


def interrupt() -> None:
    signal.raise_signal(signal.SIGINT)


def kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def save(path: Path, model: Seq2Seq, history: History) -> None:
    weights = torch.cat([p.detach().flatten() for p in model.parameters()])
    torch.save((weights, history.to_dict()), path)


def same_as_one_process(folder: Path, rank: int) -> None:
    vocab, train, valid = make_data()
    for number, (preset, dtype, accumulate) in enumerate(RUNS):
        model = make_model(vocab, preset, seed=rank).to(dtype)  # rank 0's weights count
        history = fit(model, train, valid, replace(CONFIG, accumulate=accumulate))
        save(folder / f"same{number}-{rank}", model, history)


def stop_together(folder: Path, rank: int) -> None:
    """Dropout on, so that each process's random state counts. One process alone is interrupted."""
    vocab, train, valid = make_data()
    whole = make_model(vocab, dropout=0.3)
    save(folder / f"whole-{rank}", whole, fit(whole, train, valid, CONFIG))
    config = replace(CONFIG, checkpoint=folder / "run.safetensors")
    batches = Stopping(train, 6, interrupt) if rank == 1 else train
    model = make_model(vocab, dropout=0.3)
    save(folder / f"stopped-{rank}", model, fit(model, batches, valid, config))
    model = make_model(vocab, seed=9, dropout=0.3)
    history = fit(model, train, valid, config, resume=True)
    save(folder / f"resumed-{rank}", model, history)


def fail_together(folder: Path, rank: int) -> None:
    vocab, train, valid = make_data()
    config = replace(CONFIG, checkpoint=folder / "run.safetensors" / "in a file")
    try:
        fit(make_model(vocab), train, valid, config)
    except OSError as error:
        (folder / f"error-{rank}").write_text(str(error))
    scored = iter([3.0, 2.0, 1.0])  # the first process's score counts, the others have none
    config = replace(CONFIG, evaluate_every=2, patience=2)
    history = fit(make_model(vocab), train, valid, config, metric=lambda _: next(scored))
    assert (history.stopped, history.steps_done) == ("no improvement", 6)
    assert len(list(scored)) == (0 if rank == 0 else 3)


def killed(folder: Path, rank: int) -> None:
    vocab, train, valid = make_data()
    batches = Stopping(train, 7, kill) if rank == 1 else train
    config = replace(CONFIG, checkpoint=folder / "killed.safetensors")
    fit(make_model(vocab).double(), batches, valid, config)


def resumed(folder: Path, rank: int) -> None:
    vocab, train, valid = make_data()
    config = replace(CONFIG, checkpoint=folder / "killed.safetensors")
    model = make_model(vocab, seed=9).double()
    history = fit(model, train, valid, config, resume=True)
    save(folder / f"killed-{rank}", model, history)


def evaluated_together(folder: Path, rank: int) -> None:
    vocab, _, valid = make_data()
    model = make_model(vocab).double()
    whole = evaluate(model, valid)  # this process alone
    shared = evaluate(model, valid, processes=distributed.current())
    torch.testing.assert_close(list(shared), list(whole), rtol=1e-12, atol=0)


def main() -> None:
    faulthandler.dump_traceback_later(100, exit=True)  # a process that hangs does not stay
    torch.set_num_threads(1)
    with distributed.start("cpu") as processes:
        assert processes.world_size == 2
        for name in sys.argv[2].split(","):
            globals()[name](Path(sys.argv[1]), processes.rank)


if __name__ == "__main__":
    main()
