from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import SourceError
from digest.render import from_json, to_json

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.records import Briefing, Conflict


def _stored(briefing: Briefing) -> Briefing:
    """Leave out what schema version 1 does not hold."""
    return replace(
        briefing,
        sections=tuple(
            replace(
                section,
                sentences=tuple(
                    replace(
                        sentence,
                        citations=tuple(replace(c, score=0.0) for c in sentence.citations),
                    )
                    for sentence in section.sentences
                ),
                conflicts=tuple(_without_sentences(conflict) for conflict in section.conflicts),
            )
            for section in briefing.sections
        ),
        withheld=tuple(replace(item, section_id="") for item in briefing.withheld),
    )


def _without_sentences(conflict: Conflict) -> Conflict:
    values = tuple(replace(value, sentences=()) for value in conflict.values)
    return replace(conflict, values=values, settled=True)


@settings(deadline=None, max_examples=60)
@given(data=st.data())
def test_a_briefing_survives_the_round_trip(
    data: st.DataObject, briefings: st.SearchStrategy[Briefing]
) -> None:
    briefing = data.draw(briefings)
    text = to_json(briefing)
    assert from_json(text) == _stored(briefing)
    assert to_json(from_json(text)) == text
    assert text.endswith("}\n")


def test_the_shape_is_schema_version_1(sample: Briefing) -> None:
    data = json.loads(to_json(sample))
    assert list(data) == [
        "schema_version",
        "created",
        "title",
        "sections",
        "sources",
        "withheld",
        "coverage",
    ]
    assert data["schema_version"] == 1
    section = data["sections"][0]
    assert list(section) == ["id", "headline", "sentences", "conflicts"]
    sentence = section["sentences"][0]
    assert list(sentence) == ["text", "status", "new", "citations", "entities"]
    assert sentence["citations"][0] == {
        "article_id": "post",
        "start": 12,
        "end": 20,
        "quote": "At least 31 people died when the Lower Kessel dam failed on Sunday.",
        "original_start": 40,
        "original_end": 107,
    }
    assert sentence["entities"] == [{"text": "Mora", "label": "PLACE", "support": "verbatim"}]
    assert section["conflicts"][0] == {
        "kind": "update",
        "slot": "deaths",
        "values": [
            {"value": "31", "article_ids": ["post", "courier"]},
            {"value": "12", "article_ids": ["nordlys"]},
        ],
    }
    assert list(data["sources"][0]) == ["id", "title", "publisher", "url", "published", "sha256"]
    assert data["withheld"][0] == {
        "text": "Mayor Luis Ortega said “the dam was a disgrace.”",
        "reason": "misquote",
    }
    assert data["coverage"] == {
        "articles_read": 7,
        "articles_dropped": 1,
        "independent_sources": 6,
        "articles_cited": 4,
    }


def test_text_is_readable_in_the_file_and_always_utf_8(sample: Briefing) -> None:
    assert "“We heard it" in to_json(sample)
    text = to_json(replace(sample, title="half \ud83d of a pair"))
    assert from_json(text).title == "half \ufffd of a pair"
    assert text.encode()


def test_fields_of_a_later_writer_are_passed_over(sample: Briefing) -> None:
    data = json.loads(to_json(sample))
    data["sections"][0]["mood"] = "calm"
    assert from_json(json.dumps(data)) == _stored(sample)


def _without_title(data: dict[str, Any]) -> None:
    del data["title"]


def _next_version(data: dict[str, Any]) -> None:
    data["schema_version"] = 2


def _odd_status(data: dict[str, Any]) -> None:
    data["sections"][0]["sentences"][2]["status"] = "guessed"


def _odd_news(data: dict[str, Any]) -> None:
    data["sections"][0]["sentences"][0]["new"] = "stale"


def _number_as_text(data: dict[str, Any]) -> None:
    data["coverage"]["articles_read"] = "5"


def _negative(data: dict[str, Any]) -> None:
    data["sections"][1]["sentences"][0]["citations"][0]["start"] = -1


@pytest.mark.parametrize(
    ("damage", "where"),
    [
        (_without_title, "title: Field required"),
        (_next_version, "schema_version: Input should be 1"),
        (_odd_status, "sections.0.sentences.2.status: Input should be"),
        (_odd_news, "sections.0.sentences.0.new: Input should be"),
        (_number_as_text, "coverage.articles_read: Input should be a valid integer"),
        (_negative, "sections.1.sentences.0.citations.0.start: Input should be greater"),
    ],
)
def test_a_damaged_file_is_refused_by_the_name_of_its_field(
    sample: Briefing, damage: Callable[[dict[str, Any]], None], where: str
) -> None:
    data = json.loads(to_json(sample))
    damage(data)
    with pytest.raises(SourceError) as caught:
        from_json(json.dumps(data))
    assert str(caught.value).startswith(f"not a briefing of schema_version 1: {where}")


@pytest.mark.parametrize("text", ["", "{", "[]", "null"])
def test_what_is_no_object_is_refused(text: str) -> None:
    with pytest.raises(SourceError, match="not a briefing of schema_version 1: the text: "):
        from_json(text)
