"""How well a way of comparing sentences agrees with the teacher."""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, Any, Final

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray
    from scipy.sparse import csr_matrix

    from digest.training.embedding.sentences import Told

_RANDOM_PAIRS: Final = 20_000


def agreement(
    rows: NDArray[Any] | csr_matrix, teacher: NDArray[np.float32], sentences: Sequence[Told]
) -> dict[str, float]:
    """Return Spearman's correlation of two kinds of cosines, over pairs of one story and any pairs.

    Args:
        rows: the vectors in question, of length one or zero, shape (sentences, any).
        teacher: the teacher's vectors, of length one.
        sentences: what both are of.

    Returns:
        `one_story` and `any`, each in [-1, 1]; 0 where all cosines are the same.
    """
    return {
        name: _spearman(_cosines(rows, pairs), _cosines(teacher, pairs))
        for name, pairs in (("one_story", _of_one_story(sentences)), ("any", _any(len(sentences))))
    }


def _of_one_story(sentences: Sequence[Told]) -> NDArray[np.int64]:
    places: dict[str, list[int]] = defaultdict(list)
    for place, told in enumerate(sentences):
        places[told.story].append(place)
    found = [pair for group in places.values() for pair in combinations(group, 2)]
    return np.array(found, dtype=np.int64).reshape(-1, 2)


def _any(count: int) -> NDArray[np.int64]:
    pairs = np.random.default_rng(1).integers(0, count, size=(_RANDOM_PAIRS, 2))
    found: NDArray[np.int64] = pairs[pairs[:, 0] != pairs[:, 1]]
    return found


def _cosines(rows: NDArray[Any] | csr_matrix, pairs: NDArray[np.int64]) -> NDArray[np.float64]:
    left, right = rows[pairs[:, 0]], rows[pairs[:, 1]]
    product = left * right if isinstance(left, np.ndarray) else left.multiply(right)
    return np.asarray(product.sum(axis=1), dtype=np.float64).ravel()


def _spearman(left: NDArray[np.float64], right: NDArray[np.float64]) -> float:
    from scipy.stats import spearmanr  # noqa: PLC0415 - 1 s

    if len(left) < 2 or np.ptp(left) == 0 or np.ptp(right) == 0:
        return 0.0
    return float(spearmanr(left, right).statistic)
