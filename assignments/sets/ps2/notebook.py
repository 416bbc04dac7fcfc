# ruff: noqa: E402, F821, F811
# %% [markdown]
# # Problem set 2: a decoder that looks back
#
# You will write the attention of chapter 3 from tensors, function by function, put the functions together into one step of
# Bahdanau's decoder, and then do with a trained model what the chapter did not: move its attention to the wrong word, and
# see for which words that matters.
#
# **VARIANT.total points.** About three and a half hours. It builds on [chapter
# 3](https://s2s-tutorial.github.io/s2s-tutorial/chapters/03_bahdanau_attention.html), whose symbols and equation numbers it uses.
#
# **How it works.** Write where `raise NotImplementedError` stands. Below each exercise is a cell of checks: run it, and it says
# at once what is right and how many points that is. A second cell holds hidden tests. They run when your work is graded, and
# try what the visible checks do not: other sizes, sentences of different lengths, extreme numbers, gradients. So read the text
# and not only the checks. A function leaves what it is given as it was: it changes no argument in place. A float or an int is a number of its own, not a tensor with one number. Cells that are not yours to write are restored before grading; you may add cells anywhere.
#
# The package's own version of what you are to write does not count (and raises an error inside the tests). Everything else
# is allowed: loops or matrix products, any PyTorch function. Where an exercise needs an earlier one that you have not
# solved, the text says what to use instead.
#
# The whole notebook runs in about a minute on two CPU cores. A GPU is not needed.
# %% setup
# %% given imports
import math

import matplotlib.pyplot as plt
import torch

import s2s_tutorial as s2s
from s2s_tutorial.coursework import Checks, close, commit, waits_for

HALF = math.log(3) / 2  # its tanh is 1/2
s2s.use_style()


# %% [markdown]
# ## 2.1 A softmax that sees no padding (5 points)
#
# Equation (3.2) with one thing more, a **temperature** $\tau > 0$:
#
# $$ \alpha_j = \frac{m_j \exp(e_j / \tau)}{\sum_k m_k \exp(e_k / \tau)} $$
#
# with $m_j = 1$ at a real token and 0 at padding. A high temperature makes the weights more equal, a low one lets the largest score
# take nearly all. Write it so that
#
# - scores of shape `(batch, src_len)` and of shape `(batch, tgt_len, src_len)` both work, each with a mask `(batch, src_len)`: all rows
#   of a sentence share its mask;
# - a row without a single real position gives zeros, and no NaN, neither in the weights nor in the gradient;
# - scores may be of any size (1,000 or -4,000,000,000), also larger at padding than at words;
# - `scores` is the same after the call as before.
# %% solution masked_softmax
def masked_softmax(scores, mask, temperature=1.0):
    """Weights over the real positions, of the shape of `scores`.

    scores: (batch, src_len) or (batch, tgt_len, src_len)
    mask: (batch, src_len) bool, True = a real token
    """
    ### BEGIN SOLUTION
    real = mask[:, None] if scores.dim() == 3 else mask
    empty = ~real.any(dim=-1, keepdim=True)
    lifted = (scores / temperature).masked_fill(~real, -torch.inf)
    weights = lifted.masked_fill(empty, 0.0).softmax(dim=-1)
    return weights.masked_fill(empty, 0.0)
    ### END SOLUTION


# %% checks masked_softmax
checks = Checks("2.1", points=1, withheld=["masked_softmax"])


@checks("scores 0 and ln 3, and padding that scores 9")
def check():
    scores = torch.tensor([[0.0, math.log(3), 9.0]])
    weights = masked_softmax(scores, torch.tensor([[True, True, False]]))
    close(weights, torch.tensor([[0.25, 0.75, 0.0]]), "the weights")


@checks("temperature VARIANT.temperature")
def check():
    scores = VARIANT.temperature * torch.tensor([[0.0, math.log(2), math.log(5)]])
    every = torch.ones(1, 3, dtype=torch.bool)
    weights = masked_softmax(scores, every, VARIANT.temperature)
    close(8 * weights, torch.tensor([[1.0, 2.0, 5.0]]), "8 x the weights")


@checks("three dimensions: every row is about the source")
def check():
    scores = torch.arange(12.0).view(2, 2, 3)
    mask = torch.tensor([[True, True, True], [True, False, False]])
    weights = masked_softmax(scores, mask)
    close(weights.sum(dim=2), torch.ones(2, 2), "the sums of the rows")
    close(weights[1], torch.tensor([[1.0, 0, 0], [1.0, 0, 0]]), "one word")


checks.report()
# %% hidden masked_softmax
hidden = Checks("2.1, hidden", points=4, withheld=["masked_softmax"])
### BEGIN HIDDEN TESTS


def weights_by_loops(scores, mask, temperature):
    weights = torch.zeros(scores.shape, dtype=torch.float64)
    for b in range(len(scores)):
        real = [j for j in range(mask.shape[1]) if mask[b, j]]
        for row, out in zip(scores[b].view(-1, mask.shape[1]), weights[b].view(-1, mask.shape[1])):
            lifted = [row[j].item() / temperature for j in real]
            total = sum(math.exp(e - max(lifted)) for e in lifted)
            for j, e in zip(real, lifted):
                out[j] = math.exp(e - max(lifted)) / total
    return weights


@hidden(
    "lengths that differ, other sizes, temperature VARIANT.temperature, a lower and a higher one"
)
def check():
    torch.manual_seed(VARIANT.draw)
    mask = torch.arange(VARIANT.same_size) < torch.tensor([[VARIANT.same_size], [1], [2]])
    for shape in ((3, VARIANT.same_size), (3, 5, VARIANT.same_size)):
        for temperature in (VARIANT.temperature, 0.05, 4.0):
            scores = temperature * torch.randn(shape)
            expected = weights_by_loops(scores, mask, temperature)
            close(masked_softmax(scores, mask, temperature), expected, "the weights")


@hidden("holes in the middle of the mask; as many rows as positions")
def check():
    torch.manual_seed(VARIANT.draw + 1)
    mask = torch.tensor([[True, False, True], [False, True, True], [True, True, False]])
    scores = torch.randn(3, 3, 3)
    close(masked_softmax(scores, mask), weights_by_loops(scores, mask, 1.0), "the weights")


