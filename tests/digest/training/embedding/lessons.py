"""News of a few made-up stories, and trainings of a few steps on them."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

from digest.training.embedding.sentences import files
from digest.training.settings import EmbeddingTraining, parse_settings
from tests.digest.backends.embedded.tiny_bert import encoder
from tests.digest.training.tagging.corpora import packed

if TYPE_CHECKING:
    from pathlib import Path

_PEOPLE = ("Anna Berg", "Clara Dorn", "Emil Falk")
_PLACES = ("Oslo", "Velm", "Riga")
_DONE = ("left the bank", "met the mayor", "closed the bridge", "ruled on the fire")


def news(corpora: Path, *, articles: int = 30) -> Path:
    """Write four files of articles, each of a topic and a week."""
    dice = random.Random(5)
    for path in files(corpora):
        packed(path, [_article(dice, number) for number in range(articles)])
    return corpora


def _article(dice: random.Random, number: int) -> dict[str, Any]:
    return {
        "title": _sentence(dice).rstrip("."),
        "topic": ("courts", "storms")[number % 2],
        "published": f"2020-02-{3 + number % 20:02}",
        "text": " ".join(_sentence(dice) for _ in range(4)),
    }


def _sentence(dice: random.Random) -> str:
    who, where, what = dice.choice(_PEOPLE), dice.choice(_PLACES), dice.choice(_DONE)
    return (
        f"The minister {who} of {where} {what} on Monday with the court of {dice.choice(_PLACES)}."
    )


def settings(folder: Path, **options: Any) -> EmbeddingTraining:
    """Return quick settings, corpora and encoder written where they are missing."""
    if not (folder / "encoder").exists():
        encoder(folder / "encoder")
    if not (folder / "corpora").exists():
        news(folder / "corpora")
    values = {
        "model": folder / "encoder",
        "corpora": folder / "corpora",
        "output": folder / "embed",
        "batch_size": 64,
        "max_steps": 4,
        "width": 16,
        "dtype": "float32",
        "device": "cpu",
    }
    return parse_settings(EmbeddingTraining, {**values, **options})
