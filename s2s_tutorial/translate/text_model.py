"""A model with all that it needs to read and write text: vocabularies and tokenizers."""

from __future__ import annotations

from typing import Any

from s2s_tutorial.machine.device import pick_device
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.checkpoint import check_vocabularies
from s2s_tutorial.text.tokenizers import Tokenizer, as_tokenizer, is_blank
from s2s_tutorial.text.vocabulary import Vocabulary


class TextModel:
    """What :class:`Translator` translates with; see there for the arguments, and what is raised."""

    def __init__(
        self,
        model: Seq2Seq,
        src_vocab: Vocabulary,
        tgt_vocab: Vocabulary,
        tokenizer: Tokenizer | str,
        tgt_tokenizer: Tokenizer | str | None = None,
        device: str = "auto",
        info: dict[str, Any] | None = None,
    ) -> None:
        check_vocabularies(model, src_vocab, tgt_vocab)
        self.model = model.to(pick_device(device))
        self.src_vocab = src_vocab
        self.tgt_vocab = tgt_vocab
        self.tokenizer = as_tokenizer(tokenizer)
        self.tgt_tokenizer = (
            self.tokenizer if tgt_tokenizer is None else as_tokenizer(tgt_tokenizer)
        )
        self.info = info or {}

    @property
    def longest_target(self) -> int:
        """Tokens of the longest target that the model was trained on, as its ``info`` says; or 0."""
        known = self.info.get("longest_target")
        return known if isinstance(known, int) else 0

    @property
    def has_attention(self) -> bool:
        """Whether translations come with weights."""
        return self.model.decoder.attends

    def check_attention(self, what: str) -> None:
        """Raise unless translations come with weights.

        Args:
            what: what needs them, for the message.

        Raises:
            ValueError: if the model has no attention.
        """
        if not self.has_attention:
            preset = self.model.config.get("preset")
            raise ValueError(
                f"{what} needs attention weights, and "
                f"{f'the preset {preset!r}' if preset else 'this model'} has no attention; "
                "'bahdanau' has"
            )

    def tokens_of(self, text: str, name: str = "the text") -> list[str]:
        """A source text's tokens; of a blank one none.

        Raises:
            ValueError: if they are more than the model can read (a location score has an end).
        """
        tokens = [] if is_blank(text) else self.tokenizer.tokenize(text)
        limit = self.model.decoder.source_limit
        if limit is not None and len(tokens) > limit:
            raise ValueError(
                f"{name} has {len(tokens)} tokens, but this model was made for up to {limit}"
            )
        return tokens

    def _own(self, src_tokens: list[str]) -> list[str]:
        """The words of a source that the vocabulary does not have, if the model copies them."""
        return self.src_vocab.unknown(src_tokens) if self.model.decoder.copies else []
