"""The suite: every family of metrics over one output, as one row."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, Protocol

from digest.errors import UsageError
from eval.ledger import fingerprint

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from eval.records import Case, Value

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Options:
    """Every choice that moves a number; see the metrics for what each means.

    `families` are names of `eval.families.FAMILIES`, none for all that need no model. `nli` and
    `encoder` are folders of transformers models: each adds the family that uses it.
    """

    families: tuple[str, ...] = ()
    mref: Literal["best", "mean"] = "best"
    stem: Literal["porter-orig", "porter-nltk", "none"] = "porter-orig"
    tok: Literal["rouge155", "unicode"] = "rouge155"
    extractor: str = "rules"
    nli: str | None = None
    encoder: str | None = None


_CHOICES = {
    "mref": ("best", "mean"),
    "stem": ("porter-orig", "porter-nltk", "none"),
    "tok": ("rouge155", "unicode"),
}


def parse_options(**given: Any) -> Options:  # noqa: ANN401 - checked here
    """Return options from words of a command line.

    Raises:
        UsageError: a choice is unknown; the message names those there are.
    """
    for name, known in _CHOICES.items():
        if name in given and given[name] not in known:
            raise UsageError(f"{name} must be one of {', '.join(known)}, got {given[name]!r}")
    return Options(**given)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """What one family says of one output.

    `values` are its metrics by name. `details` are what a page can show, by name: rows of scores
    per reference, verdicts with their evidence.
    """

    values: Mapping[str, Value]
    details: Mapping[str, Sequence[object]] = field(default_factory=dict)


class Family(Protocol):
    """Metrics that are computed together."""

    @property
    def name(self) -> str:
        """The name used in options and files."""
        ...

    @property
    def signature(self) -> str:
        """Every choice that moves its numbers."""
        ...

    def score(self, case: Case) -> Scored:
        """Score one output; whatever is missing is a value of None with a note."""
        ...


class Suite:
    """Some families, applied to one output after the other."""

    def __init__(self, families: Sequence[Family]) -> None:
        """Take the families in the order of their columns."""
        self._families = tuple(families)

    @property
    def signatures(self) -> dict[str, str]:
        """Return family -> signature."""
        return {family.name: family.signature for family in self._families}

    @property
    def sha256(self) -> str:
        """Return the hash of all signatures and of the shape of a row."""
        text = json.dumps([SCHEMA_VERSION, self.signatures])
        return hashlib.sha256(text.encode()).hexdigest()

    def row(self, case: Case) -> dict[str, Any]:
        """Return the row of one output: its state, metrics and evidence.

        A family that fails gives no values and is named in `errors`: one odd text must not cost a
        night's scores, and must not hide either.
        """
        row: dict[str, Any] = {
            "id": case.example.id,
            "example_sha256": fingerprint(case.example),
            "run": case.run,
            "state": case.state.value,
            "failure": case.prediction.failure if case.prediction else None,
            "prediction": case.text,
            "citations": _citations(case),
            "articles": len(case.example.articles),
            "references": len(case.example.references),
            "metrics": {},
            "errors": {},
            "signatures": self.signatures,
        }
        for family in self._families:
            try:
                scored = family.score(case)
            except Exception as error:  # noqa: BLE001 - told in the row, the summary and the exit code
                row["errors"][family.name] = f"{type(error).__name__}: {error}"
                continue
            row["metrics"] |= {name: _plain(value) for name, value in scored.values.items()}
            row |= {
                name: [item if isinstance(item, dict) else asdict(item) for item in items]  # type: ignore[call-overload]
                for name, items in scored.details.items()
            }
        return row


def _citations(case: Case) -> list[list[dict[str, Any]]] | None:
    """Return the citations of each line, which a later scoring of the stored output needs."""
    if case.prediction is None or case.prediction.citations is None:
        return None
    return [[asdict(span) for span in line] for line in case.prediction.citations]


def _plain(value: Value) -> dict[str, Any]:
    """Return a value as an object; counts and note only where there are any."""
    row: dict[str, Any] = {"value": value.value}
    if value.total is not None:
        row |= {"hits": value.hits, "total": value.total}
    return row if value.note is None else row | {"note": value.note}
