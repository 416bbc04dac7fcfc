import numpy as np
import pytest
import torch
from oracles import BATCH, EMBEDDING, HIDDEN, LENGTHS, TGT_LEN, VOCAB, numbers, random_source
from oracles_decoders import context_feeding, looker
from tiny_models import drawn

from s2s_tutorial.attention.local import LocalAttention
from s2s_tutorial.attention.location_aware import LocationAwareAttention
from s2s_tutorial.attention.scores import AdditiveAttention, DotAttention, GeneralAttention
from s2s_tutorial.models.context_feeding import ContextFeedingDecoder
from s2s_tutorial.models.encoder import Encoder

MEMORY, TGT_VOCAB, WIDTH = 2 * HIDDEN, VOCAB + 2, 3
KINDS = {
    "additive": lambda hidden: AdditiveAttention(hidden, MEMORY, WIDTH),
    "location_aware": lambda hidden: LocationAwareAttention(hidden, MEMORY, WIDTH, 2, 3),
    "local_m": lambda hidden: LocalAttention(GeneralAttention(hidden, MEMORY), window=1),
}
LOCAL = {"local_m": ("general", {"local": "monotonic", "window": 1})}


def make(kind="additive", hidden=HIDDEN, **options):
    attention = KINDS[kind](hidden)
    decoder = ContextFeedingDecoder(TGT_VOCAB, EMBEDDING, hidden, MEMORY, attention, **options)
    return drawn(decoder, seed=2)


def encoded():
    encoder = drawn(Encoder(VOCAB, EMBEDDING, HIDDEN, cell="gru", bidirectional=True))
    with torch.no_grad():
        return encoder(random_source(), LENGTHS)


def targets():
    generator = torch.Generator().manual_seed(3)
    return torch.randint(2, TGT_VOCAB, (BATCH, TGT_LEN), generator=generator)


@pytest.mark.parametrize("hidden", [HIDDEN, 11])
@pytest.mark.parametrize("kind", KINDS)
def test_follows_the_equations(kind, hidden):
    decoder, source, tgt_in = make(kind, hidden), encoded(), targets()
    got, p = decoder(tgt_in, source), numbers(decoder)
    score, local = LOCAL.get(kind, (kind, {}))
    for b, n in enumerate(LENGTHS.tolist()):
        h, ys = source.memory[b, :n].numpy(), tgt_in[b].tolist()
        look = looker(p, h, score, **local)
        expected = context_feeding(p, ys, h[0, HIDDEN:], MEMORY, look)
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


def test_it_starts_from_the_backward_half_and_no_context():
    decoder, source = make(), encoded()
    state = decoder.init_state(source)
    assert decoder.start is None
    assert torch.equal(state.recurrent, source.final_state[-1:, :, HIDDEN:])
    assert state.fed.shape == (BATCH, MEMORY) and (state.fed == 0).all()
    wider = make(hidden=11)
    assert wider.start.weight.shape == (11, 7) and wider.start.bias.shape == (11,)


def test_the_new_state_asks():
    decoder, source = make(), encoded()
    state = decoder.init_state(source)
    first = [decoder.step(torch.full((BATCH,), token), state, source) for token in (4, 5)]
    assert not torch.allclose(first[0].weights, first[1].weights)
    keys = decoder.project_keys(source)
    context, weights = decoder.attention(
        first[0].state.recurrent[0], keys, source.memory, source.src_mask
    )
    torch.testing.assert_close(first[0].weights, weights)
    torch.testing.assert_close(first[0].state.fed, context)


def test_the_context_enters_one_step_later():
    decoder, source = make(), encoded()
    elsewhere = source._replace(memory=-source.memory)
    before, after = (decoder(targets(), e).states for e in (source, elsewhere))
    torch.testing.assert_close(before[:, 0], after[:, 0])
    assert not torch.allclose(before[:, 1], after[:, 1])


def test_later_targets_do_not_reach_earlier_logits():
    decoder, source, tgt_in = make(), encoded(), targets()
    changed = tgt_in.clone()
    changed[:, 4:] = 5
    before, after = decoder(tgt_in, source).logits, decoder(changed, source).logits
    torch.testing.assert_close(before[:, :4], after[:, :4])
    assert not torch.allclose(before[:, 4:], after[:, 4:])


@pytest.mark.parametrize(
    "attention", [AdditiveAttention(3, 4, 2), LocationAwareAttention(3, 4, 2, 2, 3)]
)
def test_gradients(attention):
    decoder = drawn(ContextFeedingDecoder(5, 2, 3, 4, attention))
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


def test_an_encoder_that_does_not_fit_is_explained():
    decoder, source = make(), encoded()
    one_way = source._replace(final_state=source.final_state[..., :HIDDEN])
    with pytest.raises(ValueError, match="2 x 7 numbers.*hands over 7;.*bidirectional=True"):
        decoder(targets(), one_way)
    pair = source._replace(final_state=(source.final_state, source.final_state))
    with pytest.raises(ValueError, match="is a GRU.*not an LSTM"):
        decoder(targets(), pair)
    blind = ContextFeedingDecoder(TGT_VOCAB, EMBEDDING, HIDDEN, MEMORY, DotAttention()).double()
    with pytest.raises(ValueError, match="last dimension of query must be 14"):
        blind(targets(), source)


def test_bad_tokens_are_explained():
    decoder, source = make(), encoded()
    with pytest.raises(IndexError, match="tgt_in holds the id 13"):
        decoder(torch.tensor([[2, 13]] * BATCH), source)
    with pytest.raises(ValueError, match=r"token must have shape \(batch,\)"):
        decoder.step(torch.tensor([[2]]), decoder.init_state(source), source)
