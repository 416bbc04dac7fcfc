# ruff: noqa
# Right solutions written differently, and wrong ones that students write. The tests grade them all.
# %% right vocabulary: a Counter, which keeps the order of first occurrences
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    counts = Counter(token for sentence in sentences for token in sentence)
    kept = [token for token, times in counts.most_common() if times >= min_count]
    tokens = ["<pad>", "<unk>", "<bos>", "<eos>", *kept]
    return tokens if max_size is None else tokens[:max_size]


# %% right vocabulary: sorted by count and place
def vocabulary(sentences, min_count=1, max_size=None):
    flat = sum((list(sentence) for sentence in sentences), [])
    types = sorted(set(flat), key=lambda t: (-flat.count(t), flat.index(t)))
    types = [t for t in types if flat.count(t) >= min_count]
    room = len(types) if max_size is None else max_size - 4
    return [s2s.PAD, s2s.UNK, s2s.BOS, s2s.EOS] + types[:room]


# %% right vocabulary: picks the best one after the other
def vocabulary(sentences, min_count=1, max_size=None):
    order, counts = [], []
    for sentence in sentences:
        for token in sentence:
            if token in order:
                counts[order.index(token)] += 1
            else:
                order.append(token)
                counts.append(1)
    result = ["<pad>", "<unk>", "<bos>", "<eos>"]
    while counts and max(counts) >= min_count:
        if max_size is not None and len(result) >= max_size:
            break
        k = counts.index(max(counts))
        result.append(order[k])
        counts[k] = -1
    return result


# %% wrong vocabulary: ties by spelling
def vocabulary(sentences, min_count=1, max_size=None):
    flat = [token for sentence in sentences for token in sentence]
    types = sorted(set(flat), key=lambda t: (-flat.count(t), t))
    types = [t for t in types if flat.count(t) >= min_count]
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + types)[:max_size]


# %% wrong vocabulary: more than min_count
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    counts = Counter(token for sentence in sentences for token in sentence)
    kept = [t for t, times in counts.most_common() if times > min_count or min_count == 1]
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: max_size without the special tokens
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    counts = Counter(token for sentence in sentences for token in sentence)
    kept = [t for t, times in counts.most_common() if times >= min_count]
    return ["<pad>", "<unk>", "<bos>", "<eos>"] + kept[:max_size]


# %% wrong vocabulary: counts sentences, not occurrences
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    counts = Counter(t for sentence in sentences for t in dict.fromkeys(sentence))
    kept = [t for t, times in counts.most_common() if times >= min_count]
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: by first occurrence alone
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    counts = Counter(token for sentence in sentences for token in sentence)
    kept = [t for t in counts if counts[t] >= min_count]
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: the special tokens forgotten
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    counts = Counter(token for sentence in sentences for token in sentence)
    return [t for t, times in counts.most_common(max_size) if times >= min_count]


# %% wrong vocabulary: of equally frequent ones the one that came last
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for sentence in sentences:
        for token in sentence:
            counts[token] = counts.get(token, 0) + 1
    kept = sorted(counts, key=lambda t: counts[t])[::-1]
    kept = [t for t in kept if counts[t] >= min_count]
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: <bos> and <eos> exchanged
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    counts = Counter(token for sentence in sentences for token in sentence)
    kept = [t for t, times in counts.most_common() if times >= min_count]
    return (["<pad>", "<unk>", "<eos>", "<bos>"] + kept)[:max_size]


# %% wrong vocabulary: the package's own
def vocabulary(sentences, min_count=1, max_size=None):
    return list(s2s.Vocabulary.build(sentences, min_freq=min_count, max_size=max_size).tokens)


