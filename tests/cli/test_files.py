"""The command line's files: nothing is replaced that was not meant, and what is scored is said."""

import json
import math
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import replace
from importlib import import_module

import pytest
import torch
from click.testing import CliRunner
from command_line import REVERSE, SMALL, load, run, saved
from safetensors.torch import save_file

from s2s_tutorial.base.locks import claimed
from s2s_tutorial.cli import cli, training_data
from s2s_tutorial.cli.corpus_files import difference, sums
from s2s_tutorial.cli.data import CorpusChoice
from s2s_tutorial.cli.run_settings import Settings
from s2s_tutorial.cli.scoring import Report
from s2s_tutorial.saving.checkpoint import load_checkpoint, save_checkpoint
from s2s_tutorial.scoring.loss import SequenceLoss
from s2s_tutorial.scoring.metrics import TextScore
from s2s_tutorial.text.tokenizers import WordTokenizer
from s2s_tutorial.training import loop
from s2s_tutorial.training.config import TrainConfig

pytestmark = pytest.mark.slow  # nearly every test trains a model, from the command to the files

OWN = ["--tokenizer", "whitespace", "--preset", "luong_dot", "--steps", "2", *SMALL]


def lines(path, pairs):
    path.write_text("".join(f"{src}\t{tgt}\n" for src, tgt in pairs), encoding="utf-8")
    return path


