"""One training run of ``s2s train``: data, tokenizers, model, training, scores."""

from __future__ import annotations

from collections.abc import Callable

import click

from s2s_tutorial.cli.corpus_files import KEPT, sums
from s2s_tutorial.cli.output import check_output
from s2s_tutorial.cli.resumed import check_it_is_the_run
from s2s_tutorial.cli.run_settings import Settings
from s2s_tutorial.cli.scoring import bleu_tokenizer, score
from s2s_tutorial.cli.training_data import read_splits, tokenizers_of, vocabularies_of
from s2s_tutorial.cli.training_log import csv_log, say_evaluation, tensorboard_log
from s2s_tutorial.corpora import ParallelCorpus
from s2s_tutorial.machine.device import pick_device, seed_everything
from s2s_tutorial.machine.distributed import OneProcess
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.presets import get_preset
from s2s_tutorial.models.pretrained import load_embeddings
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.tokenizer_state import tokenizers_info
from s2s_tutorial.saving.translator_file import read_parts
from s2s_tutorial.scoring.evaluation import check_batches
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.history import INTERRUPTED, History
from s2s_tutorial.training.loop import fit
from s2s_tutorial.training.run_files import best_path
from s2s_tutorial.translate.translator import Translator


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
    if settings.goes_on:
        check_it_is_the_run(output, settings.what_makes_the_batches(), settings.corpus)
    tokenizers = tokenizers_of(settings)
    corpora = read_splits(settings, processes, tokenizers)
    train_set = corpora["train"]
    src_vocab, tgt_vocab = vocabularies_of(settings, train_set)
    _say_data(say, settings, corpora, src_vocab, tgt_vocab)

    config = settings.config
    seed_everything(config.seed)
    model = _first_model(settings, say, src_vocab, tgt_vocab)
    batches = make_batches(
        train_set,
        src_vocab,
        tgt_vocab,
        settings.batch_size,
        shuffle=True,
        seed=config.seed,
        max_length=settings.max_tokens,
        copy=model.decoder.copies,
    )
    valid, test = (
        make_batches(
            corpora[split],
            src_vocab,
            tgt_vocab,
            settings.batch_size,
            copy=model.decoder.copies,
        )
        for split in ("valid", "test")
    )
    check_batches("the test set", test, model)
    preset = model.config["preset"]
    say(f"{'model':<12}{preset}: {get_preset(preset).summary}")
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
        on_evaluation=_teller(settings, processes),
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


def _first_model(
    settings: Settings, say: Callable[[str], None], src_vocab: Vocabulary, tgt_vocab: Vocabulary
) -> Seq2Seq:
    """The model before its first update: from a file, or new, with the word vectors asked for."""
    if settings.start_from:
        return read_parts(settings.start_from).model.float()
    model = build_model(settings.preset, len(src_vocab), len(tgt_vocab), **settings.model)
    if not settings.goes_on:  # else they have been learned further
        sides = {"source": (model.encoder, src_vocab), "target": (model.decoder, tgt_vocab)}
        for side, path in settings.embeddings.items():
            half, vocab = sides[side]
            say(f"{'embeddings':<12}{side}: {load_embeddings(half.embedding, vocab, path)}")
    return model


def _teller(settings: Settings, processes: OneProcess) -> Callable[[History], None] | None:
    """What to do at every evaluation: lines, rows and curves, of the first process alone."""
    if processes.rank > 0:
        return None
    tell = [] if settings.config.progress else [say_evaluation]
    tell += [csv_log(settings.log)] if settings.log else []
    tell += [tensorboard_log(settings.tensorboard)] if settings.tensorboard else []

    def told(history: History) -> None:
        if len(history.evaluated_at) == 1:  # there is something to keep from now on
            settings.describe()
        for each in tell:
            each(history)

    return told


def _say_data(
    say: Callable[[str], None],
    settings: Settings,
    corpora: dict[str, ParallelCorpus],
    src_vocab: Vocabulary,
    tgt_vocab: Vocabulary,
) -> None:
    sizes = ", ".join(f"{len(corpus):,} {split}" for split, corpus in corpora.items())
    cut = settings.corpus.tokenizer if settings.subwords is None else "subwords"
    cut = f"those of {settings.start_from}" if settings.start_from else cut
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
