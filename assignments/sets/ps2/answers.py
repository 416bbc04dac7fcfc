# ruff: noqa
# Right solutions written differently, and wrong ones that students write. The tests grade them all.
# %% right masked_softmax: loops
def masked_softmax(scores, mask, temperature=1.0):
    rows = scores[:, None] if scores.dim() == 2 else scores
    batch = []
    for b in range(rows.shape[0]):
        real = mask[b].nonzero().flatten()
        out = []
        for row in rows[b]:
            spread = torch.zeros(len(row))
            if len(real):
                e = row[real] / temperature
                e = (e - e.max()).exp()
                spread = spread.index_put((real,), e / e.sum())
            out.append(spread)
        batch.append(torch.stack(out))
    weights = torch.stack(batch)
    return weights[:, 0] if scores.dim() == 2 else weights


# %% right masked_softmax: double precision, exponentials by hand
def masked_softmax(scores, mask, temperature=1.0):
    m = mask.double()
    if scores.ndim == 3:
        m = m.unsqueeze(1)
    e = scores.double() / temperature
    e = torch.where(m > 0, e, torch.full_like(e, -math.inf))
    top = e.max(dim=-1, keepdim=True).values.detach()
    top = torch.where(torch.isinf(top), torch.zeros_like(top), top)
    x = torch.exp(e - top)
    total = x.sum(-1, keepdim=True)
    return x / torch.where(total > 0, total, torch.ones_like(total))


# %% right masked_softmax: in place on a copy, row by row of the mask
def masked_softmax(scores, mask, temperature=1.0):
    work = scores.clone().div_(temperature)
    alone = work.dim() == 2
    if alone:
        work = work.unsqueeze(1)
    result = []
    for b in range(work.size(0)):
        keep = mask[b]
        if not keep.any():
            result.append(torch.zeros_like(work[b]) * work[b].detach().clamp(0, 0))
            continue
        some = torch.softmax(work[b][:, keep], dim=1)
        full = torch.zeros(work.size(1), work.size(2), dtype=some.dtype)
        full[:, keep] = some
        result.append(full)
    result = torch.stack(result)
    return result.squeeze(1) if alone else result


# %% wrong masked_softmax: over the wrong axis
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    return (scores / temperature).masked_fill(~real, -1e30).softmax(dim=0)


# %% wrong masked_softmax: over the target axis in three dimensions
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    return (scores / temperature).masked_fill(~real, -1e30).softmax(dim=1) * real


# %% wrong masked_softmax: mask forgotten
def masked_softmax(scores, mask, temperature=1.0):
    return (scores / temperature).softmax(dim=-1)


# %% wrong masked_softmax: mask inverted
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    return (scores / temperature).masked_fill(real, -1e30).softmax(dim=-1)


# %% wrong masked_softmax: mask after the softmax, not normalised again
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    return (scores / temperature).softmax(dim=-1) * real


# %% wrong masked_softmax: padding gets score 0
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    return (scores * real / temperature).softmax(dim=-1)


# %% wrong masked_softmax: minus infinity, and NaN for a row of padding
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    return (scores / temperature).masked_fill(~real, -torch.inf).softmax(dim=-1)


# %% right masked_softmax: NaN replaced after the fact (masked_fill stops it in the gradient)
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    weights = (scores / temperature).masked_fill(~real, -torch.inf).softmax(dim=-1)
    return torch.nan_to_num(weights)


# %% wrong masked_softmax: minus infinity added, and NaN in the gradient
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    weights = (scores / temperature + real.log()).softmax(dim=-1)
    return torch.nan_to_num(weights)


# %% wrong masked_softmax: -1e9 for padding, which some scores are below
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    weights = (scores / temperature).masked_fill(~real, -1e9).softmax(dim=-1)
    return weights * real.any(dim=-1, keepdim=True)


# %% wrong masked_softmax: exponentials overflow
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    e = (scores / temperature).exp() * real
    return e / e.sum(dim=-1, keepdim=True).clamp(min=1e-30)


