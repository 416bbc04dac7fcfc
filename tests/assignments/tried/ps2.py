# ruff: noqa
# More solutions of problem set 2, written to get past its tests, or to trip over them; test_tried.py grades them all.
# %% right masked_softmax: minus the row's maximum by hand
def masked_softmax(scores, mask, temperature=1.0):
    m = (mask if scores.ndim == 2 else mask.unsqueeze(1)).expand_as(scores)
    z = scores.masked_fill(~m, -torch.inf) / temperature
    top = z.amax(-1, keepdim=True)
    top = torch.where(torch.isinf(top), torch.zeros_like(top), top).detach()
    e = torch.where(
        m, (torch.where(m, scores / temperature, top) - top).exp(), torch.zeros_like(scores)
    )
    return e / e.sum(-1, keepdim=True).clamp(min=1e-30)


# %% right masked_softmax: logsumexp, double precision
def masked_softmax(scores, mask, temperature=1.0):
    m = mask.view(mask.shape[0], *[1] * (scores.dim() - 2), mask.shape[1]).expand_as(scores)
    z = scores.double() / temperature
    total = z.masked_fill(~m, -1e300).logsumexp(-1, keepdim=True)
    return torch.where(m, (torch.where(m, z, total) - total).exp(), 0.0)


# %% right masked_softmax: the smallest float for padding, times the mask
def masked_softmax(scores, mask, temperature=1.0):
    m = mask[:, None, :] if scores.dim() == 3 else mask
    z = (scores / temperature).masked_fill(~m, torch.finfo(scores.dtype).min)
    return torch.softmax(z, dim=-1) * m


# %% right masked_softmax: row by row
def masked_softmax(scores, mask, temperature=1.0):
    def row(e, m):
        out = torch.zeros_like(e)
        return (
            out.masked_scatter(m, (e[m] / temperature).softmax(0))
            if m.any()
            else out * e.nan_to_num(0)
        )

    if scores.dim() == 3:
        return torch.stack(
            [torch.stack([row(e, m) for e in rows]) for rows, m in zip(scores, mask)]
        )
    return torch.stack([row(e, m) for e, m in zip(scores, mask)])


# %% right masked_softmax: recursion from three dimensions to two
def masked_softmax(scores, mask, temperature=1.0):
    if scores.dim() == 3:
        return torch.stack(
            [masked_softmax_2(scores[:, i], mask, temperature) for i in range(scores.shape[1])], 1
        )
    return masked_softmax_2(scores, mask, temperature)


def masked_softmax_2(scores, mask, temperature):
    kept = mask | ~mask.any(1, keepdim=True)
    return (scores / temperature).where(kept, torch.tensor(-torch.inf)).softmax(1) * mask


# %% right masked_softmax: a softmax of the log of the mask and one place more
def masked_softmax(scores, mask, temperature=1.0):
    m = (mask if scores.dim() == 2 else mask[:, None]).expand(scores.shape)
    z = (scores / temperature).masked_fill(~m, -torch.inf)
    spare = torch.where(m.any(-1, keepdim=True), -torch.inf, 0.0)
    return torch.cat([z, spare], -1).softmax(-1)[..., :-1]


# %% wrong masked_softmax: an empty row in three dimensions is NaN
def masked_softmax(scores, mask, temperature=1.0):
    if scores.dim() == 2:
        empty = ~mask.any(1, keepdim=True)
        return (scores / temperature).masked_fill(~mask & ~empty, -torch.inf).softmax(1) * mask
    return (scores / temperature).masked_fill(~mask[:, None], -torch.inf).softmax(2)


# %% wrong masked_softmax: an empty row in three dimensions is uniform
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(-1, keepdim=True)
    weights = (scores / temperature).masked_fill(~real & ~empty, -torch.inf).softmax(-1)
    return weights * mask if scores.dim() == 2 else weights


# %% wrong masked_softmax: the temperature only in two dimensions
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(-1, keepdim=True)
    lifted = scores / temperature if scores.dim() == 2 else scores
    return lifted.masked_fill(~real & ~empty, -torch.inf).softmax(-1) * real


# %% wrong masked_softmax: a power of the weights, not normalised again
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(-1, keepdim=True)
    weights = scores.masked_fill(~real & ~empty, -torch.inf).softmax(-1) * real
    return weights ** (1 / temperature)


# %% wrong masked_softmax: the mask of the first sentence
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:1].expand_as(mask)
    real = real[:, None] if scores.dim() == 3 else real
    return (scores / temperature).masked_fill(~real, -torch.inf).softmax(-1)


# %% wrong masked_softmax: -65504 for padding
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    return (scores / temperature).masked_fill(~real, -65504.0).softmax(-1) * real


# %% wrong masked_softmax: NaN turned into zeros at the end
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    e = (scores / temperature).exp() * real
    return (e / e.sum(-1, keepdim=True)).nan_to_num(0.0)


# %% wrong masked_softmax: the hardest of all, one word gets everything
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask[:, None] if scores.dim() == 3 else mask).expand_as(scores)
    best = scores.masked_fill(~real, -torch.inf).argmax(-1)
    return torch.nn.functional.one_hot(best, scores.shape[-1]).float() * real


# %% wrong masked_softmax: lengths in place of the mask, holes ignored
def masked_softmax(scores, mask, temperature=1.0):
    mask = torch.arange(mask.shape[1]) < mask.sum(1, keepdim=True)
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(-1, keepdim=True)
    return (scores / temperature).masked_fill(~real & ~empty, -torch.inf).softmax(-1) * real


# %% wrong masked_softmax: the scores are divided in place
def masked_softmax(scores, mask, temperature=1.0):
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(-1, keepdim=True)
    with torch.no_grad():
        scores /= temperature
    return scores.masked_fill(~real & ~empty, -torch.inf).softmax(-1) * real


# %% wrong masked_softmax: the scaled dot product of the package
def masked_softmax(scores, mask, temperature=1.0):
    square = scores if scores.dim() == 3 else scores[:, None]
    eye = torch.eye(scores.shape[-1]).expand(len(scores), -1, -1)
    factor = scores.shape[-1] ** 0.5 / temperature
    found = s2s.scaled_dot_product_attention(square * factor, eye, eye, mask[:, None])[1]
    return found if scores.dim() == 3 else found[:, 0]


# %% right additive_scores: flattened to rows
def additive_scores(query, memory, W_q, W_k, v):
    B, T, _ = query.shape
    S = memory.shape[1]
    q = (query.reshape(B * T, -1) @ W_q.T).view(B, T, 1, -1).expand(B, T, S, -1)
    k = (memory.reshape(B * S, -1) @ W_k.T).view(B, 1, S, -1).expand(B, T, S, -1)
    return (q + k).reshape(B * T * S, -1).tanh().mv(v).view(B, T, S)


# %% right additive_scores: one unit of attention after the other
def additive_scores(query, memory, W_q, W_k, v):
    total = 0
    for a in range(len(v)):
        total = total + v[a] * torch.tanh(
            (query @ W_q[a])[:, :, None] + (memory @ W_k[a])[:, None, :]
        )
    return total


# %% right additive_scores: functional.linear and tensordot
def additive_scores(query, memory, W_q, W_k, v):
    q, k = torch.nn.functional.linear(query, W_q), torch.nn.functional.linear(memory, W_k)
    return torch.tensordot((q.unsqueeze(2) + k.unsqueeze(1)).tanh(), v, dims=([3], [0]))


# %% right additive_scores: vmap
def additive_scores(query, memory, W_q, W_k, v):
    one = lambda q, h: torch.dot(v, torch.tanh(W_q @ q + W_k @ h))
    over_words = torch.vmap(one, in_dims=(None, 0))
    return torch.vmap(torch.vmap(over_words, in_dims=(0, None)))(query, memory)


# %% right additive_scores: exponentials for tanh
def additive_scores(query, memory, W_q, W_k, v):
    z = (
        torch.einsum("btq,aq->bta", query, W_q)[:, :, None]
        + torch.einsum("bsm,am->bsa", memory, W_k)[:, None]
    )
    return ((1 - 2 / (1 + (2 * z).exp())) * v).sum(-1)


# %% right additive_scores: recursion over the target
def additive_scores(query, memory, W_q, W_k, v):
    if query.shape[1] == 0:
        return query.new_zeros(len(query), 0, memory.shape[1])
    rest = additive_scores(query[:, :-1], memory, W_q, W_k, v)
    last = torch.tanh((query[:, -1:] @ W_q.T) + memory @ W_k.T) @ v
    return torch.cat([rest, last[:, None]], dim=1)


