from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pytest
from pyarrow import parquet

from digest.config import IngestConfig
from digest.errors import UsageError
from digest.ingest.corpus import CorpusRow, corpus_rows
from digest.records import Dropped, DropReason

if TYPE_CHECKING:
    from pathlib import Path

ROWS: list[dict[str, Any]] = [
    {
        "id": "storm",
        "articles": [{"title": "T", "text": "One."}, {"title": "no text"}, {"text": "Two."}],
        "references": ["First.", " ", "Second \ud800."],
    },
    {"articles": [{"text": "Three."}], "references": None},
]


def test_a_row_is_a_cluster_with_its_references(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text("".join(json.dumps(row) + "\n\n" for row in ROWS))
    storm, unnamed = corpus_rows(path, IngestConfig())
    assert isinstance(storm, CorpusRow)
    assert isinstance(unnamed, CorpusRow)
    assert [(a.id, a.text, a.cluster) for a in storm.articles] == [
        ("storm-1", "One.", "storm"),
        ("storm-3", "Two.", "storm"),
    ]
    assert [d.reason for d in storm.dropped] == [DropReason.MALFORMED_ROW]
    assert storm.references == ("First.", "Second \ufffd.")
    assert [(a.id, a.cluster) for a in unnamed.articles] == [("news-3-1", "news-3")]
    assert unnamed.references == ()


def test_parquet_reads_the_same(tmp_path: Path) -> None:
    rows = [{**ROWS[0], "references": ["First."]}]
    (tmp_path / "a.jsonl").write_text(json.dumps(rows[0]))
    parquet.write_table(pa.Table.from_pylist(rows), tmp_path / "a.parquet")
    (one,) = corpus_rows(tmp_path / "a.jsonl", IngestConfig())
    (other,) = corpus_rows(tmp_path / "a.parquet", IngestConfig())
    assert isinstance(one, CorpusRow)
    assert isinstance(other, CorpusRow)
    assert [a.text for a in one.articles] == [a.text for a in other.articles]
    assert one.references == other.references


@pytest.mark.parametrize(
    ("line", "detail"),
    [
        ("{", "line 1: JSONDecodeError"),
        ("[]", "a row must be"),
        ('{"text": "an article"}', "a row must be"),
        ('{"articles": [], "references": "r"}', "references must be a list of strings"),
        ('{"articles": [], "references": [1]}', "references must be a list of strings"),
    ],
)
def test_what_is_no_cluster_is_dropped_alone(tmp_path: Path, line: str, detail: str) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text(line + "\n" + json.dumps(ROWS[0]))
    lost, kept = corpus_rows(path, IngestConfig())
    assert isinstance(lost, Dropped)
    assert lost.reason is DropReason.MALFORMED_ROW
    assert lost.article_id == f"{path}:1"
    assert detail in lost.detail
    assert isinstance(kept, CorpusRow)


def test_a_file_that_is_no_corpus_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").touch()
    (tmp_path / "e.parquet").write_text("no")
    for name, said in [("e.txt", "must end in"), ("e.jsonl", "empty"), ("e.parquet", "Parquet")]:
        with pytest.raises(UsageError, match=said):
            list(corpus_rows(tmp_path / name, IngestConfig()))
    with pytest.raises(UsageError, match=r"gone.jsonl"):
        list(corpus_rows(tmp_path / "gone.jsonl", IngestConfig()))
