"""Files -> labelled rows. A file is read whole or not at all; errors name file and line."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, TypeAlias

from digest.errors import UsageError
from eval.corpora import read_rows
from eval.meta.fields import Fields
from eval.meta.labels import (
    WANTED,
    EntityOutput,
    GoldEntity,
    LabelledFile,
    RatedOutput,
    Row,
    ScoreRow,
    Shape,
    SourceRow,
    SpanOutput,
    VotedOutput,
    known_shape,
    shape_of,
)

if TYPE_CHECKING:
    from pathlib import Path

Reader: TypeAlias = Callable[[Fields], Row]

_WORD = re.compile(r"\S+")
# The names of one set of systems in the annotations and in the published scores of Maynez et al.
_SYSTEMS = {
    "bert_withckpt": "BERTS2S",
    "bert_nockpt": "TranS2S",
    "ptgen": "PtGen",
    "tconvs2s": "TConvS2S",
}


def read_labels(path: Path) -> LabelledFile:
    """Return a labelled file, its shape recognised by the keys of its first row.

    Raises:
        UsageError: it cannot be read, is empty, has no labels, or a row is not of the shape.
    """
    rows: list[Row] = []
    shape: Shape | None = None
    for number, (where, row) in enumerate(read_rows(str(path)), start=1):
        shape = shape or shape_of(row, where)
        if not isinstance(row, Mapping):
            raise UsageError(f"{where}: a row must be {WANTED[shape]}, got {type(row).__name__}")
        rows.append(_READERS[shape](Fields(row, where, WANTED[shape], number)))
    if shape is None:
        raise UsageError(f"{path}: a file without rows")
    return LabelledFile(path=path, shape=shape, rows=tuple(rows))


def discover(data: Path, *, deep: bool = True) -> tuple[Path, ...]:
    """Return the files in a folder that hold labels, in the order of their names.

    Only first rows are looked at; files of sources alone and other people's scores count, too.

    Args:
        data: the folder.
        deep: whether folders in it are searched, too.

    Raises:
        UsageError: it is no folder, or a JSON lines file in it cannot be read.
    """
    if not data.is_dir():
        raise UsageError(f"{data}: no such folder")
    paths = data.rglob("*") if deep else data.glob("*")
    named = sorted(path for path in paths if path.name.endswith((".jsonl", ".jsonl.xz")))
    return tuple(path for path in named if _labels(path))


def _labels(path: Path) -> bool:
    _, first = next(iter(read_rows(str(path))), ("", None))
    return known_shape(first) is not None


def _entities(row: Fields) -> EntityOutput:
    prediction = row.text("prediction")
    return EntityOutput(
        id=row.name(),
        sources=row.sources(),
        prediction=prediction,
        entities=tuple(_entity(item, prediction) for item in row.items("entities")),
    )


def _entity(item: Fields, prediction: str) -> GoldEntity:
    start, end = item.integer("start"), item.integer("end")
    if not 0 <= start < end <= len(prediction):
        raise item.error(f"{start}..{end} lies outside a prediction of {len(prediction)}")
    written, said = prediction[start:end], item.optional("ent")
    if said is not None and said != written:
        raise item.error(f"the prediction has {written!r} at {start}..{end}, ent is {said!r}")
    return GoldEntity(
        start=start, end=end, kind=item.optional("type") or "", label=item.text("label")
    )


def _spans(row: Fields) -> SpanOutput:
    prediction = row.text("prediction")
    marked: dict[str, set[int]] = {}
    for item in row.items("hallucinations"):
        marked.setdefault(item.text("worker"), set()).update(_marked(item, prediction))
    if not marked:
        raise row.error("hallucinations must have one entry per person, got none")
    words = [match.span() for match in _WORD.finditer(prediction)]
    free = [
        sum(spots.isdisjoint(range(*word)) for word in words) / len(words) if words else 1.0
        for _, spots in sorted(marked.items())
    ]
    anything = sum(bool(spots) for spots in marked.values())
    return SpanOutput(
        id=row.name(),
        document=row.optional("bbcid") or row.name(),
        system=row.optional("system") or "",
        sources=row.sources(),
        prediction=prediction,
        faithful=sum(free) / len(free),
        hallucinated=2 * anything > len(marked),
        factual=_factual(row, marked=bool(anything)),
    )


def _marked(item: Fields, prediction: str) -> range:
    """Return the characters of a marked span; -1 says that the person marked nothing.

    Maynez et al. count from 1; where the span's own text shows that a file counts from 0, it does.
    """
    start, end = item.integer("start"), item.integer("end")
    if start < 0:
        return range(0)
    from_zero = start == 0 or item.optional("span") == prediction[start:end]
    return range(start, end) if from_zero else range(start - 1, end - 1)


def _factual(row: Fields, *, marked: bool) -> float | None:
    if not row.has("is_factual"):
        return None
    said = [value for value in row.strings("is_factual") if value.upper() != "NULL"]
    if not said:
        return None if marked else 1.0
    return sum(row.verdict(value) for value in said) / len(said)


def _votes(row: Fields) -> VotedOutput:
    items = row.items("sentences")
    votes = tuple(tuple(map(item.verdict, item.values("votes"))) for item in items)
    if not all(votes):
        raise row.error("each sentence must have a vote, and an output a sentence")
    if not votes:
        raise row.error("sentences must not be empty")
    return VotedOutput(
        id=row.name(),
        sources=row.sources(),
        sentences=tuple(item.text("text") for item in items),
        votes=votes,
    )


def _ratings(row: Fields) -> RatedOutput:
    document = None
    if row.has("source") or row.has("sources"):
        document = _source(row)
    return RatedOutput(
        id=row.name(),
        system=row.optional("system") or "",
        prediction=row.text("prediction"),
        ratings=row.numbers("human"),
        document=document,
    )


def _source(row: Fields) -> SourceRow:
    references = row.strings("references") if row.has("references") else ()
    return SourceRow(id=row.name(), sources=row.sources(), references=references)


def _scores(row: Fields) -> ScoreRow:
    system, _, document = row.text("system_bbcid").rpartition("_")
    return ScoreRow(
        system=_SYSTEMS.get(system, system),
        document=document,
        columns=row.columns(but="system_bbcid"),
    )


_READERS: dict[Shape, Reader] = {
    Shape.ENTITIES: _entities,
    Shape.SPANS: _spans,
    Shape.VOTES: _votes,
    Shape.RATINGS: _ratings,
    Shape.SOURCES: _source,
    Shape.SCORES: _scores,
}
