"""A corpus with its vocabularies, and what an experiment does with it again and again."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, NamedTuple

import numpy as np

from s2s_tutorial.corpora import ParallelCorpus, load_corpus
from s2s_tutorial.machine.device import seed_everything
from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.labeller import Labeller
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.scoring.metrics import sequence_accuracy
from s2s_tutorial.search.corpus import decode_corpus
from s2s_tutorial.search.decoded import Decoded
from s2s_tutorial.search.labels import predict_labels
from s2s_tutorial.text.batches import Batches
from s2s_tutorial.text.batching import make_batches
from s2s_tutorial.text.vocabulary import Vocabulary
from s2s_tutorial.training.config import TrainConfig
from s2s_tutorial.training.history import History
from s2s_tutorial.training.loop import fit

SPLITS = ("train", "valid", "test")


class Task(NamedTuple):
    """Training, validation and test pairs, and the vocabularies of the training pairs.

    Attributes:
        train: the training pairs.
        valid: the validation pairs.
        test: the test pairs.
        src_vocab: the words of the training pairs' source side; None where it is frames.
        tgt_vocab: those of the target side.

    Example:
        >>> task = Task.load("reverse", sizes={"train": 200, "valid": 20, "test": 20}, max_length=4)
        >>> model, history = task.fit("gru", seed=0, steps=2, learning_rate=1e-2, hidden_size=8)
        >>> len(history.batch_loss), 0 <= task.exact_match(model) <= 1
        (2, True)
    """

    train: ParallelCorpus
    valid: ParallelCorpus
    test: ParallelCorpus
    src_vocab: Vocabulary | None
    tgt_vocab: Vocabulary

    @classmethod
    def load(cls, name: str, sizes: Mapping[str, int] | None = None, **options: Any) -> Task:
        """The three splits of a corpus and the vocabularies of its training pairs.

        Args:
            name: see :func:`load_corpus`.
            sizes: how many pairs of a split, ``{"train": 5000, ...}``; all there are of others.
            **options: see :func:`load_corpus`.

        Raises:
            ValueError: if ``sizes`` names a split that is none; and as :func:`load_corpus`.
        """
        sizes = dict(sizes or {})
        if unknown := sizes.keys() - set(SPLITS):
            raise ValueError(f"sizes names {sorted(unknown)}; the splits are {', '.join(SPLITS)}")
        train, valid, test = (
            load_corpus(
                name, split, **options, **({"size": sizes[split]} if split in sizes else {})
            )
            for split in SPLITS
        )
        frames = isinstance(train[0].src, np.ndarray)
        src_vocab = None if frames else Vocabulary.build(train.src_sentences)
        return cls(train, valid, test, src_vocab, Vocabulary.build(train.tgt_sentences))

    @property
    def vocabs(self) -> tuple[Vocabulary | None, Vocabulary]:
        """The source's and the target's vocabulary."""
        return self.src_vocab, self.tgt_vocab

    def batches(self, split: str = "test", batch_size: int = 250, **options: Any) -> Batches:
        """One split in batches.

        Args:
            split: ``"train"``, ``"valid"`` or ``"test"``.
            batch_size: pairs in a batch.
            **options: see :func:`make_batches`.

        Raises:
            ValueError: if there is no such split; and as :func:`make_batches`.
        """
        if split not in SPLITS:
            raise ValueError(f"there is no split {split!r}; the splits are {', '.join(SPLITS)}")
        return make_batches(getattr(self, split), *self.vocabs, batch_size, **options)

    def fit(
        self,
        preset: str | Callable[..., Seq2Seq | Labeller],
        seed: int,
        steps: int,
        learning_rate: float,
        *,
        batch_size: int = 64,
        prepare: Callable[[Seq2Seq], Any] | None = None,
        config: Mapping[str, Any] | None = None,
        **options: Any,
    ) -> tuple[Seq2Seq | Labeller, History]:
        """Build a model and train it; everything random follows from the seed.

        Args:
            preset: see :func:`build_model`; or what builds the model from the sizes of both
                vocabularies and the options, such as :func:`build_tagger`.
            seed: of the weights, the order of the batches, dropout.
            steps: number of updates.
            learning_rate: Adam's, at its highest.
            batch_size: pairs in a training batch.
            prepare: called with the fresh model, to change it before it is trained.
            config: more settings of :class:`TrainConfig`; the loss on the validation pairs is
                measured at the end unless ``evaluate_every`` says otherwise.
            **options: see :func:`build_model`.

        Returns:
            The model and the course of its training.
        """
        seed_everything(seed)
        if self.src_vocab is None:
            options = {"feature_size": self.train[0].src.shape[1], **options}
        sizes = (None if vocab is None else len(vocab) for vocab in self.vocabs)
        build = preset if callable(preset) else partial(build_model, preset)
        model = build(*sizes, **options)
        if prepare is not None:
            prepare(model)
        kind = {"targets": model.targets}
        train = self.batches("train", batch_size, shuffle=True, seed=seed, **kind)
        settings = {"evaluate_every": steps, "seed": seed} | dict(config or {})
        config = TrainConfig(steps, learning_rate, **settings)
        history = fit(model, train, self.batches("valid", **kind), config)
        return model, history

    def decode(
        self, model: Seq2Seq | Labeller, split: str = "test", max_length: int = 60, **options: Any
    ) -> Decoded:
        """The translations of one split, in its order; of a tagger or classifier its labels.

        Args:
            model: the model.
            split: ``"train"``, ``"valid"`` or ``"test"``.
            max_length: the most tokens to write.
            **options: see :func:`decode_corpus`; for labels there are none.
        """
        if isinstance(model, Labeller):
            return predict_labels(model, self.batches(split, targets=model.targets), **options)
        return decode_corpus(model, self.batches(split), max_length, **options)

    def exact_match(self, model: Seq2Seq | Labeller, split: str = "test", **options: Any) -> float:
        """The share of one split that is translated right to the last token.

        Args:
            model: the model.
            split: ``"train"``, ``"valid"`` or ``"test"``.
            **options: see :meth:`decode`.
        """
        references = [self.tgt_vocab.encode(pair.tgt) for pair in getattr(self, split)]
        return sequence_accuracy(self.decode(model, split, **options).ids, references)
