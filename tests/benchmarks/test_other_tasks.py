"""What chapter 12 quotes of five tasks: each run in small, and what the stored file says."""

import json

import pytest

import s2s_tutorial as s2s
from benchmarks import other_tasks
from benchmarks.results_file import ResultsFile

COMMAND = "python -m benchmarks.other_tasks"
RESULTS = json.loads(other_tasks.RESULTS.read_text(encoding="utf-8"))


@pytest.fixture
def small(monkeypatch, tmp_path):
    setup = other_tasks.SETUP
    monkeypatch.setitem(setup, "sizes", {"train": 60, "valid": 5, "test": 7})
    monkeypatch.setitem(setup, "batch_size", 8)
    tasks = {name: [c, options, 80] for name, (c, options, _) in setup["tasks"].items()}
    monkeypatch.setitem(setup, "tasks", tasks)
    monkeypatch.setattr(other_tasks, "MODELS", tmp_path / "models")
    other_tasks.load_task.cache_clear()
    yield tmp_path / "models"
    other_tasks.load_task.cache_clear()


MEASURES = {
    "sentiment": {"exact"},
    "entities": {"exact", "f1", "words"},
    "trees": {"exact", "f1", "words"},
    "facts, chain, long": {"exact", "place"},
    "dialogue": {"exact", "joint", "f1"},
}


@pytest.mark.slow
@pytest.mark.parametrize("task", MEASURES)
def test_a_run_in_small_has_the_measures_of_its_task(task, small):
    system = other_tasks.WAYS[task][0]
    run = other_tasks.train_one(task, system, 1e-2, seed=0)
    assert MEASURES[task] <= run.keys()
    assert all(0 <= run[name] <= 1 for name in MEASURES[task])
    if system == "attention":
        (file,) = small.iterdir()
        found = s2s.load_checkpoint(file)
        assert found.model.parameter_count() == run["parameters"]
        assert found.tgt_vocab == other_tasks.load_task(task).tgt_vocab


def test_the_rate_is_chosen_without_test_data(small):
    run = other_tasks.train_one("sentiment", "mean pooling", 1e-2, other_tasks.SWEEP_SEED)
    assert not {"exact", "f1", "place", "joint"} & run.keys()


def test_of_the_last_turn_nothing_else_is_left(small):
    whole, last = (other_tasks.load_task(n).train for n in ("dialogue", "dialogue, last turn"))
    for pair, cut in zip(whole, last):
        assert cut.src == pair.src[-len(cut.src) :]
        assert cut.src[0] == "user:" and "system:" not in cut.src
        assert all(cut.src[j] == cut.tgt[i] for j, i in cut.alignment)


def test_a_long_run_has_the_pairs_of_the_short_one(small):
    short, long = (other_tasks.load_task(name) for name in ("facts, chain", "facts, chain, long"))
    assert list(long.train) == list(short.train)


def test_the_stored_runs_are_those_of_the_program():
    file = ResultsFile(other_tasks.RESULTS, other_tasks.SETUP, COMMAND)
    assert file.content["provenance"] == RESULTS["provenance"]
    assert RESULTS["provenance"]["command"] == COMMAND
    jobs = other_tasks.jobs_to_tune() + other_tasks.jobs_to_report(file, 3)
    assert len(RESULTS["runs"]) == len(jobs)
    assert all(file.find(**job) is not None for job in jobs)


@pytest.mark.parametrize("task", ["entities", "trees", "facts, chain, long", "dialogue"])
def test_a_stored_model_writes_what_its_run_says(task):
    data = other_tasks.load_task(task)
    found = s2s.load_checkpoint(other_tasks.model_file(task))
    assert (found.src_vocab, found.tgt_vocab) == data.vocabs
    run = next(
        r for r in RESULTS["runs"] if (r["task"], r["system"], r["seed"]) == (task, "attention", 0)
    )
    first = data._replace(test=data.test[:60])
    exact = first.exact_match(found.model, max_length=80)
    assert exact == pytest.approx(run["exact"], abs=0.2)  # sixty of five hundred
