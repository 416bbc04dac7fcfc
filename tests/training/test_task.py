"""A task: the same splits, vocabularies, batches, training and score as when they are made one by one."""

import pytest
import torch

import s2s_tutorial as s2s

SIZES = {"train": 60, "valid": 11, "test": 13}
OPTIONS = {"symbols": 5, "max_length": 4}


@pytest.fixture(scope="module")
def task():
    return s2s.Task.load("reverse", SIZES, **OPTIONS)


def test_loads_three_splits_and_the_training_pairs_vocabularies(task):
    for split, size in SIZES.items():
        pairs = getattr(task, split)
        assert len(pairs) == size
        assert list(pairs) == list(s2s.load_corpus("reverse", split, size=size, **OPTIONS))
    assert task.src_vocab.tokens == s2s.Vocabulary.build(task.train.src_sentences).tokens
    assert task.vocabs == (task.src_vocab, task.tgt_vocab)
    assert len(s2s.Task.load("reverse", {"train": 7}, **OPTIONS).valid) > 100  # what there is


def test_trains_as_the_functions_one_after_the_other(task):
    given = {"embedding_size": 3, "hidden_size": 5}
    model, history = task.fit("gru", 7, 4, 1e-2, batch_size=16, **given)
    s2s.seed_everything(7)
    other = s2s.build_model("gru", *map(len, task.vocabs), **given)
    train = s2s.make_batches(task.train, *task.vocabs, 16, shuffle=True, seed=7)
    config = s2s.TrainConfig(4, 1e-2, seed=7, evaluate_every=4)
    expected = s2s.fit(other, train, task.batches("valid"), config)
    assert history.batch_loss == expected.batch_loss
    assert history.valid_loss == expected.valid_loss and len(history.valid_loss) == 1
    for name, weight in model.state_dict().items():
        assert torch.equal(weight, other.state_dict()[name])


def test_the_model_can_be_changed_before_and_the_settings_too(task):
    def zero(model):
        torch.nn.init.zeros_(model.decoder.output.bias)
        seen.append(model.decoder.output.bias.sum().item())

    seen = []
    config = {"evaluate_every": 2, "label_smoothing": 0.1}
    _, history = task.fit("gru", 7, 4, 1e-2, prepare=zero, config=config, hidden_size=5)
    assert seen == [0.0]
    assert history.evaluated_at == [2, 4]
    plain = task.fit("gru", 7, 4, 1e-2, prepare=zero, hidden_size=5)[1]
    assert history.batch_loss != plain.batch_loss


def test_exact_match_counts_the_pairs_that_are_right(task):
    model, _ = task.fit("bahdanau", 0, 60, 2e-2, embedding_size=8, hidden_size=16)
    ids = task.decode(model, "valid", max_length=9).ids
    right = [task.tgt_vocab.decode(found) == list(pair.tgt) for found, pair in zip(ids, task.valid)]
    assert 0 < sum(right) < len(right)  # neither all nor none, so that a wrong order would show
    assert task.exact_match(model, "valid", max_length=9) == sum(right) / len(right)


def test_a_split_that_is_none(task):
    with pytest.raises(ValueError, match=r"sizes names \['dev'\]; the splits are train, valid"):
        s2s.Task.load("reverse", {"dev": 5})
    with pytest.raises(ValueError, match="there is no split 'dev'; the splits are train"):
        task.batches("dev")
