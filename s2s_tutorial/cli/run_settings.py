"""All that one run of ``s2s train`` was asked."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from s2s_tutorial.cli.data import CorpusChoice
from s2s_tutorial.models.presets import get_preset
from s2s_tutorial.training.config import TrainConfig


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
        start_from: a file with the model to begin with; its sizes, vocabularies and tokenizers
            are taken too.
        embeddings: files of word vectors to begin with, by side: ``"source"``, ``"target"``.
        log: where to write a row for every evaluation.
        tensorboard: a folder for TensorBoard's curves.
        describe: writes these options beside the run.
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
    start_from: Path | None = None
    embeddings: dict[str, Path] = field(default_factory=dict)
    log: Path | None = None
    tensorboard: Path | None = None
    describe: Callable[[], None] = lambda: None

    @property
    def one_vocabulary(self) -> bool:
        """Whether both sides have one vocabulary."""
        return bool(self.model.get("share_embeddings")) or get_preset(self.preset).one_vocabulary

    @property
    def goes_on(self) -> bool:
        """Whether there is a run to go on with."""
        return self.resume and Path(self.config.checkpoint).exists()

    def what_makes_the_batches(self) -> dict[str, Any]:
        """What a run must share with the one that it goes on with, as JSON says it."""
        names = ("lowercase", "subwords", "min_freq", "max_vocab", "batch_size", "max_tokens")
        said = {name: getattr(self, name) for name in names}
        started = {"start_from": self.start_from, "embeddings": self.embeddings}
        said |= {name: value for name, value in started.items() if value}
        return json.loads(json.dumps({"corpus": self.corpus.to_dict()} | said, default=str))
