"""What a reader's hand does to a model in the page, without the page."""

from __future__ import annotations

import pytest
import torch
from javascript import run_node
from web_models import READ, translator_of

from s2s_tutorial.live.web import export_web

ASK = (
    READ
    + """
import { answer, ofPanel, untouched } from "live/boxes/session.js";
const model = await open(given.folder);
const found = given.states.map((changes) => {
  try {
    return answer(model, { ...ofPanel(untouched(given.text), 0), ...changes });
  } catch (error) {
    return error.message;
  }
});
console.log(JSON.stringify(found));
"""
)


@pytest.fixture(scope="module")
def asked(tmp_path_factory):
    """Ask one small model about one sentence, in several states."""
    folder = tmp_path_factory.mktemp("web") / "m"
    translator = translator_of("bahdanau")
    export_web(translator, folder, weights="float32")

    def ask(*states, text="word1 word5 word2 word7"):
        return run_node(ASK, {"folder": str(folder), "states": states, "text": text})

    ask.translator = translator
    return ask


def test_an_untouched_answer_is_the_models_own(asked):
    (found,) = asked({})
    expected = asked.translator("word1 word5 word2 word7", beam_size=1, max_length=20)
    written = [step["token"] for step in found["steps"]]
    assert written[: len(expected.tokens)] == expected.tokens
    weights = torch.tensor([step["weights"] for step in found["steps"]])
    torch.testing.assert_close(weights[: len(expected.tokens)], expected.weights, atol=1e-5, rtol=0)


def test_the_vectors_of_an_answer_are_the_models_own(asked):
    (found,) = asked({"padding": 2})
    model, vocab = asked.translator.model, asked.translator.src_vocab
    src = torch.tensor([vocab.encode("word1 word5 word2 word7".split())])
    with torch.no_grad():
        encoded = model.encoder(src, torch.tensor([4]))
    memory = torch.tensor([list(each.values()) for each in found["memory"]])
    torch.testing.assert_close(memory[:4], encoded.memory[0], atol=1e-5, rtol=0)
    assert (memory[4:] == 0).all() and memory.shape[0] == 6 and found["directions"] == 2
    passes = torch.tensor(list(found["passes"].values()))
    forward, backward = encoded.memory[0].chunk(2, dim=1)
    torch.testing.assert_close(passes, torch.cat([forward[-1], backward[0]]), atol=1e-5, rtol=0)


def test_an_erased_word_is_hidden_or_unknown_or_both(asked):
    plain, mask, unknown, both = asked(
        {}, *({"erased": {"1": way}} for way in ("mask", "unknown", "both"))
    )
    assert all(step["weights"][1] == 0 for found in (mask, both) for step in found["steps"])
    assert any(step["weights"][1] > 0 for step in unknown["steps"])
    first = [found["steps"][0]["top"] for found in (plain, mask, unknown, both)]
    assert first[0] != first[1] and first[0] != first[2] and first[1] != first[3]
    unk = asked.translator("word1 zzz word2 word7", beam_size=1, max_length=20)
    assert [s["token"] for s in unknown["steps"]][: len(unk.tokens)] == unk.tokens


def test_weights_of_a_readers_own_are_used(asked):
    plain, changed = asked({}, {"weights": {"0": [0, 0, 0, 1]}})
    assert changed["steps"][0]["weights"] == [0, 0, 0, 1]
    assert plain["steps"][0]["top"][0]["log_prob"] != changed["steps"][0]["top"][0]["log_prob"]
    assert len(asked({"weights": {"0": [1, 0]}})[0]["steps"][0]["weights"]) == 4, (
        "of another length"
    )


def test_a_forced_token_is_fed_back(asked):
    (found,) = asked({"forced": {"0": "word8"}})
    assert found["steps"][0]["token"] == "word8" and found["steps"][0]["forced"]
    model, vocab = asked.translator.model, asked.translator.src_vocab
    src = torch.tensor([vocab.encode("word1 word5 word2 word7".split())])
    with torch.no_grad():
        told = model(src, torch.tensor([4]), tgt_in=torch.tensor([[2, vocab.encode(["word8"])[0]]]))
    best = told.logits[0, 1].log_softmax(-1)
    best[[0, 2]] = -torch.inf
    assert found["steps"][1]["top"][0]["log_prob"] == pytest.approx(best.max().item(), abs=1e-4)