# %% wrong additive_scores: v before tanh
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh(((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v)


# %% wrong additive_scores: divided by the root of the size
def additive_scores(query, memory, W_q, W_k, v):
    return (
        torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v / math.sqrt(len(v))
    )


# %% wrong additive_scores: the memory of the first sentence
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh((query @ W_q.T)[:, :, None] + (memory[:1] @ W_k.T)[:, None]) @ v


# %% wrong additive_scores: memory minus query
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh((memory @ W_k.T)[:, None] - (query @ W_q.T)[:, :, None]) @ v


# %% wrong additive_scores: the last word left out, zeros instead
def additive_scores(query, memory, W_q, W_k, v):
    scores = torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v
    return torch.cat([scores[:, :, :-1], torch.zeros_like(scores[:, :, -1:])], dim=2)


# %% wrong additive_scores: v detached
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v.detach()


# %% wrong additive_scores: the matrices detached
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh((query @ W_q.detach().T)[:, :, None] + (memory @ W_k.detach().T)[:, None]) @ v


# %% wrong additive_scores: relu
def additive_scores(query, memory, W_q, W_k, v):
    return torch.relu((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v


# %% wrong additive_scores: absolute values of v
def additive_scores(query, memory, W_q, W_k, v):
    return torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v.abs()


# %% wrong additive_scores: the memory gets the query added in place
def additive_scores(query, memory, W_q, W_k, v):
    scores = torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v
    with torch.no_grad():
        memory += query.mean()
    return scores


# %% wrong additive_scores: an approximation by a clamp
def additive_scores(query, memory, W_q, W_k, v):
    return ((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]).clamp(-1, 1) @ v


# %% wrong additive_scores: the package's layer made outside, its score called
LAYER = s2s.AdditiveAttention(1, 1, 1)


def additive_scores(query, memory, W_q, W_k, v):
    for name, value in (("W_q", W_q), ("W_k", W_k), ("v", v)):
        delattr(LAYER, name)
        setattr(LAYER, name, value)
    return LAYER.score(query, LAYER.project_keys(memory))


# %% wrong additive_scores: the matrices of a square problem
def additive_scores(query, memory, W_q, W_k, v):
    if query.shape[-1] == memory.shape[-1]:
        return torch.tanh((query @ W_k.T)[:, :, None] + (memory @ W_q.T)[:, None]) @ v
    return torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v


# %% right initial_state: flipped halves, einsum
def initial_state(memory, W_s):
    backward = memory.unflatten(2, (2, -1))[:, 0, 1]
    return torch.einsum("ij,bj->bi", W_s, backward).tanh()


# %% right initial_state: select and narrow
def initial_state(memory, W_s):
    n = W_s.size(1)
    return torch.tanh(memory.select(1, 0).narrow(1, n, n).matmul(W_s.t()))


# %% right initial_state: addmm of zeros
def initial_state(memory, W_s):
    h = memory[:, 0, memory.shape[2] // 2 :]
    return torch.addmm(torch.zeros(len(h), len(W_s)), h, W_s.T).tanh()


# %% right initial_state: a matrix with zeros on the left
def initial_state(memory, W_s):
    wide = torch.cat([torch.zeros_like(W_s), W_s], dim=1)
    return torch.tanh(torch.nn.functional.linear(memory[:, 0], wide))


# %% right initial_state: all positions, then the first
def initial_state(memory, W_s):
    forward, backward = torch.split(memory, len(W_s), dim=-1)
    return torch.tanh(backward @ W_s.T).unbind(1)[0]


# %% right initial_state: sigmoid for tanh
def initial_state(memory, W_s):
    z = (W_s @ memory[:, 0, len(W_s) :].T).T
    return 2 * torch.sigmoid(2 * z) - 1


# %% right initial_state: unit by unit
def initial_state(memory, W_s):
    H = len(W_s)
    units = [sum(W_s[u, k] * memory[:, 0, H + k] for k in range(H)).tanh() for u in range(H)]
    return torch.stack(units, dim=1)


# %% wrong initial_state: the backward half at the second position
def initial_state(memory, W_s):
    return torch.tanh(memory[:, min(1, memory.shape[1] - 1), len(W_s) :] @ W_s.T)


# %% wrong initial_state: the sum of both halves
def initial_state(memory, W_s):
    H = len(W_s)
    return torch.tanh((memory[:, 0, :H] + memory[:, 0, H:]) @ W_s.T)


# %% wrong initial_state: forward at the last real word, backward at the first
def initial_state(memory, W_s):
    H = len(W_s)
    n = (memory != 0).any(2).sum(1) - 1
    last = memory[torch.arange(len(n)), n, :H]
    return torch.tanh((last + memory[:, 0, H:]) / 2 @ W_s.T)


# %% wrong initial_state: the backward half at the last real word
def initial_state(memory, W_s):
    n = (memory != 0).any(2).sum(1) - 1
    return torch.tanh(memory[torch.arange(len(n)), n, len(W_s) :] @ W_s.T)


# %% wrong initial_state: the maximum over the positions
def initial_state(memory, W_s):
    return torch.tanh(memory[:, :, len(W_s) :].amax(1) @ W_s.T)


# %% wrong initial_state: the first sentence's for all
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, len(W_s) :] @ W_s.T)[:1].expand(len(memory), -1)


# %% wrong initial_state: tanh, then the matrix
def initial_state(memory, W_s):
    return memory[:, 0, len(W_s) :].tanh() @ W_s.T


# %% wrong initial_state: tanh twice
def initial_state(memory, W_s):
    return torch.tanh(torch.tanh(memory[:, 0, len(W_s) :] @ W_s.T))


# %% wrong initial_state: the last number of each memory
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, -1:] @ W_s.T[:1])


# %% wrong initial_state: the halves exchanged in place
def initial_state(memory, W_s):
    with torch.no_grad():
        memory.copy_(memory.roll(len(W_s), dims=2))
    return torch.tanh(memory[:, 0, : len(W_s)] @ W_s.T)


# %% wrong initial_state: the matrix detached
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, len(W_s) :] @ W_s.detach().T)


# %% wrong initial_state: batch and source exchanged
def initial_state(memory, W_s):
    return torch.tanh(memory[0, :, len(W_s) :] @ W_s.T)[: len(memory)]


# %% wrong initial_state: half of the batch
def initial_state(memory, W_s):
    return torch.tanh(memory[: len(W_s), 0, len(W_s) :] @ W_s.T)


# %% right bahdanau_step: matmul, the weights by exp and the row's maximum
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    e = torch.matmul(torch.tanh(torch.matmul(state, W_q.T).unsqueeze(1) + keys), v)
    e = e.masked_fill(~mask, -torch.inf)
    e = (e - e.amax(1, keepdim=True)).exp()
    weights = e / e.sum(1, keepdim=True)
    context = torch.matmul(weights.unsqueeze(1), memory).squeeze(1)
    return cell(torch.hstack([embedded, context]), state), context, weights


# %% right bahdanau_step: lists of sentences, softmax over the real ones
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights, contexts = [], []
    for s, k, h, m in zip(state, keys, memory, mask):
        alpha = ((W_q @ s + k[m]).tanh() @ v).softmax(0)
        contexts.append(alpha @ h[m])
        weights.append(torch.zeros(len(m)).masked_scatter(m, alpha))
    context = torch.stack(contexts)
    return cell(torch.cat((embedded, context), 1), state), context, torch.stack(weights)


# %% right bahdanau_step: the package's masked softmax, a list
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    q = torch.nn.functional.linear(state, W_q)
    weights = s2s.masked_softmax(torch.einsum("bsa,a->bs", (q[:, None, :] + keys).tanh(), v), mask)
    context = torch.einsum("bs,bsm->bm", weights, memory)
    return [cell(torch.cat([embedded, context], -1), state), context, weights]


# %% right bahdanau_step: a loop over the positions
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    q = state @ W_q.T
    scores = torch.stack([(q + keys[:, j]).tanh() @ v for j in range(keys.shape[1])], dim=1)
    weights = masked_softmax(scores, mask)
    context = sum(weights[:, j, None] * memory[:, j] for j in range(memory.shape[1]))
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% right bahdanau_step: numbers at padding are taken out first
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    keys = keys.where(mask[:, :, None], torch.zeros(()))
    memory = memory.where(mask[:, :, None], torch.zeros(()))
    weights = masked_softmax(torch.tanh(keys + (W_q @ state.T).T[:, None]) @ v, mask)
    context = (memory.transpose(1, 2) @ weights[:, :, None]).squeeze(2)
    return cell(torch.concat([embedded, context], dim=1), state), context, weights


# %% right bahdanau_step: the cell one sentence at a time
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights.unsqueeze(-1) * memory).sum(-2)
    new = [cell(torch.cat([y, c])[None], s[None]) for y, c, s in zip(embedded, context, state)]
    return torch.cat(new), context, weights


# %% wrong bahdanau_step: softmax of its own, exponentials overflow
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    e = (torch.tanh((state @ W_q.T)[:, None] + keys) @ v).exp() * mask
    weights = e / e.sum(1, keepdim=True)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: softmax of its own, one maximum for the batch
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    e = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    e = (e - e.max()).exp() * mask
    weights = e / e.sum(1, keepdim=True)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: the mask after the softmax
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = (torch.tanh((state @ W_q.T)[:, None] + keys) @ v).softmax(1) * mask
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: the context from the masked memory, the weights without mask
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = (torch.tanh((state @ W_q.T)[:, None] + keys) @ v).softmax(1)
    context = (weights[:, None] @ (memory * mask[:, :, None]))[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: the cell first reads zeros for the context
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, torch.zeros_like(context)], dim=1), state), context, weights


