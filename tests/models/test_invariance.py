"""What holds for every system, whatever the batch: padding, neighbours and the way of computing."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from tiny_models import SIZES, SYSTEMS, random_ids, shared_system

from s2s_tutorial.scoring.loss import sequence_loss

SRC_VOCAB, TGT_VOCAB = SIZES["src_vocab_size"], SIZES["tgt_vocab_size"]
every_system = pytest.mark.parametrize("name", SYSTEMS)
few = settings(max_examples=6)


@st.composite
def ragged(draw):
    """Lengths of both sides, and a seed."""
    size = draw(st.integers(1, 4))
    src = draw(st.lists(st.integers(1, 7), min_size=size, max_size=size))
    tgt = draw(st.lists(st.integers(1, 5), min_size=size, max_size=size))
    return src, tgt, draw(st.integers(0, 999))


def batch(src_lengths, tgt_lengths, seed, more=0, garbage=0):
    """src, src_lengths, tgt_in, tgt_out, tgt_mask; ``more`` columns of padding made of ``garbage``."""
    width = max(src_lengths) + more
    src, lengths = random_ids(src_lengths, SRC_VOCAB, seed, width, garbage)
    width = max(tgt_lengths) + more
    tgt_in, tgt_n = random_ids(tgt_lengths, TGT_VOCAB, seed + 1, width, garbage)
    tgt_out, _ = random_ids(tgt_lengths, TGT_VOCAB, seed + 2, width, garbage)
    return src, lengths, tgt_in, tgt_out, torch.arange(width)[None, :] < tgt_n[:, None]


def loss_and_gradients(model, src, lengths, tgt_in, tgt_out, tgt_mask):
    loss = sequence_loss(model(src, lengths, tgt_in, tgt_mask).logits, tgt_out, tgt_mask).total
    unused = {"allow_unused": True, "materialize_grads": True}  # no step before: no U, no F
    return loss, torch.autograd.grad(loss, list(model.parameters()), **unused)


@every_system
@few
@given(ragged(), st.integers(1, 3), st.integers(0, 10))
def test_padding_changes_nothing(name, shape, more, garbage):
    model = shared_system(name)
    narrow, wide = batch(*shape), batch(*shape, more, garbage)
    src_len, tgt_mask = narrow[0].shape[1], narrow[-1]
    with torch.no_grad():
        before, after = model(*narrow[:3]), model(*wide[:3])
    real = after.logits[wide[-1]]
    torch.testing.assert_close(real, before.logits[tgt_mask])
    torch.testing.assert_close(after.states[wide[-1]], before.states[tgt_mask])
    if before.weights is not None:
        weights = after.weights[wide[-1]]
        torch.testing.assert_close(weights[:, :src_len], before.weights[tgt_mask])
        assert (weights[:, src_len:] == 0).all()
    torch.testing.assert_close(loss_and_gradients(model, *wide), loss_and_gradients(model, *narrow))


@pytest.mark.slow
@every_system
@few
@given(ragged())
def test_a_sentence_alone_is_the_sentence_in_its_batch(name, shape):
    model = shared_system(name)
    src, lengths, tgt_in, tgt_out, tgt_mask = batch(*shape)
    together = model(src, lengths, tgt_in)
    loss, gradients = loss_and_gradients(model, src, lengths, tgt_in, tgt_out, tgt_mask)
    total, summed = 0.0, [torch.zeros_like(g) for g in gradients]
    for row, (n, m) in enumerate(zip(*shape[:2])):
        one = slice(row, row + 1)
        alone = model(src[one, :n], lengths[one], tgt_in[one, :m])
        torch.testing.assert_close(alone.logits[0], together.logits[row, :m])
        if alone.weights is not None:
            torch.testing.assert_close(alone.weights[0], together.weights[row, :m, :n])
        single = src[one, :n], lengths[one], tgt_in[one, :m], tgt_out[one, :m], tgt_mask[one, :m]
        its_loss, its_gradients = loss_and_gradients(model, *single)
        total = total + its_loss
        summed = [a + b for a, b in zip(summed, its_gradients)]
    torch.testing.assert_close(total, loss)
    torch.testing.assert_close(summed, list(gradients))


@every_system
@few
@given(ragged())
def test_the_weights_lie_on_real_tokens_and_sum_to_one(name, shape):
    src, lengths, tgt_in, *_ = batch(*shape, more=2, garbage=9)
    with torch.no_grad():
        weights = shared_system(name)(src, lengths, tgt_in).weights
    if SYSTEMS[name]["preset"] in ("rnn", "gru", "lstm"):
        assert weights is None
        return
    assert weights.shape == (len(src), tgt_in.shape[1], src.shape[1]) and (weights >= 0).all()
    real = torch.arange(src.shape[1])[None, :] < lengths[:, None]
    assert (weights.transpose(1, 2)[~real] == 0).all()
    total = weights.sum(dim=-1)
    if "local_p" in name:  # the Gaussian only takes away
        assert (total > 0).all() and (total <= 1).all()
    elif "local_m" in name:  # one, until the window has left the sentence
        window = SYSTEMS[name].get("window", 10)
        inside = torch.arange(tgt_in.shape[1])[None, :] - window < lengths[:, None]
        torch.testing.assert_close(total, inside.double())
    else:
        torch.testing.assert_close(total, torch.ones_like(total))


@every_system
@few
@given(ragged())
def test_step_equals_forward(name, shape):
    model = shared_system(name)
    src, lengths, tgt_in, _, tgt_mask = batch(*shape)
    with torch.no_grad():
        encoded = model.encode(src, lengths)
        whole = model.decoder(tgt_in, encoded)
        packed = model.decoder(tgt_in, encoded, tgt_mask)
        torch.testing.assert_close(packed.logits, whole.logits[tgt_mask])
        torch.testing.assert_close(packed.states, whole.states)
        torch.testing.assert_close(packed.weights, whole.weights)
        for keys in (None, model.decoder.project_keys(encoded)):
            state = model.decoder.init_state(encoded)
            for i, token in enumerate(tgt_in.unbind(dim=1)):
                logits, state, weights = model.decoder.step(token, state, encoded, keys)
                torch.testing.assert_close(logits, whole.logits[:, i])
                if whole.weights is None:
                    assert weights is None
                else:
                    torch.testing.assert_close(weights, whole.weights[:, i])


@every_system
def test_the_gradient_of_the_steps_is_that_of_forward(name):
    model = shared_system(name)
    src, lengths, tgt_in, tgt_out, tgt_mask = batch([5, 2, 3], [4, 1, 3], seed=1)
    encoded = model.encode(src, lengths)
    state, logits = model.decoder.init_state(encoded), []
    for token in tgt_in.unbind(dim=1):
        step = model.decoder.step(token, state, encoded, model.decoder.project_keys(encoded))
        state = step.state
        logits.append(step.logits)
    loss = sequence_loss(torch.stack(logits, dim=1), tgt_out, tgt_mask).total
    expected = loss_and_gradients(model, src, lengths, tgt_in, tgt_out, tgt_mask)
    gradients = torch.autograd.grad(loss, list(model.parameters()))
    torch.testing.assert_close((loss, gradients), expected)


@every_system
@few
@given(ragged(), st.data())
def test_choosing_rows_and_stepping_may_change_places(name, shape, data):
    decoder = shared_system(name).decoder
    src, lengths, tgt_in, *_ = batch(*shape)
    which = data.draw(st.lists(st.integers(0, len(src) - 1), min_size=1, max_size=6))
    rows = torch.tensor(which)
    with torch.no_grad():
        encoded = shared_system(name).encode(src, lengths)
        keys = decoder.project_keys(encoded)
        chosen_keys = None if keys is None else keys[rows]
        state = decoder.init_state(encoded)
        for token in tgt_in.unbind(dim=1):
            chosen_state, chosen = decoder.select_rows(state, rows), encoded.select_rows(rows)
            after = decoder.step(token[rows], chosen_state, chosen, chosen_keys)
            before = decoder.step(token, state, encoded, keys)
            state = before.state
            torch.testing.assert_close(after.logits, before.logits[rows])
            torch.testing.assert_close(
                flat(after.state), flat(decoder.select_rows(before.state, rows))
            )
            if before.weights is not None:
                torch.testing.assert_close(after.weights, before.weights[rows])


def flat(state):
    """All tensors and numbers of a state, however it is nested."""
    if isinstance(state, tuple):
        return [leaf for part in state for leaf in flat(part)]
    return [] if state is None else [torch.as_tensor(state)]