# %% wrong masked_softmax: times the temperature
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(-1, keepdim=True)
    lifted = (scores * temperature).masked_fill(~real, -torch.inf)
    return lifted.masked_fill(empty, 0.0).softmax(-1).masked_fill(empty, 0.0)


# %% wrong masked_softmax: temperature forgotten
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(-1, keepdim=True)
    lifted = scores.masked_fill(~real, -torch.inf)
    return lifted.masked_fill(empty, 0.0).softmax(-1).masked_fill(empty, 0.0)


# %% wrong masked_softmax: fills the caller's scores
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(-1, keepdim=True)
    scores.data.masked_fill_(~real, -torch.inf)
    lifted = (scores / temperature).masked_fill(empty, 0.0)
    return lifted.softmax(-1).masked_fill(empty, 0.0)


# %% wrong masked_softmax: detached
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(-1, keepdim=True)
    lifted = (scores.detach() / temperature).masked_fill(~real, -torch.inf)
    return lifted.masked_fill(empty, 0.0).softmax(-1).masked_fill(empty, 0.0)


# %% wrong masked_softmax: the package's own
def masked_softmax(scores, mask, temperature=1.0):
    return s2s.masked_softmax(scores / temperature, mask)


# %% right additive_scores: loops
def additive_scores(query, memory, W_q, W_k, v):
    batch = []
    for b in range(query.shape[0]):
        rows = []
        for q in query[b]:
            rows.append(torch.stack([v @ torch.tanh(W_q @ q + W_k @ h) for h in memory[b]]))
        batch.append(torch.stack(rows))
    return torch.stack(batch)


# %% right additive_scores: einsum
def additive_scores(query, memory, W_q, W_k, v):
    q = torch.einsum("btq,aq->bta", query, W_q)
    k = torch.einsum("bsm,am->bsa", memory, W_k)
    return torch.einsum("btsa,a->bts", (q.unsqueeze(2) + k.unsqueeze(1)).tanh(), v)


# %% right additive_scores: joined to [q; h], double precision
def additive_scores(query, memory, W_q, W_k, v):
    T, S = query.shape[1], memory.shape[1]
    q = query.unsqueeze(2).expand(-1, -1, S, -1).double()
    h = memory.unsqueeze(1).expand(-1, T, -1, -1).double()
    W = torch.cat([W_q, W_k], dim=1).double()
    return torch.nn.functional.linear(torch.cat([q, h], -1), W).tanh().matmul(v.double())


# %% right additive_scores: in place, one query at a time
def additive_scores(query, memory, W_q, W_k, v):
    keys = memory @ W_k.t()
    rows = []
    for i in range(query.shape[1]):
        inside = keys.clone()
        inside += (query[:, i] @ W_q.t())[:, None]
        rows.append(inside.tanh_() @ v)
    return torch.stack(rows, dim=1)


