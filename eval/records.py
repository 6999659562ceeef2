"""The records of the harness: frozen, keyword-only, typed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleRow:
    """An article of a corpus as it stands there: nothing cleaned, nothing repaired."""

    id: str
    text: str
    title: str | None = None
    publisher: str | None = None
    url: str | None = None
    published: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Example:
    """One cluster of a corpus: its articles and what people wrote about them."""

    id: str
    articles: tuple[ArticleRow, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a system wrote for one example, one sentence per line; "" where it wrote nothing.

    `run` names the system. `failure` says why nothing was written, None where something was.
    """

    id: str
    prediction: str
    run: str
    failure: str | None = None
