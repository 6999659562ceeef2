"""Stored outputs, scored again: new metrics or other choices, without generating."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError
from eval.batches import examples_of
from eval.harness import Batch, score
from eval.records import OutputState, Prediction, SourceSpan
from eval.store import MANIFEST, SCORES, SUMMARY, is_scores
from eval.suite import parse_options

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from digest.protocols import Progress


def rescore(
    folder: Path,
    *,
    output: Path,
    corpus: str | None = None,
    changes: Mapping[str, Any],
    processes: int | None = None,
    progress: Progress,
) -> dict[str, Any]:
    """Score the outputs of a folder of scores again and return the summary.

    Args:
        folder: a finished folder of scores.
        output: as for `eval.harness.score`; `folder` itself to replace it.
        corpus: where the corpus is, if it has moved.
        changes: options that differ from those it was scored with.
        processes: as for `eval.harness.score`.
        progress: told of each output.

    Raises:
        UsageError: it is no folder of scores, or the corpus cannot be found.
        NotComparableError: the corpus has changed since.
    """
    if not is_scores(folder):
        raise UsageError(f"{folder} is no finished folder of scores")
    summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    stored = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["options"]
    stored["families"] = tuple(stored["families"])
    if corpus is not None and len(summary["corpora"]) > 1:
        names = ", ".join(row["name"] for row in summary["corpora"])
        raise UsageError(f"{folder} has several corpora ({names}), so --corpus fits none of them")
    batches = [
        Batch(
            name=row["name"],
            examples=examples_of(row, instead=corpus),
            predictions=_outputs(folder, set(row["runs"])),
            source=corpus or row.get("source"),
            references=row.get("references"),
        )
        for row in summary["corpora"]
    ]
    options = parse_options(**{**stored, **changes})
    return score(batches, options, output=output, processes=processes, progress=progress)


def _outputs(folder: Path, runs: set[str]) -> Iterator[Prediction]:
    with (folder / SCORES).open(encoding="utf-8", newline="\n") as handle:
        for row in map(json.loads, handle):
            if row["run"] in runs and row["state"] != OutputState.MISSING:
                yield Prediction(
                    id=row["id"],
                    prediction=row["prediction"],
                    run=row["run"],
                    failure=row["failure"],
                    citations=_citations(row.get("citations")),
                )


def _citations(
    lines: list[list[dict[str, Any]]] | None,
) -> tuple[tuple[SourceSpan, ...], ...] | None:
    if lines is None:
        return None
    return tuple(tuple(SourceSpan(**span) for span in line) for line in lines)
