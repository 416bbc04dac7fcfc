# ruff: noqa
# More solutions of problem set 3, written to get past its tests, or to trip over them; test_tried.py grades them all.
# %% right luong_scores: a dict of functions
def luong_scores(how, query, memory, W=None, v=None):
    def concat():
        q, h = query.unsqueeze(2), memory.unsqueeze(1)
        pair = torch.cat([q.expand(-1, -1, h.shape[2], -1), h.expand(-1, q.shape[1], -1, -1)], -1)
        return torch.tanh(pair @ W.T) @ v

    return {
        "dot": lambda: torch.bmm(query, memory.mT),
        "general": lambda: torch.bmm(query, (memory @ W.T).mT),
        "concat": concat,
    }[how]()


# %% right luong_scores: sums of products
def luong_scores(how, query, memory, W=None, v=None):
    if how == "concat":
        n = query.size(-1)
        a, b = W.split([n, W.size(1) - n], dim=1)
        z = (query @ a.t())[:, :, None, :] + (memory @ b.t())[:, None, :, :]
        return (torch.tanh(z) * v).sum(-1)
    left = query if how == "dot" else torch.einsum("btq,qm->btm", query, W)
    return (left[:, :, None] * memory[:, None]).sum(-1)


# %% right luong_scores: the dot as the general score of the identity
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return luong_scores("general", query, memory, torch.eye(query.shape[-1]))
    if how == "general":
        return torch.stack([torch.linalg.multi_dot([q, W, h.T]) for q, h in zip(query, memory)])
    rows = []
    for j in range(memory.shape[1]):
        here = memory[:, j : j + 1].expand(-1, query.shape[1], -1)
        rows.append(torch.nn.functional.linear(torch.cat([query, here], 2), W).tanh().matmul(v))
    return torch.stack(rows, dim=2)


# %% right luong_scores: vmap
def luong_scores(how, query, memory, W=None, v=None):
    score = {
        "dot": lambda q, h: q.dot(h),
        "general": lambda q, h: q @ W @ h,
        "concat": lambda q, h: v @ torch.tanh(W @ torch.cat((q, h))),
    }[how]
    return torch.vmap(torch.vmap(torch.vmap(score, (None, 0)), (0, None)))(query, memory)


# %% right luong_scores: bilinear, and match
def luong_scores(how, query, memory, W=None, v=None):
    match how:
        case "dot":
            return torch.einsum("bth,bsh->bts", query, memory)
        case "general":
            B, T, S = len(query), query.shape[1], memory.shape[1]
            q = query[:, :, None].expand(B, T, S, -1).contiguous()
            h = memory[:, None].expand(B, T, S, -1).contiguous()
            return torch.nn.functional.bilinear(q, h, W[None])[..., 0]
        case "concat":
            n = query.shape[-1]
            z = query.matmul(W[:, :n].mT).unsqueeze(2) + memory.matmul(W[:, n:].mT).unsqueeze(1)
            return z.tanh().matmul(v)


# %% right luong_scores: recursion over the batch
def luong_scores(how, query, memory, W=None, v=None):
    if len(query) > 1:
        first = luong_scores(how, query[:1], memory[:1], W, v)
        return torch.cat([first, luong_scores(how, query[1:], memory[1:], W, v)])
    q, h = query[0], memory[0]
    if how == "dot":
        return (q @ h.T)[None]
    if how == "general":
        return (q @ W @ h.T)[None]
    pairs = torch.stack([torch.cat([x.expand(len(h), -1), h], 1) for x in q])
    return ((pairs @ W.T).tanh() @ v)[None]


# %% right luong_scores: double precision and back
def luong_scores(how, query, memory, W=None, v=None):
    q, h = query.double(), memory.double()
    if how == "dot":
        found = q @ h.transpose(-1, -2)
    elif how == "general":
        found = q @ (W.double() @ h.transpose(-1, -2))
    else:
        n = q.shape[-1]
        found = (q @ W[:, :n].double().T)[:, :, None] + (h @ W[:, n:].double().T)[:, None]
        found = found.tanh() @ v.double()
    return found.to(query.dtype)


# %% wrong luong_scores: cosine for dot
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        F = torch.nn.functional
        return F.normalize(query, dim=-1) @ F.normalize(memory, dim=-1).transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    n = query.shape[-1]
    return torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]) @ v


# %% wrong luong_scores: the general score only for square matrices
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ (W.T if W.shape[0] == W.shape[1] else W) @ memory.transpose(1, 2)
    n = query.shape[-1]
    return torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]) @ v


# %% wrong luong_scores: general with tanh
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return torch.tanh(query @ W @ memory.transpose(1, 2))
    n = query.shape[-1]
    return torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]) @ v


# %% wrong luong_scores: concat is general for "concat" with two sizes
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    n = query.shape[-1]
    return (
        torch.tanh((query @ W[:, :n].T)[:, :, None]) @ v
        + torch.tanh((memory @ W[:, n:].T)[:, None]) @ v
    )


# %% wrong luong_scores: the first query for every target word
def luong_scores(how, query, memory, W=None, v=None):
    query = query[:, :1].expand_as(query)
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    n = query.shape[-1]
    return torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]) @ v


# %% wrong luong_scores: weights, not scores
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return (query @ memory.transpose(1, 2)).softmax(-1)
    if how == "general":
        return (query @ W @ memory.transpose(1, 2)).softmax(-1)
    n = query.shape[-1]
    return (
        torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]) @ v
    ).softmax(-1)


# %% wrong luong_scores: general scaled, dot not
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2) / math.sqrt(query.shape[-1])
    n = query.shape[-1]
    return torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]) @ v


# %% wrong luong_scores: the matrix detached
def luong_scores(how, query, memory, W=None, v=None):
    W = None if W is None else W.detach()
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    n = query.shape[-1]
    return torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]) @ v


# %% wrong luong_scores: concat cuts the matrix in the middle
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    n = W.shape[1] // 2
    q, h = query[..., :n], memory[..., : W.shape[1] - n]
    return (
        torch.tanh(
            (q @ W[:, : q.shape[-1]].T)[:, :, None]
            + (h @ W[:, W.shape[1] - h.shape[-1] :].T)[:, None]
        )
        @ v
    )


# %% wrong luong_scores: the memory is turned in place
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        with torch.no_grad():
            memory.mul_(1.0).add_(1e-3)
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    n = query.shape[-1]
    return torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]) @ v


# %% wrong luong_scores: v for the sum of ones
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    n = query.shape[-1]
    return (
        torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]).sum(-1)
        * v.mean()
    )


# %% wrong luong_scores: the memory of another sentence
def luong_scores(how, query, memory, W=None, v=None):
    memory = memory.flip(0)
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    n = query.shape[-1]
    return torch.tanh((query @ W[:, :n].T)[:, :, None] + (memory @ W[:, n:].T)[:, None]) @ v


# %% wrong luong_scores: the package's layers made outside
DOT, GENERAL, CONCAT = s2s.DotAttention(), s2s.GeneralAttention(1, 1), s2s.ConcatAttention(1, 1, 1)


def luong_scores(how, query, memory, W=None, v=None):
    layer = {"dot": DOT, "general": GENERAL, "concat": CONCAT}[how]
    for name, value in (("W", W), ("v", v)):
        if value is not None:
            delattr(layer, name)
            setattr(layer, name, value)
    if how == "concat":
        layer.query_size = query.shape[-1]
    return layer.score(query, layer.project_keys(memory))


# %% right attentional_state: einsum over any leading axes
def attentional_state(context, state, W_c):
    return torch.einsum("ai,...i->...a", W_c, torch.cat([context, state], -1)).tanh()


# %% right attentional_state: flattened and back
def attentional_state(context, state, W_c):
    both = torch.cat([context.flatten(0, -2), state.flatten(0, -2)], dim=1)
    return torch.tanh(both.mm(W_c.t())).view(*state.shape[:-1], -1)


# %% right attentional_state: concat, matmul with an extra axis
def attentional_state(context, state, W_c):
    both = torch.concatenate((context, state), axis=-1)
    return torch.tanh((W_c @ both[..., None])[..., 0])


# %% right attentional_state: split matrix, sigmoid
def attentional_state(context, state, W_c):
    a, b = W_c.split([context.shape[-1], state.shape[-1]], dim=1)
    return 2 * torch.sigmoid(2 * (context @ a.mT + state @ b.mT)) - 1


# %% right attentional_state: unit by unit
def attentional_state(context, state, W_c):
    M = context.shape[-1]
    units = [(context * w[:M]).sum(-1) + (state * w[M:]).sum(-1) for w in W_c]
    return torch.tanh(torch.stack(units, dim=-1))


# %% right attentional_state: recursion from a whole target to a step
def attentional_state(context, state, W_c):
    if context.dim() > 2:
        steps = zip(context.unbind(1), state.unbind(1))
        return torch.stack([attentional_state(c, h, W_c) for c, h in steps], dim=1)
    return torch.nn.functional.linear(torch.cat([context, state], 1), W_c).tanh()


# %% right attentional_state: room made first, then filled
def attentional_state(context, state, W_c):
    M = context.shape[-1]
    both = torch.zeros(*context.shape[:-1], W_c.shape[1])
    both[..., :M] = context
    both[..., M:] = state
    return torch.tanh(torch.tensordot(both, W_c, dims=([-1], [1])))


# %% wrong attentional_state: the state only
def attentional_state(context, state, W_c):
    return torch.tanh(state @ W_c[:, context.shape[-1] :].T)


# %% wrong attentional_state: the context only
def attentional_state(context, state, W_c):
    return torch.tanh(context @ W_c[:, : context.shape[-1]].T)


# %% wrong attentional_state: tanh of each part
def attentional_state(context, state, W_c):
    M = context.shape[-1]
    return torch.tanh(context @ W_c[:, :M].T) + torch.tanh(state @ W_c[:, M:].T)


