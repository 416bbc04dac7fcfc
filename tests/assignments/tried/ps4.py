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


# Written by somebody who had read the exercises and no list.
# %% right lstm_step: one block at a time, one matrix for both inputs
def lstm_step(x, state, W, U, b):
    n = state[0].shape[-1]
    both, weights = torch.cat([x, state[0]], dim=1), torch.cat([W, U], dim=1)
    gate = {}
    for k, (name, squash) in enumerate(
        zip("ifgo", [torch.sigmoid, torch.sigmoid, torch.tanh, torch.sigmoid])
    ):
        rows = slice(k * n, k * n + n)
        gate[name] = squash(torch.nn.functional.linear(both, weights[rows], b[rows]))
    c = gate["f"] * state[1] + gate["i"] * gate["g"]
    return gate["o"] * torch.tanh(c), c


# %% right lstm_step: sentence by sentence, the sigmoid as a tanh
def lstm_step(x, state, W, U, b):
    def sigma(z):
        return torch.tanh(z / 2) / 2 + 0.5

    hs, cs = [], []
    for x_b, h_b, c_b in zip(x, *state):
        i, f, g, o = (W @ x_b + U @ h_b + b).chunk(4)
        cs.append(sigma(f) * c_b + sigma(i) * torch.tanh(g))
        hs.append(sigma(o) * torch.tanh(cs[-1]))
    return torch.stack(hs), torch.stack(cs)


# %% wrong lstm_step: the cell state, not h, goes through U
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + c @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: the bias twice, since PyTorch has two
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = ((x @ W.T + b) + (h @ U.T + b)).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: reshaped to fit, where it has to be turned
def lstm_step(x, state, W, U, b):
    h, c = state
    z = x @ W.reshape(x.shape[1], -1) + h @ U.reshape(h.shape[1], -1) + b
    i, f, g, o = z.chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: every sentence starts from the first one's state
def lstm_step(x, state, W, U, b):
    h, c = state[0][0], state[1][0]
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: PyTorch's cell by a back door
def lstm_step(x, state, W, U, b):
    return torch._VF.lstm_cell(x, tuple(state), W, U, b, torch.zeros_like(b))


# %% wrong lstm_step: PyTorch's cell, by functional_call on a subclass
class Mine(torch.nn.LSTMCell):
    pass


def lstm_step(x, state, W, U, b):
    cell = Mine(W.shape[1], U.shape[1])
    given = {"weight_ih": W, "weight_hh": U, "bias_ih": b, "bias_hh": torch.zeros_like(b)}
    return torch.func.functional_call(cell, given, (x, tuple(state)))


# %% wrong lstm_step: the cell state is kept between -1 and 1
def lstm_step(x, state, W, U, b):
    h, c = state
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = (torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)).clamp(-1, 1)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% right run_layers: a layer at a time, over the whole sentence
def run_layers(inputs, states, cells):
    lasts = []
    for cell, pair in zip(cells, states):
        outputs = []
        for x in inputs.transpose(0, 1):
            pair = cell(x, pair)
            outputs.append(pair[0])
        inputs = torch.stack(outputs, dim=1)
        lasts.append(pair)
    return inputs, lasts


# %% right run_layers: recursion over the layers
def run_layers(inputs, states, cells):
    if not cells:
        return inputs, []
    h, c = states[0]
    seen = []
    for t in range(inputs.size(1)):
        h, c = cells[0](inputs[:, t, :], (h, c))
        seen += [h.unsqueeze(1)]
    tops, above = run_layers(torch.cat(seen, 1), states[1:], cells[1:])
    return tops, [(h, c)] + above


# %% right run_layers: functools.reduce over the steps
from functools import reduce


def run_layers(inputs, states, cells):
    def step(so_far, x):
        tops, pairs = so_far
        new = []
        for cell, pair in zip(cells, pairs):
            new.append(cell(x, pair))
            x = new[-1][0]
        return tops + [x], new

    tops, pairs = reduce(step, inputs.unbind(dim=1), ([], list(states)))
    return torch.stack(tops).permute(1, 0, 2), pairs


# %% wrong run_layers: every layer above reads the bottom layer
def run_layers(inputs, states, cells):
    pairs, tops = list(states), []
    for t in range(inputs.shape[1]):
        pairs[0] = cells[0](inputs[:, t], pairs[0])
        for k in range(1, len(cells)):
            pairs[k] = cells[k](pairs[0][0], pairs[k])
        tops.append(pairs[-1][0])
    return torch.stack(tops, dim=1), pairs


# %% wrong run_layers: only h goes on to the next step
def run_layers(inputs, states, cells):
    pairs, tops = list(states), []
    for t in range(inputs.shape[1]):
        x = inputs[:, t]
        for k, cell in enumerate(cells):
            h, c = cell(x, (pairs[k][0], states[k][1]))
            pairs[k], x = (h, c), h
        tops.append(x)
    return torch.stack(tops, dim=1), pairs


