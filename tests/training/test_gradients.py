import pytest
import torch

from s2s_tutorial.training.gradients import gradient_reach


def linear_network(matrix):
    """A vanilla network that, with zero input, stays where tanh is the identity."""
    rnn = torch.nn.RNN(3, len(matrix), batch_first=True).double()
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter.zero_()
        rnn.weight_hh_l0.copy_(matrix)
    return rnn


def test_halving_matrix_halves_at_every_step():
    reach = gradient_reach(linear_network(torch.eye(5) / 2), torch.zeros(2, 7, 3).double())
    torch.testing.assert_close(reach, 0.5 ** torch.arange(1, 7).double())


@pytest.mark.parametrize("cell", [torch.nn.RNN, torch.nn.GRU])
def test_against_the_whole_jacobian(cell):
    torch.manual_seed(0)
    rnn, x = cell(3, 5, batch_first=True).double(), torch.randn(1, 7, 3).double()
    reach = gradient_reach(rnn, x, seed=4)
    pull = torch.randn(1, 1, 5, generator=torch.Generator().manual_seed(4)).double().flatten()
    pull = pull / pull.norm()
    for k in range(1, 7):
        _, state = rnn(x[:, : 7 - k])
        rest = x[:, 7 - k :]
        jacobian = torch.autograd.functional.jacobian(
            lambda h, rest=rest: rnn(rest, h.view(1, 1, 5))[1].flatten(), state.detach().flatten()
        )
        torch.testing.assert_close(reach[k - 1], (jacobian.T @ pull).norm())


@pytest.mark.parametrize("part", [None, "h", "c"])
def test_an_lstm_against_the_whole_jacobian_of_the_pair_over_a_batch(part):
    """The decoder is handed (h, c), so both are pulled, unless one is asked for."""
    torch.manual_seed(0)
    rnn, x = torch.nn.LSTM(3, 5, batch_first=True).double(), torch.randn(2, 7, 3).double()
    reach = gradient_reach(rnn, x, seed=4, part=part)
    pulls = torch.randn(1, 2, 10, generator=torch.Generator().manual_seed(4)).double()[0]
    if part == "h":
        pulls[:, 5:] = 0
    elif part == "c":
        pulls[:, :5] = 0
    for k in range(1, 7):
        squares = []
        for row, pull in enumerate(pulls):

            def last_pair(both, rest=x[row : row + 1, 7 - k :]):
                return torch.cat(rnn(rest, tuple(both.view(2, 1, 1, 5)))[1]).flatten()

            _, state = rnn(x[row : row + 1, : 7 - k])
            jacobian = torch.autograd.functional.jacobian(last_pair, torch.cat(state).flatten())
            squares.append((jacobian.T @ (pull / pull.norm())).square().sum())
        torch.testing.assert_close(reach[k - 1], torch.stack(squares).mean().sqrt())


def keeping_lstm():
    """Input gate shut, forget gate open: the cell goes along unchanged, and h shows half of it."""
    rnn = torch.nn.LSTM(3, 5, batch_first=True).double()
    with torch.no_grad():
        for parameter in rnn.parameters():
            parameter.zero_()
        rnn.bias_ih_l0[:5], rnn.bias_ih_l0[5:10] = -50.0, 50.0
    return rnn, torch.zeros(2, 9, 3).double()


@pytest.mark.parametrize("part, arrived", [("h", 0.5), ("c", 1.0)])
def test_an_lstm_with_open_gates_hands_its_cell_on(part, arrived):
    reach = gradient_reach(*keeping_lstm(), part=part)
    torch.testing.assert_close(reach, torch.full((8,), arrived).double())  # at every step alike


def test_the_pull_of_an_lstm_reaches_back_through_its_cell():
    pull = torch.randn(1, 2, 10, generator=torch.Generator().manual_seed(0)).double()
    on_h, on_c = (pull / pull.norm(dim=-1, keepdim=True)).chunk(2, dim=-1)
    arrived = (on_h / 2 + on_c).norm(dim=-1).square().mean().sqrt()  # dh/dc is the open half
    torch.testing.assert_close(gradient_reach(*keeping_lstm()), arrived.expand(8))


def test_bad_input_is_explained():
    with pytest.raises(ValueError, match="one layer in one direction"):
        gradient_reach(torch.nn.GRU(3, 5, num_layers=2), torch.zeros(2, 7, 3))
    with pytest.raises(ValueError, match="one layer in one direction"):
        gradient_reach(torch.nn.GRU(3, 5, bidirectional=True), torch.zeros(2, 7, 3))
    with pytest.raises(ValueError, match="batch_first=True"):
        gradient_reach(torch.nn.GRU(3, 5), torch.zeros(2, 7, 3))
    with torch.no_grad(), pytest.raises(RuntimeError, match="outside torch.no_grad"):
        gradient_reach(torch.nn.GRU(3, 5, batch_first=True), torch.zeros(2, 7, 3))
    with pytest.raises(ValueError, match="at least two steps, not 1"):
        gradient_reach(torch.nn.GRU(3, 5), torch.zeros(2, 1, 3))
    with pytest.raises(ValueError, match="part must be 'h', 'c' or None"):
        gradient_reach(torch.nn.LSTM(3, 5, batch_first=True), torch.zeros(2, 7, 3), part="both")
    with pytest.raises(ValueError, match="only an LSTM's state has parts"):
        gradient_reach(torch.nn.GRU(3, 5, batch_first=True), torch.zeros(2, 7, 3), part="h")
