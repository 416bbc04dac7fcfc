"""``iwslt15_en_vi``: English talks and their Vietnamese subtitles."""

from __future__ import annotations

from s2s_tutorial.corpora.fetch.cache import RemoteFile, locate
from s2s_tutorial.corpora.read.text_files import Tokenizers, aligned_lines, first, tokenized
from s2s_tutorial.text.pairs import ParallelCorpus, check_split

ORIGIN = "https://nlp.stanford.edu/projects/nmt/data/iwslt15.en-vi"
LANGUAGES = ("en", "vi")
_FILES = {"train": "train", "valid": "tst2012", "test": "tst2013"}
# Bytes and SHA-256 of every file.
_SUMS = {
    "train.en": (13_603_614, "c26dfeed74b6bf3752f5ca552f2412456f0de153f7c804df8717931fb3a5c78a"),
    "train.vi": (18_074_646, "707206edf2dc0280273952c7b70544ea8a1363aa69aaeb9d70514b888dc3067d"),
    "tst2012.en": (140_250, "b8fbcd0d4199d41276421d1f7228298df67dd9e2c5c134c2ee8cdf3ec27801e2"),
    "tst2012.vi": (188_396, "01004078b3f36b0c46e81b65fc6851230b3c823405c76d1d82ef3b786b512ff0"),
    "tst2013.en": (132_264, "3860ce60bc5b85d96cc2d3d580cf1bc9d62440e939c1b964676d3607c4e8f1df"),
    "tst2013.vi": (183_855, "29af16842808da2812b8fd4d47fc05d082ba870e60ab7755090ad04b380994cd"),
}
# What the Moses tokenizer writes for signs that mean something to it; "&" must come back last.
_ESCAPES = {
    "&apos;": "'",
    "&quot;": '"',
    "&lt;": "<",
    "&gt;": ">",
    "&#91;": "[",
    "&#93;": "]",
    "&#124;": "|",
    "&amp;": "&",
}


def make_iwslt15_en_vi(
    split: str,
    *,
    size: int | None = None,
    src: str = "en",
    tgt: str = "vi",
    tokenizer: Tokenizers = None,
    mirror: str | None = None,
) -> ParallelCorpus:
    """English talks and their Vietnamese subtitles, from the Stanford NMT page.

    About 133,000 pairs in ``"train"``, 1,553 in ``"valid"`` (``tst2012``), 1,268 in ``"test"``
    (``tst2013``). The files are tokenized; ``&apos;``, ``&quot;``, ``&#91;`` and the like in them
    are put back into the signs they stand for. Lines with a blank side are left out.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs, from the beginning; by default all.
        src: source language, ``"en"`` or ``"vi"``.
        tgt: target language, the other one.
        tokenizer: cuts the lines: a name, an object that has ``tokenize``, or a pair of these for
            source and target. By default the spaces of the files.
        mirror: the address of a folder in the layout of the cache, tried first.

    Raises:
        ValueError: if an option has no such value, or ``size`` is more than there is.
        CorpusFileError: if the files cannot be had.
    """
    paths = locate(iwslt15_files(split, src, tgt), mirror)
    pairs = first(aligned_lines(*paths), size, "iwslt15_en_vi", split)
    plain = ((unescape(source), unescape(target)) for source, target in pairs)
    return tokenized(plain, tokenizer, "whitespace", "iwslt15_en_vi", split)


def iwslt15_files(split: str, src: str = "en", tgt: str = "vi") -> list[RemoteFile]:
    """The two files of a split.

    >>> [file.path for file in iwslt15_files("test")]
    ['iwslt15_en_vi/tst2013.en', 'iwslt15_en_vi/tst2013.vi']

    Raises:
        ValueError: if an option has no such value.
    """
    check_split(split)
    if {src, tgt} != set(LANGUAGES):
        raise ValueError(f"src and tgt must be 'en' and 'vi' or the reverse, not {src!r}, {tgt!r}")
    files = []
    for name in (f"{_FILES[split]}.{language}" for language in (src, tgt)):
        size, sha256 = _SUMS[name]
        files.append(RemoteFile(f"iwslt15_en_vi/{name}", (f"{ORIGIN}/{name}",), sha256, size))
    return files


def unescape(text: str) -> str:
    """The text with Moses's escapes undone; any other ``&`` stays.

    >>> unescape("his life &apos;s work &amp;quot; R & B")
    "his life 's work &quot; R & B"
    """
    for escape, sign in _ESCAPES.items():
        text = text.replace(escape, sign)
    return text