# %% wrong run_layers: steps first, and reshaped into place
def run_layers(inputs, states, cells):
    pairs, tops = list(states), []
    for x in inputs.unbind(1):
        for k, cell in enumerate(cells):
            pairs[k] = cell(x, pairs[k])
            x = pairs[k][0]
        tops.append(x)
    return torch.stack(tops).reshape(inputs.shape[0], inputs.shape[1], -1), pairs


# %% wrong run_layers: the inputs are turned in place
def run_layers(inputs, states, cells):
    pairs, tops = list(states), []
    for x in inputs.transpose_(0, 1):
        for k, cell in enumerate(cells):
            pairs[k] = cell(x, pairs[k])
            x = pairs[k][0]
        tops.append(x)
    return torch.stack(tops, dim=1), pairs


# %% wrong run_layers: the last pairs as a tuple of tuples
def run_layers(inputs, states, cells):
    pairs, tops = list(states), []
    for x in inputs.unbind(1):
        for k, cell in enumerate(cells):
            pairs[k] = cell(x, pairs[k])
            x = pairs[k][0]
        tops.append(x)
    return torch.stack(tops, dim=1), tuple(pairs)


# %% wrong run_layers: each layer above reads the state of the step before
def run_layers(inputs, states, cells):
    pairs, tops = list(states), []
    for t, x in enumerate(inputs.unbind(1)):
        before = [h for h, _ in pairs]
        for k, cell in enumerate(cells):
            read = x if k == 0 else (before[k - 1] if t else pairs[k - 1][0])
            pairs[k] = cell(read, pairs[k])
        tops.append(pairs[-1][0])
    return torch.stack(tops, dim=1), pairs


# %% wrong run_layers: PyTorch's LSTM by a back door, where there is one layer
def run_layers(inputs, states, cells):
    tops, pairs = inputs, []
    for (h, c), cell in zip(states, cells):
        weights = [cell.weight_ih, cell.weight_hh, cell.bias_ih, cell.bias_hh]
        tops, h, c = torch._VF.lstm(
            tops, (h[None], c[None]), weights, True, 1, 0.0, False, False, True
        )
        pairs.append((h[0], c[0]))
    return tops, pairs


# %% wrong run_layers: a subclass of PyTorch's LSTM
class Layer(torch.nn.LSTM):
    pass


def run_layers(inputs, states, cells):
    tops, pairs = inputs, []
    for (h, c), cell in zip(states, cells):
        layer = Layer(cell.input_size, cell.hidden_size, batch_first=True)
        names = {f"{name}_l0": p for name, p in cell.named_parameters()}
        tops, (h, c) = torch.func.functional_call(layer, names, (tops, (h[None], c[None])))
        pairs.append((h[0], c[0]))
    return tops, pairs


# %% wrong penalised: an alpha of 0 is taken for none, and becomes 1
def penalised(log_p, n, alpha):
    alpha = alpha or 1.0
    return log_p / ((5 + n) / 6) ** alpha


# %% wrong penalised: multiplied as often as alpha says, rounded
def penalised(log_p, n, alpha):
    score = float(log_p)
    for _ in range(round(alpha)):
        score /= (5 + n) / 6
    return score


# %% wrong penalised: NumPy's float of single precision
import numpy


def penalised(log_p, n, alpha):
    return numpy.float32(log_p / ((5 + n) / 6) ** alpha)


# %% wrong penalised: between no division and a whole one, by weight
def penalised(log_p, n, alpha):
    return log_p / (1 - alpha + alpha * (5 + n) / 6)


# %% wrong penalised: alpha multiplies the logarithm of the factor
def penalised(log_p, n, alpha):
    return log_p / (1 + alpha * (math.log(5 + n) - math.log(6)) / math.log(2))


# %% right beam: hypotheses that extend themselves, <bos> and <eos> taken out wherever they stand
from dataclasses import dataclass


@dataclass
class Hypothesis:
    ids: tuple
    log_p: float
    state: object

    @property
    def over(self):
        return self.ids[-1] == s2s.EOS_ID

    def longer(self, step):
        logs, after = step(self.ids[-1], self.state)
        return [
            Hypothesis((*self.ids, k), self.log_p + x, after) for k, x in enumerate(logs.tolist())
        ]

    def score(self, alpha):
        return penalised(self.log_p, len(self.ids) - 1, alpha)


def beam(step, state, width, max_length, alpha):
    live, over = [Hypothesis((s2s.BOS_ID,), 0.0, state)], []
    while live and max_length > 0:
        max_length -= 1
        born = sorted((y for x in live for y in x.longer(step)), key=lambda z: -z.log_p)[:width]
        over.extend(filter(lambda z: z.over, born))
        live = [z for z in born if not z.over]
    best = max(over or live, key=lambda z: z.score(alpha))
    return [k for k in best.ids if k not in (s2s.BOS_ID, s2s.EOS_ID)], best.score(alpha)


