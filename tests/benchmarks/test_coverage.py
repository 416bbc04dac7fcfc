"""Coverage and averaging in chapter 10's small translator: what is counted, and a run in small."""

import pytest

from benchmarks import captions, coverage
from benchmarks.results_file import ResultsFile
from s2s_tutorial.corpora import load_corpus

SIZES = {"train": 400, "valid": 11, "test": 13}


@pytest.fixture
def tiny(monkeypatch):
    def phrases(name, split="train", **options):
        return load_corpus("phrases", split, size=SIZES[split])

    monkeypatch.setattr(captions.s2s, "load_corpus", phrases)
    sizes = {"embedding_size": 5, "hidden_size": 7, "attention_size": 3, "readout_size": 5}
    small = {
        "pieces": [90, 80],
        "model": captions.SETUP["model"] | sizes,
        "epochs": 1,
        "length_penalties_tried": [0.8],
        "train": captions.SETUP["train"] | {"warmup_steps": 2},
    }
    monkeypatch.setattr(captions, "SETUP", captions.SETUP | small)
    more = {"coverage_penalties_tried": [0.0, 0.2], "looks": 3, "averaged": 2}
    monkeypatch.setattr(coverage, "SETUP", coverage.SETUP | small | more)
    captions.captions.cache_clear()
    yield
    captions.captions.cache_clear()


def test_a_whole_run_in_small(tiny):
    for way in coverage.WAYS:
        run = coverage.run(way, 1)
        assert run["way"] == way and run["seed"] == 1 and run["averaged"] >= 0
        assert ("covered" in run) == ("beam" in run) == ("constant" not in way)
    assert run["greedy"].keys() == {"bleu", "ratio", "missing", "twice"}


def test_the_last_checkpoints_are_kept(tiny, tmp_path):
    model, paths = coverage.train_model("coverage", 0, tmp_path)
    assert len(list(tmp_path.iterdir())) == 3 and len(paths) == 2
    assert paths == sorted(paths, key=lambda path: int(path.stem))
    assert int(paths[-1].stem) == 7 == -(-400 // 64) and model.config["preset"] == "coverage"


def test_pairs_said_again():
    assert coverage.twice("a man and a man and a man") == 4
    assert coverage.twice("a man in a hat") == 0 == coverage.twice("")


def test_the_stored_runs_are_all_there():
    file = ResultsFile(coverage.RESULTS, coverage.SETUP, "python -m benchmarks.coverage")
    for seed in range(3):
        for way in coverage.WAYS:
            assert file.find(way=way, seed=seed) is not None
    for run in file.content["runs"]:
        if "beam" in run:
            assert run["beam"]["penalties"][1] == 0.0
            length, penalty = run["covered"]["penalties"]
            assert length in coverage.SETUP["length_penalties_tried"]
            assert penalty in coverage.SETUP["coverage_penalties_tried"]