def said_by(*arguments):
    """Standard error of a command that works."""
    result = CliRunner().invoke(cli, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result.stderr


def three_files(folder, pairs):
    folder.mkdir(exist_ok=True)
    for split in ("train", "valid", "test"):
        lines(folder / f"own.{split}.tsv", pairs)
    return folder / "own.{split}.tsv"


@pytest.mark.parametrize("options", [[], ["--resume"]])
def test_a_best_model_alone_is_not_replaced(options, tmp_path):
    best = saved(tmp_path / "r.best.safetensors")
    before = best.read_bytes()
    output = ["-o", tmp_path / "r.safetensors"]
    assert f"{best} holds the best model" in run(*REVERSE, *output, *options, code=2)
    assert best.read_bytes() == before and len(list(tmp_path.iterdir())) == 1
    run(*REVERSE, *output, "--overwrite")
    assert best.read_bytes() != before


def test_overwrite_keeps_the_old_model_until_there_is_a_new_one(tmp_path, monkeypatch):
    output = tmp_path / "r.safetensors"
    run(*REVERSE, "-o", output)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def nothing(*_):
        return SequenceLoss(torch.tensor(math.nan, requires_grad=True), 1)

    with monkeypatch.context() as patch:
        patch.setattr(loop, "batch_loss", nothing)
        assert "not finite at update 1" in run(*REVERSE, "-o", output, "--overwrite", code=1)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before
    run(*REVERSE, "-o", output, "--overwrite", "--seed", 1)
    assert {path.name for path in tmp_path.iterdir()} == set(before)
    assert all((tmp_path / name).read_bytes() != content for name, content in before.items())


@pytest.mark.parametrize("name", ["r.safetensors", "r.best.safetensors"])
@pytest.mark.parametrize("options", [[], ["--resume"], ["--overwrite"]])
def test_a_file_of_another_program_is_not_replaced(name, options, tmp_path):
    save_file({"weight": torch.ones(2)}, tmp_path / name)
    before = (tmp_path / name).read_bytes()
    message = run(*REVERSE, "-o", tmp_path / "r.safetensors", *options, code=2)
    assert f"{name} is there already and was not written by s2s" in message
    assert (tmp_path / name).read_bytes() == before and len(list(tmp_path.iterdir())) == 1


@pytest.mark.parametrize("options", [[], ["--resume"], ["--overwrite"]])
def test_a_run_on_the_files_of_another_is_told_of_it_at_once(options, tmp_path):
    output = tmp_path / "r.safetensors"
    run(*REVERSE, "-o", output)
    if not options:  # the other has not written yet
        (tmp_path / "r.safetensors").unlink(), (tmp_path / "r.best.safetensors").unlink()
    with ThreadPoolExecutor(1) as other, claimed(output):
        message = other.submit(run, *REVERSE, "-o", output, *options, code=1).result()
    assert f"{output} is being written by process {os.getpid()} on " in message
    assert "two runs need two files" in message


def test_files_that_came_while_a_run_was_waited_for_are_not_replaced(tmp_path, monkeypatch):
    output = tmp_path / "r.safetensors"
    theirs = saved(tmp_path / "theirs.safetensors")
    content = theirs.read_bytes()

    @contextmanager
    def another_was_quicker(path, processes):
        theirs.replace(path)
        yield

    monkeypatch.setattr(import_module("s2s_tutorial.cli.train"), "only_run", another_was_quicker)
    assert "holds a run already" in run(*REVERSE, "-o", output, code=2)
    assert output.read_bytes() == content


def test_an_output_that_could_not_be_opened_again_is_refused_at_once(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("caf\udce9.safetensors", "caf\udce9/r.safetensors"):
        assert "is not UTF-8, and safetensors opens no other" in run(*REVERSE, "-o", name, code=2)
    assert os.listdir(tmp_path) == []


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="names there are Unicode")
def test_pairs_in_a_file_whose_name_is_not_utf_8(tmp_path):
    own = three_files(tmp_path, [("a b", "x y"), ("b a", "y x")])
    odd = tmp_path / "caf\udce9.{split}.tsv"
    for split in ("train", "valid", "test"):
        os.rename(str(own).format(split=split), str(odd).format(split=split))
    run("train", "--tsv", odd, *OWN, "-o", tmp_path / "r.safetensors")
    scores = json.loads(run("evaluate", "-m", tmp_path / "r.best.safetensors", "--json"))
    assert scores["corpus"]["options"]["path"] == str(odd)


def test_resume_begins_a_run_that_is_not_there(tmp_path):
    assert "trained     6 updates" in run(*REVERSE, "-o", tmp_path / "r.safetensors", "--resume")


@pytest.mark.parametrize("split", ["train", "valid", "test"])
def test_a_file_that_was_replaced_is_told_from_the_one_trained_on(split, tmp_path):
    first, others = [("a b", "x y"), ("b a", "y x")], [("a b", "x x"), ("b a", "y y")]
    train = ["train", "--tsv", three_files(tmp_path, first), *OWN, "-o", tmp_path / "r.safetensors"]
    run(*train)
    evaluate = ["evaluate", "-m", tmp_path / "r.best.safetensors", "--split", split]
    assert said_by(*evaluate) == "" and "note" not in json.loads(run(*evaluate, "--json"))
    run(*train, "--resume")
    kept = (tmp_path / "r.safetensors").read_bytes()
    replaced = lines(tmp_path / f"own.{split}.tsv", others)
    note = f"{replaced} has changed since training: its sha256 was "
    said = said_by(*evaluate)
    assert said.startswith(f"Note: {note}") and said.count("\n") == 1
    assert json.loads(run(*evaluate, "--json"))["note"].startswith(note)
    assert f"cannot go on: {note}" in run(*train, "--resume", code=1)
    assert (tmp_path / "r.safetensors").read_bytes() == kept
    elsewhere = three_files(tmp_path / "elsewhere", others)
    assert said_by(*evaluate, "--tsv", elsewhere) == ""  # another file was asked for
    assert said_by(*evaluate, "--tsv", tmp_path / "own.{split}.tsv").startswith(f"Note: {note}")


def test_a_model_of_version_0_1_knows_no_sums(tmp_path):
    own = three_files(tmp_path, [("a b", "x y"), ("b a", "y x")])
    run("train", "--tsv", own, *OWN, "-o", tmp_path / "r.safetensors")
    for name in ("r", "r.best"):
        kept = load_checkpoint(tmp_path / f"{name}.safetensors")
        del kept.info["corpus_sha256"]
        vocabularies = kept.src_vocab, kept.tgt_vocab
        save_checkpoint(
            tmp_path / f"{name}.safetensors", kept.model, *vocabularies, kept.tensors, kept.info
        )
    three_files(tmp_path, [("a b", "y y")])
    assert said_by("evaluate", "-m", tmp_path / "r.best.safetensors") == ""


def test_an_edition_of_tatoeba_is_told_from_another(tmp_path, monkeypatch):
    monkeypatch.setenv("S2S_DATA_DIR", str(tmp_path))
    (tmp_path / "tatoeba").mkdir()
    edition = lines(tmp_path / "tatoeba" / "ita.txt", [("Hi!", "Ciao!")])
    choice = CorpusChoice("tatoeba", {"language": "ita"})
    info = {"corpus": choice.to_dict(), "corpus_sha256": sums(choice)}
    assert set(info["corpus_sha256"]) == {"train", "valid", "test"}
    assert difference(choice, "test", info) == ""
    lines(edition, [("Hi!", "Salve!")])
    assert difference(choice, "test", info).startswith(f"{edition} has changed since training")
    made = CorpusChoice("copy", {"size": 5}, "whitespace")
    assert sums(made) == {} and difference(made, "test", info) == ""


def test_long_references_are_scored_as_in_training(tmp_path):
    long = [("a b", " ".join("xy"[k % 2] for k in range(120))), ("b a", "y")]
    trained = run(
        *("train", "--tsv", three_files(tmp_path, long), *OWN, "-o", tmp_path / "r.safetensors")
    )
    evaluate = ["evaluate", "-m", tmp_path / "r.best.safetensors", "--beam", 1]
    scores = [line for line in trained.splitlines() if "exact match" in line][-1]
    assert scores in run(*evaluate)
    best = load(tmp_path / "r.best.safetensors")
    assert best.longest_target == 120  # so that what was learned has room
    assert len(best("a b", beam_size=1, min_length=150).tokens) <= 300
    assert scores not in run(*evaluate, "--max-length", 100)


def test_a_run_that_goes_on_cuts_words_as_it_did(tmp_path):
    path = saved(tmp_path / "r.safetensors", tgt_tokenizer=WordTokenizer(lowercase=True, rules=1))
    config = TrainConfig(2, checkpoint=path)
    settings = Settings(CorpusChoice("tsv", {}), "gru", {}, config, resume=True)
    src, tgt = training_data.tokenizers_of(settings)
    assert (src.rules, tgt.rules, tgt.lowercase) == (2, 1, True)
    anew, _ = training_data.tokenizers_of(replace(settings, resume=False))
    assert (anew.rules, anew.lowercase) == (2, False)


def test_a_line_without_an_end_is_named_and_left_out(tmp_path):
    path = three_files(tmp_path, [("a b", "x y"), ("a " * 20_000, "x"), ("b " * 260, "y y")])
    train = [*("train", "--tsv", path, *OWN, "--overwrite", "-o", tmp_path / "r.safetensors")]
    result = CliRunner().invoke(cli, list(map(str, train)))
    assert result.exit_code == 0 and "tsv: 1 train, 1 valid, 1 test pairs" in result.stdout
    (said, *others) = [line for line in result.stderr.splitlines() if "Warning: " in line]
    assert "own.train.tsv: 2 pairs are left out" in said and "line 2 (20,000 source tokens)" in said
    assert "--option max_tokens=1000" in said and len(others) == 2  # of the other two files
    assert "tsv: 2 train, 2 valid, 2 test" in run(*train, "--max-tokens", 300)


def test_a_size_is_the_training_pairs(tmp_path):
    path = lines(tmp_path / "own.tsv", [(f"w{k} a", f"v{k} b") for k in range(200)])
    train = ["train", "--tsv", path, *OWN, "-o", tmp_path / "r.safetensors"]
    whole, fewer = run(*train), run(*train, "--option", "size=100", "--overwrite")
    sizes = [line for line in whole.splitlines() if line.startswith("corpus")][0]
    (train_pairs, rest) = sizes.removeprefix("corpus      tsv: ").split(" train, ")
    assert int(train_pairs) > 100
    assert f"tsv: 100 train, {rest}" in fewer  # the others have fewer than a hundred
    some = run(*train, "--option", "size=3", "--overwrite")
    assert "tsv: 3 train, 3 valid, 3 test pairs" in some
    assert "at least 1" in run(*train, "--option", "size=0", "--overwrite", code=1)


@pytest.mark.parametrize("kind", ["html", "png"])
def test_the_model_is_not_written_over(kind, tmp_path):
    model = saved(tmp_path / "m.safetensors")
    before = model.read_bytes()
    again = tmp_path / "." / "m.safetensors"
    assert "is the model" in run("attend", "-m", model, "Stai", f"--{kind}", again, code=2)
    if kind == "html":
        assert "is the model" in run("translate", "-m", model, "--html", again, code=2)
    assert model.read_bytes() == before


def test_two_files_are_not_one(tmp_path):
    model, page = saved(tmp_path / "m.safetensors"), tmp_path / "page"
    both = ["--html", page, "--png", page]
    assert "to be written already" in run("attend", "-m", model, "Stai", *both, code=2)
    assert not page.exists()


def test_an_infinite_perplexity_is_none_in_json():
    score = TextScore(0.0, "")
    report = Report(1, 1, math.inf, 0.0, 0.0, score, score, "greedy")
    assert json.loads(json.dumps(report.to_dict(), allow_nan=False))["perplexity"] is None
    assert report._replace(perplexity=2.5).to_dict()["perplexity"] == 2.5


def test_a_corpus_that_is_not_known_here_has_to_be_named(tmp_path):
    kept = {"name": "later", "options": {}, "tokenizer": "word"}
    path = saved(tmp_path / "m.safetensors", info={"corpus": kept})
    assert "say --corpus NAME" in run("evaluate", "-m", path, code=2)


@pytest.mark.skipif(sys.platform == "win32", reason="closes standard input as a Unix shell does")
def test_a_closed_standard_input_is_explained(tmp_path):
    path = saved(tmp_path / "m.safetensors")
    command = f'exec "{sys.executable}" -m s2s_tutorial translate -m "{path}" <&-'
    done = subprocess.run(["sh", "-c", command], capture_output=True, text=True)
    assert done.returncode == 2 and "no standard input" in done.stderr


def test_a_file_named_from_another_folder(tmp_path, monkeypatch):
    three_files(tmp_path, [("a b", "x y"), ("b a", "y x")])
    monkeypatch.chdir(tmp_path)
    run("train", "--tsv", "own.{split}.tsv", *OWN, "-o", "r.safetensors")
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    evaluate = ["evaluate", "-m", tmp_path / "r.best.safetensors"]
    message = run(*evaluate, code=1)
    assert "own.test.tsv" in message and "say --tsv FILE with the path from here" in message
    assert "exact match" in run(*evaluate, "--tsv", tmp_path / "own.{split}.tsv")


@pytest.mark.parametrize("command", ["translate", "evaluate"])
def test_copying_needs_attention(command, tmp_path):
    path = saved(tmp_path / "m.safetensors", preset="gru")
    corpus = ["--corpus", "copy"] if command == "evaluate" else []
    message = run(command, "-m", path, *corpus, "--replace-unknown", code=1)
    assert "--replace-unknown needs attention weights" in message


def test_what_a_terminal_must_not_obey_is_shown_as_a_sign(tmp_path):
    path = saved(tmp_path / "m.safetensors")
    shown = run("attend", "-m", path, "Stai \x1b[2J attento")
    assert "\x1b" not in shown and shown.startswith("Stai \ufffd[2J attento → ")
    for arguments, name in ((["caf\udce9"], "SOURCE"), (["Stai", "caf\udce9"], "TARGET")):
        assert f"{name} is not UTF-8" in run("attend", "-m", path, *arguments, code=2)
