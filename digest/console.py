"""Progress on a terminal, plain lines elsewhere; both on standard error."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    SpinnerColumn,
    TextColumn,
    TimeElapsedColumn,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rich.progress import TaskID

    from digest import protocols


class BarProgress:
    """One bar per stage."""

    def __init__(self, bars: Progress) -> None:
        """Show stages as tasks of `bars`."""
        self._bars = bars
        self._tasks: dict[str, TaskID] = {}

    def start(self, stage: str, total: int) -> None:
        """Add a bar."""
        self._tasks[stage] = self._bars.add_task(stage, total=max(1, total), note="")

    def advance(self, stage: str) -> None:
        """Move a bar by one."""
        self._bars.advance(self._tasks[stage])

    def finish(self, stage: str, note: str) -> None:
        """Fill a bar and say what came out."""
        task = self._tasks[stage]
        total = next(t.total for t in self._bars.tasks if t.id == task)
        self._bars.update(task, completed=total, note=note)


class LineProgress:
    """One plain line per finished stage."""

    def __init__(self, console: Console) -> None:
        """Print to `console`."""
        self._console = console

    def start(self, stage: str, total: int) -> None:
        """Say nothing yet."""

    def advance(self, stage: str) -> None:
        """Say nothing yet."""

    def finish(self, stage: str, note: str) -> None:
        """Print what came out of a stage."""
        self._console.print(f"{stage}: {note}", markup=False, highlight=False, soft_wrap=True)


@contextmanager
def console_progress() -> Iterator[protocols.Progress]:
    """Yield what shows a run's progress on standard error."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield LineProgress(console)
        return
    columns = (
        SpinnerColumn(finished_text="✓"),
        TextColumn("{task.description:<10}"),
        BarColumn(bar_width=24),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[note]}", style="dim"),
    )
    with Progress(*columns, console=console) as bars:
        yield BarProgress(bars)
