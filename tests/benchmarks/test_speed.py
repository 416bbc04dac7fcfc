"""How the speed benchmark takes its times and compares them."""

import pytest
import torch

import s2s_tutorial as s2s
from benchmarks import speed_decoding
from benchmarks.speed_machine import Clock, flops_of, in_turns, times_as_fast


class Counter:
    """A clock that tells how many pieces of work were done before."""

    def __init__(self):
        self.done = 0

    def seconds(self, work, *given):
        work(*given)
        self.done += 1
        return self.done


def test_pieces_of_work_take_turns_in_both_orders():
    log = []
    work = [lambda item, name=name: log.append((item, name)) for name in "ab"]
    times = in_turns(work, [3, 5, 7], Counter())
    assert log == [(3, "a"), (3, "b"), (5, "b"), (5, "a"), (7, "a"), (7, "b")]
    assert times == [[1, 4, 5], [2, 3, 6]]


def test_the_ratio_is_taken_turn_by_turn():  # ratios 2, 4, 1, 3, 10: the odd one out is left out
    base, seconds = [2.0, 4.0, 1.0, 9.0, 10.0], [1.0, 1.0, 1.0, 3.0, 1.0]
    assert times_as_fast(base, seconds) == (3.0, [2.0, 4.0])
    assert times_as_fast(base, base) == (1.0, [1.0, 1.0])


def test_the_clock_counts_the_process_and_passes_on_what_it_is_given(monkeypatch):
    now = [3.0]
    monkeypatch.setattr("benchmarks.speed_machine.time.process_time", lambda: now[-1])
    assert Clock("cpu").seconds(now.append, 7.5) == 4.5


def test_a_product_s_operations_are_counted_a_multiplication_and_an_addition_each():
    a, b = torch.ones(3, 5), torch.ones(5, 7)
    assert flops_of(lambda times: [a @ b for _ in range(times)], 2) == 2 * (2 * 3 * 5 * 7)
    layer = torch.nn.LSTM(3, 5)  # four gates, from 3 numbers and from a state of 5, at 7 steps
    assert flops_of(layer, torch.ones(7, 1, 3)) == 7 * 2 * (3 + 5) * 4 * 5


class TinyTask:
    """What the benchmark asks of Multi30k, of a few reversed sentences."""

    def __init__(self):
        corpus = s2s.load_corpus("reverse", size=23, symbols=6, max_length=5)
        self.splits = {name: corpus for name in ("train", "valid", "test")}
        self.src_vocab = self.tgt_vocab = s2s.Vocabulary.build(corpus.src_sentences)

    def batches(self, split, batch_size, seed=None):
        vocabularies = (self.src_vocab, self.tgt_vocab)
        return s2s.make_batches(self.splits[split], *vocabularies, batch_size)


@pytest.mark.parametrize("precision", ["bfloat16", "float32"])
def test_every_way_of_decoding_is_measured_on_the_same_sentences(monkeypatch, precision):
    monkeypatch.setattr(speed_decoding, "fast_precision", lambda device: precision)
    monkeypatch.setattr(speed_decoding, "SIZES", {"embedding_size": 3, "hidden_size": 5})
    monkeypatch.setattr(speed_decoding, "BATCH", {"greedy": 7, "beam 5": 3})
    monkeypatch.setattr(speed_decoding, "MAX_LENGTH", 11)
    train = speed_decoding.trained_model
    monkeypatch.setattr(
        speed_decoding, "trained_model", lambda *given: train(*given, steps=1).double()
    )
    found = speed_decoding.measure_decoding(TinyTask(), 19, "cpu")
    assert found["sentences"] == found["same_translations"] == 19
    ways = ["one sentence at a time", "greedy", "greedy, bfloat16 weights", "beam 5"]
    ways.append("beam 5, bfloat16 weights")
    ways = [way for way in ways if precision == "bfloat16" or "bfloat16" not in way]
    for name in ("seconds", "share_of_peak", "ratio", "ratio_quartiles", "bleu"):
        assert list(found[name]) == ways
    assert found["bleu"]["one sentence at a time"] == found["bleu"]["greedy"]
    assert found["ratio"]["one sentence at a time"] == 1
    low, high = found["ratio_quartiles"]["greedy"]
    assert low <= found["ratio"]["greedy"] <= high


def test_the_share_of_the_peak_is_that_of_the_whole_test_set(monkeypatch):
    """A turn of the first way is a quarter of it: both its operations and its seconds are summed."""

    class ThreeSeconds:
        def __init__(self, device):
            pass

        def seconds(self, work, *given):
            work(*given)
            return 3.0

    train = speed_decoding.trained_model
    fakes = {
        "Clock": ThreeSeconds,
        "flops_of": lambda work, turn: 60.0,
        "matrix_peak": lambda device: 10.0,
        "fast_precision": lambda device: "float32",
        "SIZES": {"embedding_size": 3, "hidden_size": 5},
        "trained_model": lambda *given: train(*given, steps=1),
    }
    for name, fake in fakes.items():
        monkeypatch.setattr(speed_decoding, name, fake)
    found = speed_decoding.measure_decoding(TinyTask(), 7, "cpu")
    assert found["seconds"] == {"one sentence at a time": 12.0, "greedy": 3.0, "beam 5": 3.0}
    assert found["share_of_peak"] == dict.fromkeys(found["seconds"], 2.0)
