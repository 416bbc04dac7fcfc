# ruff: noqa: E402, F821, F811
# %% [markdown]
# # Problem set 1: from words to one vector and back
#
# You will build the smallest system that can translate, from bare Python and tensors: a vocabulary, a padded batch, an
# encoder that does not read padding, a decoder that stops. Then you will ask of the one vector in its middle what it is that
# fills it up.
#
# **VARIANT.total points.** About three and a half hours. It builds on chapters
# [1](https://s2s-tutorial.github.io/s2s-tutorial/chapters/01_text_to_batches.html) and
# [2](https://s2s-tutorial.github.io/s2s-tutorial/chapters/02_rnn_bottleneck.html), whose symbols and equation numbers it uses.
#
# **How it works.** Write where `raise NotImplementedError` stands. Below each exercise is a cell of checks: run it, and it says
# at once what is right and how many points that is. A second cell holds hidden tests. They run when your work is graded, and
# try what the visible checks do not: other sizes, sentences of different lengths, extreme numbers, gradients. So read the text
# and not only the checks. A function leaves what it is given as it was: it changes no argument in place. A float or an int is a number of its own, not a tensor with one number. Cells that are not yours to write are restored before grading; you may add cells anywhere.
#
# The package's own version of what you are to write does not count (and raises an error inside the tests), and neither do
# PyTorch's recurrent layers in exercise 1.4. Everything else is allowed: loops or matrix products, any function.
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
# ## 1.1 A vocabulary by your own rules (4 points)
#
# The package sorts types that are equally frequent by spelling. Yours sorts them by **which came first**. The list of tokens, from which a
# token's id is its place:
#
# 1. the four special tokens `<pad>`, `<unk>`, `<bos>`, `<eos>`, in this order;
# 2. then the types that occur **at least** `min_count` times in all sentences together, the most frequent first; of equally
#    frequent ones the one whose first occurrence comes first;
# 3. but not more than `max_size` tokens in all (4 at least), the special ones included, if `max_size` is not None.
# %% solution vocabulary
def vocabulary(sentences, min_count=1, max_size=None):
    """The list of tokens.

    sentences: a list of lists of tokens
    """
    ### BEGIN SOLUTION
    counts = {}
    for sentence in sentences:
        for token in sentence:
            counts[token] = counts.get(token, 0) + 1
    kept = [token for token in counts if counts[token] >= min_count]
    kept.sort(key=lambda token: -counts[token])  # stable: first come, first
    return (["<pad>", "<unk>", "<bos>", "<eos>"] + kept)[:max_size]
    ### END SOLUTION


# %% checks vocabulary
checks = Checks("1.1", points=1, withheld=["Vocabulary"])


def same_list(found, expected):
    assert list(found) == expected, f"it is {list(found)}\nand should be {expected}"


@checks("the most frequent first, behind the special tokens")
def check():
    found = vocabulary([["b", "a"], ["a"]])
    same_list(found, ["<pad>", "<unk>", "<bos>", "<eos>", "a", "b"])


@checks("of equally frequent ones the one that came first")
def check():
    found = vocabulary([["d", "c"], ["c", "d", "b"]])
    same_list(found[4:], ["d", "c", "b"])


@checks("at least min_count times")
def check():
    sentences = [["x", "y", "y", "z", "z"]]
    same_list(vocabulary(sentences, min_count=2)[4:], ["y", "z"])


checks.report()
# %% hidden vocabulary
hidden = Checks("1.1, hidden", points=3, withheld=["Vocabulary"])
### BEGIN HIDDEN TESTS

SPECIALS = ["<pad>", "<unk>", "<bos>", "<eos>"]


def text_of(counted):
    """Sentences in which the words occur so often, their first occurrences in this order."""
    first = [[word for word, _ in counted]]
    return first + [[word] * (times - 1) for word, times in counted if times > 1]


@hidden("counts over all sentences, ties by first occurrence")
def check():
    a, b, c, d, e = VARIANT.words[:5]
    sentences = text_of([(a, 2), (b, 5), (c, 2), (d, 5), (e, 1)])
    same_list(vocabulary(sentences), [*SPECIALS, b, d, a, c, e])
    same_list(vocabulary([[d], [a, b], [c]])[4:], [d, a, b, c])
    same_list(vocabulary([[a, b], [b, a]], min_count=2)[4:], [a, b])
    same_list(vocabulary([[a], [b, c], [b, c]])[4:], [b, c, a])
    same_list(vocabulary([[a] * 9 + [b] * 10])[4:], [b, a])


@hidden("min_count VARIANT.min_count: exactly that often is often enough")
def check():
    n = VARIANT.min_count
    a, b, c = VARIANT.words[5:8]
    sentences = text_of([(a, n), (b, n - 1), (c, n + 1)])
    same_list(vocabulary(sentences, min_count=n), [*SPECIALS, c, a])


@hidden("max_size counts the special tokens, and cuts behind min_count", weight=2)
def check():
    a, b, c, d = VARIANT.words[:4]
    sentences = text_of([(a, 3), (b, 2), (c, 2), (d, 1)])
    same_list(vocabulary(sentences, 2, 6), [*SPECIALS, a, b])
    same_list(vocabulary(sentences, 2, 60), [*SPECIALS, a, b, c])
    same_list(vocabulary(sentences, 1, 4), SPECIALS)
    same_list(vocabulary(text_of([(d, 1), (a, 2), (b, 3)]), 1, 6), [*SPECIALS, b, a])