# %% wrong beam: unfinished hypotheses compete at the end
def beam(step, state, width, max_length, alpha):
    alive, done = [(0.0, [s2s.BOS_ID], state)], []
    for _ in range(max_length):
        every = []
        for log_p, ids, here in alive:
            logs, after = step(ids[-1], here)
            every += [(log_p + x, ids + [k], after) for k, x in enumerate(logs.tolist())]
        best = sorted(every, key=lambda each: -each[0])[:width]
        done += [(p, ids) for p, ids, _ in best if ids[-1] == s2s.EOS_ID]
        alive = [each for each in best if each[1][-1] != s2s.EOS_ID]
        if not alive:
            break
    done += [(p, ids) for p, ids, _ in alive]
    score, ids = max((penalised(p, len(ids) - 1, alpha), ids) for p, ids in done)
    return [k for k in ids if k not in (s2s.BOS_ID, s2s.EOS_ID)], score


# %% wrong beam: stops when the first hypothesis is finished
def beam(step, state, width, max_length, alpha):
    alive, done = [(0.0, [s2s.BOS_ID], state)], []
    for _ in range(max_length):
        every = []
        for log_p, ids, here in alive:
            logs, after = step(ids[-1], here)
            every += [(log_p + x, ids + [k], after) for k, x in enumerate(logs.tolist())]
        best = sorted(every, key=lambda each: -each[0])[:width]
        done += [each for each in best if each[1][-1] == s2s.EOS_ID]
        alive = [each for each in best if each[1][-1] != s2s.EOS_ID]
        if done or not alive:
            break
    score, ids = max((penalised(p, len(ids) - 1, alpha), ids) for p, ids, _ in done or alive)
    return [k for k in ids if k not in (s2s.BOS_ID, s2s.EOS_ID)], score


# %% wrong beam: <unk> and <pad> are never written
def beam(step, state, width, max_length, alpha):
    alive, done = [(0.0, [s2s.BOS_ID], state)], []
    for _ in range(max_length):
        every = []
        for log_p, ids, here in alive:
            logs, after = step(ids[-1], here)
            for k, x in enumerate(logs.tolist()):
                if k not in (s2s.PAD_ID, s2s.UNK_ID, s2s.BOS_ID):
                    every.append((log_p + x, ids + [k], after))
        best = sorted(every, key=lambda each: -each[0])[:width]
        done += [each for each in best if each[1][-1] == s2s.EOS_ID]
        alive = [each for each in best if each[1][-1] != s2s.EOS_ID]
        if not alive:
            break
    score, ids = max((penalised(p, len(ids) - 1, alpha), ids) for p, ids, _ in done or alive)
    return [k for k in ids if k not in (s2s.BOS_ID, s2s.EOS_ID)], score


# %% wrong beam: of each last token only the best hypothesis
def beam(step, state, width, max_length, alpha):
    alive, done = [(0.0, [s2s.BOS_ID], state)], []
    for _ in range(max_length):
        every = {}
        for log_p, ids, here in alive:
            logs, after = step(ids[-1], here)
            for k, x in enumerate(logs.tolist()):
                if k not in every or every[k][0] < log_p + x:
                    every[k] = log_p + x, ids + [k], after
        best = sorted(every.values(), key=lambda each: -each[0])[:width]
        done += [each for each in best if each[1][-1] == s2s.EOS_ID]
        alive = [each for each in best if each[1][-1] != s2s.EOS_ID]
        if not alive:
            break
    score, ids = max((penalised(p, len(ids) - 1, alpha), ids) for p, ids, _ in done or alive)
    return [k for k in ids if k not in (s2s.BOS_ID, s2s.EOS_ID)], score


# %% wrong beam: topk of the width, also where the vocabulary is smaller
def beam(step, state, width, max_length, alpha):
    alive, done = [(0.0, [s2s.BOS_ID], state)], []
    for _ in range(max_length):
        every = []
        for log_p, ids, here in alive:
            logs, after = step(ids[-1], here)
            values, tokens = logs.topk(width)
            for x, k in zip(values.tolist(), tokens.tolist()):
                every.append((log_p + x, ids + [k], after))
        best = sorted(every, key=lambda each: -each[0])[:width]
        done += [each for each in best if each[1][-1] == s2s.EOS_ID]
        alive = [each for each in best if each[1][-1] != s2s.EOS_ID]
        if not alive:
            break
    score, ids = max((penalised(p, len(ids) - 1, alpha), ids) for p, ids, _ in done or alive)
    return [k for k in ids if k not in (s2s.BOS_ID, s2s.EOS_ID)], score


