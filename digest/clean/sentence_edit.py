"""Remove sentences from a paragraph, and see which of it is quoted speech."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.records import Span
from digest.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Callable


# Nine cleaners ask for the sentences of the same paragraph, and splitting is what cleaning costs.
@lru_cache(maxsize=4096)
def sentences_of(paragraph: str) -> tuple[Span, ...]:
    """Return the spans of a paragraph's sentences.

    A long paragraph goes to the splitter in pieces, cut where a sentence surely ends.

    >>> sentences_of("It rained. All left.")
    (Span(start=0, end=10), Span(start=11, end=20))
    """
    spans: list[Span] = []
    start = 0
    for cut in [*_cuts(paragraph), len(paragraph)]:
        piece = _split(paragraph[start:cut])
        spans += [Span(start=start + span.start, end=start + span.end) for span in piece]
        start = cut
    return tuple(spans)


@lru_cache(maxsize=4096)
def _split(piece: str) -> tuple[Span, ...]:
    return tuple(sentence_spans(piece))


# The splitter's time grows with the square of its input: 200 kB on one line took 13 s in pieces of
# 4,000 characters.
_PIECE = 600
_SURE_END = re.compile(r"[a-z]{4}[.!?][\"”]? (?=[“\"]?[A-Z][a-z])")


def _cuts(paragraph: str) -> list[int]:
    """Return sure sentence ends outside quotations, at least `_PIECE` characters apart."""
    cuts: list[int] = []
    if len(paragraph) < 2 * _PIECE:
        return cuts
    depth = counted = 0
    for match in _SURE_END.finditer(paragraph):
        head = paragraph[counted : match.end()]
        depth += head.count("“") - head.count("”")
        straight = paragraph.count('"', cuts[-1] if cuts else 0, match.end())
        counted = match.end()
        if counted - (cuts[-1] if cuts else 0) >= _PIECE and depth == 0 and straight % 2 == 0:
            cuts.append(counted)
    return cuts


def drop_sentences(paragraph: str, is_fault: Callable[[Span], bool]) -> str:
    """Return the paragraph without the sentences that `is_fault` names, one space between others.

    >>> drop_sentences("One came. Ta. Two left.", lambda span: span.end - span.start == 3)
    'One came. Two left.'
    """
    spans = sentences_of(paragraph)
    kept = [span for span in spans if not is_fault(span)]
    if len(kept) == len(spans):
        return paragraph
    return " ".join(paragraph[span.start : span.end] for span in kept)


def overlaps(left: Span, right: Span) -> bool:
    """Tell whether two spans share a code point."""
    return left.start < right.end and right.start < left.end
