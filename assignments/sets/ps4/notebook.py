# ruff: noqa: E402, F821, F811
# %% [markdown]
# # Problem set 4: layers, search and scores
#
# The last pieces of a translation system: an LSTM in layers whose states all travel from encoder to decoder, a search that keeps several
# translations in hand, and the number by which translations are judged. At the end you will judge a model, by that number
# and by its mistakes.
#
# **VARIANT.total points.** About four and a half hours. It builds on chapters
# [5](https://s2s-tutorial.github.io/s2s-tutorial/chapters/05_stacked_lstm.html) and
# [6](https://s2s-tutorial.github.io/s2s-tutorial/chapters/06_decoding_and_evaluation.html).
#
# **How it works.** Write where `raise NotImplementedError` stands. Below each exercise is a cell of checks: run it, and it says
# at once what is right and how many points that is. A second cell holds hidden tests. They run when your work is graded, and
# try what the visible checks do not: other sizes, sentences of different lengths, extreme numbers, gradients. So read the text
# and not only the checks. A function leaves what it is given as it was: it changes no argument in place. A float or an int is a number of its own, not a tensor with one number. Cells that are not yours to write are restored before grading; you may add cells anywhere.
#
# The package's own version of what you are to write does not count (and raises an error inside the tests), and neither do
# sacrebleu and PyTorch's `nn.LSTM`, nor in exercise 4.1 its `nn.LSTMCell`. Everything else is allowed.
#
# The whole notebook runs in about two minutes on two CPU cores. A GPU is not needed.
# %% setup
# %% given imports
import math

import torch

import s2s_tutorial as s2s
from s2s_tutorial.coursework import Checks, close, commit, waits_for


# %% [markdown]
# ## 4.1 One step of an LSTM (3 points)
#
# $$ [i; f; g; o] = W x_t + U h_{t-1} + b, \qquad c_t = \sigma(f) \odot c_{t-1} + \sigma(i) \odot \tanh(g), \qquad h_t = \sigma(o) \odot
# \tanh(c_t) $$
#
# The four blocks lie in this order, input gate, forget gate, new content, output gate, as PyTorch stores them.
# %% solution lstm_step
def lstm_step(x, state, W, U, b):
    """The new pair (h, c), each (batch, hidden).

    x: (batch, input_size)
    state: the pair (h, c)
    W: (4 * hidden, input_size)
    U: (4 * hidden, hidden)
    b: (4 * hidden,)
    """
    ### BEGIN SOLUTION
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c
    ### END SOLUTION


# %% checks lstm_step
CELLS = ["torch.nn.LSTM", "torch.nn.LSTMCell", "torch.lstm", "torch.lstm_cell"]
checks = Checks("4.1", points=1, withheld=CELLS)


@checks("open and closed gates: what is kept is kept")
def check():
    zero, shut = torch.zeros(4, 1), -50.0
    b = torch.tensor([shut, -shut, 0.0, -shut])  # forget gate open, input gate closed
    h, c = lstm_step(torch.ones(1, 1), (torch.ones(1, 1), torch.ones(1, 1)), zero, zero, b)
    close(c, torch.ones(1, 1), "c")
    close(h, torch.tensor([[math.tanh(1)]]), "h")


@checks("all gates half open")
def check():
    W = torch.tensor([[0.0], [0.0], [math.log(3) / 2], [0.0]])
    state = torch.zeros(1, 1), torch.ones(1, 1)
    h, c = lstm_step(torch.ones(1, 1), state, W, torch.zeros(4, 1), torch.zeros(4))
    close(c, torch.tensor([[0.75]]), "c")
    close(h, torch.tensor([[math.tanh(0.75) / 2]]), "h")


checks.report()
# %% hidden lstm_step
hidden = Checks("4.1, hidden", points=2, withheld=CELLS)
### BEGIN HIDDEN TESTS


def drawn_cell(N, H, seed):
    torch.manual_seed(seed)
    shapes = (2, N), (2, H), (2, H), (4 * H, N), (4 * H, H), (4 * H,)
    return [torch.randn(shape, requires_grad=True) for shape in shapes]


def step_by_loops(x, h, c, W, U, b):
    """The equations, one sentence and one unit after the other."""
    new_h, new_c = [], []
    for one_x, one_h, one_c in zip(x, h, c):
        a = [W[k] @ one_x + U[k] @ one_h + b[k] for k in range(len(b))]
        H, cells = len(one_c), []
        for k in range(H):
            kept, added = a[H + k].sigmoid() * one_c[k], a[k].sigmoid() * a[2 * H + k].tanh()
            cells.append(kept + added)
        new_c.append(torch.stack(cells))
        new_h.append(torch.stack([a[3 * H + k].sigmoid() * cells[k].tanh() for k in range(H)]))
    return torch.stack(new_h), torch.stack(new_c)


def compare_cell(x, h, c, W, U, b):
    expected = step_by_loops(x, h, c, W, U, b)
    found = lstm_step(x, (h, c), W, U, b)
    for name, one, other in zip("hc", found, expected, strict=True):
        close(one, other, name)
    return found, expected


@hidden("all sizes different")
def check():
    compare_cell(*drawn_cell(VARIANT.input_size, VARIANT.hidden_size, VARIANT.draw))


@hidden("input and hidden size the same")
def check():
    compare_cell(*drawn_cell(VARIANT.hidden_size, VARIANT.hidden_size, VARIANT.draw + 1))


@hidden("gates of 200 and -200: wide open, shut, and no NaN")
def check():
    x, zero, big = torch.ones(1, 1), torch.zeros(4, 1), 200.0
    state = torch.tensor([[0.5]]), torch.tensor([[0.25]])
    for signs, c, h in (
        ((1, 1, 1, 1), 1.25, math.tanh(1.25)),
        ((1, -1, -1, 1), -1.0, math.tanh(-1)),
        ((-1, 1, 1, -1), 0.25, 0.0),
    ):
        found = lstm_step(x, state, zero, zero, big * torch.tensor(signs))
        close(found[1], torch.tensor([[c]]), f"c, gates {signs}")
        close(found[0], torch.tensor([[h]]), f"h, gates {signs}")


