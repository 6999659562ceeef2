from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from digest.ingest.paths import SourceFile, find_files
from digest.records import Dropped, DropReason

if TYPE_CHECKING:
    from pathlib import Path


def _make(root: Path, *names: str) -> None:
    for name in names:
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(name)


def _found(root: Path, pattern: str) -> list[tuple[str, str | None, str]]:
    files = find_files(pattern, base=root)
    return [(f.id, f.cluster, f.source) for f in files if isinstance(f, SourceFile)]


def test_a_folder_is_read_in_order_with_its_sub_folders_as_clusters(tmp_path: Path) -> None:
    _make(tmp_path, "in/b.txt", "in/a.md", "in/flood/x.txt", "in/flood/deep/y.txt", "in/.git/z.txt")
    assert _found(tmp_path, "in") == [
        ("a", None, "in/a.md"),
        ("b", None, "in/b.txt"),
        ("flood/deep/y", "flood/deep", "in/flood/deep/y.txt"),
        ("flood/x", "flood", "in/flood/x.txt"),
    ]
    assert _found(tmp_path, "in/") == _found(tmp_path, "in")
    assert _found(tmp_path / "in", ".")[0] == ("a", None, "a.md")


def test_a_file_is_itself_and_a_missing_one_nothing(tmp_path: Path) -> None:
    _make(tmp_path, "in/b.txt", "in/.hidden.txt")
    assert _found(tmp_path, "in/b.txt") == [("b", None, "in/b.txt")]
    assert _found(tmp_path, "in/.hidden.txt") == [(".hidden", None, "in/.hidden.txt")]
    for name in ("in/c.txt", "none/*.txt", "a\0b", "x" * 5000, "in/**b", "in/[", ""):
        assert [file for file in _found(tmp_path, name) if name] == []


def test_a_glob_counts_from_its_fixed_part(tmp_path: Path) -> None:
    _make(tmp_path, "in/b.txt", "in/flood/x.txt", "in/flood/y.md", "in/.h/z.txt")
    assert _found(tmp_path, "in/**/*.txt") == [
        ("b", None, "in/b.txt"),
        ("flood/x", "flood", "in/flood/x.txt"),
    ]
    assert _found(tmp_path, "in/*") == [
        ("b", None, "in/b.txt"),
        ("flood/x", "flood", "in/flood/x.txt"),
        ("flood/y", "flood", "in/flood/y.md"),
    ]
    assert _found(tmp_path, "in/**/*") == _found(tmp_path, "in/*")
    assert _found(tmp_path, "in/.*/z.txt") == [(".h/z", ".h", "in/.h/z.txt")]
    assert _found(tmp_path / "in", "*.txt") == [("b", None, "b.txt")]


def test_a_name_with_brackets_is_a_name_first(tmp_path: Path) -> None:
    _make(tmp_path, "in/a[1].txt")
    assert _found(tmp_path, "in/a[1].txt") == [("a[1]", None, "in/a[1].txt")]


def test_links_are_followed_once_and_loops_end(tmp_path: Path) -> None:
    _make(tmp_path, "in/a.txt", "in/sub/b.txt", "out/c.txt", "out/deep/d.txt")
    (tmp_path / "in" / "loop").symlink_to(tmp_path / "in")
    (tmp_path / "in" / "again").symlink_to(tmp_path / "in" / "sub")
    (tmp_path / "in" / "up").symlink_to(tmp_path)
    (tmp_path / "in" / "linked").symlink_to(tmp_path / "out")
    (tmp_path / "in" / "twice").symlink_to(tmp_path / "out")
    (tmp_path / "out" / "back").symlink_to(tmp_path / "in")
    (tmp_path / "out" / "deep" / "self").symlink_to(tmp_path / "out" / "deep")
    (tmp_path / "in" / "self.txt").symlink_to(tmp_path / "in" / "self.txt")
    assert [name for name, _, _ in _found(tmp_path, "in")] == [
        "a",
        "linked/c",
        "linked/deep/d",
        "self",
        "sub/b",
    ]
    assert {name for name, _, _ in _found(tmp_path, "in/**/*.txt")} == {"a", "self", "sub/b"}


def test_a_decomposed_name_sorts_and_reads_as_a_composed_one(tmp_path: Path) -> None:
    _make(tmp_path, "in/e\u0301/a.txt")
    assert _found(tmp_path, "in")[0][1] == "é"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_forbidden_folder_is_a_drop_by_permission(tmp_path: Path) -> None:
    _make(tmp_path, "in/a.txt", "in/no/b.txt")
    (tmp_path / "in" / "no").chmod(0)
    drops = [file for file in find_files("in", base=tmp_path) if isinstance(file, Dropped)]
    (tmp_path / "in" / "no").chmod(0o700)
    assert [(drop.article_id, drop.reason) for drop in drops] == [("in/no", DropReason.UNREADABLE)]


def test_a_folder_that_cannot_be_listed_is_a_drop(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _make(tmp_path, "in/a.txt", "in/no/b.txt")
    listed = type(tmp_path).iterdir

    def iterdir(path: Path) -> object:
        if path.name == "no":
            raise PermissionError(13, "Permission denied")
        return listed(path)

    monkeypatch.setattr(type(tmp_path), "iterdir", iterdir)
    found = find_files("in", base=tmp_path)
    assert [f.id for f in found if isinstance(f, SourceFile)] == ["a"]
    (drop,) = [f for f in found if isinstance(f, Dropped)]
    assert (drop.article_id, drop.detail) == ("in/no", "Permission denied")
