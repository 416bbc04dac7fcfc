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
    cell_step,
    random_source,
    run_layer,
)

from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.models.rnn_decoder import RNNDecoder
from s2s_tutorial.recurrent.cells import CELLS

CELL_NAMES = sorted(CELLS)


def make_pair(cell, num_layers=2, **options):
    torch.manual_seed(2)
    encoder = Encoder(VOCAB, EMBEDDING, HIDDEN, cell=cell, num_layers=num_layers)
    decoder = RNNDecoder(VOCAB + 2, EMBEDDING, HIDDEN, cell=cell, num_layers=num_layers, **options)
    return encoder.double(), decoder.double()


def targets():
    return torch.randint(2, VOCAB + 2, (BATCH, TGT_LEN), generator=torch.Generator().manual_seed(3))


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_forward_follows_the_equations(cell):
    encoder, decoder = make_pair(cell, num_layers=1)
    encoded, tgt_in = encoder(random_source(), LENGTHS), targets()
    output = decoder(tgt_in, encoded)
    w_o, b_o = (p.detach().numpy() for p in decoder.output.parameters())
    for row in range(BATCH):
        final = encoded.final_state
        if cell == "lstm":
            start = tuple(part[0, row].detach().numpy() for part in final)
        else:
            start = final[0, row].detach().numpy()
        xs = list(decoder.embedding(tgt_in[row]).detach().numpy())
        states, _ = run_layer(decoder.rnn, "l0", xs, start)
        np.testing.assert_allclose(output.states[row].detach().numpy(), states, atol=1e-12)
        logits = np.array(states) @ w_o.T + b_o
        np.testing.assert_allclose(output.logits[row].detach().numpy(), logits, atol=1e-12)
    assert output.weights is None


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_every_layer_starts_from_the_encoders_same_layer(cell):
    encoder, decoder = make_pair(cell)
    encoded, tgt_in = encoder(random_source(), LENGTHS), targets()
    states = decoder(tgt_in, encoded).states.detach().numpy()
    parts = encoded.final_state if cell == "lstm" else (encoded.final_state,)
    for row in range(BATCH):
        xs = list(decoder.embedding(tgt_in[row]).detach().numpy())
        for layer in range(2):
            start = tuple(part[layer, row].detach().numpy() for part in parts)
            xs, _ = run_layer(decoder.rnn, f"l{layer}", xs, start if cell == "lstm" else start[0])
        np.testing.assert_allclose(states[row], xs, atol=1e-12)


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_step_equals_forward(cell):
    encoder, decoder = make_pair(cell)
    encoded, tgt_in = encoder(random_source(), LENGTHS), targets()
    whole = decoder(tgt_in, encoded).logits
    state = decoder.init_state(encoded)
    for i in range(TGT_LEN):
        logits, state, weights = decoder.step(tgt_in[:, i], state, encoded)
        torch.testing.assert_close(logits, whole[:, i])
        assert weights is None


def test_one_step_by_hand():
    encoder, decoder = make_pair("gru", num_layers=1)
    encoded = encoder(random_source(), LENGTHS)
    _, state, _ = decoder.step(torch.tensor([2, 2, 2]), decoder.init_state(encoded))
    x = decoder.embedding.weight[2].detach().numpy()
    expected = cell_step(decoder.rnn, "l0", x, encoded.final_state[0, 1].detach().numpy())
    np.testing.assert_allclose(state[0, 1].detach().numpy(), expected, atol=1e-12)


def test_later_targets_do_not_reach_earlier_logits():
    encoder, decoder = make_pair("lstm")
    encoded, tgt_in = encoder(random_source(), LENGTHS), targets()
    changed = tgt_in.clone()
    changed[:, 4:] = 5
    before, after = decoder(tgt_in, encoded).logits, decoder(changed, encoded).logits
    torch.testing.assert_close(before[:, :4], after[:, :4])
    assert not torch.allclose(before[:, 4:], after[:, 4:])


def test_the_source_reaches_it_through_the_final_state_alone():
    encoder, decoder = make_pair("gru")
    encoded, tgt_in = encoder(random_source(), LENGTHS), targets()
    elsewhere = encoded._replace(memory=torch.randn_like(encoded.memory))
    torch.testing.assert_close(decoder(tgt_in, encoded).logits, decoder(tgt_in, elsewhere).logits)


