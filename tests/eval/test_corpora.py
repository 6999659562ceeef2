from __future__ import annotations

import json
import lzma
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import datasets
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from digest.errors import UsageError
from eval.corpora import read_corpus

if TYPE_CHECKING:
    from pathlib import Path

_ARTICLE = {"text": "One."}


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.mktemp("cache"))


def test_jsonl_is_read(corpus: Path) -> None:
    dam, port = read_corpus(corpus)
    assert (dam.id, [a.id for a in dam.articles], len(dam.references)) == ("dam", ["a", "b"], 1)
    assert (dam.articles[0].title, dam.articles[0].publisher) == ("Dam breaks near Orsava", "Voice")
    assert port.articles[0].id == "port-1"
    assert port.articles[0].published == "2024-05-03"


def test_every_form_holds_the_same(corpus: Path, rows: list[dict[str, Any]]) -> None:
    folder = corpus.parent
    with lzma.open(folder / "c.jsonl.xz", "wt", encoding="utf-8") as handle:
        handle.write(corpus.read_text(encoding="utf-8"))
    pq.write_table(pa.Table.from_pylist(rows), folder / "c.parquet")
    (folder / "files").mkdir()
    (folder / "files" / "test.jsonl").write_bytes(corpus.read_bytes())
    datasets.Dataset.from_list(rows).save_to_disk(str(folder / "saved"))
    splits = {
        "train": datasets.Dataset.from_list(rows[:1]),
        "test": datasets.Dataset.from_list(rows),
    }
    datasets.DatasetDict(splits).save_to_disk(str(folder / "split"))
    expected = read_corpus(corpus)
    for name in ("c.jsonl.xz", "c.parquet", "files", "saved", "split"):
        assert read_corpus(folder / name) == expected, name
    assert read_corpus(f"hf:{folder / 'split'}:train") == expected[:1]


def test_a_line_separator_inside_a_text_ends_no_row(tmp_path: Path) -> None:
    row = {"id": 7, "articles": [{"text": "One.\u2028Two."}]}
    path = tmp_path / "c.jsonl"
    path.write_text("\ufeff" + json.dumps(row, ensure_ascii=False) + "\n\n", encoding="utf-8")
    (example,) = read_corpus(path)
    assert (example.id, example.references) == ("7", ())
    assert example.articles[0].text == "One.\u2028Two."


def test_dates_become_iso_strings(tmp_path: Path) -> None:
    published = datetime(2024, 5, 1, 10, tzinfo=UTC)
    row = {"id": "a", "articles": [{"text": "One.", "published": published}], "references": []}
    pq.write_table(pa.Table.from_pylist([row]), tmp_path / "c.parquet")
    assert read_corpus(tmp_path / "c.parquet")[0].articles[0].published == (
        "2024-05-01T10:00:00+00:00"
    )


@pytest.mark.parametrize(
    ("second", "message"),
    [
        ("{", r"c\.jsonl:2: not JSON"),
        ("[]", r"c\.jsonl:2: a row must be \{.*got list"),
        ('{"articles": []}', r"c\.jsonl:2: a row needs an id"),
        ('{"id": "b"}', r"c\.jsonl:2: articles must be a list, got NoneType"),
        ('{"id": "b", "articles": [7]}', r"c\.jsonl:2: articles\[0\] must be an object, got int"),
        (
            '{"id": "b", "articles": [{"text": "x"}, {}]}',
            r"c\.jsonl:2: articles\[1\]\.text must be a string, got NoneType",
        ),
        (
            '{"id": "b", "articles": [{"text": "x", "title": []}]}',
            r"c\.jsonl:2: articles\[0\]: title must be a string, got list",
        ),
        (
            '{"id": "b", "articles": [], "references": "x"}',
            r"c\.jsonl:2: references must be a list, got str",
        ),
        (
            '{"id": "b", "articles": [], "references": ["x", null]}',
            r"c\.jsonl:2: references\[1\] must be a string, got NoneType",
        ),
        ('{"id": "a", "articles": []}', r"c\.jsonl:2: the id 'a' is taken"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, second: str, message: str) -> None:
    path = tmp_path / "c.jsonl"
    path.write_text(json.dumps({"id": "a", "articles": [_ARTICLE]}) + "\n" + second + "\n")
    with pytest.raises(UsageError, match=message):
        read_corpus(path)


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("c.jsonl", b"", "a corpus without rows"),
        ("c.jsonl", b'{"id": "a", "articles": []}\n\xff\n', r"c\.jsonl:\d: cannot be read"),
        ("c.jsonl.xz", b"no archive", r"c\.jsonl\.xz:1: cannot be read"),
        ("c.parquet", b"no table", r"c\.parquet: cannot be read after row 0"),
        ("c.txt", b"text", r"c\.txt: the file must end in \.jsonl"),
    ],
)
def test_an_unreadable_file_is_named(
    tmp_path: Path, name: str, content: bytes, message: str
) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=message):
        read_corpus(tmp_path / name)


@pytest.mark.parametrize("name", ["gone.jsonl", "gone.jsonl.xz", "gone.parquet"])
def test_a_missing_file_is_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(UsageError, match="no such file"):
        read_corpus(tmp_path / name)


def test_a_split_must_exist(tmp_path: Path) -> None:
    parts = {name: datasets.Dataset.from_list([{"id": name}]) for name in ("dev", "train")}
    datasets.DatasetDict(parts).save_to_disk(str(tmp_path / "news"))
    for name in (f"hf:{tmp_path / 'news'}", f"hf:{tmp_path / 'news'}:test"):
        with pytest.raises(UsageError, match="SPLIT with one of dev, train"):
            read_corpus(name)
    datasets.Dataset.from_list([{"id": "a"}]).save_to_disk(str(tmp_path / "single"))
    with pytest.raises(UsageError, match="saved as a single split"):
        read_corpus(f"hf:{tmp_path / 'single'}:test")


def test_an_empty_folder_is_no_dataset(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="datasets cannot load it"):
        read_corpus(tmp_path)