@hidden("gradients reach everything")
def check():
    given = drawn_cell(2, 3, VARIANT.draw + 2)
    results = compare_cell(*given)
    found, expected = (
        torch.autograd.grad(sum(each.sum() for each in pair), given, allow_unused=True)
        for pair in results
    )
    for name, one, other in zip(("x", "h", "c", "W", "U", "b"), found, expected):
        assert one is not None, f"no gradient reaches {name}"
        close(one, other, f"the gradient of {name}")


@hidden("what it is given stays as it was")
def check():
    x, h, c, *learned = (each.detach() for each in drawn_cell(2, 3, VARIANT.draw + 3))
    unchanged(lstm_step, x, (h, c), *learned)
    compare_cell(x, h, c, *learned)


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 4.2 Layers, and all their states (5 points)
#
# Layer 1 reads the inputs, layer 2 reads the states $h$ of layer 1 at the same time step, and so on. Every layer starts from **its own** pair
# $(h, c)$. That is how a decoder of several layers takes over from an encoder of as many. Each `cell` is called as `cell(input, (h, c))` and
# returns the new pair.
# %% solution run_layers
def run_layers(inputs, states, cells):
    """The top layer's states (batch, steps, hidden), and every layer's last pair.

    inputs: (batch, steps, input_size)
    states: one pair (h, c) for each layer, each (batch, hidden), bottom layer first
    cells: as many LSTMCells, bottom layer first

    The second result is a list of pairs, as states is; states itself stays as it was.
    """
    ### BEGIN SOLUTION
    states, tops = list(states), []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            states[layer] = cell(x, states[layer])
            x = states[layer][0]
        tops.append(x)
    return torch.stack(tops, dim=1), states
    ### END SOLUTION


# %% checks run_layers
LAYERS = ["Encoder", "torch.nn.LSTM", "torch.lstm"]
checks = Checks("4.2", points=2, withheld=LAYERS)


def drawn_layers(L, N, H, T, seed):
    torch.manual_seed(seed)
    cells = [torch.nn.LSTMCell(H if layer else N, H) for layer in range(L)]
    states = [(torch.randn(2, H), torch.randn(2, H)) for _ in cells]
    return torch.randn(2, T, N), states, cells


@checks("one layer, one step: the cell itself")
def check():
    inputs, states, cells = drawn_layers(1, 3, 4, 1, 0)
    tops, final = run_layers(inputs, states, cells)
    h, c = cells[0](inputs[:, 0], states[0])
    close(tops, h[:, None], "the top layer")
    close(final[0][1], c, "the last c")


@checks("two layers, one step: the second reads the first")
def check():
    inputs, states, cells = drawn_layers(2, 3, 4, 1, 1)
    tops, final = run_layers(inputs, states, cells)
    below = cells[0](inputs[:, 0], states[0])
    above = cells[1](below[0], states[1])
    close(tops[:, 0], above[0], "the top layer")
    close(final[0][0], below[0], "the last h of the bottom layer")
    close(final[1][1], above[1], "the last c of the top layer")


checks.report()
# %% hidden run_layers
hidden = Checks("4.2, hidden", points=3, withheld=LAYERS)
### BEGIN HIDDEN TESTS


def layer_by_layer(inputs, states, cells):
    """The whole of the first layer, then the whole of the second, and so on."""
    final = []
    for (h, c), cell in zip(states, cells):
        row = []
        for step in range(inputs.shape[1]):
            h, c = cell(inputs[:, step], (h, c))
            row.append(h)
        inputs = torch.stack(row, dim=1)
        final.append((h, c))
    return inputs, final


def compare_layers(given):
    tops, final = run_layers(*given)
    expected, pairs = layer_by_layer(*given)
    close(tops, expected, "the top layer's states")
    assert len(final) == len(pairs), f"{len(final)} pairs for {len(pairs)} layers"
    for layer, (one, other) in enumerate(zip(final, pairs, strict=True), start=1):
        for name, x, y in zip("hc", one, other, strict=True):
            close(x, y, f"the last {name} of layer {layer}")


@hidden("VARIANT.layers layers, VARIANT.steps steps, all sizes different")
def check():
    sizes = VARIANT.layers, VARIANT.input_size, VARIANT.hidden_size, VARIANT.steps
    compare_layers(drawn_layers(*sizes, VARIANT.draw))


@hidden("two layers, all sizes the same")
def check():
    compare_layers(drawn_layers(2, 4, 4, 4, VARIANT.draw + 1))


@hidden("in two halves: what the first returns goes into the second")
def check():
    inputs, states, cells = drawn_layers(3, 2, 4, 6, VARIANT.draw + 2)
    expected, _ = layer_by_layer(inputs, states, cells)
    first, middle = run_layers(inputs[:, :2], states, cells)
    second, _ = run_layers(inputs[:, 2:], middle, cells)
    close(torch.cat([first, second], dim=1), expected, "the two halves")
    assert isinstance(middle, list), f"the pairs are in a {type(middle).__name__}, not in a list"


@hidden("the given states are left as they were")
def check():
    inputs, states, cells = drawn_layers(2, 3, 4, 3, VARIANT.draw + 3)
    unchanged(run_layers, inputs, states, cells)
    compare_layers((inputs, states, cells))


@hidden(
    "gradients run back through layers and steps, from the top and from the last pairs", weight=2
)
def check():
    inputs, states, cells = drawn_layers(2, 3, 4, 3, VARIANT.draw + 4)
    start = [each.requires_grad_() for pair in states for each in pair]
    learned = [inputs.requires_grad_(), *start, *cells[0].parameters(), *cells[1].parameters()]

    def gradients(run):
        tops, final = run(inputs, states, cells)
        last = sum(each.sum() for pair in final for each in pair)
        return [
            each
            for result in (tops.square().sum(), last)
            for each in torch.autograd.grad(result, learned, retain_graph=True)
        ]

    for one, other in zip(gradients(run_layers), gradients(layer_by_layer)):
        close(one, other, "a gradient", tolerance=1e-3)


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 4.3 A fair score for long translations (2 points)
#
# A log-probability is a sum of negative numbers, so short translations win. Divide it ([Wu et al., 2016](https://arxiv.org/abs/1609.08144),
# equation 14): $\log p \,/\, \left(\frac{5 + n}{6}\right)^{\alpha}$, where $n$ counts the tokens of which the probability is a
# product, `<eos>` included where it was written.
# %% solution penalised
def penalised(log_p, n, alpha):
    """The score of a translation, a float."""
    ### BEGIN SOLUTION
    return log_p / ((5 + n) / 6) ** alpha
    ### END SOLUTION