@hidden("capital letters, numbers and punctuation make other tokens")
def check():
    sentences = ["The the 3 , the".split(), ", The 3rd THE".split()]
    same_list(vocabulary(sentences)[4:], ["The", "the", ",", "3", "3rd", "THE"])


@hidden("no sentences; the sentences are left as they were")
def check():
    same_list(vocabulary([]), SPECIALS)
    sentences = [["b", "a", "a"], ["c"]]
    unchanged(vocabulary, sentences)
    same_list(vocabulary(sentences), [*SPECIALS, "a", "b", "c"])


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 1.2 A batch (5 points)
#
# From ids to rectangles. Sources get neither `<bos>` nor `<eos>`. A target enters twice (chapter 1): what the decoder reads starts with `<bos>`, what
# it should say ends with `<eos>`, each at its own sentence's end and before the padding. The masks are True at real tokens; `tgt_mask` fits both.
# `s2s.PAD_ID`, `s2s.BOS_ID` and `s2s.EOS_ID` are 0, 2 and 3.
# %% solution make_batch
def make_batch(src_rows, tgt_rows):
    """Pad a batch of pairs.

    src_rows, tgt_rows: lists of lists of ids, of different lengths, none empty

    Returns src, src_mask, tgt_in, tgt_out, tgt_mask: ids are int64, masks are bool;
    the first two (batch, longest source), the others (batch, longest target + 1).
    """

    ### BEGIN SOLUTION
    def padded(rows):
        longest = max(map(len, rows))
        filled = [[*row, *[s2s.PAD_ID] * (longest - len(row))] for row in rows]
        mask = [[j < len(row) for j in range(longest)] for row in rows]
        return torch.tensor(filled), torch.tensor(mask)

    src, src_mask = padded(src_rows)
    tgt_in, tgt_mask = padded([[s2s.BOS_ID, *row] for row in tgt_rows])
    tgt_out, _ = padded([[*row, s2s.EOS_ID] for row in tgt_rows])
    return src, src_mask, tgt_in, tgt_out, tgt_mask
    ### END SOLUTION


# %% checks make_batch
checks = Checks("1.2", points=2, withheld=["make_batches", "pad"])
NAMES = "src", "src_mask", "tgt_in", "tgt_out", "tgt_mask"


def compare_batch(found, expected):
    assert len(found) == 5, f"it returns {len(found)} things, not 5"
    for name, one, other in zip(NAMES, found, expected):
        other = torch.tensor(other)
        assert isinstance(one, torch.Tensor), f"{name} is no tensor"
        assert one.dtype == other.dtype, f"{name} is {one.dtype}, not {other.dtype}"
        assert one.tolist() == other.tolist(), f"{name} is\n{one}"


@checks("a single pair has no padding")
def check():
    found = make_batch([[5, 6]], [[7, 8, 9]])
    one, two = [[True] * 2], [[True] * 4]
    compare_batch(found, [[[5, 6]], one, [[2, 7, 8, 9]], [[7, 8, 9, 3]], two])


@checks("two sources of different lengths")
def check():
    src, src_mask, *_ = make_batch([[5], [6, 7, 8]], [[9], [9]])
    assert src.tolist() == [[5, 0, 0], [6, 7, 8]], f"src is {src.tolist()}"
    assert src_mask.tolist() == [[True, False, False], [True] * 3]


checks.report()
# %% hidden make_batch
hidden = Checks("1.2, hidden", points=3, withheld=["make_batches", "pad"])
### BEGIN HIDDEN TESTS


@hidden("two targets of different lengths: each ends with its own <eos>")
def check():
    found = make_batch([[5], [6]], [[7], [8, 9, 10]])
    mask = [[True, True, False, False], [True] * 4]
    tgt_in, tgt_out = [[2, 7, 0, 0], [2, 8, 9, 10]], [[7, 3, 0, 0], [8, 9, 10, 3]]
    compare_batch(found, [[[5], [6]], [[True], [True]], tgt_in, tgt_out, mask])


@hidden("random rows, some of them long")
def check():
    generator = torch.Generator().manual_seed(VARIANT.draw)

    def rows(lengths):
        return [torch.randint(4, 50, (n,), generator=generator).tolist() for n in lengths]

    src_rows, tgt_rows = rows((2, VARIANT.length, 90, 4)), rows((70, 1, VARIANT.length, 2))
    S, T = max(map(len, src_rows)), max(map(len, tgt_rows)) + 1
    expected = [
        [row + [0] * (S - len(row)) for row in src_rows],
        [[j < len(row) for j in range(S)] for row in src_rows],
        [[2] + row + [0] * (T - 1 - len(row)) for row in tgt_rows],
        [row + [3] + [0] * (T - 1 - len(row)) for row in tgt_rows],
        [[j <= len(row) for j in range(T)] for row in tgt_rows],
    ]
    compare_batch(make_batch(src_rows, tgt_rows), expected)


@hidden("the mask knows lengths and not ids: a token whose id is 0 is real", weight=2)
def check():
    found = make_batch([[5, 0], [6, 7]], [[0], [8]])
    every = [[True, True], [True, True]]
    tgt_in, tgt_out = [[2, 0], [2, 8]], [[0, 3], [8, 3]]
    compare_batch(found, [[[5, 0], [6, 7]], every, tgt_in, tgt_out, every])


