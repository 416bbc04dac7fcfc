"""A model in the page computes what it computes in Python."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
import torch
from javascript import run_node
from web_models import READ, translator_of

import s2s_tutorial as s2s
from s2s_tutorial.live.parts import describe_parts
from s2s_tutorial.live.web import export_web

PRESETS = (
    "rnn gru lstm bahdanau bigru_concat luong_dot luong_general luong_concat luong_location "
    "stacked_lstm_additive stacked_lstm_dot stacked_lstm_general stacked_lstm_location"
).split()
OPTIONS = {  # settings that change the computation
    "bahdanau, tanh readout, scaled": ("bahdanau", {"readout": "tanh", "scale_embeddings": True}),
    "luong_general, fed": ("luong_general", {"input_feeding": True}),
    "bahdanau, tied": (
        "bahdanau",
        {"readout": "tanh", "readout_size": 8, "tie_embeddings": True},
    ),
    "bigru_concat, another size": ("bigru_concat", {}),
}
STEPS = (
    READ
    + """
settings.simd = given.simd;
const model = await open(given.folder);
const found = [];
for (const { src, padding } of given.sources) {
  let { encoded, keys, state } = model.begin(src, padding);
  const logits = [], weights = [];
  for (const token of given.tokens) {
    const step = model.decoder.step(token, state, encoded, keys);
    state = step.state;
    logits.push(Array.from(step.logits));
    weights.push(step.weights === null ? null : Array.from(step.weights));
  }
  found.push({ logits, weights });
}
console.log(JSON.stringify(found));
"""
)
STRINGS = (
    READ
    + """
