"""One at a time: a lock that ends with its process, and says who holds it."""

from __future__ import annotations

import json
import os
import platform
from contextlib import contextmanager
from typing import TYPE_CHECKING

from filelock import FileLock, Timeout

from digest.store import write_atomically
from eval.errors import BusyError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


@contextmanager
def held(path: Path, *, what: str, wait_s: float = 0) -> Iterator[str | None]:
    """Hold a lock; yield who held it last and was killed, None where the last one let go of it.

    The operating system lets go of a lock when its process ends, however it ends. So a lock is
    never stale, but the note beside it is, and says who was killed.

    Args:
        path: of the lock; the note is `NAME.json`.
        what: is being done, for the message of those who come later.
        wait_s: how long to wait for it.

    Raises:
        BusyError: somebody else holds it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    note = path.with_name(f"{path.name}.json")
    lock = FileLock(path, timeout=wait_s)
    try:
        lock.acquire()
    except Timeout:
        raise BusyError(
            f"{_said(note) or 'another process'} holds {path}; it is safe to try again later"
        ) from None
    try:
        killed = _said(note)
        holder = {"pid": os.getpid(), "host": platform.node(), "what": what}
        write_atomically(note, json.dumps(holder) + "\n")
        yield killed
        note.unlink(missing_ok=True)
    finally:
        lock.release()


def _said(note: Path) -> str | None:
    try:
        found = json.loads(note.read_text(encoding="utf-8"))
        return f"{found['what']} (process {found['pid']} on {found['host']})"
    except (OSError, ValueError, KeyError, TypeError):
        return None
