"""Every case of tests/cases/fusion: a sentence or title and what fusion makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digest.backends.fusion.headline import sentence_case
from digest.backends.fusion.soundness import soundness, starts_mid_story
from digest.backends.fusion.wording import stand_alone
from digest.text.mentions import find_mentions

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

_CASES = Path(__file__).parents[3] / "cases" / "fusion"


def _load(name: str) -> list[ParameterSet]:
    cases = json.loads((_CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(case, id=case["label"]) for case in cases]


@pytest.mark.parametrize("case", _load("stand_alone"))
def test_stand_alone(case: dict[str, Any]) -> None:
    assert stand_alone(case["input"], case["before"], frozenset()) == case["expected"]


@pytest.mark.parametrize("case", _load("soundness"))
def test_soundness(case: dict[str, Any]) -> None:
    factor = soundness(case["input"], find_mentions(case["input"]))
    assert case["at_least"] - 1e-9 <= factor <= case["at_most"] + 1e-9


@pytest.mark.parametrize("case", _load("sentence_case"))
def test_sentence_case(case: dict[str, Any]) -> None:
    written = sentence_case(case["input"], frozenset(case["lower_case"]), frozenset(case["names"]))
    assert written == case["expected"]


@pytest.mark.parametrize(
    ("first", "expected"),
    [
        ("Leaders are also expected to discuss trade.", True),
        ("However, the talks went on.", True),
        ("They left early.", True),
        ("Leaders met in Paris, and others also came.", False),
        ("Leaders met in Paris.", False),
    ],
)
def test_a_beheaded_article_starts_mid_story(first: str, expected: bool) -> None:  # noqa: FBT001 - a table
    assert starts_mid_story(first) is expected