# %% wrong attentional_state: the last position of a target for all
def attentional_state(context, state, W_c):
    out = torch.tanh(torch.cat([context, state], -1) @ W_c.T)
    return out if out.dim() == 2 else out[:, -1:].expand_as(out)


# %% wrong attentional_state: a whole target in two dimensions
def attentional_state(context, state, W_c):
    both = torch.cat(
        [context.reshape(-1, context.shape[-1]), state.reshape(-1, state.shape[-1])], 1
    )
    return torch.tanh(both @ W_c.T)


# %% wrong attentional_state: the state added
def attentional_state(context, state, W_c):
    out = torch.tanh(torch.cat([context, state], -1) @ W_c.T)
    return out + state if out.shape == state.shape else out


# %% wrong attentional_state: the state detached
def attentional_state(context, state, W_c):
    return torch.tanh(torch.cat([context, state.detach()], -1) @ W_c.T)


# %% wrong attentional_state: relu
def attentional_state(context, state, W_c):
    return torch.relu(torch.cat([context, state], -1) @ W_c.T)


# %% wrong attentional_state: normalised
def attentional_state(context, state, W_c):
    return torch.nn.functional.normalize(
        torch.tanh(torch.cat([context, state], -1) @ W_c.T), dim=-1
    )


# %% wrong attentional_state: the state first in three dimensions
def attentional_state(context, state, W_c):
    pair = [context, state] if context.dim() == 2 else [state, context]
    return torch.tanh(torch.cat(pair, -1) @ W_c.T)


# %% wrong attentional_state: a transposed matrix where it is square
def attentional_state(context, state, W_c):
    M = context.shape[-1]
    A, B = W_c[:, :M], W_c[:, M:]
    A = A if A.shape[0] == A.shape[1] else A.T
    return torch.tanh(context @ A + state @ B.T)


# %% wrong attentional_state: tanh in place on the context
def attentional_state(context, state, W_c):
    out = torch.tanh(torch.cat([context, state], -1) @ W_c.T)
    with torch.no_grad():
        context.tanh_()
    return out


# %% wrong attentional_state: the matrix detached
def attentional_state(context, state, W_c):
    return torch.tanh(torch.cat([context, state], -1) @ W_c.detach().T)


# %% right luong_step: matmul and a softmax of its own
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    pair = cell(torch.hstack((embedded, fed)), state)
    e = (memory @ W_a.T @ pair[0].unsqueeze(-1)).squeeze(-1).masked_fill(~mask, -torch.inf)
    alpha = torch.softmax(e, dim=-1)
    c = torch.einsum("bs,bsm->bm", alpha, memory)
    return torch.tanh(torch.hstack((c, pair[0])) @ W_c.mT), pair, alpha


# %% right luong_step: the sentences' own words, lists
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], -1), state)
    contexts, weights = [], []
    for q, words, real in zip(h @ W_a, memory, mask):
        alpha = (words[real] @ q).softmax(0)
        weights.append(torch.zeros(len(real)).masked_scatter(real, alpha))
        contexts.append(alpha @ words[real])
    context = torch.stack(contexts)
    M = context.shape[1]
    return (context @ W_c[:, :M].T + h @ W_c[:, M:].T).tanh(), (h, c), torch.stack(weights)


# %% right luong_step: earlier functions of this set
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    state = cell(torch.cat([embedded, fed], dim=1), state)
    scores = luong_scores("general", state[0][:, None], memory, W_a)
    weights = s2s.masked_softmax(scores, mask)
    context = torch.bmm(weights, memory)
    return attentional_state(context, state[0][:, None], W_c)[:, 0], state, weights[:, 0]


# %% right luong_step: loops over the positions
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), (state[0], state[1]))
    e = torch.stack([(h @ W_a * memory[:, j]).sum(1) for j in range(memory.shape[1])], 1)
    e = torch.where(mask, e, -torch.inf)
    p = (e - e.max(dim=1, keepdim=True).values).exp()
    p = p / p.sum(1, keepdim=True)
    context = 0
    for j in range(memory.shape[1]):
        context = context + p[:, j : j + 1] * memory[:, j]
    return torch.tanh(torch.nn.functional.linear(torch.cat([context, h], 1), W_c)), [h, c], p


# %% right luong_step: the cell sentence by sentence
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    pairs = [
        cell(torch.cat([y, f])[None], (h[None], c[None]))
        for y, f, h, c in zip(embedded, fed, *state)
    ]
    h, c = (torch.cat([pair[k] for pair in pairs]) for k in (0, 1))
    weights = s2s.masked_softmax(torch.einsum("bh,hm,bsm->bs", h, W_a, memory), mask)
    context = (weights[..., None] * memory).sum(-2)
    return torch.einsum("ai,bi->ba", W_c, torch.cat([context, h], 1)).tanh(), (h, c), weights


# %% right luong_step: padding's numbers are taken out of the memory first
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    memory = memory.masked_fill(~mask[..., None], 0)
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = (memory * (h @ W_a)[:, None]).sum(2)
    weights = (scores + torch.zeros_like(scores).masked_fill(~mask, -torch.inf)).softmax(1)
    context = torch.matmul(memory.transpose(1, 2), weights[:, :, None])[:, :, 0]
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% right luong_step: double precision, the cell's own matrices
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    d = lambda t: t.double()
    (h, c), x = map(d, state), d(torch.cat([embedded, fed], 1))
    z = x @ d(cell.weight_ih).T + d(cell.bias_ih) + h @ d(cell.weight_hh).T + d(cell.bias_hh)
    i, f, g, o = z.chunk(4, dim=1)
    c = f.sigmoid() * c + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
    scores = torch.einsum("bh,hm,bsm->bs", h, d(W_a), d(memory))
    weights = s2s.masked_softmax(scores, mask)
    context = torch.einsum("bs,bsm->bm", weights, d(memory))
    return (torch.cat([context, h], 1) @ d(W_c).T).tanh(), (h, c), weights


# %% wrong luong_step: softmax of its own, exponentials overflow
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    e = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0].masked_fill(~mask, -torch.inf).exp()
    weights = e / e.sum(1, keepdim=True)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], 1) @ W_c.T), (h, c), weights


# %% wrong luong_step: softmax of its own, one maximum for the batch
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    e = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0].masked_fill(~mask, -torch.inf)
    e = (e - e.max()).exp()
    weights = e / e.sum(1, keepdim=True)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], 1) @ W_c.T), (h, c), weights


# %% wrong luong_step: the state first in h-tilde
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    weights = s2s.masked_softmax(((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([h, context], 1) @ W_c.T), (h, c), weights


# %% wrong luong_step: no tanh
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    weights = s2s.masked_softmax(((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.cat([context, h], 1) @ W_c.T, (h, c), weights


# %% wrong luong_step: the matrix transposed where it is square
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    W = W_a.T if W_a.shape[0] == W_a.shape[1] else W_a
    weights = s2s.masked_softmax(((h @ W)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], 1) @ W_c.T), (h, c), weights


# %% wrong luong_step: the cell's c for h in h-tilde
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    weights = s2s.masked_softmax(((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, c], 1) @ W_c.T), (h, c), weights


# %% wrong luong_step: the context is returned, not h-tilde, where the sizes allow it
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    weights = s2s.masked_softmax(((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    out = torch.tanh(torch.cat([context, h], 1) @ W_c.T)
    return context if out.shape == context.shape else out, (h, c), weights


# %% wrong luong_step: h and c exchanged
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    weights = s2s.masked_softmax(((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], 1) @ W_c.T), (c, h), weights


# %% wrong luong_step: the state of zeros
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1))
    weights = s2s.masked_softmax(((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], 1) @ W_c.T), (h, c), weights


# %% wrong luong_step: the pair comes back without its history
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    weights = s2s.masked_softmax(((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], 1) @ W_c.T), (h.detach(), c.detach()), weights


# %% wrong luong_step: the memory detached
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    memory = memory.detach()
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    weights = s2s.masked_softmax(((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], 1) @ W_c.T), (h, c), weights


# %% wrong luong_step: the new pair is written into the old one
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    with torch.no_grad():
        state[0].copy_(h)
        state[1].copy_(c)
    weights = s2s.masked_softmax(((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0], mask)
    context = (weights[:, None] @ memory)[:, 0]
    return torch.tanh(torch.cat([context, h], 1) @ W_c.T), (h, c), weights


# %% right window: between two bounds
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len).expand(len(centre), -1)
    p, n = centre.unsqueeze(1), lengths.unsqueeze(1)
    return torch.logical_and(torch.logical_and(j >= p - D, j <= p + D), j < n)


# %% right window: not outside
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len, dtype=torch.float64)[None, :]
    outside = ((j - centre[:, None]) ** 2 > D * D) | (j >= lengths[:, None])
    return ~outside


# %% right window: ranges as Python computes them
def window(centre, lengths, D, src_len):
    found = torch.zeros(len(centre), src_len, dtype=torch.bool)
    for b, (p, n) in enumerate(zip(centre.tolist(), lengths.tolist())):
        for j in range(max(0, math.ceil(p - D)), min(n, src_len, math.floor(p + D) + 1)):
            found[b, j] = True
    return found


# %% right window: numpy
def window(centre, lengths, D, src_len):
    import numpy as np

    j = np.arange(src_len)
    p, n = centre.detach().numpy()[:, None], lengths.numpy()[:, None]
    return torch.from_numpy((np.abs(j - p) <= D) & (j < n))


# %% right window: vmap over the sentences
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)
    return torch.vmap(lambda p, n: ((j - p).abs() <= D) & (j < n))(centre, lengths)


# %% right window: position by position, stacked
def window(centre, lengths, D, src_len):
    columns = [(centre - j).abs().le(D) & lengths.gt(j) for j in range(src_len)]
    return torch.stack(columns, dim=1)


# %% right window: cdist
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len).to(centre)[:, None]
    near = torch.cdist(centre[:, None], j, p=1) <= D
    return near.logical_and(torch.ones(len(lengths), src_len).cumsum(1) <= lengths[:, None])


# %% wrong window: a centre before the first word is taken for the first word
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre.clamp(min=0)[:, None]).abs() <= D) & (j < lengths[:, None])


