"""BLEU and chrF of translations as text, by sacrebleu."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

References = Sequence[str] | Sequence[Sequence[str]]


class _ScoreAndSignature(NamedTuple):
    score: float
    signature: str


class TextScore(_ScoreAndSignature):
    """A corpus score with the signature that lets others compute the same one (Post, 2018).

    A pair, ``score, signature = bleu(...)``, that may know more.

    Args:
        score: from 0 to 100.
        signature: sacrebleu's, such as ``nrefs:1|case:mixed|eff:no|tok:13a|smooth:exp|...``.
        brevity_penalty: of BLEU, $\\min(1, e^{1 - 1/\\rho})$, with which it was multiplied.
        length_ratio: of BLEU, $\\rho$: tokens of the hypotheses over those of the references.
        note: what has to be said of the score; empty if nothing.

    Attributes:
        score: as given.
        signature: likewise.
        brevity_penalty: likewise; None for chrF.
        length_ratio: likewise.
        note: likewise.

    Example:
        >>> short = bleu(["we saw a black cat"], ["we saw a black cat over there"])
        >>> round(short.score, 2), round(short.brevity_penalty, 4), round(short.length_ratio, 4)
        (67.03, 0.6703, 0.7143)
    """

    brevity_penalty: float | None = None
    length_ratio: float | None = None
    note: str = ""

    def __new__(
        cls,
        score: float,
        signature: str,
        *,
        brevity_penalty: float | None = None,
        length_ratio: float | None = None,
        note: str = "",
    ) -> TextScore:
        made = super().__new__(cls, score, signature)
        made.brevity_penalty = brevity_penalty
        made.length_ratio = length_ratio
        made.note = note
        return made


def bleu(
    hypotheses: Sequence[str],
    references: References,
    tokenize: str = "13a",
    lowercase: bool = False,
) -> TextScore:
    """Corpus BLEU (Papineni et al., 2002), computed by sacrebleu.

    Where no hypothesis has four tokens, there are no runs of four to count, and BLEU is 0 whatever
    they say; the score's ``note`` says so. :func:`chrf` suits such short texts.

    Args:
        hypotheses: detokenised strings, one a sentence.
        references: as many strings; or, for several references of each sentence, several such
            lists (sacrebleu's streams): the first references of all sentences, the second ones, ...
        tokenize: sacrebleu's tokeniser; ``"none"`` for text that is already tokenised.
        lowercase: whether to compare without regard to case; the signature says so.

    Raises:
        TypeError: if a sentence is not a string.
        ValueError: if the counts differ, there is no sentence, or sacrebleu has no such tokeniser.

    Example:
        >>> short = bleu(["we saw a black cat"], ["we saw a black cat over there"])
        >>> round(short.score, 2)  # every n-gram is right, but too few: 100 exp(1 - 7/5)
        67.03
        >>> two = bleu(["a black cat sat"], [["a black cat sat down"], ["the black cat sat"]])
        >>> round(two.score, 2), two.signature[:7]  # the reference nearest in length has four words
        (100.0, 'nrefs:2')
    """
    from sacrebleu.metrics import BLEU

    if tokenize not in BLEU.TOKENIZERS:
        names = ", ".join(map(repr, sorted(BLEU.TOKENIZERS)))
        raise ValueError(f"sacrebleu has no tokeniser {tokenize!r}; it has {names}")
    metric = BLEU(tokenize=tokenize, lowercase=lowercase, force=tokenize == "none")
    result, signature = _corpus_score(metric, hypotheses, references)
    note = ""
    if result.totals[-1] == 0:
        note = (
            "no translation has four tokens, and BLEU, which counts runs of up to four, is then 0 "
            "whatever they say; look at chrF"
        )
    penalty, ratio = result.bp, result.sys_len / result.ref_len if result.ref_len else 0.0
    return TextScore(
        result.score, signature, brevity_penalty=penalty, length_ratio=ratio, note=note
    )


def chrf(hypotheses: Sequence[str], references: References, lowercase: bool = False) -> TextScore:
    """Corpus chrF, the character n-gram F-score (Popović, 2015), computed by sacrebleu.

    Args:
        hypotheses: detokenised strings, one a sentence.
        references: as many strings; or several such lists, as for :func:`bleu`.
        lowercase: whether to compare without regard to case; the signature says so.

    Raises:
        TypeError: if a sentence is not a string.
        ValueError: if the counts differ or there is no sentence.

    Example:
        >>> round(bleu(["gatti"], ["gatto"]).score, 2)  # no word is right
        0.0
        >>> round(chrf(["gatti"], ["gatto"]).score, 2)  # 100 (4/5 + 3/4 + 2/3 + 1/2 + 0) / 5
        54.33
    """
    from sacrebleu.metrics import CHRF

    result, signature = _corpus_score(CHRF(lowercase=lowercase), hypotheses, references)
    return TextScore(result.score, signature)


def check_counts(hypotheses: Sequence, references: Sequence) -> None:
    """Raise unless there are as many hypotheses as references, and some.

    >>> check_counts(["a"], ["b"])

    Raises:
        TypeError: if one of them is a string.
        ValueError: if the counts differ or there is no sentence.
    """
    for name, sentences in [("hypotheses", hypotheses), ("references", references)]:
        if isinstance(sentences, str):
            raise TypeError(f"{name} must be a list of sentences, not one string")
    if len(hypotheses) != len(references):
        raise ValueError(
            f"there are {len(hypotheses)} hypotheses but {len(references)} references; "
            "each sentence needs one of both, in the same order"
        )
    if not references:
        raise ValueError("there are no sentences to score")


def _corpus_score(metric, hypotheses: Sequence[str], references: References):
    """sacrebleu's result and signature."""
    streams = _streams(hypotheses, references)
    for sentence in (*hypotheses, *(each for stream in streams for each in stream)):
        if not isinstance(sentence, str):
            raise TypeError(
                f"sentences must be strings, not {type(sentence).__name__}; if these are tokens, "
                "join tokens first, with the tokenizer's detokenize"
            )
    result = metric.corpus_score(list(hypotheses), streams)
    return result, str(metric.get_signature())


def _streams(hypotheses: Sequence[str], references: References) -> list[list[str]]:
    """The references as sacrebleu takes them: one list of all sentences for each of the sets."""
    if isinstance(references, str) or not any(
        isinstance(each, (list, tuple)) for each in references
    ):
        check_counts(hypotheses, references)
        return [list(references)]
    for number, stream in enumerate(references):
        if isinstance(stream, str) or len(stream) != len(hypotheses):
            what = "a string" if isinstance(stream, str) else f"a list of {len(stream)}"
            raise TypeError(
                f"references[{number}] is {what}. For several references of each sentence give "
                f"lists as long as the hypotheses ({len(hypotheses)}): all first references, all "
                "second ones, and so on. If these are tokens, join tokens first, with the "
                "tokenizer's detokenize"
            )
        check_counts(hypotheses, stream)
    return [list(stream) for stream in references]
