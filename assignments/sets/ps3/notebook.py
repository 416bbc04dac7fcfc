# ruff: noqa: E402, F821, F811
# %% [markdown]
# # Problem set 3: other scores, other places to look
#
# Luong's decoder asks with its new state, scores with as little as a dot product, feeds its answer into the next step, and can
# restrict itself to a window. You will write each of these parts from tensors. Then you will compare two scores so that
# the comparison deserves the name.
#
# **VARIANT.total points.** About four hours. It builds on [chapter
# 4](https://s2s-tutorial.github.io/s2s-tutorial/chapters/04_luong_attention.html), and on the mask of problem set 2.
# Section numbers are those of Luong et al. (2015).
#
# **How it works.** Write where `raise NotImplementedError` stands. Below each exercise is a cell of checks: run it, and it says
# at once what is right and how many points that is. A second cell holds hidden tests. They run when your work is graded, and
# try what the visible checks do not: other sizes, sentences of different lengths, extreme numbers, gradients. So read the text
# and not only the checks. A function leaves what it is given as it was: it changes no argument in place. A float or an int is a number of its own, not a tensor with one number. Cells that are not yours to write are restored before grading; you may add cells anywhere.
#
# The package's own version of what you are to write does not count (and raises an error inside the tests).
# `s2s.masked_softmax(scores, mask)` is allowed everywhere. So is everything else: loops or matrix products, any PyTorch function.
#
# The whole notebook runs in about two minutes on two CPU cores. A GPU is not needed.
# %% setup
# %% given imports
import math
from itertools import permutations

import torch
from scipy import stats

import s2s_tutorial as s2s
from s2s_tutorial.coursework import Checks, close, commit, waits_for

HALF = math.log(3) / 2  # its tanh is 1/2


# %% [markdown]
# ## 3.1 Three scores (4 points)
#
# Section 3.1, for queries $q_i$ and memory states $h_j$ of a batch:
#
# $$ \text{dot: } q_i^\top h_j, \qquad \text{general: } q_i^\top W h_j, \qquad \text{concat: } v^\top \tanh(W [q_i; h_j]) $$
#
# The dot product as it stands, without a factor. In the concat score the query comes first.
# %% solution luong_scores
def luong_scores(how, query, memory, W=None, v=None):
    """Scores (batch, tgt_len, src_len).

    how: "dot", "general" or "concat"
    query: (batch, tgt_len, query_size)
    memory: (batch, src_len, memory_size); for "dot" the two sizes are the same
    W: "general": (query_size, memory_size);
       "concat": (attention_size, query_size + memory_size)
    v: "concat": (attention_size,)
    """
    ### BEGIN SOLUTION
    if how == "dot":
        return query @ memory.transpose(1, 2)
    if how == "general":
        return query @ W @ memory.transpose(1, 2)
    size = query.shape[-1]
    from_query, from_memory = query @ W[:, :size].T, memory @ W[:, size:].T
    return torch.tanh(from_query[:, :, None] + from_memory[:, None]) @ v
    ### END SOLUTION


# %% checks luong_scores
SCORES = ["DotAttention", "GeneralAttention", "ConcatAttention", "AdditiveAttention"]
checks = Checks("3.1", points=1, withheld=SCORES)


@checks("dot")
def check():
    query = torch.tensor([[[1.0, 2.0]]])
    memory = torch.tensor([[[3.0, 0.0], [0.0, 5.0], [1.0, 1.0]]])
    close(luong_scores("dot", query, memory), torch.tensor([[[3.0, 10.0, 3.0]]]))


@checks("general")
def check():
    query = torch.tensor([[[1.0, 2.0]]])
    memory = torch.tensor([[[1.0], [10.0]]])
    W = torch.tensor([[3.0], [4.0]])
    found = luong_scores("general", query, memory, W)
    close(found, torch.tensor([[[11.0, 110.0]]]))


@checks("concat")
def check():
    query, memory = torch.ones(1, 1, 1), torch.tensor([[[-1.0], [0.0]]])
    found = luong_scores("concat", query, memory, HALF * torch.ones(1, 2), torch.tensor([6.0]))
    close(found, torch.tensor([[[0.0, 3.0]]]))


checks.report()
# %% hidden luong_scores
hidden = Checks("3.1, hidden", points=3, withheld=SCORES)
### BEGIN HIDDEN TESTS


def luong_by_loops(how, query, memory, W=None, v=None):
    batch = []
    for qs, hs in zip(query, memory):
        rows = []
        for q in qs:
            if how == "dot":
                rows.append(torch.stack([(q * h).sum() for h in hs]))
            elif how == "general":
                rows.append(torch.stack([q @ (W @ h) for h in hs]))
            else:
                rows.append(torch.stack([v @ (W @ torch.cat([q, h])).tanh() for h in hs]))
        batch.append(torch.stack(rows))
    return torch.stack(batch)


def drawn_scores(B, T, S, Q, M, A, seed):
    torch.manual_seed(seed)
    query, memory = torch.randn(B, T, Q), torch.randn(B, S, M)
    return [
        ("general", query, memory, torch.randn(Q, M)),
        ("concat", query, memory, torch.randn(A, Q + M), torch.randn(A)),
        ("dot", query, torch.randn(B, S, Q)),
    ]


@hidden("all sizes different")
def check():
    for given in drawn_scores(
        2, 4, 6, VARIANT.query_size, VARIANT.memory_size, VARIANT.attention_size, VARIANT.draw
    ):
        close(luong_scores(*given), luong_by_loops(*given), f"the {given[0]} scores")