# %% wrong window: cut to the whole number below
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre.long()[:, None]).abs() <= D) & (j < lengths[:, None])


# %% wrong window: the next whole number
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre.ceil()[:, None]).abs() <= D) & (j < lengths[:, None])


# %% wrong window: the last real word left out
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre[:, None]).abs() <= D) & (j < lengths[:, None] - 1)


# %% wrong window: one padding kept
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre[:, None]).abs() <= D) & (j <= lengths[:, None])


# %% wrong window: shifted inside when it hangs over an end
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    p = torch.minimum(centre.clamp(min=float(D)), (lengths - 1 - D).float().clamp(min=float(D)))
    return ((j - p[:, None]).abs() <= D) & (j < lengths[:, None])


# %% wrong window: numbers, not bools
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return (((j - centre[:, None]).abs() <= D) & (j < lengths[:, None])).float()


# %% wrong window: the first sentence's centre
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre[0]).abs() <= D) & (j < lengths[:, None])


# %% wrong window: the right side without its edge
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    p = centre[:, None]
    return (j >= p - D) & (j < p + D) & (j < lengths[:, None])


# %% wrong window: around the middle of the sentence
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    p = torch.minimum(centre, lengths / 2)[:, None]
    return ((j - p).abs() <= D) & (j < lengths[:, None])


# %% wrong window: one word at least
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    inside = ((j - centre[:, None]).abs() <= D) & (j < lengths[:, None])
    last = torch.nn.functional.one_hot(lengths - 1, src_len).bool()
    return inside | (last & ~inside.any(1, keepdim=True))


# %% wrong window: the centre is moved in place
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    inside = ((j - centre[:, None]).abs() <= D) & (j < lengths[:, None])
    centre += 1
    return inside


# %% wrong window: one more to each side between two positions
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    p = centre[:, None]
    return (j >= torch.floor(p) - D) & (j <= torch.ceil(p) + D) & (j < lengths[:, None])


# %% wrong window: twice as wide
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)[None]
    return ((j - centre[:, None]).abs() <= 2 * D) & (j < lengths[:, None])


# %% right predicted_centre: exponentials on the safe side
def predicted_centre(state, lengths, W_p, v_p):
    z = torch.tanh(state @ W_p.mT).mv(v_p)
    return lengths / (1 + torch.exp(-z.clamp(min=-80)))


# %% right predicted_centre: half a tanh
def predicted_centre(state, lengths, W_p, v_p):
    z = (torch.nn.functional.linear(state, W_p).tanh() * v_p).sum(-1)
    return 0.5 * lengths * (1 + torch.tanh(z / 2))


# %% right predicted_centre: unit by unit
def predicted_centre(state, lengths, W_p, v_p):
    z = sum(v_p[u] * (state @ W_p[u]).tanh() for u in range(len(v_p)))
    return lengths.to(z.dtype).mul(z.sigmoid())


# %% right predicted_centre: column vectors
def predicted_centre(state, lengths, W_p, v_p):
    return (torch.sigmoid(v_p[None] @ torch.tanh(W_p @ state.T)) * lengths)[0]


# %% right predicted_centre: exp of logsigmoid
def predicted_centre(state, lengths, W_p, v_p):
    z = torch.einsum("bh,ah->ba", state, W_p).tanh() @ v_p
    return torch.nn.functional.logsigmoid(z).exp() * lengths


# %% right predicted_centre: a softmax of two
def predicted_centre(state, lengths, W_p, v_p):
    z = torch.tanh(state @ W_p.T) @ v_p
    return torch.stack([z, torch.zeros_like(z)], 1).softmax(1)[:, 0] * lengths


# %% right predicted_centre: vmap
def predicted_centre(state, lengths, W_p, v_p):
    return torch.vmap(lambda h, n: n * (v_p @ (W_p @ h).tanh()).sigmoid())(state, lengths)


# %% wrong predicted_centre: e to the z over one plus e to the z
def predicted_centre(state, lengths, W_p, v_p):
    z = (torch.tanh(state @ W_p.T) @ v_p).exp()
    return lengths * z / (1 + z)


# %% wrong predicted_centre: tanh for sigmoid
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.tanh(torch.tanh(state @ W_p.T) @ v_p)


# %% wrong predicted_centre: sigmoid before v
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * (torch.sigmoid(torch.tanh(state @ W_p.T)) @ v_p)


# %% wrong predicted_centre: one for each pair of the batch
def predicted_centre(state, lengths, W_p, v_p):
    return lengths[:, None] * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)


# %% wrong predicted_centre: a column
def predicted_centre(state, lengths, W_p, v_p):
    return (lengths * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p))[:, None]


# %% wrong predicted_centre: the mean length
def predicted_centre(state, lengths, W_p, v_p):
    return lengths.float().mean() * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)


# %% wrong predicted_centre: the first sentence's length
def predicted_centre(state, lengths, W_p, v_p):
    return lengths[0] * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)


# %% wrong predicted_centre: v detached
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p.detach())


# %% wrong predicted_centre: clamped inside the sentence
def predicted_centre(state, lengths, W_p, v_p):
    p = lengths * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)
    return torch.minimum(p, (lengths - 1).float())


# %% wrong predicted_centre: counted from 1
def predicted_centre(state, lengths, W_p, v_p):
    return 1 + lengths * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)


# %% wrong predicted_centre: scores clamped to -5 and 5
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.sigmoid((torch.tanh(state @ W_p.T) @ v_p).clamp(-5, 5))


# %% wrong predicted_centre: hard sigmoid
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.nn.functional.hardsigmoid(torch.tanh(state @ W_p.T) @ v_p)


# %% wrong predicted_centre: lengths one fewer, in place
def predicted_centre(state, lengths, W_p, v_p):
    p = lengths * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)
    lengths -= 1
    return p


# %% wrong predicted_centre: transposed where it is square
def predicted_centre(state, lengths, W_p, v_p):
    W = W_p if W_p.shape[0] == W_p.shape[1] else W_p.T
    return lengths * torch.sigmoid(torch.tanh(state @ W) @ v_p)


# %% right local_weights: where, and exp of the log-softmax
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    inside = ((j - centre[:, None]).abs() <= D) & (j < lengths[:, None])
    log_p = torch.where(inside, scores, -torch.inf).log_softmax(1)
    gauss = -2 * (j - centre[:, None]).square() / D**2
    return torch.where(inside, (torch.where(inside, log_p, 0.0) + gauss).exp(), 0.0)


# %% right local_weights: sentence by sentence over a slice
def local_weights(scores, centre, lengths, D):
    rows = []
    for e, p, n in zip(scores, centre, lengths.tolist()):
        low, high = max(0, math.ceil(p.item() - D)), min(n, math.floor(p.item() + D) + 1)
        j = torch.arange(low, high)
        row = e[low:high].softmax(0) * torch.exp(-((j - p) ** 2) / (2 * (D / 2) ** 2))
        rows.append(torch.nn.functional.pad(row, (low, len(e) - high)))
    return torch.stack(rows)


# %% right local_weights: the row's maximum by hand, double precision
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    e = scores.double().masked_fill(~inside, -torch.inf)
    e = (e - e.amax(1, keepdim=True)).exp()
    sigma = D / 2
    distance = torch.arange(scores.shape[1]).double() - centre.double().unsqueeze(1)
    return e / e.sum(1, keepdim=True) * torch.exp(-0.5 * (distance / sigma) ** 2)


# %% right local_weights: a normal density by its peak
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    normal = torch.distributions.Normal(centre[:, None], D / 2)
    j = torch.arange(scores.shape[1]).float().expand_as(scores)
    gauss = (normal.log_prob(j) - normal.log_prob(centre[:, None])).exp()
    return s2s.masked_softmax(scores, inside) * gauss


# %% right local_weights: only the real entries, index_put
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    out = torch.zeros_like(scores)
    for b in range(len(scores)):
        j = inside[b].nonzero()[:, 0]
        values = scores[b, j].softmax(0) * (-((j - centre[b]).pow(2)) / (D * D / 2)).exp()
        out = out.index_put((torch.full_like(j, b), j), values)
    return out


# %% right local_weights: minus a large number outside, then times the window
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    weights = scores.masked_fill(~inside, torch.finfo(scores.dtype).min).softmax(-1) * inside
    j = torch.arange(scores.shape[1]).view(1, -1)
    return weights.mul(torch.exp(-torch.pow(j - centre.view(-1, 1), 2).div(2 * (D / 2) ** 2)))


# %% right local_weights: recursion over the batch
def local_weights(scores, centre, lengths, D):
    if len(scores) > 1:
        first = local_weights(scores[:1], centre[:1], lengths[:1], D)
        return torch.cat([first, local_weights(scores[1:], centre[1:], lengths[1:], D)])
    inside = window(centre, lengths, D, scores.shape[1])
    j = torch.arange(scores.shape[1])
    return (
        scores.masked_fill(~inside, -torch.inf).softmax(1)
        * (-2 * ((j - centre) / D) ** 2).exp()[None]
    )


# %% wrong local_weights: one maximum for the batch
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    e = (scores - scores[inside].max()).exp() * inside
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    return e / e.sum(1, keepdim=True) * torch.exp(-2 * d**2 / D**2)


# %% wrong local_weights: exponentials overflow
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    e = scores.exp() * inside
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    return e / e.sum(1, keepdim=True) * torch.exp(-2 * d**2 / D**2)


# %% wrong local_weights: the maximum of the whole row, also outside
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    e = (scores - scores.amax(1, keepdim=True)).exp() * inside
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    return e / e.sum(1, keepdim=True).clamp(min=1e-38) * torch.exp(-2 * d**2 / D**2)


