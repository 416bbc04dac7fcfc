"""The textbook loop that speed is compared with computes the same as the package."""

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

import s2s_tutorial as s2s
from benchmarks.textbook import textbook_greedy, textbook_loss
from s2s_tutorial.scoring.evaluation import batch_loss

SENTENCES = [[4, 5, 6, 7, 8], [9, 4], [5, 5, 10]]


def batch_of(seed: int) -> s2s.Batch:
    corpus = s2s.load_corpus("reverse", size=7, seed=seed, symbols=6, max_length=5)
    vocab = s2s.Vocabulary.build(corpus.src_sentences)
    return next(iter(s2s.make_batches(corpus, vocab, vocab, batch_size=7)))


@pytest.mark.parametrize("preset", s2s.list_presets())
def test_loss_and_gradient_are_the_packages(preset):
    torch.manual_seed(0)
    model = s2s.build_model(preset, 11, 11, embedding_size=3, hidden_size=5).double()
    batch = batch_of(0)
    gradients = []
    for loss_of in (batch_loss, textbook_loss):
        model.zero_grad()
        loss = loss_of(model, batch)
        loss.total.backward()
        gradients.append([loss.total.detach(), *(p.grad.clone() for p in model.parameters())])
    torch.testing.assert_close(*gradients)


@given(seed=st.integers(0, 1000))
def test_translations_are_the_packages(seed):
    torch.manual_seed(seed)
    model = s2s.build_model("bahdanau", 11, 11, embedding_size=3, hidden_size=5).double()
    src, lengths, _ = s2s.pad(SENTENCES)
    ours = s2s.greedy_decode(model, src, lengths, max_length=7).ids
    assert textbook_greedy(model, SENTENCES, max_length=7) == ours
