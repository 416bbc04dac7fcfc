"""Downloads over lines that break, from servers that answer wrongly, to disks that are full."""

from __future__ import annotations

import hashlib
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from types import SimpleNamespace

import pytest
from faulty_server import serving
from hypothesis import given, settings
from hypothesis import strategies as st

from s2s_tutorial.corpora.fetch import download as module
from s2s_tutorial.corpora.fetch.disk import CHUNK, CorpusFileError, DownloadFailed
from s2s_tutorial.corpora.fetch.download import RETRIES, download

DATA = random.Random(3).randbytes(200_003)
SUM = hashlib.sha256(DATA).hexdigest()
SLEPT: list[float] = []


@pytest.fixture(scope="module")
def running():
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        patch.setenv("no_proxy", "*")
        patch.setattr("pooch.core.time", SimpleNamespace(sleep=SLEPT.append))
        yield server


@pytest.fixture
def server(running):
    running.files = {"/file": DATA}
    for record in (running.faults, running.requests, SLEPT):
        record.clear()
    return running


@pytest.fixture
def fetch(server, tmp_path):
    """Fetch the file; returns the beginning of each range asked for, None for the whole file."""

    def fetch(sha256: str | None = SUM) -> list[int | None]:
        server.requests.clear()
        download(f"{server.url}/file", tmp_path / "file", sha256)
        assert (tmp_path / "file").read_bytes() == DATA
        assert os.listdir(tmp_path) == ["file"]
        return [asked and int(asked[len("bytes=") : -1]) for _, asked in server.requests]

    return fetch


def left_over(tmp_path: Path, pieces: bytes) -> None:
    (tmp_path / ".file.part").mkdir()
    (tmp_path / ".file.part/pieces").write_bytes(pieces)
    (tmp_path / ".file.part/tmpabc").write_bytes(b"of a process that was killed")


@pytest.mark.parametrize("sha256", [SUM, None])
def test_at_once(fetch, server, tmp_path, sha256):
    (tmp_path / "file").write_bytes(b"old")
    assert fetch(sha256) == [None]
    assert not any("python" in agent for agent in server.agents)  # which some hosts turn away


@pytest.mark.parametrize("hidden", [False, True])
def test_the_bar_ends_at_the_whole_and_tells_no_path(server, tmp_path, hidden):
    program = f"""
from pathlib import Path
from s2s_tutorial.corpora.fetch.download import download
download({server.url + "/file"!r}, Path({str(tmp_path / "file")!r}), {SUM!r})
"""
    others = {k: v for k, v in os.environ.items() if k != "TQDM_DISABLE"}  # read at tqdm's import
    run = subprocess.run(
        [sys.executable, "-c", program],
        env=others | ({"TQDM_DISABLE": "1"} if hidden else {}),
        stderr=subprocess.PIPE,
        check=True,
        text=True,
    )
    assert ("100%" in run.stderr and "200k/200k" in run.stderr) is not hidden
    assert str(tmp_path) not in run.stderr


def test_a_broken_line_is_taken_up_where_it_ended(fetch, server):
    server.faults += [{"cut": 70_001}, {"cut": 140_000 - CHUNK}]
    assert fetch() == [None, CHUNK, 2 * CHUNK]
    assert SLEPT == [1, 2]


def test_and_by_a_later_call(fetch, server, tmp_path, monkeypatch):
    server.faults += [{"cut": 90_001}]
    with monkeypatch.context() as patch, pytest.raises(DownloadFailed, match="bytes read"):
        patch.setattr(module, "RETRIES", 0)
        download(f"{server.url}/file", tmp_path / "file", SUM)
    assert os.listdir(tmp_path) == [".file.part"]
    assert fetch() == [CHUNK]


def test_without_a_sum_nothing_that_came_before_is_trusted(fetch, server, tmp_path):
    left_over(tmp_path, DATA[:1_009])
    server.faults += [{"cut": 70_001}]
    assert fetch(None) == [None, None]


@pytest.mark.parametrize(
    ("pieces", "fault", "asked"),
    [
        (DATA[:1_009], None, [1_009]),
        (DATA[:1_009], {"ranges": False}, [1_009]),
        (DATA[:1_009], {"shift": 1}, [1_009, None]),  # another range than asked for
        (b"x" * 1_009, None, [1_009, None]),
        (DATA, None, [200_003, None]),  # nothing is left to fetch
        (DATA + b"more", None, [200_007, None]),
    ],
)
def test_pieces_of_an_earlier_call(fetch, server, tmp_path, pieces, fault, asked):
    left_over(tmp_path, pieces)
    server.faults += [fault]
    assert fetch() == asked


