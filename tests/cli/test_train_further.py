"""``s2s train`` from what there is already: a model, word vectors, a file of options; and its logs."""

import csv
import sys

import pytest
import torch
import yaml
from command_line import REVERSE, run

from s2s_tutorial.saving.checkpoint import load_checkpoint
from s2s_tutorial.saving.translator_file import read_parts
from s2s_tutorial.training.run_files import best_path

DATA = "train --corpus reverse --option size=23 --option symbols=3 --option max_length=4".split()
DATA += "--batch-size 7 --device cpu --no-progress".split()
QUICK = [*REVERSE, "--evaluate-every", "3"]


@pytest.fixture(scope="module")
def trained(tmp_path_factory):
    """A run of seven updates: its file, and what it said."""
    path = tmp_path_factory.mktemp("runs") / "first.safetensors"
    log = path.with_suffix(".csv")
    return path, run(*QUICK, "--steps", "7", "-o", path, "--log", log)


def test_each_evaluation_is_a_line_and_a_row(trained):
    path, said = trained
    history = load_checkpoint(path).info["history"]
    assert [f"update {k}: " in said for k in (3, 6, 7)] == [True] * 3
    rows = list(csv.DictReader(path.with_suffix(".csv").open(encoding="utf-8")))
    assert [int(row["update"]) for row in rows] == history["evaluated_at"] == [3, 6, 7]
    assert [float(row["valid_loss"]) for row in rows] == history["valid_loss"]
    assert float(rows[-1]["batch_loss"]) == history["batch_loss"][-1]


def test_the_options_written_beside_a_run_do_it_again(trained, tmp_path):
    path, _ = trained
    options = yaml.safe_load(path.with_suffix(".yml").read_text(encoding="utf-8"))
    assert options["steps"] == 7 and options["evaluate-every"] == 3 and options["clip"] == 1.0
    again = tmp_path / "again.safetensors"
    run("train", "--config", path.with_suffix(".yml"), "-o", again, "--log", tmp_path / "log.csv")
    first, second = (load_checkpoint(p) for p in (path, again))
    assert first.info["history"]["batch_loss"] == second.info["history"]["batch_loss"]
    assert load_checkpoint(again).info["settings"] == first.info["settings"]


def test_files_of_ones_own_stay(tmp_path):
    log, options = tmp_path / "mine.csv", tmp_path / "r.yml"
    log.write_text("a,b\n1,2\n", encoding="utf-8")
    said = run(*QUICK, "-o", tmp_path / "r.safetensors", "--log", log, code=1)
    assert "is no log of s2s" in said and log.read_text(encoding="utf-8") == "a,b\n1,2\n"
    options.write_text("# mine\nsteps: 2\n", encoding="utf-8")
    run(*QUICK, "--config", options, "-o", tmp_path / "r.safetensors")
    assert options.read_text(encoding="utf-8") == "# mine\nsteps: 2\n"


def test_a_run_that_comes_to_nothing_leaves_the_log_before_it(trained, tmp_path):
    log = tmp_path / "log.csv"
    log.write_bytes(trained[0].with_suffix(".csv").read_bytes())
    rest = ["--log", log, "--learning-rate", "1e38", "--clip", "none"]
    run(*QUICK, *rest, "-o", tmp_path / "r.safetensors", code=1)
    assert log.read_bytes() == trained[0].with_suffix(".csv").read_bytes()
    assert not (tmp_path / "r.yml").exists()


def test_nothing_said_of_an_option_is_its_default(tmp_path):
    (tmp_path / "o.yml").write_text("log: null\nmax-vocab: null\nclip: null\n", encoding="utf-8")
    path = tmp_path / "r.safetensors"
    run(*QUICK, "--config", tmp_path / "o.yml", "-o", path)
    assert load_checkpoint(path).info["settings"]["clip"] is None
    assert sorted(p.suffix for p in tmp_path.iterdir()) == [".safetensors"] * 2 + [".yml"] * 2


