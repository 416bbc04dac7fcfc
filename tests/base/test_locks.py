"""One writer at a time, and what is said of the other one."""

from __future__ import annotations

import errno
import os
import platform
import subprocess
import sys
import threading

import pytest
from filelock import FileLock
from places import ROOT

from s2s_tutorial.base.locks import FileInUseError, claimed

HOLD = """
import sys
from s2s_tutorial.base.locks import claimed
with claimed(sys.argv[1]):
    print("held", flush=True)
    sys.stdin.read()
"""


def holding(path):
    """Another process that holds the file until it is spoken to, or killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert process.stdout.readline() == b"held\n"
    return process


@pytest.mark.parametrize("end", ["it ends", "it is killed"])
def test_another_process_is_named_and_its_end_lets_go(tmp_path, end):
    path = tmp_path / "new" / "file"
    with holding(path) as other:
        said = f"{path} is being written by process {other.pid} on {platform.node()}, begun 2"
        with pytest.raises(FileInUseError) as refused, claimed(path, advice="choose another"):
            raise AssertionError("it must not get here")
        assert str(refused.value).startswith(said)
        assert str(refused.value).endswith("; choose another")
        other.kill() if end == "it is killed" else other.stdin.close()
        other.wait()
        with claimed(path):
            assert not path.exists()
        other.stdin = None
    assert not [left for left in tmp_path.rglob("*") if left.is_file()]


def test_another_thread_is_refused_and_the_same_one_may_claim_twice(tmp_path):
    path, refused = tmp_path / "file", []

    def other():
        with pytest.raises(FileInUseError, match=f"process {os.getpid()} on"), claimed(path):
            raise AssertionError("it must not get here")
        refused.append(True)

    with claimed(path):
        with claimed(path):
            pass
        thread = threading.Thread(target=other)
        thread.start()
        thread.join()
    assert refused and os.listdir(tmp_path) == []


def test_folders_that_were_made_stay_only_if_something_lies_in_them(tmp_path):
    path = tmp_path / "a" / "b" / "file"
    with claimed(path):
        assert path.parent.exists()
    assert os.listdir(tmp_path) == []
    with claimed(path):
        (tmp_path / "a" / "other").touch()
    assert os.listdir(tmp_path) == ["a"] and os.listdir(tmp_path / "a") == ["other"]


def test_an_error_inside_lets_go_and_passes_as_it_is(tmp_path):
    with pytest.raises(OSError, match="^mine$"), claimed(tmp_path / "file"):
        raise OSError("mine")
    with claimed(tmp_path / "file"):
        pass


def test_a_folder_that_cannot_be_is_explained(tmp_path):
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(OSError, match="could not write .*in the way"):
        with claimed(tmp_path / "in the way" / "file"):
            raise AssertionError("it must not get here")


@pytest.mark.parametrize(
    "error", [OSError(errno.EOPNOTSUPP, "Operation not supported"), NotImplementedError("no flock")]
)
def test_where_there_are_no_locks_a_warning_says_so(tmp_path, monkeypatch, error):
    def acquire(self, timeout):
        raise error

    monkeypatch.setattr(FileLock, "acquire", acquire)
    with pytest.warns(UserWarning, match="file system without locks"), claimed(tmp_path / "file"):
        (tmp_path / "file").write_text("written all the same")
    assert os.listdir(tmp_path) == ["file"]
