"""``s2s train``: from the name of a corpus to a tested model in a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from s2s_tutorial.cli.config_file import config_option, write_config
from s2s_tutorial.cli.data import (
    checked_name,
    choose_corpus,
    completing,
    corpus_options,
    make_tokenizer,
)
from s2s_tutorial.cli.generated import COUNT, Command, arguments_of, options_of, section
from s2s_tutorial.cli.output import check_output, check_place
from s2s_tutorial.cli.run_settings import Settings
from s2s_tutorial.cli.train_words import DEFAULTS, WORDS, decay, subword_sizes
from s2s_tutorial.cli.training_run import train
from s2s_tutorial.corpora.read.long_pairs import MAX_TOKENS
from s2s_tutorial.machine import distributed
from s2s_tutorial.machine.device import pick_device
from s2s_tutorial.machine.interrupt import exiting_in_order
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.presets import get_preset, list_presets
from s2s_tutorial.saving.checkpoint import load_checkpoint
from s2s_tutorial.text.vocabulary import SPECIALS
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.run_files import only_run

_SIZES = ("preset", "src_vocab_size", "tgt_vocab_size", "feature_size", "halvings")
_OWN = ("checkpoint", "restore_best")  # of TrainConfig's fields, those that --output decides


def _preset(ctx: click.Context, param: click.Parameter, value: str) -> str:
    return checked_name("preset", value, list_presets())


# What --start-from decides, since it takes the model as it is.
_TAKEN = ("preset", "tokenizer", "lowercase", "subwords", "min_freq", "max_vocab", "src_embeddings")
_TAKEN += ("tgt_embeddings", *arguments_of(build_model, _SIZES))


def check_start_from(ctx: click.Context) -> None:
    """Raise if an option was said that ``--start-from`` decides, in the same place or a stronger one.

    Raises:
        click.UsageError: naming it.
    """
    as_strong = {ctx.get_parameter_source("start_from"), click.core.ParameterSource.COMMANDLINE}
    for name in _TAKEN:
        if ctx.get_parameter_source(name) in as_strong:
            flag = "--" + name.replace("_", "-")
            raise click.UsageError(f"--start-from takes the model as it is: leave out {flag}")


@click.command(
    "train",
    cls=Command,
    epilog="""Examples:

    \b
      s2s train --corpus dates --preset bahdanau
      s2s train --corpus numbers --preset gru --steps 2000 --option max_digits=6
      s2s train --corpus multi30k --preset bahdanau --subwords 8000,5000 --hidden-size 512 \\
                --steps 4000 --batch-size 128 --dropout 0.3 --label-smoothing 0.1
      s2s train --tsv pairs.tsv --tokenizer word --lowercase --output runs/mine.safetensors
      torchrun --nproc-per-node 2 -m s2s_tutorial train --corpus dates --preset bahdanau

    Ctrl-C stops after the update in progress and keeps everything (so do SIGTERM and SIGHUP); the
    same command with --resume goes on, to the same numbers. Two runs at a time need two files.""",
)
@corpus_options
@section(
    "Text",
    click.option(
        "--tokenizer",
        help="What cuts text: character, whitespace or word. [default: what fits the corpus]",
    ),
    click.option("--lowercase", is_flag=True, help="Write all words and subwords in lower case."),
    click.option(
        "--subwords",
        callback=subword_sizes,
        metavar="N[,M]",
        help="Learn N pieces of words from the training text (M for the target side).",
    ),
    click.option(
        "--min-freq",
        type=COUNT,
        metavar="INTEGER",
        default=1,
        show_default=True,
        help="Rarer tokens are unknown.",
    ),
    click.option(
        "--max-vocab",
        type=click.IntRange(min=len(SPECIALS) + 1),
        metavar="INTEGER",
        help=f"The most tokens on each side, with {' '.join(SPECIALS)}.",
    ),
)
@section(
    "Model",
    click.option(
        "--preset",
        "-p",
        default="bahdanau",
        show_default=True,
        callback=_preset,
        shell_complete=completing(list_presets),
        help="One of `s2s presets`.",
    ),
    *options_of(build_model, skip=_SIZES, words=WORDS),
    click.option(
        "--start-from",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Begin with this model, its sizes, vocabularies and tokenizers, and train it further.",
    ),
    click.option(
        "--src-embeddings",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Word vectors to begin with, in GloVe's or fastText's text form.",
    ),
    click.option(
        "--tgt-embeddings",
        type=click.Path(exists=True, dir_okay=False, path_type=Path),
        help="Likewise, of the target side.",
    ),
)
@section(
    "Training",
    click.option(
        "--batch-size",
        type=COUNT,
        metavar="INTEGER",
        default=64,
        show_default=True,
        help="Pairs in a batch.",
    ),
    click.option(
        "--max-tokens",
        type=COUNT,
        metavar="INTEGER",
        help=f"Leave out longer training pairs. [default: of a file of your own, {MAX_TOKENS}]",
    ),
    *options_of(
        TrainConfig, skip=_OWN, parse={"teacher_forcing": decay}, words=WORDS, defaults=DEFAULTS
    ),
)
@section(
    "Files",
    click.option(
        "--output",
        "-o",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Where to keep the run: its last state, and beside it the best model.  [default: "
        "runs/CORPUS-PRESET.safetensors]",
    ),
    click.option(
        "--resume",
        is_flag=True,
        help="Go on with the run in that file; begin it if it is not there.",
    ),
    click.option(
        "--overwrite",
        is_flag=True,
        help="Replace the run in that file, once this one has something to put there.",
    ),
    config_option,
    click.option(
        "--log",
        type=click.Path(dir_okay=False, path_type=Path),
        help="Write a row for each evaluation into this CSV file.",
    ),
    click.option(
        "--tensorboard",
        type=click.Path(file_okay=False, path_type=Path),
        help="Write curves for TensorBoard into this folder.",
    ),
)
def command(
    corpus, tsv, options, tokenizer, lowercase, subwords, min_freq, max_vocab, preset, **rest
) -> None:
    """Train a model on a corpus, test it, and keep it in a file.

    Without further options the model is small and trains in a minute or so on a CPU.
    """
    context = click.get_current_context()
    choice = choose_corpus(corpus, tsv, options, tokenizer)
    if rest["start_from"]:
        check_start_from(context)
        preset = load_checkpoint(rest["start_from"]).model.config["preset"]
    if choice.name == "tsv" and (rest["max_tokens"] or 0) > MAX_TOKENS:
        choice.options.setdefault("max_tokens", rest["max_tokens"])  # then they have to be read
    make_tokenizer(choice.tokenizer, lowercase and not subwords)
    output = rest["output"] or Path("runs") / f"{choice.name}-{preset}.safetensors"
    check_output(output, rest["resume"], rest["overwrite"])
    model = {p: rest.pop(p) for p in arguments_of(build_model, _SIZES)}
    training = {p: rest.pop(p) for p in arguments_of(TrainConfig, _OWN)}
    try:
        config = TrainConfig(**training, checkpoint=output, restore_best=True)
    except ValueError as error:
        raise click.UsageError(str(error)) from error
    sizes = {name: value for name, value in model.items() if value is not None}
    shares = bool(sizes.get("share_embeddings"))
    if (shares or get_preset(preset).one_vocabulary) and len(set(subwords or ())) > 1:
        one = "--share-embeddings" if shares else preset
        raise click.UsageError(f"{one} has one vocabulary: say --subwords N alone")
    vectors = {"source": rest["src_embeddings"], "target": rest["tgt_embeddings"]}
    if sizes.get("share_embeddings") and all(vectors.values()):
        raise click.UsageError("--share-embeddings has one embedding: say --src-embeddings alone")
    # What can be wrong is said now, not after the data have been read or downloaded.
    build_model(preset, len(SPECIALS) + 1, len(SPECIALS) + 1, **sizes)
    pick_device(config.device)
    check_place(output)
    settings = Settings(
        choice,
        preset,
        sizes,
        config,
        lowercase=lowercase,
        subwords=subwords,
        min_freq=min_freq,
        max_vocab=max_vocab,
        batch_size=rest["batch_size"],
        max_tokens=rest["max_tokens"],
        resume=rest["resume"],
        overwrite=rest["overwrite"],
        start_from=rest["start_from"],
        embeddings={side: path for side, path in vectors.items() if path},
        log=rest["log"],
        tensorboard=rest["tensorboard"],
        describe=lambda: write_config(
            context, output.with_suffix(".yml"), leave_out=_TAKEN if rest["start_from"] else ()
        ),
    )
    with exiting_in_order(), distributed.start(config.device) as processes:
        with only_run(output, processes):
            finished = train(settings, processes)
    if not finished:
        sys.exit(130)  # as a shell says it of a program that Ctrl-C ended
