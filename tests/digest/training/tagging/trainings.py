"""Trainings of a few steps on corpora of a few sentences."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from digest.manifest import SilentProgress
from digest.training.settings import TaggingTraining, parse_settings
from digest.training.tagging import TASKS
from digest.training.tagging.train import train_tagger
from tests.digest.backends.embedded.tiny_bert import encoder
from tests.digest.training.tagging.corpora import WRITERS

if TYPE_CHECKING:
    from pathlib import Path

    from digest.protocols import Progress
    from digest.training.measured import Measured


def settings(folder: Path, task: str, **options: Any) -> TaggingTraining:
    """Return quick settings of a task, its corpora and encoder written where they are missing."""
    if not (folder / "encoder").exists():
        encoder(folder / "encoder")
    if not (folder / task).exists():
        WRITERS[task](folder / task)
    values = {
        "task": task,
        "model": folder / "encoder",
        "corpora": folder / task,
        "output": folder / f"{task}-model",
        "learning_rate": 0.01,
        "batch_size": 16,
        "max_steps": 4,
        "dtype": "float32",
        "device": "cpu",
    }
    return parse_settings(TaggingTraining, {**values, **options})


def trained(
    asked: TaggingTraining, *, resume: bool = False, progress: Progress | None = None
) -> Measured:
    return train_tagger(
        asked, TASKS[asked.task](), resume=resume, progress=progress or SilentProgress()
    )
