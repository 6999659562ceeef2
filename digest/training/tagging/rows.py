"""Rows of corpora: JSON lines, packed or not."""

from __future__ import annotations

import json
import lzma
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Yield the objects of a `.jsonl` or `.jsonl.xz` file.

    Raises:
        UsageError: it is not there, or a line is no object.
    """
    try:
        with lzma.open(path, "rt") if path.suffix == ".xz" else path.open() as handle:
            for number, line in enumerate(handle, 1):
                row = json.loads(line)
                if not isinstance(row, dict):
                    raise UsageError(f"{path}, line {number}: no object but {type(row).__name__}")
                yield row
    except (OSError, ValueError, lzma.LZMAError) as error:
        raise UsageError(f"cannot read corpus {path}: {error}") from error
