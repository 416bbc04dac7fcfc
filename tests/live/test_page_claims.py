"""What the pages say of the models that run in them."""

from __future__ import annotations

import pytest
import torch
from javascript import run_node
from places import ROOT
from web_models import READ, from_web

import s2s_tutorial as s2s

MODELS = ROOT / "book/static/models"
ERASED = (
    READ
    + """
import { answer, ofPanel, untouched } from "live/boxes/session.js";
const model = await open(given.folder);
const write = ([text, erased]) => answer(model, ofPanel({ ...untouched(text), erased }, 0)).text;
console.log(JSON.stringify(given.asked.map(write)));
"""
)


def test_a_hidden_sign_is_still_written_and_an_unknown_one_is_lost():
    asked = [["12 mars 1987", {"9": way}] for way in ("mask", "both")]
    asked.append(["Friday, 3 April 2020", {"18": "mask"}])
    hidden, lost, less_known = run_node(
        ERASED, {"folder": str(MODELS / "dates-bahdanau"), "asked": asked}
    )
    assert hidden == "1987-03-12" and lost != hidden
    assert less_known != "2020-04-03"


@pytest.mark.slow
def test_half_way_between_two_models_one_number_in_ten_is_right():
    one, other = (from_web(MODELS / name) for name in ("numbers-bahdanau", "numbers-bahdanau-2"))
    task = s2s.Task.load("numbers", {"train": 20_000, "valid": 500, "test": 1000})
    theirs = other.model.state_dict()
    for name, tensor in one.model.state_dict().items():
        tensor.copy_((tensor + theirs[name]) / 2)
    assert 0.05 < task.exact_match(one.model) < 0.15


def test_a_beam_of_three_finds_what_greedy_decoding_does_not():
    translator = from_web(MODELS / "phrases-bahdanau-250")
    text = "La dottoressa spagnola ha freddo"
    greedy, beam = (translator(text, beam_size=k, length_penalty=0).text for k in (1, 3))
    assert (greedy, beam) == ("The Spanish doctor are cold", "The Spanish doctor is cold")
    src = torch.tensor([translator.src_vocab.encode(translator.tokenizer.tokenize(text))])
    said = translator.tgt_vocab.encode(["The", "Spanish", "doctor"])
    with torch.no_grad():
        logits = translator.model(
            src, torch.tensor([src.shape[1]]), tgt_in=torch.tensor([[s2s.BOS_ID, *said]])
        ).logits[0, -1]
    shares = logits.softmax(-1)[translator.tgt_vocab.encode(["are", "is"])]
    assert shares.tolist() == pytest.approx([0.52, 0.46], abs=0.006)


def test_the_engine_is_as_small_as_the_page_says():
    engine = [p for p in (ROOT / "s2s_tutorial/live/js").glob("*.js") if p.name != "boxes.js"]
    lines = sum(len(path.read_text(encoding="utf-8").splitlines()) for path in engine)
    said = " ".join((ROOT / "book/try_it.md").read_text(encoding="utf-8").split())
    assert len(engine) == 8 and f"eight files of plain JavaScript, {lines} lines" in said
