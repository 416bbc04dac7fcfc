"""Right answers are what the package computes: chapters 7 to 13, where a question can be computed."""

import math
from fractions import Fraction

import torch
from scipy import stats

import s2s_tutorial as s2s


def test_chapter_7(key):
    found, gold = {(0, 0), (0, 1), (4, 2), (4, 3), (3, 4)}, {(0, 0), (1, 1), (4, 2), (3, 4)}
    assert (len(found), len(gold), len(found & gold)) == (5, 4, 3)
    assert key("07-aer").judges(s2s.alignment_error_rate(found, gold))
    assert key("07-tau").judges(stats.kendalltau([3, 1, 2, 0], [3, 2, 1, 0]).statistic)

    half = Fraction(1, 2)  # every a_ij after an equal start
    count = {("la", "the"): 2 * half, ("la", "house"): half, ("la", "cat"): half}
    count |= {("casa", "the"): half, ("casa", "house"): half}
    total = {v: sum(c for (word, _), c in count.items() if word == v) for v in ("la", "casa")}
    t = count["la", "the"] / total["la"], count["casa", "house"] / total["casa"]
    assert t == (half, half) and key("07-em").right() == ["they are equal, 1/2 each"]


def test_chapter_8_a_wrong_gradient_in_silence(key):
    def gradient(line):
        torch.manual_seed(0)
        k = torch.randn(2, 5, 4, requires_grad=True)
        mask = torch.tensor([[True] * 5, [True] * 3 + [False] * 2])[:, None].expand(2, 3, 5)
        scores = torch.randn(2, 3, 4) @ k.mT
        names = {"torch": torch, "inf": math.inf, "mask": mask, "scores": scores}
        if "weights" in line:
            names["weights"] = scores.softmax(-1)
        exec(line if ".data" in line else f"scores = {line}", names)
        weights = names.get("weights", names["scores"].softmax(-1) if "weights" not in names else 0)
        (weights @ torch.randn(2, 5, 4)).square().sum().backward()
        return k.grad

    lines = key("08-data").lines()
    (sound,) = (gradient(line) for line in lines if ".data" not in line)
    for line, right in lines.items():
        expected = gradient("scores = torch.tanh(scores).masked_fill(~mask, -inf)  # .data")
        found, with_tanh = gradient(line), "tanh" in line
        off = not torch.allclose(found, expected if with_tanh else sound, equal_nan=True)
        silent = bool(found.isfinite().all())
        assert (off and silent) == right, line


def test_chapters_9_and_11(key):
    assert key("09-stars").judges(0.05 * 480)
    encoder = s2s.FeatureEncoder(feature_size=24, hidden_size=5, halvings=2)
    states = encoder(torch.randn(1, 80, 24), torch.tensor([80])).memory.shape[1]
    assert key("11-halvings").judges(states) and not key("11-halvings").judges(2 * states)
    assert key("11-filter").judges(torch.tensor([0, 0, math.log(9), 0]).softmax(0)[2].item())
    said, wrote = "n aɪ n n aɪ n f oːɹ".split(), "n aɪ n f oː".split()
    assert key("11-per").judges(s2s.token_error_rate([wrote], [said]).rate)


def test_chapter_12(key):
    h, q = torch.tensor([[1.0, 0], [0, 1], [1, 1]]), torch.tensor([2.0, 3.0]).log()
    assert key("12-pool").judges(11 * ((h @ q).softmax(0) @ h)[0].item())
    gold = "B-PER I-PER O B-LOC O O B-MONEY I-MONEY".split()
    tags = "B-PER I-PER O B-LOC I-LOC B-PER O O".split()
    assert key("12-f1").judges(s2s.entity_f1([tags], [gold]).f1)


def six_words():
    meaning = {"the": [1, 0, 0], "other": [1, 0, 1], "dog": [0, 1, 1], "saw": [0, 1, 0]}
    words = "the dog saw the other dog".split()
    return torch.tensor([meaning[w] for w in words]) * math.sqrt(math.log(2))


def test_chapter_13(key):
    x = six_words()
    exponentials = (x @ x.T).exp()
    assert key("13-row").judges(round(exponentials[2].sum().item(), 4))
    assert torch.equal(exponentials[1], exponentials[5])
    assert key("13-dogs").right() == ["in nothing"]

    visible = torch.ones(6, 6).tril().bool()
    for line, right in key("13-causal").lines().items():
        moved = []
        for last in (1, 2):
            y = torch.cat([x[:5], x[[last]]])
            names = {"scores": y @ y.T, "visible": visible}
            *before, value = line.split("\n")
            exec("\n".join(before), names)
            moved.append((eval(value, names) @ y)[:5])
        assert (not torch.allclose(*moved, atol=1e-5)) == right, line

    ours, order = s2s.MultiHeadAttention(3, 3, heads=1), torch.tensor([5, 2, 1, 0, 4, 3])
    one, other = (ours.attend(z, ours.project_keys(z))[0] for z in (x[None], x[None, order]))
    torch.testing.assert_close(one[:, order], other)
    assert key("13-shuffle").right() == ["the same contexts, shuffled"]