@hidden("all sizes the same: nothing exchanged or transposed")
def check():
    for given in drawn_scores(*[VARIANT.query_size] * 6, VARIANT.draw + 1):
        close(luong_scores(*given), luong_by_loops(*given), f"the {given[0]} scores")


@hidden("one sentence, one query, one word, one unit")
def check():
    for given in drawn_scores(1, 1, 1, 1, 1, 1, VARIANT.draw + 2):
        close(luong_scores(*given), luong_by_loops(*given), f"the {given[0]} scores")


@hidden("gradients reach every argument")
def check():
    for how, *tensors in drawn_scores(2, 3, 5, 2, 4, 3, VARIANT.draw + 3):
        tensors = [tensor.requires_grad_() for tensor in tensors]
        found, expected = (
            torch.autograd.grad(score(how, *tensors).square().sum(), tensors, allow_unused=True)
            for score in (luong_scores, luong_by_loops)
        )
        for k, (one, other) in enumerate(zip(found, expected)):
            assert one is not None, f"{how}: no gradient reaches argument {k + 1}"
            close(one, other, f"{how}: the gradient of argument {k + 1}", tolerance=1e-3)


@hidden("what it is given stays as it was")
def check():
    for given in drawn_scores(2, 3, 5, 2, 4, 3, VARIANT.draw + 4):
        unchanged(luong_scores, *given)
        close(luong_scores(*given), luong_by_loops(*given), f"the {given[0]} scores")


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 3.2 The attentional state (3 points)
#
# $$ \tilde h_t = \tanh(W_c [c_t;\, h_t]) $$
#
# The context comes first. Both may be `(batch, ...)` for one step or `(batch, tgt_len, ...)` for a whole target.
# %% solution attentional_state
def attentional_state(context, state, W_c):
    """h-tilde, (..., attentional_size).

    context: (..., memory_size)
    state: (..., hidden)
    W_c: (attentional_size, memory_size + hidden)
    """
    ### BEGIN SOLUTION
    return torch.tanh(torch.cat([context, state], dim=-1) @ W_c.T)
    ### END SOLUTION


# %% checks attentional_state
checks = Checks("3.2", points=1)


@checks("one unit: half of the context, nothing of the state")
def check():
    W_c = torch.tensor([[HALF, 0.0]])
    found = attentional_state(torch.ones(1, 1), torch.full((1, 1), 7.0), W_c)
    close(found, torch.tensor([[0.5]]))


checks.report()
# %% hidden attentional_state
hidden = Checks("3.2, hidden", points=2)
### BEGIN HIDDEN TESTS


def attentional_by_loops(context, state, W_c):
    M = context.shape[-1]
    return torch.tanh(context @ W_c[:, :M].T + state @ W_c[:, M:].T)


@hidden("one step, all sizes different")
def check():
    torch.manual_seed(VARIANT.draw)
    M, H, A = VARIANT.memory_size, VARIANT.query_size, VARIANT.attention_size
    given = torch.randn(3, M), torch.randn(3, H), torch.randn(A, M + H)
    close(attentional_state(*given), attentional_by_loops(*given))


@hidden("a whole target, all sizes the same")
def check():
    torch.manual_seed(VARIANT.draw + 1)
    n = VARIANT.same_size
    given = torch.randn(2, n, n), torch.randn(2, n, n), torch.randn(n, 2 * n)
    close(attentional_state(*given), attentional_by_loops(*given))


@hidden("sums of hundreds: 1 and -1, and no NaN")
def check():
    context, state = torch.tensor([[1.0], [-1.0], [0.0]]), torch.tensor([[2.0], [-2.0], [0.0]])
    found = attentional_state(context, state, torch.tensor([[100.0, 200.0], [-300.0, 0.0]]))
    close(found, torch.tensor([[1.0, -1.0], [-1.0, 1.0], [0.0, 0.0]]))


@hidden("gradients reach the context, the state and the matrix")
def check():
    torch.manual_seed(VARIANT.draw + 2)
    given = [torch.randn(shape, requires_grad=True) for shape in ((2, 3), (2, 4), (5, 7))]
    found, expected = (
        torch.autograd.grad(each(*given).sum(), given, allow_unused=True)
        for each in (attentional_state, attentional_by_loops)
    )
    for name, one, other in zip(("context", "state", "W_c"), found, expected):
        assert one is not None, f"no gradient reaches {name}"
        close(one, other, f"the gradient of {name}")


@hidden("what it is given stays as it was")
def check():
    given = torch.ones(2, 3), torch.ones(2, 4), torch.ones(5, 7) / 7
    unchanged(attentional_state, *given)
    close(attentional_state(*given), attentional_by_loops(*given))


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 3.3 One step with input feeding (7 points)
#
# In this order (sections 3 and 3.3):
#
# 1. the LSTM cell reads $[y_{t-1};\, \tilde h_{t-1}]$, the embedding and then what was fed back, and goes from $(h_{t-1}, c_{t-1})$ to $(h_t, c_t)$;
# 2. the **new** $h_t$ asks, by the general score $h_t^\top W_a h_j$; the weights are over the real positions;
# 3. the context is the mean of the memory by these weights, and $\tilde h_t$ as in 3.2.
#
# `cell` is a `torch.nn.LSTMCell`: `cell(input, (h, c))` returns the new pair. Mind the names: the cell's $c_t$ is not the context.
# %% solution luong_step
def luong_step(embedded, fed, state, memory, mask, W_a, W_c, cell):
    """One step: h-tilde, the new pair (h, c), the weights.

    embedded: (batch, embedding_size), y_{t-1}
    fed: (batch, attentional_size), the h-tilde of the step before
    state: the pair (h, c), each (batch, hidden)
    memory: (batch, src_len, memory_size)
    mask: (batch, src_len) bool, True = a real token
    W_a: (hidden, memory_size)
    W_c: (attentional_size, memory_size + hidden)
    cell: an LSTMCell from embedding_size + attentional_size to hidden
    """
    ### BEGIN SOLUTION
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    scores = ((h @ W_a)[:, None] @ memory.transpose(1, 2))[:, 0]
    weights = s2s.masked_softmax(scores, mask)
    context = (weights[:, None] @ memory)[:, 0]
    attentional = torch.tanh(torch.cat([context, h], dim=1) @ W_c.T)
    return attentional, (h, c), weights
    ### END SOLUTION


