"""The quality command: from a recipe to scores and kept translations, on a corpus made here."""

from __future__ import annotations

import json
import signal
import sys

import pytest
from shared_data import mirrored, needs  # noqa: F401

import s2s_tutorial as s2s
from benchmarks import quality, quality_data
from benchmarks.quality_data import Task
from benchmarks.quality_translations import (
    read_translations,
    translations_path,
    write_translations,
)
from s2s_tutorial.corpora import load_corpus

TINY = {
    "preset": "bahdanau",
    "units": "words",
    "vocabulary": {"min_freq": 5},
    "model": {"embedding_size": 7, "hidden_size": 11},
    "batch_size": 13,
    "epochs": 2,
    "train": {"learning_rate": 1e-2},
}
SIZES = {"train": 131, "valid": 17, "test": 19}


@pytest.fixture
def results(monkeypatch, tmp_path):
    """The command with two tiny recipes on ``phrases``; returns what runs it."""

    def phrases(name, split="train"):
        assert name == "multi30k"
        return load_corpus("phrases", split, size=SIZES[split])

    monkeypatch.setattr(quality_data.s2s, "load_corpus", phrases)
    monkeypatch.setattr(quality, "RUNS", tmp_path / "runs")
    monkeypatch.setattr(quality, "PENALTIES", (0.0, 1.0))
    monkeypatch.setattr(quality, "RECIPES", {"tiny, one": TINY})
    out = tmp_path / "results" / "quality.json"
    out.parent.mkdir()

    def command(*arguments):
        monkeypatch.setattr(sys, "argv", ["quality", "--out", str(out), *arguments])
        quality.main()
        return json.loads(out.read_text(encoding="utf-8"))["runs"]

    return command, out.parent


def test_seed_0_keeps_the_translations_that_were_scored(results, capsys):
    command, folder = results
    (run,) = command("--seeds", "0")
    kept = read_translations(folder / "translations" / "tiny-one.tsv")
    references = [" ".join(pair.tgt) for pair in load_corpus("phrases", "test", size=19)]
    assert list(kept) == ["greedy", "beam"]
    for way, translations in kept.items():
        score = s2s.bleu(translations, references, tokenize="none").score
        assert run[f"test_{way}"] == round(score, 2)
        assert run[f"test_{way}_chrf"] == round(s2s.chrf(translations, references).score, 2)
    assert "tiny, one" in capsys.readouterr().out


def test_other_seeds_keep_none_and_a_finished_run_is_not_repeated(results):
    command, folder = results
    command("--seeds", "1")
    assert not (folder / "translations").exists()
    runs = command("--seeds", "1", "0")
    assert [run["seed"] for run in runs] == [1, 0]
    written = folder / "translations" / "tiny-one.tsv"
    written.unlink()
    command("--seeds", "0")
    assert not written.exists()


def test_a_run_that_was_interrupted_is_not_scored_and_goes_on(results, monkeypatch):
    command, folder = results
    whole, calls = Task.bleu, []

    def stopped_at_the_first_evaluation(task, *arguments):
        calls.append(arguments)
        if len(calls) == 1:
            signal.raise_signal(signal.SIGINT)
        return whole(task, *arguments)

    monkeypatch.setattr(Task, "bleu", stopped_at_the_first_evaluation)
    with pytest.raises(KeyboardInterrupt, match="goes on"):
        command("--seeds", "1")
    assert len(calls) == 1 and not (folder / "quality.json").exists()
    (run,) = command("--seeds", "1")
    assert run["updates"] == 2 * -(-SIZES["train"] // TINY["batch_size"])


def test_drawn_subwords_are_others_in_every_epoch_and_the_same_text(results):
    task = quality_data.Task("subwords", src_size=120, tgt_size=100, alpha=0.3)
    batches = task.batches("train", 13, seed=3)

    def sources(made, epoch):
        rows = {}
        for batch in made.epoch(epoch):
            for index, row, n in zip(batch.indices, batch.src, batch.src_lengths):
                rows[int(index)] = task.src_vocab.decode(row[: int(n)].tolist())
        return [rows[k] for k in sorted(rows)]

    first, second = sources(batches, 0), sources(batches, 1)
    assert first == sources(task.batches("train", 13, seed=3), 0)
    assert first != second
    assert len(batches) == 11  # of 131 pairs
    written = [" ".join(pair.src) for pair in load_corpus("phrases", size=131)]
    for cut in (first, second):
        assert [task.tokenizers[0].detokenize(tokens) for tokens in cut] == written
    valid = [pair.src for pair in task.splits["valid"]]
    best = [tuple(task.tokenizers[0].tokenize(" ".join(p.src))) for p in task._words["valid"]]
    assert valid == best  # what is judged is never drawn


def test_a_table_comes_back_as_it_was(tmp_path):
    columns = {"greedy": ["a cat", "", "perché no\u2028?"], "beam": ["a", "“b”", "c"]}
    path = translations_path(tmp_path, "plain, no attention")
    write_translations(path, columns)
    assert path.name == "plain-no-attention.tsv"
    assert read_translations(path) == columns
    assert path.read_text(encoding="utf-8").count("\n") == 4


@pytest.mark.parametrize("cell", ["a\tb", "a\nb", "a\r"])
def test_what_would_break_a_row_is_refused(tmp_path, cell):
    with pytest.raises(ValueError, match="row 1 does not fit"):
        write_translations(tmp_path / "t.tsv", {"beam": ["a", cell]})
    with pytest.raises(ValueError):
        write_translations(tmp_path / "t.tsv", {"greedy": ["a"], "beam": ["a", "b"]})
    assert list(tmp_path.iterdir()) == []


STORED = json.loads(quality.RESULTS.read_text(encoding="utf-8"))
KEPT = sorted((quality.RESULTS.parent / "translations").glob("*.tsv"))


def test_what_is_stored_is_of_this_setup_and_possible():
    assert STORED["setup"] == json.loads(json.dumps(quality.SETUP))
    found = [(run["recipe"], run["seed"]) for run in STORED["runs"]]
    assert found and len(found) == len(set(found))
    for run in STORED["runs"]:
        assert run["settings"] == json.loads(json.dumps(quality.RECIPES[run["recipe"]]))
        assert run["length_penalty"] in quality.PENALTIES
        assert 5 < run["test_greedy"] < 60 and 5 < run["test_beam"] < 60
    files = {
        translations_path(quality.RESULTS.parent, run["recipe"]).name for run in STORED["runs"]
    }
    assert KEPT and {path.name for path in KEPT} <= files


@needs("multi30k")
@pytest.mark.usefixtures("mirrored")
@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_stored_translations_have_the_stored_scores(path):
    (run,) = (
        run
        for run in STORED["runs"]
        if run["seed"] == 0 and translations_path(path.parent, run["recipe"]) == path
    )
    references = [" ".join(pair.tgt) for pair in load_corpus("multi30k", "test")]
    for way, translations in read_translations(path).items():
        score = s2s.bleu(translations, references, tokenize="none").score
        assert run[f"test_{way}"] == round(score, 2)
