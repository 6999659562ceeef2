"""What a night leaves behind for people and other programs."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.errors import DigestError
from eval.comparing.browsing import write_pages
from eval.comparing.compare import compare
from eval.comparing.entrants import read_entrants
from eval.comparing.gathering import Request, write_comparison, write_corpus
from eval.comparing.records import Outcome
from eval.nights.cells import SCORES, finished
from eval.nights.records import Night, Trend
from eval.sinks.junit import night_xml
from eval.sinks.markdown import night_markdown
from eval.sinks.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from eval.comparing.entrants import Entrant
    from eval.nights.records import NightlyCell, Step, TrendPoint
    from eval.nights.settings import Plan
    from eval.nights.store import NightStore


@dataclass(frozen=True, slots=True, kw_only=True)
class _Desk:
    """A night at its place: what all of this module's steps need."""

    plan: Plan
    store: NightStore
    night: Night
    trend: Trend

    @property
    def folder(self) -> Path:
        return self.store.folder(self.night.night)


def publish(
    plan: Plan,
    store: NightStore,
    night: Night,
    *,
    history: Sequence[TrendPoint],
    steps: Sequence[Step],
) -> Night:
    """Write comparisons, pages, Markdown and JUnit XML; return the night with notes on failures.

    A comparison or page that cannot be written costs no other. A night that would pass without it
    is not comparable: a misspelt metric must not pass night after night.
    """
    trend = Trend(points=tuple(history), steps=tuple(steps))
    desk = _Desk(plan=plan, store=store, night=night, trend=trend)
    notes = [note for corpus in plan.config.corpora for note in _compared(desk, corpus)]
    done = replace(night, notes=tuple(notes))
    if notes and night.outcome is Outcome.PASS:
        missed = Outcome.NOT_COMPARABLE
        done = replace(done, outcome=missed, exit_code=missed.exit_code)
    write_text(desk.folder / "summary.md", night_markdown(done))
    write_text(desk.folder / "junit.xml", night_xml(done))
    if plan.config.mlflow is not None:
        from eval.sinks.mlflow import log_night  # noqa: PLC0415 - an extra

        done = replace(done, notes=(*done.notes, *log_night(done, history, plan.config.mlflow)))
    return done


def _compared(desk: _Desk, corpus: str) -> list[str]:
    """Compare tonight's configurations, each changed one beside its pinned self; return notes."""
    cells = [c for c in desk.night.cells if c.corpus == corpus and c.failure is None]
    entrants = [entrant for cell in cells for entrant in _entrants(desk, cell)]
    if len(entrants) < 2:
        return []
    folder = desk.folder / "comparisons" / corpus
    request = Request(
        sources=(),
        output=folder,
        options=desk.plan.options,
        corpus=desk.plan.corpus(corpus),
    )
    try:
        comparison = compare(entrants, desk.plan.config.compare)
        write_comparison(comparison, folder)
        examples = write_corpus(entrants, request)
        if desk.plan.config.html:
            pages = desk.folder / "report" / corpus
            write_pages(pages, comparison, examples, trend=desk.trend)
    except DigestError as error:
        return [f"{corpus}: {error}"]
    return []


def _entrants(desk: _Desk, cell: NightlyCell) -> list[Entrant]:
    """Return a cell's system tonight, and that of its pinned night where outputs have changed."""
    folder = desk.folder / cell.folder
    found = list(read_entrants(folder / SCORES))
    if cell.identical or cell.pinned in {None, desk.night.night}:
        return found
    before = desk.store.cell(cell.pinned or "", cell.configuration, cell.corpus)
    earlier, result = finished(before), finished(folder)
    if earlier is None or result is None or cell.outcome.value == "not comparable":
        return found
    pinned = read_entrants(before / SCORES)[0]
    return [replace(pinned, name=f"{pinned.name} of {cell.pinned}"), *found]
