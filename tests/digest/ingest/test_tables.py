from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pyarrow as pa
import pytest
from pyarrow import parquet

from digest.config import IngestConfig
from digest.ingest import Ingested, ingest
from digest.ingest.rows import Place, row_items
from digest.records import Dropped, DropReason

if TYPE_CHECKING:
    from pathlib import Path

_CONFIG = IngestConfig()


def _read(path: Path, data: str | bytes, config: IngestConfig = _CONFIG) -> Ingested:
    path.write_bytes(data.encode() if isinstance(data, str) else data)
    return ingest([path.name], config, base=path.parent)


def _reasons(result: Ingested) -> list[tuple[str, DropReason]]:
    return [(item.article_id, item.reason) for item in result.dropped]


def test_jsonl_rows_are_articles(tmp_path: Path) -> None:
    rows = [
        {"id": "x1", "title": "T", "text": "One.", "publisher": "P", "url": "https://e.org/1"},
        {"text": "Two.", "published": "2024-05-01T10:00:00+02:00", "cluster": "c"},
        {"Headline": "H", "BODY": "Three.", "source": "Q", "date": "May 1, 2024", "id": 7},
    ]
    lines = "\n".join(json.dumps(row) for row in rows)
    one, two, three = _read(tmp_path / "news.jsonl", f"{lines}\n\n").articles
    assert (one.id, one.title, one.publisher, one.url) == ("x1", "T", "P", "https://e.org/1")
    assert (two.id, two.source, two.cluster) == ("news-2", "news.jsonl:2", "c")
    assert two.published == "2024-05-01T08:00:00Z"
    assert (three.id, three.title, three.text) == ("7", "H", "Three.")
    assert (three.publisher, three.published) == ("Q", "2024-05-01")


def test_corpus_rows_give_their_clusters(tmp_path: Path) -> None:
    row = {"id": "c1", "articles": [{"id": "a", "text": "One."}, {"text": "Two."}, {"t": 1}, 5]}
    empty = {"id": "c2", "articles": []}
    result = _read(tmp_path / "k.jsonl", f"{json.dumps(row)}\n{json.dumps(empty)}\n")
    assert [(a.id, a.cluster) for a in result.articles] == [("a", "c1"), ("c1-2", "c1")]
    assert _reasons(result) == [
        ("k.jsonl:1.3", DropReason.MALFORMED_ROW),
        ("k.jsonl:1.4", DropReason.MALFORMED_ROW),
        ("k.jsonl:2", DropReason.EMPTY),
    ]
    assert result.given == 5


def test_a_bad_row_is_dropped_alone(tmp_path: Path) -> None:
    lines = ["{", '"text"', "[" * 100_000, '{"title": "T"}', '{"text": " "}', '{"text": ["a"]}']
    result = _read(tmp_path / "a.jsonl", "\n".join([*lines, '{"text": "Good."}']))
    assert [article.text for article in result.articles] == ["Good."]
    assert _reasons(result) == [
        ("a.jsonl:1", DropReason.MALFORMED_ROW),
        ("a.jsonl:2", DropReason.MALFORMED_ROW),
        ("a.jsonl:3", DropReason.MALFORMED_ROW),
        ("a.jsonl:4", DropReason.MALFORMED_ROW),
        ("a.jsonl:5", DropReason.EMPTY),
        ("a.jsonl:6", DropReason.MALFORMED_ROW),
    ]
    assert "line 1" in result.dropped[0].detail


def test_a_broken_character_costs_no_other_row(tmp_path: Path) -> None:
    long = b'{"text": "' + b"x" * 2000 + b'"}'
    rows = [
        long,
        b'{"text": "caf\xe9"}',
        b'{"text": "caf\xc3\xa9 \xe2\x80\x9d"}',
        b'{"text": "\x00"}',
    ]
    result = _read(tmp_path / "a.jsonl", b"\n".join(rows))
    assert [article.text for article in result.articles[1:]] == ["café", "café ”"]
    assert _reasons(result) == [("a.jsonl:4", DropReason.MALFORMED_ROW)]


def test_a_utf16_table_is_read(tmp_path: Path) -> None:
    assert _read(tmp_path / "a.jsonl", '{"text": "Día"}'.encode("utf-16")).articles[0].text == "Día"
    assert _read(tmp_path / "a.csv", "text\nDía\n".encode("utf-16")).articles[0].text == "Día"


def test_the_hash_is_of_the_row_whatever_its_key_order(tmp_path: Path) -> None:
    one = _read(tmp_path / "a.jsonl", '{"text": "é", "title": "T"}\n{"title":"T","text":"\\u00e9"}')
    hashes = {article.sha256 for article in one.articles}
    assert len(hashes) == 1
    assert hashes != {_read(tmp_path / "b.jsonl", '{"text": "e"}').articles[0].sha256}


