"""Beam search: keep several unfinished translations, so that a good one can start badly."""

from __future__ import annotations

import torch
from torch import Tensor

from s2s_tutorial.models.decoder_checks import checked_step
from s2s_tutorial.models.seq2seq import Seq2Seq, inference
from s2s_tutorial.search.checks import check_no_nan, check_search
from s2s_tutorial.search.coverage import check_coverage_penalty, coverage_penalty_term
from s2s_tutorial.search.decoded import BeamDecoded, gather_weights
from s2s_tutorial.search.greedy import token_log_probabilities
from s2s_tutorial.search.sentence import Candidate, SentenceSearch
from s2s_tutorial.text.vocabulary import BOS_ID


def beam_search(
    model: Seq2Seq,
    src: Tensor,
    src_lengths: Tensor,
    max_length: int = 100,
    beam_size: int = 5,
    length_penalty: float = 0.6,
    n_best: int = 1,
    min_length: int = 0,
    patience: float = 1.0,
    trace: bool = False,
    allow_unknown: bool = True,
    coverage_penalty: float = 0.0,
) -> BeamDecoded:
    """Keep the ``beam_size`` best unfinished translations at every step.

    Each is extended by every token; the best extensions go on, one that ends in ``<eos>`` is
    finished if it is among the ``beam_size`` best extensions. At the end the finished ones are
    ranked by

    $$ s(Y) = \\frac{\\log p(Y \\mid x)}{\\mathrm{lp}(Y)} + \\mathrm{cp}(Y), \\qquad
       \\mathrm{lp}(Y) = \\left( \\frac{5 + |Y|}{6} \\right)^{\\alpha} $$

    (Wu et al., 2016, equation 14); $|Y|$ counts ``<eos>``, and $\\mathrm{cp}$, zero unless asked
    for, is :func:`coverage_penalty_term`.
    Hypotheses cut off by ``max_length`` are ranked with the finished ones.

    A sentence's search ends when ``patience * beam_size`` hypotheses have finished (Kasai et al.,
    2022; 1 is the usual rule, and with ``beam_size=1`` it is greedy decoding) or, before that, as
    soon as going on cannot change its ``n_best`` best. That bound is exact: log-probabilities
    only fall and $|Y| \\le T$ = ``max_length``, so whatever begins with the prefix $P$ has

    $$ s(Y) \\le \\frac{\\log p(Y \\mid x)}{\\mathrm{lp}(T)}
       \\le \\frac{\\log p(P \\mid x)}{\\mathrm{lp}(T)} $$

    (the first step because $\\log p \\le 0$, $\\alpha \\ge 0$ and $\\mathrm{cp} \\le 0$). With ``patience=math.inf`` only
    the bound ends a search: nothing in the beam that could still win is given up, at the price of
    many more steps.

    A whole batch is searched at once, a row for every live hypothesis; sentences whose search is
    over leave it.

    Args:
        model: the model.
        src: ``(batch, src_len)`` int64.
        src_lengths: ``(batch,)`` int64.
        max_length: the most tokens to write, ``<eos>`` not counted; a translation with as many
            was cut off.
        beam_size: how many unfinished hypotheses are kept.
        length_penalty: $\\alpha$; 0 ranks by log-probability, and then short translations win.
        n_best: how many hypotheses to return for a sentence.
        min_length: ``<eos>`` is ruled out before that many tokens.
        patience: how long to go on; 1 or more.
        trace: return each sentence's search tree too, dropped candidates included.
        allow_unknown: False rules out ``<unk>``, so that every token written is a word.
        coverage_penalty: $\\beta$ of $\\mathrm{cp}$; needs a model with attention.

    Returns:
        A :class:`BeamDecoded`.

    Raises:
        TypeError: if an argument is of another kind than it should be.
        ValueError: if an option is out of range, or the input does not fit the model.
        FloatingPointError: if the model's probabilities are NaN.

    Example:
        >>> from s2s_tutorial.models.build import build_model
        >>> model = build_model("gru", src_vocab_size=9, tgt_vocab_size=7)
        >>> src, src_lengths = torch.tensor([[4, 5, 8]]), torch.tensor([3])
        >>> found = beam_search(model, src, src_lengths, max_length=4, n_best=2)
        >>> len(found.ids[0]), found.scores[0][0] >= found.scores[0][1]
        (2, True)
        >>> found.best.ids[0] == found.ids[0][0]
        True
    """
    check_search(beam_size, length_penalty, n_best, patience, min_length, max_length)
    check_coverage_penalty(model, coverage_penalty)
    decoder = model.decoder
    with inference(model):
        encoded = model.encode(src, src_lengths)
        source_lengths = encoded.src_mask.sum(dim=1).tolist()
        keys = decoder.project_keys(encoded)
        state = decoder.init_state(encoded)
        searches = [
            SentenceSearch(beam_size, n_best, length_penalty, max_length, patience, trace)
            for _ in src
        ]
        live, looks, coverage, added = searches, [], 0.0, None
        token = torch.full((len(src),), BOS_ID, device=src.device)
        totals = torch.zeros(len(src), 1, dtype=torch.float64)  # on the CPU
        for length in range(max_length):
            step = checked_step(decoder.step(token, state, encoded, keys), encoded)
            looks.append(step.weights)
            if coverage_penalty:  # what each row's weights come to, whatever its next token
                coverage = coverage + step.weights
                seen = coverage, encoded.src_mask
                added = coverage_penalty_term(*seen, coverage_penalty).tolist()
            allowed = {"may_end": length >= min_length, "allow_unknown": allow_unknown}
            candidates = _best_candidates(step.logits, totals, beam_size, **allowed)
            live, chosen, rows = _extend(live, candidates, totals.shape[1], added)
            if not live:
                break
            rows, shape = torch.tensor(rows, device=src.device), totals.shape
            state = decoder.select_rows(step.state, rows)
            coverage = coverage.index_select(0, rows) if coverage_penalty else coverage
            token = torch.tensor([c.token for c in chosen], device=src.device)
            totals = totals.new_tensor([c.log_prob for c in chosen]).view(len(live), -1)
            if totals.shape != shape:  # else each row still belongs to the same sentence
                encoded = encoded.select_rows(rows)
                keys = None if keys is None else keys.index_select(0, rows)
    return _gather(searches, looks, source_lengths, trace)


