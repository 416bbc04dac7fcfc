"""Right answers are what the package computes: chapters 1 to 6, where a question can be computed."""

import inspect
import math
from collections import Counter

import numpy as np
import pytest
import torch
from torch.nn import functional as F

import s2s_tutorial as s2s


def fits(line, names, check):
    """Whether a line of code runs and its value passes."""
    try:
        return bool(check(eval(line, dict(names))))
    except RuntimeError:
        return False


def test_chapter_1(key):
    cut = {n: s2s.get_tokenizer(n).tokenize("Sì, Thomas!") for n in ("whitespace", "word")}
    assert key("01-cut").right("code") == [repr(cut["whitespace"])]
    assert repr(cut["word"]) in key("01-cut").lines()

    vocab = s2s.Vocabulary.build([["Stai", "attento", ","]])
    assert key("01-stranger").right() == [f"`{vocab.decode(vocab.encode(['Ludwig']))[0]}`"]

    pair = s2s.Pair(("a",), ("b", "c"), None)
    (batch,) = s2s.make_batches([pair], vocab, s2s.Vocabulary(["b", "c"]), 1)
    names = {"y": [4, 5], "BOS": s2s.BOS_ID, "EOS": s2s.EOS_ID, "PAD": s2s.PAD_ID}
    for line, right in key("01-shift").lines().items():
        exec(line, names)
        made = names["tgt_in"], names["tgt_out"]
        assert (made == (batch.tgt_in[0].tolist(), batch.tgt_out[0].tolist())) == right, line

    _, lengths, mask = s2s.pad([[5] * n for n in (4, 3, 7, 5, 6)])
    names = {"torch": torch, "lengths": lengths, "longest": 7}
    for line, right in key("01-mask").lines().items():
        assert fits(line, names, lambda made: torch.equal(made, mask)) == right, line

    assert key("01-mean").judges((4 * 1 + 2 * 3) / 6)
    assert not any(map(key("01-mean").judges, (10 / 8, (1 + 3) / 2)))


@pytest.mark.slow
def test_chapter_1_bucket(key):
    train = s2s.load_corpus("phrases")
    short = [p for p in train if "?" not in p.src and max(map(len, p[:2])) < 8]
    few = [next(p for p in short if len(p.src) == n) for n in (3, 7, 5, 6)]
    assert key("01-bucket").judges(4 + sum(len(p.src) for p in [*few, *train[:7]]))


def test_chapter_1_company(key):
    torch.manual_seed(0)
    src, lengths, _ = s2s.pad([[4] * n for n in (4, 3, 7, 5, 6)])
    encoder = s2s.Encoder(9, 8, hidden_size=16)
    proper, (_, careless) = encoder(src, lengths).final_state, encoder.rnn(encoder.embedding(src))
    sound = torch.isclose(proper[-1], careless[-1], atol=1e-5).all(dim=1)
    assert sound.tolist() == [False, False, True, False, False]
    assert key("01-company").right() == ["only for the longest"]


def test_chapter_2(key):
    x = torch.tensor([[0.0, 1.0], [1.0, 0.0], [1.0, 1.0]])
    h = torch.zeros(2)
    for x_t in x:
        h = x_t + torch.tensor([[0.0, 0.5], [0.5, 0.0]]) @ h
    assert key("02-swap").right()[0].startswith(str(tuple(h.tolist())).replace("1.0,", "1,"))

    encoder = s2s.Encoder(9, 4, hidden_size=128)
    encoded = encoder(torch.tensor([[4, 5, 6, 7]]), torch.tensor([4]))
    shapes = f"{tuple(encoded.memory.shape)} and {tuple(encoded.final_state.shape)}"
    assert key("02-shapes").right() == [shapes]

    padded = encoder(torch.tensor([[4, 5, 6], [4, 0, 0]]), torch.tensor([3, 1]))
    torch.testing.assert_close(padded.final_state[0, 1], padded.memory[1, 0])
    assert key("02-context").right()[0].startswith("h_{1}")

    reach = {}
    for preset in ("rnn", "gru", "lstm"):
        s2s.seed_everything(0)
        encoder = s2s.build_model(preset, 24, 24, 32, hidden_size=64).encoder
        letters = encoder.embedding(torch.randint(4, 24, (20, 16)))
        reach[preset] = s2s.gradient_reach(encoder.rnn, letters)[-1]
    assert max(reach, key=reach.get) == "rnn"
    assert key("02-gates").right() == ["the vanilla network"]


