# ruff: noqa
# Right solutions written differently, and wrong ones that students write. The tests grade them all.
# %% right luong_scores: einsum
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return torch.einsum("btd,bsd->bts", query, memory)
    if how == "general":
        return torch.einsum("bth,hm,bsm->bts", query, W, memory)
    T, S = query.size(1), memory.size(1)
    q = query.unsqueeze(2).expand(-1, T, S, -1)
    h = memory.unsqueeze(1).expand(-1, T, S, -1)
    return torch.einsum("btsa,a->bts", torch.cat([q, h], 3).matmul(W.t()).tanh(), v)


# %% right luong_scores: loops
def luong_scores(how, query, memory, W=None, v=None):
    def one(q, h):
        if how == "dot":
            return torch.dot(q, h)
        if how == "general":
            return q @ W @ h
        return v @ torch.tanh(W @ torch.cat((q, h)))

    return torch.stack(
        [
            torch.stack([torch.stack([one(q, h) for h in memory[b]]) for q in query[b]])
            for b in range(len(query))
        ]
    )


# %% right luong_scores: bmm, the general score from the memory's side, double precision
def luong_scores(how, query, memory, W=None, v=None):
    query, memory = query.double(), memory.double()
    if how == "concat":
        W_q, W_h = W.double().split([query.shape[2], memory.shape[2]], dim=1)
        inside = torch.nn.functional.linear(query, W_q).unsqueeze(2)
        inside = inside + torch.nn.functional.linear(memory, W_h).unsqueeze(1)
        return (inside.tanh() * v.double()).sum(-1)
    keys = memory if how == "dot" else memory @ W.double().T
    return torch.bmm(query, keys.mT)


# %% wrong luong_scores: scaled
def luong_scores(how, query, memory, W=None, v=None):
    size = query.shape[-1]
    if how == "dot":
        return query @ memory.transpose(1, 2) / math.sqrt(size)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    inside = (query @ W[:, :size].T)[:, :, None] + (memory @ W[:, size:].T)[:, None]
    return torch.tanh(inside) @ v


# %% wrong luong_scores: general, the matrix transposed
def luong_scores(how, query, memory, W=None, v=None):
    size = query.shape[-1]
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W.T @ memory.transpose(1, 2)
    inside = (query @ W[:, :size].T)[:, :, None] + (memory @ W[:, size:].T)[:, None]
    return torch.tanh(inside) @ v


# %% wrong luong_scores: concat, the memory first
def luong_scores(how, query, memory, W=None, v=None):
    size = memory.shape[-1]
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    inside = (query @ W[:, size:].T)[:, :, None] + (memory @ W[:, :size].T)[:, None]
    return torch.tanh(inside) @ v


# %% wrong luong_scores: concat without tanh
def luong_scores(how, query, memory, W=None, v=None):
    size = query.shape[-1]
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    return ((query @ W[:, :size].T)[:, :, None] + (memory @ W[:, size:].T)[:, None]) @ v


# %% wrong luong_scores: source and target axis exchanged
def luong_scores(how, query, memory, W=None, v=None):
    size = query.shape[-1]
    if how == "dot":
        return memory @ query.transpose(1, 2)
    if how == "general":
        return memory @ W.T @ query.transpose(1, 2)
    inside = (query @ W[:, :size].T)[:, None] + (memory @ W[:, size:].T)[:, :, None]
    return torch.tanh(inside) @ v


# %% wrong luong_scores: the memory detached
def luong_scores(how, query, memory, W=None, v=None):
    size, memory = query.shape[-1], memory.detach()
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    inside = (query @ W[:, :size].T)[:, :, None] + (memory @ W[:, size:].T)[:, None]
    return torch.tanh(inside) @ v


# %% wrong luong_scores: the package's own
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return s2s.DotAttention().score(query, memory)
    if how == "general":
        attention = s2s.GeneralAttention(*W.shape)
        attention.W.data = W
        return attention.score(query, attention.project_keys(memory))
    attention = s2s.ConcatAttention(query.shape[2], memory.shape[2], len(v))
    attention.W.data, attention.v.data = W, v
    return attention.score(query, attention.project_keys(memory))


