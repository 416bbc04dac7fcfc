"""A trained model as two small files that a page can fetch and ``js/model.js`` can run."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from torch import nn

import s2s_tutorial
from s2s_tutorial.base.folders import check_folder, write_folder
from s2s_tutorial.base.value_checks import check_name
from s2s_tutorial.live.parts import describe_parts
from s2s_tutorial.live.weights import TYPES, packed_tensor, rounded
from s2s_tutorial.saving.tokenizer_state import tokenizer_state
from s2s_tutorial.scoring.comparison import Comparison, compare
from s2s_tutorial.scoring.text_scores import chrf
from s2s_tutorial.text.vocabulary import SPECIALS
from s2s_tutorial.translate.translator import Translator

FORMAT = "s2s-tutorial web model 1"  # also in js/model.js
_KNOWN = ("preset", "src_vocab_size", "tgt_vocab_size")  # said elsewhere in the header
MARGIN = 0.5  # points of chrF: a smaller type that costs less on average loses nothing
HEADER, WEIGHTS = "model.json", "weights.bin"
FILES = frozenset({HEADER, WEIGHTS})


class WebModel(NamedTuple):
    """What was exported.

    Attributes:
        header: what ``model.json`` says.
        weights: the bytes of ``weights.bin``.
        measured: for each type that was tried, its chrF against that of float32.

    Example:
        >>> vocab = s2s.Vocabulary(["a", "b"])
        >>> translator = s2s.Translator(s2s.build_model("gru", 6, 6), vocab, vocab, "whitespace")
        >>> made = web_model(translator, weights="int8")
        >>> made.header["weights"]["type"], len(made.weights) == made.header["weights"]["bytes"]
        ('int8', True)
    """

    header: dict[str, Any]
    weights: bytes
    measured: dict[str, Comparison]


def web_model(
    translator: Translator,
    texts: Sequence[str] = (),
    references: Sequence[str] = (),
    weights: str = "auto",
) -> WebModel:
    """A translator as a page can run it.

    Args:
        translator: the model with its vocabularies and tokenizers.
        texts: sentences to measure on.
        references: their translations.
        weights: the type of the matrices: ``"float32"``, ``"float16"``, ``"int8"``, or
            ``"auto"``, the smallest that loses nothing on the sentences: the difference of its
            chrF, sentence by sentence, to that of float32 is a tie by a margin of half a point
            (:func:`s2s.compare`, paired). Without sentences there is nothing to measure by, and it
            is float32.

    Returns:
        A :class:`WebModel`.

    Raises:
        ValueError: if the page's engine has no such model or tokenizer, a type is unknown, or
            texts and references differ in number.

    Example:
        >>> vocab = s2s.Vocabulary(["a", "b"])
        >>> translator = s2s.Translator(s2s.build_model("gru", 6, 6), vocab, vocab, "whitespace")
        >>> web_model(translator, ["a b"] * 9, ["b a"] * 9).header["weights"]["type"]
        'int8'
    """
    check_name("weights", weights, ("auto", *TYPES))
    if len(texts) != len(references):
        raise ValueError(f"there are {len(texts)} texts but {len(references)} references")
    parts = describe_parts(translator.model)
    tokenizers = [_tokenizer(each) for each in (translator.tokenizer, translator.tgt_tokenizer)]
    measured: dict[str, Comparison] = {}
    if weights == "auto":
        weights = _smallest(translator, texts, references, measured)
    entries, content = _packed(translator.model, weights)
    config = getattr(translator.model, "config", {})
    header = {
        "format": FORMAT,
        "package": s2s_tutorial.__version__,
        "preset": config.get("preset"),
        "sizes": {k: v for k, v in config.items() if k not in _KNOWN and v is not None},
        **parts,
        "longest_target": translator.longest_target,
        "tokenizers": tokenizers,
        "src_vocab": list(translator.src_vocab.tokens[len(SPECIALS) :]),
        "tgt_vocab": list(translator.tgt_vocab.tokens[len(SPECIALS) :]),
        "weights": {
            "file": WEIGHTS,
            "type": weights,
            "bytes": len(content),
            "sha256": hashlib.sha256(content).hexdigest(),
            "tensors": entries,
        },
    }
    return WebModel(header, content, measured)


def export_web(
    translator: Translator,
    folder: str | Path,
    texts: Sequence[str] = (),
    references: Sequence[str] = (),
    weights: str = "auto",
    overwrite: bool = False,
) -> WebModel:
    """Write :func:`web_model` into a folder: ``model.json`` and ``weights.bin``.

    Args:
        translator: as for :func:`web_model`, and the next three likewise.
        texts: likewise.
        references: likewise.
        weights: likewise.
        folder: where to; it is there whole or not at all.
        overwrite: whether to replace a model that was exported there.

    Raises:
        FileExistsError: if something lies there.
        OSError: if it cannot be written.
        ValueError: as :func:`web_model`.

    Example:
        >>> import tempfile
        >>> vocab = s2s.Vocabulary(["a", "b"])
        >>> translator = s2s.Translator(s2s.build_model("gru", 6, 6), vocab, vocab, "whitespace")
        >>> with tempfile.TemporaryDirectory() as folder:
        ...     _ = export_web(translator, f"{folder}/ab")
        ...     sorted(path.name for path in Path(folder, "ab").iterdir())
        ['model.json', 'weights.bin']
    """
    folder = Path(folder)
    check_folder(folder, FILES, overwrite)
    made = web_model(translator, texts, references, weights)
    header = json.dumps(made.header, ensure_ascii=False, separators=(",", ":"))
    write_folder(folder, {HEADER: header.encode(), WEIGHTS: made.weights}, overwrite)
    return made


def _packed(model: nn.Module, kind: str) -> tuple[list[dict[str, Any]], bytes]:
    """Every tensor's entry, and all bytes; one that two layers share is there once."""
    entries, content, seen = [], b"", {}
    for name, tensor in model.state_dict().items():
        first = seen.setdefault(tensor.data_ptr(), name)
        entry, own = packed_tensor(name, tensor, kind)
        entries.append(entry if first == name else {"name": name, "as": first})
        content += own if first == name else b""
    return entries, content


