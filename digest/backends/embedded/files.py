"""Names of the files of an embedded model."""

from __future__ import annotations

from pathlib import Path
from typing import Final

GRAPH: Final = "model.onnx"
WEIGHTS: Final = "model.safetensors"
LABELS: Final = "labels.json"
# Shared by all models of one encoder: in the model's folder, or in `encoder` beside it.
TOKENIZER: Final = "tokenizer.json"
EMBEDDINGS: Final = "embeddings.safetensors"
SHARED: Final = "encoder"
SHIPPED: Final = Path(__file__).parents[2] / "models"


def shared(folder: Path, name: str) -> Path:
    """Return where a model finds a file that others may share: its own folder, or `encoder`."""
    own = folder / name
    return own if own.is_file() else folder.parent / SHARED / name
