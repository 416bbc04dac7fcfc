"""`s2s train` and `s2s evaluate` on real small runs: what they say, keep and refuse."""

from __future__ import annotations

import dataclasses
import json
import os
import signal
import subprocess
import sys

import pytest
import torch
from click.testing import CliRunner
from command_line import REVERSE, SMALL, load, run, saved
from places import ROOT
from safetensors.torch import load_file

from s2s_tutorial.cli import cli
from s2s_tutorial.cli.scoring import bleu_tokenizer
from s2s_tutorial.corpora import load_corpus
from s2s_tutorial.scoring.metrics import bleu, sequence_accuracy
from s2s_tutorial.text.subwords import SubwordTokenizer
from s2s_tutorial.training import watch as validation
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.scheduled_sampling import Decay

pytestmark = pytest.mark.slow  # nearly every test trains a model, from the command to the files


def test_a_run_says_what_it_does_and_leaves_a_model_that_translates(tmp_path):
    output = tmp_path / "r.safetensors"
    text = run(*REVERSE, "-o", output)
    assert "reverse: 23 train, 23 valid, 23 test pairs" in text
    best = load(tmp_path / "r.best.safetensors")
    assert f"{best.model.parameter_count():,} parameters" in text
    assert best.model.config["hidden_size"] == 5 and best.model.config["preset"] == "luong_dot"
    assert "6 updates of 7 pairs (1.5 epochs) on cpu" in text and "BLEU        nrefs:1" in text
    assert str(tmp_path / "r.best.safetensors") in text

    scores = json.loads(
        run("evaluate", "-m", tmp_path / "r.best.safetensors", "--beam", 1, "--json")
    )
    assert f"test        perplexity {scores['perplexity']:.3f}" in text  # of the same split
    test = load_corpus("reverse", "test", size=23, symbols=3, max_length=4)
    ours = [found.text for found in best.translate([" ".join(p.src) for p in test], beam_size=1)]
    references = [" ".join(pair.tgt) for pair in test]
    assert scores["exact_match"] == sequence_accuracy(ours, references)
    assert scores["bleu"]["score"] == bleu(ours, references, "none").score
    assert scores["sentences"] == 23 and scores["tokens"] == sum(len(p.tgt) + 1 for p in test)
    valid = run("evaluate", "-m", output, "--split", "valid", "--beam", 1).splitlines()
    assert valid[0] == "corpus      reverse" and valid[1].startswith("valid ")
    fewer = json.loads(run("evaluate", "-m", output, "--option", "size=5", "--json"))
    assert fewer["sentences"] == 5 and fewer["corpus"]["options"]["max_length"] == 4


@pytest.mark.parametrize("corpus", ["reverse", {"title": "mine"}])
def test_a_model_that_was_not_trained_by_us_needs_a_corpus(corpus, tmp_path):
    path = saved(tmp_path / "m.safetensors", info={"corpus": corpus})
    assert "say --corpus NAME" in run("evaluate", "-m", path, code=2)


def test_ctrl_c_keeps_the_run_and_resume_goes_on_to_the_same_numbers(tmp_path, monkeypatch):
    run(*REVERSE, "-o", tmp_path / "whole.safetensors")
    output, evaluate = tmp_path / "r.safetensors", validation.evaluate

    def pressed(*arguments):
        signal.raise_signal(signal.SIGINT)
        return evaluate(*arguments)

    monkeypatch.setattr(validation, "evaluate", pressed)
    stopped = CliRunner().invoke(cli, [*REVERSE, "-o", str(output)])
    assert stopped.exit_code == 130
    assert stopped.output.count("stopped") == 1 == stopped.output.count("--resume, goes on")
    assert f"kept in {output}" in stopped.output
    monkeypatch.undo()

    assert "holds a run already" in run(*REVERSE, "-o", output, code=2)
    other = [*REVERSE, "-o", output, "--resume", "--min-freq", "2"]
    assert "begun with --min-freq 1, not 2" in run(*other, code=1)
    other = [*REVERSE, "-o", output, "--resume", "--option", "size=24"]
    assert "begun with corpus reverse (size 23), not reverse (size 24);" in run(*other, code=1)
    assert "trained     6 updates" in run(*REVERSE, "-o", output, "--resume")
    for kind in ("", ".best"):
        ours, theirs = (load_file(tmp_path / f"{n}{kind}.safetensors") for n in ("whole", "r"))
        weights = [name for name in ours if name.startswith("model.")]
        assert weights and all(torch.equal(ours[name], theirs[name]) for name in weights)
    assert "trained     6 updates" in run(*REVERSE, "-o", output, "--overwrite")