# %% wrong additive_scores: no tanh
def additive_scores(query, memory, W_q, W_k, v):
    return ((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v


# %% wrong additive_scores: tanh of each part
def additive_scores(query, memory, W_q, W_k, v):
    return (torch.tanh(query @ W_q.T)[:, :, None] + torch.tanh(memory @ W_k.T)[:, None]) @ v


# %% wrong additive_scores: source and target axis exchanged
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh((query @ W_q.T)[:, None] + (memory @ W_k.T)[:, :, None]) @ v


# %% wrong additive_scores: matrices not transposed
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh((query @ W_q)[:, :, None] + (memory @ W_k)[:, None]) @ v


# %% wrong additive_scores: matrices exchanged
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh((query @ W_k.T)[:, :, None] + (memory @ W_q.T)[:, None]) @ v


# %% wrong additive_scores: the first query for all
def additive_scores(query, memory, W_q, W_k, v):
    rows = torch.tanh((query[:, :1] @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v
    return rows.expand(-1, query.shape[1], -1)


# %% wrong additive_scores: a product where a sum belongs
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh((query @ W_q.T)[:, :, None] * (memory @ W_k.T)[:, None]) @ v


# %% wrong additive_scores: a softmax already
def additive_scores(query, memory, W_q, W_k, v):
    return (torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v).softmax(-1)


# %% wrong additive_scores: the memory detached
def additive_scores(query, memory, W_q, W_k, v):
    keys = memory.detach() @ W_k.T
    return torch.tanh((query @ W_q.T)[:, :, None] + keys[:, None]) @ v


# %% wrong additive_scores: the package's own
def additive_scores(query, memory, W_q, W_k, v):
    attention = s2s.AdditiveAttention(query.shape[2], memory.shape[2], len(v))
    attention.W_q.data, attention.W_k.data, attention.v.data = W_q, W_k, v
    return attention.score(query, attention.project_keys(memory))


# %% right initial_state: loops
def initial_state(memory, W_s):
    n = len(W_s)
    rows = []
    for sentence in memory:
        rows.append(torch.tanh(W_s @ sentence[0][n:]))
    return torch.stack(rows)


# %% right initial_state: chunk and einsum
def initial_state(memory, W_s):
    _, backward = memory.chunk(2, dim=2)
    return torch.einsum("ij,bj->bi", W_s, backward[:, 0]).tanh()


# %% right initial_state: linear, counted from the end, double precision
def initial_state(memory, W_s):
    backward = memory[:, 0, -W_s.size(1) :].double()
    return torch.nn.functional.linear(backward, W_s.double()).tanh().float()


# %% wrong initial_state: the forward half
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, : len(W_s)] @ W_s.T)


# %% wrong initial_state: the last position
def initial_state(memory, W_s):
    return torch.tanh(memory[:, -1, len(W_s) :] @ W_s.T)


# %% wrong initial_state: the forward half at the last position
def initial_state(memory, W_s):
    return torch.tanh(memory[:, -1, : len(W_s)] @ W_s.T)


# %% wrong initial_state: no tanh
def initial_state(memory, W_s):
    return memory[:, 0, len(W_s) :] @ W_s.T


# %% wrong initial_state: the matrix not transposed
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, len(W_s) :] @ W_s)


# %% wrong initial_state: the mean of the memory
def initial_state(memory, W_s):
    return torch.tanh(memory[:, :, len(W_s) :].mean(dim=1) @ W_s.T)


# %% wrong initial_state: every second number
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, 1::2] @ W_s.T)


# %% wrong initial_state: detached
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, len(W_s) :].detach() @ W_s.T)


# %% right bahdanau_step: bmm and linear
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    query = torch.nn.functional.linear(state, W_q).unsqueeze(1)
    scores = (query + keys).tanh().matmul(v)
    weights = s2s.masked_softmax(scores, mask)
    context = torch.bmm(weights.unsqueeze(1), memory).squeeze(1)
    return cell(torch.cat((embedded, context), -1), state), context, weights


# %% right bahdanau_step: einsum, softmax of its own
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    inside = torch.einsum("ah,bh->ba", W_q, state)[:, None, :] + keys
    scores = torch.einsum("bsa,a->bs", torch.tanh(inside), v)
    weights = scores.masked_fill(~mask, -math.inf).softmax(dim=1)
    context = torch.einsum("bs,bsm->bm", weights, memory)
    return cell(torch.hstack([embedded, context]), state), context, weights


# %% right bahdanau_step: one sentence after the other
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    states, contexts, all_weights = [], [], []
    for b in range(len(state)):
        n = int(mask[b].sum())
        scores = torch.stack([v.dot(torch.tanh(W_q.mv(state[b]) + keys[b, j])) for j in range(n)])
        alpha = torch.softmax(scores, 0)
        context = alpha @ memory[b, :n]
        states.append(cell(torch.cat([embedded[b], context])[None], state[b][None])[0])
        contexts.append(context)
        all_weights.append(torch.cat([alpha, torch.zeros(keys.shape[1] - n)]))
    return torch.stack(states), torch.stack(contexts), torch.stack(all_weights)


