"""A night: all configurations on all corpora, held against what is pinned, stored, reported."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import UsageError
from eval.comparing.gate import gated_margins
from eval.comparing.records import Outcome
from eval.nights.cells import CellJob, finished
from eval.nights.isolation import run_isolated
from eval.nights.judging import judge
from eval.nights.locking import held
from eval.nights.publishing import publish
from eval.nights.records import Night, NightlyCell, TrendPoint
from eval.nights.steps import find_steps
from eval.nights.store import NightStore

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.protocols import Progress
    from eval.nights.records import CellFailure, CellResult
    from eval.nights.settings import Plan

_NAME = re.compile(r"^[0-9A-Za-z][0-9A-Za-z._-]*$")
# What a night exits with, worst first.
_ORDER = (Outcome.FAILED, Outcome.REGRESSED, Outcome.NOT_COMPARABLE, Outcome.INCONCLUSIVE)


@dataclass(frozen=True, slots=True, kw_only=True)
class NightRun:
    """A finished night, and what is to be said of how it went."""

    night: Night
    remarks: tuple[str, ...]


def run_night(plan: Plan, night: str, *, pin: bool = False, progress: Progress) -> NightRun:
    """Run what is missing of a night, judge it and return it; a finished night is returned as is.

    Args:
        plan: what to run.
        night: its name, by default of the command line the date; names sort by time.
        pin: hold later nights against this one, whatever was pinned.
        progress: told of each cell.

    Raises:
        BusyError: another process runs a night of this store, or one of its cells.
        UsageError: the name cannot name a folder, or the store cannot be used.
        ConfigError: a margin cannot be used.
    """
    _check(night)
    store = NightStore(plan.store)
    margins = gated_margins(plan.config.gate, [])
    with held(store.lock, what=f"the night {night}") as killed:
        remarks = [f"{killed} was killed; what it left is used"] if killed else []
        found = store.finished(night)
        if found is None:
            failures = _run_cells(plan, store, night, progress)
            found = _judged(plan, store, night, failures, margins)
        else:
            remarks.append(f"the night {night} is finished already; --night NAME starts another")
        if pin:
            _pin(store, found)
            remarks.append(f"later nights are held against {night}")
        gone = store.prune(keep=plan.config.keep_nights, tonight=night)
        remarks += [f"removed the night {name}" for name in gone]
        return NightRun(night=found, remarks=tuple(remarks))


def run_one_cell(plan: Plan, night: str, number: int) -> CellFailure | None:
    """Run one cell of a night alone, for arrays of jobs; the night is finished by `run_night`.

    Raises:
        UsageError: there is no cell of this number.
        BusyError: another process runs it.
    """
    _check(night)
    if not 0 <= number < len(plan.cells):
        raise UsageError(f"--cell must be from 0 to {len(plan.cells) - 1}, got {number}")
    store = NightStore(plan.store)
    job = _job(plan, store, night, *plan.cells[number])
    return run_isolated(job, timeout_s=plan.config.timeout_s)


def _check(night: str) -> None:
    if not _NAME.match(night):
        raise UsageError(f"a night is called by letters, digits, '-', '.', '_', got {night!r}")


def _job(plan: Plan, store: NightStore, night: str, configuration: str, corpus: str) -> CellJob:
    return CellJob(
        name=f"{configuration} on {corpus}, night {night}",
        folder=store.cell(night, configuration, corpus),
        configuration=plan.configuration(configuration),
        corpus=plan.corpus(corpus),
        run=configuration,
        max_words=plan.config.max_words,
        reruns=plan.config.reruns,
        options=plan.options,
    )


def _run_cells(
    plan: Plan, store: NightStore, night: str, progress: Progress
) -> dict[tuple[str, str], CellFailure]:
    failures: dict[tuple[str, str], CellFailure] = {}
    progress.start(f"night {night}", len(plan.cells))
    for configuration, corpus in plan.cells:
        job = _job(plan, store, night, configuration, corpus)
        failure = run_isolated(job, timeout_s=plan.config.timeout_s)
        if failure is not None:
            failures[configuration, corpus] = failure
        progress.advance(f"night {night}")
    progress.finish(f"night {night}", f"{len(plan.cells)} cells, {len(failures)} failed")
    return failures


def _judged(
    plan: Plan,
    store: NightStore,
    night: str,
    failures: Mapping[tuple[str, str], CellFailure],
    margins: Mapping[str, float],
) -> Night:
    """Judge the cells, write all that a night leaves behind, `night.json` last."""
    pins = store.pins()
    cells: list[NightlyCell] = []
    points: list[TrendPoint] = []
    for configuration, corpus in plan.cells:
        result = finished(store.cell(night, configuration, corpus))
        failure = failures.get((configuration, corpus))
        if failure is None and result is not None:
            pins.setdefault(f"{configuration}@{corpus}", night)
        pinned = pins.get(f"{configuration}@{corpus}")
        cell = judge(
            store,
            night,
            (configuration, corpus),
            pinned=pinned,
            failure=failure.why if failure else None,
            compare=plan.config.compare,
            margins=margins,
        )
        cells.append(cell)
        if result is not None and failure is None:
            points.append(_point(night, cell, result))
    store.pin(pins)
    history = store.remember(night, points)
    metrics = tuple(dict.fromkeys([*margins, *plan.config.compare.primary]))
    steps = find_steps(history, metrics, plan.config.trend)
    outcome = _worst([cell.outcome for cell in cells])
    draft = Night(
        schema_version=1,
        night=night,
        cells=tuple(cells),
        outcome=outcome,
        exit_code=outcome.exit_code,
        steps=tuple(step for step in steps if step.night == night),
        notes=(),
    )
    done = publish(plan, store, draft, history=history, steps=steps)
    store.finish(done)
    return done


def _worst(outcomes: Sequence[Outcome]) -> Outcome:
    return next((outcome for outcome in _ORDER if outcome in outcomes), Outcome.PASS)


def _point(night: str, cell: NightlyCell, result: CellResult) -> TrendPoint:
    return TrendPoint(
        night=night,
        configuration=cell.configuration,
        corpus=cell.corpus,
        outcome=cell.outcome,
        outputs_sha256=result.outputs_sha256,
        n=result.n,
        states=result.states,
        levels=result.levels,
        noise=result.noise,
        facts=result.facts,
    )


def _pin(store: NightStore, night: Night) -> None:
    good = {
        f"{cell.configuration}@{cell.corpus}": night.night
        for cell in night.cells
        if cell.failure is None
    }
    store.pin({**store.pins(), **good})
