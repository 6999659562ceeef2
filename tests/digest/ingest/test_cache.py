from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.ingest.cache import Kept, PageCache

if TYPE_CHECKING:
    from pathlib import Path

_URL = "https://example.org/a"
_KEPT = Kept(body=b"line\nline \x00", content_type="text/html", etag='"1"', last_modified="")


def test_what_was_kept_comes_back(tmp_path: Path) -> None:
    cache = PageCache(tmp_path / "new" / "folder")
    assert cache.get(_URL) is None
    cache.put(_URL, _KEPT)
    assert cache.get(_URL) == _KEPT
    assert cache.get("https://example.org/b") is None
    assert [path.suffix for path in (tmp_path / "new" / "folder").iterdir()] == [".page"]


def test_without_a_validator_nothing_is_kept(tmp_path: Path) -> None:
    cache = PageCache(tmp_path)
    cache.put(_URL, Kept(body=b"x", content_type="", etag="", last_modified=""))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("broken", [b"", b"{}\nx", b"[]\n", b"\xff\n", b'{"url": 1'])
def test_a_broken_file_is_as_none(tmp_path: Path, broken: bytes) -> None:
    cache = PageCache(tmp_path)
    cache.put(_URL, _KEPT)
    (path,) = tmp_path.iterdir()
    path.write_bytes(broken)
    assert cache.get(_URL) is None


def test_a_cut_body_is_as_none(tmp_path: Path) -> None:
    cache = PageCache(tmp_path)
    cache.put(_URL, _KEPT)
    (path,) = tmp_path.iterdir()
    path.write_bytes(path.read_bytes()[:-1])
    assert cache.get(_URL) is None


def test_a_folder_that_cannot_be_written_loses_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    PageCache(tmp_path / "file").put(_URL, _KEPT)
    cache = PageCache(tmp_path / "pages")
    cache.put(_URL, _KEPT)
    (path,) = (tmp_path / "pages").iterdir()
    path.unlink()
    path.mkdir()  # replacing it fails
    cache.put(_URL, _KEPT)
    assert list((tmp_path / "pages").iterdir()) == [path]
