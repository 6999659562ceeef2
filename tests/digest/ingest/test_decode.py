from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from digest.ingest.decode import encoding_of, read_bytes, to_text
from digest.ingest.items import UnusableError
from digest.records import DropReason

if TYPE_CHECKING:
    from pathlib import Path

_NEWS = "The minister said “no” — Peña didn’t reply, and the café stayed shut for three days. " * 2
_RUSSIAN = "Новости дня: плотина прорвалась в понедельник, погибли двенадцать человек. " * 3
_JAPANESE = "速報です。東京で大きな地震がありました。けが人の情報はまだありません。" * 3


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (_NEWS, "utf-8"),
        (_NEWS, "utf-8-sig"),
        (_NEWS, "utf-16"),
        (_NEWS, "utf-32"),
        (_NEWS, "cp1252"),
        ("Café", "latin-1"),
        (_RUSSIAN, "cp1251"),
        (_JAPANESE, "shift_jis"),
    ],
)
def test_encodings_are_found(text: str, encoding: str) -> None:
    assert to_text(text.encode(encoding)) == text


def test_a_declared_charset_is_taken_where_utf8_does_not_fit() -> None:
    page = f'<meta charset="iso-8859-5"><p>{_RUSSIAN}</p>'
    assert _RUSSIAN in to_text(page.encode("iso-8859-5"), declared=True)
    assert to_text("Жук".encode("koi8-r"), charset="koi8-r") == "Жук"


def test_a_wrong_declaration_does_no_harm() -> None:
    assert to_text("Peña".encode(), charset="latin-1") == "Peña"
    assert to_text(b"Pe\xf1a", charset="no-such-charset") == "Peña"
    assert to_text(b"Pe\x93a\x94", charset="latin-1") == "Pe“a”"


def test_line_ends_become_newlines() -> None:
    assert to_text(b"a\r\nb\rc\n") == "a\nb\nc\n"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", DropReason.EMPTY),
        (b" \n\t", DropReason.EMPTY),
        (b"\x89PNG\r\n\x1a\n....", DropReason.BINARY),
        (b"%PDF-1.7 ...", DropReason.BINARY),
        (b"text with a \x00 in it", DropReason.BINARY),
        (b"\xef\xbb\xbfmarked \x00 text", DropReason.BINARY),
        (b"\xff\xfea", DropReason.UNREADABLE),
    ],
)
def test_what_is_no_text_is_refused(data: bytes, reason: DropReason) -> None:
    with pytest.raises(UnusableError) as caught:
        to_text(data)
    assert caught.value.reason is reason


def test_bytes_in_no_encoding_have_none() -> None:
    assert encoding_of(bytes(range(128, 256)) * 3) is None


def test_a_large_text_is_sampled_at_a_line() -> None:
    text = (_RUSSIAN + "\n") * 2000
    assert to_text(text.encode("cp1251")) == text


def test_size_is_checked(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 11)
    assert read_bytes(path, max_bytes=11) == b"x" * 11
    with pytest.raises(UnusableError, match="11 bytes, the limit is 10") as caught:
        read_bytes(path, max_bytes=10)
    assert caught.value.reason is DropReason.TOO_LARGE


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    with pytest.raises(UnusableError, match="not a regular file"):
        read_bytes(tmp_path / "pipe.txt", max_bytes=10)


def test_a_broken_link_is_unreadable(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "gone.txt")
    with pytest.raises(UnusableError) as caught:
        read_bytes(tmp_path / "a.txt", max_bytes=10)
    assert caught.value.reason is DropReason.UNREADABLE


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_without_permission_it_is_unreadable(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("text")
    path.chmod(0)
    with pytest.raises(UnusableError, match="Permission denied"):
        read_bytes(path, max_bytes=10)
