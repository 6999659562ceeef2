"""Sentences of news articles, as trainings read them: whole ones, a few an article."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Sequence

_SPLIT: Final = re.compile(r"(?<=[.!?])\s+(?=[A-Z“\"])")
_READ: Final = 12_000  # characters of an article


def spread(text: str, count: int) -> list[str]:
    """Return about `count` sentences spread evenly over a text, the first one among them.

    Split at marks and capitals alone: 80,000 sentences would take pysbd half an hour. What that may
    have cut in two, at an abbreviation or inside a quotation, `is_whole` tells.
    """
    pieces = [piece for line in text[:_READ].splitlines() for piece in _SPLIT.split(line)]
    return pieces[:: max(1, len(pieces) // count)]


def is_whole(piece: str, words: Sequence[str]) -> bool:
    """Tell whether a piece of text is one sentence, from a capital to a mark.

    Args:
        piece: the text.
        words: its words and marks, two at least.
    """
    marks = [piece.count(mark) for mark in "“”()"]
    return (
        words[0][:1].isupper()
        and words[-1] in {".", "?", "!"}
        and len(words[-2]) > 3
        and marks[0] == marks[1]
        and marks[2] == marks[3]
        and piece.count('"') % 2 == 0
    )
