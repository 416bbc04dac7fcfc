"""What chapter 10 quotes of names that training has hardly shown."""

import pytest

from benchmarks import rare_names
from benchmarks.results_file import ResultsFile


@pytest.fixture
def small(monkeypatch):
    sizes = {"train": 400, "valid": 40, "test": 60}
    model = {"embedding_size": 3, "hidden_size": 5}
    monkeypatch.setattr(rare_names, "SETUP", rare_names.SETUP | {"sizes": sizes, "model": model})
    for cached in (rare_names.pairs, rare_names.vocabulary):
        cached.cache_clear()
    yield
    for cached in (rare_names.pairs, rare_names.vocabulary):
        cached.cache_clear()


def test_every_person_has_two_names_that_are_the_same_on_both_sides(small):
    names = set(rare_names.invented(4000))
    assert len(names) == 4000
    for pair in rare_names.pairs("train"):
        here = [[token for token in side if token in names] for side in pair[:2]]
        assert here[0] and len(here[0]) % 2 == 0
        assert set(here[0]) == set(here[1])
        assert not (rare_names.PEOPLE - names) & {*pair.src, *pair.tgt}
    shown = {token for pair in rare_names.pairs("train") for token in pair.src}
    tested = {token for pair in rare_names.pairs("test") for token in pair.src if token in names}
    assert 0.2 < len(tested - shown) / len(tested) < 0.9


def test_what_is_counted(small):
    right = [list(pair.tgt) for pair in rare_names.pairs("test")]
    assert rare_names.measured(right) == {
        "exact": 1.0,
        "rare_names": 1.0,
        "known_names": 1.0,
        "bleu": 100.0,
    }
    vocab = rare_names.vocabulary()
    lost = [vocab.decode(vocab.encode(tokens)) for tokens in right]
    found = rare_names.measured(lost)
    assert found["rare_names"] == 0 and found["known_names"] == 1 and 0 < found["bleu"] < 100


def test_a_run_in_small_has_the_fields_of_the_stored_ones(small):
    for preset in rare_names.SYSTEMS:
        run = rare_names.train_one(preset, 2, 1e-2, seed=0)
        assert ("replaced" in run) == (preset == "bigru_concat")
        assert run["written"].keys() == {"exact", "rare_names", "known_names", "bleu"}


def test_the_stored_runs_are_all_there():
    file = ResultsFile(rare_names.RESULTS, rare_names.SETUP, "python -m benchmarks.rare_names")
    wanted = rare_names.jobs_to_tune() + rare_names.jobs_to_report(file, seeds=5)
    assert [job for job in wanted if file.find(**job) is None] == []
    assert len(file.content["runs"]) == len(wanted)
    for run in file.content["runs"]:
        assert ("written" in run) == (run["seed"] != rare_names.SWEEP_SEED)
