"""Numbers that others measured on the labelled corpora, and what we get: a check of the harness.

A metric that cannot reproduce what is known of it is not the metric it is called by.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import UsageError
from eval.meta import peers
from eval.meta.labels import EntityOutput, ScoreRow, VotedOutput
from eval.meta.multiling import reproduce_multiling
from eval.meta.readers import read_labels
from eval.meta.records import Reproduced
from eval.meta.scorers import Written, articles, build_scorers
from eval.stats import Resampling, detection, pearson, spearman

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from eval.meta.labels import Row
    from eval.stats import Estimate

_FAITHFULNESS = "dev/faithfulness"
_MULTILING = "dev/multiling2011"
_POINT = Resampling(resamples=0)  # a published number has no interval to compare
_XSUM = {
    "R1": (0.197, 0.125),
    "R2": (0.162, 0.095),
    "RL": (0.162, 0.113),
    "BERTScore": (0.190, 0.116),
    "Entailment": (0.431, 0.264),
}
_QAGS_METRICS = (
    "rouge1_precision_source",
    "rouge2_precision_source",
    "rougeL_precision_source",
    "coverage",
    "density",
    "novel_3grams",
)
_QAGS = {
    "qags_cnndm": (0.425, 0.664, 0.483, 0.405, 0.495, -0.697),
    "qags_xsum": (0.315, 0.213, 0.263, 0.313, 0.133, -0.135),
}
_ENTFA = {
    "Nan rule": (peers.nan_rule, 0.780),
    "case-insensitive": (peers.case_insensitive, 0.842),
    "token-boundary": (peers.token_boundary, 0.845),
}


def reproduce(data: Path) -> list[Reproduced]:
    """Return every published number with ours.

    Args:
        data: the folder that holds `dev/`.

    Raises:
        UsageError: a corpus is missing, or not of its shape.
    """
    if not (data / "dev").is_dir():
        raise UsageError(f"{data}: the folder must hold dev/faithfulness and dev/multiling2011")
    return [
        *reproduce_multiling(data / _MULTILING),
        *_xsum(data / _FAITHFULNESS / "xsum_metric_scores.jsonl"),
        *_qags(data / _FAITHFULNESS),
        *_entfa(data / _FAITHFULNESS / "entfa_train.jsonl.xz"),
    ]


def _rows(path: Path) -> tuple[Row, ...]:
    return read_labels(path).rows


def _xsum(path: Path) -> Iterator[Reproduced]:
    """Yield the correlations of the columns that come with the annotations (Maynez et al. 2020).

    The references are not in the data, so ROUGE and BERTScore are theirs and only the correlation
    is ours.
    """
    rows = [row for row in _rows(path) if isinstance(row, ScoreRow)]
    for metric, figures in _XSUM.items():
        for label, figure in zip(("Faithful", "Factual"), figures, strict=True):
            pairs = [(row.value(metric), row.value(label)) for row in rows]
            known = [(a, b) for a, b in pairs if a is not None and b is not None]
            found = spearman([a for a, _ in known], [b for _, b in known], using=_POINT)
            yield _compared(
                f"XSum annotations, {metric} with {label.lower()}, Spearman",
                figure,
                found,
                note="metric as published, correlation ours",
            )


def _qags(folder: Path) -> Iterator[Reproduced]:
    scorers = build_scorers(_QAGS_METRICS)
    for name, figures in _QAGS.items():
        rows = [row for row in _rows(folder / f"{name}.jsonl.xz") if isinstance(row, VotedOutput)]
        consistency = [row.consistency for row in rows]
        scores: list[dict[str, float | None]] = []
        for row in rows:
            written = Written(prediction="\n".join(row.sentences), sources=articles(row.sources))
            scores.append({k: v for one in scorers for k, v in one.score(written).items()})
        for metric, figure in zip(_QAGS_METRICS, figures, strict=True):
            values = [score[metric] for score in scores]
            known = [(a, b) for a, b in zip(values, consistency, strict=True) if a is not None]
            found = pearson([a for a, _ in known], [b for _, b in known], using=_POINT)
            yield _compared(
                f"{name}, {metric} with consistency, Pearson",
                figure,
                found,
                note="share of sentences that most votes support",
            )


def _entfa(path: Path) -> Iterator[Reproduced]:
    rows = [row for row in _rows(path) if isinstance(row, EntityOutput)]
    mentions = [(row, entity) for row in rows for entity in row.entities]
    labels = [entity.hallucinated for _, entity in mentions]
    for name, (rule, figure) in _ENTFA.items():
        flags = [
            not rule(row.prediction[entity.start : entity.end], "\n".join(row.sources))
            for row, entity in mentions
        ]
        found = detection(flags, labels, using=_POINT).f1
        yield _compared(f"EntFA train, {name}, F1", figure, found, note="labelled spans")


def _compared(what: str, figure: float, found: Estimate, *, note: str) -> Reproduced:
    if found.value is None:
        raise UsageError(f"{what}: nothing to compare: {found.note}")
    return Reproduced(
        what=what, published=figure, ours=found.value, decimals=3, n=found.n, note=note
    )
