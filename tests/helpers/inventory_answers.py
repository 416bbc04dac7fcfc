"""What the package answers to the items of the inventory: a function for each concept, from what an item's slots hold."""

from __future__ import annotations

import re
from fractions import Fraction

import sacrebleu
import torch
from decoding import ONE, Scripted
from tiny_models import make_system

import s2s_tutorial as s2s
from s2s_tutorial.text.vocabulary import BOS_ID, PAD_ID


def numbers(text: str) -> list[Fraction]:
    """The numbers in a text, fractions too."""
    return [Fraction(each) for each in re.findall(r"\d+(?:[./]\d+)?", text)]


def encoded(units: int, words: int, columns: int | None = None, **options):
    """What an encoder makes of a sentence of so many words, beside one that fills the columns."""
    torch.manual_seed(0)
    encoder = s2s.Encoder(9, 3, units, **options)
    lengths = torch.tensor([words, columns or words])
    src = torch.randint(4, 9, (2, int(lengths.max())))
    src[0, words:] = PAD_ID
    return encoder(src, lengths)


def final_state(shown) -> str:
    out = encoded(5, shown["words"], shown["columns"])
    (at,) = [
        j for j in range(shown["words"]) if torch.equal(out.memory[0, j], out.final_state[0, 0])
    ]
    return f"The state after word {at + 1}"


def shift(shown) -> str:
    words = shown["sentence"].split()
    long = [*words, "and", "more"]
    vocab = s2s.Vocabulary.build([words, long])
    pairs = [(words, words), (long, long)]
    corpus = s2s.ParallelCorpus([s2s.Pair(*pair) for pair in pairs], "two")
    (batch,) = s2s.make_batches(corpus, vocab, vocab, batch_size=2)
    row = batch.indices.tolist().index(0)
    names = dict(enumerate(("<pad>", "<unk>", "<bos>", "<eos>"))) | {
        vocab.encode([word])[0]: word for word in words
    }
    fed = " ".join(names[each] for each in batch.tgt_in[row].tolist())
    assert fed == f"<bos> {shown['sentence']} <pad> <pad>"
    return " ".join(names[each] for each in batch.tgt_out[row].tolist())


def loss_per_token(shown) -> str:
    sizes = [(shown["few"], shown["few_loss"]), (shown["many"], shown["many_loss"])]
    total, tokens = 0.0, 0
    for real, summed in sizes:
        mask = torch.arange(shown["columns"])[None] < real
        p = torch.tensor(-summed / real, dtype=torch.float64).exp()
        logits = torch.stack([p, 1 - p]).log().expand(1, shown["columns"], 2)
        loss = s2s.sequence_loss(logits, torch.zeros(mask.shape, dtype=torch.int64), mask)
        total, tokens = total + loss.total.item(), tokens + int(loss.tokens)
    return f"{total / tokens:.6g}"


def one_vector(shown) -> str:
    found = [
        encoded(shown["units"], shown[words], cell="gru").final_state[:, 0].numel()
        for words in ("short", "long")
    ]
    return f"{found[0]}, and {found[1]}"


def teacher_forcing(shown) -> str:
    words = [shown["first"], shown["true"], shown["last"]]
    vocab = s2s.Vocabulary.build([[*words, shown["own"]]])
    corpus = s2s.ParallelCorpus([s2s.Pair(words, words)], "one")
    (batch,) = s2s.make_batches(corpus, vocab, vocab, batch_size=1)
    first, own = vocab.encode([shown["first"], shown["own"]])
    model = Scripted({(): {first: 0.9}, (first,): {own: 0.9}}, len(vocab))
    fed, step = [], model.step
    model.step = lambda token, *given: fed.append(token.item()) or step(token, *given)
    s2s.greedy_decode(model, *ONE, max_length=3)
    trained, written = vocab.decode([batch.tgt_in[0, 2].item(), fed[2]])
    return f"In training {trained}, in translation {written}"


def masked_weights(shown) -> str:
    exponentials = [shown[name] for name in ("first", "second", "third", "padding")]
    scores = torch.tensor([exponentials], dtype=torch.float64).log()
    weights = s2s.masked_softmax(scores, torch.tensor([[True, True, True, False]]))[0]
    eighths = [round(8 * weight) for weight in weights.tolist()]
    torch.testing.assert_close(weights, torch.tensor(eighths, dtype=torch.float64) / 8)
    return ", ".join(f"{each}/8" if each else "0" for each in eighths)


def context(shown) -> str:
    memory = torch.tensor([[*map(float, numbers(shown[f"h{j}"]))] for j in (1, 2, 3)])[None]
    weights = torch.tensor([*map(float, numbers(shown["weights"]))])
    found, given = s2s.DotAttention().double()(*looking_with(weights, memory))
    torch.testing.assert_close(given[0], weights.double())
    return f"({', '.join(f'{each:.6g}' for each in found[0].tolist())})"


def looking_with(weights, memory):
    """Query, keys, values and mask with which a dot product gives these weights."""
    keys = weights.double().log()[None, :, None]
    return torch.ones(1, 1).double(), keys, memory.double(), torch.ones(1, 3, dtype=torch.bool)


