"""How far the page's numbers are from PyTorch's: of answers in every preset that is exported, and of training.

    python -m benchmarks.live_parity                  # ten seconds on one core

The page's own code is run by Node, whose engine is Chromium's: with products in SIMD WebAssembly, and in plain loops as
where a browser has none. Weights are random; they go to the page as float32, so that what differs is arithmetic alone.
"""

from __future__ import annotations

import argparse
import json
import random
import subprocess
import tempfile
from pathlib import Path

import torch
from playwright._impl._driver import compute_driver_executable

import s2s_tutorial as s2s
from benchmarks.results_file import ResultsFile
from s2s_tutorial.attention.scores import GeneralAttention
from s2s_tutorial.live.web import export_web

RESULTS = Path(__file__).parent / "results" / "live_parity.json"
JS = Path(s2s.__file__).parent / "live/js"
SETUP = {
    "answers": {"vocabulary": 200, "embedding_size": 32, "hidden_size": 64, "sentences": 8},
    "training": {"letters": 10, "longest": 8, "batch": 32, "embedding": 16, "units": 32},
    "updates": 50,
}
PRESETS = (
    "rnn gru lstm bahdanau bigru_concat luong_dot luong_general luong_concat luong_location "
    "stacked_lstm_additive stacked_lstm_dot stacked_lstm_general stacked_lstm_location"
).split()
SYSTEMS = [(kind, cell) for kind in ("vector", "attention") for cell in ("rnn", "gru", "lstm")]
ANSWERS = """
const { buildModel } = await import(given.js + "/model.js"), { settings } = await import(given.js + "/products.js");
settings.simd = given.simd;
const file = fs.readFileSync(given.folder + "/weights.bin"), header = JSON.parse(fs.readFileSync(given.folder + "/model.json"));
const model = await buildModel(header, file.buffer.slice(file.byteOffset, file.byteOffset + file.byteLength));
console.log(JSON.stringify(given.sources.map((src) => {
  let { encoded, keys, state } = model.begin(src);
  const logits = [], weights = [];
  for (const token of given.tokens) {
    const step = model.decoder.step(token, state, encoded, keys);
    state = step.state;
    logits.push([...step.logits]);
    weights.push(step.weights && [...step.weights]);
  }
  return { logits, weights };
})));
"""
TRAINING = """
const from = (name) => import(`${given.js}/training/${name}.js`);
const [{ Adam, clip }, { makeBatch }, { buildModel }, { Tape }, { lossOf, rateAt }] =
  await Promise.all(["adam", "game", "models", "tape", "trainer"].map(from));
const model = buildModel(given.kind, given.settings), tape = new Tape(), adam = new Adam(Object.values(model.parameters));
model.load(given.weights);
const losses = [];
let gradients = null;
given.batches.forEach((strings, update) => {
  const loss = lossOf(tape, model, makeBatch(strings));
  losses.push(loss.data[0]);
  tape.backward(loss);
  gradients ??= Object.fromEntries(Object.entries(model.parameters).map(([name, { grad }]) => [name, [...grad]]));
  tape.clear();
  clip(adam.parameters, 1);
  adam.step(rateAt(given.rate, update));
});
console.log(JSON.stringify({ losses, gradients }));
"""


def node(script: str, given: dict):
    """What a script of the page prints as JSON."""
    read = 'const fs = await import("node:fs"), given = JSON.parse(fs.readFileSync(0, "utf8"));\n'
    command = [compute_driver_executable()[0], "--input-type=module", "--eval", read + script]
    told = json.dumps(given | {"js": JS.as_uri()})
    done = subprocess.run(command, input=told, check=True, stdout=subprocess.PIPE, text=True)
    return json.loads(done.stdout)


def answers(preset: str, simd: bool, sizes: dict = SETUP["answers"]) -> dict:
    """The largest differences of logits and weights while the same tokens are read and written."""
    torch.manual_seed(0)
    vocab = s2s.Vocabulary([f"word{i}" for i in range(sizes["vocabulary"])])
    options = {name: sizes[name] for name in ("embedding_size", "hidden_size")}
    model = s2s.build_model(preset, len(vocab), len(vocab), **options).eval()
    with torch.no_grad():
        for parameter in model.parameters():
            parameter.mul_(
                1.5
            )  # more of an opinion; from 2 on a vanilla network is chaotic, and so is its rounding
    translator = s2s.Translator(model, vocab, vocab, "whitespace", device="cpu")
    draw = random.Random(0)
    lengths = [draw.randint(1, 12) for _ in range(sizes["sentences"])]
    sources = [[draw.randrange(4, len(vocab)) for _ in range(length)] for length in lengths]
    tokens = [s2s.BOS_ID, *(draw.randrange(4, len(vocab)) for _ in range(6))]
    with tempfile.TemporaryDirectory() as folder:
        export_web(translator, Path(folder, "m"), weights="float32")
        given = {"folder": f"{folder}/m", "sources": sources, "tokens": tokens, "simd": simd}
        found = node(ANSWERS, given)
    far = {"logits": 0.0, "weights": 0.0 if model.decoder.attention is not None else None}
    for src, one in zip(sources, found):
        with torch.no_grad():
            true = model(torch.tensor([src]), torch.tensor([len(src)]), torch.tensor([tokens]))
        for name in (name for name, value in far.items() if value is not None):
            difference = torch.tensor(one[name]) - getattr(true, name)[0]
            far[name] = max(far[name], difference.abs().max().item())
    return {"preset": preset, "simd": simd, "seed": 0, **far}