# %% checks luong_step
checks = Checks("3.3", points=2, withheld=["LuongDecoder", "GeneralAttention"])


def zero_step(E, A, H, M):
    """Arguments of a step whose scores are all 0."""
    mask = torch.tensor([[True, True, False]])
    torch.manual_seed(0)
    memory = torch.arange(3.0 * M).view(1, 3, M)
    state = torch.zeros(1, H), torch.zeros(1, H)
    cell = torch.nn.LSTMCell(E + A, H)
    W_a, W_c = torch.zeros(H, M), torch.randn(A, M + H)
    return torch.ones(1, E), torch.ones(1, A), state, memory, mask, W_a, W_c, cell


@checks("equal weights on two real words")
def check():
    *_, weights = luong_step(*zero_step(2, 3, 4, 5))
    close(weights, torch.tensor([[0.5, 0.5, 0.0]]), "the weights")


@checks("the new pair, and h-tilde from it")
def check():
    given = zero_step(2, 3, 4, 5)
    attentional, (h, c), _ = luong_step(*given)
    new_h, new_c = given[-1](torch.ones(1, 5), given[2])
    close(h, new_h, "h")
    close(c, new_c, "c")
    context = given[3][0, :2].mean(0)
    expected = torch.tanh(given[6] @ torch.cat([context, new_h[0]]))
    close(attentional[0], expected, "h-tilde")


checks.report()
# %% hidden luong_step
hidden = Checks("3.3, hidden", points=5, withheld=["LuongDecoder", "GeneralAttention"])
### BEGIN HIDDEN TESTS


def luong_step_by_loops(embedded, fed, state, memory, mask, W_a, W_c, cell):
    h, c = cell(torch.cat([embedded, fed], dim=1), state)
    results, all_weights = [], []
    for k, n in enumerate(mask.sum(1).tolist()):
        alpha = torch.stack([h[k] @ (W_a @ memory[k, j]) for j in range(n)]).softmax(0)
        context = sum(alpha[j] * memory[k, j] for j in range(n))
        results.append((W_c @ torch.cat([context, h[k]])).tanh())
        all_weights.append(torch.cat([alpha, torch.zeros(mask.shape[1] - n)]))
    return torch.stack(results), (h, c), torch.stack(all_weights)


def drawn_luong(E, A, H, M, seed):
    torch.manual_seed(seed)
    shapes = (3, E), (3, A), (3, H), (3, H), (3, 5, M), (H, M), (A, M + H)
    y, fed, h, c, memory, W_a, W_c = (torch.randn(s, requires_grad=True) for s in shapes)
    mask = torch.arange(5) < torch.tensor([[2], [5], [1]])
    return [y, fed, (h, c), memory, mask, W_a, W_c, torch.nn.LSTMCell(E + A, H)]


def flat(result):
    attentional, (h, c), weights = result
    return {"h-tilde": attentional, "h": h, "c": c, "the weights": weights}


def compare_step(given):
    found, expected = flat(luong_step(*given)), flat(luong_step_by_loops(*given))
    for name in expected:
        close(found[name], expected[name], name)


@hidden("sentences of different lengths, all sizes different")
def check():
    sizes = VARIANT.embedding_size, VARIANT.attention_size, VARIANT.query_size, VARIANT.memory_size
    compare_step(drawn_luong(*sizes, VARIANT.draw))


@hidden("all sizes the same")
def check():
    compare_step(drawn_luong(*[VARIANT.query_size] * 4, VARIANT.draw + 1))


@hidden("what stands at padding does not matter")
def check():
    given = drawn_luong(2, 3, 4, 5, VARIANT.draw + 2)
    before = flat(luong_step_by_loops(*given))
    for other in (1e4, -1e4):
        given[3] = given[3].detach().masked_fill(~given[4][:, :, None], other)
        for name, found in flat(luong_step(*given)).items():
            close(found, before[name], f"{name} with other padding")


@hidden("two steps: what the first returns goes into the second")
def check():
    given = drawn_luong(2, 3, 4, 5, VARIANT.draw + 3)
    one, other = list(given), list(given)
    one[1], one[2], _ = luong_step(*given)
    other[1], other[2], _ = luong_step_by_loops(*given)
    expected = flat(luong_step_by_loops(*other))
    for name, found in flat(luong_step(*one)).items():
        close(found, expected[name], f"{name} of the second step")


@hidden("gradients reach everything, also what was fed back")
def check():
    given = drawn_luong(2, 3, 4, 5, VARIANT.draw + 4)
    inputs = [given[0], given[1], *given[2], given[3], given[5], given[6]]
    inputs += list(given[7].parameters())

    def gradients(step):  # of h-tilde and of the pair
        attentional, (h, c), _ = step(*given)
        return torch.autograd.grad(
            attentional.sum() + 2 * h.sum() + 3 * c.sum(), inputs, allow_unused=True
        )

    found, expected = gradients(luong_step), gradients(luong_step_by_loops)
    names = ["y", "fed", "h", "c", "the memory", "W_a", "W_c"] + ["the cell"] * 4
    for name, one, other in zip(names, found, expected):
        assert one is not None, f"no gradient reaches {name}"
        close(one, other, f"the gradient of {name}", tolerance=1e-3)


