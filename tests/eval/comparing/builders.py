"""Entrants made of numbers, for tests of what is said about them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from eval.comparing.entrants import Entrant, Output
from eval.records import OutputState, Value

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SIGNATURES = {"rouge": "rouge1|mref:best|v:1", "entities": "entities|ner:rules|v:1"}


def output(
    *,
    text: str,
    values: Mapping[str, float | None],
    state: OutputState = OutputState.WRITTEN,
    example: str = "x",
) -> Output:
    return Output(
        state=state,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        example_sha256=example,
        values={
            name: Value(value=value, note=None if value is not None else "nothing named")
            for name, value in values.items()
        },
        errors={},
    )


def entrant(
    name: str,
    scores: Sequence[float | None],
    *,
    metric: str = "rouge2_fmeasure",
    states: Mapping[int, OutputState] | None = None,
    signatures: Mapping[str, str] | None = None,
    text: str | None = None,
) -> Entrant:
    """Return a system with one metric; outputs differ between systems unless `text` is given."""
    states = states or {}
    return Entrant(
        name=name,
        source=f"/scores/{name}",
        run=name,
        corpus="corpus.jsonl",
        outputs={
            f"c{place:03}": output(
                text=text or f"{name} {place}",
                values={metric: value},
                state=states.get(place, OutputState.WRITTEN),
            )
            for place, value in enumerate(scores)
        },
        signatures=signatures or SIGNATURES,
    )
