"""The rival without attention: one vector at every step, all else as in the recipe; and a run in small."""

import json

import pytest
import torch

import s2s_tutorial as s2s
from benchmarks import quality, quality_data, rival
from benchmarks.results_file import ResultsFile
from s2s_tutorial.corpora import load_corpus


@pytest.fixture
def tiny(monkeypatch, tmp_path):
    def phrases(name, split="train", **options):
        return load_corpus("phrases", split, size={"train": 40, "valid": 7, "test": 5}[split])

    monkeypatch.setattr(quality_data.s2s, "load_corpus", phrases)
    monkeypatch.setattr(quality, "RUNS", tmp_path)
    recipe = rival.SETUP["recipe"]
    sizes = {"embedding_size": 5, "hidden_size": 7, "attention_size": 3, "readout_size": 5}
    small = recipe | {
        "model": recipe["model"] | sizes,
        "batch_size": 11,
        "epochs": 2,
        "evaluate_epochs": 1,
        "train": recipe["train"] | {"warmup_steps": 2},
    }
    monkeypatch.setattr(rival, "SETUP", rival.SETUP | {"recipe": small, "epochs_to_tune": 1})
    rival.captions.cache_clear()
    yield
    rival.captions.cache_clear()


def test_the_context_is_what_the_encoder_ended_with_both_ways():
    torch.manual_seed(0)
    encoder = s2s.Encoder(11, embedding_size=3, hidden_size=5, bidirectional=True)
    encoded = encoder(torch.tensor([[4, 5, 6], [7, 8, 0]]), torch.tensor([3, 2]))
    attend = rival.FixedContext()
    found = [
        attend(torch.randn(2, 7), encoded.memory, encoded.memory, encoded.src_mask, position=i)
        for i in (0, 4)
    ]
    for context, weights in found:  # PyTorch's own final states, forwards and then backwards
        torch.testing.assert_close(context, encoded.final_state[-1])
        assert weights.tolist() == [[0.5, 0.0, 0.5], [0.5, 0.5, 0.0]]


def test_it_is_the_recipe_without_its_scores(tiny):
    recipe = rival.SETUP["recipe"]
    with_attention = quality.build(rival.captions(), recipe)
    scores = sum(p.numel() for p in with_attention.decoder.attention.parameters())
    lone = rival.build(rival.captions(), recipe)
    assert lone.parameter_count() == with_attention.parameter_count() - scores


def test_a_run_in_small_tunes_without_looking_at_test_captions(tiny, tmp_path):
    file = ResultsFile(tmp_path / "rival.json", {}, "")
    for job in rival.jobs_to_tune():
        file.add(rival.train_one(**job))
    assert not any("test_beam" in run for run in file.content["runs"])
    best = max(file.content["runs"], key=lambda run: max(run["valid_greedy"]))
    (job,) = rival.jobs_to_report(file, 1)
    assert job == {"learning_rate": best["learning_rate"], "seed": 0}
    run = rival.train_one(**job)
    assert len(run["valid_greedy"]) == 2 and run["test_beam"] >= 0 and run["parameters"] > 0


def test_the_stored_runs_are_the_recipe_at_the_best_rate_of_a_sweep_that_encloses_it():
    content = json.loads(rival.RESULTS.read_text(encoding="utf-8"))
    assert content["setup"] == json.loads(json.dumps(rival.SETUP))
    tried = [run for run in content["runs"] if run["seed"] == rival.SWEEP_SEED]
    reported = [run for run in content["runs"] if run["seed"] != rival.SWEEP_SEED]
    assert [run["learning_rate"] for run in tried] == rival.SETUP["learning_rates"]
    best = max(tried, key=lambda run: max(run["valid_greedy"]))["learning_rate"]
    assert rival.SETUP["learning_rates"].index(best) in (1, 2), "no end of the grid"
    assert sorted(run["seed"] for run in reported) == [0, 1, 2]
    assert {run["learning_rate"] for run in reported} == {best}
    assert {run["epochs"] for run in reported} == {rival.SETUP["recipe"]["epochs"]}
    with_attention = json.loads(quality.RESULTS.read_text(encoding="utf-8"))["runs"]
    beams = [run["test_beam"] for run in with_attention if run["recipe"] == "words"]
    worth = s2s.compare(beams, [run["test_beam"] for run in reported])
    assert worth.verdict == "higher" and worth.low > 10, "chapter 10 says fourteen points"
