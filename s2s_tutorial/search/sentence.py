"""The search of one sentence: its hypotheses as a tree, which of them live, which are finished."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID


def length_penalty_factor(length: int, alpha: float) -> float:
    """What a log-probability is divided by, so that long hypotheses are not at a loss.

    $$ \\mathrm{lp}(Y) = \\left( \\frac{5 + |Y|}{6} \\right)^{\\alpha} $$

    (Wu et al., 2016, equation 14). $|Y|$ counts the terms of the sum that is divided: every
    token, and ``<eos>`` where it was reached. So ``lp = 1`` for the empty translation.

    Args:
        length: $|Y|$.
        alpha: $\\alpha \\ge 0$; 0 leaves log-probabilities as they are.

    Example:
        >>> length_penalty_factor(7, 1.0)
        2.0
        >>> length_penalty_factor(7, 0.0)
        1.0
    """
    return ((5 + length) / 6) ** alpha


class SearchNode(NamedTuple):
    """One node of a search tree: a prefix, written as its last token and its parent.

    Attributes:
        parent: where the prefix without that token stands in the list of nodes; None for the
            root, ``<bos>``.
        token: the token's id.
        log_prob: the summed log-probability of the whole prefix, in nats.
        fate: ``"kept"`` (the search went on from it, or ended while it was alive),
            ``"finished"`` (it ends in ``<eos>``) or ``"dropped"`` (there were better ones).

    Example:
        >>> SearchNode(parent=0, token=EOS_ID, log_prob=-0.5, fate="finished").token
        3
    """

    parent: int | None
    token: int
    log_prob: float
    fate: str


class Candidate(NamedTuple):
    """An extension of a live hypothesis by one token.

    Attributes:
        log_prob: the sum with the token, in nats.
        slot: which of the sentence's live hypotheses is extended, counted from 0.
        token: the token's id.

    Example:
        >>> Candidate(log_prob=-0.5, slot=0, token=7).slot
        0
    """

    log_prob: float
    slot: int
    token: int


class Finished(NamedTuple):
    """A hypothesis that has ended, or was cut off.

    Attributes:
        score: ``log_prob`` over :func:`length_penalty_factor`, and what was added to it.
        log_prob: the sum over its tokens, in nats.
        ids: its tokens, without ``<bos>`` and ``<eos>``.
        rows: for each of them the row of the batch in which the decoder gave it.

    Example:
        >>> Finished(score=-1.0, log_prob=-2.0, ids=[7, 5], rows=[0, 1]).ids
        [7, 5]
    """

    score: float
    log_prob: float
    ids: list[int]
    rows: list[int]


class SentenceSearch:
    """Keeps the books of one sentence's beam search; :func:`beam_search` feeds it.

    Args:
        beam_size: how many live hypotheses there may be.
        n_best: how many are wanted.
        alpha: exponent of the length penalty.
        max_length: tokens after which live hypotheses are cut off.
        patience: how many times ``beam_size`` hypotheses have to finish.
        trace: also keep candidates that were dropped in the tree.

    Attributes:
        nodes: the tree; entry 0 is ``<bos>``.
        is_over: whether the search has ended.

    Example:
        >>> search = SentenceSearch(1, 1, alpha=0.0, max_length=9, patience=1.0, trace=False)
        >>> search.extend([Candidate(-0.5, 0, 7), Candidate(-0.9, 0, EOS_ID)], first_row=0)
        [Candidate(log_prob=-0.5, slot=0, token=7)]
        >>> search.extend([Candidate(-0.6, 0, EOS_ID), Candidate(-3.0, 0, 7)], first_row=0)
        [Candidate(log_prob=-3.0, slot=0, token=7)]
        >>> search.is_over, search.hypotheses()
        (True, [Finished(score=-0.6, log_prob=-0.6, ids=[7], rows=[0])])
    """

    def __init__(
        self,
        beam_size: int,
        n_best: int,
        alpha: float,
        max_length: int,
        patience: float,
        trace: bool,
    ) -> None:
        self.beam_size = beam_size
        self.n_best = n_best
        self.alpha = alpha
        self.max_length = max_length
        self.patience = patience
        self.trace = trace
        self.nodes = [SearchNode(None, BOS_ID, 0.0, "kept")]
        self.is_over = False
        self._rows = [0]  # of every node
        self._added = [0.0]  # to its score, were it finished
        self._live = [0]  # nodes, the best first
        self._finished: list[tuple[float, int]] = []  # score and node
        self._length = 0

    def extend(
        self, candidates: list[Candidate], first_row: int, added: Sequence[float] | None = None
    ) -> list[Candidate]:
        """Take one more token.

        The first ``beam_size`` candidates that do not end go on. One that ends is finished if
        it is among the first ``beam_size`` of all.

        Args:
            candidates: the best extensions of the live hypotheses, the best first.
            first_row: the row of the batch in which the first live hypothesis stood.
            added: of each row of the batch what is added to the score of what finishes there, such
                as a coverage penalty; None for nothing.

        Returns:
            The candidates that live on, the best first.
        """
        self._length += 1
        parents, self._live, living = self._live, [], []
        for rank, candidate in enumerate(candidates):
            if candidate.token == EOS_ID:
                fate = "finished" if rank < self.beam_size else "dropped"
            else:
                fate = "kept" if len(living) < self.beam_size else "dropped"
            if fate == "dropped" and not self.trace:
                continue
            node = len(self.nodes)
            parent = parents[candidate.slot]
            self.nodes.append(SearchNode(parent, candidate.token, candidate.log_prob, fate))
            row = first_row + candidate.slot
            self._rows.append(row)
            self._added.append(0.0 if added is None else added[row])
            if fate == "finished":
                self._finish(node)
            elif fate == "kept":
                self._live.append(node)
                living.append(candidate)
        if self._length == self.max_length:
            for node in self._live:
                self._finish(node)
        self.is_over = self._length == self.max_length or self._may_stop()
        return living

    def hypotheses(self) -> list[Finished]:
        """The ``n_best`` best that finished, or were cut off, the best first."""
        return [self._read(score, node) for score, node in self._best()]

    def _finish(self, node: int) -> None:
        score = self.nodes[node].log_prob / length_penalty_factor(self._length, self.alpha)
        score += self._added[node]
        self._finished.append((score, node))

    def _best(self) -> list[tuple[float, int]]:
        return sorted(self._finished, key=lambda found: -found[0])[: self.n_best]

    def _may_stop(self) -> bool:
        """Whether enough have finished, or none that lives can reach the best of them."""
        if len(self._finished) >= self.patience * self.beam_size:
            return True
        if len(self._finished) < self.n_best:
            return False
        longest = length_penalty_factor(self.max_length, self.alpha)
        reachable = self.nodes[self._live[0]].log_prob / longest
        return reachable <= self._best()[-1][0]

    def _read(self, score: float, node: int) -> Finished:
        """Follow the parents back to the root."""
        log_prob, ids, rows = self.nodes[node].log_prob, [], []
        while node != 0:
            if self.nodes[node].token != EOS_ID:
                ids.append(self.nodes[node].token)
                rows.append(self._rows[node])
            node = self.nodes[node].parent
        return Finished(score, log_prob, ids[::-1], rows[::-1])
