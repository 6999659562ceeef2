"""Train the embedded models: an encoder with a head for each question asked of a word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from digest.training.tagging.compression import CompressionTask
from digest.training.tagging.fusion import FusionTask
from digest.training.tagging.ner import NerTask

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from digest.training.tagging.train import TaggingTask

TASKS: Final[Mapping[str, Callable[[], TaggingTask]]] = {
    "ner": NerTask,
    "compress": CompressionTask,
    "fuse": FusionTask,
}
