"""The folder that keeps the nights: where things are, which nights are pinned, what may go."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

from digest.codec import decode, dump_records, encode, load_records
from digest.errors import UsageError
from digest.store import write_atomically
from eval.nights.records import Night, TrendPoint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

_NIGHT = "night.json"


class NightStore:
    """Nights by name; names sort by time. Nothing but nights of this store is ever removed."""

    def __init__(self, path: Path) -> None:
        """Name the folder; nothing is touched yet."""
        self.path = path
        self.lock = path / "nightly.lock"
        self._pins = path / "baseline.json"
        self._history = path / "history.jsonl"

    def folder(self, night: str) -> Path:
        """Return the folder of a night."""
        return self.path / "nights" / night

    def cell(self, night: str, configuration: str, corpus: str) -> Path:
        """Return the folder of a cell."""
        return self.folder(night) / "cells" / f"{configuration}@{corpus}"

    def finished(self, night: str) -> Night | None:
        """Return a finished night, None where it is not finished."""
        path = self.folder(night) / _NIGHT
        return decode(Night, path.read_text(encoding="utf-8")) if path.exists() else None

    def finish(self, night: Night) -> None:
        """Write `night.json`, which makes the night a finished one."""
        write_atomically(self.folder(night.night) / _NIGHT, encode(night) + "\n")

    def pins(self) -> dict[str, str]:
        """Return the pinned night of each cell, by `CONFIGURATION@CORPUS`.

        Raises:
            UsageError: the file is damaged.
        """
        if not self._pins.exists():
            return {}
        try:
            found = json.loads(self._pins.read_text(encoding="utf-8"))
            return {str(cell): str(night) for cell, night in found.items()}
        except (OSError, ValueError, AttributeError) as error:
            raise UsageError(f"{self._pins} is damaged ({error}); pin a night again") from error

    def pin(self, pins: Mapping[str, str]) -> None:
        """Keep the pinned nights."""
        text = json.dumps(dict(sorted(pins.items())), indent=1)
        write_atomically(self._pins, text + "\n")

    def history(self) -> tuple[TrendPoint, ...]:
        """Return all points, of nights that were removed as well.

        Raises:
            UsageError: the file is damaged.
        """
        if not self._history.exists():
            return ()
        return load_records(TrendPoint, self._history.read_text(encoding="utf-8"))

    def remember(self, night: str, points: Sequence[TrendPoint]) -> tuple[TrendPoint, ...]:
        """Put a night's points into the history, in the place of earlier ones; return all."""
        others = [point for point in self.history() if point.night != night]
        merged = sorted([*others, *points], key=lambda p: (p.night, p.configuration, p.corpus))
        write_atomically(self._history, dump_records(merged))
        return tuple(merged)

    def prune(self, *, keep: int, tonight: str) -> list[str]:
        """Remove all but the last `keep` nights and those that are pinned; return what went.

        Unfinished nights count as nights: they go when they are that old.
        """
        folder = self.path / "nights"
        nights = sorted(path.name for path in folder.iterdir() if (path / "cells").is_dir())
        kept = {*nights[-keep:], *self.pins().values(), tonight}
        gone = [name for name in nights if name not in kept]
        for name in gone:
            shutil.rmtree(folder / name)
        return gone


def read_history(folder: Path) -> tuple[TrendPoint, ...]:
    """Return the history of a store.

    Raises:
        UsageError: there is none.
    """
    points = NightStore(folder).history()
    if not points:
        raise UsageError(f"{folder} has no history: `digest eval nightly` writes history.jsonl")
    return points