def test_a_large_row_and_a_large_table_are_dropped(tmp_path: Path) -> None:
    lines = json.dumps({"text": "x" * 200}) + '\n{"text": "Short."}\n'
    result = _read(tmp_path / "a.jsonl", lines, IngestConfig(max_bytes=100))
    assert [article.text for article in result.articles] == ["Short."]
    assert _reasons(result) == [("a.jsonl:1", DropReason.TOO_LARGE)]
    whole = _read(tmp_path / "a.jsonl", lines, IngestConfig(max_table_bytes=100))
    assert _reasons(whole) == [("a.jsonl", DropReason.TOO_LARGE)]


def test_csv_cells_may_hold_lines_and_more_than_pythons_limit(tmp_path: Path) -> None:
    text = "A line, and\nanother. " + "x" * 200_000
    data = f'id,title,content,date\na,T,"{text}",2024-05-01\n,,"No id.",\n'
    one, two = _read(tmp_path / "n.csv", data).articles
    assert (one.id, one.text, one.published) == ("a", text, "2024-05-01")
    assert (two.id, two.title, two.published) == ("n-2", None, None)


@pytest.mark.parametrize(("name", "mark"), [("a.tsv", "\t"), ("a.csv", ";"), ("a.csv", "|")])
def test_csv_delimiters_are_found(tmp_path: Path, name: str, mark: str) -> None:
    data = f"title{mark}text\nT{mark}One, two.\n"
    (article,) = _read(tmp_path / name, data).articles
    assert (article.title, article.text) == ("T", "One, two.")


def test_csv_rows_that_do_not_fit_are_dropped(tmp_path: Path) -> None:
    data = 'title,text\nT,Good.\n\nonly\nT,One.,more\nT,"unclosed\nT,lost in it\n'
    result = _read(tmp_path / "a.csv", data)
    assert [article.text for article in result.articles] == ["Good."]
    assert _reasons(result) == [
        ("a.csv:3", DropReason.MALFORMED_ROW),
        ("a.csv:4", DropReason.MALFORMED_ROW),
        ("a.csv:5", DropReason.MALFORMED_ROW),
    ]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("a.csv", b"title,text\n", DropReason.EMPTY),
        ("a.csv", b'"title,text\n', DropReason.UNREADABLE),
        ("a.csv", b"", DropReason.EMPTY),
        ("a.jsonl", b"\n\n", DropReason.EMPTY),
        ("a.jsonl", b"\x89PNG\r\n", DropReason.BINARY),
        ("a.parquet", b"no parquet", DropReason.UNREADABLE),
        ("a.parquet", b"PAR1 nor this PAR1", DropReason.UNREADABLE),
    ],
)
def test_a_table_that_cannot_be_read_is_one_drop(
    tmp_path: Path, name: str, data: bytes, reason: DropReason
) -> None:
    result = _read(tmp_path / name, data)
    assert [dropped.reason for dropped in result.dropped] == [reason]
    assert result.given == 1


def test_parquet_rows_are_articles(tmp_path: Path) -> None:
    table = pa.table(
        {
            "article": ["One.", None, "Three."],
            "headline": ["H", "I", None],
            "published": [datetime(2024, 5, 1, 10, tzinfo=UTC), None, None],
            "score": [1.5, float("nan"), None],
            "raw": [b"\xff", b"", None],
        }
    )
    parquet.write_table(table, tmp_path / "p.parquet")
    result = ingest([str(tmp_path / "p.parquet")], _CONFIG)
    one, three = result.articles
    assert (one.id, one.title, one.published) == ("p-1", "H", "2024-05-01T10:00:00Z")
    assert (three.id, three.title) == ("p-3", None)
    assert [dropped.reason for dropped in result.dropped] == [DropReason.MALFORMED_ROW]


def test_a_parquet_string_that_is_not_utf8_costs_its_row(tmp_path: Path) -> None:
    offsets = pa.py_buffer(b"".join(n.to_bytes(4, "little") for n in (0, 1, 5)))
    texts = pa.StringArray.from_buffers(2, offsets, pa.py_buffer(b"\xffGood"))
    parquet.write_table(pa.table({"text": texts}), tmp_path / "p.parquet")
    result = ingest(["p.parquet"], _CONFIG, base=tmp_path)
    assert [article.text for article in result.articles] == ["Good"]
    assert _reasons(result) == [("p.parquet:1", DropReason.MALFORMED_ROW)]


def test_a_row_nested_past_writing_is_malformed() -> None:
    row: dict[str, object] = {"text": "Text."}
    row["self"] = row
    (item,) = row_items(row, Place(source="s", id="i", cluster=None, max_bytes=1000))
    assert isinstance(item, Dropped)
    assert item.reason is DropReason.MALFORMED_ROW


def test_a_sub_folder_is_the_cluster_of_rows_without_one(tmp_path: Path) -> None:
    (tmp_path / "in" / "flood").mkdir(parents=True)
    (tmp_path / "in" / "flood" / "rows.jsonl").write_text(
        '{"text": "A."}\n{"text": "B.", "cluster": "own"}'
    )
    result = ingest(["in"], _CONFIG, base=tmp_path)
    assert [(article.id, article.cluster) for article in result.articles] == [
        ("flood/rows-1", "flood"),
        ("flood/rows-2", "own"),
    ]
