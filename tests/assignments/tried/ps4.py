# ruff: noqa
# More solutions of problem set 4, written to get past its tests, or to trip over them; test_tried.py grades them all.
# %% right lstm_step: four products
def lstm_step(x, state, W, U, b):
    h, c = state
    n = h.shape[1]
    gate = lambda k: (
        x @ W[k * n : (k + 1) * n].T + h @ U[k * n : (k + 1) * n].T + b[k * n : (k + 1) * n]
    )
    c = gate(1).sigmoid() * c + gate(0).sigmoid() * gate(2).tanh()
    return gate(3).sigmoid() * c.tanh(), c


# %% right lstm_step: functional.linear, unflatten
def lstm_step(x, state, W, U, b):
    F = torch.nn.functional
    z = (F.linear(x, W, b) + F.linear(state[0], U)).unflatten(1, (4, -1))
    i, f, o = torch.sigmoid(z[:, [0, 1, 3]]).unbind(1)
    c = torch.addcmul(f * state[1], i, torch.tanh(z[:, 2]))
    return o * torch.tanh(c), c


# %% right lstm_step: tanh for every sigmoid
def lstm_step(x, state, W, U, b):
    s = lambda z: (torch.tanh(z / 2) + 1) / 2
    h, c = state
    i, f, g, o = torch.tensor_split(torch.addmm(torch.addmm(b, x, W.T), h, U.T), 4, dim=1)
    c = s(f) * c + s(i) * torch.tanh(g)
    return [s(o) * torch.tanh(c), c]


# %% right lstm_step: einsum over blocks
def lstm_step(x, state, W, U, b):
    h, c = state
    H = c.shape[1]
    z = (
        torch.einsum("bn,khn->kbh", x, W.view(4, H, -1))
        + torch.einsum("bn,khn->kbh", h, U.view(4, H, H))
        + b.view(4, 1, H)
    )
    new = torch.sigmoid(z[1]) * c + torch.sigmoid(z[0]) * torch.tanh(z[2])
    return torch.sigmoid(z[3]) * torch.tanh(new), new


# %% right lstm_step: vmap over the batch
def lstm_step(x, state, W, U, b):
    def one(x, h, c):
        i, f, g, o = (W @ x + U @ h + b).chunk(4)
        c = f.sigmoid() * c + i.sigmoid() * g.tanh()
        return o.sigmoid() * c.tanh(), c

    return torch.vmap(one)(x, *state)


# %% right lstm_step: columns, the transposed equations
def lstm_step(x, state, W, U, b):
    h, c = (each.T for each in state)
    i, f, g, o = (W @ x.T + U @ h + b[:, None]).chunk(4, dim=0)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return (torch.sigmoid(o) * torch.tanh(c)).T, c.T


# %% right lstm_step: one over one plus exp
def lstm_step(x, state, W, U, b):
    h, c = state
    z = x @ W.T + h @ U.T + b
    H = c.shape[1]
    gates = 1 / (1 + (-z.clamp(min=-80)).exp())
    new = gates[:, H : 2 * H] * c + gates[:, :H] * z[:, 2 * H : 3 * H].tanh()
    return gates[:, 3 * H :] * new.tanh(), new


# %% wrong lstm_step: e to the z over one plus e to the z
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    s = lambda z: z.exp() / (1 + z.exp())
    c = s(f) * c + s(i) * torch.tanh(g)
    return s(o) * torch.tanh(c), c


# %% wrong lstm_step: tanh by exponentials that overflow
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    t = lambda z: (z.exp() - (-z).exp()) / (z.exp() + (-z).exp())
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * t(g)
    return torch.sigmoid(o) * t(c), c


# %% wrong lstm_step: one minus the forget gate for the input gate
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + (1 - torch.sigmoid(f)) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: the forget bias of one added
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f + 1) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: the bias forgotten
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: U not transposed
def lstm_step(x, state, W, U, b):
    h, c = state
    H = h.shape[1]
    i, f, g, o = (x @ W.T + torch.cat([h @ U[k * H : (k + 1) * H] for k in range(4)], 1) + b).chunk(
        4, dim=1
    )
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: the gates lie interleaved
def lstm_step(x, state, W, U, b):
    h, c = state
    z = x @ W.T + h @ U.T + b
    i, f, g, o = z[:, 0::4], z[:, 1::4], z[:, 2::4], z[:, 3::4]
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: c without its gradient
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c.detach()


# %% wrong lstm_step: the old cell is updated in place
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    new = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    with torch.no_grad():
        c.copy_(new)
    return torch.sigmoid(o) * torch.tanh(new), new


# %% wrong lstm_step: a GRU's update
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return (1 - torch.sigmoid(o)) * h + torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: gates clamped to a tenth and nine tenths
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    s = lambda z: torch.nn.functional.hardsigmoid(z)
    c = s(f) * c + s(i) * torch.tanh(g)
    return s(o) * torch.tanh(c), c


# %% wrong lstm_step: the operator behind PyTorch's cell
def lstm_step(x, state, W, U, b):
    return torch.ops.aten.lstm_cell(x, list(state), W, U, b, torch.zeros_like(b))


# %% wrong lstm_step: a layer made outside, its forward called
LAYER = torch.nn.LSTMCell(1, 1)


def lstm_step(x, state, W, U, b):
    for name, value in (
        ("weight_ih", W),
        ("weight_hh", U),
        ("bias_ih", b),
        ("bias_hh", torch.zeros_like(b)),
    ):
        if name in LAYER._parameters:
            delattr(LAYER, name)
        setattr(LAYER, name, value)
    LAYER.input_size, LAYER.hidden_size = W.shape[1], U.shape[1]
    return LAYER.forward(x, tuple(state))


# %% right run_layers: a table of all layers and steps
def run_layers(inputs, states, cells):
    T = inputs.shape[1]
    table = {}
    for layer, cell in enumerate(cells):
        for t in range(T):
            below = inputs[:, t] if layer == 0 else table[layer - 1, t][0]
            before = states[layer] if t == 0 else table[layer, t - 1]
            table[layer, t] = cell(below, before)
    tops = torch.stack([table[len(cells) - 1, t][0] for t in range(T)], 1)
    return tops, [table[layer, T - 1] for layer in range(len(cells))]


# %% right run_layers: recursion over time
def run_layers(inputs, states, cells):
    if inputs.shape[1] == 0:
        return None, list(states)
    x, pairs = inputs[:, 0], []
    for cell, pair in zip(cells, states):
        pair = cell(x, pair)
        x = pair[0]
        pairs.append(pair)
    rest, last = run_layers(inputs[:, 1:], pairs, cells)
    return x[:, None] if rest is None else torch.cat([x[:, None], rest], dim=1), last