# %% right attentional_state: linear
def attentional_state(context, state, W_c):
    return torch.nn.functional.linear(torch.cat((context, state), -1), W_c).tanh()


# %% right attentional_state: two products, double precision
def attentional_state(context, state, W_c):
    W_context, W_state = W_c.double().split([context.shape[-1], state.shape[-1]], dim=1)
    return (context.double() @ W_context.T + state.double() @ W_state.T).tanh()


# %% right attentional_state: einsum, row by row
def attentional_state(context, state, W_c):
    joined = torch.concat([context, state], dim=context.dim() - 1)
    rows = [torch.einsum("...i,i->...", joined, row) for row in W_c]
    return torch.stack(rows, dim=-1).tanh()


# %% wrong attentional_state: the state first
def attentional_state(context, state, W_c):
    return torch.tanh(torch.cat([state, context], dim=-1) @ W_c.T)


# %% wrong attentional_state: no tanh
def attentional_state(context, state, W_c):
    return torch.cat([context, state], dim=-1) @ W_c.T


# %% wrong attentional_state: joined along the wrong axis
def attentional_state(context, state, W_c):
    return torch.tanh(torch.cat([context, state], dim=1) @ W_c.T)


# %% wrong attentional_state: the matrix not transposed
def attentional_state(context, state, W_c):
    return torch.tanh(torch.cat([context, state], dim=-1) @ W_c)


# %% wrong attentional_state: tanh before the matrix
def attentional_state(context, state, W_c):
    return torch.tanh(torch.cat([context, state], dim=-1)) @ W_c.T


# %% wrong attentional_state: the context detached
def attentional_state(context, state, W_c):
    return torch.tanh(torch.cat([context.detach(), state], dim=-1) @ W_c.T)


# %% wrong attentional_state: sigmoid
def attentional_state(context, state, W_c):
    return torch.sigmoid(torch.cat([context, state], dim=-1) @ W_c.T)


# %% right luong_step: bmm and linear
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.hstack((embedded, fed)), state)
    keys = torch.nn.functional.linear(memory, W_a)
    scores = torch.bmm(keys, h.unsqueeze(2)).squeeze(2)
    weights = scores.masked_fill(~mask, -math.inf).softmax(-1)
    context = torch.bmm(weights.unsqueeze(1), memory).squeeze(1)
    return torch.nn.functional.linear(torch.hstack((context, h)), W_c).tanh(), (h, c), weights


# %% right luong_step: one sentence after the other
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    outs, hs, cs, rows = [], [], [], []
    for b in range(len(embedded)):
        x = torch.cat([embedded[b], fed[b]])[None]
        h, c = cell(x, (state[0][b][None], state[1][b][None]))
        n = int(mask[b].sum())
        alpha = torch.softmax(memory[b, :n] @ (h[0] @ W_a), dim=0)
        context = alpha @ memory[b, :n]
        outs.append(torch.tanh(W_c @ torch.cat([context, h[0]])))
        hs.append(h[0])
        cs.append(c[0])
        rows.append(torch.nn.functional.pad(alpha, (0, mask.shape[1] - n)))
    return torch.stack(outs), (torch.stack(hs), torch.stack(cs)), torch.stack(rows)


# %% right luong_step: einsum, double precision
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], -1), state)
    scores = torch.einsum("bh,hm,bsm->bs", h.double(), W_a.double(), memory.double())
    weights = s2s.masked_softmax(scores, mask)
    context = torch.einsum("bs,bsm->bm", weights, memory.double())
    joined = torch.cat([context, h.double()], -1)
    return torch.einsum("bi,ai->ba", joined, W_c.double()).tanh().float(), (h, c), weights


# %% wrong luong_step: the old state asks
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = ((state[0] @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = s2s.masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: the cell's c asks
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = ((c @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = s2s.masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: what was fed back goes first
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([fed, embedded], dim=1), state)
    scores = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = s2s.masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: nothing is fed back
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, torch.zeros_like(fed)], dim=1), state)
    scores = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = s2s.masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: no mask
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = scores.softmax(dim=1)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: the old c is returned
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, _ = cell(torch.cat([embedded, fed], dim=1), state)
    scores = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = s2s.masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, state[1]), weights


