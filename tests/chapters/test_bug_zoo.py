"""The checks of chapter 8 against disguises: other code that is wrong in the same way.

A check that was shown one bug knows one bug. Each is tried here on sound things, which must pass,
and on at least three wrong ones. The checks are read out of the notebook, so that it is the
chapter's own code that is tested.
"""

import ast
import copy
import dataclasses
import functools
import hashlib
import json
import math
import re
import unicodedata

import numpy as np
import pytest
import torch
from places import ROOT

import s2s_tutorial as s2s

NOTEBOOK = ROOT / "chapters" / "08_bug_zoo.ipynb"
PARTIALS = {"close", "free_running"}  # functions that an assignment makes
pytestmark = pytest.mark.slow
SIZES = {"train": 60, "valid": 20, "test": 40}


def definitions(source):
    """The imports, functions and classes of a cell, without what it computes."""
    for node in ast.parse(source).body:
        made = isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in PARTIALS
        if made or isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef)):
            yield node


@pytest.fixture(scope="module")
def zoo():
    names = {"task": s2s.Task.load("numbers", SIZES, max_digits=4), "device": "cpu"}
    for cell in json.loads(NOTEBOOK.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        if cell["cell_type"] == "code" and "%pip" not in source:
            exec(compile(ast.Module(list(definitions(source)), []), "chapter 8", "exec"), names)
    return names


@pytest.fixture
def models(zoo):
    """Untrained models with weights so large that they attend to something."""
    made = {}
    for preset in ("luong_general", "bahdanau", "bigru_concat", "stacked_lstm_additive"):
        torch.manual_seed(0)
        made[preset] = s2s.build_model(preset, *map(len, zoo["task"].vocabs), 8, hidden_size=12)
        with torch.no_grad():
            for parameter in made[preset].parameters():
                parameter.mul_(2.0)
    return made


@pytest.fixture
def batch(zoo):
    return zoo["whole"](zoo["task"].test[:4])


def passes(check, *arguments):
    try:
        check(*arguments)
    except AssertionError:
        return False
    return True


def caught(check, disguises):
    """Those that the check lets through."""
    assert len(disguises) >= 3
    return [name for name, arguments in disguises.items() if passes(check, *arguments)]


def with_part(model, *, encoder=None, decoder=None, attention=None):
    """A copy of a model, one part of which has the methods of a subclass."""
    model = copy.deepcopy(model)
    parts = (model.encoder, encoder), (model.decoder, decoder), (model.decoder.attention, attention)
    for part, kind in parts:
        if kind:
            part.__class__ = kind
    return model


def changed(base, **methods):
    return type("Disguise", (base,), methods)


def encoding(change):
    """An encoder whose output is changed."""

    def forward(self, src, src_lengths):
        return change(s2s.Encoder.forward(self, src, src_lengths))

    return changed(s2s.Encoder, forward=forward)


def keys_from(change):
    """The general score with changed keys."""
    right = s2s.GeneralAttention.project_keys
    return changed(s2s.GeneralAttention, project_keys=lambda self, m: change(right(self, m)))


def aligned(change):
    """The general score with another way from scores to weights."""

    def align(self, query, keys, mask, position, previous_weights):
        return change(self.score(query, keys), mask)

    return changed(s2s.GeneralAttention, align=align)


def stepping(change):
    """Luong's decoder with another step; ``forward`` is as it was."""

    def step(self, token, state, encoded, keys=None):
        return change(functools.partial(s2s.LuongDecoder.step, self), token, state, encoded, keys)

    return changed(s2s.LuongDecoder, step=step)


def all_real(encoded):
    return encoded._replace(src_mask=torch.ones_like(encoded.src_mask))


def unmasked_step(step, token, state, encoded, keys):
    return step(token, state, all_real(encoded), keys)


def test_company(zoo, models, batch):
    check, model = zoo["check_company"], models["luong_general"]
    for name, sound in models.items():
        assert passes(check, sound, batch), name
    disguises = {
        "no mask": with_part(model, encoder=zoo["NoMask"]),
        "over padding": with_part(model, encoder=zoo["OverPadding"]),
        "no mask, in step alone": with_part(model, decoder=stepping(unmasked_step)),
        "softmax over the batch": with_part(model, attention=aligned(lambda e, m: e.softmax(0))),
        "a small number for minus infinity": with_part(
            model,
            attention=aligned(lambda e, m: e.masked_fill(~m[:, None], -5.0).softmax(-1)),
        ),
        "centred over the batch": with_part(
            model,
            encoder=encoding(lambda out: out._replace(memory=out.memory - out.memory.mean(0))),
        ),
        "a neighbour's start": with_part(
            model,
            encoder=encoding(
                lambda out: out._replace(final_state=tuple(x.roll(1, 1) for x in out.final_state))
            ),
        ),
    }
    assert caught(check, {name: (each, batch) for name, each in disguises.items()}) == []


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


def test_looks(zoo, models, batch):
    check, model = zoo["check_looks"], models["luong_general"]
    for name, sound in models.items():
        assert passes(check, sound, batch), name
    blind = copy.deepcopy(model)
    blind.decoder.attention = s2s.LocationAttention(12, 20)

    def place_and_average(self, query, keys):
        places = query[..., : keys.shape[1]]
        places = torch.nn.functional.pad(places, (0, keys.shape[1] - places.shape[-1]))
        return places + (query * keys.mean(1, keepdim=True)).sum(-1, keepdim=True)

    def wasted(self, *arguments, **named):
        context, weights = s2s.GeneralAttention.forward(self, *arguments, **named)
        return context * 0, weights

    attentions = {
        "keys * 0": keys_from(lambda keys: keys * 0),
        "keys * 1e-6": keys_from(lambda keys: keys * 1e-6),
        "the average of all keys": keys_from(lambda k: k.mean(1, keepdim=True).expand_as(k)),
        "the first key for all": keys_from(lambda k: k[:, :1].expand_as(k)),
        "the neighbour's key": keys_from(lambda k: k.roll(1, dims=1)),
        "the place, and the average": changed(s2s.GeneralAttention, score=place_and_average),
        "a context that is thrown away": changed(s2s.GeneralAttention, forward=wasted),
    }
    disguises = {"location": (blind, batch)}
    for name, attention in attentions.items():
        disguises[name] = with_part(model, attention=attention), batch
    assert caught(check, disguises) == []


def test_order(zoo, models, batch):
    knows = {name: zoo["knows_the_word"](model, batch) for name, model in models.items()}
    assert knows == {name: name != "bahdanau" for name in models}
    sure = copy.deepcopy(models["luong_general"])
    sure.decoder.attention.W.data *= 20  # all weight on one word, whatever was written
    assert zoo["knows_the_word"](sure, batch)
    other = with_part(models["bahdanau"], decoder=zoo["AsksAfterwards"])
    assert zoo["knows_the_word"](other, batch)


def test_step(zoo, models, batch):
    check, model = zoo["check_step"], models["luong_general"]
    for name, sound in models.items():
        assert passes(check, sound, batch), name
    memory = {}

    def forgetful(step, token, state, encoded, keys):
        return step(token, state, encoded, keys)._replace(state=state)

    def on_the_module(step, token, state, encoded, keys):
        state = memory.get(id(encoded), state)
        out = step(token, state, encoded, keys)
        memory[id(encoded)] = out.state
        return out

    def other_keys(step, token, state, encoded, keys):
        return step(token, state, encoded, keys if keys is None else keys * 0.5)

    def late_weights(step, token, state, encoded, keys):
        out = step(token, state, encoded, keys)
        return out if state.weights is None else out._replace(weights=state.weights)

    steps = forgetful, on_the_module, other_keys, late_weights, unmasked_step
    disguises = {s.__name__: (with_part(model, decoder=stepping(s)), batch) for s in steps}
    other = with_part(models["bahdanau"], decoder=zoo["AsksAfterwards"])
    assert caught(check, disguises | {"the other order": (other, batch)}) == []


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


def sentences(*texts):
    return [s2s.Pair(tuple(text.split()), ("x",)) for text in texts]


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


def test_gradient(zoo):
    check = zoo["check_gradient"]
    for sound in (s2s.GeneralAttention(5, 3), s2s.AdditiveAttention(5, 3, 4)):
        assert passes(check, sound, 5, 3)

    def emptied(scores, mask):
        weights = scores.softmax(-1)
        weights.data.masked_fill_(~mask[:, None], 0.0)
        return weights

    def after_tanh(scores, mask):
        scores = torch.tanh(scores)
        scores.data.masked_fill_(~mask[:, None], -math.inf)
        return scores.softmax(-1)

    def frozen(self, query, keys):
        return (query @ keys.mT).detach()

    disguises = {
        ".data": zoo["BehindItsBack"],
        "after the softmax": aligned(emptied),
        "after a tanh": aligned(after_tanh),
        "keys without a gradient": keys_from(torch.Tensor.detach),
        "scores without a gradient": changed(s2s.GeneralAttention, score=frozen),
        "a matrix that never learns": changed(
            s2s.GeneralAttention, project_keys=lambda self, memory: memory @ self.W.detach().T
        ),
    }
    assert caught(check, {name: (kind(5, 3), 5, 3) for name, kind in disguises.items()}) == []


def test_half(zoo):
    assert passes(zoo["check_half"], s2s.masked_softmax)

    def with_infinity(scores, mask):
        return scores.masked_fill(~mask, -math.inf).softmax(-1)

    def with_a_billion(scores, mask):
        lowest = -1e9 if scores.dtype != torch.float16 else -6e4
        return scores.masked_fill(~mask, lowest).softmax(-1)

    def mended(scores, mask):
        return (scores + mask.to(scores.dtype).log()).softmax(-1).nan_to_num(0.0)

    def by_hand(scores, mask):
        e = scores.exp() * mask
        return e / (e.sum(-1, keepdim=True) + 1e-6)

    def nothing(scores, mask):
        return scores * 0

    disguises = with_infinity, with_a_billion, mended, by_hand, nothing
    assert caught(zoo["check_half"], {way.__name__: (way,) for way in disguises}) == []


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


def test_keys(zoo):
    large = s2s.build_model("bahdanau", 9, 9, 8, hidden_size=64)
    names = {**zoo, "large": large}

    def counted(kind=None, keys_once=True):
        model = with_part(large, attention=kind)
        count = type(zoo["products"])(
            zoo["products"].__wrapped__.__code__, names | {"large": model}
        )
        return lambda words, steps: torch.no_grad()(count)(words, steps, keys_once)

    class InTheScore(s2s.AdditiveAttention):  # where nobody counts calls of project_keys
        def project_keys(self, memory):
            return memory

        def score(self, query, keys):
            return super().score(query, keys @ self.W_k.T)

    class AndAgain(s2s.AdditiveAttention):
        def align(self, query, keys, *rest):
            return super().align(query, keys + keys @ self.W_k[:, : keys.shape[-1]] * 0, *rest)

    assert passes(zoo["check_keys"], counted(), 128)
    disguises = {
        "at every step": counted(keys_once=False),
        "in the score": counted(InTheScore),
        "once, and again": counted(AndAgain),
    }
    assert caught(zoo["check_keys"], {name: (f, 128) for name, f in disguises.items()}) == []


def test_bleu(zoo):
    texts = ["The cat sits on the mat.", "A dog runs through the park."] * 3 + [
        "Two men, far away."
    ]
    references = ["The cat sat on the mat.", "A dog is running in the park."] * 3 + [
        "Two men far away."
    ]
    check, right = zoo["check_bleu"], s2s.bleu(texts, references).score
    assert passes(check, right, texts, references)
    home = [[re.sub(r"\W+", " ", t.lower()) for t in side] for side in (texts, references)]
    disguises = {
        "cleaned": s2s.bleu(*home).score,
        "characters": s2s.bleu(texts, references, tokenize="char").score,
        "mean of sentences": np.mean([s2s.bleu([a], [b]).score for a, b in zip(texts, references)]),
        "the first half": s2s.bleu(texts[:3], references[:3]).score,
    }
    given = {name: (score, texts, references) for name, score in disguises.items()}
    assert caught(check, given) == []


def test_pin(zoo):
    there = "2.11.0+cu128"
    for cell in (
        "!pip install sacrebleu",
        "%pip install -q 'torch>=2.2' numpy",
        "!pip install torch",
    ):
        assert passes(zoo["check_pin"], cell, there), cell
    disguises = (
        "!pip install torch==2.3.0",
        "!pip install 'torch == 2.3.0'",
        "!pip install 'torch<2.4'",
        "%pip install Torch~=2.3.0",
        "!pip install 'torch @ https://example.org/torch-2.3.whl'",
        "!pip install https://example.org/torch-2.3-cp311.whl",
        "!pip install torchvision==0.18",
        "!pip install -U torch",
        "!pip install -r requirements.txt",
        "!conda install pytorch=2.3",
    )
    assert caught(zoo["check_pin"], {cell: (cell, there) for cell in disguises}) == []


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


def test_start(zoo, models, batch):
    check = zoo["check_start"]
    for name, sound in models.items():
        assert passes(check, sound, batch), name

    def starting(change):
        def init_state(self, encoded):
            return s2s.AttentionState(tuple(map(change, range(2), encoded.final_state)))

        return changed(s2s.LuongDecoder, init_state=init_state)

    def first_layer_only(n, state):
        return torch.cat([state[:1], torch.zeros_like(state[1:])])

    starts = {
        "zeros": starting(lambda n, state: state * 0),
        "h, but not c": starting(lambda n, state: state * (1 - n)),
        "the batch's mean": starting(lambda n, state: state.mean(1, keepdim=True).expand_as(state)),
    }
    model = models["luong_general"]
    disguises = {name: (with_part(model, decoder=kind), batch) for name, kind in starts.items()}
    stacked = copy.deepcopy(models["stacked_lstm_additive"])
    stacked.decoder.__class__ = changed(
        type(stacked.decoder), init_state=starting(first_layer_only).init_state
    )
    assert caught(check, disguises | {"one layer of two": (stacked, batch)}) == []