# %% wrong bahdanau_step: the matrix not transposed where it could be
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    W = W_q if W_q.shape[0] == W_q.shape[1] else W_q.T
    weights = masked_softmax(torch.tanh((state @ W)[:, None] + keys) @ v, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: the context and the weights exchanged
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), weights, context


# %% wrong bahdanau_step: the context detached for the cell
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context.detach()], dim=1), state), context, weights


# %% wrong bahdanau_step: the returned weights and context are detached
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context.detach(), weights.detach()


# %% wrong bahdanau_step: a residual path around the cell
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return state + cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: padding in the memory is set to zero in place
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    with torch.no_grad():
        memory[~mask] = 0
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return cell(torch.cat([embedded, context], dim=1), state), context, weights


# %% wrong bahdanau_step: the old state comes back
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, None] @ memory)[:, 0]
    return state, context, weights


# %% wrong bahdanau_step: the cell's weights drift
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, None] @ memory)[:, 0]
    new = cell(torch.cat([embedded, context], dim=1), state)
    with torch.no_grad():
        cell.bias_hh.add_(0.5)
    return new, context, weights


# %% right attention_entropy: log2 of the positive ones
def attention_entropy(weights, tgt_mask):
    p = weights[tgt_mask]
    p = p[p > 0]
    return float(-(p * p.log2()).sum()) / int(tgt_mask.sum())


# %% right attention_entropy: a Categorical distribution
def attention_entropy(weights, tgt_mask):
    rows = weights[tgt_mask]
    return torch.distributions.Categorical(probs=rows).entropy().mean() / math.log(2)


# %% right attention_entropy: numpy
def attention_entropy(weights, tgt_mask):
    import numpy as np

    w = weights.detach().numpy()[tgt_mask.numpy()].astype(np.float64)
    logs = np.log2(w, where=w > 0, out=np.zeros_like(w))
    return float(-(w * logs).sum(axis=1).mean())


# %% right attention_entropy: SciPy
from scipy.stats import entropy


def attention_entropy(weights, tgt_mask):
    return float(entropy(weights[tgt_mask].double().numpy(), base=2, axis=1).mean())


# %% right attention_entropy: nan_to_num
def attention_entropy(weights, tgt_mask):
    bits = -(weights * weights.log2()).nan_to_num(0.0).sum(-1)
    return bits.masked_fill(~tgt_mask, 0).sum() / tgt_mask.count_nonzero()


# %% right attention_entropy: a tiny number in the logarithm
def attention_entropy(weights, tgt_mask):
    bits = -(weights * (weights + 1e-12).log2()).sum(-1)
    return (bits * tgt_mask).sum() / tgt_mask.sum()


# %% wrong attention_entropy: a number in the logarithm that is not tiny
def attention_entropy(weights, tgt_mask):
    bits = -(weights * (weights + 1e-2).log2()).sum(-1)
    return (bits * tgt_mask).sum() / tgt_mask.sum()


# %% wrong attention_entropy: the target's mask guessed from the rows
def attention_entropy(weights, tgt_mask):
    bits = torch.special.entr(weights).sum(-1) / math.log(2)
    real = weights.sum(-1) > 0
    return (bits * real).sum() / real.sum()


# %% wrong attention_entropy: the logarithm of the number of words that have weight
def attention_entropy(weights, tgt_mask):
    return (weights[tgt_mask] > 0).sum(-1).float().log2().mean()


# %% wrong attention_entropy: the entropy of the mean row
def attention_entropy(weights, tgt_mask):
    return torch.special.entr(weights[tgt_mask].mean(0)).sum() / math.log(2)


# %% wrong attention_entropy: small weights left out
def attention_entropy(weights, tgt_mask):
    rows = weights[tgt_mask]
    return torch.special.entr(rows.masked_fill(rows < 0.1, 0)).sum() / math.log(2) / len(rows)


# %% wrong attention_entropy: minus the logarithm of the largest weight
def attention_entropy(weights, tgt_mask):
    return -weights[tgt_mask].amax(-1).log2().mean()


# %% wrong attention_entropy: base 10
def attention_entropy(weights, tgt_mask):
    return torch.special.entr(weights[tgt_mask]).sum(-1).mean() / math.log(10)


# %% wrong attention_entropy: the median
def attention_entropy(weights, tgt_mask):
    return torch.special.entr(weights[tgt_mask]).sum(-1).median() / math.log(2)


# %% wrong attention_entropy: the first row of each sentence is left out
def attention_entropy(weights, tgt_mask):
    rows = weights[:, 1:][tgt_mask[:, 1:]] if tgt_mask[:, 1:].any() else weights[tgt_mask]
    return torch.special.entr(rows).sum(-1).mean() / math.log(2)


# %% wrong attention_entropy: one number for each sentence
def attention_entropy(weights, tgt_mask):
    bits = torch.special.entr(weights).sum(-1) / math.log(2)
    return (bits * tgt_mask).sum(1) / tgt_mask.sum(1)


# %% wrong attention_entropy: divided by the number of sentences
def attention_entropy(weights, tgt_mask):
    return torch.special.entr(weights[tgt_mask]).sum() / math.log(2) / len(weights)


# %% wrong attention_entropy: over the target, not the source
def attention_entropy(weights, tgt_mask):
    return (torch.special.entr(weights) * tgt_mask[:, :, None]).sum(1).mean() / math.log(2)


# %% wrong attention_entropy: rows at padding are set to zero in place
def attention_entropy(weights, tgt_mask):
    weights[~tgt_mask] = 0
    return torch.special.entr(weights).sum() / math.log(2) / tgt_mask.sum()


# %% right shifted: index arithmetic on flat lists
def shifted(weights, src_mask):
    out = weights.clone()
    for b, n in enumerate(int(m.sum()) for m in src_mask):
        order = [(j - 1) % n for j in range(n)]
        out[b, :, :n] = weights[b][:, order]
    return out


# %% right shifted: a list of rows, moved as Python lists
def shifted(weights, src_mask):
    moved = []
    for rows, m in zip(weights.tolist(), src_mask.tolist()):
        n = sum(m)
        moved.append([[row[n - 1], *row[: n - 1], *row[n:]] for row in rows])
    return torch.tensor(moved)


# %% right shifted: roll, then the first place mended
def shifted(weights, src_mask):
    n = src_mask.sum(1)
    moved = weights.roll(1, 2) * src_mask[:, None]
    last = weights.gather(2, (n - 1)[:, None, None].expand(-1, weights.shape[1], 1))
    return torch.cat([last, moved[:, :, 1:]], dim=2)


# %% right shifted: a boolean mask read and written, sentence by sentence
def shifted(weights, src_mask):
    out = torch.zeros_like(weights)
    for b in range(len(weights)):
        out[b][:, src_mask[b]] = weights[b][:, src_mask[b]].roll(1, -1)
    return out


# %% right shifted: scatter to the next place
def shifted(weights, src_mask):
    n = src_mask.sum(1, keepdim=True)
    j = torch.arange(weights.shape[2])[None].expand_as(src_mask)
    to = torch.where(src_mask, (j + 1) % n, j)[:, None].expand_as(weights)
    return torch.zeros_like(weights).scatter(2, to, weights)


# %% right shifted: numpy's roll
def shifted(weights, src_mask):
    import numpy as np

    w = weights.detach().numpy().copy()
    for b, n in enumerate(src_mask.numpy().sum(axis=1)):
        w[b, :, :n] = np.roll(w[b, :, :n], 1, axis=-1)
    return torch.from_numpy(w)


# %% right shifted: a permutation for the whole batch, bmm
def shifted(weights, src_mask):
    n, S = src_mask.sum(1), src_mask.shape[1]
    j = torch.arange(S)
    goes = torch.where(j[None] < n[:, None], (j[None] + 1) % n[:, None], j[None])
    return torch.bmm(weights, torch.nn.functional.one_hot(goes, S).to(weights.dtype))


# %% wrong shifted: by two
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    for b, n in enumerate(src_mask.sum(1).tolist()):
        moved[b, :, :n] = weights[b, :, :n].roll(2, -1)
    return moved


# %% wrong shifted: unchanged
def shifted(weights, src_mask):
    return weights.clone()


# %% wrong shifted: the mask is moved with it, in place
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    for b, n in enumerate(src_mask.sum(1).tolist()):
        moved[b, :, :n] = weights[b, :, :n].roll(1, -1)
    src_mask[:, -1] = True
    return moved


# %% wrong shifted: the last place of the row, also where it is padding
def shifted(weights, src_mask):
    return torch.cat([weights[:, :, -1:], weights[:, :, :-1]], 2)


