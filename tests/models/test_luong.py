import numpy as np
import pytest
import torch
from oracles import BATCH, EMBEDDING, HIDDEN, LENGTHS, TGT_LEN, VOCAB, numbers, random_source
from oracles_decoders import looker, luong
from tiny_models import ATTENTIONS, drawn

from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.models.luong import LuongDecoder

TGT_VOCAB, WINDOW = VOCAB + 2, 2
LOCAL = {
    "local_m": ("general", {"local": "monotonic", "window": WINDOW}),
    "local_p": ("general", {"local": "predictive", "window": WINDOW}),
}

ELSEWHERE = ("focused", "monotonic", "coverage")  # their equations are in tests of their own


def make(kind="general", cell="lstm", num_layers=1, **options):
    attention = ATTENTIONS[kind](HIDDEN, HIDDEN)
    sizes = (TGT_VOCAB, EMBEDDING, HIDDEN, HIDDEN, attention)
    return drawn(LuongDecoder(*sizes, cell=cell, num_layers=num_layers, **options), seed=2)


def encoded(cell="lstm", num_layers=1):
    encoder = drawn(Encoder(VOCAB, EMBEDDING, HIDDEN, cell=cell, num_layers=num_layers))
    with torch.no_grad():
        return encoder(random_source(), LENGTHS)


def targets():
    generator = torch.Generator().manual_seed(3)
    return torch.randint(2, TGT_VOCAB, (BATCH, TGT_LEN), generator=generator)


def layers(final_state, row):
    """The state that each layer of one sentence starts from, bottom first."""
    if isinstance(final_state, tuple):
        return [(h.numpy(), c.numpy()) for h, c in zip(*(part[:, row] for part in final_state))]
    return list(final_state[:, row].numpy())


def check(kind, cell="lstm", num_layers=1, input_feeding=False, **options):
    decoder = make(kind, cell, num_layers, input_feeding=input_feeding, **options)
    source, tgt_in = encoded(cell, num_layers), targets()
    got, p = decoder(tgt_in, source), numbers(decoder)
    score, local = LOCAL.get(kind, (kind, {}))
    for b, n in enumerate(LENGTHS.tolist()):
        look = looker(p, source.memory[b, :n].numpy(), score, **local)
        finals = layers(source.final_state, b)
        expected = luong(p, tgt_in[b].tolist(), finals, look, cell, input_feeding)
        found = (got.logits[b], got.states[b], got.weights[b, :, :n])
        for e, g in zip(expected, found):
            np.testing.assert_allclose(g.detach().numpy(), e, atol=1e-12)
        assert (got.weights[b, :, n:] == 0).all()


@pytest.mark.parametrize("input_feeding", [False, True])
@pytest.mark.parametrize("kind", [kind for kind in ATTENTIONS if kind not in ELSEWHERE])
def test_follows_the_paper_with_every_attention(kind, input_feeding):
    check(kind, input_feeding=input_feeding)


@pytest.mark.parametrize("input_feeding", [False, True])
@pytest.mark.parametrize("num_layers", [1, 2, 3])
@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_follows_the_paper_with_every_stack(cell, num_layers, input_feeding):
    check("general", cell, num_layers, input_feeding)


def test_follows_the_paper_with_a_narrower_readout():
    check("dot", num_layers=2, input_feeding=True, readout_size=3)


@pytest.mark.parametrize("input_feeding", [False, True])
@pytest.mark.parametrize("kind", [kind for kind in ATTENTIONS if kind not in ELSEWHERE])
def test_step_equals_forward_with_every_attention(kind, input_feeding):
    decoder, source, tgt_in = make(kind, input_feeding=input_feeding), encoded(), targets()
    whole, state = decoder(tgt_in, source), decoder.init_state(source)
    for i in range(TGT_LEN):
        logits, state, weights = decoder.step(tgt_in[:, i], state, source)
        torch.testing.assert_close((logits, weights), (whole.logits[:, i], whole.weights[:, i]))


def test_the_query_is_the_top_layers_state_after_the_update():
    decoder, source = make(num_layers=2), encoded(num_layers=2)
    state = decoder.init_state(source)
    first = [decoder.step(torch.full((BATCH,), token), state, source) for token in (4, 5)]
    assert not torch.allclose(first[0].weights, first[1].weights)  # y_{t-1} has been read
    hidden, _ = first[0].state.recurrent
    keys = decoder.project_keys(source)
    _, expected = decoder.attention(hidden[1], keys, source.memory, source.src_mask)
    torch.testing.assert_close(first[0].weights, expected)


@pytest.mark.parametrize("input_feeding", [False, True])
def test_the_source_reaches_the_states_through_input_feeding_alone(input_feeding):
    decoder, source = make(input_feeding=input_feeding), encoded()
    elsewhere = source._replace(memory=-source.memory)
    before, after = (decoder(targets(), e).states for e in (source, elsewhere))
    torch.testing.assert_close(before[:, 0], after[:, 0])  # nothing is fed yet
    assert torch.allclose(before[:, 1:], after[:, 1:]) == (not input_feeding)


