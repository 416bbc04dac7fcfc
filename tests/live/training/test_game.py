"""The game of reversed letters in the page: its strings, its settings, and that the same seed is the same run."""

from __future__ import annotations

import pytest
from javascript import JS, run_node

from s2s_tutorial.figures.style import COLORS

pytestmark = pytest.mark.slow  # each starts Node

STRINGS = """
import { Game, isKept, makeBatch } from "live/training/game.js";
const game = new Game({ letters: 5, longest: 4, seed: 3, batch: 7 });
const batches = Array.from({ length: 200 }, () => game.strings());
console.log(JSON.stringify({
  batches, tests: game.tests, kept: batches.flat().filter(isKept).length, batch: makeBatch([[4, 5, 6], [7, 8, 4]]),
}));
"""
RUN = """
import { Trainer } from "live/training/trainer.js";
const trainer = new Trainer(given.settings), losses = [];
for (let i = 0; i < given.updates; i++) losses.push(trainer.update());
const accuracy = [1, 2].map((n) => trainer.accuracy(n));
console.log(JSON.stringify({ losses, accuracy, look: trainer.look() }));
"""
REFUSED = """
import { checkSettings, SettingError } from "live/training/settings.js";
const say = (settings) => {
  try { checkSettings(settings); return null; } catch (error) {
    if (!(error instanceof SettingError)) throw error;
    return error.message;
  }
};
const { NaN: nans, ...rest } = given;
console.log(JSON.stringify(Object.fromEntries([
  ...Object.entries(rest).map(([name, settings]) => [name, say(settings)]),
  ["rate NaN", say({ rate: NaN })], ["length NaN", say({ longest: NaN })],
])));
"""


def test_strings_are_of_one_length_and_those_for_tests_are_never_trained_on():
    made = run_node(STRINGS)
    lengths = set()
    for batch in made["batches"]:
        assert len(batch) == 7 and len({len(ids) for ids in batch}) == 1
        assert all(4 <= i < 9 for ids in batch for i in ids)
        lengths.add(len(batch[0]))
    assert lengths == {1, 2, 3, 4} and made["kept"] == 0
    trained = {tuple(ids) for batch in made["batches"] for ids in batch}
    for n, tests in enumerate(made["tests"], start=1):
        assert len(tests) == 7 and all(len(ids) == n for ids in tests)
        assert n < 3 or not trained & set(map(tuple, tests))


def test_a_batch_is_the_string_and_its_mirror_image():
    assert run_node(STRINGS)["batch"] == {
        "src": [[4, 7], [5, 8], [6, 4]],
        "tgt_in": [[2, 2], [6, 4], [5, 8], [4, 7]],
        "tgt_out": [[6, 4], [5, 8], [4, 7], [3, 3]],
    }


@pytest.mark.parametrize("cell", ["rnn", "gru", "lstm"])
def test_the_same_seed_is_the_same_run(cell):
    settings = {"cell": cell, "letters": 3, "longest": 2, "units": 8, "seed": 5}
    first, second = (run_node(RUN, {"settings": settings, "updates": 9}) for _ in range(2))
    assert first == second
    other = run_node(RUN, {"settings": settings | {"seed": 6}, "updates": 9})
    assert other["losses"] != first["losses"]
    looks = first["look"]
    assert looks["vector"]["weights"] is None and len(looks["attention"]["src"]) == 2
    for row in looks["attention"]["weights"]:
        assert len(row) == 2 and sum(row) == pytest.approx(1, abs=1e-5)


def test_one_model_alone_makes_the_updates_it_makes_beside_the_other():
    settings = {"letters": 3, "longest": 2, "units": 8}
    both = run_node(RUN, {"settings": settings, "updates": 5})
    for kind in ("vector", "attention"):
        alone = run_node(RUN, {"settings": settings | {"models": [kind]}, "updates": 5})
        assert [each[kind] for each in alone["losses"]] == [each[kind] for each in both["losses"]]


def test_a_short_game_is_learnt():
    settings = {"letters": 3, "longest": 2, "units": 16, "seed": 0}
    run = run_node(RUN, {"settings": settings, "updates": 150})
    assert all(share >= 0.9 for each in run["accuracy"] for share in each.values())


def test_a_loss_that_is_no_number_stops_with_a_sentence():
    script = """
    import { Diverged, Trainer } from "live/training/trainer.js";
    const trainer = new Trainer({ letters: 3, longest: 2, units: 8 });
    trainer.learners[0].model.parameters["decoder.output.bias"].data.fill(NaN);
    let said = null;
    try { trainer.update(); } catch (error) { if (error instanceof Diverged) said = error.message; }
    console.log(JSON.stringify(said));
    """
    assert run_node(script).startswith("The loss is no longer a number")


def test_the_colours_are_the_books():
    """The sheet writes down none: tests/figures/test_looks.py holds those that the box is told."""
    css = (JS / "boxes" / "training.css").read_text(encoding="utf-8")
    for quantity in ("token", "weights", "now"):
        assert f"var(--s2s-{quantity})" in css
    assert not any(color.lower() in css.lower() for color in COLORS.values())


def test_bad_settings_are_refused_with_a_sentence():
    given = {
        "fine": {},
        "length 0": {"longest": 0},
        "length 2.5": {"longest": 2.5},
        "length 99": {"longest": 99},
        "no letters": {"letters": 0},
        "text": {"units": "many"},
        "rate 0": {"rate": 0},
        "rate 5": {"rate": 5},
        "cell": {"cell": "tanh"},
        "seed": {"seed": -1},
        "no model": {"models": []},
        "other model": {"models": ["transformer"]},
        "NaN": {},
    }
    said = run_node(REFUSED, given)
    assert said.pop("fine") is None
    for name, sentence in said.items():
        assert sentence and sentence[0].isupper() and sentence.endswith("."), name
    assert said["length 0"] == "The longest string must be a whole number from 1 to 16, not 0."
    assert said["rate NaN"] == "The learning rate must lie above 0 and up to 0.1, not at NaN."
