"""Corpora -> Examples: files, folders and Hugging Face names.

The only module of `eval` that imports `datasets`.
"""

from __future__ import annotations

import json
import lzma
import re
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

from digest.errors import UsageError
from eval.records import ArticleRow, Example

if TYPE_CHECKING:
    from collections.abc import Iterator

HUB = "hf:"
_SUFFIXES = (".jsonl", ".ndjson", ".jsonl.xz", ".ndjson.xz", ".parquet")
_SHAPE = '{"id", "articles": [{"text", "title"?, …}], "references": ["…"]}'

_HALF = re.compile("[\ud800-\udfff]")

Numbered: TypeAlias = "Iterator[tuple[str, object]]"


def read_corpus(path_or_name: Path | str) -> tuple[Example, ...]:
    """Return the examples of a corpus, in its order; see `stream_corpus`."""
    return tuple(stream_corpus(path_or_name))


def stream_corpus(path_or_name: Path | str) -> Iterator[Example]:
    """Yield the examples of a corpus, in its order; only their ids are kept in memory.

    Args:
        path_or_name: a .jsonl, .jsonl.xz or .parquet file; a folder that `datasets` can read; or a
            data set's name on the hub, `org/name` or `hf:name`. Folder and name take `:split`;
            without it "test" is read, or the only split there is.

    Raises:
        UsageError: the corpus cannot be read, is empty, repeats an id, or a row is not of the
            shape `{"id", "articles": [{"id"?, "title"?, "text", "publisher"?, "url"?,
            "published"?}], "references": ["…"]}`; the message names file and line. A corpus is
            read whole or not at all: a score over a part of it would pass for a score of it.
    """
    name = str(path_or_name)
    seen: set[str] = set()
    for where, row in read_rows(name):
        example = _example(row, where)
        if example.id in seen:
            raise UsageError(f"{where}: the id {example.id!r} is taken by an earlier row")
        seen.add(example.id)
        yield example
    if not seen:
        raise UsageError(f"{name}: a corpus without rows; one row is {_SHAPE}")


def read_rows(name: str) -> Numbered:
    """Yield where each row of a file, folder or data set stands, and the row; see `stream_corpus`.

    Raises:
        UsageError: it cannot be read; the message names file and line.
    """
    path = Path(name)
    if name.startswith(HUB) or path.is_dir():
        return _dataset_rows(name.removeprefix(HUB))
    if name.endswith(_SUFFIXES):
        return _parquet_rows(path) if path.suffix == ".parquet" else _jsonl_rows(path)
    if path.exists():
        raise UsageError(f"{name}: the file must end in {', '.join(_SUFFIXES)}")
    return _dataset_rows(name)


def _jsonl_rows(path: Path) -> Numbered:
    """Yield rows with the line they stand in, counted from 1; blank lines are passed over."""
    opened = lzma.open if path.suffix == ".xz" else open
    number = 0
    try:
        with opened(path, "rt", encoding="utf-8-sig", newline="\n") as handle:
            for number, line in enumerate(handle, start=1):
                if line.strip():
                    yield f"{path}:{number}", _parsed(line, f"{path}:{number}")
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except (OSError, EOFError, lzma.LZMAError, UnicodeDecodeError) as error:
        raise UsageError(f"{path}:{number + 1}: cannot be read: {error}") from error


