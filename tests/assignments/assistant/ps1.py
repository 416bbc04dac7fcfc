# ruff: noqa
# One try of a large language model at each function, from its prompt alone (book/assistants.md); test_assistants.py grades them.
# %% vocabulary
def vocabulary(sentences, min_count=1, max_size=None):
    specials = ["<pad>", "<unk>", "<bos>", "<eos>"]
    counts = {}
    for sentence in sentences:
        for token in sentence:
            counts[token] = counts.get(token, 0) + 1
    types = [t for t, n in counts.items() if n >= min_count and t not in specials]
    types.sort(key=lambda t: -counts[t])  # stable: first occurrence decides ties
    tokens = specials + types
    return tokens if max_size is None else tokens[:max_size]


# %% make_batch
def make_batch(src_rows, tgt_rows):
    def pad(rows):
        longest = max(len(row) for row in rows)
        ids = torch.full((len(rows), longest), s2s.PAD_ID, dtype=torch.int64)
        mask = torch.zeros(len(rows), longest, dtype=torch.bool)
        for k, row in enumerate(rows):
            ids[k, : len(row)] = torch.tensor(row, dtype=torch.int64)
            mask[k, : len(row)] = True
        return ids, mask

    src, src_mask = pad(src_rows)
    tgt_in, tgt_mask = pad([[s2s.BOS_ID, *row] for row in tgt_rows])
    tgt_out, _ = pad([[*row, s2s.EOS_ID] for row in tgt_rows])
    return src, src_mask, tgt_in, tgt_out, tgt_mask


# %% masked_mean
def masked_mean(states, mask):
    kept = states.masked_fill(~mask[:, :, None], 0.0)
    return kept.sum(1) / mask.sum(1, keepdim=True)


# %% encode
def encode(embedded, mask, W_x, W_h, b):
    batch, src_len, _ = embedded.shape
    h = embedded.new_zeros(batch, W_h.shape[0])
    rows = []
    for j in range(src_len):
        real = mask[:, j, None]
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        h = torch.where(real, new, h)
        rows.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(rows, 1), h


# %% log_probability
def log_probability(logits, tgt_out, tgt_mask):
    log_p = torch.log_softmax(logits, dim=-1)
    token = log_p.gather(2, tgt_out[:, :, None]).squeeze(2)
    return token.masked_fill(~tgt_mask, 0.0).sum(1)


# %% write
def write(step, state, max_length):
    token, written = s2s.BOS_ID, []
    while len(written) < max_length:
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        written.append(token)
    return written


# %% exact_by_length
def exact_by_length(written, references):
    right, total = {}, {}
    for ours, theirs in zip(written, references):
        n = len(theirs)
        total[n] = total.get(n, 0) + 1
        right[n] = right.get(n, 0) + (list(ours) == list(theirs))
    return {n: right[n] / total[n] for n in total}