@hidden("scores of hundreds in one sentence, of minus hundreds in another")
def check():
    given = drawn_luong(2, 3, 4, 5, VARIANT.draw + 6)
    h = given[7](torch.cat(given[:2], dim=1), given[2])[0].detach()
    with torch.no_grad():
        for k, size in enumerate((-500.0, 500.0, -500.0)):  # along what h asks for, and a little
            asks = h[k] @ given[5]
            given[3][k] = (size + torch.arange(5.0)[:, None]) * asks / asks.square().sum()
    found, expected = flat(luong_step(*given)), flat(luong_step_by_loops(*given))
    for name in expected:
        close(found[name], expected[name], name, tolerance=1e-3)


@hidden("what it is given stays as it was")
def check():
    given = drawn_luong(2, 3, 4, 5, VARIANT.draw + 5)
    given[:4] = [
        given[0].detach(),
        given[1].detach(),
        tuple(x.detach() for x in given[2]),
        given[3].detach(),
    ]
    unchanged(luong_step, *given)
    compare_step(given)


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 3.4 A window (3 points)
#
# Local attention looks at the positions within $D$ of a centre $p$: all real positions $j$, counted from 0, with $|j - p| \le D$. The
# centre is any number, whole or not, one for each sentence. Where the window hangs over an end of the sentence, that part is left out.
# %% solution window
def window(centre, lengths, D, src_len):
    """bool (batch, src_len), True where a real position is inside.

    centre: (batch,) float
    lengths: (batch,) int64, the real tokens of each sentence
    """
    ### BEGIN SOLUTION
    j = torch.arange(src_len)[None]
    return ((j - centre[:, None]).abs() <= D) & (j < lengths[:, None])
    ### END SOLUTION


# %% checks window
checks = Checks("3.4", points=1, withheld=["LocalAttention"])


@checks("around position 3, one to each side")
def check():
    found = window(torch.tensor([3.0]), torch.tensor([7]), 1, 7)
    assert found.int().tolist() == [[0, 0, 1, 1, 1, 0, 0]], found


@checks("over the beginning")
def check():
    found = window(torch.tensor([0.0]), torch.tensor([5]), 2, 5)
    assert found.int().tolist() == [[1, 1, 1, 0, 0]], found


checks.report()
# %% hidden window
hidden = Checks("3.4, hidden", points=2, withheld=["LocalAttention"])
### BEGIN HIDDEN TESTS


def window_by_loops(centre, lengths, D, src_len):
    return [
        [abs(j - p) <= D and j < n for j in range(src_len)]
        for p, n in zip(centre.tolist(), lengths.tolist())
    ]


@hidden("window VARIANT.window, centres that are whole")
def check():
    centre, lengths = torch.tensor([4.0, 0.0, 6.0, 2.0]), torch.tensor([9, 9, 7, 3])
    found = window(centre, lengths, VARIANT.window, 9)
    assert found.dtype == torch.bool, f"it is {found.dtype}"
    assert found.tolist() == window_by_loops(centre, lengths, VARIANT.window, 9)


@hidden("centres between two positions")
def check():
    centre, lengths = torch.tensor([3.5, 2.25, 0.75]), torch.tensor([8, 8, 8])
    for D in (1, 2, 3):
        found = window(centre, lengths, D, 8)
        assert found.tolist() == window_by_loops(centre, lengths, D, 8), f"D = {D}"


@hidden("over the end of a short sentence; wholly outside; before the first word")
def check():
    centre, lengths = torch.tensor([3.0, 9.0, -1.0, -0.5, -5.0]), torch.tensor([4, 5, 8, 8, 8])
    found = window(centre, lengths, 2, 8)
    assert found.tolist() == window_by_loops(centre, lengths, 2, 8)


@hidden("what it is given stays as it was")
def check():
    centre, lengths = torch.tensor([3.0, 0.0]), torch.tensor([4, 5])
    unchanged(window, centre, lengths, 2, 6)
    assert window(centre, lengths, 2, 6).tolist() == window_by_loops(centre, lengths, 2, 6)


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 3.5 Where to look, predicted (3 points)
#
# Section 3.2, local-p: $p_t = S \cdot \mathrm{sigmoid}(v_p^\top \tanh(W_p h_t))$, where $S$ is the sentence's **own** number of tokens.
# %% solution predicted_centre
def predicted_centre(state, lengths, W_p, v_p):
    """p_t, (batch,).

    state: (batch, hidden)
    lengths: (batch,) int64
    W_p: (size, hidden)
    v_p: (size,)
    """
    ### BEGIN SOLUTION
    return lengths * torch.sigmoid(torch.tanh(state @ W_p.T) @ v_p)
    ### END SOLUTION


# %% checks predicted_centre
checks = Checks("3.5", points=1, withheld=["LocalAttention"])


@checks("a sigmoid of three quarters")
def check():
    v_p = torch.tensor([2 * math.log(3)])  # times 1/2, in the sigmoid: 3/4
    found = predicted_centre(torch.ones(1, 1), torch.tensor([8]), HALF * torch.eye(1), v_p)
    close(found, torch.tensor([6.0]))


checks.report()
# %% hidden predicted_centre
hidden = Checks("3.5, hidden", points=2, withheld=["LocalAttention"])
### BEGIN HIDDEN TESTS


