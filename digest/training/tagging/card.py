"""The card of an embedded model."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import yaml

from digest.training.card import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.training.loop import Losses


_WEIGHTS: Final = (
    "Weights are int8 (dynamic quantization, a scale for each output channel); the scores below are"
    " of what this folder holds."
)


def tagger_card(
    about: str,
    record: Mapping[str, Any],
    losses: Losses,
    scores: Mapping[str, float],
    *,
    examples: int,
    seconds: float,
) -> str:
    """Return the README.md of an embedded model: what it does, data, settings, scores."""
    settings = record["settings"]
    header = {
        "base_model": "sentence-transformers/all-MiniLM-L6-v2",
        "pipeline_tag": "token-classification",
        "library_name": "onnxruntime",
        "license": "other",
    }
    found = [(name, f"{value:.4f}") for name, value in scores.items()]
    said = f"{examples} examples, {losses.steps} steps; the last start took {seconds:.0f} s."
    if losses.training:
        said += f" Loss {losses.training[0][1]:.3f} at first, {losses.training[-1][1]:.3f} at last."
    began = (
        f"## Training\n\n`digest train {settings['task']}`. {said} The encoder began as"
        f" `{record['encoder_sha256']}` (SHA-256), its word embeddings unchanged."
    )
    parts = [
        f"---\n{yaml.safe_dump(header, sort_keys=False)}---",
        f"# {settings['task']}",
        about,
        _WEIGHTS,
        table("Scores", ("measure", "value"), found),
        began,
        table("Data", ("file", "SHA-256"), sorted(record["corpora"].items())),
        table("Settings", ("setting", "value"), sorted(settings.items())),
        table("Libraries", ("library", "version"), sorted(record["libraries"].items())),
    ]
    return "\n\n".join(parts) + "\n"
