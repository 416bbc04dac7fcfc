"""What the beam's box shows of a search, without the page: its cards, its ranking, its drawing, its words."""

from __future__ import annotations

import itertools
import math

import pytest
import torch
from javascript import run_node
from web_models import READ, from_web, translator_of

import s2s_tutorial as s2s
from s2s_tutorial.live.web import export_web

TEXTS = ["word1 word5 word2 word7", "word3", "word8 word0 zzz word4 word4 word6"]
BEAMS = (1, 3, 8)
SEARCH = (
    READ
    + """
import { laidOut, ranked, searched } from "live/boxes/candidates.js";
import { caption, stepCaptions, verdict } from "live/boxes/beam_words.js";
const model = await open(given.folder);
const found = given.asked.map(([text, k, penalty]) => {
  const search = searched(model, text, k);
  const ranking = ranked(search, penalty);
  const drawn = [false, true].map((dropped) => {
    const { below, places } = laidOut(search, dropped);
    return { below, places: [...places].map(([k, { row, column }]) => [k, row, column]) };
  });
  const captions = search.cards.map((_, k) => caption(search.cards, k, ranking));
  return { ...search, ranking, drawn, captions, told: stepCaptions(search), verdict: verdict(search, ranking) };
});
console.log(JSON.stringify(found));
"""
)


@pytest.fixture(scope="module")
def searches(tmp_path_factory):
    """Each search as the page has it, with the model that it searched."""
    folder = tmp_path_factory.mktemp("web") / "m"
    export_web(translator_of("bahdanau", seed=3), folder, weights="int8")
    asked = [(text, k, (0.0, 1.0)[k % 3 // 2]) for text in TEXTS for k in BEAMS]
    found = run_node(SEARCH, {"folder": str(folder), "asked": asked})
    return from_web(folder), list(zip(asked, found))


def test_the_ranking_is_that_of_beam_search(searches):
    translator, found = searches
    for (text, k, penalty), search in found:
        src = torch.tensor([translator.src_vocab.encode(text.split())])
        options = {"beam_size": k, "length_penalty": penalty, "n_best": k}
        with torch.no_grad():
            best = s2s.beam_search(
                translator.model, src, torch.tensor([src.shape[1]]), 20, **options
            )
        texts = [
            translator.tgt_tokenizer.detokenize(translator.tgt_vocab.decode(ids))
            for ids in best.ids[0]
        ]
        first = [each for each in search["ranking"] if not each["lost"]][: len(texts)]
        assert [each["text"] for each in first] == texts
        scores, log_probs = ([each[name] for each in first] for name in ("score", "log_prob"))
        assert scores == pytest.approx(best.scores[0], abs=1e-4)
        assert log_probs == pytest.approx(best.log_probs[0], abs=1e-4)
        for each in first:
            assert each["lp"] == pytest.approx(((5 + each["length"]) / 6) ** penalty)
            assert each["score"] == pytest.approx(each["log_prob"] / each["lp"])


def test_greedys_translation_is_marked_or_comes_last(searches):
    translator, found = searches
    for (text, k, _), search in found:
        written = translator(text, beam_size=1, max_length=20).text
        (own,) = (each for each in search["ranking"] if each["greedy"])
        assert own["text"] == written == search["greedy"]["text"]
        assert own["path"] == search["greedy"]["path"]
        path = [search["cards"][each]["text"] for each in search["greedy"]["path"][1:]]
        assert path == search["greedy"]["tokens"][: len(path)]
        if k == 1:
            assert not own["lost"] and "greedy decoding" in search["verdict"]


def test_every_card_that_lives_is_drawn_once_right_of_its_parent_and_none_on_another(searches):
    for _, search in searches[1]:
        cards, path = search["cards"], set(search["greedy"]["path"])
        for dropped, drawn in zip((False, True), search["drawn"]):
            places = {k: (row, column) for k, row, column in drawn["places"]}
            assert len(places) == len(drawn["places"]) == len(set(places.values()))
            wanted = {
                k for k, c in enumerate(cards) if dropped or c["fate"] != "dropped" or k in path
            }
            assert set(places) == wanted
            for k, (row, column) in places.items():
                children = drawn["below"][k]
                assert all(cards[child]["parent"] == k for child in children)
                rows = [places[child][0] for child in children]
                assert rows[:1] in ([], [row]) and all(a < b for a, b in itertools.pairwise(rows))
                assert {places[child][1] for child in children} <= {column + 1}
            # A subtree's rows are its own: no line to a card crosses another card.
            for k, (row, _) in places.items():
                parent = cards[k]["parent"]
                if parent is None or drawn["below"][parent][0] == k:
                    continue
                between = range(places[parent][0] + 1, row)
                assert not any(
                    r in between and column == places[parent][1] for r, column in places.values()
                )


def test_words_are_those_of_the_stored_figure(searches):
    translator, found = searches
    for (text, k, penalty), search in found:
        src = torch.tensor([translator.src_vocab.encode(text.split())])
        lengths, options = torch.tensor([src.shape[1]]), {"beam_size": k, "n_best": k}
        with torch.no_grad():
            best = s2s.beam_search(translator.model, src, lengths, 20, trace=True, **options)
        stored = s2s.BeamTree(
            best.trees[0], translator.tgt_vocab.tokens, length_penalty=penalty
        ).captions()
        for own, theirs in zip(search["captions"], stored, strict=True):
            own = own.replace("p = <.01 here", "p = .00 here")
            if " / " not in own:  # what has ended shows its division here, and may be cut off
                assert own == theirs
            else:
                assert own.split(". ")[0] == theirs.split(". ")[0]
        assert len(search["told"]) == search["steps"] + 1
        lengths = [len(card["prefix"]) for card in search["cards"]]
        assert max(lengths) == search["steps"] and not math.isnan(search["milliseconds"])


@pytest.mark.parametrize(
    ("text", "says"), [("", "nothing to read"), ("word1 " * 31, "reads up to 30")]
)
def test_what_cannot_be_searched_is_answered_with_a_sentence(tmp_path, text, says):
    export_web(translator_of("bahdanau"), tmp_path / "m", weights="int8")
    script = SEARCH.replace("const found =", "let found; try { found =").replace(
        "console.log(JSON.stringify(found))",
        "} catch (e) { found = e.message } console.log(JSON.stringify(found))",
    )
    assert says in run_node(script, {"folder": str(tmp_path / "m"), "asked": [[text, 3, 0]]})


def test_a_state_from_a_link_is_checked():
    script = """
    import { readBeam } from "live/boxes/candidates.js";
    const first = { text: "a", beam_size: 3, length_penalty: 0.6, dropped: false };
    console.log(JSON.stringify(given.map((state) => readBeam(state, first))));
    """
    good = {"text": "b", "beam_size": 8, "length_penalty": 1.5, "dropped": True}
    bad = {"text": 7, "beam_size": 1e9, "length_penalty": "x", "dropped": "yes"}
    half = {"beam_size": 2.5, "length_penalty": -1}
    first = {"text": "a", "beam_size": 3, "length_penalty": 0.6, "dropped": False}
    assert run_node(script, [good, bad, half]) == [good, first, first]