# %% checks penalised
checks = Checks("4.3", points=1, withheld=["length_penalty_factor"])


@checks("seven tokens, exponent 1")
def check():
    close(penalised(-8.0, 7, 1.0), -4.0, "the score")


checks.report()
# %% hidden penalised
hidden = Checks("4.3, hidden", points=1, withheld=["length_penalty_factor"])
### BEGIN HIDDEN TESTS


@hidden("exponent VARIANT.alpha, many lengths")
def check():
    for n in range(1, 40):
        expected = -3.5 * math.exp(-VARIANT.alpha * math.log((5 + n) / 6))
        close(penalised(-3.5, n, VARIANT.alpha), expected, f"the score of {n} tokens")


@hidden("exponent 0 and exponent 2; a float")
def check():
    plain(penalised(-6.0, 13, 0.5), "the score")
    close(penalised(-6.0, 13, 0.0), -6.0, "exponent 0")
    close(penalised(-9.0, 13, 2.0), -1.0, "exponent 2")


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 4.4 Beam search (8 points)
#
# For one sentence. `step(token, state)` takes a token's id (an int) and a state, and returns the **log-probabilities** of all next tokens,
# `(vocab_size,)`, and the next state. Start from `<bos>` and `state`. Then, at most `max_length` times:
#
# 1. extend every unfinished hypothesis by every token; the candidate's log-probability is the sum;
# 2. of all candidates keep the `width` best **by log-probability**;
# 3. those that end in `<eos>` are finished: put them aside, they are not extended; the others are the new unfinished ones. If there
#    are none, stop.
#
# Of the finished hypotheses the one with the highest **penalised** score (4.3, `<eos>` counted) is the result; if there is none, of the unfinished ones.
# Return its tokens without `<bos>` and `<eos>`, and its penalised score. Use your `penalised`; it is one line.
# %% solution beam
def beam(step, state, width, max_length, alpha):
    """The best translation found: a list of ids (ints), and its penalised score (a float)."""
    ### BEGIN SOLUTION
    unfinished, finished = [([], 0.0, s2s.BOS_ID, state)], []
    for _ in range(max_length):
        candidates = []
        for ids, log_p, token, state in unfinished:
            scores, after = step(token, state)
            best = scores.topk(min(width, len(scores)))
            for more, k in zip(best.values.tolist(), best.indices.tolist()):
                candidates.append((ids + [k], log_p + more, k, after))
        candidates.sort(key=lambda candidate: -candidate[1])
        kept = candidates[:width]
        finished += [each for each in kept if each[2] == s2s.EOS_ID]
        unfinished = [each for each in kept if each[2] != s2s.EOS_ID]
        if not unfinished:
            break
    score, ids = max(
        (penalised(log_p, len(ids), alpha), ids) for ids, log_p, *_ in finished or unfinished
    )
    return [token for token in ids if token != s2s.EOS_ID], score
    ### END SOLUTION


# %% checks beam
checks = Checks("4.4", points=1, withheld=["beam_search", "decode_corpus"])


def tree(probabilities, vocab_size=8):
    """A step whose state is the text so far; a dict from texts to probabilities."""

    def step(token, state):
        state = state + (token,)
        p = torch.full((vocab_size,), 1e-9)
        for k, value in probabilities.get(state, {s2s.EOS_ID: 1.0}).items():
            p[k] = value
        return p.log(), state

    return step


BOS, EOS = s2s.BOS_ID, s2s.EOS_ID
GREEDY_IS_WRONG = {
    (BOS,): {4: 0.6, 5: 0.4},
    (BOS, 4): {6: 0.5, 7: 0.5},
    (BOS, 5): {6: 0.9, 7: 0.1},
}


@checks("width 1 takes the best token, and then has no choice")
def check():
    ids, score = beam(tree(GREEDY_IS_WRONG), (), 1, 5, 0.0)
    assert ids[0] == 4, f"it is {ids}"
    close(score, math.log(0.3), "the score")


@checks("width 2 finds the better one")
def check():
    ids, score = beam(tree(GREEDY_IS_WRONG), (), 2, 5, 0.0)
    assert ids == [5, 6], f"it is {ids}"
    close(score, math.log(0.36), "the score")


@checks("max_length reached without <eos>")
def check():
    ids, score = beam(tree(GREEDY_IS_WRONG), (), 2, 1, 0.0)
    assert ids == [4], f"it is {ids}"
    close(score, math.log(0.6), "the score")


checks.report()
# %% hidden beam
hidden = Checks("4.4, hidden", points=7, withheld=["beam_search", "decode_corpus"])
### BEGIN HIDDEN TESTS
from numbers import Integral

SHORT_OR_LONG = {
    (BOS,): {EOS: 0.3, 4: 0.7},
    (BOS, 4): {5: 1.0},
    (BOS, 4, 5): {6: 1.0},
    (BOS, 4, 5, 6): {7: 0.4, EOS: 0.35, 4: 0.25},
}


def drawn_tree(V, seed):
    """Log-probabilities that depend on the whole text so far; <bos> comes only at the beginning."""

    def step(token, state):
        state = state + (token,)
        number = sum((k + 1) * 31**i for i, k in enumerate(state)) % 100_003
        generator = torch.Generator().manual_seed(seed + number)
        scores = 2 * torch.randn(V, generator=generator)
        scores[BOS] = -50.0
        return scores.log_softmax(0), state

    return step