@hidden("the rows are left as they were")
def check():
    src_rows, tgt_rows = [[5], [6, 7]], [[8, 9], [10]]
    unchanged(make_batch, src_rows, tgt_rows)
    compare_batch(
        make_batch(src_rows, tgt_rows),
        [
            [[5, 0], [6, 7]],
            [[True, False], [True, True]],
            [[2, 8, 9], [2, 10, 0]],
            [[8, 9, 3], [10, 3, 0]],
            [[True] * 3, [True, True, False]],
        ],
    )


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 1.3 An average that leaves padding out (3 points)
#
# One number for a sentence: the mean of its states, over the real positions. (A crude summary, and a first use of the mask.)
# %% solution masked_mean
def masked_mean(states, mask):
    """Mean over the real positions, (batch, hidden).

    states: (batch, src_len, hidden)
    mask: (batch, src_len) bool, True = a real token, padding at the end, no row without a token
    """
    ### BEGIN SOLUTION
    total = states.masked_fill(~mask[:, :, None], 0.0).sum(dim=1)
    return total / mask.sum(dim=1, keepdim=True)
    ### END SOLUTION


# %% checks masked_mean
checks = Checks("1.3", points=1, withheld=["MeanPooling"])


@checks("two words and one padding")
def check():
    states = torch.tensor([[[1.0, 10.0], [3.0, 30.0], [0.0, 0.0]]])
    found = masked_mean(states, torch.tensor([[True, True, False]]))
    close(found, torch.tensor([[2.0, 20.0]]), "the mean")


checks.report()
# %% hidden masked_mean
hidden = Checks("1.3, hidden", points=2, withheld=["MeanPooling"])
### BEGIN HIDDEN TESTS


def mean_by_loops(states, mask):
    rows = []
    for row, n in zip(states, mask.sum(1).tolist()):
        rows.append(sum(row[j] for j in range(n)) / n)
    return torch.stack(rows)


@hidden("lengths that differ, something at padding")
def check():
    torch.manual_seed(VARIANT.draw)
    states = torch.randn(3, VARIANT.length, VARIANT.hidden_size)
    mask = torch.arange(VARIANT.length) < torch.tensor([[VARIANT.length], [1], [2]])
    close(masked_mean(states, mask), mean_by_loops(states, mask), "the mean")


@hidden("as many sentences as positions as units")
def check():
    torch.manual_seed(VARIANT.draw + 1)
    states = torch.randn(4, 4, 4)
    states[2, 0, 1] = 0.0  # a number like any other
    mask = torch.arange(4) < torch.tensor([[4], [1], [3], [2]])
    close(masked_mean(states, mask), mean_by_loops(states, mask), "the mean")


@hidden("large numbers at padding do not matter")
def check():
    states = torch.tensor([[[2.0], [1e6]], [[4.0], [-1e6]], [[1.0], [3.0]]])
    mask = torch.tensor([[True, False], [True, False], [True, True]])
    close(masked_mean(states, mask), torch.tensor([[2.0], [4.0], [2.0]]), "the mean")


@hidden("what it is given stays as it was")
def check():
    states, mask = torch.ones(2, 3, 2), torch.tensor([[True, True, False], [True, False, False]])
    unchanged(masked_mean, states, mask)
    close(masked_mean(states, mask), torch.ones(2, 2), "the mean")


@hidden("a gradient reaches the real positions, and no other")
def check():
    states = torch.ones(1, 3, 1, requires_grad=True)
    masked_mean(states, torch.tensor([[True, True, False]])).sum().backward()
    close(states.grad, torch.tensor([[[0.5], [0.5], [0.0]]]), "the gradient")


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 1.4 An encoder that stops at the end (6 points)
#
# Equation (2.1), $h_j = \tanh(W_x x_j + W_h h_{j-1} + b)$ with $h_0 = 0$, for a padded batch. Where a sentence has ended, the state stays what it
# was after the last real token, and the row of `memory` is zero. So
#
# - `memory` is $(h_1, \dots, h_S)$, with zeros at padding;
# - `final` is each sentence's state after its **own** last token.
# %% solution encode
def encode(embedded, mask, W_x, W_h, b):
    """memory (batch, src_len, hidden) and final (batch, hidden).

    embedded: (batch, src_len, embedding_size)
    mask: (batch, src_len) bool, True = a real token, padding at the end
    W_x: (hidden, embedding_size)
    W_h: (hidden, hidden)
    b: (hidden,)
    """
    ### BEGIN SOLUTION
    h = torch.zeros(len(embedded), len(b))
    memory = []
    for j in range(embedded.shape[1]):
        new = torch.tanh(embedded[:, j] @ W_x.T + h @ W_h.T + b)
        real = mask[:, j, None]
        h = torch.where(real, new, h)
        memory.append(torch.where(real, new, torch.zeros_like(new)))
    return torch.stack(memory, dim=1), h
    ### END SOLUTION


# %% checks encode
LAYERS = ["Encoder", "torch.nn.RNN", "torch.nn.RNNCell", "torch.rnn_tanh", "torch.rnn_tanh_cell"]
checks = Checks("1.4", points=2, withheld=LAYERS)


