"""Whether the run in a file is the one that ``s2s train --resume`` was asked to go on with."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from s2s_tutorial.cli.corpus_files import difference
from s2s_tutorial.cli.data import CorpusChoice
from s2s_tutorial.corpora import SPLITS
from s2s_tutorial.saving.checkpoint import CheckpointError, load_checkpoint


def check_it_is_the_run(path: Path, asked: Mapping[str, Any], corpus: CorpusChoice) -> None:
    """Raise CheckpointError if the run was of other data: ``fit`` checks all but these options.

    Args:
        path: the file of the run.
        asked: the options that decide its batches, by name.
        corpus: the corpus that is asked for.
    """
    saved = load_checkpoint(path).info
    for name, value in asked.items():
        if saved.get(name) != value:
            was, now = _differences(saved.get(name), value)
            option = name if name == "corpus" else "--" + name.replace("_", "-")
            raise CheckpointError(
                f"{path} was begun with {option} {was}, not {now}; give the same "
                "options, or another --output"
            )
    for split in SPLITS:
        if changed := difference(corpus, split, saved):
            raise CheckpointError(
                f"the run in {path} cannot go on: {changed}; put that file back, or begin a run "
                "with another --output"
            )


def _differences(was: Any, now: Any) -> tuple[str, str]:
    """Two values; of a corpus, what differs."""
    if not isinstance(was, dict):
        return str(was), str(now)
    if was["name"] != now["name"]:
        return was["name"], now["name"]
    before, after = ({"tokenizer": of["tokenizer"]} | of["options"] for of in (was, now))
    names = [n for n in before | after if before.get(n) != after.get(n)]
    return tuple(
        f"{was['name']} (" + ", ".join(f"{n} {of.get(n, 'not given')}" for n in names) + ")"
        for of in (before, after)
    )