@hidden("a row of padding only gives zeros")
def check():
    mask = torch.tensor([[True, True], [False, False]])
    expected = torch.tensor([[0.5, 0.5], [0.0, 0.0]])
    for temperature in (1.0, 0.5):
        close(masked_softmax(torch.ones(2, 2), mask, temperature), expected, "the weights")
    scores = torch.ones(2, 3, 2, requires_grad=True)
    weights = masked_softmax(scores, mask)
    close(weights, expected[:, None].expand(2, 3, 2), "the weights in three dimensions")
    weights[:, :, 0].sum().backward()
    gradient = torch.tensor([[[0.25, -0.25]] * 3, [[0.0, 0.0]] * 3])
    close(scores.grad, gradient, "the gradient in three dimensions")


@hidden("scores of any size")
def check():
    mask = torch.tensor([[True, True, False]])
    for base in (1e3, -4e9):
        scores = torch.tensor([[base, base, 5e9]])
        close(masked_softmax(scores, mask), torch.tensor([[0.5, 0.5, 0]]), f"{base:g}")
        scores = torch.tensor([[base, base + 1024, 5e9]])
        close(masked_softmax(scores, mask), torch.tensor([[0.0, 1.0, 0]]), f"{base:g} and more")


@hidden("the gradient is finite and right, next to a row of padding")
def check():
    scores = torch.zeros(2, 3, requires_grad=True)
    mask = torch.tensor([[True, True, False], [False, False, False]])
    weights = masked_softmax(scores, mask)
    close(weights[0], torch.tensor([0.5, 0.5, 0.0]), "the weights")
    weights[:, 0].sum().backward()
    close(scores.grad, torch.tensor([[0.25, -0.25, 0.0], [0, 0, 0]]), "the gradient")


@hidden("the scores and the mask are left as they were")
def check():
    scores, mask = torch.tensor([[1.0, 1.0, 3.0]]), torch.tensor([[True, True, False]])
    unchanged(masked_softmax, scores, mask, 0.5)
    close(masked_softmax(scores, mask, 0.5), torch.tensor([[0.5, 0.5, 0.0]]), "the weights")


@hidden("rows of a sentence whose scores are far apart", weight=2)
def check():
    rows = [[1000.0, 1000 + math.log(3), 0], [-1000, -1000 + math.log(3), 0], [0, math.log(3), 0]]
    scores = torch.tensor([rows, [[1e6, 1e6, 0], [0, 0, 0], [-1e6, -1e6, 0]]])
    mask = torch.tensor([[True, True, False], [True, True, False]])
    expected = torch.tensor([[[0.25, 0.75, 0.0]] * 3, [[0.5, 0.5, 0.0]] * 3])
    close(masked_softmax(scores, mask), expected, "the weights", tolerance=1e-3)
    for alone in (0, 1, 2):
        found = masked_softmax(scores[:, alone], mask)
        close(found, expected[:, alone], "the weights of one row", tolerance=1e-3)


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 2.2 Additive scores for a whole target (3 points)
#
# In training the decoder's states can be scored for many target positions at once. Write (3.1) for queries $q_i$, $i = 1 \dots T$,
# and a batch of memories:
#
# $$ e_{ij} = v^\top \tanh(W_q\, q_i + W_k\, h_j) $$
# %% solution additive_scores
def additive_scores(query, memory, W_q, W_k, v):
    """Scores (batch, tgt_len, src_len).

    query: (batch, tgt_len, query_size)
    memory: (batch, src_len, memory_size)
    W_q: (attention_size, query_size)
    W_k: (attention_size, memory_size)
    v: (attention_size,)
    """
    ### BEGIN SOLUTION
    from_query = query @ W_q.T
    from_memory = memory @ W_k.T
    return torch.tanh(from_query[:, :, None] + from_memory[:, None]) @ v
    ### END SOLUTION


# %% checks additive_scores
checks = Checks("2.2", points=1, withheld=["AdditiveAttention", "ConcatAttention"])


@checks("two queries and three words, by hand")
def check():
    query = torch.tensor([[[1.0], [0.0]]])
    memory = torch.tensor([[[-1.0], [0.0], [1.0]]])
    W = torch.tensor([[HALF]])
    scores = additive_scores(query, memory, W, W, torch.tensor([10.0]))
    # the tanh of 2 HALF is (9 - 1) / (9 + 1)
    close(scores, torch.tensor([[[0.0, 5.0, 8.0], [-5.0, 0.0, 5.0]]]), "the scores")


@checks("the shape, all sizes different")
def check():
    sizes = VARIANT.query_size, VARIANT.memory_size, VARIANT.attention_size
    query, memory = torch.zeros(2, 4, sizes[0]), torch.zeros(2, 6, sizes[1])
    W_q, W_k = torch.zeros(sizes[2], sizes[0]), torch.zeros(sizes[2], sizes[1])
    scores = additive_scores(query, memory, W_q, W_k, torch.zeros(sizes[2]))
    close(scores, torch.zeros(2, 4, 6), "the scores")


checks.report()
# %% hidden additive_scores
hidden = Checks("2.2, hidden", points=2, withheld=["AdditiveAttention", "ConcatAttention"])
### BEGIN HIDDEN TESTS


def scores_by_loops(query, memory, W_q, W_k, v):
    scores = torch.zeros(len(query), query.shape[1], memory.shape[1], dtype=torch.float64)
    for b in range(len(query)):
        for i in range(query.shape[1]):
            for j in range(memory.shape[1]):
                inside = W_q.double() @ query[b, i].double() + W_k.double() @ memory[b, j].double()
                scores[b, i, j] = v.double() @ inside.tanh()
    return scores


def drawn(B, T, S, Q, M, A, seed):
    torch.manual_seed(seed)
    shapes = (B, T, Q), (B, S, M), (A, Q), (A, M), (A,)
    return [torch.randn(shape, requires_grad=True) for shape in shapes]


@hidden("random numbers, all sizes different")
def check():
    given = drawn(
        2, 4, 6, VARIANT.query_size, VARIANT.memory_size, VARIANT.attention_size, VARIANT.draw
    )
    close(additive_scores(*given), scores_by_loops(*given), "the scores")


@hidden("random numbers, all sizes the same: nothing exchanged")
def check():
    given = drawn(*[VARIANT.query_size] * 6, VARIANT.draw + 1)
    given[1] = given[1].detach()
    given[1][0, 1] = 0.0  # a vector like any other
    close(additive_scores(*given), scores_by_loops(*given), "the scores")