# %% wrong luong_step: h-tilde replaces h in the pair
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = s2s.masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    attentional = torch.tanh(torch.cat([context, h], dim=1) @ W_c.T)
    return attentional, (attentional, c), weights


# %% wrong luong_step: what was fed back is detached
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed.detach()], dim=1), state)
    scores = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = s2s.masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: softmax over the batch
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = scores.masked_fill(~mask, -1e30).softmax(dim=0) * mask
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% right window: loops
def window(centre, lengths, D, src_len):
    inside = torch.zeros(len(centre), src_len, dtype=torch.bool)
    for b in range(len(centre)):
        for j in range(int(lengths[b])):
            inside[b, j] = abs(j - centre[b].item()) <= D
    return inside


# %% right window: two comparisons
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len).unsqueeze(0)
    low, high = (centre - D).unsqueeze(1), (centre + D).unsqueeze(1)
    return torch.logical_and(torch.logical_and(j >= low, j <= high), j < lengths.unsqueeze(1))


# %% right window: slices from ceiling to floor, double precision
def window(centre, lengths, D, src_len):
    rows = []
    for p, n in zip(centre.double().tolist(), lengths.tolist()):
        row = [False] * src_len
        for j in range(max(0, math.ceil(p - D)), min(n, math.floor(p + D) + 1)):
            row[j] = True
        rows.append(row)
    return torch.tensor(rows)


# %% wrong window: the edges left out
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre[:, None]).abs() < D) & (j < lengths[:, None])


# %% wrong window: over padding
def window(centre, lengths, D, src_len):
    return (torch.arange(src_len)[None] - centre[:, None]).abs() <= D


# %% wrong window: counted from 1
def window(centre, lengths, D, src_len):
    j = torch.arange(1, src_len + 1)[None]
    return ((j - centre[:, None]).abs() <= D) & (j <= lengths[:, None])


# %% wrong window: the centre rounded
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre.round()[:, None]).abs() <= D) & (j < lengths[:, None])


# %% wrong window: one side only
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return (j <= centre[:, None]) & (j >= centre[:, None] - D) & (j < lengths[:, None])


# %% wrong window: as wide as D in all
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre[:, None]).abs() <= D / 2) & (j < lengths[:, None])


# %% wrong window: the centre pushed inside the sentence
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    centre = torch.minimum(centre, lengths - 1.0 - D)
    return ((j - centre[:, None]).abs() <= D) & (j < lengths[:, None])


# %% right predicted_centre: loops
def predicted_centre(state, lengths, W_p, v_p):
    rows = []
    for h, n in zip(state, lengths):
        rows.append(n * torch.sigmoid(v_p.dot(torch.tanh(W_p.mv(h)))))
    return torch.stack(rows)


# %% right predicted_centre: einsum, double precision
def predicted_centre(state, lengths, W_p, v_p):
    inside = torch.einsum("bh,ah->ba", state.double(), W_p.double()).tanh()
    return lengths.double() / (1 + torch.exp(-torch.einsum("ba,a->b", inside, v_p.double())))


# %% right predicted_centre: linear
def predicted_centre(state, lengths, W_p, v_p):
    hidden = torch.nn.functional.linear(state, W_p).tanh()
    return (hidden * v_p).sum(dim=1).sigmoid().mul(lengths.float())


# %% wrong predicted_centre: the longest sentence for all
def predicted_centre(state, lengths, W_p, v_p):
    return lengths.max() * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)


# %% wrong predicted_centre: no tanh
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.sigmoid((state @ W_p.T) @ v_p)


# %% wrong predicted_centre: no sigmoid
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * (torch.tanh(state @ W_p.T) @ v_p)


# %% wrong predicted_centre: the matrix not transposed
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.sigmoid(torch.tanh(state @ W_p) @ v_p)


# %% wrong predicted_centre: the last position instead of the length
def predicted_centre(state, lengths, W_p, v_p):
    return (lengths - 1) * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)


