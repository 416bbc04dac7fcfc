"""The command line as a whole: its help, its errors, its lists, options made from the package."""

from __future__ import annotations

import dataclasses
import inspect
import os
import re
import runpy
import subprocess
import sys

import click
import pytest
from click.testing import CliRunner
from command_line import run, saved_model  # noqa: F401 (a fixture)
from places import ROOT

from s2s_tutorial.cli import _COMMANDS, _in_words, cli
from s2s_tutorial.cli.about_corpora import ABOUT
from s2s_tutorial.cli.data import options_from
from s2s_tutorial.cli.generated import argument_docs, options_of
from s2s_tutorial.cli.train import command as train_command
from s2s_tutorial.corpora import list_corpora, load_corpus
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.presets import list_presets
from s2s_tutorial.training.config import TrainConfig


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


def test_help_imports_no_torch():
    program = (
        "import sys\n"
        "from s2s_tutorial.cli import cli\n"
        "for command in ([], ['translate'], ['attend'], ['evaluate'], ['corpora']):\n"
        "    cli([*command, '--help'], standalone_mode=False)\n"
        "    print(command, 'loaded', {'torch', 'numpy', 'matplotlib'} & set(sys.modules))\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert done.returncode == 0 and done.stdout.count("Usage") == 5, done.stderr
    assert done.stdout.count("loaded set()") == 5, done.stdout


def test_errors_are_one_line_unless_the_traceback_is_asked_for(model):
    message = run("translate", "-m", "nowhere.safetensors", code=1)
    assert message == "Error: there is no checkpoint at nowhere.safetensors\n"
    asked = ["--traceback", "translate", "-m", "nowhere.safetensors"]
    assert isinstance(CliRunner().invoke(cli, asked).exception, FileNotFoundError)


@pytest.mark.parametrize(
    ("words", "completed"),
    [
        ("s2s tr", ["train", "translate"]),
        ("s2s train --start", ["--start-from"]),
        ("s2s train --preset luong_local", ["luong_local_m", "luong_local_p"]),
        ("s2s train --corpus da", ["dates"]),
    ],
)
def test_the_shell_completes_commands_options_and_names(words, completed):
    asked = {"COMP_WORDS": words, "COMP_CWORD": str(len(words.split()) - 1)}
    done = subprocess.run(
        [sys.executable, "-c", "from s2s_tutorial.cli import main; main()"],
        env=os.environ | asked | {"_S2S_COMPLETE": "bash_complete"},
        capture_output=True,
        text=True,
        cwd=ROOT,
    )
    assert [line.split(",")[1] for line in done.stdout.splitlines()] == completed, done.stderr


UNIX = pytest.mark.skipif(sys.platform == "win32", reason="closes and fills streams as Unix does")


def in_a_shell(line):
    """What ``s2s`` in place of S2S in a line for the shell says on standard error, and its status."""
    line = line.replace("S2S", f'"{sys.executable}" -m s2s_tutorial')
    done = subprocess.run(["sh", "-c", line], stderr=subprocess.PIPE, text=True, cwd=ROOT)
    return done.stderr, done.returncode


@UNIX
@pytest.mark.parametrize("command", ["--help", "train --help", "--version", "corpora"])
@pytest.mark.parametrize(
    ("stream", "message"),
    [
        (">&-", "Error: standard output is closed; to have no output, send it to /dev/null\n"),
        ("> /dev/full", "Error: No space left on device\n"),
    ],
)
def test_output_that_goes_nowhere_is_an_error(command, stream, message):
    if "full" in stream and not os.path.exists("/dev/full"):
        pytest.skip("this system has no /dev/full")
    assert in_a_shell(f"S2S {command} {stream}") == (message, 1)


@UNIX
@pytest.mark.parametrize("command", ["--help", "corpora"])
def test_a_reader_that_has_seen_enough_is_told_nothing(command):
    assert in_a_shell(f"S2S {command} | true") == ("", 0)


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
    assert set(listed) == taken - {"tokenizer", *(["path"] if name == "tsv" else [])}


def test_what_a_corpus_takes_unless_told_otherwise_can_be_typed_so():
    output = run("corpora", "dates")
    default = re.search(r"codes of .*?\[default: (\[.*?\])\]", output, re.I | re.S)[1]
    whole = load_corpus("dates", "test", size=50)
    said = options_from((f"locales={' '.join(default.split())}",))
    assert load_corpus("dates", "test", size=50, **said)[:] == whole[:]
    assert '"\\t"' in run("corpora", "tsv")
    assert "there is no corpus 'nope'; choose one of babi, conll" in run("corpora", "nope", code=1)


@pytest.mark.parametrize(
    ("typed", "code", "meant"),
    [
        ("trian --corpus dates", 2, "no command 'trian' (did you mean 'train'?)"),
        ("train --stpes 7", 2, "--steps"),
        ("train --corpus dtaes", 2, "no corpus 'dtaes' (did you mean 'dates'?)"),
        ("train --corpus dates --preset luong_genral", 2, "(did you mean 'luong_general'?)"),
        ("corpora datse", 1, "(did you mean 'dates'?)"),
        ("train --corpus spoken_digits", 2, "is sound, and this command reads text; in Python"),
        ("train --corpus dates --option szie=7", 1, "no option 'szie' (did you mean 'size'?)"),
        ("train --tsv pairs.tsv --tokenizer charcter", 2, "(did you mean 'character'?)"),
    ],
)
def test_a_mistyped_name_is_answered_with_the_nearest(typed, code, meant):
    assert meant in run(*typed.split(), code=code)


def test_every_setting_and_size_is_an_option_with_help():
    params = {param.name: param for param in train_command.params}
    fields = {field.name for field in dataclasses.fields(TrainConfig)}
    frames = {"feature_size", "halvings"}  # the command reads text
    sizes = set(inspect.signature(build_model).parameters)
    sizes -= {"src_vocab_size", "tgt_vocab_size"} | frames
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