def system(kind: str, cell: str, vocabulary: int, embedding: int, units: int) -> s2s.Seq2Seq:
    """PyTorch's model of a kind and cell of the game, with biases that are not zero."""
    torch.manual_seed(0)
    sizes = {"embedding_size": embedding, "hidden_size": units}
    preset = {"vector": cell, "attention": {"gru": "bahdanau", "lstm": "luong_general"}.get(cell)}
    if preset[kind]:
        model = s2s.build_model(preset[kind], vocabulary, vocabulary, **sizes)
    else:  # a vanilla network that looks back is no preset, but the package's parts make one
        encoder = s2s.Encoder(vocabulary, embedding, units, cell=cell)
        attention = GeneralAttention(units, units)
        decoder = s2s.LuongDecoder(vocabulary, embedding, units, units, attention, cell=cell)
        model = s2s.Seq2Seq(encoder, decoder, {})
    for name, parameter in model.named_parameters():
        if "bias" in name or "embedding" in name:
            torch.nn.init.normal_(parameter, std=0.3)
    return model


def mean_loss(model: s2s.Seq2Seq, sources: list[list[int]]) -> torch.Tensor:
    """The loss of strings of one length that are to be written backwards."""
    src = torch.tensor(sources)
    bos, eos = torch.full((len(src), 1), s2s.BOS_ID), torch.full((len(src), 1), s2s.EOS_ID)
    tgt_in, tgt_out = torch.cat([bos, src.flip(1)], 1), torch.cat([src.flip(1), eos], 1)
    logits = model(src, torch.full((len(src),), src.shape[1]), tgt_in).logits
    return torch.nn.functional.cross_entropy(logits.flatten(0, 1), tgt_out.flatten())


def training(kind: str, cell: str, setup: dict = SETUP) -> dict:
    """How far gradients are, as a share of each parameter's largest, and the losses of a run of so many updates."""
    game = setup["training"]
    vocabulary, draw = game["letters"] + 4, random.Random(0)
    model = system(kind, cell, vocabulary, game["embedding"], game["units"])
    weights = {name: value.flatten().tolist() for name, value in model.state_dict().items()}
    lengths = [5, *(draw.randint(1, game["longest"]) for _ in range(setup["updates"] - 1))]
    batches = [
        [[draw.randrange(4, vocabulary) for _ in range(length)] for _ in range(game["batch"])]
        for length in lengths
    ]
    settings = {name: game[name] for name in ("embedding", "units")}
    settings |= {"cell": cell, "vocabulary": vocabulary}
    given = {"kind": kind, "settings": settings, "weights": weights, "batches": batches}
    found = node(TRAINING, given | {"rate": 0.01})
    adam, losses, far = torch.optim.Adam(model.parameters(), lr=0.01), [], 0.0
    for update, sources in enumerate(batches):
        loss = mean_loss(model, sources)
        adam.zero_grad()
        loss.backward()
        if update == 0:
            for name, parameter in model.named_parameters():
                ours = torch.tensor(found["gradients"][name]).view_as(parameter)
                largest = parameter.grad.abs().max().clamp_min(1e-3)
                far = max(far, ((ours - parameter.grad).abs().max() / largest).item())
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        adam.step()
        losses.append(loss.item())
    loss = max(abs(a - b) for a, b in zip(found["losses"], losses))
    return {"kind": kind, "cell": cell, "seed": 0, "gradients": far, "losses": loss}


def main() -> None:
    """All presets in both ways of taking products, then all models of the game."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, default=RESULTS)
    file = ResultsFile(parser.parse_args().out, SETUP, "python -m benchmarks.live_parity")
    jobs = [{"preset": preset, "simd": simd} for preset in PRESETS for simd in (True, False)]
    file.complete(jobs, answers, 1, "answers")
    file.complete([{"kind": kind, "cell": cell} for kind, cell in SYSTEMS], training, 1, "training")


if __name__ == "__main__":
    main()
