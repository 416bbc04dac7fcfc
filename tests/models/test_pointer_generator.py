"""The pointer-generator against See et al.'s equations 8 and 9 in NumPy loops, own words included."""

import numpy as np
import pytest
import torch
from oracles import LENGTHS, numbers, random_source, sigmoid, softmax
from oracles_decoders import context_feeding, looker
from tiny_models import drawn

from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.models.pointer_generator import CopyingEncoder, pointer_mixture
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.scoring.loss import sequence_loss
from s2s_tutorial.search.beam import beam_search
from s2s_tutorial.search.greedy import greedy_decode
from s2s_tutorial.text.vocabulary import UNK_ID

VOCAB, HIDDEN, MEMORY = 7, 5, 10  # random_source has ids up to 10: words of a sentence's own
TGT_IN = torch.tensor([[2, 4, 9, 6], [2, 8, 5, 0], [2, 7, 10, 10]])


def make(seed=1):
    sizes = {"src_vocab_size": VOCAB, "tgt_vocab_size": VOCAB}
    model = build_model("pointer_generator", **sizes, embedding_size=3, hidden_size=HIDDEN)
    return drawn(model, seed).eval()


def by_hand(model, src, ys, width):
    """P of one sentence, ``(tgt_len, width)``: word by word, position by position."""
    decoder, known = model.decoder, [UNK_ID if y >= VOCAB else y for y in ys]
    read = torch.tensor([[UNK_ID if x >= VOCAB else x for x in src]])
    with torch.no_grad():
        h = super(CopyingEncoder, model.encoder).forward(read, torch.tensor([len(src)]))
    h, p = h.memory[0].numpy(), numbers(decoder)
    look = looker(p, h, "additive")
    logits, states, weights = context_feeding(p, known, h[0, HIDDEN:], MEMORY, look)
    w, rows = p["gate.weight"][0], []
    for logit, s, alpha, y in zip(logits, states, weights, known):
        x = np.concatenate([alpha @ h, s, p["embedding.weight"][y]])
        p_gen = sigmoid(w @ x + p["gate.bias"][0])
        row = np.zeros(width)
        row[:VOCAB] = p_gen * softmax(logit)
        for j, word in enumerate(src):
            row[word] += (1 - p_gen) * alpha[j]
        rows.append(row)
    return np.array(rows)


def test_follows_the_paper():
    model, src = make(), random_source()
    with torch.no_grad():
        logits = model(src, LENGTHS, TGT_IN).logits
    assert (src >= VOCAB).any() and logits.shape == (3, 4, int(src.max()) + 1)
    for b, n in enumerate(LENGTHS.tolist()):
        expected = by_hand(model, src[b, :n].tolist(), TGT_IN[b].tolist(), logits.shape[2])
        np.testing.assert_allclose(logits[b].exp().numpy(), expected, atol=1e-12)
        np.testing.assert_allclose(expected.sum(axis=1), 1.0, atol=1e-12)


def test_the_mixture_by_hand():
    p_vocab, p_gen = torch.tensor([[0.125, 0.5, 0.375]]), torch.tensor([[0.25]])
    weights, src = torch.tensor([[0.5, 0.125, 0.375, 0.0]]), torch.tensor([[4, 1, 4, 0]])
    mixed = pointer_mixture(p_vocab, p_gen, weights, src, own_words=2)
    # 0.25 P + 0.75 (copied): 1 has 0.125 of the weight, 4 has 0.875, padding none
    assert mixed.tolist() == [[0.03125, 0.125 + 0.09375, 0.09375, 0.0, 0.65625]]


def test_a_gate_that_is_open_generates_and_one_that_is_shut_copies():
    model, src = make(), random_source()
    plain = drawn(build_model("bigru_concat", VOCAB, VOCAB, 3, HIDDEN), 1).eval()
    plain.encoder.load_state_dict(model.encoder.state_dict())
    own = model.decoder.state_dict()
    plain.decoder.load_state_dict({k: v for k, v in own.items() if not k.startswith("gate")})
    model.decoder.gate.weight.data.zero_()
    known = [ids.masked_fill(ids >= VOCAB, UNK_ID) for ids in (src, TGT_IN)]
    with torch.no_grad():
        expected = plain(known[0], LENGTHS, known[1])
        model.decoder.gate.bias.data.fill_(50.0)
        p = model(src, LENGTHS, TGT_IN).logits.exp()
        torch.testing.assert_close(p[..., :VOCAB], expected.logits.softmax(-1))
        assert (p[..., VOCAB:] < 1e-20).all()
        model.decoder.gate.bias.data.fill_(-50.0)
        p = model(src, LENGTHS, TGT_IN).logits.exp()
    copied = torch.zeros_like(p)
    for b, n in enumerate(LENGTHS.tolist()):
        for j in range(n):
            copied[b, :, src[b, j]] += expected.weights[b, :, j]
    torch.testing.assert_close(p, copied)