def test_ctrl_c_while_the_model_is_scored_says_where_it_is(tmp_path, monkeypatch):
    from s2s_tutorial.cli import training_run

    def pressed(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(training_run, "score", pressed)
    output = tmp_path / "r.safetensors"
    stopped = CliRunner().invoke(cli, [*REVERSE, "-o", str(output)])
    best = tmp_path / "r.best.safetensors"
    assert stopped.exit_code == 130 and f"the model is kept in {best}" in stopped.output
    assert "Aborted" not in stopped.output and load(best)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows ends a process without asking it")
def test_a_scheduler_s_signal_keeps_the_run_and_has_its_status(tmp_path):
    output = tmp_path / "r.safetensors"
    program = (
        "import signal, sys\n"
        "from s2s_tutorial.cli import main\n"
        "from s2s_tutorial.training import loop\n"
        "loss, calls = loop.batch_loss, []\n"
        "def stopped(*arguments):\n"
        "    calls.append(None)\n"
        "    if len(calls) == 3: signal.raise_signal(signal.SIGTERM)\n"
        "    return loss(*arguments)\n"
        "loop.batch_loss = stopped\n"
        "main()\n"
    )
    command = [sys.executable, "-c", program, *REVERSE, "-o", str(output)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 128 + signal.SIGTERM
    assert f"stopped after update 3, kept in {output}" in done.stdout and done.stderr == ""
    left = {path.name for path in tmp_path.iterdir()}
    assert left >= {"r.safetensors", "r.best.safetensors"}
    assert not [name for name in left if name.startswith(".")]
    assert "trained     6 updates" in run(*REVERSE, "-o", output, "--resume")


def test_subwords_settings_and_words_of_the_readers_own_file(tmp_path):
    rows = [(f"la casa numero {n} è rossa", f"house number {n} is red") for n in range(40)]
    (tmp_path / "pairs.tsv").write_text("".join(f"{a}\t{b}\n" for a, b in rows), encoding="utf-8")
    arguments = ["train", "--tsv", tmp_path / "pairs.tsv", "--steps", 2, "--evaluate-every", 1]
    arguments += [*SMALL, "--teacher-forcing", "linear,5,1.0,0.5", "--patience", "none"]
    run(*arguments, "--subwords", "29,27", "--lowercase", "-o", tmp_path / "s.safetensors")
    best = load(tmp_path / "s.best.safetensors")
    assert isinstance(best.tokenizer, SubwordTokenizer) and best.tokenizer.lowercase
    assert (len(best.tokenizer), len(best.tgt_tokenizer)) == (29, 27)
    settings = load_info(tmp_path / "s.safetensors")["settings"]
    assert settings["teacher_forcing"] == dataclasses.asdict(Decay("linear", 5, 1.0, 0.5))
    assert settings["patience"] is None
    scores = json.loads(run("evaluate", "-m", tmp_path / "s.best.safetensors", "--json"))
    assert scores["corpus"]["name"] == "tsv" and "tok:13a" in scores["bleu"]["signature"]

    run(
        *arguments,
        "--lowercase",
        "--max-vocab",
        9,
        "--min-freq",
        2,
        "-o",
        tmp_path / "w.safetensors",
    )
    words = load(tmp_path / "w.best.safetensors")
    assert words.tokenizer.tokenize("La Casa!") == ["la", "casa", "!"]
    assert (len(words.src_vocab), len(words.tgt_vocab)) == (9, 8)  # four words come twice


def load_info(path):
    from s2s_tutorial.saving.checkpoint import load_checkpoint

    return load_checkpoint(path).info


def test_made_corpora_can_be_cut_into_subwords_too(tmp_path):
    arguments = ["train", "--corpus", "phrases", "--option", "size=60", "--steps", 2]
    run(*arguments, *SMALL, "--subwords", "99", "-o", tmp_path / "p.safetensors")
    info = load_info(tmp_path / "p.safetensors")
    assert info["subwords"] == [99, 99] and info["corpus"]["options"] == {"size": 60}


def test_other_processes_than_the_first_say_nothing(tmp_path, capsys):
    from s2s_tutorial.cli.data import CorpusChoice
    from s2s_tutorial.cli.run_settings import Settings
    from s2s_tutorial.cli.training_run import train
    from s2s_tutorial.machine.distributed import OneProcess

    class Second(OneProcess):
        rank = 1

    config = TrainConfig(2, checkpoint=tmp_path / "r.safetensors", progress=False, device="cpu")
    choice = CorpusChoice("copy", {"size": 9, "max_length": 3}, "whitespace")
    sizes = {"hidden_size": 3, "embedding_size": 2}
    assert train(Settings(choice, "gru", sizes, config), Second())
    assert capsys.readouterr().out == ""


def test_torchrun_trains_one_model_in_two_processes(tmp_path):
    output = str(tmp_path / "two.safetensors")
    command = [sys.executable, "-m", "torch.distributed.run", "--standalone", "--nproc-per-node"]
    done = subprocess.run(
        [*command, "2", "-m", "s2s_tutorial", *REVERSE, "-o", output],
        env={**os.environ, "OMP_NUM_THREADS": "1"},
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("2 processes (cpu)") == done.stdout.count("kept in") == 1
    run(*REVERSE, "-o", tmp_path / "one.safetensors")
    one, two = (load_file(tmp_path / f"{n}.best.safetensors") for n in ("one", "two"))
    for name in one:
        torch.testing.assert_close(one[name], two[name], rtol=0, atol=1e-6)


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        ("--corpus nope", 2, "no corpus 'nope'; choose one of babi, conll"),
        ("--corpus dates --tsv x", 2, "one of them"),
        ("", 2, "--corpus NAME"),
        ("--corpus tsv", 2, "say --tsv FILE"),
        ("--corpus dates --preset nope", 2, "no preset 'nope'; choose one of rnn"),
        ("--corpus dates --option size", 2, "KEY=VALUE"),
        ("--corpus dates --option tokenizer=word", 2, "say --tokenizer"),
        ("--corpus dates --option split=test", 2, "s2s evaluate has --split"),
        ("--corpus dates --option name=copy", 2, "--corpus NAME says which"),
        ("--corpus dates --option foo=1", 1, "takes no option 'foo'; it takes size"),
        ("--corpus dates --tokenizer word", 2, "comes in tokens"),
        ("--tsv x --tokenizer words", 2, "no tokenizer 'words'"),
        ("--tsv x --tokenizer words --subwords 16", 2, "no tokenizer 'words'"),
        ("--corpus dates --lowercase", 2, "not with 'character'"),
        ("--corpus dates --steps 0", 2, "steps must be positive"),
        ("--corpus dates --teacher-forcing linear", 2, "neither a number from 0 to 1 nor a decay"),
        (
            "--corpus dates --teacher-forcing linear,x",
            2,
            "neither a number from 0 to 1 nor a decay",
        ),
        ("--corpus dates --teacher-forcing cubic,5", 2, "form must be one of"),
        ("--corpus dates --subwords many", 2, "'many' is no number"),
        ("--corpus dates --output run.bin", 2, "must end in .safetensors"),
        ("--corpus dates --resume --overwrite", 2, "say one of them"),
        ("--corpus dates --subwords 9,9,9", 2, "'9,9,9' is no number, or two"),
        ("--corpus dates --batch-size 0", 2, "--batch-size"),
        ("--corpus dates --max-vocab 4", 2, "--max-vocab"),
        ("--corpus dates --output /dev/null/run.safetensors", 2, "/dev/null is no folder"),
        ("--corpus multi30k --dropout 2", 1, "dropout must be a probability"),
        ("--tsv x --option path=y", 2, "--option path=... has no use"),
        ("--tsv .", 1, "is a folder"),
        (
            "--corpus copy --option size=9 --subwords 900",
            1,
            "--subwords, source side: a size of 900 ",
        ),
        ("--corpus copy --option size=9 --window 5", 1, "window means nothing for the preset"),
        ("--corpus copy --option size=9 --device abacus", 1, "abacus"),
        ("--tsv nowhere.tsv", 1, "there is no file nowhere.tsv"),
    ],
)
def test_what_train_cannot_do_is_explained(arguments, code, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert message in run("train", *arguments.split(), code=code)
    assert not list(tmp_path.rglob("*"))


@pytest.mark.parametrize(
    ("corpus_tokenizer", "references", "expected"),
    [
        ("whitespace", ["我 喜 欢"], "none"),
        ("character", ["2020-01-01"], "char"),
        ("word", ["A red house."], "13a"),
        ("word", ["我喜欢猫。"], "zh"),
        ("word", ["猫がすきです。"], "char"),
        ("word", ["..."], "13a"),
    ],
)
def test_bleu_cuts_as_the_language_does(corpus_tokenizer, references, expected):
    assert bleu_tokenizer(corpus_tokenizer, references) == expected


def test_sources_too_long_for_location_scores_are_found_before_training(tmp_path):
    output = tmp_path / "m.safetensors"
    options = "--preset", "luong_location", "--max-source-length", 3, "-o", output
    said = run("train", "--corpus", "phrases", "--option", "size=7", *options, code=1)
    assert "the test set holds a source of" in said and "up to 3" in said
    assert "trained" not in said and not output.exists()


def test_a_vocabulary_of_special_tokens_alone_is_refused(tmp_path):
    output = tmp_path / "r.safetensors"
    text = run(*REVERSE, "--min-freq", 1_000_000, "-o", output, code=1)
    assert "min_freq=1000000 leaves no token: the most frequent one, " in text
    assert not output.exists()