def centre_by_loops(state, lengths, W_p, v_p):
    rows = zip(state, lengths.tolist())
    return torch.stack([n / (1 + torch.exp(-(v_p @ (W_p @ h).tanh()))) for h, n in rows])


@hidden("sentences of different lengths, all sizes different")
def check():
    torch.manual_seed(VARIANT.draw)
    H, A = VARIANT.query_size, VARIANT.attention_size
    given = torch.randn(4, H), torch.tensor([9, 3, 1, 6]), torch.randn(A, H), torch.randn(A)
    close(predicted_centre(*given), centre_by_loops(*given))


@hidden("all sizes the same")
def check():
    torch.manual_seed(VARIANT.draw + 1)
    given = torch.randn(4, 4), torch.tensor([9, 3, 2, 6]), torch.randn(4, 4), torch.randn(4)
    close(predicted_centre(*given), centre_by_loops(*given))


@hidden("a sigmoid of large numbers: the last word, and the first")
def check():
    state, W_p = torch.tensor([[9.0], [-9.0], [9.0]]), torch.ones(1, 1)
    for size in (8.0, 200.0):
        found = predicted_centre(state, torch.tensor([7, 5, 3]), W_p, torch.tensor([size]))
        close(found, torch.tensor([7.0, 5 * math.exp(-size), 3.0]), tolerance=1e-3)


@hidden("gradients reach the state, W_p and v_p")
def check():
    torch.manual_seed(VARIANT.draw + 2)
    state, W_p, v_p = (torch.randn(s, requires_grad=True) for s in ((3, 4), (5, 4), (5,)))
    lengths, learned = torch.tensor([7, 2, 4]), [state, W_p, v_p]
    found, expected = (
        torch.autograd.grad(each(state, lengths, W_p, v_p).sum(), learned, allow_unused=True)
        for each in (predicted_centre, centre_by_loops)
    )
    for name, one, other in zip(("the state", "W_p", "v_p"), found, expected):
        assert one is not None, f"no gradient reaches {name}"
        close(one, other, f"the gradient of {name}")


@hidden("what it is given stays as it was")
def check():
    given = torch.ones(2, 4), torch.tensor([7, 2]), torch.ones(5, 4), torch.ones(5)
    unchanged(predicted_centre, *given)
    close(predicted_centre(*given), centre_by_loops(*given))


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 3.6 Local weights (5 points)
#
# First a softmax of the scores over the window only, then each weight times a Gaussian around the centre, with $\sigma = D / 2$:
#
# $$ \alpha_j = \mathrm{softmax}_{\text{window}}(e)_j \cdot \exp\Big(-\frac{(j - p)^2}{2 \sigma^2}\Big) $$
#
# As in the paper, nothing is normalised after that. Use your `window`; if it does not pass yet, work from the definition in 3.4.
# %% solution local_weights
def local_weights(scores, centre, lengths, D):
    """Weights (batch, src_len).

    scores: (batch, src_len)
    centre: (batch,) float
    lengths: (batch,) int64
    """
    ### BEGIN SOLUTION
    inside = window(centre, lengths, D, scores.shape[1])
    weights = s2s.masked_softmax(scores, inside)
    distance = torch.arange(scores.shape[1])[None] - centre[:, None]
    return weights * torch.exp(-(distance**2) / (2 * (D / 2) ** 2))
    ### END SOLUTION


# %% checks local_weights
checks = Checks("3.6", points=1, withheld=["LocalAttention"])


@checks("equal scores, D = 2, so that sigma is 1")
def check():
    found = local_weights(torch.zeros(1, 5), torch.tensor([2.0]), torch.tensor([5]), 2)
    e, half = math.exp(-2), math.exp(-0.5)
    close(found, torch.tensor([[e, half, 1.0, half, e]]) / 5)


@checks("outside the window there is nothing")
def check():
    scores = torch.tensor([[9.0, 0.0, 0.0, 0.0, 9.0]])
    found = local_weights(scores, torch.tensor([2.0]), torch.tensor([5]), 1)
    e = math.exp(-2)
    close(found, torch.tensor([[0, e, 1.0, e, 0]]) / 3)


checks.report()
# %% hidden local_weights
hidden = Checks("3.6, hidden", points=4, withheld=["LocalAttention"])
### BEGIN HIDDEN TESTS


def local_by_loops(scores, centre, lengths, D):
    rows = []
    for e, p, n in zip(scores, centre, lengths.tolist()):
        inside = [j for j in range(n) if abs(j - p.item()) <= D]
        total = sum(e[j].exp() for j in inside)
        row = []
        for j in range(len(e)):
            gauss = torch.exp(-((j - p) ** 2) * 2 / D**2)
            row.append(e[j].exp() / total * gauss if j in inside else 0 * e[j])
        rows.append(torch.stack(row))
    return torch.stack(rows)


@hidden("random scores, D = VARIANT.window, sentences of different lengths")
def check():
    torch.manual_seed(VARIANT.draw)
    scores, lengths = torch.randn(4, 9), torch.tensor([9, 4, 6, 9])
    centre = torch.tensor([4.0, 1.0, 5.0, 0.0])
    given = scores, centre, lengths, VARIANT.window
    close(local_weights(*given), local_by_loops(*given))


@hidden("centres between two positions, and one beyond the last word, D = 3")
def check():
    torch.manual_seed(VARIANT.draw + 1)
    scores, lengths = torch.randn(4, 8), torch.tensor([8, 5, 3, 3])
    given = scores, torch.tensor([3.5, 4.75, 0.25, 5.0]), lengths, 3
    close(local_weights(*given), local_by_loops(*given))


