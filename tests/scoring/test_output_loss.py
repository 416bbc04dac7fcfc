"""Output layer and loss in one: the numbers and gradients of the two after each other."""

import pytest
import torch
from torch import nn
from torch.nn.utils import prune
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves
from torch.utils.flop_counter import FlopCounterMode

import s2s_tutorial as s2s
from s2s_tutorial.scoring import evaluation
from s2s_tutorial.scoring import output_loss as module
from s2s_tutorial.scoring.evaluation import batch_loss
from s2s_tutorial.scoring.output_loss import output_loss

TOKENS, SIZE, VOCAB = 7, 3, 5
SMOOTHING = pytest.mark.parametrize("smoothing", [0.0, 0.3])


@pytest.fixture(params=[1, 2, 100], ids=lambda rows: f"{rows} at once")
def pieces(request, monkeypatch):
    """So many rows at a time: one, some with a rest, all."""
    monkeypatch.setattr(module, "_NUMBERS_AT_ONCE", request.param * VOCAB)


def example(dtype=torch.float64):
    torch.manual_seed(0)
    output = nn.Linear(SIZE, VOCAB, dtype=dtype)
    readout = torch.randn(TOKENS, SIZE, dtype=dtype, requires_grad=True)
    return readout, output, torch.tensor([0, 4, 4, 1, 2, 3, 0])


@SMOOTHING
@pytest.mark.parametrize("scale", [1.0, 0.25])
def test_value_and_gradients_are_those_of_the_usual_way(pieces, smoothing, scale):
    readout, output, targets = example()
    usual = nn.functional.cross_entropy(
        output(readout), targets, reduction="sum", label_smoothing=smoothing
    )
    loss = output_loss(readout, output, targets, smoothing)
    torch.testing.assert_close(loss.total, usual)
    assert loss.tokens == TOKENS
    inputs = readout, output.weight, output.bias
    wanted = torch.autograd.grad(usual * scale, inputs)
    for got, gradient in zip(torch.autograd.grad(loss.total * scale, inputs), wanted):
        torch.testing.assert_close(got, gradient)


@SMOOTHING
def test_gradcheck(pieces, smoothing):
    readout, output, targets = example()

    def loss(r, w, b):
        layer = nn.Linear(SIZE, VOCAB, dtype=torch.float64)
        del layer.weight, layer.bias
        layer.weight, layer.bias = w, b
        return output_loss(r, layer, targets, smoothing).total

    assert torch.autograd.gradcheck(loss, (readout, output.weight, output.bias))


def test_backward_again_gives_the_same():
    readout, output, targets = example()
    total = output_loss(readout, output, targets).total
    first, second = (torch.autograd.grad(total, readout, retain_graph=True)[0] for _ in range(2))
    assert torch.equal(first, second)


def test_without_gradients_the_same_value():
    readout, output, targets = example()
    wanted = output_loss(readout, output, targets).total
    with torch.no_grad():
        total = output_loss(readout, output, targets).total
    assert torch.equal(total, wanted) and not total.requires_grad


class Sizes(TorchDispatchMode):
    """Notes how many numbers the tensors hold that operations give."""

    def __init__(self):
        super().__init__()
        self.seen = set()

    def __torch_dispatch__(self, func, types, args=(), kwargs=None):
        found = func(*args, **(kwargs or {}))
        self.seen |= {t.numel() for t in tree_leaves(found) if isinstance(t, torch.Tensor)}
        return found


@pytest.mark.parametrize("at_once", [2, 100])
def test_no_tensor_holds_all_the_logits(monkeypatch, at_once):
    monkeypatch.setattr(module, "_NUMBERS_AT_ONCE", at_once * VOCAB)
    readout, output, targets = example()
    with Sizes() as sizes:
        output_loss(readout, output, targets).total.backward()
    assert (max(sizes.seen) >= len(targets) * VOCAB) == (at_once > 2)


