"""Every system and every attention in every precision, on every device there is."""

from contextlib import nullcontext

import pytest
import torch
from tiny_models import ATTENTIONS, SIZES, SYSTEMS, make_attention, random_ids, sizes_of

from s2s_tutorial.models.build import build_model
from s2s_tutorial.scoring.loss import sequence_loss
from s2s_tutorial.search.greedy import greedy_decode

WIDE, SINGLE, BRAIN, HALF = torch.float64, torch.float32, torch.bfloat16, torch.float16
no_gpu = pytest.mark.skip(reason="there is no CUDA device here")

# device, the type of the weights, the type of products under autocast
CASES = [("cpu", SINGLE, None), ("cpu", BRAIN, None), ("cpu", SINGLE, BRAIN)]
MORE = [("cpu", WIDE, None), ("cpu", HALF, None)]  # for what runs in these on a CPU too
if torch.cuda.is_available():
    CASES += [("cuda", WIDE, None), ("cuda", SINGLE, None), ("cuda", BRAIN, None)]
    CASES += [("cuda", SINGLE, BRAIN), ("cuda", SINGLE, HALF)]
    MORE += [("cuda", HALF, None)]
else:
    CASES += [pytest.param("cuda", None, None, marks=no_gpu)]
in_every_precision = pytest.mark.parametrize(("device", "dtype", "products"), CASES)

SRC, SRC_LENGTHS = random_ids([5, 2, 3], SIZES["src_vocab_size"], seed=0)
TGT_IN, TGT_LENGTHS = random_ids([4, 1, 3], SIZES["tgt_vocab_size"], seed=1)
TGT_OUT, _ = random_ids([4, 1, 3], SIZES["tgt_vocab_size"], seed=2)
TGT_MASK = torch.arange(4)[None, :] < TGT_LENGTHS[:, None]


def make(name, dtype, device):
    """With the weights that training would start from; the same in every precision."""
    torch.manual_seed(0)
    return (
        build_model(**sizes_of(SYSTEMS[name]["preset"]) | SYSTEMS[name]).double().to(device, dtype)
    )


def computing(device, products):
    """Without TensorFloat-32, which would round the factors of float32's products on a GPU."""
    torch.backends.cudnn.allow_tf32 = False
    return torch.autocast(device, products) if products else nullcontext()


def train(model, device):
    """Logits and weights at the real tokens, the loss, and all gradients."""
    data = [t.to(device) for t in (SRC, SRC_LENGTHS, TGT_IN, TGT_OUT, TGT_MASK)]
    src, src_lengths, tgt_in, tgt_out, tgt_mask = data
    output = model(src, src_lengths, tgt_in)
    logits = output.logits[tgt_mask]
    loss = sequence_loss(logits, tgt_out, tgt_mask).mean
    loss.backward()
    gradients = torch.cat([p.grad.flatten() for p in model.parameters()])
    found = {"logits": logits, "loss": loss, "gradients": gradients}
    if output.weights is not None:
        found["weights"] = output.weights[tgt_mask]
    return {key: value.detach().double().cpu() for key, value in found.items()}


@pytest.fixture(autouse=True)
def tf32_as_it_was():
    before = torch.backends.cudnn.allow_tf32
    yield
    torch.backends.cudnn.allow_tf32 = before


@in_every_precision
@pytest.mark.parametrize("name", SYSTEMS)
def test_close_to_float64(name, device, dtype, products):
    expected = train(make(name, WIDE, "cpu"), "cpu")
    with computing(device, products):
        got = train(make(name, dtype, device), device)
    epsilon = torch.finfo(products or dtype).eps
    roundings = 8 if "transformer" in name else 5  # ten changes one after the other, and norms
    assert got.keys() == expected.keys()
    for key, value in expected.items():
        assert torch.isfinite(got[key]).all(), key
        assert (got[key] - value).norm() <= roundings * epsilon * value.norm(), key


@in_every_precision
@pytest.mark.parametrize("name", SYSTEMS)
def test_step_stays_close_to_forward(name, device, dtype, products):
    model = make(name, dtype, device).eval()
    src, lengths, tgt_in = (t.to(device) for t in (SRC, SRC_LENGTHS, TGT_IN))
    with computing(device, products), torch.no_grad():
        encoded = model.encode(src, lengths)
        whole, state = model.decoder(tgt_in, encoded).logits, model.decoder.init_state(encoded)
        keys = model.decoder.project_keys(encoded)
        steps = []
        for token in tgt_in.unbind(dim=1):
            logits, state, _ = model.decoder.step(token, state, encoded, keys)
            steps.append(logits)
    difference = (torch.stack(steps, dim=1).double() - whole.double()).norm()
    epsilon = torch.finfo(products or dtype).eps
    assert difference <= 5 * epsilon * whole.double().norm()


@in_every_precision
@pytest.mark.parametrize("name", ["gru", "lstm", "bahdanau", "luong_dot, fed", "location_aware"])
def test_decodes(name, device, dtype, products):
    model = make(name, dtype, device)
    with computing(device, products):
        decoded = greedy_decode(model, SRC.to(device), SRC_LENGTHS.to(device), 5, min_length=5)
    assert [len(ids) for ids in decoded.ids] == [5, 5, 5]
    assert torch.isfinite(torch.tensor(decoded.scores)).all()


@pytest.mark.parametrize(("device", "dtype", "products"), CASES + MORE)
@pytest.mark.parametrize("name", ATTENTIONS)
def test_an_empty_row_gives_zeros_and_finite_gradients(name, device, dtype, products):
    attention = make_attention(name, 11, 13).to(device, dtype)
    generator = torch.Generator().manual_seed(0)
    query = torch.randn(3, 5, 11, generator=generator).to(device, dtype).requires_grad_()
    size = 11 if name == "dot" else 13
    memory = torch.randn(3, 7, size, generator=generator).to(device, dtype).requires_grad_()
    mask = torch.arange(7)[None, :] < torch.tensor([7, 0, 2])[:, None]
    with computing(device, products):
        keys = attention.project_keys(memory)
        context, weights = attention(query, keys, memory, mask.to(device))
    assert (weights[1] == 0).all() and (context[1] == 0).all()
    assert (weights[[0, 2], 0] > 0).any() and torch.isfinite(context).all()
    context.float().square().sum().backward()
    for tensor in (query, memory, *attention.parameters()):
        assert torch.isfinite(tensor.grad).all()
    assert (query.grad[1] == 0).all() and (memory.grad[1] == 0).all()