@hidden("one sentence, one query, one word; large numbers")
def check():
    given = drawn(1, 1, 1, 2, 3, 4, VARIANT.draw + 2)
    close(additive_scores(*given), scores_by_loops(*given), "the scores")
    given[0] = torch.tensor([[[1e3, 1e3], [-1e3, -1e3]]])
    close(additive_scores(*given), scores_by_loops(*given), "the scores of large queries")


@hidden("gradients reach all five arguments")
def check():
    given = drawn(2, 3, 5, 2, 3, 4, VARIANT.draw + 3)
    names = "query", "memory", "W_q", "W_k", "v"
    found = torch.autograd.grad(additive_scores(*given).square().sum(), given, allow_unused=True)
    expected = torch.autograd.grad(scores_by_loops(*given).square().sum(), given)
    for name, one, other in zip(names, found, expected):
        assert one is not None, f"no gradient reaches {name}"
        close(one, other, f"the gradient of {name}", tolerance=1e-3)


@hidden("what it is given stays as it was")
def check():
    given = [each.detach() for each in drawn(2, 3, 5, 2, 3, 4, VARIANT.draw + 4)]
    unchanged(additive_scores, *given)
    close(additive_scores(*given), scores_by_loops(*given), "the scores")


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 2.3 Where the decoder starts (3 points)
#
# Equation (3.5): $s_0 = \tanh(W_s \overleftarrow{h}_1)$. The memory of a bidirectional encoder holds $[\overrightarrow{h}_j;
# \overleftarrow{h}_j]$ at position $j$, the half that read from left to right first, and zeros at padding. Where in the memory does
# the vector stand that has read the whole sentence backwards?
# %% solution initial_state
def initial_state(memory, W_s):
    """The decoder's first state, (batch, hidden).

    memory: (batch, src_len, 2 * hidden), padded at the end
    W_s: (hidden, hidden)
    """
    ### BEGIN SOLUTION
    hidden = W_s.shape[0]
    return torch.tanh(memory[:, 0, hidden:] @ W_s.T)
    ### END SOLUTION


# %% checks initial_state
checks = Checks("2.3", points=1)


@checks("two sentences, hidden size 1")
def check():
    memory = HALF * torch.tensor([[[7.0, 1], [8, 3], [9, 5]], [[6, -1], [0, 0], [0, 0]]])
    found = initial_state(memory, torch.eye(1))
    close(found, torch.tensor([[0.5], [-0.5]]), "the state")


checks.report()
# %% hidden initial_state
hidden = Checks("2.3, hidden", points=2)
### BEGIN HIDDEN TESTS


@hidden("random numbers, large ones and zeros, hidden size VARIANT.query_size")
def check():
    torch.manual_seed(VARIANT.draw)
    H = VARIANT.query_size
    memory, W_s = torch.randn(4, 6, 2 * H), torch.randn(H, H)
    memory[1], memory[2] = 1e3 * memory[0], -1e3 * memory[0]
    memory[3, 0, H:] = 0.0
    expected = [(W_s.double() @ row[0, H:].double()).tanh() for row in memory]
    close(initial_state(memory, W_s), torch.stack(expected), "the state")


@hidden("a real encoder: the state does not change with the padding behind")
def check():
    torch.manual_seed(VARIANT.draw + 1)
    encoder = s2s.Encoder(13, 3, 5, bidirectional=True)
    W_s, ids = torch.randn(5, 5), torch.tensor([[4, 5, 6, 0, 0], [7, 8, 9, 10, 11]])
    encoded = encoder(ids, torch.tensor([3, 5]))
    expected = (encoded.final_state[-1, :, 5:] @ W_s.T).tanh()
    close(initial_state(encoded.memory, W_s), expected, "the state")


@hidden("gradients reach the memory and W_s")
def check():
    torch.manual_seed(VARIANT.draw + 2)
    memory = torch.randn(2, 3, 10, requires_grad=True)
    W_s = torch.randn(5, 5, requires_grad=True)
    initial_state(memory, W_s).sum().backward()
    expected = torch.zeros(2, 3, 10)
    slope = 1 - (memory[:, 0, 5:] @ W_s.T).tanh() ** 2
    expected[:, 0, 5:] = slope @ W_s
    close(memory.grad, expected, "the gradient of the memory")
    close(W_s.grad, slope.T @ memory[:, 0, 5:], "the gradient of W_s")


@hidden("what it is given stays as it was")
def check():
    memory, W_s = HALF * torch.tensor([[[7.0, 8, 1, -1], [9, 6, 5, 4]]]), torch.eye(2)
    unchanged(initial_state, memory, W_s)
    close(initial_state(memory, W_s), torch.tensor([[0.5, -0.5]]), "the state")


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 2.4 One step of Bahdanau's decoder (7 points)
#
# In this order: the **old** state $s_{i-1}$ asks, the scores become weights over the real positions, the weights average the
# **memory**, and the context enters the cell behind the embedding of the word just written:
#
# $$ e_{ij} = v^\top \tanh(W_q\, s_{i-1} + k_j), \qquad \alpha_i = \mathrm{softmax}(e_i), \qquad c_i = \sum_j \alpha_{ij} h_j, \qquad
# s_i = \mathrm{cell}([y_{i-1};\, c_i],\, s_{i-1}) $$
#
# The keys $k_j = W_k h_j$ were computed once for the batch and are passed in. `cell` is a `torch.nn.GRUCell`: called as
# `cell(input, state)` it returns the new state. Use your `masked_softmax`; if it does not pass yet, `s2s.masked_softmax(scores, mask)`
# is allowed here.
# %% solution bahdanau_step
def bahdanau_step(embedded, state, keys, memory, mask, W_q, v, cell):
    """One step: the new state, the context, the weights.

    embedded: (batch, embedding_size), y_{i-1}
    state: (batch, hidden), s_{i-1}
    keys: (batch, src_len, attention_size), k_j
    memory: (batch, src_len, memory_size), h_j
    mask: (batch, src_len) bool, True = a real token
    W_q: (attention_size, hidden)
    v: (attention_size,)
    cell: a GRUCell from embedding_size + memory_size to hidden

    Returns (batch, hidden), (batch, memory_size), (batch, src_len).
    """
    ### BEGIN SOLUTION
    scores = torch.tanh((state @ W_q.T)[:, None] + keys) @ v
    weights = masked_softmax(scores, mask)
    context = (weights[:, :, None] * memory).sum(dim=1)
    new_state = cell(torch.cat([embedded, context], dim=1), state)
    return new_state, context, weights
    ### END SOLUTION


