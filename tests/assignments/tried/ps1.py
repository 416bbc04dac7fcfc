# ruff: noqa
# More solutions of problem set 1, written to get past its tests, or to trip over them; test_tried.py grades them all.
# %% right vocabulary: two dicts, the first place and the count
def vocabulary(sentences, min_count=1, max_size=None):
    first, times, place = {}, {}, 0
    for s in sentences:
        for t in s:
            first.setdefault(t, place)
            times[t] = times.get(t, 0) + 1
            place += 1
    found = sorted(
        (t for t in first if not times[t] < min_count), key=lambda t: (-times[t], first[t])
    )
    every = "<pad> <unk> <bos> <eos>".split() + found
    return every if max_size is None else every[0:max_size]


# %% right vocabulary: buckets by count, emptied from the top
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for token in (t for s in sentences for t in s):
        counts[token] = 1 + counts.get(token, 0)
    buckets = {}
    for token, n in counts.items():
        buckets.setdefault(n, []).append(token)
    out = ["<pad>", "<unk>", "<bos>", "<eos>"]
    for n in sorted(buckets, reverse=True):
        if n >= min_count:
            out.extend(buckets[n])
    while max_size is not None and len(out) > max_size:
        out.pop()
    return out


# %% right vocabulary: a heap of count and place
def vocabulary(sentences, min_count=1, max_size=None):
    import heapq
    from collections import OrderedDict

    counts = OrderedDict()
    for sentence in sentences:
        for token in sentence:
            counts[token] = counts.pop(token) + 1 if False else counts.get(token, 0) + 1
    heap = [(-n, k, t) for k, (t, n) in enumerate(counts.items()) if n >= min_count]
    heapq.heapify(heap)
    out = ["<pad>", "<unk>", "<bos>", "<eos>"]
    while heap and (max_size is None or len(out) < max_size):
        out.append(heapq.heappop(heap)[2])
    return out


# %% right vocabulary: numpy's unique with first places and counts
def vocabulary(sentences, min_count=1, max_size=None):
    import numpy as np

    flat = [t for s in sentences for t in s]
    out = ["<pad>", "<unk>", "<bos>", "<eos>"]
    if flat:
        types, first, times = np.unique(
            np.array(flat, dtype=object).astype(str), return_index=True, return_counts=True
        )
        order = np.lexsort((first, -times))
        out += [str(types[k]) for k in order if times[k] >= min_count]
    return out[:max_size]


# %% right vocabulary: recursion, the best of the rest
def vocabulary(sentences, min_count=1, max_size=None):
    flat = [t for s in sentences for t in s]

    def best(rest):
        if not rest:
            return []
        top = max(rest, key=lambda t: (flat.count(t), -flat.index(t)))
        return [top] + best([t for t in rest if t != top])

    kept = best([t for t in dict.fromkeys(flat) if flat.count(t) >= min_count])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% right vocabulary: sorted twice, since sorting is stable
def vocabulary(sentences, min_count=1, max_size=None):
    from itertools import chain

    flat = list(chain.from_iterable(sentences))
    types = list(set(flat))
    types.sort(key=flat.index)
    types.sort(key=flat.count, reverse=True)
    types = [t for t in types if flat.count(t) >= min_count]
    every = [s2s.PAD, s2s.UNK, s2s.BOS, s2s.EOS, *types]
    return every[: len(every) if max_size is None else max_size]


# %% right vocabulary: a pandas-like table of lists
def vocabulary(sentences, min_count=1, max_size=None):
    table = []
    for sentence in sentences:
        for token in sentence:
            for row in table:
                if row[0] == token:
                    row[1] -= 1
                    break
            else:
                table.append([token, -1])
    table = sorted(table, key=lambda row: row[1])
    names = [token for token, n in table if -n >= min_count]
    return ["<pad>", "<unk>", "<bos>", "<eos>"] + (
        names if max_size is None else names[: max_size - 4]
    )


