"""Corpora on this machine: clusters with the references that people wrote."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from digest.errors import UsageError
from digest.ingest.items import UnusableError, drop, readable_id, well_formed, with_unique_ids
from digest.ingest.rows import Place, row_items
from digest.ingest.tables import table_rows
from digest.records import Dropped, DropReason, RawArticle

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from digest.config import IngestConfig

_SUFFIXES: Final = (".jsonl", ".ndjson", ".parquet")
_SHAPE: Final = '{"id", "articles": [{"title", "text"}], "references": ["…"]}'


@dataclass(frozen=True, slots=True, kw_only=True)
class CorpusRow:
    """One cluster of a corpus: its articles, kept or dropped, and the references with text."""

    articles: tuple[RawArticle, ...]
    references: tuple[str, ...]
    dropped: tuple[Dropped, ...]


def corpus_rows(path: Path, config: IngestConfig) -> Iterator[CorpusRow | Dropped]:
    """Yield every row of a JSONL or Parquet file, or the drop of what is no cluster.

    Raises:
        UsageError: the file cannot be read as a whole.
    """
    if path.suffix.lower() not in _SUFFIXES:
        raise UsageError(
            f"{path}: a corpus must end in {', '.join(_SUFFIXES)}; one row is {_SHAPE}"
        )
    try:
        for number, row in table_rows(path, config):
            place = Place(
                source=f"{path}:{number}",
                id=readable_id(f"{path.stem}-{number}"),
                cluster=None,
                max_bytes=config.max_bytes,
            )
            yield _corpus_row(row, place)
    except UnusableError as error:
        raise UsageError(
            f"{path}: {error.reason.value} {error.detail}".strip() + f"; one row is {_SHAPE}"
        ) from error
    except OSError as error:
        raise UsageError(f"{path} cannot be read: {error.strerror}") from error


def _corpus_row(row: object, place: Place) -> CorpusRow | Dropped:
    try:
        if isinstance(row, UnusableError):
            raise row
        references = _references(row)
    except UnusableError as error:
        return drop(place.source, error.reason, error.detail)
    items = with_unique_ids(row_items(row, place))
    return CorpusRow(
        articles=tuple(item for item in items if isinstance(item, RawArticle)),
        references=references,
        dropped=tuple(item for item in items if isinstance(item, Dropped)),
    )


def _references(row: object) -> tuple[str, ...]:
    """Return the references that hold something, after a look at the row's shape."""
    if not isinstance(row, Mapping) or not isinstance(row.get("articles"), list):
        raise UnusableError(DropReason.MALFORMED_ROW, f"a row must be {_SHAPE}")
    held = row.get("references") or []
    if not isinstance(held, list) or not all(isinstance(text, str) for text in held):
        raise UnusableError(DropReason.MALFORMED_ROW, "references must be a list of strings")
    return tuple(well_formed(text) for text in held if text.strip())