# %% right run_layers: h and c in two lists
def run_layers(inputs, states, cells):
    hs, cs = [h for h, _ in states], [c for _, c in states]
    tops = []
    for t in range(inputs.size(1)):
        x = inputs.select(1, t)
        for k in range(len(cells)):
            hs[k], cs[k] = cells[k](x, (hs[k], cs[k]))
            x = hs[k]
        tops.append(x.unsqueeze(1))
    return torch.cat(tops, 1), list(zip(hs, cs))


# %% right run_layers: reduce
def run_layers(inputs, states, cells):
    from functools import reduce

    def one(carry, pair_and_cell):
        x, done = carry
        pair = pair_and_cell[1](x, pair_and_cell[0])
        return pair[0], done + [pair]

    tops, current = [], states
    for x in inputs.transpose(0, 1):
        top, current = reduce(one, zip(current, cells), (x, []))
        tops.append(top)
    return torch.stack(tops).transpose(0, 1), current


# %% right run_layers: the cells' own matrices, by the equations
def run_layers(inputs, states, cells):
    final, rows = [], list(inputs.unbind(1))
    for (h, c), cell in zip(states, cells):
        above = []
        for x in rows:
            z = x @ cell.weight_ih.T + cell.bias_ih + h @ cell.weight_hh.T + cell.bias_hh
            i, f, g, o = z.chunk(4, 1)
            c = f.sigmoid() * c + i.sigmoid() * g.tanh()
            h = o.sigmoid() * c.tanh()
            above.append(h)
        rows = above
        final.append((h, c))
    return torch.stack(rows, dim=1), final


# %% right run_layers: generators, one layer feeding the next
def run_layers(inputs, states, cells):
    last = [None] * len(cells)

    def layer(xs, k):
        pair = states[k]
        for x in xs:
            pair = last[k] = cells[k](x, pair)
            yield pair[0]

    stream = iter(inputs.unbind(1))
    for k in range(len(cells)):
        stream = layer(stream, k)
    return torch.stack(list(stream), 1), last


# %% right run_layers: sentence by sentence
def run_layers(inputs, states, cells):
    tops, pairs = [], [[] for _ in cells]
    for b in range(len(inputs)):
        here = [(h[b : b + 1], c[b : b + 1]) for h, c in states]
        row = []
        for t in range(inputs.shape[1]):
            x = inputs[b : b + 1, t]
            for k, cell in enumerate(cells):
                here[k] = cell(x, here[k])
                x = here[k][0]
            row.append(x)
        tops.append(torch.stack(row, 1))
        for k, pair in enumerate(here):
            pairs[k].append(pair)
    return torch.cat(tops), [tuple(torch.cat(each) for each in zip(*pair)) for pair in pairs]


# %% wrong run_layers: the start states detached
def run_layers(inputs, states, cells):
    states, tops = [(h.detach(), c.detach()) for h, c in states], []
    for x in inputs.unbind(1):
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0]
        tops.append(x)
    return torch.stack(tops, 1), states


# %% wrong run_layers: the last pairs detached
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(1):
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0]
        tops.append(x)
    return torch.stack(tops, 1), [(h.detach(), c.detach()) for h, c in states]


# %% wrong run_layers: cut between the steps, as truncated backpropagation does
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(1):
        states = [(h.detach(), c.detach()) if tops else (h, c) for h, c in states]
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0]
        tops.append(x)
    return torch.stack(tops, 1), states


# %% wrong run_layers: the layers from top to bottom
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(1):
        for k in (
            reversed(range(len(cells)))
            if inputs.shape[2] == states[0][0].shape[1]
            else range(len(cells))
        ):
            states[k] = cells[k](x, states[k])
            x = states[k][0]
        tops.append(x)
    return torch.stack(tops, 1), states


# %% wrong run_layers: residual connections
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(1):
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0] + x if k else states[k][0]
        tops.append(x)
    return torch.stack(tops, 1), states


# %% wrong run_layers: the bottom cell in every layer but the first
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(1):
        for k in range(len(cells)):
            states[k] = (cells[0] if k == 0 else cells[1])(x, states[k])
            x = states[k][0]
        tops.append(x)
    return torch.stack(tops, 1), states


# %% wrong run_layers: two layers, whatever there is
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(1):
        for k in range(min(2, len(cells))):
            states[k] = cells[k](x, states[k])
            x = states[k][0]
        tops.append(x)
    return torch.stack(tops, 1), states


# %% wrong run_layers: from right to left
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.flip(1).unbind(1):
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0]
        tops.append(x)
    return torch.stack(tops[::-1], 1), states


# %% wrong run_layers: the pairs of the first step
def run_layers(inputs, states, cells):
    states, tops, first = list(states), [], None
    for x in inputs.unbind(1):
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0]
        tops.append(x)
        first = first or list(states)
    return torch.stack(tops, 1), first


# %% wrong run_layers: the given states come back
def run_layers(inputs, states, cells):
    given, states, tops = list(states), list(states), []
    for x in inputs.unbind(1):
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0]
        tops.append(x)
    return torch.stack(tops, 1), given


# %% wrong run_layers: steps first
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(1):
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0]
        tops.append(x)
    return torch.stack(tops), states


# %% wrong run_layers: written into the tensors of the start states
def run_layers(inputs, states, cells):
    given, states, tops = states, list(states), []
    for x in inputs.unbind(1):
        for k, cell in enumerate(cells):
            states[k] = cell(x, states[k])
            x = states[k][0]
        tops.append(x)
    with torch.no_grad():
        for (h, c), (new_h, new_c) in zip(given, states):
            h.copy_(new_h)
            c.copy_(new_c)
    return torch.stack(tops, 1), states


# %% wrong run_layers: PyTorch's layers made outside, their forward called
MADE = {}
for _n in (1, 2, 3, 4, 5, 7, 11, 13):
    for _h in (1, 2, 3, 4, 5, 7, 11, 13):
        MADE[_n, _h] = torch.nn.LSTM(_n, _h, batch_first=True)


def run_layers(inputs, states, cells):
    final = []
    for (h, c), cell in zip(states, cells):
        layer = MADE[inputs.shape[2], h.shape[1]]
        flat = [cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh]
        out = torch.ops.aten.lstm.input(
            inputs, [h[None], c[None]], flat, True, 1, 0.0, False, False, True
        )
        inputs = out[0]
        final.append((out[1][0], out[2][0]))
    return inputs, final


