"""How well found clusters agree with gold ones."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Hashable, Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusteringScores:
    """B-cubed precision, recall and F1 in [0, 1], and the adjusted Rand index in [-0.5, 1]."""

    items: int
    precision: float
    recall: float
    f1: float
    ari: float


def score_clustering(gold: Sequence[Hashable], found: Sequence[Hashable]) -> ClusteringScores:
    """Compare two labelings of the same items, in the same order.

    Raises:
        ValueError: the labelings differ in length, or are empty.
    """
    from sklearn.metrics import adjusted_rand_score  # noqa: PLC0415 - 1.2 s

    precision, recall, f1 = bcubed(gold, found)
    ari = adjusted_rand_score(_numbered(gold), _numbered(found))
    return ClusteringScores(
        items=len(gold), precision=precision, recall=recall, f1=f1, ari=float(ari)
    )


def bcubed(gold: Sequence[Hashable], found: Sequence[Hashable]) -> tuple[float, float, float]:
    """Return B-cubed precision, recall and F1 (Bagga and Baldwin 1998), averaged over items.

    An item's precision is the share of its found cluster that is of its gold cluster, its recall
    the share of its gold cluster that is in its found one, itself included. By hand, for gold
    {a b c} {d e} and found {a b} {c d e}: precision (1 + 1 + 1/3 + 2/3 + 2/3) / 5 = 11/15, recall
    (2/3 + 2/3 + 1/3 + 1 + 1) / 5 = 11/15.

    >>> [round(15 * value, 12) for value in bcubed("aaabb", "11222")]
    [11.0, 11.0, 11.0]
    >>> bcubed("aabb", "1111")
    (0.5, 1.0, 0.6666666666666666)

    Raises:
        ValueError: the labelings differ in length, or are empty.
    """
    if len(gold) != len(found) or not gold:
        raise ValueError(f"one label per item wanted, got {len(gold)} gold and {len(found)} found")
    n = len(gold)
    in_gold, in_found = Counter(gold), Counter(found)
    shared = Counter(zip(gold, found, strict=True))
    precision = sum(c * c / in_found[f] for (_, f), c in shared.items()) / n
    recall = sum(c * c / in_gold[g] for (g, _), c in shared.items()) / n
    return precision, recall, 2 * precision * recall / (precision + recall)


def _numbered(labels: Sequence[Hashable]) -> list[int]:
    number = {label: n for n, label in enumerate(dict.fromkeys(labels))}
    return [number[label] for label in labels]
