"""Labelled corpora: the records, and which shape a file has by its keys."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from digest.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

SUPPORTED = "Non-hallucinated"


class Shape(StrEnum):
    """What people labelled."""

    ENTITIES = "entities"
    SPANS = "spans"
    VOTES = "votes"
    RATINGS = "ratings"
    SOURCES = "sources"
    SCORES = "scores"


WANTED = {
    Shape.ENTITIES: '{"source", "prediction", "entities": [{"start", "end", "label", "type"?}]}',
    Shape.SPANS: '{"source", "prediction", "bbcid"?, "system"?, '
    '"hallucinations": [{"worker", "start", "end"}], "is_factual"?: ["yes", …]}',
    Shape.VOTES: '{"source", "sentences": [{"text", "votes": ["yes", "no", …]}]}',
    Shape.RATINGS: '{"id", "system", "prediction", "human": {"consistency": 4.3, …}}',
    Shape.SOURCES: '{"id", "source", "references"?: ["…"]}',
    Shape.SCORES: '{"system_bbcid", "Faithful", "Factual", "R1"?: "0.2", …}',
}


@dataclass(frozen=True, slots=True, kw_only=True)
class GoldEntity:
    """A labelled mention: `start` and `end` index the output, `kind` is the type it was given."""

    start: int
    end: int
    kind: str
    label: str

    @property
    def hallucinated(self) -> bool:
        """Whether people say that the source does not have it."""
        return self.label != SUPPORTED


@dataclass(frozen=True, slots=True, kw_only=True)
class EntityOutput:
    """An output whose mentions are labelled."""

    id: str
    sources: tuple[str, ...]
    prediction: str
    entities: tuple[GoldEntity, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanOutput:
    """An output in which several people marked what its source does not support.

    `faithful` is the share of words that a person left unmarked, averaged over the people;
    `hallucinated` whether more than half of them marked something. `factual` is the share who call
    it true in the world; where nobody marked anything nobody was asked, and it is 1.
    """

    id: str
    document: str
    system: str
    sources: tuple[str, ...]
    prediction: str
    faithful: float
    hallucinated: bool
    factual: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class VotedOutput:
    """An output of sentences, each with votes on whether its source supports it."""

    id: str
    sources: tuple[str, ...]
    sentences: tuple[str, ...]
    votes: tuple[tuple[bool, ...], ...]

    @property
    def consistency(self) -> float:
        """Return the share of sentences that more than half of the votes call supported."""
        return sum(2 * sum(votes) > len(votes) for votes in self.votes) / len(self.votes)


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A document that rated outputs summarize, with what people wrote about it."""

    id: str
    sources: tuple[str, ...]
    references: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class RatedOutput:
    """An output with one mean rating per dimension; `document` is None until it is found."""

    id: str
    system: str
    prediction: str
    ratings: tuple[tuple[str, float], ...]
    document: SourceRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoreRow:
    """What others measured of one output; None where they have no number."""

    system: str
    document: str
    columns: tuple[tuple[str, float | None], ...]

    def value(self, column: str) -> float | None:
        """Return a column's number."""
        return dict(self.columns).get(column)


Row = EntityOutput | SpanOutput | VotedOutput | RatedOutput | SourceRow | ScoreRow


@dataclass(frozen=True, slots=True, kw_only=True)
class LabelledFile:
    """A file of rows of one shape, in its order."""

    path: Path
    shape: Shape
    rows: tuple[Row, ...]

    @property
    def name(self) -> str:
        """The file's name without endings, by which tables call the corpus."""
        return self.path.name.split(".")[0]


def shape_of(row: object, where: str) -> Shape:
    """Return the shape of a row by its keys.

    >>> shape_of({"source": "…", "prediction": "…", "entities": []}, "a.jsonl:1").value
    'entities'

    Raises:
        UsageError: no labels are in it; the message lists the shapes.
    """
    found = known_shape(row)
    if found is None:
        got = ", ".join(map(str, row)) if isinstance(row, Mapping) else type(row).__name__
        shapes = "\n".join(f"  {wanted}" for wanted in WANTED.values())
        raise UsageError(f"{where}: no labels in a row of {got}; one row must be like\n{shapes}")
    return found


def known_shape(row: object) -> Shape | None:
    """Return the shape of a row, None for anything else."""
    if not isinstance(row, Mapping):
        return None
    keys = set(row)
    if "prediction" in keys:
        labels = {"entities": Shape.ENTITIES, "hallucinations": Shape.SPANS, "human": Shape.RATINGS}
        return next((shape for key, shape in labels.items() if key in keys), None)
    if "system_bbcid" in keys:
        return Shape.SCORES
    has_source = bool(keys & {"source", "sources"})
    sentences = row.get("sentences")
    if has_source and isinstance(sentences, list):
        voted = all(isinstance(item, Mapping) and "votes" in item for item in sentences)
        return Shape.VOTES if voted else None
    return Shape.SOURCES if has_source and "id" in keys and "sentences" not in keys else None