@checks("one unit, two words: tanh of (ln 3)/2 is 1/2")
def check():
    one, zero = torch.ones(1, 1), torch.zeros(1, 1)
    embedded = HALF * torch.tensor([[[1.0], [-1.0]]])
    mask = torch.ones(1, 2, dtype=torch.bool)
    memory, final = encode(embedded, mask, one, zero, torch.zeros(1))
    close(memory, torch.tensor([[[0.5], [-0.5]]]), "the memory")
    close(final, torch.tensor([[-0.5]]), "the final state")


@checks("the old state enters")
def check():
    embedded, mask = torch.zeros(1, 2, 1), torch.ones(1, 2, dtype=torch.bool)
    embedded[0, 0] = HALF
    one = torch.ones(1, 1)
    memory, _ = encode(embedded, mask, one, 2 * HALF * one, torch.zeros(1))
    close(memory, torch.tensor([[[0.5], [0.5]]]), "the memory")


@checks("padding: zeros in the memory, and the final state of the last word")
def check():
    embedded = HALF * torch.ones(1, 3, 1)
    mask = torch.tensor([[True, False, False]])
    one = torch.ones(1, 1)
    memory, final = encode(embedded, mask, one, one, torch.zeros(1))
    close(memory, torch.tensor([[[0.5], [0.0], [0.0]]]), "the memory")
    close(final, torch.tensor([[0.5]]), "the final state")


checks.report()
# %% hidden encode
hidden = Checks("1.4, hidden", points=4, withheld=LAYERS)
### BEGIN HIDDEN TESTS


def encode_alone(embedded, mask, W_x, W_h, b):
    """Sentence by sentence, as if each were alone."""
    memory, finals = torch.zeros(*mask.shape, len(b)), []
    for k, n in enumerate(mask.sum(1).tolist()):
        h = torch.zeros(len(b))
        for j in range(n):
            h = (W_x @ embedded[k, j] + W_h @ h + b).tanh()
            place = torch.zeros(*mask.shape, 1)
            place[k, j] = 1
            memory = memory + place * h
        finals.append(h)
    return memory, torch.stack(finals)


def drawn_encoder(E, H, seed, lengths=(5, 1, 3)):
    torch.manual_seed(seed)
    S = max(lengths)
    shapes = (len(lengths), S, E), (H, E), (H, H), (H,)
    embedded, W_x, W_h, b = (torch.randn(shape, requires_grad=True) for shape in shapes)
    return [embedded, torch.arange(S) < torch.tensor(lengths)[:, None], W_x, W_h, b]


def compare_states(given):
    names = "the memory", "the final state"
    for name, found, expected in zip(names, encode(*given), encode_alone(*given), strict=True):
        close(found, expected, name)


@hidden("sentences of different lengths, all sizes different")
def check():
    compare_states(drawn_encoder(VARIANT.embedding_size, VARIANT.hidden_size, VARIANT.draw))


@hidden("all sizes the same: no matrix exchanged or transposed")
def check():
    compare_states(drawn_encoder(3, 3, VARIANT.draw + 1))


@hidden("the longest sentence is not the first, and one has a single word")
def check():
    given = drawn_encoder(2, 4, VARIANT.draw + 2, lengths=(1, 2, 6, 4))
    given[0] = given[0].detach()
    given[0][2, 1] = 0.0  # a word like any other
    compare_states(given)


@hidden("words of any size; what is embedded at padding does not matter")
def check():
    given = drawn_encoder(2, 4, VARIANT.draw + 3)
    before = encode_alone(*given)
    given[0] = given[0].detach().masked_fill(~given[1][:, :, None], 1e4)
    for found, expected in zip(encode(*given), before, strict=True):
        close(found, expected, "a result with other padding")
    given[0] = torch.full_like(given[0], 1e3)
    given[0][:, 1] = -1e3
    compare_states(given)


@hidden("gradients run back through all the steps")
def check():
    given = drawn_encoder(2, 4, VARIANT.draw + 4)
    learned = [given[k] for k in (0, 2, 3, 4)]
    found_memory, found, memory, expected = (
        torch.autograd.grad(sum(each.square().sum() for each in kept), learned, allow_unused=True)
        for run in (encode, encode_alone)
        for kept in ([run(*given)[0]], [run(*given)[1]])
    )
    names = ("the words", "W_x", "W_h", "b") * 2
    for name, one, other in zip(names, found_memory + found, memory + expected, strict=True):
        assert one is not None, f"no gradient reaches {name}"
        close(one, other, f"the gradient of {name}", tolerance=1e-3)


@hidden("what it is given stays as it was")
def check():
    given = [each.detach() for each in drawn_encoder(2, 4, VARIANT.draw + 5)]
    unchanged(encode, *given)
    compare_states(given)


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 1.5 How probable is a translation? (4 points)
#
# Equation (2.5) in logarithms: for each sentence of a batch the sum of the log-probabilities (natural logarithm) that the decoder gave to its target
# tokens, `<eos>` included, padding left out. The logits are scores before the softmax.
# %% solution log_probability
def log_probability(logits, tgt_out, tgt_mask):
    """log p(y | x) of each sentence, (batch,).

    logits: (batch, tgt_len, vocab_size)
    tgt_out: (batch, tgt_len) int64
    tgt_mask: (batch, tgt_len) bool, True = a real token
    """
    ### BEGIN SOLUTION
    chosen = logits.log_softmax(dim=-1).gather(2, tgt_out[:, :, None])[:, :, 0]
    return chosen.masked_fill(~tgt_mask, 0.0).sum(dim=1)
    ### END SOLUTION


