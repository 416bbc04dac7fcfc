"""A folder is written whole or not at all, and what is somebody else's is left alone."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from s2s_tutorial.base.folders import check_folder, write_folder

FILES = {"a.bin": b"\0\1", "model.json": b"{}\n"}


def content(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


@pytest.mark.parametrize("place", ["new", "above/new", "empty"])
def test_a_new_folder_holds_the_files_and_nothing_lies_beside_it(place, tmp_path):
    (tmp_path / "empty").mkdir()
    folder = tmp_path / place
    write_folder(folder, FILES)
    assert content(folder) == FILES
    assert [path.name for path in folder.parent.glob(".*")] == []


def test_files_of_ours_are_replaced_only_where_it_is_asked_for(tmp_path):
    folder = tmp_path / "f"
    write_folder(folder, FILES)
    with pytest.raises(FileExistsError, match="overwrite=True"):
        write_folder(folder, {**FILES, "a.bin": b"new"})
    assert content(folder) == FILES
    write_folder(folder, {"a.bin": b"new", "model.json": b"[]"}, overwrite=True)
    assert content(folder) == {"a.bin": b"new", "model.json": b"[]"}
    assert os.listdir(tmp_path) == ["f"]


@pytest.mark.parametrize("overwrite", [False, True])
def test_files_of_others_are_never_replaced(overwrite, tmp_path, monkeypatch):
    folder = tmp_path / "f"
    folder.mkdir()
    (folder / "notes.txt").write_text("mine")
    with pytest.raises(FileExistsError, match="'notes.txt', which was not written by s2s"):
        write_folder(folder, FILES, overwrite)
    with pytest.raises(FileExistsError, match="is no folder"):
        write_folder(folder / "notes.txt", FILES, overwrite)
    with pytest.raises(OSError, match="notes.txt is no folder"):
        check_folder(folder / "notes.txt" / "below", frozenset(FILES), overwrite)
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    with pytest.raises(FileExistsError, match="the folder you are in"):
        write_folder(".", FILES, overwrite)
    assert content(folder) == {"notes.txt": b"mine"}


def test_a_folder_that_cannot_be_written_to_is_told_at_once(tmp_path, monkeypatch):
    monkeypatch.setattr(os, "access", lambda *_: False)  # root may write everywhere
    with pytest.raises(OSError, match=f"{tmp_path} cannot be written to; name another"):
        check_folder(tmp_path / "new", frozenset(FILES))


def test_what_was_there_stays_when_the_disk_fills_up(tmp_path, monkeypatch):
    folder = tmp_path / "f"
    write_folder(folder, FILES)
    write, rename = Path.write_bytes, Path.rename

    def full(path, data):
        if path.name == "model.json":
            raise OSError(28, "No space left on device")
        return write(path, data)

    def stuck(path, target):
        if path.name.endswith(".new"):
            raise OSError(13, "Permission denied")
        return rename(path, target)

    for name, broken, why in (("write_bytes", full, "No space"), ("rename", stuck, "Permission")):
        with monkeypatch.context() as patch:
            patch.setattr(Path, name, broken)
            with pytest.raises(OSError, match=f"could not write {folder}: {why}"):
                write_folder(folder, dict.fromkeys(FILES, b"new"), overwrite=True)
        assert content(folder) == FILES and os.listdir(tmp_path) == ["f"]
