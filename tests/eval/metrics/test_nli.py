from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.errors import UsageError
from eval.metrics.nli import NliScorer, NliSupport
from eval.models import Classified

if TYPE_CHECKING:
    from collections.abc import Sequence

_SOURCES = ["The dam broke. Teams came late. Night fell.", "Talks failed."]


class _Shared:
    """Entails by the share of the hypothesis's words that stand in the premise."""

    signature = "shared@1"

    def __init__(self, *labels: str) -> None:
        self.labels = labels or ("Neutral", "ENTAILMENT")
        self.asked: list[tuple[str, str]] = []

    def classify(self, pairs: Sequence[tuple[str, str]]) -> list[Classified]:
        self.asked += pairs
        return [
            Classified(probabilities=(1 - share, share), truncated=len(premise) > 30)
            for premise, hypothesis in pairs
            for share in [self._share(premise, hypothesis)]
        ]

    def _share(self, premise: str, hypothesis: str) -> float:
        words = hypothesis.lower().strip(".").split()
        return sum(word in premise.lower() for word in words) / len(words)


def test_a_sentence_takes_its_best_premise_and_a_text_the_mean() -> None:
    found = NliScorer(_Shared()).score("Talks failed.\nThe dam exploded today.", _SOURCES)
    first, second = found.sentences
    assert (first.entailment, first.premise, first.source) == (1.0, "Talks failed.", 1)
    assert (second.entailment, second.premise, second.source) == (0.5, "The dam broke.", 0)
    assert found.entailment == 0.75


def test_pairs_of_neighbors_stay_inside_a_source() -> None:
    text = "Night fell talks failed."
    single = NliScorer(_Shared()).score(text, _SOURCES)
    model = _Shared()
    double = NliScorer(model, windows=2).score("Teams came night fell.", _SOURCES)
    assert single.entailment == 0.5
    assert double.entailment == 1.0
    assert double.sentences[0].premise == "Teams came late. Night fell."
    assert NliScorer(_Shared(), windows=2).score(text, _SOURCES).entailment == 0.5
    assert "Night fell. Talks failed." not in {premise for premise, _ in model.asked}
    assert len(model.asked) == double.pairs == 6


def test_only_the_closest_premises_are_tried() -> None:
    model = _Shared()
    NliScorer(model, top=1).score("Night fell.\nBananas ripened.", _SOURCES)
    # The second sentence shares no stem with any: the first sentence stands in.
    assert model.asked == [("Night fell.", "Night fell."), ("The dam broke.", "Bananas ripened.")]
    every = _Shared()
    NliScorer(every, top=None).score("Night fell.", _SOURCES)
    assert len(every.asked) == 4


@pytest.mark.parametrize(
    ("text", "sources"), [("", _SOURCES), (" \n", _SOURCES), ("A.", []), ("A.", ["", " "])]
)
def test_nothing_to_compare_is_none(text: str, sources: list[str]) -> None:
    found = NliScorer(_Shared()).score(text, sources)
    assert found.entailment is None
    assert found.sentences == ()


def test_cut_pairs_are_counted() -> None:
    found = NliScorer(_Shared()).score("The dam.", ["The dam broke on a very long and dark night."])
    assert (found.pairs, found.truncated) == (1, 1)


def test_labels_are_read_from_the_model() -> None:
    turned = NliScorer(_Shared("entailment", "not_entailment"))
    assert turned.score("Talks failed.", ["Talks failed."]).entailment == 0.0
    with pytest.raises(UsageError, match=r"shared@1: no label .* they are POSITIVE, NEGATIVE"):
        NliScorer(_Shared("POSITIVE", "NEGATIVE"))


def test_unknown_choices_are_refused() -> None:
    with pytest.raises(ValueError, match="windows must be 1 or 2"):
        NliScorer(_Shared(), windows=3)
    with pytest.raises(ValueError, match="top at least 1"):
        NliScorer(_Shared(), top=0)


def test_support_reads_the_quotes_together() -> None:
    judge = NliSupport(NliScorer(_Shared()))
    assert judge("Dam broke talks failed.", ["The dam broke.", "Talks failed."])
    assert judge("Dam broke.", ["The dam stood."])
    assert not judge("Dam broke early today.", ["The dam stood."])


def test_signatures_name_model_and_choices() -> None:
    scorer = NliScorer(_Shared(), top=None, windows=2)
    assert scorer.signature.startswith("nli|model:shared@1|")
    assert "premise:2-sentence|top:all" in scorer.signature
    assert NliSupport(scorer, at_least=0.9).signature == "nli-shared@1-0.9"