def beam_by_definition(step, state, width, max_length, alpha):
    texts, finished = [((), 0.0)], []

    def scores_after(text):
        here, current = BOS, state
        for token in text:
            _, current = step(here, current)
            here = token
        return step(here, current)[0].tolist()

    for _ in range(max_length):
        grown = [
            (text + (k,), log_p + more)
            for text, log_p in texts
            for k, more in enumerate(scores_after(text))
        ]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        finished += [each for each in grown if each[0][-1] == EOS]
        texts = [each for each in grown if each[0][-1] != EOS]
        if not texts:
            break
    ranked = [(log_p / ((5 + len(text)) / 6) ** alpha, text) for text, log_p in finished or texts]
    score, text = max(ranked)
    return [token for token in text if token != EOS], score


def compare_beam(*given):
    ids, score = beam(*given)
    expected, best = beam_by_definition(*given)
    assert list(ids) == expected, f"it is {ids} and should be {expected}"
    for token in ids:
        plain(token, "a token", Integral)
    plain(score, "the score")
    close(float(score), best, "the score")


@hidden("the length penalty chooses among the finished", weight=4)
def check():
    for alpha in (0.0, VARIANT.alpha, 3.0):
        compare_beam(tree(SHORT_OR_LONG), (), 3, 8, alpha)


@hidden("random trees, width VARIANT.width, exponent VARIANT.alpha", weight=2)
def check():
    for k in range(8):
        compare_beam(drawn_tree(6, VARIANT.draw + k), (), VARIANT.width, 7, VARIANT.alpha)


@hidden("random trees, exponent 0, and width 1")
def check():
    for k in range(5):
        compare_beam(drawn_tree(6, VARIANT.draw + 50 + k), (), 4, 6, 0.0)
        compare_beam(drawn_tree(6, VARIANT.draw + 50 + k), (), 1, 6, VARIANT.alpha)


@hidden(
    "more beams than tokens, and than steps; two texts that end alike; max_length reached; all "
    "finished early",
    weight=6,
)
def check():
    alike = {
        (BOS,): {4: 0.55, 5: 0.45},
        (BOS, 4): {6: 1.0},
        (BOS, 5): {6: 1.0},
        (BOS, 4, 6): {7: 0.5, 0: 0.5},
        (BOS, 5, 6): {7: 1.0},
    }
    compare_beam(tree(alike), (), 2, 5, VARIANT.alpha)
    third = {
        (BOS,): {4: 0.4, 5: 0.35, 6: 0.25},
        (BOS, 4): {7: 0.4, 0: 0.35, 1: 0.25},
        (BOS, 5): {7: 0.4, 0: 0.35, 1: 0.25},
    }
    compare_beam(tree(third), (), 3, 2, VARIANT.alpha)
    for k in range(4):
        compare_beam(drawn_tree(5, VARIANT.draw + 80 + k), (), 30, 3, VARIANT.alpha)
    calls = []

    def counted(token, state):
        calls.append(token)
        return tree({(BOS,): {EOS: 1.0}})(token, state)

    compare_beam(counted, (), 1, 50, 1.0)
    calls.clear()
    assert beam(counted, (), 1, 50, 1.0)[0] == [] and len(calls) == 1, "it went on"
    endless = {(BOS,) + (4,) * n: {4: 0.9, 5: 0.1} for n in range(60)}
    compare_beam(tree(endless), (), 1, VARIANT.steps, VARIANT.alpha)


@hidden("180 steps, 100 tokens: the product of the probabilities would be zero", weight=6)
def check():
    last, scores = torch.zeros(100), torch.zeros(100)
    scores[[4, 5, 6]] = torch.tensor([0.01, 0.03, 0.02])
    scores[EOS], last[EOS] = -9.0, 9.0
    scores, last = scores.log_softmax(0), last.log_softmax(0)

    def step(token, state):
        return (last if state == 180 else scores), state + 1

    ids, score = beam(step, 0, 2, 181, VARIANT.alpha)
    assert list(ids) == [5] * 180, f"it is {ids}"
    total = 180 * scores[5].item() + last[EOS].item()
    close(float(score), total / ((5 + 181) / 6) ** VARIANT.alpha, "the score")


@hidden("<eos> takes a place in the beam", weight=14)
def check():
    takes = {
        (BOS,): {EOS: 0.5, 4: 0.3, 5: 0.2},
        (BOS, 5): {6: 0.99, 7: 0.01},
        (BOS, 4): {6: 0.4, 7: 0.6},
    }
    compare_beam(tree(takes), (), 2, 5, 3.0)
    full = {
        (BOS,): {EOS: 0.34, 4: 0.331, 5: 0.329},
        (BOS, 4): {6: 0.6, 7: 0.4},
        (BOS, 5): {6: 0.9, 7: 0.1},
    }
    for width in (2, 3):
        compare_beam(tree(full), (), width, 5, 6.0)
    for k in range(7):
        compare_beam(drawn_tree(5, VARIANT.draw + 200 + k), (), 3, 6, 2.0)


@hidden("the beam does not shrink by what is finished", weight=11)
def check():
    late = {
        (BOS,): {EOS: 0.4, 4: 0.35, 5: 0.25},
        (BOS, 4): {6: 0.55, 7: 0.45},
        (BOS, 4, 7): {5: 1.0},
    }
    compare_beam(tree(late), (), 2, 6, 6.0)
    overtaken = {  # <eos> at once is ahead by penalised score after two steps, and behind after four
        (BOS,): {EOS: 0.35, 4: 0.6, 5: 0.05},
        (BOS, 4): {6: 0.6, 7: 0.34, 5: 0.06},
        (BOS, 4, 6): {0: 0.4, 1: 0.35, 5: 0.25},
        (BOS, 4, 7): {5: 1.0},
    }
    compare_beam(tree(overtaken), (), 2, 6, 2.0)
    for k in range(10, 17):
        compare_beam(drawn_tree(5, VARIANT.draw + 200 + k), (), 3, 6, 2.0)


