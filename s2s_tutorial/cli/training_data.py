"""What ``s2s train`` trains on: the corpus's splits, what cuts them, and their vocabularies."""

from __future__ import annotations

import warnings

from s2s_tutorial.cli.data import make_tokenizer
from s2s_tutorial.cli.run_settings import Settings
from s2s_tutorial.corpora import ParallelCorpus
from s2s_tutorial.machine.distributed import OneProcess
from s2s_tutorial.saving.checkpoint import load_checkpoint
from s2s_tutorial.saving.tokenizer_state import tokenizers_from_info
from s2s_tutorial.saving.translator_file import read_parts
from s2s_tutorial.text.subwords import SubwordTokenizer
from s2s_tutorial.text.tokenizers import Tokenizer
from s2s_tutorial.text.vocabulary import Vocabulary

Tokenizers = tuple[Tokenizer, Tokenizer]


def read_splits(
    settings: Settings, processes: OneProcess, tokenizers: Tokenizers
) -> dict[str, ParallelCorpus]:
    """The three splits; what is odd about them is said by the first process."""
    with warnings.catch_warnings():
        if processes.rank > 0:
            warnings.simplefilter("ignore")
        if processes.world_size > 1:  # one downloads, the others then find the files
            processes.on_first(lambda: settings.corpus.load("train", *tokenizers) and None)
        return {
            split: settings.corpus.load(split, *tokenizers) for split in ("train", "valid", "test")
        }


def tokenizers_of(settings: Settings) -> Tokenizers:
    """Those of both sides: of the run that goes on, of the model that it starts from, or new ones.

    Subwords are learned from the training text; sides that have one vocabulary share them.
    """
    if settings.goes_on:
        if kept := tokenizers_from_info(load_checkpoint(settings.config.checkpoint).info):
            return kept
    if settings.start_from:
        parts = read_parts(settings.start_from)
        return parts.tokenizer, parts.tgt_tokenizer
    if settings.subwords is None:
        tokenizer = make_tokenizer(settings.corpus.tokenizer, settings.lowercase)
        return tokenizer, tokenizer
    learned = []
    sources, targets = zip(*settings.corpus.texts("train"))
    sides = zip(("source", "target"), (sources, targets), settings.subwords)
    if settings.one_vocabulary:
        sides = [("both", sources + targets, settings.subwords[0])]
    for side, texts, pieces in sides:
        try:
            tokenizer = SubwordTokenizer.train(texts, pieces, lowercase=settings.lowercase)
        except ValueError as error:
            noun = "sides" if side == "both" else "side"
            problem = str(error).removesuffix(", or a smaller character_coverage")
            problem = problem.replace(f"vocab_size={pieces}", f"a size of {pieces}", 1)
            raise ValueError(f"--subwords, {side} {noun}: {problem}") from error
        learned.append(tokenizer)
    return learned[0], learned[-1]


def vocabularies_of(settings: Settings, train: ParallelCorpus) -> tuple[Vocabulary, Vocabulary]:
    """Those of both sides: of the model that the run starts from, or counted in the training set.

    Sides that share their embeddings have one, and those between which words are copied.
    """
    if settings.start_from:
        parts = read_parts(settings.start_from)
        return parts.src_vocab, parts.tgt_vocab
    limits = {"min_freq": settings.min_freq, "max_size": settings.max_vocab}
    if settings.one_vocabulary:
        both = Vocabulary.build([*train.src_sentences, *train.tgt_sentences], **limits)
        return both, both
    return (
        Vocabulary.build(train.src_sentences, **limits),
        Vocabulary.build(train.tgt_sentences, **limits),
    )
