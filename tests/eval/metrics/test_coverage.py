from __future__ import annotations

import math

import pytest

from digest.text.alignment import Aligner, Match
from eval.metrics.coverage import SIGNATURE, source_coverage

_DAM = "The Orsava dam broke on Monday. Engineers had warned about cracks."
_RESCUE = "Rescue teams brought villagers to safety. Boats came from the coast."
_COST = "Repairs will cost forty million. Parliament votes on the budget in May."
_THREE = [_DAM, _RESCUE, _COST]


def test_each_sentence_draws_on_its_closest_article() -> None:
    text = "The Orsava dam broke.\nEngineers had warned of cracks.\nRescue teams came."
    found = source_coverage(text, _THREE)
    assert found.shares == (2.0, 1.0, 0.0)
    assert (found.sentences, found.aligned, found.drawn_on) == (3, 3, 2)
    assert found.coverage == found.relative == 2 / 3
    entropy = -(2 / 3 * math.log(2 / 3) + 1 / 3 * math.log(1 / 3))
    assert found.balance == pytest.approx(entropy / math.log(3))


def test_articles_that_tie_share_the_sentence() -> None:
    found = source_coverage("The Orsava dam broke on Monday.", [_DAM, _DAM, _COST])
    assert found.shares == (0.5, 0.5, 0.0)
    assert found.aligned == 1
    assert found.balance == pytest.approx(math.log(2) / math.log(3))


def test_one_source_each_is_balanced_and_one_for_all_is_not() -> None:
    even = "The Orsava dam broke.\nRescue teams came.\nRepairs cost forty million."
    assert source_coverage(even, _THREE).balance == 1.0
    assert source_coverage("The Orsava dam broke.", _THREE).balance == 0.0
    assert source_coverage("The Orsava dam broke.", _THREE).relative == 1.0


def test_a_sentence_about_something_else_draws_on_nothing() -> None:
    found = source_coverage("Share prices fell in Tokyo.\nThe Orsava dam broke.", _THREE)
    assert found.aligned == 1
    assert sum(found.shares) == 1
    nothing = source_coverage("Share prices fell in Tokyo.", _THREE)
    assert nothing.coverage == 0.0
    assert nothing.balance is None


def test_repeated_sentences_count_each_time() -> None:
    found = source_coverage("The Orsava dam broke.\nThe Orsava dam broke.", _THREE)
    assert found.shares == (2.0, 0.0, 0.0)


@pytest.mark.parametrize("text", ["", " \n"])
def test_nothing_written(text: str) -> None:
    found = source_coverage(text, _THREE)
    assert found.coverage is found.relative is found.balance is found.content is None


@pytest.mark.parametrize("articles", [[], ["", " . "]])
def test_no_articles(articles: list[str]) -> None:
    found = source_coverage("The dam broke.", articles)
    assert found.articles == 0
    assert found.coverage is found.relative is found.balance is found.content is None


def test_a_single_article_has_no_balance() -> None:
    found = source_coverage("The Orsava dam broke.", [_DAM])
    assert found.coverage == 1.0
    assert found.balance is None
    assert found.content is None


def test_content_is_the_weighted_recall_of_shared_bigrams() -> None:
    articles = [
        "Dams broke.",
        "The dam broke at night.",
        "A dam broke. Night fell.",
        "Night falls.",
    ]
    # "dam broke" in three articles, "night fell": stems differ, so it is nobody's second.
    assert source_coverage("The dam broke.", articles).content == 1.0
    shared = [*articles, "The night fell on villages."]
    # "dam broke" 3, "night fell" 2.
    assert source_coverage("The dam broke.", shared).content == 3 / 5
    assert source_coverage("The dam. Broke.", shared).content == 0.0
    assert source_coverage("Broke dam night fell.", shared).content == 2 / 5


def test_a_sentence_that_is_repeated_is_aligned_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, int]] = []

    class Counted(Aligner):
        def matches(self, text: str, *, limit: int) -> list[Match]:
            asked.append((text, limit))
            return super().matches(text, limit=limit)

    monkeypatch.setattr("eval.metrics.coverage.Aligner", Counted)
    found = source_coverage("dam broke\n" * 1_000, ["dam broke. " * 100] * 3)
    assert found.content == 1.0
    assert found.shares == pytest.approx((1_000 / 3,) * 3)
    assert asked == [("dam broke", 3)]  # with one sentence of each article


def test_the_signature_names_the_threshold() -> None:
    assert "at_least:0.25" in SIGNATURE