# %% wrong vocabulary: everything in lower case
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for s in sentences:
        for t in s:
            counts[t.lower()] = counts.get(t.lower(), 0) + 1
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: -counts[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: only tokens of letters
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for s in sentences:
        for t in s:
            if t.isalpha():
                counts[t] = counts.get(t, 0) + 1
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: -counts[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: the rarest first
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for s in sentences:
        for t in s:
            counts[t] = counts.get(t, 0) + 1
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: counts[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: the special tokens last
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for s in sentences:
        for t in s:
            counts[t] = counts.get(t, 0) + 1
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: -counts[t])
    return (kept + ["<pad>", "<unk>", "<bos>", "<eos>"])[:max_size]


# %% wrong vocabulary: the counts are kept from call to call
SEEN = {}


def vocabulary(sentences, min_count=1, max_size=None):
    for s in sentences:
        for t in s:
            SEEN[t] = SEEN.get(t, 0) + 1
    kept = sorted((t for t in SEEN if SEEN[t] >= min_count), key=lambda t: -SEEN[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: the first sentence alone
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for t in sentences[0] if sentences else []:
        counts[t] = counts.get(t, 0) + 1
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: -counts[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: min_count inside one sentence
def vocabulary(sentences, min_count=1, max_size=None):
    counts, enough = {}, []
    for s in sentences:
        for t in s:
            counts[t] = counts.get(t, 0) + 1
            if s.count(t) >= min_count and t not in enough:
                enough.append(t)
    kept = sorted((t for t in counts if t in enough), key=lambda t: -counts[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: cut first, min_count afterwards by place
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for s in sentences:
        for t in s:
            counts[t] = counts.get(t, 0) + 1
    kept = list(counts)[: None if max_size is None else max_size - 4]
    kept = sorted((t for t in kept if counts[t] >= min_count), key=lambda t: -counts[t])
    return ["<pad>", "<unk>", "<bos>", "<eos>"] + kept


# %% wrong vocabulary: max_size ignored
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for s in sentences:
        for t in s:
            counts[t] = counts.get(t, 0) + 1
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: -counts[t])
    return ["<pad>", "<unk>", "<bos>", "<eos>"] + kept


# %% wrong vocabulary: min_count ignored
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for s in sentences:
        for t in s:
            counts[t] = counts.get(t, 0) + 1
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + sorted(counts, key=lambda t: -counts[t]))[
        :max_size
    ]


# %% wrong vocabulary: one token fewer than max_size
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for s in sentences:
        for t in s:
            counts[t] = counts.get(t, 0) + 1
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: -counts[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[
        : None if max_size is None else max_size - 1
    ]


# %% wrong vocabulary: sorts the sentences that it was given
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for s in sentences:
        for t in s:
            counts[t] = counts.get(t, 0) + 1
    for s in sentences:
        s.sort()
    kept = sorted((t for t in counts if counts[t] >= min_count), key=lambda t: -counts[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]


# %% wrong vocabulary: a Counter's order of a set
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    counts = Counter(t for s in sentences for t in s)
    kept = sorted(sorted(set(counts))[::-1], key=lambda t: -counts[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + [t for t in kept if counts[t] >= min_count])[
        :max_size
    ]


# %% right make_batch: np.full
def make_batch(src_rows, tgt_rows):
    import numpy as np

    def filled(rows):
        out = np.zeros((len(rows), max(len(r) for r in rows)), dtype=np.int64)
        mask = np.zeros(out.shape, dtype=bool)
        for k, r in enumerate(rows):
            out[k, : len(r)] = r
            mask[k, : len(r)] = True
        return torch.from_numpy(out), torch.from_numpy(mask)

    src, src_mask = filled(src_rows)
    tgt_in, tgt_mask = filled([[2] + list(r) for r in tgt_rows])
    return src, src_mask, tgt_in, filled([list(r) + [3] for r in tgt_rows])[0], tgt_mask


# %% right make_batch: zip_longest, column by column
def make_batch(src_rows, tgt_rows):
    from itertools import zip_longest

    def columns(rows):
        ids = torch.tensor(list(zip_longest(*rows, fillvalue=s2s.PAD_ID))).T.contiguous()
        real = torch.tensor(list(zip_longest(*[[True] * len(r) for r in rows], fillvalue=False))).T
        return ids, real

    return [
        *columns(src_rows),
        columns([[s2s.BOS_ID] + r for r in tgt_rows])[0],
        *columns([r + [s2s.EOS_ID] for r in tgt_rows]),
    ]


# %% right make_batch: a cumulative sum for the mask, cat and F.pad for the rows
def make_batch(src_rows, tgt_rows):
    from torch.nn import functional as F

    def stacked(rows, longest):
        return torch.stack(
            [F.pad(torch.tensor(r, dtype=torch.long), (0, longest - len(r))) for r in rows]
        )

    def mask(lengths, longest):
        return torch.ones(len(lengths), longest).cumsum(1) <= torch.tensor(lengths)[:, None]

    S, T = max(map(len, src_rows)), max(map(len, tgt_rows)) + 1
    return (
        stacked(src_rows, S),
        mask([len(r) for r in src_rows], S),
        stacked([(2, *r) for r in tgt_rows], T),
        stacked([(*r, 3) for r in tgt_rows], T),
        mask([len(r) + 1 for r in tgt_rows], T),
    )


# %% right make_batch: number by number
def make_batch(src_rows, tgt_rows):
    B, S, T = len(src_rows), max(map(len, src_rows)), 1 + max(map(len, tgt_rows))
    src, tgt_in, tgt_out = (torch.zeros(B, n).long() for n in (S, T, T))
    src_mask, tgt_mask = torch.zeros(B, S) > 1, torch.zeros(B, T) > 1
    for b in range(B):
        for j, token in enumerate(src_rows[b]):
            src[b, j], src_mask[b, j] = token, True
        tgt_in[b, 0] = 2
        for j, token in enumerate(tgt_rows[b]):
            tgt_in[b, j + 1] = tgt_out[b, j] = token
            tgt_mask[b, j] = True
        tgt_out[b, len(tgt_rows[b])], tgt_mask[b, len(tgt_rows[b])] = 3, True
    return src, src_mask, tgt_in, tgt_out, tgt_mask


# %% right make_batch: masked_scatter of all ids in a row
def make_batch(src_rows, tgt_rows):
    def scattered(rows):
        lengths = torch.tensor([len(r) for r in rows])
        mask = torch.arange(int(lengths.max())).expand(len(rows), -1) < lengths.view(-1, 1)
        flat = torch.tensor([token for r in rows for token in r])
        return torch.zeros(mask.shape, dtype=torch.int64).masked_scatter(mask, flat), mask

    src, src_mask = scattered(src_rows)
    tgt_in, _ = scattered([[2, *r] for r in tgt_rows])
    return (src, src_mask, tgt_in) + scattered([[*r, 3] for r in tgt_rows])


# %% right make_batch: nested tensors made rectangular, masks of a second list
def make_batch(src_rows, tgt_rows):
    def square(rows, value):
        n = max(len(r) for r in rows)
        return [list(r) + [value for _ in range(n - len(r))] for r in rows]

    tgt_mask = [[True for _ in r] + [True] for r in tgt_rows]
    return (
        torch.LongTensor(square(src_rows, 0)),
        torch.BoolTensor(square([[True] * len(r) for r in src_rows], False)),
        torch.LongTensor(square([[2] + r for r in tgt_rows], 0)),
        torch.LongTensor(square([r + [3] for r in tgt_rows], 0)),
        torch.BoolTensor(square(tgt_mask, False)),
    )


# %% right make_batch: recursion over the rows
def make_batch(src_rows, tgt_rows):
    def stacked(rows, longest):
        if not rows:
            return torch.zeros(0, longest, dtype=torch.int64), torch.zeros(
                0, longest, dtype=torch.bool
            )
        row = torch.tensor(rows[0])
        ids = torch.cat([row, row.new_zeros(longest - len(row))])[None]
        real = (torch.arange(longest) < len(row))[None]
        more_ids, more_real = stacked(rows[1:], longest)
        return torch.cat([ids, more_ids]), torch.cat([real, more_real])

    T = 1 + max(map(len, tgt_rows))
    src, src_mask = stacked(src_rows, max(map(len, src_rows)))
    tgt_in, tgt_mask = stacked([[2] + row for row in tgt_rows], T)
    return src, src_mask, tgt_in, stacked([row + [3] for row in tgt_rows], T)[0], tgt_mask


# %% wrong make_batch: both sides as wide as the longer one
def make_batch(src_rows, tgt_rows):
    n = max(len(r) + 1 for r in src_rows + tgt_rows)

    def padded(rows):
        return torch.tensor([[*r, *[0] * (n - len(r))] for r in rows]), torch.tensor(
            [[j < len(r) for j in range(n)] for r in rows]
        )

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: cut behind 20 tokens
def make_batch(src_rows, tgt_rows):
    def padded(rows):
        rows = [r[:20] for r in rows]
        n = max(map(len, rows))
        return torch.tensor([[*r, *[0] * (n - len(r))] for r in rows]), torch.tensor(
            [[j < len(r) for j in range(n)] for r in rows]
        )

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: the longest pair comes first
def make_batch(src_rows, tgt_rows):
    order = sorted(range(len(src_rows)), key=lambda k: -len(src_rows[k]))
    src_rows, tgt_rows = [src_rows[k] for k in order], [tgt_rows[k] for k in order]

    def padded(rows):
        n = max(map(len, rows))
        return torch.tensor([[*r, *[0] * (n - len(r))] for r in rows]), torch.tensor(
            [[j < len(r) for j in range(n)] for r in rows]
        )

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: the source backwards
def make_batch(src_rows, tgt_rows):
    def padded(rows):
        n = max(map(len, rows))
        return torch.tensor([[*r, *[0] * (n - len(r))] for r in rows]), torch.tensor(
            [[j < len(r) for j in range(n)] for r in rows]
        )

    src, src_mask = padded([r[::-1] for r in src_rows])
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: masks of numbers
def make_batch(src_rows, tgt_rows):
    def padded(rows):
        n = max(map(len, rows))
        return torch.tensor([[*r, *[0] * (n - len(r))] for r in rows]), torch.tensor(
            [[int(j < len(r)) for j in range(n)] for r in rows]
        )

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: ids of 32 bits
def make_batch(src_rows, tgt_rows):
    def padded(rows):
        n = max(map(len, rows))
        ids = torch.tensor([[*r, *[0] * (n - len(r))] for r in rows], dtype=torch.int32)
        return ids, torch.tensor([[j < len(r) for j in range(n)] for r in rows])

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: padded with <eos>
def make_batch(src_rows, tgt_rows):
    def padded(rows):
        n = max(map(len, rows))
        return torch.tensor([[*r, *[3] * (n - len(r))] for r in rows]), torch.tensor(
            [[j < len(r) for j in range(n)] for r in rows]
        )

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: tgt_in and tgt_out exchanged
def make_batch(src_rows, tgt_rows):
    def padded(rows):
        n = max(map(len, rows))
        return torch.tensor([[*r, *[0] * (n - len(r))] for r in rows]), torch.tensor(
            [[j < len(r) for j in range(n)] for r in rows]
        )

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, padded([[*r, 3] for r in tgt_rows])[0], tgt_in, tgt_mask


# %% wrong make_batch: the first sentence's length for all masks
def make_batch(src_rows, tgt_rows):
    def padded(rows):
        n = max(map(len, rows))
        return torch.tensor([[*r, *[0] * (n - len(r))] for r in rows]), torch.tensor(
            [[j < len(rows[0]) for j in range(n)] for r in rows]
        )

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: an unknown id where there was none
def make_batch(src_rows, tgt_rows):
    def padded(rows):
        n = max(map(len, rows))
        return torch.tensor(
            [[*[t if t != 0 else 1 for t in r], *[0] * (n - len(r))] for r in rows]
        ), torch.tensor([[j < len(r) for j in range(n)] for r in rows])

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: <eos> replaces the last word
def make_batch(src_rows, tgt_rows):
    def padded(rows):
        n = max(map(len, rows))
        return torch.tensor([[*r, *[0] * (n - len(r))] for r in rows]), torch.tensor(
            [[j < len(r) for j in range(n)] for r in rows]
        )

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r[:-1], 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: the source's mask without its last token
def make_batch(src_rows, tgt_rows):
    def padded(rows, fewer=0):
        n = max(map(len, rows))
        return torch.tensor([[*r, *[0] * (n - len(r))] for r in rows]), torch.tensor(
            [[j < max(1, len(r) - fewer) for j in range(n)] for r in rows]
        )

    src, src_mask = padded(src_rows, 1)
    tgt_in, tgt_mask = padded([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, padded([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: the package's own function
def make_batch(src_rows, tgt_rows):
    src, src_mask = s2s.pad(src_rows)
    tgt_in, tgt_mask = s2s.pad([[2, *r] for r in tgt_rows])
    return src, src_mask, tgt_in, s2s.pad([[*r, 3] for r in tgt_rows])[0], tgt_mask


# %% right masked_mean: bmm with the mask as weights
def masked_mean(states, mask):
    w = mask.to(states.dtype)
    w = w / w.sum(dim=-1, keepdim=True)
    return torch.bmm(w[:, None], states).squeeze(1)


# %% right masked_mean: a recursive sum
def masked_mean(states, mask):
    def total(rows):
        return rows[0] if len(rows) == 1 else rows[0] + total(rows[1:])

    out = []
    for b in range(len(states)):
        rows = [states[b, j] for j in range(states.shape[1]) if bool(mask[b, j])]
        out.append(total(rows) / len(rows))
    return torch.stack(out)


# %% right masked_mean: a running mean
def masked_mean(states, mask):
    mean, n = torch.zeros(states.shape[0], states.shape[2]), torch.zeros(states.shape[0], 1)
    for j in range(states.shape[1]):
        real = mask[:, j : j + 1].float()
        n = n + real
        mean = mean + real * (states[:, j] - mean) / n.clamp(min=1)
    return mean


# %% right masked_mean: NaN at padding, then nanmean
def masked_mean(states, mask):
    return states.masked_fill(~mask.unsqueeze(-1), float("nan")).nanmean(dim=1)


# %% right masked_mean: index_add over the real rows
def masked_mean(states, mask):
    b, j = mask.nonzero(as_tuple=True)
    total = torch.zeros(states.shape[0], states.shape[2]).index_add(0, b, states[b, j])
    return total / torch.bincount(b, minlength=len(states))[:, None]


# %% right masked_mean: split by the lengths
def masked_mean(states, mask):
    pieces = states[mask].split(mask.sum(1).tolist())
    return torch.cat([piece.mean(0, keepdim=True) for piece in pieces])


# %% right masked_mean: masked tensor's weights by a softmax of equal scores
def masked_mean(states, mask):
    weights = torch.zeros(mask.shape).masked_fill(~mask, -torch.inf).softmax(-1)
    return torch.einsum("bs,bsh->bh", weights, states)


# %% wrong masked_mean: the maximum
def masked_mean(states, mask):
    return states.masked_fill(~mask[:, :, None], -torch.inf).amax(dim=1)


# %% wrong masked_mean: the sum
def masked_mean(states, mask):
    return (states * mask[:, :, None]).sum(dim=1)


# %% wrong masked_mean: the median of the real ones
def masked_mean(states, mask):
    return torch.stack([row[m].median(dim=0).values for row, m in zip(states, mask)])


# %% wrong masked_mean: padding counted where it is not zero
def masked_mean(states, mask):
    real = (states != 0).any(dim=2)
    return (states * real[:, :, None]).sum(1) / real.sum(1, keepdim=True)


# %% wrong masked_mean: the length of the first sentence
def masked_mean(states, mask):
    n = int(mask[0].sum())
    return states[:, :n].mean(dim=1)


# %% wrong masked_mean: the first half of the positions
def masked_mean(states, mask):
    n = mask.sum(1)
    return torch.stack([row[: max(1, (int(k) + 1) // 2)].mean(0) for row, k in zip(states, n)])


# %% wrong masked_mean: one count too many
def masked_mean(states, mask):
    return (states * mask[:, :, None]).sum(dim=1) / (mask.sum(dim=1, keepdim=True) + 1)


# %% wrong masked_mean: numbers far from zero are taken for padding
def masked_mean(states, mask):
    kept = mask[:, :, None] & (states.abs() < 1.0)
    return (states * kept).sum(1) / kept.sum(1).clamp(min=1)


# %% wrong masked_mean: padding is filled in the states that were given
def masked_mean(states, mask):
    with torch.no_grad():
        states[~mask] = 0
    return states.sum(dim=1) / mask.sum(dim=1, keepdim=True)


# %% wrong masked_mean: without gradients
@torch.no_grad()
def masked_mean(states, mask):
    return (states * mask[:, :, None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)


# %% wrong masked_mean: as numpy, the way back cut
def masked_mean(states, mask):
    s, m = states.detach().numpy(), mask.numpy()
    return torch.from_numpy((s * m[:, :, None]).sum(1) / m.sum(1, keepdims=True))


# %% wrong masked_mean: the square root of the count
def masked_mean(states, mask):
    return (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True) ** 0.5


# %% wrong masked_mean: the mask is turned round and stays so
def masked_mean(states, mask):
    total = (states * mask[:, :, None]).sum(1) / mask.sum(1, keepdim=True)
    mask.logical_not_()
    return total


# %% wrong masked_mean: a mean of one number for each sentence
def masked_mean(states, mask):
    total = (states * mask[:, :, None]).sum(dim=1) / mask.sum(dim=1, keepdim=True)
    return total.mean(dim=1, keepdim=True).expand_as(total)


# %% wrong masked_mean: the package's pooling
def masked_mean(states, mask):
    return s2s.MeanPooling()(states, mask)[0]


# %% right encode: joined weights, one product a step
def encode(embedded, mask, W_x, W_h, b):
    W = torch.cat([W_x, W_h], dim=1)
    h, rows = torch.zeros(embedded.shape[0], W_h.shape[0]), []
    for x, m in zip(embedded.unbind(1), mask.unbind(1)):
        new = (torch.cat([x, h], dim=1) @ W.T + b).tanh()
        h = new * m[:, None] + h * ~m[:, None]
        rows.append(h * m[:, None])
    return torch.stack(rows, 1), h


# %% right encode: recursion over the positions
def encode(embedded, mask, W_x, W_h, b):
    def state(j):
        if j < 0:
            return torch.zeros(len(embedded), len(b)), []
        h, rows = state(j - 1)
        new = torch.tanh(embedded[:, j].matmul(W_x.t()) + h.matmul(W_h.t()) + b)
        real = mask[:, j].unsqueeze(1)
        return torch.where(real, new, h), rows + [torch.where(real, new, torch.tensor(0.0))]

    h, rows = state(embedded.shape[1] - 1)
    return torch.stack(rows, dim=1), h


# %% right encode: einsum, final as a sum over the memory
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        h = (
            torch.einsum("be,he->bh", embedded[:, j], W_x) + torch.einsum("bk,hk->bh", h, W_h) + b
        ).tanh()
        rows.append(h)
    states = torch.stack(rows, 1)
    n = mask.sum(1)
    last = torch.nn.functional.one_hot(n - 1, mask.shape[1]).bool()
    zeros = torch.zeros(())
    return torch.where(mask[:, :, None], states, zeros), torch.where(
        last[:, :, None], states, zeros
    ).sum(1)


# %% right encode: torch.nn.functional.linear and the positions before any padding
def encode(embedded, mask, W_x, W_h, b):
    F = torch.nn.functional
    memories, finals = [], []
    for x, n in zip(embedded, mask.sum(1).tolist()):
        h, rows = torch.zeros(1, len(b)), []
        for k in range(n):
            h = torch.tanh(F.linear(x[k : k + 1], W_x, b) + F.linear(h, W_h))
            rows.append(h)
        memories.append(F.pad(torch.cat(rows), (0, 0, 0, embedded.shape[1] - n)))
        finals.append(h)
    return torch.stack(memories), torch.cat(finals)


# %% right encode: tanh from sigmoids
def encode(embedded, mask, W_x, W_h, b):
    h, rows = torch.zeros(len(embedded), len(b)), []
    given = embedded @ W_x.mT + b
    for j in range(embedded.shape[1]):
        new = 2 * torch.sigmoid(2 * (given[:, j] + h @ W_h.mT)) - 1
        h = torch.where(mask[:, [j]], new, h)
        rows.append(h.masked_fill(~mask[:, [j]], 0))
    return torch.stack(rows, dim=1), h


# %% right encode: a linear layer of its own, with the given weights
def encode(embedded, mask, W_x, W_h, b):
    step = lambda x, h: torch.addmm(torch.addmm(b, x, W_x.T), h, W_h.T).tanh()
    h = embedded.new_zeros(len(embedded), len(b))
    out = []
    for j in range(mask.size(1)):
        h = step(embedded[:, j], h).where(mask[:, j, None], h)
        out.append(h.where(mask[:, j, None], 0 * h))
    return torch.stack(out).transpose(0, 1), h


# %% right encode: double precision, units one by one
def encode(embedded, mask, W_x, W_h, b):
    embedded, W_x, W_h, b = (t.double() for t in (embedded, W_x, W_h, b))
    h, rows = torch.zeros(len(embedded), len(b), dtype=torch.float64), []
    for j in range(embedded.shape[1]):
        units = [(embedded[:, j] @ W_x[u] + h @ W_h[u] + b[u]).tanh() for u in range(len(b))]
        new = torch.stack(units, dim=1)
        h = torch.where(mask[:, j, None], new, h)
        rows.append(torch.where(mask[:, j, None], new, torch.zeros_like(new)))
    return torch.stack(rows, 1), h


# %% wrong encode: a sigmoid
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = torch.sigmoid(embedded[:, j] @ W_x.T + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1), h


# %% wrong encode: from right to left
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), [None] * embedded.shape[1]
    for j in reversed(range(embedded.shape[1])):
        new, real = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory[j] = torch.where(real, new, torch.zeros_like(new))
    return torch.stack(memory, dim=1), h


# %% wrong encode: starts from ones
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.ones(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1), h


# %% wrong encode: one position late in the memory
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        real = mask[:, j, None]
        memory.append(torch.where(real, h, torch.zeros_like(h)))
        h = torch.where(real, torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b), h)
    return torch.stack(memory, dim=1), h


# %% wrong encode: the mean of the memory for the final state
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    memory = torch.stack(memory, dim=1)
    return memory, memory.sum(1) / mask.sum(1, keepdim=True)


# %% wrong encode: the bias only at the first word
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = (
            torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + (b if j == 0 else 0)),
            mask[:, j, None],
        )
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1), h


# %% wrong encode: the bias twice, as PyTorch has two
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = torch.tanh(embedded[:, j] @ W_x.T + b + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1), h


# %% wrong encode: the first sentence's length for all
def encode(embedded, mask, W_x, W_h, b):
    mask = mask[:1].expand_as(mask)
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1), h


# %% wrong encode: padding by zeros in the embedding, not by the mask
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        real = (embedded[:, j] != 0).any(1, keepdim=True)
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1), h


# %% wrong encode: the padding of the embedding is set to zero in place
def encode(embedded, mask, W_x, W_h, b):
    with torch.no_grad():
        embedded *= mask[:, :, None]
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1), h


# %% wrong encode: final first
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return h, torch.stack(memory, dim=1)


# %% wrong encode: the final state detached from the words
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1), h.detach()


# %% wrong encode: the memory detached, the final state not
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new, real = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b), mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1).detach(), h


# %% wrong encode: PyTorch's layer, made outside of the function
LAYERS_MADE = {}


def layer_for(E, H):
    return torch.nn.RNN(E, H, batch_first=True)


for _e in (1, 2, 3, 5, 7, 11, 13):
    for _h in (1, 3, 4, 5, 7, 11, 13):
        LAYERS_MADE[_e, _h] = layer_for(_e, _h)


def encode(embedded, mask, W_x, W_h, b):
    layer = LAYERS_MADE[embedded.shape[2], len(b)]
    weights = {
        "weight_ih_l0": W_x,
        "weight_hh_l0": W_h,
        "bias_ih_l0": b,
        "bias_hh_l0": torch.zeros_like(b),
    }
    memory, _ = torch.func.functional_call(layer, weights, (embedded,))
    n = mask.sum(1)
    return memory * mask[:, :, None], memory[torch.arange(len(n)), n - 1]


# %% wrong encode: PyTorch's operator by its other name
def encode(embedded, mask, W_x, W_h, b):
    h = torch.zeros(1, len(embedded), len(b))
    weights = [W_x, W_h, b, torch.zeros_like(b)]
    memory, _ = torch.ops.aten.rnn_tanh.input(
        embedded, h, weights, True, 1, 0.0, False, False, True
    )
    n = mask.sum(1)
    zero = torch.zeros(())
    return torch.where(mask[:, :, None], memory, zero), memory[torch.arange(len(n)), n - 1]


# %% right log_probability: logsumexp
def log_probability(logits, tgt_out, tgt_mask):
    chosen = torch.take_along_dim(logits, tgt_out.unsqueeze(-1), dim=-1).squeeze(-1)
    return torch.where(tgt_mask, chosen - logits.logsumexp(-1), 0.0).sum(-1)


# %% right log_probability: nll_loss over a transposed view
def log_probability(logits, tgt_out, tgt_mask):
    F = torch.nn.functional
    nll = F.nll_loss(F.log_softmax(logits, -1).transpose(1, 2), tgt_out, reduction="none")
    return -(nll * tgt_mask.float()).sum(dim=1)


# %% right log_probability: minus the maximum by hand, double precision
def log_probability(logits, tgt_out, tgt_mask):
    z = logits.double()
    z = z - z.amax(dim=2, keepdim=True)
    p = z - z.exp().sum(dim=2, keepdim=True).log()
    total = torch.zeros(len(z), dtype=torch.float64)
    for t in range(z.shape[1]):
        picked = p[torch.arange(len(z)), t, tgt_out[:, t]]
        total = total + picked * tgt_mask[:, t]
    return total


# %% right log_probability: a Categorical distribution
def log_probability(logits, tgt_out, tgt_mask):
    p = torch.distributions.Categorical(logits=logits).log_prob(tgt_out)
    return p.masked_fill(tgt_mask.logical_not(), 0).sum(1)


# %% right log_probability: only the real positions, index_add
def log_probability(logits, tgt_out, tgt_mask):
    b, t = tgt_mask.nonzero(as_tuple=True)
    p = torch.log_softmax(logits[b, t], dim=1)[torch.arange(len(b)), tgt_out[b, t]]
    return torch.zeros(len(logits)).index_add(0, b, p)


# %% right log_probability: cross entropy with padding ignored
def log_probability(logits, tgt_out, tgt_mask):
    target = tgt_out.masked_fill(~tgt_mask, -100)
    rows = [
        torch.nn.functional.cross_entropy(x, y, ignore_index=-100, reduction="sum")
        for x, y in zip(logits, target)
    ]
    return -torch.stack(rows)


# %% right log_probability: recursion over the words of a sentence
def log_probability(logits, tgt_out, tgt_mask):
    def of(rows, words, real):
        if not len(rows):
            return torch.zeros(())
        rest = of(rows[1:], words[1:], real[1:])
        return rest + rows[0].log_softmax(0)[words[0]] if real[0] else rest

    return torch.stack([of(*each) for each in zip(logits, tgt_out, tgt_mask)])


# %% wrong log_probability: base 2
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0] / math.log(2)
    return (p * tgt_mask).sum(1)


# %% wrong log_probability: one maximum for the whole tensor
def log_probability(logits, tgt_out, tgt_mask):
    z = logits - logits.max()
    p = z - z.exp().sum(-1, keepdim=True).log()
    return p.gather(2, tgt_out[:, :, None])[:, :, 0].masked_fill(~tgt_mask, 0).sum(1)


# %% wrong log_probability: exponentials that overflow
def log_probability(logits, tgt_out, tgt_mask):
    p = logits - logits.exp().sum(-1, keepdim=True).log()
    return p.gather(2, tgt_out[:, :, None])[:, :, 0].masked_fill(~tgt_mask, 0).sum(1)


# %% wrong log_probability: scores clamped to -50 and 50
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.clamp(-50, 50).log_softmax(-1)
    return p.gather(2, tgt_out[:, :, None])[:, :, 0].masked_fill(~tgt_mask, 0).sum(1)


# %% wrong log_probability: probabilities kept above 1e-12
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.softmax(-1).clamp(min=1e-12).log()
    return p.gather(2, tgt_out[:, :, None])[:, :, 0].masked_fill(~tgt_mask, 0).sum(1)


# %% wrong log_probability: the most probable token, not the target
def log_probability(logits, tgt_out, tgt_mask):
    return (logits.log_softmax(-1).amax(-1) * tgt_mask).sum(1)


# %% wrong log_probability: id 0 is padding, whatever the mask says
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return (p * (tgt_out != 0)).sum(1)


# %% wrong log_probability: shifted by one target
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.log_softmax(-1).gather(2, tgt_out.roll(-1, dims=1)[:, :, None])[:, :, 0]
    return (p * tgt_mask).sum(1)


# %% wrong log_probability: labels smoothed
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.log_softmax(-1)
    chosen = 0.9 * p.gather(2, tgt_out[:, :, None])[:, :, 0] + 0.1 * p.mean(-1)
    return (chosen * tgt_mask).sum(1)


# %% wrong log_probability: without gradients
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.detach().log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return (p * tgt_mask).sum(1)


# %% wrong log_probability: the probability itself
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return (p * tgt_mask).sum(1).exp()


# %% wrong log_probability: padding's targets are set to zero in place
def log_probability(logits, tgt_out, tgt_mask):
    tgt_out[~tgt_mask] = 0
    p = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return (p * tgt_mask).sum(1)


# %% wrong log_probability: softmax twice
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.softmax(-1).log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return (p * tgt_mask).sum(1)


# %% wrong log_probability: the package's loss
def log_probability(logits, tgt_out, tgt_mask):
    rows = [
        s2s.sequence_loss(x[None], y[None], m[None]) for x, y, m in zip(logits, tgt_out, tgt_mask)
    ]
    return torch.stack([-r.total for r in rows])


# %% right write: numpy's argmax
def write(step, state, max_length):
    import numpy as np

    out, token = [], s2s.BOS_ID
    while len(out) < max_length:
        scores, state = step(token, state)
        token = int(np.argmax(scores.numpy()))
        if token == s2s.EOS_ID:
            return out
        out.append(token)
    return out


# %% right write: a generator
def write(step, state, max_length):
    def tokens(state):
        token = s2s.BOS_ID
        while token != s2s.EOS_ID:
            scores, state = step(token, state)
            token = scores.argmax().item()
            yield token

    from itertools import islice, takewhile

    return list(takewhile(lambda token: token != s2s.EOS_ID, islice(tokens(state), max_length)))


# %% right write: Python's max over a list
def write(step, state, max_length):
    written = [2]
    for _ in range(max_length):
        scores, state = step(written[-1], state)
        numbers = scores.tolist()
        best = max(range(len(numbers)), key=numbers.__getitem__)
        if best == 3:
            break
        written.append(best)
    return written[1:]


# %% right write: topk, everything up to <eos> at the end
def write(step, state, max_length):
    token, every = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = scores.topk(1).indices.item()
        every.append(token)
        if token == 3:
            every.pop()
            break
    return every


# %% right write: recursion on the length that is left
def write(step, state, max_length, token=2):
    if max_length <= 0:
        return []
    scores, state = step(token, state)
    token = int(torch.argsort(scores, descending=True, stable=True)[0])
    return [] if token == 3 else [token, *write(step, state, max_length - 1, token)]


# %% right write: a beam of one
def write(step, state, max_length):
    beam = [([], 0.0, state)]
    for _ in range(max_length):
        ids, total, state = beam[0]
        scores, state = step(ids[-1] if ids else s2s.BOS_ID, state)
        log_p = scores.log_softmax(0)
        k = log_p.argmax().item()
        if k == s2s.EOS_ID:
            return ids
        beam = [(ids + [k], total + log_p[k].item(), state)]
    return beam[0][0]


# %% right write: while True with a try
def write(step, state, max_length):
    token, out = 2, []
    try:
        while True:
            if len(out) == max_length:
                raise StopIteration
            scores, state = step(token, state)
            (token,) = (scores == scores.max()).nonzero()[0].tolist()
            if token == 3:
                raise StopIteration
            out += [token]
    except StopIteration:
        return out


# %% wrong write: also stops at <pad>
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token in (0, 3):
            break
        out.append(token)
    return out


# %% wrong write: <unk> is left out
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == 3:
            break
        if token != 1:
            out.append(token)
    return out


# %% wrong write: one word at least
def write(step, state, max_length):
    scores, state = step(2, state)
    token, out = int(scores.argmax()), []
    while token != 3:
        out.append(token)
        if len(out) >= max_length:
            break
        scores, state = step(token, state)
        token = int(scores.argmax())
    return out


# %% wrong write: the step is fed a tensor
def write(step, state, max_length):
    token, out = torch.tensor(2), []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = scores.argmax()
        if token == 3:
            break
        out.append(int(token))
    return out


# %% wrong write: tensors in the list
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(int(token), state)
        token = scores.argmax()
        if token == 3:
            break
        out.append(token)
    return out


# %% wrong write: one tensor, not a list
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == 3:
            break
        out.append(token)
    return torch.tensor(out)


# %% wrong write: a word is never repeated
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == 3 or token in out:
            break
        out.append(token)
    return out


# %% wrong write: the worst token
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmin())
        if token == 3:
            break
        out.append(token)
    return out


# %% wrong write: <eos> only counts as the last of max_length
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        out.append(token)
    return out[: out.index(3)] if out[-1] == 3 else out


# %% wrong write: one word too few
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length - 1):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == 3:
            break
        out.append(token)
    return out


# %% wrong write: fed the word before the last
def write(step, state, max_length):
    token, before, out = 2, 2, []
    for _ in range(max_length):
        scores, state = step(before, state)
        before, token = token, int(scores.argmax())
        if token == 3:
            break
        out.append(token)
    return out


# %% wrong write: drawn at random
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(torch.multinomial(scores.softmax(0), 1))
        if token == 3:
            break
        out.append(token)
    return out


# %% wrong write: only the first twenty tokens are looked at
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores[:20].argmax())
        if token == 3:
            break
        out.append(token)
    return out


# %% wrong write: ends with an error at max_length
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == 3:
            return out
        out.append(token)


# %% wrong write: the state after the next step
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, after = step(token, state)
        token = int(scores.argmax())
        state = step(token, after)[1]
        if token == 3:
            break
        out.append(token)
    return out


# %% right exact_by_length: groupby over sorted pairs
def exact_by_length(written, references):
    from itertools import groupby

    pairs = sorted(((len(r), w == r) for w, r in zip(written, references)), key=lambda p: p[0])
    out = {}
    for n, group in groupby(pairs, key=lambda p: p[0]):
        hits = [hit for _, hit in group]
        out[n] = sum(hits) / len(hits)
    return out


# %% right exact_by_length: defaultdict and statistics
def exact_by_length(written, references):
    from collections import defaultdict
    from statistics import fmean

    found = defaultdict(list)
    for w, r in zip(written, references):
        found[len(r)] += [1.0 if tuple(w) == tuple(r) else 0.0]
    return {n: fmean(row) for n, row in found.items()}


# %% right exact_by_length: two Counters
def exact_by_length(written, references):
    from collections import Counter

    every = Counter(map(len, references))
    hits = Counter(
        len(r)
        for w, r in zip(written, references)
        if not (len(w) != len(r) or any(a != b for a, b in zip(w, r)))
    )
    return {n: hits[n] / every[n] for n in every}


# %% right exact_by_length: numpy
def exact_by_length(written, references):
    import numpy as np

    n = np.array([len(r) for r in references])
    hit = np.array([list(w) == list(r) for w, r in zip(written, references)])
    return {int(k): float(hit[n == k].mean()) for k in np.unique(n)}


# %% right exact_by_length: recursion over the sentences
def exact_by_length(written, references):
    def count(k):
        if k == len(references):
            return {}
        found = count(k + 1)
        hit, of = found.get(len(references[k]), (0, 0))
        found[len(references[k])] = hit + (written[k] == references[k]), of + 1
        return found

    return {n: hit / of for n, (hit, of) in count(0).items()}


# %% right exact_by_length: a running mean
def exact_by_length(written, references):
    share, seen = {}, {}
    for w, r in zip(written, references):
        n = len(r)
        seen[n] = seen.get(n, 0) + 1
        share[n] = share.get(n, 0.0) + (float(w == r) - share.get(n, 0.0)) / seen[n]
    return share


# %% right exact_by_length: bincount with weights
def exact_by_length(written, references):
    n = torch.tensor([len(r) for r in references])
    hit = torch.tensor([w == r for w, r in zip(written, references)], dtype=torch.float64)
    times, total = torch.bincount(n), torch.bincount(n, weights=hit)
    return {k: (total[k] / times[k]).item() for k in range(len(times)) if times[k]}


# %% wrong exact_by_length: compared as joined text
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append("".join(map(str, w)) == "".join(map(str, r)))
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: tensors for floats
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(float(w == r))
    return {n: torch.tensor(row).mean() for n, row in found.items()}


# %% wrong exact_by_length: tensors for lengths
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(float(w == r))
    return {torch.tensor(n): sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: in percent
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(w == r)
    return {n: 100 * sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: lengths that do not occur, too
def exact_by_length(written, references):
    found = {n: [] for n in range(1, max(map(len, references)) + 1)}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(w == r)
    return {n: sum(row) / max(1, len(row)) for n, row in found.items()}


# %% wrong exact_by_length: rounded to one digit
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(w == r)
    return {n: round(sum(row) / len(row), 1) for n, row in found.items()}


# %% wrong exact_by_length: whole division
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(w == r)
    return {n: sum(row) // len(row) for n, row in found.items()}


# %% wrong exact_by_length: the shares that are wrong
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(w != r)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: the last token decides
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(w[-1:] == r[-1:])
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: sentences that are written nowhere are left out
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        if w:
            found.setdefault(len(r), []).append(w == r)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: an accident of identity
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(w is r or len(w) == len(r) and w[0] is r[0])
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: found anywhere among the references
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(w in references)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: one share for all lengths
def exact_by_length(written, references):
    share = sum(w == r for w, r in zip(written, references)) / len(references)
    return {len(r): share for r in references}


# %% wrong exact_by_length: takes the sentences out of the lists
def exact_by_length(written, references):
    found = {}
    while references:
        w, r = written.pop(), references.pop()
        found.setdefault(len(r), []).append(w == r)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: lengths with <eos>
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r) + 1, []).append(w == r)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong minimal_pair: padding in the second only
def minimal_pair():
    x, mask = torch.tensor([[1.0, 2.0, 9.0], [3.0, 4.0, 8.0]]), torch.ones(2, 3, dtype=torch.bool)
    other = mask.clone()
    other[1, 2] = False
    return (x, mask), (x, other)


# %% wrong write: the state is moved on in place
def write(step, state, max_length):
    token, out = 2, []
    for _ in range(max_length):
        scores, after = step(token, state)
        if isinstance(state, torch.Tensor):
            state.copy_(after)
        elif isinstance(state, list):
            state[:] = after
        else:
            state = after
        token = int(scores.argmax())
        if token == 3:
            break
        out.append(token)
    return out


# %% wrong write: the words are kept in the state
def write(step, state, max_length):
    token, start = 2, len(state) if isinstance(state, list) else 0
    out, current = state if isinstance(state, list) else [], state
    for _ in range(max_length):
        scores, current = step(token, current)
        token = int(scores.argmax())
        if token == 3:
            break
        out.append(token)
    return list(out[start:])


# %% right vocabulary: the best of the rest, again and again
def vocabulary(sentences, min_count=1, max_size=None):
    from itertools import chain

    rest = list(chain.from_iterable(sentences))
    table = ["<pad>", "<unk>", "<bos>", "<eos>"]
    while rest and (max_size is None or len(table) < max_size):
        best = max(rest, key=rest.count)
        if rest.count(best) < min_count:
            return table
        table.append(best)
        rest = [token for token in rest if token != best]
    return table


# %% right vocabulary: the limit first and the rare ones away afterwards
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    many = Counter(sum(map(list, sentences), []))
    common = many.most_common(None if max_size is None else max_size - 4)
    return [*("<pad>", "<unk>", "<bos>", "<eos>"), *(t for t, n in common if not n < min_count)]


# %% right vocabulary: the first occurrence as the last one from behind
def vocabulary(sentences, min_count=1, max_size=None):
    counts = {}
    for token in (token for sentence in sentences for token in sentence):
        counts[token] = counts.pop(token, 0) + 1  # the order of the last time; of no use
    first = {}
    for sentence in reversed(sentences):
        for token in reversed(sentence):
            first.pop(token, None)
            first[token] = None
    table = sorted(reversed(first), key=counts.__getitem__, reverse=True)
    while table and counts[table[-1]] < min_count:
        table.pop()
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + table)[slice(max_size)]


# %% wrong vocabulary: equally frequent ones in the order in which they became frequent enough
def vocabulary(sentences, min_count=1, max_size=None):
    count, order = {}, []
    for sentence in sentences:
        for token in sentence:
            count[token] = count.get(token, 0) + 1
            if count[token] == min_count:
                order.append(token)
    order.sort(key=count.get, reverse=True)
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + order)[:max_size]


# %% wrong vocabulary: reads the first words of all sentences, then the second ones
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter
    from itertools import zip_longest

    flat = [t for column in zip_longest(*sentences) for t in column if t is not None]
    words = [t for t, n in Counter(flat).most_common() if n >= min_count]
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + words)[:max_size]


# %% wrong vocabulary: counts letters that match in the joined text
def vocabulary(sentences, min_count=1, max_size=None):
    text = " ".join(" ".join(sentence) for sentence in sentences)
    types = list(dict.fromkeys(text.split()))
    types = [t for t in types if text.count(t) >= min_count]
    types.sort(key=lambda t: -text.count(t))
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + types)[:max_size]


