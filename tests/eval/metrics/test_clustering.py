from __future__ import annotations

import random
from itertools import product

import pytest

from eval.metrics.clustering import bcubed, score_clustering


def _by_definition(gold: list[int], found: list[int]) -> tuple[float, float]:
    """B-cubed item by item, as Bagga and Baldwin write it."""
    n = len(gold)
    precision = recall = 0.0
    for i in range(n):
        both = sum(gold[i] == gold[j] and found[i] == found[j] for j in range(n))
        precision += both / sum(found[i] == other for other in found) / n
        recall += both / sum(gold[i] == other for other in gold) / n
    return precision, recall


def test_bcubed_agrees_with_its_definition() -> None:
    rng = random.Random(5)
    for _ in range(100):
        n = rng.randint(1, 25)
        gold = [rng.randrange(6) for _ in range(n)]
        found = [rng.randrange(6) for _ in range(n)]
        assert bcubed(gold, found)[:2] == pytest.approx(_by_definition(gold, found))


def test_ari_agrees_with_pair_counting() -> None:
    gold, found = list("aaabbc"), [1, 1, 2, 2, 2, 3]
    pairs = [(i, j) for i, j in product(range(6), repeat=2) if i < j]
    both = sum(gold[i] == gold[j] and found[i] == found[j] for i, j in pairs)
    in_gold = sum(gold[i] == gold[j] for i, j in pairs)
    in_found = sum(found[i] == found[j] for i, j in pairs)
    chance = in_gold * in_found / len(pairs)
    expected = (both - chance) / ((in_gold + in_found) / 2 - chance)
    assert score_clustering(gold, found).ari == pytest.approx(expected)


def test_label_names_do_not_matter() -> None:
    scores = score_clustering(["x", "x", "y"], [7, 7, 0])
    assert (scores.items, scores.f1, scores.ari) == (3, 1.0, 1.0)


@pytest.mark.parametrize(("gold", "found"), [([], []), ([1], [1, 2])])
def test_labelings_that_do_not_match_are_refused(gold: list[int], found: list[int]) -> None:
    with pytest.raises(ValueError, match=r"one label per item wanted, got \d gold and \d found"):
        score_clustering(gold, found)
