from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import pytest

from digest.records import Summarized, Summary, SummarySentence, WritingReport
from digest.writing import tokens_made, told, warnings, writing

CHAT, BART = '{"beams":1}', '{"beams":4}'
REPORT = WritingReport(
    model="m", revision=None, generation=BART, input_tokens=100, output_tokens=10, cost=0.5
)
FAILED = replace(REPORT, generation=CHAT, input_tokens=30, output_tokens=3, failed=1, retries=4)
CACHED = replace(
    REPORT,
    input_tokens=0,
    output_tokens=0,
    cached=1,
    cached_input_tokens=100,
    cached_output_tokens=10,
    cost=0.0,
)


def written(
    report: WritingReport | None, *refused: WritingReport, failures: tuple[str, ...] = ()
) -> Summarized:
    text = SummarySentence(text="Rain fell.")
    made = Summary(
        cluster_id="event",
        backend="seq2seq" if report else "none",
        headline="",
        sentences=(text,) if report else (),
        report=report,
    )
    return Summarized(summary=made, failures=failures, refused=refused)


def sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


def test_what_failed_and_what_came_from_the_cache_is_counted_apart() -> None:
    found = writing([written(REPORT, FAILED), written(CACHED), written(None, FAILED)])
    sums: dict[str, Any] = {
        "calls": 4,
        "cached": 1,
        "failed": 2,
        "retries": 8,
        "input_tokens": 160,
        "output_tokens": 16,
        "cached_input_tokens": 100,
        "cached_output_tokens": 10,
        "cost": 1.5,
        "estimated": False,
        "warnings": [],
    }
    assert {name: found[name] for name in sums} == sums
    assert found["backends"] == {"seq2seq": 2, "none": 1}


def test_settings_stand_once_and_reports_name_them() -> None:
    found = writing([written(REPORT, FAILED), written(REPORT)])
    assert found["generation"] == {sha256(BART): {"beams": 4}, sha256(CHAT): {"beams": 1}}
    first, second = found["clusters"]
    assert first["report"] == second["report"]
    assert first["report"]["generation_sha256"] == sha256(BART)
    assert "generation" not in first["report"]
    (refused,) = first["refused"]
    assert (refused["generation_sha256"], refused["input_tokens"]) == (sha256(CHAT), 30)
    assert second["refused"] == []


def test_without_models_there_is_nothing_to_count() -> None:
    found = writing([written(None)])
    assert (found["calls"], found["input_tokens"], found["cost"]) == (0, 0, None)
    assert found["generation"] == {}


def test_a_warning_is_told_once() -> None:
    broken = replace(REPORT, unkept="the cache is full")
    items = [written(broken, broken), written(REPORT)]
    assert warnings(items) == writing(items)["warnings"] == ["the cache is full"]
    line = told(items, tokens=20, seconds=4.0)
    assert line == "2 written, 5.0 tokens/s; the cache is full"


@pytest.mark.parametrize(
    ("failures", "line"),
    [
        ((), "1 written"),
        (("chat: late",), "1 written (seq2seq 1); failed: chat: late"),
        (("chat: a", "t5: b"), "1 written (seq2seq 1); failed: chat: a (and 1 more)"),
    ],
)
def test_the_console_line_names_the_first_failure(failures: tuple[str, ...], line: str) -> None:
    assert told([written(CACHED, failures=failures)], tokens=0, seconds=1.0) == line


def test_tokens_of_the_cache_were_not_made_now() -> None:
    assert tokens_made(written(CACHED, FAILED)) == 3