@hidden("large scores at padding and outside")
def check():
    scores = torch.tensor([[90.0, 1, 2, 3, 90, 90]])
    given = scores, torch.tensor([2.0]), torch.tensor([4]), 1
    expected = torch.tensor([1.0, 2, 3]).softmax(0) * torch.tensor([-2.0, 0, -2]).exp()
    close(local_weights(*given), torch.cat([torch.zeros(1), expected, torch.zeros(2)])[None])


@hidden("a gradient reaches the centre, and the scores")
def check():
    torch.manual_seed(VARIANT.draw + 2)
    scores = torch.randn(2, 6, requires_grad=True)
    centre = torch.tensor([2.5, 3.25], requires_grad=True)
    found, expected = (
        torch.autograd.grad(
            (each(scores, centre, torch.tensor([6, 5]), 2) * torch.arange(6)).sum(),
            [scores, centre],
            allow_unused=True,
        )
        for each in (local_weights, local_by_loops)
    )
    for name, one, other in zip(("the scores", "the centre"), found, expected):
        assert one is not None, f"no gradient reaches {name}"
        close(one, other, f"the gradient of {name}", tolerance=1e-3)


@hidden("what it is given stays as it was")
def check():
    scores = torch.tensor([[90.0, 1, 2, 3, 90, 90]])
    given = scores, torch.tensor([2.0]), torch.tensor([4]), 1
    unchanged(local_weights, *given)
    close(local_weights(*given), local_by_loops(scores.double(), *given[1:]), "the weights")


@hidden("sentences whose scores are far apart", weight=2)
def check():
    scores = torch.tensor([[1000.0, 1000 + math.log(3), 0], [-1000, -1000 + math.log(3), 0]])
    centre, lengths = torch.tensor([0.0, 1.0]), torch.tensor([2, 2])
    side = math.exp(-2 / 4)
    expected = torch.tensor([[0.25, 0.75 * side, 0], [0.25 * side, 0.75, 0]])
    close(local_weights(scores, centre, lengths, 2), expected, "the weights", tolerance=1e-3)


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 3.7 A difference and its uncertainty (3 points)
#
# Two models were trained, $a$ from $n_a$ seeds and $b$ from $n_b$. The same seed in two different models makes no pair (chapter 9 measures
# it), and one model may scatter more than the other. So the mean difference and the half-width of its 95 % interval are Welch's,
#
# $$ d = \bar a - \bar b, \qquad w = t_\nu \sqrt{u + v}, \qquad u = \frac{s_a^2}{n_a}, \quad v = \frac{s_b^2}{n_b}, \qquad
#    \nu = \frac{(u + v)^2}{u^2 / (n_a - 1) + v^2 / (n_b - 1)} $$
#
# with the variances $s^2 = \frac{1}{n - 1} \sum_k (x_k - \bar x)^2$ and Student's $t$ for $\nu$ degrees of freedom (seldom a whole number), given as `t975(nu)`. If neither model scatters at all, $w = 0$.
# If the interval $d \pm w$ contains 0, the seeds do not show a difference.
# %% given quantile
def t975(nu):
    """The number that Student's t with nu degrees of freedom exceeds in 2.5 % of cases."""
    return float(stats.t.ppf(0.975, nu))


# %% solution difference
def difference(a, b):
    """The mean difference and the half-width of its interval, two floats.

    a, b: lists of numbers, one for each run, two at least; not always as many in both
    """
    ### BEGIN SOLUTION
    mean, parts = [], []
    for runs in (a, b):
        n = len(runs)
        mean.append(sum(runs) / n)
        parts.append(sum((x - mean[-1]) ** 2 for x in runs) / (n - 1) / n)
    u, v = parts
    if u + v == 0:
        return mean[0] - mean[1], 0.0
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    return mean[0] - mean[1], t975(nu) * math.sqrt(u + v)
    ### END SOLUTION


# %% checks difference
checks = Checks("3.7", points=1, withheld=["mean_interval", "compare", "compare_all"])


@checks("2, 4, 6 and 1, 2, 3: u = 4/3, v = 1/3")
def check():
    mean, half = difference([2.0, 4.0, 6.0], [1.0, 2.0, 3.0])
    close(mean, 2.0, "the mean")
    close(half, t975(50 / 17) * math.sqrt(5 / 3), "the half-width")


checks.report()
# %% hidden difference
hidden = Checks("3.7, hidden", points=2, withheld=["mean_interval", "compare", "compare_all"])
### BEGIN HIDDEN TESTS


def difference_by_torch(a, b):
    a, b = (torch.tensor(each, dtype=torch.float64) for each in (a, b))
    u, v = a.var() / len(a), b.var() / len(b)
    nu = (u + v) ** 2 / (u**2 / (len(a) - 1) + v**2 / (len(b) - 1))
    half = stats.t.ppf(0.975, nu.item()) * (u + v).sqrt()
    return (a.mean() - b.mean()).item(), half.item()


@hidden("some and many runs, the second model better, one that scatters more", weight=2)
def check():
    generator = torch.Generator().manual_seed(VARIANT.draw)
    for n_a, n_b in ((2, 2), (3, 7), (7, 3), (10, 10), (60, 60)):
        a = torch.rand(n_a, generator=generator)
        b = 0.1 + 3 * torch.rand(n_b, generator=generator)
        found = difference(a.tolist(), b.tolist())
        for name, one, other in zip(
            ("mean", "half-width"),
            found,
            difference_by_torch(a.tolist(), b.tolist()),
            strict=True,
        ):
            close(one, other, f"the {name} of {n_a} and {n_b} runs", tolerance=1e-5)


