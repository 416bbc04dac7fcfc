"""Downloads over lines that break, from servers that answer wrongly, to disks that are full."""

from __future__ import annotations

import hashlib
import os
import random
import tempfile
from pathlib import Path

import pytest
from faulty_server import serving
from hypothesis import given, settings
from hypothesis import strategies as st

from s2s_tutorial.corpora.fetch import download as module
from s2s_tutorial.corpora.fetch.disk import CorpusFileError
from s2s_tutorial.corpora.fetch.download import DownloadFailed, download

DATA = random.Random(3).randbytes(200_003)
SUM = hashlib.sha256(DATA).hexdigest()


@pytest.fixture(scope="module")
def running():
    with pytest.MonkeyPatch.context() as patch, serving() as server:
        patch.setenv("no_proxy", "*")
        yield server


@pytest.fixture
def server(running):
    running.files = {"/file": DATA}
    running.faults.clear()
    running.requests.clear()
    running.etags.clear()
    return running


@pytest.fixture
def fetch(server, tmp_path):
    """Fetch the file; returns how long it would have slept."""

    def fetch(sha256: str | None = SUM, path: str = "/file", **options) -> list[float]:
        slept: list[float] = []
        digest = download(
            server.url + path, tmp_path / "file", sha256, sleep=slept.append, **options
        )
        assert digest == SUM
        assert (tmp_path / "file").read_bytes() == DATA
        assert os.listdir(tmp_path) == ["file"]
        return slept

    return fetch


def no_wait(seconds: float) -> None:
    raise AssertionError(f"waits {seconds} seconds for what does not change")


@pytest.mark.parametrize("sha256", [SUM, None])
def test_at_once(fetch, server, sha256):
    assert fetch(sha256) == []
    assert server.requests == [("/file", None)]
    assert not any("urllib" in agent for agent in server.agents)  # which some hosts turn away


