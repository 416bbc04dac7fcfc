"""Bytes that are not UTF-8: what they may be, and what to do; byte order marks."""

from __future__ import annotations

import codecs
import re

# Control characters that no text has: all but tabs, line and page ends, and an old end of file.
_NO_TEXT = re.compile(rb"[\x00-\x08\x0b\x0e-\x19\x1b-\x1f]")


def without_marks(data: bytes) -> bytes:
    r"""The bytes of UTF-8 text without byte order marks: at its start, or where files were joined.

    >>> without_marks(b"\xef\xbb\xbfone\n\xef\xbb\xbftwo")
    b'one\ntwo'
    """
    return data.replace(codecs.BOM_UTF8, b"")


def encoding_advice(data: bytes) -> str:
    """What to do about bytes that are not UTF-8.

    >>> encoding_advice("caffè".encode("cp1252"))[:28]
    'If it is CP1252, convert it:'
    >>> encoding_advice(bytes(range(256)))[:37]
    'It is no text, or of no encoding that'

    Args:
        data: the bytes of a text, or a line of it.
    """
    if data[:2] in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
        return _convert("UTF-16")
    if _NO_TEXT.search(data):
        return (
            "It is no text, or of no encoding that can be told from its bytes: is it the right "
            "file? A spreadsheet or an archive has to be saved as text, or unpacked, first"
        )
    try:
        data.decode("cp1252")
    except UnicodeDecodeError:
        return (
            "Find out its encoding (from the program that wrote it, or by `file -i`) and convert "
            "it: iconv -f ENCODING -t UTF-8 old > new"
        )
    return _convert("CP1252")


def _convert(encoding: str) -> str:
    return (
        f"If it is {encoding}, convert it: iconv -f {encoding} -t UTF-8 old > new (spreadsheets "
        "can save as 'CSV UTF-8')"
    )
