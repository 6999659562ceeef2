from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pytest

from eval.metrics.similarity import EncoderSimilarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from eval.models import Vectors

_ANGLES = {"east": 0.0, "ish": 60.0, "north": 90.0, "west": 180.0}


class _Compass:
    """Words as directions: cosines known by hand."""

    signature = "compass@1-L0/1"

    def __init__(self) -> None:
        self.encoded: list[str] = []

    def vectors(self, texts: Sequence[str]) -> list[Vectors]:
        self.encoded += texts
        return [self._rows(text) for text in texts]

    def _rows(self, text: str) -> Vectors:
        angles = np.radians([_ANGLES[word] for word in re.findall(r"\w+", text)])
        rows = np.stack([np.cos(angles), np.sin(angles)], axis=1).reshape(-1, 2)
        return rows.astype(np.float32)


def test_greedy_matches_by_hand() -> None:
    found = EncoderSimilarity(_Compass()).score("east", ["ish north east", "ish"]).each
    first, second = found
    assert first is not None
    assert second is not None
    assert first.precision == 1.0
    assert first.recall == pytest.approx((0.5 + 0 + 1) / 3, abs=1e-6)
    assert first.fmeasure == pytest.approx(2 * 0.5 / 1.5, abs=1e-6)
    assert (second.precision, second.recall, second.fmeasure) == (0.5, 0.5, 0.5)


def test_best_and_mean() -> None:
    found = EncoderSimilarity(_Compass()).score("east", ["ish", "east", ""])
    assert found.each[2] is None
    assert found.best == found.each[1]
    assert found.mean is not None
    assert (found.mean.precision, found.mean.fmeasure) == (0.75, 0.75)


def test_opposite_directions_have_no_harmonic_mean() -> None:
    found = EncoderSimilarity(_Compass()).score("east", ["west"]).best
    assert found is not None
    assert (found.precision, found.fmeasure) == (-1.0, 0.0)


def test_all_sources_are_one_text() -> None:
    scorer = EncoderSimilarity(_Compass())
    found = scorer.against_sources("east north", ["east", "north west", ""])
    assert found is not None
    assert found.precision == 1.0
    assert found.recall == pytest.approx(2 / 3, abs=1e-6)
    assert scorer.against_sources("east", []) is None
    assert scorer.against_sources("east", [""]) is None
    assert scorer.against_sources("", ["east"]) is None


@pytest.mark.parametrize(("text", "references"), [("", ["east"]), ("east", []), ("east", [""])])
def test_nothing_to_compare_is_none(text: str, references: list[str]) -> None:
    found = EncoderSimilarity(_Compass()).score(text, references)
    assert found.best is None
    assert found.mean is None


def test_long_texts_are_compared_in_blocks() -> None:
    text = "ish " * 2_500 + "east"
    found = EncoderSimilarity(_Compass()).score(text, ["east " * 1_200]).best
    assert found is not None
    assert found.precision == pytest.approx((2_500 * 0.5 + 1) / 2_501, abs=1e-6)
    assert found.recall == 1.0


def test_texts_are_encoded_once() -> None:
    model = _Compass()
    scorer = EncoderSimilarity(model)
    for text in ("north", "west"):
        scorer.score(text, ["east"])
    assert model.encoded == ["north", "east", "west"]


def test_the_signature_names_model_layer_and_choices() -> None:
    assert EncoderSimilarity(_Compass()).signature == (
        "similarity|model:compass@1-L0/1|match:greedy|idf:none|special:none|rescale:none"
        "|long:pieces|v:1"
    )