def _parsed(line: str, where: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError(f"{where}: not JSON: {error}") from error


def _parquet_rows(path: Path) -> Numbered:
    from pyarrow import ArrowException, parquet  # noqa: PLC0415 - 0.2 s, and few corpora need it

    number = 0
    try:
        with parquet.ParquetFile(path) as table:
            for batch in table.iter_batches(batch_size=256):
                for row in batch.to_pylist():
                    number += 1
                    yield f"{path}:{number}", row
    except FileNotFoundError:
        raise UsageError(f"{path}: no such file") from None
    except (ArrowException, OSError, ValueError) as error:
        raise UsageError(f"{path}: cannot be read after row {number}: {error}") from error


def _dataset_rows(name: str) -> Numbered:
    base, _, split = name.partition(":")
    for number, row in enumerate(_split(_load(base), base, split), start=1):
        yield f"{name}:{number}", row


def _load(base: str) -> Any:  # noqa: ANN401 - datasets has no types
    import datasets  # noqa: PLC0415 - 0.9 s

    datasets.disable_progress_bars()  # library code does not print
    saved = any((Path(base) / f).exists() for f in ("state.json", "dataset_dict.json"))
    try:
        return datasets.load_from_disk(base) if saved else datasets.load_dataset(base)
    except Exception as error:  # builders raise what they like
        raise UsageError(
            f"{base}: no file of that name, and datasets cannot load it: "
            f"{type(error).__name__}: {error}"
        ) from error


def _split(loaded: Any, base: str, split: str) -> Iterable[object]:  # noqa: ANN401 - as above
    if not isinstance(loaded, dict):
        if split:
            raise UsageError(f"{base}: saved as a single split, so :{split} names nothing")
        single: Iterable[object] = loaded
        return single
    wanted = split or ("test" if "test" in loaded else "")
    if not wanted and len(loaded) == 1:
        wanted = next(iter(loaded))
    if wanted not in loaded:
        have = ", ".join(sorted(map(str, loaded)))
        raise UsageError(f"{base}: which split? give {base}:SPLIT with one of {have}")
    rows: Iterable[object] = loaded[wanted]
    return rows


def _example(row: object, where: str) -> Example:
    if not isinstance(row, Mapping):
        raise UsageError(f"{where}: a row must be {_SHAPE}, got {type(row).__name__}")
    name = _string(row, "id", where)
    if not name:
        raise UsageError(f"{where}: a row needs an id")
    return Example(
        id=name,
        articles=tuple(
            _article(item, f"{where}: articles[{n}]", f"{name}-{n + 1}")
            for n, item in enumerate(_list(row, "articles", where))
        ),
        references=tuple(
            _reference(item, f"{where}: references[{n}]")
            for n, item in enumerate(_list(row, "references", where, optional=True))
        ),
    )


def _article(item: object, where: str, fallback_id: str) -> ArticleRow:
    if not isinstance(item, Mapping):
        raise UsageError(f"{where} must be an object, got {type(item).__name__}")
    text = item.get("text")
    if not isinstance(text, str):
        raise UsageError(f"{where}.text must be a string, got {type(text).__name__}")
    return ArticleRow(
        id=_string(item, "id", where) or fallback_id,
        text=whole_characters(text),
        title=_string(item, "title", where),
        publisher=_string(item, "publisher", where),
        url=_string(item, "url", where),
        published=_string(item, "published", where),
    )


def _reference(item: object, where: str) -> str:
    if not isinstance(item, str):
        raise UsageError(f"{where} must be a string, got {type(item).__name__}")
    return whole_characters(item)


def whole_characters(text: str) -> str:
    r"""Return a text without half characters, which a cut between two code units leaves in JSON.

    >>> whole_characters("cut off \ud83d")
    'cut off \ufffd'
    """
    if text.isascii() or not _HALF.search(text):
        return text
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _list(row: Mapping[Any, Any], key: str, where: str, *, optional: bool = False) -> list[object]:
    value = row.get(key)
    if value is None and optional:
        return []
    if not isinstance(value, list | tuple):
        raise UsageError(f"{where}: {key} must be a list, got {type(value).__name__}")
    return list(value)


def _string(row: Mapping[Any, Any], key: str, where: str) -> str | None:
    """Return a value as a string; numbers serve as ids, dates become ISO 8601, "" is None."""
    value = row.get(key)
    if isinstance(value, date):
        return value.isoformat()
    if value is None or (isinstance(value, str | int) and not isinstance(value, bool)):
        return None if value is None else whole_characters(str(value)) or None
    raise UsageError(f"{where}: {key} must be a string, got {type(value).__name__}")