# %% right make_batch: filled tensors
def make_batch(src_rows, tgt_rows):
    B, S, T = len(src_rows), max(map(len, src_rows)), max(map(len, tgt_rows)) + 1
    src, src_mask = torch.full((B, S), 0), torch.zeros(B, S, dtype=torch.bool)
    tgt_in, tgt_out = torch.full((B, T), 0), torch.full((B, T), 0)
    tgt_mask = torch.zeros(B, T, dtype=torch.bool)
    for b in range(B):
        n, m = len(src_rows[b]), len(tgt_rows[b])
        src[b, :n] = torch.tensor(src_rows[b])
        src_mask[b, :n] = True
        tgt_in[b, 0] = s2s.BOS_ID
        tgt_in[b, 1 : m + 1] = torch.tensor(tgt_rows[b])
        tgt_out[b, :m] = torch.tensor(tgt_rows[b])
        tgt_out[b, m] = s2s.EOS_ID
        tgt_mask[b, : m + 1] = True
    return src, src_mask, tgt_in, tgt_out, tgt_mask


# %% right make_batch: pad_sequence, masks from lengths
def make_batch(src_rows, tgt_rows):
    from torch.nn.utils.rnn import pad_sequence

    def stack(rows):
        return pad_sequence([torch.tensor(row) for row in rows], batch_first=True)

    def mask(lengths, width):
        return torch.arange(width)[None] < torch.tensor(lengths)[:, None]

    src = stack(src_rows)
    tgt_in = stack([[2] + list(row) for row in tgt_rows])
    tgt_out = stack([list(row) + [3] for row in tgt_rows])
    src_mask = mask([len(row) for row in src_rows], src.size(1))
    return src, src_mask, tgt_in, tgt_out, mask([len(r) + 1 for r in tgt_rows], tgt_in.size(1))


# %% right make_batch: tgt_in from tgt_out, in place
def make_batch(src_rows, tgt_rows):
    def rectangle(rows, fill):
        width = max(len(row) for row in rows)
        return torch.tensor([list(r) + [fill] * (width - len(r)) for r in rows], dtype=torch.long)

    src, tgt_out = rectangle(src_rows, 0), rectangle([list(r) + [3] for r in tgt_rows], 0)
    src_mask = rectangle([[1] * len(r) for r in src_rows], 0).bool()
    tgt_mask = rectangle([[1] * (len(r) + 1) for r in tgt_rows], 0).bool()
    tgt_in = tgt_out.roll(1, dims=1)
    tgt_in[:, 0] = 2
    for b, row in enumerate(tgt_rows):
        tgt_in[b, len(row) + 1 :] = 0
    return src, src_mask, tgt_in, tgt_out, tgt_mask


# %% wrong make_batch: <eos> behind the padding
def make_batch(src_rows, tgt_rows):
    T = max(map(len, tgt_rows))
    S = max(map(len, src_rows))
    src = torch.tensor([r + [0] * (S - len(r)) for r in src_rows])
    src_mask = torch.arange(S) < torch.tensor([len(r) for r in src_rows])[:, None]
    tgt_in = torch.tensor([[2] + r + [0] * (T - len(r)) for r in tgt_rows])
    tgt_out = torch.tensor([r + [0] * (T - len(r)) + [3] for r in tgt_rows])
    mask = torch.arange(T + 1) <= torch.tensor([len(r) for r in tgt_rows])[:, None]
    return src, src_mask, tgt_in, tgt_out, mask


# %% wrong make_batch: <eos> is fed back in
def make_batch(src_rows, tgt_rows):
    T = max(map(len, tgt_rows)) + 1
    S = max(map(len, src_rows))
    src = torch.tensor([r + [0] * (S - len(r)) for r in src_rows])
    src_mask = torch.arange(S) < torch.tensor([len(r) for r in src_rows])[:, None]
    full = [[2] + r + [3] + [0] * (T - len(r) - 1) for r in tgt_rows]
    tgt_in = torch.tensor([r[:-1] for r in full])
    tgt_out = torch.tensor([r[1:] for r in full])
    mask = torch.arange(T) <= torch.tensor([len(r) for r in tgt_rows])[:, None]
    return src, src_mask, tgt_in, tgt_out, mask


