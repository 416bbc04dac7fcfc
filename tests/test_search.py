import pytest
import torch
from oracles import LENGTHS, random_source

from s2s_tutorial.batch import make_batches
from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.decoder import RNNDecoder
from s2s_tutorial.search import (
    Decoded,
    decode_corpus,
    greedy_decode,
    inference,
    token_log_probabilities,
)
from s2s_tutorial.seq2seq import Seq2Seq, build_model, list_presets
from s2s_tutorial.vocabulary import BOS_ID, EOS_ID, PAD_ID, Vocabulary


def make_model(preset="gru", seed=5):
    torch.manual_seed(seed)
    model = build_model(preset, 11, 6, embedding_size=5, hidden_size=7).double()
    for p in model.parameters():  # far from uniform, so that an argmax is never a tie
        torch.nn.init.normal_(p, std=1.0)
    return model


@torch.no_grad()
def greedy_one_by_one(model, src, length, max_length):
    """The definition: run the whole prefix again for every token, one sentence at a time."""
    ids, score = [], 0.0
    while len(ids) < max_length:
        prefix = torch.tensor([[BOS_ID, *ids]])
        logits = model(src[None, :length], torch.tensor([length]), prefix).logits[0, -1]
        log_probs = logits.log_softmax(0)
        token = max((t for t in range(6) if t not in (PAD_ID, BOS_ID)), key=lambda t: log_probs[t])
        score += log_probs[token].item()
        if token == EOS_ID:
            break
        ids.append(token)
    return ids, score


@pytest.mark.parametrize("preset", list_presets())
@pytest.mark.parametrize("seed", range(5))
def test_greedy_is_its_definition(preset, seed):
    model, src = make_model(preset, seed), random_source(seed)
    decoded = greedy_decode(model, src, LENGTHS, max_length=9)
    for row, length in enumerate(LENGTHS.tolist()):
        ids, score = greedy_one_by_one(model, src[row], length, 9)
        assert decoded.ids[row] == ids
        assert decoded.scores[row] == pytest.approx(score, abs=1e-9)
    assert decoded.weights is None


def test_the_definition_was_tried_on_sentences_that_end_and_that_do_not():
    lengths = set()
    for seed in range(5):
        lengths |= {
            len(x)
            for x in greedy_decode(make_model("gru", seed), random_source(seed), LENGTHS, 9).ids
        }
    assert 9 in lengths and min(lengths) < 9


def test_batch_invariance_and_mode():
    model, src = make_model(), random_source()
    model.train()
    together = greedy_decode(model, src, LENGTHS, max_length=9)
    assert model.training
    for row in range(3):
        alone = greedy_decode(model, src[row : row + 1], LENGTHS[row : row + 1], max_length=9)
        assert alone.ids == together.ids[row : row + 1]
        assert alone.scores[0] == pytest.approx(together.scores[row])


def test_inference_evaluates_without_gradients_and_ends_even_by_an_error():
    model = make_model()
    with pytest.raises(ZeroDivisionError), inference(model):
        assert not model.training and not torch.is_grad_enabled()
        raise ZeroDivisionError
    assert model.training and torch.is_grad_enabled()


def test_nothing_is_dropped_while_decoding():
    model = make_model()
    model.encoder.dropout.p = model.decoder.dropout.p = 0.5
    while_training = greedy_decode(model.train(), random_source(), LENGTHS, 9)
    assert while_training == greedy_decode(model.eval(), random_source(), LENGTHS, 9)


def test_pad_and_bos_are_never_written():
    logits = torch.tensor([[9.0, 0.0, 8.0, 1.0, 2.0]])
    log_probs = token_log_probabilities(logits)
    assert log_probs[0, PAD_ID] == log_probs[0, BOS_ID] == float("-inf")
    torch.testing.assert_close(log_probs[0, 3:], logits.log_softmax(-1)[0, 3:])
    assert token_log_probabilities(logits.half()).dtype == torch.float32


def test_no_gradient_is_kept():
    model = make_model()
    decoded = greedy_decode(model, random_source(), LENGTHS, 3)
    assert isinstance(decoded, Decoded)
    assert all(p.grad is None for p in model.parameters())


def test_bad_input_is_explained():
    with pytest.raises(ValueError, match="max_length must be at least 1"):
        greedy_decode(make_model(), random_source(), LENGTHS, max_length=0)
    with pytest.raises(IndexError, match="another vocabulary"):
        greedy_decode(make_model(), random_source(vocab=50), LENGTHS)


def test_a_whole_corpus_comes_back_in_its_own_order():
    corpus = load_corpus("reverse", "valid", size=23, symbols=7, max_length=6)
    vocab = Vocabulary.build(corpus.src_sentences)
    assert len(vocab) == 11
    model = make_model()
    batches = make_batches(corpus, vocab, vocab, batch_size=4, shuffle=True, seed=1)
    assert [i for b in batches for i in b.indices.tolist()] != list(range(23))
    decoded = decode_corpus(model, batches, max_length=9)
    for row, pair in enumerate(corpus):
        src = torch.tensor([vocab.encode(pair.src)])
        alone = greedy_decode(model, src, torch.tensor([len(pair.src)]), max_length=9)
        assert decoded.ids[row] == alone.ids[0]
        assert decoded.scores[row] == pytest.approx(alone.scores[0])
    with pytest.raises(ValueError, match="leave out .* long pairs"):
        decode_corpus(model, make_batches(corpus, vocab, vocab, 4, max_length=3))


class Looking(RNNDecoder):
    """Its weights are no attention, but tell every step and every source position apart."""

    def step(self, token, state, encoded=None, keys=None):
        step = super().step(token, state)
        return step._replace(weights=step.state[-1][:, :1] * encoded.memory[:, :, 0])


def make_looking_model(seed):
    model, decoder = make_model(seed=seed), Looking(6, 5, 7).double()
    decoder.load_state_dict(model.decoder.state_dict())
    return Seq2Seq(model.encoder, decoder, model.config)


@torch.no_grad()
def looks(model, src, ids):
    """The weights of one sentence without padding, from the whole target at once."""
    encoded = model.encode(src[None], torch.tensor([len(src)]))
    states = model.decoder(torch.tensor([[BOS_ID, *ids]]), encoded).states
    return torch.outer(states[0, : len(ids), 0], encoded.memory[0, :, 0])


@pytest.mark.parametrize("seed", range(5))
def test_weights_have_a_row_a_token_and_a_column_a_source_token(seed):
    model, src = make_looking_model(seed), random_source(seed)
    decoded = greedy_decode(model, src, LENGTHS, max_length=9)
    for row, length in enumerate(LENGTHS.tolist()):
        expected = looks(model, src[row, :length], decoded.ids[row])
        torch.testing.assert_close(decoded.weights[row], expected)


def test_the_weights_of_a_corpus_are_in_its_order_too():
    corpus = load_corpus("reverse", "valid", size=23, symbols=7, max_length=6)
    vocab, model = Vocabulary.build(corpus.src_sentences), make_looking_model(5)
    batches = make_batches(corpus, vocab, vocab, batch_size=4, shuffle=True, seed=1)
    decoded = decode_corpus(model, batches, max_length=9)
    assert len(decoded.weights) == 23
    for pair, ids, weights in zip(corpus, decoded.ids, decoded.weights):
        torch.testing.assert_close(weights, looks(model, torch.tensor(vocab.encode(pair.src)), ids))
