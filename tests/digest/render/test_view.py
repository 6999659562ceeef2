from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.render.view import build_page

if TYPE_CHECKING:
    from digest.records import Briefing


def test_sources_are_numbered_in_the_order_of_first_citation(sample: Briefing) -> None:
    page = build_page(sample)
    assert [(source.number, source.publisher) for source in page.numbered] == [
        (1, "Harbour Post"),
        (2, "Continental Courier"),
        (3, "Nordlys Daily"),
        (4, "Morning Ledger"),
        (5, "Pacific Herald"),  # named by a conflict only, so after all cited ones
    ]
    assert [source.publisher for source in page.unnumbered] == ["Lakeside Tribune"]


def test_marks_ascend_and_stand_once_per_article(sample: Briefing) -> None:
    sentence = sample.sections[0].sentences[3]
    twice = replace(sentence, citations=sentence.citations * 2)
    section = replace(sample.sections[0], sentences=(sample.sections[0].sentences[0], twice))
    shown = build_page(replace(sample, sections=(section,))).sections[0].paragraphs[0][1]
    assert [mark.number for mark in shown.marks] == [1, 3]
    assert [len(mark.quote_ids) for mark in shown.marks] == [1, 1]


@pytest.mark.parametrize(
    ("sentences", "sizes"),
    [(0, []), (1, [1]), (4, [4]), (5, [3, 2]), (8, [4, 4]), (9, [3, 3, 3]), (10, [4, 3, 3])],
)
def test_paragraphs_hold_three_or_four_sentences(
    sample: Briefing, sentences: int, sizes: list[int]
) -> None:
    section = replace(sample.sections[0], sentences=sample.sections[0].sentences[:1] * sentences)
    page = build_page(replace(sample, sections=(section,)))
    assert [len(paragraph) for paragraph in page.sections[0].paragraphs] == sizes


def test_the_preferred_value_comes_first(sample: Briefing) -> None:
    deaths = build_page(sample).sections[0].conflicts[0]
    assert [value.value for value in deaths.values] == ["31", "12"]
    assert [[mark.number for mark in value.marks] for value in deaths.values] == [[1, 2], [3]]


def test_the_sentence_behind_a_value_can_be_read(sample: Briefing) -> None:
    page = build_page(sample)
    (key,) = page.sections[0].conflicts[0].values[1].marks[0].quote_ids
    assert dict(page.numbered[2].quotes)[key] == "Twelve bodies were found."


def test_news_is_marked_only_where_something_is_not_new(sample: Briefing) -> None:
    page = build_page(sample)
    assert page.marks_news
    first = [sentence.new for paragraph in page.sections[0].paragraphs for sentence in paragraph]
    assert first == ["updated", "carried", "carried", "new", "new"]
    assert page.sections[0].new is None
    # A story that is new throughout says so once, at its headline.
    assert page.sections[1].new == "new"
    assert {s.new for paragraph in page.sections[1].paragraphs for s in paragraph} == {None}
    fresh = build_page(replace(sample, sections=sample.sections[1:]))
    assert not fresh.marks_news
    assert fresh.sections[0].new is None


def test_what_looks_like_an_instruction_is_counted_and_not_printed(sample: Briefing) -> None:
    assert build_page(sample).withheld == (
        ("Mayor Luis Ortega said “the dam was a disgrace.”", "misquote"),
        (None, "instruction to a model"),
    )


def test_an_article_without_a_source_record_is_named_by_its_id(sample: Briefing) -> None:
    page = build_page(replace(sample, sources=()))
    assert [source.title for source in page.numbered] == [
        "post",
        "courier",
        "nordlys",
        "ledger",
        "herald",
    ]
    assert page.numbered[0].url is None


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_nothing_is_lost_and_every_reference_resolves(
    data: st.DataObject, briefings: st.SearchStrategy[Briefing]
) -> None:
    briefing = data.draw(briefings)
    page = build_page(briefing)
    shown = [len(s) for section in page.sections for s in [sum(section.paragraphs, ())]]
    assert shown == [len(section.sentences) for section in briefing.sections]
    assert [source.number for source in page.numbered] == list(range(1, len(page.numbered) + 1))
    assert len(page.withheld) == len(briefing.withheld)
    quotes = {key for source in page.numbered for key, _ in source.quotes}
    for section in page.sections:
        marks = [m for paragraph in section.paragraphs for s in paragraph for m in s.marks]
        marks += [m for c in section.conflicts for value in c.values for m in value.marks]
        assert {key for mark in marks for key in mark.quote_ids} <= quotes
        assert all(1 <= mark.number <= len(page.numbered) for mark in marks)