# %% wrong predicted_centre: rounded, without a gradient
def predicted_centre(state, lengths, W_p, v_p):
    return (lengths * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)).round()


# %% wrong predicted_centre: a share of the sentence
def predicted_centre(state, lengths, W_p, v_p):
    return torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)


# %% right local_weights: loops
def local_weights(scores, centre, lengths, D):
    rows = []
    for b in range(len(scores)):
        p, row = centre[b], [0.0 * scores[b, 0]] * scores.shape[1]
        inside = [j for j in range(int(lengths[b])) if abs(j - p.item()) <= D]
        share = torch.stack([scores[b, j] for j in inside]).softmax(0)
        for k, j in enumerate(inside):
            row[j] = share[k] * torch.exp(-((j - p) ** 2) / (2 * (D / 2) ** 2))
        rows.append(torch.stack(row))
    return torch.stack(rows)


# %% right local_weights: minus infinity outside
def local_weights(scores, centre, lengths, D):
    distance = torch.arange(scores.size(1)).unsqueeze(0) - centre.unsqueeze(1)
    outside = (distance.abs() > D) | (torch.arange(scores.size(1)) >= lengths.unsqueeze(1))
    weights = torch.softmax(scores.masked_fill(outside, -math.inf), dim=-1)
    sigma = D / 2
    return weights * torch.exp(-distance.pow(2) / (2 * sigma * sigma))


# %% right local_weights: exponents added before exp, double precision
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])[None].double()
    p = centre[:, None].double()
    inside = ((j - p).abs() <= D) & (j < lengths[:, None])
    e = scores.double().masked_fill(~inside, -math.inf)
    logs = e - e.logsumexp(dim=1, keepdim=True) - 2 * ((j - p) / D) ** 2
    return logs.exp().float()


# %% wrong local_weights: sigma is D
def local_weights(scores, centre, lengths, D):
    weights = s2s.masked_softmax(scores, window(centre, lengths, D, scores.shape[1]))
    distance = torch.arange(scores.shape[1])[None] - centre[:, None]
    return weights * torch.exp(-(distance**2) / (2 * D**2))


# %% wrong local_weights: the two in the Gaussian forgotten
def local_weights(scores, centre, lengths, D):
    weights = s2s.masked_softmax(scores, window(centre, lengths, D, scores.shape[1]))
    distance = torch.arange(scores.shape[1])[None] - centre[:, None]
    return weights * torch.exp(-(distance**2) / (D / 2) ** 2)


# %% wrong local_weights: no Gaussian
def local_weights(scores, centre, lengths, D):
    return s2s.masked_softmax(scores, window(centre, lengths, D, scores.shape[1]))


# %% wrong local_weights: normalised once more
def local_weights(scores, centre, lengths, D):
    weights = s2s.masked_softmax(scores, window(centre, lengths, D, scores.shape[1]))
    distance = torch.arange(scores.shape[1])[None] - centre[:, None]
    weights = weights * torch.exp(-(distance**2) / (2 * (D / 2) ** 2))
    return weights / weights.sum(dim=1, keepdim=True)


# %% wrong local_weights: softmax over the whole sentence, then the window
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])[None]
    weights = s2s.masked_softmax(scores, j < lengths[:, None])
    distance = j - centre[:, None]
    return weights * (distance.abs() <= D) * torch.exp(-(distance**2) / (2 * (D / 2) ** 2))


# %% wrong local_weights: no window, the Gaussian alone
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])[None]
    weights = s2s.masked_softmax(scores, j < lengths[:, None])
    return weights * torch.exp(-((j - centre[:, None]) ** 2) / (2 * (D / 2) ** 2))


# %% wrong local_weights: over padding
def local_weights(scores, centre, lengths, D):
    distance = torch.arange(scores.shape[1])[None] - centre[:, None]
    weights = s2s.masked_softmax(scores, distance.abs() <= D)
    return weights * torch.exp(-(distance**2) / (2 * (D / 2) ** 2))


