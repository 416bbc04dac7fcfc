"""``babi``: stories and questions in the format of the bAbI tasks."""

from __future__ import annotations

import re
from pathlib import Path

from s2s_tutorial.corpora.read.own_files import Path_, corpus_of
from s2s_tutorial.corpora.read.text_files import read_lines
from s2s_tutorial.text.pairs import Pair, ParallelCorpus


def make_babi(split: str, *, path: Path_, size: int | None = None) -> ParallelCorpus:
    """Numbered facts and questions (Weston et al., 2016), ``3 Where is Mary?<tab>garden<tab>1``.

    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "qa1_train.txt"
    >>> _ = path.write_text("1 Mary went to the hall.\\n2 Where is Mary?\\thall\\t1\\n")
    >>> pair = make_babi("train", path={"train": path})[0]
    >>> " ".join(pair.src), pair.tgt, len(pair.alignment)
    ('Mary went to the hall . Where is Mary ?', ('hall',), 6)

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        path: one file, whose questions are dealt out to the splits; or a file for each split, as a
            dict or with ``{split}`` in its name.
        size: how many questions, from the beginning; by default all.

    Returns:
        For each question a pair: the facts told so far with the question after them, and the answer
        (several words where commas separate them). The alignment links every word of the answer to
        the words of the supporting facts.

    Raises:
        FileNotFoundError: if there is no such file.
        ValueError: if a line has no number, its number does not follow, a question has no answer or
            is supported by a line that tells no fact, naming file and line; if the split has no
            question or fewer than ``size``.
    """
    return corpus_of("babi", split, path, size, _read)


def _read(file: Path) -> list[Pair]:
    pairs: list[Pair] = []
    facts: dict[int, list[str]] = {}
    last = 0
    for number, line in enumerate(read_lines(file), start=1):
        where = f"{file}, line {number}"
        found = re.fullmatch(r"(\d+) (.+)", line.strip())
        if not found:
            raise ValueError(f"{where}: {line!r} does not begin with a number and a space")
        own, (text, *rest) = int(found[1]), found[2].split("\t")
        if own == 1:
            facts = {}
        elif own != last + 1:
            raise ValueError(
                f"{where}: number {own} follows {last}; a story counts on, or begins at 1"
            )
        last = own
        if not rest:
            facts[own] = _words(text)
            continue
        if len(rest) != 2 or not rest[0].strip():
            raise ValueError(
                f"{where}: a question needs its answer and the numbers of its supporting facts, "
                f"with tabs between them, but has {line!r}"
            )
        pairs.append(_pair(facts, text, rest[0].strip(), rest[1].split(), where))
    return pairs


def _pair(facts: dict[int, list[str]], text: str, answer: str, support: list[str], where: str):
    src: list[str] = []
    places: dict[str, range] = {}
    for own, words in facts.items():
        places[str(own)] = range(len(src), len(src) + len(words))
        src += words
    unknown = [each for each in support if each not in places]
    if unknown:
        raise ValueError(
            f"{where}: the supporting fact {unknown[0]!r} is no fact of the story so far"
        )
    tgt = tuple(answer.split(","))
    links = frozenset((j, i) for each in support for j in places[each] for i in range(len(tgt)))
    return Pair((*src, *_words(text)), tgt, links)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+|[^\w\s]", text)
