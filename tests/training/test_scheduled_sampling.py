import math
from dataclasses import fields

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.seq2seq import inference
from s2s_tutorial.search.greedy import greedy_decode
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import BOS_ID, PAD_ID, Vocabulary
from s2s_tutorial.training.scheduled_sampling import Decay, feed_own_words, forcing_ratio


@pytest.fixture(scope="module", params=["gru", "bahdanau", "luong_local_p"])
def model_and_batch(request):
    corpus = load_corpus("reverse", size=53, symbols=5, max_length=7)
    vocab = Vocabulary.build(corpus.src_sentences)
    batch = next(iter(make_batches(corpus, vocab, vocab, batch_size=53)))
    torch.manual_seed(1)
    model = build_model(
        request.param, len(vocab), len(vocab), embedding_size=5, hidden_size=7, dropout=0.3
    )
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(3)  # so that it does not say the same word everywhere
    return model.train(), batch


def test_linear_decay_by_hand():
    decay = Decay("linear", over_steps=10, start=0.9, end=0.4)
    assert [decay.at(t) for t in (0, 2, 10, 11)] == pytest.approx([0.9, 0.8, 0.4, 0.4])


def test_exponential_decay_is_a_power():
    decay = Decay("exponential", over_steps=20, end=0.25)
    k = 0.25 ** (1 / 20)
    assert [decay.at(t) for t in range(21)] == pytest.approx([k**t for t in range(21)])
    assert decay.at(99) == pytest.approx(0.25)


def test_inverse_sigmoid_decay_is_the_papers():
    k = 10.0
    decay = Decay("inverse_sigmoid", over_steps=46, end=0.0)  # 2 k ln k = 46.05
    expected = [k / (k + math.exp(t / k)) for t in range(0, 90, 7)]
    assert [decay.at(t) for t in range(0, 90, 7)] == pytest.approx(expected, abs=1e-3)
    halved = Decay("inverse_sigmoid", over_steps=46, start=0.8, end=0.2)
    assert halved.at(23) == pytest.approx(0.5)
    assert halved.at(10**9) == pytest.approx(0.2)


@given(
    st.sampled_from(["linear", "exponential", "inverse_sigmoid"]),
    st.integers(1, 10_000),
    st.floats(0.01, 1),
    st.floats(0.01, 1),
    st.integers(0, 20_000),
)
def test_a_decay_falls_and_stays_inside(form, over_steps, one, other, step):
    decay = Decay(form, over_steps, start=max(one, other), end=min(one, other))
    now, later = decay.at(step), decay.at(step + 1)
    assert decay.end - 1e-9 <= later <= now + 1e-12 <= decay.start + 1e-9


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"form": "cosine"}, "form must be one of linear, exponential, inverse_sigmoid"),
        ({"over_steps": 0}, "over_steps must be at least 1"),
        ({"start": 0.2, "end": 0.3}, r"must fall inside \[0, 1\], but start is 0.2 and end is 0.3"),
        ({"start": 1.5}, "must fall inside"),
        ({"form": "exponential"}, "never reaches 0"),
    ],
)
def test_bad_decays_are_explained(options, message):
    with pytest.raises(ValueError, match=message):
        Decay(**{"form": "linear", "over_steps": 10} | options)


def test_a_number_stays_and_a_decay_falls():
    assert forcing_ratio(0.3, 500) == 0.3
    assert forcing_ratio(Decay("linear", over_steps=1000), 500) == 0.5


def test_always_forced_is_the_batch_itself_and_tosses_no_coin(model_and_batch):
    model, batch = model_and_batch
    before = torch.get_rng_state()
    assert feed_own_words(model, batch, 1.0) is batch
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("ratio", [0.0, 0.5, 1 - 1e-9])
def test_every_input_is_the_true_word_or_the_models_guess_at_this_very_prefix(
    model_and_batch, ratio
):
    model, batch = model_and_batch
    torch.manual_seed(4)
    mixed = feed_own_words(model, batch, ratio)
    assert model.training
    with inference(model):
        logits = model(batch.src, batch.src_lengths, mixed.tgt_in).logits
    logits[..., [PAD_ID, BOS_ID]] = -torch.inf
    own = logits.argmax(-1)[:, :-1]  # what forward says after each prefix, not step
    fed, true, real = mixed.tgt_in[:, 1:], batch.tgt_in[:, 1:], batch.tgt_mask[:, 1:]
    torch.manual_seed(4)
    heads = torch.rand(batch.tgt_in.shape)[:, 1:] < ratio
    assert torch.equal(fed[real], torch.where(heads, true, own)[real])
    assert torch.equal(fed[~real], true[~real])
    assert (mixed.tgt_in[:, 0] == BOS_ID).all()
    share = (fed == true)[real].float().mean()
    if ratio > 0.9:
        assert share == 1
    else:
        assert share < 0.8
    for field in fields(batch):
        if field.name != "tgt_in":
            assert getattr(mixed, field.name) is getattr(batch, field.name)


def test_never_forced_is_greedy_decoding(model_and_batch):
    model, batch = model_and_batch
    mixed = feed_own_words(model, batch, 0.0)
    decoded = greedy_decode(model, batch.src, batch.src_lengths, max_length=20)
    compared = 0
    for row, ids, length in zip(mixed.tgt_in, decoded.ids, batch.tgt_mask.sum(1).tolist()):
        n = min(len(ids), length - 1)
        assert row[1 : n + 1].tolist() == ids[:n]
        compared += n
    assert compared > 53


def test_the_inverse_sigmoid_starts_as_far_from_its_start_as_it_ends_from_its_end():
    decay = Decay("inverse_sigmoid", over_steps=100, start=0.9, end=0.1)
    assert decay.at(50) == pytest.approx(0.5)
    assert 0.9 - decay.at(0) == pytest.approx(decay.at(100) - 0.1)
    assert 0.04 < 0.9 - decay.at(0) < 0.05


@pytest.mark.parametrize("name", ["over_steps", "start", "end"])
def test_a_decay_of_words_is_explained(name):
    with pytest.raises(TypeError, match=f"{name} must be a number, not '1'"):
        Decay(**{"form": "linear", "over_steps": 100, name: "1"})