# %% checks log_probability
checks = Checks("1.5", points=1, withheld=["sequence_loss"])


@checks("two tokens of probability one quarter and one half")
def check():
    logits = torch.tensor([[[1.0, 1, 2], [2.0, 1, 1]]]).log()
    found = log_probability(logits, torch.tensor([[0, 0]]), torch.tensor([[True, True]]))
    close(found, torch.tensor([math.log(1 / 8)]), "the logarithm")


checks.report()
# %% hidden log_probability
hidden = Checks("1.5, hidden", points=3, withheld=["sequence_loss"])
### BEGIN HIDDEN TESTS


def log_p_by_loops(logits, tgt_out, tgt_mask):
    result = []
    for row, words, real in zip(logits.double(), tgt_out.tolist(), tgt_mask.tolist()):
        total = 0.0
        for scores, word, here in zip(row.tolist(), words, real):
            if here:
                top = max(scores)
                total += scores[word] - top - math.log(sum(math.exp(s - top) for s in scores))
        result.append(total)
    return torch.tensor(result)


@hidden("sentences of different lengths, padding left out")
def check():
    torch.manual_seed(VARIANT.draw)
    T, V = VARIANT.length, VARIANT.vocab_size
    logits, words = torch.randn(3, T, V), torch.randint(V, (3, T))
    mask = torch.arange(T) < torch.tensor([[T], [1], [2]])
    words[0, 1] = words[0, 0]  # a word that comes again, and each sentence's end
    words[torch.arange(3), mask.sum(1) - 1] = s2s.EOS_ID
    close(log_probability(logits, words, mask), log_p_by_loops(logits, words, mask))


@hidden("scores so large that a probability rounds to 0")
def check():
    logits = torch.tensor([[[1000.0, 0.0]], [[0.0, 0.0]]])
    found = log_probability(logits, torch.tensor([[1], [1]]), torch.tensor([[True], [True]]))
    close(found, torch.tensor([-1000.0, math.log(0.5)]), "the logarithm")


@hidden("gradients reach the logits, and not those at padding")
def check():
    logits = torch.zeros(1, 2, 2, requires_grad=True)
    mask = torch.tensor([[True, False]])
    log_probability(logits, torch.tensor([[1, 0]]), mask).sum().backward()
    close(logits.grad, torch.tensor([[[-0.5, 0.5], [0.0, 0.0]]]), "the gradient")


@hidden("what it is given stays as it was")
def check():
    logits, ids = torch.tensor([[[0.0, 1.0], [2.0, 3.0]]]), torch.tensor([[1, 1]])
    mask = torch.tensor([[True, False]])
    unchanged(log_probability, logits, ids, mask)
    close(log_probability(logits, ids, mask), torch.tensor([-math.log(1 + math.exp(-1))]))


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 1.6 Writing until the end (3 points)
#
# A decoder on its own: it is fed `<bos>`, then always the most probable token it has just named, until it names `<eos>` or has written
# `max_length` tokens. `step(token, state)` takes a token's id (an int) and a state, and returns the scores of all tokens, `(vocab_size,)`, and the next state. Return
# the list of ids, **without** `<bos>` and `<eos>`, at most `max_length` of them.
# %% solution write
def write(step, state, max_length):
    """Greedy decoding of one sentence: a list of ids (ints)."""
    ### BEGIN SOLUTION
    token, written = s2s.BOS_ID, []
    for _ in range(max_length):
        scores, state = step(token, state)
        token = int(scores.argmax())
        if token == s2s.EOS_ID:
            break
        written.append(token)
    return written
    ### END SOLUTION


# %% checks write
checks = Checks("1.6", points=1, withheld=["greedy_decode"])


def script(*words):
    """A step that names these words one after the other, whatever it is fed."""

    def step(token, state):
        return torch.eye(20)[words[state]], state + 1

    return step


@checks("two words and <eos>")
def check():
    assert write(script(7, 9, s2s.EOS_ID, 5), 0, 10) == [7, 9]


@checks("max_length words without <eos>")
def check():
    assert write(script(7, 9, 8, 7, 5), 0, 3) == [7, 9, 8]


checks.report()
# %% hidden write
hidden = Checks("1.6, hidden", points=2, withheld=["greedy_decode"])
### BEGIN HIDDEN TESTS
from numbers import Integral


@hidden("it is fed <bos>, then its own words; the state is handed on")
def check():
    seen = []

    def step(token, state):
        plain(token, "what the step is fed", Integral)
        seen.append((token, state))
        return torch.eye(20)[(5, 6, 7, s2s.EOS_ID)[len(state)]], state + (len(state),)

    assert write(step, (), 10) == [5, 6, 7]
    assert [token for token, _ in seen] == [s2s.BOS_ID, 5, 6, 7], f"it was fed {seen}"
    assert [len(state) for _, state in seen] == [0, 1, 2, 3], f"its states were {seen}"


