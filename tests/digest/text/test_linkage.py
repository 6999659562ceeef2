"""Average linkage over a sparse graph."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.text import linkage
from digest.text.linkage import average_linkage

if TYPE_CHECKING:
    import pytest


def test_nothing_to_link() -> None:
    assert average_linkage(0, [], threshold=0.5) == []
    assert average_linkage(3, [], threshold=0.5) == [0, 1, 2]


def test_groups_are_numbered_by_first_member() -> None:
    assert average_linkage(4, [(1, 3, 0.9), (0, 2, 0.8)], threshold=0.5) == [0, 1, 0, 1]


def test_a_chain_does_not_become_one_group() -> None:
    chain = [(i, i + 1, 0.6) for i in range(9)]
    assert len(set(average_linkage(10, chain, threshold=0.5))) == 5


def test_a_veto_keeps_two_items_apart() -> None:
    pairs = [(0, 1, 0.8), (1, 2, 0.7)]
    assert average_linkage(3, [*pairs, (0, 2, -1.0)], threshold=0.3) == [0, 0, 1]
    assert average_linkage(3, pairs, threshold=0.3) == [0, 0, 0]


def test_a_component_that_is_too_large_is_cut_at_its_weakest_edges(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(linkage, "_MAX_COMPONENT", 4)
    pairs = [(0, 1, 0.9), (1, 2, 0.9), (0, 2, 0.9), (2, 3, 0.12), (3, 4, 0.9), (4, 5, 0.9)]
    pairs.append((3, 5, 0.9))
    assert average_linkage(6, pairs, threshold=0.5) == [0, 0, 0, 1, 1, 1]