@torch.no_grad()
def who_asks(shown) -> str:
    model, step = make_system("bahdanau").eval(), shown["step"]
    src, tgt = torch.tensor([[4, 5, 6]]), torch.arange(4, 4 + step - 1)[None]
    tgt = torch.cat([torch.tensor([[BOS_ID]]), tgt], dim=1)  # y_0 to y_{step - 1}
    weights = model(src, torch.tensor([3]), tgt).weights[0, step - 1]
    heard = []
    for word in range(1, step):
        other = tgt.clone()
        other[0, word] = 1
        changed = model(src, torch.tensor([3]), other).weights[0, step - 1]
        heard += [word] if not torch.equal(weights, changed) else []
    assert heard == list(range(1, max(heard) + 1))
    return f"y1 to y{max(heard)}"


@torch.no_grad()
def input_feeding(shown) -> str:
    model, at = make_system("luong_general").eval(), shown["step"]
    encoded = model.encode(torch.tensor([[4, 5, 6]]), torch.tensor([3]))
    state = model.decoder.init_state(encoded)
    attention = model.decoder.attention
    for word in range(4, 4 + at - 1):
        state = model.decoder.step(torch.tensor([word]), state, encoded).state
    after = []
    for exchanged in (False, True):
        hook = attention.register_forward_hook(lambda _, __, out: (out[0] + 1, out[1]))
        if not exchanged:
            hook.remove()
        there = model.decoder.step(torch.tensor([9]), state, encoded)
        hook.remove()
        after.append((there.logits, model.decoder.step(torch.tensor([10]), there.state, encoded)))
    (logits, one), (changed, other) = after
    assert not torch.equal(logits, changed), "the context was exchanged"
    same = torch.equal(one.logits, other.logits) and torch.equal(one.weights, other.weights)
    return "Nothing" if same else "Something"


def cell_gradient(shown) -> str:
    start = torch.ones(1, dtype=torch.float64, requires_grad=True)
    cell = start
    for content in (0.3, -0.2):
        cell = float(shown["gate"]) * cell + 0.5 * content
    cell.backward()
    return f"{start.grad.item():.6g}"


def hand_over(shown) -> str:
    out = encoded(shown["units"], shown["words"], cell="lstm", num_layers=shown["layers"])
    return str(sum(each[:, 0].numel() for each in out.final_state))


def beam(shown) -> str:
    names = {4: shown["a1"], 5: shown["b1"], 6: shown["c1"], 7: "a2", 8: "b2", 9: "c2"}
    table = {(): {4: 0.5, 5: 0.3, 6: 0.2}}
    for first, second, slot in ((4, 7, "x"), (5, 8, "y"), (6, 9, "z")):
        p = float(shown[slot])
        table[first,] = {second: p} | {token: (1 - p) / 12 for token in range(10, 22)}
    model = Scripted(table, 22)
    found = [
        s2s.greedy_decode(model, *ONE, max_length=4).ids[0],
        s2s.beam_search(model, *ONE, max_length=4, beam_size=2).ids[0][0],
        s2s.beam_search(model, *ONE, max_length=4, beam_size=30).ids[0][0],
    ]
    greedy, two, every = (shown[names[ids[1]][0]] for ids in found)
    assert len({greedy, two, every}) == 3, "three searches find three sentences"
    assert names[found[0][0]] == greedy.split()[0]
    return f"Greedy search {greedy}, the beam {two}"


def model_error(shown) -> str:
    own, reference = -float(shown["own"]), -float(shown["reference"])
    prefers = "would not choose" if own > reference else "would choose"
    return f"The model’s: a perfect search {prefers} the reference either"


def bleu(shown) -> str:
    scored = sacrebleu.corpus_bleu([shown["output"]], [[shown["reference"]]], tokenize="none")
    return f"{scored.counts[0]}/{scored.totals[0]}"


def seeds(shown) -> str:
    runs = [[int(each) for each in re.findall(r"\d+", shown[name])] for name in ("first", "second")]
    found = s2s.compare(*runs, margin=1)
    assert found.difference < 0 and max(runs[0]) > min(runs[1]) and max(runs[1]) > max(runs[0])
    alike = {"undecided": "Neither that one system is better nor that they are alike"}
    return alike[found.verdict]


def causal_mask(shown) -> str:
    letters = shown["string"].split()
    row = s2s.causal_mask(len(letters))[letters.index(shown["letter"])]
    *seen, last = (letter for letter, may in zip(letters, row.tolist()) if may)
    assert letters[letters.index(shown["letter"]) + 1] == shown["next"]
    return f"{', '.join(seen)} and {last}"


@torch.no_grad()
def whom_it_asks(shown) -> str:
    model = make_system("transformer").eval()
    src, tgt = torch.full((1, shown["source"]), 4), torch.full((1, shown["target"]), 5)
    weights = model(src, torch.tensor([shown["source"]]), tgt).weights[0]
    torch.testing.assert_close(weights.sum(dim=1), torch.ones(len(weights)).double())
    return f"{weights.shape[0]} rows, {weights.shape[1]} columns"


COMPUTED = {
    "final-state": final_state,
    "shift": shift,
    "loss-per-token": loss_per_token,
    "one-vector": one_vector,
    "teacher-forcing": teacher_forcing,
    "masked-weights": masked_weights,
    "context": context,
    "who-asks": who_asks,
    "input-feeding": input_feeding,
    "cell-gradient": cell_gradient,
    "hand-over": hand_over,
    "beam": beam,
    "model-error": model_error,
    "bleu": bleu,
    "seeds": seeds,
    "causal-mask": causal_mask,
    "whom-it-asks": whom_it_asks,
}
