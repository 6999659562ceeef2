"""The articles of a cluster, numbered, and the sentences in them that outputs are held against."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.render.words import moment, plain, safe_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from digest.render.words import Moment
    from eval.records import ArticleRow, Example, SourceSpan


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where a quote stands on the page: the number of its source, and its own id."""

    number: int
    quote_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """A sentence of a source, and the letters of the systems that name something it has."""

    id: str
    text: str
    letters: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownSource:
    """A source: its head, the sentences that support or contradict outputs, and all of its text."""

    number: int
    title: str
    publisher: str
    url: str | None
    published: Moment | None
    quotes: tuple[Quote, ...]
    paragraphs: tuple[str, ...]
    words: int


class SourceList:
    """The sources of one cluster, and the quotes that its outputs need."""

    def __init__(self, example: Example, spans: Iterable[tuple[str, SourceSpan]]) -> None:
        """Number the articles and take in (letter of a system, evidence) in any order."""
        self._articles = example.articles
        users: dict[tuple[int, int, int], list[str]] = {}
        quotes: dict[tuple[int, int, int], str] = {}
        for letter, span in spans:
            key = self._key(span)
            users.setdefault(key, []).append(letter)
            quotes[key] = span.quote
        self._quotes: Mapping[tuple[int, int, int], Quote] = {
            key: Quote(
                id=f"q{key[0]}-{key[1]}-{key[2]}",
                text=plain(quotes[key]),
                letters=tuple(dict.fromkeys(users[key])),
            )
            for key in sorted(quotes)
        }

    def _key(self, span: SourceSpan) -> tuple[int, int, int]:
        """Return the number of the article and the span; of equal ids, the one that has the text.

        0 stands for an article that the corpus does not have.
        """
        named = [
            (number, article)
            for number, article in enumerate(self._articles, 1)
            if article.id == span.article_id
        ]
        holding = [
            number
            for number, article in named
            if span.quote in (article.text[span.start : span.end], article.title)
        ]
        number = holding[0] if holding else named[0][0] if named else 0
        return number, span.start, span.end

    def place(self, span: SourceSpan) -> Place | None:
        """Return where a span's quote stands, None where the corpus lacks the article."""
        key = self._key(span)
        return Place(number=key[0], quote_id=self._quotes[key].id) if key[0] else None

    def shown(self) -> tuple[ShownSource, ...]:
        """Return all sources in their order."""
        return tuple(
            self._shown(number, article) for number, article in enumerate(self._articles, 1)
        )

    def _shown(self, number: int, article: ArticleRow) -> ShownSource:
        return ShownSource(
            number=number,
            title=plain(article.title or "") or plain(article.id),
            publisher=plain(article.publisher or ""),
            url=safe_url(article.url),
            published=moment(article.published),
            quotes=tuple(quote for key, quote in self._quotes.items() if key[0] == number),
            paragraphs=tuple(filter(None, map(plain, article.text.split("\n")))),
            words=len(article.text.split()),
        )
