# ruff: noqa
# One try of a large language model at each function, from its prompt alone (book/assistants.md); test_assistants.py grades them.
# %% luong_scores
def luong_scores(how, query, memory, W=None, v=None):
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    if how == "concat":
        size = query.shape[-1]
        q = (query @ W[:, :size].T)[:, :, None, :]
        m = (memory @ W[:, size:].T)[:, None, :, :]
        return torch.tanh(q + m) @ v
    raise ValueError(f"how must be 'dot', 'general' or 'concat', not {how!r}")


# %% attentional_state
def attentional_state(context, state, W_c):
    return torch.tanh(torch.cat([context, state], dim=-1) @ W_c.T)


# %% luong_step
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=-1), state)
    scores = (memory @ (h @ W_a)[:, :, None]).squeeze(2)
    weights = s2s.masked_softmax(scores, mask)
    context = (weights[:, None, :] @ memory).squeeze(1)
    return attentional_state(context, h, W_c), (h, c), weights


# %% window
def window(centre, lengths, D, src_len):
    j = torch.arange(src_len, device=lengths.device)
    near = (j[None, :] - centre[:, None]).abs() <= D
    return near & (j[None, :] < lengths[:, None])


# %% predicted_centre
def predicted_centre(state, lengths, W_p, v_p):
    return lengths * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)


# %% local_weights
def local_weights(scores, centre, lengths, D):
    src_len = scores.shape[1]
    inside = window(centre, lengths, D, src_len)
    weights = s2s.masked_softmax(scores, inside)
    j = torch.arange(src_len, device=scores.device, dtype=scores.dtype)
    sigma = D / 2
    gauss = torch.exp(-((j[None, :] - centre[:, None]) ** 2) / (2 * sigma**2))
    return weights * gauss


# %% difference
def difference(a, b):
    def mean_and_error(x):
        mean = sum(x) / len(x)
        variance = sum((value - mean) ** 2 for value in x) / (len(x) - 1)
        return mean, variance / len(x)

    mean_a, u = mean_and_error(a)
    mean_b, v = mean_and_error(b)
    d = mean_a - mean_b
    if u + v == 0:
        return float(d), 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return float(d), float(t975(nu) * math.sqrt(u + v))