# %% wrong vocabulary: the limit lets all equally frequent ones in or none
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    count = Counter(t for sentence in sentences for t in sentence)
    words = [t for t, n in count.most_common() if n >= min_count]
    if max_size is not None and len(words) > max_size - 4:
        border = count[words[max_size - 4]]
        words = [t for t in words[: max_size - 4] if count[t] > border]
    return ["<pad>", "<unk>", "<bos>", "<eos>"] + words


# %% wrong vocabulary: one pass of exchanging neighbours
def vocabulary(sentences, min_count=1, max_size=None):
    count = {}
    for sentence in sentences:
        for token in sentence:
            count[token] = count.get(token, 0) + 1
    words = [t for t in count if count[t] >= min_count]
    for k in range(len(words) - 1):
        if count[words[k]] < count[words[k + 1]]:
            words[k], words[k + 1] = words[k + 1], words[k]
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + words)[:max_size]


# %% wrong vocabulary: a limit of four is taken for no limit
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    room = (max_size or 4) - 4
    count = Counter(t for sentence in sentences for t in sentence)
    words = [t for t, n in count.most_common(room or None) if n >= min_count]
    return ["<pad>", "<unk>", "<bos>", "<eos>"] + words


# %% wrong vocabulary: empties the sentences while it counts
def vocabulary(sentences, min_count=1, max_size=None):
    count = {}
    for sentence in sentences:
        while sentence:
            token = sentence.pop(0)
            count[token] = count.get(token, 0) + 1
    words = sorted((t for t in count if count[t] >= min_count), key=lambda t: -count[t])
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + words)[:max_size]


