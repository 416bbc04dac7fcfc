"""What chapters 6 and 10 quote of coverage, averaging and minimum Bayes risk."""

import json

import pytest

import s2s_tutorial as s2s
from benchmarks import further
from benchmarks.results_file import ResultsFile


@pytest.fixture
def tiny(monkeypatch):
    sizes = {"train": 100, "valid": 7, "test": 9}
    small = {
        "sizes": sizes,
        "model": {"embedding_size": 5, "hidden_size": 7},
        "steps": 8,
        "every": 2,
        "averaged": 2,
        "beam_size": 2,
        "judged": 5,
        "samples": 3,
    }
    monkeypatch.setattr(further, "SETUP", further.SETUP | small)
    task = s2s.Task.load("phrases", sizes)
    monkeypatch.setattr(further, "task", lambda: task)
    further.text_of.cache_clear()
    yield
    further.text_of.cache_clear()


def test_a_whole_run_in_small_has_the_fields_of_the_stored_ones(tiny):
    runs = json.loads(further.RESULTS.read_text(encoding="utf-8"))["runs"]
    for way in further.WAYS:
        run, kept = further.train_one(way, 1), next(run for run in runs if run["way"] == way)
        assert run.keys() == kept.keys()
        assert all(run[name].keys() == kept[name].keys() for name in ("greedy", "averaged"))


def test_the_last_checkpoints_are_kept(tiny, tmp_path):
    model, paths = further.train_model("coverage", 0, tmp_path)
    assert [path.stem for path in paths] == ["6", "8"] and len(list(tmp_path.iterdir())) == 4
    last = s2s.load_checkpoint(paths[-1]).model
    assert (last.decoder.output.bias == model.decoder.output.bias).all()
    assert model.config["preset"] == "coverage"


def test_what_is_counted():
    assert further.twice("a man and a man and a man") == 4
    assert further.twice("a man in a hat") == 0 == further.twice("")
    ids = [further.task().tgt_vocab.encode(pair.tgt) for pair in further.task().test]
    perfect = further.measured(ids)
    assert perfect["exact"] == 1 and perfect["missing"] == 0 and perfect["bleu"] == 100
    shorter = further.measured([y[:-1] for y in ids])
    assert shorter["ratio"] < 1 and 0 < shorter["missing"] < 1 and shorter["exact"] == 0


def test_the_stored_runs_are_all_there():
    file = ResultsFile(further.RESULTS, further.SETUP, "python -m benchmarks.further")
    for seed in range(3):
        for way in further.WAYS:
            assert file.find(way=way, seed=seed) is not None
    for run in file.content["runs"]:
        if "beam" in run:
            assert run["beam"]["penalties"][1] == 0.0
            length, penalty = run["covered"]["penalties"]
            assert length in further.SETUP["length_penalties_tried"]
            assert penalty in further.SETUP["coverage_penalties_tried"]
