"""A cell in a process of its own: whatever becomes of it, the others go on."""

from __future__ import annotations

import os
import signal
import threading
from multiprocessing import get_context
from typing import TYPE_CHECKING

from digest.codec import decode, encode
from digest.manifest import SilentProgress
from digest.store import write_atomically
from eval.errors import BusyError
from eval.nights.cells import finished, run_cell
from eval.nights.records import CellFailure

if TYPE_CHECKING:
    from pathlib import Path

    from eval.nights.cells import CellJob

_FAILURE = "failure.json"
_LOOK_S = 0.2  # how often an orphan notices that it is one


def run_isolated(job: CellJob, *, timeout_s: float | None) -> CellFailure | None:
    """Run a cell in a process and return why it failed, None where it is finished.

    Raises:
        BusyError: another process runs this cell.
    """
    if finished(job.folder) is not None:
        return None
    told = job.folder.with_name(f".{job.folder.name}.{_FAILURE}")
    told.unlink(missing_ok=True)
    process = get_context("spawn").Process(target=_child, args=(job, told, os.getpid()))
    process.start()
    process.join(timeout_s)
    if process.is_alive():
        process.kill()
        process.join()
        return CellFailure(busy=False, why=f"stopped after {timeout_s:g} s (timeout_s)")
    failure = _failure(told, process.exitcode)
    if failure is not None and failure.busy:
        raise BusyError(failure.why)
    return failure


def _failure(told: Path, code: int | None) -> CellFailure | None:
    if code == 0:
        return None
    if told.exists():
        return decode(CellFailure, told.read_text(encoding="utf-8"))
    if code is not None and code < 0:
        name = signal.Signals(-code).name
        why = f"its process was killed by {name}, most likely for memory"
    else:
        why = f"its process ended with code {code} and left no word"
    return CellFailure(busy=False, why=why)


def _child(job: CellJob, told: Path, parent: int) -> None:
    """Run in the process of a cell: an exception becomes a file and exit code 1."""
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    try:
        run_cell(job, SilentProgress())
    except BaseException as error:  # noqa: BLE001 - told to the parent, which goes on
        told.parent.mkdir(parents=True, exist_ok=True)
        why = f"{type(error).__name__}: {error}"
        failure = CellFailure(busy=isinstance(error, BusyError), why=why)
        write_atomically(told, encode(failure) + "\n")
        raise SystemExit(1) from None


def _end_with(parent: int) -> None:
    """End this process when its parent has: a night that was killed leaves no cells running."""
    while os.getppid() == parent:
        threading.Event().wait(_LOOK_S)
    os._exit(1)