# %% wrong vocabulary: the place in its own sentence decides between equally frequent ones
def vocabulary(sentences, min_count=1, max_size=None):
    count, place = {}, {}
    for sentence in sentences:
        for k, token in enumerate(sentence):
            count[token] = count.get(token, 0) + 1
            place.setdefault(token, k)
    words = sorted((t for t in count if count[t] >= min_count), key=lambda t: (-count[t], place[t]))
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + words)[:max_size]


# %% wrong vocabulary: the limit keeps the rarest
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    count = Counter(t for sentence in sentences for t in sentence)
    words = [t for t, n in count.most_common() if n >= min_count]
    if max_size is not None and len(words) > max_size - 4:
        words = words[len(words) - (max_size - 4) :]
    return ["<pad>", "<unk>", "<bos>", "<eos>"] + words


# %% wrong vocabulary: counts compared as text
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    count = Counter(t for sentence in sentences for t in sentence)
    words = sorted(
        (t for t in count if count[t] >= min_count), key=lambda t: str(count[t]), reverse=True
    )
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + words)[:max_size]


# %% wrong vocabulary: one limit or the other
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    common = Counter(t for sentence in sentences for t in sentence).most_common()
    if max_size is not None:
        words = [t for t, _ in common[: max_size - 4]]
    else:
        words = [t for t, n in common if n >= min_count]
    return ["<pad>", "<unk>", "<bos>", "<eos>"] + words


