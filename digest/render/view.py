"""What a page shows, before it has a format: numbered sources, paragraphs, marks, quotes.

Markdown and HTML both print a `Page`, so they can never number or count differently. All text in
a `Page` went through `plain`; none of it is escaped, that is each format's own business.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING

from digest.records import Source, WithheldReason
from digest.render.words import (
    KIND_NOTES,
    REASON_WORDS,
    coverage_words,
    moment,
    plain,
    safe_url,
    status_words,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.records import Briefing, BriefingSection, BriefingSentence, Conflict, ConflictValue
    from digest.render.words import Moment

_PARAGRAPH = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """A reference to source `number`, who that is, and the ids of the quotes it stands for."""

    number: int
    name: str
    quote_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSentence:
    """A sentence with its marks, ascending. `new` is None where its section says it for all."""

    text: str
    marks: tuple[Mark, ...]
    status: str
    new: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownValue:
    """One value of a conflict and who gives it."""

    value: str
    marks: tuple[Mark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownConflict:
    """A slot, the kind of conflict in words, and the values, the preferred one first."""

    slot: str
    kind: str
    note: str
    values: tuple[ShownValue, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSection:
    """A headline and its paragraphs. `new` is set where all sentences share one such mark."""

    headline: str
    new: str | None
    paragraphs: tuple[tuple[ShownSentence, ...], ...]
    conflicts: tuple[ShownConflict, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSource:
    """A source; `number` is None where nothing refers to it. `quotes` are (id, text) pairs."""

    number: int | None
    title: str
    publisher: str
    url: str | None
    published: Moment | None
    quotes: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """Everything a reader sees. `withheld` are (text or None where it must not show, reason)."""

    title: str
    created: Moment | None
    sections: tuple[ShownSection, ...]
    numbered: tuple[ShownSource, ...]
    unnumbered: tuple[ShownSource, ...]
    withheld: tuple[tuple[str | None, str], ...]
    coverage: str
    statuses: str | None
    marks_news: bool


def build_page(briefing: Briefing) -> Page:
    """Return what the briefing shows.

    Sources are numbered in the order in which sentences first cite them; those that only a
    conflict names come after. An id without a source record is shown by its id.
    """
    index = _Index.of(briefing)
    sentences = [s for section in briefing.sections for s in section.sentences]
    marks_news = any(sentence.new != "new" for sentence in sentences)
    sections = tuple(_section(s, index, marks_news=marks_news) for s in briefing.sections)
    known = [source.id for source in briefing.sources]
    return Page(
        title=plain(briefing.title) or "Briefing",
        created=moment(briefing.created),
        sections=sections,
        numbered=tuple(index.shown(article_id) for article_id in index.numbers),
        unnumbered=tuple(index.shown(i) for i in known if i not in index.numbers),
        withheld=tuple(
            (
                None if item.reason is WithheldReason.INJECTION else plain(item.text),
                REASON_WORDS[item.reason][0],
            )
            for item in briefing.withheld
        ),
        coverage=coverage_words(briefing),
        statuses=status_words(briefing),
        marks_news=marks_news,
    )


@dataclass(slots=True)
class _Index:
    """Numbers of articles and ids of quotes, given out in reading order."""

    sources: dict[str, Source]
    numbers: dict[str, int] = field(default_factory=dict)
    quotes: dict[str, dict[str, str]] = field(default_factory=dict)

    @classmethod
    def of(cls, briefing: Briefing) -> _Index:
        index = cls(sources={source.id: source for source in briefing.sources})
        for section in briefing.sections:
            for sentence in section.sentences:
                for citation in sentence.citations:
                    index.refer(citation.article_id)
        for section in briefing.sections:
            for conflict in section.conflicts:
                for value in conflict.values:
                    for article_id in value.article_ids:
                        index.refer(article_id)
        return index

    def refer(self, article_id: str) -> None:
        self.numbers.setdefault(article_id, len(self.numbers) + 1)

    def marks(self, article_ids: Iterable[str], quotes: Iterable[tuple[str, str]]) -> list[Mark]:
        """Return one mark per article, ascending, with the ids of its (article id, quote) pairs."""
        ids: dict[str, list[str]] = {article_id: [] for article_id in article_ids}
        for article_id, text in quotes:
            ids[article_id].append(self._quote_id(article_id, plain(text)))
        return [
            Mark(
                number=self.numbers[article_id],
                name=self._name(article_id),
                quote_ids=tuple(dict.fromkeys(ids[article_id])),
            )
            for article_id in sorted(ids, key=self.numbers.__getitem__)
        ]

    def _quote_id(self, article_id: str, text: str) -> str:
        known = self.quotes.setdefault(article_id, {})
        return known.setdefault(text, f"q{self.numbers[article_id]}-{len(known) + 1}")

    def _source(self, article_id: str) -> Source:
        return self.sources.get(article_id) or Source(
            id=article_id, title=article_id, publisher=None, url=None, published=None, sha256=""
        )

    def _name(self, article_id: str) -> str:
        source = self._source(article_id)
        return plain(source.publisher or "") or plain(source.title)

    def shown(self, article_id: str) -> ShownSource:
        source = self._source(article_id)
        return ShownSource(
            number=self.numbers.get(article_id),
            title=plain(source.title) or plain(article_id) or "Untitled",
            publisher=plain(source.publisher or ""),
            url=safe_url(source.url),
            published=moment(source.published),
            quotes=tuple((key, text) for text, key in self.quotes.get(article_id, {}).items()),
        )


def _section(section: BriefingSection, index: _Index, *, marks_news: bool) -> ShownSection:
    news = {sentence.new for sentence in section.sentences} if marks_news else set()
    sentences = [_sentence(s, index, marks_news=len(news) > 1) for s in section.sentences]
    return ShownSection(
        headline=plain(section.headline) or "Untitled",
        new=news.pop() if len(news) == 1 else None,
        paragraphs=_paragraphs(sentences),
        conflicts=tuple(_conflict(conflict, index) for conflict in section.conflicts),
    )


def _sentence(sentence: BriefingSentence, index: _Index, *, marks_news: bool) -> ShownSentence:
    quotes = [(citation.article_id, citation.quote) for citation in sentence.citations]
    return ShownSentence(
        text=plain(sentence.text),
        marks=tuple(index.marks((article_id for article_id, _ in quotes), quotes)),
        status=sentence.status.value,
        new=sentence.new if marks_news else None,
    )


def _conflict(conflict: Conflict, index: _Index) -> ShownConflict:
    return ShownConflict(
        slot=plain(conflict.slot),
        kind=conflict.kind.value,
        note=KIND_NOTES[conflict.kind],
        values=tuple(_value(value, index) for value in conflict.values),
    )


def _value(value: ConflictValue, index: _Index) -> ShownValue:
    given = value.article_ids
    quotes = [(said.article_id, said.text) for said in value.sentences if said.article_id in given]
    return ShownValue(value=plain(value.value), marks=tuple(index.marks(given, quotes)))


def _paragraphs(sentences: Sequence[ShownSentence]) -> tuple[tuple[ShownSentence, ...], ...]:
    """Split into paragraphs of at most four sentences, as even as they come: 5 is 3 and 2."""
    wanted = -(-len(sentences) // _PARAGRAPH)
    if not wanted:
        return ()
    bounds = [-(-len(sentences) * part // wanted) for part in range(wanted + 1)]
    return tuple(tuple(sentences[start:end]) for start, end in pairwise(bounds))
