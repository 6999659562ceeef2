"""Every case of tests/cases/text: a line of news, where it is met, and what is read in it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digest.text.dates import date_mentions
from digest.text.entities import Aliases
from digest.text.linking import link_entities
from digest.text.mentions import find_mentions
from digest.text.names import name_key, same_person
from digest.text.numbers import quantities
from digest.text.quotes import quotations
from digest.text.sentences import sentence_spans

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

_CASES = Path(__file__).parents[2] / "cases" / "text"
_FAMILIES = {"mentions", "numbers", "dates", "quotes", "sentences", "names", "support"}


def _load(family: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((_CASES / f"{family}.json").read_text("utf-8"))
    return cases


def _parameters(family: str, mark: str = "xfail") -> list[ParameterSet]:
    return [
        pytest.param(
            case,
            id=case["label"],
            marks=[pytest.mark.xfail(reason=case[mark], strict=True)] if mark in case else [],
        )
        for case in _load(family)
    ]


@pytest.mark.parametrize("case", _parameters("mentions"))
def test_mentions(case: dict[str, Any]) -> None:
    found = [[m.text, m.label.value] for m in find_mentions(case["input"])]
    assert found == case["expected"]


@pytest.mark.parametrize("case", _parameters("numbers"))
def test_numbers(case: dict[str, Any]) -> None:
    assert [[q.value, q.unit] for q in quantities(case["input"])] == case["expected"]


@pytest.mark.parametrize("case", _parameters("dates"))
def test_dates(case: dict[str, Any]) -> None:
    assert [dict(d.parts()) for d in date_mentions(case["input"])] == case["expected"]


@pytest.mark.parametrize("case", _parameters("quotes"))
def test_quotes(case: dict[str, Any]) -> None:
    text = case["input"]
    assert [text[s.start : s.end] for s in quotations(text)] == case["expected"]


@pytest.mark.parametrize("case", _parameters("sentences"))
def test_sentences(case: dict[str, Any]) -> None:
    text = case["input"]
    assert [text[s.start : s.end] for s in sentence_spans(text)] == case["expected"]


@pytest.mark.parametrize("case", _parameters("names"))
def test_names(case: dict[str, Any]) -> None:
    left, right = case["input"]
    person = left.lower() != right.lower() and same_person(left, right)
    assert (name_key(left) == name_key(right) or person) is case["expected"]


@pytest.mark.parametrize("case", _parameters("names", "xfail_linked"))
def test_names_are_linked_likewise(case: dict[str, Any]) -> None:
    left, right = case["input"]
    mentions = {name: find_mentions(f"Yesterday {name} agreed.") for name in (left, right)}
    entities = link_entities(mentions)
    aliases = Aliases(entities)
    bare = [[m.text for m in found] for found in mentions.values()]
    linked = bool(bare[0] and bare[1]) and aliases.of(bare[0][-1]) == aliases.of(bare[1][-1])
    assert linked is case["expected"]


def test_cases_say_where_they_were_met() -> None:
    assert {path.stem for path in _CASES.glob("*.json")} == _FAMILIES
    for family in sorted(_FAMILIES):
        cases = _load(family)
        assert len(cases) >= 10
        assert all(case["comment"] and case["label"] for case in cases)
        assert len({case["label"] for case in cases}) == len(cases)
