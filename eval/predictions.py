"""Files of predictions -> Predictions, one at a time."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError
from eval.corpora import read_rows, whole_characters
from eval.records import Prediction, SourceSpan

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHAPE = '{"id", "prediction", "run"?}'
_SPAN = '{"article_id", "start", "end", "quote"}'


def stream_predictions(path_or_name: str) -> Iterator[Prediction]:
    """Yield the rows `{"id", "prediction", "run"?, "failure"?, "citations"?}` of a file.

    The run is also read from `system`; without either it is the file's name. A prediction of null
    is an output that failed. `citations` has a list of spans for each line of the prediction.

    Args:
        path_or_name: as for `eval.corpora.stream_corpus`.

    Raises:
        UsageError: the file cannot be read or has no rows, or a row is of another shape; the
            message names file and line.
    """
    name = PurePath(path_or_name).name.split(".")[0] or path_or_name
    empty = True
    for where, row in read_rows(path_or_name):
        empty = False
        yield _prediction(row, where, name)
    if empty:
        raise UsageError(f"{path_or_name}: predictions without rows; one row is {_SHAPE}")


def _prediction(row: object, where: str, file: str) -> Prediction:
    if not isinstance(row, Mapping):
        raise UsageError(f"{where}: a row must be {_SHAPE}, got {type(row).__name__}")
    name = _text(row, "id", where)
    if not name:
        raise UsageError(f"{where}: a row needs an id")
    if "prediction" not in row:
        keys = ", ".join(map(str, row))
        raise UsageError(f"{where}: a row needs a prediction ({_SHAPE}), got the keys {keys}")
    written = _text(row, "prediction", where)
    failure = _text(row, "failure", where)
    if written is None and failure is None:
        failure = "the prediction is null"
    return Prediction(
        id=name,
        prediction=written or "",
        run=_text(row, "run", where) or _text(row, "system", where) or file,
        failure=failure,
        citations=_citations(row.get("citations"), where),
    )


def _text(row: Mapping[Any, Any], key: str, where: str) -> str | None:
    value = row.get(key)
    if key == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if value is None or isinstance(value, str):
        return value and whole_characters(value)
    raise UsageError(f"{where}: {key} must be a string, got {type(value).__name__}")


def _citations(value: object, where: str) -> tuple[tuple[SourceSpan, ...], ...] | None:
    if value is None:
        return None
    try:
        return tuple(tuple(_span(item) for item in line) for line in value)  # type: ignore[attr-defined]
    except (KeyError, TypeError, ValueError) as error:
        raise UsageError(
            f"{where}: citations must hold a list of {_SPAN} for each line: {error}"
        ) from error


def _span(item: Mapping[str, Any]) -> SourceSpan:
    return SourceSpan(
        article_id=str(item["article_id"]),
        start=int(item["start"]),
        end=int(item["end"]),
        quote=whole_characters(str(item["quote"])),
    )
