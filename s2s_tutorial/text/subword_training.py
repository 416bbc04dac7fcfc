"""Learning subwords with SentencePiece: quietly, from memory, the same pieces every time."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from types import ModuleType

from s2s_tutorial.base.value_checks import check_name, check_whole
from s2s_tutorial.text.subword_sampling import SPACE
from s2s_tutorial.text.tokenizers import clean_text

MODEL_TYPES = ("unigram", "bpe")
NORMALIZATIONS = ("identity", "nfkc")

_NO_LIMIT = 2**30  # bytes in a sentence; SentencePiece would leave out the longer ones, silently


def sentencepiece_library() -> ModuleType:
    """The library, imported when first needed.

    >>> sentencepiece_library().__name__
    'sentencepiece'

    Raises:
        ImportError: if it is not installed.
    """
    try:
        import sentencepiece
    except ImportError as error:
        raise ImportError(
            "subwords need the sentencepiece package, which is not installed here: run "
            "`pip install sentencepiece`"
        ) from error
    return sentencepiece


def prepare(text: str, lowercase: bool = False) -> str:
    """The text as pieces are learned from it: composed (NFC), each white space one space.

    >>> prepare(" Low  lower ", lowercase=True)
    'low lower'

    Args:
        text: the text.
        lowercase: whether to write it in lower case.

    Raises:
        TypeError: if it is not a string.
        ValueError: if it is empty or blank.
    """
    text = clean_text(text)
    if lowercase:
        text = clean_text(text.lower())
    return " ".join(text.replace(SPACE, " ").split())


def learn_pieces(
    lines: Sequence[str],
    vocab_size: int,
    model_type: str = "unigram",
    normalization: str = "identity",
    character_coverage: float = 1.0,
) -> bytes:
    """A SentencePiece model learned from lines of text, without any special token but unknown.

    >>> len(learn_pieces(["low lower lowest"], vocab_size=9)) > 0
    True

    Args:
        lines: the text, composed and without needless white space.
        vocab_size: how many pieces, counting the sign for unknown.
        model_type: one of ``MODEL_TYPES``.
        normalization: one of ``NORMALIZATIONS``.
        character_coverage: the share of the text's characters that get a piece.

    Raises:
        ImportError: if SentencePiece is not installed.
        TypeError: if ``vocab_size`` is not a whole number.
        ValueError: if there is nothing to learn from, an option makes no sense, or
            ``vocab_size`` does not fit the lines; the message says what would.
    """
    check_name("model_type", model_type, MODEL_TYPES)
    check_name("normalization", normalization, NORMALIZATIONS)
    vocab_size = check_whole("vocab_size", vocab_size, at_least=2)
    if not 0.98 <= character_coverage <= 1:
        raise ValueError(f"character_coverage is from 0.98 to 1, not {character_coverage}")
    if not any(lines):
        raise ValueError("there are no sentences to learn pieces from")
    model = io.BytesIO()
    try:
        sentencepiece_library().SentencePieceTrainer.train(
            sentence_iterator=iter(lines),
            model_writer=model,
            vocab_size=vocab_size,
            model_type=model_type,
            normalization_rule_name=normalization,
            character_coverage=character_coverage,
            max_sentence_length=_NO_LIMIT,
            num_threads=1,  # with more, probabilities are summed in another order
            minloglevel=2,
            unk_id=0,
            bos_id=-1,  # the Vocabulary has these three
            eos_id=-1,
            pad_id=-1,
        )
    except RuntimeError as error:
        raise ValueError(_in_plain_words(str(error), vocab_size, len(lines))) from error
    return model.getvalue()


def _in_plain_words(message: str, vocab_size: int, sentences: int) -> str:
    """What SentencePiece says when it cannot learn, and what to do about it."""
    if too_high := re.search(r"value <= (\d+)", message):
        return (
            f"vocab_size={vocab_size} is more than {sentences} sentences can fill: take "
            f"{too_high[1]} or fewer, or more text"
        )
    if too_low := re.search(r"required_chars\. \d+ vs (\d+)", message):
        return (
            f"vocab_size={vocab_size} does not even hold the single characters of the text: take "
            f"{too_low[1]} or more, or a smaller character_coverage"
        )
    return f"SentencePiece could not learn {vocab_size} pieces from the sentences: {message}"
