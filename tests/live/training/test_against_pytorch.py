"""Training in the page against PyTorch: gradients on fixed weights, and 50 updates of the same run."""

from __future__ import annotations

import random

import pytest
import torch
from javascript import run_node

import s2s_tutorial as s2s
from benchmarks import live_parity
from benchmarks.live_parity import SYSTEMS as MODELS
from benchmarks.live_parity import mean_loss

pytestmark = pytest.mark.slow  # each starts Node

LETTERS, EMBEDDING, UNITS, LONGEST = 10, 12, 20, 6
VOCABULARY = LETTERS + 4

SCRIPT = """
import {{ Adam, clip }} from "live/training/adam.js";
import {{ makeBatch }} from "live/training/game.js";
import {{ buildModel }} from "live/training/models.js";
import {{ Tape }} from "live/training/tape.js";
import {{ lossOf, rateAt, write }} from "live/training/trainer.js";
const model = buildModel(given.kind, given.settings), tape = new Tape();
model.load(given.weights);
{body}
"""
GRADIENTS = """
const loss = lossOf(tape, model, makeBatch(given.strings));
tape.backward(loss);
const gradients = Object.entries(model.parameters).map(([name, { grad }]) => [name, [...grad]]);
console.log(JSON.stringify({ loss: loss.data[0], gradients: Object.fromEntries(gradients) }));
"""
RUN = """
const adam = new Adam(Object.values(model.parameters)), losses = [];
given.batches.forEach((strings, update) => {
  const loss = lossOf(tape, model, makeBatch(strings));
  losses.push(loss.data[0]);
  tape.backward(loss);
  tape.clear();
  clip(adam.parameters, 1);
  adam.step(rateAt(0.01, update + given.from));
});
const { src, tgt_out } = makeBatch(given.look);
const { written, weights } = write(new Tape(false), model, src, tgt_out.length);
const looked = weights.map((each) => each && [...each.data]);
console.log(JSON.stringify({ losses, written, weights: looked }));
"""


def system(kind, cell):
    return live_parity.system(kind, cell, VOCABULARY, EMBEDDING, UNITS)


def given(kind, cell, model, **more):
    settings = {"cell": cell, "vocabulary": VOCABULARY, "embedding": EMBEDDING, "units": UNITS}
    weights = {name: value.flatten().tolist() for name, value in model.state_dict().items()}
    return {"kind": kind, "settings": settings, "weights": weights, **more}


def strings(rng, length, count):
    return [[rng.randrange(4, VOCABULARY) for _ in range(length)] for _ in range(count)]


@pytest.mark.parametrize(("kind", "cell"), MODELS)
@pytest.mark.parametrize("length", [1, 5])
def test_gradients_are_pytorchs(kind, cell, length):
    model = system(kind, cell)
    sources = strings(random.Random(1), length, 7)
    loss = mean_loss(model, sources)
    loss.backward()
    found = run_node(SCRIPT.format(body=GRADIENTS), given(kind, cell, model, strings=sources))
    assert found["loss"] == pytest.approx(loss.item(), abs=1e-5)
    assert found["gradients"].keys() == dict(model.named_parameters()).keys()
    for name, parameter in model.named_parameters():
        mine = torch.tensor(found["gradients"][name]).view_as(parameter)
        largest = parameter.grad.abs().max().clamp_min(1e-3)
        assert (mine - parameter.grad).abs().max() <= 1e-4 * largest, name


@pytest.mark.parametrize(("kind", "cell"), MODELS)
def test_a_run_follows_pytorchs_for_50_updates(kind, cell):
    model, rng = system(kind, cell), random.Random(2)
    batches = [strings(rng, rng.randint(1, LONGEST), 16) for _ in range(50)]
    look = strings(rng, 5, 16)
    start = 225  # the rate is divided by 3 on the way
    told = given(kind, cell, model, batches=batches, look=look, **{"from": start})
    optimizer, losses = torch.optim.Adam(model.parameters(), lr=0.01), []
    for update, sources in enumerate(batches):
        optimizer.param_groups[0]["lr"] = 0.01 if start + update < 250 else 0.01 / 3
        optimizer.zero_grad()
        loss = mean_loss(model, sources)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        losses.append(loss.item())
    found = run_node(SCRIPT.format(body=RUN), told)
    assert max(abs(a - b) for a, b in zip(found["losses"], losses)) < 1e-3
    assert losses[-1] < losses[0]

    # Then what it writes, and where it looks while it writes.
    src = torch.tensor(look)
    lengths = torch.full((len(src),), src.shape[1])
    decoded = s2s.greedy_decode(model, src, lengths, max_length=src.shape[1] + 1)
    for row, ids in enumerate(decoded.ids):
        assert [column[row] for column in found["written"]][: len(ids)] == ids
    if kind == "attention":
        first = torch.tensor(found["weights"][0], dtype=torch.float32).view(len(src), -1)
        tgt_in = torch.full((len(src), 1), s2s.BOS_ID)
        expected = model(src, lengths, tgt_in).weights[:, 0]
        assert torch.allclose(first, expected, atol=1e-2)