@hidden("the given lists stay as they are; two floats")
def check():
    a, b = [0.3, 0.1, 0.2], [3.0, 1.0]
    names, expected = ("the mean", "the half-width"), difference_by_torch(a, b)
    for name, found, true in zip(names, difference(a, b), expected, strict=True):
        plain(found, name)
        close(float(found), true, name)
    unchanged(difference, a, b)


@hidden("runs that do not scatter, or alike", weight=2)
def check():
    mean, half = difference([0.5, 0.5, 0.5], [0.25, 0.25])
    close(mean, 0.25, "the mean where neither scatters")
    close(half, 0.0, "the half-width where neither scatters")
    mean, half = difference([0.001, 0.002, 0.003], [0.5, 0.5, 0.5])
    close(1000 * half, 4.302653 / math.sqrt(3), "1000 x the half-width of little scatter")
    mean, half = difference([0.0, 1.0, 2.0], [3.0, 3.0, 3.0])
    close(half, 4.302653 / math.sqrt(3), "the half-width where the second does not", tolerance=1e-5)
    mean, half = difference([3.0, 3.0, 3.0], [0.0, 1.0, 2.0])
    close(half, 4.302653 / math.sqrt(3), "the half-width where the first does not", tolerance=1e-5)
    mean, half = difference([0.0, 1.0, 2.0], [5.0, 4.0, 3.0])
    close(half, t975(4) * math.sqrt(2 / 3), "the half-width where both scatter alike")


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 3.8 An experiment: is the general score better than the dot? (15 points, 12 of them by hand)
#
# The general score has a matrix more. Does it translate better, or does it only look so? Three scores, `dot`, `general` and
# `location`, the same budget, five seeds each, on numbers from VARIANT.src_name to VARIANT.tgt_name. Judged by loss for each token and by exact match on numbers that were not in
# training.
#
# Write your prediction into the function, and run the cell below it: it commits you. The experiment waits for it. **Three points** are for a prediction
# that was committed before the experiment ran, whether it comes true or not; they are read from the outputs of the notebook that you hand in.
# %% solution prediction
def prediction():
    """What you expect, as a dict.

    order: the three scores by their mean loss, the best first, as in "dot general location"
    gap: the exact match of general minus that of dot (means of five seeds), from -1 to 1
    shown: how many of the six intervals (three pairs, loss and exact match) leave out 0, 0 to 6
    because: why, in a sentence
    """
    ### BEGIN SOLUTION
    reason = "a matrix between query and memory frees the states from having to be alike"
    return {"order": "general dot location", "gap": 0.2, "shown": 3, "because": reason}
    ### END SOLUTION


# %% run commitment
ORDERS = [" ".join(each) for each in permutations(("dot", "general", "location"))]
asked = {"order": ORDERS, "gap": (-1, 1), "shown": (0, 6)}
sealed = commit("3.8", prediction, asked, globals().get("sealed"))
# %% run corpus
languages = {"src_lang": VARIANT.src_lang, "tgt_lang": VARIANT.tgt_lang, "max_digits": 7}
train, test = (
    s2s.load_corpus("numbers", split, size=size, seed=VARIANT.first_seed, **languages)
    for split, size in (("train", 8000), ("test", 400))
)
sides = train.src_sentences, train.tgt_sentences
vocabs = [s2s.Vocabulary.build(sentences) for sentences in sides]
test_batches = s2s.make_batches(test, *vocabs, batch_size=len(test))
for pair in test[:3]:
    print(" ".join(pair.src), "->", " ".join(pair.tgt))
# %% run training
SEEDS = range(VARIANT.first_seed, VARIANT.first_seed + 5)


def trained(score, seed):
    """Loss for each token and exact match of one model."""
    s2s.seed_everything(seed)
    model = s2s.build_model(f"luong_{score}", *map(len, vocabs), 32, hidden_size=48)
    batches = s2s.make_batches(train, *vocabs, batch_size=64, shuffle=True, seed=seed)
    config = s2s.TrainConfig(steps=250, learning_rate=8e-3, seed=seed)
    history = s2s.fit(model, batches, test_batches, config)
    written = s2s.decode_corpus(model, test_batches, max_length=30).ids
    wanted = [vocabs[1].encode(pair.tgt) for pair in test]
    return history.valid_loss[-1], s2s.sequence_accuracy(written, wanted)


with waits_for("3.8 (your prediction)"):
    sealed.begin()
    scores = "dot", "general", "location"
    runs = {score: [trained(score, seed) for seed in SEEDS] for score in scores}
# %% run comparison
with waits_for("3.7 or 3.8 (your prediction)"):
    sealed.begin()
    print("score        loss, seed by seed                exact match, seed by seed")
    for score, results in runs.items():
        loss, exact = (" ".join(f"{x:.2f}" for x in column) for column in zip(*results))
        print(f"{score:10}   {loss:32} {exact}")
    found = {}
    for one, other in (("general", "dot"), ("location", "dot"), ("general", "location")):
        for k, name in enumerate(("loss", "exact match")):
            columns = [[result[k] for result in runs[score]] for score in (one, other)]
            mean, half = found[one, other, name] = difference(*columns)
            print(f"{one} - {other}, {name}: {mean:+.3f} ± {half:.3f}")
    for k, name in enumerate(("loss", "exact match")):  # the book's rule: three at once
        columns = {score: [result[k] for result in results] for score, results in runs.items()}
        for (one, other), compared in s2s.compare_all(columns).items():
            print(f"{name}, {one} than {other}: {compared.verdict}")
    order = " ".join(sorted(runs, key=lambda score: sum(loss for loss, _ in runs[score])))
    gap = round(found["general", "dot", "exact match"][0], 3)
    shown = sum(abs(mean) > half for mean, half in found.values())
    sealed.beside({"order": order, "gap": gap, "shown": shown})
