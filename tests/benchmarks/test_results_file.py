import json
import math
import os

import pytest
from places import ROOT

from benchmarks import bottleneck
from benchmarks.results_file import ResultsFile, tune_and_report
from tools.commands import BENCHMARKS


def test_a_stopped_benchmark_goes_on_and_a_changed_one_starts_afresh(tmp_path, capsys):
    path = tmp_path / "results.json"
    first = ResultsFile(path, {"steps": 3}, "python -m this")
    first.add({"seed": 0, "score": [0.5]})
    first.add({"seed": 1, "score": [0.25]})
    content = json.loads(path.read_text())
    assert content["runs"] == [{"seed": 0, "score": [0.5]}, {"seed": 1, "score": [0.25]}]
    assert {"command", "torch", "python", "machine", "date"} <= content["provenance"].keys()
    assert content["provenance"]["seeds"] == [0, 1]

    again = ResultsFile(path, {"steps": 3}, "python -m this")
    assert again.find(seed=1)["score"] == [0.25] and again.find(seed=2) is None
    again.keep([{"seed": 1}])
    assert json.loads(path.read_text())["runs"] == [{"seed": 1, "score": [0.25]}]
    changed = ResultsFile(path, {"steps": 4}, "python -m this")
    assert changed.find(seed=1) is None
    assert "starting afresh" in capsys.readouterr().err


def test_an_entry_more_in_a_table_keeps_the_runs_and_a_changed_one_does_not(tmp_path):
    path = tmp_path / "results.json"
    ResultsFile(path, {"rate": 3, "tasks": {"a": [5]}}, "python -m this").add(
        {"task": "a", "seed": 0}
    )
    more = {"rate": 3, "tasks": {"a": [5], "b": [7]}}
    assert ResultsFile(path, more, "python -m this").find(task="a") is None
    changed = [{"a": [11], "b": [7]}, {"b": [7]}]
    for setup in [{**more, "tasks": tasks} for tasks in changed] + [
        {**more, "rate": 2},
        more | {"c": 1},
    ]:
        assert ResultsFile(path, setup, "python -m this", ["tasks"]).find(task="a") is None
    grown = ResultsFile(path, more, "python -m this", ["tasks"])
    grown.add({"task": "b", "seed": 0})
    content = json.loads(path.read_text())
    assert content["setup"] == more and [run["task"] for run in content["runs"]] == ["a", "b"]


def test_a_run_is_found_by_all_its_settings(tmp_path):
    file = ResultsFile(tmp_path / "results.json", {}, "python -m this")
    file.add({"seed": 0, "size": 3})
    file.add({"seed": 1, "size": 5})
    assert file.find(seed=1, size=5) == {"seed": 1, "size": 5}
    assert file.find(seed=1, size=3) is None


def test_a_setup_is_the_same_after_json(tmp_path):
    setup = {"sizes": (3, 5)}  # a list, once it has been in a file
    ResultsFile(tmp_path / "results.json", setup, "python -m this").add({"seed": 0})
    again = ResultsFile(tmp_path / "results.json", setup, "python -m this")
    assert again.content["runs"] == [{"seed": 0}]


def test_a_full_disk_costs_no_earlier_run(tmp_path, monkeypatch):
    file = ResultsFile(tmp_path / "results.json", {}, "python -m this")
    file.add({"seed": 0})

    def full_disk(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full_disk)
    with pytest.raises(OSError, match="could not write .*results.json"):
        file.add({"seed": 1})
    assert ResultsFile(file.path, {}, "python -m this").content["runs"] == [{"seed": 0}]


def test_runs_of_two_machines_are_not_mixed(tmp_path, monkeypatch):
    path = tmp_path / "results.json"
    ResultsFile(path, {"steps": 3}, "python -m this").add({"seed": 0})
    before = path.read_text()
    monkeypatch.setattr("benchmarks.results_file.processor_name", lambda: "another")
    again = ResultsFile(path, {"steps": 3}, "python -m this")
    with pytest.raises(ValueError, match="were made by .*write to another file"):
        again.add({"seed": 1})
    assert path.read_text() == before


def stored():
    return ResultsFile(bottleneck.RESULTS, bottleneck.SETUP, "python -m benchmarks.bottleneck")