# %% wrong beam: no token twice in a row
def beam(step, state, width, max_length, alpha):
    alive, done = [(0.0, [s2s.BOS_ID], state)], []
    for _ in range(max_length):
        every = []
        for log_p, ids, here in alive:
            logs, after = step(ids[-1], here)
            for k, x in enumerate(logs.tolist()):
                if k != ids[-1]:
                    every.append((log_p + x, ids + [k], after))
        best = sorted(every, key=lambda each: -each[0])[:width]
        done += [each for each in best if each[1][-1] == s2s.EOS_ID]
        alive = [each for each in best if each[1][-1] != s2s.EOS_ID]
        if not alive:
            break
    score, ids = max((penalised(p, len(ids) - 1, alpha), ids) for p, ids, _ in done or alive)
    return [k for k in ids if k not in (s2s.BOS_ID, s2s.EOS_ID)], score


# %% wrong beam: penalised with the length of the longest
def beam(step, state, width, max_length, alpha):
    alive, done, n = [(0.0, [s2s.BOS_ID], state)], [], 0
    for n in range(1, max_length + 1):
        every = []
        for log_p, ids, here in alive:
            logs, after = step(ids[-1], here)
            every += [(log_p + x, ids + [k], after) for k, x in enumerate(logs.tolist())]
        best = sorted(every, key=lambda each: -each[0])[:width]
        done += [each for each in best if each[1][-1] == s2s.EOS_ID]
        alive = [each for each in best if each[1][-1] != s2s.EOS_ID]
        if not alive:
            break
    score, ids = max((penalised(p, n, alpha), ids) for p, ids, _ in done or alive)
    return [k for k in ids if k not in (s2s.BOS_ID, s2s.EOS_ID)], score


# %% wrong beam: what ends in the last step counts as unfinished
def beam(step, state, width, max_length, alpha):
    alive, done = [(0.0, [s2s.BOS_ID], state)], []
    for t in range(max_length):
        every = []
        for log_p, ids, here in alive:
            logs, after = step(ids[-1], here)
            every += [(log_p + x, ids + [k], after) for k, x in enumerate(logs.tolist())]
        alive = sorted(every, key=lambda each: -each[0])[:width]
        if t + 1 == max_length:
            break
        done += [each for each in alive if each[1][-1] == s2s.EOS_ID]
        alive = [each for each in alive if each[1][-1] != s2s.EOS_ID]
        if not alive:
            break
    score, ids = max((penalised(p, len(ids) - 1, alpha), ids) for p, ids, _ in done or alive)
    return [k for k in ids if k not in (s2s.BOS_ID, s2s.EOS_ID)], score


# %% right matches: tokens become numbers, n-grams rows of a tensor
def matches(translation, reference, n):
    ids = {}
    a, b = (
        torch.tensor([ids.setdefault(t, len(ids)) for t in x], dtype=torch.long)
        for x in (translation, reference)
    )
    if len(a) < n:
        return 0, 0
    a = a.unfold(0, n, 1)
    if len(b) < n:
        return 0, len(a)
    rows, inverse = torch.cat([a, b.unfold(0, n, 1)]).unique(dim=0, return_inverse=True)
    ours = torch.bincount(inverse[: len(a)], minlength=len(rows))
    theirs = torch.bincount(inverse[len(a) :], minlength=len(rows))
    return int(torch.minimum(ours, theirs).sum()), len(a)


# %% wrong matches: words of an n-gram in any order
from collections import Counter


def matches(translation, reference, n):
    def grams(x):
        return Counter(tuple(sorted(x[k : k + n])) for k in range(len(x) - n + 1))

    ours, theirs = grams(translation), grams(reference)
    return sum((ours & theirs).values()), sum(ours.values())


# %% wrong matches: each n-gram is looked for after the one that matched before
def matches(translation, reference, n):
    theirs = [tuple(reference[k : k + n]) for k in range(len(reference) - n + 1)]
    found = start = 0
    total = max(0, len(translation) - n + 1)
    for k in range(total):
        gram = tuple(translation[k : k + n])
        if gram in theirs[start:]:
            start = theirs.index(gram, start) + 1
            found += 1
    return found, total


# %% wrong matches: no n-gram more than twice
from collections import Counter


def matches(translation, reference, n):
    def grams(x):
        return Counter(tuple(x[k : k + n]) for k in range(len(x) - n + 1))

    ours, theirs = grams(translation), grams(reference)
    return sum(min(c, theirs[g], 2) for g, c in ours.items()), sum(ours.values())


# %% wrong matches: pairs for every n above 1
from collections import Counter


def matches(translation, reference, n):
    def grams(x):
        return Counter(x if n == 1 else zip(x, x[1:]))

    ours, theirs = grams(translation), grams(reference)
    return sum((ours & theirs).values()), max(0, len(translation) - n + 1)


# %% wrong matches: two floats
from collections import Counter


def matches(translation, reference, n):
    def grams(x):
        return Counter(tuple(x[k : k + n]) for k in range(len(x) - n + 1))

    ours, theirs = grams(translation), grams(reference)
    return float(sum((ours & theirs).values())), float(sum(ours.values()))


