"""The families of the suite: each turns the result of a metric into named values."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.errors import UsageError
from eval.metrics.redundancy import SIGNATURE as REDUNDANCY
from eval.metrics.redundancy import redundancy
from eval.metrics.rouge import KINDS, rouge
from eval.records import Value
from eval.suite import Options, Scored, Suite

if TYPE_CHECKING:
    from collections.abc import Callable

    from eval.records import Case
    from eval.suite import Family


@dataclass(frozen=True, slots=True)
class RougeFamily:
    """ROUGE-1, -2, -L and -Lsum against the references."""

    options: Options
    name: str = "rouge"

    @property
    def signature(self) -> str:
        """Return the choices, the number of references left open: it is in each row."""
        return ""

    def score(self, case: Case) -> Scored:
        """Return precision, recall and F of each kind, and the same for each reference."""
        options = self.options
        found = rouge(case.text, case.example.references, mref=options.mref, stem=options.stem)
        values = {}
        for kind in KINDS:
            score = found.score(kind)
            for part in ("precision", "recall", "fmeasure"):
                values[f"{kind}_{part}"] = Value(
                    value=None if score is None else getattr(score, part),
                    note=None if score else found.state.value,
                )
        return Scored(values=values)


@dataclass(frozen=True, slots=True)
class RedundancyFamily:
    """How much an output repeats itself."""

    options: Options
    name: str = "redundancy"
    signature: str = REDUNDANCY

    def score(self, case: Case) -> Scored:
        """Return the highest similarity of two sentences and the share of repeated trigrams."""
        found = redundancy(case.text)
        return Scored(
            values={
                "max_similarity": Value(
                    value=found.max_similarity, note="fewer than two sentences"
                ),
                "repeated_trigrams": Value(value=found.repeated_trigrams),
            }
        )


FAMILIES: dict[str, Callable[[Options], Family]] = {
    "rouge": RougeFamily,
    "redundancy": RedundancyFamily,
}


def build_suite(options: Options) -> Suite:
    """Return the suite of some options.

    Raises:
        UsageError: a family is unknown.
    """
    names = options.families or tuple(FAMILIES)
    unknown = [name for name in names if name not in FAMILIES]
    if unknown:
        known = ", ".join(FAMILIES)
        raise UsageError(f"no metrics are called {unknown[0]!r}; there are {known}")
    return Suite([FAMILIES[name](options) for name in names])
