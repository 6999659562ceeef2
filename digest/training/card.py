"""The model card: what the weights are made of, for whoever is to use or to publish them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

if TYPE_CHECKING:
    from digest.training.examples import Examples
    from digest.training.loop import Losses

_WHAT: Final = (
    "An encoder-decoder that writes one summary of a cluster of news articles, fine-tuned with"
    " `digest train seq2seq`."
)
_LICENCE: Final = (
    "## Licence\n\nTo be filled in before these weights are given to anybody: the licence of the"
    " base model, that of the articles, that of the references, and what they allow together."
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lengths:
    """Mean words of what the model wrote and of the references, over `texts` clusters."""

    texts: int
    written: float
    reference: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a card tells. `record` is what decided the weights; seconds are of the last start."""

    record: dict[str, Any]
    training: Examples
    validation: Examples | None
    losses: Losses
    lengths: Lengths | None
    seconds: float


def model_card(facts: Facts) -> str:
    """Return the README.md of a model folder, with a header as the hub reads it."""
    record = facts.record
    header = {
        "base_model": record["model"],
        "pipeline_tag": "summarization",
        "library_name": "transformers",
        "license": "other",
    }
    parts = [
        f"---\n{yaml.safe_dump(header, sort_keys=False, allow_unicode=True)}---",
        f"# {record['model']}, fine-tuned",
        _WHAT,
        _use(record),
        _base(record),
        _data(facts),
        table("Settings", ("setting", "value"), sorted(record["settings"].items())),
        table("Libraries", ("library", "version"), sorted(record["libraries"].items())),
        _results(facts),
        _LICENCE,
    ]
    return "\n\n".join(parts) + "\n"


def _use(record: dict[str, Any]) -> str:
    settings = record["settings"]
    backend = {"kind": "seq2seq", "model": "THIS FOLDER", "download": False}
    asked = {name: settings[name] for name in ("prefix", "separator", "max_input_tokens")}
    text = yaml.safe_dump({**backend, **asked}, sort_keys=False, allow_unicode=True)
    return (
        "## Use\n\nUnder `summarize.backends` of a configuration; the last three lines must stay as"
        f" they are, as the model has learned to read that way:\n\n```yaml\n{text}```"
    )


def _base(record: dict[str, Any]) -> str:
    revision = record["revision"] or "unknown"
    return f"## Base model\n\n`{record['model']}`, revision `{revision}`."


def _data(facts: Facts) -> str:
    lines = ["## Data", ""]
    sets = [("training", facts.training), ("validation", facts.validation)]
    for name, examples in sets:
        if examples is None:
            lines.append(f"- {name}: none")
        else:
            lines.append(f"- {name}: {examples.told}; SHA-256 `{examples.sha256}`")
    return "\n".join(lines)


def _results(facts: Facts) -> str:
    losses = facts.losses
    rows = [(step, "training", f"{loss:.4f}") for step, loss in losses.training]
    rows += [(step, "validation", f"{loss:.4f}") for step, loss in losses.validation]
    text = table("Losses", ("step", "of", "cross entropy per token"), sorted(rows))
    text += f"\n\n{losses.steps} steps; the last start of the training took {facts.seconds:.0f} s."
    if facts.lengths:
        told = facts.lengths
        text += (
            f" Greedy texts of the first {told.texts} validation clusters have"
            f" {told.written:.1f} words on average, their references {told.reference:.1f}."
        )
    return text + (
        " How good the texts are is another question: `digest eval predict` and `digest eval score`"
        " answer it."
    )


def table(title: str, head: tuple[str, ...], rows: list[tuple[Any, ...]]) -> str:
    """Return a Markdown section with a table."""

    def line(cells: tuple[Any, ...]) -> str:
        shown = (repr(cell) if isinstance(cell, str) and not cell else str(cell) for cell in cells)
        return "| " + " | ".join(cell.replace("|", "\\|") for cell in shown) + " |"

    return "\n".join([f"## {title}", "", line(head), line(("---",) * len(head)), *map(line, rows)])
