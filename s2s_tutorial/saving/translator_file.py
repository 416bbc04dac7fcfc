"""What a file must hold for a model to read and write text: vocabularies and tokenizers too."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.checkpoint import CheckpointError, load_checkpoint
from s2s_tutorial.saving.tokenizer_state import tokenizers_from_info
from s2s_tutorial.text.tokenizers import Tokenizer
from s2s_tutorial.text.vocabulary import Vocabulary

_OF_TRAINING = ("settings", "scaler", "tokenizers")  # info that a saved translator has no use for


class Parts(NamedTuple):
    """What a translator is made of.

    Attributes:
        model: the model.
        src_vocab: the vocabulary of its source ids.
        tgt_vocab: the vocabulary of its target ids.
        tokenizer: cuts source text.
        tgt_tokenizer: puts target text together.
        info: what else is known about the model.
    """

    model: Seq2Seq
    src_vocab: Vocabulary
    tgt_vocab: Vocabulary
    tokenizer: Tokenizer
    tgt_tokenizer: Tokenizer
    info: dict[str, Any]


def read_parts(path: str | Path, model: Seq2Seq | None = None) -> Parts:
    """Read what :meth:`Translator.save`, or ``s2s train``, wrote.

    Args:
        path: the checkpoint.
        model: see :func:`load_checkpoint`.

    Raises:
        FileNotFoundError: if there is no such file.
        CheckpointError: if it is no checkpoint, one of another model, or one without vocabularies or tokenizers.
    """
    checkpoint = load_checkpoint(path, model)
    try:
        tokenizers = tokenizers_from_info(checkpoint.info)
    except ValueError as error:
        raise CheckpointError(f"{path} cannot be used: {error}") from error
    needed = {
        "source vocabulary": checkpoint.src_vocab,
        "target vocabulary": checkpoint.tgt_vocab,
        "tokenizers": tokenizers,
    }
    missing = [name for name, part in needed.items() if part is None]
    if missing:
        raise CheckpointError(
            f"{path} holds a model but no {' and no '.join(missing)}, so it cannot read text; "
            "Translator.save and `s2s train` write checkpoints that can"
        )
    info = {name: v for name, v in checkpoint.info.items() if name not in _OF_TRAINING}
    vocabularies = checkpoint.src_vocab, checkpoint.tgt_vocab
    return Parts(checkpoint.model, *vocabularies, *tokenizers, info)
