"""What is measured after a model's first mistake, on a model whose answers are known."""

import json

import pytest
import torch

import s2s_tutorial as s2s
from benchmarks import scheduled_sampling
from benchmarks.scheduled_sampling import losses_after_a_mistake, measure, own_words


@pytest.fixture(scope="module")
def task():
    return s2s.Task.load("phrases", {"train": 200, "valid": 10, "test": 20})


@pytest.fixture(scope="module")
def model(task):
    sizes = {"embedding_size": 6, "hidden_size": 5}
    return task.fit("bahdanau", 0, steps=3, learning_rate=1e-2, **sizes)[0]


def test_at_the_next_token_the_one_wrong_word_is_the_own_word(task, model):
    (batch,) = task.batches("test", batch_size=20, bucket=False)
    found = losses_after_a_mistake(model, batch, 1)
    assert found["once"] == pytest.approx(found["own"], rel=1e-4)
    assert found["once"] != pytest.approx(found["true"], rel=1e-4)


def test_true_words_are_those_of_teacher_forcing(task, model):
    """By hand, sentence by sentence, two tokens after the mistake."""
    (batch,) = task.batches("test", batch_size=20, bucket=False)
    with torch.no_grad():
        logits = model(batch.src, batch.src_lengths, batch.tgt_in).logits
        fed, _ = own_words(model, batch)
    losses = []
    for row, target, words, real in zip(logits, batch.tgt_out, fed, batch.tgt_mask):
        wrong = [i for i in range(len(target)) if real[i] and row[i].argmax() != target[i]]
        at = wrong[0] + 2 if wrong else len(target)
        if at < len(target) and real[at] and s2s.EOS_ID not in words[: at + 1]:
            losses.append(-row[at].log_softmax(-1)[target[at]].item())
    assert len(losses) > 3
    found = losses_after_a_mistake(model, batch, 2)
    assert found["true"] == pytest.approx(sum(losses) / len(losses), rel=1e-4)


def test_scores_are_those_of_the_greedy_translations(task, model):
    found = measure(task, model)
    assert found["exact"] == task.exact_match(model)
    assert 0 <= found["bleu"] <= 100 and 0 < found["chrf"] < 100 and found["loss"] > 0


def test_what_is_stored_has_three_seeds_or_more_of_each_setting():
    stored = json.loads(scheduled_sampling.RESULTS.read_text(encoding="utf-8"))
    assert stored["setup"]["sizes"] == scheduled_sampling.SIZES
    for steps, end in scheduled_sampling.SETTINGS:
        seeds = [r["seed"] for r in stored["runs"] if (r["steps"], r["end"]) == (steps, end)]
        assert len(set(seeds)) == len(seeds) >= 3
