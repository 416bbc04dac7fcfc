import math

import pytest
import torch
from torch.nn import functional as F

from s2s_tutorial.models.embedding import TokenEmbedding

VOCAB, SIZE, PAD, UNK = 11, 7, 0, 1
IDS = torch.tensor([[5, 3, 0], [10, 0, 0]])


def make(**options):
    torch.manual_seed(0)
    return TokenEmbedding(VOCAB, SIZE, **options)


def read_as(embedding, ids):
    """Which token each position was read as."""
    vectors = embedding(ids)
    same = (vectors[..., None, :] == embedding.weight).all(dim=-1)
    assert (same.sum(dim=-1) == 1).all()
    return same.long().argmax(dim=-1)


def test_by_itself_it_is_a_table():
    embedding = make()
    vectors = embedding(IDS)
    assert vectors.shape == (2, 3, SIZE)
    assert torch.equal(vectors, F.embedding(IDS, embedding.weight))
    assert embedding(IDS[0]).shape == (3, SIZE) and embedding(IDS[0, 0]).shape == (SIZE,)


def test_padding_is_zero_and_learns_nothing():
    embedding = make(scaled=True)
    vectors = embedding(IDS)
    assert (vectors[IDS == PAD] == 0).all()
    vectors.sum().backward()
    learning = embedding.weight.grad.abs().sum(dim=1).nonzero().flatten().tolist()
    assert learning == [3, 5, 10]


def test_scaled_multiplies_by_the_root_of_the_size():
    plain, scaled = make(), make(scaled=True)
    torch.testing.assert_close(scaled(IDS), math.sqrt(SIZE) * plain(IDS))
    (got,) = torch.autograd.grad(scaled(IDS).sum(), scaled.weight)
    (expected,) = torch.autograd.grad(plain(IDS).sum(), plain.weight)
    torch.testing.assert_close(got, math.sqrt(SIZE) * expected)


def test_word_dropout_reads_unk_at_its_rate_and_never_touches_padding():
    embedding = make(word_dropout=0.3)
    ids = torch.randint(0, VOCAB, (200, 100), generator=torch.Generator().manual_seed(1))
    got = read_as(embedding, ids)
    assert ((got == ids) | (got == UNK)).all()
    assert (got[ids == PAD] == PAD).all()
    words = (ids != PAD) & (ids != UNK)
    n, dropped = int(words.sum()), int((got[words] == UNK).sum())
    assert abs(dropped / n - 0.3) < 5 * math.sqrt(0.3 * 0.7 / n)  # five standard deviations
    for dim in (0, 1):  # each token for itself, not whole sentences or positions
        assert (got == UNK).float().mean(dim=dim).std() < 0.1
    assert not torch.equal(read_as(embedding, ids), got)


def test_word_dropout_leaves_the_ids_alone():
    ids = IDS.clone()
    make(word_dropout=0.9)(ids)
    assert torch.equal(ids, IDS)


def test_word_dropout_only_while_training():
    embedding = make(word_dropout=0.9).eval()
    assert torch.equal(read_as(embedding, IDS), IDS)
    assert torch.equal(make(word_dropout=0.9).eval()(IDS), make()(IDS))


def test_without_word_dropout_no_random_number_is_drawn():
    embedding = make()
    before = torch.get_rng_state()
    embedding(IDS)
    assert torch.equal(torch.get_rng_state(), before)


@pytest.mark.parametrize("rate", [1.0, -0.1, 1.5, float("nan")])
def test_what_is_no_probability_is_refused(rate):
    with pytest.raises(ValueError, match=r"probability in \[0, 1\), not"):
        TokenEmbedding(VOCAB, SIZE, word_dropout=rate)
