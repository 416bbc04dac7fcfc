"""Subwords: pieces of words, learned from text, so that no word is ever unknown."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from functools import cached_property
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

from s2s_tutorial.base.files import write_atomically
from s2s_tutorial.text.specials import SPECIALS
from s2s_tutorial.text.subword_model import open_model, pack, piece_scores, unpack
from s2s_tutorial.text.subword_sampling import SPACE, TextSampler
from s2s_tutorial.text.subword_training import learn_pieces, prepare
from s2s_tutorial.text.tokenizers import check_token_list, is_blank

if TYPE_CHECKING:
    import torch


class SubwordTokenizer:
    r"""Cuts words into pieces that it has learned from text; frequent words stay whole.

    A piece that starts a word begins with ``SPACE`` (U+2581, a low line), so the pieces put
    together give the text again. SentencePiece (Kudo and Richardson 2018) learns the pieces, in
    one of two ways. ``"bpe"`` starts from characters and merges the most frequent pair again and
    again (Sennrich et al. 2016). ``"unigram"`` gives each piece a probability and cuts a sentence
    :math:`X` into the pieces (Kudo 2018, section 3.2)

    .. math:: x^* = \arg\max_{x \in S(X)} \prod_{i=1}^{M} p(x_i)

    that are most probable among all the ways :math:`S(X)` of cutting it.

    The ids of the pieces are those of a ``Vocabulary``, not SentencePiece's own: everywhere in
    this package ``<pad>``, ``<unk>``, ``<bos>`` and ``<eos>`` have the ids 0 to 3.
    ``Vocabulary(tokenizer.pieces)`` holds all pieces, ``Vocabulary.build`` those that a corpus
    uses. With sampling take the first: a sample may use any piece.

    Text comes back with one space wherever it had white space, and composed (NFC); nothing else
    is changed unless asked for.

    >>> lines = ["low lower lowest", "new newer newest", "wide wider widest"]
    >>> tokenizer = SubwordTokenizer.train(lines, vocab_size=18, model_type="bpe")
    >>> tokenizer.detokenize(tokenizer.tokenize("newest  widow"))
    'newest widow'
    >>> len(tokenizer), len(tokenizer.pieces)  # SentencePiece's own sign for unknown is the 18th
    (18, 17)

    Args:
        model: a SentencePiece model, as its library writes it (a serialized ``ModelProto``).
        lowercase: whether to write everything in lower case first; nothing can undo that.

    Raises:
        ImportError: if SentencePiece is not installed.
        TypeError: if ``model`` is the name of a file: see ``load``.
        ValueError: if ``model`` is not a SentencePiece model, or one that falls back on bytes.
    """

    def __init__(self, model: bytes, lowercase: bool = False) -> None:
        if isinstance(model, (str, Path)):
            raise TypeError(
                f"a SubwordTokenizer is made of a model's bytes, not of the name {str(model)!r}; "
                "SubwordTokenizer.load reads a file"
            )
        self.lowercase = lowercase
        self._model = model
        self._processor = open_model(model)

    @classmethod
    def train(
        cls,
        sentences: Iterable[str],
        vocab_size: int,
        model_type: str = "unigram",
        lowercase: bool = False,
        normalization: str = "identity",
        character_coverage: float = 1.0,
    ) -> SubwordTokenizer:
        """Learn pieces from sentences (the training ones!).

        No chance is involved, and one thread is used: the same sentences give the same pieces.

        Args:
            sentences: texts; of a corpus, ``(" ".join(pair.src) for pair in corpus)``. Blank
                ones are passed over.
            vocab_size: how many pieces to learn, counting SentencePiece's own sign for unknown.
            model_type: ``"unigram"`` or ``"bpe"``.
            lowercase: whether to write everything in lower case first.
            normalization: ``"identity"`` leaves characters as they are; ``"nfkc"`` makes one of
                those that differ in looks only (full-width letters, ligatures).
            character_coverage: the share of the text's characters that get a piece; the rarest
                are unknown. 0.9995 suits Chinese and Japanese.

        Raises:
            ImportError: if SentencePiece is not installed.
            TypeError: if ``sentences`` is one string, or holds something that is not a string.
            ValueError: if there is nothing to learn from, an option makes no sense, or
                ``vocab_size`` does not fit the sentences; the message says what would.
        """
        if isinstance(sentences, str):
            raise TypeError(f"train takes many sentences, not the one string {sentences!r}")
        lines = [
            prepare(s, lowercase) for s in sentences if not isinstance(s, str) or not is_blank(s)
        ]
        model = learn_pieces(lines, vocab_size, model_type, normalization, character_coverage)
        return cls(model, lowercase)

    @property
    def pieces(self) -> tuple[str, ...]:
        """Every piece, in SentencePiece's order, without its sign for unknown.

        Nor with symbols spelled like the vocabulary's special tokens, which a model that others
        trained may have: in a text these are unknown.
        """
        return tuple(piece for piece in self._scores if piece not in SPECIALS)

    @cached_property
    def _scores(self) -> dict[str, float]:
        return piece_scores(self._processor)

    @cached_property
    def _sampler(self) -> TextSampler:
        return TextSampler(self._scores)

    def tokenize(
        self,
        text: str,
        sample: bool = False,
        alpha: float = 0.1,
        generator: torch.Generator | None = None,
    ) -> list[str]:
        r"""Cut a text into pieces: the best ones, or ones drawn at random.

        Subword regularization (Kudo 2018, section 3.3) draws another way of cutting each time, so
        that a model meets many spellings of a word in training:
        :math:`P(x \mid X) \propto p(x)^\alpha` over all ways (``"unigram"``). With ``"bpe"`` each
        merge is left out with probability :math:`\alpha` (BPE-dropout, Provilkov et al. 2020).

        Args:
            text: the text. Characters never seen in training become pieces of their own, which
                a vocabulary does not have.
            sample: whether to draw. For training sources and targets; never when translating.
            alpha: near 0, all ways are equally likely (unigram) or nothing is left out (BPE).
            generator: where the randomness comes from; PyTorch's global one if None.

        Raises:
            TypeError: if ``text`` is not a string.
            ValueError: if it is empty or blank, or ``alpha`` is no such number.
        """
        best = self._processor.EncodeAsPieces(prepare(text, self.lowercase))
        if not sample:
            return best
        if not (math.isfinite(alpha) and 0 <= alpha <= 1):
            raise ValueError(f"alpha must be from 0 to 1, not {alpha}")
        import torch  # only here: text needs no tensors, and `s2s corpora` need not wait for them

        seed = int(torch.randint(2**31, (), generator=generator))
        return self._sampler.draw("".join(best), alpha, Random(seed))

    def detokenize(self, tokens: Sequence[str]) -> str:
        """Put pieces together into a text; what ``tokenize`` cut comes back.

        Raises:
            TypeError: if ``tokens`` is a string.
        """
        check_token_list(tokens)
        return " ".join("".join(tokens).replace(SPACE, " ").split())

    def to_bytes(self) -> bytes:
        """All there is to it, for a checkpoint: JSON, with SentencePiece's model inside."""
        return pack(self._model, self.lowercase)

    @classmethod
    def from_bytes(cls, content: bytes) -> SubwordTokenizer:
        """Read what ``to_bytes`` gave, or a model that SentencePiece itself wrote.

        Raises:
            ImportError: if SentencePiece is not installed.
            ValueError: if it is neither.
        """
        return cls(*unpack(content))

    def save(self, path: str | Path) -> None:
        """Write the tokenizer to one file, whole or not at all.

        Raises:
            OSError: if the path cannot be written to.
        """
        write_atomically(path, self.to_bytes())

    @classmethod
    def load(cls, path: str | Path) -> SubwordTokenizer:
        """Read a tokenizer that ``save`` wrote, or a ``.model`` file of SentencePiece's.

        Raises:
            FileNotFoundError: if there is no such file.
            ImportError: if SentencePiece is not installed.
            ValueError: if the file is neither.
        """
        content = Path(path).read_bytes()
        try:
            return cls.from_bytes(content)
        except ValueError as error:
            raise ValueError(
                f"{path} is not a subword tokenizer: {error}; write one with SubwordTokenizer.save"
            ) from error

    def __len__(self) -> int:
        return self._processor.GetPieceSize()

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SubwordTokenizer):
            return NotImplemented
        return (self._model, self.lowercase) == (other._model, other.lowercase)

    def __hash__(self) -> int:
        return hash((self._model, self.lowercase))

    def __reduce__(self) -> tuple:
        return SubwordTokenizer, (self._model, self.lowercase)

    def __repr__(self) -> str:
        return f"SubwordTokenizer({len(self)} pieces, lowercase={self.lowercase})"
