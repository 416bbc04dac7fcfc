"""Training on several processes: each takes its share of every batch, and gradients are summed.

The loss is a mean over the real tokens of the whole batch, so it is divided by their number, which
every process knows, before the gradients are summed over the processes. The sum is then the
gradient of the one-process run, whatever each share's number of tokens.

    torchrun --nproc-per-node 2 my_training.py

where ``my_training.py`` calls :func:`s2s_tutorial.fit` inside ``with start():``.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from itertools import islice
from typing import Any

import torch
from torch import distributed as dist
from torch import nn
from torch.nn.parallel import DistributedDataParallel

from s2s_tutorial.machine.device import pick_device
from s2s_tutorial.text.batch import Batch


class OneProcess:
    """A run in a single process: every share is the whole, and there is nobody to wait for.

    Attributes:
        rank: number of this process, from 0; the first one writes the files.
        world_size: number of processes.

    Example:
        >>> OneProcess().sum(2.0, 3.0)
        [2.0, 3.0]
    """

    rank = 0
    world_size = 1

    def wrap(self, model: nn.Module) -> nn.Module:
        """The model whose backward pass sums gradients over the processes."""
        return model

    def share(self, batch: Batch) -> Batch:
        """This process's rows of a batch."""
        return batch

    def every_nth(self, batches: Iterable[Batch]) -> Iterable[Batch]:
        """This process's batches, where whole batches are dealt out."""
        return batches

    def summing(self, now: bool) -> AbstractContextManager:
        """Inside, a backward pass sums gradients over the processes if ``now``."""
        return nullcontext()

    def sum(self, *numbers: float) -> list[float]:
        """Each number summed over the processes."""
        return list(numbers)

    def on_first(self, action: Callable[[], Any]) -> Any:
        """Do it on the first process only; all get its result, or its exception."""
        return action()

    def gather(self, value: Any) -> list[Any]:
        """Every process's value, in the order of the ranks."""
        return [value]


class ManyProcesses(OneProcess):
    """A run in the processes of ``torch.distributed``'s default group."""

    def __init__(self) -> None:
        self.rank = dist.get_rank()
        self.world_size = dist.get_world_size()
        self._wrapped: DistributedDataParallel | None = None

    def wrap(self, model: nn.Module) -> nn.Module:
        """PyTorch's DistributedDataParallel, with sums of gradients in place of means.

        The first process's weights are copied to the others.
        """
        self._wrapped = DistributedDataParallel(model)
        self._wrapped.register_comm_hook(None, _sum_gradients)
        return self._wrapped

    def share(self, batch: Batch) -> Batch:
        """Every ``world_size``-th row, without the columns that are padding in all of them.

        With fewer rows than processes, some have none. They take the first row with a mask of
        no real token: it is run through the model, so that all processes work in step, and adds
        nothing to the loss.
        """
        rows = torch.arange(len(batch))[self.rank :: self.world_size]
        idle = len(rows) == 0
        part = {name: t[[0] if idle else rows] for name, t in vars(batch).items()}
        src, tgt = int(part["src_lengths"].max()), int(part["tgt_mask"].sum(1).max())
        for name, width in [("src", src), ("src_mask", src)]:
            part[name] = part[name][:, :width]
        for name in ("tgt_in", "tgt_out", "tgt_mask"):
            part[name] = part[name][:, :tgt]
        if idle:
            part["tgt_mask"] = torch.zeros_like(part["tgt_mask"])
        return Batch(**part)

    def every_nth(self, batches: Iterable[Batch]) -> Iterable[Batch]:
        """Batches ``rank``, ``rank + world_size`` and so on."""
        return islice(batches, self.rank, None, self.world_size)

    def summing(self, now: bool) -> AbstractContextManager:
        """Without ``now``, gradients are kept on each process until the next backward pass."""
        return nullcontext() if now else self._wrapped.no_sync()

    def sum(self, *numbers: float) -> list[float]:
        """Each number summed over the processes, in float64."""
        totals = torch.tensor(numbers, dtype=torch.float64)
        dist.all_reduce(totals)
        return totals.tolist()

    def on_first(self, action: Callable[[], Any]) -> Any:
        """Do it on rank 0; all get its result, or raise its exception together."""
        outcome: list[Any] = [None, None]
        if self.rank == 0:
            try:
                outcome[0] = action()
            except Exception as error:
                outcome[1] = error
        dist.broadcast_object_list(outcome)
        if outcome[1] is not None:
            raise outcome[1]
        return outcome[0]

    def gather(self, value: Any) -> list[Any]:
        """Every process's value, in the order of the ranks."""
        values = [None] * self.world_size
        dist.all_gather_object(values, value)
        return values


def _sum_gradients(_, bucket):  # no annotations: PyTorch would compare them with its own
    """A hook of DistributedDataParallel: the sum, where it would take the mean."""
    work = dist.all_reduce(bucket.buffer(), async_op=True)
    return work.get_future().then(lambda future: future.value()[0])


def current() -> OneProcess:
    """What this process is part of: a group that :func:`start` joined, or nothing.

    Raises:
        RuntimeError: if torchrun started this process as one of several and :func:`start` was
            not called: each would then train the whole, and all would write the same files.

    Example:
        >>> current().world_size
        1
    """
    if dist.is_available() and dist.is_initialized():
        return ManyProcesses()
    if _processes_started() > 1:
        raise RuntimeError(
            f"torchrun started {_processes_started()} processes, but they have not joined; "
            "call fit inside 'with s2s_tutorial.machine.distributed.start():'"
        )
    return OneProcess()


@contextmanager
def start(device: str = "auto") -> Iterator[OneProcess]:
    """Join the processes that ``torchrun`` started; without torchrun, nothing happens.

    On CUDA each process takes the GPU of its local rank (NCCL), elsewhere they meet on the CPU
    (gloo). At the end the group is left.

    Args:
        device: as in :class:`s2s_tutorial.TrainConfig`.

    Yields:
        An object with ``rank`` and ``world_size``; rank 0 is the one that should print.

    Raises:
        ValueError: if there are fewer GPUs than processes on this machine.

    Example:
        >>> with start() as processes:
        ...     processes.rank, processes.world_size
        (0, 1)
    """
    if _processes_started() == 1:
        yield OneProcess()
        return
    backend = "gloo"
    if pick_device(device).type == "cuda":
        local = int(os.environ.get("LOCAL_RANK", 0))
        if local >= torch.cuda.device_count():
            raise ValueError(
                f"process {local} of this machine has no GPU: there are "
                f"{torch.cuda.device_count()}; start as many processes, or use device='cpu'"
            )
        torch.cuda.set_device(local)
        backend = "cpu:gloo,cuda:nccl"  # gradients on the GPU, numbers and objects on the CPU
    dist.init_process_group(backend)
    try:
        yield ManyProcesses()
    finally:
        dist.destroy_process_group()


def _processes_started() -> int:
    """How many processes torchrun started; 1 without torchrun."""
    if not all(name in os.environ for name in ("RANK", "WORLD_SIZE", "MASTER_ADDR")):
        return 1
    return int(os.environ["WORLD_SIZE"])
