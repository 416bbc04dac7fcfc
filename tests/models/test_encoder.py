import numpy as np
import pytest
import torch
from oracles import BATCH, EMBEDDING, HIDDEN, LENGTHS, SRC_LEN, VOCAB, random_source, run_layer

from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.recurrent.cells import CELLS

CELL_NAMES = sorted(CELLS)


def make_encoder(cell, **options):
    torch.manual_seed(1)
    return Encoder(VOCAB, EMBEDDING, HIDDEN, cell=cell, **options).double()


def top(final_state):
    return final_state[0] if isinstance(final_state, tuple) else final_state


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_states_follow_the_equations(cell):
    encoder, src = make_encoder(cell, num_layers=2), random_source()
    with torch.no_grad():
        memory, final_state, _ = encoder(src, LENGTHS)
    for row, length in enumerate(LENGTHS.tolist()):
        xs = list(encoder.embedding(src[row, :length]).detach().numpy())
        first, last_0 = run_layer(encoder.rnn, "l0", xs)
        second, last_1 = run_layer(encoder.rnn, "l1", first)
        np.testing.assert_allclose(memory[row, :length].numpy(), second, atol=1e-12)
        for layer, last in enumerate([last_0, last_1]):
            expected = last if cell == "lstm" else (last,)
            got = final_state if cell == "lstm" else (final_state,)
            for e, g in zip(expected, got):
                np.testing.assert_allclose(g[layer, row].numpy(), e, atol=1e-12)


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_backward_direction_reads_from_the_last_real_token(cell):
    encoder, src = make_encoder(cell, bidirectional=True), random_source()
    with torch.no_grad():
        memory, final_state, _ = encoder(src, LENGTHS)
    assert memory.shape == (BATCH, SRC_LEN, 2 * HIDDEN) == (BATCH, SRC_LEN, encoder.memory_size)
    for row, length in enumerate(LENGTHS.tolist()):
        xs = list(encoder.embedding(src[row, :length]).detach().numpy())
        backward, _ = run_layer(encoder.rnn, "l0_reverse", xs[::-1])
        np.testing.assert_allclose(
            memory[row, :length, HIDDEN:].numpy(), backward[::-1], atol=1e-12
        )
        np.testing.assert_allclose(
            top(final_state)[0, row, HIDDEN:].numpy(), backward[-1], atol=1e-12
        )


@pytest.mark.parametrize("cell", CELL_NAMES)
def test_every_layer_joins_its_own_two_directions(cell):
    encoder, src = make_encoder(cell, bidirectional=True, num_layers=2), random_source()
    with torch.no_grad():
        _, final_state, _ = encoder(src, LENGTHS)
    parts = final_state if cell == "lstm" else (final_state,)
    for row, length in enumerate(LENGTHS.tolist()):
        xs = list(encoder.embedding(src[row, :length]).detach().numpy())
        for layer in range(2):
            forward, last = run_layer(encoder.rnn, f"l{layer}", xs)
            backward, first = run_layer(encoder.rnn, f"l{layer}_reverse", xs[::-1])
            pairs = zip(last, first) if cell == "lstm" else [(last, first)]
            for part, pair in zip(parts, pairs):
                expected = np.concatenate(pair)
                np.testing.assert_allclose(part[layer, row].numpy(), expected, atol=1e-12)
            xs = [np.concatenate(pair) for pair in zip(forward, backward[::-1])]


@pytest.mark.parametrize("bidirectional", [False, True])
@pytest.mark.parametrize("cell", CELL_NAMES)
def test_padding_changes_nothing(cell, bidirectional):
    encoder = make_encoder(cell, bidirectional=bidirectional, num_layers=2).eval()
    src = random_source()
    padded = torch.cat([src, torch.zeros(BATCH, 3, dtype=torch.int64)], dim=1)
    padded[1, 4] = 9  # what stands behind a sentence's end must not matter
    memory, final_state, mask = encoder(src, LENGTHS)
    longer, longer_final, longer_mask = encoder(padded, LENGTHS)
    torch.testing.assert_close(longer[:, :SRC_LEN], memory)
    torch.testing.assert_close(longer_final, final_state)
    assert longer_mask.sum(1).tolist() == mask.sum(1).tolist() == LENGTHS.tolist()
    assert (longer[~longer_mask] == 0).all()
    alone = encoder(src[1:2, :2], LENGTHS[1:2])
    torch.testing.assert_close(alone.memory[0], memory[1, :2])
    torch.testing.assert_close(top(alone.final_state)[:, 0], top(final_state)[:, 1])


