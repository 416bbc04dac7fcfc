"""The command line: each command on real small runs, its output, its files, its errors."""

from __future__ import annotations

import dataclasses
import errno
import inspect
import json
import os
import re
import runpy
import signal
import subprocess
import sys
from pathlib import Path

import click
import pytest
import torch
from click.testing import CliRunner
from safetensors.torch import load_file
from tiny_models import drawn

from s2s_tutorial import validation
from s2s_tutorial.cli import _COMMANDS, _in_words, cli
from s2s_tutorial.cli.data import ABOUT, options_from
from s2s_tutorial.cli.generated import argument_docs, options_of
from s2s_tutorial.cli.heatmap import heatmap
from s2s_tutorial.cli.scoring import bleu_tokenizer
from s2s_tutorial.cli.train import command as train_command
from s2s_tutorial.corpora import list_corpora, load_corpus
from s2s_tutorial.metrics import bleu, sequence_accuracy
from s2s_tutorial.presets import list_presets
from s2s_tutorial.scheduled_sampling import Decay
from s2s_tutorial.seq2seq import build_model
from s2s_tutorial.subwords import SubwordTokenizer
from s2s_tutorial.train_config import TrainConfig
from s2s_tutorial.translator import Translator
from s2s_tutorial.vocabulary import EOS_ID, Vocabulary

ROOT = Path(__file__).resolve().parents[1]
SMALL = "--hidden-size 5 --embedding-size 3 --device cpu --no-progress --batch-size 7".split()
REVERSE = [
    *"train --corpus reverse --option size=23 --option symbols=3 --option max_length=4".split(),
    *"--preset luong_dot --steps 6 --evaluate-every 2".split(),
    *SMALL,
]


