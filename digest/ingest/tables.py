"""Tables: JSONL, CSV and Parquet files, row by row. A bad row is dropped alone."""

from __future__ import annotations

import csv
import io
import json
from typing import TYPE_CHECKING

from digest.ingest.decode import check_text, encoding_of, read_bytes, to_text
from digest.ingest.items import UnusableError, drop
from digest.ingest.rows import Place, row_items
from digest.records import DropReason

if TYPE_CHECKING:
    from _csv import Reader
    from collections.abc import Iterator
    from pathlib import Path

    from digest.config import IngestConfig
    from digest.ingest.items import Item

# A CSV field may be as long as an article; Python's own limit is 131,072.
_CSV_FIELD_LIMIT = 2**31 - 1
_DELIMITERS = ",;\t|"
_HEAD = 1024


def read_table(path: Path, place: Place, config: IngestConfig) -> list[Item]:
    """Return one or more items for each row of a .jsonl, .ndjson, .csv, .tsv or .parquet file.

    `place` is that of the file: rows are `place.source:3` and, without an id of their own,
    `place.id-3`, counted in lines for JSONL and in data rows otherwise, from 1.

    Raises:
        UnusableError: the file as a whole cannot be read.
    """
    items: list[Item] = []
    for number, row in table_rows(path, config):
        source = f"{place.source}:{number}"
        if isinstance(row, UnusableError):
            items.append(drop(source, row.reason, row.detail))
        else:
            row_place = Place(
                source=source,
                id=f"{place.id}-{number}",
                cluster=place.cluster,
                max_bytes=place.max_bytes,
            )
            items += row_items(row, row_place)
    if not items:
        raise UnusableError(DropReason.EMPTY, "a table without rows")
    return items


def table_rows(path: Path, config: IngestConfig) -> Iterator[tuple[int, object]]:
    """Return numbered rows; one that cannot be parsed is an UnusableError in its place.

    Raises:
        UnusableError: the file as a whole cannot be read.
    """
    suffix = path.suffix.lower()
    if suffix == ".parquet":
        return _parquet_rows(path, config)
    data = read_bytes(path, max_bytes=config.max_table_bytes)
    return _csv_rows(data) if suffix in {".csv", ".tsv"} else _jsonl_rows(data)


def _jsonl_rows(data: bytes) -> Iterator[tuple[int, object]]:
    for number, line in enumerate(_lines(data), start=1):
        if not line.strip():
            continue
        try:
            yield number, json.loads(line)
        except (ValueError, RecursionError) as error:
            detail = f"line {number}: {type(error).__name__}: {error}"
            yield number, UnusableError(DropReason.MALFORMED_ROW, detail)


def _lines(data: bytes) -> Iterator[str]:
    """Decode line by line, so that one broken character costs one line and not the file."""
    check_text(data.lstrip()[:_HEAD])  # a NUL further on is one broken row, not a binary file
    if (encoding_of(data[:4]) or "").startswith(("utf-16", "utf-32")):
        yield from to_text(data).split("\n")
        return
    lines = data.removeprefix(b"\xef\xbb\xbf").split(b"\n")
    odd = b"\n".join(line for line in lines if not _is_utf8(line))
    encoding = (encoding_of(odd) if odd else None) or "utf-8"
    for line in lines:
        yield line.decode() if _is_utf8(line) else line.decode(encoding, "replace")


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode()
    except UnicodeDecodeError:
        return False
    return True


def _csv_rows(data: bytes) -> Iterator[tuple[int, object]]:
    text = to_text(data).lstrip("\n")
    header_line = text.split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=header_line.count)
    previous = csv.field_size_limit(_CSV_FIELD_LIMIT)
    try:
        # Strict: without it an unclosed quotation mark makes one article of all rows after it.
        reader = csv.reader(io.StringIO(text), delimiter=delimiter, strict=True)
        try:
            header = next(reader)
        except csv.Error as error:
            raise UnusableError(DropReason.UNREADABLE, f"header: {error}") from error
        yield from _numbered(reader, header)
    finally:
        csv.field_size_limit(previous)


def _numbered(reader: Reader, header: list[str]) -> Iterator[tuple[int, object]]:
    number = 0
    while True:
        number += 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            detail = f"row {number}, up to line {reader.line_num}: {error}"
            yield number, UnusableError(DropReason.MALFORMED_ROW, detail)
            continue
        if not any(cells):
            continue
        if len(cells) > len(header):  # the values stand in the wrong columns
            detail = f"row {number}: {len(cells)} cells under {len(header)} columns"
            yield number, UnusableError(DropReason.MALFORMED_ROW, detail)
        else:
            yield number, dict(zip(header, cells, strict=False))


def _parquet_rows(path: Path, config: IngestConfig) -> Iterator[tuple[int, object]]:
    from pyarrow import ArrowException, parquet  # noqa: PLC0415 - 0.2 s, and few inputs are Parquet

    data = read_bytes(path, max_bytes=config.max_table_bytes)
    if not data.endswith(b"PAR1"):
        raise UnusableError(DropReason.UNREADABLE, "not a Parquet file, or cut off")
    number = 0
    try:
        for batch in parquet.ParquetFile(io.BytesIO(data)).iter_batches(batch_size=256):
            for index in range(batch.num_rows):
                number += 1
                yield number, _parquet_row(batch, index)
    except (ArrowException, OSError, ValueError) as error:
        unusable = UnusableError(DropReason.UNREADABLE, f"after row {number}: {error}")
        yield number + 1, unusable


def _parquet_row(batch: object, index: int) -> object:
    try:
        return batch.slice(index, 1).to_pylist()[0]  # type: ignore[attr-defined]
    except (ValueError, TypeError) as error:  # a string column that is not UTF-8
        return UnusableError(DropReason.MALFORMED_ROW, str(error))