@hidden("the state that it is given stays as it was", weight=6)
def check():
    words = tree({(BOS,): {EOS: 0.4, 4: 0.6}})

    def step(token, state):
        grown = torch.cat([state, torch.tensor([token])]) if torch.is_tensor(state) else None
        state = [*state, token] if grown is None else grown
        return words(token, tuple(map(int, state))[:-1])[0], state

    for state in (torch.zeros(0, dtype=torch.long), []):
        unchanged(beam, step, state, 2, 3, 0.0)
        assert list(beam(step, state, 2, 3, 0.0)[0]) == [4]


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 4.5 Clipped n-gram matches (3 points)
#
# The heart of BLEU: of the n-grams of a translation, how many also stand in the reference, every token letter by letter? An n-gram that the reference has twice can be matched twice at
# most. So *the the the* against *the cat* has 1 match among 3 unigrams.
# %% solution matches
def matches(translation, reference, n):
    """How many n-grams match, and how many there are: two ints.

    translation, reference: lists of tokens
    """

    ### BEGIN SOLUTION
    def counted(tokens):
        found = {}
        for k in range(len(tokens) - n + 1):
            gram = tuple(tokens[k : k + n])
            found[gram] = found.get(gram, 0) + 1
        return found

    ours, theirs = counted(translation), counted(reference)
    hits = sum(min(times, theirs.get(gram, 0)) for gram, times in ours.items())
    return hits, sum(ours.values())
    ### END SOLUTION


# %% checks matches
COUNTERS = ["bleu", "sacrebleu.metrics.BLEU", "sacrebleu.metrics.helpers.extract_word_ngrams"]
COUNTERS += ["sacrebleu.metrics.helpers.extract_all_word_ngrams"]
checks = Checks("4.5", points=1, withheld=COUNTERS)


@checks("unigrams: the the the, the cat")
def check():
    found = matches("the the the".split(), "the cat".split(), 1)
    assert tuple(found) == (1, 3), f"it is {found}"


@checks("bigrams: a b c, b c a")
def check():
    found = matches(list("abc"), list("bca"), 2)
    assert tuple(found) == (1, 2), f"it is {found}"


checks.report()
# %% hidden matches
hidden = Checks("4.5, hidden", points=2, withheld=COUNTERS)
### BEGIN HIDDEN TESTS
from numbers import Integral


def matches_by_removal(translation, reference, n):
    pool = [tuple(reference[k : k + n]) for k in range(len(reference) - n + 1)]
    grams = [tuple(translation[k : k + n]) for k in range(len(translation) - n + 1)]
    hits = 0
    for gram in grams:
        if gram in pool:
            pool.remove(gram)
            hits += 1
    return hits, len(grams)


@hidden("many sentences, n from 1 to 4")
def check():
    generator = torch.Generator().manual_seed(VARIANT.draw)
    for length in range(1, 12):
        one, other = (
            [str(k) for k in torch.randint(3, (m,), generator=generator).tolist()]
            for m in (length, 12 - length)
        )
        for n in (1, 2, 3, 4):
            found, expected = matches(one, other, n), matches_by_removal(one, other, n)
            assert tuple(found) == expected, f"{one}, {other}, {n}: {found}, not {expected}"


@hidden("shorter than n: nothing to match; an empty translation")
def check():
    assert tuple(matches(["a", "b"], ["a", "b", "c"], 3)) == (0, 0)
    assert tuple(matches([], ["a"], 1)) == (0, 0)
    assert tuple(matches(["a", "b", "c"], ["a", "b"], 3)) == (0, 1)


@hidden("tokens of several letters are tokens, not text", weight=2)
def check():
    for one, other, n in (
        ("he", "the", 1),
        ("the", "there the", 1),
        ("a b", "xa bx", 2),
        ("ab c", "a bc", 2),
        ("a bc", "ab c", 2),
        ("ab ab", "ab abab", 1),
        ("ab ab ab ab", "ab ab ab", 1),
        ("The the", "the the", 1),
        ("a , b .", "a b , .", 2),
        ("house", "houses", 1),
    ):
        found = matches(one.split(), other.split(), n)
        expected = matches_by_removal(one.split(), other.split(), n)
        assert tuple(found) == expected, f"{one}, {other}, {n}: {found}, not {expected}"