# %% checks bahdanau_step
checks = Checks("2.4", points=2, withheld=["AdditiveAttention", "BahdanauDecoder"])


@checks("two words, weights of one quarter and three quarters")
def check():
    cell = torch.nn.GRUCell(2, 1)
    keys = torch.tensor([[[-HALF], [HALF], [HALF]]])
    memory = torch.tensor([[[4.0], [8.0], [100.0]]])
    mask = torch.tensor([[True, True, False]])
    state, embedded = torch.zeros(1, 1), torch.ones(1, 1)
    v = torch.tensor([math.log(3)])
    new, context, weights = bahdanau_step(
        embedded, state, keys, memory, mask, torch.eye(1), v, cell
    )
    close(weights, torch.tensor([[0.25, 0.75, 0.0]]), "the weights")
    close(context, torch.tensor([[7.0]]), "the context")
    close(new, cell(torch.tensor([[1.0, 7.0]]), state), "the new state")


@checks("shapes, all sizes different")
def check():
    E, H, M, A = (
        VARIANT.embedding_size,
        VARIANT.query_size,
        VARIANT.memory_size,
        VARIANT.attention_size,
    )
    found = bahdanau_step(
        torch.zeros(2, E),
        torch.zeros(2, H),
        torch.zeros(2, 4, A),
        torch.zeros(2, 4, M),
        torch.ones(2, 4, dtype=torch.bool),
        torch.zeros(A, H),
        torch.zeros(A),
        torch.nn.GRUCell(E + M, H),
    )
    shapes = [tuple(each.shape) for each in found]
    assert shapes == [(2, H), (2, M), (2, 4)], f"the shapes are {shapes}"


checks.report()
# %% hidden bahdanau_step
hidden = Checks("2.4, hidden", points=5, withheld=["AdditiveAttention", "BahdanauDecoder"])
### BEGIN HIDDEN TESTS


def step_by_loops(embedded, state, keys, memory, mask, W_q, v, cell):
    all_weights, contexts = [], []
    for b in range(len(state)):
        real = [j for j in range(keys.shape[1]) if mask[b, j]]
        scores = torch.stack([v @ (W_q @ state[b] + keys[b, j]).tanh() for j in real])
        shares = scores.softmax(0)
        weights = torch.zeros(keys.shape[1])
        for k, j in enumerate(real):
            weights = weights + shares[k] * torch.eye(keys.shape[1])[j]
        all_weights.append(weights)
        contexts.append(sum(shares[k] * memory[b, j] for k, j in enumerate(real)))
    weights, contexts = torch.stack(all_weights), torch.stack(contexts)
    return cell(torch.cat([embedded, contexts], dim=1), state), contexts, weights


def drawn_step(E, H, M, A, seed, S=5):
    torch.manual_seed(seed)
    shapes = (3, E), (3, H), (3, S, A), (3, S, M), (A, H), (A,)
    y, s, keys, memory, W_q, v = (torch.randn(shape, requires_grad=True) for shape in shapes)
    mask = torch.arange(S) < torch.tensor([[S], [2], [1]])
    return [y, s, keys, memory, mask, W_q, v, torch.nn.GRUCell(E + M, H)]


def compare(given, tolerance=1e-4):
    names = "the new state", "the context", "the weights"
    for name, found, expected in zip(
        names, bahdanau_step(*given), step_by_loops(*given), strict=True
    ):
        close(found, expected, name, tolerance)


@hidden("sentences of different lengths, all sizes different")
def check():
    sizes = VARIANT.embedding_size, VARIANT.query_size, VARIANT.memory_size, VARIANT.attention_size
    compare(drawn_step(*sizes, VARIANT.draw))


@hidden("all sizes the same: keys ask, memory answers, in this order into the cell")
def check():
    compare(drawn_step(*[VARIANT.query_size] * 4, VARIANT.draw + 1, S=3))


@hidden("what stands at padding does not matter")
def check():
    given = drawn_step(3, 5, 2, 7, VARIANT.draw + 2)
    before = bahdanau_step(*given)
    compare(given)
    padding = ~given[4][:, :, None]
    given[2], given[3] = (t.detach().masked_fill(padding, 1e4) for t in given[2:4])
    for one, other in zip(before, bahdanau_step(*given), strict=True):
        close(other, one.detach(), "a result with other padding")


@hidden("two steps, the second from the state of the first")
def check():
    given = drawn_step(3, 5, 2, 7, VARIANT.draw + 3)
    one, other = list(given), list(given)
    one[1], other[1] = bahdanau_step(*given)[0], step_by_loops(*given)[0]
    for found, expected in zip(bahdanau_step(*one), step_by_loops(*other), strict=True):
        close(found, expected, "a result of the second step")


@hidden("gradients reach everything that is learned")
def check():
    given = drawn_step(3, 5, 2, 7, VARIANT.draw + 4)
    inputs = [given[k] for k in (0, 1, 2, 3, 5, 6)] + list(given[7].parameters())
    names = ["y", "the state", "the keys", "the memory", "W_q", "v"] + ["the cell"] * 4
    found, expected = (
        torch.autograd.grad(step(*given)[0].sum(), inputs, allow_unused=True)
        for step in (bahdanau_step, step_by_loops)
    )
    for name, one, other in zip(names, found, expected):
        assert one is not None, f"no gradient reaches {name}"
        close(one, other, f"the gradient of {name}", tolerance=1e-3)
    for k, what in ((1, "the context"), (2, "the weights")):
        found, expected = (
            torch.autograd.grad(step(*given)[k].square().sum(), given[1])[0]
            for step in (bahdanau_step, step_by_loops)
        )
        close(found, expected, f"the gradient from {what} to the state", tolerance=1e-3)


