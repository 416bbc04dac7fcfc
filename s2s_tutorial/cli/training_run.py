"""One training run of ``s2s train``: data, tokenizers, model, training, scores."""

from __future__ import annotations

import json
import warnings
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import click

from s2s_tutorial.cli.corpus_files import KEPT, sums
from s2s_tutorial.cli.data import CorpusChoice, make_tokenizer
from s2s_tutorial.cli.output import check_output
from s2s_tutorial.cli.resumed import check_it_is_the_run
from s2s_tutorial.cli.scoring import bleu_tokenizer, score
from s2s_tutorial.corpora import ParallelCorpus
from s2s_tutorial.machine.device import pick_device, seed_everything
from s2s_tutorial.machine.distributed import OneProcess
from s2s_tutorial.models.presets import get_preset
from s2s_tutorial.models.seq2seq import Seq2Seq, build_model
from s2s_tutorial.saving.checkpoint import load_checkpoint
from s2s_tutorial.saving.tokenizer_state import tokenizers_from_info, tokenizers_info
from s2s_tutorial.scoring.evaluation import check_batches
from s2s_tutorial.text.batches import make_batches
from s2s_tutorial.text.subwords import SubwordTokenizer
from s2s_tutorial.text.tokenizers import Tokenizer
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.history import INTERRUPTED
from s2s_tutorial.training.loop import fit
from s2s_tutorial.training.run_files import best_path
from s2s_tutorial.translate.translator import Translator

Tokenizers = tuple[Tokenizer, Tokenizer]


@dataclass(frozen=True)
class Settings:
    """All that one run of ``s2s train`` was asked.

    Attributes:
        corpus: the corpus.
        preset: the model.
        model: the further options of :func:`build_model`.
        config: the settings of training, with the file to keep it in.
        lowercase: write all text in lower case.
        subwords: pieces to learn of source and target.
        min_freq: see :meth:`Vocabulary.build`.
        max_vocab: likewise.
        batch_size: training pairs in a batch.
        max_tokens: longer training pairs are left out.
        resume: go on with the run in the file.
        overwrite: replace it.
    """

    corpus: CorpusChoice
    preset: str
    model: dict[str, Any]
    config: TrainConfig
    lowercase: bool = False
    subwords: tuple[int, int] | None = None
    min_freq: int = 1
    max_vocab: int | None = None
    batch_size: int = 64
    max_tokens: int | None = None
    resume: bool = False
    overwrite: bool = False

    def what_makes_the_batches(self) -> dict[str, Any]:
        """What a run must share with the one that it goes on with, as JSON says it."""
        names = ("lowercase", "subwords", "min_freq", "max_vocab", "batch_size", "max_tokens")
        said = {name: getattr(self, name) for name in names}
        return json.loads(json.dumps({"corpus": self.corpus.to_dict()} | said))


def train(settings: Settings, processes: OneProcess) -> bool:
    """Train, test, and say what is being done.

    Args:
        settings: what was asked.
        processes: the processes that train together; the first one speaks.

    Returns:
        Whether it came to its end; False if it was interrupted.
    """
    say: Callable[[str], None] = click.echo if processes.rank == 0 else lambda line: None
    # Once more, now that no other run can come between.
    output = settings.config.checkpoint
    processes.on_first(lambda: check_output(output, settings.resume, settings.overwrite))
    if settings.resume and output.exists():
        check_it_is_the_run(output, settings.what_makes_the_batches(), settings.corpus)
    tokenizers = _tokenizers(settings)
    corpora = _load(settings, processes, tokenizers)
    train_set = corpora["train"]
    limits = {"min_freq": settings.min_freq, "max_size": settings.max_vocab}
    src_vocab = Vocabulary.build(train_set.src_sentences, **limits)
    tgt_vocab = Vocabulary.build(train_set.tgt_sentences, **limits)
    _say_data(say, settings, corpora, src_vocab, tgt_vocab)

    config = settings.config
    seed_everything(config.seed)
    model = build_model(settings.preset, len(src_vocab), len(tgt_vocab), **settings.model)
    batches = make_batches(
        train_set,
        src_vocab,
        tgt_vocab,
        settings.batch_size,
        shuffle=True,
        seed=config.seed,
        max_length=settings.max_tokens,
    )
    valid = make_batches(corpora["valid"], src_vocab, tgt_vocab, settings.batch_size)
    test = make_batches(corpora["test"], src_vocab, tgt_vocab, settings.batch_size)
    check_batches("the test set", test, model)
    say(f"{'model':<12}{settings.preset}: {get_preset(settings.preset).summary}")
    say(f"{'':<12}{model.parameter_count():,} parameters; {_sizes(model)}")
    say(
        f"{'training':<12}{config.steps:,} updates of {settings.batch_size * config.accumulate} pairs "
        f"({config.steps * config.accumulate / len(batches):.1f} epochs) on "
        f"{_where(config, processes)}"
    )
    if batches.dropped:
        say(
            f"{'':<12}{batches.dropped:,} pairs with more than {settings.max_tokens} tokens left out"
        )

    info = settings.what_makes_the_batches() | tokenizers_info(*tokenizers)
    info |= {KEPT: sums(settings.corpus), "longest_target": batches.longest_target}
    history = fit(
        model,
        batches,
        valid,
        config,
        resume=settings.resume,
        src_vocab=src_vocab,
        tgt_vocab=tgt_vocab,
        info=info,
    )
    if history.stopped == INTERRUPTED:  # fit has said so
        return False
    if processes.rank == 0:
        say(
            f"{'trained':<12}{history.steps_done:,} updates in {history.seconds[-1]:.0f} s "
            f"({history.stopped}); best after {history.best_step:,}, kept"
        )
        vocabularies = src_vocab, tgt_vocab
        translator = Translator(model, *vocabularies, *tokenizers, config.device, info)
        try:
            _say_scores(say, settings, translator, corpora)
        except KeyboardInterrupt:
            best = best_path(output)
            say(f"\nnot scored; the model is kept in {best}, and s2s evaluate --model scores it")
            return False
    return True


