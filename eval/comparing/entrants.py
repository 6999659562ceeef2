"""Folders of scores -> entrants: what each system wrote, by cluster id, and how it scored."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.errors import UsageError
from eval.records import OutputState, Value
from eval.store import MANIFEST, SCORES, SUMMARY, is_scores

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Output:
    """One scored output. `sha256` is that of what was written, `example_sha256` of its example."""

    state: OutputState
    sha256: str
    example_sha256: str
    values: Mapping[str, Value]
    errors: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entrant:
    """A system and its outputs by cluster id. `signatures` are by family of metrics.

    `run` is its name in the rows of `source`, a folder of scores.
    """

    name: str
    source: str
    run: str
    corpus: str
    outputs: Mapping[str, Output]
    signatures: Mapping[str, str]

    @property
    def outputs_sha256(self) -> str:
        """Return the hash of all outputs by cluster id: equal where nothing changed."""
        pairs = [[name, output.sha256] for name, output in sorted(self.outputs.items())]
        return hashlib.sha256(json.dumps(pairs).encode()).hexdigest()


def read_entrants(folder: Path) -> tuple[Entrant, ...]:
    """Return the systems of a folder of scores, by name.

    Raises:
        UsageError: it is no finished folder of scores, a damaged one, or one of an older version.
    """
    if not is_scores(folder):
        raise UsageError(f"{folder} is no finished folder of scores: {MANIFEST} is not there")
    summary = json.loads((folder / SUMMARY).read_text(encoding="utf-8"))
    corpora: dict[str, str] = {}
    for corpus in summary["corpora"]:
        for run in corpus["runs"]:
            if corpora.setdefault(run, corpus["name"]) != corpus["name"]:
                raise UsageError(
                    f"{folder}: {run} wrote about {corpora[run]} and {corpus['name']}; score each "
                    "corpus into a folder of its own to compare systems on it"
                )
    outputs: dict[str, dict[str, Output]] = {}
    for row in _rows(folder):
        outputs.setdefault(row["run"], {})[row["id"]] = _output(row, folder)
    return tuple(
        Entrant(
            name=run,
            source=str(folder),
            run=run,
            corpus=corpora[run],
            outputs=found,
            signatures=summary["signatures"],
        )
        for run, found in outputs.items()
    )


def _rows(folder: Path) -> Iterator[dict[str, Any]]:
    with (folder / SCORES).open(encoding="utf-8", newline="\n") as handle:
        for number, line in enumerate(handle, start=1):
            try:
                yield json.loads(line)
            except ValueError as error:
                raise UsageError(f"{folder / SCORES}:{number} is damaged: {error}") from error


def _output(row: Mapping[str, Any], folder: Path) -> Output:
    if "example_sha256" not in row:
        raise UsageError(
            f"{folder} was scored by an older version, which kept no hashes of the clusters; score "
            "the outputs again: `digest eval rescore` needs no generation"
        )
    written = json.dumps([row["prediction"], row["citations"]])
    return Output(
        state=OutputState(row["state"]),
        sha256=hashlib.sha256(written.encode()).hexdigest(),
        example_sha256=row["example_sha256"],
        values={name: Value(**value) for name, value in row["metrics"].items()},
        errors=row["errors"],
    )
