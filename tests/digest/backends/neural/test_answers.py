"""Every case of tests/cases/neural/answers.json: what models write, and what is left of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.backends.neural.answers import Removal, read_answer
from digest.text.sentences import count_words

_PATH = Path(__file__).parents[3] / "cases" / "neural" / "answers.json"
CASES: list[dict[str, Any]] = json.loads(_PATH.read_text("utf-8"))


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_what_is_left_of_an_answer(case: dict[str, Any]) -> None:
    answer = read_answer(
        case["input"],
        max_words=case.get("max_words", 100),
        finished=case.get("finished", True),
        prompt=case.get("prompt", ()),
    )
    assert list(answer.sentences) == case["sentences"]
    assert [code.value for code in answer.removed] == case["removed"]


@pytest.mark.parametrize("case", CASES, ids=[case["label"] for case in CASES])
def test_what_is_left_needs_no_further_cut(case: dict[str, Any]) -> None:
    first = read_answer(case["input"], max_words=case.get("max_words", 100), finished=True)
    again = read_answer(" ".join(first.sentences), max_words=100)
    assert again.sentences == first.sentences
    assert again.removed == ()


def test_cases_say_where_they_were_met() -> None:
    assert all(case["comment"] and case["label"] for case in CASES)
    assert len({case["label"] for case in CASES}) == len(CASES) >= 40
    reached = {code for case in CASES for code in case["removed"]}
    assert {code.value for code in Removal} - reached == {"unsupported"}


PIECES = st.sampled_from(
    [
        *(case["input"] for case in CASES),
        *("<think>", "</think>", "[1]", "**", "\n", "- ", " ", ". ", "Wait, ", "# ", "```", "<n>"),
    ]
)


@given(st.lists(st.one_of(PIECES, st.text(max_size=8)), max_size=6), st.integers(1, 60))
def test_the_budget_is_kept_and_every_sentence_ends(pieces: list[str], budget: int) -> None:
    answer = read_answer("".join(pieces), max_words=budget, finished=False)
    assert sum(map(count_words, answer.sentences)) <= budget
    assert all(s[-1] in ".!?…\"'”’)]" for s in answer.sentences)
    assert len(set(answer.sentences)) == len(answer.sentences)
    assert len(set(answer.removed)) == len(answer.removed)


def test_a_long_answer_is_read_in_time() -> None:
    """Loops are looked for at every word: 3,000 that never loop take a quarter of a second."""
    raw = " ".join(f"Paper {i % 37} of {i} wrote on day {i % 11} of it." for i in range(300))
    assert len(read_answer(raw, max_words=10_000).sentences) == 300