def test_an_old_file_is_replaced(fetch, tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    fetch()


def test_a_broken_line_is_taken_up_where_it_ended(fetch, server):
    server.faults += [{"cut": 70_001}, {"cut": 50_000}]
    assert fetch() == [1, 2]
    assert server.requests == [
        ("/file", None),
        ("/file", "bytes=70001-"),
        ("/file", "bytes=120001-"),
    ]


def test_what_an_earlier_call_left_is_taken_up(fetch, server, tmp_path):
    server.faults += [{"cut": 90_001}]
    with pytest.raises(DownloadFailed, match="cut after 90001 of 200003 bytes"):
        download(f"{server.url}/file", tmp_path / "file", SUM, attempts=1)
    assert os.listdir(tmp_path) == ["file.partial"]
    fetch()
    assert server.requests[-1] == ("/file", "bytes=90001-")


def test_without_a_sum_nothing_of_an_earlier_call_is_trusted(fetch, server, tmp_path):
    (tmp_path / "file.partial").write_bytes(b"of another edition")
    server.etags["/file"] = '"one"'
    fetch(sha256=None)
    assert server.requests == [("/file", None)]


def test_without_a_sum_the_pieces_must_be_of_one_edition(fetch, server):
    server.etags["/file"] = '"one"'
    server.faults += [{"cut": 70_001}, {"cut": 10_000}]
    fetch(sha256=None)
    assert [asked for _, asked in server.requests] == [None, "bytes=70001-", "bytes=80001-"]


def test_an_edition_that_changes_in_between_is_fetched_whole(server, tmp_path):
    server.etags["/file"] = '"one"'
    server.faults += [{"cut": 70_001}]
    new = DATA[::-1]

    def changes(seconds):
        server.etags["/file"], server.files["/file"] = '"two"', new

    assert (
        download(f"{server.url}/file", tmp_path / "file", sleep=changes)
        == hashlib.sha256(new).hexdigest()
    )
    assert (tmp_path / "file").read_bytes() == new


@pytest.mark.parametrize("etag", ["", 'W/"weak"'])
def test_without_a_sum_or_a_mark_of_the_edition_it_begins_again(fetch, server, etag):
    server.etags["/file"] = etag
    server.faults += [{"cut": 70_001}]
    fetch(sha256=None)
    assert server.requests == [("/file", None), ("/file", None)]


def test_a_server_that_ignores_the_range(fetch, server, tmp_path):
    (tmp_path / "file.partial").write_bytes(DATA[:1_009])
    server.faults += [{"ranges": False}]
    assert fetch() == []
    assert server.requests == [("/file", "bytes=1009-")]


def test_a_server_that_sends_another_range(fetch, server, tmp_path):
    (tmp_path / "file.partial").write_bytes(DATA[:1_009])
    server.faults += [{"shift": 1}]
    assert fetch() == [1]
    assert server.requests == [("/file", "bytes=1009-"), ("/file", None)]


def test_another_range_is_noticed_without_a_sum_as_well(fetch, server):
    server.etags["/file"] = '"one"'
    server.faults += [{"cut": 70_001}, {"shift": 1}]
    assert fetch(sha256=None) == [1, 2]
    assert [asked for _, asked in server.requests] == [None, "bytes=70001-", None]


@pytest.mark.parametrize("left", [DATA, DATA + b"more"])
def test_nothing_left_to_fetch(fetch, server, tmp_path, left):
    (tmp_path / "file.partial").write_bytes(left)
    fetch()
    assert server.requests == [("/file", f"bytes={len(left)}-"), ("/file", None)]


def test_pieces_that_do_not_fit_are_thrown_away(fetch, server, tmp_path):
    (tmp_path / "file.partial").write_bytes(b"x" * 1_009)
    assert fetch() == [1]
    assert server.requests == [("/file", "bytes=1009-"), ("/file", None)]


def test_an_answer_without_a_length(fetch, server):
    server.faults += [{"length": False}]
    fetch()


def test_a_server_that_is_busy(fetch, server):
    server.faults += [503, 429, 500, 502]
    assert fetch() == [1, 2, 4, 8]


def test_a_server_that_stays_busy(server, tmp_path):
    server.faults += [503] * 9
    slept = []
    with pytest.raises(DownloadFailed, match="/file: the server answers 503"):
        download(f"{server.url}/file", tmp_path / "file", SUM, attempts=3, sleep=slept.append)
    assert slept == [1, 2]
    assert os.listdir(tmp_path) == []


@pytest.mark.parametrize("status", [403, 404, 410])
def test_no_second_try_where_it_cannot_help(server, tmp_path, status):
    server.faults += [status]
    slept = []
    with pytest.raises(DownloadFailed, match=f"the server answers {status}"):
        download(f"{server.url}/file", tmp_path / "file", SUM, sleep=slept.append)
    assert (slept, len(server.requests)) == ([], 1)


def test_other_bytes_than_expected(server, tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    server.files["/file"] = b"something else"
    other = hashlib.sha256(b"something else").hexdigest()
    with pytest.raises(DownloadFailed, match=f"other bytes .* sha256 is {other}, not {SUM}"):
        download(f"{server.url}/file", tmp_path / "file", SUM)
    assert (tmp_path / "file").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]


def test_more_bytes_than_expected(server, tmp_path, monkeypatch):
    with pytest.raises(DownloadFailed, match="more than the 200000 bytes due"):
        download(f"{server.url}/file", tmp_path / "file", SUM, size=200_000)
    monkeypatch.setattr(module, "LARGEST", 150_000)
    with pytest.raises(DownloadFailed, match="more than the 150000 bytes due"):
        download(f"{server.url}/file", tmp_path / "file")
    assert os.listdir(tmp_path) == []


def test_nobody_there(running, tmp_path):
    slept = []
    with serving() as gone:
        url = gone.url
    with pytest.raises(DownloadFailed, match="refused"):
        download(f"{url}/file", tmp_path / "file", SUM, attempts=2, sleep=slept.append)
    assert slept == [1]
    with pytest.raises(DownloadFailed, match="host cannot be found; is this machine offline"):
        download("https://nowhere.invalid/file", tmp_path / "file", SUM, sleep=no_wait)


def test_from_a_folder(tmp_path):
    (tmp_path / "mirror with spaces").mkdir()
    (tmp_path / "mirror with spaces" / "file").write_bytes(DATA)
    url = (tmp_path / "mirror with spaces" / "file").as_uri()
    (tmp_path / "file.partial").write_bytes(DATA[:1_009])
    assert download(url, tmp_path / "file", SUM) == SUM
    assert (tmp_path / "file").read_bytes() == DATA
    with pytest.raises(DownloadFailed, match="gone: No such file"):
        download((tmp_path / "gone").as_uri(), tmp_path / "file", SUM, sleep=no_wait)
    with pytest.raises(DownloadFailed, match="[Dd]irectory"):
        download(tmp_path.as_uri(), tmp_path / "file", SUM, sleep=no_wait)
    assert (tmp_path / "file").read_bytes() == DATA


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux's /dev/full")
def test_a_full_disk(server, tmp_path):
    (tmp_path / "file").write_bytes(b"old")
    (tmp_path / "file.partial").symlink_to("/dev/full")
    with pytest.raises(CorpusFileError, match="could not write .*file.partial: No space left"):
        download(f"{server.url}/file", tmp_path / "file", SUM)
    assert (tmp_path / "file").read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file"]
    assert len(server.requests) == 1


def test_a_folder_that_is_not_there(server, tmp_path):
    with pytest.raises(CorpusFileError, match="could not write .*gone"):
        download(f"{server.url}/file", tmp_path / "gone" / "file", SUM)


def test_the_bar_counts_every_byte(server, tmp_path, monkeypatch):
    bars = []

    class Bar:
        def __init__(self, total, initial, desc, **settings):
            self.total, self.count, self.desc = total, initial, desc
            bars.append(self)

        def __enter__(self):
            return self

        def __exit__(self, *error):
            pass

        def update(self, count):
            self.count += count

    monkeypatch.setattr("tqdm.auto.tqdm", Bar)
    server.faults += [{"cut": 70_001}]
    download(f"{server.url}/file", tmp_path / "file", SUM, sleep=lambda _: None)
    assert [(bar.desc, bar.count, bar.total) for bar in bars] == [
        ("file", 70_001, 200_003),
        ("file", 200_003, 200_003),
    ]


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
    etag=st.sampled_from(["", '"one"']),
)
def test_whatever_happens_the_file_is_whole_or_absent(running, faults, left, pinned, etag):
    running.files = {"/file": DATA}
    running.faults.clear()
    running.faults += faults
    running.etags["/file"] = etag
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "file")
        if left is not None:
            Path(folder, "file.partial").write_bytes(left)
        sum_or_none = SUM if pinned else None
        try:
            digest = download(f"{running.url}/file", path, sum_or_none, sleep=lambda _: None)
        except DownloadFailed:
            assert not path.exists()
            assert len(faults) >= 4
        else:
            assert digest == SUM
            assert path.read_bytes() == DATA
            assert os.listdir(folder) == ["file"]


def test_ctrl_c_keeps_what_came(server, tmp_path, monkeypatch):
    class Interrupted(module._Transfer):
        def _write(self, file, piece):
            super()._write(file, piece)
            raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(module, "_Transfer", Interrupted)
        with pytest.raises(KeyboardInterrupt):
            download(f"{server.url}/file", tmp_path / "file", SUM)
    [left] = os.listdir(tmp_path)
    assert left == "file.partial"
    assert 0 < os.path.getsize(tmp_path / left) < len(DATA)
    download(f"{server.url}/file", tmp_path / "file", SUM)
    assert server.requests[-1][1] is not None