def test_the_first_step_is_fed_zeros():
    decoder, source = make(input_feeding=True), encoded()
    state = decoder.init_state(source)
    assert state.fed.shape == (BATCH, HIDDEN) and (state.fed == 0).all()
    assert state.position == 0 and state.weights is None
    assert make().init_state(source).fed is None


def test_later_targets_do_not_reach_earlier_logits():
    for input_feeding in (False, True):
        decoder, source = make(input_feeding=input_feeding), encoded()
        tgt_in = targets()
        changed = tgt_in.clone()
        changed[:, 4:] = 5
        before, after = decoder(tgt_in, source).logits, decoder(changed, source).logits
        torch.testing.assert_close(before[:, :4], after[:, :4])
        assert not torch.allclose(before[:, 4:], after[:, 4:])


@pytest.mark.parametrize("input_feeding", [False, True])
@pytest.mark.parametrize("kind", ["local_p", "location_aware"])
def test_gradients(kind, input_feeding):
    options = {"num_layers": 2, "input_feeding": input_feeding}
    decoder = drawn(LuongDecoder(5, 2, 2, 2, ATTENTIONS[kind](2, 2), **options))
    encoder = drawn(Encoder(7, 2, 2, cell="lstm", num_layers=2))
    source = encoder(torch.tensor([[4, 5, 6], [6, 5, 0]]), torch.tensor([3, 2]))
    tgt_in = torch.tensor([[2, 4, 3], [2, 3, 4]])
    memory, h, c = (t.detach().requires_grad_() for t in (source[0], *source[1]))

    def run(memory, h, c, *parameters):
        output = decoder(tgt_in, source._replace(memory=memory, final_state=(h, c)))
        return output.logits, output.weights

    inputs = (memory, h, c, *decoder.parameters())
    assert torch.autograd.gradcheck(run, inputs, fast_mode=True)


@pytest.mark.parametrize("input_feeding", [False, True])
def test_dropout_is_on_the_embeddings_between_the_layers_and_before_the_output(input_feeding):
    source, tgt_in = encoded(num_layers=2), targets()
    deep = make(num_layers=2, dropout=0.5, input_feeding=input_feeding)
    deep.dropout.p = 0.0  # leaves what is between the layers
    assert not torch.equal(deep(tgt_in, source).states, deep(tgt_in, source).states)

    flat, source = make(dropout=0.5, input_feeding=input_feeding), encoded()
    flat.dropout.p = 1.0  # no embedding comes through, and nothing but the bias comes out
    output = flat(tgt_in, source)
    first = flat.step(tgt_in[:, 0], flat.init_state(source), source)
    torch.testing.assert_close(output.logits, flat.output.bias.expand_as(output.logits))
    torch.testing.assert_close(first.logits, output.logits[:, 0])
    torch.testing.assert_close(first.state.recurrent[0][0], output.states[:, 0])
    torch.nn.init.zeros_(flat.embedding.weight)
    torch.testing.assert_close(output.states, flat.eval()(tgt_in, source).states)


def test_parameters_have_the_documented_shapes():
    decoder = make(readout_size=3, input_feeding=True)
    assert decoder.combine.weight.shape == (3, 14) and decoder.combine.bias is None
    assert decoder.output.weight.shape == (13, 3) and decoder.output.bias.shape == (13,)
    assert decoder.rnn.weight_ih_l0.shape == (28, 8)  # the embedding and the fed vector
    assert make().rnn.weight_ih_l0.shape == (28, 5)


def test_an_encoder_that_does_not_fit_is_explained():
    source = encoded()
    with pytest.raises(ValueError, match="hands over 1 layers of size 7.*2 layers of size 7"):
        make(num_layers=2)(targets(), source)
    with pytest.raises(ValueError, match="LSTM decoder needs an LSTM encoder"):
        make(cell="gru")(targets(), source)
    narrow = source._replace(memory=source.memory[..., 1:])
    for kind in ("general", "additive"):
        with pytest.raises(ValueError, match="reads encoder states of size 7.*have 6"):
            make(kind)(targets(), narrow)


def test_bad_settings_are_explained():
    with pytest.raises(ValueError, match="no cell 'qrnn' .*'rnn'.*; choose one of gru, lstm"):
        make(cell="qrnn")
    with pytest.raises(ValueError, match="vectors of the embeddings' size, 5, but it reads 7"):
        make(tie_embeddings=True)


def test_bad_tokens_are_explained():
    decoder, source = make(), encoded()
    with pytest.raises(IndexError, match="tgt_in holds the id 13"):
        decoder(torch.tensor([[2, 13]] * BATCH), source)
    with pytest.raises(ValueError, match=r"token must have shape \(batch,\)"):
        decoder.step(torch.tensor([[2]]), decoder.init_state(source), source)
