"""``dialogues``: dialogues as JSON lines, a history and a reply for each turn of the system."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from s2s_tutorial.base.value_checks import check_whole
from s2s_tutorial.corpora.read.own_files import Path_, corpus_of
from s2s_tutorial.corpora.read.text_files import both_tokenizers, read_lines
from s2s_tutorial.text.pairs import Pair, ParallelCorpus
from s2s_tutorial.text.tokenizers import Tokenizer, is_blank


def make_dialogues(
    split: str,
    *,
    path: Path_,
    size: int | None = None,
    speaker: str = "system",
    turns: int | None = None,
    tokenizer: str | Tokenizer = "word",
) -> ParallelCorpus:
    r"""One dialogue a line, ``{"turns": [{"speaker": "user", "text": "hello"}, ...]}``.

    >>> import tempfile
    >>> path, said = Path(tempfile.mkdtemp()) / "d.jsonl", [("user", "Hi!"), ("system", "Hello.")]
    >>> turns = [{"speaker": who, "text": text} for who, text in said]
    >>> _ = path.write_text(json.dumps({"turns": turns}) + "\n")
    >>> make_dialogues("train", path={"train": path})[0].src
    ('user:', 'Hi', '!')

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        path: one file, whose replies are dealt out to the splits by their history; or a file for
            each split, as a dict or with ``{split}`` in its name (then no dialogue is in two).
        size: how many replies, from the beginning; by default all.
        speaker: whose turns are to be learned. A turn may have ``"target"`` beside its ``"text"``:
            then that is what is to be written, such as a state of slots and values.
        turns: how many turns of the history to keep, the last ones; by default all.
        tokenizer: cuts the texts: a name, or an object that has ``tokenize``.

    Returns:
        A pair for each turn of the speaker that is not the first turn of its dialogue: the turns
        before it, each with its speaker's name and a colon, and its text (or target).

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if a line is no such dialogue, naming file and line; if the split has no reply
            or fewer than ``size``.
    """
    cut = both_tokenizers(tokenizer, "word")[0]
    if turns is not None:
        check_whole("turns", turns, at_least=1)

    def read(file: Path) -> list[Pair]:
        pairs = []
        for number, line in enumerate(read_lines(file), start=1):
            if not line.strip():
                continue
            history: list[list[str]] = []
            for turn in _turns(line, f"{file}, line {number}"):
                if history and turn["speaker"] == speaker:
                    kept = history if turns is None else history[-turns:]
                    src = tuple(token for said in kept for token in said)
                    pairs.append(Pair(src, tuple(cut.tokenize(turn.get("target", turn["text"])))))
                history.append([f"{turn['speaker']}:", *cut.tokenize(turn["text"])])
        return pairs

    return corpus_of("dialogues", split, path, size, read)


def _turns(line: str, where: str) -> list[dict[str, Any]]:
    """The turns of one line, each with a speaker and a text that are no blank strings."""
    try:
        turns = json.loads(line)["turns"]
    except (ValueError, KeyError, TypeError) as error:
        raise ValueError(
            f'{where}: no dialogue, which is written {{"turns": [{{"speaker": "user", "text": '
            f'"hello"}}, ...]}} ({type(error).__name__}: {error})'
        ) from None
    if not isinstance(turns, list):
        raise ValueError(f"{where}: its turns must be a list, not {turns!r}")
    for place, turn in enumerate(turns):
        for name in ("speaker", "text", "target"):
            value = turn.get(name) if isinstance(turn, dict) else None
            if name == "target" and isinstance(turn, dict) and name not in turn:
                continue
            if not isinstance(value, str) or is_blank(value):
                raise ValueError(
                    f"{where}: turn {place} needs a {name}, a text that is not empty, but is {turn!r}"
                )
    return turns