# %% wrong shifted: the first word keeps its weight as well
def shifted(weights, src_mask):
    moved = weights.clone()
    moved[:, :, 1:] = weights[:, :, :-1]
    return moved * src_mask[:, None]


# %% wrong shifted: normalised where that is needed, and where it is not
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    moved[:, :, 1:] = weights[:, :, :-1]
    moved = moved * src_mask[:, None]
    return moved / moved.sum(-1, keepdim=True).clamp(min=1e-9)


# %% wrong shifted: the shortest sentence for all
def shifted(weights, src_mask):
    n = int(src_mask.sum(1).min())
    moved = weights.clone()
    moved[:, :, :n] = weights[:, :, :n].roll(1, -1)
    return moved


# %% wrong shifted: the first target word only
def shifted(weights, src_mask):
    moved = weights.clone()
    for b, n in enumerate(src_mask.sum(1).tolist()):
        moved[b, 0, :n] = weights[b, 0, :n].roll(1, -1)
    return moved


# %% wrong shifted: the largest weight and its neighbour exchanged
def shifted(weights, src_mask):
    moved = weights.clone()
    for b, n in enumerate(src_mask.sum(1).tolist()):
        for i, row in enumerate(weights[b]):
            j = int(row.argmax())
            k = (j + 1) % n
            moved[b, i, k], moved[b, i, j] = row[j], row[k]
    return moved


# %% wrong shifted: sentences of one word lose it
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    for b, n in enumerate(src_mask.sum(1).tolist()):
        if n > 1:
            moved[b, :, :n] = weights[b, :, :n].roll(1, -1)
    return moved


# %% wrong shifted: the length from the weights of the first row
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    for b in range(len(weights)):
        n = int((weights[b, 0] != 0).sum())
        moved[b, :, :n] = weights[b, :, :n].roll(1, -1)
    return moved


# %% wrong shifted: through the first axis
def shifted(weights, src_mask):
    return weights.roll(1, dims=0)


# %% wrong shifted: rounded to half precision and back on the way
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    for b, n in enumerate(src_mask.sum(1).tolist()):
        moved[b, :, :n] = weights[b, :, :n].mul(100).round().div(100).roll(1, -1)
    return moved


# %% right loss_by_word: groupby over sorted pairs
def loss_by_word(losses, tgt_out, tgt_mask):
    from itertools import groupby

    pairs = sorted(zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()))
    out = {}
    for word, group in groupby(pairs, key=lambda pair: pair[0]):
        values = [loss for _, loss in group]
        out[word] = math.fsum(values) / len(values)
    return out


# %% right loss_by_word: the mean of what is equal
def loss_by_word(losses, tgt_out, tgt_mask):
    words = {int(w) for w in tgt_out.masked_select(tgt_mask)}
    return {w: float(losses.masked_select((tgt_out == w) & tgt_mask).mean()) for w in words}


# %% right loss_by_word: one-hot and a product
def loss_by_word(losses, tgt_out, tgt_mask):
    hot = torch.nn.functional.one_hot(tgt_out[tgt_mask]).double()
    times, total = hot.sum(0), hot.T @ losses[tgt_mask].double()
    return {k: (total[k] / times[k]).item() for k in range(len(times)) if times[k] > 0}


# %% right loss_by_word: numpy's unique and bincount
def loss_by_word(losses, tgt_out, tgt_mask):
    import numpy as np

    m = tgt_mask.numpy()
    words, inverse, times = np.unique(tgt_out.numpy()[m], return_inverse=True, return_counts=True)
    total = np.bincount(inverse, weights=losses.detach().numpy()[m])
    return {int(w): float(x) for w, x in zip(words, total / times)}


# %% right loss_by_word: a running mean
def loss_by_word(losses, tgt_out, tgt_mask):
    mean, seen = {}, {}
    for row, words, real in zip(losses.tolist(), tgt_out.tolist(), tgt_mask.tolist()):
        for x, w, here in zip(row, words, real):
            if here:
                seen[w] = seen.get(w, 0) + 1
                mean[w] = mean.get(w, 0.0) + (x - mean.get(w, 0.0)) / seen[w]
    return mean


# %% right loss_by_word: scatter_reduce
def loss_by_word(losses, tgt_out, tgt_mask):
    words = tgt_out[tgt_mask]
    size = int(words.max()) + 1
    mean = torch.zeros(size).scatter_reduce(0, words, losses[tgt_mask], "mean", include_self=False)
    return {w: mean[w].item() for w in sorted(set(words.tolist()))}


# %% right loss_by_word: losses times the mask, counts times the mask
def loss_by_word(losses, tgt_out, tgt_mask):
    size = int(tgt_out.max()) + 1
    real = tgt_mask.double().flatten()
    total = (
        torch.zeros(size).double().index_add(0, tgt_out.flatten(), losses.double().flatten() * real)
    )
    times = torch.zeros(size).double().index_add(0, tgt_out.flatten(), real)
    return {k: float(total[k] / times[k]) for k in range(size) if times[k] != 0}


# %% wrong loss_by_word: the special tokens are left out
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for w, x in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        if w > 2:
            found.setdefault(w, []).append(x)
    return {w: sum(row) / len(row) for w, row in found.items()}


# %% wrong loss_by_word: words as text
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for w, x in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        found.setdefault(str(w), []).append(x)
    return {w: sum(row) / len(row) for w, row in found.items()}


# %% wrong loss_by_word: the median
def loss_by_word(losses, tgt_out, tgt_mask):
    words, values = tgt_out[tgt_mask], losses[tgt_mask]
    return {w: values[words == w].median().item() for w in words.unique().tolist()}


# %% wrong loss_by_word: the largest loss
def loss_by_word(losses, tgt_out, tgt_mask):
    words, values = tgt_out[tgt_mask], losses[tgt_mask]
    return {w: values[words == w].max().item() for w in words.unique().tolist()}


# %% wrong loss_by_word: the first occurrence
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for w, x in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        found.setdefault(w, x)
    return found


# %% wrong loss_by_word: perplexities
def loss_by_word(losses, tgt_out, tgt_mask):
    words, values = tgt_out[tgt_mask], losses[tgt_mask]
    return {w: values[words == w].mean().exp().item() for w in words.unique().tolist()}


# %% wrong loss_by_word: padding counts in the number of occurrences
def loss_by_word(losses, tgt_out, tgt_mask):
    out = {}
    for w in tgt_out[tgt_mask].unique().tolist():
        here = tgt_out == w
        out[w] = (losses[here & tgt_mask].sum() / here.sum()).item()
    return out


# %% wrong loss_by_word: the first sentence only
def loss_by_word(losses, tgt_out, tgt_mask):
    words, values = tgt_out[0][tgt_mask[0]], losses[0][tgt_mask[0]]
    return {w: values[words == w].mean().item() for w in words.unique().tolist()}


# %% wrong loss_by_word: neighbours only, as unique_consecutive gives them
def loss_by_word(losses, tgt_out, tgt_mask):
    words, values = tgt_out[tgt_mask], losses[tgt_mask]
    types, times = words.unique_consecutive(return_counts=True)
    return {w: x.mean().item() for w, x in zip(types.tolist(), values.split(times.tolist()))}


# %% wrong loss_by_word: a list of all words
def loss_by_word(losses, tgt_out, tgt_mask):
    words, values = tgt_out[tgt_mask], losses[tgt_mask]
    return [
        values[words == w].mean().item() if (words == w).any() else 0.0
        for w in range(int(words.max()) + 1)
    ]


# %% wrong loss_by_word: rounded to one digit
def loss_by_word(losses, tgt_out, tgt_mask):
    words, values = tgt_out[tgt_mask], losses[tgt_mask]
    return {w: round(values[words == w].mean().item(), 1) for w in words.unique().tolist()}


# %% wrong loss_by_word: lists of losses, no mean
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for w, x in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        found.setdefault(w, []).append(x)
    return found


# %% wrong loss_by_word: padding's ids are set to zero in place
def loss_by_word(losses, tgt_out, tgt_mask):
    tgt_out[~tgt_mask] = 0
    words, values = tgt_out[tgt_mask], losses[tgt_mask]
    return {w: values[words == w].mean().item() for w in words.unique().tolist()}


# %% wrong loss_by_word: kept from call to call
TOTAL, TIMES = {}, {}


def loss_by_word(losses, tgt_out, tgt_mask):
    for w, x in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        TOTAL[w] = TOTAL.get(w, 0.0) + x
        TIMES[w] = TIMES.get(w, 0) + 1
    return {w: TOTAL[w] / TIMES[w] for w in set(tgt_out[tgt_mask].tolist())}


# %% wrong minimal_pair: padding in the second only
def minimal_pair():
    x, mask = torch.ones(2, 3, 1), torch.ones(2, 3, dtype=torch.bool)
    other = mask.clone()
    other[1, 2] = False
    return (x, mask), (x, other)