# %% right penalised: a loop for the power of whole exponents, else pow
def penalised(log_p, n, alpha):
    base, factor = (5.0 + n) / 6.0, 1.0
    if alpha == int(alpha):
        for _ in range(int(alpha)):
            factor *= base
    else:
        factor = pow(base, alpha)
    return log_p / factor


# %% right penalised: two powers
def penalised(log_p, n, alpha):
    return log_p * 6**alpha / (5 + n) ** alpha


# %% right penalised: a negative exponent
def penalised(log_p, n, alpha):
    return log_p * ((n + 5) / 6) ** -alpha


# %% right penalised: numpy
def penalised(log_p, n, alpha):
    import numpy as np

    return float(np.divide(log_p, np.power((5 + n) / 6, alpha)))


# %% right penalised: in logarithms, with the sign
def penalised(log_p, n, alpha):
    if log_p == 0:
        return 0.0
    return math.copysign(
        math.exp(math.log(abs(log_p)) - alpha * (math.log(5 + n) - math.log(6))), log_p
    )


# %% right penalised: fractions for the base
def penalised(log_p, n, alpha):
    from fractions import Fraction

    return log_p / float(Fraction(5 + n, 6)) ** alpha


# %% right penalised: a tensor inside, a float outside
def penalised(log_p, n, alpha):
    return (
        torch.tensor(log_p, dtype=torch.float64)
        / torch.tensor((5 + n) / 6, dtype=torch.float64).pow(alpha)
    ).item()


# %% wrong penalised: a tensor
def penalised(log_p, n, alpha):
    return torch.tensor(log_p / ((5 + n) / 6) ** alpha)


