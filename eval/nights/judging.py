"""A cell of tonight beside the same cell of the pinned night."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from digest.errors import DigestError
from eval.comparing.entrants import read_entrants
from eval.comparing.gate import gate_comparison
from eval.comparing.records import Decision, Outcome
from eval.errors import NotComparableError
from eval.nights.cells import SCORES, finished
from eval.nights.facts import changes
from eval.nights.records import NightlyCell

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from eval.comparing.settings import CompareConfig
    from eval.nights.records import CellResult
    from eval.nights.store import NightStore


def judge(
    store: NightStore,
    night: str,
    cell: tuple[str, str],
    *,
    pinned: str | None,
    failure: str | None,
    compare: CompareConfig,
    margins: Mapping[str, float],
) -> NightlyCell:
    """Return what is to be said of a cell tonight.

    Args:
        store: keeps both nights.
        night: tonight.
        cell: configuration and corpus.
        pinned: the night to hold it against; tonight for a new cell.
        failure: why there is nothing to judge, None where there is.
        compare: how.
        margins: by metric, for the gate.
    """
    configuration, corpus = cell
    folder = store.cell(night, configuration, corpus)
    result = finished(folder)
    base = NightlyCell(
        configuration=configuration,
        corpus=corpus,
        folder=f"cells/{folder.name}",
        pinned=pinned,
        outcome=Outcome.FAILED,
        reasons=(f"failed: {failure}",),
        failure=failure,
        identical=False,
        outputs_sha256=None,
        noise=(),
        changes=(),
    )
    if failure is not None or result is None:
        return base
    scored = replace(base, outputs_sha256=result.outputs_sha256, noise=result.noise)
    if pinned is None or pinned == night:
        why = "pass: the first night of this cell, which later ones are held against"
        return replace(scored, outcome=Outcome.PASS, reasons=(why,))
    before = store.cell(pinned, configuration, corpus)
    earlier = finished(before)
    if earlier is None:
        why = f"not comparable: the pinned night {pinned} is not there; pin another with --pin"
        return replace(scored, outcome=Outcome.NOT_COMPARABLE, reasons=(why,))
    return _beside(scored, (before, earlier), (folder, result), compare, margins)


def _beside(
    cell: NightlyCell,
    before: tuple[Path, CellResult],
    after: tuple[Path, CellResult],
    compare: CompareConfig,
    margins: Mapping[str, float],
) -> NightlyCell:
    (old, earlier), (new, result) = before, after
    identical = earlier.outputs_sha256 == result.outputs_sha256
    changed = changes(earlier.facts, result.facts)
    decision = _decision(cell.pinned or "", old, new, compare, margins)
    return replace(
        cell,
        outcome=decision.outcome,
        reasons=(*decision.reasons, *_noisy(cell)),
        identical=identical,
        changes=changed,
    )


def _decision(
    pinned: str, old: Path, new: Path, compare: CompareConfig, margins: Mapping[str, float]
) -> Decision:
    try:
        (baseline,), (candidate,) = read_entrants(old / SCORES), read_entrants(new / SCORES)
        entrants = (replace(baseline, name=f"{baseline.name} of {pinned}"), candidate)
        _, decision = gate_comparison(entrants, compare, margins)
    except (NotComparableError, DigestError) as error:
        lines = str(error).split("\n")
        reasons = tuple(f"not comparable: {line}" if line == lines[0] else line for line in lines)
        return Decision(outcome=Outcome.NOT_COMPARABLE, metrics=(), reasons=reasons)
    return decision


def _noisy(cell: NightlyCell) -> tuple[str, ...]:
    """Say so where identical re-runs differ, by how much the means of the gated metrics move."""
    moved = [noise for noise in cell.noise if noise.difference > 0]
    if not moved:
        return ()
    most = ", ".join(f"{noise.metric} {noise.difference:.4f}" for noise in moved[:3])
    return (f"identical re-runs differ: {most}",)
