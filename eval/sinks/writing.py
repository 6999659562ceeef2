"""Files that the command line asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import UsageError
from digest.store import write_atomically

if TYPE_CHECKING:
    from pathlib import Path


def write_text(path: Path, text: str) -> None:
    """Write a file and the folders it needs.

    Raises:
        UsageError: it cannot be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"cannot write {path}: {error.strerror}") from error
    write_atomically(path, text)