# %% trace prediction
sealed.report(points=3)


# %% [markdown]
# Now write, 250 to 350 words in all. Your own numbers, as they are printed above:
#
# **a. (3 points)** Your prediction beside what came out: in which of the three answers were you wrong and by how much, and what in your reason was wrong with it
# (or, if all came true, which other outcome your reason would have allowed)?
#
# **b. (5 points)** Your conclusion, as you would write it into a report: which differences do five seeds show and which not? Give the intervals and the verdicts,
# which are corrected for being three (Holm); where the two disagree, say which one you report and why. Say for one pair what somebody would have concluded who had run seed VARIANT.first_seed only, and in how many of the five
# seeds the sign of that difference is the same.
#
# **c. (4 points)** Location attention never looks at the source words. Why can it translate numbers at all, as far as it can? On which corpus would it
# fail, and how would you test that? Say which outcome of your test would speak for you and which against.
# %% answer conclusion points=12
# **Your answer to 3.8**
#
# ### BEGIN SOLUTION
# *A model answer.* (a) Any prediction, compared honestly with the printed numbers: 1 for the order, 1 for gap and count with their differences, 1 for what in
# the reason did not hold. A true prediction earns no more, and a wrong one no less.
#
# (b) In the runs that this was tried on, general is the best by far, and location, which never looks at the words, comes before dot. A difference is shown where the verdict says so; where only the single interval leaves 0 out, it is one of several looks and not shown; "undecided" is not the same as "no difference". 1 for reading the intervals right
# (with numbers), 1 for the words "not shown" or their like where 0 is inside, 1 for the single seed: its sign and size against the interval,
# 1 for the count of signs, 1 for where verdict and interval disagree (or that they nowhere do). Numbers that are not those of the student's own output: at most 2 of 5. Mixing up which score
# is subtracted from which: at most 2.
#
# (c) The state knows how far the target has got, and in numbers the position of a digit's word is often a function of that; the states at neighbouring positions
# know the word as well. It has a harder time where the place depends on the words: sentences in which something is moved over a part of varying length (adjectives, German verbs),
# strings reversed whose lengths vary, chapter 4's telephone book. It need not fail for good, because the start state has read the source: so a test varies the updates, or starts the
# decoder from zeros. 1 for why it works, 1 for a corpus, 1 for a test such as scores by length or against `reverse`, 1 for the two outcomes.
# ### END SOLUTION
# %% [markdown]
# ## 3.9 A wrong solution, explained (7 points, 3 of them by hand)
#
# In problem set 2 you wrote a softmax that sees no padding. Somebody handed this in for it (without the temperature, for scores of two dimensions). It is right at some
# scores, also with padding in the row, and wrong at others.
# %% given suspect
### SUSPECT
# %% [markdown]
# **Find two inputs that differ in one number only**, one entry of `scores` or of `mask`, so that `suspect` is right at the first and wrong at the
# second. What differs between them is then what its mistake depends on. Both have
#
# - one or two rows, at most four positions, scores from -1000 to 1000;
# - at least one real position in each row, padding at the end, and **at least one padding**.
#
# It counts as wrong where a weight is off by more than 0.01 or is NaN, and as right where nothing is off by more than 0.0001. The cell below the function shows what `suspect` makes of your two; what is
# right `s2s.masked_softmax` says.
# %% solution minimal_pair
def minimal_pair():
    """Two inputs (scores, mask): suspect is right at the first, wrong at the second.

    scores: (batch, src_len)
    mask: (batch, src_len) bool, True = a real token
    """
    ### BEGIN SOLUTION
    ### PAIR
    ### END SOLUTION


# %% run look
with waits_for("3.9"):
    for given in minimal_pair():
        for name, function in (("suspect", suspect), ("right", s2s.masked_softmax)):
            print(name, [[round(x, 3) for x in row] for row in function(*given).tolist()])
# %% checks minimal_pair
from s2s_tutorial.coursework import one_apart

checks = Checks("3.9", points=1)


def within_limits(given):
    scores, mask = given
    shape = tuple(scores.shape)
    assert shape == tuple(mask.shape), f"scores {shape} do not fit mask {tuple(mask.shape)}"
    assert len(shape) == 2 and shape[0] in (1, 2) and 1 <= shape[1] <= 4, f"its shape is {shape}"
    assert scores.abs().max() <= 1000, "a score is beyond 1000"
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
hidden = Checks("3.9, hidden", points=3)
### BEGIN HIDDEN TESTS
from s2s_tutorial.coursework import one_apart

### SUSPECT


def off_by(scores, mask):
    """By how much the suspect is off, at most."""
    expected = torch.zeros(mask.shape)
    for k, n in enumerate(mask.sum(1).tolist()):
        row = scores[k, :n].double().tolist()
        e = [math.exp(x - max(row)) for x in row]
        for j in range(n):
            expected[k, j] = e[j] / sum(e)
    worst = [float((suspect(scores.float(), mask) - expected).abs().max())]
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
# **Your answer to 3.9**
#
# ### BEGIN SOLUTION
# *A model answer*, to VARIANT.suspect. (a) VARIANT.suspect_line
#
# (b) VARIANT.suspect_belief
#
# (c) What was changed is what the belief is about: before, belief and truth agree at this input, after it they part. A paraphrase
# of the code ("it takes the maximum there") is no belief: 0 for (b). Another belief that writes the same line earns the point if (c) fits it.
# ### END SOLUTION
