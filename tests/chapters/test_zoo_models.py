"""The checks of chapter 8 against disguises: other code that is wrong in the same way, in a model.

A check that was shown one bug knows one bug. Each is tried on sound things, which must pass, and on
at least three wrong ones. The checks are read out of the notebook, so that it is the chapter's own
code that is tested.
"""

import copy
import math

import pytest
import torch
from disguises import (
    aligned,
    caught,
    changed,
    encoding,
    keys_from,
    passes,
    stepping,
    unmasked_step,
    with_part,
)

import s2s_tutorial as s2s

pytestmark = pytest.mark.slow


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


@pytest.mark.parametrize("preset", ["luong_local_p", "location_aware"])
def test_what_looks_at_places_by_design_fails_the_last_line_of_looks_only(zoo, batch, preset):
    torch.manual_seed(0)
    model = s2s.build_model(preset, *map(len, zoo["task"].vocabs), 12, hidden_size=12)
    with pytest.raises(AssertionError, match="looks at a place"):
        zoo["check_looks"](model, batch)


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
