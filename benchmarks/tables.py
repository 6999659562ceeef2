"""What the commands share: where the data are, and how a table is printed."""

from __future__ import annotations

import os
import platform
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

ROOT = Path(__file__).resolve().parent.parent


def data_file(relative: str) -> Path:
    """Return a file below $DIGEST_DATA, or end the command saying what is missing."""
    folder = os.environ.get("DIGEST_DATA")
    if not folder:
        sys.exit(f"set DIGEST_DATA to the folder that holds {relative}")
    path = Path(folder) / relative
    if not path.is_file():
        sys.exit(f"{path} is missing; DIGEST_DATA must name the folder that holds {relative}")
    return path


def machine() -> str:
    """Return what the figures were measured on.

    >>> "cores" in machine()
    True
    """
    cores = os.cpu_count() or 1
    return f"Python {platform.python_version()}, {platform.machine()}, {cores} cores"


def table(header: Sequence[str], rows: Sequence[Sequence[str]], *, markdown: bool) -> str:
    """Return a table, the first column left-aligned, the others right-aligned.

    >>> print(table(["a", "b"], [["x", "1.0"]], markdown=True))
    | a |   b |
    | :- | --: |
    | x | 1.0 |
    """
    grid = [list(header), *map(list, rows)]
    width = [max(len(row[i]) for row in grid) for i in range(len(header))]
    lines = [
        [cell.ljust(width[i]) if i == 0 else cell.rjust(width[i]) for i, cell in enumerate(row)]
        for row in grid
    ]
    if not markdown:
        return "\n".join("  ".join(line).rstrip() for line in lines)
    rule = "| " + " | ".join([":-", *["--:"] * (len(header) - 1)]) + " |"
    first, *rest = ["| " + " | ".join(line) + " |" for line in lines]
    return "\n".join([first, rule, *rest])
