"""Bytes to text: what is no text is told apart first, then the encoding is found."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from digest.ingest.items import UnusableError
from digest.records import DropReason

if TYPE_CHECKING:
    from pathlib import Path

_MAGIC = {
    b"\x89PNG": "PNG image",
    b"\xff\xd8\xff": "JPEG image",
    b"GIF8": "GIF image",
    b"%PDF-": "PDF document",
    b"PK\x03\x04": "ZIP archive or office document",
    b"\x1f\x8b": "gzip archive",
    b"\x7fELF": "program",
    b"PAR1": "Parquet table",
    b"SQLite format 3": "database",
}
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_MARKS = (
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9._:-]{2,40})""")
_DECLARED_WITHIN = 2048
# charset-normalizer reads "Caf\xe9" as UTF-16 and "Pe\xf1a" as cp1250 ("Peńa", a wrong name): with
# so few letters above ASCII it can only guess, and windows-1252 is what the HTML standard falls
# back to. Letters are bytes from 0xC0 there; English, Spanish and French texts have 0-4 % of them,
# Czech 15 %, Russian 80 %. The other bytes above ASCII are curly quotes and dashes.
_WESTERN_LETTERS = 0.05
_WESTERN_HIGH = 0.15
_WESTERN_COUNT = 3
_SAMPLE = 100_000
_NEVER_UNMARKED = ["utf_16", "utf_16_be", "utf_16_le", "utf_32", "utf_32_be", "utf_32_le", "utf_7"]
_EBCDIC = ["cp037", "cp273", "cp424", "cp500", "cp875", "cp1026", "cp1140"]


def read_bytes(path: Path, *, max_bytes: int) -> bytes:
    """Return the content of a regular file of at most `max_bytes`.

    Raises:
        UnusableError: UNREADABLE or TOO_LARGE, the size being checked before anything is read.
    """
    try:
        if path.exists() and not path.is_file():
            raise UnusableError(DropReason.UNREADABLE, "not a regular file")
        size = path.stat().st_size
        if size > max_bytes:
            raise UnusableError(DropReason.TOO_LARGE, f"{size} bytes, the limit is {max_bytes}")
        with path.open("rb") as file:
            data = file.read(max_bytes + 1)
    except (OSError, ValueError) as error:
        detail = getattr(error, "strerror", None) or str(error)
        raise UnusableError(DropReason.UNREADABLE, detail) from error
    if len(data) > max_bytes:  # it grew meanwhile, or the file system gave no size (/proc)
        raise UnusableError(DropReason.TOO_LARGE, f"more than {max_bytes} bytes")
    return data


def check_text(data: bytes) -> None:
    """Refuse what cannot be text.

    Raises:
        UnusableError: EMPTY, or BINARY for a known file signature or a NUL byte outside UTF-16/32.
    """
    if not data.strip():
        raise UnusableError(DropReason.EMPTY, f"{len(data)} bytes, no text")
    for magic, kind in _MAGIC.items():
        if data.startswith(magic):
            raise UnusableError(DropReason.BINARY, kind)
    if _marked(data) in {None, "utf-8-sig"} and b"\0" in data:
        raise UnusableError(DropReason.BINARY, f"NUL byte at {data.index(0)}")


def to_text(data: bytes, *, charset: str | None = None, declared: bool = False) -> str:
    r"""Return `data` as text, lines ending in `\n`.

    Args:
        data: what was read.
        charset: what the server said, tried after a byte order mark and UTF-8.
        declared: look for a charset in the first bytes too, as HTML and XML declare it.

    Raises:
        UnusableError: EMPTY, BINARY, or UNREADABLE where no encoding fits.
    """
    check_text(data)
    text = _decoded(data, encoding_of(data, charset=charset, declared=declared))
    if text is None:
        raise UnusableError(DropReason.UNREADABLE, "no encoding fits the bytes")
    if not text.strip():
        raise UnusableError(DropReason.EMPTY, "a byte order mark, no text")
    return text.replace("\r\n", "\n").replace("\r", "\n")


def encoding_of(data: bytes, *, charset: str | None = None, declared: bool = False) -> str | None:
    """Return the name of the encoding of `data`, None where none fits."""
    if marked := _marked(data):
        return marked
    # A text with letters above ASCII that is valid UTF-8 by chance is not met in practice, a wrong
    # declaration is: so UTF-8 goes first.
    named = [charset or ""]
    if declared and (match := _DECLARED.search(data[:_DECLARED_WITHIN])):
        named.append(match[1].decode("ascii"))
    named = ["cp1252" if _is_latin(name) else name for name in named]
    for encoding in ("utf-8", *named):
        if encoding and _decoded(data, encoding) is not None:
            return encoding
    return _guessed(data)


def _guessed(data: bytes) -> str | None:
    head = data[:_SAMPLE]
    letters = sum(byte >= 0xC0 for byte in head)
    high = sum(byte >= 0x80 for byte in head)
    western = high <= _WESTERN_COUNT or (
        letters <= _WESTERN_LETTERS * len(head) and high <= _WESTERN_HIGH * len(head)
    )
    if western and _decoded(data, "cp1252") is not None:
        return "cp1252"
    from charset_normalizer import from_bytes  # noqa: PLC0415 - 50 ms, rarely needed

    # Line-wise decoding of a cut sample could break in the middle of a character, so cut at one.
    sample = data if len(data) <= _SAMPLE else data[: data.rfind(b"\n", 0, _SAMPLE) + 1 or _SAMPLE]
    best = from_bytes(sample, cp_exclusion=[*_NEVER_UNMARKED, *_EBCDIC]).best()
    return None if best is None else best.encoding


def _decoded(data: bytes, encoding: str | None) -> str | None:
    try:
        return None if encoding is None else data.decode(encoding)
    except (UnicodeError, LookupError, ValueError):
        return None


def _marked(data: bytes) -> str | None:
    return next((name for mark, name in _MARKS if data.startswith(mark)), None)


def _is_latin(name: str) -> bool:
    """Tell whether `name` is Latin-1 or ASCII, which the web standard reads as windows-1252."""
    try:
        return codecs.lookup(name).name in {"iso8859-1", "ascii"}
    except (LookupError, ValueError):
        return False
