"""Sparse word vectors and the similarity of sentences."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from itertools import pairwise
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
    import numpy as np  # noqa: PLC0415 - 0.1 s
    from scipy.sparse import csr_matrix as matrix  # noqa: PLC0415 - 0.2 s

    bags = [Counter(content_stems(text)) for text in texts]
    holders = Counter(stem for bag in bags for stem in bag)
    if not holders:
        return matrix((len(texts), 1))
    stems = sorted(holders)
    place = {stem: column for column, stem in enumerate(stems)}
    cells = [(place[stem], count) for bag in bags for stem, count in sorted(bag.items())]
    columns, counts = np.array(cells).T
    starts = np.cumsum([0, *(len(bag) for bag in bags)])
    held = np.array([holders[stem] for stem in stems])
    weights = (np.log(counts) + 1) * (np.log((1 + len(texts)) / (1 + held)) + 1)[columns]
    norms = [np.sqrt((weights[a:b] ** 2).sum()) for a, b in pairwise(starts)]
    values = weights / np.repeat(norms, np.diff(starts))
    return matrix((values, columns, starts), shape=(len(texts), len(stems)))


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


class Said:
    """Texts met so far, and whether a new one is like any of them; no text is held against all.

    Where two texts have a cosine of t, less than t of the length of one cannot be all they share:
    the rarest stems of a text, taken until what is left is shorter than t of it, include one of
    each text that is so like it. Only those that share one of them are compared.
    """

    def __init__(self, *, at_least: float) -> None:
        """Begin with no texts; `at_least` is the cosine in (0, 1] from which texts are alike."""
        self._at_least = at_least
        self._texts: list[str] = []
        self._holders: dict[str, list[int]] = defaultdict(list)

    def add(self, text: str) -> None:
        """Count a text as met."""
        for stem in set(content_stems(text)):
            self._holders[stem].append(len(self._texts))
        self._texts.append(text)

    def repeats(self, text: str) -> bool:
        """Tell whether a text has a `similarity` of `at_least` to one met before."""
        found = {place for stem in self._telling(text) for place in self._holders[stem]}
        return any(similarity(text, self._texts[place]) >= self._at_least for place in found)

    def _telling(self, text: str) -> list[str]:
        """Return the stems of a text, rarest first, of which one is in every text like it."""
        counts = Counter(content_stems(text))
        left = sum(count * count for count in counts.values())
        enough = self._at_least**2 * left - 1e-6  # `similarity` rounds
        chosen: list[str] = []
        for stem in sorted(counts, key=lambda one: (len(self._holders.get(one, ())), one)):
            if left < enough:
                break
            chosen.append(stem)
            left -= counts[stem] ** 2
        return [stem for stem in chosen if stem in self._holders]


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
