"""What PyTorch says where memory does not suffice, in words for a person."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

# PyTorch has an exception of its own for GPUs only; of others these are the words.
_SIGNS = (
    "can't allocate memory",
    "not enough memory",
    "out of memory",
    "Storage size calculation overflowed",
    "numel: integer multiplication overflow",
)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether an error says that there is too little memory.

    >>> is_out_of_memory(RuntimeError("CUDA out of memory. Tried to allocate 20 MiB"))
    True
    >>> is_out_of_memory(RuntimeError("mat1 and mat2 shapes cannot be multiplied"))
    False
    """
    if isinstance(error, MemoryError):
        return True
    return isinstance(error, RuntimeError) and any(sign in str(error) for sign in _SIGNS)


@contextmanager
def enough_memory(needed: str) -> Iterator[None]:
    """Turn what PyTorch says of its allocator into a sentence.

    >>> with enough_memory("a model with hidden_size=10000000"):
    ...     raise RuntimeError("DefaultCPUAllocator: can't allocate memory: you tried to ...")
    Traceback (most recent call last):
    MemoryError: there is not enough memory here for a model with hidden_size=10000000

    Args:
        needed: what was to be made, and what would make it smaller.

    Raises:
        MemoryError: if memory did not suffice.
    """
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        if not is_out_of_memory(error):
            raise
        raise MemoryError(f"there is not enough memory here for {needed}") from error
