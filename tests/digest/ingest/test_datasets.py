from __future__ import annotations

from typing import TYPE_CHECKING

import datasets
import pytest

from digest.config import IngestConfig
from digest.ingest import ingest
from digest.records import DropReason

if TYPE_CHECKING:
    from pathlib import Path

_ROWS = [
    {"title": "T", "text": "One.", "cluster": "c"},
    {"title": "U", "text": None, "cluster": None},
]


@pytest.fixture(autouse=True)
def _own_cache(monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory) -> None:
    monkeypatch.setattr(datasets.config, "HF_DATASETS_CACHE", tmp_path_factory.mktemp("cache"))


def test_a_saved_dataset_is_read(tmp_path: Path) -> None:
    saved = datasets.Dataset.from_list(_ROWS)
    saved.save_to_disk(str(tmp_path / "news"))
    result = ingest(["hf:news"], IngestConfig(), base=tmp_path)
    (article,) = result.articles
    assert (article.id, article.text, article.cluster) == ("news-train-1", "One.", "c")
    assert article.source == "hf:news:1"
    assert [(d.article_id, d.reason) for d in result.dropped] == [
        ("hf:news:2", DropReason.MALFORMED_ROW)
    ]


def test_a_split_is_read(tmp_path: Path) -> None:
    parts = {name: datasets.Dataset.from_list([{"text": name}]) for name in ("train", "test")}
    datasets.DatasetDict(parts).save_to_disk(str(tmp_path / "news"))
    for name, split in (("hf:news:test", "test"), ("hf:news", "train")):
        (article,) = ingest([name], IngestConfig(), base=tmp_path).articles
        assert (article.text, article.id) == (split, f"news-{split}-1")


def test_a_folder_of_data_files_is_read(tmp_path: Path) -> None:
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "train.jsonl").write_text('{"text": "One."}\n{"text": "Two."}\n')
    result = ingest([f"hf:{tmp_path / 'news'}"], IngestConfig())
    assert [article.text for article in result.articles] == ["One.", "Two."]


@pytest.mark.parametrize("name", ["hf:", "hf::test", "hf:news:nosplit", "hf:../bad name"])
def test_what_is_no_dataset_is_unreadable(tmp_path: Path, name: str) -> None:
    parts = {"train": datasets.Dataset.from_list([{"text": "One."}])}
    datasets.DatasetDict(parts).save_to_disk(str(tmp_path / "news"))
    (dropped,) = ingest([name], IngestConfig(), base=tmp_path).dropped
    assert (dropped.article_id, dropped.reason) == (name, DropReason.UNREADABLE)
    assert dropped.detail


def test_an_empty_dataset_is_empty(monkeypatch: pytest.MonkeyPatch) -> None:
    none = datasets.Dataset.from_dict({"text": []})
    monkeypatch.setattr(datasets, "load_dataset", lambda *_, **__: none)
    (dropped,) = ingest(["hf:owner/none"], IngestConfig()).dropped
    assert (dropped.article_id, dropped.reason) == ("hf:owner/none", DropReason.EMPTY)


def test_a_name_is_asked_of_the_hub(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, str]] = []

    def load_dataset(path: str, *, split: str) -> object:
        asked.append((path, split))
        return datasets.Dataset.from_list([{"text": "One."}])

    monkeypatch.setattr(datasets, "load_dataset", load_dataset)
    (article,) = ingest(["hf:owner/news:test"], IngestConfig()).articles
    assert (article.id, article.source) == ("news-test-1", "hf:owner/news:test:1")
    assert asked == [("owner/news", "test")]
