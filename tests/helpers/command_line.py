"""What the tests of the command line share: runs of it in this process, and models in files."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from tiny_models import drawn

from s2s_tutorial.cli import cli
from s2s_tutorial.models.build import build_model
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.translate.translator import Translator

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


@pytest.fixture(scope="module", name="model")
def saved_model(tmp_path_factory):
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
