"""The families of the suite: each turns the result of a metric into named values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.errors import UsageError
from eval.families.faithfulness import CitationFamily, EntityFamily, NliFamily
from eval.families.reference import RougeFamily, SimilarityFamily
from eval.families.style import CoverageFamily, ExtractivenessFamily, LengthFamily, RedundancyFamily
from eval.suite import Suite

if TYPE_CHECKING:
    from collections.abc import Callable

    from eval.suite import Family, Options

__all__ = ["FAMILIES", "build_suite"]

FAMILIES: dict[str, Callable[[Options], Family]] = {
    "rouge": RougeFamily,
    "entities": EntityFamily,
    "citations": CitationFamily,
    "extractiveness": ExtractivenessFamily,
    "redundancy": RedundancyFamily,
    "coverage": CoverageFamily,
    "length": LengthFamily,
    "nli": NliFamily,
    "similarity": SimilarityFamily,
}
_NEEDS_MODEL = {"nli": "nli", "similarity": "encoder"}


def build_suite(options: Options) -> Suite:
    """Return the suite of some options: the families named, or all for which there is a model.

    Raises:
        UsageError: a family is unknown, or named without the model it needs.
    """
    unknown = [name for name in options.families if name not in FAMILIES]
    if unknown:
        known = ", ".join(FAMILIES)
        raise UsageError(f"no metrics are called {unknown[0]!r}; there are {known}")
    for name in options.families:
        if name in _NEEDS_MODEL and getattr(options, _NEEDS_MODEL[name]) is None:
            raise UsageError(f"{name} needs a model: give --{_NEEDS_MODEL[name]} FOLDER")
    names = options.families or [
        name
        for name in FAMILIES
        if name not in _NEEDS_MODEL or getattr(options, _NEEDS_MODEL[name]) is not None
    ]
    return Suite([FAMILIES[name](options) for name in names])