def test_without_a_mask_weights_fall_on_padding(asked):
    with_mask, without = asked({"padding": 3}, {"padding": 3, "mask": False})
    assert all(step["weights"][4:] == [0, 0, 0] for step in with_mask["steps"])
    assert all(min(step["weights"][4:]) > 0 for step in without["steps"])
    assert with_mask["text"] == asked({})[0]["text"], "padding behind a mask changes nothing"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "nothing to read"),
        ("   \u200b ", "nothing to read"),
        ("word1 " * 500, "reads up to 120"),
    ],
)
def test_what_cannot_be_read_is_answered_with_a_sentence(asked, text, says):
    assert says in asked({}, text=text)[0]


def test_unknown_words_are_named_and_markup_is_text(asked):
    (found,) = asked({}, text="word1 <b>bold</b> <eos>")
    assert found["unknown"] == ["<b>bold</b>"]


def test_weights_sum_to_one_wherever_one_is_put():
    script = """
    import { withWeight } from "live/boxes/session.js";
    console.log(JSON.stringify(given.map(([row, j, w]) => withWeight(row, j, w))));
    """
    moved, from_zero, alone = run_node(
        script, [[[0.5, 0.3, 0.2], 0, 0.75], [[0, 1, 0], 1, 0.5], [[1], 0, 0.2]]
    )
    assert moved == pytest.approx([0.75, 0.15, 0.1])
    assert from_zero == pytest.approx([0.25, 0.5, 0.25])
    assert alone == [1]


READ_STATES = """
import { isTouched, ofPanel, readState, withChange, withPadding } from "live/boxes/session.js";
const read = (each) => readState(each, 2);
"""


def test_a_state_from_a_link_is_checked():
    script = READ_STATES + "console.log(JSON.stringify(given.map(read)));"
    own = {"forced": {"0": "b"}, "weights": {"2": [0.5, 0.5]}}
    good = {"text": "a", "erased": {"1": "mask"}, "panels": {"1": own}, "share": 0.5, "padding": 3}
    good["mask"] = False
    bad = {"text": 7, "erased": {"x": "mask", "1": "html"}, "padding": 1e9, "mask": "no"}
    bad |= {"share": 2, "panels": {"0": {"forced": {"0": 3}, "weights": {"0": [2]}}, "7": own}}
    kept, dropped = run_node(script, [good, bad])
    assert kept == good
    empty = {"text": "", "erased": {}, "padding": 0, "mask": True, "share": 0, "panels": {}}
    assert dropped == empty


def test_a_link_from_before_panels_had_their_own_gives_every_panel_what_it_held():
    own = {"forced": {"0": "b"}, "weights": {"2": [0.5, 0.5]}}
    script = (
        READ_STATES + "console.log(JSON.stringify([0, 1].map((k) => ofPanel(read(given), k))));"
    )
    first, second = run_node(script, {"text": "a", "padding": 0, "mask": True, **own})
    assert first == second and own.items() <= first.items()


def test_a_change_is_one_panels_unless_it_is_of_what_all_read():
    script = (
        READ_STATES
        + """
    const own = withChange(readState({ text: "a" }, 2), 1, { weights: { 0: [0, 1] } });
    const both = withChange(own, 0, { erased: { 2: "mask" } });
    const padded = withPadding(both, { padding: 2 });
    console.log(JSON.stringify([both, padded].map((state) => [0, 1].map((k) => ofPanel(state, k)))));
    """
    )
    (first, second), padded = run_node(script)
    assert (first["weights"], second["weights"]) == ({}, {"0": [0, 1]})
    assert first["erased"] == second["erased"] == {"2": "mask"}
    assert all(each["weights"] == {} and each["padding"] == 2 for each in padded), (
        "they were for fewer positions"
    )


def test_every_change_counts_as_one():
    script = READ_STATES + "console.log(JSON.stringify(given.map(read).map(isTouched)));"
    changes = [{"erased": {"0": "mask"}}, {"padding": 1}, {"mask": False}, {"share": 0.05}]
    changes += [
        {"panels": {"1": {"forced": {"0": "b"}}}},
        {"panels": {"1": {"weights": {"0": [1]}}}},
    ]
    told = run_node(
        script, [{"text": "a", **each} for each in [{}, {"panels": {"1": {}}}, *changes]]
    )
    assert told == [False, False, *[True] * len(changes)]
