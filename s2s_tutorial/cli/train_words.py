"""What the options of ``s2s train`` say of themselves, and how two of them are read."""

from __future__ import annotations

import click

from s2s_tutorial.training.scheduled_sampling import Decay

DEFAULTS = {"steps": 600}  # a minute or so for the small corpora on one core
# Help for what the documentation of the package explains at length elsewhere.
WORDS = {
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
    "heads": "Transformer: heads of each attention; they divide the hidden size. [default: 4, or the "
    "most below that divide it]",
    "feedforward_size": "Transformer: hidden units of the feed-forward layers. [default: 4 times the "
    "hidden size]",
    "positions": "Transformer: sinusoidal, learned or none. [default: sinusoidal]",
    "max_positions": "Transformer: the longest source or target. [default: 1024]",
    "word_dropout": "Probability that a token is read as the unknown one in training.",
    "scale_embeddings": "Multiply embeddings by the square root of their size. [default: a "
    "Transformer's, yes; others, no]",
    "share_embeddings": "One vocabulary and one embedding for source and target.",
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


def decay(text: str) -> Decay:
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


def subword_sizes(ctx: click.Context, param: click.Parameter, value: str | None) -> tuple | None:
    """``8000,5000``: pieces of source and target; one number is for both.

    Raises:
        click.BadParameter: if it is neither one number nor two.
    """
    if value is None:
        return None
    try:
        pieces = [int(part) for part in value.split(",")]
        src, tgt = pieces * 2 if len(pieces) == 1 else pieces
    except ValueError:
        raise click.BadParameter(f"{value!r} is no number, or two such as 8000,5000") from None
    return src, tgt