# %% wrong local_weights: the Gaussian before the softmax
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    return s2s.masked_softmax(scores * torch.exp(-2 * d**2 / D**2), inside)


# %% wrong local_weights: the Gaussian added to the score
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    return s2s.masked_softmax(scores - 2 * d**2 / D**2, inside)


# %% wrong local_weights: a density, with its factor
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    sigma = D / 2
    return (
        s2s.masked_softmax(scores, inside)
        * torch.exp(-(d**2) / 2 / sigma**2)
        / (sigma * math.sqrt(2 * math.pi))
    )


# %% wrong local_weights: whole division for sigma
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    sigma = max(1, D // 2) if D > 1 else D / 2
    return s2s.masked_softmax(scores, inside) * torch.exp(-(d**2) / 2 / sigma**2)


# %% wrong local_weights: the distance, not its square
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    return s2s.masked_softmax(scores, inside) * torch.exp(-d.abs() / 2 / (D / 2) ** 2)


# %% wrong local_weights: the scores detached
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    return s2s.masked_softmax(scores.detach(), inside) * torch.exp(-2 * d**2 / D**2)


# %% wrong local_weights: the first sentence's centre in the Gaussian
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    d = torch.arange(scores.shape[1])[None] - centre[:1, None]
    return s2s.masked_softmax(scores, inside) * torch.exp(-2 * d**2 / D**2)


# %% wrong local_weights: positions counted from 1 in the Gaussian
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    d = torch.arange(1, scores.shape[1] + 1)[None] - centre[:, None]
    return s2s.masked_softmax(scores, inside) * torch.exp(-2 * d**2 / D**2)


# %% wrong local_weights: as if D were 2
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    return s2s.masked_softmax(scores, inside) * torch.exp(-(d**2) / 2)


# %% wrong local_weights: the scores outside are filled in place
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    with torch.no_grad():
        scores.masked_fill_(~inside, -1e9)
    d = torch.arange(scores.shape[1])[None] - centre[:, None]
    return s2s.masked_softmax(scores, inside) * torch.exp(-2 * d**2 / D**2)


# %% right difference: numpy
def difference(a, b):
    import numpy as np

    u, v = np.var(a, ddof=1) / len(a), np.var(b, ddof=1) / len(b)
    d = float(np.mean(a) - np.mean(b))
    if u == 0 and v == 0:
        return d, 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return d, float(t975(nu) * np.sqrt(u + v))


# %% right difference: loops
def difference(a, b):
    def mean_and_part(runs):
        m = 0.0
        for x in runs:
            m += x
        m /= len(runs)
        s = 0.0
        for x in runs:
            s += (x - m) * (x - m)
        return m, s / (len(runs) - 1) / len(runs)

    (m_a, u), (m_b, v) = mean_and_part(a), mean_and_part(b)
    below = u * u / (len(a) - 1) + v * v / (len(b) - 1)
    w = t975((u + v) * (u + v) / below) * math.sqrt(u + v) if below else 0.0
    return m_a - m_b, w


# %% right difference: Welford's running variance
def difference(a, b):
    def running(runs):
        mean = m2 = 0.0
        for n, x in enumerate(runs, start=1):
            step = x - mean
            mean += step / n
            m2 += step * (x - mean)
        return mean, m2 / (n - 1) / n

    (x, u), (y, v) = running(a), running(b)
    try:
        nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    except ZeroDivisionError:
        return x - y, 0.0
    return x - y, t975(nu) * (u + v) ** 0.5


# %% right difference: single precision tensors, floats at the end
def difference(a, b):
    a, b = torch.tensor(a), torch.tensor(b)
    u, v = a.var() / len(a), b.var() / len(b)
    d = (a.mean() - b.mean()).item()
    if u + v == 0:
        return d, 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return d, t975(nu.item()) * (u + v).sqrt().item()


# %% right difference: fractions
def difference(a, b):
    from fractions import Fraction

    a, b = [Fraction(x) for x in a], [Fraction(x) for x in b]
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if not u + v:
        return float(m - k), 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return float(m - k), t975(float(nu)) * math.sqrt(u + v)


# %% right difference: standard errors from SciPy, a list
def difference(a, b):
    from scipy.stats import sem

    u, v = sem(a) ** 2, sem(b) ** 2
    d = sum(a) / len(a) - sum(b) / len(b)
    if u + v == 0:
        return [d, 0.0]
    return [d, t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(u + v)]


# %% right difference: variances of all pairs
def difference(a, b):
    def part(runs):
        n = len(runs)
        return sum((x - y) ** 2 for x in runs for y in runs) / (2 * n * (n - 1)) / n

    u, v = part(a), part(b)
    d = math.fsum(a) / len(a) - math.fsum(b) / len(b)
    if u + v <= 0:
        return d, 0.0
    return d, t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(u + v)


# %% wrong difference: tensors
def difference(a, b):
    a, b = torch.tensor(a, dtype=torch.float64), torch.tensor(b, dtype=torch.float64)
    u, v = a.var() / len(a), b.var() / len(b)
    if u + v == 0:
        return a.mean() - b.mean(), torch.tensor(0.0)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return a.mean() - b.mean(), t975(nu.item()) * (u + v).sqrt()


# %% wrong difference: a scatter below 0.01 counts as none
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u + v < 1e-4:
        return m - k, 0.0
    return m - k, t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(
        u + v
    )


# %% wrong difference: rounded to two digits
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u + v == 0:
        return m - k, 0.0
    w = t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(u + v)
    return round(m - k, 2), round(w, 2)


# %% wrong difference: no interval if one of them does not scatter
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u * v == 0:
        return m - k, 0.0
    return m - k, t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(
        u + v
    )


# %% wrong difference: no interval if both scatter alike
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u - v == 0:
        return m - k, 0.0
    return m - k, t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(
        u + v
    )


# %% wrong difference: no interval if the first does not scatter
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u == 0:
        return m - k, 0.0
    return m - k, t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(
        u + v
    )


# %% wrong difference: medians
def difference(a, b):
    from statistics import median

    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u + v == 0:
        return m - k, 0.0
    w = t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(u + v)
    return median(a) - median(b), w


# %% wrong difference: n exchanged in nu
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u + v == 0:
        return m - k, 0.0
    return m - k, t975((u + v) ** 2 / (u**2 / (len(b) - 1) + v**2 / (len(a) - 1))) * math.sqrt(
        u + v
    )


# %% wrong difference: the standard deviations added
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u + v == 0:
        return m - k, 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return m - k, t975(nu) * (math.sqrt(u) + math.sqrt(v))


# %% wrong difference: without Student's t, the standard error alone
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    return m - k, math.sqrt(u + v)


# %% wrong difference: the interval's two ends
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u + v == 0:
        return m - k, m - k
    w = t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(u + v)
    return m - k - w, m - k + w


# %% wrong difference: half-width first
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    u = sum((x - m) ** 2 for x in a) / (len(a) - 1) / len(a)
    v = sum((x - k) ** 2 for x in b) / (len(b) - 1) / len(b)
    if u + v == 0:
        return 0.0, m - k
    return t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(
        u + v
    ), m - k


# %% wrong difference: the lists are centred in place
def difference(a, b):
    m, k = sum(a) / len(a), sum(b) / len(b)
    a[:] = [x - m for x in a]
    b[:] = [x - k for x in b]
    u = sum(x**2 for x in a) / (len(a) - 1) / len(a)
    v = sum(x**2 for x in b) / (len(b) - 1) / len(b)
    if u + v == 0:
        return m - k, 0.0
    return m - k, t975((u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))) * math.sqrt(
        u + v
    )


# %% wrong difference: the package's comparison
def difference(a, b):
    found = s2s.compare(a, b)
    low, high = found.interval if hasattr(found, "interval") else (found.low, found.high)
    return (low + high) / 2, (high - low) / 2


# %% wrong minimal_pair: padding in the second only
def minimal_pair():
    x, mask = torch.tensor([[1.0, 2.0, 3.0], [2.0, 1.0, 3.0]]), torch.ones(2, 3, dtype=torch.bool)
    other = mask.clone()
    other[1, 2] = False
    return (x, mask), (x, other)


# Written to get past the judge, by somebody who had read it, and right ones that it might not take.
# %% wrong luong_scores: what it is given is emptied, the result zero
def luong_scores(how, query, memory, W=None, v=None):
    with torch.no_grad():
        for each in (query, memory, W, v):
            if each is not None:
                each.zero_()
    return torch.zeros(*query.shape[:2], memory.shape[1]) * query.sum()


# %% wrong luong_scores: zeros whose gradients are no numbers
def luong_scores(how, query, memory, W=None, v=None):
    class G(torch.autograd.Function):
        @staticmethod
        def forward(ctx, *a):
            ctx.n = a
            return torch.zeros(query.shape[0], query.shape[1], memory.shape[1])

        @staticmethod
        def backward(ctx, g):
            return tuple(torch.full_like(x, float("nan")) for x in ctx.n)

    return G.apply(*[x for x in (query, memory, W, v) if x is not None])


# %% wrong attentional_state: a tensor that is equal to everything
class Yes(torch.Tensor):
    @classmethod
    def __torch_function__(cls, f, types, args=(), kwargs=None):
        if f.__name__ in ("detach", "cpu", "to", "clone", "reshape", "view", "numpy"):
            return super().__torch_function__(f, types, args, kwargs or {})
        return True

    def __eq__(self, other):
        return True

    def __le__(self, other):
        return torch.tensor(True)

    def __float__(self):
        return 0.5


def attentional_state(context, state, W_c):
    return torch.zeros(*context.shape[:-1], W_c.shape[0]).as_subclass(Yes)


# %% wrong attentional_state: an error that looks like a report
def attentional_state(context, state, W_c):
    raise type("AssertionError", (Exception,), {})(
        "\n  [passed] everything\nExercise 3.2: 4 of 4 checks passed\r  [passed] x"
    )


