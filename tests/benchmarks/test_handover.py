"""What chapter 5 quotes of models that hand over a part of their final states."""

import pytest
import torch

import s2s_tutorial as s2s
from benchmarks import handover
from benchmarks.results_file import ResultsFile

COMMAND = "python -m benchmarks.handover"


@pytest.fixture
def small(monkeypatch):
    task = s2s.Task.load("numbers", {"train": 40, "valid": 5, "test": 9}, max_digits=4)
    monkeypatch.setattr(handover, "task", lambda: task)
    return task


@pytest.fixture
def model(small):
    torch.manual_seed(0)
    options = {"embedding_size": 3, "hidden_size": 5, "num_layers": 2}
    return s2s.build_model("stacked_lstm_general", *map(len, small.vocabs), **options).eval()


def test_a_cut_vector_is_zero_or_the_mean_and_the_others_stay(model, small):
    (batch,) = small.batches(batch_size=9)
    encoded = model.encode(batch.src, batch.src_lengths)
    h, c = encoded.final_state
    for mean in (False, True):
        handover.cut(model, handover.CUTS["without c of layer 2"], mean)
        kept_h, kept_c = model.decoder.init_state(encoded).recurrent
        torch.testing.assert_close(kept_h, h)
        torch.testing.assert_close(kept_c[0], c[0])
        expected = c[1].mean(dim=0).expand_as(c[1]) if mean else torch.zeros_like(c[1])
        torch.testing.assert_close(kept_c[1], expected)
    handover.cut(model, handover.KEPT["all four"])
    torch.testing.assert_close(model.decoder.init_state(encoded).recurrent, (h, c))


def test_the_gates_make_the_states(model, small):
    (batch,) = small.batches(batch_size=9)
    rnn, x = model.encoder.rnn, model.encoder.embedding(batch.src)
    gates, h = handover.gates_of(rnn, x)
    out, (last, _) = rnn(x)
    torch.testing.assert_close(h[1], out)
    torch.testing.assert_close(h[:, :, -1], last)
    w_x, _, b_x, b_h = rnn.all_weights[0]
    first = (x[:, 0] @ w_x.T + b_x + b_h).sigmoid().chunk(4, dim=1)
    for gate, expected in zip(gates[0], (first[0], first[1], first[3])):
        torch.testing.assert_close(gate[:, 0], expected)


def test_the_share_between_words():
    words = torch.tensor([0, 0, 1, 1])
    decided = torch.tensor([[1.0, 2.0], [1.0, 2.0], [3.0, -1.0], [3.0, -1.0]])
    assert handover.word_share(decided, words) == pytest.approx(1)
    assert handover.word_share(torch.tensor([[1.0], [3.0], [1.0], [3.0]]), words) == 0
    mixed = torch.tensor([[0.0], [2.0], [2.0], [4.0]])  # means 1 and 3; each 1 from its mean
    assert handover.word_share(mixed, words) == pytest.approx(0.5)


def test_the_stored_runs_are_all_there():
    file = ResultsFile(handover.RESULTS, handover.SETUP, COMMAND)
    wanted = handover.jobs_to_tune() + handover.jobs_to_report(file, seeds=5)
    assert [job for job in wanted if file.find(**job) is None] == []
    assert len(file.content["runs"]) == len(wanted)
    for run in file.content["runs"]:
        reported = run["seed"] != handover.SWEEP_SEED
        assert ("exact" in run) == reported
        assert ("looks" in run) == (reported and run["preset"] != "lstm")
        assert ("cuts" in run) == ("gates" in run) == (reported and run["handed"] == "all four")


def test_one_small_run_has_the_fields_of_the_stored_ones(small):
    run = handover.train_one("stacked_lstm_general", "all four", 2, 1e-2, seed=0)
    file = ResultsFile(handover.RESULTS, handover.SETUP, COMMAND)
    stored = file.find(preset="stacked_lstm_general", handed="all four", seed=0)
    assert run.keys() == stored.keys()
    assert run["cuts"].keys() == stored["cuts"].keys()
    assert sum(run["looks"].values()) == pytest.approx(1, abs=1e-3)