# %% right bahdanau_step: double precision inside, the cell's own matrices
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state.double() @ W_q.double().T)[:, None] + keys.double()) @ v.double()
    weights = (scores.masked_fill(~mask, -1e300)).softmax(-1)
    context = (weights[:, None] @ memory.double()).squeeze(1).float()
    x = torch.cat([embedded, context], 1) @ cell.weight_ih.T + cell.bias_ih
    y = state @ cell.weight_hh.T + cell.bias_hh
    (xr, xz, xn), (yr, yz, yn) = x.chunk(3, 1), y.chunk(3, 1)
    z = torch.sigmoid(xz + yz)
    new = (1 - z) * torch.tanh(xn + torch.sigmoid(xr + yr) * yn) + z * state
    return new, context, weights.float()


# %% wrong bahdanau_step: the new state asks
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    blank = torch.zeros(len(state), memory.shape[2])
    new_state = cell(torch.cat([embedded, blank], dim=1), state)
    scores = torch.tanh((new_state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: the keys are averaged
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores, mask)
    context = (weights[:, None] @ keys)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: the memory is scored
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + memory) @ v
    weights = masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: the context before the embedding
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([context, embedded], dim=1), state), context, weights


# %% wrong bahdanau_step: no mask
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = scores.softmax(dim=-1)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: softmax over the batch
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = scores.masked_fill(~mask, -1e30).softmax(dim=0) * mask
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: weights detached
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores, mask).detach()
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: the state thrown away
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1)), context, weights


