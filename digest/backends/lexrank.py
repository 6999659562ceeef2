"""LexRank (Erkan and Radev 2004): sentences ranked by a random walk over their similarities."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.backends.extractive import take
from digest.text.vectors import similarity, tfidf

if TYPE_CHECKING:
    from collections.abc import Iterator

    from scipy.sparse import csr_matrix

    from digest.config import LexRankConfig
    from digest.records import Article, Cluster, Facts, Summary

# Erkan and Radev drop sentences whose cosine with a better one passes a bar (their re-ranker).
_REPEATS = 0.5
_ITERATIONS = 100


@dataclass(frozen=True, slots=True)
class LexRankBackend:
    """The classic graph baseline, as one sparse product."""

    config: LexRankConfig

    @property
    def name(self) -> str:
        """The name used in configurations."""
        return "lexrank"

    def summarize(self, cluster: Cluster, facts: Facts, *, max_words: int) -> Summary:  # noqa: ARG002 - LexRank knows no facts
        """Return the most central sentences that do not repeat a better one."""
        return take(cluster, self._ranked(cluster), backend=self.name, max_words=max_words)

    def _ranked(self, cluster: Cluster) -> Iterator[tuple[Article, int]]:
        places = [(a, i) for a in cluster.articles for i in range(len(a.sentences))]
        texts = [article.sentences[index].text for article, index in places]
        scores = centrality(
            tfidf(texts), threshold=self.config.threshold, damping=self.config.damping
        )
        taken: list[str] = []
        for index in sorted(range(len(places)), key=lambda i: (-round(scores[i], 12), i)):
            if all(similarity(texts[index], other) < _REPEATS for other in taken):
                taken.append(texts[index])
                yield places[index]


def centrality(rows: csr_matrix, *, threshold: float, damping: float) -> list[float]:
    """Return the stationary distribution of the walk over rows more similar than `threshold`.

    Args:
        rows: L2-normalised sentence vectors, shape (n, vocabulary).
        threshold: cosine below which two sentences are not linked.
        damping: probability of following a link instead of jumping.
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s
    from scipy.sparse import csr_matrix as matrix  # noqa: PLC0415 - 0.3 s

    n = rows.shape[0]
    if n == 0:
        return []
    graph = (rows @ rows.T).tocsr()
    graph.data = np.where(graph.data > threshold, 1.0, 0.0)
    graph.setdiag(1.0)
    graph.eliminate_zeros()
    degree = np.asarray(graph.sum(axis=1)).ravel()
    walk = matrix(graph.multiply(1.0 / degree[:, None])).T.tocsr()
    scores = np.full(n, 1.0 / n)
    for _ in range(_ITERATIONS):
        following = (1.0 - damping) / n + damping * (walk @ scores)
        if np.abs(following - scores).max() < 1e-10:
            break
        scores = following
    return [float(score) for score in scores]
