# ruff: noqa
# Right solutions written differently, and wrong ones that students write. The tests grade them all.
# %% right lstm_step: einsum and split
def lstm_step(x, state, W, U, b):
    gates = torch.einsum("bi,gi->bg", x, W) + torch.einsum("bh,gh->bg", state[0], U) + b
    i, f, g, o = torch.split(gates, state[0].shape[1], dim=-1)
    c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()
    return o.sigmoid() * c.tanh(), c


# %% right lstm_step: one sentence after the other
def lstm_step(x, state, W, U, b):
    H, hs, cs = state[0].size(1), [], []
    for x_k, h_k, c_k in zip(x, *state):
        gates = W @ x_k + U @ h_k + b
        i, f = torch.sigmoid(gates[:H]), torch.sigmoid(gates[H : 2 * H])
        g, o = torch.tanh(gates[2 * H : 3 * H]), torch.sigmoid(gates[3 * H :])
        cs.append(f * c_k + i * g)
        hs.append(o * torch.tanh(cs[-1]))
    return torch.stack(hs), torch.stack(cs)


# %% right lstm_step: joined input, double precision
def lstm_step(x, state, W, U, b):
    joined = torch.cat([x, state[0]], 1).double()
    gates = torch.nn.functional.linear(joined, torch.cat([W, U], 1).double(), b.double())
    i, f, g, o = gates.view(len(x), 4, -1).unbind(1)
    c = torch.sigmoid(f) * state[1].double() + torch.sigmoid(i) * torch.tanh(g)
    return (torch.sigmoid(o) * torch.tanh(c)).float(), c.float()


