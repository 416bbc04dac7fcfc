"""What :func:`fit` looks at before it begins."""

from __future__ import annotations

from typing import Any

from s2s_tutorial.machine.precision import check_parameters
from s2s_tutorial.models.labeller import Labeller
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.checkpoint import check_vocabularies
from s2s_tutorial.scoring.evaluation import check_batches
from s2s_tutorial.text.batches import Batches
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig


def check_arguments(
    model: Seq2Seq | Labeller,
    train: Batches,
    valid: Batches,
    config: TrainConfig,
    resume: bool,
    *vocabularies: Vocabulary | None,
) -> None:
    """Raise unless :func:`fit` can begin with these; see there.

    Raises:
        TypeError: if one is of another kind than it should be.
        ValueError: if they do not fit each other.
        IndexError: if batches hold ids outside the model's vocabularies.
    """
    if not isinstance(config, TrainConfig):
        raise TypeError(f"config must be a TrainConfig(...), not {type(config).__name__}")
    check_parameters(model)
    check_batches("train", train, model)
    check_batches("valid", valid, model)
    check_vocabularies(model, *vocabularies)
    if isinstance(model, Labeller) and config.teacher_forcing != 1.0:
        raise ValueError(
            f"a {type(model).__name__} is fed no words, so teacher_forcing must stay 1.0, not "
            f"{config.teacher_forcing}"
        )
    if resume and not config.checkpoint:
        raise ValueError("resume=True goes on from a checkpoint: say which in config.checkpoint")


def described(**batches: Batches) -> dict[str, dict[str, Any]]:
    """What batches are made of, where they can tell: those of a reader's own class need not."""
    kinds = {name: getattr(of, "description", None) for name, of in batches.items()}
    return {name: describe() for name, describe in kinds.items() if describe is not None}