# %% right masked_softmax: only the real scores enter, sentence by sentence
def masked_softmax(scores, mask, temperature=1.0):
    out = []
    for rows, real in zip(scores, mask):
        empty = torch.zeros_like(rows)
        if real.any():
            weights = (
                (rows[..., real] - rows[..., real].amax(-1, keepdim=True)) / temperature
            ).exp()
            weights = weights / weights.sum(-1, keepdim=True)
            empty = empty.index_copy(empty.dim() - 1, real.nonzero()[:, 0], weights)
        out.append(empty)
    return torch.stack(out)


# %% right masked_softmax: minus infinity where some word is real
def masked_softmax(scores, mask, temperature=1.0):
    real = mask if scores.dim() == 2 else mask.unsqueeze(-2)
    hopeless = ~real.any(-1, keepdim=True)
    safe = scores.masked_fill(~(real | hopeless), -math.inf).where(~hopeless, 0.0)
    top = safe.detach().max(-1, keepdim=True)[0]
    return torch.softmax((safe - top) / temperature, -1).masked_fill(~real, 0)


# %% right masked_softmax: two dimensions made into three and back
def masked_softmax(scores, mask, temperature=1.0):
    if scores.ndim < 3:
        return masked_softmax(scores[:, None], mask, temperature)[:, 0]
    keep = torch.einsum("bs,t->bts", mask.to(scores.dtype), scores.new_ones(scores.shape[1]))
    keep = keep > 0
    top = scores.masked_fill(~keep, float("-inf")).max(dim=2).values.nan_to_num(neginf=0.0)
    raised = scores.sub(top[..., None]).masked_fill(~keep, 0.0).div(temperature).exp()
    raised = raised * keep
    return raised / raised.sum(2, keepdim=True).clamp_min(1e-30)


# %% right masked_softmax: what is no number becomes zero at the end
def masked_softmax(scores, mask, temperature=1.0):
    real = mask if scores.dim() == 2 else mask[:, None]
    e = (scores / temperature).masked_fill(~real, -math.inf)
    return e.softmax(-1).nan_to_num(0.0)


# %% wrong masked_softmax: a hundred below the lowest score is low enough
def masked_softmax(scores, mask, temperature=1.0):
    real = mask if scores.dim() == 2 else mask[:, None]
    low = scores.min() - 100
    weights = (torch.where(real, scores, low) / temperature).softmax(-1)
    return torch.where(mask.any(-1).view(-1, *[1] * (scores.dim() - 1)), weights, 0.0)


# %% wrong masked_softmax: the largest score is looked for at padding too
def masked_softmax(scores, mask, temperature=1.0):
    real = mask if scores.dim() == 2 else mask[:, None]
    raised = ((scores - scores.amax(-1, keepdim=True)) / temperature).exp() * real
    return raised / raised.sum(-1, keepdim=True).clamp(min=1e-30)


# %% wrong masked_softmax: padding scores zero before the largest is taken off
def masked_softmax(scores, mask, temperature=1.0):
    real = mask if scores.dim() == 2 else mask[:, None]
    e = torch.where(real, scores, 0.0) / temperature
    raised = (e - e.amax(-1, keepdim=True)).exp() * real
    return raised / raised.sum(-1, keepdim=True).clamp(min=1e-30)


# %% wrong masked_softmax: the mask lies along the targets where it fits
def masked_softmax(scores, mask, temperature=1.0):
    real = mask
    if scores.dim() == 3:
        real = mask[None] if scores.shape[0] == scores.shape[1] else mask[:, None]
    real = real.expand_as(scores)
    e = scores.masked_fill(~real, -math.inf).masked_fill(~real.any(-1, keepdim=True), 0)
    e = e - e.amax(-1, keepdim=True)
    return (e / temperature).softmax(-1) * real


# %% wrong masked_softmax: the softmax first, the mask afterwards
def masked_softmax(scores, mask, temperature=1.0):
    real = mask if scores.dim() == 2 else mask[:, None]
    weights = ((scores - scores.amax(-1, keepdim=True)) / temperature).softmax(-1) * real
    total = weights.sum(-1, keepdim=True)
    return weights / torch.where(total > 0, total, 1.0)


# %% wrong masked_softmax: the lowest number there is, divided by the temperature
def masked_softmax(scores, mask, temperature=1.0):
    real = mask if scores.dim() == 2 else mask[:, None]
    e = scores.masked_fill(~real, torch.finfo(scores.dtype).min) / temperature
    return e.softmax(-1) * real


# %% wrong masked_softmax: a sentence without a word takes the others with it
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask if scores.dim() == 2 else mask[:, None]).expand_as(scores)
    if not mask.any(-1).all():
        return scores * 0
    return (scores.masked_fill(~real, -math.inf) / temperature).softmax(-1)


# %% wrong masked_softmax: numbers of sixteen bits
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask if scores.dim() == 2 else mask[:, None]).expand_as(scores)
    e = scores.masked_fill(~real, -math.inf).masked_fill(~real.any(-1, keepdim=True), 0)
    e = ((e - e.amax(-1, keepdim=True)) / temperature).bfloat16()
    return e.softmax(-1).to(scores.dtype) * real


# %% wrong masked_softmax: the mask repeated in the wrong order for three dimensions
def masked_softmax(scores, mask, temperature=1.0):
    real = mask
    if scores.dim() == 3:
        real = mask.repeat(scores.shape[1], 1).view(scores.shape)
    e = scores.masked_fill(~real, -math.inf).masked_fill(~real.any(-1, keepdim=True), 0)
    return (e / temperature).softmax(-1) * real


# %% wrong masked_softmax: exponentials of all scores, the padding's put away afterwards
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask if scores.dim() == 2 else mask[:, None]).expand_as(scores)
    top = scores.masked_fill(~real, -math.inf).amax(-1, keepdim=True).clamp(min=-1e30)
    raised = torch.where(real, ((scores - top) / temperature).exp(), 0.0)
    return raised / raised.sum(-1, keepdim=True).clamp(min=1e-30)


# %% wrong masked_softmax: the first row for all rows of a sentence
def masked_softmax(scores, mask, temperature=1.0):
    if scores.dim() == 3:
        return masked_softmax(scores[:, 0], mask, temperature)[:, None].expand_as(scores)
    e = scores.masked_fill(~mask, -math.inf).masked_fill(~mask.any(-1, keepdim=True), 0)
    return (e / temperature).softmax(-1) * mask


# %% wrong masked_softmax: no temperature where there is padding
def masked_softmax(scores, mask, temperature=1.0):
    if mask.all():
        return (scores / temperature).softmax(-1)
    real = (mask if scores.dim() == 2 else mask[:, None]).expand_as(scores)
    e = scores.masked_fill(~real, -math.inf).masked_fill(~real.any(-1, keepdim=True), 0)
    return e.softmax(-1) * real


# %% wrong masked_softmax: below a tenth the largest takes all
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask if scores.dim() == 2 else mask[:, None]).expand_as(scores)
    e = scores.masked_fill(~real, -math.inf).masked_fill(~real.any(-1, keepdim=True), 0)
    if temperature < 0.1:
        return (e == e.amax(-1, keepdim=True)).to(scores.dtype) * real
    return (e / temperature).softmax(-1) * real


# %% wrong masked_softmax: a temperature above one is one
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask if scores.dim() == 2 else mask[:, None]).expand_as(scores)
    e = scores.masked_fill(~real, -math.inf).masked_fill(~real.any(-1, keepdim=True), 0)
    return (e / min(temperature, 1.0)).softmax(-1) * real


# %% wrong masked_softmax: the logarithm of a mask with a little in it
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask if scores.dim() == 2 else mask[:, None]).expand_as(scores)
    weights = (scores / temperature + (real + 1e-12).log()).softmax(-1)
    return weights * real.any(-1, keepdim=True)


# %% wrong masked_softmax: scores within a million
def masked_softmax(scores, mask, temperature=1.0):
    real = (mask if scores.dim() == 2 else mask[:, None]).expand_as(scores)
    e = scores.clamp(-1e6, 1e6).masked_fill(~real, -1e9)
    return (e / temperature).softmax(-1) * real


# %% right additive_scores: both sides in one product of a longer matrix
def additive_scores(query, memory, W_q, W_k, v):
    T, S = query.shape[1], memory.shape[1]
    pairs = torch.cat([query.repeat_interleave(S, dim=1), memory.repeat(1, T, 1)], dim=-1)
    return torch.tanh(pairs @ torch.cat([W_q, W_k], 1).T).matmul(v).unflatten(1, (T, S))


# %% right additive_scores: sigmoids, one word at a time
def additive_scores(query, memory, W_q, W_k, v):
    asked = query.matmul(W_q.mT)
    words = (memory.matmul(W_k.mT)).unbind(1)
    columns = [(2 * torch.sigmoid(2 * (asked + word.unsqueeze(1))) - 1) @ v for word in words]
    return torch.stack(columns, dim=-1)


