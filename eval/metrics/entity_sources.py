"""The articles of one example, prepared once for the outputs of every system."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING

from digest.records import Label, Span
from digest.text.entities import Aliases, Evidence, evidence
from digest.text.linking import link_entities
from digest.text.mentions import find_mentions
from digest.text.relative import published_day
from digest.text.sentences import sentence_spans
from eval.metrics.extractors import cased

if TYPE_CHECKING:
    from collections.abc import Iterator

    from digest.records import Entity
    from eval.records import ArticleRow


# Some corpora have a space in every figure from a thousand on, "235, 000", or in every decimal,
# "1. 7": such a space goes where the article has no figure without it.
_FIGURES = (
    (re.compile(r"(?<=\d), (?=\d{3}(?!\d))"), re.compile(r"\d,\d{3}(?!\d)"), ","),
    (re.compile(r"(?<=\d)\. (?=\d)"), re.compile(r"\d\.\d"), "."),
)


@dataclass(frozen=True, slots=True)
class Passage:
    """A sentence of an article: where it stands in `ArticleRow.text`, 0 and 0 for the title.

    `quote` is what stands there, `read` what is asked: see `Article.whole`.
    """

    start: int
    end: int
    quote: str
    read: str


class Article:
    """One article: its row, its evidence from title and text, and on demand its sentences."""

    def __init__(self, row: ArticleRow) -> None:
        """Prepare an article; one that was written without capitals gets them restored."""
        self.row = row
        self.title = cased(row.title or "")
        self.text = cased(row.text)
        self._apart = [
            (apart, mark)
            for apart, together, mark in _FIGURES
            if apart.search(row.text) and not together.search(row.text)
        ]

    @cached_property
    def whole(self) -> str:
        """Title and text, as they are read: with capitals, and with figures in one piece."""
        return self._read(f"{self.title}\n\n{self.text}" if self.title else self.text)

    def _read(self, text: str) -> str:
        for apart, mark in self._apart:
            text = apart.sub(mark, text)
        return text

    @property
    def evidence(self) -> Evidence:
        """What the article can be asked; `digest.text` remembers it by its text."""
        return evidence(self.whole)

    @cached_property
    def passages(self) -> tuple[Passage, ...]:
        """The title, if any, and the sentences, paragraph by paragraph."""
        title = self.row.title
        head = [Passage(0, 0, title, self.title)] if title else []
        spans = (
            Passage(
                s.start,
                s.end,
                self.row.text[s.start : s.end],
                self._read(self.text[s.start : s.end]),
            )
            for s in line_sentences(self.row.text)
        )
        return (*head, *spans)


def line_sentences(text: str) -> Iterator[Span]:
    r"""Yield the spans of the sentences of a text, each line split by itself.

    >>> [(s.start, s.end) for s in line_sentences("One came. Two left.\nThree")]
    [(0, 9), (10, 19), (20, 25)]
    """
    breaks = [-1, *(i for i, character in enumerate(text) if character == "\n"), len(text)]
    for before, after in pairwise(breaks):
        start = before + 1
        if text[start:after].strip():
            for span in sentence_spans(text[start:after]):
                yield Span(start=span.start + start, end=span.end + start)


class SourceSet:
    """The articles of one example and what they name together."""

    def __init__(self, rows: tuple[ArticleRow, ...]) -> None:
        """Prepare the articles in their order."""
        self.articles = tuple(map(Article, rows))
        named = {
            str(number): find_mentions(article.whole)
            for number, article in enumerate(self.articles)
        }
        self.entities: tuple[Entity, ...] = link_entities(named)
        self.aliases = Aliases(self.entities)
        self.people = tuple(
            (number, mention)
            for number, article in enumerate(self.articles)
            for mention in named[str(number)]
            if mention.label is Label.PERSON and " " in mention.text
        )

    @cached_property
    def texts(self) -> tuple[str, ...]:
        """The articles' titles and texts, with capitals."""
        return tuple(article.whole for article in self.articles)

    @cached_property
    def published(self) -> str | None:
        """The newest date of the articles: an output is taken to be written on that day."""
        dates = [row.published for row in (article.row for article in self.articles)]
        known = [(day, text) for text in dates if text and (day := published_day(text))]
        return max(known)[1] if known else None


@lru_cache(maxsize=32)
def source_set(rows: tuple[ArticleRow, ...]) -> SourceSet:
    """Return articles prepared; equal articles in equal order are prepared once.

    All outputs for an example are scored together, so a few are enough.
    """
    return SourceSet(rows)
