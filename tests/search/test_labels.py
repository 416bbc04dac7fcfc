"""Labels are predicted in the corpus's order, by the plain argmax."""

import pytest
import torch

import s2s_tutorial as s2s

WORDS = [["a", "b", "c"], ["b"], ["c", "a"], ["a", "a", "b", "c"]]
SRC_VOCAB = s2s.Vocabulary(["a", "b", "c"])
TAGS = s2s.Vocabulary(["X", "Y", "Z"])


def corpus(labels):
    return [s2s.Pair(tuple(w), ("X",) if labels else ("Y",) * len(w)) for w in WORDS]


@pytest.mark.parametrize("batch_size", [1, 3])
def test_tags_are_the_argmax_of_each_sentence_alone(batch_size):
    torch.manual_seed(1)
    model = s2s.build_tagger(len(SRC_VOCAB), len(TAGS), 3, 5).eval()
    batches = s2s.make_batches(corpus(False), SRC_VOCAB, TAGS, batch_size, targets="tags")
    found = s2s.predict_labels(model, batches)
    assert found.weights is None
    for words, ids, score in zip(WORDS, found.ids, found.scores):
        logits = model(torch.tensor([SRC_VOCAB.encode(words)]), torch.tensor([len(words)])).logits
        best = logits[0].log_softmax(dim=-1)[:, 4:].max(dim=-1)
        assert ids == (best.indices + 4).tolist()
        assert score == pytest.approx(best.values.sum().item(), rel=1e-5)


def test_a_label_comes_with_the_weights_of_its_words():
    model = s2s.build_classifier(len(SRC_VOCAB), len(TAGS), 3, 5)
    batches = s2s.make_batches(corpus(True), SRC_VOCAB, TAGS, 3, targets="labels")
    found = s2s.predict_labels(model, batches)
    assert [tuple(w.shape) for w in found.weights] == [(1, len(words)) for words in WORDS]
    assert all(w.sum().item() == pytest.approx(1, rel=1e-5) for w in found.weights)


def test_a_special_token_is_never_a_label():
    model = s2s.build_tagger(len(SRC_VOCAB), len(TAGS), 3, 5)
    with torch.no_grad():
        model.output.bias[:4] = 100.0
    batches = s2s.make_batches(corpus(False), SRC_VOCAB, TAGS, 2, targets="tags")
    assert min(min(ids) for ids in s2s.predict_labels(model, batches).ids) >= 4


def test_what_does_not_fit_is_said():
    tagger = s2s.build_tagger(len(SRC_VOCAB), len(TAGS), 3, 5)
    writer = s2s.build_model("gru", len(SRC_VOCAB), len(TAGS), 3, 5)
    tags = s2s.make_batches(corpus(False), SRC_VOCAB, TAGS, 2, targets="tags")
    short = s2s.make_batches(corpus(False), SRC_VOCAB, TAGS, 2, targets="tags", max_length=3)
    plain = s2s.make_batches(corpus(False), SRC_VOCAB, TAGS, 2)
    with pytest.raises(TypeError, match="a Seq2Seq writes sentences"):
        s2s.predict_labels(writer, tags)
    with pytest.raises(TypeError, match="what make_batches gives, not list"):
        s2s.predict_labels(tagger, corpus(False))
    with pytest.raises(ValueError, match="batches has sentences for targets, but a Tagger needs"):
        s2s.predict_labels(tagger, plain)
    with pytest.raises(ValueError, match="leave out 1 long pairs"):
        s2s.predict_labels(tagger, short)