# %% wrong local_weights: the centre rounded
def local_weights(scores, centre, lengths, D):
    centre = centre.round()
    weights = s2s.masked_softmax(scores, window(centre, lengths, D, scores.shape[1]))
    distance = torch.arange(scores.shape[1])[None] - centre[:, None]
    return weights * torch.exp(-(distance**2) / (2 * (D / 2) ** 2))


# %% wrong local_weights: the centre detached
def local_weights(scores, centre, lengths, D):
    centre = centre.detach()
    weights = s2s.masked_softmax(scores, window(centre, lengths, D, scores.shape[1]))
    distance = torch.arange(scores.shape[1])[None] - centre[:, None]
    return weights * torch.exp(-(distance**2) / (2 * (D / 2) ** 2))


# %% right difference: torch, double precision
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return (a.mean() - b.mean()).item(), t975(nu.item()) * (u + v).sqrt().item()


# %% right difference: statistics
def difference(a, b):
    from statistics import mean, variance

    u, v = variance(a) / len(a), variance(b) / len(b)
    bottom = u**2 / (len(a) - 1) + v**2 / (len(b) - 1)
    half = t975((u + v) ** 2 / bottom) * math.sqrt(u + v) if bottom else 0.0
    return mean(a) - mean(b), half


# %% right difference: SciPy's own
def difference(a, b):
    import numpy as np
    from scipy import stats

    gap = float(np.mean(a) - np.mean(b))
    if np.std(a) == 0 and np.std(b) == 0:
        return gap, 0.0
    low, high = stats.ttest_ind(a, b, equal_var=False).confidence_interval()
    return gap, float(high - low) / 2


# %% wrong difference: divided by n in the variance
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var(correction=0) / len(a), b.var(correction=0) / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    return (a.mean() - b.mean()).item(), t975(nu.item()) * (u + v).sqrt().item()


# %% wrong difference: 1.96 for every nu
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    return (a.mean() - b.mean()).item(), 1.96 * (u + v).sqrt().item()


# %% wrong difference: one variance for both, as Student
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var(), b.var()
    nu = torch.tensor(len(a) + len(b) - 2.0)
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    return (a.mean() - b.mean()).item(), t975(nu.item()) * (
        ((len(a) - 1) * u + (len(b) - 1) * v) / nu * (1 / len(a) + 1 / len(b))
    ).sqrt().item()


# %% wrong difference: Welch's interval with Student's degrees of freedom
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = torch.tensor(len(a) + len(b) - 2.0)
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    return (a.mean() - b.mean()).item(), t975(nu.item()) * (u + v).sqrt().item()


# %% wrong difference: the degrees of freedom of the smaller group
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = torch.tensor(min(len(a), len(b)) - 1.0)
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    return (a.mean() - b.mean()).item(), t975(nu.item()) * (u + v).sqrt().item()


# %% wrong difference: nu rounded to a whole number
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    return (a.mean() - b.mean()).item(), t975(round(nu.item())) * (u + v).sqrt().item()


# %% wrong difference: the variances are not divided by n in nu
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = (a.var() + b.var()) ** 2 / (a.var() ** 2 / (len(a) - 1) + b.var() ** 2 / (len(b) - 1))
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    return (a.mean() - b.mean()).item(), t975(nu.item()) * (u + v).sqrt().item()


# %% wrong difference: the sum of both half-widths
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    return (a.mean() - b.mean()).item(), t975(len(a) - 1) * u.sqrt().item() + t975(
        len(b) - 1
    ) * v.sqrt().item()


# %% wrong difference: b - a
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    if u + v == 0:
        return (b.mean() - a.mean()).item(), 0.0
    return (b.mean() - a.mean()).item(), t975(nu.item()) * (u + v).sqrt().item()


# %% wrong difference: without its sign
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    if u + v == 0:
        return (a.mean() - b.mean()).abs().item(), 0.0
    return (a.mean() - b.mean()).abs().item(), t975(nu.item()) * (u + v).sqrt().item()


# %% wrong difference: the whole width
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    if u + v == 0:
        return (a.mean() - b.mean()).item(), 0.0
    return (a.mean() - b.mean()).item(), 2 * t975(nu.item()) * (u + v).sqrt().item()