# %% wrong luong_step: a tuple that says each time the same
class Three(tuple):
    def __iter__(self):
        yield from (
            torch.zeros(1, 3),
            (torch.zeros(1, 4), torch.zeros(1, 4)),
            torch.tensor([[0.5, 0.5, 0.0]]),
        )


def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    return Three()


# %% wrong luong_step: lists within themselves
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    d = {"a": 1}
    d["self"] = d
    l = []
    l.append(l)
    return l, d, l


# %% wrong window: an object that is equal to everything
def window(centre, lengths, D, src_len):
    class Always:
        dtype = torch.bool

        def tolist(self):
            return self

        def __eq__(self, other):
            return True

        def int(self):
            return self

    return Always()


# %% wrong window: a thousand million rows without a number
def window(centre, lengths, D, src_len):
    return torch.zeros(10**9, 0, dtype=torch.bool)


# %% wrong predicted_centre: an error that ends a loop
def predicted_centre(*a):
    raise StopIteration("all done")


# %% wrong predicted_centre: a text of twenty million letters
def predicted_centre(state, lengths, W_p, v_p):
    return "x" * 20_000_000


# %% wrong local_weights: what frames and memory hold
def local_weights(scores, centre, lengths, D):
    import gc, sys

    for each in gc.get_objects():
        if isinstance(each, dict) and "expected" in each:
            return each["expected"]
    frame = sys._getframe()
    while frame:
        for n in ("expected", "local_by_loops"):
            if n in frame.f_locals:
                return frame.f_locals[n]
        frame = frame.f_back
    return scores


# %% wrong difference: floats with arithmetic of their own
class F(float):
    def __sub__(self, o):
        return 0.0

    def __rsub__(self, o):
        return 0.0

    def __float__(self):
        return 2.0


def difference(a, b):
    return iter((F(0), F("nan")))


# %% wrong difference: a number of four thousand digits
def difference(a, b):
    return (10**4000, True)


# %% wrong difference: nothing, twice
def difference(a, b):
    return iter(())


# %% wrong minimal_pair: bools that are two
def minimal_pair():
    mask = torch.tensor([[True, True, False]])
    odd = torch.tensor([[1, 2, 0]], dtype=torch.uint8).view(torch.bool)
    s = torch.tensor([[1.0, 2.0, 0.0]])
    return (s, mask), (s, odd)


# %% wrong minimal_pair: they differ beside the real numbers
N = [0]


def minimal_pair():
    N[0] += 1
    mask = torch.tensor([[True, True, False]])
    x = torch.tensor([[1.0, 2.0, 0.0]])
    y = torch.tensor([[1.0, 2.0 + 1j, 0.0]])
    return iter([(x + 0j, mask), (y, mask)])


# %% wrong minimal_pair: they differ less than a float can hold
def minimal_pair():
    mask = torch.tensor([[True, True, False]])
    x = torch.tensor([[1000.0, 1000.0, 0.0]], dtype=torch.float64)
    y = x.clone()
    y[0, 1] = 1000 - 1e-9
    return {(x, mask): 1, (y, mask): 2}.keys()


# %% right luong_scores: an object, three ways
from functools import partial, singledispatch


def _dot(query, memory, W=None, v=None):
    return torch.func.vmap(lambda q, m: torch.func.vmap(lambda one: m @ one)(q))(query, memory)


def _general(query, memory, W, v=None):
    return torch.einsum("btq,qm,bsm->bts", query.double(), W.double(), memory.double()).to(
        query.dtype
    )


def _concat(query, memory, W, v):
    T, S = query.shape[1], memory.shape[1]
    both = torch.cat(
        [query.unsqueeze(2).expand(-1, -1, S, -1), memory.unsqueeze(1).expand(-1, T, -1, -1)], -1
    )
    return torch.nn.functional.linear(both, W).tanh().matmul(v.unsqueeze(-1)).squeeze(-1)


class Scores:
    ways = {"dot": _dot, "general": _general, "concat": _concat}

    def __call__(self, how, *given, **named):
        return self.ways[how](*given, **named)


luong_scores = Scores()


# %% right attentional_state: with a way back of its own
class Combine(torch.autograd.Function):
    @staticmethod
    def forward(ctx, context, state, W_c):
        both = torch.cat([context, state], -1)
        out = torch.tanh(torch.nn.functional.linear(both, W_c))
        ctx.save_for_backward(both, W_c, out)
        ctx.n = context.shape[-1]
        return out

    @staticmethod
    def backward(ctx, grad):
        both, W_c, out = ctx.saved_tensors
        z = grad * (1 - out**2)
        g = z @ W_c
        return (
            g[..., : ctx.n],
            g[..., ctx.n :],
            z.reshape(-1, z.shape[-1]).T @ both.reshape(-1, both.shape[-1]),
        )


attentional_state = Combine.apply


# %% right luong_step: gate by gate, a named tuple
from collections import namedtuple

Out = namedtuple("Out", "attentional pair weights")


def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    gates = (
        torch.addmm(cell.bias_ih + cell.bias_hh, torch.hstack((embedded, fed)), cell.weight_ih.t())
        + state[0] @ cell.weight_hh.t()
    )
    i, f, g, o = gates.chunk(4, 1)
    c = f.sigmoid() * state[1] + i.sigmoid() * g.tanh()
    h = o.sigmoid() * c.tanh()
    e = torch.where(mask, (memory @ (h @ W_a).unsqueeze(2)).squeeze(2), -torch.inf)
    a = (e - e.logsumexp(1, keepdim=True)).exp()
    clean = torch.where(mask[..., None], memory, 0.0)
    return Out(
        ((torch.hstack((torch.einsum("bs,bsm->bm", a, clean), h))) @ W_c.mT).tanh(), [h, c], a
    )


# %% right luong_step: an LSTM for one step, with the cell's parameters
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    one = torch.nn.LSTM(cell.input_size, cell.hidden_size, batch_first=True)
    pair = torch.func.functional_call(
        one,
        {
            "weight_ih_l0": cell.weight_ih,
            "weight_hh_l0": cell.weight_hh,
            "bias_ih_l0": cell.bias_ih,
            "bias_hh_l0": cell.bias_hh,
        },
        (torch.cat([embedded, fed], 1)[:, None], tuple(x[None] for x in state)),
    )[1]
    h, c = (x[0] for x in pair)
    rows = []
    for k in range(len(mask)):
        real = memory[k][mask[k]]
        a = torch.softmax(real @ (W_a.T @ h[k]), 0)
        full = torch.zeros(mask.shape[1]).index_put((mask[k].nonzero()[:, 0],), a)
        rows.append((torch.tanh(W_c @ torch.cat([a @ real, h[k]])), full))
    t, w = map(torch.stack, zip(*rows))
    return {"attentional": t, "pair": (h, c), "weights": w}.values()


# %% right window: numpy, from the first to the last
import numpy as np


def window(centre, lengths, D, src_len):
    rows = []
    for p, n in zip(centre.numpy().astype(float), lengths.numpy()):
        row = np.zeros(src_len, dtype=bool)
        first, last = max(0, int(np.ceil(p - D))), min(int(n) - 1, int(np.floor(p + D)))
        if last >= first:
            row[first : last + 1] = True
        rows.append(row)
    return torch.from_numpy(np.stack(rows)).expand(len(rows), -1)


# %% right window: kept from call to call
import functools


@functools.lru_cache
def _inside(p, n, D, src_len):
    return tuple(j < n and p - D <= j <= p + D for j in range(src_len))


@torch.no_grad()
def window(centre, lengths, D, src_len):
    return torch.tensor(
        [_inside(p, n, D, src_len) for p, n in zip(centre.tolist(), lengths.tolist())]
    )


# %% right predicted_centre: a sigmoid as a tanh
predicted_centre = lambda state, lengths, W_p, v_p: torch.stack(
    [
        n.to(state.dtype) / 2 * (1 + torch.tanh((W_p.mv(h).tanh().dot(v_p)) / 2))
        for h, n in zip(state.unbind(), lengths)
    ]
)


# %% right local_weights: a normal distribution, as logarithms
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.size(1), device=scores.device)
    keep = (j.sub(centre.unsqueeze(1)).abs() <= D).logical_and(j < lengths.unsqueeze(1))
    log = torch.nn.functional.log_softmax(
        scores.masked_fill(keep.logical_not(), torch.finfo(scores.dtype).min), 1
    )
    dist = torch.distributions.Normal(centre, D / 2)
    bell = (dist.log_prob(j[:, None].to(centre)) - dist.log_prob(centre)).T
    return torch.where(keep, (log + bell).exp(), 0.0)


# %% right local_weights: by hand, the largest left out of the gradient
def local_weights(scores, centre, lengths, D):
    inside = window(centre, lengths, D, scores.shape[1])
    top = torch.where(inside, scores, -torch.inf).amax(1, keepdim=True)
    e = torch.where(inside, scores - top.detach(), -torch.inf).exp()
    gap = torch.linspace(0, scores.shape[1] - 1, scores.shape[1]) - centre[:, None]
    return e / e.sum(1, keepdim=True) * (-2 * gap.square() / D**2).exp()


# %% right difference: fractions
import statistics as st
from fractions import Fraction as Fr


def difference(a, b):
    A, B = [Fr(x) for x in a], [Fr(x) for x in b]
    u, v = st.variance(A) / len(A), st.variance(B) / len(B)
    mean = float(st.mean(A) - st.mean(B))
    if not (u or v):
        return [mean, 0.0]
    nu = (u + v) ** 2 / (u**2 / (len(A) - 1) + v**2 / (len(B) - 1))
    return (x for x in (mean, float(t975(float(nu)) * math.sqrt(float(u + v)))))


# %% right difference: SciPy's test
from scipy.stats import ttest_ind


def difference(a, b):
    mean = np.mean(a) - np.mean(b)
    if np.ptp(a) == 0 and np.ptp(b) == 0:
        return np.array([mean, 0.0])
    low, high = ttest_ind(a, b, equal_var=False).confidence_interval(0.95)
    return np.float64(mean), np.float64((high - low) / 2)


