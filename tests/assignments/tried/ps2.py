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
def attention_entropy(weights, tgt_mask):
    from scipy.stats import entropy

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
