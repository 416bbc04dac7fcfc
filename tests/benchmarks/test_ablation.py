"""The ablation of chapter 10's small recipe: what a row changes, and a run in small."""

import json

import pytest
import torch

import s2s_tutorial as s2s
from benchmarks import ablation, quality_data
from benchmarks.results_file import ResultsFile
from s2s_tutorial.corpora import load_corpus


@pytest.fixture
def tiny(monkeypatch):
    def phrases(name, split="train", **options):
        return load_corpus("phrases", split, size={"train": 300, "valid": 9, "test": 11}[split])

    monkeypatch.setattr(quality_data.s2s, "load_corpus", phrases)
    sizes = {"embedding_size": 5, "hidden_size": 7, "attention_size": 3, "readout_size": 5}
    small = {
        "data": ablation.DATA | {"src_size": 90, "tgt_size": 80, "longest": 8},
        "model": ablation.MODEL | sizes,
        "train": ablation.TRAIN | {"warmup_steps": 2},
        "epochs": 1,
        "averaged": 2,
        "judges": 5,
        "beam_size": 2,
        "length_penalties_tried": [0.8],
    }
    monkeypatch.setattr(ablation, "SETUP", ablation.SETUP | small)
    ablation.task.cache_clear()
    yield
    ablation.task.cache_clear()


def test_every_row_changes_one_thing_of_the_recipe():
    for row, change in ablation.ROWS.items():
        assert len(change) == (row != ablation.ALL_IN)
        for name, value in change.items():
            settings = (ablation.DATA, ablation.MODEL, ablation.TRAIN, ablation.SETUP)
            (home,) = (each for each in settings if name in each)
            assert home[name] != value


@pytest.mark.parametrize("row", [ablation.ALL_IN, "words", "no averaging"])
def test_a_run_in_small(tiny, row):
    run = ablation.train_one(row, 1e-2, 0, 1)
    assert {"row", "seed", "valid", "greedy", "beam", "parameters"} < run.keys()
    assert 0 <= run["beam"] <= 100
    if row == ablation.ALL_IN:
        tuned = ablation.train_one(row, 1e-2, ablation.SWEEP_SEED, 1)
        assert "beam" not in tuned and tuned["valid"] >= 0


def test_averaging_is_the_mean_of_the_last_checkpoints(tiny, tmp_path):
    captions = ablation.task(**ablation.SETUP["data"])
    assert all(len(pair.src) <= 8 for pair in captions._words["train"])
    models = [
        ablation.train_model(captions, row, 1e-2, 0, 1, tmp_path).decoder.output.bias
        for row in (ablation.ALL_IN, "no averaging")
    ]
    assert not torch.equal(*models)  # the same run, once averaged and once not


def test_the_rows_are_reported_at_the_best_rate_of_the_whole_recipe(tmp_path):
    file = ResultsFile(tmp_path / "ablation.json", ablation.SETUP, "")
    for job, valid in zip(ablation.jobs_to_tune(), (20.0, 22.0, 21.0)):
        file.add(job | {"valid": valid})
    jobs = ablation.jobs_to_report(file, seeds=2)
    assert len(jobs) == 2 * len(ablation.ROWS) + 2 * len(ablation.LONGER)
    assert (
        {job["row"] for job in jobs if job["epochs"] == 18} == {*ablation.LONGER} < {*ablation.ROWS}
    )
    assert {job["learning_rate"] for job in jobs} == {ablation.SETUP["learning_rates"][1]}


def test_what_the_page_says_of_it():
    """In words on *What was measured*: four rows are decided after six passes, another one after eighteen."""
    runs = json.loads(ablation.RESULTS.read_text(encoding="utf-8"))["runs"]
    beams = {6: {}, 18: {}}
    for run in runs:
        if "beam" in run:
            beams[run["epochs"]].setdefault(run["row"], []).append(run["beam"])
    assert {*beams[6]} == {*ablation.ROWS} and {*beams[18]} == {*ablation.LONGER}
    assert all(len(each) == 3 for scores in beams.values() for each in scores.values())
    found = {
        passes: s2s.compare_all(scores, [(row, "all in") for row in scores if row != "all in"])
        for passes, scores in beams.items()
    }
    decided = {
        row: each.verdict for (row, _), each in found[6].items() if each.verdict != "undecided"
    }
    against = {"no dropout", "constant rate", "maxout readout"}
    assert decided == dict.fromkeys(against, "higher") | {"embeddings not tied": "lower"}
    assert all(3 < found[6][row, "all in"].difference < 4.5 for row in against)
    longer = {row for (row, _), each in found[18].items() if each.verdict != "undecided"}
    assert longer == {"no word dropout"}
    assert 0.9 < found[18]["no word dropout", "all in"].difference < 1.1
    assert all(0 < found[18][row, "all in"].difference < 1.1 for row in against)
    means = [sum(beams[passes]["all in"]) / 3 for passes in (6, 18)]
    assert round(means[1] - means[0]) == 8