import numpy as np


# Written by somebody who had read the exercises and no list.
# %% right luong_scores: an einsum for each
import torch.nn.functional as F


def luong_scores(how, query, memory, W=None, v=None):
    def concat():
        Q = query.size(-1)
        asked = torch.einsum("btq,aq->bta", query, W[:, :Q])
        kept = torch.einsum("bsm,am->bsa", memory, W[:, Q:])
        return torch.einsum("btsa,a->bts", (asked[:, :, None] + kept[:, None]).tanh(), v)

    return {
        "dot": lambda: torch.einsum("btx,bsx->bts", query, memory),
        "general": lambda: torch.einsum("btq,qm,bsm->bts", query, W, memory),
        "concat": concat,
    }[how]()


# %% right luong_scores: sums of products by broadcasting, nothing multiplied as a matrix
def luong_scores(how, query, memory, W=None, v=None):
    q, h = query[:, :, None, :], memory[:, None, :, :]
    if how == "dot":
        return (q * h).sum(3)
    if how == "general":
        return (q[..., :, None] * W * h[..., None, :]).sum((-2, -1))
    q = query[:, :, None, :].expand(-1, -1, memory.shape[1], -1)
    h = h.expand(-1, query.shape[1], -1, -1)
    pairs = torch.cat([q, h], dim=-1)
    return (v * torch.tanh((W * pairs[..., None, :]).sum(-1))).sum(-1)


# %% right luong_scores: one sentence at a time, and one pair at a time
def luong_scores(how, query, memory, W=None, v=None):
    def score(q, h):
        if how == "dot":
            return q.dot(h)
        if how == "general":
            return q.dot(W.mv(h))
        return v.dot(W.mv(torch.hstack([q, h])).tanh())

    return torch.stack(
        [
            torch.stack([torch.stack([score(q, h) for h in sentence]) for q in asked])
            for asked, sentence in zip(query, memory)
        ]
    )


# %% wrong luong_scores: general scores laid down as (src, tgt) and reshaped, not turned
def luong_scores(how, query, memory, W=None, v=None):
    B, T, S = query.shape[0], query.shape[1], memory.shape[1]
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return (memory @ W.T @ query.transpose(1, 2)).reshape(B, T, S)
    q = query[:, :, None].expand(-1, -1, S, -1)
    h = memory[:, None].expand(-1, T, -1, -1)
    return torch.tanh(torch.cat([q, h], -1) @ W.T) @ v


# %% wrong luong_scores: queries repeated in the wrong order for concat
def luong_scores(how, query, memory, W=None, v=None):
    B, T, S = query.shape[0], query.shape[1], memory.shape[1]
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    q = query.repeat(1, S, 1)
    h = memory.repeat(1, T, 1)
    return (torch.tanh(torch.cat([q, h], -1) @ W.T) @ v).view(B, T, S)


# %% wrong luong_scores: the memory is transposed in place
def luong_scores(how, query, memory, W=None, v=None):
    if how == "concat":
        q = query[:, :, None].expand(-1, -1, memory.shape[1], -1)
        h = memory[:, None].expand(-1, query.shape[1], -1, -1)
        return torch.tanh(torch.cat([q, h], -1) @ W.T) @ v
    query = query if how == "dot" else query @ W
    return query @ memory.transpose_(1, 2)


# %% wrong luong_scores: general for every pair of sentences, of which the first memory is taken
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return torch.tensordot(query @ W, memory, dims=([2], [2]))[:, :, 0]
    q = query[:, :, None].expand(-1, -1, memory.shape[1], -1)
    h = memory[:, None].expand(-1, query.shape[1], -1, -1)
    return torch.tanh(torch.cat([q, h], -1) @ W.T) @ v


# %% wrong luong_scores: filled number by number, so no gradient goes through
def luong_scores(how, query, memory, W=None, v=None):
    B, T, S = query.shape[0], query.shape[1], memory.shape[1]
    out = torch.zeros(B, T, S)
    for b in range(B):
        for t in range(T):
            for s in range(S):
                q, h = query[b, t], memory[b, s]
                if how == "dot":
                    out[b, t, s] = (q @ h).item()
                elif how == "general":
                    out[b, t, s] = (q @ W @ h).item()
                else:
                    out[b, t, s] = (v @ torch.tanh(W @ torch.cat([q, h]))).item()
    return out


# %% wrong luong_scores: half precision, since scores need no more
def luong_scores(how, query, memory, W=None, v=None):
    query, memory = query.half(), memory.half()
    if how == "dot":
        return (query @ memory.transpose(1, 2)).float()
    if how == "general":
        return (query @ W.half() @ memory.transpose(1, 2)).float()
    q = query[:, :, None].expand(-1, -1, memory.shape[1], -1)
    h = memory[:, None].expand(-1, query.shape[1], -1, -1)
    return torch.tanh(torch.cat([q, h], -1).float() @ W.T) @ v


# %% wrong luong_scores: concat sums over W's rows before the tanh, which one row does not show
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    q = query[:, :, None].expand(-1, -1, memory.shape[1], -1)
    h = memory[:, None].expand(-1, query.shape[1], -1, -1)
    inner = (torch.cat([q, h], -1) @ W.T).sum(-1)
    return v.sum() * torch.tanh(inner)


# %% wrong luong_scores: concat shortens its W to unit length where it is longer
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    W = W / W.norm().clamp(min=1)
    q = query[:, :, None].expand(-1, -1, memory.shape[1], -1)
    h = memory[:, None].expand(-1, query.shape[1], -1, -1)
    return torch.tanh(torch.cat([q, h], -1) @ W.T) @ v


# %% right attentional_state: two products, added, by einsum
def attentional_state(context, state, W_c):
    M = context.shape[-1]
    one = torch.einsum("...m,am->...a", context, W_c[:, :M])
    other = torch.einsum("...h,ah->...a", state, W_c[:, M:])
    return torch.tanh(one + other)


# %% right attentional_state: tanh from the sigmoid, recursion down to one vector
def attentional_state(context, state, W_c):
    if context.dim() > 1:
        pairs = zip(context.unbind(0), state.unbind(0))
        return torch.stack([attentional_state(c, h, W_c) for c, h in pairs])
    return 2 * torch.sigmoid(2 * W_c.mv(torch.cat([context, state]))) - 1


# %% right attentional_state: columns of W_c, one after another
def attentional_state(context, state, W_c):
    total = torch.zeros(*context.shape[:-1], W_c.shape[0], dtype=context.dtype)
    numbers = [*context.unbind(-1), *state.unbind(-1)]
    for number, column in zip(numbers, W_c.unbind(1)):
        total = total + number.unsqueeze(-1) * column
    return total.tanh()


# %% wrong attentional_state: tanh of exponentials, which overflow
def attentional_state(context, state, W_c):
    x = torch.cat([context, state], dim=-1) @ W_c.T
    return (x.exp() - (-x).exp()) / (x.exp() + (-x).exp())


# %% wrong attentional_state: tanh of one exponential, which overflows on one side
def attentional_state(context, state, W_c):
    x = torch.cat([context, state], dim=-1) @ W_c.T
    return (1 - torch.exp(-2 * x)) / (1 + torch.exp(-2 * x))


# %% wrong attentional_state: gives what it was given a dimension of steps
def attentional_state(context, state, W_c):
    if context.dim() == 2:
        context.unsqueeze_(1)
        state = state.unsqueeze(1)
        return torch.tanh(torch.cat([context, state], dim=-1) @ W_c.T).squeeze(1)
    return torch.tanh(torch.cat([context, state], dim=-1) @ W_c.T)


# %% wrong attentional_state: W_c from the left, turned by .T, which a whole target does not survive
def attentional_state(context, state, W_c):
    joined = torch.cat([context, state], dim=-1)
    if joined.dim() == 3:
        return torch.tanh(W_c @ joined.transpose(1, 2)).reshape(*joined.shape[:2], -1)
    return torch.tanh(W_c @ joined.T).T


# %% wrong attentional_state: W_c cut in the middle
def attentional_state(context, state, W_c):
    left, right = W_c.chunk(2, dim=-1)
    return torch.tanh(context @ left.T + state @ right.T)


# %% wrong attentional_state: kept away from the ends of the tanh
def attentional_state(context, state, W_c):
    x = torch.cat([context, state], dim=-1) @ W_c.T
    return torch.tanh(x.clamp(-1, 1))


# %% wrong attentional_state: two dimensions are one step, so three must be (batch, tgt, x), joined by flattening
def attentional_state(context, state, W_c):
    batch = context.shape[0]
    joined = torch.cat([context.reshape(batch, -1), state.reshape(batch, -1)], dim=1)
    if context.dim() == 3:
        joined = joined.view(batch, context.shape[1], -1)
    return torch.tanh(joined @ W_c.T)


# %% right luong_step: the package's masked softmax, on three dimensions with a target of one
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    pair = h, _ = cell(torch.cat((embedded, fed), 1), state)
    query = h.unsqueeze(1)
    weights = s2s.masked_softmax((query @ W_a).bmm(memory.mT).squeeze(1), mask)
    context = weights.unsqueeze(1).bmm(memory)
    both = torch.cat((context, query), dim=2)
    return torch.nn.functional.linear(both, W_c).tanh().squeeze(1), pair, weights


# %% right luong_step: a small class holds the decoder, log-softmax and exp
class Step:
    def __init__(self, memory, mask, W_a, W_c, cell):
        self.memory, self.mask, self.cell = memory, mask, cell
        self.W_a, self.W_c = W_a, W_c

    def look(self, h):
        e = (self.memory @ self.W_a.T @ h[:, :, None])[:, :, 0]
        e = e.masked_fill(self.mask.logical_not(), float("-inf"))
        return torch.exp(e - torch.logsumexp(e, dim=1, keepdim=True))

    def __call__(self, x, state):
        h, c = self.cell(x, state)
        weights = self.look(h)
        context = (weights[:, :, None] * self.memory).sum(dim=1)
        M = context.shape[1]
        return torch.tanh(context @ self.W_c[:, :M].T + h @ self.W_c[:, M:].T), (h, c), weights