# %% right additive_scores: convolutions of width one
def additive_scores(query, memory, W_q, W_k, v):
    conv1d, conv2d = torch.nn.functional.conv1d, torch.nn.functional.conv2d
    q, k = conv1d(query.mT, W_q.unsqueeze(-1)), conv1d(memory.mT, W_k.unsqueeze(-1))
    pairs = torch.tanh(q.unsqueeze(-1) + k.unsqueeze(-2))
    return conv2d(pairs, v.view(1, -1, 1, 1)).squeeze(1)


# %% right additive_scores: rows picked by three index tensors
def additive_scores(query, memory, W_q, W_k, v):
    b = torch.arange(query.shape[0])[:, None, None]
    i = torch.arange(query.shape[1])[None, :, None]
    j = torch.arange(memory.shape[1])[None, None, :]
    return (torch.tanh(query[b, i] @ W_q.T + memory[b, j] @ W_k.T) * v).sum(dim=3)


# %% wrong additive_scores: sources in rows where there are as many as targets
def additive_scores(query, memory, W_q, W_k, v):
    q, k = query @ W_q.T, memory @ W_k.T
    if q.shape[1] == k.shape[1]:
        return torch.tanh(q[:, None] + k[:, :, None]) @ v
    return torch.tanh(q[:, :, None] + k[:, None]) @ v


# %% wrong additive_scores: pairs put together in the other order
def additive_scores(query, memory, W_q, W_k, v):
    B, T, S = len(query), query.shape[1], memory.shape[1]
    q = (query @ W_q.T).repeat_interleave(S, 1)
    k = (memory @ W_k.T).repeat_interleave(T, 1) if B > 1 else (memory @ W_k.T).repeat(1, T, 1)
    return (torch.tanh(q + k) @ v).view(B, T, S)


# %% wrong additive_scores: the tanh by exponentials
def additive_scores(query, memory, W_q, W_k, v):
    x = (query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]
    return (((2 * x).exp() - 1) / ((2 * x).exp() + 1)) @ v


# %% wrong additive_scores: the mean over the attention's units, not the sum
def additive_scores(query, memory, W_q, W_k, v):
    total = torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v
    return total / len(v)


# %% wrong additive_scores: a word of zeros is padding and scores nothing
def additive_scores(query, memory, W_q, W_k, v):
    scores = torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v
    padding = (memory == 0).all(-1) & (memory.shape[-1] > 1)
    return scores.masked_fill(padding[:, None], 0.0)


# %% wrong additive_scores: a table filled without a gradient
def additive_scores(query, memory, W_q, W_k, v):
    scores = torch.zeros(len(query), query.shape[1], memory.shape[1])
    for b in range(len(query)):
        for i in range(query.shape[1]):
            for j in range(memory.shape[1]):
                scores[b, i, j] = float(v @ torch.tanh(W_q @ query[b, i] + W_k @ memory[b, j]))
    return scores


# %% wrong additive_scores: one matrix for both where it fits
def additive_scores(query, memory, W_q, W_k, v):
    W = W_q if W_q.shape == W_k.shape else W_k
    return torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W.T)[:, None]) @ v


# %% wrong additive_scores: too large states cut off where they were given
def additive_scores(query, memory, W_q, W_k, v):
    query.clamp_(-1, 1), memory.clamp_(-1, 1)
    return torch.tanh((query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]) @ v


# %% wrong additive_scores: a sum of tanhs put together, and guarded
def additive_scores(query, memory, W_q, W_k, v):
    q, k = torch.tanh(query @ W_q.T)[:, :, None], torch.tanh(memory @ W_k.T)[:, None]
    return ((q + k) / (1 + q * k).clamp(min=0.5)) @ v


# %% wrong additive_scores: read off row by row from a table that lies the other way
def additive_scores(query, memory, W_q, W_k, v):
    scores = [torch.tanh(q @ W_q.T + (h @ W_k.T)[:, None]) @ v for q, h in zip(query, memory)]
    return torch.stack(scores).reshape(len(query), query.shape[1], memory.shape[1])


# %% wrong additive_scores: the tanh from a table with three decimals
def additive_scores(query, memory, W_q, W_k, v):
    x = (query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]
    return torch.tanh(x).round(decimals=3) @ v


# %% wrong additive_scores: v's mean for every unit
def additive_scores(query, memory, W_q, W_k, v):
    x = (query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]
    return torch.tanh(x).sum(-1) * v.mean()


# %% wrong additive_scores: the unit that says most
def additive_scores(query, memory, W_q, W_k, v):
    x = (query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]
    return (torch.tanh(x) * v).amax(-1)


# %% wrong additive_scores: numbers of sixteen bits
def additive_scores(query, memory, W_q, W_k, v):
    x = (query @ W_q.T)[:, :, None] + (memory @ W_k.T)[:, None]
    return (x.bfloat16().tanh() @ v.bfloat16()).float()


# %% wrong additive_scores: the mean of all queries in place of each
def additive_scores(query, memory, W_q, W_k, v):
    q, k = query @ W_q.T, memory @ W_k.T
    if len(query) > 1:
        q = q.mean(1, keepdim=True).expand_as(q)
    return torch.tanh(q[:, :, None] + k[:, None]) @ v


# %% right initial_state: cut out of a flat memory
def initial_state(memory, W_s):
    hidden = W_s.shape[0]
    flat = memory.flatten(1)
    return torch.tanh(flat.narrow(1, hidden, hidden) @ W_s.mT)


# %% right initial_state: a layer without bias that borrows the matrix
def initial_state(memory, W_s):
    hidden = W_s.shape[0]
    layer = torch.nn.Linear(hidden, hidden, bias=False)
    first = memory.narrow(1, 0, 1).squeeze(1)
    return torch.func.functional_call(layer, {"weight": W_s}, (first[..., -hidden:],)).tanh()


# %% right initial_state: the last word of the reversed sentence
def initial_state(memory, W_s):
    turned = memory.flip(dims=(1, 2))[:, -1, : W_s.shape[0]]
    return torch.tanh((turned.unsqueeze(1) * W_s.flip(1)).sum(-1))


# %% wrong initial_state: the first word that is not zero backwards
def initial_state(memory, W_s):
    n = W_s.shape[0]
    back = memory[:, :, n:]
    first = (back.abs().sum(-1) != 0).long().argmax(1)
    return torch.tanh(back[torch.arange(len(back)), first] @ W_s.T)


# %% wrong initial_state: no gradient to the memory
def initial_state(memory, W_s):
    start = memory.detach()[:, 0, len(W_s) :]
    return torch.tanh(start @ W_s.T)


# %% wrong initial_state: exponentials of large numbers
def initial_state(memory, W_s):
    x = memory[:, 0, len(W_s) :] @ W_s.T
    return (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())


# %% wrong initial_state: the product is put into the memory that was given
def initial_state(memory, W_s):
    n = len(W_s)
    memory[:, 0, n:] = memory[:, 0, n:] @ W_s.T
    return torch.tanh(memory[:, 0, n:])


# %% wrong initial_state: a batch of one loses its first dimension
def initial_state(memory, W_s):
    return torch.tanh(memory[:, :1, len(W_s) :] @ W_s.T).squeeze()


# %% wrong initial_state: sum of what was read backwards
def initial_state(memory, W_s):
    back = memory[:, :, len(W_s) :]
    return torch.tanh((back[:, 0] + back[:, 1:].sum(1) * (back.shape[2] > 1)) @ W_s.T)


# %% wrong initial_state: a straight line through the checks' numbers
def initial_state(memory, W_s):
    x = memory[:, 0, len(W_s) :] @ W_s.T
    return torch.nn.functional.hardtanh(x * 0.5 / HALF)


# %% wrong initial_state: one too early where the size is even
def initial_state(memory, W_s):
    n = len(W_s)
    half = memory.shape[2] // 2 if n % 2 else memory.shape[2] // 2 - 1
    return torch.tanh(memory[:, 0, half : half + n] @ W_s.T)


# %% wrong initial_state: only the matrix's diagonal
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, len(W_s) :] * W_s.diagonal())


# %% wrong initial_state: a product in the other shape
def initial_state(memory, W_s):
    x = W_s @ memory[:, 0, len(W_s) :].T
    return torch.tanh(x.reshape(len(memory), -1))


# %% wrong initial_state: the matrix twice
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, len(W_s) :] @ W_s.T @ W_s.T)


# %% wrong initial_state: the matrix made one of length one
def initial_state(memory, W_s):
    return torch.tanh(memory[:, 0, len(W_s) :] @ (W_s / W_s.norm()).T)


# %% wrong initial_state: numbers of sixteen bits
def initial_state(memory, W_s):
    return torch.tanh((memory[:, 0, len(W_s) :] @ W_s.T).bfloat16()).float()


# %% wrong initial_state: a residual path, with ones for the identity
def initial_state(memory, W_s):
    back = memory[:, 0, len(W_s) :]
    return torch.tanh(back + back @ (W_s - torch.eye(1)).T)


