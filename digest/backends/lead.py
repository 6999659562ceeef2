"""LEAD: the first sentence of each article, then the second of each, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.backends.extractive import take

if TYPE_CHECKING:
    from digest.records import Cluster, Facts, Summary


@dataclass(frozen=True, slots=True)
class LeadBackend:
    """The baseline that news makes hard to beat."""

    @property
    def name(self) -> str:
        """The name used in configurations."""
        return "lead"

    def summarize(self, cluster: Cluster, facts: Facts, *, max_words: int) -> Summary:  # noqa: ARG002 - LEAD looks at positions only
        """Return sentences round-robin over the articles until nothing fits."""
        deepest = max((len(article.sentences) for article in cluster.articles), default=0)
        ranked = (
            (article, index)
            for index in range(deepest)
            for article in cluster.articles
            if index < len(article.sentences)
        )
        return take(cluster, ranked, backend=self.name, max_words=max_words)
