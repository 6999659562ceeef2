"""Folders, globs and file names to files, in an order that no file system decides."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING

from digest.ingest.items import drop, readable_id
from digest.records import Dropped, DropReason

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_MAGIC = re.compile(r"[*?\[]")


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceFile:
    """A file that was found: `source` names it in records, `below` is its path below the input."""

    path: Path
    source: str
    below: str

    @property
    def id(self) -> str:
        """The path below the input without its suffix."""
        return PurePosixPath(self.below).with_suffix("").as_posix()

    @property
    def cluster(self) -> str | None:
        """The sub-folder the file is in, None directly in the input."""
        parent = PurePosixPath(self.below).parent.as_posix()
        return None if parent == "." else readable_id(parent)


def find_files(pattern: str, *, base: Path | None) -> list[SourceFile | Dropped]:
    """Return the files of a file name, folder or glob, sorted by path; unreadable folders as drops.

    Names that begin with a dot are skipped in folders and globs, unless the glob spells a dot, and
    so are run folders inside an input: a briefing is no source of the next one.
    Links to folders are followed, except to those that are reached without them, so that loops
    end. Nothing found is an empty list.
    """
    try:
        start = (base or Path()) / pattern
        if start.is_dir():
            walk = _Walk(root=start, name=pattern.rstrip("/") or pattern)
            return _in_order(walk.files_in(start))
        if start.exists() or start.is_symlink():
            return [SourceFile(path=start, source=pattern, below=start.name)]
        return _in_order(_globbed(pattern, base)) if _MAGIC.search(pattern) else []
    except (OSError, ValueError, NotImplementedError):
        return []  # no permission, too long, a NUL byte, a pattern that pathlib does not take


class _Walk:
    """One walk through a folder: where it began, and the linked folders it went into."""

    def __init__(self, *, root: Path, name: str) -> None:
        self._root = root
        self._name = name
        self._entered = {root.resolve()}

    def files_in(self, folder: Path) -> Iterator[SourceFile | Dropped]:
        try:
            entries = sorted(folder.iterdir(), key=lambda path: path.name)
        except OSError as error:
            detail = error.strerror or str(error)
            yield drop(self.file(folder).source, DropReason.UNREADABLE, detail)
            return
        for path in entries:
            if not path.name.startswith("."):
                yield from self.visit(path)

    def visit(self, path: Path) -> Iterator[SourceFile | Dropped]:
        if not _is_folder(path):
            yield self.file(path)
        elif not _is_run(path) and (not path.is_symlink() or self._enters(path)):
            yield from self.files_in(path)

    def file(self, path: Path) -> SourceFile:
        below = path.relative_to(self._root).as_posix()
        source = below if self._name == "." else f"{self._name}/{below}"
        return SourceFile(path=path, source=source, below=below)

    def _enters(self, link: Path) -> bool:
        """Tell whether a link leads to a folder that is not reached otherwise; remember it."""
        real = link.resolve()
        if any(real.is_relative_to(seen) or seen.is_relative_to(real) for seen in self._entered):
            return False
        self._entered.add(real)
        return True


def _globbed(pattern: str, base: Path | None) -> Iterator[SourceFile | Dropped]:
    parts = Path(pattern).parts
    fixed = next(n for n, part in enumerate(parts) if _MAGIC.search(part))
    name = Path(*parts[:fixed]).as_posix()
    root = (base or Path()) / name
    walk = _Walk(root=root, name=name)
    spells_dot = any(part.startswith(".") for part in parts[fixed:])
    for path in sorted(root.glob("/".join(parts[fixed:]))):
        hidden = any(part.startswith(".") for part in path.relative_to(root).parts)
        if spells_dot or not hidden:
            yield from walk.visit(path)


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # a link into a folder without permission: reading it gives the reason
        return False


def _in_order(found: Iterable[SourceFile | Dropped]) -> list[SourceFile | Dropped]:
    """Return what was found sorted by name, once each: `**/*` finds a folder and its files."""
    by_name = {
        item.article_id if isinstance(item, Dropped) else item.source: item for item in found
    }
    return [by_name[name] for name in sorted(by_name, key=lambda name: (readable_id(name), name))]


def _is_run(folder: Path) -> bool:
    """Tell whether a folder holds a run, finished or begun."""
    finished = (folder / "manifest.json").exists() and (folder / "briefing.json").exists()
    return finished or (folder.name.endswith(".partial") and (folder / "run.json").exists())