@hidden("<eos> at once; <eos> as the word after the last allowed one; ints")
def check():
    assert write(script(s2s.EOS_ID, 5), 0, 10) == []
    found = write(script(5, 6, s2s.EOS_ID), 0, 2)
    assert found == [5, 6]
    for word in found:
        plain(word, "a word", Integral)
    for n in (VARIANT.length, 60):
        assert write(script(*[6] * 70), 0, n) == [6] * n


@hidden(
    "only <eos> ends it, not another special token, nor a word again; no word where none is allowed"
)
def check():
    assert write(script(7, 8, 7, 9, 9, s2s.EOS_ID), 0, 10) == [7, 8, 7, 9, 9]
    assert write(script(7, s2s.PAD_ID, s2s.UNK_ID, 9, s2s.EOS_ID), 0, 10) == [7, 0, 1, 9]
    assert write(script(7, 9), 0, 0) == [], "max_length 0"


@hidden("scores that are all negative, large or nearly alike, and the best one late", weight=2)
def check():
    def step(token, state):
        scores = torch.full((30,), -100.0)
        scores[29 if token == s2s.BOS_ID else s2s.EOS_ID] = -1.0
        return scores, state

    assert write(step, None, 5) == [29]

    def always(scores):
        return lambda token, state: (scores, state)

    large = torch.zeros(30)
    large[5], large[9] = 900.0, 1000.0
    assert write(always(large), None, 3) == [9] * 3
    assert write(always(torch.linspace(0.0, 0.01, 30)), None, 3) == [29] * 3


@hidden("the state that it is given stays as it was")
def check():
    def step(token, state):
        scores = torch.eye(20)[9 if token == s2s.BOS_ID else s2s.EOS_ID]
        return scores, state + 1 if isinstance(state, torch.Tensor) else [*state, token]

    for state in (torch.zeros(2, 3), [4, 5]):
        unchanged(write, step, state, 5)
        assert write(step, state, 5) == [9]


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 1.7 Exact match by length (3 points)
#
# The tool for the experiment: for each length that occurs among the **references**, the share of the sentences of that length that were written
# exactly right, every token and not one too many.
# %% solution exact_by_length
def exact_by_length(written, references):
    """A dict from the reference's length to the share of exact matches (a float).

    written, references: lists of lists of ids, in the same order; some may be empty
    """
    ### BEGIN SOLUTION
    outcomes = {}
    for found, wanted in zip(written, references):
        outcomes.setdefault(len(wanted), []).append(list(found) == list(wanted))
    return {n: sum(rows) / len(rows) for n, rows in outcomes.items()}
    ### END SOLUTION


# %% checks exact_by_length
checks = Checks("1.7", points=0.5, withheld=["sequence_accuracy"])


@checks("two of length 1, one of them right")
def check():
    found = exact_by_length([[5], [6]], [[5], [7]])
    assert found == {1: 0.5}, f"it is {found}"


@checks("lengths apart")
def check():
    found = exact_by_length([[5], [6, 7], [8]], [[5], [6, 7], [9]])
    assert found == {1: 0.5, 2: 1.0}, f"it is {found}"


checks.report()
# %% hidden exact_by_length
hidden = Checks("1.7, hidden", points=2.5, withheld=["sequence_accuracy"])
### BEGIN HIDDEN TESTS


def compare_shares(written, references, expected):
    found = dict(exact_by_length(written, references))
    assert set(found) == set(expected), f"lengths {sorted(found)}, not {sorted(expected)}"
    for n in expected:
        plain(found[n], f"the share at length {n}")
        close(float(found[n]), expected[n], f"the share at length {n}")


@hidden("one token missing, one too many, two exchanged", weight=2)
def check():
    references = [[5, 6, 7]] * 4
    written = [[5, 6], [5, 6, 7, 8], [5, 7, 6], [5, 6, 7]]
    compare_shares(written, references, {3: 0.25})
    compare_shares([[9, 6, 7], [5, 9, 7], [5, 6, 9]], references[:3], {3: 0.0})
    compare_shares([[5, 6, 7, s2s.PAD_ID]], references[:1], {3: 0.0})


@hidden("the length is the reference's; nothing written at all")
def check():
    compare_shares([[], [5, 6, 7], [4]], [[5], [5, 6], [4]], {1: 0.5, 2: 0.0})
    compare_shares([[], [5], [6]], [[], [], [6]], {0: 0.5, 1: 1.0})


@hidden("tokens are numbers, not text")
def check():
    compare_shares([[5, 67], [1, 11]], [[56, 7], [11, 1]], {2: 0.0})
    compare_shares([[5, 300], [400, 1000]], [[5, 44], [400, 1000]], {2: 0.5})


@hidden("each translation has its own reference", weight=2)
def check():
    compare_shares([[8, 9], [5, 6]], [[5, 6], [8, 9]], {2: 0.0})


@hidden("many sentences")
def check():
    generator = torch.Generator().manual_seed(VARIANT.draw)
    references = [[4] * (1 + k % VARIANT.length) for k in range(200)]
    wrong = torch.rand(200, generator=generator) < 0.4
    written = [row[:-1] + [5] if bad else row for row, bad in zip(references, wrong)]
    expected = {}
    for n in range(1, VARIANT.length + 1):
        here = [not wrong[k] for k in range(200) if 1 + k % VARIANT.length == n]
        expected[n] = sum(map(float, here)) / len(here)
    compare_shares(written, references, expected)
    compare_shares([[4] * 25], [[4] * 25], {25: 1.0})


