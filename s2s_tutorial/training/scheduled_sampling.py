"""Scheduled sampling: in training, feed the decoder its own words now and then.

Under teacher forcing a decoder never sees its own mistakes; at inference it sees nothing but its
own words. Bengio et al. (2015) let a coin decide, word by word, and let the coin's bias fall
as training goes on.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

import torch
from torch import Tensor

from s2s_tutorial.base.value_checks import check_number
from s2s_tutorial.models.decoder_checks import checked_step
from s2s_tutorial.models.seq2seq import Seq2Seq, inference
from s2s_tutorial.search.greedy import token_log_probabilities
from s2s_tutorial.text.batch import Batch

FORMS = ("linear", "exponential", "inverse_sigmoid")


@dataclass(frozen=True)
class Decay:
    """A probability that falls from ``start`` to ``end``, in one of the forms of Bengio et al.

    With $n$ = ``over_steps``, the probability $\\epsilon_t$ of the true word at update $t$ is

    $$ \\text{linear: } \\epsilon_t = s + (e - s) \\frac{t}{n}, \\qquad
       \\text{exponential: } \\epsilon_t = s\\, k^t \\text{ with } k = (e / s)^{1/n}, $$

    both staying at $e$ from update $n$ on, and

    $$ \\text{inverse sigmoid: } \\epsilon_t = e + (s - e) \\frac{k}{k + \\exp(t / k)}
       \\text{ with } k \\ln k = n / 2, $$

    which is half-way at $n / 2$; at the first update it has done $1 / (k + 1)$ of the way, and at
    update $n$ it has as much still to go (Bengio et al., 2015, section 2.4).

    Attributes:
        form: ``"linear"``, ``"exponential"`` or ``"inverse_sigmoid"``.
        start: the probability $s$ at the first update (the inverse sigmoid's: just below it).
        end: the probability $e$ at the end; above zero for the exponential form.
        over_steps: updates $n$ from one to the other.

    Raises:
        TypeError: if a value is no number.
        ValueError: if a value is out of its range.

    Example:
        >>> decay = Decay("linear", over_steps=100, end=0.5)
        >>> [decay.at(step) for step in (0, 50, 100, 1000)]
        [1.0, 0.75, 0.5, 0.5]
    """

    form: str
    over_steps: int
    start: float = 1.0
    end: float = 0.0

    def __post_init__(self) -> None:
        if self.form not in FORMS:
            raise ValueError(f"form must be one of {', '.join(FORMS)}, not {self.form!r}")
        for name in ("over_steps", "start", "end"):
            number = check_number(name, getattr(self, name))
            whole = name == "over_steps" and number.is_integer()
            object.__setattr__(self, name, int(number) if whole else number)
        if not self.over_steps >= 1:
            raise ValueError(f"over_steps must be at least 1, not {self.over_steps}")
        if not 0 <= self.end <= self.start <= 1:
            raise ValueError(
                "the probability must fall inside [0, 1], "
                f"but start is {self.start} and end is {self.end}"
            )
        if self.form == "exponential" and self.end == 0:
            raise ValueError("an exponential decay never reaches 0; give an end above it")

    def at(self, step: int) -> float:
        """The probability at update ``step``, counted from 0."""
        done = min(step / self.over_steps, 1.0)
        if self.form == "linear":
            return self.start + (self.end - self.start) * done
        if self.form == "exponential":
            return self.start * (self.end / self.start) ** done
        k = 1.0 + self.over_steps
        for _ in range(50):  # Newton's method for k ln k = n / 2
            k = (self.over_steps / 2 + k) / (1 + math.log(k))
        return self.end + (self.start - self.end) / (1 + math.exp(min(step / k, 700.0)) / k)


def forcing_ratio(teacher_forcing: float | Decay, step: int) -> float:
    """The probability that update ``step`` (from 0) feeds the true previous word.

    Example:
        >>> forcing_ratio(0.75, step=9)
        0.75
    """
    return teacher_forcing.at(step) if isinstance(teacher_forcing, Decay) else teacher_forcing


def feed_own_words(model: Seq2Seq, batch: Batch, ratio: float) -> Batch:
    """A batch whose decoder input is partly the model's own words.

    The decoder runs over the target step by step. Before each step every sentence tosses a coin
    of its own: with probability $\\epsilon$ = ``ratio`` the decoder is fed the true word, else
    the word it just found most probable,

    $$ \\tilde y_{i-1} = \\begin{cases} y_{i-1} & u_{i} < \\epsilon \\\\
       \\arg\\max_y\\, p(y \\mid \\tilde y_{<i-1}, x) & \\text{otherwise} \\end{cases}
       \\qquad u_i \\sim U[0, 1) $$

    (Bengio et al., 2015, section 2.4, with the arg max in place of a drawn word). The first
    input is always ``<bos>``, the targets stay the true words. The choice has no gradient, so it
    is made here, before the usual forward pass, without one and without dropout: the words are
    those the model would say at inference. The price is one more run over the batch.

    Args:
        model: the model, on the batch's device.
        batch: the batch.
        ratio: $\\epsilon$ in [0, 1]; 1 gives the batch back as it is, and tosses no coin.

    Returns:
        A :class:`Batch` that differs in ``tgt_in`` only, and there at real tokens only.

    Example:
        >>> import s2s_tutorial as s2s
        >>> corpus = s2s.load_corpus("reverse", size=2, symbols=3, max_length=4)
        >>> vocab = s2s.Vocabulary.build(corpus.src_sentences)
        >>> batch = next(iter(s2s.make_batches(corpus, vocab, vocab, batch_size=2)))
        >>> model = s2s.build_model("gru", len(vocab), len(vocab), embedding_size=3, hidden_size=4)
        >>> mixed = feed_own_words(model, batch, ratio=0.0)
        >>> bool((mixed.tgt_in[:, 0] == s2s.BOS_ID).all())
        True
    """
    if ratio >= 1:
        return batch
    coins = torch.rand(batch.tgt_in.shape).to(batch.tgt_in.device)
    fed = [batch.tgt_in[:, 0]]
    with inference(model):
        encoded = model.encode(batch.src, batch.src_lengths)
        keys = model.decoder.project_keys(encoded)
        state = model.decoder.init_state(encoded)
        for position in range(1, batch.tgt_in.shape[1]):
            step = checked_step(model.decoder.step(fed[-1], state, encoded, keys), encoded)
            state = step.state
            own = token_log_probabilities(step.logits).argmax(dim=-1)
            fed.append(torch.where(coins[:, position] < ratio, batch.tgt_in[:, position], own))
    tgt_in: Tensor = torch.stack(fed, dim=1)
    return replace(batch, tgt_in=tgt_in.where(batch.tgt_mask, batch.tgt_in))