def test_steps_are_forward_with_words_of_the_sentence_s_own():
    model, src = make(), random_source()
    mask = torch.tensor([[1, 1, 1, 1], [1, 1, 1, 0], [1, 1, 0, 0]]).bool()
    with torch.no_grad():
        encoded = model.encode(src, LENGTHS)
        whole, state = model.decoder(TGT_IN, encoded), model.decoder.init_state(encoded)
        packed = model.decoder(TGT_IN, encoded, mask)
        torch.testing.assert_close(packed.logits, whole.logits[mask])
        for i, token in enumerate(TGT_IN.unbind(dim=1)):
            step = model.decoder.step(token, state, encoded)
            state = step.state
            torch.testing.assert_close(step.logits, whole.logits[:, i])


def test_padding_and_neighbours_change_nothing():
    model, src, tgt_in = make(), random_source(), TGT_IN.clamp(max=VOCAB - 1)
    wide = torch.nn.functional.pad(src, (0, 3), value=12)  # no word: it is padding
    with torch.no_grad():
        before, after = (model(each, LENGTHS, tgt_in).logits for each in (src, wide))
        torch.testing.assert_close(after, before)
        widths = []
        for b, n in enumerate(LENGTHS.tolist()):
            alone = model(src[b : b + 1, :n], LENGTHS[b : b + 1], tgt_in[b : b + 1]).logits[0]
            widths.append(width := alone.shape[1])
            torch.testing.assert_close(alone, before[b, :, :width])
            assert (before[b, :, width:] < -700).all()  # words of the other sentences
    assert len(set(widths)) > 1


def test_an_own_word_learns_to_be_copied():
    """The gradient of the loss reaches the gate and the attention through a copied word."""
    model = make()
    src, tgt = torch.tensor([[4, 7, 5]]), torch.tensor([[7, 3]])
    before = model(src, torch.tensor([3]), torch.tensor([[2, 7]])).logits[0, 0, 7].item()
    optimizer = torch.optim.SGD(model.parameters(), lr=0.5)
    loss = sequence_loss(
        model(src, torch.tensor([3]), torch.tensor([[2, 7]])).logits, tgt, tgt > 0, 0.1
    )
    loss.total.backward()
    assert all(p.grad.isfinite().all() for p in model.parameters())
    assert model.decoder.gate.weight.grad.abs().sum() > 0
    assert model.decoder.attention.v.grad.abs().sum() > 0
    optimizer.step()
    assert model(src, torch.tensor([3]), torch.tensor([[2, 7]])).logits[0, 0, 7].item() > before


def test_a_certain_answer_keeps_its_gradient_finite():
    model = make().float()
    model.decoder.output.bias.data[4] = 200.0  # the others underflow
    src, tgt = torch.tensor([[4, 7, 5]]), torch.tensor([[6, 3]])
    logits = model(src, torch.tensor([3]), torch.tensor([[2, 6]])).logits
    loss = sequence_loss(logits, tgt, tgt > 0).total
    loss.backward()
    assert loss.isfinite() and all(p.grad.isfinite().all() for p in model.parameters())


def test_search_writes_own_words_and_reads_them_again():
    model, src = make(), random_source()
    model.decoder.gate.weight.data.zero_()
    model.decoder.gate.bias.data.fill_(-9.0)  # copy
    greedy = greedy_decode(model, src, LENGTHS, max_length=5)
    found = beam_search(model, src, LENGTHS, max_length=5, beam_size=3)
    for ids, n, row in zip(greedy.ids + found.best.ids, LENGTHS.tolist() * 2, [*src, *src]):
        assert ids and set(ids) <= set(row[:n].tolist())
    assert any(i >= VOCAB for ids in greedy.ids for i in ids)


def test_bad_input_is_explained():
    with pytest.raises(ValueError, match="'pointer_generator' needs one vocabulary for both sides"):
        build_model("pointer_generator", 7, 11)
    model, src = make(), random_source()
    with pytest.raises(IndexError, match="tgt_in holds the id 11, but the vocabulary has ids 0 to"):
        model(src, LENGTHS, TGT_IN + 1)
    encoder = Encoder(11, 3, HIDDEN, bidirectional=True).double()
    other = Seq2Seq(encoder, model.decoder, config={})
    with pytest.raises(ValueError, match="does not hand it on; build the model with a Copying"):
        other(src, LENGTHS, TGT_IN)
