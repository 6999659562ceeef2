"""Average-linkage clustering of a sparse similarity graph. SciPy does the linking."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

# SciPy's average linkage needs the full distance matrix of a component: 2,000 items are 16 MB.
_MAX_COMPONENT = 2_000


def average_linkage(
    n: int, similarities: Sequence[tuple[int, int, float]], *, threshold: float
) -> list[int]:
    """Return a label per item, 0-based and numbered by first member.

    Pairs that are not listed count as similarity 0, and a listed -1 keeps two items apart unless
    the rest of their groups outweighs it. Work is bounded by connected component: one larger than
    2,000 items is first cut by raising the bar for an edge.

    Args:
        n: number of items.
        similarities: (i, j, similarity) in [-1, 1], each pair once.
        threshold: groups whose mean similarity is at least this are joined.
    """
    labels = [-1] * n
    fresh = 0
    components = _components(n, similarities, bar=0.0)
    home = {item: index for index, component in enumerate(components) for item in component}
    edges: list[list[tuple[int, int, float]]] = [[] for _ in components]
    for i, j, value in similarities:
        if home[i] == home[j]:
            edges[home[i]].append((i, j, value))
    for component, inside in zip(components, edges, strict=True):
        for group in _cut(component, inside, threshold):
            for item in group:
                labels[item] = fresh
            fresh += 1
    order = {label: rank for rank, label in enumerate(dict.fromkeys(labels))}
    return [order[label] for label in labels]


def _components(
    n: int, similarities: Sequence[tuple[int, int, float]], *, bar: float
) -> list[list[int]]:
    """Return connected components over edges above `bar`; large ones again at a higher bar."""
    from scipy.sparse import coo_matrix  # noqa: PLC0415 - 0.3 s
    from scipy.sparse.csgraph import connected_components  # noqa: PLC0415 - as above

    edges = [(i, j) for i, j, value in similarities if value > bar]
    rows, columns = ([e[0] for e in edges], [e[1] for e in edges])
    graph = coo_matrix(([1] * len(edges), (rows, columns)), shape=(n, n))
    _, found = connected_components(graph, directed=False)
    members: dict[int, list[int]] = defaultdict(list)
    for item, label in enumerate(found):
        members[int(label)].append(item)
    if bar < 0.95 and any(len(group) > _MAX_COMPONENT for group in members.values()):
        return _components(n, similarities, bar=bar + 0.05)
    return list(members.values())


def _cut(
    component: list[int], similarities: Sequence[tuple[int, int, float]], threshold: float
) -> list[list[int]]:
    if len(component) == 1:
        return [component]
    import numpy as np  # noqa: PLC0415 - 0.1 s
    from scipy.cluster.hierarchy import fcluster, linkage  # noqa: PLC0415 - 0.3 s
    from scipy.spatial.distance import squareform  # noqa: PLC0415 - as above

    place = {item: index for index, item in enumerate(component)}
    distance = np.ones((len(component), len(component)))
    np.fill_diagonal(distance, 0.0)
    for i, j, value in similarities:
        distance[place[i], place[j]] = distance[place[j], place[i]] = 1.0 - value
    tree = linkage(squareform(distance, checks=False), method="average")
    flat = fcluster(tree, t=1.0 - threshold + 1e-12, criterion="distance")
    groups: dict[int, list[int]] = defaultdict(list)
    for item, label in zip(component, flat, strict=True):
        groups[int(label)].append(item)
    return list(groups.values())
