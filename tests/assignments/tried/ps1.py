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
