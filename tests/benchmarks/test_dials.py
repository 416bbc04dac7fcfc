"""The runs of chapter 4, and the parts that only they have."""

import torch

import s2s_tutorial as s2s
from benchmarks import dials
from benchmarks.results_file import ResultsFile


def file():
    return ResultsFile(dials.RESULTS, dials.SETUP, "python -m benchmarks.dials")


def test_concat_with_bare_keys_is_concat_with_the_identity_for_the_keys_part():
    bare, concat = dials.BareKeysConcat(3), s2s.ConcatAttention(3, 3, 3)
    concat.W.data = torch.cat([bare.W_q.data, torch.eye(3)], dim=1)
    concat.v.data = bare.v.data
    query, memory = torch.randn(2, 5, 3), torch.randn(2, 7, 3)
    expected = concat.score(query, concat.project_keys(memory))
    torch.testing.assert_close(bare.score(query, bare.project_keys(memory)), expected)


def test_an_empty_start_knows_nothing_of_the_source():
    model = s2s.build_model("luong_location", 11, 13, 3, hidden_size=5)
    dials.empty_start(model)
    encoded = model.encode(torch.tensor([[4, 5, 6]]), torch.tensor([3]))
    assert all(not part.any() for part in model.decoder.init_state(encoded).recurrent)


def test_a_telephone_book_lists_every_name_once_and_wants_the_numbers_in_their_order():
    for pair in dials.telephone_book(size=20, seed=0):
        page = dict(zip(pair.src[0::2], pair.src[1::2]))
        assert sorted(page) == list("abcdef")
        assert list(pair.tgt) == [page[name] for name in "abcdef"]


def test_the_stored_runs_are_all_there_and_no_others():
    stored = file()
    wanted = [dials.job(**each) for each in dials.jobs_of_few() + dials.jobs_at_best(stored)]
    assert [job for job in wanted if stored.find(**job) is None] == []
    assert all(any(job.items() <= run.items() for job in wanted) for run in stored.content["runs"])


def test_one_small_run_has_the_fields_of_the_stored_ones(monkeypatch):
    options = {"symbols": 3, "min_length": 10, "max_length": 10}
    small = s2s.Task.load("reverse", {"train": 40, "valid": 5, "test": 5}, **options)
    monkeypatch.setattr(dials, "task", lambda game: small)
    run = dials.train_one("reverse", "local-p", steps=2, learning_rate=1e-2, seed=0)
    assert run.keys() == file().find(game="reverse", entry="local-p").keys()
    assert 0 <= run["exact"] <= 1 and len(run["by_position"]) == 10