# %% wrong difference: by pairs of one seed
def difference(a, b):
    d = [x - y for x, y in zip(a, b)]
    mean = sum(d) / len(d)
    s = math.sqrt(sum((x - mean) ** 2 for x in d) / (len(d) - 1))
    return mean, t975(len(d) - 1) * s / math.sqrt(len(d))


# %% wrong difference: NaN where neither scatters
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return (a.mean() - b.mean()).item(), t975(nu.item()) * (u + v).sqrt().item()


# %% wrong difference: sorts what it is given
def difference(a, b):
    a.sort()
    b.sort()
    x, y = (torch.tensor(each, dtype=torch.float64) for each in (a, b))
    u, v = x.var() / len(x), y.var() / len(y)
    if u + v == 0:
        return (x.mean() - y.mean()).item(), 0.0
    nu = (u + v) ** 2 / (u**2 / (len(x) - 1) + v**2 / (len(y) - 1))
    return (x.mean() - y.mean()).item(), t975(nu.item()) * (u + v).sqrt().item()


# %% right minimal_pair: a search at random
def minimal_pair():
    def right(scores, mask):
        return torch.allclose(suspect(scores, mask), s2s.masked_softmax(scores, mask), atol=2e-2)

    generator = torch.Generator().manual_seed(2)
    for _ in range(4000):
        B, S = 2, 3
        x = torch.tensor([0.0, 2.0, -80.0, 80.0, 900.0])[
            torch.randint(5, (B, S), generator=generator)
        ]
        lengths = torch.randint(1, S + 1, (B,), generator=generator)
        mask = torch.arange(S) < lengths[:, None]
        y, other = x.clone(), mask.clone()
        k = int(torch.randint(B, (1,), generator=generator))
        if torch.rand(1, generator=generator) < 0.5:
            j = int(torch.randint(S, (1,), generator=generator))
            y[k, j] = (0.0, 3.0, -80.0, 900.0)[int(torch.randint(4, (1,), generator=generator))]
        else:
            j = int(lengths[k]) - 1
            other[k, j] = False
            if j == 0:
                continue
        if mask.all() or other.all() or x.equal(y) and mask.equal(other):
            continue
        if right(x, mask) and right(y, other) is False:
            return (x, mask), (y, other)
        if right(y, other) and right(x, mask) is False:
            return (y, other), (x, mask)


# %% right minimal_pair: a search through a grid
def minimal_pair():
    def right(scores, mask):
        return torch.allclose(suspect(scores, mask), s2s.masked_softmax(scores, mask), atol=2e-2)

    from itertools import product

    values = [0.0, 1.0, -90.0, 900.0]
    masks = [[True, False, False], [True, True, False], [True, True, True]]
    for rows in (1, 2):
        for chosen in product(masks, repeat=rows):
            mask = torch.tensor(chosen)
            if mask.all():
                continue
            for numbers in product(values, repeat=3 * rows):
                x = torch.tensor(numbers).view(rows, 3)
                if not right(x, mask):
                    continue
                for k, j in product(range(rows), range(3)):
                    for value in values:
                        y = x.clone()
                        y[k, j] = value
                        if right(y, mask) is False:
                            return (x, mask), (y, mask)
                    other = mask.clone()
                    other[k, j] = ~other[k, j]
                    ends = (other[:, :-1] >= other[:, 1:]).all() and other[:, 0].all()
                    if ends and not other.all() and right(x, other) is False:
                        return (x, mask), (x, other)


# %% right minimal_pair: doubles
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    return (x.double(), mask), (y.double(), other)


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

    (x, mask), (y, other) = pair()
    return (x, mask), (y + 1, other)


# %% wrong minimal_pair: no padding
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    real = torch.ones_like(mask)
    y = x.clone()
    y[0, -1] += 1
    return (x, real), (y, real)


# %% wrong minimal_pair: wrong at both
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    (x, mask), (y, other) = pair()
    z = y.clone()
    z[0, 0] += 0.5
    return (y, other), (z, other)


# %% wrong minimal_pair: the first twice
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [pair()[0]] * 2
