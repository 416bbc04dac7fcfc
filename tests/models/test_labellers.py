"""Tagger and classifier: their equations, padding, training, saving, and what they refuse."""

from dataclasses import replace

import pytest
import torch
from small_runs import Stopping, interrupt
from torch.nn import functional as F

import s2s_tutorial as s2s
from s2s_tutorial.saving.checkpoint import CheckpointError

LENGTHS = torch.tensor([5, 2, 3])
SRC = torch.tensor([[4, 5, 6, 7, 8], [9, 10, 0, 0, 0], [8, 4, 5, 0, 0]])
SIZES = {"embedding_size": 3, "hidden_size": 5}
BUILDERS = {
    "tagger": lambda: s2s.build_tagger(11, 9, **SIZES),
    "two layers": lambda: s2s.build_tagger(11, 9, **SIZES, num_layers=2, cell="lstm"),
    "attention": lambda: s2s.build_classifier(11, 7, **SIZES, attention_size=13),
    "mean": lambda: s2s.build_classifier(11, 7, **SIZES, pooling="mean"),
    "ends": lambda: s2s.build_classifier(11, 7, **SIZES, pooling="ends"),
}


def task(labels=False):
    """A few sentences whose tags are their words in capitals; or their first word."""
    words = [["a", "b", "c"], ["b"], ["c", "a"], ["a", "a", "b", "c"], ["b", "c"]] * 4
    pairs = [s2s.Pair(tuple(w), (w[0],) if labels else tuple(x.upper() for x in w)) for w in words]
    corpus = s2s.ParallelCorpus(pairs, "toy")
    vocabs = [s2s.Vocabulary.build(side) for side in (corpus.src_sentences, corpus.tgt_sentences)]
    return s2s.Task(corpus, corpus, corpus, *vocabs)


def test_a_tagger_is_its_encoder_and_one_layer():
    tagger = s2s.build_tagger(11, 9, **SIZES).eval()
    memory = tagger.encode(SRC, LENGTHS).memory
    expected = F.linear(memory, tagger.output.weight, tagger.output.bias)
    torch.testing.assert_close(tagger(SRC, LENGTHS).logits, expected)


def test_a_classifier_is_its_encoder_pooled_and_one_layer():
    model = s2s.build_classifier(11, 7, **SIZES, attention_size=13).eval()
    encoded = model.encode(SRC, LENGTHS)
    context, weights = model.pooling(encoded.memory, encoded.src_mask)
    output = model(SRC, LENGTHS)
    torch.testing.assert_close(output.logits[:, 0], model.output(context))
    torch.testing.assert_close(output.weights[:, 0], weights)


@pytest.mark.parametrize("name", BUILDERS)
def test_padding_and_company_change_nothing(name):
    model = BUILDERS[name]().eval()
    together = model(SRC, LENGTHS).logits
    for row, n in enumerate(LENGTHS.tolist()):
        alone = model(SRC[row : row + 1, :n], LENGTHS[row : row + 1]).logits[0]
        torch.testing.assert_close(together[row, : len(alone)], alone)


@pytest.mark.parametrize("name", BUILDERS)
def test_one_comes_back_from_a_file(name, tmp_path):
    model = BUILDERS[name]().eval()
    s2s.save_checkpoint(tmp_path / "m.safetensors", model)
    loaded = s2s.load_checkpoint(tmp_path / "m.safetensors").model.eval()
    assert type(loaded) is type(model)
    assert loaded.config == model.config
    assert torch.equal(loaded(SRC, LENGTHS).logits, model(SRC, LENGTHS).logits)


def test_a_file_of_another_kind_is_refused(tmp_path):
    s2s.save_checkpoint(tmp_path / "m.safetensors", BUILDERS["tagger"]())
    with pytest.raises(CheckpointError, match="kind is 'tagger' there and 'classifier' here"):
        s2s.load_checkpoint(tmp_path / "m.safetensors", BUILDERS["mean"]())