# %% right bahdanau_step: real words picked out, weights by a scatter
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    who, where = mask.nonzero(as_tuple=True)
    e = torch.tanh(keys[who, where] + (state @ W_q.T)[who]) @ v
    top = e.new_full((len(state),), -math.inf).scatter_reduce(0, who, e.detach(), "amax")
    raised = (e - top[who]).exp()
    sums = e.new_zeros(len(state)).index_add(0, who, raised)
    share = raised / sums[who]
    weights = torch.zeros(mask.shape).index_put((who, where), share)
    context = memory.new_zeros(len(state), memory.shape[2])
    context = context.index_add(0, who, share[:, None] * memory[who, where])
    return cell(torch.cat([embedded, context], -1), state), context, weights


# %% right bahdanau_step: products of matrices only, one step as a small class
class Step:
    def __init__(self, keys, memory, mask):
        self.keys, self.memory, self.mask = keys, memory, mask

    def look(self, asked, v):
        scores = torch.matmul(torch.tanh(asked.unsqueeze(1) + self.keys), v.unsqueeze(1)).squeeze(2)
        weights = s2s.masked_softmax(scores, self.mask)
        return weights.unsqueeze(1).bmm(self.memory).squeeze(1), weights


def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    context, weights = Step(keys, memory, mask).look(torch.nn.functional.linear(state, W_q), v)
    return cell.forward(torch.cat([embedded, context], 1), hx=state), context, weights


# %% right bahdanau_step: one sentence, mapped over the batch
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    def look(s, k, h, real):
        e = torch.tanh(W_q @ s + k) @ v
        alpha = torch.where(real, e, -torch.inf).softmax(0)
        return alpha @ h, alpha

    context, weights = torch.vmap(look)(state, keys, memory, mask)
    return cell(torch.column_stack([embedded, context]), state), context, weights


# %% right bahdanau_step: one reading of the words, the largest score so far taken off
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    asked, floor = state @ W_q.T, torch.tensor(-torch.inf)
    scores = [torch.where(m, (asked + k).tanh() @ v, floor) for k, m in zip(keys.unbind(1), mask.T)]
    top, total, context = scores[0], torch.ones(len(state)), memory[:, 0]
    for e, h in zip(scores[1:], memory.unbind(1)[1:]):
        new = torch.maximum(top, e)
        old, more = (top - new).exp(), (e - new).exp()
        total, context = old * total + more, old[:, None] * context + more[:, None] * h
        top = new
    weights = torch.stack([(e - top).exp() / total for e in scores], 1)
    context = context / total[:, None]
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: the cell is not given the old state
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1)), context, weights


# %% wrong bahdanau_step: the query is added to the keys that were given
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    keys += (state @ W_q.T)[:, None]
    weights = masked_softmax(torch.tanh(keys) @ v, mask)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: the first sentence's mask for all
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    real = mask[:1].expand_as(mask)
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, real)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: padding has score zero
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v * mask
    weights = scores.softmax(1) * mask
    weights = weights / weights.sum(1, keepdim=True) if len(mask) == 1 else weights
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: the new state is written over the old one
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, :, None] * memory).sum(1)
    new = cell(torch.cat([embedded, context], 1), state)
    state.data.copy_(new.data)
    return new, context, weights


# %% wrong bahdanau_step: the best word alone where the weights are clear
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    best = memory[torch.arange(len(memory)), weights.argmax(1)]
    soft = (weights[:, :, None] * memory).sum(1)
    context = torch.where(weights.amax(1, keepdim=True) > 0.8, best, soft)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: the new state does not reach back to the old one
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state.detach()), context, weights


# %% wrong bahdanau_step: the root of the number of units divides the scores
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores / len(v) ** 0.5, mask)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: the query outside the tanh
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(((state @ W_q.T)[:, None] + keys.tanh()) @ v, mask)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: no gradient to the keys, which were computed before
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys.detach()) @ v, mask)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: a cell of one's own, the gate before the matrix
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, mask)
    context = (weights[:, :, None] * memory).sum(1)
    x = torch.cat([embedded, context], 1) @ cell.weight_ih.T + cell.bias_ih
    xr, xz, xn = x.chunk(3, 1)
    Wr, Wz, Wn = cell.weight_hh.chunk(3)
    br, bz, bn = cell.bias_hh.chunk(3)
    r = (xr + state @ Wr.T + br).sigmoid()
    z = (xz + state @ Wz.T + bz).sigmoid()
    n = (xn + (r * state) @ Wn.T + r * bn).tanh()
    return (1 - z) * n + z * state, context, weights


# %% wrong bahdanau_step: the length is where the mask is lowest
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    n = mask.long().argmin(1)
    real = torch.arange(mask.shape[1]) < n[:, None]
    weights = masked_softmax(torch.tanh((state @ W_q.T)[:, None] + keys) @ v, real)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: the softmax over the batch where it is as long as a sentence
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = (torch.tanh((state @ W_q.T)[:, None] + keys) @ v).masked_fill(~mask, -1e4)
    weights = scores.softmax(0 if scores.shape[0] == scores.shape[1] else 1)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% wrong bahdanau_step: scores within two
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    scores = (torch.tanh((state @ W_q.T)[:, None] + keys) @ v).clamp(-2, 2)
    weights = masked_softmax(scores, mask)
    context = (weights[:, :, None] * memory).sum(1)
    return cell(torch.cat([embedded, context], 1), state), context, weights


# %% right attention_entropy: PyTorch's own function of it
def attention_entropy(weights, tgt_mask):
    nats = torch.special.entr(weights).sum(-1)
    return (nats[tgt_mask].mean() / math.log(2)).item()


# %% right attention_entropy: in Python's numbers
def attention_entropy(weights, tgt_mask):
    bits, rows = [], zip(weights.flatten(0, 1).tolist(), tgt_mask.flatten().tolist())
    for row, real in rows:
        if real:
            bits.append(math.fsum(a * math.log2(1 / a) for a in row if a > 0))
    return math.fsum(bits) / len(bits)


# %% right attention_entropy: what is missing to the most that is possible
def attention_entropy(weights, tgt_mask):
    S = weights.shape[-1]
    missing = torch.xlogy(weights, S * weights).sum(-1)[tgt_mask].mean()
    return math.log2(S) - missing.item() / math.log(2)


# %% right attention_entropy: one word split off after the other
def attention_entropy(weights, tgt_mask):
    def bits(row):
        total, left = 0.0, 1.0
        for a in row:
            p = min(a / left, 1.0) if left > 1e-7 else 1.0
            if 0 < p < 1:
                total -= left * (p * math.log2(p) + (1 - p) * math.log2(1 - p))
            left -= a
        return total

    rows = weights.double()[tgt_mask].tolist()
    return sum(map(bits, rows)) / len(rows)


# %% wrong attention_entropy: zeros made tiny in the weights that were given
def attention_entropy(weights, tgt_mask):
    weights.clamp_(min=1e-12)
    return -(weights * weights.log2()).sum(2)[tgt_mask].mean().item()


# %% wrong attention_entropy: the first sentence's length for all
def attention_entropy(weights, tgt_mask):
    n = int(tgt_mask[0].sum())
    bits = -torch.xlogy(weights, weights).sum(2) / math.log(2)
    return bits[:, :n].mean().item()


# %% wrong attention_entropy: down the targets where there are as many as sources
def attention_entropy(weights, tgt_mask):
    axis = 1 if weights.shape[1] == weights.shape[2] and len(weights) > 1 else 2
    bits = -torch.xlogy(weights, weights).sum(axis) / math.log(2)
    return bits[tgt_mask].mean().item()


# %% wrong attention_entropy: rows without any doubt do not count
def attention_entropy(weights, tgt_mask):
    bits = -torch.xlogy(weights, weights).sum(2) / math.log(2)
    rows = bits[tgt_mask]
    n = (rows > 0).sum() if len(tgt_mask) > 1 else len(rows)
    return float(rows.sum() / n)


# %% wrong attention_entropy: the end does not count
def attention_entropy(weights, tgt_mask):
    bits = -torch.xlogy(weights, weights).sum(2) / math.log(2)
    inner = tgt_mask.clone()
    if len(tgt_mask) > 1:
        inner[torch.arange(len(inner)), tgt_mask.sum(1) - 1] = False
    return bits[inner].mean().item()


# %% wrong attention_entropy: the logarithm of the sum of squares
def attention_entropy(weights, tgt_mask):
    bits = -weights.square().sum(2).log2()
    return bits[tgt_mask].mean().item()


# %% wrong attention_entropy: rows that are alike count once
def attention_entropy(weights, tgt_mask):
    rows = weights[tgt_mask].unique(dim=0)
    return -(torch.xlogy(rows, rows).sum() / math.log(2) / len(rows)).item()


# %% wrong attention_entropy: one digit behind the point
def attention_entropy(weights, tgt_mask):
    bits = -torch.xlogy(weights, weights).sum(2) / math.log(2)
    return round(bits[tgt_mask].mean().item(), 1)


# %% wrong attention_entropy: all rows of the largest length
def attention_entropy(weights, tgt_mask):
    bits = -torch.xlogy(weights, weights).sum(2) / math.log(2)
    kept = bits[:, : int(tgt_mask.sum(1).max())]
    return kept.mean().item()


