"""Vectors -> groups: candidate pairs from posting lists, average linkage, a cut by closeness.

Cost grows about linearly: two articles are compared only when they stand near each other in the
posting list of one of their heaviest terms, and dense work stays inside blocks of bounded size.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from numpy import ndarray
    from scipy.sparse import csr_matrix

PROBES = 16  # heaviest terms each article is posted under
NEIGHBORS = 16  # articles met in each posting list
MAX_BLOCK = 1000  # larger components are split by a stricter edge
# Two groups join only if their cross mean is this share of their inner means: twin events share a
# vocabulary, but less of it than the reports of one event do. B-cubed F1 on ECB+: .48 .944, .54
# .951, .6 .955, .66 .939, .72 .908; without it .940 at best, at a threshold of .18.
CLOSENESS = 0.6
# An inner mean counts at most this much: copies of one text are no reason to keep others out. With
# .3 twin events of the seeds fall together, without it a group with one wire copy stays closed.
CEILING = 0.45
# Distance of a forbidden pair, and less than no distance of a required one: no mean over a block
# brings the first below 1, and what must be together is so before anything else joins.
_APART = 1e7


def candidate_pairs(rows: csr_matrix) -> tuple[ndarray, ndarray]:
    """Return pairs, shape (p, 2) with p <= n * PROBES * NEIGHBORS, and their cosines.

    Short posting lists are compared in full; long ones, sorted by weight, are chained.
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s

    n, columns = rows.shape[0], rows.indices
    row = np.repeat(np.arange(n), np.diff(rows.indptr))
    heavy = np.lexsort((columns, -rows.data, row))
    heavy = heavy[np.arange(len(row)) - rows.indptr[row] < PROBES]
    post = heavy[np.lexsort((row[heavy], -rows.data[heavy], columns[heavy]))]
    codes = [np.zeros(0, dtype=np.int64)]
    for step in range(1, NEIGHBORS + 1):
        shared = columns[post[:-step]] == columns[post[step:]]
        a, b = row[post[:-step][shared]], row[post[step:][shared]]
        codes.append(np.unique(np.minimum(a, b) * n + np.maximum(a, b)))
    code = np.unique(np.concatenate(codes))
    pairs = np.stack([code // max(n, 1), code % max(n, 1)], axis=1)
    chunks = np.array_split(pairs, len(pairs) // 20_000 + 1)
    cosines = [rows[p[:, 0]].multiply(rows[p[:, 1]]).sum(axis=1) for p in chunks]
    return pairs, np.concatenate([np.asarray(c).ravel() for c in cosines])


def partition(
    rows: csr_matrix,
    *,
    threshold: float,
    outside: Callable[[int, int], bool],
    must_link: Sequence[tuple[int, int]] = (),
    cannot_link: Sequence[tuple[int, int]] = (),
) -> list[int]:
    """Return a label per row.

    Args:
        rows: as from `vectorize`.
        threshold: mean similarity below which two groups are never one event.
        outside: tells whether two rows lie too far apart in time; such pairs count as unlike.
        must_link: pairs that share a group whatever they say.
        cannot_link: pairs that never do.
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s

    n = rows.shape[0]
    if n == 0:
        return []
    glued = _components(n, np.asarray(must_link, dtype=int).reshape(-1, 2))
    chain = np.stack([np.arange(n), np.unique(glued, return_index=True)[1][glued]], axis=1)
    labels = np.arange(n)
    # Edges below the threshold can go: an accepted merge has its mean, so one pair at least, above.
    todo = [(np.arange(n), *candidate_pairs(rows), threshold)]
    while todo:
        members, pairs, cosines, edge = todo.pop()
        pairs, cosines = pairs[cosines >= edge], cosines[cosines >= edge]
        component = _components(n, np.concatenate([pairs, chain]))
        order = members[np.argsort(component[members], kind="stable")]
        for group in np.split(order, np.flatnonzero(np.diff(component[order])) + 1):
            if len(group) > MAX_BLOCK and edge < 1:
                inside = component[pairs[:, 0]] == component[group[0]]
                todo.append((group, pairs[inside], cosines[inside], edge * 1.25))
                continue
            for start in range(0, len(group), MAX_BLOCK):
                block = group[start : start + MAX_BLOCK]
                cosine = _similarities(rows, block, outside)
                place = {int(item): index for index, item in enumerate(block)}
                apart = [(place[i], place[j]) for i, j in cannot_link if {i, j} <= place.keys()]
                labels[block] = block[_cut(cosine, glued[block], apart, threshold)]
    return [int(label) for label in labels]


def _similarities(rows: csr_matrix, block: ndarray, outside: Callable[[int, int], bool]) -> ndarray:
    cosine: ndarray = (rows[block] @ rows[block].T).toarray()
    for a, i in enumerate(block):
        for b in range(a):
            if outside(int(i), int(block[b])):
                cosine[a, b] = cosine[b, a] = 0.0
    return cosine


def _components(n: int, edges: ndarray) -> ndarray:
    """Return the connected component of each of n nodes."""
    import numpy as np  # noqa: PLC0415 - 0.1 s
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - 0.3 s
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - as above

    graph = coo_matrix((np.ones(len(edges)), (edges[:, 0], edges[:, 1])), shape=(n, n))
    found: ndarray = connected_components(graph, directed=False)[1]
    return found


def _cut(
    cosine: ndarray, glued: ndarray, apart: Sequence[tuple[int, int]], threshold: float
) -> ndarray:
    """Return, per row, the smallest index of its group.

    Groups A and B join when mean(A x B) >= threshold and mean(A x B) >= CLOSENESS * sqrt(mean(A) *
    mean(B)). An inner mean starts from one imagined pair at the threshold, so that single texts are
    not vetoed and pairs are not held to one measurement.
    """
    import numpy as np  # noqa: PLC0415 - 0.1 s
    from scipy.cluster.hierarchy import linkage  # noqa: PLC0415 - 0.3 s
    from scipy.spatial.distance import squareform  # noqa: PLC0415 - as above

    n = len(cosine)
    label = np.arange(n)
    if n < 2:
        return label
    same = glued[:, None] == glued[None, :]
    distance = np.where(same, -_APART, 1.0 - np.clip(cosine, 0.0, 1.0))
    for i, j in apart:
        far = same[i][:, None] & same[j][None, :]
        distance[far | far.T] = _APART
    groups = [_Group(np.array([i]), threshold, whole=True) for i in range(n)]
    for left, right, height, _ in linkage(squareform(distance, checks=False), "average"):
        first, second = groups[int(left)], groups[int(right)]
        cross = float(cosine[np.ix_(first.members, second.members)].sum())
        mean = cross / (len(first.members) * len(second.members))
        close = height <= 1 and mean >= max(
            threshold, CLOSENESS * (first.mean * second.mean) ** 0.5
        )
        joined = first.whole and second.whole and (close or height < 0)
        union = np.concatenate([first.members, second.members])
        groups.append(_Group(union, first.inner + second.inner + cross - threshold, whole=joined))
        if joined:
            label[union] = union.min()
    return label


class _Group:
    """A node of the linkage tree: its rows, the sum of its inner similarities, whether it holds."""

    def __init__(self, members: ndarray, inner: float, *, whole: bool) -> None:
        self.members, self.inner, self.whole = members, inner, whole

    @property
    def mean(self) -> float:
        """Mean inner similarity, one imagined pair at the threshold included."""
        size = len(self.members)
        return min(CEILING, self.inner / (size * (size - 1) / 2 + 1))
