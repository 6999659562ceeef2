"""Every case of tests/cases/clean: one text, where it is met, and what cleaning makes of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digest.clean import article, clean, registry
from digest.config import CleanConfig
from digest.records import Article, RawArticle

if TYPE_CHECKING:
    from _pytest.mark.structures import ParameterSet

_CASES = Path(__file__).parents[2] / "cases" / "clean"
_LINE = {
    cleaner.__name__: cleaner
    for group in (
        registry.DECODE,
        registry.PLAIN,
        registry.SURROUNDINGS,
        registry.PROSE,
        registry.SENTENCES,
        registry.TITLE,
        (article.drop_empty,),
    )
    for cleaner in group
}
_PAGE = {
    cleaner.__name__: cleaner
    for group in (registry.FRONT, registry.STRUCTURE, registry.REPEATS, registry.LEFTOVERS)
    for cleaner in group
}


def _load() -> list[dict[str, Any]]:
    files = sorted(_CASES.glob("*.json"))
    return [case | {"family": file.stem} for file in files for case in json.loads(file.read_text())]


def _parameters(level: str) -> list[ParameterSet]:
    return [
        pytest.param(
            case,
            id=f"{case['family']}: {case['label']}",
            marks=[pytest.mark.xfail(reason=case["xfail"], strict=True)] if "xfail" in case else [],
        )
        for case in _load()
        if case["level"] == level
    ]


@pytest.mark.parametrize("case", _parameters("line"))
def test_line(case: dict[str, Any]) -> None:
    assert _LINE[case["cleaner"]](case["input"]) == case["expected"]


@pytest.mark.parametrize("case", _parameters("page"))
def test_page(case: dict[str, Any]) -> None:
    assert _PAGE[case["cleaner"]](case["input"]) == case["expected"]


@pytest.mark.parametrize("case", _parameters("article"))
def test_article(case: dict[str, Any]) -> None:
    raw = RawArticle(
        id="a", source="a.txt", text=case["input"], sha256="0", title=case.get("given_title")
    )
    cleaned = clean(raw, CleanConfig(min_words=1))
    assert isinstance(cleaned, Article)
    assert cleaned.text == case["expected"]
    assert cleaned.title == case.get("title", cleaned.title)
    assert [q.text for q in cleaned.quarantined] == case.get("quarantined", [])
    if case["input"] == case["expected"]:
        assert cleaned.edits == ()


def test_cases_say_where_they_were_met() -> None:
    cases = _load()
    assert len(cases) >= 60
    assert sum(case["input"] == case["expected"] for case in cases) >= 20
    assert all(case["comment"] and case["label"] for case in cases)
    assert len({(case["family"], case["label"]) for case in cases}) == len(cases)


def test_every_cleaner_has_an_example() -> None:
    cleaners = {**_LINE, **_PAGE}
    assert [
        name for name, cleaner in cleaners.items() if ">>> " not in (cleaner.__doc__ or "")
    ] == []