@hidden("scores of 500 in one sentence and -500 in another")
def check():
    given = drawn_step(3, 5, 2, 7, VARIANT.draw + 6)
    large, small = torch.tensor([[9.0], [-9.0], [9.0]]), torch.tensor([HALF, -HALF, 0, 0, HALF])
    given[2] = torch.stack([large.expand(3, 5), small.expand(3, 5)], dim=2)
    given[5], given[6] = torch.zeros(2, 5), torch.tensor([500.0, math.log(3)])
    compare(given, tolerance=1e-3)


@hidden("what it is given stays as it was")
def check():
    given = drawn_step(3, 5, 2, 7, VARIANT.draw + 5)
    given[:4] = [each.detach() for each in given[:4]]
    unchanged(bahdanau_step, *given)
    compare(given)


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 2.5 How sharp is it? (3 points)
#
# A row of weights is a distribution, so it has an **entropy**, $H_i = -\sum_j \alpha_{ij} \log_2 \alpha_{ij}$ bits: 0 if one
# word has everything, $\log_2 S$ if all $S$ share alike ($0 \log_2 0$ counts as 0). Write the mean entropy of the rows of a batch, **over its
# real target positions**: the sum over all of them divided by how many there are, as a loss is averaged (chapter 1, equation 1.3).
# %% solution attention_entropy
def attention_entropy(weights, tgt_mask):
    """Mean entropy in bits of the rows at real target positions, a number.

    weights: (batch, tgt_len, src_len)
    tgt_mask: (batch, tgt_len) bool, True = a real token
    """
    ### BEGIN SOLUTION
    rows = weights[tgt_mask]
    return torch.special.entr(rows).sum() / math.log(2) / len(rows)
    ### END SOLUTION


# %% checks attention_entropy
checks = Checks("2.5", points=1)


@checks("one row over four words, one row over two")
def check():
    weights = torch.tensor([[[0.25, 0.25, 0.25, 0.25], [0.5, 0.0, 0.5, 0.0]]])
    found = attention_entropy(weights, torch.tensor([[True, True]]))
    close(found, 1.5, "the mean of 2 bits and 1 bit")


@checks("a padded row does not count")
def check():
    weights = torch.tensor([[[0.5, 0.5], [1.0, 0.0], [0.5, 0.5]]])
    found = attention_entropy(weights, torch.tensor([[True, True, False]]))
    close(found, 0.5, "the mean of 1 bit and 0 bits")


checks.report()
# %% hidden attention_entropy
hidden = Checks("2.5, hidden", points=2)
### BEGIN HIDDEN TESTS


def bits_by_loops(weights, tgt_mask):
    rows = [weights[b, i].tolist() for b, i in tgt_mask.nonzero().tolist()]
    return sum(-p * math.log2(p) for row in rows for p in row if p > 0) / len(rows)


@hidden("random weights, lengths that differ much", weight=2)
def check():
    torch.manual_seed(VARIANT.draw)
    for T in (7, VARIANT.same_size):
        weights = torch.randn(3, T, VARIANT.same_size).mul(2).softmax(-1)
        mask = torch.arange(T) < torch.tensor([[T], [1], [3]])
        close(attention_entropy(weights, mask), bits_by_loops(weights, mask), "the entropy")


@hidden("weights that are exactly zero, rows that are all zero at padding")
def check():
    weights = torch.eye(4)[None].repeat(2, 1, 1)
    weights[0, 0] = 0.25
    weights[1, 2:] = 0.0
    mask = torch.tensor([[True] * 4, [True, True, False, False]])
    close(attention_entropy(weights, mask), 2 / 6, "the entropy")


@hidden("one real row alone")
def check():
    weights = torch.full((1, 2, 8), 0.125)
    close(attention_entropy(weights, torch.tensor([[True, False]])), 3.0, "the entropy")


@hidden("what it is given stays as it was")
def check():
    weights, mask = torch.eye(4)[None], torch.tensor([[True, True, True, False]])
    unchanged(attention_entropy, weights, mask)
    weights[0, 1] = 0.25
    close(attention_entropy(weights, mask), 2 / 3, "the entropy")


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 2.6 Attention moved to the wrong word (3 points)
#
# For the experiment: let every word of the source get the weight that the word **before** it had. The first word gets the weight of the last
# **real** one, so that each row still sums to 1, and padding keeps its zeros. For a sentence of three words and one padding,
# $(a, b, c, 0)$ becomes $(c, a, b, 0)$.
# %% solution shifted
def shifted(weights, src_mask):
    """The weights, moved by one real position to the right; a new tensor.

    weights: (batch, tgt_len, src_len)
    src_mask: (batch, src_len) bool, True = a real token, padding at the end
    """
    ### BEGIN SOLUTION
    moved = torch.zeros_like(weights)
    for b, n in enumerate(src_mask.sum(dim=1).tolist()):
        moved[b, :, :n] = weights[b, :, :n].roll(1, dims=-1)
    return moved
    ### END SOLUTION


# %% checks shifted
checks = Checks("2.6", points=1)


@checks("four words")
def check():
    weights = torch.tensor([[[0.1, 0.2, 0.3, 0.4]]])
    found = shifted(weights, torch.ones(1, 4, dtype=torch.bool))
    close(found, torch.tensor([[[0.4, 0.1, 0.2, 0.3]]]), "the weights")


@checks("three words and one padding")
def check():
    weights = torch.tensor([[[0.2, 0.3, 0.5, 0.0]]])
    found = shifted(weights, torch.tensor([[True, True, True, False]]))
    close(found, torch.tensor([[[0.5, 0.2, 0.3, 0.0]]]), "the weights")


checks.report()
# %% hidden shifted
hidden = Checks("2.6, hidden", points=2)
### BEGIN HIDDEN TESTS


def drawn_weights(seed):
    torch.manual_seed(seed)
    mask = torch.arange(7) < torch.tensor([[7], [1], [2], [4]])
    scores = torch.randn(4, 9, 7).masked_fill(~mask[:, None], -torch.inf)
    return scores.softmax(-1), mask


def shifted_by_loops(weights, mask):
    moved = torch.zeros_like(weights)
    for b, n in enumerate(mask.sum(1).tolist()):
        for j in range(n):
            moved[b, :, (j + 1) % n] = weights[b, :, j]
    return moved


@hidden("sentences of different lengths, one of a single word")
def check():
    weights, mask = drawn_weights(VARIANT.draw)
    close(shifted(weights, mask), shifted_by_loops(weights, mask), "the weights")