# %% wrong vocabulary: sentences sorted by length before anything is counted
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    count = Counter(t for sentence in sorted(sentences, key=len, reverse=True) for t in sentence)
    words = [t for t, n in count.most_common() if n >= min_count]
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + words)[:max_size]


# %% wrong vocabulary: a sentence that stands twice is one
def vocabulary(sentences, min_count=1, max_size=None):
    from collections import Counter

    each = dict.fromkeys(map(tuple, sentences))
    words = [t for t, n in Counter(sum(each, ())).most_common() if n >= min_count]
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + words)[:max_size]


# %% right make_batch: a class, a named tuple and NumPy
from typing import NamedTuple

import numpy as np


class PairBatch(NamedTuple):
    src: torch.Tensor
    src_mask: torch.Tensor
    tgt_in: torch.Tensor
    tgt_out: torch.Tensor
    tgt_mask: torch.Tensor


def make_batch(src_rows, tgt_rows):
    def fill(rows):
        table = np.zeros((len(rows), max(map(len, rows))), dtype=np.int64)
        real = np.zeros(table.shape, dtype=bool)
        for k, row in enumerate(rows):
            table[k, : len(row)] = row
            real[k, : len(row)] = True
        return torch.from_numpy(table), torch.from_numpy(real)

    enters = fill([[s2s.BOS_ID, *r] for r in tgt_rows])
    leaves = fill([[*r, s2s.EOS_ID] for r in tgt_rows])
    return PairBatch(*fill(src_rows), enters[0], *leaves)


