"""The benchmark of training in the page measures what it says."""

from benchmarks.live_training import SETUP, measure


def test_a_short_game_is_learnt_and_its_updates_are_counted():
    setup = SETUP | {"letters": 3, "units": 16, "updates": 150}
    run = measure("gru", "attention", 0, 2, setup)
    assert run["learnt"]["updates"] <= 150 and 0 < run["learnt"]["seconds"] <= run["seconds"]
    assert len(run["right"]) == 2 and min(run["right"]) >= 0.9
