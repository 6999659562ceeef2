"""Comparisons of hand-written outputs, scored for real, with plain means in place of statistics."""

from __future__ import annotations

import json
import statistics
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.console import console_progress
from eval.comparing.records import (
    Comparison,
    Counted,
    Direction,
    Interval,
    Measured,
    MetricComparison,
    Pair,
    System,
    Verdict,
)
from eval.harness import Batch, score
from eval.records import ArticleRow, Example, Prediction
from eval.report import Material
from eval.suite import Options

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from eval.nights.records import Trend

PRIMARY = ("rouge2_fmeasure", "entity_precision_source")
_LOWER = {"entity_conflicts", "max_similarity"}


@dataclass(frozen=True, kw_only=True)
class Written:
    """One cluster: (title, text) of its articles, references, and system -> what it wrote."""

    articles: Sequence[tuple[str, str]]
    references: Sequence[str]
    outputs: Mapping[str, str]


def material(
    folder: Path,
    clusters: Mapping[str, Written],
    *,
    baseline: str | None,
    trend: Trend | None = None,
    url: str | None = None,
) -> Material:
    """Score the outputs, compare them, and return all that a report is made from."""
    examples = [_example(name, cluster, url) for name, cluster in clusters.items()]
    predictions = [
        Prediction(id=name, prediction=text, run=system)
        for name, cluster in clusters.items()
        for system, text in cluster.outputs.items()
    ]
    with console_progress() as progress:
        score(
            [Batch(name="corpus.jsonl", examples=examples, predictions=predictions)],
            Options(),
            output=folder / "scores",
            processes=1,
            progress=progress,
        )
    corpus = folder / "corpus.jsonl"
    corpus.write_text("".join(json.dumps(_row(e)) + "\n" for e in examples), encoding="utf-8")
    comparison = compared(folder / "scores", baseline=baseline, ids=list(clusters))
    return Material(comparison=comparison, folders=(folder / "scores",), corpus=corpus, trend=trend)


def _example(name: str, cluster: Written, url: str | None) -> Example:
    return Example(
        id=name,
        articles=tuple(
            ArticleRow(id=f"{name}-{n}", title=title, text=text, publisher=title, url=url)
            for n, (title, text) in enumerate(cluster.articles, 1)
        ),
        references=tuple(cluster.references),
    )


def _row(example: Example) -> dict[str, Any]:
    return {
        "id": example.id,
        "articles": [
            {"id": a.id, "title": a.title, "text": a.text, "publisher": a.publisher, "url": a.url}
            for a in example.articles
        ],
        "references": list(example.references),
    }


def compared(scores: Path, *, baseline: str | None, ids: Sequence[str]) -> Comparison:
    """Return a comparison of the rows of a folder: means with normal intervals, no tests.

    A primary metric is "better" where the interval of the difference lies above 0.
    """
    lines = (scores / "scores.jsonl").read_text(encoding="utf-8").splitlines()
    rows = [json.loads(line) for line in lines]
    runs = list(dict.fromkeys(row["run"] for row in rows))
    if baseline is not None:
        runs.sort(key=lambda run: run != baseline)
    by_run = {run: {row["id"]: row for row in rows if row["run"] == run} for run in runs}
    held = [(a, b) for n, a in enumerate(runs) for b in runs[n + 1 :] if baseline in (None, a)]
    names = list(rows[0]["metrics"])
    return Comparison(
        schema_version=1,
        corpus="corpus.jsonl",
        corpus_sha256="ab" * 32,
        cluster_ids=tuple(ids),
        baseline=baseline,
        primary=PRIMARY,
        missing="Missing and failed outputs count as empty texts",
        alpha=0.05,
        seed=0,
        resamples=1000,
        signatures=tuple(rows[0]["signatures"].values()),
        systems=tuple(_system(run, by_run[run], names, scores) for run in runs),
        pairs=tuple(_pair(a, b, by_run[a], by_run[b], names, ids) for a, b in held),
        notes=(),
    )


def _interval(values: Sequence[float]) -> Interval:
    mean = statistics.fmean(values)
    reach = 1.96 * statistics.stdev(values) / len(values) ** 0.5 if len(values) > 1 else 0.0
    return Interval(low=mean - reach, high=mean + reach, level=0.95, method="normal")


def _values(rows: Mapping[str, Any], metric: str) -> dict[str, float]:
    found = {name: row["metrics"][metric]["value"] for name, row in rows.items()}
    return {name: value for name, value in found.items() if value is not None}


def _system(run: str, rows: Mapping[str, Any], names: Sequence[str], scores: Path) -> System:
    measured = []
    for name in names:
        values = list(_values(rows, name).values())
        without = len(rows) - len(values)
        measured.append(
            Measured(
                metric=name,
                mean=statistics.fmean(values) if values else None,
                sd=statistics.stdev(values) if len(values) > 1 else None,
                n=len(values),
                interval=_interval(values) if values else None,
                pooled=None,
                without=(Counted(what="nothing named", count=without),) if without else (),
            )
        )
    states = list(dict.fromkeys(row["state"] for row in rows.values()))
    return System(
        name=run,
        source=str(scores),
        run=run,
        n=len(rows),
        states=tuple(
            Counted(what=state, count=sum(row["state"] == state for row in rows.values()))
            for state in states
        ),
        outputs_sha256="cd" * 32,
        metrics=tuple(measured),
    )


def _pair(
    baseline: str,
    candidate: str,
    first: Mapping[str, Any],
    second: Mapping[str, Any],
    names: Sequence[str],
    ids: Sequence[str],
) -> Pair:
    differing = tuple(n for n in ids if first[n]["prediction"] != second[n]["prediction"])
    metrics = tuple(
        found
        for name in names
        if (found := _metric(name, _values(first, name), _values(second, name)))
    )
    return Pair(
        baseline=baseline,
        candidate=candidate,
        identical=not differing,
        differing=differing,
        metrics=metrics if differing else (),
        verdict=Verdict.NO_DIFFERENCE if differing else Verdict.NO_CHANGE,
        reasons=("too few clusters",) if differing else (),
    )


def _metric(
    name: str, first: Mapping[str, float], second: Mapping[str, float]
) -> MetricComparison | None:
    both = [key for key in first if key in second]
    if not both:
        return None
    gaps = [second[key] - first[key] for key in both]
    interval, mean = _interval(gaps), statistics.fmean(gaps)
    direction = Direction.LOWER if name in _LOWER else Direction.HIGHER
    verdict = Verdict.NO_DIFFERENCE if name in PRIMARY else Verdict.INTERVAL_ONLY
    if name in PRIMARY and interval.low is not None and interval.high is not None:
        verdict = Verdict.BETTER if interval.low > 0 else verdict
        verdict = Verdict.WORSE if interval.high < 0 else verdict
    sd = statistics.stdev(gaps) if len(gaps) > 1 else 0.0
    return MetricComparison(
        metric=name,
        signature=name,
        direction=direction,
        primary=name in PRIMARY,
        n=len(both),
        baseline_mean=statistics.fmean(first[key] for key in both),
        candidate_mean=statistics.fmean(second[key] for key in both),
        difference=mean,
        interval=interval,
        p=0.04 if name in PRIMARY else None,
        p_adjusted=0.08 if name in PRIMARY else None,
        effect=mean / sd if sd else None,
        mde80=2.8 * sd / len(both) ** 0.5,
        wins=sum(gap > 0 for gap in gaps),
        ties=sum(gap == 0 for gap in gaps),
        losses=sum(gap < 0 for gap in gaps),
        pooled=None,
        without=(),
        verdict=verdict,
    )
