"""Compare systems on the clusters of one corpus: the procedure of `docs/comparing.md`."""

from __future__ import annotations

from difflib import get_close_matches
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from digest.errors import UsageError
from eval.comparing.alignment import align
from eval.comparing.catalogue import kind_of
from eval.comparing.pairs import compare_pair, family_tests
from eval.comparing.records import Comparison
from eval.comparing.systems import system_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.comparing.alignment import Aligned
    from eval.comparing.entrants import Entrant
    from eval.comparing.records import Pair
    from eval.comparing.settings import CompareConfig

_FEW = 20  # clusters below which bootstrap intervals are known to be too narrow


def compare(
    entrants: Sequence[Entrant], config: CompareConfig, *, baseline: str | None = None
) -> Comparison:
    """Return how the entrants differ, each from the baseline or each from each.

    Args:
        entrants: two or more, scored alike on one corpus.
        config: primary metrics and the other choices, declared before.
        baseline: the system that the others are held against; None: all pairs, the one named
            earlier as the baseline of each.

    Raises:
        NotComparableError: corpora or signatures differ; the message says how.
        UsageError: fewer than two entrants, names repeat, no such baseline, or no such metric.
    """
    _check(entrants, baseline)
    aligned = align(entrants, missing=config.missing)
    primary = _primary(aligned, config)
    names = [entrant.name for entrant in entrants]
    asked = (
        list(combinations(names, 2))
        if baseline is None
        else [(baseline, name) for name in names if name != baseline]
    )
    columns = {column.entrant.name: column for column in aligned.columns}
    found = [(columns[a], columns[b]) for a, b in asked]
    tested = family_tests(found, primary, config)
    pairs = tuple(
        compare_pair(a, b, aligned, tests=tests, config=config)
        for (a, b), tests in zip(found, tested, strict=True)
    )
    return Comparison(
        schema_version=1,
        corpus=aligned.corpus,
        corpus_sha256=aligned.corpus_sha256,
        cluster_ids=aligned.cluster_ids,
        baseline=baseline,
        primary=primary,
        missing=config.missing,
        alpha=config.alpha,
        seed=config.seed,
        resamples=config.resamples,
        signatures=tuple(aligned.signatures.values()),
        systems=tuple(system_of(column, aligned, config) for column in aligned.columns),
        pairs=pairs,
        notes=(*_notes(aligned, primary, config), *_powerless(pairs, config)),
    )


def _check(entrants: Sequence[Entrant], baseline: str | None) -> None:
    names = [entrant.name for entrant in entrants]
    if len(names) < 2:
        raise UsageError(f"two systems or more are compared, got {', '.join(names) or 'none'}")
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise UsageError(f"two systems are called {twice!r}; rename one of them")
    if baseline is not None and baseline not in names:
        raise UsageError(f"no system is called {baseline!r}; there are {', '.join(names)}")


def _primary(aligned: Aligned, config: CompareConfig) -> tuple[str, ...]:
    """Return the primary metrics that were scored.

    Raises:
        UsageError: a metric is unknown.
    """
    for name in config.primary:
        family = kind_of(name).family
        if name in aligned.metrics or (family and family not in aligned.signatures):
            continue
        near = get_close_matches(name, aligned.metrics, n=1)
        hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(aligned.metrics)}"
        raise UsageError(f"no metric is called {name!r}; {hint}")
    return tuple(name for name in config.primary if name in aligned.metrics)


def _notes(aligned: Aligned, primary: Sequence[str], config: CompareConfig) -> tuple[str, ...]:
    found = [
        f"{name} was declared as primary, but has no values here"
        for name in config.primary
        if name not in primary
        or not any(np.isfinite(column.values[name]).any() for column in aligned.columns)
    ]
    lost = {c.entrant.name: c.states.total() - c.states["written"] for c in aligned.columns}
    rule = "as the worst value" if config.missing == "worst" else "as empty texts"
    found += [
        f"{name}: {count} of {len(aligned.cluster_ids)} outputs are missing, failed or empty, "
        f"scored {rule}"
        for name, count in lost.items()
        if count
    ]
    if len(aligned.cluster_ids) < _FEW:
        found.append(
            f"{len(aligned.cluster_ids)} clusters are few: intervals from fewer than {_FEW} tend "
            "to be too narrow"
        )
    return tuple(found)


def _powerless(pairs: Sequence[Pair], config: CompareConfig) -> list[str]:
    """Return a note where no outcome whatever could have been significant."""
    tests = [m for pair in pairs for m in pair.metrics if m.p is not None]
    if not tests or len(tests) * 2 / 2 ** max(m.n for m in tests) <= config.alpha:
        return []
    clusters = max(m.n for m in tests)
    where = f"{len(tests)} tests" if len(tests) > 1 else "a test"
    return [f"{clusters} clusters cannot reach p {config.alpha:g} in {where}, whatever the outputs"]
