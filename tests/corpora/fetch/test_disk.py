"""Sums of files, and what a full disk says."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from s2s_tutorial.corpora.fetch.disk import CHUNK, CorpusFileError, explaining, sha256_of


@pytest.mark.parametrize("size", [0, 1, CHUNK - 1, CHUNK, CHUNK + 1, 3 * CHUNK + 7])
def test_the_sum_over_pieces_is_the_sum_of_the_whole(tmp_path, size):
    data = bytes(i * i % 251 for i in range(size))
    (tmp_path / "file").write_bytes(data)
    assert sha256_of(tmp_path / "file") == hashlib.sha256(data).hexdigest()


@pytest.mark.slow
@given(st.text(max_size=30))
def test_advice_names_the_path_and_the_reason(reason):
    with pytest.raises(CorpusFileError) as caught, explaining("corpus.txt"):
        raise OSError(28, reason)
    assert "could not write corpus.txt" in str(caught.value)
    assert reason in str(caught.value)
    assert "S2S_CACHE_DIR" in str(caught.value)


def test_advice_is_given_once_and_other_errors_pass():
    with pytest.raises(CorpusFileError, match="^given$"), explaining("corpus.txt"):
        raise CorpusFileError("given")
    with pytest.raises(KeyError), explaining("corpus.txt"):
        raise KeyError("not the disk's")
