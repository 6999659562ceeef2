"""Entrants -> columns: the same clusters in the same order, or a refusal that says what differs."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from eval.comparing.catalogue import kind_of
from eval.comparing.records import Direction
from eval.errors import NotComparableError
from eval.ledger import corpus_sha256
from eval.records import OutputState

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from typing import TypeAlias

    from eval.comparing.entrants import Entrant, Output
    from eval.weighted import Floats

    # What an output that is not there scores, and the clusters for which it does.
    _Worst: TypeAlias = tuple[float, frozenset[str]]

_SHOWN = 3  # ids named in a message


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """One system's figures, each array of shape (clusters,), nan where there is none.

    `notes` say per metric and cluster why there is none. `hits` and `totals` are there for ratios.
    """

    entrant: Entrant
    hashes: tuple[str, ...]
    states: Counter[str]
    values: Mapping[str, Floats]
    hits: Mapping[str, Floats]
    totals: Mapping[str, Floats]
    notes: Mapping[str, tuple[str | None, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Aligned:
    """All systems on one corpus. `cluster_ids` give the order of every column."""

    corpus: str
    corpus_sha256: str
    cluster_ids: tuple[str, ...]
    signatures: Mapping[str, str]
    metrics: tuple[str, ...]
    columns: tuple[Columns, ...]


def align(entrants: Sequence[Entrant], *, missing: str) -> Aligned:
    """Return the entrants side by side.

    Args:
        entrants: two or more.
        missing: the rule for outputs that are not there, "worst" or "as_scored".

    Raises:
        NotComparableError: clusters or choices differ; the message says which.
    """
    first, *others = entrants
    differences = [line for other in others for line in _differences(first, other)]
    if differences:
        same = all(first.outputs.keys() == other.outputs.keys() for other in others)
        way_out = _SCORED_AGAIN if same else _WRITTEN_AGAIN
        raise NotComparableError("\n".join(["these cannot be compared:", *differences, way_out]))
    ids = tuple(sorted(first.outputs))
    metrics = tuple(
        dict.fromkeys(
            name for entrant in entrants for o in entrant.outputs.values() for name in o.values
        )
    )
    worst = {name: _worst(name, entrants) for name in metrics} if missing == "worst" else {}
    scored = {name: _scored(name, entrants) for name in worst}
    pairs = [[name, first.outputs[name].example_sha256] for name in ids]
    return Aligned(
        corpus=first.corpus,
        corpus_sha256=corpus_sha256(pairs),
        cluster_ids=ids,
        signatures={k: v for entrant in entrants for k, v in entrant.signatures.items()},
        metrics=metrics,
        columns=tuple(
            _columns(
                entrant, ids, metrics, {n: (worst[n], scored[n]) for n in _owed(entrant, worst)}
            )
            for entrant in entrants
        ),
    )


_SCORED_AGAIN = (
    "Stored outputs can be scored again alike, without generating: `digest eval rescore FOLDER "
    "--output NEW`, with the same options and the same --corpus for all."
)
_WRITTEN_AGAIN = (
    "Give outputs for the same clusters: `digest eval predict --config C --corpus K --output P` "
    "writes one for each cluster of a corpus; a run folder has the events that it found itself, "
    "unless its input names them."
)


def _differences(a: Entrant, b: Entrant) -> list[str]:
    found = [
        f"- {family}: {a.name} has {_choices(one, other)}, {b.name} has {_choices(other, one)}"
        for family, one in a.signatures.items()
        if (other := b.signatures.get(family)) is not None and other != one
    ]
    for x, y in ((a, b), (b, a)):
        alone = sorted(x.outputs.keys() - y.outputs.keys())
        if alone:
            found.append(
                f"- corpus: {len(alone)} of {len(x.outputs)} clusters are in {x.name} "
                f"({x.corpus}) and not in {y.name} ({y.corpus}): {_some(alone)}"
            )
    changed = sorted(
        name
        for name in a.outputs.keys() & b.outputs.keys()
        if a.outputs[name].example_sha256 != b.outputs[name].example_sha256
    )
    if changed:
        found.append(
            f"- corpus: {len(changed)} of {len(a.outputs)} clusters have other articles or "
            f"references in {a.name} than in {b.name}: {_some(changed)}"
        )
    return found


def _choices(mine: str, other: str) -> str:
    """Return the parts of a signature that another one has not."""
    theirs = set(other.split("|"))
    return "|".join(part for part in mine.split("|") if part not in theirs) or "nothing else"


def _some(names: Sequence[str]) -> str:
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    return ", ".join(map(repr, names[:_SHOWN])) + more


def _worst(metric: str, entrants: Sequence[Entrant]) -> float:
    """Return what an output that is not there scores: nan where no way is good."""
    way = kind_of(metric).direction
    if way is Direction.HIGHER:
        return 0.0
    seen = [
        value.value
        for entrant in entrants
        for output in entrant.outputs.values()
        if (value := output.values.get(metric)) is not None and value.value is not None
    ]
    return max(seen, default=float("nan")) if way is Direction.LOWER else float("nan")


def _scored(metric: str, entrants: Sequence[Entrant]) -> frozenset[str]:
    """Return the clusters for which a metric has a value of some written output.

    Where no system has one, such as ROUGE without references, there is nothing to be worst at.
    """
    return frozenset(
        name
        for entrant in entrants
        for name, output in entrant.outputs.items()
        if output.state is OutputState.WRITTEN and _has(output, metric)
    )


def _owed(entrant: Entrant, metrics: Iterable[str]) -> list[str]:
    """Return the metrics that a system has wherever it wrote: one that never cites owes none."""
    written = [o for o in entrant.outputs.values() if o.state is OutputState.WRITTEN]
    return [m for m in metrics if not written or any(_has(output, m) for output in written)]


def _has(output: Output, metric: str) -> bool:
    found = output.values.get(metric)
    return found is not None and found.value is not None


def _columns(
    entrant: Entrant, ids: Sequence[str], metrics: Sequence[str], worst: Mapping[str, _Worst]
) -> Columns:
    outputs = [entrant.outputs[name] for name in ids]
    cells = {
        name: [
            _cell(output, name, _due(worst.get(name), key))
            for key, output in zip(ids, outputs, strict=True)
        ]
        for name in metrics
    }
    counted = {
        name: [_counts(output, name) for output in outputs]
        for name in metrics
        if any(o.values.get(name) and o.values[name].total is not None for o in outputs)
    }
    return Columns(
        entrant=entrant,
        hashes=tuple(output.sha256 for output in outputs),
        states=Counter(output.state.value for output in outputs),
        values={name: np.array([value for value, _ in column]) for name, column in cells.items()},
        hits={name: np.array([hits for hits, _ in column]) for name, column in counted.items()},
        totals={name: np.array([total for _, total in column]) for name, column in counted.items()},
        notes={name: tuple(note for _, note in column) for name, column in cells.items()},
    )


def _due(worst: _Worst | None, cluster_id: str) -> float | None:
    """Return what an output that is not there scores; None: what the empty text does."""
    return worst[0] if worst is not None and cluster_id in worst[1] else None


def _cell(output: Output, metric: str, worst: float | None) -> tuple[float, str | None]:
    if output.state is not OutputState.WRITTEN and worst is not None:
        return worst, None if np.isfinite(worst) else output.state.value
    found = output.values.get(metric)
    if found is None:
        failed = kind_of(metric).family in output.errors
        return float("nan"), "the metric failed" if failed else "not scored"
    if found.value is None:
        return float("nan"), found.note or "nothing to measure"
    return found.value, None


def _counts(output: Output, metric: str) -> tuple[float, float]:
    found = output.values.get(metric)
    if found is None or found.total is None or found.hits is None:
        return 0.0, 0.0
    return found.hits, found.total