# %% wrong make_batch: no shift
def make_batch(src_rows, tgt_rows):
    T = max(map(len, tgt_rows)) + 1
    S = max(map(len, src_rows))
    src = torch.tensor([r + [0] * (S - len(r)) for r in src_rows])
    src_mask = torch.arange(S) < torch.tensor([len(r) for r in src_rows])[:, None]
    tgt = torch.tensor([r + [3] + [0] * (T - len(r) - 1) for r in tgt_rows])
    mask = torch.arange(T) <= torch.tensor([len(r) for r in tgt_rows])[:, None]
    return src, src_mask, tgt.clone(), tgt, mask


# %% wrong make_batch: the mask leaves <eos> out
def make_batch(src_rows, tgt_rows):
    T = max(map(len, tgt_rows)) + 1
    S = max(map(len, src_rows))
    src = torch.tensor([r + [0] * (S - len(r)) for r in src_rows])
    src_mask = torch.arange(S) < torch.tensor([len(r) for r in src_rows])[:, None]
    tgt_in = torch.tensor([[2] + r + [0] * (T - len(r) - 1) for r in tgt_rows])
    tgt_out = torch.tensor([r + [3] + [0] * (T - len(r) - 1) for r in tgt_rows])
    mask = torch.arange(T) < torch.tensor([len(r) for r in tgt_rows])[:, None]
    return src, src_mask, tgt_in, tgt_out, mask


# %% wrong make_batch: masks from the ids
def make_batch(src_rows, tgt_rows):
    T = max(map(len, tgt_rows)) + 1
    S = max(map(len, src_rows))
    src = torch.tensor([r + [0] * (S - len(r)) for r in src_rows])
    tgt_in = torch.tensor([[2] + r + [0] * (T - len(r) - 1) for r in tgt_rows])
    tgt_out = torch.tensor([r + [3] + [0] * (T - len(r) - 1) for r in tgt_rows])
    return src, src != 0, tgt_in, tgt_out, tgt_out != 0


# %% wrong make_batch: padded on the left
def make_batch(src_rows, tgt_rows):
    T = max(map(len, tgt_rows)) + 1
    S = max(map(len, src_rows))
    src = torch.tensor([[0] * (S - len(r)) + r for r in src_rows])
    tgt_in = torch.tensor([[0] * (T - len(r) - 1) + [2] + r for r in tgt_rows])
    tgt_out = torch.tensor([[0] * (T - len(r) - 1) + r + [3] for r in tgt_rows])
    return src, src != 0, tgt_in, tgt_out, tgt_out != 0


# %% wrong make_batch: <eos> on the source too
def make_batch(src_rows, tgt_rows):
    T = max(map(len, tgt_rows)) + 1
    S = max(map(len, src_rows)) + 1
    src = torch.tensor([r + [3] + [0] * (S - len(r) - 1) for r in src_rows])
    src_mask = torch.arange(S) <= torch.tensor([len(r) for r in src_rows])[:, None]
    tgt_in = torch.tensor([[2] + r + [0] * (T - len(r) - 1) for r in tgt_rows])
    tgt_out = torch.tensor([r + [3] + [0] * (T - len(r) - 1) for r in tgt_rows])
    mask = torch.arange(T) <= torch.tensor([len(r) for r in tgt_rows])[:, None]
    return src, src_mask, tgt_in, tgt_out, mask


# %% wrong make_batch: True at padding
def make_batch(src_rows, tgt_rows):
    T = max(map(len, tgt_rows)) + 1
    S = max(map(len, src_rows))
    src = torch.tensor([r + [0] * (S - len(r)) for r in src_rows])
    src_mask = torch.arange(S) >= torch.tensor([len(r) for r in src_rows])[:, None]
    tgt_in = torch.tensor([[2] + r + [0] * (T - len(r) - 1) for r in tgt_rows])
    tgt_out = torch.tensor([r + [3] + [0] * (T - len(r) - 1) for r in tgt_rows])
    mask = torch.arange(T) > torch.tensor([len(r) for r in tgt_rows])[:, None]
    return src, src_mask, tgt_in, tgt_out, mask


