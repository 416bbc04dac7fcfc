import os

import pytest

from s2s_tutorial.base import files


def test_writes_and_replaces(tmp_path):
    path = tmp_path / "new folder" / "file.bin"
    files.write_atomically(path, b"one")
    files.write_atomically(path, b"two")
    assert path.read_bytes() == b"two"
    assert os.listdir(path.parent) == ["file.bin"]


def test_a_failure_leaves_the_old_file_and_nothing_else(tmp_path, monkeypatch):
    path = tmp_path / "file.bin"
    path.write_bytes(b"old")

    def full_disk(source, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.os, "replace", full_disk)
    with pytest.raises(OSError, match="could not write .*file.bin.*No space left"):
        files.write_atomically(path, b"new")
    assert path.read_bytes() == b"old"
    assert os.listdir(tmp_path) == ["file.bin"]


def test_every_process_has_its_own_temporary_in_the_same_folder(tmp_path, monkeypatch):
    temporaries, move = [], os.replace

    def note_and_move(source, target):
        temporaries.append(source)
        move(source, target)

    monkeypatch.setattr(files.os, "replace", note_and_move)
    for process in (3, 5):
        monkeypatch.setattr(files.os, "getpid", lambda process=process: process)
        files.write_atomically(tmp_path / "file.bin", b"")
    assert len(set(temporaries)) == 2
    assert {os.path.dirname(name) for name in temporaries} == {str(tmp_path)}


def test_a_folder_that_cannot_be_is_explained(tmp_path):
    (tmp_path / "in the way").write_text("a file")
    with pytest.raises(OSError, match="could not write .*in the way"):
        files.write_atomically(tmp_path / "in the way" / "file.bin", b"")


def test_what_was_only_tried_is_not_left(tmp_path, monkeypatch):
    path, sizes = tmp_path / "new" / "file.bin", []
    files.try_writing([(path, b"123"), (path, b"12345"), (tmp_path / "other", b"")])
    assert list(tmp_path.rglob("*")) == [tmp_path / "new"]
    path.write_bytes(b"old")
    write = files.Path.write_bytes

    def full_disk(temporary, content):
        sizes.append(write(temporary, content))
        if sum(p.stat().st_size for p in path.parent.iterdir()) > 10:  # all are there at once
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(files.Path, "write_bytes", full_disk)
    files.try_writing([(path, b"123")])
    with pytest.raises(OSError, match="could not write .*file.bin.*No space left"):
        files.try_writing([(path, b"123"), (path, b"12345"), (path, b"")])
    assert sizes == [3, 3, 5] and os.listdir(path.parent) == ["file.bin"]
    assert path.read_bytes() == b"old"
