"""What a report is made from: a comparison, the rows behind it, its corpus, the history."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError
from digest.records import Label
from eval.records import EntityVerdict, Level, OutputState, SourceSpan
from eval.store import SCORES

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from eval.comparing.records import Comparison
    from eval.nights.records import Trend


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """Everything a report shows.

    `folders` are folders of scores that together hold the rows of all systems, `corpus` is a file
    of examples. `trend` is the history of nights, None where there is none. `created` is the time
    to print, ISO 8601; None prints none.
    """

    comparison: Comparison
    folders: tuple[Path, ...]
    corpus: Path
    trend: Trend | None = None
    created: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """What one system wrote about one cluster, and what was found in it.

    `metrics` are values by name, None where there was nothing to measure.
    """

    state: OutputState
    failure: str | None
    text: str
    verdicts: tuple[EntityVerdict, ...]
    metrics: Mapping[str, float | None]


def read_outputs(material: Material, metrics: Collection[str]) -> dict[str, dict[str, Output]]:
    """Return cluster id -> system -> output, for all clusters and systems of the comparison.

    Args:
        material: where to look.
        metrics: which values to keep; the rows have dozens.

    Raises:
        UsageError: a folder cannot be read, or an output is in none of them.
    """
    comparison = material.comparison
    found: dict[str, dict[str, Output]] = {name: {} for name in comparison.cluster_ids}
    for folder in material.folders:
        names = _names(comparison, folder)
        for row in _rows(folder / SCORES):
            system = names.get(row["run"])
            if system is not None and row["id"] in found:
                found[row["id"]][system] = _output(row, metrics)
    for cluster, outputs in found.items():
        for one in comparison.systems:
            if one.name not in outputs:
                places = ", ".join(map(str, material.folders))
                raise UsageError(
                    f"no row of {one.name} for the cluster {cluster!r} in {places}; score it first"
                )
        found[cluster] = {system.name: outputs[system.name] for system in comparison.systems}
    return found


def _names(comparison: Comparison, folder: Path) -> dict[str, str]:
    """Return run -> system for the systems that one folder holds."""
    mine = (system for system in comparison.systems if Path(system.source) == folder)
    return {system.run: system.name for system in mine}


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        with path.open(encoding="utf-8") as handle:
            for line in handle:
                yield json.loads(line)
    except (OSError, ValueError) as error:
        raise UsageError(f"{path} cannot be read ({error}); score the outputs again") from error


def _output(row: Mapping[str, Any], metrics: Collection[str]) -> Output:
    measured = row["metrics"]
    return Output(
        state=OutputState(row["state"]),
        failure=row["failure"],
        text=row["prediction"],
        verdicts=tuple(map(_verdict, row.get("entities", ()))),
        metrics={name: measured[name]["value"] for name in metrics if name in measured},
    )


def _verdict(item: Mapping[str, Any]) -> EntityVerdict:
    shown = item["evidence"]
    return EntityVerdict(
        text=item["text"],
        label=Label(item["label"]),
        start=item["start"],
        end=item["end"],
        key=item["key"],
        union=Level(item["union"]),
        anchored=Level(item["anchored"]),
        evidence=SourceSpan(**shown) if shown else None,
    )
