import math

import numpy as np
import pytest
import torch
from oracles import (
    BATCH,
    EMBEDDING,
    HIDDEN,
    LENGTHS,
    TGT_LEN,
    VOCAB,
    numbers,
    random_source,
)
from oracles_decoders import bahdanau, looker
from tiny_models import drawn

from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.attention.scores import AdditiveAttention, GeneralAttention
from s2s_tutorial.models.bahdanau import BahdanauDecoder, backward_start
from s2s_tutorial.models.encoder import Encoder

MEMORY, TGT_VOCAB, WIDTH = 2 * HIDDEN, VOCAB + 2, 3
KINDS = {
    "additive": lambda: AdditiveAttention(HIDDEN, MEMORY, WIDTH),
    "location_aware": lambda: LocationAwareAttention(HIDDEN, MEMORY, WIDTH, 2, 3),
    "general": lambda: GeneralAttention(HIDDEN, MEMORY),
    "local_m": lambda: LocalAttention(GeneralAttention(HIDDEN, MEMORY), window=1),
}
LOCAL = {"local_m": ("general", {"local": "monotonic", "window": 1})}


def make(kind="additive", **options):
    decoder = BahdanauDecoder(TGT_VOCAB, EMBEDDING, HIDDEN, MEMORY, KINDS[kind](), **options)
    return drawn(decoder, seed=2)


def encoded():
    encoder = drawn(Encoder(VOCAB, EMBEDDING, HIDDEN, cell="gru", bidirectional=True))
    with torch.no_grad():
        return encoder(random_source(), LENGTHS)


def targets():
    generator = torch.Generator().manual_seed(3)
    return torch.randint(2, TGT_VOCAB, (BATCH, TGT_LEN), generator=generator)


