"""Erasure: each word taken out by hand, one sentence at a time."""

import pytest
import torch
from tiny_models import drawn

import s2s_tutorial as s2s

SRC = torch.tensor([[4, 5, 6, 7, 8], [9, 10, 0, 0, 0], [8, 4, 5, 0, 0]])
LENGTHS = torch.tensor([5, 2, 3])


def model(pooling="attention"):
    return drawn(s2s.build_classifier(11, 7, 3, 5, pooling=pooling), seed=2).eval()


def log_p(of, words):
    logits = of(torch.tensor([words]), torch.tensor([len(words)])).logits
    return logits[0, 0].log_softmax(dim=-1)


@pytest.mark.parametrize("pooling", ["attention", "mean", "ends"])
def test_words_are_left_out_and_the_sentence_read_anew(pooling):
    of = model(pooling)
    drops, labels = s2s.erasure(of, SRC, LENGTHS)
    for row, n in enumerate(LENGTHS.tolist()):
        words = SRC[row, :n].tolist()
        label = int(log_p(of, words).argmax())
        assert labels[row] == label
        for j in range(n):
            after = log_p(of, words[:j] + words[j + 1 :])[label]
            assert drops[row, j].item() == pytest.approx((log_p(of, words)[label] - after).item())
        assert (drops[row, n:] == 0).all()


def test_states_are_left_out_of_the_pooling_alone():
    of = model()
    drops, labels = s2s.erasure(of, SRC, LENGTHS, "states")
    encoded = of.encode(SRC, LENGTHS)
    whole = of.label(encoded)
    for row, n in enumerate(LENGTHS.tolist()):
        for j in range(n):
            weights = whole.weights[row, 0].clone()
            weights[j] = 0
            context = (weights / weights.sum()) @ encoded.memory[row]
            after = of.output(context).log_softmax(dim=-1)[labels[row]]
            before = whole.logits[row, 0].log_softmax(dim=-1)[labels[row]]
            assert drops[row, j].item() == pytest.approx((before - after).item())


def test_what_does_not_fit_is_said():
    with pytest.raises(TypeError, match="erasure asks a Classifier, not a Tagger"):
        s2s.erasure(s2s.build_tagger(11, 7), SRC, LENGTHS)
    with pytest.raises(ValueError, match="one word only"):
        s2s.erasure(model(), SRC, torch.tensor([5, 1, 3]))
    with pytest.raises(ValueError, match="no kind of erasure 'word' .did you mean 'words'"):
        s2s.erasure(model(), SRC, LENGTHS, "word")