def test_its_loss_reaches_the_encoder():
    encoder, decoder = make_pair("gru")
    decoder(targets(), encoder(random_source(), LENGTHS)).logits.sum().backward()
    assert all(p.grad.abs().sum() > 0 for p in encoder.parameters())


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_gradients(cell):
    encoder, decoder = make_pair(cell)
    encoded, tgt_in = encoder(random_source(), LENGTHS), targets()[:, :3]
    final = encoded.final_state if cell == "lstm" else (encoded.final_state,)
    start = [part.detach().requires_grad_() for part in final]

    def run(*inputs):
        state = inputs[: len(start)]
        return decoder(tgt_in, encoded._replace(final_state=state if cell == "lstm" else state[0]))[
            0
        ]

    assert torch.autograd.gradcheck(run, (*start, *decoder.parameters()), fast_mode=True)


def test_dropout_is_on_the_embeddings_between_the_layers_and_before_the_output():
    encoder, deep = make_pair("gru", dropout=0.5)
    encoded = encoder(random_source(), LENGTHS)
    deep.dropout.p = 0.0  # leaves what is between the layers
    assert not torch.equal(deep(targets(), encoded).states, deep(targets(), encoded).states)

    encoder, flat = make_pair("gru", num_layers=1, dropout=0.5)
    encoded = encoder(random_source(), LENGTHS)
    flat.dropout.p = 1.0  # no embedding comes through, and nothing but the bias comes out
    logits, states, *_ = flat(targets(), encoded)
    first_logits, first_state, _ = flat.step(targets()[:, 0], flat.init_state(encoded))
    torch.testing.assert_close(logits, flat.output.bias.expand_as(logits))
    torch.testing.assert_close(first_logits, logits[:, 0])
    torch.testing.assert_close(first_state[0], states[:, 0])
    torch.nn.init.zeros_(flat.embedding.weight)
    torch.testing.assert_close(states, flat.eval()(targets(), encoded).states)


def test_a_state_that_does_not_fit_is_explained():
    encoder, _ = make_pair("gru", num_layers=1)
    _, deeper = make_pair("gru", num_layers=2)
    _, lstm = make_pair("lstm", num_layers=1)
    encoded = encoder(random_source(), LENGTHS)
    with pytest.raises(ValueError, match="hands over 1 layers of size 7.*2 layers of size 7"):
        deeper(targets(), encoded)
    wider = RNNDecoder(VOCAB + 2, EMBEDDING, HIDDEN + 1)
    with pytest.raises(ValueError, match="hands over 1 layers of size 7.*1 layers of size 8"):
        wider.double()(targets(), encoded)
    with pytest.raises(ValueError, match="LSTM"):
        lstm(targets(), encoded)


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_only_the_real_tokens_are_scored_if_asked(cell):
    encoder, decoder = make_pair(cell)
    encoded, tgt_in = encoder(random_source(), LENGTHS), targets()
    tgt_mask = torch.arange(TGT_LEN)[None, :] < torch.tensor([7, 1, 4])[:, None]
    whole, packed = decoder(tgt_in, encoded), decoder(tgt_in, encoded, tgt_mask)
    assert packed.logits.shape == (12, VOCAB + 2)
    torch.testing.assert_close(packed.logits, whole.logits[tgt_mask])
    assert torch.equal(packed.states, whole.states) and packed.weights is None


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_rows_of_the_state_can_be_chosen(cell):
    encoder, decoder = make_pair(cell)
    state = decoder.init_state(encoder(random_source(), LENGTHS))
    rows = torch.tensor([2, 0, 2, 1])
    chosen = decoder.select_rows(state, rows)
    pairs = zip(chosen, state) if cell == "lstm" else [(chosen, state)]
    for got, whole in pairs:
        assert got.shape == (2, 4, HIDDEN)
        for place, row in enumerate(rows.tolist()):
            assert torch.equal(got[:, place], whole[:, row])


def test_it_has_no_keys():
    encoder, decoder = make_pair("gru")
    assert decoder.project_keys(encoder(random_source(), LENGTHS)) is None


def test_bad_tokens_are_explained():
    encoder, decoder = make_pair("gru")
    encoded = encoder(random_source(), LENGTHS)
    with pytest.raises(IndexError, match="tgt_in holds the id 13"):
        decoder(torch.tensor([[2, 13]] * BATCH), encoded)
    with pytest.raises(ValueError, match=r"token must have shape \(batch,\)"):
        decoder.step(torch.tensor([[2]]), decoder.init_state(encoded))
