"""The comparison: equal parameters, equal batches, resumption, and what the stored file says."""

import itertools
import json

import pytest
import torch
from places import ROOT

import s2s_tutorial as s2s
from benchmarks import comparison, comparison_task
from benchmarks.comparison_speed import measure_speed
from benchmarks.comparison_task import SETUP, equal_size, load_task, train_one
from benchmarks.results_file import ResultsFile

CHAPTER = ROOT / "chapters/09_comparison.ipynb"
CACHES = load_task, comparison_task.training_batches, equal_size


@pytest.fixture
def tiny(monkeypatch):
    """The same set-up in small: seconds, not an hour."""
    small = {
        "corpora": {
            "reverse": {
                "options": {"max_length": 3, "symbols": 5},
                "steps": 6,
                "lengths": [[1, 2], [3, 3], [4, 5]],
                "beyond": {"min_length": 4, "max_length": 5},
            }
        },
        "sizes": {"train": 200, "valid": 20, "test": 30, "beyond": 10},
        "parameters_of": {"preset": "bahdanau", "hidden_size": 13},
        "tolerance": 0.1,
        "model": {"embedding_size": 5},
        "batch_size": 16,
        "learning_rates": [0.001, 0.01],
        "max_length": 7,
    }
    for name, value in small.items():
        monkeypatch.setitem(SETUP, name, value)
    for cache in CACHES:
        cache.cache_clear()
    yield SETUP
    for cache in CACHES:
        cache.cache_clear()


def settled(run):
    return {name: value for name, value in run.items() if name != "cpu_seconds"}


@pytest.mark.parametrize("corpus", SETUP["corpora"])
def test_every_preset_has_the_same_number_of_parameters_within_two_per_cent(corpus):
    task = load_task(corpus)
    counts = {
        preset: comparison_task.parameters(task, preset, equal_size(corpus, preset))
        for preset in s2s.list_presets()
        if preset != "pointer_generator"  # which has one vocabulary
    }
    reference = counts[SETUP["parameters_of"]["preset"]]
    assert equal_size(corpus, "bahdanau") == SETUP["parameters_of"]["hidden_size"]
    assert all(abs(count - reference) <= 0.02 * reference for count in counts.values()), counts


def test_the_nearest_size_is_taken(tiny):
    task, preset = load_task("reverse"), "stacked_lstm_general"
    target = comparison_task.build(task, "bahdanau", 13).parameter_count()
    size = equal_size("reverse", preset)
    misses = {h: abs(comparison_task.parameters(task, preset, h) - target) for h in range(1, 40)}
    assert size == min(misses, key=misses.get)


def test_a_size_that_cannot_be_met_is_said(tiny, monkeypatch):
    monkeypatch.setitem(SETUP, "tolerance", 0.0)
    with pytest.raises(ValueError, match="no hidden size gives stacked_lstm_dot .* parameters"):
        equal_size("reverse", "stacked_lstm_dot")


def test_the_same_seed_gives_the_same_run_and_another_seed_another(tiny):
    job = {"corpus": "reverse", "preset": "luong_local_p", "learning_rate": 0.01, "tuning": False}
    first = train_one(**job, seed=0)
    torch.manual_seed(7)  # the result must not depend on what ran before
    assert settled(train_one(**job, seed=0)) == settled(first)
    assert train_one(**job, seed=1)["valid_loss"] != first["valid_loss"]


def test_tuning_never_looks_at_the_test_pairs(tiny, monkeypatch):
    monkeypatch.setattr(comparison_task, "score", None)  # calling it would fail
    run = train_one("reverse", "luong_location", 0.01, 3, tuning=True)
    assert "exact" not in run and run["kind"] == "tuning"


def test_all_presets_meet_the_same_batches_in_the_same_order(tiny):
    def order(seed):
        return [batch.indices.tolist() for batch in load_task("reverse").batches("train", seed)]

    assert order(0) == order(0) != order(1)


def test_what_lies_beyond_the_trained_lengths_counts_by_length_only(tiny, monkeypatch):
    task = load_task("reverse")
    wanted = [*task.splits["test"], *task.splits["beyond"]]
    ids = [task.vocabs[1].encode(pair.tgt) for pair in wanted]
    ids[30:] = [[] for _ in ids[30:]]  # wrong beyond, right within
    monkeypatch.setattr(s2s, "decode_corpus", lambda *given: s2s.Decoded(ids, [], None))
    model = comparison_task.build(task, "rnn", 7)
    scores = comparison_task.score(model, task)
    assert (scores["exact"], scores["tokens"]) == (1.0, 1.0)
    assert scores["by_length"] == [1.0, 1.0, 0.0]


def test_a_stopped_comparison_goes_on_and_a_whole_one_does_nothing(tiny, tmp_path, monkeypatch):
    out = tmp_path / "comparison.json"
    command = ["--presets", "lstm", "bahdanau", "--seeds", "2", "--out", str(out)]
    done = []

    def stopping(**job):
        if len(done) == 5:
            raise KeyboardInterrupt
        done.append(job)
        return train_one(**job)

    monkeypatch.setattr(comparison, "train_one", stopping)
    with pytest.raises(KeyboardInterrupt):
        comparison.main(command)
    kept = json.loads(out.read_text())["runs"]
    assert [run["kind"] for run in kept] == ["tuning"] * 4 + ["speed"] * 2 + ["score"]

    monkeypatch.setattr(comparison, "train_one", train_one)
    comparison.main(command)
    whole = json.loads(out.read_text())["runs"]
    assert whole[: len(kept)] == kept and len(whole) == 4 + 2 + 2 * 2
    assert len({(r["preset"], r["seed"]) for r in whole if r["kind"] == "score"}) == 4
    monkeypatch.setattr(comparison, "train_one", None)  # calling it would fail
    monkeypatch.setattr(comparison, "measure_speed", None)
    comparison.main(command)
    assert json.loads(out.read_text())["runs"] == whole