import { beamSearch, greedy } from "live/search.js";
const model = await open(given.folder);
const found = given.sources.map((src) => {
  const { hypotheses, nodes } = beamSearch(model, src, { max_length: 12, beam_size: 3, n_best: 2 });
  return {
    greedy: greedy(model, src, { max_length: 12 }).ids,
    beam: hypotheses.map(({ ids, score }) => ({ ids, score })),
    tree: nodes.map(({ parent, token, fate }) => [parent, token, fate]),
  };
});
console.log(JSON.stringify(found));
"""
)


def sources(count: int, seed: int = 0) -> list[list[int]]:
    """Sentences of one to eleven ids, unknown ones too."""
    draw = random.Random(seed)
    return [
        [draw.choice([1, *range(4, 13)]) for _ in range(draw.randint(1, 11))] for _ in range(count)
    ]


@pytest.mark.parametrize("simd", [True, False])
@pytest.mark.parametrize("name", [*PRESETS, *OPTIONS])
def test_logits_and_weights_are_those_of_pytorch(tmp_path, name, simd):
    preset, options = OPTIONS.get(name, (name, {}))
    translator = translator_of(preset, **options)
    export_web(translator, tmp_path / "m", weights="float32")
    tokens = [2, 5, 7, 1, 4]
    asked = [{"src": src, "padding": k} for k, src in enumerate(sources(3))]
    given = {"folder": str(tmp_path / "m"), "sources": asked, "tokens": tokens, "simd": simd}
    for one, found in zip(asked, run_node(STEPS, given)):
        padded = one["src"] + [0] * one["padding"]
        with torch.no_grad():
            expected = translator.model(
                torch.tensor([padded]),
                torch.tensor([len(one["src"])]),
                tgt_in=torch.tensor([tokens]),
            )
        torch.testing.assert_close(
            torch.tensor(found["logits"]), expected.logits[0], atol=1e-5, rtol=1e-5
        )
        if expected.weights is None:
            assert found["weights"] == [None] * len(tokens)
            continue
        torch.testing.assert_close(
            torch.tensor(found["weights"]), expected.weights[0], atol=1e-5, rtol=0
        )
        assert all(w == 0 for row in found["weights"] for w in row[len(one["src"]) :])


@pytest.mark.parametrize(
    "preset", [pytest.param(p, marks=pytest.mark.slow) for p in PRESETS[1:]] + ["rnn"]
)
def test_greedy_and_beam_write_the_same_on_500_inputs(tmp_path, preset):
    translator = translator_of(preset)
    export_web(translator, tmp_path / "m", weights="float32")
    asked = sources(500, seed=1)
    found = run_node(STRINGS, {"folder": str(tmp_path / "m"), "sources": asked})
    lengths = torch.tensor([len(src) for src in asked])
    padded = torch.tensor([src + [0] * (11 - len(src)) for src in asked])
    greedy = s2s.greedy_decode(translator.model, padded, lengths, max_length=12)
    assert [each["greedy"] for each in found] == greedy.ids
    beam = s2s.beam_search(
        translator.model, padded, lengths, max_length=12, beam_size=3, n_best=2, trace=True
    )
    assert [[h["ids"] for h in each["beam"]] for each in found] == beam.ids
    scores = [[h["score"] for h in each["beam"]] for each in found]
    torch.testing.assert_close(
        torch.tensor(scores), torch.tensor(beam.scores), atol=1e-4, rtol=1e-5
    )
    trees = [[[n.parent, n.token, n.fate] for n in tree] for tree in beam.trees]
    assert [each["tree"] for each in found] == trees


@pytest.mark.parametrize("kind", ["float32", "float16", "int8"])
def test_every_type_is_read_as_it_was_rounded(tmp_path, kind):
    from s2s_tutorial.live.weights import rounded

    translator = translator_of("bahdanau")
    export_web(translator, tmp_path / "m", weights=kind)
    src, tokens = [4, 5, 6, 7, 8], [2, 5, 7]
    given = {
        "folder": str(tmp_path / "m"),
        "sources": [{"src": src, "padding": 0}],
        "tokens": tokens,
        "simd": True,
    }
    (found,) = run_node(STEPS, given)
    with torch.no_grad():
        expected = rounded(translator.model, kind)(
            torch.tensor([src]), torch.tensor([5]), tgt_in=torch.tensor([tokens])
        )
    torch.testing.assert_close(
        torch.tensor(found["logits"]), expected.logits[0], atol=1e-5, rtol=1e-5
    )


def test_the_smallest_type_that_loses_nothing_is_chosen(tmp_path, monkeypatch):
    from s2s_tutorial.live import web

    translator = translator_of("gru")
    texts = [" ".join(f"word{i}" for i in range(k, k + 3)) for k in range(6)] * 5
    references = [found.text or "word0" for found in translator.translate(texts, beam_size=1)]
    assert web.web_model(translator, texts, references).header["weights"]["type"] == "int8"

    def spoilt(model, kind):
        found = translator_of("gru", seed=7).model
        return found if kind == "int8" else model

    monkeypatch.setattr(web, "rounded", spoilt)
    made = web.web_model(translator, texts, references)
    assert made.header["weights"]["type"] == "float16"
    assert made.measured["int8"].verdict == "lower"
    assert web.web_model(translator).header["weights"]["type"] == "float32", "nothing to measure by"


def test_a_damaged_model_says_so(tmp_path):
    export_web(translator_of("gru"), tmp_path / "m", weights="int8")
    weights = Path(tmp_path, "m", "weights.bin")
    content = bytearray(weights.read_bytes())
    content[100] ^= 1
    for damaged in (bytes(content), weights.read_bytes()[:-7]):
        weights.write_bytes(damaged)
        script = READ + "console.log(JSON.stringify(await open(given).catch((e) => e.message)));"
        assert "damaged" in run_node(script, str(tmp_path / "m"))


@pytest.mark.parametrize("preset", ["transformer", "location_aware", "luong_local_p", "coverage"])
def test_other_presets_are_refused_by_name(preset):
    with pytest.raises(ValueError, match=f"{preset}.*the presets that can are rnn"):
        describe_parts(s2s.build_model(preset, 8, 8, hidden_size=8, embedding_size=8))


def test_a_folder_with_other_things_is_left_alone(tmp_path):
    translator = translator_of("gru")
    Path(tmp_path, "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="not written by s2s"):
        export_web(translator, tmp_path, overwrite=True)
    export_web(translator, tmp_path / "m")
    with pytest.raises(FileExistsError, match="--overwrite"):
        export_web(translator, tmp_path / "m")
    before = json.loads(Path(tmp_path, "m/model.json").read_text())["weights"]["sha256"]
    export_web(translator_of("gru", seed=1), tmp_path / "m", overwrite=True)
    assert json.loads(Path(tmp_path, "m/model.json").read_text())["weights"]["sha256"] != before
    assert sorted(path.name for path in tmp_path.iterdir()) == ["m", "notes.txt"]