# %% wrong make_batch: the caller's rows grow
def make_batch(src_rows, tgt_rows):
    T = max(map(len, tgt_rows)) + 1
    S = max(map(len, src_rows))
    mask = torch.arange(T) <= torch.tensor([len(r) for r in tgt_rows])[:, None]
    src_mask = torch.arange(S) < torch.tensor([len(r) for r in src_rows])[:, None]
    tgt_in = torch.tensor([[2] + r + [0] * (T - len(r) - 1) for r in tgt_rows])
    for row in src_rows:
        row += [0] * (S - len(row))
    for row in tgt_rows:
        row += [3] + [0] * (T - len(row) - 1)
    return torch.tensor(src_rows), src_mask, tgt_in, torch.tensor(tgt_rows), mask


# %% right masked_mean: loops
def masked_mean(states, mask):
    rows = []
    for b in range(len(states)):
        n = int(mask[b].sum())
        rows.append(states[b, :n].sum(0) / n)
    return torch.stack(rows)


# %% right masked_mean: boolean index
def masked_mean(states, mask):
    return torch.stack([row[real].mean(dim=0) for row, real in zip(states, mask)])


# %% right masked_mean: where and einsum, double precision
def masked_mean(states, mask):
    clean = torch.where(mask[..., None], states, torch.zeros_like(states)).double()
    shares = mask.double() / mask.double().sum(1, keepdim=True)
    return torch.einsum("bs,bsh->bh", shares, clean)


# %% wrong masked_mean: over padding too
def masked_mean(states, mask):
    return states.mean(dim=1)


# %% wrong masked_mean: padding left out of the sum, not of the count
def masked_mean(states, mask):
    return states.masked_fill(~mask[:, :, None], 0.0).mean(dim=1)


# %% right masked_mean: multiplied by the mask
def masked_mean(states, mask):
    return (states * mask[:, :, None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)


# %% wrong masked_mean: divided by all the real tokens of the batch
def masked_mean(states, mask):
    return states.masked_fill(~mask[:, :, None], 0.0).sum(dim=1) / mask.sum()


# %% wrong masked_mean: over the units
def masked_mean(states, mask):
    clean = states.masked_fill(~mask[:, :, None], 0.0)
    return clean.mean(dim=2)


# %% wrong masked_mean: the last real state
def masked_mean(states, mask):
    return states[torch.arange(len(states)), mask.sum(dim=1) - 1]


# %% wrong masked_mean: one position too few
def masked_mean(states, mask):
    rows = [row[: max(int(n) - 1, 1)] for row, n in zip(states, mask.sum(1))]
    return torch.stack([row.mean(dim=0) for row in rows])


# %% right encode: every sentence alone
def encode(embedded, mask, W_x, W_h, b):
    memory, finals = [], []
    for x, real in zip(embedded, mask):
        h, rows = torch.zeros(W_h.shape[0]), []
        for x_j, here in zip(x, real):
            if here:
                h = torch.tanh(W_x @ x_j + W_h @ h + b)
                rows.append(h)
            else:
                rows.append(torch.zeros_like(h))
        memory.append(torch.stack(rows))
        finals.append(h)
    return torch.stack(memory), torch.stack(finals)


# %% right encode: the inputs at once, the mask as numbers
def encode(embedded, mask, W_x, W_h, b):
    m = mask.float().unsqueeze(-1)
    inputs = torch.einsum("bse,he->bsh", embedded, W_x) + b
    h = inputs.new_zeros(inputs.size(0), inputs.size(2))
    rows = []
    for j in range(inputs.size(1)):
        h = m[:, j] * torch.tanh(inputs[:, j] + h.matmul(W_h.t())) + (1 - m[:, j]) * h
        rows.append(h)
    return torch.stack(rows, 1) * m, h


# %% right encode: final picked from the memory, double precision
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b), dtype=torch.float64), []
    for x in embedded.double().unbind(dim=1):
        h = torch.nn.functional.linear(x, W_x.double(), b.double()) + h @ W_h.double().T
        h = h.tanh()
        rows.append(h)
    memory = torch.stack(rows, dim=1).masked_fill(~mask[:, :, None], 0.0)
    last = mask.sum(dim=1) - 1
    return memory, memory[torch.arange(len(last)), last]


# %% wrong encode: the final state has run over padding
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        h = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        rows.append(h)
    return torch.stack(rows, dim=1) * mask[:, :, None], h