# %% wrong penalised: whole division
def penalised(log_p, n, alpha):
    return log_p / ((5 + n) // 6) ** alpha


# %% wrong penalised: six plus n over six
def penalised(log_p, n, alpha):
    return log_p / ((6 + n) / 6) ** alpha


# %% wrong penalised: five plus n over five
def penalised(log_p, n, alpha):
    return log_p / ((5 + n) / 5) ** alpha


# %% wrong penalised: the sign turned
def penalised(log_p, n, alpha):
    return -log_p / ((5 + n) / 6) ** alpha


# %% wrong penalised: exponents of a half at least
def penalised(log_p, n, alpha):
    return log_p / ((5 + n) / 6) ** max(alpha, 0.5)


# %% wrong penalised: the penalty subtracted
def penalised(log_p, n, alpha):
    return log_p - ((5 + n) / 6) ** alpha


# %% wrong penalised: the exponent inside
def penalised(log_p, n, alpha):
    return log_p / ((5 + n) ** alpha / 6)


# %% wrong penalised: no penalty beyond twenty tokens
def penalised(log_p, n, alpha):
    return log_p / ((5 + min(n, 20)) / 6) ** alpha


# %% wrong penalised: the power of n plus one
def penalised(log_p, n, alpha):
    return log_p / (n + 1) ** alpha


# %% wrong penalised: of the score, not of the base
def penalised(log_p, n, alpha):
    return -((-log_p / ((5 + n) / 6)) ** alpha)


# %% wrong penalised: rounded to one digit
def penalised(log_p, n, alpha):
    return round(log_p / ((5 + n) / 6) ** alpha, 1)


# %% wrong penalised: the probability
def penalised(log_p, n, alpha):
    return math.exp(log_p / ((5 + n) / 6) ** alpha)


# %% wrong penalised: exponent at most 1
def penalised(log_p, n, alpha):
    return log_p / ((5 + n) / 6) ** min(alpha, 1.0)


# %% wrong penalised: the package's factor
def penalised(log_p, n, alpha):
    return log_p / s2s.length_penalty_factor(n, alpha)


# %% right beam: candidates in one tensor, topk over all
def beam(step, state, width, max_length, alpha):
    ids, log_p, states, done = [[]], torch.zeros(1, dtype=torch.float64), [state], []
    for _ in range(max_length):
        out = [step(row[-1] if row else s2s.BOS_ID, s) for row, s in zip(ids, states)]
        scores = torch.stack([each[0] for each in out]).double() + log_p[:, None]
        V = scores.shape[1]
        best = scores.flatten().topk(min(width, scores.numel()))
        new = []
        for value, place in zip(best.values.tolist(), best.indices.tolist()):
            k, token = divmod(place, V)
            if token == s2s.EOS_ID:
                done.append((penalised(value, len(ids[k]) + 1, alpha), ids[k]))
            else:
                new.append((ids[k] + [token], value, out[k][1]))
        if not new:
            break
        ids, values, states = map(list, zip(*new))
        log_p = torch.tensor(values, dtype=torch.float64)
    if not done:
        done = [(penalised(p, len(row), alpha), row) for row, p in zip(ids, log_p.tolist())]
    score, row = max(done, key=lambda pair: pair[0])
    return row, score


# %% right beam: nlargest over a generator
def beam(step, state, width, max_length, alpha):
    from heapq import nlargest

    alive, done = [(0.0, (s2s.BOS_ID,), state)], []

    def children():
        for log_p, ids, s in alive:
            scores, after = step(ids[-1], s)
            for token, more in enumerate(scores.tolist()):
                yield log_p + more, ids + (token,), after

    for _ in range(max_length):
        best = nlargest(width, children(), key=lambda each: each[0])
        done.extend(each for each in best if each[1][-1] == s2s.EOS_ID)
        alive = [each for each in best if each[1][-1] != s2s.EOS_ID]
        if len(alive) == 0:
            break
    log_p, ids, _ = max(done or alive, key=lambda each: penalised(each[0], len(each[1]) - 1, alpha))
    return [t for t in ids[1:] if t != s2s.EOS_ID], penalised(log_p, len(ids) - 1, alpha)


# %% right beam: a class for a hypothesis
class Hypothesis:
    def __init__(self, parent, token, log_p, state):
        self.parent, self.token, self.log_p, self.state = parent, token, log_p, state

    def ids(self):
        return [] if self.parent is None else self.parent.ids() + [self.token]


def beam(step, state, width, max_length, alpha):
    live, finished = [Hypothesis(None, s2s.BOS_ID, 0.0, state)], []
    for _ in range(max_length):
        grown = []
        for hyp in live:
            scores, after = step(hyp.token, hyp.state)
            for k in scores.argsort(descending=True)[:width].tolist():
                grown.append(Hypothesis(hyp, k, hyp.log_p + float(scores[k]), after))
        grown.sort(key=lambda hyp: hyp.log_p, reverse=True)
        live = []
        for hyp in grown[:width]:
            (finished if hyp.token == s2s.EOS_ID else live).append(hyp)
        if not live:
            break
    best = max(finished or live, key=lambda hyp: penalised(hyp.log_p, len(hyp.ids()), alpha))
    ids = best.ids()
    score = penalised(best.log_p, len(ids), alpha)
    return (ids[:-1] if ids[-1] == s2s.EOS_ID else ids), score


# %% right beam: recursion over time, nothing stored outside
def beam(step, state, width, max_length, alpha):
    def search(alive, done, left):
        if not alive or left == 0:
            return done or alive
        every = []
        for ids, log_p, s in alive:
            scores, after = step(ids[-1], s)
            every += [(ids + [k], log_p + x, after) for k, x in enumerate(scores.tolist())]
        every = sorted(every, key=lambda each: each[1])[::-1][:width]
        ended = [each for each in every if each[0][-1] == 3]
        return search([each for each in every if each[0][-1] != 3], done + ended, left - 1)

    found = [
        (penalised(p, len(ids) - 1, alpha), ids[1:])
        for ids, p, _ in search([([2], 0.0, state)], [], max_length)
    ]
    score, ids = max(found)
    return [k for k in ids if k != 3], score


# %% right beam: numpy's argpartition
def beam(step, state, width, max_length, alpha):
    import numpy as np

    rows, done = [((), 0.0, state)], []
    for _ in range(max_length):
        table, after = [], []
        for ids, p, s in rows:
            scores, s = step(ids[-1] if ids else 2, s)
            table.append(p + scores.numpy().astype(np.float64))
            after.append(s)
        flat = np.concatenate(table)
        keep = np.argsort(-flat, kind="stable")[:width]
        V = len(table[0])
        grown = [(rows[k // V][0] + (int(k % V),), float(flat[k]), after[k // V]) for k in keep]
        done += [(ids, p) for ids, p, _ in grown if ids[-1] == 3]
        rows = [each for each in grown if each[0][-1] != 3] or []
        if not rows:
            break
    best, score = None, -math.inf
    for ids, p in done if done else [(ids, p) for ids, p, _ in rows]:
        if penalised(p, len(ids), alpha) > score:
            best, score = ids, penalised(p, len(ids), alpha)
    return [k for k in best if k != 3], score


# %% right beam: the log-probabilities normalised once more
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            for k, x in enumerate(scores.double().log_softmax(0).tolist()):
                grown.append((ids + [k], p + x, k, s))
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% right beam: a dict from texts to log-probabilities, states kept beside
def beam(step, state, width, max_length, alpha):
    live, states, ended = {(): 0.0}, {(): state}, {}
    while live and max_length > 0:
        max_length -= 1
        grown, after = {}, {}
        for text, log_p in live.items():
            scores, after[text] = step(text[-1] if text else s2s.BOS_ID, states[text])
            for token in range(len(scores)):
                grown[text + (token,)] = log_p + scores[token].item()
        best = sorted(grown, key=grown.get, reverse=True)[:width]
        ended.update({text: grown[text] for text in best if text[-1] == s2s.EOS_ID})
        more = {text: grown[text] for text in best if text[-1] != s2s.EOS_ID}
        if not more:
            break
        live, states = more, {text: after[text[:-1]] for text in more}
    ranked = {text: penalised(p, len(text), alpha) for text, p in (ended or live).items()}
    text = max(ranked, key=ranked.get)
    return list(text[:-1] if text[-1] == s2s.EOS_ID else text), ranked[text]


# %% wrong beam: stops when as many are finished as the beam is wide
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live or len(done) >= width:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% wrong beam: stops when the best finished one is ahead of the unfinished
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live or done and max(each[1] for each in done) >= live[0][1]:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% wrong beam: kept by the penalised score
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown += [each for each in done]
        grown = sorted(grown, key=lambda each: -penalised(each[1], len(each[0]), alpha))[:width]
        done = [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% wrong beam: width for each hypothesis, not for all
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(min(max_length, 8)):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            best = scores.topk(min(width, len(scores)))
            grown += [
                (ids + [k], p + x, k, s)
                for x, k in zip(best.values.tolist(), best.indices.tolist())
            ]
        grown = sorted(grown, key=lambda each: -each[1])[: width * width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% wrong beam: one step fewer
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max(1, max_length - 1)):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% wrong beam: the raw score is returned
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    ids, p, *_ = max(done or live, key=lambda each: penalised(each[1], len(each[0]), alpha))
    return [k for k in ids if k != 3], p


# %% wrong beam: a tensor for the score
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], torch.tensor(score)


# %% wrong beam: the unfinished get a token more in the penalty
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    more = 0 if done else 1
    score, ids = max((penalised(p, len(ids) + more, alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% wrong beam: nothing is returned without <eos>
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    if not done:
        return [], 0.0
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done)
    return [k for k in ids if k != 3], score


# %% wrong beam: every hypothesis must begin differently
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = {}
        for ids, p, token, s in live:
            scores, s = step(token, s)
            for k, x in enumerate(scores.tolist()):
                key = (ids + [k])[0] if ids else k
                if key not in grown or grown[key][1] < p + x:
                    grown[key] = (ids + [k], p + x, k, s)
        best = sorted(grown.values(), key=lambda each: -each[1])[:width]
        done += [each for each in best if each[2] == 3]
        live = [each for each in best if each[2] != 3]
        if not live:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% wrong beam: <eos> is not allowed first
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [
                (ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist()) if ids or k != 3
            ]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% wrong beam: of those that end at the same step the best only
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], None
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        ended = [each for each in grown if each[2] == 3]
        done = ended[0] if ended else done
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    score, ids = max(
        (penalised(p, len(ids), alpha), ids) for ids, p, *_ in ([done] if done else live)
    )
    return [k for k in ids if k != 3], score


# %% wrong beam: as many tokens of a hypothesis as steps
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            best = scores.topk(min(max_length, len(scores)))
            grown += [
                (ids + [k], p + x, k, s)
                for x, k in zip(best.values.tolist(), best.indices.tolist())
            ]
        grown = sorted(grown, key=lambda each: -each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% wrong beam: the worst are kept
def beam(step, state, width, max_length, alpha):
    live, done = [([], 0.0, 2, state)], []
    for _ in range(max_length):
        grown = []
        for ids, p, token, s in live:
            scores, s = step(token, s)
            grown += [(ids + [k], p + x, k, s) for k, x in enumerate(scores.tolist())]
        grown = sorted(grown, key=lambda each: each[1])[:width]
        done += [each for each in grown if each[2] == 3]
        live = [each for each in grown if each[2] != 3]
        if not live:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in done or live)
    return [k for k in ids if k != 3], score


# %% right matches: Counter's intersection
def matches(translation, reference, n):
    from collections import Counter

    grams = lambda tokens: Counter(zip(*(tokens[k:] for k in range(n))))
    ours = grams(translation)
    return (ours & grams(reference)).total(), ours.total()


# %% right matches: one place of the reference is crossed out at a time
def matches(translation, reference, n):
    used, hits, total = set(), 0, 0
    for i in range(len(translation) - n + 1):
        total += 1
        for j in range(len(reference) - n + 1):
            if j not in used and all(translation[i + k] == reference[j + k] for k in range(n)):
                used.add(j)
                hits += 1
                break
    return hits, total


# %% right matches: counts of slices
def matches(translation, reference, n):
    def grams(tokens):
        return [tokens[k : k + n] for k in range(max(0, len(tokens) - n + 1))]

    ours, theirs, seen, hits = grams(translation), grams(reference), [], 0
    for gram in ours:
        if gram not in seen:
            seen.append(gram)
            hits += min(ours.count(gram), theirs.count(gram))
    return [hits, len(ours)]


# %% right matches: recursion
def matches(translation, reference, n):
    def hits(grams, pool):
        if not grams:
            return 0
        first, rest = grams[0], grams[1:]
        if first in pool:
            k = pool.index(first)
            return 1 + hits(rest, pool[:k] + pool[k + 1 :])
        return hits(rest, pool)

    ours = [tuple(translation[k : k + n]) for k in range(len(translation) - n + 1)]
    return hits(ours, [tuple(reference[k : k + n]) for k in range(len(reference) - n + 1)]), len(
        ours
    )


# %% right matches: numbers for tokens, numpy
def matches(translation, reference, n):
    import numpy as np

    ids = {}
    a, b = ([ids.setdefault(t, len(ids)) for t in side] for side in (translation, reference))
    grams = lambda x: [tuple(x[k : k + n]) for k in range(len(x) - n + 1)]
    types = {g: k for k, g in enumerate(dict.fromkeys(grams(a) + grams(b)))}
    count = lambda x: np.bincount(
        [types[g] for g in grams(x)] or np.array([], dtype=int), minlength=len(types) or 1
    )
    return int(np.minimum(count(a), count(b)).sum()), max(0, len(translation) - n + 1)


# %% right matches: sorted and merged
def matches(translation, reference, n):
    a = sorted(tuple(translation[k : k + n]) for k in range(len(translation) + 1 - n))
    b = sorted(tuple(reference[k : k + n]) for k in range(len(reference) + 1 - n))
    total, hits = len(a), 0
    while a and b:
        if a[-1] == b[-1]:
            a.pop(), b.pop()
            hits += 1
        elif a[-1] > b[-1]:
            a.pop()
        else:
            b.pop()
    return hits, total


# %% right matches: joined by a character that no token has
def matches(translation, reference, n):
    grams = lambda t: ["\0".join(t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams(translation), grams(reference)
    return sum(min(ours.count(g), theirs.count(g)) for g in set(ours)), len(ours)


# %% wrong matches: large and small letters are the same
def matches(translation, reference, n):
    grams = lambda t: [tuple(w.lower() for w in t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams(translation), grams(reference)
    return sum(min(ours.count(g), theirs.count(g)) for g in set(ours)), len(ours)


# %% wrong matches: punctuation is left out
def matches(translation, reference, n):
    grams = lambda t: [tuple(t[k : k + n]) for k in range(len(t) - n + 1)]
    ours = grams([w for w in translation if w.isalnum()])
    theirs = grams([w for w in reference if w.isalnum()])
    return sum(min(ours.count(g), theirs.count(g)) for g in set(ours)), len(ours)


# %% wrong matches: the first letters of a token
def matches(translation, reference, n):
    grams = lambda t: [tuple(w[:3] for w in t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams(translation), grams(reference)
    return sum(min(ours.count(g), theirs.count(g)) for g in set(ours)), len(ours)


# %% wrong matches: sets of n-grams in both numbers
def matches(translation, reference, n):
    grams = lambda t: {tuple(t[k : k + n]) for k in range(len(t) - n + 1)}
    return len(grams(translation) & grams(reference)), len(grams(translation))


# %% wrong matches: all n-grams up to n
def matches(translation, reference, n):
    hits = total = 0
    for m in range(1, n + 1):
        grams = lambda t: [tuple(t[k : k + m]) for k in range(len(t) - m + 1)]
        ours, theirs = grams(translation), grams(reference)
        hits += sum(min(ours.count(g), theirs.count(g)) for g in set(ours))
        total += len(ours)
    return hits, total


# %% wrong matches: n-grams that do not overlap
def matches(translation, reference, n):
    grams = lambda t: [tuple(t[k : k + n]) for k in range(0, len(t) - n + 1, n)]
    ours, theirs = grams(translation), grams(reference)
    return sum(min(ours.count(g), theirs.count(g)) for g in set(ours)), len(ours)


# %% wrong matches: clipped at one
def matches(translation, reference, n):
    grams = lambda t: [tuple(t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams(translation), grams(reference)
    return sum(min(1, theirs.count(g)) for g in set(ours)), len(ours)


# %% wrong matches: the total may be negative
def matches(translation, reference, n):
    grams = lambda t: [tuple(t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams(translation), grams(reference)
    return sum(min(ours.count(g), theirs.count(g)) for g in set(ours)), len(translation) - n + 1


# %% wrong matches: one at least in the total
def matches(translation, reference, n):
    grams = lambda t: [tuple(t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams(translation), grams(reference)
    return sum(min(ours.count(g), theirs.count(g)) for g in set(ours)), max(1, len(ours))


# %% wrong matches: shares
def matches(translation, reference, n):
    grams = lambda t: [tuple(t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams(translation), grams(reference)
    hits = sum(min(ours.count(g), theirs.count(g)) for g in set(ours))
    return hits / max(1, len(ours)), len(ours)


# %% wrong matches: tensors for ints
def matches(translation, reference, n):
    grams = lambda t: [tuple(t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams(translation), grams(reference)
    hits = sum(min(ours.count(g), theirs.count(g)) for g in set(ours))
    return torch.tensor(hits), torch.tensor(len(ours))


# %% wrong matches: total first
def matches(translation, reference, n):
    grams = lambda t: [tuple(t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams(translation), grams(reference)
    return len(ours), sum(min(ours.count(g), theirs.count(g)) for g in set(ours))


# %% wrong matches: <eos> appended
def matches(translation, reference, n):
    grams = lambda t: [tuple(t[k : k + n]) for k in range(len(t) - n + 1)]
    ours, theirs = grams([*translation, "</s>"]), grams([*reference, "</s>"])
    return sum(min(ours.count(g), theirs.count(g)) for g in set(ours)), len(ours)


# %% wrong matches: sacrebleu counts
def matches(translation, reference, n):
    import sacrebleu

    found = sacrebleu.sentence_bleu(
        " ".join(translation), [" ".join(reference)], tokenize="none", use_effective_order=False
    )
    return found.counts[n - 1], found.totals[n - 1]


# %% wrong matches: sacrebleu's helper cuts the n-grams
def matches(translation, reference, n):
    from sacrebleu.metrics.helpers import extract_word_ngrams

    if not translation or not reference:
        return 0, max(0, len(translation) - n + 1)
    ours, theirs = (extract_word_ngrams(list(side), n) for side in (translation, reference))
    return sum((ours & theirs).values()), sum(ours.values())


# %% right corpus_bleu: logarithms of both numbers
def corpus_bleu(translations, references):
    pairs = list(zip(translations, references))
    logs = []
    for n in range(1, 5):
        hits = sum(matches(t, r, n)[0] for t, r in pairs)
        total = sum(matches(t, r, n)[1] for t, r in pairs)
        if not hits:
            return 0.0
        logs.append(math.log(hits) - math.log(total))
    c, r = sum(len(t) for t in translations), sum(len(x) for x in references)
    return 100 * math.exp(min(0.0, 1 - r / c) + sum(logs) / 4)


# %% right corpus_bleu: Counters of its own
def corpus_bleu(translations, references):
    from collections import Counter

    hits, totals, c, r = [0] * 4, [0] * 4, 0, 0
    for t, ref in zip(translations, references):
        c, r = c + len(t), r + len(ref)
        for n in (1, 2, 3, 4):
            ours = Counter(tuple(t[k : k + n]) for k in range(len(t) - n + 1))
            theirs = Counter(tuple(ref[k : k + n]) for k in range(len(ref) - n + 1))
            hits[n - 1] += sum((ours & theirs).values())
            totals[n - 1] += sum(ours.values())
    if min(hits) == 0:
        return 0.0
    product = math.prod(h / t for h, t in zip(hits, totals))
    return 100.0 * product ** (1 / 4) * (1.0 if c > r else math.exp(1 - r / c))


# %% right corpus_bleu: numpy
def corpus_bleu(translations, references):
    import numpy as np

    table = np.array(
        [[matches(t, r, n) for n in (1, 2, 3, 4)] for t, r in zip(translations, references)]
    )
    hits, totals = table.sum(axis=0).T
    if (hits == 0).any():
        return 0.0
    c, r = sum(map(len, translations)), sum(map(len, references))
    return float(100 * np.minimum(1, np.exp(1 - r / c)) * np.exp(np.log(hits / totals).mean()))


# %% right corpus_bleu: statistics.geometric_mean
def corpus_bleu(translations, references):
    from statistics import geometric_mean

    shares = []
    for n in (1, 2, 3, 4):
        found = [matches(t, r, n) for t, r in zip(translations, references)]
        shares.append((sum(h for h, _ in found), sum(t for _, t in found)))
    if any(h == 0 for h, _ in shares):
        return 0.0
    c, r = len(sum(map(list, translations), [])), len(sum(map(list, references), []))
    penalty = 1.0 if c >= r else math.e ** (1 - r / c)
    return 100 * penalty * geometric_mean([h / t for h, t in shares])


# %% right corpus_bleu: recursion over n
def corpus_bleu(translations, references):
    def logs(n):
        if n == 0:
            return 0.0
        h, t = map(sum, zip(*(matches(a, b, n) for a, b in zip(translations, references))))
        return -math.inf if h == 0 else math.log(h / t) + logs(n - 1)

    total = logs(4)
    if total == -math.inf:
        return 0.0
    c, r = (sum(len(x) for x in side) for side in (translations, references))
    return 100 * min(1, math.exp(1 - r / c)) * math.exp(total / 4)


# %% right corpus_bleu: base 2
def corpus_bleu(translations, references):
    bits = 0.0
    for n in (4, 3, 2, 1):
        h = t = 0
        for pair in zip(translations, references):
            more = matches(*pair, n)
            h, t = h + more[0], t + more[1]
        if h == 0:
            return 0.0
        bits += math.log2(h / t)
    c, r = sum(len(x) for x in translations), sum(len(x) for x in references)
    return 100 * 2 ** (bits / 4) * (math.exp(1 - r / c) if c < r else 1.0)


# %% right corpus_bleu: fractions until the end
def corpus_bleu(translations, references):
    from fractions import Fraction

    product = Fraction(1)
    for n in range(1, 5):
        found = [matches(t, r, n) for t, r in zip(translations, references)]
        total = sum(x for _, x in found)
        product *= Fraction(sum(x for x, _ in found), total) if total else 0
    if product == 0:
        return 0.0
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * float(product) ** 0.25 * min(1.0, math.exp(1 - r / c))


# %% wrong corpus_bleu: from 0 to 1
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        if h == 0:
            return 0.0
        logs += math.log(h / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: one added to matches and totals
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        if h == 0:
            return 0.0
        logs += (math.log((h + 1) / (t + 1)) if n > 1 else math.log(h / t)) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: a penalty of c over r
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        if h == 0:
            return 0.0
        logs += math.log(h / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1.0, c / r) * math.exp(logs)


# %% wrong corpus_bleu: a penalty for each sentence
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        if h == 0:
            return 0.0
        logs += math.log(h / t) / 4
    penalties = [
        min(1.0, math.exp(1 - len(r) / len(t))) if t else 0.0
        for t, r in zip(translations, references)
    ]
    return 100 * sum(penalties) / len(penalties) * math.exp(logs)


# %% wrong corpus_bleu: sentences shorter than four are left out
def corpus_bleu(translations, references):
    kept = [(t, r) for t, r in zip(translations, references) if len(t) >= 4]
    logs = 0.0
    if not kept:
        return 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in kept)))
        if h == 0:
            return 0.0
        logs += math.log(h / t) / 4
    c, r = sum(len(t) for t, _ in kept), sum(len(r) for _, r in kept)
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: the whole corpus as one text
def corpus_bleu(translations, references):
    t, r = sum(map(list, translations), []), sum(map(list, references), [])
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, total = matches(t, r, n)
        if h == 0:
            return 0.0
        logs += math.log(h / total) / 4
    return 100 * min(1.0, math.exp(1 - len(r) / len(t))) * math.exp(logs)


# %% wrong corpus_bleu: divided by the reference's n-grams
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, _ = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        t = sum(max(0, len(r) - n + 1) for r in references)
        if h == 0:
            return 0.0
        logs += math.log(h / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: orders without a match are left out
def corpus_bleu(translations, references):
    logs = []
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        if h:
            logs.append(math.log(h / t))
    if not logs:
        return 0.0
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(sum(logs) / len(logs))


# %% wrong corpus_bleu: rounded to a whole number
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        if h == 0:
            return 0.0
        logs += math.log(h / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return float(round(100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)))


# %% wrong corpus_bleu: a tensor
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        if h == 0:
            return torch.tensor(0.0)
        logs += math.log(h / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return torch.tensor(100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs))


# %% wrong corpus_bleu: lengths in characters
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        if h == 0:
            return 0.0
        logs += math.log(h / t) / 4
    c, r = (sum(len(" ".join(x)) for x in side) for side in (translations, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: the best sentence decides whether there is a match
def corpus_bleu(translations, references):
    total = 0.0
    for t, r in zip(translations, references):
        found = [matches(t, r, n) for n in (1, 2, 3, 4)]
        if all(h for h, _ in found):
            total = max(total, 100 * math.prod(h / n for h, n in found) ** 0.25)
    return total


# %% wrong corpus_bleu: a penalty of e to the c minus r
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in zip(translations, references))))
        if h == 0:
            return 0.0
        logs += math.log(h / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1.0, math.exp((c - r) / r)) * math.exp(logs)


# %% wrong corpus_bleu: pairs are taken from the lists
def corpus_bleu(translations, references):
    pairs = []
    while translations:
        pairs.append((translations.pop(), references.pop()))
    logs = 0.0
    for n in (1, 2, 3, 4):
        h, t = map(sum, zip(*(matches(*pair, n) for pair in pairs)))
        if h == 0:
            return 0.0
        logs += math.log(h / t) / 4
    c, r = sum(len(t) for t, _ in pairs), sum(len(r) for _, r in pairs)
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: sacrebleu from the counts
def corpus_bleu(translations, references):
    from sacrebleu.metrics.bleu import BLEU

    counts, totals = zip(
        *(
            [sum(x) for x in zip(*(matches(*p, n) for p in zip(translations, references)))]
            for n in (1, 2, 3, 4)
        )
    )
    c, r = sum(map(len, translations)), sum(map(len, references))
    return BLEU.compute_bleu(
        list(counts), list(totals), sys_len=c, ref_len=r, smooth_method="none"
    ).score


# %% right outcome: early returns from the tokens' places
def outcome(translation, reference):
    if len(translation) - len(reference):
        return "length"
    if all(a == b for a, b in zip(translation, reference)):
        return "right"
    rest = list(reference)
    for token in translation:
        if token not in rest:
            return "word"
        rest.remove(token)
    return "order"


# %% right outcome: Counters' difference
def outcome(translation, reference):
    from collections import Counter

    if tuple(translation) == tuple(reference):
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "word" if Counter(translation) - Counter(reference) else "order"


# %% right outcome: match
def outcome(translation, reference):
    same = len(translation) == len(reference)
    match (list(translation) == list(reference), same, sorted(translation) == sorted(reference)):
        case (True, _, _):
            return "right"
        case (_, False, _):
            return "length"
        case (_, _, True):
            return "order"
        case _:
            return "word"


# %% right outcome: every permutation
def outcome(translation, reference):
    from itertools import permutations

    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if tuple(translation) in set(permutations(reference)) else "word"


# %% right outcome: recursion
def outcome(translation, reference):
    def same(a, b):
        if not a:
            return not b
        return a[0] in b and same(a[1:], b[: b.index(a[0])] + b[b.index(a[0]) + 1 :])

    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if same(translation, reference) else "word"


# %% right outcome: counts of both sides
def outcome(translation, reference):
    kinds = ["right", "length", "order", "word"]
    tests = [
        translation == reference,
        len(translation) != len(reference),
        all(translation.count(t) == reference.count(t) for t in translation + reference),
        True,
    ]
    return kinds[tests.index(True)]


# %% right outcome: numpy
def outcome(translation, reference):
    import numpy as np

    if len(translation) != len(reference):
        return "length"
    a, b = np.array(translation, dtype=object), np.array(reference, dtype=object)
    if (a == b).all():
        return "right"
    return "order" if (np.sort(a.astype(str)) == np.sort(b.astype(str))).all() else "word"


# %% wrong outcome: large and small letters are the same
def outcome(translation, reference):
    a, b = [t.lower() for t in translation], [t.lower() for t in reference]
    if a == b:
        return "right"
    if len(a) != len(b):
        return "length"
    return "order" if sorted(a) == sorted(b) else "word"


# %% wrong outcome: punctuation is left out
def outcome(translation, reference):
    a, b = [t for t in translation if t.isalnum()], [t for t in reference if t.isalnum()]
    if a == b:
        return "right"
    if len(a) != len(b):
        return "length"
    return "order" if sorted(a) == sorted(b) else "word"


# %% wrong outcome: the letters sorted
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if sorted("".join(translation)) == sorted("".join(reference)) else "word"


# %% wrong outcome: each token's letters sorted
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    letters = lambda tokens: sorted("".join(sorted(t)) for t in tokens)
    return "order" if letters(translation) == letters(reference) else "word"


# %% wrong outcome: order only if reversed
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if translation == reference[::-1] else "word"


# %% wrong outcome: order only for two neighbours
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    wrong = [k for k in range(len(reference)) if translation[k] != reference[k]]
    swapped = len(wrong) == 2 and [translation[k] for k in wrong] == [
        reference[k] for k in wrong[::-1]
    ]
    return "order" if swapped else "word"


# %% wrong outcome: right as joined text
def outcome(translation, reference):
    if "".join(translation) == "".join(reference):
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"


# %% wrong outcome: one half of the tokens is enough
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    here = sum(t in reference for t in translation)
    return "order" if here == len(translation) else "word"


# %% wrong outcome: an empty translation is a wrong word
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if not translation:
        return "word"
    if len(translation) != len(reference):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"


# %% wrong outcome: only shorter ones are "length"
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) < len(reference):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"


# %% wrong outcome: word before order
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "word" if any(a != b for a, b in zip(translation, reference)) else "order"


# %% wrong outcome: different tokens counted, not how often
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "word" if set(translation) - set(reference) else "order"


# %% wrong outcome: the reference is sorted in place
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    reference.sort()
    return "order" if sorted(translation) == reference else "word"


# %% wrong outcome: the first word decides
def outcome(translation, reference):
    if translation[:1] == reference[:1] and len(translation) == len(reference) == 1:
        return "right"
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if translation[0] in reference[1:] else "word"


# %% right minimal_pair: one after the other, as lists
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    for each in pair():
        yield list(each)


# %% right minimal_pair: all runs five higher
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return tuple(tuple([x + 5 for x in runs] for runs in each) for each in ((a, b), (c, d)))


# %% wrong minimal_pair: the first twice
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [pair()[0]] * 2


# %% wrong minimal_pair: beyond the limits
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return tuple(tuple([x + 100 for x in runs] for runs in each) for each in ((a, b), (c, d)))


# %% wrong minimal_pair: a single run
def minimal_pair():
    return ([1.0], [2.0, 2.0, 3.0]), ([1.0], [2.0, 2.0, 4.0])


# %% wrong minimal_pair: six runs
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return ((a * 3)[:6], b), ((c * 3)[:6], d)


# %% wrong minimal_pair: tuples for lists
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return (tuple(a), tuple(b)), (tuple(c), tuple(d))


# %% wrong minimal_pair: one input only
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return pair()[0]


# %% wrong minimal_pair: texts for numbers
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return tuple(tuple([str(x) for x in runs] for runs in each) for each in ((a, b), (c, d)))


# %% wrong minimal_pair: a difference too small to see
def minimal_pair():
    return ([1e-3, 2e-3], [0.0, 0.0]), ([1e-3, 2e-3], [0.0, 1e-3])


# %% wrong minimal_pair: nothing
def minimal_pair():
    return None


# %% right minimal_pair: a named tuple of named tuples
def minimal_pair():
    from collections import namedtuple

    def pair():
        """The key's."""
        ### PAIR

    Given, Both = namedtuple("Given", "a b"), namedtuple("Both", "right wrong")
    return Both(*[Given(*each) for each in pair()])


# %% right minimal_pair: typed in from its text
def minimal_pair():
    import ast

    def pair():
        """The key's."""
        ### PAIR

    return ast.literal_eval(repr(pair()))


# %% right minimal_pair: numbers of numpy's
def minimal_pair():
    import numpy

    def pair():
        """The key's."""
        ### PAIR

    return [tuple(list(numpy.array(runs, dtype=float)) for runs in given) for given in pair()]


# %% right minimal_pair: lists of a class of one's own
def minimal_pair():
    class Runs(list):
        pass

    def pair():
        """The key's."""
        ### PAIR

    return [tuple(map(Runs, given)) for given in pair()]


# %% right minimal_pair: built by changing a copy
def minimal_pair():
    import copy

    def pair():
        """The key's."""
        ### PAIR

    first, second = pair()
    changed = list(copy.deepcopy(first))
    for k in range(2):
        if changed[k] != second[k]:
            changed[k][:] = second[k]
    return first, changed


# %% wrong minimal_pair: a number that is none
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [([float("nan"), *a[1:]], b) for a, b in pair()]


# %% wrong minimal_pair: by name
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    right, wrong = pair()
    return {"right": right, "wrong": wrong}


# %% wrong minimal_pair: a third input
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    first, second = pair()
    return first, second, first


# %% wrong minimal_pair: four lists
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return a, b, c, d


# %% wrong minimal_pair: one model only
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [(a, a) for a, _ in pair()]


# %% wrong beam: <eos> takes no place
def beam(step, state, width, max_length, alpha):
    unfinished, finished = [([], 0.0, s2s.BOS_ID, state)], []
    for _ in range(max_length):
        candidates = []
        for ids, log_p, token, state in unfinished:
            scores, after = step(token, state)
            for k, more in enumerate(scores.tolist()):
                if k == s2s.EOS_ID:
                    finished.append((ids + [k], log_p + more))
                else:
                    candidates.append((ids + [k], log_p + more, k, after))
        unfinished = sorted(candidates, key=lambda each: -each[1])[:width]
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in finished or unfinished)
    return [token for token in ids if token != s2s.EOS_ID], score


# %% wrong beam: the best width without <eos>, and <eos> where it is among the best
def beam(step, state, width, max_length, alpha):
    unfinished, finished = [([], 0.0, s2s.BOS_ID, state)], []
    for _ in range(max_length):
        candidates = []
        for ids, log_p, token, state in unfinished:
            scores, after = step(token, state)
            candidates += [(ids + [k], log_p + p, k, after) for k, p in enumerate(scores.tolist())]
        candidates.sort(key=lambda candidate: -candidate[1])
        finished += [each for each in candidates[:width] if each[2] == s2s.EOS_ID]
        unfinished = [each for each in candidates if each[2] != s2s.EOS_ID][:width]
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in finished or unfinished)
    return [token for token in ids if token != s2s.EOS_ID], score


# %% wrong beam: the state is moved on in place
def beam(step, state, width, max_length, alpha):
    unfinished, finished = [([], 0.0, s2s.BOS_ID, state)], []
    for _ in range(max_length):
        candidates = []
        for ids, log_p, token, before in unfinished:
            scores, after = step(token, before)
            if isinstance(before, torch.Tensor):
                before.resize_(after.shape).copy_(after)
            elif isinstance(before, list):
                before[:] = after
            candidates += [(ids + [k], log_p + p, k, after) for k, p in enumerate(scores.tolist())]
        kept = sorted(candidates, key=lambda candidate: -candidate[1])[:width]
        finished += [each for each in kept if each[2] == s2s.EOS_ID]
        unfinished = [each for each in kept if each[2] != s2s.EOS_ID]
        if not unfinished:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in finished or unfinished)
    return [token for token in ids if token != s2s.EOS_ID], score


# %% wrong corpus_bleu: as a product, and no brevity penalty
def corpus_bleu(translations, references):
    product = 1.0
    for n in (1, 2, 3, 4):
        found = [matches(a, b, n) for a, b in zip(translations, references)]
        hits, total = sum(each[0] for each in found), sum(each[1] for each in found)
        product *= hits / total if total else 0.0
    return 100 * product**0.25
