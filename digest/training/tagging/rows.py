"""Rows of corpora: JSON lines, packed or not."""

from __future__ import annotations

import json
import lzma
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


def rows(path: Path, fields: Mapping[str, type]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (place, object) for each line of a `.jsonl` or `.jsonl.xz` file.

    The place names file and line, for messages about what the object holds.

    Args:
        path: the file.
        fields: what each object must have: name → type of its value; `list` is one of strings.

    Raises:
        UsageError: it is not there, or a line is no such object.
    """
    number = 0
    try:
        with (
            lzma.open(path, "rt", encoding="utf-8")
            if path.suffix == ".xz"
            else path.open(encoding="utf-8") as handle
        ):
            for number, line in enumerate(handle, 1):
                place = f"{path}, line {number}"
                row = json.loads(line)
                _check(row, fields, place)
                yield place, row
    except json.JSONDecodeError as error:
        raise UsageError(f"{path}, line {number}: no JSON: {error}; mend or delete it") from error
    except (OSError, EOFError, UnicodeDecodeError, lzma.LZMAError) as error:
        raise UsageError(
            f"cannot read corpus {path} after line {number}: {error}; see docs/embedded-models.md"
            " for the files that are needed"
        ) from error


def _check(row: Any, fields: Mapping[str, type], place: str) -> None:  # noqa: ANN401 - JSON
    if not isinstance(row, dict):
        raise UsageError(f"{place}: no object but {type(row).__name__}")
    for name, kind in fields.items():
        value = row.get(name)
        if not isinstance(value, kind):
            raise UsageError(f"{place}: {name} must be {kind.__name__}, got {value!r:.60}")
        items: Any = value if kind is list else ()
        if not all(isinstance(item, str) for item in items):
            raise UsageError(f"{place}: {name} must hold strings alone, got {value!r:.60}")