# %% wrong matches: as many matches as the reference has, whatever the translation has
from collections import Counter


def matches(translation, reference, n):
    def grams(x):
        return Counter(tuple(x[k : k + n]) for k in range(len(x) - n + 1))

    ours, theirs = grams(translation), grams(reference)
    return sum(theirs[g] for g in ours), sum(ours.values())


# %% wrong matches: one n-gram in one sentence is enough, from the sets
def matches(translation, reference, n):
    def grams(x):
        return [tuple(x[k : k + n]) for k in range(len(x) - n + 1)]

    ours, theirs = grams(translation), grams(reference)
    return len(set(ours) & set(theirs)), len(ours)


# %% wrong matches: a text shorter than n is one n-gram
from collections import Counter


def matches(translation, reference, n):
    def grams(x):
        return Counter(tuple(x[k : k + n]) for k in range(max(1, len(x) - n + 1)) if x)

    ours, theirs = grams(translation), grams(reference)
    return sum((ours & theirs).values()), sum(ours.values())


# %% right corpus_bleu: a class that collects sentence after sentence
class Bleu:
    def __init__(self):
        self.m, self.t, self.c, self.r = {}, {}, 0, 0

    def add(self, ours, theirs):
        self.c += len(ours)
        self.r += len(theirs)
        for n in (4, 3, 2, 1):
            m, t = matches(ours, theirs, n)
            self.m[n], self.t[n] = self.m.get(n, 0) + m, self.t.get(n, 0) + t
        return self

    def score(self):
        if not self.m or min(self.m.values()) == 0:
            return 0.0
        product = math.prod(self.m[n] / self.t[n] for n in self.m)
        return 100.0 * math.sqrt(math.sqrt(product)) * min(1, math.exp(1 - self.r / self.c))


def corpus_bleu(translations, references):
    bleu = Bleu()
    for k, ours in enumerate(translations):
        bleu.add(ours, references[k])
    return bleu.score()


# %% wrong corpus_bleu: orders of which there are no n-grams are left out
def corpus_bleu(translations, references):
    pairs, logs = list(zip(translations, references)), []
    for n in range(1, 5):
        m, t = (sum(x) for x in zip(*(matches(a, b, n) for a, b in pairs)))
        if t == 0:
            continue
        if m == 0:
            return 0.0
        logs.append(math.log(m / t))
    c, r = sum(map(len, translations)), sum(map(len, references))
    if not logs:
        return 0.0
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(sum(logs) / len(logs))


