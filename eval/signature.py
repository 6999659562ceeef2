"""Signatures: every choice that moves a number, in one line that travels with it."""

from __future__ import annotations


def signature(metric: str, /, **choices: object) -> str:
    """Return `metric|key:value|…`, in the order given.

    >>> signature("rouge2", nrefs=1, mref="best", v=1)
    'rouge2|nrefs:1|mref:best|v:1'
    """
    return "|".join([metric, *(f"{key}:{value}" for key, value in choices.items())])
