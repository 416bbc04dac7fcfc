"""``s2s train``: from the name of a corpus to a tested model in a file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from s2s_tutorial.cli.data import checked_name, choose_corpus, corpus_options, make_tokenizer
from s2s_tutorial.cli.generated import COUNT, Command, arguments_of, options_of, section
from s2s_tutorial.cli.output import check_folder, check_output
from s2s_tutorial.cli.training_run import Settings, train
from s2s_tutorial.corpora.read.long_pairs import MAX_TOKENS
from s2s_tutorial.machine import distributed
from s2s_tutorial.machine.device import pick_device
from s2s_tutorial.machine.interrupt import exiting_in_order
from s2s_tutorial.models.presets import list_presets
from s2s_tutorial.models.seq2seq import build_model
from s2s_tutorial.text.vocabulary import SPECIALS
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.run_files import only_run
from s2s_tutorial.training.scheduled_sampling import Decay

_SIZES = ("preset", "src_vocab_size", "tgt_vocab_size")
_OWN = ("checkpoint", "restore_best")  # of TrainConfig's fields, those that --output decides


_DEFAULTS = {"steps": 600}  # a minute or so for the small corpora on one core
# Help for what the documentation of the package explains at length elsewhere.
_WORDS = {
    "hidden_size": "Size of the decoder's state and of each direction of the encoder.",
    "attention_size": "Hidden layer of additive, concat and location-aware scores. "
    "[default: hidden size]",
    "num_layers": "Stacked layers on both sides. [default: the preset's]",
    "dropout": "Probability that a number between layers is zeroed in training.",
    "input_feeding": "Luong's decoders: feed the attentional state to the next step.",
    "window": "Local attention: positions seen on each side. [default: 10]",
    "max_source_length": "Location score: the longest source it can read. [default: 100]",
    "readout": "Bahdanau's decoder: maxout (as in the paper) or tanh before the output layer.",
    "readout_size": "Size of the vector that the output layer reads.",
    "word_dropout": "Probability that a token is read as the unknown one in training.",
    "scale_embeddings": "Multiply embeddings by the square root of their size.",
    "schedule": "How the learning rate goes: cosine (down to 5 % at the end) or constant.",
    "clip": "Largest norm of the whole gradient; none leaves it as it is.",
    "label_smoothing": "Share of the target probability spread over all words.",
    "device": "Where to compute: auto (CUDA, then MPS, then the CPU), or a device's name.",
    "seed": "Decides the first weights, dropout, and the order of the batches.",
    "steps": "Updates.",
    "evaluate_every": "Updates between two looks at the validation set.",
    "progress": "Show a progress bar.",
    "betas": "Adam's decay rates of the mean gradient and of its square.",
    "precision": "What matrix products are computed in: float32, bfloat16, float16, or auto (one of "
    "the small ones on a GPU).",
    "matmul_precision": "How float32 products may be rounded: highest, high or medium.",
    "accumulate": "Batches to an update.",
    "teacher_forcing": "Probability that the decoder is fed the true previous word, from 0 to 1; or "
    "how it falls (scheduled sampling): form,updates,start,end such as linear,1000,1.0,0.5 (also "
    "exponential, inverse_sigmoid).",
    "patience": "Stop after so many evaluations that brought nothing better.",
}


def _decay(text: str) -> Decay:
    """``linear,1000,1.0,0.5``: form, updates, and the probabilities at start and end."""
    form, *numbers = text.split(",")
    try:
        updates, *ends = numbers
        parts = int(updates), *map(float, ends)
    except ValueError:
        parts = ()
    if not 1 <= len(parts) <= 3:
        raise ValueError(
            f"{text!r} is neither a number from 0 to 1 nor a decay such as linear,1000,1.0,0.5 "
            "(form, updates, start, end)"
        )
    return Decay(form, *parts)


def _subwords(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple | None:
    if value is None:
        return None
    try:
        pieces = [int(part) for part in value.split(",")]
        src, tgt = pieces * 2 if len(pieces) == 1 else pieces
    except ValueError:
        raise click.BadParameter(f"{value!r} is no number, or two such as 8000,5000") from None
    return src, tgt


def _preset(ctx: click.Context, param: click.Parameter, value: str) -> str:
    return checked_name("preset", value, list_presets())


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
        callback=_subwords,
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
        help="One of `s2s presets`.",
    ),
    *options_of(build_model, skip=_SIZES, words=_WORDS),
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
        TrainConfig, skip=_OWN, parse={"teacher_forcing": _decay}, words=_WORDS, defaults=_DEFAULTS
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
)
def command(
    corpus, tsv, options, tokenizer, lowercase, subwords, min_freq, max_vocab, preset, **rest
) -> None:
    """Train a model on a corpus, test it, and keep it in a file.

    Without further options the model is small and trains in a minute or so on a CPU.
    """
    choice = choose_corpus(corpus, tsv, options, tokenizer)
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
    # What can be wrong is said now, not after the data have been read or downloaded.
    build_model(preset, len(SPECIALS) + 1, len(SPECIALS) + 1, **sizes)
    pick_device(config.device)
    check_folder(output)
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
    )
    with exiting_in_order(), distributed.start(config.device) as processes:
        with only_run(output, processes):
            finished = train(settings, processes)
    if not finished:
        sys.exit(130)  # as a shell says it of a program that Ctrl-C ended
