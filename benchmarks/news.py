"""A thousand articles in twenty clusters, taken from the training news."""

from __future__ import annotations

import json
import lzma
import re
from collections import defaultdict
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

CLUSTERS = 20
ARTICLES = 50
_SENTENCES = range(10, 81)
_END = re.compile(r"[.!?][\"'”’)]*(?:\s|$)")
_WEEKS = 3


def write_thousand(news: Path, target: Path) -> int:
    """Write article rows with a `cluster`, and return how many there are.

    A cluster is 50 articles of one topic and the same three weeks, each of 10 to 80 sentences; of
    all such groups the largest are taken, so that they are about few events.

    Args:
        news: folder with `articles-*.jsonl.xz`.
        target: JSON lines file.
    """
    groups: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in _dated(news):
        weeks = date.fromisoformat(row["published"][:10]).toordinal() // (7 * _WEEKS)
        groups[f"{row['topic']}-{weeks}"].append(row)
    largest = sorted(groups, key=lambda name: (-len(groups[name]), name))[:CLUSTERS]
    rows = [
        json.dumps({**row, "cluster": name}, ensure_ascii=False)
        for name in largest
        for row in sorted(groups[name], key=lambda row: row["id"])[:ARTICLES]
    ]
    target.write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")
    return len(rows)


def _dated(news: Path) -> Iterator[dict[str, Any]]:
    fields = ("id", "title", "text", "publisher", "url", "published", "topic")
    for path in sorted(news.glob("articles-*.jsonl.xz")):
        with lzma.open(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                dated = re.match(r"\d{4}-\d\d-\d\d", row["published"])
                if dated and len(_END.findall(row["text"])) in _SENTENCES:
                    yield {field: row[field] for field in fields}
