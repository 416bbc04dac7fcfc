"""The book's GRU is PyTorch's: the same states, the same gradients, another way to them."""

import pytest
import torch
from torch import nn
from torch.nn.utils.rnn import PackedSequence, pack_padded_sequence

from s2s_tutorial.models.encoder import Encoder
from s2s_tutorial.recurrent import loop_product
from s2s_tutorial.recurrent.gru import GRU

LENGTHS = torch.tensor([3, 7, 1, 3])
LAYERS = pytest.mark.parametrize("layers", [1, 2])
DIRECTIONS = pytest.mark.parametrize("bidirectional", [False, True])


def pair(layers=1, bidirectional=False, dtype=torch.float64, **options):
    torch.manual_seed(0)
    options = {"batch_first": True, "bidirectional": bidirectional, "dtype": dtype, **options}
    ours, theirs = GRU(3, 5, layers, **options), nn.GRU(3, 5, layers, **options)
    theirs.load_state_dict(ours.state_dict())
    return ours, theirs


def sentences(dtype=torch.float64):
    torch.manual_seed(1)
    return torch.randn(len(LENGTHS), int(LENGTHS.max()), 3, dtype=dtype, requires_grad=True)


def read(rnn, inputs, lengths=LENGTHS, **options):
    packed = pack_padded_sequence(inputs, lengths, batch_first=True, enforce_sorted=False)
    states, final = rnn(packed, **options)
    assert all(torch.equal(a, b) for a, b in zip(states[1:], packed[1:]))
    return states.data, final


def gradients(outputs, wanted):
    weights = [torch.linspace(-1, 1, x.numel(), dtype=x.dtype).view(x.shape) for x in outputs]
    loss = sum((x * w).sum() for x, w in zip(outputs, weights))
    return torch.autograd.grad(loss, wanted, allow_unused=True)


@LAYERS
@DIRECTIONS
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize(
    "lengths", [LENGTHS, torch.tensor([7, 7, 7, 7]), torch.tensor([1, 2, 3, 7])]
)
def test_states_and_gradients_are_pytorchs(layers, bidirectional, bias, lengths):
    found = []
    for rnn in pair(layers, bidirectional, bias=bias):
        inputs = sentences()
        outputs = read(rnn, inputs, lengths)
        found.append([*outputs, *gradients(outputs, [inputs, *rnn.parameters()])])
    for got, wanted in zip(*found):
        torch.testing.assert_close(got, wanted)


@pytest.mark.slow
@DIRECTIONS
def test_gradcheck(bidirectional):
    ours, _ = pair(2, bidirectional)
    assert torch.autograd.gradcheck(lambda x: read(ours, x), sentences())


def test_the_final_states_alone_have_gradients_too():
    (wanted, got) = (
        gradients([read(rnn, sentences())[1]], list(rnn.parameters()))
        for rnn in pair(2, True)[::-1]
    )
    torch.testing.assert_close(got, wanted)


def test_weights_that_are_not_trained_get_no_gradient():
    ours, theirs = pair()
    for rnn in (ours, theirs):
        rnn.weight_hh_l0.requires_grad_(False)
    found = []
    for rnn in (ours, theirs):
        trained = [p for p in rnn.parameters() if p.requires_grad]
        found.append(gradients(read(rnn, sentences()), trained))
        sum(x.sum() for x in read(rnn, sentences())).backward()
        assert rnn.weight_hh_l0.grad is None and rnn.weight_ih_l0.grad is not None
    torch.testing.assert_close(*found)


class Reader(nn.Module):
    """A module around the layer, as a trace wants one."""

    def __init__(self, rnn):
        super().__init__()
        self.rnn = rnn

    def forward(self, inputs, lengths):
        return read(self.rnn, inputs, lengths)


@pytest.mark.filterwarnings("ignore")  # the tracer's about Python values, and its deprecation
def test_a_trace_is_good_for_other_lengths():
    ours, theirs = pair()
    first, second = torch.tensor([3, 2, 4, 1]), torch.tensor([1, 4, 4, 1])  # ten tokens each
    inputs = sentences()[:, :4].detach()
    traced = torch.jit.trace(Reader(ours), (inputs, first), check_trace=False)
    for got, wanted in zip(traced(inputs, second), read(theirs, inputs, second)):
        torch.testing.assert_close(got, wanted)


def test_a_model_of_bfloat16():
    ours, theirs = pair(bidirectional=True, dtype=torch.bfloat16)
    for got, wanted in zip(*(read(rnn, sentences(torch.bfloat16)) for rnn in (ours, theirs))):
        assert got.dtype is torch.bfloat16
        torch.testing.assert_close(got, wanted, atol=0.03, rtol=0.03)


def test_dropout_is_between_the_layers_and_in_training_only():
    ours, theirs = pair(2, dropout=0.5)
    inputs = sentences()
    kept = [read(ours, inputs)[1] for _ in range(2)]
    assert not torch.equal(kept[0][1], kept[1][1]) and torch.equal(kept[0][0], kept[1][0])
    ours.eval(), theirs.eval()
    torch.testing.assert_close(read(ours, sentences()), read(theirs, sentences()))


class Counted(loop_product.LoopProduct):
    made = 0

    def __init__(self, *given):
        super().__init__(*given)
        Counted.made += 1


@pytest.mark.parametrize(
    "way", ["packed", "padded", "state given", "no gradients", "nothing trained"]
)
def test_its_own_way_is_taken_for_packed_sentences_in_training(monkeypatch, way):
    monkeypatch.setattr("s2s_tutorial.recurrent.gru.LoopProduct", Counted)
    monkeypatch.setattr(Counted, "made", 0)
    ours, theirs = pair(bidirectional=True)
    found = []
    for rnn in (ours, theirs):
        rnn.requires_grad_(way != "nothing trained")
        with torch.set_grad_enabled(way != "no gradients"):
            if way == "padded":
                found.append(rnn(sentences()))
            elif way == "state given":
                found.append(read(rnn, sentences(), hx=torch.ones(2, 4, 5, dtype=torch.float64)))
            else:
                found.append(read(rnn, sentences()))
    if way == "packed":
        assert Counted.made == 2
        torch.testing.assert_close(*found)
    else:  # PyTorch's own, to the last bit
        assert Counted.made == 0
        assert all(torch.equal(a, b) for a, b in zip(*found))


def test_sentences_packed_in_their_order():
    ours, theirs = pair()
    packed = PackedSequence(sentences()[0], torch.tensor([3, 2, 1, 1]))  # lengths 4, 2, 1
    torch.testing.assert_close(ours(packed)[1], theirs(packed)[1])


def test_in_mixed_precision():
    ours, theirs = pair(bidirectional=True, dtype=torch.float32)
    wanted = read(theirs, sentences(torch.float32))
    with torch.autocast("cpu", torch.bfloat16):
        got = read(ours, sentences(torch.float32))
    for a, b in zip(got, wanted):
        assert a.dtype is torch.float32
        torch.testing.assert_close(a, b, atol=0.03, rtol=0.03)
    for gradient in gradients(got, list(ours.parameters())):
        assert gradient.dtype is torch.float32 and torch.isfinite(gradient).all()


def test_the_models_gru_is_this_one():
    assert type(Encoder(7, 3, 5, cell="gru").rnn) is GRU