@hidden("as many target words as source words")
def check():
    torch.manual_seed(VARIANT.draw)
    weights = torch.randn(2, 3, 3).softmax(-1)
    mask = torch.ones(2, 3, dtype=torch.bool)
    close(shifted(weights, mask), shifted_by_loops(weights, mask), "the weights")


@hidden("the given weights and the mask are left as they were")
def check():
    weights, mask = drawn_weights(VARIANT.draw + 1)
    expected = shifted_by_loops(weights, mask)
    unchanged(shifted, weights, mask)
    close(shifted(weights, mask), expected, "the weights")


@hidden("the mask says what is real, not the weights: a real word may have weight 0", weight=2)
def check():
    weights = torch.tensor([[[0.25, 0.75, 0.0]], [[0.5, 0.0, 0.5]]])
    mask = torch.tensor([[True, True, True], [True, True, True]])
    close(shifted(weights, mask), shifted_by_loops(weights, mask), "the weights")


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 2.7 The loss of each word (4 points)
#
# The last tool: given the loss of every target token of a batch, the mean loss of each word of the vocabulary that occurs, over all its
# occurrences in the batch. `<eos>` is a word like any other. What is padding, the mask says; the numbers at padding mean nothing.
# %% solution loss_by_word
def loss_by_word(losses, tgt_out, tgt_mask):
    """A dict from a token's id (an int) to the mean loss of its occurrences (a float).

    losses: (batch, tgt_len)
    tgt_out: (batch, tgt_len) int64
    tgt_mask: (batch, tgt_len) bool, True = a real token
    """
    ### BEGIN SOLUTION
    collected = {}
    for token, loss in zip(tgt_out[tgt_mask].tolist(), losses[tgt_mask].tolist()):
        collected.setdefault(token, []).append(loss)
    return {token: sum(values) / len(values) for token, values in collected.items()}
    ### END SOLUTION


# %% checks loss_by_word
checks = Checks("2.7", points=1)


@checks("a word that occurs twice, and <eos>")
def check():
    tgt_out = torch.tensor([[5, 6, 5, s2s.EOS_ID]])
    losses = torch.tensor([[1.0, 2.0, 4.0, 0.5]])
    found = loss_by_word(losses, tgt_out, torch.ones(1, 4, dtype=torch.bool))
    assert found == {5: 2.5, 6: 2.0, s2s.EOS_ID: 0.5}, f"it is {found}"


@checks("padding is no word")
def check():
    tgt_out = torch.tensor([[5, 3, 0, 0], [5, 5, 5, 3]])
    losses = torch.tensor([[1.0, 1, 9, 9], [2.0, 2, 3, 3]])
    found = loss_by_word(losses, tgt_out, tgt_out != 0)
    assert found == {5: 2.0, 3: 2.0}, f"it is {found}"


checks.report()
# %% hidden loss_by_word
hidden = Checks("2.7, hidden", points=3)
### BEGIN HIDDEN TESTS
from numbers import Integral


def by_word(losses, tgt_out, mask):
    found = {}
    for b, i in mask.nonzero().tolist():
        found.setdefault(tgt_out[b, i].item(), []).append(losses[b, i].item())
    return {word: sum(row) / len(row) for word, row in found.items()}


def compare_words(found, expected):
    found = {int(word): float(loss) for word, loss in dict(found).items()}
    assert set(found) == set(expected), f"words {sorted(found)}, not {sorted(expected)}"
    for word in expected:
        close(found[word], expected[word], f"the loss of word {word}")


@hidden("many words, sentences of different lengths")
def check():
    torch.manual_seed(VARIANT.draw)
    tgt_out = torch.randint(3, 9, (5, VARIANT.same_size))
    tgt_out[1, 0] = 9  # which the first sentence does not have
    mask = torch.arange(VARIANT.same_size) < torch.tensor([[VARIANT.same_size], [1], [2], [3], [2]])
    losses = torch.rand(5, VARIANT.same_size) * torch.arange(1, 6)[:, None]
    compare_words(loss_by_word(losses, tgt_out, mask), by_word(losses, tgt_out, mask))


@hidden("the mask decides, whatever id stands where; <unk> is a word; losses of 0, and alike")
def check():
    tgt_out = torch.tensor([[7, 7, 7, 107, s2s.UNK_ID, s2s.PAD_ID, 107]])
    losses = torch.tensor([[0.0, 0.0, 4.5, 3.0, 4.0, 5.0, 1e6]])
    mask = torch.tensor([[True] * 6 + [False]])
    expected = {7: 1.5, 107: 3.0, s2s.UNK_ID: 4.0, s2s.PAD_ID: 5.0}
    compare_words(loss_by_word(losses, tgt_out, mask), expected)


@hidden("the arguments are left as they were")
def check():
    losses, tgt_out = torch.tensor([[1.0, 5.0]]), torch.tensor([[7, 8]])
    mask = tgt_out == 7
    unchanged(loss_by_word, losses, tgt_out, mask)
    compare_words(loss_by_word(losses, tgt_out, mask), {7: 1.0})


@hidden("ids are ints and losses are floats, not tensors")
def check():
    found = loss_by_word(torch.tensor([[1.0, 2.0]]), torch.tensor([[7, 8]]), torch.ones(1, 2) > 0)
    for word, loss in dict(found).items():
        plain(word, "an id", Integral)
        plain(loss, "a loss")
    compare_words(found, {7: 1.0, 8: 2.0})


### END HIDDEN TESTS
hidden.report()
# %% [markdown]
# ## 2.8 An experiment, and what you make of it (15 points, 12 of them by hand)
#
# Two models with Bahdanau's attention learn to write numbers in VARIANT.tgt_name that they read in VARIANT.src_name. They differ in
# their random start only. Number words are written in their parts, with spaces between them. The corpus says which words belong together,
# and the models never see that.
#
# Then the table: for each frequent word of the target, how often the largest weight of its row lies on the word it belongs to (*on the
# right word*; empty where a word belongs to none), its loss, and its loss when all weights of the model are `shifted` by one word. The weights are
# only moved when the model is read; it is not trained anew.
#
# First the corpus, and the 24 most frequent words of its target. Then **your prediction**: it has to be committed before the models are trained.
# %% run corpus
languages = {"src_lang": VARIANT.src_lang, "tgt_lang": VARIANT.tgt_lang, "max_digits": 9}
train, valid = (
    s2s.load_corpus("numbers", split, size=size, seed=VARIANT.corpus_seed, **languages)
    for split, size in (("train", 8000), ("valid", 500))
)
sides = train.src_sentences, train.tgt_sentences
vocabs = [s2s.Vocabulary.build(sentences) for sentences in sides]
valid_batches = s2s.make_batches(valid, *vocabs, batch_size=len(valid))
(batch,) = valid_batches
for pair in valid[:3]:
    print(" ".join(pair.src), "->", " ".join(pair.tgt))