# %% wrong encode: the final state is set to zero by padding
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        h = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b) * mask[:, j, None]
        rows.append(h)
    return torch.stack(rows, dim=1), h


# %% wrong encode: the last column of the memory
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        h = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        rows.append(h)
    memory = torch.stack(rows, dim=1) * mask[:, :, None]
    return memory, memory[:, -1]


# %% wrong encode: the state before the last
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        h = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        rows.append(h)
    memory = torch.stack(rows, dim=1) * mask[:, :, None]
    return memory, memory[torch.arange(len(h)), (mask.sum(1) - 2).clamp(min=0)]


# %% wrong encode: the memory keeps the last state at padding
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        h = torch.where(mask[:, j, None], new, h)
        rows.append(h)
    return torch.stack(rows, dim=1), h


# %% wrong encode: the old state forgotten
def encode(embedded, mask, W_x, W_h, b):
    memory = torch.tanh(embedded @ W_x.T + b) * mask[:, :, None]
    return memory, memory[torch.arange(len(memory)), mask.sum(1) - 1]


# %% wrong encode: W_h not transposed
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h + b)
        h = torch.where(mask[:, j, None], new, h)
        rows.append(h * mask[:, j, None])
    return torch.stack(rows, dim=1), h


# %% wrong encode: no bias
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T)
        h = torch.where(mask[:, j, None], new, h)
        rows.append(h * mask[:, j, None])
    return torch.stack(rows, dim=1), h


# %% wrong encode: detached at every step
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new = torch.tanh(embedded[:, j] @ W_x.T + h.detach() @ W_h.T + b)
        h = torch.where(mask[:, j, None], new, h)
        rows.append(h * mask[:, j, None])
    return torch.stack(rows, dim=1), h


# %% wrong encode: PyTorch's recurrent layer
def encode(embedded, mask, W_x, W_h, b):
    rnn = torch.nn.RNN(embedded.shape[2], len(b), batch_first=True)
    rnn.weight_ih_l0, rnn.weight_hh_l0 = torch.nn.Parameter(W_x), torch.nn.Parameter(W_h)
    rnn.bias_ih_l0 = torch.nn.Parameter(b)
    torch.nn.init.zeros_(rnn.bias_hh_l0)
    memory = rnn(embedded)[0] * mask[:, :, None]
    return memory, memory[torch.arange(len(memory)), mask.sum(1) - 1]


# %% right log_probability: loops
def log_probability(logits, tgt_out, tgt_mask):
    rows = []
    for b in range(len(logits)):
        total = 0.0 * logits[b, 0, 0]
        for i in range(logits.shape[1]):
            if tgt_mask[b, i]:
                total = total + logits[b, i, tgt_out[b, i]] - logits[b, i].logsumexp(0)
        rows.append(total)
    return torch.stack(rows)


# %% right log_probability: cross entropy
def log_probability(logits, tgt_out, tgt_mask):
    loss = torch.nn.functional.cross_entropy(logits.transpose(1, 2), tgt_out, reduction="none")
    return -(loss * tgt_mask).sum(1)


# %% right log_probability: one-hot and einsum, double precision
def log_probability(logits, tgt_out, tgt_mask):
    log_p = torch.log_softmax(logits.double(), dim=-1)
    chosen = torch.nn.functional.one_hot(tgt_out, logits.shape[-1]).double()
    return torch.einsum("btv,btv,bt->b", log_p, chosen, tgt_mask.double())


# %% wrong log_probability: padding counts
def log_probability(logits, tgt_out, tgt_mask):
    return logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0].sum(1)


# %% wrong log_probability: the mean
def log_probability(logits, tgt_out, tgt_mask):
    chosen = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return (chosen * tgt_mask).sum(1) / tgt_mask.sum(1)


# %% wrong log_probability: the loss, with its sign
def log_probability(logits, tgt_out, tgt_mask):
    chosen = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return -(chosen * tgt_mask).sum(1)


# %% wrong log_probability: no softmax
def log_probability(logits, tgt_out, tgt_mask):
    return (logits.gather(2, tgt_out[:, :, None])[:, :, 0] * tgt_mask).sum(1)


