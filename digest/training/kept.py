"""Examples on disk: a corpus of Multi-News' size takes hours to read, and is read once."""

from __future__ import annotations

import json
from array import array
from dataclasses import asdict
from typing import TYPE_CHECKING

from digest.backends.neural.generator import Request
from digest.training.examples import Examples, Pair

if TYPE_CHECKING:
    from pathlib import Path


def keep(examples: Examples, path: Path) -> None:
    """Write examples as JSON lines, the whole file or nothing: the head first, then the pairs."""
    head = {
        "sha256": examples.sha256,
        "requests": [asdict(request) for request in examples.requests],
        "words": examples.words,
        "counts": examples.counts,
    }
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("w", encoding="utf-8") as handle:
        handle.write(json.dumps(head) + "\n")
        for pair in examples.pairs:
            handle.write(json.dumps([list(pair.input_ids), list(pair.labels)]) + "\n")
    temporary.replace(path)


def recall(path: Path) -> Examples | None:
    """Return what `keep` wrote, None where it did not."""
    if not path.exists():
        return None
    with path.open(encoding="utf-8") as handle:
        head = json.loads(next(handle))
        pairs = tuple(_pair(line) for line in handle)
    return Examples(
        sha256=head["sha256"],
        pairs=pairs,
        requests=tuple(
            Request(**{**request, "documents": tuple(request["documents"])})
            for request in head["requests"]
        ),
        words=tuple(head["words"]),
        counts=head["counts"],
    )


def _pair(line: str) -> Pair:
    input_ids, labels = json.loads(line)
    return Pair(input_ids=array("i", input_ids), labels=array("i", labels))