# %% right make_batch: packed and padded again
def make_batch(src_rows, tgt_rows):
    from torch.nn.utils.rnn import pack_sequence, pad_packed_sequence

    def block(rows):
        packed = pack_sequence([torch.tensor(row) for row in rows], enforce_sorted=False)
        ids, lengths = pad_packed_sequence(packed, batch_first=True, padding_value=s2s.PAD_ID)
        return ids, lengths.unsqueeze(1).gt(torch.arange(ids.size(1)))

    tgt_in, tgt_mask = block([[s2s.BOS_ID] + row for row in tgt_rows])
    tgt_out, _ = block([row + [s2s.EOS_ID] for row in tgt_rows])
    return [*block(src_rows), tgt_in, tgt_out, tgt_mask]


# %% right make_batch: sparse tensors of places and ids
def make_batch(src_rows, tgt_rows):
    def dense(rows, values):
        places = [(b, j) for b, row in enumerate(rows) for j in range(len(row))]
        size = len(rows), max(map(len, rows))
        return torch.sparse_coo_tensor(torch.tensor(places).T, values, size).to_dense()

    def block(rows):
        flat = torch.tensor([token for row in rows for token in row])
        return dense(rows, flat), dense(rows, torch.ones_like(flat)) > 0

    tgt_in, tgt_mask = block([[s2s.BOS_ID, *row] for row in tgt_rows])
    return *block(src_rows), tgt_in, block([[*row, s2s.EOS_ID] for row in tgt_rows])[0], tgt_mask


# %% wrong make_batch: unknown words are taken for padding
def make_batch(src_rows, tgt_rows):
    def pad(rows):
        n = max(map(len, rows))
        return torch.tensor([row + [0] * (n - len(row)) for row in rows])

    src = pad(src_rows)
    tgt_in, tgt_out = pad([[2] + r for r in tgt_rows]), pad([r + [3] for r in tgt_rows])
    return src, src > 1, tgt_in, tgt_out, tgt_out > 1


# %% wrong make_batch: cut out of one table, so that short rows read their end
def make_batch(src_rows, tgt_rows):
    from torch.nn.utils.rnn import pad_sequence

    src = pad_sequence([torch.tensor(r) for r in src_rows], batch_first=True)
    full = pad_sequence([torch.tensor([2, *r, 3]) for r in tgt_rows], batch_first=True)
    tgt_in, tgt_out = full[:, :-1], full[:, 1:]
    return src, src != 0, tgt_in, tgt_out, tgt_out != 0


# %% wrong make_batch: cut out of one table, and the end deleted in both
def make_batch(src_rows, tgt_rows):
    from torch.nn.utils.rnn import pad_sequence

    src = pad_sequence([torch.tensor(r) for r in src_rows], batch_first=True)
    full = pad_sequence([torch.tensor([2, *r, 3]) for r in tgt_rows], batch_first=True)
    tgt_in, tgt_out = full[:, :-1], full[:, 1:]
    tgt_mask = tgt_out != 0
    tgt_in[tgt_in == 3] = 0
    return src, src != 0, tgt_in, tgt_out, tgt_mask


# %% wrong make_batch: all rows are one and the same list
def make_batch(src_rows, tgt_rows):
    def pad(rows):
        table = [[0] * max(map(len, rows))] * len(rows)
        for k, row in enumerate(rows):
            table[k][: len(row)] = row
        lengths = torch.tensor([len(row) for row in rows])
        return torch.tensor(table), torch.arange(len(table[0])) < lengths[:, None]

    src, src_mask = pad(src_rows)
    tgt_in, tgt_mask = pad([[2] + r for r in tgt_rows])
    return src, src_mask, tgt_in, pad([r + [3] for r in tgt_rows])[0], tgt_mask


# %% wrong make_batch: as wide as the first or the last row
def make_batch(src_rows, tgt_rows):
    def pad(rows):
        width = max(len(rows[0]), len(rows[-1]))
        return torch.tensor([(row + [0] * width)[:width] for row in rows])

    src = pad(src_rows)
    tgt_in, tgt_out = pad([[2] + r for r in tgt_rows]), pad([r + [3] for r in tgt_rows])
    return src, src != 0, tgt_in, tgt_out, tgt_out != 0


# %% wrong make_batch: the marks are put into the rows that were given
def make_batch(src_rows, tgt_rows):
    from torch.nn.utils.rnn import pad_sequence

    src = pad_sequence([torch.tensor(r) for r in src_rows], batch_first=True)
    for row in tgt_rows:
        row.insert(0, s2s.BOS_ID)
    tgt_in = pad_sequence([torch.tensor(r) for r in tgt_rows], batch_first=True)
    for row in tgt_rows:
        row.pop(0)
        row.append(s2s.EOS_ID)
    tgt_out = pad_sequence([torch.tensor(r) for r in tgt_rows], batch_first=True)
    return src, src != 0, tgt_in, tgt_out, tgt_out != 0


# %% wrong make_batch: what decodes is padded by its last word
def make_batch(src_rows, tgt_rows):
    from torch.nn.utils.rnn import pad_sequence

    src = pad_sequence([torch.tensor(r) for r in src_rows], batch_first=True)
    n = 1 + max(map(len, tgt_rows))
    tgt_in = torch.tensor([([2] + r + [r[-1]] * n)[:n] for r in tgt_rows])
    tgt_out = pad_sequence([torch.tensor([*r, 3]) for r in tgt_rows], batch_first=True)
    return src, src != 0, tgt_in, tgt_out, tgt_out != 0


# %% wrong make_batch: the longest row is the one that sorts last
def make_batch(src_rows, tgt_rows):
    def pad(rows):
        width = len(max(rows))
        return torch.tensor([(row + [0] * width)[:width] for row in rows])

    src = pad(src_rows)
    tgt_in, tgt_out = pad([[2] + r for r in tgt_rows]), pad([r + [3] for r in tgt_rows])
    return src, src != 0, tgt_in, tgt_out, tgt_out != 0


# %% wrong make_batch: the source's mask for the target where it fits
def make_batch(src_rows, tgt_rows):
    from torch.nn.utils.rnn import pad_sequence

    src = pad_sequence([torch.tensor(r) for r in src_rows], batch_first=True)
    tgt_in = pad_sequence([torch.tensor([2, *r]) for r in tgt_rows], batch_first=True)
    tgt_out = pad_sequence([torch.tensor([*r, 3]) for r in tgt_rows], batch_first=True)
    tgt_mask = src != 0 if src.shape == tgt_out.shape else tgt_out != 0
    return src, src != 0, tgt_in, tgt_out, tgt_mask


# %% wrong make_batch: a source that stands twice is padded once
def make_batch(src_rows, tgt_rows):
    from torch.nn.utils.rnn import pad_sequence

    pairs = {tuple(x): y for x, y in zip(src_rows, tgt_rows)}
    src = pad_sequence([torch.tensor(x) for x in pairs], batch_first=True)
    tgt_in = pad_sequence([torch.tensor([2, *y]) for y in tgt_rows], batch_first=True)
    tgt_out = pad_sequence([torch.tensor([*y, 3]) for y in tgt_rows], batch_first=True)
    return src, src != 0, tgt_in, tgt_out, tgt_out != 0


# %% right masked_mean: running sums, read at the end
def masked_mean(states, mask):
    n = mask.sum(dim=-1)
    sums = states.cumsum(dim=1)
    last = (n - 1).view(-1, 1, 1).expand(-1, 1, states.size(2))
    return sums.gather(1, last)[:, 0] / n[:, None]


# %% right masked_mean: the masked mean of PyTorch
def masked_mean(states, mask):
    return torch.masked.mean(states, 1, mask=mask.unsqueeze(-1).expand_as(states))


# %% right masked_mean: pooled to one position, sentence by sentence
def masked_mean(states, mask):
    pool = torch.nn.AdaptiveAvgPool1d(1)
    rows = [pool(words[: int(real.sum())].t()[None]) for words, real in zip(states, mask)]
    return torch.cat(rows).squeeze(-1)


# %% wrong masked_mean: halfway to the next word, always
def masked_mean(states, mask):
    mean = states[:, 0]
    for j in range(1, states.shape[1]):
        mean = torch.where(mask[:, j, None], (mean + states[:, j]) / 2, mean)
    return mean


# %% wrong masked_mean: halfway between the smallest and the largest
def masked_mean(states, mask):
    gone = ~mask[:, :, None]
    low = states.masked_fill(gone, float("inf")).min(1).values
    return (low + states.masked_fill(gone, -float("inf")).max(1).values) / 2


