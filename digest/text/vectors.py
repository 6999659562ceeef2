"""Sparse word vectors and the similarity of sentences."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from scipy.sparse import csr_matrix


_BLOCK = 500  # rows whose candidates are held in memory at a time


def tfidf(texts: Sequence[str]) -> csr_matrix:
    """Return L2-normalised TF-IDF rows over content stems, shape (len(texts), vocabulary).

    Term frequency is 1 + log(tf), inverse document frequency is smoothed as in scikit-learn. Texts
    without content words give zero rows; no texts, or none with content, give shape (n, 0 or 1).
    """
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - 1.2 s

    vectorizer = TfidfVectorizer(analyzer=content_stems, sublinear_tf=True)
    try:
        return vectorizer.fit_transform(texts)
    except ValueError:  # an empty vocabulary
        from scipy.sparse import csr_matrix as matrix  # noqa: PLC0415 - as above

        return matrix((len(texts), 1))


def similarity(left: str, right: str) -> float:
    """Return the cosine of two texts' content-stem counts, in [0, 1].

    >>> similarity("Leaders meeting in Paris.", "In Paris, the leaders were meeting.")
    1.0
    """
    left_counts, right_counts = Counter(content_stems(left)), Counter(content_stems(right))
    dot = sum(count * right_counts[stem] for stem, count in left_counts.items())
    if not dot:
        return 0.0
    norm = math.hypot(*left_counts.values()) * math.hypot(*right_counts.values())
    return min(1.0, round(dot / norm, 12))


def candidate_pairs(rows: csr_matrix, *, at_least: float) -> list[tuple[int, int, float]]:
    """Return (i, j, cosine) with i < j for pairs that share a rare term and reach `at_least`.

    A term is rare when a tenth of the rows hold it, at least ten and at most fifty: an inverted
    index over rare terms proposes the pairs, so that common words never bring everything together
    with everything, and time and memory grow with the number of rows.

    Args:
        rows: L2-normalised, as from `tfidf`.
        at_least: cosine over all terms, in (0, 1].
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s

    n = rows.shape[0]
    holders = np.asarray((rows > 0).sum(axis=0)).ravel()
    rare = rows[:, holders <= min(50, max(10, n // 10))].tocsr()
    found: list[tuple[int, int, float]] = []
    for start in range(0, n, _BLOCK):
        proposed = (rare[start : start + _BLOCK] @ rare.T).tocoo()
        upper = proposed.row + start < proposed.col
        left, right = proposed.row[upper] + start, proposed.col[upper]
        cosine = np.asarray(rows[left].multiply(rows[right]).sum(axis=1)).ravel()
        keep = np.flatnonzero(cosine >= at_least)
        found += [(int(left[k]), int(right[k]), float(round(cosine[k], 9))) for k in keep]
    return sorted(found)
