"""`briefing.json`, schema version 1: the stable form of a briefing that other programs read.

Three things of the records are not part of it: how well a citation scored, the section a withheld
text came from, and the sentences behind a conflicting value. Values are written preferred first.
"""

from __future__ import annotations

import json
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from digest.errors import SourceError
from digest.records import (
    Briefing,
    BriefingSection,
    BriefingSentence,
    Citation,
    Conflict,
    ConflictKind,
    ConflictValue,
    Coverage,
    Label,
    Source,
    Span,
    Status,
    Support,
    SupportedMention,
    Withheld,
    WithheldReason,
)
from digest.render.words import storable

SCHEMA_VERSION = 1

_Offset = Annotated[int, Field(ge=0)]


def to_json(briefing: Briefing) -> str:
    """Return the briefing as JSON with two-space indents, ending with one newline."""
    data = {
        "schema_version": SCHEMA_VERSION,
        "created": briefing.created,
        "title": briefing.title,
        "sections": [_section_data(section) for section in briefing.sections],
        "sources": [
            {
                "id": source.id,
                "title": source.title,
                "publisher": source.publisher,
                "url": source.url,
                "published": source.published,
                "sha256": source.sha256,
            }
            for source in briefing.sources
        ],
        "withheld": [{"text": w.text, "reason": w.reason.value} for w in briefing.withheld],
        "coverage": {
            "articles_read": briefing.coverage.articles_read,
            "articles_dropped": briefing.coverage.articles_dropped,
            "independent_sources": briefing.coverage.independent_sources,
            "articles_cited": briefing.coverage.articles_cited,
        },
    }
    return storable(json.dumps(data, indent=2, ensure_ascii=False)) + "\n"


def from_json(text: str) -> Briefing:
    """Return the briefing that `to_json` wrote; fields a later writer added are passed over.

    What version 1 does not hold comes back empty: a citation's score is 0, a withheld text's
    section is "".

    Raises:
        SourceError: the text is not JSON, has another schema version, or a field is missing or
            has a value outside its closed list; the message names the first such field.
    """
    try:
        return _Briefing.model_validate_json(text).record()
    except ValidationError as error:
        first = error.errors(include_url=False, include_context=False)[0]
        where = ".".join(str(part) for part in first["loc"]) or "the text"
        raise SourceError(
            f"not a briefing of schema_version {SCHEMA_VERSION}: {where}: {first['msg']}; "
            f"re-create it with `digest run`"
        ) from None


def _section_data(section: BriefingSection) -> dict[str, Any]:
    return {
        "id": section.id,
        "headline": section.headline,
        "sentences": [
            {
                "text": sentence.text,
                "status": sentence.status.value,
                "new": sentence.new,
                "citations": [_citation_data(citation) for citation in sentence.citations],
                "entities": [
                    {"text": e.text, "label": e.label.value, "support": e.support.value}
                    for e in sentence.entities
                ],
            }
            for sentence in section.sentences
        ],
        "conflicts": [_conflict_data(conflict) for conflict in section.conflicts],
    }


def _citation_data(citation: Citation) -> dict[str, Any]:
    return {
        "article_id": citation.article_id,
        "start": citation.start,
        "end": citation.end,
        "quote": citation.quote,
        "original_start": citation.original.start,
        "original_end": citation.original.end,
    }


def _conflict_data(conflict: Conflict) -> dict[str, Any]:
    return {
        "kind": conflict.kind.value,
        "slot": conflict.slot,
        "values": [{"value": v.value, "article_ids": list(v.article_ids)} for v in conflict.values],
    }


class _Part(BaseModel):
    model_config = ConfigDict(strict=True, extra="ignore")


class _Citation(_Part):
    article_id: str
    start: _Offset
    end: _Offset
    quote: str
    original_start: _Offset
    original_end: _Offset

    def record(self) -> Citation:
        return Citation(
            article_id=self.article_id,
            start=self.start,
            end=self.end,
            quote=self.quote,
            original=Span(start=self.original_start, end=self.original_end),
            score=0.0,
        )


class _Entity(_Part):
    text: str
    label: Label
    support: Support


class _Sentence(_Part):
    text: str
    status: Status
    new: Literal["new", "updated", "carried"]
    citations: list[_Citation]
    entities: list[_Entity]

    def record(self) -> BriefingSentence:
        return BriefingSentence(
            text=self.text,
            status=self.status,
            new=self.new,
            citations=tuple(citation.record() for citation in self.citations),
            entities=tuple(SupportedMention(**entity.__dict__) for entity in self.entities),
        )


class _Value(_Part):
    value: str
    article_ids: list[str]


class _Conflict(_Part):
    kind: ConflictKind
    slot: str
    values: list[_Value]

    def record(self) -> Conflict:
        return Conflict(
            kind=self.kind,
            slot=self.slot,
            values=tuple(
                ConflictValue(value=v.value, article_ids=tuple(v.article_ids)) for v in self.values
            ),
        )


class _Section(_Part):
    id: str
    headline: str
    sentences: list[_Sentence]
    conflicts: list[_Conflict]

    def record(self) -> BriefingSection:
        return BriefingSection(
            id=self.id,
            headline=self.headline,
            sentences=tuple(sentence.record() for sentence in self.sentences),
            conflicts=tuple(conflict.record() for conflict in self.conflicts),
        )


class _Source(_Part):
    id: str
    title: str
    publisher: str | None
    url: str | None
    published: str | None
    sha256: str


class _Withheld(_Part):
    text: str
    reason: WithheldReason


class _Coverage(_Part):
    articles_read: _Offset
    articles_dropped: _Offset
    independent_sources: _Offset
    articles_cited: _Offset


class _Briefing(_Part):
    schema_version: Literal[1]
    created: str
    title: str
    sections: list[_Section]
    sources: list[_Source]
    withheld: list[_Withheld]
    coverage: _Coverage

    def record(self) -> Briefing:
        return Briefing(
            created=self.created,
            title=self.title,
            sections=tuple(section.record() for section in self.sections),
            sources=tuple(Source(**source.__dict__) for source in self.sources),
            withheld=tuple(Withheld(**item.__dict__, section_id="") for item in self.withheld),
            coverage=Coverage(**self.coverage.__dict__),
        )