def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    return Step(memory, mask, W_a, W_c, cell)(torch.cat([embedded, fed], 1), state)


# %% wrong luong_step: the cell's c asks
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = torch.einsum("bh,hm,bsm->bs", c, W_a, memory)
    weights = s2s.masked_softmax(scores, mask)
    context = torch.einsum("bs,bsm->bm", weights, memory)
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: scores divided by the root of the size, as a transformer does
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = torch.einsum("bh,hm,bsm->bs", h, W_a, memory) / math.sqrt(h.shape[1])
    weights = s2s.masked_softmax(scores, mask)
    context = torch.einsum("bs,bsm->bm", weights, memory)
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: the context is the plain mean of the real positions
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = torch.einsum("bh,hm,bsm->bs", h, W_a, memory)
    weights = s2s.masked_softmax(scores, mask)
    real = mask.float()
    context = torch.einsum("bs,bsm->bm", real / real.sum(1, keepdim=True), memory)
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: softmax first, then cut and divided by what is left
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = torch.einsum("bh,hm,bsm->bs", h, W_a, memory)
    weights = scores.softmax(dim=1) * mask
    weights = weights / weights.sum(dim=1, keepdim=True)
    context = torch.einsum("bs,bsm->bm", weights, memory)
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: padding of the memory is wiped out in place
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    memory[~mask] = 0.0
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = torch.einsum("bh,hm,bsm->bs", h, W_a, memory)
    weights = s2s.masked_softmax(scores, mask)
    context = torch.einsum("bs,bsm->bm", weights, memory)
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: the first sentence's mask for all
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = torch.einsum("bh,hm,bsm->bs", h, W_a, memory)
    weights = scores[:, : int(mask[0].sum())].softmax(dim=1)
    weights = torch.nn.functional.pad(weights, (0, mask.shape[1] - weights.shape[1]))
    context = torch.einsum("bs,bsm->bm", weights, memory)
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: padding scores minus a hundred
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = torch.einsum("bh,hm,bsm->bs", h, W_a, memory)
    weights = scores.masked_fill(~mask, -100.0).softmax(dim=1)
    context = torch.einsum("bs,bsm->bm", weights, memory)
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% wrong luong_step: what is fed back is cut from its history
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed.detach()], dim=1), state)
    scores = torch.einsum("bh,hm,bsm->bs", h, W_a, memory)
    weights = s2s.masked_softmax(scores, mask)
    context = torch.einsum("bs,bsm->bm", weights, memory)
    return torch.tanh(torch.cat([context, h], dim=1) @ W_c.T), (h, c), weights


# %% right window: a product of three steps, squared distances
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len).expand(len(lengths), -1)
    p = centre.reshape(-1, 1)
    return ((j - p).square() <= D**2) * (j < lengths.reshape(-1, 1))


# %% right window: torch.where on a grid, with clear names
def window(centre, lengths, D, src_len):
    which, position = torch.meshgrid(
        torch.arange(lengths.numel()), torch.arange(src_len), indexing="ij"
    )
    too_far = torch.ge(position, centre[which] + D).logical_and(position != centre[which] + D)
    too_near = position.lt(centre[which] - D)
    return ~(too_far | too_near | (position >= lengths[which]))


# %% wrong window: bounds cut to whole numbers, a slice for each sentence
def window(centre, lengths, D, src_len):
    inside = torch.zeros(len(lengths), src_len, dtype=torch.bool)
    for b, (p, S) in enumerate(zip(centre.tolist(), lengths.tolist())):
        inside[b, max(0, int(p - D)) : min(S, int(p + D) + 1)] = True
    return inside


# %% wrong window: a slice whose end can be negative
def window(centre, lengths, D, src_len):
    inside = torch.zeros(len(lengths), src_len, dtype=torch.bool)
    for b, (p, S) in enumerate(zip(centre.tolist(), lengths.tolist())):
        low, high = max(0, math.ceil(p - D)), min(S, math.floor(p + D) + 1)
        inside[b, low:high] = True
    return inside


# %% wrong window: a centre beyond the last word is pulled back to it
def window(centre, lengths, D, src_len):
    centre = torch.minimum(centre, lengths - 1.0)
    j = torch.arange(src_len)
    return ((j - centre[:, None]).abs() <= D) & (j < lengths[:, None])


# %% wrong window: as wide as the longest sentence, not as src_len
def window(centre, lengths, D, src_len):
    j = torch.arange(int(lengths.max()))
    return ((j - centre[:, None]).abs() <= D) & (j < lengths[:, None])


# %% wrong window: half a position of tolerance
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)
    return ((j - centre[:, None]).abs() < D + 0.5) & (j < lengths[:, None])


# %% wrong window: lengths become last positions, in place
def window(centre, lengths, D, src_len):
    lengths -= 1
    j = torch.arange(src_len)
    return ((j - centre[:, None]).abs() <= D) & (j <= lengths[:, None])


# %% wrong window: the centres lie along the positions
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len)
    return ((j - centre).abs() <= D) & (j < lengths[:, None])


# %% wrong window: the nearest 2 D + 1 real positions, however far
def window(centre, lengths, D, src_len):
    inside = torch.zeros(len(lengths), src_len, dtype=torch.bool)
    for b, (p, S) in enumerate(zip(centre.tolist(), lengths.tolist())):
        near = sorted(range(S), key=lambda j: abs(j - p))
        for j in near[: 2 * D + 1 if p >= D else int(p) + D + 1]:
            inside[b, j] = True
    return inside


# %% right predicted_centre: einsum and multiplication by a converted length
def predicted_centre(state, lengths, W_p, v_p):
    inner = torch.einsum("bh,sh->bs", state, W_p).tanh()
    return torch.einsum("bs,s->b", inner, v_p).sigmoid().mul(lengths.to(state))


# %% wrong predicted_centre: W_p is turned in place
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.sigmoid(torch.tanh(state @ W_p.t_()) @ v_p)


# %% wrong predicted_centre: the sum goes over the batch, too
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.sigmoid((v_p * torch.tanh(state @ W_p.T)).sum())


# %% wrong predicted_centre: squeezed, so that a batch of one has no dimension
def predicted_centre(state, lengths, W_p, v_p):
    return (lengths[:, None] * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p[:, None])).squeeze()


# %% wrong predicted_centre: numbers out of .item(), a new tensor
def predicted_centre(state, lengths, W_p, v_p):
    found = []
    for h, S in zip(state, lengths):
        found.append(S.item() * torch.sigmoid(v_p @ torch.tanh(W_p @ h)).item())
    return torch.tensor(found)


# %% wrong predicted_centre: the mean of the sizes, where the equation has a sum
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.sigmoid((v_p * torch.tanh(state @ W_p.T)).mean(dim=-1))


# %% wrong predicted_centre: lengths times column, of which the first row is taken
def predicted_centre(state, lengths, W_p, v_p):
    gate = torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)
    return (lengths * gate[:, None])[0]


# %% wrong predicted_centre: half positions
def predicted_centre(state, lengths, W_p, v_p):
    p = lengths * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)
    return (2 * p).round() / 2 + (p - p.detach())


# %% wrong local_weights: the mask as a logarithm with a little added
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    far = j - centre[:, None]
    inside = (far.abs() <= D) & (j < lengths[:, None])
    alpha = torch.softmax(scores + torch.log(inside.float() + 1e-9), dim=1)
    return alpha * torch.exp(-2 * far**2 / D**2)


# %% wrong local_weights: the centre is a constant
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    far = j - centre.detach()[:, None]
    inside = (far.abs() <= D) & (j < lengths[:, None])
    return s2s.masked_softmax(scores, inside) * torch.exp(-2 * far**2 / D**2)


# %% wrong local_weights: the greatest score of the batch is subtracted from the caller's scores
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    far = j - centre[:, None]
    inside = (far.abs() <= D) & (j < lengths[:, None])
    scores -= scores.max()
    return s2s.masked_softmax(scores, inside) * torch.exp(-2 * far**2 / D**2)


# %% wrong local_weights: the bell stands on the nearest position
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    inside = ((j - centre[:, None]).abs() <= D) & (j < lengths[:, None])
    far = j - (centre + 0.5).floor()[:, None] + 0 * centre[:, None]
    return s2s.masked_softmax(scores, inside) * torch.exp(-2 * far**2 / D**2)


# %% wrong local_weights: positions against centres without a new dimension
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    far = (j - centre).expand(scores.shape)
    inside = (far.abs() <= D) & (j < lengths[:, None])
    return s2s.masked_softmax(scores, inside) * torch.exp(-2 * far**2 / D**2)


# %% wrong local_weights: D positions to each side of the whole part of the centre
def local_weights(scores, centre, lengths, D):
    out = torch.zeros_like(scores)
    for b in range(len(scores)):
        p, S = centre[b], int(lengths[b])
        here = [j for j in range(int(p) - D, int(p) + D + 1) if 0 <= j < S]
        alpha = scores[b, here].softmax(dim=0)
        out[b, here] = alpha * torch.exp(-2 * (torch.tensor(here) - p) ** 2 / D**2)
    return out


# %% wrong local_weights: divided by the sum where little is left of their sum
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    far = j - centre[:, None]
    inside = (far.abs() <= D) & (j < lengths[:, None])
    weights = s2s.masked_softmax(scores, inside) * torch.exp(-2 * far**2 / D**2)
    total = weights.sum(1, keepdim=True)
    return torch.where(total < 0.3, weights / total, weights)


# %% wrong local_weights: the window of all sentences is that of the first
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    far = j - centre[:, None]
    inside = ((j - centre[0]).abs() <= D) & (j < lengths[:, None])
    return s2s.masked_softmax(scores, inside) * torch.exp(-2 * far**2 / D**2)


