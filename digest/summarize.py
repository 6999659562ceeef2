"""Cluster + Facts -> Summary: call a chain of backends, check the shape of what comes back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import BackendError
from digest.records import Summarized
from digest.text.sentences import count_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.protocols import Backend
    from digest.records import Cluster, Facts, Summary


def summarize(
    cluster: Cluster, facts: Facts, backends: Sequence[Backend], *, max_words: int
) -> Summarized:
    """Return the first acceptable summary of a chain of backends.

    A summary is acceptable when it has sentences, or the cluster has none, and keeps the budget.

    Raises:
        BackendError: every backend of the chain failed.
    """
    failures: list[str] = []
    for backend in backends:
        try:
            summary = backend.summarize(cluster, facts, max_words=max_words)
        except BackendError as error:
            failures.append(f"{backend.name}: {error}")
            continue
        fault = _fault(summary, cluster, max_words)
        if fault is None:
            return Summarized(summary=summary, failures=tuple(failures))
        failures.append(f"{backend.name}: {fault}")
    raise BackendError(
        f"no backend could write cluster {cluster.id}: {'; '.join(failures)}; "
        "end summarize.backends with an extractive one (lead)"
    )


def _fault(summary: Summary, cluster: Cluster, max_words: int) -> str | None:
    """Return what makes a summary unacceptable, None where it is fine."""
    words = sum(count_words(sentence.text) for sentence in summary.sentences)
    if words > max_words:
        return f"wrote {words} words, {max_words} are allowed"
    shortest = min(
        (count_words(s.text) for article in cluster.articles for s in article.sentences), default=0
    )
    if not summary.sentences and 0 < shortest <= max_words:
        return "wrote nothing"
    return None
