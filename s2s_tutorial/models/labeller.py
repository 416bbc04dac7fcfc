"""Models that read as the others do and answer with labels: no word is written, none fed back."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import Any

from torch import Tensor, nn

from s2s_tutorial.base.checks import check_mask
from s2s_tutorial.base.value_checks import check_count, check_probability
from s2s_tutorial.models.decoder import DecoderOutput, real_steps
from s2s_tutorial.models.encoder import Encoder, EncoderOutput


class Labeller(nn.Module, ABC):
    """An encoder, and labels for what it has read: $p(y \\mid x) = \\prod_i p(y_i \\mid x)$.

    In place of a decoder stands one layer. The labels do not depend on one another, so nothing is
    decoded step by step, and there is no ``<bos>`` and no ``<eos>``. It trains with :func:`fit`, is
    measured by :func:`evaluate` and saved by :func:`save_checkpoint` like the models that write.

    Args:
        encoder: reads the source.
        config: what it was built with; saved in checkpoints.

    Attributes:
        targets: what its targets are, as ``make_batches(..., targets=...)`` calls it.
        source_limit: None; it reads sources of any length.
        target_limit: None, likewise.
        copies: False; it writes no words.

    Example:
        >>> class Counter(Labeller):  # says how long the source is
        ...     targets = "labels"
        ...     def label(self, encoded):
        ...         lengths = encoded.src_mask.sum(dim=1)
        ...         return s2s.DecoderOutput(torch.eye(9)[lengths][:, None], None, None)
        >>> counter = Counter(s2s.Encoder(7, 3, 5), config={})
        >>> src, src_lengths = torch.tensor([[4, 5, 6], [6, 4, 0]]), torch.tensor([3, 2])
        >>> counter(src, src_lengths).logits.argmax(dim=-1)
        tensor([[3],
                [2]])
    """

    targets: str
    source_limit = target_limit = None
    copies = False

    def __init__(self, encoder: Encoder, config: dict[str, Any]):
        super().__init__()
        self.encoder = encoder
        self.config = dict(config)

    @abstractmethod
    def label(self, encoded: EncoderOutput) -> DecoderOutput:
        """The labels of what was read.

        Args:
            encoded: the encoder's output.

        Returns:
            Its ``logits`` are ``(batch, tgt_len, labels)``, one row for each label to be given; its
            ``weights`` ``(batch, tgt_len, src_len)``, or None.
        """

    def encode(self, src: Tensor, src_lengths: Tensor) -> EncoderOutput:
        """Read the source: see :meth:`Encoder.forward`."""
        return self.encoder(src, src_lengths)

    def forward(
        self,
        src: Tensor,
        src_lengths: Tensor,
        tgt_in: Tensor | None = None,
        tgt_mask: Tensor | None = None,
    ) -> DecoderOutput:
        """Score labels.

        Args:
            src: ``(batch, src_len)`` int64.
            src_lengths: ``(batch,)`` int64.
            tgt_in: not looked at: it stands here because training hands it to every model.
            tgt_mask: ``(batch, tgt_len)`` bool; if given, only the real labels are scored.

        Returns:
            A :class:`DecoderOutput`; ``logits[:, i]`` scores label $i$. With a ``tgt_mask`` they
            are ``(real labels, labels)``.

        Raises:
            ValueError: if ``tgt_mask`` asks for another number of labels than there are.
        """
        output = self.label(self.encode(src, src_lengths))
        if tgt_mask is None:
            return output
        check_mask("tgt_mask", tgt_mask, output.logits.shape[:2])
        return output._replace(logits=real_steps(output.logits, tgt_mask))

    def parameter_count(self) -> int:
        """How many numbers training adjusts."""
        return sum(p.numel() for p in self.parameters() if p.requires_grad)


def checked_sizes(config: dict[str, Any]) -> dict[str, Any]:
    """A labeller's configuration, its sizes whole numbers above 0 and its rates probabilities.

    Raises:
        TypeError: if a value is of another kind than it should be.
        ValueError: if it is out of range.

    >>> checked_sizes({"kind": "tagger", "hidden_size": 5, "dropout": 0})
    {'kind': 'tagger', 'hidden_size': 5, 'dropout': 0.0}
    """
    checks = {"dropout": check_probability, "word_dropout": check_probability}
    checks |= {name: check_count for name in config if name.endswith(("_size", "_layers"))}
    return {
        name: checks[name](name, value) if name in checks else value
        for name, value in config.items()
    }


def make_encoder(config: dict[str, Any]) -> Encoder:
    """The encoder of a labeller, which reads both ways.

    >>> config = {"src_vocab_size": 11, "embedding_size": 3, "hidden_size": 5, "cell": "gru"}
    >>> make_encoder(config | {"num_layers": 1, "dropout": 0.0, "word_dropout": 0.0}).memory_size
    10

    Args:
        config: what :func:`checked_sizes` gave.
    """
    names = "embedding_size", "hidden_size", "cell", "num_layers", "dropout", "word_dropout"
    options = {name: config[name] for name in names}
    return Encoder(config["src_vocab_size"], bidirectional=True, **options)
