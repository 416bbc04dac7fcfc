# ruff: noqa
# One try of a large language model at each function, from its prompt alone (book/assistants.md); test_assistants.py grades them.
# %% masked_softmax
def masked_softmax(scores, mask, temperature=1.0):
    if scores.dim() == 3:
        mask = mask[:, None, :]
    mask = mask.expand_as(scores)
    some = mask.any(-1, keepdim=True)
    # a row without a word is computed over zeros, then set to zero
    kept = scores.masked_fill(~some, 0.0)
    kept = kept.masked_fill(~mask & some, float("-inf"))
    kept = kept - kept.amax(-1, keepdim=True).detach()
    weights = torch.softmax(kept / temperature, dim=-1)
    return weights.masked_fill(~mask, 0.0)


# %% additive_scores
def additive_scores(query, memory, W_q, W_k, v):
    q = (query @ W_q.T)[:, :, None, :]
    k = (memory @ W_k.T)[:, None, :, :]
    return torch.tanh(q + k) @ v


# %% initial_state
def initial_state(memory, W_s):
    hidden = memory.shape[2] // 2
    return torch.tanh(memory[:, 0, hidden:] @ W_s.T)


# %% bahdanau_step
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    query = (state @ W_q.T)[:, None, :]
    scores = torch.tanh(query + keys) @ v
    weights = masked_softmax(scores, mask)
    context = (weights[:, None, :] @ memory).squeeze(1)
    new_state = cell(torch.cat([embedded, context], dim=-1), state)
    return new_state, context, weights


# %% attention_entropy
def attention_entropy(weights, tgt_mask):
    safe = torch.where(weights > 0, weights, torch.ones_like(weights))
    entropy = -(weights * torch.log2(safe)).sum(-1)
    return entropy[tgt_mask].mean().item()


# %% shifted
def shifted(weights, src_mask):
    lengths = src_mask.sum(1)
    moved = torch.zeros_like(weights)
    for k, n in enumerate(lengths.tolist()):
        moved[k, :, :n] = torch.roll(weights[k, :, :n], 1, dims=-1)
    return moved


# %% loss_by_word
def loss_by_word(losses, tgt_out, tgt_mask):
    found = {}
    for loss, word in zip(losses[tgt_mask].tolist(), tgt_out[tgt_mask].tolist()):
        found.setdefault(word, []).append(loss)
    return {word: sum(values) / len(values) for word, values in found.items()}