def test_chapter_3(key):
    e = torch.tensor([0.0, math.log(2), math.log(4)])
    assert key("03-third").judges(e.softmax(0)[2].item())
    found = s2s.masked_softmax(e[None], torch.tensor([[True, True, False]]))[0]
    torch.testing.assert_close(3 * found, torch.tensor([1.0, 2.0, 0.0]))
    assert key("03-mask").right() == ["1/3 and 2/3"]

    torch.manual_seed(0)
    scores, src_mask = torch.randn(2, 5), torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    names = {"scores": scores, "src_mask": src_mask}
    for line, right in key("03-line").lines().items():
        made = eval(line, dict(names))
        sums = torch.allclose(made.sum(1), torch.ones(2))
        assert (sums and bool((made[~src_mask] == 0).all())) == right, line

    W_q, W_k, v, h = torch.randn(3, 4), torch.randn(3, 4), torch.randn(3), torch.randn(5, 4)
    plain = [((W_q @ s + h @ W_k.T) @ v).softmax(0) for s in torch.randn(2, 4)]
    torch.testing.assert_close(*plain)
    assert key("03-tanh").right() == ["the same"]


def in_order(source, *parts):
    places = [source.index(part) for part in parts]
    return places == sorted(places)


def test_orders_are_those_of_the_sources(key):
    parts = "self.attention(", "self.cell(", "self.output("
    assert in_order(inspect.getsource(s2s.BahdanauDecoder.step), *parts)
    steps = [answer["answer"] for answer in key("03-order").answers]
    assert in_order(" ".join(steps), "scores", "weights", "context", "new state", "probabilities")
    parts = "self.rnn(", "self.attention(", "torch.tanh(self.combine", "self.output("
    assert in_order(inspect.getsource(s2s.LuongDecoder.step), *parts)
    steps = [answer["answer"] for answer in key("04-order").answers]
    assert in_order(" ".join(steps), "new state", "scores", "weights", "attentional vector", "prob")
    parts = "norm_1", "self_attention.attend", "residual", "norm_2"
    assert in_order(inspect.getsource(s2s.TransformerEncoderLayer.forward), *parts)
    steps = [answer["answer"] for answer in key("13-layer").answers]
    assert in_order(" ".join(steps), "norm of x", "attention", "add x", "feed-forward", "first sum")


def test_chapter_4(key):
    h, s = torch.tensor([[1.0, 0], [0, 1], [1, 1]]), torch.tensor([2.0, 3.0]).log()
    assert key("04-dot").judges((h @ s).softmax(0)[2].item())
    local = s2s.LocalAttention(s2s.DotAttention(), window=2, predictive=True, query_size=4)
    query, memory = torch.zeros(1, 4), torch.randn(1, 6, 4)
    weights = local(query, local.project_keys(memory), memory)[1]
    assert key("04-window").judges(weights.sum().item())

    q, memory = torch.randn(2, 3, 4), torch.randn(2, 5, 4)
    src_mask = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])
    context, _ = s2s.DotAttention()(q, memory, memory, src_mask)
    names = {"F": F, "q": q, "memory": memory, "mask": src_mask[:, None]}
    for line, right in key("04-sdpa").lines().items():
        same = fits(line, names, lambda c: c.shape == context.shape and torch.allclose(c, context))
        assert same == right, line


def test_chapter_5(key):
    c = 0.0
    for x in (1.0, 0.0, -1.0):
        gate = 1 / (1 + math.exp(-math.log(3) * x))
        c = 0.75 * c + gate * math.tanh(math.log(3) / 2 * x)
    assert key("05-cell").judges(128 * c)


def test_chapter_6(key):
    table = {
        "": {"Stay": 0.40, "Be": 0.35, "Careful": 0.25},
        "Stay": {"careful": 0.40, "alert": 0.32, "awake": 0.28},
        "Be": {"careful": 0.70, "alert": 0.30},
        "Careful": {"": 1.0},
    }
    first = max(table[""], key=table[""].get)
    second = max(table[first], key=table[first].get)
    assert key("06-greedy").right() == [f"{first} {second}"]
    every = {f"{a} {b}".strip(): p * q for a, p in table[""].items() for b, q in table[a].items()}
    assert key("06-exhaustive").right() == [max(every, key=every.get)]

    words = ("a", "<eos>"), ("b", "c"), ("a", "b"), ("c", "d")
    candidates = [(-0.5 * n, sentence) for n, sentence in enumerate(words)]
    for line, right in key("06-beam").lines().items():
        names = {"candidates": candidates, "k": 2}
        exec(line, names)
        assert (names["live"] == candidates[1:3]) == right, line

    output, reference = "my brother reads the the book", "my brother reads the old book today"
    assert key("06-clip").judges((Counter(output.split()) & Counter(reference.split())).total())

    right = np.array([1.85, 1.68, 1.81, 1.63])  # the chapter's table
    ways = {"free": [7.02, 4.62, 5.72, 4.16], "own output": [1.49, 1.40, 1.45, 1.37]}
    assert all((abs(np.array(way) / right - 1) > 0.1).all() for way in ways.values())
    assert len(key("06-perplexity").right()) == len(ways)