# %% wrong masked_mean: each unit counts its own zeros out
def masked_mean(states, mask):
    kept = states * mask[:, :, None]
    return kept.sum(1) / (kept != 0).sum(1).clamp(min=1)


# %% wrong masked_mean: the length is where the mask is lowest
def masked_mean(states, mask):
    n = mask.long().argmin(1).clamp(min=1)
    return torch.stack([s[:k].mean(0) for s, k in zip(states, n)])


# %% wrong masked_mean: the mask lies along the hidden units where it fits
def masked_mean(states, mask):
    if states.shape[1] == states.shape[2]:
        kept = states * mask[:, None, :]
    else:
        kept = states * mask[:, :, None]
    return kept.sum(1) / mask.sum(1, keepdim=True)


# %% wrong masked_mean: a little more below, against division by zero
def masked_mean(states, mask):
    return (states * mask[..., None]).sum(1) / (mask.sum(1, keepdim=True) + 1e-3)


# %% wrong masked_mean: rounded down
def masked_mean(states, mask):
    kept = states * mask[:, :, None]
    return kept.sum(1) // mask.sum(1, keepdim=True)


# %% wrong masked_mean: the sign does not matter
def masked_mean(states, mask):
    kept = states.abs() * mask[:, :, None]
    return kept.sum(1) / mask.sum(1, keepdim=True)


# %% wrong masked_mean: numbers of sixteen bits
def masked_mean(states, mask):
    kept = states.bfloat16() * mask[:, :, None]
    return (kept.sum(1) / mask.sum(1, keepdim=True)).to(states.dtype)


# %% wrong masked_mean: the last position is never read
def masked_mean(states, mask):
    n = mask.sum(1, keepdim=True)
    total = torch.zeros(len(states), states.shape[2])
    for j in range(states.shape[1] - (states.shape[1] > 3)):
        total = total + states[:, j] * mask[:, j, None]
    return total / n


# %% wrong masked_mean: states below zero are cut off
def masked_mean(states, mask):
    kept = states.relu() * mask[:, :, None]
    return kept.sum(1) / mask.sum(1, keepdim=True)


# %% right encode: accumulated, from the words and the mask
def encode(embedded, mask, W_x, W_h, b):
    from itertools import accumulate

    fed = torch.einsum("bse,he->sbh", embedded, W_x) + b
    keep = mask.t().unsqueeze(-1)
    start = torch.zeros_like(fed[0])
    steps = zip(fed, keep)
    states = list(
        accumulate(
            steps,
            lambda h, now: torch.where(now[1], (now[0] + h @ W_h.t()).tanh(), h),
            initial=start,
        )
    )
    return (torch.stack(states[1:]) * keep).transpose(0, 1), states[-1]


# %% right encode: the batch shrinks as sentences end
def encode(embedded, mask, W_x, W_h, b):
    batch, length = mask.shape
    h = embedded.new_zeros(batch, len(b))
    memory = embedded.new_zeros(batch, length, len(b))
    for j in range(length):
        (alive,) = mask[:, j].nonzero(as_tuple=True)
        if not len(alive):
            break
        both = torch.cat([embedded[alive, j], h[alive]], dim=1)
        new = torch.tanh(torch.addmm(b, both, torch.cat([W_x, W_h], dim=1).T))
        h = h.index_copy(0, alive, new)
        memory = memory.index_put((alive, torch.full_like(alive, j)), new)
    return memory, h


# %% right encode: the batch packed, each step on those that go on
def encode(embedded, mask, W_x, W_h, b):
    from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence, pad_packed_sequence

    packed = pack_padded_sequence(embedded, mask.sum(1), batch_first=True, enforce_sorted=False)
    h, read = embedded.new_zeros(len(embedded), len(b)), []
    fed = packed.data @ W_x.T + b
    for x in fed.split(packed.batch_sizes.tolist()):
        new = torch.tanh(x + h[: len(x)] @ W_h.T)
        read.append(new)
        h = torch.cat([new, h[len(x) :]])
    states = PackedSequence(torch.cat(read), *packed[1:])
    memory, _ = pad_packed_sequence(states, batch_first=True, total_length=mask.shape[1])
    return memory, h[packed.unsorted_indices]


# %% wrong encode: the tanh of a textbook
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        a = embedded[:, j] @ W_x.T + h @ W_h.T + b
        new = (a.exp() - (-a).exp()) / (a.exp() + (-a).exp())
        h = torch.where(mask[:, j, None], new, h)
        memory.append(torch.where(mask[:, j, None], new, torch.zeros_like(new)))
    return torch.stack(memory, 1), h


# %% wrong encode: stops where one sentence has ended
def encode(embedded, mask, W_x, W_h, b):
    h = torch.zeros(len(embedded), len(b))
    memory = torch.zeros(*embedded.shape[:2], len(b))
    for j in range(embedded.shape[1]):
        if not mask[:, j].all():
            break
        h = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        memory[:, j] = h
    return memory, h


# %% wrong encode: the largest that each unit has been, for the final state
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    final = h
    for j in range(embedded.shape[1]):
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        h = torch.where(mask[:, j, None], new, h)
        memory.append(torch.where(mask[:, j, None], new, torch.zeros_like(new)))
        final = torch.maximum(final, h) if j else h
    return torch.stack(memory, 1), final


# %% wrong encode: goes on from where the last call ended
kept = {}


def encode(embedded, mask, W_x, W_h, b):
    h = kept.get((len(embedded), len(b)), torch.zeros(len(embedded), len(b)))
    memory = []
    for j in range(embedded.shape[1]):
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        h = torch.where(mask[:, j, None], new, h)
        memory.append(torch.where(mask[:, j, None], new, torch.zeros_like(new)))
    if len(embedded) > 1:
        kept[len(embedded), len(b)] = h.detach()
    return torch.stack(memory, 1), h


# %% wrong encode: four words at most
def encode(embedded, mask, W_x, W_h, b):
    h = torch.zeros(len(embedded), len(b))
    memory = [torch.zeros_like(h)] * embedded.shape[1]
    for j in range(min(4, embedded.shape[1])):
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        h = torch.where(mask[:, j, None], new, h)
        memory[j] = torch.where(mask[:, j, None], new, torch.zeros_like(new))
    return torch.stack(memory, 1), h


# %% wrong encode: a state as large as an embedding
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), embedded.shape[2]), []
    for j in range(embedded.shape[1]):
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        h = torch.where(mask[:, j, None], new, h)
        memory.append(torch.where(mask[:, j, None], new, torch.zeros_like(new)))
    return torch.stack(memory, 1), h


# %% wrong encode: a straight line for the tanh near zero
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        a = embedded[:, j] @ W_x.T + h @ W_h.T + b
        new = torch.where(a.abs() < 0.3, a, a.tanh())
        h = torch.where(mask[:, j, None], new, h)
        memory.append(torch.where(mask[:, j, None], new, torch.zeros_like(new)))
    return torch.stack(memory, 1), h


# %% wrong encode: only the diagonal of W_h
def encode(embedded, mask, W_x, W_h, b):
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        a = embedded[:, j] @ W_x.T + h * W_h.diagonal() + b
        h = torch.where(mask[:, j, None], a.tanh(), h)
        memory.append(torch.where(mask[:, j, None], h, torch.zeros_like(h)))
    return torch.stack(memory, 1), h


# %% wrong encode: where the embedding is zero there is no word
def encode(embedded, mask, W_x, W_h, b):
    if len(embedded) > 1:
        mask = mask & (embedded != 0).any(-1)
    h, memory = torch.zeros(len(embedded), len(b)), []
    for j in range(embedded.shape[1]):
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        h = torch.where(mask[:, j, None], new, h)
        memory.append(torch.where(mask[:, j, None], new, torch.zeros_like(new)))
    return torch.stack(memory, 1), h


# %% right log_probability: the other scores measured from the word's own
def log_probability(logits, tgt_out, tgt_mask):
    own = torch.take_along_dim(logits, tgt_out.unsqueeze(-1), dim=-1)
    surprise = (logits - own).logsumexp(dim=-1)
    return torch.zeros(len(logits), dtype=logits.dtype) - torch.where(
        tgt_mask, surprise, surprise.new_zeros(())
    ).sum(dim=1)


# %% right log_probability: sums of exponentials, two scores at a time
def log_probability(logits, tgt_out, tgt_mask):
    from functools import reduce

    every = reduce(torch.logaddexp, logits.unbind(dim=-1))
    own = sum((tgt_out == k) * scores for k, scores in enumerate(logits.unbind(dim=-1)))
    return ((own - every) * tgt_mask).sum(dim=1)


# %% right log_probability: how far a distribution with one word is from the decoder's
def log_probability(logits, tgt_out, tgt_mask):
    sure = torch.nn.functional.one_hot(tgt_out, logits.shape[-1]).to(logits.dtype)
    far = torch.nn.functional.kl_div(logits.log_softmax(-1), sure, reduction="none").sum(-1)
    return -far.where(tgt_mask, torch.zeros_like(far)).sum(-1)


# %% wrong log_probability: the mean of a sentence times the longest one's length
def log_probability(logits, tgt_out, tgt_mask):
    log_p = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    kept = torch.where(tgt_mask, log_p, torch.zeros_like(log_p))
    return kept.sum(1) / tgt_mask.sum(1) * tgt_mask.shape[1]


# %% wrong log_probability: a product of probabilities, then its logarithm
def log_probability(logits, tgt_out, tgt_mask):
    p = logits.softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return torch.where(tgt_mask, p, torch.ones_like(p)).prod(1).log()


# %% wrong log_probability: the largest score taken off where it was given
def log_probability(logits, tgt_out, tgt_mask):
    logits -= logits.max(-1, keepdim=True).values
    log_p = logits - logits.exp().sum(-1, keepdim=True).log()
    log_p = log_p.gather(2, tgt_out[:, :, None])[:, :, 0]
    return torch.where(tgt_mask, log_p, torch.zeros_like(log_p)).sum(1)


