"""The card of an embedded model."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import yaml

from digest.training.card import table

if TYPE_CHECKING:
    from collections.abc import Mapping

    from digest.training.loop import Losses


@dataclass(frozen=True, slots=True, kw_only=True)
class Described:
    """What is known of a model before it is trained.

    `name` is that of its command, `pipeline` and `library` are as the hub calls them. `about` says
    what it does and what it has learned from, `weights` how they are stored, `encoder` what it took
    from the encoder it was given.
    """

    name: str
    pipeline: str
    library: str
    about: str
    weights: str
    encoder: str


def embedded_card(
    described: Described,
    record: Mapping[str, Any],
    losses: Losses,
    scores: Mapping[str, float],
    *,
    examples: int,
    seconds: float,
) -> str:
    """Return the README.md of an embedded model: what it does, data, settings, scores."""
    header = {
        "base_model": "sentence-transformers/all-MiniLM-L6-v2",
        "pipeline_tag": described.pipeline,
        "library_name": described.library,
        "license": "other",
    }
    found = [(name, f"{value:.4f}") for name, value in scores.items()]
    said = f"{examples} examples, {losses.steps} steps; the last start took {seconds:.0f} s."
    if losses.training:
        said += f" Loss {losses.training[0][1]:.3f} at first, {losses.training[-1][1]:.3f} at last."
    parts = [
        f"---\n{yaml.safe_dump(header, sort_keys=False)}---",
        f"# {described.name}",
        described.about,
        described.weights,
        table("Scores", ("measure", "value"), found),
        f"## Training\n\n`digest train {described.name}`. {said} {described.encoder}",
        table("Data", ("file", "SHA-256"), sorted(record["corpora"].items())),
        table("Settings", ("setting", "value"), sorted(record["settings"].items())),
        table("Libraries", ("library", "version"), sorted(record["libraries"].items())),
    ]
    return "\n\n".join(parts) + "\n"
