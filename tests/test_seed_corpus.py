"""seeds/corpus.jsonl is the seed articles as one corpus: what nights and comparisons read."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from digest.config import load_config
from digest.ingest import ingest

if TYPE_CHECKING:
    from digest.records import RawArticle

CORPUS = Path("seeds/corpus.jsonl")


def _event(article: RawArticle, events: dict[str, str]) -> str:
    name = article.id.rsplit("/", 1)[-1]
    return f"port-news/{events[name]}" if name in events else str(article.cluster)


def _rows() -> list[dict[str, Any]]:
    expected = yaml.safe_load(Path("seeds/expectations.yaml").read_text("utf-8"))
    events = expected["port-news"]["events"]
    config = load_config("configs/default.yaml")
    found: dict[str, list[dict[str, Any]]] = {}
    for article in ingest(["seeds/articles"], config.ingest).articles:
        row = {
            "id": article.id.rsplit("/", 1)[-1],
            "title": article.title,
            "text": article.text,
            "publisher": article.publisher,
            "url": article.url,
            "published": article.published,
        }
        found.setdefault(_event(article, events), []).append(row)
    references = map(json.loads, Path("seeds/references.jsonl").read_text("utf-8").splitlines())
    return [
        {"id": r["id"], "articles": found[r["id"]], "references": r["references"]}
        for r in references
    ]


def test_the_corpus_is_made_of_the_articles(golden: bool) -> None:  # noqa: FBT001 - a fixture
    text = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in _rows())
    if golden:
        CORPUS.write_text(text, encoding="utf-8", newline="\n")
    assert CORPUS.read_text("utf-8") == text
    assert text.count("\n") == 4
