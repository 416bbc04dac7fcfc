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