def test_gradients_of_many_pieces_are_added_in_float32(monkeypatch):
    monkeypatch.setattr(module, "_NUMBERS_AT_ONCE", 1)
    torch.manual_seed(0)
    output, targets = nn.Linear(SIZE, VOCAB), torch.arange(VOCAB).repeat(200)
    readout = torch.randn(len(targets), SIZE)
    wanted = torch.autograd.grad(
        nn.functional.cross_entropy(output(readout), targets, reduction="sum"), output.parameters()
    )
    with torch.autocast("cpu", torch.bfloat16):
        got = torch.autograd.grad(output_loss(readout, output, targets).total, output.parameters())
    for a, b in zip(got, wanted):  # added up in bfloat16 they are off by several per cent
        assert (a - b).norm() < 0.01 * b.norm()


def test_benchmarks_can_count_its_products(pieces):
    readout, output, targets = example(torch.float32)
    with FlopCounterMode(display=False) as counter:
        output_loss(readout, output, targets).total.backward()
    assert counter.get_total_flops() == 3 * 2 * TOKENS * SIZE * VOCAB


@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
def test_sums_are_float32_under_autocast(dtype):
    readout, output, targets = example(torch.float32)
    with torch.autocast("cpu", torch.bfloat16, enabled=dtype is torch.bfloat16):
        loss = output_loss(readout, output, targets)
        logits = output(readout)
    assert loss.total.dtype is torch.float32 and logits.dtype is dtype
    wanted = nn.functional.cross_entropy(logits.float(), targets, reduction="sum")
    torch.testing.assert_close(loss.total, wanted)
    loss.total.backward()
    assert {p.grad.dtype for p in (readout, *output.parameters())} == {torch.float32}


def test_a_small_factor_is_not_rounded_to_bfloat16():
    torch.manual_seed(0)
    readout, output, targets = torch.randn(31, 37), nn.Linear(37, 101), torch.arange(31)
    with torch.autocast("cpu", torch.bfloat16):
        total = output_loss(readout, output, targets).total
    whole, part = (
        torch.autograd.grad(total * factor, output.weight, retain_graph=True)[0]
        for factor in (1.0, 1 / 1801)  # 0.3 % more in bfloat16
    )
    slope = (whole * part).sum() / whole.square().sum()
    assert slope.item() * 1801 == pytest.approx(1, abs=1e-3)


def test_a_model_of_bfloat16_weights():
    readout, output, targets = example(torch.bfloat16)
    loss = output_loss(readout, output, targets)
    loss.total.backward()
    assert loss.total.dtype is torch.float32 and output.weight.grad.dtype is torch.bfloat16


def test_bad_input():
    readout, output, targets = example()
    with pytest.raises(ValueError, match="7 rows and 6 targets"):
        output_loss(readout, output, targets[:6])
    with pytest.raises(IndexError, match="id 5, but the vocabulary has ids 0 to 4"):
        output_loss(readout, output, targets + 1)
    with pytest.raises(TypeError, match="integer"):
        output_loss(readout, output, targets.double())


def batch_and_model(preset, **options):
    corpus = s2s.load_corpus("reverse", size=7, symbols=5, max_length=4)
    vocab = s2s.Vocabulary.build(corpus.src_sentences)
    (batch,) = s2s.make_batches(corpus, vocab, vocab, batch_size=7)
    torch.manual_seed(0)
    sizes = {"embedding_size": 6, "hidden_size": 6, **options}
    return batch, s2s.build_model(preset, len(vocab), len(vocab), **sizes).double()


@SMOOTHING
@pytest.mark.parametrize("preset", s2s.list_presets())
def test_every_presets_batch_loss_is_that_of_its_logits(preset, smoothing):
    batch, model = batch_and_model(preset)
    loss = batch_loss(model, batch, smoothing)
    logits = model(batch.src, batch.src_lengths, batch.tgt_in, batch.tgt_mask).logits
    usual = s2s.sequence_loss(logits, batch.tgt_out, batch.tgt_mask, smoothing)
    torch.testing.assert_close(loss.total, usual.total)
    assert loss.tokens == usual.tokens
    weights = list(model.parameters())
    wanted = torch.autograd.grad(usual.total, weights, allow_unused=True)
    for got, gradient in zip(torch.autograd.grad(loss.total, weights, allow_unused=True), wanted):
        assert (got is None) == (gradient is None)
        if got is not None:
            torch.testing.assert_close(got, gradient)


