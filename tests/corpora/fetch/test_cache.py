"""Where files are found, what happens when they are not, and when they are not what they should be."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
import threading
import time
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import pytest
from faulty_server import serving
from places import ROOT

from s2s_tutorial.corpora.fetch.cache import RemoteFile, cache_dir, locate
from s2s_tutorial.corpora.fetch.disk import CHUNK, CorpusFileError

DATA = b"una casa\n" * 1_009
SUM = hashlib.sha256(DATA).hexdigest()


@pytest.fixture
def cache(tmp_path, monkeypatch):
    """An empty cache; nothing else is set."""
    for name in ("S2S_DATA_DIR", "S2S_MIRROR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("S2S_CACHE_DIR", str(tmp_path / "cache"))
    monkeypatch.setenv("no_proxy", "*")
    return tmp_path / "cache"


@pytest.fixture
def server(cache, monkeypatch):
    with serving() as server:
        server.files = {"/up/file": DATA}
        monkeypatch.setattr("pooch.core.time", SimpleNamespace(sleep=lambda seconds: None))
        yield server


def pinned(server) -> RemoteFile:
    return RemoteFile("corpus/file", (f"{server.url}/up/file",), SUM, len(DATA))


def loose(server) -> RemoteFile:
    return RemoteFile("corpus/file", (f"{server.url}/up/file",))


def visible(folder: Path) -> list[str]:
    return sorted(name for name in os.listdir(folder) if not name.startswith("."))


class TestTheFolder:
    def test_chosen(self, monkeypatch, tmp_path):
        monkeypatch.setenv("S2S_CACHE_DIR", str(tmp_path / "mine"))
        assert cache_dir() == tmp_path / "mine"
        assert not cache_dir().exists()  # asking makes nothing

    def test_of_the_home(self, monkeypatch):
        monkeypatch.setenv("S2S_CACHE_DIR", "~/corpora")
        assert cache_dir() == Path.home() / "corpora"

    @pytest.mark.skipif(os.name == "nt" or os.uname().sysname == "Darwin", reason="XDG is Linux's")
    def test_of_the_system(self, monkeypatch, tmp_path):
        monkeypatch.delenv("S2S_CACHE_DIR", raising=False)
        monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
        assert cache_dir() == tmp_path / "s2s-tutorial"


class TestFetching:
    def test_once(self, cache, server):
        assert locate([pinned(server)]) == [cache / "corpus" / "file"]
        assert (cache / "corpus" / "file").read_bytes() == DATA
        assert visible(cache / "corpus") == ["file"]
        locate([pinned(server)])
        assert len(server.requests) == 1

    def test_put_there_by_hand(self, cache, server):
        (cache / "corpus").mkdir(parents=True)
        (cache / "corpus" / "file").write_bytes(DATA)
        for file in (pinned(server), loose(server)):
            assert locate([file]) == [cache / "corpus" / "file"]
        assert server.requests == []

    def test_mirrors_first_and_in_order(self, cache, server, monkeypatch):
        server.files["/two/corpus/file"] = DATA
        monkeypatch.setenv("S2S_MIRROR", f"{server.url}/two/")
        locate([pinned(server)], mirror=f"{server.url}/one")
        assert [path for path, _ in server.requests] == ["/one/corpus/file", "/two/corpus/file"]

    def test_the_origin_after_them(self, cache, server, tmp_path):
        locate([pinned(server)], mirror=(tmp_path / "nothing here").as_uri())
        assert [path for path, _ in server.requests] == ["/up/file"]

    def test_the_next_address_after_one_with_other_bytes(self, cache, server):
        server.files["/bad"] = b"a page that says: log in"
        file = pinned(server)._replace(urls=(f"{server.url}/bad", f"{server.url}/up/file"))
        assert locate([file])[0].read_bytes() == DATA
        assert visible(cache / "corpus") == ["file"]

    @pytest.mark.parametrize("name", ["mirror", "S2S_MIRROR"])
    @pytest.mark.parametrize("address", ["/a/folder", "ftp://host/folder", "host/folder"])
    def test_a_mirror_that_is_no_address(self, cache, server, monkeypatch, name, address):
        if name == "S2S_MIRROR":
            monkeypatch.setenv(name, address)
        with pytest.raises(ValueError, match=f"^{name} must be the address of a folder.*{address}"):
            locate([pinned(server)], mirror=address if name == "mirror" else None)

    def test_four_at_once(self, cache, server):
        with ThreadPoolExecutor(4) as pool:
            found = list(pool.map(lambda _: locate([pinned(server)]), range(4)))
        assert found == [[cache / "corpus" / "file"]] * 4
        assert visible(cache / "corpus") == ["file"]
        assert (cache / "corpus" / "file").read_bytes() == DATA
        assert len(server.requests) == 1


class TestOffline:
    def test_it_says_what_to_put_where(self, cache, server, tmp_path):
        server.files.clear()
        zipped = RemoteFile(
            "b/cmn.txt", (f"{server.url}/cmn.zip", f"{server.url}/2.zip"), member="c.txt"
        )
        there = RemoteFile("there", (f"{server.url}/there",))
        cache.mkdir()
        (cache / "there").write_bytes(b"")
        with pytest.raises(CorpusFileError) as caught:
            locate([there, pinned(server), zipped], mirror=tmp_path.as_uri())
        message = str(caught.value)
        for part in (
            "could not get file:",
            f"{tmp_path.as_uri()}/corpus/file: No such file",
            f"{server.url}/up/file: the server answers 404",
            f"  {cache}/corpus/file\n    from {server.url}/up/file\n    9081 bytes, sha256 {SUM}\n",
            f"  {cache}/b/cmn.txt\n    from c.txt out of {server.url}/cmn.zip\n    any edition",
            "S2S_DATA_DIR to a folder that holds the same below it, as\n  corpus/file\n  b/cmn.txt",
            "S2S_MIRROR",
        ):
            assert part in message
        assert f"{cache}/there" not in message
        assert visible(cache) == ["corpus", "there"]
        assert visible(cache / "corpus") == []

    def test_an_old_sum_is_named_where_any_edition_would_do(self, server, cache):
        file = RemoteFile("b/cmn.txt", (f"{server.url}/nowhere.zip",), member="c.txt")
        for left in (False, True):
            if left:
                (cache / "b").mkdir(parents=True, exist_ok=True)
                (cache / "b/cmn.txt.sha256").write_text("0" * 64)
            with pytest.raises(CorpusFileError, match="any edition") as raised:
                locate([file])
            assert ("delete cmn.txt.sha256 beside it" in str(raised.value)) == left

    def test_a_cache_that_cannot_be_written(self, server, monkeypatch, tmp_path):
        (tmp_path / "a file").write_text("in the way")
        monkeypatch.setenv("S2S_CACHE_DIR", str(tmp_path / "a file"))
        with pytest.raises(CorpusFileError, match="could not write .*a file.*set S2S_CACHE_DIR to"):
            locate([pinned(server)])
        assert server.requests == []


class TestAlteredFiles:
    def test_in_the_cache(self, cache, server):
        [path] = locate([pinned(server)])
        path.write_bytes(b"altered")
        with pytest.warns(UserWarning, match=f"file has the sha256 .* should be {SUM}.* put aside"):
            assert locate([pinned(server)]) == [path]
        assert path.read_bytes() == DATA
        assert path.with_name("file.altered").read_bytes() == b"altered"
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            locate([pinned(server)])

    def test_in_the_cache_offline(self, cache, server):
        [path] = locate([pinned(server)])
        path.write_bytes(b"altered")
        server.files.clear()
        with pytest.warns(UserWarning), pytest.raises(CorpusFileError, match="could not get file"):
            locate([pinned(server)])
        assert visible(cache / "corpus") == ["file.altered"]
        assert path.with_name("file.altered").read_bytes() == b"altered"

    def test_without_a_sum_the_first_download_counts(self, cache, server):
        [path] = locate([loose(server)])
        # The line is what sha256sum --check reads.
        assert path.with_name("file.sha256").read_text() == f"{SUM}  file\n"
        server.files["/up/file"] = b"new edition"
        locate([loose(server)])
        assert path.read_bytes() == DATA
        path.write_bytes(b"altered")
        with pytest.warns(UserWarning, match="but file.sha256 says"):
            locate([loose(server)])
        assert path.read_bytes() == b"new edition"
        path.unlink()
        server.files["/up/file"] = DATA
        locate([loose(server)])
        assert path.with_name("file.sha256").read_text() == f"{SUM}  file\n"

    def test_a_sum_file_that_is_empty(self, cache, server):
        [path] = locate([loose(server)])
        path.with_name("file.sha256").write_text("")
        with pytest.warns(UserWarning, match="put aside"):
            locate([loose(server)])
        assert path.read_bytes() == DATA


class TestTheReadersFolder:
    @pytest.fixture
    def folder(self, server, tmp_path, monkeypatch):
        (tmp_path / "data" / "corpus").mkdir(parents=True)
        (tmp_path / "data" / "corpus" / "file").write_bytes(DATA)
        monkeypatch.setenv("S2S_DATA_DIR", str(tmp_path / "data"))
        return tmp_path / "data"

    def test_is_read_in_place(self, cache, server, folder):
        for file in (pinned(server), loose(server)):
            assert locate([file]) == [folder / "corpus" / "file"]
        assert os.listdir(folder / "corpus") == ["file"]
        assert not cache.exists()
        assert server.requests == []

    def test_what_it_lacks_is_fetched_elsewhere(self, cache, server, folder):
        server.files["/up/other"] = b"other"
        other = RemoteFile("corpus/other", (f"{server.url}/up/other",))
        assert locate([pinned(server), other]) == [
            folder / "corpus" / "file",
            cache / "corpus" / "other",
        ]
        assert os.listdir(folder / "corpus") == ["file"]

    def test_what_it_has_is_not_asked_for(self, server, folder):
        other = RemoteFile("corpus/other", (f"{server.url}/up/other",))
        with pytest.raises(CorpusFileError) as caught:
            locate([other, pinned(server)])
        assert "corpus/other" in str(caught.value)
        assert "corpus/file" not in str(caught.value)

    def test_an_altered_file_stays(self, server, folder):
        (folder / "corpus" / "file").write_bytes(b"altered")
        with pytest.raises(CorpusFileError, match=f"file has the sha256 .*{SUM}.*S2S_DATA_DIR"):
            locate([pinned(server)])
        assert (folder / "corpus" / "file").read_bytes() == b"altered"
        assert os.listdir(folder / "corpus") == ["file"]

    def test_that_does_not_exist(self, server, tmp_path, monkeypatch):
        monkeypatch.setenv("S2S_DATA_DIR", str(tmp_path / "gone"))
        with pytest.raises(CorpusFileError, match="S2S_DATA_DIR is '.*gone', but there is no such"):
            locate([pinned(server)])


class TestArchives:
    @pytest.fixture
    def zipped(self, server, tmp_path):
        with zipfile.ZipFile(tmp_path / "made.zip", "w") as made:
            made.writestr("text.txt", DATA)
        server.files["/made.zip"] = (tmp_path / "made.zip").read_bytes()
        return RemoteFile("corpus/file", (f"{server.url}/made.zip",), member="text.txt")

    def test_the_file_is_taken_out(self, cache, zipped):
        assert locate([zipped])[0].read_bytes() == DATA
        assert visible(cache / "corpus") == ["file", "file.sha256"]

    def test_a_mirror_has_it_unpacked(self, cache, zipped, tmp_path):
        (tmp_path / "mirror" / "corpus").mkdir(parents=True)
        (tmp_path / "mirror" / "corpus" / "file").write_bytes(b"of the mirror")
        [path] = locate([zipped], mirror=(tmp_path / "mirror").as_uri())
        assert path.read_bytes() == b"of the mirror"

    @staticmethod
    def damaged(how: str, data: bytes) -> bytes:
        place = data.rindex(b"PK\x01\x02")
        flag = bytes([data[place + 8] | 1])
        return {
            "cut short": data[:-40],
            "a page": b"<html>Please log in to this network</html>",
            "another file in it": data.replace(b"text.txt", b"next.txt"),
            "a flipped byte": data.replace(b"una casa", b"una cosa", 1),
            "encrypted": data[:6] + flag + data[7 : place + 8] + flag + data[place + 9 :],
        }[how]

    @pytest.mark.parametrize(
        ("how", "reason"),
        [
            ("cut short", "not a zip file"),
            ("a page", "not a zip file"),
            ("another file in it", "no item named 'text.txt'"),
            ("a flipped byte", "Bad CRC-32"),
            ("encrypted", "password required"),
        ],
    )
    def test_a_damaged_one_leaves_nothing(self, cache, server, zipped, how, reason):
        server.files["/made.zip"] = self.damaged(how, server.files["/made.zip"])
        words = f"no text.txt can be taken out of the zip archive that it sends: .*{reason}"
        with pytest.raises(CorpusFileError, match=words):
            locate([zipped])
        assert os.listdir(cache / "corpus") == [".file.lock"]


class TestTwoProcesses:
    def test_one_is_killed_and_the_other_goes_on(self, cache, server, monkeypatch):
        data = b"una casa\n" * 30_011
        server.files["/up/file"] = data
        line = threading.Event()
        server.faults += [{"cut": 200_000, "hang": line}]
        file = pinned(server)._replace(sha256=hashlib.sha256(data).hexdigest(), size=len(data))
        program = (
            f"from s2s_tutorial.corpora.fetch.cache import *; locate([RemoteFile(*{tuple(file)})])"
        )
        first = subprocess.Popen(
            [sys.executable, "-c", program], cwd=ROOT, stderr=subprocess.DEVNULL
        )
        try:
            pieces = cache / "corpus/.file.part/pieces"
            for _ in range(600):
                if pieces.exists() and pieces.stat().st_size >= 3 * CHUNK:
                    break
                time.sleep(0.05)
            threading.Timer(1.5, first.kill).start()
            with pytest.warns(UserWarning, match="waiting for another process that fetches file"):
                assert locate([file])[0].read_bytes() == data
        finally:
            line.set()
            first.kill()
            first.wait()
        assert [asked for _, asked in server.requests] == [None, f"bytes={3 * CHUNK}-"]
        assert os.listdir(cache / "corpus") in (["file", ".file.lock"], [".file.lock", "file"])