@hidden("what it is given stays as it was")
def check():
    for n in (1, 2):
        unchanged(matches, ["a", "b", "a"], ["b", "a"], n)
        found = tuple(matches(["a", "b", "a"], ["b", "a"], n))
        assert found == (3 - n, 4 - n), f"it is {found}"
        for count in found:
            plain(count, "a count", Integral)


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 4.6 BLEU of a corpus (5 points)
#
# Matches $m_n$ and totals $t_n$ are **added up over all sentences**, for $n = 1, \dots, 4$; so are the lengths, $c$ of the translations and $r$ of the
# references. Then
#
# $$ \mathrm{BLEU} = 100 \cdot \mathrm{BP} \cdot \exp\Big(\frac14 \sum_{n=1}^{4} \log \frac{m_n}{t_n}\Big), \qquad \mathrm{BP} =
# \min\big(1,\; e^{\,1 - r/c}\big) $$
#
# and 0 if any $m_n$ is 0. Use your `matches`.
# %% solution corpus_bleu
def corpus_bleu(translations, references):
    """BLEU from 0 to 100, a float.

    translations, references: lists of lists of tokens, in the same order
    """
    ### BEGIN SOLUTION
    logs = 0.0
    for n in (1, 2, 3, 4):
        pairs = [matches(*pair, n) for pair in zip(translations, references)]
        hits, total = (sum(column) for column in zip(*pairs))
        if hits == 0:
            return 0.0
        logs += math.log(hits / total) / 4
    c, r = (sum(map(len, side)) for side in (translations, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)
    ### END SOLUTION


# %% checks corpus_bleu
SCORES = ["bleu", "sacrebleu.metrics.BLEU"]
checks = Checks("4.6", points=1, withheld=SCORES)


@checks("the same: 100; nothing in common: 0")
def check():
    text = "a small cat sat here".split()
    close(corpus_bleu([text], [text]), 100.0, "BLEU")
    close(corpus_bleu([list("abcde")], [list("vwxyz")]), 0.0, "BLEU")


@checks("one word wrong at the end")
def check():
    found = corpus_bleu([list("abcdx")], [list("abcde")])
    expected = 100 * (4 / 5 * 3 / 4 * 2 / 3 * 1 / 2) ** 0.25
    close(found, expected, "BLEU")


checks.report()
# %% hidden corpus_bleu
hidden = Checks("4.6, hidden", points=4, withheld=SCORES)
### BEGIN HIDDEN TESTS


def matches_by_removal(translation, reference, n):
    pool = [tuple(reference[k : k + n]) for k in range(len(reference) - n + 1)]
    grams = [tuple(translation[k : k + n]) for k in range(len(translation) - n + 1)]
    hits = 0
    for gram in grams:
        if gram in pool:
            pool.remove(gram)
            hits += 1
    return hits, len(grams)


def bleu_by_removal(translations, references):
    product = 1.0
    for n in (1, 2, 3, 4):
        pairs = [matches_by_removal(*pair, n) for pair in zip(translations, references)]
        total = sum(pair[1] for pair in pairs)
        product *= sum(pair[0] for pair in pairs) / total if total else 0.0
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * product**0.25 * (1.0 if c >= r else math.exp(1 - r / c))


def drawn_texts(seed, shorter, count=19):
    """Words of one letter to ten; the last translation stands there twice, beside two references."""
    generator = torch.Generator().manual_seed(seed)
    references, translations = [], []
    for k in range(count):
        row = torch.randint(6, (3 + k % 9,), generator=generator).tolist()
        other = [x if torch.rand(1, generator=generator) < 0.8 else 9 for x in row]
        references.append([str(10**x) for x in row])
        other = other[:-1] if shorter else [*other, 3, 4]
        translations.append([str(10**x) for x in other])
    return [*translations, translations[-1]], [*references, references[-1][2:]]


@hidden("twenty sentences that are too short: the brevity penalty", weight=14)
def check():
    texts = drawn_texts(VARIANT.draw, shorter=True)
    close(corpus_bleu(*texts), bleu_by_removal(*texts), "BLEU")


@hidden("twenty sentences that are too long: no penalty, no reward", weight=6)
def check():
    texts = drawn_texts(VARIANT.draw + 1, shorter=False)
    unchanged(corpus_bleu, *texts)
    close(corpus_bleu(*texts), bleu_by_removal(*texts), "BLEU")


@hidden("added up over the corpus, not averaged over sentences", weight=4)
def check():
    translations = ["a b c d e f g h".split(), "x y".split(), "a b c x".split()]
    references = ["a b c d e f g h".split(), "x z".split(), "a b c d e".split()]
    expected = bleu_by_removal(translations, references)
    close(corpus_bleu(translations, references), expected, "BLEU")


@hidden("a word that is repeated is clipped")
def check():
    texts = ["a b c d a b c d a b c d".split()], ["a b c d e f g h i j k l".split()]
    close(corpus_bleu(*texts), bleu_by_removal(*texts), "BLEU")


@hidden("no match of four in the whole corpus: 0; short sentences do no harm", weight=5)
def check():
    close(corpus_bleu([list("abcx")], [list("abcd")]), 0.0, "BLEU")
    close(corpus_bleu([list("abc"), ["d"]], [list("abc"), ["d"]]), 0.0, "BLEU of three words")
    texts = [["a"], list("abcde")], [["a"], list("abcde")]
    close(corpus_bleu(*texts), 100.0, "BLEU")


@hidden("nothing written for one sentence: its length counts; nothing at all: 0", weight=5)
def check():
    references = ["a b c d e".split(), "f g h i j".split()]
    texts = [["a b c d e".split(), []], references]
    close(corpus_bleu(*texts), 100 * math.exp(-1), "BLEU")
    close(corpus_bleu([[], []], references), 0.0, "BLEU of nothing")
    plain(corpus_bleu(references, references), "BLEU")


@hidden("what it is given stays as it was", weight=5)
def check():
    translations, references = [list("bacde"), ["a"]], [list("bacdx"), ["b"]]
    unchanged(corpus_bleu, translations, references)
    expected = bleu_by_removal(translations, references)
    close(corpus_bleu(translations, references), expected, "BLEU")


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 4.7 Four kinds of outcome (2 points)
#
# For the error analysis, one word for each translation, the first that fits:
#
# - `"right"`: it is the reference;
# - `"length"`: it has another number of tokens;
# - `"order"`: it has the same tokens, each as often, in another order;
# - `"word"`: everything else.
# %% solution outcome
def outcome(translation, reference):
    """ "right", "length", "order" or "word"."""
    ### BEGIN SOLUTION
    if list(translation) == list(reference):
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"
    ### END SOLUTION


# %% checks outcome
checks = Checks("4.7", points=1)


@checks("one of each")
def check():
    reference = "the black cat".split()
    found = [
        outcome(text.split(), reference)
        for text in ("the black cat", "the cat", "the cat black", "the black dog")
    ]
    assert found == ["right", "length", "order", "word"], f"it is {found}"


checks.report()
# %% hidden outcome
hidden = Checks("4.7, hidden", points=1)
### BEGIN HIDDEN TESTS


@hidden("tokens that are repeated, each as often")
def check():
    assert outcome(list("aab"), list("abb")) == "word", "aab for abb"
    assert outcome(list("abab"), list("baab")) == "order", "abab for baab"
    assert outcome(list("aabb"), list("ab")) == "length", "aabb for ab"
    assert outcome(list("cab"), list("abc")) == "order", "cab for abc"


@hidden("nothing written; a wrong word and a wrong place together")
def check():
    assert outcome([], ["a"]) == "length"
    assert outcome(list("bax"), list("abc")) == "word", "bax for abc"
    assert outcome(["a"], ["b"]) == "word" and outcome(["a"], ["a"]) == "right"


@hidden("the length is the number of tokens, whatever their letters")
def check():
    assert outcome(["cat"], ["horse"]) == "word", "cat for horse"
    assert outcome(["ab", "c"], ["a", "bc"]) == "word", "ab c for a bc"
    assert outcome(["abc"], ["a", "b"]) == "length", "abc for a b"
    assert outcome(["on", "a"], ["a", "no"]) == "word", "on a for a no"
    assert outcome(["The", "cat"], ["the", "cat"]) == "word", "The for the"
    assert outcome(["a", ","], ["a"]) == "length", "a , for a"


@hidden("what it is given stays as it was")
def check():
    unchanged(outcome, ["b", "c", "a"], ["c", "a", "b"])
    assert outcome(["b", "c", "a"], ["c", "a", "b"]) == "order"


### END HIDDEN TESTS
hidden.report()
# %% [markdown]
# ## 4.8 Judge a translator (15 points, 12 of them by hand)
#
# A model with Bahdanau's attention has learned some Italian, in less than a minute. You get its BLEU, by your function and by the package's (they should agree), its outcomes by kind and by
# the source's length, and a list of its mistakes.
#
# First the corpus. Then **your prediction**: it has to be committed before the model is trained.
# %% run corpus
train, test = (
    s2s.load_corpus("phrases", split, size=size, seed=VARIANT.corpus_seed)
    for split, size in (("train", 12_000), ("test", 400))
)
sides = train.src_sentences, train.tgt_sentences
vocabs = [s2s.Vocabulary.build(sentences) for sentences in sides]
test_batches = s2s.make_batches(test, *vocabs, batch_size=len(test))
for pair in test[:3]:
    print(" ".join(pair.src), "->", " ".join(pair.tgt))


# %% [markdown]
# Write your prediction into the function, and run the cell below it: it commits you. The experiment waits for it. **Three points** are for a prediction
# that was committed before the experiment ran, whether it comes true or not; they are read from the outputs of the notebook that you hand in.
# %% solution prediction
def prediction():
    """What you expect, as a dict.

    bleu: the BLEU of greedy decoding (width 1), from 0 to 100
    gain: the BLEU of width 5 minus that of width 1, from -20 to 20
    kind: which is the most frequent among the mistakes of width 5: "length", "order" or "word"
    because: why, in a sentence
    """
    ### BEGIN SOLUTION
    reason = "short sentences of few patterns are learned soon, all but their rare words"
    return {"bleu": 70, "gain": 0.5, "kind": "word", "because": reason}
    ### END SOLUTION


# %% run commitment
asked = {"bleu": (0, 100), "gain": (-20, 20), "kind": ["length", "order", "word"]}
sealed = commit("4.8", prediction, asked, globals().get("sealed"))
# %% run training
with waits_for("4.8 (your prediction)"):
    sealed.begin()
    s2s.seed_everything(VARIANT.corpus_seed)
    model = s2s.build_model("bahdanau", *map(len, vocabs), 32, hidden_size=64)
    options = {"batch_size": 64, "shuffle": True, "seed": VARIANT.corpus_seed}
    batches = s2s.make_batches(train, *vocabs, **options)
    config = s2s.TrainConfig(steps=450, learning_rate=8e-3, seed=VARIANT.corpus_seed)
    s2s.fit(model, batches, test_batches, config)
    model = model.cpu()
    translations = {}
    for width in (1, 5):
        ids = s2s.decode_corpus(model, test_batches, max_length=20, beam_size=width).ids
        translations[width] = [list(vocabs[1].decode(row)) for row in ids]
    references = [list(pair.tgt) for pair in test]
# %% run table
with waits_for("4.5, 4.6, 4.7 or 4.8 (your prediction)"):
    sealed.begin()
    scores = {}
    for width, texts in translations.items():
        ours = scores[width] = corpus_bleu(texts, references)
        joined = [[" ".join(text) for text in side] for side in (texts, references)]
        theirs = s2s.bleu(*joined, tokenize="none").score
        print(f"width {width}: BLEU {ours:.2f}, the package's {theirs:.2f}")
        print("source length   sentences   right   length   order   word")
        for low, high in ((1, 4), (5, 6), (7, 30)):
            here = [k for k, p in enumerate(test) if low <= len(p.src) <= high]
            found = [outcome(texts[k], references[k]) for k in here]
            shares = [found.count(name) for name in ("right", "length", "order", "word")]
            numbers = "".join(f"{share:8}" for share in shares)
            print(f"{low:6} to {high:<4}{len(here):12}{numbers}")
    found = [outcome(*pair) for pair in zip(translations[5], references)]
    kind = max(("length", "order", "word"), key=found.count)
    came_out = {"bleu": scores[1], "gain": scores[5] - scores[1]}
    sealed.beside({name: round(x, 2) for name, x in came_out.items()} | {"kind": kind})
# %% run mistakes
with waits_for("4.8 (your prediction)"):
    sealed.begin()
    wrong = [k for k in range(len(test)) if translations[5][k] != references[k]]
    print(len(wrong), "of", len(test), "are not the reference; fifteen of them:")
    for k in wrong[:15]:
        print(" ".join(test[k].src))
        print("    reference  ", " ".join(references[k]))
        print("    translation", " ".join(translations[5][k]))
# %% trace prediction
sealed.report(points=3)
# %% [markdown]
# Now write, 300 to 400 words in all. Your own numbers, as they are printed above:
#
# **a. (3 points)** Your prediction beside what came out: by how much were you wrong in the three answers, and what in your reason was wrong with it (or, if all came
# true, which other outcome your reason would have allowed)?
#
# **b. (3 points)** What does the table say? Which kind of mistake is the most frequent, where does it come, and what does the beam change? With numbers.
#
# **c. (4 points)** Sort the fifteen mistakes by their cause as you see it, with at least three classes that say more than "wrong word" (a class can be grammatical,
# or about the data, or about the reference), and quote one of your mistakes for each. Name one translation that is not the reference and still good, or say that there is none.
#
# **d. (2 points)** BLEU went from what to what between the two widths? Would you report it as an improvement? What would you need, to be sure?
# %% answer judgement points=12
# **Your answer to 4.8**
#
# ### BEGIN SOLUTION
# *A model answer.* (a) Any prediction, compared honestly with the printed numbers: 1 for the differences in BLEU and gain, 1 for the kind, 1 for what in the reason did
# not hold. A true prediction earns no more, and a wrong one no less.
#
# (b) The most frequent kind by number, its length class, and the change from width 1 to 5, in numbers from the table: 1 for each. Numbers that are not those of the
# student's own output: at most 1 of 3.
#
# (c) Classes such as: a rare noun or name replaced by a more frequent one of the same kind; agreement or person of the verb (Italian leaves the pronoun out); an article where English has none; *you* for singular
# and plural; a name lost. 1 for classes that explain, 1 for all fifteen sorted, 1 for a mistake of the student's own list quoted in each, 1 for the judgement about the reference (the
# corpus has one reference; a synonym counts as wrong).
#
# (d) The two numbers, and: one test set of 400 short sentences, one seed; a difference needs a paired bootstrap over the sentences, or several seeds. 1 for "not without", 1 for a method.
# ### END SOLUTION
# %% [markdown]
# ## 4.9 A wrong solution, explained (7 points, 3 of them by hand)
#
# In problem set 3 you computed a difference and its uncertainty: of two models, of which one scattered more than the other and one may have had more runs, the mean
# difference $\bar a - \bar b$ and the half-width of its 95 % interval, Welch's. Somebody handed this in for it. It is right for some runs and wrong for others.
# %% given suspect
from scipy import stats


def t975(nu):
    """The number that Student's t with nu degrees of freedom exceeds in 2.5 % of cases."""
    return float(stats.t.ppf(0.975, nu))


### SUSPECT
# %% [markdown]
# **Find two inputs that differ in one number only**, a run of `a` or of `b`, exchanged, added or left out, so that `suspect` is right at the first and wrong at the
# second. What differs between them is then what its mistake depends on. Both have
#
# - two to five runs in each list, numbers from -100 to 100;
# - a true half-width above 0.01, so that there is something to be right about.
#
# It counts as wrong where the difference or the half-width is off by more than 0.01 or is NaN, and as right where nothing is off by more than 0.0001. The cell below the function shows what `suspect` makes of your two; what is
# right your own `difference` of problem set 3 says (paste it into a cell of your own).
# %% solution minimal_pair
def minimal_pair():
    """Two inputs (a, b): suspect is right at the first, wrong at the second.

    a, b: lists of numbers, one for each run
    """
    ### BEGIN SOLUTION
    ### PAIR
    ### END SOLUTION


# %% run look
with waits_for("4.9"):
    for given in minimal_pair():
        mean, half = suspect(*given)
        print(f"{mean:+.4f} ± {half:.4f}")
# %% checks minimal_pair
from s2s_tutorial.coursework import one_apart

checks = Checks("4.9", points=1)


def within_limits(given):
    for runs in given:
        assert isinstance(runs, list), f"a list of runs, not a {type(runs).__name__}"
        assert 2 <= len(runs) <= 5, f"{len(runs)} runs"
        assert all(-100 <= each <= 100 for each in runs), "a run is beyond 100"
    a, b = given
    assert len(set(a)) > 1 or len(set(b)) > 1, "neither of the two models scatters"


@checks("two inputs within the limits that differ in one number")
def check():
    first, second = minimal_pair()
    within_limits(first)
    within_limits(second)
    one_apart(tuple(first), tuple(second))


checks.report()
# %% hidden minimal_pair
hidden = Checks("4.9, hidden", points=3)
### BEGIN HIDDEN TESTS
from scipy import stats

from s2s_tutorial.coursework import one_apart


def t975(nu):
    return float(stats.t.ppf(0.975, nu))


### SUSPECT


def welch(a, b):
    means, parts = [], []
    for runs in (a, b):
        n, mean = len(runs), sum(runs) / len(runs)
        means.append(mean)
        parts.append((sum((x - mean) ** 2 for x in runs) / (n - 1) / n, n - 1))
    whole = sum(part for part, _ in parts)
    width = t975(whole**2 / sum(part**2 / free for part, free in parts)) * math.sqrt(whole)
    assert width > 0.01, f"the true half-width is {width:.3g} only"
    return means[0] - means[1], width


def off_by(a, b):
    """By how much the suspect is off, at most."""
    a, b = list(map(float, a)), list(map(float, b))
    worst = [abs(one - other) for one, other in zip(suspect(a, b), welch(a, b))]
    return math.inf if any(map(math.isnan, worst)) else max(worst)


def both():
    first, second = minimal_pair()
    within_limits(first)
    within_limits(second)
    one_apart(tuple(first), tuple(second))
    return off_by(*first), off_by(*second)


@hidden("the suspect is right at the first")
def check():
    first, _ = both()
    assert first <= 1e-4, f"it is off by {first:.3g} there"


@hidden("and wrong at the second", weight=2)
def check():
    first, second = both()
    assert second > 1e-2, f"it is off by {second:.3g} only"
    assert first <= 1e-4, f"but at the first it is off by {first:.3g}"


### END HIDDEN TESTS
hidden.report()
# %% [markdown]
# Now explain it, in 80 to 150 words:
#
# **a. (1 point)** Which line is it? Quote it.
#
# **b. (1 point)** What does one believe who writes that line? A sentence that begins "They believe that", about what the words of the exercise mean, and not only about the code.
#
# **c. (1 point)** What in your two inputs shows that it is this belief and no other: what did you change, and what did `suspect` do with it?
# %% answer explanation points=3
# **Your answer to 4.9**
#
# ### BEGIN SOLUTION
# *A model answer*, to VARIANT.suspect. (a) VARIANT.suspect_line
#
# (b) VARIANT.suspect_belief
#
# (c) What was changed is what the belief is about: before, belief and truth agree at this input, after it they part. A paraphrase
# of the code ("it takes the maximum there") is no belief: 0 for (b). Another belief that writes the same line earns the point if (c) fits it.
# ### END SOLUTION
