"""Every case of tests/cases/facts: what some articles say, and what must be made of it, or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digest.config import FactsConfig
from digest.facts import find_facts
from tests.digest.building import article, cluster_of

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

    from digest.records import Facts

_CASES = Path(__file__).parents[2] / "cases" / "facts"
_FAMILIES = sorted(path.stem for path in _CASES.glob("*.json"))


def _load(family: str) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = json.loads((_CASES / f"{family}.json").read_text("utf-8"))
    return cases


def _parameters(*families: str) -> list[ParameterSet]:
    return [
        pytest.param(
            case,
            id=f"{family}: {case['label']}",
            marks=[pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else [],
        )
        for family in families
        for case in _load(family)
    ]


def _facts(case: dict[str, Any]) -> Facts:
    articles = [article(f"a{number}", **row) for number, row in enumerate(case["articles"])]
    return find_facts(cluster_of(*articles), FactsConfig())


@pytest.mark.parametrize(
    "case", _parameters(*(family for family in _FAMILIES if family != "suspects"))
)
def test_conflicts(case: dict[str, Any]) -> None:
    found = [
        {"kind": conflict.kind.value, "values": [v.value for v in conflict.values]}
        for conflict in _facts(case).conflicts
    ]
    assert found == case["expected"]


@pytest.mark.parametrize("case", _parameters("suspects"))
def test_suspects(case: dict[str, Any]) -> None:
    assert [variant.text for variant in _facts(case).suspect] == case["expected"]


def test_cases_say_where_they_were_met() -> None:
    assert _FAMILIES == ["days", "leaders", "measures", "offices", "suspects", "tolls"]
    cases = [case for family in _FAMILIES for case in _load(family)]
    assert sum(not case["expected"] for case in cases) >= 40
    assert sum(bool(case["expected"]) for case in cases) >= 20
    assert all(case["comment"] and case["label"] for case in cases)
    assert len({case["label"] for case in cases}) == len(cases)