def test_the_stored_grid_is_whole_and_of_this_setup():
    file = stored()
    wanted = bottleneck.sweep_jobs() + bottleneck.grid_jobs(file, seeds=5)
    assert len(wanted) == 3 * 4 * 6 + 3 * 4 * 5 + 2 * 3
    assert [job for job in wanted if file.find(**job) is None] == []
    assert len(file.content["runs"]) == len(wanted)


def test_the_stored_numbers_are_possible():
    for run in stored().content["runs"]:
        assert run["tuning"] == (run["seed"] == bottleneck.SWEEP_SEED)
        if run["tuning"]:
            assert "accuracy" not in run
            continue
        lengths = run["length"]
        assert lengths == list(range(1, 17))
        reaches = [run[name] for name in run if name.startswith("reach")]
        assert reaches and all(len(reach) == 15 and min(reach) > 0 for reach in reaches)
        assert all(0 <= a <= 1 for a in run["accuracy"])
        assert all(bits <= n * math.log2(20) + 1e-3 for n, bits in zip(lengths, run["bits"]))


def test_the_gradient_was_pulled_at_all_that_is_handed_over():
    for run in (run for run in stored().content["runs"] if not run["tuning"]):
        parts = {name for name in run if name.startswith("reach")}
        if run["preset"] != "lstm":
            assert parts == {"reach"}
        elif run["hidden_size"] == 64:  # what chapter 2 shows; older runs pulled at h alone
            assert parts == {"reach", "reach_from_h", "reach_from_c"}
            assert run["reach_from_h"][-1] < run["reach"][-1] < run["reach_from_c"][-1]
        else:
            assert parts <= {"reach", "reach_from_h", "reach_from_c"} and "reach_from_h" in parts


def doubled(seed):
    return {"seed": seed, "twice": 2 * seed}


def test_only_what_is_missing_is_run(tmp_path):
    file = ResultsFile(tmp_path / "runs.json", {}, "test")
    file.add({"seed": 1, "twice": "as it was"})
    file.complete([{"seed": seed} for seed in (0, 1, 2)], doubled, 2, "runs")
    again = ResultsFile(file.path, {}, "test")
    found = {run["seed"]: run["twice"] for run in again.content["runs"]}
    assert found == {0: 0, 1: "as it was", 2: 4}


@pytest.mark.parametrize("preset", ["gru", "lstm"])
def test_one_small_run_has_every_field_of_the_stored_ones(monkeypatch, preset):
    fields = stored().find(preset=preset, hidden_size=64, tuning=False).keys()
    small = {
        **bottleneck.SETUP,
        "max_length": 3,
        "train_size": 60,
        "test_size": 5,
        "batch_size": 16,
    }
    monkeypatch.setattr(bottleneck, "SETUP", small)
    bottleneck.data.cache_clear()
    run = bottleneck.train_one(preset, hidden_size=7, steps=10, learning_rate=1e-3, seed=0)
    bottleneck.data.cache_clear()
    assert run.keys() == fields
    assert run["length"] == [1, 2, 3] and len(run["valid_loss"]) == 10


def trained(rate, seed):
    return {"rate": rate, "seed": seed, "loss": rate + seed}


def sweep():
    return [{"rate": rate, "seed": 1000} for rate in (1, 2)]


def reported(file, seeds):
    best = min((file.find(**job) for job in sweep()), key=lambda run: run["loss"])
    return [{"rate": best["rate"], "seed": seed} for seed in range(seeds)]


def test_a_command_asked_for_fewer_seeds_keeps_those_it_has(tmp_path, monkeypatch):
    path = tmp_path / "game.json"
    for seeds in ("3", "1"):
        monkeypatch.setattr("sys.argv", ["game", "--seeds", seeds, "--processes", "1"])
        tune_and_report("A game.", path, {}, trained, sweep, reported, seeds=5)
    runs = json.loads(path.read_text())["runs"]
    assert sorted((r["rate"], r["seed"]) for r in runs) == [
        (1, 0),
        (1, 1),
        (1, 2),
        (1, 1000),
        (2, 1000),
    ]


def test_make_benchmarks_runs_whatever_is_stored():
    run = {f"python -m benchmarks.{' '.join(line.split())}" for line in BENCHMARKS.split(";")}
    stored = [
        json.loads(path.read_text(encoding="utf-8"))
        for path in (ROOT / "benchmarks/results").glob("*.json")
        if path.name != "speed_avx2.json"  # the same command on another machine
    ]
    commands = {each["provenance"]["command"] for each in stored}
    assert len(commands) == len(stored) > 15
    assert commands <= run
