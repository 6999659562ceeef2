"""From the cleaned text back to the raw text."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from typing import TYPE_CHECKING

from digest.records import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import MapPiece


def original_span(pieces: Sequence[MapPiece], start: int, end: int) -> Span:
    """Return the smallest span of the raw text that covers what `start..end` was made from.

    Code points that a cleaner wrote itself stand nowhere in the raw text. Where `start..end` holds
    nothing else, the span is empty and stands behind the nearest mapped code point before it.

    Args:
        pieces: `Article.pieces`, ascending and without overlap.
        start: first code point, in the cleaned text; `0 <= start < end`.
        end: one past the last code point.

    >>> from digest.records import MapPiece
    >>> pieces = (MapPiece(clean=0, original=5, length=3), MapPiece(clean=4, original=9, length=2))
    >>> original_span(pieces, 1, 5)
    Span(start=6, end=10)
    >>> original_span(pieces, 3, 4)
    Span(start=8, end=8)
    """
    first = bisect_right(pieces, start, key=_clean_end)
    last = bisect_left(pieces, end, key=_clean_start) - 1
    if first > last:
        behind = pieces[last].original + pieces[last].length if last >= 0 else 0
        return Span(start=behind, end=behind)
    head, tail = pieces[first], pieces[last]
    return Span(
        start=head.original + max(0, start - head.clean),
        end=tail.original + min(tail.length, end - tail.clean),
    )


def _clean_start(piece: MapPiece) -> int:
    return piece.clean


def _clean_end(piece: MapPiece) -> int:
    return piece.clean + piece.length
