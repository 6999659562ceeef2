"""Comparisons, gates and nights -> Markdown for a pull request."""

from __future__ import annotations

from typing import TYPE_CHECKING

from eval.comparing.records import Outcome
from eval.comparing.table import number, p_value, spread

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.comparing.records import Comparison, Decision, Pair
    from eval.nights.records import Night, NightlyCell

_HEADER = ("metric", "baseline", "candidate", "difference", "95 %", "p", "MDE80", "verdict")
_SHOWN_PAIRS = 15


def comparison_markdown(comparison: Comparison) -> str:
    """Return a comparison: a table for each pair, the primary metrics alone."""
    clusters = f"{len(comparison.cluster_ids)} clusters of {code(comparison.corpus)}"
    parts = [f"## Comparison on {clusters}"]
    parts += [_pair(pair) for pair in comparison.pairs[:_SHOWN_PAIRS]]
    left = len(comparison.pairs) - _SHOWN_PAIRS
    if left > 0:
        parts.append(f"{left} more pairs are in `comparison.json`.")
    return "\n\n".join([*parts, *_notes(comparison.notes)]) + "\n"


def gate_markdown(comparison: Comparison, decision: Decision) -> str:
    """Return a gate's decision with its reasons, and the table behind it."""
    reasons = "\n".join(f"- {escaped(reason)}" for reason in decision.reasons)
    parts = [f"## Gate: {decision.outcome.value}", reasons, _pair(comparison.pairs[0])]
    return "\n\n".join(parts) + "\n"


def refusal_markdown(why: str) -> str:
    """Return a gate that could not be decided, with a line for each thing that differs."""
    lines = [line.removeprefix("- ") for line in why.splitlines()]
    said = "\n".join(f"- {escaped(line)}" for line in lines)
    return f"## Gate: {Outcome.NOT_COMPARABLE.value}\n\n{said}\n"


def night_markdown(night: Night) -> str:
    """Return a night: a row per cell, what changed, and the steps of the history."""
    rows = [
        (
            code(cell.configuration),
            code(cell.corpus),
            f"**{cell.outcome.value}**",
            escaped("; ".join(cell.reasons)),
            cell.pinned or "–",
            escaped(_changed(cell)),
        )
        for cell in night.cells
    ]
    header = ("configuration", "corpus", "gate", "why", "held against", "changed since")
    parts = [
        f"## Night {night.night}: {night.outcome.value}",
        markdown_table(header, rows),
    ]
    parts += _notes(night.notes)
    if night.steps:
        steps = [
            f"- {code(step.configuration)} on {code(step.corpus)}, {step.metric}: "
            f"{number(step.before)} → {number(step.after)} since {step.night}, "
            + escaped(", ".join(f"{c.cause.value} {c.name}".strip() for c in step.causes))
            for step in night.steps
        ]
        parts += ["### Steps in the history", "\n".join(steps)]
    return "\n\n".join(parts) + "\n"


def _changed(cell: NightlyCell) -> str:
    return ", ".join(f"{c.cause.value}: {c.name} {c.before} → {c.after}" for c in cell.changes)


def _pair(pair: Pair) -> str:
    title = f"### {code(pair.candidate)} beside {code(pair.baseline)}: {pair.verdict.value}"
    if pair.identical:
        return f"{title}\n\n{pair.reasons[0]}."
    rows = [
        (
            metric.metric,
            number(metric.baseline_mean),
            number(metric.candidate_mean),
            number(metric.difference, signed=True),
            spread(metric.interval, signed=True),
            p_value(metric.p_adjusted),
            number(metric.mde80),
            metric.verdict.value,
        )
        for metric in pair.metrics
        if metric.primary
    ]
    return f"{title}\n\n{markdown_table(_HEADER, rows)}"


def markdown_table(header: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """Return a table in GitHub's Markdown; the cells must be escaped."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def escaped(text: str) -> str:
    r"""Return text in which nothing is Markdown, HTML or the end of a cell.

    >>> print(escaped("a|b <img> *c*"))
    a\|b &lt;img&gt; \*c\*
    """
    text = " ".join(text.split()).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    return "".join(f"\\{c}" if c in "\\`*_[]|~#" else c for c in text)


def code(text: str) -> str:
    """Return a name as code; a name with a backtick or a bar cannot be, so it is escaped."""
    return escaped(text) if set(text) & set("`|\n") else f"`{text}`"


def _notes(notes: Sequence[str]) -> list[str]:
    return ["\n".join(f"- {escaped(note)}" for note in notes)] if notes else []
