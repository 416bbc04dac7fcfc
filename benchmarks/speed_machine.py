"""What the machine can do, and what a piece of work takes of it: time, products, memory."""

from __future__ import annotations

import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from functools import lru_cache
from pathlib import Path

import torch
from torch.utils.flop_counter import FlopCounterMode


class Clock:
    """Seconds of one thread's work: CPU time on a CPU, time on the clock on a GPU."""

    def __init__(self, device: str) -> None:
        self.cuda = device.startswith("cuda")

    def seconds(self, work: Callable[..., object], *given) -> float:
        """How long ``work(*given)`` takes."""
        if not self.cuda:
            started = time.process_time()
            work(*given)
            return time.process_time() - started
        torch.cuda.synchronize()
        started = time.perf_counter()
        work(*given)
        torch.cuda.synchronize()
        return time.perf_counter() - started


def in_turns(work: Sequence[Callable], items: Iterable, clock: Clock) -> list[list[float]]:
    """For each piece of work its seconds on each item.

    They take turns, item by item and every other time in reverse order, so that whatever else the
    machine does disturbs them alike.
    """
    times: list[list[float]] = [[] for _ in work]
    for turn, item in enumerate(items):
        for k in range(len(work)) if turn % 2 == 0 else reversed(range(len(work))):
            times[k].append(clock.seconds(work[k], item))
    return times


def times_as_fast(base: list[float], seconds: list[float]) -> tuple[float, list[float]]:
    """How many times as fast as the base, turn by turn: the median, and the two quartiles.

    >>> times_as_fast([2.0, 4.0, 9.0], [1.0, 1.0, 3.0])
    (3.0, [2.5, 3.5])
    """
    each = [a / b for a, b in zip(base, seconds)]
    low, median, high = statistics.quantiles(each, n=4, method="inclusive")
    return round(median, 2), [round(low, 2), round(high, 2)]


@lru_cache
def matrix_peak(device: str, dtype: str = "float32", size: int = 1024, repeats: int = 10) -> float:
    """Floating-point operations a second in a product of two square matrices."""
    a = torch.randn(size, size, device=device, dtype=getattr(torch, dtype))
    clock = Clock(device)
    best = min(clock.seconds(lambda: a @ a) for _ in range(repeats))
    return 2 * size**3 / best


def flops_of(work: Callable[..., object], *given) -> int:
    """Operations in the matrix products of ``work(*given)``.

    Without oneDNN, whose fused LSTM the counter cannot look into; the products are the same.
    """
    with torch.backends.mkldnn.flags(enabled=False), FlopCounterMode(display=False) as counter:
        work(*given)
    return counter.get_total_flops()


def resident_mb() -> float:
    """The largest resident set of this process so far, in MB; on Linux, since :func:`forget_peak`."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = [x for x in status.read_text().splitlines() if x.startswith("VmHWM")]
        return int(line.split()[1]) / 2**10
    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit


def forget_peak() -> None:
    """Let the peak be the present: what importing and loading took is not the model's."""
    if Path("/proc/self/clear_refs").exists():
        Path("/proc/self/clear_refs").write_text("5")
