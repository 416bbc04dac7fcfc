"""``multi30k``: 31,000 photograph captions in German, English and French."""

from __future__ import annotations

from s2s_tutorial.corpora.fetch.cache import RemoteFile, locate
from s2s_tutorial.corpora.read.text_files import Tokenizers, aligned_lines, first, tokenized
from s2s_tutorial.text.pairs import ParallelCorpus, check_split

ORIGIN = "https://raw.githubusercontent.com/multi30k/dataset"
# The commits that the sums below are of: a later edition of train.en differs in a few captions.
_COMMITS = {
    "tok": "7bee46bc74186b4b6254603143610f730d40bf66",
    "raw": "c9be912dc05a3ebf9ae5bb5f7f58c1791cda43ab",
}
LANGUAGES = ("de", "en", "fr")
_FILES = {"train": "train", "valid": "val", "test": "test_2016_flickr"}
_NAMES = {"tok": "{}.lc.norm.tok.{}", "raw": "{}.{}.gz"}
_TOKENIZERS = {"tok": "whitespace", "raw": "word"}
# Bytes and SHA-256 of every file, below data/task1.
_SUMS = {
    "raw/test_2016_flickr.de.gz": (
        22_890,
        "9204244e408ccb38d2a55cfcd344df15005fc42a07a6e55ca6c52b6ababb8cc8",
    ),
    "raw/test_2016_flickr.en.gz": (
        21_077,
        "611d361c6334bc7246101d48097c13cf5c4413c5befc793cc629934359d532d9",
    ),
    "raw/test_2016_flickr.fr.gz": (
        22_310,
        "6d326e188d259fb1d04ac19eae3af956559b3a0b93d7635e56c90987c40c8b90",
    ),
    "raw/train.de.gz": (
        637_044,
        "726e39b2fa9eb9ffb6dc763fb35a179f80fae06ffc5d28b6ace5faa883de28a6",
    ),
    "raw/train.en.gz": (
        568_929,
        "d79cfa999dd4c51d2cb42499b6796d5a882c3a8a961923c25a898c90f8bbd56f",
    ),
    "raw/train.fr.gz": (
        604_242,
        "622e75069e9f4c577425c4f277116ce66e63a2401c0a2312d90073cb12379a3c",
    ),
    "raw/val.de.gz": (
        24_681,
        "f0cba2f995189cf5770f29a8a9a537a3ad3f51657ad873405082ff6863a5e75a",
    ),
    "raw/val.en.gz": (
        21_650,
        "14f7d25ddd868909a9213e361768460edcacdd6ab9d1e77b92560dc10c10dc28",
    ),
    "raw/val.fr.gz": (
        23_001,
        "ca3106f1a72390591d25f6c45cb4cd39dec4cd3f123e099748a3ce5256c160e9",
    ),
    "tok/test_2016_flickr.lc.norm.tok.de": (
        71_917,
        "c6a33d39d48f9f510de147651316cd9d918e09ad0219df734a2f16b6baccacc4",
    ),
    "tok/test_2016_flickr.lc.norm.tok.en": (
        63_307,
        "5b7f32627cf99eced828311b955dae9800bb52bc8b91cf8b6526829e605b29d2",
    ),
    "tok/test_2016_flickr.lc.norm.tok.fr": (
        76_394,
        "1463bd5960f9bfe098ec3cd752d3df0c49c84dc646fb518964a29232658cd836",
    ),
    "tok/train.lc.norm.tok.de": (
        2_150_008,
        "cb5a23529b65ec2061f1dc446192a9c37382b63cc75f81a0be59d34894b3a505",
    ),
    "tok/train.lc.norm.tok.en": (
        1_837_696,
        "08925f8e0572bcd5a006702fc5fe20e2d77c6917d4eebd576fc20de6693c2119",
    ),
    "tok/train.lc.norm.tok.fr": (
        2_235_588,
        "8fa41bb718412bcb7c5dfa58603842810a01543eae86a51279f9886b901266e1",
    ),
    "tok/val.lc.norm.tok.de": (
        77_273,
        "97232bd273eceb7207f689527386a97e4be2616b18ada47576bdaf96c8ae1f00",
    ),
    "tok/val.lc.norm.tok.en": (
        64_608,
        "46573ce391ae227f1c72f873392436a20ef18e0a6d518098cfbd70b77c8572ec",
    ),
    "tok/val.lc.norm.tok.fr": (
        78_242,
        "b303e301aa21fe7822a846b2b3fb2d5a1121ec807cd5b1d006fb7b2b5507168a",
    ),
}


def make_multi30k(
    split: str,
    *,
    size: int | None = None,
    src: str = "de",
    tgt: str = "en",
    version: str = "tok",
    tokenizer: Tokenizers = None,
    mirror: str | None = None,
) -> ParallelCorpus:
    """Photograph captions in German, English and French, from the Multi30k repository.

    29,000 pairs in ``"train"``, 1,014 in ``"valid"`` (``val``), 1,000 in ``"test"``
    (``test_2016_flickr``): the splits of the task, in the files' order. No line has an empty side.

    Args:
        split: ``"train"``, ``"valid"`` or ``"test"``.
        size: how many pairs, from the beginning; by default all.
        src: source language, ``"de"``, ``"en"`` or ``"fr"``.
        tgt: target language, another of them.
        version: ``"tok"``, lower-cased and tokenized by Moses: quotation marks and apostrophes are
            ``&quot;`` and ``&apos;`` there, and stay so, as in the results that one compares with;
            or ``"raw"``, as people wrote them.
        tokenizer: cuts the lines: a name, an object that has ``tokenize``, or a pair of these for
            source and target. By default the spaces of ``"tok"``, and words for ``"raw"``.
        mirror: the address of a folder in the layout of the cache, tried first.

    Raises:
        ValueError: if an option has no such value, or ``size`` is more than there is.
        CorpusFileError: if the files cannot be had.
    """
    paths = locate(multi30k_files(split, src, tgt, version), mirror)
    pairs = first(aligned_lines(*paths), size, "multi30k", split)
    return tokenized(pairs, tokenizer, _TOKENIZERS[version], "multi30k", split)


def multi30k_files(
    split: str, src: str = "de", tgt: str = "en", version: str = "tok"
) -> list[RemoteFile]:
    """The two files of a split.

    >>> [file.path for file in multi30k_files("valid")]  # doctest: +NORMALIZE_WHITESPACE
    ['multi30k/data/task1/tok/val.lc.norm.tok.de',
     'multi30k/data/task1/tok/val.lc.norm.tok.en']

    Raises:
        ValueError: if an option has no such value.
    """
    check_split(split)
    if version not in _NAMES:
        raise ValueError(f"version must be 'tok' or 'raw', not {version!r}")
    for name, language in (("src", src), ("tgt", tgt)):
        if language not in LANGUAGES:
            raise ValueError(f"{name} must be one of {', '.join(LANGUAGES)}, not {language!r}")
    if src == tgt:
        raise ValueError(f"src and tgt are both {src!r}; for a copy task see 'copy'")
    files = []
    for language in (src, tgt):
        path = f"{version}/{_NAMES[version].format(_FILES[split], language)}"
        size, sha256 = _SUMS[path]
        urls = tuple(f"{ORIGIN}/{at}/data/task1/{path}" for at in (_COMMITS[version], "master"))
        files.append(RemoteFile(f"multi30k/data/task1/{path}", urls, sha256, size))
    return files
