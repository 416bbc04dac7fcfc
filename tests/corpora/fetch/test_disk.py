"""Sums of files, what a full disk says, and one writer at a time."""

from __future__ import annotations

import hashlib
import threading

import pytest

from s2s_tutorial.corpora.fetch.disk import CHUNK, CorpusFileError, explaining, locked, sha256_of


@pytest.mark.parametrize("size", [0, 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_the_sum_over_pieces_is_the_sum_of_the_whole(tmp_path, size):
    data = bytes(i * i % 251 for i in range(size))
    (tmp_path / "file").write_bytes(data)
    assert sha256_of(tmp_path / "file") == hashlib.sha256(data).hexdigest()


def test_advice_is_given_once_and_other_errors_pass():
    with pytest.raises(CorpusFileError, match="write corpus.txt: No space.*S2S_CACHE_DIR"):
        with explaining("corpus.txt"):
            raise OSError(28, "No space")
    with pytest.raises(CorpusFileError, match="^given$"), explaining("corpus.txt"):
        raise CorpusFileError("given")
    with pytest.raises(KeyError), explaining("corpus.txt"):
        raise KeyError("not the disk's")


def test_the_second_waits_and_says_so(tmp_path):
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


@pytest.mark.filterwarnings("error")
def test_an_error_inside_lets_go_and_passes_as_it_is(tmp_path):
    with pytest.raises(OSError, match="^mine$"), locked(tmp_path / "file"):
        raise OSError("mine")
    with locked(tmp_path / "file"):
        pass