class Wrapped(nn.Module):
    """A model inside another module, as DistributedDataParallel has it."""

    def __init__(self, module):
        super().__init__()
        self.module = module

    def forward(self, *given, **options):
        return self.module(*given, **options)


@pytest.mark.parametrize("wrap", [lambda model: model, Wrapped], ids=["alone", "wrapped"])
@pytest.mark.parametrize("preset", s2s.list_presets())
def test_every_preset_leaves_its_logits_out(preset, wrap, monkeypatch):
    batch, model = batch_and_model(preset)

    def never(*given):
        raise AssertionError("all the logits were computed")

    monkeypatch.setattr(evaluation, "sequence_loss", never)
    assert batch_loss(wrap(model), batch).tokens == int(batch.tgt_mask.sum())


def test_tied_embeddings_get_the_gradient_of_both_uses():
    batch, model = batch_and_model("bahdanau", readout="tanh", readout_size=6, tie_embeddings=True)
    batch_loss(model, batch).total.backward()
    got, model.decoder.embedding.weight.grad = model.decoder.embedding.weight.grad, None
    logits = model(batch.src, batch.src_lengths, batch.tgt_in, batch.tgt_mask).logits
    s2s.sequence_loss(logits, batch.tgt_out, batch.tgt_mask).total.backward()
    torch.testing.assert_close(got, model.decoder.embedding.weight.grad)


@pytest.mark.parametrize("preset", s2s.list_presets())
def test_logits_left_out_are_the_output_layer_of_the_readout(preset):
    batch, model = batch_and_model(preset)
    tensors = batch.src, batch.src_lengths, batch.tgt_in, batch.tgt_mask
    whole, left = model(*tensors), model(*tensors, logits=False)
    assert left.logits is None
    torch.testing.assert_close(model.decoder.output(left.readout), whole.logits)


class Warmer(nn.Linear):
    """An output layer with a temperature: not what its weights alone say."""

    def forward(self, readout):
        return super().forward(readout) / 3


def own_decoder(model):
    class Own(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = model.decoder

        def forward(self, tgt_in, encoded, tgt_mask=None):
            return self.inner(tgt_in, encoded, tgt_mask)

    return s2s.Seq2Seq(model.encoder, Own(), {})


def own_model(model):
    class Own(s2s.Seq2Seq):
        def forward(self, src, src_lengths, tgt_in, tgt_mask=None):
            return super().forward(src, src_lengths, tgt_in, tgt_mask)

    return Own(model.encoder, model.decoder, {})


def another_output(model, layer):
    model.decoder.output = layer.double()
    return model


def hooked(model):
    model.decoder.output.register_forward_hook(lambda layer, given, logits: logits / 3)
    return model


def pruned(model):
    prune.l1_unstructured(model.decoder.output, "weight", amount=0.5)
    return model


@pytest.mark.parametrize(
    "change",
    [
        own_decoder,
        own_model,
        hooked,
        pruned,
        lambda model: another_output(model, Warmer(6, 8)),
        lambda model: another_output(model, nn.Linear(6, 8, bias=False)),
        lambda model: another_output(model, nn.Sequential(nn.Linear(6, 8))),
    ],
    ids=["decoder", "model", "hook", "pruned", "subclass", "no bias", "two layers"],
)
def test_what_a_reader_changed_is_trained_as_it_is(change):
    batch, model = batch_and_model("gru")
    model = change(model)
    for _ in range(2):
        logits = model(batch.src, batch.src_lengths, batch.tgt_in, batch.tgt_mask).logits
        assert logits.shape[1] == 8
        loss = batch_loss(model, batch)
        usual = s2s.sequence_loss(logits, batch.tgt_out, batch.tgt_mask)
        torch.testing.assert_close(loss.total, usual.total)
        loss.total.backward()