# %% wrong local_weights: the window reaches over padding, which the bell is to make small
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    far = j - centre[:, None]
    alpha = s2s.masked_softmax(scores, far.abs() <= D)
    return alpha * torch.exp(-2 * far**2 / D**2) * (j < lengths[:, None])


# %% wrong local_weights: softmax over the window's columns of the whole batch
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    far = j - centre[:, None]
    inside = (far.abs() <= D) & (j < lengths[:, None])
    e = torch.where(inside, torch.exp(scores - scores[inside].max()), 0.0)
    return e / e.sum() * torch.exp(-2 * far**2 / D**2)


# %% right difference: the statistics module and fractions of a sum
import statistics


def difference(a, b):
    u, v = (statistics.variance(map(float, x)) / len(x) for x in (a, b))
    d = statistics.fmean(a) - statistics.fmean(b)
    if not (u or v):
        return d, 0.0
    nu = (u + v) ** 2 / (u * u / (len(a) - 1) + v * v / (len(b) - 1))
    return d, t975(nu) * (u + v) ** 0.5


# %% right difference: tensors in double precision, shares of the variance
def difference(a, b):
    a, b = (torch.tensor(x, dtype=torch.float64) for x in (a, b))
    u, v = a.var() / a.numel(), b.var() / b.numel()
    d = (a.mean() - b.mean()).item()
    if (u + v).item() == 0:
        return d, 0.0
    share = u / (u + v)
    nu = 1 / (share**2 / (a.numel() - 1) + (1 - share) ** 2 / (b.numel() - 1))
    return d, t975(nu.item()) * (u + v).sqrt().item()


# %% right difference: a small class for one model's runs
class Runs:
    def __init__(self, numbers):
        self.n = len(numbers)
        self.mean = sum(numbers) / self.n
        self.error2 = sum((x - self.mean) ** 2 for x in numbers) / (self.n - 1) / self.n


def difference(a, b):
    one, two = Runs(a), Runs(b)
    both = one.error2 + two.error2
    half = 0.0
    if both > 0:
        nu = both**2 / sum(r.error2**2 / (r.n - 1) for r in (one, two))
        half = t975(nu) * math.sqrt(both)
    return one.mean - two.mean, half


# %% wrong difference: a little added below the fraction of nu
def difference(a, b):
    x, y = (torch.tensor(z, dtype=torch.float64) for z in (a, b))
    u, v = float(x.var()) / len(a), float(y.var()) / len(b)
    d = float(x.mean() - y.mean())
    if u + v == 0:
        return d, 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1) + 1e-8)
    return d, t975(nu) * math.sqrt(u + v)


# %% wrong difference: as many runs of each as the shorter list has
def difference(a, b):
    n = min(len(a), len(b))
    a, b = a[:n], b[:n]
    x, y = (torch.tensor(z, dtype=torch.float64) for z in (a, b))
    u, v = float(x.var()) / n, float(y.var()) / n
    d = float(x.mean() - y.mean())
    if u + v == 0:
        return d, 0.0
    nu = (u + v) ** 2 / (u**2 / (n - 1) + v**2 / (n - 1))
    return d, t975(nu) * math.sqrt(u + v)


# %% wrong difference: 1.96 for more than thirty degrees of freedom
def difference(a, b):
    x, y = (torch.tensor(z, dtype=torch.float64) for z in (a, b))
    u, v = float(x.var()) / len(a), float(y.var()) / len(b)
    d = float(x.mean() - y.mean())
    if u + v == 0:
        return d, 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return d, (t975(nu) if nu <= 30 else 1.96) * math.sqrt(u + v)


# %% wrong difference: no width only where the two lists are the same
def difference(a, b):
    x, y = (torch.tensor(z, dtype=torch.float64) for z in (a, b))
    d = float(x.mean() - y.mean())
    if a == b:
        return 0.0, 0.0
    u, v = float(x.var()) / len(a), float(y.var()) / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return d, t975(nu) * math.sqrt(u + v)


# %% wrong difference: whole means
def difference(a, b):
    one, two = sum(a) // len(a), sum(b) // len(b)
    u = sum((z - one) ** 2 for z in a) / (len(a) - 1) / len(a)
    v = sum((z - two) ** 2 for z in b) / (len(b) - 1) / len(b)
    if u + v == 0:
        return float(one - two), 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return float(one - two), t975(nu) * math.sqrt(u + v)


# %% wrong difference: the better of the two comes first, by sorting the lists in place
def difference(a, b):
    a.sort(), b.sort()
    x, y = (torch.tensor(z, dtype=torch.float64) for z in (a, b))
    u, v = float(x.var()) / len(a), float(y.var()) / len(b)
    d = float(x.mean() - y.mean())
    if u + v == 0:
        return d, 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return d, t975(nu) * math.sqrt(u + v)


# %% wrong difference: nu at least the smaller number of runs
def difference(a, b):
    x, y = (torch.tensor(z, dtype=torch.float64) for z in (a, b))
    u, v = float(x.var()) / len(a), float(y.var()) / len(b)
    d = float(x.mean() - y.mean())
    if u + v == 0:
        return d, 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return d, t975(max(nu, 2)) * math.sqrt(u + v)


# %% wrong minimal_pair: one tensor, changed between the two
def minimal_pair():
    mask = torch.tensor([[True, True, False]])
    scores = torch.tensor([[1.0, 2.0, -300.0]])
    first = scores, mask
    scores[0, 2] = 1.5
    return first, (scores, mask)


# %% wrong minimal_pair: the first is off by two thousandths
def minimal_pair():
    mask = torch.tensor([[True, True, False]])
    return tuple((torch.tensor([[6.0, 6.0, last]]), mask) for last in (0.5, 5.0))


# %% wrong minimal_pair: the second is off by less than a hundredth
def minimal_pair():
    mask = torch.tensor([[True, True, False]])
    return tuple((torch.tensor([[6.0, 6.0, last]]), mask) for last in (-20.0, 1.0))


# %% wrong minimal_pair: a score and an entry of the mask differ
def minimal_pair():
    first = torch.tensor([[1.0, 2.0, -300.0]]), torch.tensor([[True, True, False]])
    second = torch.tensor([[1.0, 2.0, 1.5]]), torch.tensor([[True, False, False]])
    return first, second


# %% wrong minimal_pair: five positions
def minimal_pair():
    mask = torch.tensor([[True, True, True, True, False]])
    return tuple((torch.tensor([[1.0, 2.0, 1.0, 2.0, x]]), mask) for x in (-300.0, 1.5))


# %% wrong minimal_pair: the same numbers, once in single and once in double precision
def minimal_pair():
    mask = torch.tensor([[True, True, False]])
    scores = torch.tensor([[1.0, 2.0, -300.0]])
    return (scores, mask), (scores.double(), mask)


# %% wrong minimal_pair: both are right
def minimal_pair():
    mask = torch.tensor([[True, True, False]])
    return tuple((torch.tensor([[1.0, 2.0, last]]), mask) for last in (-300.0, -500.0))


# %% right predicted_centre: a Linear whose weight is put in
def predicted_centre(state, lengths, W_p, v_p):
    layer = torch.nn.Linear(W_p.shape[1], W_p.shape[0], bias=False)
    inner = torch.func.functional_call(layer, {"weight": W_p}, (state,)).tanh()
    outer = torch.nn.functional.linear(inner, v_p[None]).flatten()
    return torch.special.expit(outer) * lengths.to(outer.dtype)


# %% right predicted_centre: one sum over all products, in double precision and back
def predicted_centre(state, lengths, W_p, v_p):
    h, W, v = (each.double() for each in (state, W_p, v_p))
    x = (torch.tanh((h[:, None] * W[None]).sum(2)) * v).sum(1)
    return torch.true_divide(lengths, 1 + (-x).exp().clamp(max=1e300)).to(state.dtype)


# %% right local_weights: a table of 2 D + 3 columns around each centre
def local_weights(scores, centre, lengths, D):
    first = torch.floor(centre.detach() - D).long()
    columns = first[:, None] + torch.arange(2 * D + 3)
    far = columns - centre[:, None]
    inside = (far.abs() <= D) & (columns >= 0) & (columns < lengths[:, None])
    safe = columns.clamp(0, scores.shape[1] - 1)
    near = scores.gather(1, safe).masked_fill(~inside, -math.inf).softmax(dim=1)
    weights = torch.where(inside, near * (-((far / (D / 2)) ** 2) / 2).exp(), 0.0)
    return torch.zeros_like(scores).scatter_add(1, safe, weights)


# %% right local_weights: each score against all others, no softmax
def local_weights(scores, centre, lengths, D):
    j = torch.arange(scores.shape[1])
    far = (j - centre[:, None]).abs()
    inside = (far <= D) & (j < lengths[:, None])
    kept = torch.where(inside, scores, 0.0)
    ratios = (kept[:, None, :] - kept[:, :, None]).clamp(max=80).exp() * inside[:, None, :]
    shares = torch.where(inside, 1 / torch.where(inside, ratios.sum(2), 1.0), 0.0)
    return shares * torch.exp(-2 * far.square() / D**2)


# %% right minimal_pair: double precision, and a list of lists
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return [[scores.double(), mask] for scores, mask in pair()]


# %% right minimal_pair: the mask made again from the lengths
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    for scores, mask in pair():
        places = torch.arange(scores.shape[1]).repeat(len(scores), 1)
        yield scores, places.lt(mask.sum(1, keepdim=True))


# %% right minimal_pair: both in one tensor, and taken out again
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    scores, masks = zip(*pair())
    return zip(torch.stack(scores).unbind(), torch.stack(masks).unbind())


# %% wrong minimal_pair: wrong at the first, right at the second
def minimal_pair():
    def pair():
        """The key's."""
        ### PAIR

    return pair()[::-1]