# %% wrong corpus_bleu: lengths in letters
def corpus_bleu(translations, references):
    pairs, logs = list(zip(translations, references)), 0.0
    for n in range(1, 5):
        m, t = (sum(x) for x in zip(*(matches(a, b, n) for a, b in pairs)))
        if m == 0:
            return 0.0
        logs += math.log(m / t) / 4
    c, r = (sum(len("".join(x)) for x in side) for side in (translations, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: pairs in a dict, so the same translation counts once
def corpus_bleu(translations, references):
    pairs, logs = {tuple(a): b for a, b in zip(translations, references)}, 0.0
    for n in range(1, 5):
        found = [matches(list(a), b, n) for a, b in pairs.items()]
        m, t = sum(x for x, _ in found), sum(y for _, y in found)
        if m == 0:
            return 0.0
        logs += math.log(m / t) / 4
    c, r = sum(map(len, pairs)), sum(map(len, pairs.values()))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: clipped over the corpus, not sentence by sentence
from collections import Counter


def corpus_bleu(translations, references):
    def grams(texts, n):
        return Counter(tuple(x[k : k + n]) for x in texts for k in range(len(x) - n + 1))

    logs = 0.0
    for n in range(1, 5):
        ours, theirs = grams(translations, n), grams(references, n)
        m, t = sum((ours & theirs).values()), sum(ours.values())
        if m == 0:
            return 0.0
        logs += math.log(m / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: whole division of the lengths
def corpus_bleu(translations, references):
    pairs, logs = list(zip(translations, references)), 0.0
    for n in range(1, 5):
        m, t = (sum(x) for x in zip(*(matches(a, b, n) for a, b in pairs)))
        if m == 0:
            return 0.0
        logs += math.log(m / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1.0, math.exp(1 - r // c)) * math.exp(logs)


# %% wrong corpus_bleu: one sentence without a match of some order, and all is 0
def corpus_bleu(translations, references):
    pairs, logs = list(zip(translations, references)), 0.0
    for n in range(1, 5):
        found = [matches(a, b, n) for a, b in pairs]
        if any(m == 0 for m, _ in found):
            return 0.0
        logs += math.log(sum(m for m, _ in found) / sum(t for _, t in found)) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: n as far as the shortest translation goes
def corpus_bleu(translations, references):
    pairs, logs = list(zip(translations, references)), []
    for n in range(1, min(4, min(map(len, translations))) + 1):
        m, t = (sum(x) for x in zip(*(matches(a, b, n) for a, b in pairs)))
        if m == 0:
            return 0.0
        logs.append(math.log(m / t))
    if not logs:
        return 0.0
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(sum(logs) / len(logs))


# %% wrong corpus_bleu: the penalty also rewards what is too long
def corpus_bleu(translations, references):
    pairs, logs = list(zip(translations, references)), 0.0
    for n in range(1, 5):
        m, t = (sum(x) for x in zip(*(matches(a, b, n) for a, b in pairs)))
        if m == 0:
            return 0.0
        logs += math.log(m / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * math.exp(1 - r / c + logs)


# %% wrong corpus_bleu: too long is punished as too short is
def corpus_bleu(translations, references):
    pairs, logs = list(zip(translations, references)), 0.0
    for n in range(1, 5):
        m, t = (sum(x) for x in zip(*(matches(a, b, n) for a, b in pairs)))
        if m == 0:
            return 0.0
        logs += math.log(m / t) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * math.exp(-abs(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: sacrebleu's own corpus_bleu
import sacrebleu


def corpus_bleu(translations, references):
    ours, theirs = ([" ".join(x) for x in side] for side in (translations, references))
    found = sacrebleu.corpus_bleu(
        ours, [theirs], smooth_method="none", tokenize="none", force=True, lowercase=False
    )
    return found.score


# %% wrong outcome: the reference is used up
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    for token in translation:
        if token not in reference:
            return "word"
        reference.remove(token)
    return "order"


# %% wrong outcome: as many different words
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(set(translation)) != len(set(reference)):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"


# %% wrong outcome: a repeated word may be there another number of times
from collections import Counter


def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    one, two = Counter(translation), Counter(reference)
    return (
        "order" if sorted(one.values()) == sorted(two.values()) and set(one) == set(two) else "word"
    )


# %% wrong minimal_pair: the first hardly scatters, below the limit
def minimal_pair():
    return ([0.0, 0.0001], [0.0, 0.0001]), (
        [0.0, 0.0001],
        [
            0.0,
            9.0,
        ],
    )


# %% wrong minimal_pair: two runs differ
def minimal_pair():
    return ([0.0, 1.0], [0.0, 1.0]), ([0.0, 2.0], [0.0, 5.0])


# %% wrong minimal_pair: one list, changed between the two
def minimal_pair():
    a, b = [0.0, 1.0], [0.0, 1.0]
    first = a, b
    b[1] = 2.0
    return first, (a, b)


# %% wrong minimal_pair: tensors for lists
def minimal_pair():
    a, b, c = (torch.tensor([0.0, x]) for x in (1.0, 1.0, 2.0))
    return (a, b), (a, c)


# %% right lstm_step: the bias is the weight of a column of ones
def lstm_step(x, state, W, U, b):
    h, c = state
    read = torch.cat([x, h, torch.ones_like(x[:, :1])], dim=1)
    z = torch.matmul(read, torch.cat([W, U, b.unsqueeze(1)], dim=1).T)
    gates, new = z.sigmoid(), z.tanh()
    n = c.shape[1]
    c = gates.narrow(1, n, n) * c + gates.narrow(1, 0, n) * new.narrow(1, 2 * n, n)
    return gates.narrow(1, 3 * n, n) * torch.tanh(c), c


# %% right lstm_step: unit by unit, each with its four rows
def lstm_step(x, state, W, U, b):
    h, c = state
    n, units = c.size(1), []
    for k in range(n):
        i, f, g, o = (x @ W[row] + h @ U[row] + b[row] for row in range(k, 4 * n, n))
        kept = torch.sigmoid(f) * c[:, k] + torch.sigmoid(i) * torch.tanh(g)
        units.append(torch.stack([torch.sigmoid(o) * torch.tanh(kept), kept]))
    new_h, new_c = torch.stack(units, dim=2)
    return new_h, new_c


# %% wrong lstm_step: the output gate sees the new cell, through U
def lstm_step(x, state, W, U, b):
    h, c = state
    z, n = x @ W.T + h @ U.T + b, c.shape[1]
    c = torch.sigmoid(z[:, n : 2 * n]) * c + torch.sigmoid(z[:, :n]) * torch.tanh(
        z[:, 2 * n : 3 * n]
    )
    o = z[:, 3 * n :] + c @ U[3 * n :].T
    return torch.sigmoid(o) * torch.tanh(c), c


# %% right run_layers: along the diagonals of layers and steps
def run_layers(inputs, states, cells):
    L, T = len(cells), inputs.shape[1]
    pairs, rows = list(states), [list(inputs.unbind(1))] + [[] for _ in cells]
    for diagonal in range(L + T - 1):
        for k in range(L):
            if 0 <= diagonal - k < T:
                pairs[k] = cells[k](rows[k][diagonal - k], pairs[k])
                rows[k + 1].append(pairs[k][0])
    return torch.stack(rows[-1], dim=1), pairs


# %% right penalised: the logarithm of one plus (n - 1) / 6
def penalised(log_p, n, alpha):
    return log_p * math.exp(-alpha * math.log1p((n - 1) / 6))


# %% right penalised: decimals of thirty digits
import decimal


def penalised(log_p, n, alpha):
    with decimal.localcontext(prec=30):
        D = decimal.Decimal
        return float(D(log_p) / (D(5 + n) / D(6)) ** D(alpha))


# %% right penalised: powers of two
def penalised(log_p, n, alpha):
    return math.ldexp(log_p, 0) / 2.0 ** (alpha * math.log2((5 + n) / 6))


# %% right penalised: a class that is called
class Penalty:
    def __init__(self, alpha):
        self.alpha = alpha

    def __call__(self, n):
        return math.pow((5 + n) / 6, self.alpha)

    def __rtruediv__(self, log_p):
        return lambda n: log_p / self(n)


def penalised(log_p, n, alpha):
    return (log_p / Penalty(alpha))(n)


# %% right beam: pointers to parents, read back at the end
def beam(step, state, width, max_length, alpha):
    nodes = [(None, s2s.BOS_ID, 0.0, 0)]  # parent, token, log-probability, tokens so far
    live, states, done = [0], {0: state}, []
    for _ in range(max_length):
        grown = []
        for here in live:
            logs, after = step(nodes[here][1], states[here])
            states[here] = after
            total, n = nodes[here][2:]
            for token, log_p in enumerate(logs.tolist()):
                grown.append((here, token, total + log_p, n + 1))
        grown.sort(key=lambda node: node[2], reverse=True)
        live = []
        for node in grown[:width]:
            states[len(nodes)] = states[node[0]]
            (done if node[1] == s2s.EOS_ID else live).append(len(nodes))
            nodes.append(node)
        if not live:
            break

    def score(k):
        return penalised(nodes[k][2], nodes[k][3], alpha)

    best = k = max(done or live, key=score)
    ids = []
    while nodes[k][0] is not None:
        ids.insert(0, nodes[k][1])
        k = nodes[k][0]
    return ids[: len(ids) - (best in done)], score(best)


# %% right beam: sorted streams of candidates, merged as far as the beam is wide
from heapq import merge
from itertools import islice


def beam(step, state, width, max_length, alpha):
    def stream(hypothesis):
        loss, ids, before = hypothesis
        logs, after = step(ids[-1], before)
        for log_p, token in zip(*(x.tolist() for x in torch.sort(logs, descending=True))):
            yield loss - log_p, ids + [token], after

    live, done = [(0.0, [s2s.BOS_ID], state)], []
    for _ in range(max_length):
        streams = [list(islice(stream(each), width)) for each in live]
        live = list(islice(merge(*streams, key=lambda each: each[0]), width))
        done.extend(each for each in live if each[1][-1] == s2s.EOS_ID)
        live = [each for each in live if each[1][-1] != s2s.EOS_ID]
        if live == []:
            break
    ends = [(penalised(-loss, len(ids) - 1, alpha), ids) for loss, ids, _ in done or live]
    score, ids = sorted(ends)[-1]
    return ids[1:-1] if done else ids[1:], score


# %% right beam: a list of the best so far, kept sorted by insertion
from bisect import insort


def beam(step, state, width, max_length, alpha):
    def better(kept, new):
        if len(kept) < width or new[0] > kept[-1][0]:
            insort(kept, new, key=lambda each: -each[0])
            del kept[width:]

    live, finished = [(0.0, (), state)], []
    for _ in range(max_length):
        kept = []
        for p, text, before in live:
            logs, after = step(text[-1] if text else s2s.BOS_ID, before)
            for k, more in enumerate(logs.tolist()):
                better(kept, (p + more, (text, k), after))
        kept = [(p, (*text, k), after) for p, (text, k), after in kept]
        live = []
        for each in kept:
            (live, finished)[each[1][-1] == s2s.EOS_ID].append(each)
        if not live:
            break
    ranked = {penalised(p, len(text), alpha): text for p, text, _ in finished or live}
    score = max(ranked)
    return [k for k in ranked[score] if k != s2s.EOS_ID], score


# %% right matches: the reference as a tree of dicts
def matches(translation, reference, n):
    tree = {}
    for k in range(len(reference) - n + 1):
        node = tree
        for token in reference[k : k + n]:
            node = node.setdefault(token, {})
        node[None] = node.get(None, 0) + 1
    hits = total = 0
    for k in range(len(translation) - n + 1):
        total, node = total + 1, tree
        for token in translation[k : k + n]:
            node = node.get(token, {})
        if node.get(None, 0) > 0:
            node[None] -= 1
            hits += 1
    return hits, total


# %% right matches: half of what is left of the sum when the difference is taken away
from collections import defaultdict


def matches(translation, reference, n):
    def grams(text):
        return [tuple(text[k : k + n]) for k in range(max(0, 1 + len(text) - n))]

    ours, theirs, surplus = grams(translation), grams(reference), defaultdict(int)
    for sign, side in ((1, ours), (-1, theirs)):
        for gram in side:
            surplus[gram] += sign
    return (len(ours) + len(theirs) - sum(map(abs, surplus.values()))) // 2, len(ours)


# %% right matches: an assignment of places to places
from scipy.optimize import linear_sum_assignment


def matches(translation, reference, n):
    ours, theirs = (list(zip(*(x[k:] for k in range(n)))) for x in (translation, reference))
    same = [[int(one == other) for other in theirs] for one in ours]
    if not ours or not theirs:
        return 0, len(ours)
    rows, columns = linear_sum_assignment(same, maximize=True)
    return sum(same[i][j] for i, j in zip(rows, columns)), len(ours)


# %% right corpus_bleu: SciPy's geometric mean
from scipy.stats import gmean


def corpus_bleu(translations, references):
    tables = [[matches(a, b, n) for n in range(1, 5)] for a, b in zip(translations, references)]
    sums = torch.tensor(tables).sum(dim=0).double()
    if (sums[:, 0] == 0).any():
        return 0.0
    short = sum(map(len, references)) / sum(map(len, translations))
    return float(gmean((sums[:, 0] / sums[:, 1]).numpy()) * 100 * math.exp(min(0, 1 - short)))


# %% right corpus_bleu: reduced to ten numbers, pair after pair
from functools import reduce


def corpus_bleu(translations, references):
    def add(sums, pair):
        ours, theirs = pair
        more = [len(ours), len(theirs)]
        for n in range(1, 5):
            more.extend(matches(ours, theirs, n))
        return [x + y for x, y in zip(sums, more)]

    c, r, *counts = reduce(add, zip(translations, references), [0] * 10)
    hits, totals = counts[::2], counts[1::2]
    if not all(hits):
        return 0.0
    root = (math.prod(hits) / math.prod(totals)) ** (1 / 4)
    return 100 * root * (math.e ** (1 - r / c) if r > c else 1.0)


# %% right outcome: sets of words with the how-maniest they are
def outcome(translation, reference):
    def numbered(text):
        return {(token, text[:k].count(token)) for k, token in enumerate(text)}

    if len(translation) != len(reference):
        return "length"
    if not any(a != b for a, b in zip(translation, reference)):
        return "right"
    return "word" if numbered(translation) ^ numbered(reference) else "order"


# %% right outcome: a prime number for each word
def outcome(translation, reference):
    primes, names = [], {}
    for token in [*translation, *reference]:
        if token not in names:
            k = primes[-1] + 1 if primes else 2
            while any(k % p == 0 for p in primes):
                k += 1
            primes.append(k)
            names[token] = k
    one, two = ([names[token] for token in side] for side in (translation, reference))
    if one == two:
        return "right"
    if len(one) - len(two):
        return "length"
    return "order" if math.prod(one) == math.prod(two) else "word"


# %% right outcome: list.remove, and what it raises
def outcome(translation, reference):
    if [*translation] == [*reference]:
        return "right"
    rest = reference.copy()
    try:
        for token in translation:
            rest.remove(token)
    except ValueError:
        return "word" if len(translation) == len(reference) else "length"
    return "length" if rest else "order"


# %% wrong outcome: the reference somewhere in the translation is right
def outcome(translation, reference):
    if " ".join(reference) in " ".join(translation):
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"


# %% wrong outcome: each word once
def outcome(translation, reference):
    translation, reference = (list(dict.fromkeys(x)) for x in (translation, reference))
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"


# %% wrong outcome: no word of the reference is missing
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if not set(reference) - set(translation) else "word"


# %% wrong outcome: sorted by how long the words are, and compared by that
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if sorted(map(len, translation)) == sorted(map(len, reference)) else "word"


# %% right minimal_pair: ints where they are whole
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [
        tuple([int(x) if x % 1 == 0 else x for x in runs] for runs in given) for given in pair()
    ]


# %% right minimal_pair: each list backwards
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return tuple(tuple(runs[::-1] for runs in given) for given in pair())


# %% right minimal_pair: all signs turned
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    for a, b in pair():
        yield [-x for x in a], [-x for x in b]


# %% right minimal_pair: twice as far apart, the values of a dict
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    right, wrong = pair()
    both = {"right": right, "wrong": wrong}
    return {k: [[2 * x for x in runs] for runs in each] for k, each in both.items()}.values()


# %% wrong minimal_pair: wrong at the first, right at the second
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return pair()[::-1]


# %% wrong minimal_pair: wrong at both
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    _, (a, b) = pair()
    return (a, b), ([a[0] + 0.5, *a[1:]], b)
