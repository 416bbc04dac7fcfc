"""What chapter 13 quotes of Transformers without one of their parts."""

import pytest
import torch
from torch import nn

import s2s_tutorial as s2s
from benchmarks import transformer_parts as parts
from benchmarks.results_file import ResultsFile

COMMAND = "python -m benchmarks.transformer_parts"
X, MASK = torch.randn(2, 5, 12, generator=torch.Generator().manual_seed(0)), torch.ones(2, 5).bool()


@pytest.fixture
def small(monkeypatch):
    task = s2s.Task.load("numbers", {"train": 40, "valid": 5, "test": 9}, max_digits=4)
    monkeypatch.setattr(parts, "task", lambda: task)
    return task


def made(way):
    torch.manual_seed(0)
    options, change = parts.WAYS[way]
    sizes = {"embedding_size": 12, "hidden_size": 12, "feedforward_size": 7, "num_layers": 2}
    model = s2s.build_model("transformer", 11, 11, **sizes, **options)
    change(model)
    return model


def test_without_residual_a_layer_keeps_nothing_of_what_it_read():
    layer = made("no residual").encoder.layers[0]
    change = layer.self_attention.attend(
        layer.norm_1(X), layer.self_attention.project_keys(layer.norm_1(X)), MASK
    )[0]
    torch.testing.assert_close(layer(X, MASK)[0], layer.feed_forward(layer.norm_2(change)))


def test_without_norm_there_is_none_left_and_nothing_else_is_changed():
    model = made("no norm")
    assert not [part for part in model.modules() if isinstance(part, nn.LayerNorm)]
    layer = model.encoder.layers[1]
    first = X + layer.self_attention.attend(X, layer.self_attention.project_keys(X), MASK)[0]
    torch.testing.assert_close(layer(X, MASK)[0], first + layer.feed_forward(first))


def test_without_scale_the_scores_are_dot_products():
    model = made("no scale")
    attentions = [p for p in model.modules() if isinstance(p, s2s.MultiHeadAttention)]
    assert len(attentions) == 6 and {type(p) for p in attentions} == {parts.NotScaled}
    attention = attentions[0]
    keys = attention.project_keys(X)
    _, weights = attention.attend(X, keys)
    heads = [t.unflatten(-1, (4, 3)).transpose(1, 2) for t in (X @ attention.W_q.T, keys[..., :12])]
    torch.testing.assert_close(weights, (heads[0] @ heads[1].transpose(2, 3)).softmax(dim=-1))


def test_heads_cost_no_parameter():
    counts = {way: made(way).parameter_count() for way in parts.WAYS}
    assert counts["whole"] == counts["1 head"] == counts["12 heads"] == counts["no scale"]
    assert counts["no positions"] == counts["no residual"] == counts["whole"]
    assert made("12 heads").decoder.layers[1].attention.heads == 12


def test_the_stored_runs_are_all_there():
    file = ResultsFile(parts.RESULTS, parts.SETUP, COMMAND)
    wanted = parts.jobs_to_tune() + parts.jobs_to_report(file, seeds=5)
    assert [job for job in wanted if file.find(**job) is None] == []
    assert len(file.content["runs"]) == len(wanted)
    for run in file.content["runs"]:
        assert ("exact" in run) == (run["seed"] != parts.SWEEP_SEED)


@pytest.mark.parametrize("way", ["no residual", "1 head"])
def test_one_small_run_has_the_fields_of_the_stored_ones(small, way):
    run = parts.train_one(way, 2, 1e-2, seed=0)
    file = ResultsFile(parts.RESULTS, parts.SETUP, COMMAND)
    assert run.keys() == file.find(way=way, seed=0).keys()