@pytest.mark.parametrize(
    ("labels", "build"),
    [(False, s2s.build_tagger), (True, s2s.build_classifier)],
    ids=["tagger", "classifier"],
)
def test_fit_learns_and_measures(labels, build):
    toy = task(labels)
    model, history = toy.fit(build, 0, 60, 3e-2, batch_size=5, **SIZES)
    assert toy.exact_match(model) == 1.0
    measured = s2s.evaluate(model, toy.batches(targets=model.targets))
    assert measured.token_accuracy == 1.0
    assert measured.tokens == sum(len(pair.tgt) for pair in toy.test)  # no <eos> among them
    assert history.valid_loss[-1] == pytest.approx(measured.loss)


def test_the_loss_is_the_cross_entropy_of_the_tags():
    toy, rows = task(), []
    model = s2s.build_tagger(len(toy.src_vocab), len(toy.tgt_vocab), **SIZES).eval()
    for pair in toy.test:
        src = torch.tensor([toy.src_vocab.encode(pair.src)])
        logits = model(src, torch.tensor([len(pair.src)])).logits[0]
        tags = torch.tensor(toy.tgt_vocab.encode(pair.tgt))
        rows += F.cross_entropy(logits, tags, reduction="none").tolist()
    found = s2s.evaluate(model, toy.batches(batch_size=7, targets="tags"))
    assert found.loss == pytest.approx(sum(rows) / len(rows))


def test_a_run_goes_on_to_the_same_numbers(tmp_path):
    toy, path = task(), tmp_path / "run.safetensors"
    vocabs = {"src_vocab": toy.src_vocab, "tgt_vocab": toy.tgt_vocab}
    batches = toy.batches("train", 5, shuffle=True, targets="tags")
    config = s2s.TrainConfig(9, 1e-2, evaluate_every=2, device="cpu", progress=False)
    saved = replace(config, checkpoint=path)

    def fresh():
        torch.manual_seed(3)
        return s2s.build_tagger(len(toy.src_vocab), len(toy.tgt_vocab), **SIZES)

    straight = s2s.fit(fresh(), batches, batches, config)
    half = s2s.fit(fresh(), Stopping(batches, 5, interrupt), batches, saved, **vocabs)
    assert half.steps_done == 5
    model = s2s.load_checkpoint(path).model
    assert s2s.load_checkpoint(path).tgt_vocab == toy.tgt_vocab
    resumed = s2s.fit(model, batches, batches, saved, resume=True, **vocabs)
    assert resumed.batch_loss == straight.batch_loss


def test_training_is_told_what_does_not_fit():
    toy = task()
    tagger = s2s.build_tagger(len(toy.src_vocab), len(toy.tgt_vocab), **SIZES)
    sentences, tags = toy.batches(), toy.batches(targets="tags")
    with pytest.raises(ValueError, match="sentences for targets, but a Tagger needs tags: make_b"):
        s2s.fit(tagger, sentences, tags)
    writer = s2s.build_model("gru", len(toy.src_vocab), len(toy.tgt_vocab), **SIZES)
    with pytest.raises(ValueError, match="tags for targets, but a Seq2Seq needs sentences"):
        s2s.evaluate(writer, tags)
    config = s2s.TrainConfig(2, teacher_forcing=0.5)
    with pytest.raises(ValueError, match="a Tagger is fed no words, so teacher_forcing"):
        s2s.fit(tagger, tags, tags, config)
    with pytest.raises(ValueError, match="tgt_mask must have shape"):
        tagger(SRC[:, :3] % 7, torch.tensor([3, 2, 3]), None, torch.ones(3, 4).bool())


@pytest.mark.parametrize(
    ("options", "error", "message"),
    [
        ({"hidden_size": 0}, ValueError, "hidden_size must be at least 1, not 0"),
        ({"dropout": 1.5}, ValueError, "dropout must be a probability"),
        ({"num_layers": 1.0}, TypeError, "num_layers must be a whole number"),
        ({"pooling": "max"}, ValueError, "no pooling 'max'"),
        ({"cell": "gur"}, ValueError, "gur"),
    ],
)
def test_sizes_and_names_are_checked(options, error, message):
    with pytest.raises(error, match=message):
        s2s.build_classifier(11, 7, **({"embedding_size": 3} | options))