# %% wrong bahdanau_step: only the best word, not the mean
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores, mask)
    context = memory[torch.arange(len(memory)), weights.argmax(dim=1)]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: no tanh
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = ((state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: divided by the length once more
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores, mask)
    context = (weights[:, :, None] * memory).mean(dim=1)
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% right attention_entropy: loops
def attention_entropy(weights, tgt_mask):
    total, rows = 0.0, 0
    for b in range(weights.shape[0]):
        for i in range(weights.shape[1]):
            if tgt_mask[b][i]:
                rows += 1
                for p in weights[b][i].tolist():
                    if p > 0:
                        total -= p * math.log2(p)
    return total / rows


# %% right attention_entropy: einsum and a clamp
def attention_entropy(weights, tgt_mask):
    real = tgt_mask.to(weights.dtype)
    logs = weights.clamp(min=1e-30).log2()
    return -torch.einsum("bts,bts,bt->", weights, logs, real) / real.sum()


# %% right attention_entropy: double precision, xlogy
def attention_entropy(weights, tgt_mask):
    w = weights.double()
    bits = -torch.xlogy(w, w).sum(dim=2).div_(math.log(2))
    return bits[tgt_mask].mean()


# %% right attention_entropy: where
def attention_entropy(weights, tgt_mask):
    safe = torch.where(weights > 0, weights, torch.ones_like(weights))
    bits = -(weights * torch.log2(safe)).sum(-1)
    return (bits * tgt_mask).sum() / tgt_mask.sum()


# %% wrong attention_entropy: nats
def attention_entropy(weights, tgt_mask):
    return torch.special.entr(weights[tgt_mask]).sum(-1).mean()


# %% wrong attention_entropy: the mean over padding too
def attention_entropy(weights, tgt_mask):
    return torch.special.entr(weights).sum(-1).mean() / math.log(2)


# %% wrong attention_entropy: padding left out of the sum, not of the count
def attention_entropy(weights, tgt_mask):
    bits = torch.special.entr(weights).sum(-1) / math.log(2)
    return (bits * tgt_mask).mean()


# %% wrong attention_entropy: the mean of the sentences' means
def attention_entropy(weights, tgt_mask):
    bits = torch.special.entr(weights).sum(-1) / math.log(2)
    return ((bits * tgt_mask).sum(1) / tgt_mask.sum(1)).mean()


# %% wrong attention_entropy: 0 log 0 is NaN
def attention_entropy(weights, tgt_mask):
    rows = weights[tgt_mask]
    return -(rows * rows.log2()).sum(-1).mean()


# %% wrong attention_entropy: the sum
def attention_entropy(weights, tgt_mask):
    return torch.special.entr(weights[tgt_mask]).sum() / math.log(2)


# %% wrong attention_entropy: the mean over the words as well
def attention_entropy(weights, tgt_mask):
    return torch.special.entr(weights[tgt_mask]).mean() / math.log(2)


# %% wrong attention_entropy: the sign
def attention_entropy(weights, tgt_mask):
    rows = weights[tgt_mask]
    return torch.xlogy(rows, rows).sum(-1).mean() / math.log(2)


# %% wrong attention_entropy: as a share of the largest possible
def attention_entropy(weights, tgt_mask):
    rows = torch.special.entr(weights[tgt_mask]).sum(-1)
    return rows.mean() / math.log(weights.shape[-1])


# %% right shifted: gather
def shifted(weights, src_mask):
    n = src_mask.sum(dim=1, keepdim=True)
    j = torch.arange(weights.shape[-1])[None]
    source = torch.where(j < n, (j - 1) % n, j)
    return weights.gather(2, source[:, None].expand_as(weights))


# %% right shifted: loops over every number
def shifted(weights, src_mask):
    moved = [[[0.0] * weights.shape[2] for _ in range(weights.shape[1])] for _ in weights]
    for b, row in enumerate(weights.tolist()):
        n = int(src_mask[b].sum())
        for i, numbers in enumerate(row):
            for j in range(n):
                moved[b][i][(j + 1) % n] = numbers[j]
    return torch.tensor(moved, dtype=torch.float64)


# %% right shifted: a permutation matrix and einsum
def shifted(weights, src_mask):
    size = weights.shape[-1]
    result = []
    for row, n in zip(weights, src_mask.sum(1).tolist()):
        move = torch.zeros(size, size)
        for j in range(n):
            move[j, (j + 1) % n] = 1.0
        result.append(torch.einsum("ts,su->tu", row, move))
    return torch.stack(result)


# %% right shifted: cat, in place on a copy
def shifted(weights, src_mask):
    moved = weights.clone()
    for b in range(len(moved)):
        n = src_mask[b].long().sum().item()
        moved[b, :, :n] = torch.cat([weights[b, :, n - 1 : n], weights[b, :, : n - 1]], dim=1)
    return moved


# %% wrong shifted: over padding too
def shifted(weights, src_mask):
    return weights.roll(1, dims=2)


# %% wrong shifted: to the left
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    for b, n in enumerate(src_mask.sum(dim=1).tolist()):
        moved[b, :, :n] = weights[b, :, :n].roll(-1, dims=-1)
    return moved


# %% wrong shifted: over the target words
def shifted(weights, src_mask):
    return weights.roll(1, dims=1)


# %% wrong shifted: what falls off the end is lost
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    moved[:, :, 1:] = weights[:, :, :-1]
    return moved * src_mask[:, None]


# %% wrong shifted: rolled with padding, then masked
def shifted(weights, src_mask):
    return weights.roll(1, dims=2) * src_mask[:, None]


# %% wrong shifted: the length of the first sentence for all
def shifted(weights, src_mask):
    n = int(src_mask[0].sum())
    moved = weights.clone()
    moved[:, :, :n] = weights[:, :, :n].roll(1, dims=-1)
    return moved


# %% wrong shifted: in place
def shifted(weights, src_mask):
    for b, n in enumerate(src_mask.sum(dim=1).tolist()):
        weights[b, :, :n] = weights[b, :, :n].roll(1, dims=-1)
    return weights


# %% wrong shifted: reversed
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    for b, n in enumerate(src_mask.sum(dim=1).tolist()):
        moved[b, :, :n] = weights[b, :, :n].flip(-1)
    return moved


# %% right loss_by_word: loops and a counter
def loss_by_word(losses, tgt_out, tgt_mask):
    total, times = {}, {}
    for b in range(tgt_out.shape[0]):
        for i in range(tgt_out.shape[1]):
            if tgt_mask[b, i]:
                word = tgt_out[b, i].item()
                total[word] = total.get(word, 0.0) + losses[b, i].item()
                times[word] = times.get(word, 0) + 1
    return {word: total[word] / times[word] for word in total}


# %% right loss_by_word: bincount
def loss_by_word(losses, tgt_out, tgt_mask):
    words, values = tgt_out[tgt_mask], losses[tgt_mask].double()
    times = torch.bincount(words)
    total = torch.bincount(words, weights=values)
    return {w: (total[w] / times[w]).item() for w in times.nonzero().flatten().tolist()}


# %% right loss_by_word: unique and a mask for each word
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for word in tgt_out[tgt_mask].unique():
        here = (tgt_out == word) & tgt_mask
        found[int(word)] = losses[here].mean().item()
    return found


# %% right loss_by_word: index_add in place
def loss_by_word(losses, tgt_out, tgt_mask):
    size = int(tgt_out.max()) + 1
    total, times = torch.zeros(size), torch.zeros(size)
    words = tgt_out[tgt_mask]
    total.index_add_(0, words, losses[tgt_mask])
    times.index_add_(0, words, torch.ones(len(words)))
    return {w: float(total[w] / times[w]) for w in range(size) if times[w] > 0}


# %% wrong loss_by_word: padding is a word
def loss_by_word(losses, tgt_out, tgt_mask):
    words = tgt_out.flatten()
    return {w: losses.flatten()[words == w].mean().item() for w in words.unique().tolist()}


# %% wrong loss_by_word: the id says what is padding
def loss_by_word(losses, tgt_out, tgt_mask):
    words = tgt_out[tgt_out != 0].unique().tolist()
    return {w: losses[tgt_out == w].mean().item() for w in words}


# %% wrong loss_by_word: sums
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for w, x in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        found[w] = found.get(w, 0.0) + x
    return found


# %% wrong loss_by_word: without <eos>
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for w, x in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        if w != s2s.EOS_ID:
            found.setdefault(w, []).append(x)
    return {w: sum(row) / len(row) for w, row in found.items()}


# %% wrong loss_by_word: the last occurrence
def loss_by_word(losses, tgt_out, tgt_mask):
    return dict(zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()))