counts = batch.tgt_out[batch.tgt_mask].bincount()
frequent = counts.argsort(descending=True)[:24].tolist()
names = vocabs[1].decode(frequent)
print("the words of the table:", ", ".join(names))


# %% [markdown]
# Write your prediction into the function, and run the cell below it: it commits you. The experiment waits for it. **Three points** are for a prediction
# that was committed before the experiment ran, whether it comes true or not; they are read from the outputs of the notebook that you hand in.
# %% solution prediction
def prediction():
    """What you expect, as a dict.

    most: the word of the table whose loss rises most when the attention is moved
    least: the word of the table whose loss rises least, or falls
    many: how many of the 24 words lose more than 1 nat (the mean of two models), 0 to 24
    because: why, in a sentence
    """
    ### BEGIN SOLUTION
    reason = "a digit can only be read from its own source word, an end mark from anywhere"
    return {"most": names[2], "least": "<eos>", "many": 15, "because": reason}
    ### END SOLUTION


# %% run commitment
asked = {"most": names, "least": names, "many": (0, 24)}
sealed = commit("2.8", prediction, asked, globals().get("sealed"))


# %% run training
def trained(seed):
    s2s.seed_everything(seed)
    model = s2s.build_model("bahdanau", *map(len, vocabs), 32, hidden_size=48)
    batches = s2s.make_batches(train, *vocabs, batch_size=64, shuffle=True, seed=seed)
    config = s2s.TrainConfig(steps=250, learning_rate=8e-3, seed=seed)
    s2s.fit(model, batches, valid_batches, config)
    return model.cpu()


with waits_for("2.8 (your prediction)"):
    sealed.begin()
    models = [trained(seed) for seed in (VARIANT.corpus_seed, VARIANT.corpus_seed + 1)]


# %% run reading
@torch.no_grad()
def read(model, change=None):
    """Losses (batch, tgt_len) and weights, with the weights changed or not."""
    attention = model.decoder.attention
    align = attention.align
    if change:
        attention.align = lambda query, keys, mask, *rest: change(
            align(query, keys, mask, *rest), mask
        )
    try:
        out = model(batch.src, batch.src_lengths, batch.tgt_in)
    finally:
        if change:
            del attention.align
    log_p = out.logits.log_softmax(-1)
    return -log_p.gather(2, batch.tgt_out[:, :, None])[:, :, 0], out.weights


def found_links(weights):
    """For each word, how often the largest weight is on the word it belongs to."""
    best, hits = weights.argmax(2), {}
    for row, k in enumerate(batch.indices.tolist()):
        for j, i in valid[k].alignment:
            hit = best[row, i].item() == j
            hits.setdefault(batch.tgt_out[row, i].item(), []).append(hit)
    return {word: sum(row) / len(row) for word, row in hits.items()}


# %% run table
with waits_for("2.5, 2.6, 2.7 or 2.8 (your prediction)"):
    sealed.begin()
    rises = []
    for number, model in enumerate(models, start=1):
        losses, weights = read(model)
        moved, _ = read(model, shifted)
        entropy = attention_entropy(weights, batch.tgt_mask)
        print(f"model {number}: {entropy:.2f} bits of entropy in a row")
        print("word          times  on the right word  loss  moved")
        before = loss_by_word(losses, batch.tgt_out, batch.tgt_mask)
        after = loss_by_word(moved, batch.tgt_out, batch.tgt_mask)
        hits = found_links(weights)
        for word, name in zip(frequent, names):
            hit = hits.get(word)
            share = "" if hit is None else f"{hit:.2f}"
            print(f"{name:14}{counts[word]:5}{share:>19}{before[word]:6.2f}{after[word]:7.2f}")
        rises.append({name: after[w] - before[w] for w, name in zip(frequent, names)})
    most, least = ([pick(rise, key=rise.get) for rise in rises] for pick in (max, min))
    many = sum(x > 1 for rise in rises for x in rise.values()) / 2
    sealed.beside({"most": " and ".join(most), "least": " and ".join(least), "many": many})
# %% run map
with waits_for("2.8 (your prediction)"):
    sealed.begin()
    number = s2s.Pair(*max(valid, key=lambda pair: len(pair.tgt))[:2])
    ids = torch.tensor([vocabs[0].encode(number.src)])
    _, axes = plt.subplots(1, 2, figsize=(11, 5.5))
    for ax, model in zip(axes, models):
        decoded = s2s.greedy_decode(model, ids, torch.tensor([ids.shape[1]]))
        words = vocabs[1].decode(decoded.ids[0])
        s2s.plot_attention(decoded.weights[0], number.src, words, ax=ax)
    plt.tight_layout()