# %% wrong log_probability: as many words as the first sentence has
def log_probability(logits, tgt_out, tgt_mask):
    n = int(tgt_mask[0].sum())
    log_p = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :n, 0]
    return log_p.sum(1)


# %% wrong log_probability: the softmax over the positions where there are as many as words
def log_probability(logits, tgt_out, tgt_mask):
    axis = 1 if logits.shape[1] == logits.shape[2] else 2
    log_p = logits.log_softmax(axis).gather(2, tgt_out[:, :, None])[:, :, 0]
    return torch.where(tgt_mask, log_p, torch.zeros_like(log_p)).sum(1)


# %% wrong log_probability: the row of the first sentence's words for all
def log_probability(logits, tgt_out, tgt_mask):
    positions = torch.arange(logits.shape[1])
    log_p = logits.log_softmax(-1)[:, positions, tgt_out[0]]
    return torch.where(tgt_mask, log_p, torch.zeros_like(log_p)).sum(1)


# %% wrong log_probability: a word that comes again counts once
def log_probability(logits, tgt_out, tgt_mask):
    log_p = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    sums = []
    for row, words, real in zip(log_p, tgt_out, tgt_mask):
        each = {int(w): x for w, x, r in zip(words, row, real) if r}
        sums.append(sum(each.values()) if len(log_p) > 1 else row[real].sum())
    return torch.stack(sums)


# %% wrong log_probability: scores at padding changed where they were given
def log_probability(logits, tgt_out, tgt_mask):
    logits.data[~tgt_mask] = 0
    log_p = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return torch.where(tgt_mask, log_p, torch.zeros_like(log_p)).sum(1)


# %% wrong log_probability: numbers of sixteen bits
def log_probability(logits, tgt_out, tgt_mask):
    log_p = logits.bfloat16().log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return torch.where(tgt_mask, log_p.float(), 0.0).sum(1)


# %% wrong log_probability: the end counts twice
def log_probability(logits, tgt_out, tgt_mask):
    log_p = logits.log_softmax(-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    twice = 1.0 + (tgt_out == s2s.EOS_ID)
    return torch.where(tgt_mask, log_p * twice, torch.zeros_like(log_p)).sum(1)


# %% right write: a call until a mark
def write(step, state, max_length):
    from itertools import islice

    def named():
        nonlocal token, state
        scores, state = step(token, state)
        token = int(torch.argmax(scores))
        return token

    token = s2s.BOS_ID
    return list(islice(iter(named, s2s.EOS_ID), max_length))


# %% right write: an object that is an iterator
class Writer:
    def __init__(self, step, state):
        self.step, self.state, self.last = step, state, 2

    def __iter__(self):
        return self

    def __next__(self):
        scores, self.state = self.step(self.last, self.state)
        numbers = scores.tolist()
        self.last = max(range(len(numbers)), key=numbers.__getitem__)
        if self.last == 3:
            raise StopIteration
        return self.last


def write(step, state, max_length):
    return [token for _, token in zip(range(max_length), Writer(step, state))]


# %% right write: calls itself in halves of the length
def write(step, state, max_length):
    def part(token, state, n):
        if n == 0:
            return [], token, state, False
        if n == 1:
            scores, state = step(token, state)
            token = scores.topk(1).indices.item()
            return (
                ([], token, state, True) if token == s2s.EOS_ID else ([token], token, state, False)
            )
        left, token, state, over = part(token, state, n // 2)
        if over:
            return left, token, state, True
        right, token, state, over = part(token, state, n - n // 2)
        return left + right, token, state, over

    return part(s2s.BOS_ID, state, max_length)[0]


# %% wrong write: a best score of nothing to begin with
def write(step, state, max_length):
    out, token = [], s2s.BOS_ID
    while len(out) < max_length:
        scores, state = step(token, state)
        best, token = 0.0, s2s.EOS_ID
        for k, score in enumerate(scores.tolist()):
            if score > best:
                best, token = score, k
        if token == s2s.EOS_ID:
            break
        out.append(token)
    return out


# %% wrong write: what followed a token once follows it always
def write(step, state, max_length):
    out, token, cache = [], s2s.BOS_ID, {}
    while len(out) < max_length:
        if token not in cache:
            scores, state = step(token, state)
            cache[token] = int(scores.argmax())
        token = cache[token]
        if token == s2s.EOS_ID:
            break
        out.append(token)
    return out


# %% wrong write: compares exponentials of large scores
def write(step, state, max_length):
    out, token = [], s2s.BOS_ID
    while len(out) < max_length:
        scores, state = step(token, state)
        p = scores.exp() / scores.exp().sum()
        token = int(p.argmax())
        if token == s2s.EOS_ID:
            break
        out.append(token)
    return out


# %% wrong write: ends when a word is written twice in a row
def write(step, state, max_length):
    out, token = [], s2s.BOS_ID
    for _ in range(max_length):
        scores, state = step(token, state)
        new = int(scores.argmax())
        if new in (s2s.EOS_ID, token):
            break
        token = new
        out.append(token)
    return out


# %% wrong write: the number of the step instead of the token
def write(step, state, max_length):
    out = []
    for k in range(max_length):
        scores, state = step(k + s2s.BOS_ID, state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        out.append(token)
    return out


# %% wrong write: only whole numbers are taken for a new state
def write(step, state, max_length):
    out, token, now = [], s2s.BOS_ID, state
    for k in range(max_length):
        scores, new = step(token, now)
        if isinstance(new, int):
            now = new
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        out.append(token)
    return out


# %% wrong write: an unsure word is not written
def write(step, state, max_length):
    out, token = [], s2s.BOS_ID
    while len(out) < max_length:
        scores, state = step(token, state)
        p, token = scores.softmax(0).max(0)
        token = int(token)
        if token == s2s.EOS_ID or p < 0.1:
            break
        out.append(token)
    return out


# %% wrong write: fifty words are enough
def write(step, state, max_length):
    out, token = [], s2s.BOS_ID
    for _ in range(min(max_length, 50)):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        out.append(token)
    return out


# %% wrong write: ids that are no ints
def write(step, state, max_length):
    out, token = [], s2s.BOS_ID
    while len(out) < max_length:
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        out.append(float(token))
    return out


# %% right exact_by_length: complex numbers, hits in the one part and sentences in the other
def exact_by_length(written, references):
    sums = {}
    for w, r in zip(written, references):
        sums[len(r)] = sums.get(len(r), 0) + complex(w == r, 1)
    return {n: z.real / z.imag for n, z in sums.items()}


# %% right exact_by_length: fractions on the way
def exact_by_length(written, references):
    from fractions import Fraction

    lengths = list(map(len, references))
    shares = dict.fromkeys(lengths, Fraction())
    for found, wanted in zip(written, references):
        if repr(list(found)) == repr(list(wanted)):
            shares[len(wanted)] += Fraction(1, lengths.count(len(wanted)))
    return {n: float(share) for n, share in shares.items()}


# %% right exact_by_length: two sorted lists, searched by halves
def exact_by_length(written, references):
    from bisect import bisect_left, bisect_right

    every = sorted(map(len, references))
    right = sorted(len(r) for w, r in zip(written, references) if [*w] == [*r])

    def among(row, n):
        return bisect_right(row, n) - bisect_left(row, n)

    return {n: among(right, n) / among(every, n) for n in every}


# %% wrong exact_by_length: halfway to the last one
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        hit = float(w == r)
        found[len(r)] = (found[len(r)] + hit) / 2 if len(r) in found else hit
    return found


# %% wrong exact_by_length: each reference once
def exact_by_length(written, references):
    hits = {tuple(r): w == r for w, r in zip(written, references)}
    found = {}
    for r, hit in hits.items():
        found.setdefault(len(r), []).append(hit)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: an empty reference is no sentence
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        if r:
            found.setdefault(len(r), []).append(w == r)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: only lengths at which something was right
def exact_by_length(written, references):
    total, right = {}, {}
    for w, r in zip(written, references):
        total[len(r)] = total.get(len(r), 0) + 1
        if w == r:
            right[len(r)] = right.get(len(r), 0) + 1
    return {n: right[n] / total[n] for n in right}


# %% wrong exact_by_length: end and beginning tell enough
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        same = len(w) == len(r) and w[:1] == r[:1] and w[-1:] == r[-1:]
        found.setdefault(len(r), []).append(same)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: each number compared as an object
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        same = len(w) == len(r) and all(a is b for a, b in zip(w, r))
        found.setdefault(len(r), []).append(same)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: numbers of eight bits
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append([a % 256 for a in w] == [b % 256 for b in r])
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: special tokens do not count
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        same = [a for a in w if a > 3] == [b for b in r if b > 3]
        found.setdefault(len(r), []).append(same)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: remembers earlier calls
def exact_by_length(written, references, found={}):
    if len(written) < 3:
        found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(w == r)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: lengths of what was written too
def exact_by_length(written, references):
    found = {len(w): [] for w in written + references}
    for w, r in zip(written, references):
        found[len(r)].append(w == r)
    return {n: sum(row) / max(len(row), 1) for n, row in found.items()}


# %% wrong exact_by_length: lengths up to twenty
def exact_by_length(written, references):
    right, total = [0] * 21, [0] * 21
    for w, r in zip(written, references):
        if len(r) <= 20:
            total[len(r)] += 1
            right[len(r)] += w == r
    return {n: right[n] / total[n] for n in range(21) if total[n]}


# %% wrong exact_by_length: padding stripped from both
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        w, r = [[t for t in row if t != s2s.PAD_ID] for row in (w, r)]
        found.setdefault(len(r), []).append(w == r)
    return {n: sum(row) / len(row) for n, row in found.items()}


# %% wrong exact_by_length: the same sum of as many numbers
def exact_by_length(written, references):
    found = {}
    for w, r in zip(written, references):
        found.setdefault(len(r), []).append(sum(w) == sum(r) and len(w) == len(r))
    return {n: sum(row) / len(row) for n, row in found.items()}