@hidden("what it is given stays as it was")
def check():
    written, references = [[6, 5], [7]], [[6, 5], [8]]
    unchanged(exact_by_length, written, references)
    compare_shares(written, references, {1: 0.0, 2: 1.0})


### END HIDDEN TESTS
hidden.report()


# %% [markdown]
# ## 1.8 An experiment: letters or bits? (15 points, 12 of them by hand)
#
# Chapter 2 played a game, to write a string of random letters backwards, and found that a model with one vector between encoder and decoder does it up to
# some length and not beyond. What is it that fills the vector: the number of **letters** to remember, or the number of **bits**? A letter out of
# an alphabet of $K$ has $\log_2 K$ bits. So take two alphabets, one of VARIANT.few letters and one of VARIANT.many, and the same model, the same number of
# updates, the same lengths.
#
# If letters are what counts, the two curves fall at the same length. If bits are, they fall at the same number of bits, which is
# about three times as many letters of the small alphabet.
#
# **First your prediction.** Write it into the function, and run the cell below it: it commits you. The experiment waits for it. **Three points** are for a
# prediction that was committed before the experiment ran, whether it comes true or not; they are read from the outputs of the notebook that you hand in.
# %% solution prediction
def prediction():
    """What you expect, as a dict.

    few: with VARIANT.few letters, the longest length at which at least half of the strings
        come out right (the mean of two models), a number from 2 to 14
    many: the same with VARIANT.many letters
    fills: what fills the vector, "letters", "bits" or "neither"
    because: why, in a sentence
    """
    ### BEGIN SOLUTION
    reason = "more bits do not fit, but a large alphabet is learned more slowly"
    return {"few": 8, "many": 5, "fills": "neither", "because": reason}
    ### END SOLUTION


# %% run commitment
asked = {"few": (2, 14), "many": (2, 14), "fills": ["letters", "bits", "neither"]}
sealed = commit("1.8", prediction, asked, globals().get("sealed"))
# %% run corpora
LENGTHS = {"min_length": 2, "max_length": 14}


def letters(K):
    """Training and test strings over K letters, and their vocabulary."""
    options = {"symbols": K, "seed": VARIANT.corpus_seed, **LENGTHS}
    train = s2s.load_corpus("reverse", size=16_000, **options)
    test = s2s.load_corpus("reverse", "test", size=1300, **options)
    return train, test, s2s.Vocabulary.build(train.src_sentences)


games = {K: letters(K) for K in (VARIANT.few, VARIANT.many)}
for K, (train, *_) in games.items():
    print(K, "letters:", " ".join(train[0].src), "->", " ".join(train[0].tgt))


# %% run training
def trained(K, seed):
    train, test, vocab = games[K]
    s2s.seed_everything(seed)
    model = s2s.build_model("gru", len(vocab), len(vocab), 16, hidden_size=48)
    batches = s2s.make_batches(train, vocab, vocab, batch_size=64, shuffle=True, seed=seed)
    held_out = s2s.make_batches(test, vocab, vocab, batch_size=650)
    config = s2s.TrainConfig(steps=500, learning_rate=8e-3, seed=seed)
    s2s.fit(model, batches, held_out, config)
    written = s2s.decode_corpus(model, held_out, max_length=20).ids
    return written, [vocab.encode(pair.tgt) for pair in test]


with waits_for("1.8 (your prediction)"):
    sealed.begin()
    results = {(K, seed): trained(K, seed) for K in games for seed in (1, 2)}
# %% run figure
with waits_for("1.7 or 1.8 (your prediction)"):
    sealed.begin()
    _, axes = plt.subplots(1, 2, figsize=(10, 3.6), sharey=True)
    longest = {K: [] for K in games}
    for (K, seed), pair in results.items():
        shares = exact_by_length(*pair)
        n = torch.tensor(sorted(shares))
        style = {"color": s2s.COLORS["now" if K > 10 else "context"]}
        style |= {"linestyle": "-" if seed == 1 else "--", "marker": "."}
        for ax, scale in zip(axes, (1.0, math.log2(K))):
            label = f"{K} letters, seed {seed}"
            share = [shares[length] for length in n.tolist()]
            ax.plot(scale * n, share, label=label, **style)
        half = [length for length in n.tolist() if shares[length] >= 0.5]
        longest[K].append(max(half, default=0))
        print(f"{K:2} letters, seed {seed}: at least half right up to length", end=" ")
        print(f"{longest[K][-1]}, {longest[K][-1] * math.log2(K):.0f} bits")
    axes[0].set(xlabel="letters", ylabel="exact match")
    axes[1].set(xlabel="bits")
    axes[0].legend()
    plt.tight_layout()
    few, many = (sum(lengths) / 2 for lengths in longest.values())
    sealed.beside({"few": few, "many": many, "fills": "yours to say"})
# %% trace prediction
sealed.report(points=3)


