"""One process at a time."""

from __future__ import annotations

import multiprocessing
import threading
import time

import pytest

from s2s_tutorial.corpora.fetch.disk import CorpusFileError
from s2s_tutorial.corpora.fetch.lock import locked


def read_then_write(path: str, times: int) -> None:
    """Add to a number in a file, in the way that loses additions if two do it at once."""
    from pathlib import Path

    for _ in range(times):
        with locked(Path(path), quiet=60):
            count = int(Path(path).read_text())
            time.sleep(0.002)
            Path(path).write_text(str(count + 1))


def test_processes_take_turns(tmp_path):
    path = tmp_path / "count"
    path.write_text("0")
    context = multiprocessing.get_context("fork")
    processes = [context.Process(target=read_then_write, args=(str(path), 7)) for _ in range(3)]
    for process in processes:
        process.start()
    for process in processes:
        process.join()
    assert path.read_text() == "21"


def test_it_waits_and_says_so(tmp_path):
    path, order = tmp_path / "new" / "file", []
    holding, release = threading.Event(), threading.Event()

    def hold():
        with locked(path):
            holding.set()
            release.wait(30)
            order.append("first")

    thread = threading.Thread(target=hold)
    thread.start()
    holding.wait(30)
    threading.Timer(0.3, release.set).start()
    with pytest.warns(UserWarning, match="waiting for another process that fetches file"):
        with locked(path, quiet=0.05):
            order.append("second")
    thread.join()
    assert order == ["first", "second"]


def test_it_gives_up_in_the_end(tmp_path):
    with locked(tmp_path / "file"):
        with pytest.warns(UserWarning), pytest.raises(CorpusFileError, match="another process"):
            with locked(tmp_path / "file", quiet=0.01, patience=0.01):
                pass
    with locked(tmp_path / "file"):  # and the lock is free again
        pass


def test_an_error_inside_lets_go_and_passes_as_it_is(tmp_path):
    with pytest.raises(OSError, match="^mine$"), locked(tmp_path / "file"):
        raise OSError("mine")
    with locked(tmp_path / "file", quiet=0.01):
        pass


def test_a_folder_that_cannot_be_made(tmp_path):
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(CorpusFileError, match="could not write .*in the way.*S2S_CACHE_DIR"):
        with locked(tmp_path / "in the way" / "file"):
            pass
