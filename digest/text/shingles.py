"""Word shingles: how much wording two texts share."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

from digest.text.words import words

if TYPE_CHECKING:
    from collections.abc import Set as AbstractSet

SIZE = 3


def shingles(text: str) -> frozenset[int]:
    """Return the hashes of a text's word 3-grams, case ignored; short texts give one shingle.

    >>> len(shingles("one two three four"))
    2
    """
    tokens = [word.lower() for word in words(text)]
    count = max(1, len(tokens) - SIZE + 1)
    return frozenset(crc32(" ".join(tokens[i : i + SIZE]).encode()) for i in range(count))


def jaccard(left: AbstractSet[int], right: AbstractSet[int]) -> float:
    """Return the shared share of two shingle sets, in [0, 1]; two empty sets give 0.

    >>> jaccard({1, 2, 3}, {2, 3, 4})
    0.5
    """
    union = len(left | right)
    return len(left & right) / union if union else 0.0
