"""The records of the harness: frozen, keyword-only, typed."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from digest.records import Label


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
class SourceSpan:
    """Where an article says something: code points into `ArticleRow.text`, end exclusive.

    Where the title says it, `start` and `end` are 0.
    """

    article_id: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a system wrote for one example, one sentence per line; "" where it wrote nothing.

    `run` names the system. `failure` says why nothing was written, None where something was.
    `citations` are those of each line, None for systems that do not cite.
    """

    id: str
    prediction: str
    run: str
    failure: str | None = None
    citations: tuple[tuple[SourceSpan, ...], ...] | None = None


class OutputState(StrEnum):
    """What became of an output. All are scored: what is not `WRITTEN` as an empty text."""

    WRITTEN = "written"
    EMPTY = "empty"
    FAILED = "failed"
    MISSING = "missing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One output beside its sources and references; no prediction where none was handed in."""

    example: Example
    run: str
    prediction: Prediction | None

    @property
    def text(self) -> str:
        """Return what was written."""
        return self.prediction.prediction if self.prediction else ""

    @property
    def state(self) -> OutputState:
        """Return what became of the output."""
        if self.prediction is None:
            return OutputState.MISSING
        if self.text.strip():
            return OutputState.WRITTEN
        return OutputState.FAILED if self.prediction.failure else OutputState.EMPTY


@dataclass(frozen=True, slots=True, kw_only=True)
class Value:
    """One number of one output.

    `value` is None where there was nothing to measure, and `note` says what was missing. `hits` and
    `total` are the counts behind a ratio, so that a corpus can be pooled: sum(hits) / sum(total).
    """

    value: float | None
    hits: float | None = None
    total: float | None = None
    note: str | None = None


class Level(StrEnum):
    """How the sources support what an output names; the first three are `digest`'s own levels.

    `CONFLICT` is a name that the sources give to somebody else: "John Smith" where they have only
    "Jane Smith". `UNSCORABLE` is a relative date without an article's date.
    """

    VERBATIM = "verbatim"
    NORMALISED = "normalised"
    ALIAS = "alias"
    CONFLICT = "conflict"
    NONE = "none"
    UNSCORABLE = "unscorable"


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityVerdict:
    """What the sources say of one mention of an output: `start` and `end` index the output.

    `union` is the level in all articles, `anchored` the level in those closest to its sentence.
    `evidence` is the best source sentence of `anchored`, else of `union`; None for NONE.
    """

    text: str
    label: Label
    start: int
    end: int
    key: str
    union: Level
    anchored: Level
    evidence: SourceSpan | None