def run(*arguments, stdin=b"", code=0):
    """Standard output of a command, which must end as expected."""
    result = CliRunner().invoke(cli, [str(a) for a in arguments], input=stdin, prog_name="s2s")
    assert result.exit_code == code, result.output + repr(result.exception)
    assert "Traceback" not in result.output
    return result.stdout if code == 0 else result.stderr


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A file with an untrained model that has attention, which translates by words."""
    return saved(tmp_path_factory.mktemp("model") / "m.safetensors")


def saved(path, preset="bahdanau", sizes=None, **options):
    vocab = Vocabulary(["Stai", "attento", ",", "Thomas", "là", "可", "!"])
    sizes = {"embedding_size": 3, "hidden_size": 5} | (sizes or {})
    network = build_model(preset, len(vocab), len(vocab), **sizes)
    translator = Translator(drawn(network).float(), vocab, vocab, "word", device="cpu", **options)
    translator.save(path)
    return path


def load(path):
    return Translator.load(path, device="cpu")


# What every command has


@pytest.mark.parametrize("name", ["", *_COMMANDS])
def test_help_teaches_with_examples_that_use_real_options(name):
    text = run(*name.split(), "--help")
    assert "s2s train" in text
    for example in re.findall(r"^ *(?:\| )?s2s (\w+) (.*)$", text, re.MULTILINE):
        known = {o for p in cli.get_command(None, example[0]).params for o in [*p.opts]}
        assert set(re.findall(r"(?<!\S)--[\w-]+", example[1])) <= known | {"--help"}
    for command in _COMMANDS:
        assert name or command in text


def test_it_is_a_module_to_run(monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["s2s_tutorial", "presets"])
    with pytest.raises(SystemExit) as stopped:
        runpy.run_module("s2s_tutorial", run_name="__main__")
    assert stopped.value.code == 0 and "bahdanau" in capsys.readouterr().out


@pytest.mark.parametrize("command", [[], ["translate"], ["attend"], ["evaluate"], ["corpora"]])
def test_help_imports_no_torch(command):
    program = (
        "import sys\n"
        "from s2s_tutorial.cli import cli\n"
        f"try:\n    cli({[*command, '--help']})\n"
        "finally:\n    assert not {'torch', 'numpy', 'matplotlib'} & set(sys.modules)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0 and "Usage" in done.stdout, done.stderr


def test_errors_are_one_line_unless_the_traceback_is_asked_for(model):
    message = run("translate", "-m", "nowhere.safetensors", code=1)
    assert message == "Error: there is no checkpoint at nowhere.safetensors\n"
    asked = ["--traceback", "translate", "-m", "nowhere.safetensors"]
    assert isinstance(CliRunner().invoke(cli, asked).exception, FileNotFoundError)


def test_errors_of_the_system_are_told_without_its_number():
    assert _in_words(OSError(28, "No space left on device")) == "No space left on device"
    assert _in_words(OSError(21, "Is a directory", "a/b")) == "a/b: Is a directory"
    assert _in_words(OSError("could not write x")) == "could not write x"
    assert _in_words(RuntimeError()) == "RuntimeError"


def test_corpora_and_presets_are_all_listed():
    lines = run("corpora").splitlines()
    assert sorted(line.split()[0] for line in lines[: len(ABOUT)]) == list_corpora()
    assert [line.split()[0] for line in run("presets").splitlines()] == list(list_presets())


@pytest.mark.parametrize("name", list_corpora())
def test_the_options_of_a_corpus_are_those_that_it_takes(name):
    output = run("corpora", name)
    assert output.startswith(f"{name}: {ABOUT[name].summary}")
    listed = re.findall(r"^  (\w+)  ", output, re.MULTILINE)
    with pytest.raises(TypeError) as refused:
        load_corpus(name, nonsense=1)
    taken = set(str(refused.value).split("it takes ")[1].split(", "))
    assert set(listed) == taken - {"tokenizer", "path"}


def test_what_a_corpus_takes_unless_told_otherwise_can_be_typed_so():
    output = run("corpora", "dates")
    default = re.search(r"codes of .*?\[default: (\[.*?\])\]", output, re.I | re.S)[1]
    whole = load_corpus("dates", "test", size=50)
    said = options_from((f"locales={' '.join(default.split())}",))
    assert load_corpus("dates", "test", size=50, **said)[:] == whole[:]
    assert '"\\t"' in run("corpora", "tsv")
    assert "there is no corpus 'nope'; choose one of copy, dates" in run("corpora", "nope", code=1)


# Options made from the package


def test_every_setting_and_size_is_an_option_with_help():
    params = {param.name: param for param in train_command.params}
    fields = {field.name for field in dataclasses.fields(TrainConfig)}
    sizes = set(inspect.signature(build_model).parameters) - {"src_vocab_size", "tgt_vocab_size"}
    assert fields - {"checkpoint", "restore_best"} | sizes <= set(params)
    for param in params.values():
        assert param.help and param.help[0].isupper(), param.name
        assert not re.search(r"^See |likewise|``|[$:]\w", param.help), param.help


def test_options_come_from_signature_types_and_docstring():
    def f(
        size: int = 3,
        rate: float | None = 0.5,
        name: str = "a",
        pair: tuple[int, int] = (1, 2),
        on: bool = False,
    ):
        """Do.

        Args:
            size: how ``large`` it
                is, see :func:`~a.b.c`.
            rate: $\\eta$.

        Returns:
            name: nothing.
        """

    assert argument_docs(f) == {"size": "how large it is, see c.", "rate": "eta."}
    seen = {}
    command = click.command()(lambda **values: seen.update(values))
    for option in options_of(f, skip=["name"], defaults={"size": 4}):
        command = option(command)
    command.main(["--rate", "none", "--pair", "5", "6", "--on"], standalone_mode=False)
    assert seen == {"size": 4, "rate": None, "pair": (5, 6), "on": True}
    command.main(["--rate", "1e-3", "--size", "7"], standalone_mode=False)
    assert (seen["rate"], seen["size"]) == (0.001, 7)
    for wrong in (["--size", "1.5"], ["--rate", "x"], ["--name", "a"]):
        with pytest.raises(click.UsageError):
            command.main(wrong, standalone_mode=False)


# train and evaluate


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
    from s2s_tutorial.checkpoint import load_checkpoint

    return load_checkpoint(path).info


def test_made_corpora_can_be_cut_into_subwords_too(tmp_path):
    arguments = ["train", "--corpus", "phrases", "--option", "size=60", "--steps", 2]
    run(*arguments, *SMALL, "--subwords", "99", "-o", tmp_path / "p.safetensors")
    info = load_info(tmp_path / "p.safetensors")
    assert info["subwords"] == [99, 99] and info["corpus"]["options"] == {"size": 60}


def test_other_processes_than_the_first_say_nothing(tmp_path, capsys):
    from s2s_tutorial.cli.data import CorpusChoice
    from s2s_tutorial.cli.training_run import Settings, train
    from s2s_tutorial.distributed import OneProcess

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
        ("--corpus nope", 2, "no corpus 'nope'; choose one of copy, dates"),
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


# translate


LINES = ["Stai attento, Thomas!", "", "Thomas là", "  ", "可 Stai"]


def test_each_line_gives_one_line(model):
    stdin = "\n".join(LINES).encode()
    expected = [found.text for found in load(model).translate(LINES, max_length=6)]
    for ending, batch_size in ((b"", 1), (b"\n", 2), (b"\r\n", 64)):
        options = ["--max-length", 6, "--batch-size", batch_size]
        output = run("translate", "-m", model, *options, stdin=stdin + ending)
        assert output.split("\n") == [*expected, ""]
        assert output.split("\n")[1] == output.split("\n")[3] == ""
    marked = b"\xef\xbb\xbf" + stdin.replace(b"\n", b"\r\n")
    assert run("translate", "-m", model, "--max-length", 6, stdin=marked) == output
    assert run("translate", "-m", model) == ""


def test_alignments_are_links_behind_a_tab(model):
    output = run(
        "translate", "-m", model, "--alignments", "--beam", 1, stdin="\n".join(LINES).encode()
    )
    for line, found in zip(output.split("\n"), load(model).translate(LINES, beam_size=1)):
        links = " ".join(f"{j}-{i}" for j, i in found.links())
        assert line == (f"{found.text}\t{links}" if found.src_tokens else "")


def test_translations_have_the_length_that_is_asked_for(model):
    options = ["--min-length", 4, "--max-length", 4]
    output = run("translate", "-m", model, *options, stdin=b"Stai\n\nThomas\n").splitlines()
    found = load(model).translate(["Stai", "", "Thomas"], min_length=4, max_length=4)
    assert output == [each.text for each in found]
    assert [len(each.tokens) for each in found] == [4, 0, 4]
    message = run("translate", "-m", model, "--min-length", 101, stdin=b"Stai", code=1)
    assert "min_length must lie between 0 and max_length, 100, but is 101" in message


def test_the_best_few_are_ranked_with_line_numbers(model):
    options = ["--n-best", 3, "--beam", 4, "--length-penalty", 1, "--max-length", 5]
    output = run("translate", "-m", model, *options, stdin=b"Stai\n\nThomas\n").splitlines()
    rows = [line.split("\t") for line in output]
    assert [row[0] for row in rows] == ["1"] * 3 + ["2"] + ["3"] * 3
    best = load(model)("Thomas", beam_size=4, length_penalty=1, n_best=3, max_length=5)
    ranked = [best, *best.alternatives]
    assert [row[1:] for row in rows[4:]] == [[f"{each.score:.4f}", each.text] for each in ranked]


def test_the_page_shows_the_first_sentences(model, tmp_path):
    page = tmp_path / "page.html"
    stdin = "\n".join(LINES).encode()
    plain = run("translate", "-m", model, stdin=stdin)
    assert run("translate", "-m", model, "--html", page, "--html-limit", 3, stdin=stdin) == plain
    text = page.read_text(encoding="utf-8")
    assert "The first 3 of 5" in text and "Thomas là" in text and "可" not in text
    assert text.count("<section") == 3


def test_a_line_that_is_not_utf8_is_named_and_those_before_it_are_translated(model):
    result = CliRunner().invoke(
        cli, ["translate", "-m", str(model)], input=b"Stai\n\ncaff\xe8\nThomas\n"
    )
    assert result.exit_code == 1
    assert "line 3 of the input is not UTF-8 (byte 0xe8 at position 5)" in result.stderr
    assert result.stdout == load(model)("Stai").text + "\n\n"


def test_a_line_too_long_for_location_scores_is_named_and_those_before_it_are_translated(tmp_path):
    path = saved(tmp_path / "location.safetensors", "luong_location", {"max_source_length": 5})
    page = tmp_path / "page.html"
    arguments = ["translate", "-m", str(path), "--html", str(page)]
    result = CliRunner().invoke(cli, arguments, input=b"Stai\nThomas\n" + b"a " * 6 + b"\nStai\n")
    assert result.exit_code == 1
    assert "line 3 of the input has 6 tokens" in result.stderr and "up to 5" in result.stderr
    assert result.stdout == "".join(load(path)(each).text + "\n" for each in ("Stai", "Thomas"))
    assert page.read_text(encoding="utf-8").count("<section") == 2


def test_sources_too_long_for_location_scores_are_found_before_training(tmp_path):
    output = tmp_path / "m.safetensors"
    options = "--preset", "luong_location", "--max-source-length", 3, "-o", output
    said = run("train", "--corpus", "phrases", "--option", "size=7", *options, code=1)
    assert "the test set holds a source of" in said and "up to 3" in said
    assert "trained" not in said and not output.exists()


def test_a_reader_that_stops_reading_is_no_error(model, monkeypatch):
    def closed(*arguments, **options):
        raise BrokenPipeError(errno.EPIPE, "Broken pipe")

    monkeypatch.setattr("s2s_tutorial.cli.translate.click.echo", closed)
    assert run("translate", "-m", model, stdin=b"Stai\n", code=1) == ""


def test_what_translate_cannot_do_is_explained(model, tmp_path):
    plain = saved(tmp_path / "gru.safetensors", "gru")
    assert "'gru' has no attention" in run("translate", "-m", plain, "--alignments", code=1)
    assert "'gru' has no attention" in run("attend", "-m", plain, "Stai", code=1)
    scoring = ["evaluate", "-m", plain, "--corpus", "phrases", "--option", "size=3"]
    assert "'gru' has no attention" in run(*scoring, "--replace-unknown", code=1)
    copied = run("evaluate", "-m", model, *scoring[3:], "--replace-unknown", "--max-length", 5)
    assert "corpus      phrases" in copied
    assert "--beam" in run("translate", "-m", model, "--beam", 0, code=2)
    assert "needs --beam 7" in run("translate", "-m", model, "--n-best", 7, stdin=b"x", code=2)
    (tmp_path / "junk.safetensors").write_text("<html>404</html>")
    junk = run("translate", "-m", tmp_path / "junk.safetensors", code=1)
    assert "not a complete safetensors file" in junk and junk.count("\n") == 1
    page = run("translate", "-m", plain, "--html", tmp_path / "p.html", stdin=b"Stai\n")
    assert page and "no attention" in (tmp_path / "p.html").read_text()


# attend


def test_attend_prints_a_map_and_writes_files(model, tmp_path):
    png, html = tmp_path / "a.png", tmp_path / "a.html"
    output = run(
        "attend", "-m", model, "Stai attento", "Stai, Thomas!", "--png", png, "--html", html
    )
    found = load(model).align("Stai attento", "Stai, Thomas!")
    assert output.startswith(f"Stai attento → Stai, Thomas!   (score {found.score:.3f})")
    rows = [line.split() for line in output.splitlines()[2:7]]
    assert [row[0] for row in rows] == ["Stai", "Stai", ",", "Thomas", "!"]
    assert png.read_bytes().startswith(b"\x89PNG") and "<section" in html.read_text()
    free = run("attend", "-m", model, "Stai attento", "--max-length", 5, "--beam", 2)
    assert free.startswith(
        f"Stai attento → {load(model)('Stai attento', max_length=5, beam_size=2).text}   "
    )
    silent = tmp_path / "silent.safetensors"
    translator = load(model)
    with torch.no_grad():  # <eos> first, whatever the source
        for parameter in translator.model.decoder.parameters():
            parameter.zero_()
        bias = [p for p in translator.model.decoder.parameters() if p.shape == (11,)][-1]
        bias[EOS_ID] = 9.0
    translator.save(silent)
    assert "no file was written" in run(
        "attend", "-m", silent, "Stai", "--png", tmp_path / "no.png"
    )
    assert not (tmp_path / "no.png").exists()
    assert "empty" in run("attend", "-m", model, " ", code=2)
    assert "empty" in run("attend", "-m", model, "Stai", "", code=2)


def test_the_map_shades_by_weight_and_counts_columns():
    weights = [[0.05, 0.051, 0.4, 0.41, 0.71]]
    first, second, *_ = heatmap(weights, list("abcde"), ["y"]).splitlines()
    assert (first.split(), second.split()) == (list("abcde"), ["y", *"·░▒▓█"])
    text = heatmap([[0.2, 0.8], [0.1, 0.9]], ["猫", "né"], ["cat", "\x1b[2J"], numbers=True)
    lines = text.splitlines()
    assert lines[0].endswith(" né") and lines[1].split() == ["cat", "20", "80"]
    assert "\x1b" not in text and lines[1].index("20") == lines[0].index("猫")  # two wide both


def test_a_map_wider_than_the_terminal_goes_on_below():
    n = 30
    weights = [[1 / n] * n] * 2
    text = heatmap(weights, [f"word{j}" for j in range(n)], ["a", "bc"], width=40)
    assert max(map(len, text.splitlines()[:-1])) <= 40
    assert [word for word in text.split() if word.startswith("word")] == [
        f"word{j}" for j in range(n)
    ]