# %% trace prediction
sealed.report(points=3)
# %% [markdown]
# Now write, 250 to 350 words in all. Your own numbers, as they are printed above:
#
# **a. (3 points)** Your prediction beside what came out: which words were they in *your* two models, how far off was your count, and what in your reason
# was wrong with it (or, if all came true, which other outcome your reason would have allowed)?
#
# **b. (4 points)** Read the alignment: name one word that is nearly always found and one that is not, in *both* models, with the numbers from
# your table, and say what in VARIANT.src_name and VARIANT.tgt_name makes the difference. Find one of the two in the map, and say what the map shows there.
#
# **c. (5 points)** Criticise it: "The attention weights show which source word the model used to write a target word." Use the last column. Name a word
# for which your numbers support the sentence and one for which they speak against it. What does moving the attention *not* prove, even where the
# loss jumps? In what do your two models disagree? Which result would have made you change your mind?
# %% answer conclusion points=12
# **Your answer to 2.8**
#
# ### BEGIN SOLUTION
# *A model answer.* (a) Any prediction, compared honestly with the printed numbers: 1 for the words of both models, 1 for the difference in the
# count, 1 for what in the reason did not hold. A true prediction earns no more, and a wrong one no less.
#
# (b) Digits and tens are found in nearly all cases by both models. Some of the words for hundred, thousand and million are found less often,
# and not alike in the two models: after a digit only a few words can follow, and the state that brought the digit has its neighbours in it, so
# the decoder need not look. 1 for each word with numbers of both models, 1 for a reason that is about the languages, 1 for what the map shows of it.
#
# (c) For: a digit, whose loss rises from near 0 to several nats when the attention is moved. Against: a word such as those for
# hundred, thousand or million, whose loss changes by little although it is often "found", so its weights were hardly used; or a word that belongs to no source word and still suffers. Not proved: a moved context is
# one that the model never met in training, so a jump may show surprise and not use; each state holds its neighbours as well; all rows are
# moved at once, so a word may suffer through the state and not through its own row. 1 for a word in favour, 1 against, 1 for a limit of
# the method, 1 for a result that would change one's mind, 1 for what the two models disagree about. Numbers that are not those of the table: at most 2 of 5.
# ### END SOLUTION
# %% [markdown]
# ## 2.9 A wrong solution, explained (7 points, 3 of them by hand)
#
# In problem set 1 you wrote an encoder that stops at each sentence's own end: `memory` with zeros at padding, `final` the state after the last real token. Somebody
# handed this in for it. It is right at some batches, also with padding in them, and wrong at others.
# %% given suspect
LAYER = torch.ones(1, 1), torch.ones(1, 1), torch.full((1,), 0.5)  # W_x, W_h, b


### SUSPECT
# %% [markdown]
# **Find two inputs that differ in one number only**, one entry of `embedded` or of `mask`, so that `suspect` is right at the first and wrong at the
# second. What differs between them is then what its mistake depends on. Both have
#
# - one or two sentences, at most three positions, embeddings of one number each, from -5 to 5;
# - at least one real token in each sentence, padding at the end, and **at least one padding**.
#
# It counts as wrong where a number in `memory` or `final` is off by more than 0.01 or is NaN, and as right where nothing is off by more than 0.0001. The cell below the function shows what `suspect` makes of your two; what is
# right your own `encode` of problem set 1 says (paste it into a cell of your own).
# %% solution minimal_pair
def minimal_pair():
    """Two inputs (embedded, mask): suspect is right at the first, wrong at the second.

    embedded: (batch, src_len, 1)
    mask: (batch, src_len) bool, True = a real token
    """
    ### BEGIN SOLUTION
    ### PAIR
    ### END SOLUTION


# %% run look
with waits_for("2.9"):
    for given in minimal_pair():
        memory, final = suspect(*given, *LAYER)
        rows = [[round(x, 3) for x in row] for row in memory[:, :, 0].tolist()]
        print("memory", rows, "final", [round(x, 3) for x in final[:, 0].tolist()])
# %% checks minimal_pair
from s2s_tutorial.coursework import one_apart

checks = Checks("2.9", points=1)


def within_limits(given):
    embedded, mask = given
    shape = tuple(embedded.shape)
    assert shape == (*mask.shape, 1), f"embedded {shape} does not fit mask {tuple(mask.shape)}"
    assert shape[0] in (1, 2) and 1 <= shape[1] <= 3, f"its shape is {shape}"
    assert embedded.abs().max() <= 5, "an embedding is beyond 5"
    assert mask.dtype == torch.bool, f"mask is {mask.dtype}, not bool"
    lengths = mask.sum(1)
    assert lengths.min() > 0, "a sentence without a real token"
    assert mask.equal(torch.arange(mask.shape[1]) < lengths[:, None]), "padding before a word"
    assert not mask.all(), "there is no padding"


@checks("two inputs within the limits that differ in one number")
def check():
    first, second = minimal_pair()
    within_limits(first)
    within_limits(second)
    one_apart(tuple(first), tuple(second))


checks.report()
# %% hidden minimal_pair
hidden = Checks("2.9, hidden", points=3)
### BEGIN HIDDEN TESTS
from s2s_tutorial.coursework import one_apart

LAYER = torch.ones(1, 1), torch.ones(1, 1), torch.full((1,), 0.5)


### SUSPECT


def off_by(embedded, mask):
    """By how much the suspect is off, at most."""
    memory, finals = torch.zeros(*mask.shape, 1), []
    for k, n in enumerate(mask.sum(1).tolist()):
        h = 0.0
        for j in range(n):
            h = math.tanh(float(embedded[k, j, 0]) + h + 0.5)
            memory[k, j, 0] = h
        finals.append([h])
    pairs = zip(suspect(embedded.float(), mask, *LAYER), (memory, torch.tensor(finals)))
    worst = [float((one - other).abs().max()) for one, other in pairs]
    return math.inf if any(map(math.isnan, worst)) else max(worst)


def both():
    first, second = minimal_pair()
    within_limits(first)
    within_limits(second)
    one_apart(tuple(first), tuple(second))
    return off_by(*first), off_by(*second)


@hidden("the suspect is right at the first")
def check():
    first, _ = both()
    assert first <= 1e-4, f"it is off by {first:.3g} there"


@hidden("and wrong at the second", weight=2)
def check():
    first, second = both()
    assert second > 1e-2, f"it is off by {second:.3g} only"
    assert first <= 1e-4, f"but at the first it is off by {first:.3g}"


### END HIDDEN TESTS
hidden.report()
# %% [markdown]
# Now explain it, in 80 to 150 words:
#
# **a. (1 point)** Which line is it? Quote it.
#
# **b. (1 point)** What does one believe who writes that line? A sentence that begins "They believe that", about what the words of the exercise mean, and not only about the code.
#
# **c. (1 point)** What in your two inputs shows that it is this belief and no other: what did you change, and what did `suspect` do with it?
# %% answer explanation points=3
# **Your answer to 2.9**
#
# ### BEGIN SOLUTION
# *A model answer*, to VARIANT.suspect. (a) VARIANT.suspect_line
#
# (b) VARIANT.suspect_belief
#
# (c) What was changed is what the belief is about: before, belief and truth agree at this input, after it they part. A paraphrase
# of the code ("it takes the maximum there") is no belief: 0 for (b). Another belief that writes the same line earns the point if (c) fits it.
# ### END SOLUTION
