"""The encoder that a training begins with, or is taught by."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from digest.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path


def check_encoder(folder: Path) -> None:
    """Refuse what holds no BERT encoder with a vocabulary, before anything is read from it.

    Raises:
        UsageError: a file is missing or damaged, or the model is another one.
    """
    wanted = "--model takes the folder of a BERT encoder such as all-MiniLM-L6-v2"
    names = ("config.json", "model.safetensors", "tokenizer.json")
    missing = [name for name in names if not (folder / name).is_file()]
    if missing:
        raise UsageError(f"{folder} has no {', '.join(missing)}; {wanted}")
    try:
        config = json.loads((folder / "config.json").read_text("utf-8"))
        kind = config.get("model_type")
    except (ValueError, AttributeError) as error:
        raise UsageError(f"{folder / 'config.json'} cannot be read: {error}; {wanted}") from error
    if kind != "bert":
        raise UsageError(f"{folder} holds a model of type {kind}; {wanted}")
