"""The run folder: each stage's records on disk, atomically, the manifest last."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TypeVar

from digest.codec import encode, load_records
from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

T = TypeVar("T")

MANIFEST = "manifest.json"
HEADER = "run.json"
_RUN_KEYS = {"run_id", "config_sha256", "stages"}


def write_atomically(path: Path, text: str) -> None:
    """Replace a file's content; a reader sees the old or the new, never a part.

    Raises:
        UsageError: the file cannot be written.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    with _written(path):
        with temporary.open("w", encoding="utf-8", newline="\n") as handle:
            handle.write(text)
            handle.flush()
            os.fsync(handle.fileno())
        temporary.replace(path)


@contextmanager
def _written(path: Path) -> Iterator[None]:
    """Turn what the file system refuses into a failure that names the path."""
    try:
        yield
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}; choose another path") from error


def is_run(folder: Path) -> bool:
    """Tell whether a folder is a run of ours, finished or begun."""
    try:
        return _json_object(folder / MANIFEST).keys() >= _RUN_KEYS
    except UsageError:
        pass
    try:
        return "run_id" in _json_object(folder / HEADER)
    except UsageError:
        return False


def _json_object(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read: {error}; run without --resume") from error
    if not isinstance(found, dict):
        raise UsageError(f"{path} is damaged: it holds no object; run without --resume")
    return found


def _refuse_strangers(path: Path) -> None:
    """Raise where a path holds something that is no run of ours."""
    try:
        stranger = path.exists() and not (path.is_dir() and (is_run(path) or _is_empty(path)))
    except OSError as error:
        raise UsageError(f"cannot use {path}: {error.strerror}; choose another --output") from error
    if stranger:
        raise UsageError(f"{path} is not a run folder; choose another --output")


def _is_empty(folder: Path) -> bool:
    return next(folder.iterdir(), None) is None


class RunFolder:
    """A run being written beside its destination, which it replaces when it is finished.

    Until then the destination keeps the last good run. What is written already is found again by
    a resumed run with the same key. Nothing but runs is ever replaced or removed.
    """

    def __init__(self, destination: Path) -> None:
        """Name the destination; nothing is touched yet."""
        self.destination = destination.absolute()
        name = self.destination.name
        self.path = self.destination.with_name(f"{name}.partial")
        self._previous = self.destination.with_name(f"{name}.previous")

    def open(self, header: dict[str, Any], *, resume: bool) -> dict[str, Any]:
        """Start the run of this key, or go on with it where it was begun, and return its header.

        Raises:
            UsageError: the unfinished run is another one or damaged, the folder cannot be written,
                or something stands in the way that is no run.
        """
        for path in (self.destination, self.path, self._previous):
            _refuse_strangers(path)
        with _written(self.path):
            if self._previous.exists() and not self.destination.exists():
                self._previous.rename(self.destination)  # killed between two renames of `publish`
            if resume and (self.path / HEADER).exists():
                return self._begun(header)
            if self.path.exists():
                shutil.rmtree(self.path)
            self.path.mkdir(parents=True)
        self.put(HEADER, json.dumps(header, indent=1, sort_keys=True))
        return header

    def _begun(self, header: dict[str, Any]) -> dict[str, Any]:
        found = _json_object(self.path / HEADER)
        if found.get("key") != header["key"]:
            raise UsageError(
                f"{self.path} was begun with another configuration, other inputs or models; "
                "run without --resume to start over"
            )
        return found

    def put(self, name: str, text: str) -> None:
        """Write one file of the run atomically; it ends with one newline."""
        write_atomically(self.path / name, text.rstrip("\n") + "\n" if text else "")

    def read(self, name: str) -> str:
        """Return a file of the run."""
        return (self.path / name).read_text(encoding="utf-8")

    def find(self, name: str) -> str | None:
        """Return a file of the run, None where it was not written yet."""
        return self.read(name) if (self.path / name).exists() else None

    def keep(
        self,
        name: str,
        compute: Callable[[], T],
        dump: Callable[[T], str],
        load: Callable[[str], T],
    ) -> T:
        """Return a stage's result, from its file where a resumed run has it already."""
        found = self.find(name)
        if found is not None:
            try:
                return load(found)
            except (ValueError, KeyError, TypeError, UsageError) as error:
                raise UsageError(
                    f"{self.path / name} is damaged ({error}); run without --resume to start over"
                ) from error
        result = compute()
        self.put(name, dump(result))
        return result

    def append(self, name: str, record: object) -> None:
        """Add one record for good: it is on disk when this returns."""
        with (self.path / name).open("a", encoding="utf-8", newline="\n") as handle:
            handle.write(encode(record) + "\n")
            handle.flush()
            os.fsync(handle.fileno())

    def appended(self, name: str, record: type[T]) -> list[T]:
        """Return the records appended so far; a line that a kill left unfinished is cut off."""
        text = self.find(name) or ""
        whole = text[: text.rfind("\n") + 1]
        if whole != text:
            write_atomically(self.path / name, whole)
        return list(load_records(record, whole))

    def publish(self, manifest: dict[str, Any]) -> None:
        """Write the manifest and put the run in the place of its destination."""
        self.put(MANIFEST, json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False))
        with _written(self.destination):
            if self._previous.exists():
                shutil.rmtree(self._previous)
            if self.destination.exists():
                self.destination.rename(self._previous)
            self.path.rename(self.destination)
            (self.destination / HEADER).unlink(missing_ok=True)
            if self._previous.exists():
                shutil.rmtree(self._previous)


class MemoryDesk:
    """A desk without a folder: nothing is kept, everything is computed."""

    def put(self, name: str, text: str) -> None:
        """Keep nothing."""

    def find(self, name: str) -> str | None:  # noqa: ARG002 - there is nothing to find
        """Return None: nothing is kept."""
        return None

    def keep(
        self,
        name: str,  # noqa: ARG002 - nothing is kept
        compute: Callable[[], T],
        dump: Callable[[T], str],  # noqa: ARG002 - as above
        load: Callable[[str], T],  # noqa: ARG002 - as above
    ) -> T:
        """Return what is computed."""
        return compute()

    def append(self, name: str, record: object) -> None:
        """Keep nothing."""

    def appended(self, name: str, record: type[T]) -> list[T]:  # noqa: ARG002 - as above
        """Return nothing: nothing is kept."""
        return []
