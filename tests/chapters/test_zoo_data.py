"""The checks of chapter 8 against disguises: other code that is wrong in the same way, in data, loss and scores.

A check that was shown one bug knows one bug. Each is tried on sound things, which must pass, and on
at least three wrong ones. The checks are read out of the notebook, so that it is the chapter's own
code that is tested.
"""

import dataclasses
import hashlib
import math
import unicodedata

import numpy as np
import pytest
import torch
from disguises import caught, passes, sentences

import s2s_tutorial as s2s

pytestmark = pytest.mark.slow


def test_loss(zoo, models, batch):
    right, model = zoo["loss_of_tokens"], models["luong_general"]
    assert passes(zoo["check_loss"], right, model, batch)

    def shorter(model, batch):  # the first padding is taken for a token
        mask = batch.tgt_mask.clone()
        mask[:, 1:] |= batch.tgt_mask[:, :-1]
        return right(model, dataclasses.replace(batch, tgt_mask=mask))

    def of_sentences(model, batch):
        means = [right(model, zoo["alone"](batch, row)).mean for row in range(len(batch))]
        tokens = int(batch.tgt_mask.sum())
        return s2s.SequenceLoss(sum(means) / len(means) * tokens, tokens)

    def divided_by_cells(model, batch):
        return s2s.SequenceLoss(right(model, batch).total, batch.tgt_mask.numel())

    def other_gradient(model, batch):
        honest, cells = right(model, batch), zoo["loss_of_cells"](model, batch)
        seen = cells.mean * honest.tokens
        return s2s.SequenceLoss(honest.total.detach() + seen - seen.detach(), honest.tokens)

    disguises = shorter, of_sentences, divided_by_cells, other_gradient, zoo["loss_of_cells"]
    arguments = {loss.__name__: (loss, model, batch) for loss in disguises}
    assert caught(zoo["check_loss"], arguments) == []


def test_perplexity(zoo, models):
    check, model, pairs = zoo["check_perplexity"], models["luong_general"], zoo["task"].test[:17]
    right = zoo["loss_of_tokens"]
    for name, sound in models.items():
        assert passes(check, zoo["of_tokens"], sound, pairs), name

    def losses(model, pairs, size):
        return [right(model, batch) for batch in zoo["batches_of"](pairs, size)]

    def mean_of_perplexities(model, pairs, size):
        return np.mean([each.mean.exp().item() for each in losses(model, pairs, size)])

    def without_the_last(model, pairs, size):
        return zoo["of_tokens"](model, pairs[: len(pairs) // size * size], size)

    def of_cells(model, pairs, size):
        return zoo["of_tokens"](model, pairs, size, loss=zoo["loss_of_cells"])

    def in_bits(model, pairs, size):
        return math.exp(math.log2(zoo["of_tokens"](model, pairs, size)))

    disguises = mean_of_perplexities, without_the_last, of_cells, in_bits, zoo["mean_of_means"]
    arguments = {score.__name__: (score, model, pairs) for score in disguises}
    arguments["free running"] = zoo["free_running"], model, pairs
    assert caught(check, arguments) == []


def test_targets(zoo):
    pairs, (src_vocab, tgt_vocab) = zoo["task"].test[:12], zoo["task"].vocabs
    batch, change = zoo["whole"](pairs), dataclasses.replace

    def rows(batch, order):
        return s2s.Batch(*(tensor[order] for tensor in vars(batch).values()))

    capped = [s2s.Pair(pair.src, pair.tgt[:3]) for pair in pairs]
    disguises = {
        "no shift": zoo["no_shift"](batch),
        "cut short": zoo["cut_short"](batch),
        "cut, then ended": zoo["whole"](capped),
        "the source cut": change(batch, src_lengths=batch.src_lengths.clamp(max=3)),
        "two rows changed places": rows(batch, [1, 0, *range(2, len(batch))]),
        "<bos> twice": change(batch, tgt_in=torch.full_like(batch.tgt_in, s2s.BOS_ID)),
        "<eos> is not counted": change(batch, tgt_mask=batch.tgt_mask.roll(-1, dims=1)),
    }
    check, arguments = zoo["check_targets"], (pairs, src_vocab, tgt_vocab)
    assert passes(check, batch, *arguments)
    assert caught(check, {name: (each, *arguments) for name, each in disguises.items()}) == []


def test_overlap(zoo):
    train = sentences("il gatto è qui", "la casa", "un cane")
    assert passes(zoo["check_overlap"], train, sentences("il gatto", "la casa è qui"))
    disguises = {
        "the same": sentences("un topo", "la casa"),
        "in capitals": sentences("LA Casa"),
        "with a full stop": sentences("la casa ."),
        "accents in two signs": sentences(unicodedata.normalize("NFD", "il gatto è qui")),
    }
    tests = {name: (train, test) for name, test in disguises.items()}
    assert caught(zoo["check_overlap"], tests) == []


def test_types(zoo):
    build = s2s.Vocabulary.build
    train, test = [["a", "b", "b", "c", "c"]], [["a", "d", "d", "a", "a"]]
    check = zoo["check_types"]
    assert passes(check, build(train), train)

    def of_both(**settings):
        return lambda: check(build(train + test, **settings), train, **settings)

    leaks = {
        "types of the test": of_both(),
        "counted in the test": of_both(min_freq=2),  # `a`: once in training
        "ranked by the test": of_both(max_size=6),
    }
    assert caught(lambda leak: leak(), {name: (leak,) for name, leak in leaks.items()}) == []


def test_length(zoo):
    references = [list("abcde")] * 10 + [list("abcdefghij")] * 10
    assert passes(zoo["check_length"], references, references)
    assert passes(zoo["check_length"], [r + ["x"] for r in references], references)
    disguises = {
        "a token less": [r[:-1] for r in references],
        "half short, half rambling": [r * 2 if i % 2 else r[:-2] for i, r in enumerate(references)],
        "a tenth empty": [[], [], *references[2:]],
        "only the long ones cut": [r[:8] for r in references],
    }
    given = {name: (outputs, references) for name, outputs in disguises.items()}
    assert caught(zoo["check_length"], given) == []


def test_file(zoo):
    sound = b"uno\tone\ndue\ttwo\n"
    known = hashlib.sha256(sound).hexdigest()
    assert passes(zoo["check_file"], sound, known)
    disguises = {
        "broken off": sound[:9],
        "other line ends": sound.replace(b"\n", b"\r\n"),
        "a byte order mark": b"\xef\xbb\xbf" + sound,
        "another order": b"due\ttwo\nuno\tone\n",
    }
    assert (
        caught(zoo["check_file"], {name: (data, known) for name, data in disguises.items()}) == []
    )