def _tokenizer(tokenizer: Any) -> dict[str, Any]:
    try:
        state = tokenizer_state(tokenizer)
    except TypeError:
        state = {"name": type(tokenizer).__name__}
    if state["name"] not in ("character", "whitespace", "word"):
        raise ValueError(
            f"a page cannot cut text as {state['name']} does: it knows the character, whitespace "
            "and word tokenizers; train a model with one of these to export it"
        )
    return state


def _smallest(
    translator: Translator,
    texts: Sequence[str],
    references: Sequence[str],
    measured: dict[str, Comparison],
) -> str:
    """The first of the types whose chrF ties with float32's, or is higher; notes what it found."""
    if not texts:
        return "float32"
    exact = _sentence_chrf(translator, texts, references)
    for kind in TYPES[:-1]:
        model = rounded(translator.model, kind)
        vocabularies = translator.src_vocab, translator.tgt_vocab
        tokenizers = translator.tokenizer, translator.tgt_tokenizer
        small = Translator(model, *vocabularies, *tokenizers, info=translator.info)
        scores = _sentence_chrf(small, texts, references)
        measured[kind] = compare(scores, exact, paired=True, margin=MARGIN)
        if measured[kind].verdict in ("tie", "higher"):
            return kind
    return "float32"


def _sentence_chrf(translator: Translator, texts, references) -> list[float]:
    """The chrF of each greedy translation by itself, in points."""
    found = translator.translate(texts, beam_size=1)
    return [chrf([t.text], [r]).score for t, r in zip(found, references)]
