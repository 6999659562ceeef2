from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from digest.backends.fusion import tighten as module
from digest.backends.fusion.tighten import tighten
from digest.records import Label
from digest.text.mentions import find_mentions
from digest.text.numbers import quantities
from digest.text.quotes import quotations

_CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "cases" / "fusion" / "tighten.json").read_text("utf-8")
)


@pytest.mark.parametrize("case", _CASES, ids=[f"{c['rule']}: {c['label']}" for c in _CASES])
def test_each_rule(case: dict[str, Any]) -> None:
    assert getattr(module, case["rule"])(case["input"]) == case["expected"], case["comment"]


@settings(deadline=None)
@given(st.text())
def test_any_text_is_taken(text: str) -> None:
    assert isinstance(tighten(text), str)


_SUBJECTS = (
    "The council",
    "Emmanuel Macron",
    "Six people",
    "Police",
    "Acme Corp",
    "He",
    "IT staff",
)
_VERBS = (
    "left Oslo", "approved $3.5 million prior to the vote", "met a number of the 12 ministers",
    "said that the bridge was safe", "broke the deal in the wake of rain",
    "met a man who was arrested in Rome", "saw the dam, which was built in 1950, in Velm",
)  # fmt: skip
_LASTS = (
    "", ", police said", ", the ministry confirmed", ", Anna Berg said on Monday",
    ", according to NATO", ", as Iran announced",
)  # fmt: skip
_FIRSTS = ("", "On Monday, ", "In order to win, ", "Late on Friday, ", "Numerous reports say ")


def _said(text: str) -> tuple[set[str], set[tuple[float, Label]], list[str]]:
    """Return names, figures and quotations; a first letter may change with its place."""
    names = {
        m.text.casefold() for m in find_mentions(text) if m.label not in {Label.QUOTE, Label.NUMBER}
    }
    figures = {(q.value, q.label) for q in quantities(text)}
    return names, figures, [text[s.start : s.end] for s in quotations(text)]


@settings(deadline=None)
@given(
    st.sampled_from(_FIRSTS),
    st.sampled_from(_SUBJECTS),
    st.sampled_from(_VERBS),
    st.sampled_from(_LASTS),
)
@example("", "He", "said “we left prior to 12 votes in order to win”", "")
def test_names_figures_and_quotations_stay(first: str, who: str, verb: str, last: str) -> None:
    common = who.split(maxsplit=1)[0] in {"The", "Six", "Police", "He"}
    subject = who[:1].lower() + who[1:] if first and common else who
    text = f"{first}{subject} {verb}{last}."
    assert _said(tighten(text)) == _said(text), tighten(text)


@settings(deadline=None)
@given(st.text('abc “”",. said that which was built in ', max_size=80))
def test_quotations_are_left_as_they_are(text: str) -> None:
    before = [text[span.start : span.end] for span in quotations(text)]
    made = tighten(text)
    assert [made[span.start : span.end] for span in quotations(made)] == before


def test_twice_is_as_good_as_once() -> None:
    for case in _CASES:
        once = tighten(case["input"])
        assert tighten(once) == once
