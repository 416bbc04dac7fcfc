"""From text to text: tokenizer, vocabularies, model and search in one object."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from s2s_tutorial.base.value_checks import check_count
from s2s_tutorial.models.seq2seq import Seq2Seq
from s2s_tutorial.saving.checkpoint import save_checkpoint
from s2s_tutorial.saving.tokenizer_state import tokenizers_info
from s2s_tutorial.saving.translator_file import read_parts
from s2s_tutorial.search.corpus import Hypothesis, search_batch
from s2s_tutorial.search.forced import force_target
from s2s_tutorial.text.batch import pad
from s2s_tutorial.text.vocabulary import UNK
from s2s_tutorial.translate.length import batches_of_texts, length_limits
from s2s_tutorial.translate.text_model import TextModel
from s2s_tutorial.translate.translation import Translation, warn_of_cut
from s2s_tutorial.translate.unknown import replace_unknown as copy_unknown


class Translator(TextModel):
    """Translates text with a model and all that belongs to it.

    >>> vocab = s2s.Vocabulary.build([["a", "b"]])
    >>> _ = torch.manual_seed(0)
    >>> from s2s_tutorial.models.build import build_model
    >>> translator = Translator(build_model("gru", 6, 6), vocab, vocab, "whitespace", device="cpu")
    >>> translator("a b a").src_tokens
    ['a', 'b', 'a']
    >>> [found.text for found in translator.translate(["", "  "])]
    ['', '']

    Args:
        model: the model; it is moved to the device.
        src_vocab: the vocabulary of its source ids.
        tgt_vocab: the vocabulary of its target ids.
        tokenizer: cuts source text into tokens: an object, or the name of one.
        tgt_tokenizer: puts target tokens together into text; None takes ``tokenizer``.
        device: as for :func:`pick_device`.
        info: what is known about the model, for ``save``. Of it ``"longest_target"``, the number
            of tokens of the longest training target, says how long a translation may become
            (:meth:`translate`); ``s2s train`` notes it.

    Raises:
        TypeError: if a tokenizer cannot ``tokenize`` and ``detokenize``.
        ValueError: if a vocabulary is not of the model's size, or there is no such device or
            tokenizer.
    """

    @classmethod
    def load(
        cls, path: str | Path, device: str = "auto", model: Seq2Seq | None = None
    ) -> Translator:
        """Load what :meth:`save`, or ``s2s train``, wrote.

        Args:
            path: the checkpoint.
            device: as for :func:`pick_device`.
            model: a model to load the weights into; needed where :func:`build_model` did not make
                the one that was saved.

        Raises:
            FileNotFoundError: if there is no such file.
            CheckpointError: if it is no checkpoint, or one without vocabularies or tokenizer.
        """
        *parts, info = read_parts(path, model)
        return cls(*parts, device, info)

    def save(self, path: str | Path) -> None:
        """Write all of it to one checkpoint, whole or not at all.

        Raises:
            TypeError: if a tokenizer is none of the package's.
            OSError: if the path cannot be written.
        """
        info = self.info | tokenizers_info(self.tokenizer, self.tgt_tokenizer)
        save_checkpoint(path, self.model, self.src_vocab, self.tgt_vocab, info=info)

    def __call__(self, text: str, **options: Any) -> Translation:
        """Translate one text; options as for :meth:`translate`."""
        return self.translate([text], **options)[0]

    def translate(
        self,
        texts: Sequence[str],
        beam_size: int = 5,
        length_penalty: float = 0.6,
        max_length: int | None = None,
        n_best: int = 1,
        replace_unknown: bool = False,
        batch_size: int = 64,
        min_length: int = 0,
        allow_unknown: bool = True,
        coverage_penalty: float = 0.0,
    ) -> list[Translation]:
        """Translate texts, in their order; an empty or blank one has an empty translation.

        Args:
            texts: the source texts.
            beam_size: hypotheses kept by :func:`beam_search`; 1 decodes greedily.
            length_penalty: see :func:`beam_search`.
            max_length: the most tokens to write for one text. None leaves ample room: 100, or
                twice the longest target that the model was trained on, or twice the source (of
                which 500 tokens count), whichever is most, in whole hundreds.
            n_best: how many translations to give of each text; the others than the best are its
                ``alternatives``.
            replace_unknown: write the source token with the largest weight for each ``<unk>``.
            batch_size: texts translated at once, fewer where they are very long; changes speed
                and memory only.
            min_length: the fewest tokens to write for one text.
            allow_unknown: False never writes ``<unk>``.
            coverage_penalty: see :func:`beam_search`.

        Returns:
            One :class:`Translation` a text.

        Warns:
            CutTranslationWarning: if a translation reached the limit before the model ended it;
                its ``cut`` is True.

        Raises:
            TypeError: if ``texts`` is one string, or holds something else.
            ValueError: if an option is out of range, or the model cannot read so long a text.
        """
        if isinstance(texts, str):
            raise TypeError("translate takes a list of texts; call the translator itself for one")
        texts = list(texts)
        for name, value in (
            ("batch_size", batch_size),
            ("n_best", n_best),
            ("beam_size", beam_size),
        ):
            check_count(name, value)
        if n_best > beam_size:
            raise ValueError(f"n_best={n_best} needs a beam_size of {n_best}, not {beam_size}")
        if replace_unknown:
            self.check_attention("replace_unknown")
        search = {
            "beam_size": beam_size,
            "length_penalty": length_penalty,
            "n_best": n_best,
            "min_length": min_length,
            "allow_unknown": allow_unknown,
            "coverage_penalty": coverage_penalty,
        }
        cut = [self._tokens(k, text) for k, text in enumerate(texts)]
        lengths = list(map(len, cut))
        limits = length_limits(lengths, self.longest_target, max_length, min_length)
        most_steps = self.model.decoder.target_limit
        if max_length is None and most_steps is not None:
            limits = [min(limit, most_steps) for limit in limits]
        found = [Translation("", [], None, 0.0, [], text) for text in texts]
        for limit, rows in batches_of_texts(lengths, limits, batch_size):
            searched = self._search([cut[k] for k in rows], max_length=limit, **search)
            for k, hypotheses in zip(rows, searched):
                empty = found[k]._replace(src_tokens=cut[k])
                best, *others = (
                    self._made(empty, each, replace_unknown, limit) for each in hypotheses
                )
                found[k] = best._replace(alternatives=tuple(others))
        warn_of_cut(found)
        return found

    def align(self, text: str, tgt_text: str) -> Translation:
        """Force a translation on the model: the weights and the score of a given target.

        The decoder reads the true tokens (teacher forcing), so the weights are those with which
        it would have written them.

        >>> vocab = s2s.Vocabulary.build([["a", "b"]])
        >>> from s2s_tutorial.models.build import build_model
        >>> model = build_model("bahdanau", 6, 6, embedding_size=3, hidden_size=5)
        >>> found = Translator(model, vocab, vocab, "whitespace").align("a b a", "b a")
        >>> tuple(found.weights.shape)
        (2, 3)

        Args:
            text: the source text.
            tgt_text: its translation.

        Returns:
            A :class:`Translation` with the given target; ``score`` is its summed log-probability,
            ``<eos>`` included, in nats.

        Raises:
            ValueError: if either text is empty.
        """
        src_tokens, tokens = self.tokenizer.tokenize(text), self.tgt_tokenizer.tokenize(tgt_text)
        own = self._own(src_tokens)
        src_ids = self.src_vocab.encode(src_tokens, own)
        tgt_ids = self.tgt_vocab.encode(tokens, own)
        score, weights = force_target(self.model, src_ids, tgt_ids)
        return Translation(tgt_text, tokens, weights, score, src_tokens, text)

    def _tokens(self, number: int, text: str) -> list[str]:
        if not isinstance(text, str):
            raise TypeError(f"text {number} must be a string, not a {type(text).__name__}")
        return self.tokens_of(text, name=f"text {number}")

    def _search(self, sentences: list[list[str]], **options: Any) -> list[list[Hypothesis]]:
        """The hypotheses of each sentence, the best first."""
        rows = [self.src_vocab.encode(tokens, self._own(tokens)) for tokens in sentences]
        src, src_lengths, _ = pad(rows)
        device = next(self.model.parameters()).device
        return search_batch(self.model, src.to(device), src_lengths.to(device), **options)

    def _made(
        self, empty: Translation, hypothesis: Hypothesis, replace_unknown: bool, limit: int
    ) -> Translation:
        ids, score, weights = hypothesis
        tokens = self.tgt_vocab.decode(ids, self._own(empty.src_tokens))
        weights = None if weights is None else weights.float().cpu()
        if replace_unknown and UNK in tokens:
            tokens = copy_unknown(tokens, weights, empty.src_tokens)
        text = self.tgt_tokenizer.detokenize(tokens)
        cut = len(tokens) == limit  # one that ended is shorter
        return empty._replace(text=text, tokens=tokens, weights=weights, score=score, cut=cut)