# %% [markdown]
# Now write, 250 to 350 words in all. Your own numbers, as they are printed above:
#
# **a. (3 points)** Your prediction beside what came out: by how much were you wrong, in which of the three answers, and what in your reason was
# wrong with it (or, if all came true, which other outcome your reason would have allowed)?
#
# **b. (5 points)** What the two panels say: letters, bits, or neither? Use the printed numbers of all four models. How many bits went
# through the vector with VARIANT.few letters and how many with VARIANT.many, and what should the length with VARIANT.few letters have been, if only bits counted?
#
# **c. (4 points)** What this experiment cannot tell. Name one other difference between the two games than bits for each letter, and one thing that would have to be
# changed or repeated before you would put your answer to **b** into a paper.
# %% answer conclusion points=12
# **Your answer to 1.8**
#
# ### BEGIN SOLUTION
# *A model answer.* (a) Any prediction, compared honestly with the printed numbers: 1 for the differences in numbers, 1 for the answer that was furthest off, 1 for what
# in the reason did not hold. A true prediction earns no more, and a wrong one no less.
#
# (b) Neither. With the small alphabet the models reach more letters than with the large one, so it is not the letters alone. But they do not reach three
# times as many, and in bits the large alphabet gets further, so it is not the bits alone either. 1 for each of the two readings
# with numbers, 1 for using both seeds and saying how much they differ, 1 for the bits of both, 1 for the length that bits alone would give, many times
# $\log_2$ VARIANT.many / $\log_2$ VARIANT.few. Numbers that are not those of the student's own output: at most 2 of 5.
#
# (c) Other differences: with few letters a letter occurs more often and its embedding is trained more; a wrong guess is right by chance more often (one in K); the
# output layer is smaller; the same number of updates is more training for the smaller game. To be changed: more updates until nothing improves, other sizes of the vector, more
# seeds with intervals, exact match replaced by the bits that get through (2.7). 1 for a difference, 1 for how it could make the result, 1 for
# what to change, 1 for what would then speak for the one or the other.
# ### END SOLUTION
# %% [markdown]
# ## 1.9 A wrong solution, explained (7 points, 3 of them by hand)
#
# The mean loss of a batch (chapter 1, equation 1.3) is the sum of the losses of its real tokens divided by how many there are. Somebody wrote this function for it.
# It is right at some batches, also with padding in them, and wrong at others.
# %% given suspect
### SUSPECT
# %% [markdown]
# **Find two inputs that differ in one number only**, one entry of `losses` or of `mask`, so that `suspect` is right at the first and wrong at the
# second. What differs between them is then what its mistake depends on. Both have
#
# - one or two sentences, at most four positions, losses from 0 to 10, with a mean above 0 at the real tokens;
# - at least one real token in each sentence, padding at the end, and **at least one padding**.
#
# It counts as wrong where the mean that it returns is off by more than 0.01 or is NaN, and as right where nothing is off by more than 0.0001. The cell below the function shows what `suspect` makes of your two; what is
# right you can say by hand.
# %% solution minimal_pair
def minimal_pair():
    """Two inputs (losses, mask): suspect is right at the first, wrong at the second.

    losses: (batch, tgt_len)
    mask: (batch, tgt_len) bool, True = a real token
    """
    ### BEGIN SOLUTION
    ### PAIR
    ### END SOLUTION


# %% run look
with waits_for("1.9"):
    for given in minimal_pair():
        print(f"suspect says {suspect(*given):.4f}")
# %% checks minimal_pair
from s2s_tutorial.coursework import one_apart

checks = Checks("1.9", points=1)


def within_limits(given):
    losses, mask = given
    shape = tuple(losses.shape)
    assert shape == tuple(mask.shape), f"losses {shape} do not fit mask {tuple(mask.shape)}"
    assert len(shape) == 2 and shape[0] in (1, 2) and 1 <= shape[1] <= 4, f"its shape is {shape}"
    assert losses.min() >= 0 and losses.max() <= 10, "a loss is below 0 or above 10"
    assert mask.dtype == torch.bool, f"mask is {mask.dtype}, not bool"
    lengths = mask.sum(1)
    assert lengths.min() > 0, "a sentence without a real token"
    assert mask.equal(torch.arange(mask.shape[1]) < lengths[:, None]), "padding before a word"
    assert not mask.all(), "there is no padding"
    assert losses[mask].sum() > 0, "all losses are 0"


@checks("two inputs within the limits that differ in one number")
def check():
    first, second = minimal_pair()
    within_limits(first)
    within_limits(second)
    one_apart(tuple(first), tuple(second))


checks.report()
# %% hidden minimal_pair
hidden = Checks("1.9, hidden", points=3)
### BEGIN HIDDEN TESTS
from s2s_tutorial.coursework import one_apart

### SUSPECT


def off_by(losses, mask):
    """By how much the suspect is off."""
    kept = [x for x, real in zip(losses.flatten().tolist(), mask.flatten().tolist()) if real]
    found = float(suspect(losses.float(), mask))
    return math.inf if math.isnan(found) else abs(found - sum(kept) / len(kept))


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
# **Your answer to 1.9**
#
# ### BEGIN SOLUTION
# *A model answer*, to VARIANT.suspect. (a) VARIANT.suspect_line
#
# (b) VARIANT.suspect_belief
#
# (c) What was changed is what the belief is about: before, belief and truth agree at this input, after it they part. A paraphrase
# of the code ("it takes the maximum there") is no belief: 0 for (b). Another belief that writes the same line earns the point if (c) fits it.
# ### END SOLUTION