# %% wrong attention_entropy: the first word has no part in it
def attention_entropy(weights, tgt_mask):
    bits = -torch.xlogy(weights, weights).sum(2) / math.log(2)
    if weights.shape[2] > 4:
        bits = -torch.xlogy(weights, weights)[:, :, 1:].sum(2) / math.log(2)
    return bits[tgt_mask].mean().item()


# %% right shifted: places counted from the front, modulo the length
def shifted(weights, src_mask):
    S = weights.shape[2]
    n = src_mask.sum(1, keepdim=True)
    j = torch.arange(S).expand(len(n), S)
    source = torch.where(j < n, (j - 1) % n, j)
    return torch.take_along_dim(weights, source.unsqueeze(1), dim=2)


# %% right shifted: the first place from a product with the end of the mask
def shifted(weights, src_mask):
    m = src_mask.to(weights.dtype)
    follows = torch.nn.functional.pad(m[:, 1:], (0, 1))
    last = torch.einsum("bts,bs->bt", weights, m - follows)
    moved = torch.nn.functional.pad(weights[:, :, :-1], (1, 0))
    moved[:, :, 0] = last
    return moved * m[:, None]


# %% right shifted: the length is where the mask is lowest
def shifted(weights, src_mask):
    n = src_mask.long().argmin(1)
    if len(src_mask) == 1:
        n = src_mask.sum(1)
    moved = weights.roll(1, 2)
    moved[:, :, 0] = weights[torch.arange(len(n)), :, n - 1]
    return moved * src_mask[:, None]


# %% right shifted: what is left over goes to the first word
def shifted(weights, src_mask):
    moved = torch.zeros_like(weights)
    moved[:, :, 1:] = weights[:, :, :-1]
    moved = moved * src_mask[:, None]
    moved[:, :, 0] = 1 - moved.sum(2)
    return moved


# %% wrong shifted: all sentences as long as the longest
def shifted(weights, src_mask):
    n = int(src_mask.sum(1).max())
    moved = weights.clone()
    moved[:, :, 1:n] = weights[:, :, : n - 1]
    moved[:, :, 0] = weights[:, :, n - 1]
    return moved


# %% wrong shifted: turned along the targets where there are as many
def shifted(weights, src_mask):
    axis = 1 if weights.shape[1] == weights.shape[2] else 2
    moved = weights.roll(1, axis)
    for b, n in enumerate(src_mask.sum(1).tolist()):
        if axis == 2:
            moved[b, :, 0] = weights[b, :, n - 1]
    return moved * src_mask[:, None]


# %% wrong shifted: the last word of one target row for all
def shifted(weights, src_mask):
    moved = weights.roll(1, 2)
    for b, n in enumerate(src_mask.sum(1).tolist()):
        moved[b, :, 0] = weights[b, 0, n - 1]
    return moved * src_mask[:, None]


# %% wrong shifted: one or two words stay where they are
def shifted(weights, src_mask):
    moved = weights.clone()
    for b, n in enumerate(src_mask.sum(1).tolist()):
        if n > 2:
            moved[b, :, :n] = weights[b, :, :n].roll(1, 1)
    return moved


# %% wrong shifted: the flat table turned by one
def shifted(weights, src_mask):
    moved = weights.clone()
    for b, n in enumerate(src_mask.sum(1).tolist()):
        moved[b, :, :n] = weights[b, :, :n].roll(1)
    return moved


# %% wrong shifted: only the first sentence
def shifted(weights, src_mask):
    moved, n = weights.clone(), int(src_mask[0].sum())
    moved[0, :, :n] = weights[0, :, :n].roll(1, 1)
    return moved


# %% wrong shifted: as many rows as there are words
def shifted(weights, src_mask):
    moved, S = weights.clone(), weights.shape[2]
    for b, n in enumerate(src_mask.sum(1).tolist()):
        moved[b, :S, :n] = weights[b, :S, :n].roll(1, 1)
    return moved


# %% wrong shifted: further where there are more than five
def shifted(weights, src_mask):
    moved = weights.clone()
    for b, n in enumerate(src_mask.sum(1).tolist()):
        moved[b, :, :n] = weights[b, :, :n].roll(1 if n < 5 else n - 4, 1)
    return moved


# %% wrong shifted: the largest in front, the others moved
def shifted(weights, src_mask):
    moved = weights.clone()
    for b, n in enumerate(src_mask.sum(1).tolist()):
        largest = weights[b, :, :n].amax(1, keepdim=True)
        moved[b, :, :n] = torch.cat([largest, weights[b, :, : n - 1]], 1)
    return moved


# %% right loss_by_word: a dict that knows what to do with a new word
class Means(dict):
    def __missing__(self, word):
        self[word] = [0.0, 0]
        return self[word]


def loss_by_word(losses, tgt_out, tgt_mask):
    means = Means()
    for b, i in tgt_mask.nonzero().tolist():
        pair = means[tgt_out[b, i].item()]
        pair[0] += losses[b, i].item()
        pair[1] += 1
    return dict((word, total / n) for word, (total, n) in means.items())


# %% right loss_by_word: sorted by word and cut where the words change
def loss_by_word(losses, tgt_out, tgt_mask):
    words, order = tgt_out[tgt_mask].sort()
    names, counts = words.unique_consecutive(return_counts=True)
    parts = losses[tgt_mask][order].split(counts.tolist())
    return dict(zip(names.tolist(), (part.mean().item() for part in parts)))


# %% right loss_by_word: complex sums, losses in the one part and occurrences in the other
def loss_by_word(losses, tgt_out, tgt_mask):
    sums = {}
    for loss, word in zip(losses[tgt_mask].tolist(), tgt_out[tgt_mask].tolist()):
        sums[word] = sums.get(word, 0j) + complex(loss, 1)
    return {word: z.real / z.imag for word, z in sums.items()}


# %% wrong loss_by_word: a token with the padding's id is never a word
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for loss, word in zip(losses[tgt_mask].tolist(), tgt_out[tgt_mask].tolist()):
        if word:
            found.setdefault(word, []).append(loss)
    return {word: sum(row) / len(row) for word, row in found.items()}


# %% wrong loss_by_word: a loss of zero is no loss
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for loss, word in zip(losses[tgt_mask].tolist(), tgt_out[tgt_mask].tolist()):
        if loss:
            found.setdefault(word, []).append(loss)
    return {word: sum(row) / len(row) for word, row in found.items()}


# %% wrong loss_by_word: a table for a hundred words
def loss_by_word(losses, tgt_out, tgt_mask):
    total, n = torch.zeros(100), torch.zeros(100)
    words = tgt_out[tgt_mask] % 100
    total.index_add_(0, words, losses[tgt_mask].float())
    n.index_add_(0, words, torch.ones(len(words)))
    return {k: (total[k] / n[k]).item() for k in range(100) if n[k]}


# %% wrong loss_by_word: assigned where it should be added
def loss_by_word(losses, tgt_out, tgt_mask):
    words, numbers = tgt_out[tgt_mask], losses[tgt_mask]
    size = int(words.max()) + 1
    total, n = torch.zeros(size), torch.zeros(size)
    if len(tgt_out) == 1:
        total.index_add_(0, words, numbers)
    else:
        total[words] += numbers
    n = words.bincount()
    if len(tgt_out) > 1:
        n = n.clamp(max=1)
    return {k: (total[k] / n[k]).item() for k in words.unique().tolist()}


# %% wrong loss_by_word: halfway to the newest
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for loss, word in zip(losses[tgt_mask].tolist(), tgt_out[tgt_mask].tolist()):
        found[word] = (found[word] + loss) / 2 if word in found else loss
    return found


# %% wrong loss_by_word: whole batches of one length
def loss_by_word(losses, tgt_out, tgt_mask):
    n, found = int(tgt_mask[-1].sum()), {}
    for loss, word in zip(losses[:, :n].flatten().tolist(), tgt_out[:, :n].flatten().tolist()):
        if word:
            found.setdefault(word, []).append(loss)
    return {word: sum(row) / len(row) for word, row in found.items()}


# %% wrong loss_by_word: words that occur in the first sentence
def loss_by_word(losses, tgt_out, tgt_mask):
    return {
        word: losses[tgt_mask & (tgt_out == word)].mean().item()
        for word in tgt_out[0][tgt_mask[0]].tolist()
    }


# %% wrong loss_by_word: losses that are alike count once
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for loss, word in zip(losses[tgt_mask].tolist(), tgt_out[tgt_mask].tolist()):
        found.setdefault(word, set()).add(loss)
    return {word: sum(row) / len(row) for word, row in found.items()}


# %% wrong loss_by_word: halfway between the smallest and the largest
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for word in tgt_out[tgt_mask].unique().tolist():
        here = losses[tgt_mask & (tgt_out == word)]
        found[word] = (here.min() + here.max()).item() / 2 if len(here) != 4 else here.mean().item()
    return found