# %% wrong loss_by_word: the mean of the sentences' means
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for row, words, real in zip(losses, tgt_out, tgt_mask):
        for w in words[real].unique().tolist():
            found.setdefault(w, []).append(row[(words == w) & real].mean().item())
    return {w: sum(row) / len(row) for w, row in found.items()}


# %% wrong loss_by_word: divided by the number of sentences
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for w, x in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        found[w] = found.get(w, 0.0) + x / len(losses)
    return found


# %% wrong loss_by_word: one position off
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    words, values = tgt_out[:, 1:][tgt_mask[:, 1:]], losses[:, :-1][tgt_mask[:, 1:]]
    for w, x in zip(words.tolist(), values.tolist()):
        found.setdefault(w, []).append(x)
    return {w: sum(row) / len(row) for w, row in found.items()}


# %% wrong masked_softmax: one maximum for the whole tensor
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask[:, None] if scores.dim() == 3 else mask).expand_as(scores)
    lifted = scores / temperature
    top = lifted[real].max() if real.any() else 0.0
    e = torch.exp((lifted - top).masked_fill(~real, -torch.inf))
    return e / e.sum(dim=-1, keepdim=True).clamp(min=1e-38)


# %% wrong masked_softmax: one maximum for each sentence, not for each row
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask[:, None] if scores.dim() == 3 else mask).expand_as(scores)
    lifted = (scores / temperature).masked_fill(~real, -torch.inf)
    top = lifted.flatten(1).max(dim=1).values.clamp(min=-1e38)
    e = torch.exp(lifted - top.view(-1, *[1] * (scores.dim() - 1)))
    return e / e.sum(dim=-1, keepdim=True).clamp(min=1e-38)


# %% wrong masked_softmax: clamped to -50 and 50
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    e = (scores / temperature).clamp(-50, 50).exp() * real
    return e / e.sum(dim=-1, keepdim=True).clamp(min=1e-38)


