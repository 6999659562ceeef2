"""From cleaned offsets to raw ones."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.records import MapPiece, Span
from digest.text.spans import original_span

_PIECES = (
    MapPiece(clean=2, original=10, length=3),
    MapPiece(clean=5, original=20, length=2),
    MapPiece(clean=9, original=30, length=1),
)


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        (2, 5, (10, 13)),
        (3, 4, (11, 12)),
        (4, 6, (12, 21)),
        (0, 10, (10, 31)),
        (0, 2, (0, 0)),
        (7, 9, (22, 22)),
        (10, 12, (31, 31)),
        (8, 12, (30, 31)),
    ],
)
def test_original_span(start: int, end: int, expected: tuple[int, int]) -> None:
    assert original_span(_PIECES, start, end) == Span(start=expected[0], end=expected[1])


def test_nothing_mapped() -> None:
    assert original_span((), 0, 5) == Span(start=0, end=0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3), st.integers(1, 4))), st.data())
def test_covers_exactly_what_is_mapped(
    gaps: list[tuple[int, int, int]], data: st.DataObject
) -> None:
    pieces: list[MapPiece] = []
    clean = original = 0
    for clean_gap, original_gap, length in gaps:
        clean, original = clean + clean_gap, original + original_gap
        pieces.append(MapPiece(clean=clean, original=original, length=length))
        clean, original = clean + length, original + length
    start = data.draw(st.integers(0, clean))
    end = data.draw(st.integers(start + 1, clean + 3))
    places = [
        piece.original + offset
        for piece in pieces
        for offset in range(piece.length)
        if start <= piece.clean + offset < end
    ]
    span = original_span(pieces, start, end)
    if places:
        assert span == Span(start=min(places), end=max(places) + 1)
    else:
        assert span.start == span.end
