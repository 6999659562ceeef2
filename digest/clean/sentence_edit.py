"""Remove sentences from a paragraph, and see which of it is quoted speech."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from digest.text.sentences import sentence_spans

if TYPE_CHECKING:
    from collections.abc import Callable

    from digest.records import Span


# Nine cleaners ask for the sentences of the same paragraph, and splitting is what cleaning costs.
@lru_cache(maxsize=4096)
def sentences_of(paragraph: str) -> tuple[Span, ...]:
    """Return the spans of a paragraph's sentences."""
    return tuple(sentence_spans(paragraph))


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