def test_an_answer_without_a_length(fetch, server):
    server.faults += [{"length": False}]
    fetch()


def test_a_server_that_is_busy(fetch, server, tmp_path):
    server.faults += [503, 429, 500]
    fetch()
    assert SLEPT == [1, 2, 3]
    server.faults += [503] * 9
    with pytest.raises(DownloadFailed, match="/file: the server answers 503 Service Unavailable"):
        download(f"{server.url}/file", tmp_path / "file2", SUM)


@pytest.mark.parametrize("status", [403, 404, 410])
def test_no_second_try_where_it_cannot_help(server, tmp_path, status):
    server.faults += [status]
    with pytest.raises(DownloadFailed, match=f"the server answers {status}"):
        download(f"{server.url}/file", tmp_path / "file", SUM)
    assert (SLEPT, len(server.requests), os.listdir(tmp_path)) == ([], 1, [])


def test_other_bytes_than_expected(server, tmp_path):
    server.files["/file"] = b"something else"
    other = hashlib.sha256(b"something else").hexdigest()
    with pytest.raises(DownloadFailed, match=f"does not match .*expected {SUM} but got {other}"):
        download(f"{server.url}/file", tmp_path / "file", SUM)
    assert os.listdir(tmp_path) == []


def test_nobody_there(running, tmp_path):
    with serving() as gone:
        url = gone.url
    with pytest.raises(DownloadFailed, match="/file: Connection refused$"):
        download(f"{url}/file", tmp_path / "file", SUM)
    SLEPT.clear()
    with pytest.raises(DownloadFailed, match="host cannot be found; is this machine offline"):
        download("https://nowhere.invalid/file", tmp_path / "file", SUM)
    assert SLEPT == []


def test_from_a_folder(tmp_path):
    source = tmp_path / "mirror with spaces" / "file"
    source.parent.mkdir()
    source.write_bytes(DATA)
    start = time.monotonic()
    download(source.as_uri(), tmp_path / "file", SUM)
    assert (tmp_path / "file").read_bytes() == DATA
    for uri, reason in (
        ((tmp_path / "gone").as_uri(), "gone: No such file"),
        (tmp_path.as_uri(), "[Dd]irectory"),
        (source.as_uri(), "does not match"),
    ):
        with pytest.raises(DownloadFailed, match=reason):
            download(uri, tmp_path / "other", "0" * 64)
    assert sorted(os.listdir(tmp_path)) == ["file", "mirror with spaces"]
    assert time.monotonic() - start < 1  # nothing there gets better by waiting


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux's /dev/full")
def test_a_full_disk(server, tmp_path):
    (tmp_path / ".file.part").mkdir()
    (tmp_path / ".file.part/pieces").symlink_to("/dev/full")
    with pytest.raises(CorpusFileError, match="could not write .*file: No space left"):
        download(f"{server.url}/file", tmp_path / "file", SUM)
    assert os.listdir(tmp_path) == []
    assert len(server.requests) == 1


@settings(max_examples=40)
@given(
    faults=st.lists(
        st.one_of(
            st.sampled_from([500, 503, 429, 416]),
            st.builds(lambda n: {"cut": n}, st.integers(0, 200_002)),
            st.builds(lambda n: {"ranges": False, "cut": n}, st.integers(0, 200_002)),
            st.just({"shift": 1}),
        ),
        max_size=6,
    ),
    left=st.one_of(st.none(), st.integers(0, 200_003).map(lambda n: DATA[:n]), st.binary()),
    pinned=st.booleans(),
)
def test_whatever_happens_the_file_is_whole_or_absent(running, faults, left, pinned):
    running.files = {"/file": DATA}
    running.faults.clear()
    running.faults += faults
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        if left is not None:
            left_over(Path(folder), left)
        try:
            download(f"{running.url}/file", path, SUM if pinned else None)
        except DownloadFailed:
            assert not path.exists()
            assert len(faults) + (left is not None) > RETRIES
        else:
            assert path.read_bytes() == DATA