def test_what_is_said_comes_before_the_file(trained, tmp_path):
    path, _ = trained
    other = tmp_path / "other.safetensors"
    rest = ["-o", other, "--steps", "4", "--log", tmp_path / "log.csv"]
    run("train", "--config", path.with_suffix(".yml"), *rest)
    assert load_checkpoint(other).info["history"]["evaluated_at"] == [3, 4]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("stpes: 7", "no option 'stpes' (did you mean 'steps'?)"),
        ("steps: many", "many"),
        ("- steps", "must hold options"),
        ("steps: [", "is not YAML"),
    ],
)
def test_a_file_of_other_options_is_explained(tmp_path, text, message):
    (tmp_path / "o.yml").write_text(text, encoding="utf-8")
    assert message in run("train", "--config", tmp_path / "o.yml", code=2)


def test_a_model_is_trained_further(trained, tmp_path):
    path, _ = trained
    further = tmp_path / "further.safetensors"
    start = ["--start-from", best_path(path)]
    said = run(*DATA, *start, "--steps", "2", "-o", further)
    before, after = read_parts(best_path(path)), read_parts(further)
    assert after.model.config == before.model.config and after.src_vocab == before.src_vocab
    losses = [load_checkpoint(p).info["history"]["batch_loss"][0] for p in (path, further)]
    assert losses[1] < losses[0], "it begins where the other one was"
    assert "those of" in said
    options = yaml.safe_load(further.with_suffix(".yml").read_text(encoding="utf-8"))
    assert "start-from" in options and not {"preset", "hidden-size"} & options.keys()
    config = ["--config", further.with_suffix(".yml")]
    run("train", *config, "-o", tmp_path / "again.safetensors")
    run("train", "--config", path.with_suffix(".yml"), *start, "-o", tmp_path / "x.safetensors")
    both = tmp_path / "both.yml"
    both.write_text(f"start-from: {best_path(path)}\nhidden-size: 7\n", encoding="utf-8")
    assert "leave out --hidden-size" in run(*DATA, "--config", both, code=2)
    assert "leave out --hidden-size" in run(*DATA, *start, "--hidden-size", 7, code=2)


def test_both_sides_can_be_one(tmp_path):
    path = tmp_path / "one.safetensors"
    run(*QUICK, "--steps", "2", "--share-embeddings", "-o", path)
    parts = read_parts(path)
    assert parts.src_vocab == parts.tgt_vocab
    weights = parts.model.encoder.embedding.weight, parts.model.decoder.embedding.weight
    assert weights[0].data_ptr() == weights[1].data_ptr()
    refused = run(*REVERSE, "--share-embeddings", "--subwords", "20,30", code=2)
    assert "say --subwords N alone" in refused


def test_word_vectors_are_where_the_model_begins(trained, tmp_path):
    vocab = read_parts(best_path(trained[0])).tgt_vocab
    size = load_checkpoint(trained[0]).model.config["embedding_size"]
    vectors = tmp_path / "vectors.txt"
    vectors.write_text(f"{vocab.tokens[4]} {' '.join(['0.75'] * size)}\n", encoding="utf-8")
    path = tmp_path / "v.safetensors"
    rest = ["--steps", "1", "--learning-rate", "1e-9", "--tgt-embeddings", vectors, "-o", path]
    said = run(*QUICK, *rest)
    assert f"target: 1 of {len(vocab) - 4} tokens have a vector" in said
    table = load_checkpoint(path).model.decoder.embedding.weight
    torch.testing.assert_close(table[4], torch.full((size,), 0.75))


def test_tensorboard_is_asked_for_where_it_is_missing(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "torch.utils.tensorboard", None)
    path = tmp_path / "t.safetensors"
    said = run(*QUICK, "--tensorboard", tmp_path / "tb", "-o", path, code=1)
    assert "pip install tensorboard" in said and not path.exists()
