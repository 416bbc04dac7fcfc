"""Small training runs for the tests: data, a model, and what stops a run."""

from __future__ import annotations

import signal

import pytest
import torch

from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.models.build import build_model
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.loop import fit


def reverse_batches(size, batch_size, valid_size, valid_batch_size):
    """The vocabulary of a small corpus, its training batches and its validation batches."""
    corpus = load_corpus("reverse", size=size, symbols=5, max_length=5)
    vocab = Vocabulary.build(corpus.src_sentences)
    train = make_batches(corpus, vocab, vocab, batch_size, shuffle=True, seed=3)
    held_out = load_corpus("reverse", split="valid", size=valid_size, symbols=5, max_length=5)
    return vocab, train, make_batches(held_out, vocab, vocab, valid_batch_size)


def make_model(vocab, seed=0, preset="gru", dropout=0.3):
    torch.manual_seed(seed)
    return build_model(
        preset, len(vocab), len(vocab), embedding_size=5, hidden_size=7, dropout=dropout
    )


def weights(model):
    return torch.cat([p.detach().flatten() for p in model.parameters()])


def results(history):
    return {k: v for k, v in history.to_dict().items() if "seconds" not in k}


def scores(*values):
    """A score that gives these values, one after the other."""
    left = iter(values)
    return lambda model: next(left)


class Stopping:
    """Batches at one of which something happens."""

    def __init__(self, batches, at, action):
        self.batches, self.at, self.action, self.seen = batches, at, action, 0

    def __len__(self):
        return len(self.batches)

    def description(self):
        return self.batches.description()

    def epoch(self, number):
        for batch in self.batches.epoch(number):
            self.seen += 1
            if self.seen == self.at:
                self.action()
            yield batch


def crash_after(updates, model, train, valid, config):
    """Train until the power goes."""
    with pytest.raises(SystemExit):
        fit(model, Stopping(train, updates + 1, power_cut), valid, config)


def interrupt():
    signal.raise_signal(signal.SIGINT)


def power_cut():
    raise SystemExit("killed")
