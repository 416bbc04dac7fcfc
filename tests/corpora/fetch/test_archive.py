"""Archives that somebody else made, some of them with ill intent."""

from __future__ import annotations

import os
import zipfile

import pytest

from s2s_tutorial.corpora.fetch.archive import extract_member
from s2s_tutorial.corpora.fetch.disk import CorpusFileError

TEXT = "Hi.\tCiao.\n" * 7_001


@pytest.fixture
def archive(tmp_path):
    (tmp_path / "in").mkdir()
    (tmp_path / "out").mkdir()
    path = tmp_path / "in" / "ita-eng.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as made:
        made.writestr("_about.txt", "about")
        made.writestr("../ita.txt", "escapes")
        made.writestr("/etc/ita.txt", "escapes as well")
        made.writestr("ita.txt", TEXT)
    return path


def test_only_the_wanted_file_comes_out(archive, tmp_path):
    (tmp_path / "out" / "here.txt").write_text("old")
    extract_member(archive, "ita.txt", tmp_path / "out" / "here.txt")
    assert (tmp_path / "out" / "here.txt").read_text() == TEXT
    assert os.listdir(tmp_path / "out") == ["here.txt"]
    assert sorted(os.listdir(tmp_path)) == ["in", "out"]


def test_where_it_goes_is_not_the_archives_to_say(archive, tmp_path):
    extract_member(archive, "../ita.txt", tmp_path / "out" / "here.txt")
    assert (tmp_path / "out" / "here.txt").read_text() == "escapes"
    assert sorted(os.listdir(tmp_path)) == ["in", "out"]


def refused(archive, tmp_path, message, error=ValueError, **options):
    (tmp_path / "out" / "here.txt").write_text("old")
    with pytest.raises(error, match=message):
        extract_member(archive, "ita.txt", tmp_path / "out" / "here.txt", **options)
    assert (tmp_path / "out" / "here.txt").read_text() == "old"
    assert os.listdir(tmp_path / "out") == ["here.txt"]


def test_a_file_too_large(archive, tmp_path):
    extract_member(archive, "ita.txt", tmp_path / "out" / "here.txt", largest=len(TEXT))
    refused(archive, tmp_path, "'ita.txt' in .* larger than 70009", largest=len(TEXT) - 1)


def test_a_size_that_lies(archive, tmp_path):
    """The archive says that 7 bytes come; what counts is what does come."""
    data = bytearray(archive.read_bytes())
    size = len(TEXT).to_bytes(4, "little")
    assert data.count(size) >= 2
    archive.write_bytes(data.replace(size, (7).to_bytes(4, "little")))
    refused(archive, tmp_path, "not a whole zip archive")


@pytest.mark.parametrize("keep", [0, 1, 100, 0.5, 0.99])
def test_an_archive_cut_short(archive, tmp_path, keep):
    data = archive.read_bytes()
    archive.write_bytes(data[: keep if isinstance(keep, int) else int(keep * len(data))])
    refused(archive, tmp_path, r"ita-eng.zip is not a whole zip archive .*get it again")


def test_a_flipped_byte(archive, tmp_path):
    data = bytearray(archive.read_bytes())
    place = data.rindex(b"ita.txt", 0, data.index(b"PK\x01\x02")) + 30
    data[place] ^= 0xFF
    archive.write_bytes(data)
    refused(archive, tmp_path, "not a whole zip archive")


def test_a_page_in_place_of_an_archive(archive, tmp_path):
    archive.write_text("<html>Please log in to this network</html>")
    refused(archive, tmp_path, "not a whole zip archive")


def test_a_file_that_is_not_in_it(archive, tmp_path):
    with pytest.raises(ValueError, match="holds no 'fra.txt'; it holds '_about.txt', .*'ita.txt'"):
        extract_member(archive, "fra.txt", tmp_path / "out" / "here.txt")


def test_an_encrypted_file(archive, tmp_path):
    data = bytearray(archive.read_bytes())
    for signature, offset in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        place = data.rindex(signature)
        data[place + offset] |= 1
    archive.write_bytes(data)
    refused(archive, tmp_path, "cannot be unpacked: .*(encrypted|password)")


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs Linux's /dev/full")
def test_a_full_disk(archive, tmp_path):
    (tmp_path / "out" / "here.txt.partial").symlink_to("/dev/full")
    refused(archive, tmp_path, "could not write .*here.txt: No space left", CorpusFileError)
