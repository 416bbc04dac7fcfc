"""For the tests of search: models that are never undecided, one that says what it is told, and the
definitions of greedy and beam search, one prefix at a time, by teacher forcing alone."""

from __future__ import annotations

import math

import torch
from tiny_models import sizes_of
from torch import nn

from s2s_tutorial.models.build import build_model
from s2s_tutorial.models.decoder import StepOutput
from s2s_tutorial.models.encoder import EncoderOutput
from s2s_tutorial.text.vocabulary import BOS_ID, EOS_ID, PAD_ID

SRC_VOCAB, TGT_VOCAB = 11, 7
WORDS = [token for token in range(TGT_VOCAB) if token not in (PAD_ID, BOS_ID, EOS_ID)]
ONE = (torch.tensor([[4]]), torch.tensor([1]))  # a sentence for models that do not look at it


def make_model(preset="bahdanau", seed=5):
    """In float64 and far from uniform, so that no two hypotheses are ever level."""
    torch.manual_seed(seed)
    sizes = sizes_of(preset, {"src_vocab_size": SRC_VOCAB, "tgt_vocab_size": TGT_VOCAB})
    model = build_model(preset, **sizes, embedding_size=5, hidden_size=6).double()
    for p in model.parameters():
        nn.init.normal_(p, std=1.0)
    return model


@torch.no_grad()
def forced(model, src, prefix):
    """Log-probabilities of what follows each position of a prefix, and the weights there."""
    output = model(src[None], torch.tensor([len(src)]), torch.tensor([[BOS_ID, *prefix]]))
    weights = None if output.weights is None else output.weights[0]
    return output.logits[0].log_softmax(-1), weights


def forced_log_prob(model, src, ids, ended):
    """Of a whole translation, with its ``<eos>`` if it has one."""
    log_probs, _ = forced(model, src, ids)
    return sum(row[token].item() for row, token in zip(log_probs, [*ids, EOS_ID] if ended else ids))


def words_of(log_probs):
    """The tokens that may be written; a model that copies has more of them than the vocabulary."""
    return [token for token in range(len(log_probs)) if token not in (PAD_ID, BOS_ID, EOS_ID)]


def greedy_by_definition(model, src, max_length, min_length=0):
    """One sentence without padding: ids and log-probability."""
    ids, log_prob = [], 0.0
    while len(ids) < max_length:
        last = forced(model, src, ids)[0][-1]
        token = max(words_of(last) + [EOS_ID] * (len(ids) >= min_length), key=lambda t: last[t])
        log_prob += last[token].item()
        if token == EOS_ID:
            break
        ids.append(token)
    return ids, log_prob


def beam_by_definition(
    model, src, max_length, beam_size, alpha, min_length=0, patience=1.0, words=None
):
    """One sentence without padding: all that finished, (score, log-probability, ids), best first.

    Stops by counting only, so with infinite patience it goes on to ``max_length``.
    """
    live, finished = [(0.0, [])], []
    for length in range(max_length):
        candidates = []
        for log_prob, ids in live:
            last = forced(model, src, ids)[0][-1]
            for token in (words or words_of(last)) + [EOS_ID] * (length >= min_length):
                candidates.append((log_prob + last[token].item(), [*ids, token]))
        candidates.sort(reverse=True)
        ended = [c for c in candidates[:beam_size] if c[1][-1] == EOS_ID]
        finished += [(lp / ((6 + length) / 6) ** alpha, lp, ids[:-1]) for lp, ids in ended]
        live = [c for c in candidates if c[1][-1] != EOS_ID][:beam_size]
        if length + 1 == max_length:
            finished += [(lp / ((5 + max_length) / 6) ** alpha, lp, ids) for lp, ids in live]
        if len(finished) >= patience * beam_size:
            break
    return sorted(finished, reverse=True)


def every_translation(model, src, longest):
    """Log-probability of every token sequence, from one teacher-forced batch; True if it ended."""
    prefixes = [[]]
    for _ in range(longest):
        prefixes = [[*p, word] for p in prefixes for word in WORDS]
    tgt_in = torch.tensor([[BOS_ID, *p[:-1]] for p in prefixes])
    many = len(prefixes)
    with torch.no_grad():
        logits = model(src.expand(many, -1), torch.full((many,), src.shape[1]), tgt_in).logits
    found = {}
    for prefix, rows in zip(prefixes, logits.log_softmax(-1).tolist()):
        log_prob = 0.0
        for length, (row, token) in enumerate(zip(rows, prefix)):
            found[(*prefix[:length],), True] = log_prob + row[EOS_ID]
            log_prob += row[token]
        found[(*prefix,), False] = log_prob
    return found


class Scripted(nn.Module):
    """A model whose probabilities stand in a table: prefix of token ids to {token: p}.

    Its decoder's state is the prefix itself. What the table does not say is impossible, except
    that the rest of a row's probability falls on ``<unk>``, and an unlisted prefix ends.
    """

    def __init__(self, table, vocab_size=TGT_VOCAB):
        super().__init__()
        self.table, self.vocab_size = table, vocab_size
        self.calls = []  # rows of every step

    @property
    def decoder(self):
        return self

    def encode(self, src, src_lengths):
        zeros = torch.zeros(len(src), 1, 1)
        return EncoderOutput(zeros, zeros.transpose(0, 1), src > 0)

    def project_keys(self, encoded):
        return None

    def init_state(self, encoded):
        return torch.zeros(len(encoded.memory), 0, dtype=torch.int64)

    def select_rows(self, state, rows):
        return state[rows]

    def step(self, token, state, encoded=None, keys=None):
        self.calls.append(len(token))
        state = torch.cat([state, token[:, None]], dim=1)
        logits = torch.tensor([self.row(prefix[1:]) for prefix in state.tolist()])
        return StepOutput(logits.double(), state, None)

    def row(self, prefix):
        said = self.table.get(tuple(prefix), {EOS_ID: 1 - 1e-9})
        rest = max(1 - sum(said.values()), 1e-30)
        impossible = 1e-30
        p = [
            said.get(token, rest if token == 1 else impossible) for token in range(self.vocab_size)
        ]
        return [math.log(x) for x in p]


# What may be drawn, and how probable each whole translation is: the likeliest is like no other.
DRAWN = {(): {4: 0.7, EOS_ID: 0.3}, (4,): {5: 5 / 14, 6: 5 / 14, EOS_ID: 4 / 14}}
EXACT = {(): 0.3, (4,): 0.2, (4, 5): 0.25, (4, 6): 0.25}