# %% wrong masked_softmax: the mask is filled
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(dim=-1, keepdim=True)
    weights = (scores / temperature).masked_fill(~real & ~empty, -torch.inf).softmax(dim=-1)
    weights = weights.masked_fill(empty, 0.0)
    mask.fill_(True)
    return weights


# %% wrong attention_entropy: zeros of the given weights are made ones
def attention_entropy(weights, tgt_mask):
    weights[weights == 0] = 1
    rows = weights[tgt_mask]
    return -(rows * rows.log2()).sum() / len(rows)


# %% wrong shifted: the mask ignored, a weight of zero taken for padding
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    for b in range(len(weights)):
        n = int((weights[b] > 0).any(0).nonzero().max()) + 1
        moved[b, :, :n] = weights[b, :, :n].roll(1, dims=-1)
    return moved


# %% wrong loss_by_word: tensors for floats
def loss_by_word(losses, tgt_out, tgt_mask):
    real, ids = losses[tgt_mask], tgt_out[tgt_mask]
    return {int(k): real[ids == k].mean() for k in ids.unique()}


# %% wrong loss_by_word: tensors for ids
def loss_by_word(losses, tgt_out, tgt_mask):
    real, ids = losses[tgt_mask], tgt_out[tgt_mask]
    return {k: real[ids == k].mean().item() for k in ids.unique()}


# %% wrong loss_by_word: padding is set to zero in the losses
def loss_by_word(losses, tgt_out, tgt_mask):
    losses[~tgt_mask] = 0.0
    found = {}
    for token, loss in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        found.setdefault(token, []).append(loss)
    return {token: sum(values) / len(values) for token, values in found.items()}


# %% right minimal_pair: a search at random
def minimal_pair():
    def alone(embedded, mask):
        memory, finals = torch.zeros(*mask.shape, 1), []
        for k, n in enumerate(mask.sum(1).tolist()):
            h = 0.0
            for j in range(n):
                h = math.tanh(float(embedded[k, j, 0]) + h + 0.5)
                memory[k, j, 0] = h
            finals.append([h])
        return memory, torch.tensor(finals)

    def right(embedded, mask):
        pairs = zip(suspect(embedded, mask, *LAYER), alone(embedded, mask))
        return all(torch.allclose(one, other, atol=2e-2) for one, other in pairs)

    generator = torch.Generator().manual_seed(2)
    for _ in range(4000):
        B, S = 2, 3
        x = torch.randint(-1, 2, (B, S, 1), generator=generator).float()
        lengths = torch.randint(1, S + 1, (B,), generator=generator)
        mask = torch.arange(S) < lengths[:, None]
        y, other = x.clone(), mask.clone()
        k = int(torch.randint(B, (1,), generator=generator))
        if torch.rand(1, generator=generator) < 0.5:
            j = int(torch.randint(S, (1,), generator=generator))
            y[k, j] = torch.randint(-1, 2, (1,), generator=generator).float()
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
    def alone(embedded, mask):
        memory, finals = torch.zeros(*mask.shape, 1), []
        for k, n in enumerate(mask.sum(1).tolist()):
            h = 0.0
            for j in range(n):
                h = math.tanh(float(embedded[k, j, 0]) + h + 0.5)
                memory[k, j, 0] = h
            finals.append([h])
        return memory, torch.tensor(finals)

    def right(embedded, mask):
        pairs = zip(suspect(embedded, mask, *LAYER), alone(embedded, mask))
        return all(torch.allclose(one, other, atol=2e-2) for one, other in pairs)

    from itertools import product

    values = [0.0, 1.0]
    masks = [[True, False, False], [True, True, False], [True, True, True]]
    for rows in (2, 1):
        for chosen in product(masks, repeat=rows):
            mask = torch.tensor(chosen)
            if mask.all():
                continue
            for numbers in product(values, repeat=3 * rows):
                x = torch.tensor(numbers).view(rows, 3, 1)
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