def test_final_state_is_the_last_real_memory():
    memory, final_state, _ = make_encoder("gru")(random_source(), LENGTHS)
    torch.testing.assert_close(final_state[0], memory[torch.arange(BATCH), LENGTHS - 1])


def test_dropout_only_while_training():
    encoder = make_encoder("gru", dropout=0.5)
    first, second = (encoder(random_source(), LENGTHS).memory for _ in range(2))
    assert not torch.equal(first, second)
    encoder.eval()
    first, second = (encoder(random_source(), LENGTHS).memory for _ in range(2))
    assert torch.equal(first, second)


def test_dropout_is_on_the_embeddings_between_the_layers_and_on_the_memory():
    deep = make_encoder("gru", num_layers=2, dropout=0.5)
    deep.dropout.p = 0.0  # leaves what is between the layers
    first, second = (deep(random_source(), LENGTHS).memory for _ in range(2))
    assert not torch.equal(first, second)
    flat = make_encoder("gru", dropout=0.5)
    flat.dropout.p = 1.0  # no embedding comes through, and no memory comes out
    blind = flat(random_source(), LENGTHS)
    assert (blind.memory == 0).all()
    torch.nn.init.zeros_(flat.embedding.weight)
    final_state = flat.eval()(random_source(), LENGTHS).final_state
    torch.testing.assert_close(blind.final_state, final_state)  # but the final state does
    assert final_state.abs().sum() > 0


def test_rows_can_be_chosen():
    rows = torch.tensor([2, 0, 0, 1])
    for cell in CELL_NAMES:
        encoded = make_encoder(cell, num_layers=2, bidirectional=True)(random_source(), LENGTHS)
        chosen = encoded.select_rows(rows)
        expected = make_encoder(cell, num_layers=2, bidirectional=True)(
            random_source()[rows], LENGTHS[rows]
        )
        torch.testing.assert_close(chosen, expected)


@pytest.mark.parametrize(
    ("src", "lengths", "error", "message"),
    [
        (torch.tensor([4, 5]), [2], ValueError, r"\(batch, src_len\).*\(2,\)"),
        (torch.tensor([[4, 11]]), [2], IndexError, "id 11.*0 to 10"),
        (torch.tensor([[4, -1]]), [2], IndexError, "id -1"),
        (torch.tensor([[4.0, 5.0]]), [2], TypeError, "integer ids"),
        ([[4, 5]], [2], TypeError, "tensor"),
        (torch.tensor([[4, 5]]), [3], ValueError, "from 3 to 3"),
        (torch.tensor([[4, 5]]), [0], ValueError, "between 1 and"),
        (torch.tensor([[4, 5]]), [1, 2], ValueError, "each of the 1"),
        (torch.tensor([[4, 5]]), [1.5], TypeError, "integers"),
        (torch.tensor([[4, 5]]), [True], TypeError, "integers"),
        (torch.tensor([[True, True]]), [2], TypeError, "integer ids"),
        (torch.zeros(0, 3, dtype=torch.int64), [], ValueError, "empty"),
    ],
)
def test_bad_input_is_explained(src, lengths, error, message):
    with pytest.raises(error, match=message):
        make_encoder("gru")(src, torch.tensor(lengths))


def test_unknown_cell_names_the_valid_ones():
    with pytest.raises(ValueError, match="gru, lstm, rnn"):
        Encoder(VOCAB, EMBEDDING, HIDDEN, cell="qrnn")
    with pytest.raises(ValueError, match="vocab_size must be at least 1"):
        Encoder(0, 3, 5)
    with pytest.raises(ValueError, match="embedding_size must be at least 1"):
        Encoder(11, 0, 5)
    with pytest.raises(ValueError, match="hidden_size must be at least 1"):
        Encoder(VOCAB, EMBEDDING, 0)
    with pytest.raises(ValueError, match="num_layers must be at least 1"):
        Encoder(VOCAB, EMBEDDING, HIDDEN, num_layers=0)
