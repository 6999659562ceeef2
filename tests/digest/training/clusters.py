"""A corpus in words that the tiny models know."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from digest.config import Config
from digest.manifest import SilentProgress
from digest.training.seq2seq import Trained, train_seq2seq
from digest.training.settings import Seq2SeqTraining, parse_settings
from tests.digest.backends.neural import tiny
from tests.digest.backends.neural.vocabularies import TEXTS

if TYPE_CHECKING:
    from pathlib import Path

    from digest.protocols import Progress

CONFIG = Config(schema_version=1)
ROWS: list[dict[str, Any]] = [
    {
        "id": f"c{n}",
        "articles": [
            {"title": "A", "text": f"{TEXTS[n]} {TEXTS[(n + 1) % 4]}"},
            {"title": "B", "text": f"{TEXTS[(n + 2) % 4]} {TEXTS[n]}"},
        ],
        "references": [TEXTS[n]],
    }
    for n in range(4)
]


def written(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def settings(tmp_path: Path, name: str = "bart", **options: Any) -> Seq2SeqTraining:
    """Return quick settings for a tiny model and the corpus above."""
    values = {
        "model": str(tiny.folder(name)),
        "corpus": written(tmp_path / "corpus.jsonl", ROWS),
        "output": tmp_path / "model",
        "learning_rate": 0.01,
        "batch_size": 2,
        "gradient_accumulation": 1,
        "device": "cpu",
    }
    return parse_settings(Seq2SeqTraining, {**values, **options})


def trained(
    asked: Seq2SeqTraining, *, resume: bool = False, progress: Progress | None = None
) -> Trained:
    return train_seq2seq(asked, CONFIG, resume=resume, progress=progress or SilentProgress())