def _extend(
    live: list[SentenceSearch],
    candidates: list[list[Candidate]],
    width: int,
    added: list[float] | None,
) -> tuple[list[SentenceSearch], list[Candidate], list[int]]:
    """One step of every sentence: which go on, with what, and from which rows of the batch."""
    still_live, chosen, rows = [], [], []
    for position, (search, offered) in enumerate(zip(live, candidates)):
        living = search.extend(offered, position * width, added)
        if not search.is_over:
            still_live.append(search)
            chosen += living
            rows += [position * width + candidate.slot for candidate in living]
    return still_live, chosen, rows


def _best_candidates(
    logits: Tensor, totals: Tensor, beam_size: int, may_end: bool, allow_unknown: bool
) -> list[list[Candidate]]:
    """For each sentence the best extensions of its hypotheses by one token, the best first.

    At most one of a hypothesis's extensions ends, so that among twice ``beam_size`` candidates
    there are ``beam_size`` that go on, wherever so many exist.

    Args:
        logits: ``(sentences * width, vocab_size)``, of the next token.
        totals: ``(sentences, width)`` float64 on the CPU, the hypotheses' log-probabilities.
        beam_size: half of how many candidates are wanted.
        may_end: whether ``<eos>`` is allowed.
        allow_unknown: whether ``<unk>`` is.
    """
    sentences, width = totals.shape
    log_probs = token_log_probabilities(logits, may_end, allow_unknown)
    possible = log_probs.shape[1] - 2 - (not may_end) - (not allow_unknown)
    best, tokens = log_probs.topk(min(2 * beam_size, possible))
    best, tokens = best.cpu().double(), tokens.cpu()
    sums = (totals[:, :, None] + best.view(sentences, width, -1)).flatten(1)
    sums, places = sums.topk(min(2 * beam_size, sums.shape[1]))
    slots, tokens = places // best.shape[1], tokens.view(sentences, -1).gather(1, places)
    columns = zip(sums.tolist(), slots.tolist(), tokens.tolist())
    return [[Candidate(*c) for c in zip(*sentence)] for sentence in columns]


def _gather(
    searches: list[SentenceSearch],
    looks: list[Tensor | None],
    src_lengths: list[int],
    trace: bool,
) -> BeamDecoded:
    found = [search.hypotheses() for search in searches]
    check_no_nan(hypothesis.log_prob for hypotheses in found for hypothesis in hypotheses)
    weights = None
    if looks[0] is not None:
        weights = [
            [gather_weights(looks, hypothesis.rows, src_len) for hypothesis in hypotheses]
            for hypotheses, src_len in zip(found, src_lengths)
        ]
    return BeamDecoded(
        ids=[[h.ids for h in hypotheses] for hypotheses in found],
        scores=[[h.score for h in hypotheses] for hypotheses in found],
        weights=weights,
        log_probs=[[h.log_prob for h in hypotheses] for hypotheses in found],
        trees=[search.nodes for search in searches] if trace else None,
    )
