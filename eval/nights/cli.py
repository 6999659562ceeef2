"""The commands `digest eval nightly` and `trend`: each parses, calls one function, prints."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path  # noqa: TC003 - typer reads it
from typing import Annotated

import typer

from digest.errors import DigestError


def nightly_command(
    config: Annotated[Path, typer.Option("--config", "-c", help="YAML file of nights.")],
    night: Annotated[
        str | None, typer.Option(help="Its name; names sort by time. The date unless given.")
    ] = None,
    cell: Annotated[
        int | None, typer.Option(help="Run only this cell, counted from 0, for arrays of jobs.")
    ] = None,
    *,
    cells: Annotated[bool, typer.Option("--list", help="List the cells and do nothing.")] = False,
    pin: Annotated[bool, typer.Option("--pin", help="Hold later nights against this one.")] = False,
) -> None:
    """Run all configurations on all corpora, hold them against the pinned night, and report.

    A night that was killed goes on where it was. Exit codes: 0 pass, 3 something regressed or
    failed, 5 something cannot be compared, 4 inconclusive, 75 another night is running.
    """
    from digest.console import console_progress  # noqa: PLC0415 - --help must answer at once
    from eval.nights.night import run_night, run_one_cell  # noqa: PLC0415 - as above
    from eval.nights.settings import load_plan  # noqa: PLC0415 - as above
    from eval.nights.table import night_lines  # noqa: PLC0415 - as above

    plan = load_plan(config)
    name = night or datetime.now(tz=UTC).strftime("%Y-%m-%d")
    if cells:
        for number, (configuration, corpus) in enumerate(plan.cells):
            typer.echo(f"{number} {configuration}@{corpus}")
        return
    if cell is not None:
        failure = run_one_cell(plan, name, cell)
        typer.echo(
            f"cell {cell}: {failure.why if failure else 'finished'}", err=failure is not None
        )
        raise typer.Exit(DigestError.exit_code if failure else 0)
    with console_progress() as progress:
        done = run_night(plan, name, pin=pin, progress=progress)
    for line in [*night_lines(done.night), *done.remarks]:
        typer.echo(line)
    typer.echo(f"Written to {plan.store / 'nights' / name}")
    raise typer.Exit(done.night.exit_code)


def trend_command(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The store of the nights.")],
    metrics: Annotated[
        list[str] | None, typer.Option("--metric", help="Instead of the usual ones. Repeatable.")
    ] = None,
    alpha: Annotated[
        float, typer.Option(min=0.0001, max=0.5, help="Chance of a false step in a series.")
    ] = 0.01,
) -> None:
    """Show each metric over the nights, the steps in it, and what changed on those nights."""
    from eval.comparing.settings import CompareConfig  # noqa: PLC0415 - --help must answer at once
    from eval.nights.settings import TrendConfig  # noqa: PLC0415 - as above
    from eval.nights.steps import find_steps  # noqa: PLC0415 - as above
    from eval.nights.store import read_history  # noqa: PLC0415 - as above
    from eval.nights.table import trend_lines  # noqa: PLC0415 - as above

    points = read_history(folder)
    names = tuple(metrics or CompareConfig().primary)
    steps = find_steps(points, names, TrendConfig(alpha=alpha))
    for line in trend_lines(points, steps, names):
        typer.echo(line)
