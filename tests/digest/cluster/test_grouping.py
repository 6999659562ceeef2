"""Vectors to groups without comparing all with all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from scipy.sparse import csr_matrix

from digest.cluster import grouping
from digest.cluster.channels import CHANNELS, bags, vectorize
from digest.cluster.grouping import NEIGHBORS, PROBES, candidate_pairs, partition

if TYPE_CHECKING:
    import pytest


def _near(_i: int, _j: int) -> bool:
    return False


def _topics(n: int) -> list[str]:
    return [
        f"Topic{k % 7} shares words about Harbour{k % 7} and boats, note {k} by Writer{k % 13}."
        for k in range(n)
    ]


def test_pairs_grow_with_the_articles_and_not_with_their_square() -> None:
    for n in (50, 1200):
        pairs, cosines = candidate_pairs(vectorize(_topics(n)).rows)
        assert len(pairs) == len(cosines) <= n * PROBES * NEIGHBORS
        assert (pairs[:, 0] < pairs[:, 1]).all()
        assert len({tuple(pair) for pair in pairs.tolist()}) == len(pairs)
    assert len(pairs) < 1200 * 1199 / 2 / 5


def test_rows_are_no_longer_than_one_and_shared_terms_only() -> None:
    channels = vectorize(["Orna flood kills 12", "Orna flood kills 12", "Bees swarm"])
    length = channels.rows.multiply(channels.rows).sum(axis=1)
    assert length.max() <= 1 + 1e-9
    assert length[2, 0] == 0
    assert {channel for channel, _ in channels.columns} == set(CHANNELS)
    assert ("names", "orna") in channels.columns
    assert not any(term == "bee" for _, term in channels.columns)


def test_texts_without_any_term_have_empty_rows() -> None:
    rows = vectorize(["", "the", "of"]).rows
    assert rows.shape[0] == 3
    assert rows.nnz == 0
    assert partition(rows, threshold=0.1, outside=_near) == [0, 1, 2]


def test_no_rows_no_labels() -> None:
    assert partition(csr_matrix((0, 4)), threshold=0.1, outside=_near) == []


def test_a_name_written_small_elsewhere_is_a_word() -> None:
    found = bags("Rain fell. The rain of Mirfeld fell on Sunday.")
    assert set(found["names"]) == {"fell", "mirfeld"} - {"fell"}
    assert "rain" in found["words"]
    assert "sunday" not in found["words"]


def test_labels_are_the_smallest_member() -> None:
    rows = csr_matrix([[1.0, 0.0], [0.0, 1.0], [1.0, 0.0], [0.0, 1.0]])
    assert partition(rows, threshold=0.1, outside=_near) == [0, 1, 0, 1]


def test_a_group_too_large_to_look_at_is_split(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grouping, "MAX_BLOCK", 5)
    rows = csr_matrix([[1.0, 0.0]] * 12 + [[0.0, 1.0]] * 3)
    labels = partition(rows, threshold=0.1, outside=_near)
    assert labels[12:] == [12, 12, 12]
    assert set(labels[:12]).isdisjoint({12})
    assert max(labels.count(label) for label in labels) <= 5


def test_far_apart_counts_as_unlike() -> None:
    rows = csr_matrix([[1.0, 0.0]] * 4)
    labels = partition(rows, threshold=0.1, outside=lambda i, j: (i < 2) != (j < 2))
    assert labels == [0, 0, 2, 2]