def test_the_rate_is_the_one_with_the_lowest_last_validation_loss(tiny, tmp_path):
    file = ResultsFile(tmp_path / "comparison.json", SETUP, "")
    losses = {0.001: [1.0, 0.9], 0.01: [0.1, 1.0]}
    for job in comparison.sweep_jobs(["reverse"], ["lstm"]):
        file.add(job | {"valid_loss": losses[job["learning_rate"]]})
    assert comparison.best_learning_rate(file, "reverse", "lstm") == 0.001


def test_speed_is_measured_beside_the_lstm(tiny, monkeypatch):
    monkeypatch.setattr("benchmarks.comparison_speed.TURNS", 3)
    rows = measure_speed("reverse", ["bahdanau", "lstm"])
    assert [row["preset"] for row in rows] == ["lstm", "bahdanau"]
    for what in ("training", "decoding"):
        assert rows[0][what]["ratio"] == 1.0
        assert all(row[what]["tokens_per_second"] > 0 for row in rows)


def test_writing_at_a_set_length_writes_that_much(tiny):
    task = load_task("reverse")
    model = comparison_task.build(task, "luong_dot", 7)
    batch = next(iter(task.batches("test")))
    found = s2s.greedy_decode(model, batch.src, batch.src_lengths, 3, min_length=3)
    assert {len(ids) for ids in found.ids} == {3}


@pytest.mark.parametrize(
    "wrong, said",
    [
        (["--presets", "gpt"], "invalid choice: 'gpt'"),
        (["--corpora", "copy"], "invalid choice: 'copy'"),
        (["--seeds", "0"], "--seeds must be at least 1, not 0"),
    ],
)
def test_a_wrong_request_is_refused_before_anything_is_written(wrong, said, tmp_path, capsys):
    out = tmp_path / "comparison.json"
    with pytest.raises(SystemExit):
        comparison.main([*wrong, "--out", str(out)])
    assert said in capsys.readouterr().err and not out.exists()


@pytest.mark.parametrize("preset", ["luong_location", "luong_local_p", "bahdanau"])
def test_the_chapter_runs_what_the_command_runs(tiny, preset):
    job = {"corpus": "reverse", "preset": preset, "learning_rate": 0.01, "seed": 1}
    run = train_one(**job, tuning=False)
    cells = json.loads(CHAPTER.read_text(encoding="utf-8"))["cells"]
    chapter = {"setup": json.loads(json.dumps(SETUP)), "CORPORA": ["reverse"]}
    chapter["stored"] = {"score": {("reverse", preset, 1): run}}
    exec("import bisect, functools, torch\nimport s2s_tutorial as s2s", chapter)
    for function in ("def build(", "def longest_source(", "def equal_size(", "def again("):
        (source,) = ("".join(c["source"]) for c in cells if function in "".join(c["source"]))
        exec(source, chapter)
    target = chapter["build"]("reverse", "bahdanau", 13).parameter_count()
    size = chapter["equal_size"]("reverse", preset, target)
    loss, share = chapter["again"]("reverse", preset, 1)
    assert size == run["hidden_size"]
    assert (round(loss, 4), round(share, 4)) == (run["valid_loss"][-1], run["exact"])


@pytest.fixture(scope="module")
def file():
    """The file that the chapter and the site read."""
    return ResultsFile(comparison.RESULTS, SETUP, comparison.COMMAND)


def test_the_stored_file_is_whole_and_of_this_setup(file):
    systems = tuple(SETUP["corpora"]), comparison.PRESETS
    jobs = comparison.sweep_jobs(*systems) + comparison.score_jobs(file, *systems, seeds=10)
    assert [job for job in jobs if file.find(**job) is None] == []
    speed = [run for run in file.content["runs"] if run["kind"] == "speed"]
    measured = {(run["corpus"], run["preset"]) for run in speed}
    assert measured == set(itertools.product(*systems))
    assert len(file.content["runs"]) == len(jobs) + len(speed) == 4 * 16 * (4 + 10 + 1)


def test_the_stored_numbers_are_possible(file):
    runs = [run for run in file.content["runs"] if run["kind"] != "speed"]
    of_reference = {r["corpus"]: r["parameters"] for r in runs if r["preset"] == "bahdanau"}
    for run in runs:
        assert abs(run["parameters"] / of_reference[run["corpus"]] - 1) <= SETUP["tolerance"]
        if run["kind"] == "score":
            assert 0 <= run["exact"] <= 1 and 0 <= run["tokens"] <= 1
            assert run["perplexity"] >= 1
            assert len(run["by_length"]) == len(SETUP["corpora"][run["corpus"]]["lengths"])
            assert all(0 <= share <= 1 for share in run["by_length"])


def test_the_row_that_chapter_13_adds_is_of_this_setup():
    row = ResultsFile(comparison.ROW, SETUP, f"{comparison.COMMAND} --presets transformer")
    assert [
        job
        for job in comparison.sweep_jobs(SETUP["corpora"], ["transformer"])
        if not row.find(**job)
    ] == []
    for corpus in SETUP["corpora"]:
        runs = [r for r in row.content["runs"] if (r["corpus"], r["kind"]) == (corpus, "score")]
        assert sorted(run["seed"] for run in runs) == list(range(10))
        best = comparison.best_learning_rate(row, corpus, "transformer")
        assert {run["learning_rate"] for run in runs} == {best}
        assert {run["feedforward_size"] for run in runs} == {equal_size(corpus, "transformer")}
