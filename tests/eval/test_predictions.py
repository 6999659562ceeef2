from __future__ import annotations

import json
import lzma
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

import pytest

from digest.errors import UsageError
from eval.predictions import stream_predictions
from eval.records import Prediction, SourceSpan

if TYPE_CHECKING:
    from pathlib import Path


def _file(path: Path, *rows: Any) -> str:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return str(path)


def test_the_run_is_named_by_the_row_else_by_the_file(tmp_path: Path) -> None:
    path = _file(
        tmp_path / "bart.v2.jsonl",
        {"id": "a", "prediction": "x"},
        {"id": "a", "prediction": "x", "system": "M1"},
        {"id": 7, "prediction": "x", "system": "M1", "run": "r"},
    )

    found = list(stream_predictions(path))

    assert [(p.id, p.run) for p in found] == [("a", "bart"), ("a", "M1"), ("7", "r")]


def test_null_is_a_failed_output(tmp_path: Path) -> None:
    path = _file(
        tmp_path / "p.jsonl",
        {"id": "a", "prediction": None},
        {"id": "b", "prediction": "", "failure": "out of memory"},
    )

    found = list(stream_predictions(path))

    assert found[0] == Prediction(id="a", prediction="", run="p", failure="the prediction is null")
    assert found[1].failure == "out of memory"


def test_citations_are_read_line_by_line(tmp_path: Path) -> None:
    span = SourceSpan(article_id="x", start=0, end=3, quote="abc")
    path = _file(
        tmp_path / "p.jsonl", {"id": "a", "prediction": "A.\nB.", "citations": [[asdict(span)], []]}
    )

    (found,) = stream_predictions(path)

    assert found.citations == ((span,), ())


def test_compressed_files_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl.xz"
    with lzma.open(path, "wt") as handle:
        handle.write('{"id": "a", "prediction": "x"}\n')

    assert [p.run for p in stream_predictions(str(path))] == ["p"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([1], "got list"),
        ({"prediction": "x"}, "needs an id"),
        ({"id": "a"}, "needs a prediction"),
        ({"id": "a", "prediction": 3}, "prediction must be a string, got int"),
        ({"id": "a", "prediction": "x", "citations": [[{"start": 1}]]}, "citations must hold"),
        ({"id": "a", "prediction": "x", "citations": 3}, "citations must hold"),
    ],
)
def test_a_row_of_another_shape_is_refused_with_its_line(
    tmp_path: Path, row: object, said: str
) -> None:
    path = _file(tmp_path / "p.jsonl", {"id": "ok", "prediction": ""}, row)

    with pytest.raises(UsageError, match=f"p.jsonl:2: .*{said}"):
        list(stream_predictions(path))


def test_a_file_without_rows_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="without rows"):
        list(stream_predictions(_file(tmp_path / "p.jsonl")))
