"""Folders of scores: written beside their place, the manifest last, then swapped in."""

from __future__ import annotations

import json
import platform
import shutil
from contextlib import contextmanager
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError
from eval.ledger import Ledger

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from eval.suite import Options

SCORES = "scores.jsonl"
SUMMARY = "summary.json"
MANIFEST = "manifest.json"
_LEDGER = "ledger.sqlite"
_KIND = "digest-scores"
_LIBRARIES = "digest numpy pysbd snowballstemmer torch transformers spacy".split()


class ScoreFolder:
    """A folder of scores being written as `NAME.partial`, which keeps its ledger until finished."""

    def __init__(self, destination: Path) -> None:
        """Name the destination; nothing is touched yet."""
        self.destination = destination.absolute()
        name = self.destination.name
        self.path = self.destination.with_name(f"{name}.partial")
        self._previous = self.destination.with_name(f"{name}.previous")

    @contextmanager
    def open(self) -> Iterator[Ledger]:
        """Yield the ledger of the scoring, the one that an unfinished scoring left if there is any.

        Raises:
            UsageError: the folder cannot be written, or something stands there that is no folder of
                scores.
        """
        try:
            self._prepare()
        except OSError as error:
            raise UsageError(f"cannot write {self.path}: {error.strerror}") from error
        ledger = Ledger(self.path / _LEDGER)
        try:
            yield ledger
        finally:
            ledger.close()

    def _prepare(self) -> None:
        for path in (self.destination, self.path, self._previous):
            _refuse_strangers(path)
        if self._previous.exists() and not self.destination.exists():
            self._previous.rename(self.destination)  # killed between the two renames of `publish`
        self.path.mkdir(parents=True, exist_ok=True)

    def publish(self, rows: Iterable[str], summary: dict[str, Any], options: Options) -> None:
        """Write all files and put the folder in its place.

        Raises:
            UsageError: it cannot be written.
        """
        try:
            with (self.path / SCORES).open("w", encoding="utf-8", newline="\n") as handle:
                handle.writelines(f"{row}\n" for row in rows)
            self._put(SUMMARY, summary)
            self._put(MANIFEST, manifest(summary, options))
            self._swap()
        except OSError as error:
            raise UsageError(f"cannot write {self.path}: {error.strerror}") from error

    def _put(self, name: str, content: dict[str, Any]) -> None:
        text = json.dumps(content, indent=1, ensure_ascii=False)
        (self.path / name).write_text(text + "\n", encoding="utf-8", newline="\n")

    def _swap(self) -> None:
        for leftover in self.path.glob(f"{_LEDGER}*"):
            leftover.unlink()
        if self._previous.exists():
            shutil.rmtree(self._previous)
        if self.destination.exists():
            self.destination.rename(self._previous)
        self.path.rename(self.destination)
        if self._previous.exists():
            shutil.rmtree(self._previous)


def manifest(summary: dict[str, Any], options: Options) -> dict[str, Any]:
    """Return what identifies a scoring: choices, corpora, versions. It holds no clock."""
    return {
        "schema_version": 1,
        "kind": _KIND,
        "options": asdict(options),
        "signatures": summary["signatures"],
        "corpora": summary["corpora"],
        "libraries": {name: _version(name) for name in _LIBRARIES},
        "python": platform.python_version(),
    }


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def is_scores(folder: Path) -> bool:
    """Tell whether a folder is a finished folder of scores."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(found, dict) and found.get("kind") == _KIND


def _refuse_strangers(path: Path) -> None:
    if not path.exists() or (path / _LEDGER).exists() or is_scores(path):
        return
    if not (path.is_dir() and next(path.iterdir(), None) is None):
        raise UsageError(f"{path} is no folder of scores; choose another --output")
