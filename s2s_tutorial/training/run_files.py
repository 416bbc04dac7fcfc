"""The two files of a run, its last state and its best model: whose they are, and room for them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from s2s_tutorial.base.files import try_writing
from s2s_tutorial.base.locks import claimed
from s2s_tutorial.machine.distributed import OneProcess
from s2s_tutorial.saving.checkpoint_file import check_file_name, is_checkpoint


def best_path(checkpoint: str | Path) -> Path:
    """Where the best model of a run is kept: beside the run's last state.

    Example:
        >>> best_path("runs/small.safetensors").name
        'small.best.safetensors'
    """
    path = Path(checkpoint)
    return path.with_name(f"{path.stem}.best{path.suffix}")


@contextmanager
def only_run(checkpoint: str | Path, processes: OneProcess) -> Iterator[None]:
    """Be the only run that writes these files meanwhile.

    Args:
        checkpoint: the file of the last state.
        processes: those that train together; the first one writes.

    Raises:
        FileInUseError: if another run is at work on them, naming it.
        OSError: if nothing can be written there.
    """
    advice = "two runs need two files: wait for its end, stop it, or choose another file"

    def claim() -> None:
        for path in (Path(checkpoint), best_path(checkpoint)):
            held.enter_context(claimed(path, advice))

    with ExitStack() as held:
        processes.on_first(claim)
        yield


def check_files(checkpoint: str | Path, resume: bool) -> None:
    """Raise unless these files may be written: nothing that no run of ours wrote is replaced.

    Args:
        checkpoint: the file of the last state.
        resume: whether that file is to be gone on with, and so will be read.

    Raises:
        ValueError: if its name is not UTF-8.
        FileExistsError: if something else lies there.
    """
    check_file_name(checkpoint)
    for path in [best_path(checkpoint)] + [Path(checkpoint)] * (not resume):
        empty = not path.exists() or path.is_file() and path.stat().st_size == 0
        if not empty and not is_checkpoint(path):
            raise FileExistsError(
                f"{path} is there already and is no checkpoint of ours, so it is not replaced; "
                "choose another file, or move this one away"
            )


def check_room(checkpoint: str | Path, last: bytes, best: bytes) -> None:
    """Raise unless there is room for the files as large as they will become.

    A file is replaced only when the new one is whole, so the last state needs its place twice.
    What lies there already is part of it.

    Args:
        checkpoint: the file of the last state.
        last: what will be written there, as to its size.
        best: what will be written beside it, likewise.

    Raises:
        OSError: if there is not; nothing is changed then.
    """

    def beyond(path: Path, content: bytes) -> bytes:
        return content[path.stat().st_size :] if path.exists() else content

    path, beside = Path(checkpoint), best_path(checkpoint)
    try_writing([(path, last), (path, beyond(path, last)), (beside, beyond(beside, best))])