# %% wrong log_probability: the logarithm of a softmax that rounds to 0
def log_probability(logits, tgt_out, tgt_mask):
    chosen = logits.softmax(-1).log().gather(2, tgt_out[:, :, None])[:, :, 0]
    return chosen.masked_fill(~tgt_mask, 0.0).sum(1)


# %% wrong log_probability: softmax over the positions
def log_probability(logits, tgt_out, tgt_mask):
    chosen = logits.log_softmax(1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return (chosen * tgt_mask).sum(1)


# %% wrong log_probability: probabilities added
def log_probability(logits, tgt_out, tgt_mask):
    chosen = logits.softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return (chosen * tgt_mask).sum(1).log()


# %% wrong log_probability: without <eos>
def log_probability(logits, tgt_out, tgt_mask):
    chosen = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    real = tgt_mask.clone()
    real[torch.arange(len(real)), tgt_mask.sum(1) - 1] = False
    return (chosen * real).sum(1)


# %% wrong log_probability: one number for the batch
def log_probability(logits, tgt_out, tgt_mask):
    chosen = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return (chosen * tgt_mask).sum()


# %% right write: while
def write(step, state, max_length):
    words = [s2s.BOS_ID]
    while words[-1] != s2s.EOS_ID and len(words) <= max_length:
        scores, state = step(words[-1], state)
        words.append(scores.topk(1).indices.item())
    return [word for word in words[1:] if word != s2s.EOS_ID]


# %% right write: recursion
def write(step, state, max_length, token=2):
    if max_length == 0:
        return []
    scores, state = step(token, state)
    best = max(range(len(scores)), key=lambda k: scores[k].item())
    return [] if best == 3 else [best] + write(step, state, max_length - 1, best)


# %% right write: probabilities in double precision
def write(step, state, max_length):
    token, found = 2, []
    while len(found) < max_length:
        scores, state = step(token, state)
        token = torch.softmax(scores.double(), dim=0).argmax().item()
        if token == 3:
            return found
        found += [token]
    return found


# %% wrong write: <eos> is kept
def write(step, state, max_length):
    token, found = s2s.BOS_ID, []
    while token != s2s.EOS_ID and len(found) < max_length:
        scores, state = step(token, state)
        token = int(scores.argmax())
        found.append(token)
    return found


# %% wrong write: <bos> is kept
def write(step, state, max_length):
    found = [s2s.BOS_ID]
    for _ in range(max_length):
        scores, state = step(found[-1], state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        found.append(token)
    return found


# %% wrong write: the same state at every step
def write(step, state, max_length):
    token, found = s2s.BOS_ID, []
    for _ in range(max_length):
        scores, _ = step(token, state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        found.append(token)
    return found


# %% wrong write: always fed <bos>
def write(step, state, max_length):
    found = []
    for _ in range(max_length):
        scores, state = step(s2s.BOS_ID, state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        found.append(token)
    return found


# %% wrong write: one word too many
def write(step, state, max_length):
    token, found = s2s.BOS_ID, []
    while len(found) <= max_length:
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        found.append(token)
    return found


# %% wrong write: does not stop
def write(step, state, max_length):
    token, found = s2s.BOS_ID, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token != s2s.EOS_ID:
            found.append(token)
    return found


# %% wrong write: starts with <eos>
def write(step, state, max_length):
    token, found = s2s.EOS_ID, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        found.append(token)
    return found


# %% wrong write: the largest absolute score
def write(step, state, max_length):
    token, found = s2s.BOS_ID, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.abs().argmax())
        if token == s2s.EOS_ID:
            break
        found.append(token)
    return found


# %% right exact_by_length: counters
def exact_by_length(written, references):
    right, all_of = {}, {}
    for k in range(len(references)):
        n = len(references[k])
        all_of[n] = all_of.get(n, 0) + 1
        right[n] = right.get(n, 0) + (tuple(written[k]) == tuple(references[k]))
    return {n: right[n] / all_of[n] for n in all_of}


# %% right exact_by_length: length by length
def exact_by_length(written, references):
    shares = {}
    for n in sorted({len(row) for row in references}):
        here = [k for k, row in enumerate(references) if len(row) == n]
        shares[n] = sum(written[k] == references[k] for k in here) / len(here)
    return shares


# %% right exact_by_length: tensors, double precision
def exact_by_length(written, references):
    lengths = torch.tensor([len(row) for row in references])
    same = torch.tensor([a == b for a, b in zip(written, references)]).double()
    return {n: same[lengths == n].mean().item() for n in lengths.unique().tolist()}


# %% wrong exact_by_length: by the length of what was written
def exact_by_length(written, references):
    outcomes = {}
    for found, wanted in zip(written, references):
        outcomes.setdefault(len(found), []).append(found == wanted)
    return {n: sum(rows) / len(rows) for n, rows in outcomes.items()}


# %% wrong exact_by_length: a beginning that agrees is enough
def exact_by_length(written, references):
    outcomes = {}
    for found, wanted in zip(written, references):
        outcomes.setdefault(len(wanted), []).append(all(a == b for a, b in zip(found, wanted)))
    return {n: sum(rows) / len(rows) for n, rows in outcomes.items()}


# %% wrong exact_by_length: the share of tokens
def exact_by_length(written, references):
    outcomes = {}
    for found, wanted in zip(written, references):
        hits = sum(a == b for a, b in zip(found, wanted)) / len(wanted)
        outcomes.setdefault(len(wanted), []).append(hits)
    return {n: sum(rows) / len(rows) for n, rows in outcomes.items()}


# %% wrong exact_by_length: counts instead of shares
def exact_by_length(written, references):
    outcomes = {}
    for found, wanted in zip(written, references):
        outcomes[len(wanted)] = outcomes.get(len(wanted), 0) + (found == wanted)
    return outcomes


# %% wrong exact_by_length: the order does not matter
def exact_by_length(written, references):
    outcomes = {}
    for found, wanted in zip(written, references):
        outcomes.setdefault(len(wanted), []).append(sorted(found) == sorted(wanted))
    return {n: sum(rows) / len(rows) for n, rows in outcomes.items()}


# %% wrong exact_by_length: sentences of the wrong length are left out
def exact_by_length(written, references):
    outcomes = {}
    for found, wanted in zip(written, references):
        if len(found) == len(wanted):
            outcomes.setdefault(len(wanted), []).append(found == wanted)
    return {n: sum(rows) / len(rows) for n, rows in outcomes.items()}


# %% wrong exact_by_length: divided by all sentences
def exact_by_length(written, references):
    outcomes = {}
    for found, wanted in zip(written, references):
        outcomes.setdefault(len(wanted), []).append(found == wanted)
    return {n: sum(rows) / len(references) for n, rows in outcomes.items()}


# %% wrong exact_by_length: the last sentence of each length
def exact_by_length(written, references):
    return {len(wanted): float(found == wanted) for found, wanted in zip(written, references)}


# %% right minimal_pair: a search at random
def minimal_pair():
    def right(losses, mask):
        if losses[mask].sum() == 0:
            return None
        return abs(suspect(losses, mask) - float(losses[mask].mean())) < 1e-3

    generator = torch.Generator().manual_seed(2)
    for _ in range(4000):
        B, S = 2, 3
        x = torch.randint(0, 4, (B, S), generator=generator).float()
        lengths = torch.randint(1, S + 1, (B,), generator=generator)
        mask = torch.arange(S) < lengths[:, None]
        y, other = x.clone(), mask.clone()
        k = int(torch.randint(B, (1,), generator=generator))
        if torch.rand(1, generator=generator) < 0.5:
            j = int(torch.randint(S, (1,), generator=generator))
            y[k, j] = torch.randint(0, 9, (1,), generator=generator).float()
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
    def right(losses, mask):
        if losses[mask].sum() == 0:
            return None
        return abs(suspect(losses, mask) - float(losses[mask].mean())) < 1e-3

    from itertools import product

    values = [0.0, 1.0, 2.0, 9.0]
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