def _load(
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


def _tokenizers(settings: Settings) -> Tokenizers:
    """Those of both sides: of the run that goes on; or new ones, subwords from the training text."""
    path = settings.config.checkpoint
    if settings.resume and path.exists():
        if kept := tokenizers_from_info(load_checkpoint(path).info):
            return kept
    if settings.subwords is None:
        tokenizer = make_tokenizer(settings.corpus.tokenizer, settings.lowercase)
        return tokenizer, tokenizer
    learned = []
    sides = zip(("source", "target"), zip(*settings.corpus.texts("train")), settings.subwords)
    for side, texts, pieces in sides:
        try:
            tokenizer = SubwordTokenizer.train(texts, pieces, lowercase=settings.lowercase)
        except ValueError as error:
            problem = str(error).removesuffix(", or a smaller character_coverage")
            problem = problem.replace(f"vocab_size={pieces}", f"a size of {pieces}", 1)
            raise ValueError(f"--subwords, {side} side: {problem}") from error
        learned.append(tokenizer)
    return learned[0], learned[1]


def _say_data(
    say: Callable[[str], None],
    settings: Settings,
    corpora: dict[str, ParallelCorpus],
    src_vocab: Vocabulary,
    tgt_vocab: Vocabulary,
) -> None:
    sizes = ", ".join(f"{len(corpus):,} {split}" for split, corpus in corpora.items())
    cut = settings.corpus.tokenizer if settings.subwords is None else "subwords"
    say(f"{'corpus':<12}{settings.corpus.name}: {sizes} pairs")
    [(source, target), *_] = settings.corpus.texts_of(corpora["train"][:1])
    say(f"{'':<12}{source} → {target}")
    say(f"{'tokens':<12}{cut}; {len(src_vocab):,} source and {len(tgt_vocab):,} target ones")


def _sizes(model: Seq2Seq) -> str:
    """The sizes that the model was built with."""
    hidden = ("preset", "src_vocab_size", "tgt_vocab_size")
    shown = {name: value for name, value in model.config.items() if name not in hidden}
    return ", ".join(f"{name.replace('_', ' ')} {value}" for name, value in shown.items())


def _where(config: TrainConfig, processes: OneProcess) -> str:
    device = pick_device(config.device).type
    return device if processes.world_size == 1 else f"{processes.world_size} processes ({device})"


def _say_scores(
    say: Callable[[str], None],
    settings: Settings,
    translator: Translator,
    corpora: dict[str, ParallelCorpus],
) -> None:
    texts = {split: settings.corpus.texts_of(corpora[split]) for split in ("valid", "test")}
    references = {split: [tgt for _, tgt in pairs] for split, pairs in texts.items()}
    tokenize = bleu_tokenizer(settings.corpus.tokenizer, references["valid"])
    for split in texts:
        report = score(translator, corpora[split], references[split], tokenize)
        for line in report.lines(split):
            say(line)
    for line in report.signatures():
        say(line)
    text = " ".join(texts["test"][0][0].split())
    path = best_path(settings.config.checkpoint)
    say(f"{'example':<12}{text} → {translator(text).text}")
    say(f"{'kept in':<12}{path}")
    quoted = text.replace("'", "'\\''")
    say(f"{'try':<12}echo '{quoted}' | s2s translate --model {path}")
    if translator.has_attention:
        say(f"{'':<12}s2s attend --model {path} '{quoted}'")
