"""Where a training stands: unfinished beside the output, finished in its place, by one rename."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any, Final

from digest.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

RECORD: Final = "training.json"
_CHECKPOINT: Final = re.compile(r"checkpoint-(\d+)")
# The last file that a checkpoint gets: where it can be read, the checkpoint is whole.
_LAST_WRITTEN: Final = "trainer_state.json"


class Workshop:
    """`DIR.partial`, in which a model is made, and `DIR`, which holds a finished one or nothing."""

    def __init__(self, output: Path) -> None:
        self.output = output
        self.partial = output.with_name(f"{output.name}.partial")

    def check(self, *, resume: bool) -> None:
        """Refuse an output that could not be written in the end, before anything is done.

        Raises:
            UsageError: DIR holds something else than a model, or an unfinished training is in the
                way.
        """
        if self.output.exists() and not _replaceable(self.output):
            raise UsageError(
                f"{self.output} exists and is no model folder; choose another --output"
            )
        if self.partial.exists() and not resume:
            raise UsageError(
                f"{self.partial} holds an unfinished training; go on with --resume, or delete it"
            )

    def last(self, record: dict[str, Any]) -> Path | None:
        """Return the last whole checkpoint of an unfinished training, None where there is none.

        Args:
            record: what decides the training, as JSON.

        Raises:
            UsageError: the unfinished training was another one.
        """
        kept = self.partial / RECORD
        if not kept.exists():
            return None
        self._refuse_another(_read(kept), record)
        return last_checkpoint(self.partial)

    def begin(self, record: dict[str, Any]) -> None:
        """Make the folder of a training, where it is not there yet.

        Raises:
            UsageError: nothing can be written here.
        """
        try:
            self.partial.mkdir(parents=True, exist_ok=True)
            (self.partial / RECORD).write_text(as_json(record), encoding="utf-8")
        except OSError as error:
            raise UsageError(f"cannot write {self.partial}: {error.strerror}") from error

    def publish(self, write: Callable[[Path], None]) -> None:
        """Let `write` fill a folder, and put it in the place of DIR; only then is the rest deleted.

        Raises:
            OSError: it cannot be written; DIR is as it was.
        """
        finished = self.partial / "finished"
        shutil.rmtree(finished, ignore_errors=True)
        finished.mkdir()
        write(finished)
        replaced = self.partial / "replaced"
        if self.output.exists():
            shutil.rmtree(replaced, ignore_errors=True)
            self.output.rename(replaced)
        try:
            finished.rename(self.output)
        except OSError:
            if replaced.exists():
                replaced.rename(self.output)
            raise
        shutil.rmtree(self.partial, ignore_errors=True)

    def _refuse_another(self, kept: dict[str, Any], record: dict[str, Any]) -> None:
        differ = [
            f"{name} was {kept.get(name)!r} and is {record.get(name)!r}"
            for name in sorted({*kept, *record})
            if kept.get(name) != record.get(name)
        ]
        if differ:
            raise UsageError(
                f"{self.partial} was begun otherwise: {'; '.join(differ)}; resume it as it was, or"
                " delete it"
            )


def as_json(record: dict[str, Any]) -> str:
    """Return a record as text that is the same every time."""
    return json.dumps(record, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def _replaceable(folder: Path) -> bool:
    """Tell whether a folder is empty, or holds what `save_pretrained` or a training writes."""
    known = any((folder / name).is_file() for name in ("config.json", RECORD))
    return folder.is_dir() and (known or not any(folder.iterdir()))


def last_checkpoint(folder: Path) -> Path | None:
    """Return the whole checkpoint with the most steps; one that was cut off is passed over."""
    if not folder.is_dir():
        return None
    found = [
        (int(match.group(1)), path)
        for path in folder.iterdir()
        if (match := _CHECKPOINT.fullmatch(path.name)) and _is_object(path / _LAST_WRITTEN)
    ]
    return max(found)[1] if found else None


def _is_object(path: Path) -> bool:
    try:
        return isinstance(json.loads(path.read_text(encoding="utf-8")), dict)
    except (OSError, ValueError):
        return False


def _read(path: Path) -> dict[str, Any]:
    if not _is_object(path):
        raise UsageError(f"{path} is damaged; delete {path.parent} and train again")
    found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return found