# %% wrong lstm_step: forget and input gate exchanged
def lstm_step(x, state, W, U, b):
    f, i, g, o = (x @ W.T + state[0] @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: output gate before the new content
def lstm_step(x, state, W, U, b):
    i, f, o, g = (x @ W.T + state[0] @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: no tanh over the cell
def lstm_step(x, state, W, U, b):
    i, f, g, o = (x @ W.T + state[0] @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * c, c


# %% wrong lstm_step: the old cell in the output
def lstm_step(x, state, W, U, b):
    i, f, g, o = (x @ W.T + state[0] @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(state[1]), c


# %% wrong lstm_step: a sigmoid for the new content
def lstm_step(x, state, W, U, b):
    i, f, g, o = torch.sigmoid(x @ W.T + state[0] @ U.T + b).chunk(4, dim=1)
    c = f * state[1] + i * g
    return o * torch.tanh(c), c


# %% wrong lstm_step: c and h returned in the wrong order
def lstm_step(x, state, W, U, b):
    i, f, g, o = (x @ W.T + state[0] @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return c, torch.sigmoid(o) * torch.tanh(c)


# %% wrong lstm_step: the recurrent part forgotten
def lstm_step(x, state, W, U, b):
    i, f, g, o = (x @ W.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * state[1] + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% wrong lstm_step: the state detached
def lstm_step(x, state, W, U, b):
    h, c = state[0].detach(), state[1].detach()
    i, f, g, o = (x @ W.T + h @ U.T + b).chunk(4, dim=1)
    c = torch.sigmoid(f) * c + torch.sigmoid(i) * torch.tanh(g)
    return torch.sigmoid(o) * torch.tanh(c), c


# %% right run_layers: layer by layer
def run_layers(inputs, states, cells):
    final = []
    for cell, pair in zip(cells, states):
        outputs = []
        for t in range(inputs.shape[1]):
            pair = cell(inputs[:, t], pair)
            outputs.append(pair[0])
        inputs = torch.stack(outputs, dim=1)
        final.append(pair)
    return inputs, final


# %% right run_layers: recursion over the layers
def run_layers(inputs, states, cells):
    if not cells:
        return inputs, []
    h, c = states[0]
    below = []
    for x in inputs.transpose(0, 1):
        h, c = cells[0](x, (h, c))
        below.append(h)
    tops, rest = run_layers(torch.stack(below, 1), states[1:], cells[1:])
    return tops, [(h, c)] + rest


# %% right run_layers: separate lists, written into a tensor
def run_layers(inputs, states, cells):
    hs, cs = [pair[0] for pair in states], [pair[1] for pair in states]
    tops = torch.empty(inputs.size(0), inputs.size(1), hs[-1].size(1))
    for t in range(inputs.size(1)):
        x = inputs[:, t]
        for k in range(len(cells)):
            hs[k], cs[k] = cells[k](x, (hs[k], cs[k]))
            x = hs[k]
        tops[:, t] = x
    return tops, list(zip(hs, cs))


# %% wrong run_layers: the upper layers start from zero
def run_layers(inputs, states, cells):
    zero = tuple(torch.zeros_like(each) for each in states[0])
    states, tops = [states[0]] + [zero] * (len(cells) - 1), []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            states[layer] = cell(x, states[layer])
            x = states[layer][0]
        tops.append(x)
    return torch.stack(tops, dim=1), states


# %% wrong run_layers: the top layer's state for all
def run_layers(inputs, states, cells):
    states, tops = [states[-1]] * len(cells), []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            states[layer] = cell(x, states[layer])
            x = states[layer][0]
        tops.append(x)
    return torch.stack(tops, dim=1), states


# %% wrong run_layers: only h is handed over, c starts from zero
def run_layers(inputs, states, cells):
    states, tops = [(h, torch.zeros_like(c)) for h, c in states], []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            states[layer] = cell(x, states[layer])
            x = states[layer][0]
        tops.append(x)
    return torch.stack(tops, dim=1), states


# %% wrong run_layers: only the top layer's pair comes back
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            states[layer] = cell(x, states[layer])
            x = states[layer][0]
        tops.append(x)
    return torch.stack(tops, dim=1), [states[-1]] * len(cells)


# %% wrong run_layers: the layer above reads what was there one step before
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(dim=1):
        before = [h for h, _ in states]
        for layer, cell in enumerate(cells):
            states[layer] = cell(x if layer == 0 else before[layer - 1], states[layer])
        tops.append(states[-1][0])
    return torch.stack(tops, dim=1), states


# %% wrong run_layers: the layer above reads c
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            states[layer] = cell(x, states[layer])
            x = states[layer][1]
        tops.append(states[-1][0])
    return torch.stack(tops, dim=1), states


# %% wrong run_layers: the bottom layer's states come out
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            states[layer] = cell(x, states[layer])
            x = states[layer][0]
        tops.append(states[0][0])
    return torch.stack(tops, dim=1), states


# %% wrong run_layers: the state is forgotten between steps
def run_layers(inputs, states, cells):
    final, tops = list(states), []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            final[layer] = cell(x, states[layer])
            x = final[layer][0]
        tops.append(x)
    return torch.stack(tops, dim=1), final


# %% wrong run_layers: the caller's list is overwritten
def run_layers(inputs, states, cells):
    tops = []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            states[layer] = cell(x, states[layer])
            x = states[layer][0]
        tops.append(x)
    return torch.stack(tops, dim=1), list(states)


# %% right penalised: exp and log
def penalised(log_p, n, alpha):
    return log_p * math.exp(-alpha * math.log((n + 5) / 6))


# %% right penalised: pow
def penalised(log_p, n, alpha):
    factor = math.pow(5 + n, alpha) / math.pow(6, alpha)
    return log_p / factor


# %% right penalised: tensors inside, a float outside
def penalised(log_p, n, alpha):
    return float(
        torch.tensor(log_p, dtype=torch.float64) / torch.tensor((5 + n) / 6).double() ** alpha
    )


# %% wrong penalised: multiplied
def penalised(log_p, n, alpha):
    return log_p * ((5 + n) / 6) ** alpha


# %% wrong penalised: the mean
def penalised(log_p, n, alpha):
    return log_p / n**alpha


# %% wrong penalised: without the division by six
def penalised(log_p, n, alpha):
    return log_p / (5 + n) ** alpha


# %% wrong penalised: the exponent multiplies
def penalised(log_p, n, alpha):
    return log_p / ((5 + n) / 6 * alpha) if alpha else log_p


# %% wrong penalised: one token fewer
def penalised(log_p, n, alpha):
    return log_p / ((4 + n) / 6) ** alpha


# %% wrong penalised: the exponent forgotten
def penalised(log_p, n, alpha):
    return log_p / ((5 + n) / 6)


# %% right beam: tensors of candidates
def beam(step, state, width, max_length, alpha):
    alive = [((), 0.0, state)]
    done = []
    for _ in range(max_length):
        rows, states = [], []
        for ids, log_p, s in alive:
            scores, s = step(ids[-1] if ids else 2, s)
            rows.append(scores.double() + log_p)
            states.append(s)
        table = torch.stack(rows)
        best = table.flatten().topk(min(width, table.numel()))
        grown = []
        for value, place in zip(best.values.tolist(), best.indices.tolist()):
            row, token = divmod(place, table.shape[1])
            grown.append((alive[row][0] + (token,), value, states[row]))
        done += [each for each in grown if each[0][-1] == 3]
        alive = [each for each in grown if each[0][-1] != 3]
        if not alive:
            break
    ids, log_p, _ = max(done or alive, key=lambda each: penalised(each[1], len(each[0]), alpha))
    return [k for k in ids if k != 3], penalised(log_p, len(ids), alpha)


# %% right beam: every token of every hypothesis, sorted
def beam(step, state, width, max_length, alpha):
    beams, ended, t = [(0.0, [2], state)], [], 0
    while beams and t < max_length:
        t += 1
        every = []
        for total, ids, s in beams:
            log_p, s = step(ids[-1], s)
            for token, value in enumerate(log_p.tolist()):
                every.append((total + value, ids + [token], s))
        every = sorted(every, key=lambda c: c[0], reverse=True)[:width]
        beams = []
        for candidate in every:
            (ended if candidate[1][-1] == 3 else beams).append(candidate)
    pool = ended if ended else beams
    scored = [(total / ((5 + len(ids) - 1) / 6) ** alpha, ids) for total, ids, _ in pool]
    score, ids = max(scored, key=lambda c: c[0])
    return [token for token in ids[1:] if token != 3], score


# %% right beam: a heap, recursion over time
def beam(step, state, width, max_length, alpha):
    import heapq

    def grow(alive, left, done):
        if not alive or left == 0:
            return done or alive
        every = []
        for total, ids, s in alive:
            scores, after = step(ids[-1] if ids else s2s.BOS_ID, s)
            every += [(total + scores[k].item(), ids + [k], after) for k in range(len(scores))]
        kept = heapq.nlargest(width, every, key=lambda c: c[0])
        done = done + [c for c in kept if c[1][-1] == s2s.EOS_ID]
        return grow([c for c in kept if c[1][-1] != s2s.EOS_ID], left - 1, done)

    found = grow([(0.0, [], state)], max_length, [])
    best = max(found, key=lambda c: penalised(c[0], len(c[1]), alpha))
    return [k for k in best[1] if k != s2s.EOS_ID], penalised(best[0], len(best[1]), alpha)


# %% wrong beam: the finished ranked by raw log-probability
def beam(step, state, width, max_length, alpha):
    beams, ended = [(0.0, [], state)], []
    for _ in range(max_length):
        every = []
        for total, ids, s in beams:
            log_p, s = step(ids[-1] if ids else 2, s)
            every += [(total + v, ids + [k], s) for k, v in enumerate(log_p.tolist())]
        every = sorted(every, key=lambda c: -c[0])[:width]
        ended += [c for c in every if c[1][-1] == 3]
        beams = [c for c in every if c[1][-1] != 3]
        if not beams:
            break
    total, ids, _ = max(ended or beams, key=lambda c: c[0])
    return [k for k in ids if k != 3], penalised(total, len(ids), alpha)


# %% wrong beam: <eos> does not end anything
def beam(step, state, width, max_length, alpha):
    beams = [(0.0, [], state)]
    for _ in range(max_length):
        every = []
        for total, ids, s in beams:
            log_p, s = step(ids[-1] if ids else 2, s)
            every += [(total + v, ids + [k], s) for k, v in enumerate(log_p.tolist())]
        beams = sorted(every, key=lambda c: -c[0])[:width]
    total, ids, _ = max(beams, key=lambda c: penalised(c[0], len(c[1]), alpha))
    return [k for k in ids if k != 3], penalised(total, len(ids), alpha)


# %% wrong beam: stops at the first finished hypothesis
def beam(step, state, width, max_length, alpha):
    beams = [(0.0, [], state)]
    for _ in range(max_length):
        every = []
        for total, ids, s in beams:
            log_p, s = step(ids[-1] if ids else 2, s)
            every += [(total + v, ids + [k], s) for k, v in enumerate(log_p.tolist())]
        beams = sorted(every, key=lambda c: -c[0])[:width]
        ended = [c for c in beams if c[1][-1] == 3]
        if ended:
            beams = ended
            break
    total, ids, _ = max(beams, key=lambda c: penalised(c[0], len(c[1]), alpha))
    return [k for k in ids if k != 3], penalised(total, len(ids), alpha)


# %% wrong beam: greedy, whatever the width
def beam(step, state, width, max_length, alpha):
    token, ids, total = 2, [], 0.0
    for _ in range(max_length):
        log_p, state = step(token, state)
        token = int(log_p.argmax())
        total += log_p[token].item()
        ids.append(token)
        if token == 3:
            break
    return [k for k in ids if k != 3], penalised(total, len(ids), alpha)


# %% wrong beam: every hypothesis gets the first one's state
def beam(step, state, width, max_length, alpha):
    beams, ended = [(0.0, [], state)], []
    for _ in range(max_length):
        every, shared = [], beams[0][2]
        for total, ids, s in beams:
            log_p, s = step(ids[-1] if ids else 2, shared)
            every += [(total + v, ids + [k], s) for k, v in enumerate(log_p.tolist())]
        every = sorted(every, key=lambda c: -c[0])[:width]
        ended += [c for c in every if c[1][-1] == 3]
        beams = [c for c in every if c[1][-1] != 3]
        if not beams:
            break
    total, ids, _ = max(ended or beams, key=lambda c: penalised(c[0], len(c[1]), alpha))
    return [k for k in ids if k != 3], penalised(total, len(ids), alpha)


# %% wrong beam: probabilities multiplied with log-probabilities, the sum restarted
def beam(step, state, width, max_length, alpha):
    beams, ended = [(0.0, [], state)], []
    for _ in range(max_length):
        every = []
        for total, ids, s in beams:
            log_p, s = step(ids[-1] if ids else 2, s)
            every += [(v, ids + [k], s) for k, v in enumerate(log_p.tolist())]
        every = sorted(every, key=lambda c: -c[0])[:width]
        ended += [c for c in every if c[1][-1] == 3]
        beams = [c for c in every if c[1][-1] != 3]
        if not beams:
            break
    total, ids, _ = max(ended or beams, key=lambda c: penalised(c[0], len(c[1]), alpha))
    return [k for k in ids if k != 3], penalised(total, len(ids), alpha)


# %% wrong beam: <eos> is kept
def beam(step, state, width, max_length, alpha):
    beams, ended = [(0.0, [], state)], []
    for _ in range(max_length):
        every = []
        for total, ids, s in beams:
            log_p, s = step(ids[-1] if ids else 2, s)
            every += [(total + v, ids + [k], s) for k, v in enumerate(log_p.tolist())]
        every = sorted(every, key=lambda c: -c[0])[:width]
        ended += [c for c in every if c[1][-1] == 3]
        beams = [c for c in every if c[1][-1] != 3]
        if not beams:
            break
    total, ids, _ = max(ended or beams, key=lambda c: penalised(c[0], len(c[1]), alpha))
    return ids, penalised(total, len(ids), alpha)


# %% wrong beam: the length without <eos>
def beam(step, state, width, max_length, alpha):
    beams, ended = [(0.0, [], state)], []
    for _ in range(max_length):
        every = []
        for total, ids, s in beams:
            log_p, s = step(ids[-1] if ids else 2, s)
            every += [(total + v, ids + [k], s) for k, v in enumerate(log_p.tolist())]
        every = sorted(every, key=lambda c: -c[0])[:width]
        ended += [c for c in every if c[1][-1] == 3]
        beams = [c for c in every if c[1][-1] != 3]
        if not beams:
            break
    ranked = [(t, [k for k in ids if k != 3]) for t, ids, _ in ended or beams]
    total, ids = max(ranked, key=lambda c: penalised(c[0], len(c[1]), alpha))
    return ids, penalised(total, len(ids), alpha)


# %% wrong beam: the unfinished compete with the finished
def beam(step, state, width, max_length, alpha):
    beams, ended = [(0.0, [], state)], []
    for _ in range(max_length):
        every = []
        for total, ids, s in beams:
            log_p, s = step(ids[-1] if ids else 2, s)
            every += [(total + v, ids + [k], s) for k, v in enumerate(log_p.tolist())]
        every = sorted(every, key=lambda c: -c[0])[:width]
        ended += [c for c in every if c[1][-1] == 3]
        beams = [c for c in every if c[1][-1] != 3]
        if not beams:
            break
    total, ids, _ = max(ended + beams, key=lambda c: penalised(c[0], len(c[1]), alpha))
    return [k for k in ids if k != 3], penalised(total, len(ids), alpha)


# %% right matches: Counters
def matches(translation, reference, n):
    from collections import Counter

    ours, theirs = (
        Counter(zip(*(text[k:] for k in range(n)))) for text in (translation, reference)
    )
    return (ours & theirs).total(), ours.total()


# %% right matches: sorted lists, two fingers
def matches(translation, reference, n):
    a = sorted(tuple(translation[k : k + n]) for k in range(len(translation) - n + 1))
    b = sorted(tuple(reference[k : k + n]) for k in range(len(reference) - n + 1))
    i = j = hits = 0
    while i < len(a) and j < len(b):
        if a[i] == b[j]:
            i, j, hits = i + 1, j + 1, hits + 1
        elif a[i] < b[j]:
            i += 1
        else:
            j += 1
    return hits, len(a)


# %% right matches: counts by loops
def matches(translation, reference, n):
    grams = [translation[k : k + n] for k in range(max(len(translation) - n + 1, 0))]
    other = [reference[k : k + n] for k in range(max(len(reference) - n + 1, 0))]
    seen, hits = [], 0
    for gram in grams:
        if gram not in seen:
            seen.append(gram)
            hits += min(grams.count(gram), other.count(gram))
    return hits, len(grams)


# %% wrong matches: not clipped
def matches(translation, reference, n):
    ours = [tuple(translation[k : k + n]) for k in range(len(translation) - n + 1)]
    theirs = {tuple(reference[k : k + n]) for k in range(len(reference) - n + 1)}
    return sum(gram in theirs for gram in ours), len(ours)


# %% wrong matches: each n-gram once
def matches(translation, reference, n):
    ours = {tuple(translation[k : k + n]) for k in range(len(translation) - n + 1)}
    theirs = {tuple(reference[k : k + n]) for k in range(len(reference) - n + 1)}
    return len(ours & theirs), len(ours)


# %% wrong matches: one n-gram too few
def matches(translation, reference, n):
    from collections import Counter

    ours = Counter(tuple(translation[k : k + n]) for k in range(len(translation) - n))
    theirs = Counter(tuple(reference[k : k + n]) for k in range(len(reference) - n))
    return sum((ours & theirs).values()), sum(ours.values())


# %% wrong matches: n-grams cut short at the end
def matches(translation, reference, n):
    from collections import Counter

    ours = Counter(tuple(translation[k : k + n]) for k in range(len(translation)))
    theirs = Counter(tuple(reference[k : k + n]) for k in range(len(reference)))
    return sum((ours & theirs).values()), sum(ours.values())


# %% wrong matches: of the reference's n-grams (recall)
def matches(translation, reference, n):
    from collections import Counter

    ours = Counter(tuple(translation[k : k + n]) for k in range(len(translation) - n + 1))
    theirs = Counter(tuple(reference[k : k + n]) for k in range(len(reference) - n + 1))
    return sum((ours & theirs).values()), sum(theirs.values())


# %% wrong matches: in the same place
def matches(translation, reference, n):
    ours = [tuple(translation[k : k + n]) for k in range(len(translation) - n + 1)]
    theirs = [tuple(reference[k : k + n]) for k in range(len(reference) - n + 1)]
    return sum(a == b for a, b in zip(ours, theirs)), len(ours)


# %% wrong matches: order inside the n-gram ignored
def matches(translation, reference, n):
    from collections import Counter

    ours = Counter(tuple(sorted(translation[k : k + n])) for k in range(len(translation) - n + 1))
    theirs = Counter(tuple(sorted(reference[k : k + n])) for k in range(len(reference) - n + 1))
    return sum((ours & theirs).values()), sum(ours.values())


# %% right corpus_bleu: a product and a root
def corpus_bleu(translations, references):
    product = 1.0
    for n in range(1, 5):
        hits = total = 0
        for one, other in zip(translations, references):
            h, t = matches(one, other, n)
            hits, total = hits + h, total + t
        product *= hits / max(total, 1)
    c, r = sum(len(x) for x in translations), sum(len(x) for x in references)
    penalty = 1.0 if c > r else math.exp(1 - r / max(c, 1))
    return 100.0 * penalty * product ** (1 / 4)


# %% right corpus_bleu: tensors, double precision
def corpus_bleu(translations, references):
    table = torch.tensor(
        [[matches(a, b, n) for n in (1, 2, 3, 4)] for a, b in zip(translations, references)]
    ).double()
    hits, totals = table.sum(dim=0).T
    if (hits == 0).any():
        return 0.0
    c, r = (sum(len(x) for x in side) for side in (translations, references))
    return 100 * ((hits / totals).log().mean() + min(0.0, 1 - r / c)).exp().item()


# %% right corpus_bleu: with its own n-grams
def corpus_bleu(translations, references):
    from collections import Counter

    hits, totals = [0] * 4, [0] * 4
    for a, b in zip(translations, references):
        for n in range(4):
            x = Counter(tuple(a[k : k + n + 1]) for k in range(len(a) - n))
            y = Counter(tuple(b[k : k + n + 1]) for k in range(len(b) - n))
            hits[n] += sum((x & y).values())
            totals[n] += sum(x.values())
    if not all(hits):
        return 0.0
    c, r = sum(map(len, translations)), sum(map(len, references))
    logs = sum(math.log(h) - math.log(t) for h, t in zip(hits, totals)) / 4
    return 100 * math.exp(logs + min(0, 1 - r / c))


# %% wrong corpus_bleu: the mean of the sentences' BLEU
def corpus_bleu(translations, references):
    scores = []
    for a, b in zip(translations, references):
        found = [matches(a, b, n) for n in (1, 2, 3, 4)]
        if not all(hits for hits, _ in found):
            scores.append(0.0)
            continue
        logs = sum(math.log(hits / total) for hits, total in found) / 4
        scores.append(100 * min(1, math.exp(1 - len(b) / len(a))) * math.exp(logs))
    return sum(scores) / len(scores)


# %% wrong corpus_bleu: no brevity penalty
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        hits, total = map(sum, zip(*(matches(a, b, n) for a, b in zip(translations, references))))
        if hits == 0:
            return 0.0
        logs += math.log(hits / total) / 4
    return 100 * math.exp(logs)


# %% wrong corpus_bleu: the penalty rewards long translations
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        hits, total = map(sum, zip(*(matches(a, b, n) for a, b in zip(translations, references))))
        if hits == 0:
            return 0.0
        logs += math.log(hits / total) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * math.exp(1 - r / c) * math.exp(logs)


# %% wrong corpus_bleu: c and r exchanged
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        hits, total = map(sum, zip(*(matches(a, b, n) for a, b in zip(translations, references))))
        if hits == 0:
            return 0.0
        logs += math.log(hits / total) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1, math.exp(1 - c / r)) * math.exp(logs)


# %% wrong corpus_bleu: the arithmetic mean of the precisions
def corpus_bleu(translations, references):
    shares = []
    for n in (1, 2, 3, 4):
        hits, total = map(sum, zip(*(matches(a, b, n) for a, b in zip(translations, references))))
        shares.append(hits / max(total, 1))
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1, math.exp(1 - r / c)) * sum(shares) / 4


# %% wrong corpus_bleu: up to three
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3):
        hits, total = map(sum, zip(*(matches(a, b, n) for a, b in zip(translations, references))))
        if hits == 0:
            return 0.0
        logs += math.log(hits / total) / 3
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: not divided by four
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        hits, total = map(sum, zip(*(matches(a, b, n) for a, b in zip(translations, references))))
        if hits == 0:
            return 0.0
        logs += math.log(hits / total)
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: the mean of the sentences' precisions
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        found = [matches(a, b, n) for a, b in zip(translations, references)]
        shares = [hits / total for hits, total in found if total]
        if not sum(shares):
            return 0.0
        logs += math.log(sum(shares) / len(shares)) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: a tiny number in place of no match
def corpus_bleu(translations, references):
    logs = 0.0
    for n in (1, 2, 3, 4):
        hits, total = map(sum, zip(*(matches(a, b, n) for a, b in zip(translations, references))))
        logs += math.log(max(hits, 0.5) / total) / 4
    c, r = sum(map(len, translations)), sum(map(len, references))
    return 100 * min(1, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: the package's own
def corpus_bleu(translations, references):
    texts = ([" ".join(row) for row in side] for side in (translations, references))
    return s2s.bleu(*texts, tokenize="none").score


# %% right outcome: Counters
def outcome(translation, reference):
    from collections import Counter

    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if Counter(translation) == Counter(reference) else "word"


# %% right outcome: removing one after the other
def outcome(translation, reference):
    if len(translation) != len(reference):
        return "length"
    if all(a == b for a, b in zip(translation, reference)):
        return "right"
    pool = list(reference)
    for token in translation:
        if token not in pool:
            return "word"
        pool.remove(token)
    return "order"


# %% right outcome: counts by loops
def outcome(translation, reference):
    same = tuple(translation) == tuple(reference)
    long = len(translation) == len(reference)
    often = all(list(translation).count(t) == list(reference).count(t) for t in reference)
    return "right" if same else "length" if not long else "order" if often else "word"


# %% wrong outcome: sets
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if set(translation) == set(reference) else "word"


# %% wrong outcome: order before length, by sets
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if set(translation) == set(reference):
        return "order"
    return "length" if len(translation) != len(reference) else "word"


# %% wrong outcome: right means the same tokens
def outcome(translation, reference):
    if sorted(translation) == sorted(reference):
        return "right"
    return "length" if len(translation) != len(reference) else "word"


# %% wrong outcome: order if any token is in another place
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if set(translation) & set(reference) - {translation[0]} else "word"


# %% wrong outcome: only longer ones are "length"
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) > len(reference):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"


# %% wrong outcome: a beginning that agrees is right
def outcome(translation, reference):
    if all(a == b for a, b in zip(translation, reference)):
        return "right"
    if len(translation) != len(reference):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"


# %% wrong lstm_step: PyTorch's cell
def lstm_step(x, state, W, U, b):
    cell = torch.nn.LSTMCell(x.shape[1], U.shape[1])
    names = "weight_ih", "weight_hh", "bias_ih", "bias_hh"
    given = dict(zip(names, (W, U, b, torch.zeros_like(b))))
    return torch.func.functional_call(cell, given, (x, state))


# %% wrong lstm_step: PyTorch's function
def lstm_step(x, state, W, U, b):
    return torch.lstm_cell(x, state, W, U, b, torch.zeros_like(b))


# %% wrong run_layers: PyTorch's LSTM
def run_layers(inputs, states, cells):
    final = []
    for (h, c), cell in zip(states, cells):
        lstm = torch.nn.LSTM(cell.input_size, cell.hidden_size, batch_first=True)
        names = "weight_ih", "weight_hh", "bias_ih", "bias_hh"
        weights = {f"{name}_l0": getattr(cell, name) for name in names}
        pair = h[None].contiguous(), c[None].contiguous()
        inputs, last = torch.func.functional_call(lstm, weights, (inputs, pair))
        final.append((last[0][0], last[1][0]))
    return inputs, final


# %% wrong run_layers: without gradients
@torch.no_grad()
def run_layers(inputs, states, cells):
    states, tops = list(states), []
    for x in inputs.unbind(dim=1):
        for layer, cell in enumerate(cells):
            states[layer] = cell(x, states[layer])
            x = states[layer][0]
        tops.append(x)
    return torch.stack(tops, dim=1), states


# %% wrong beam: it shrinks by what is finished
def beam(step, state, width, max_length, alpha):
    unfinished, finished = [([], 0.0, s2s.BOS_ID, state)], []
    for _ in range(max_length):
        candidates = []
        for ids, log_p, token, state in unfinished:
            scores, after = step(token, state)
            candidates += [(ids + [k], log_p + p, k, after) for k, p in enumerate(scores.tolist())]
        candidates.sort(key=lambda candidate: -candidate[1])
        kept = candidates[: width - len(finished)]
        finished += [each for each in kept if each[2] == s2s.EOS_ID]
        unfinished = [each for each in kept if each[2] != s2s.EOS_ID]
        if not unfinished:
            break
    score, ids = max((penalised(p, len(ids), alpha), ids) for ids, p, *_ in finished or unfinished)
    return [token for token in ids if token != s2s.EOS_ID], score


# %% wrong beam: products of probabilities
def beam(step, state, width, max_length, alpha):
    unfinished, finished = [([], 1.0, s2s.BOS_ID, state)], []
    for _ in range(max_length):
        candidates = []
        for ids, p, token, state in unfinished:
            scores, after = step(token, state)
            more = scores.double().exp().tolist()
            candidates += [(ids + [k], p * q, k, after) for k, q in enumerate(more)]
        candidates.sort(key=lambda candidate: -candidate[1])
        kept = candidates[:width]
        finished += [each for each in kept if each[2] == s2s.EOS_ID]
        unfinished = [each for each in kept if each[2] != s2s.EOS_ID]
        if not unfinished:
            break
    score, ids = max(
        (penalised(math.log(max(p, 5e-324)), len(ids), alpha), ids)
        for ids, p, *_ in finished or unfinished
    )
    return [token for token in ids if token != s2s.EOS_ID], score


# %% wrong matches: counted in joined text
def matches(translation, reference, n):
    grams = [" ".join(translation[k : k + n]) for k in range(len(translation) - n + 1)]
    r = " ".join(reference)
    return sum(min(grams.count(x), r.count(x)) for x in set(grams)), len(grams)


# %% wrong matches: n-grams joined without a space
def matches(translation, reference, n):
    def grams(tokens):
        return ["".join(tokens[k : k + n]) for k in range(len(tokens) - n + 1)]

    ours, theirs = grams(translation), grams(reference)
    return sum(min(ours.count(x), theirs.count(x)) for x in set(ours)), len(ours)


# %% wrong matches: removed from the reference that was given
def matches(translation, reference, n):
    grams = [tuple(translation[k : k + n]) for k in range(len(translation) - n + 1)]
    if n == 1:
        hits = 0
        for token in translation:
            if token in reference:
                reference.remove(token)
                hits += 1
        return hits, len(grams)
    pool = [tuple(reference[k : k + n]) for k in range(len(reference) - n + 1)]
    hits = sum(min(grams.count(x), pool.count(x)) for x in set(grams))
    return hits, len(grams)


# %% wrong corpus_bleu: empty translations are skipped
def corpus_bleu(translations, references):
    pairs = [pair for pair in zip(translations, references) if pair[0]]
    if not pairs:
        return 0.0
    logs = 0.0
    for n in (1, 2, 3, 4):
        hits, total = (sum(column) for column in zip(*(matches(*pair, n) for pair in pairs)))
        if hits == 0:
            return 0.0
        logs += math.log(hits / total) / 4
    c, r = (sum(map(len, side)) for side in zip(*pairs))
    return 100 * min(1.0, math.exp(1 - r / c)) * math.exp(logs)


# %% wrong corpus_bleu: divides by the length of nothing
def corpus_bleu(translations, references):
    c, r = (sum(map(len, side)) for side in (translations, references))
    penalty = min(1.0, math.exp(1 - r / c))
    logs = 0.0
    for n in (1, 2, 3, 4):
        pairs = [matches(*pair, n) for pair in zip(translations, references)]
        hits, total = (sum(column) for column in zip(*pairs))
        if hits == 0:
            return 0.0
        logs += math.log(hits / total) / 4
    return 100 * penalty * math.exp(logs)


# %% wrong corpus_bleu: sacrebleu's own
def corpus_bleu(translations, references):
    import sacrebleu

    sides = [[" ".join(text) for text in side] for side in (translations, references)]
    options = {"tokenize": "none", "smooth_method": "none", "force": True}
    return sacrebleu.corpus_bleu(sides[0], [sides[1]], **options).score


# %% wrong corpus_bleu: sacrebleu's class
def corpus_bleu(translations, references):
    from sacrebleu.metrics import BLEU

    sides = [[" ".join(text) for text in side] for side in (translations, references)]
    metric = BLEU(tokenize="none", smooth_method="none", force=True)
    return metric.corpus_score(sides[0], [sides[1]]).score


# %% wrong outcome: the given list is sorted in place
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(translation) != len(reference):
        return "length"
    translation.sort()
    return "order" if translation == sorted(reference) else "word"


# %% wrong outcome: the length in characters
def outcome(translation, reference):
    if translation == reference:
        return "right"
    if len(" ".join(translation)) != len(" ".join(reference)):
        return "length"
    return "order" if sorted(translation) == sorted(reference) else "word"


# %% right minimal_pair: a search at random
def minimal_pair():
    def right(a, b):
        n, m = len(a), len(b)
        u, v = (
            (sum((x - sum(r) / len(r)) ** 2 for x in r) / (len(r) - 1) / len(r)) for r in (a, b)
        )
        if u + v == 0:
            return None
        nu = (u + v) ** 2 / (u**2 / (n - 1) + v**2 / (m - 1))
        wanted = sum(a) / n - sum(b) / m, t975(nu) * math.sqrt(u + v)
        off = max(abs(x - y) for x, y in zip(suspect(a, b), wanted))
        return True if off < 1e-5 else False if off > 2e-2 else None

    from random import Random

    rng = Random(3)
    while True:
        a = [rng.randrange(4) for _ in range(rng.randrange(2, 5))]
        b = [rng.randrange(2) for _ in range(rng.choice([len(a), 2, 3]))]
        c, d = list(a), list(b)
        one = rng.choice([c, d])
        if rng.random() < 0.5:
            one[rng.randrange(len(one))] = rng.randrange(5, 20)
        else:
            one.append(rng.randrange(5))
        if right(a, b) is True and right(c, d) is False:
            return (a, b), (c, d)


# %% right minimal_pair: a search through a grid
def minimal_pair():
    def right(a, b):
        n, m = len(a), len(b)
        u, v = (
            (sum((x - sum(r) / len(r)) ** 2 for x in r) / (len(r) - 1) / len(r)) for r in (a, b)
        )
        if u + v == 0:
            return None
        nu = (u + v) ** 2 / (u**2 / (n - 1) + v**2 / (m - 1))
        wanted = sum(a) / n - sum(b) / m, t975(nu) * math.sqrt(u + v)
        off = max(abs(x - y) for x, y in zip(suspect(a, b), wanted))
        return True if off < 1e-5 else False if off > 2e-2 else None

    from itertools import product

    lists = [list(x) for n in (2, 3) for x in product((0, 1, 3), repeat=n)]
    for a, b in product(lists, lists):
        if right(a, b) is not True:
            continue
        for k in range(len(b)):
            d = [*b[:k], 9, *b[k + 1 :]]
            if right(a, d) is False:
                return (a, b), (a, d)
        if right(a, [*b, 4]) is False:
            return (a, b), (a, [*b, 4])


# %% right minimal_pair: whole numbers
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return tuple(tuple([int(x) for x in runs] for runs in each) for each in ((a, b), (c, d)))


# %% wrong minimal_pair: the two exchanged
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    first, second = pair()
    return second, first


# %% wrong minimal_pair: the second twice
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [pair()[1]] * 2


# %% wrong minimal_pair: a second number changed
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return (a, b), ([a[0] + 1, *c[1:]], d)


# %% wrong minimal_pair: neither scatters at the first
def minimal_pair():
    return ([1.0, 1.0], [2.0, 2.0]), ([1.0, 1.0], [2.0, 3.0])


# %% wrong minimal_pair: wrong at both
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return (c, d), ([c[0] + 0.5, *c[1:]], d)


# %% wrong minimal_pair: tensors for lists
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (a, b), (c, d) = pair()
    return tuple(tuple(map(torch.tensor, each)) for each in ((a, b), (c, d)))