@pytest.mark.parametrize("options", [{}, {"readout_size": 3}, {"readout": "tanh"}])
@pytest.mark.parametrize("kind", KINDS)
def test_follows_the_paper(kind, options):
    decoder, source, tgt_in = make(kind, **options), encoded(), targets()
    got = decoder(tgt_in, source)
    p, readout = numbers(decoder), options.get("readout", "maxout")
    score, local = LOCAL.get(kind, (kind, {}))
    for b, n in enumerate(LENGTHS.tolist()):
        h = source.memory[b, :n].numpy()
        backward_first = h[0, HIDDEN:]  # the backward direction has read all when it is at h_1
        look = looker(p, h, score, **local)
        expected = bahdanau(p, tgt_in[b].tolist(), backward_first, look, readout)
        found = (got.logits[b], got.states[b], got.weights[b, :, :n])
        for e, g in zip(expected, found):
            np.testing.assert_allclose(g.detach().numpy(), e, atol=1e-12)
        assert (got.weights[b, :, n:] == 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_step_equals_forward_with_every_attention(kind):
    decoder, source, tgt_in = make(kind), encoded(), targets()
    whole, state = decoder(tgt_in, source), decoder.init_state(source)
    for i in range(TGT_LEN):
        logits, state, weights = decoder.step(tgt_in[:, i], state, source)
        torch.testing.assert_close((logits, weights), (whole.logits[:, i], whole.weights[:, i]))


def test_scaled_and_tied_embeddings_follow_the_paper_too():
    options = {"readout_size": EMBEDDING, "tie_embeddings": True, "scale_embeddings": True}
    decoder, source, tgt_in = make(**options), encoded(), targets()
    got = decoder(tgt_in, source).logits.detach().numpy()
    p = numbers(decoder)
    p["output.weight"] = p["embedding.weight"]
    p["embedding.weight"] = math.sqrt(EMBEDDING) * p["embedding.weight"]
    for b, n in enumerate(LENGTHS.tolist()):
        h = source.memory[b, :n].numpy()
        logits, _, _ = bahdanau(p, tgt_in[b].tolist(), h[0, HIDDEN:], looker(p, h, "additive"))
        np.testing.assert_allclose(got[b], logits, atol=1e-12)


def test_the_query_is_the_state_before_the_update():
    decoder, source = make(), encoded()
    state = decoder.init_state(source)
    first = [decoder.step(torch.full((BATCH,), token), state, source) for token in (4, 5)]
    assert torch.equal(first[0].weights, first[1].weights)  # y_{i-1} has not been read yet
    assert not torch.allclose(first[0].state.recurrent, first[1].state.recurrent)
    second = [decoder.step(torch.full((BATCH,), 4), step.state, source) for step in first]
    assert not torch.allclose(second[0].weights, second[1].weights)


def test_the_context_enters_the_cell():
    decoder, source = make(), encoded()
    elsewhere = source._replace(memory=-source.memory)  # the start stays the same
    before, after = (decoder(targets(), e).states[:, 0] for e in (source, elsewhere))
    assert not torch.allclose(before, after)


def test_later_targets_do_not_reach_earlier_logits():
    decoder, source, tgt_in = make(), encoded(), targets()
    changed = tgt_in.clone()
    changed[:, 4:] = 5
    before, after = decoder(tgt_in, source).logits, decoder(changed, source).logits
    torch.testing.assert_close(before[:, :4], after[:, :4])
    assert not torch.allclose(before[:, 4:], after[:, 4:])


@pytest.mark.parametrize(
    ("readout", "attention"),
    [
        ("maxout", AdditiveAttention(2, 4, 2)),
        ("tanh", AdditiveAttention(2, 4, 2)),
        ("maxout", LocationAwareAttention(2, 4, 2, filters=2, kernel_size=3)),
    ],
)
def test_gradients(readout, attention):
    decoder = drawn(BahdanauDecoder(5, 2, 2, 4, attention, readout=readout))
    encoder = drawn(Encoder(7, 2, 2, bidirectional=True))
    source = encoder(torch.tensor([[4, 5, 6], [6, 5, 0]]), torch.tensor([3, 2]))
    tgt_in = torch.tensor([[2, 4, 3], [2, 3, 4]])
    memory, final = (t.detach().requires_grad_() for t in source[:2])

    def run(memory, final, *parameters):
        output = decoder(tgt_in, source._replace(memory=memory, final_state=final))
        return output.logits, output.weights

    inputs = (memory, final, *decoder.parameters())
    assert torch.autograd.gradcheck(run, inputs, fast_mode=True)


def test_dropout_is_on_the_embeddings_and_before_the_output_layer():
    decoder, source, tgt_in = make(dropout=0.5), encoded(), targets()
    decoder.dropout.p = 1.0  # no embedding comes through, and nothing but the bias comes out
    output = decoder(tgt_in, source)
    first = decoder.step(tgt_in[:, 0], decoder.init_state(source), source)
    torch.testing.assert_close(output.logits, decoder.output.bias.expand_as(output.logits))
    torch.testing.assert_close(first.logits, output.logits[:, 0])
    torch.testing.assert_close(first.state.recurrent[0], output.states[:, 0])
    torch.nn.init.zeros_(decoder.embedding.weight)
    torch.testing.assert_close(output.states, decoder.eval()(tgt_in, source).states)


def test_parameters_have_the_documented_shapes():
    shapes = {n: tuple(p.shape) for n, p in make().named_parameters()}
    assert shapes == {
        "embedding.weight": (13, 5),
        "attention.W_q": (3, 7),
        "attention.W_k": (3, 14),
        "attention.v": (3,),
        "output.weight": (13, 3),  # half of the hidden size
        "output.bias": (13,),
        "start.weight": (7, 7),
        "cell.weight_ih": (21, 19),
        "cell.weight_hh": (21, 7),
        "cell.bias_ih": (21,),
        "cell.bias_hh": (21,),
        "readout_layer.weight": (6, 26),
        "readout_layer.bias": (6,),
    }
    assert make(readout="tanh").output.in_features == 7


def test_it_starts_from_the_top_layers_backward_half():
    final = torch.arange(2 * 3 * 14.0).view(2, 3, 14)
    source = encoded()._replace(final_state=final)
    assert torch.equal(backward_start(source, 7), final[1, :, 7:])


def test_an_encoder_that_does_not_fit_is_explained():
    decoder, source = make(), encoded()
    one_way = source._replace(final_state=source.final_state[..., :HIDDEN])
    with pytest.raises(ValueError, match="2 x 7 numbers.*hands over 7;.*bidirectional=True"):
        decoder(targets(), one_way)
    pair = source._replace(final_state=(source.final_state, source.final_state))
    with pytest.raises(ValueError, match="is a GRU.*not an LSTM"):
        decoder.init_state(pair)
    narrow = source._replace(memory=source.memory[..., 1:])
    with pytest.raises(ValueError, match="reads encoder states of size 14.*have 13"):
        decoder(targets(), narrow)


def test_bad_settings_are_explained():
    with pytest.raises(ValueError, match="readout must be one of maxout, tanh, not 'relu'"):
        make(readout="relu")
    with pytest.raises(ValueError, match="vectors of the embeddings' size, 5, but it reads 3"):
        make(tie_embeddings=True)


def test_bad_tokens_are_explained():
    decoder, source = make(), encoded()
    with pytest.raises(IndexError, match="tgt_in holds the id 13"):
        decoder(torch.tensor([[2, 13]] * BATCH), source)
    with pytest.raises(ValueError, match=r"token must have shape \(batch,\)"):
        decoder.step(torch.tensor([[2]]), decoder.init_state(source), source)
