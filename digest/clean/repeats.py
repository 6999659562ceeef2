"""Cleaners for what is printed twice."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.clean.quotations import quotations
from digest.clean.sentence_edit import drop_sentences, sentences_of

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Span

_NOT_WORD = re.compile(r"[\W_]+")
_MIN_WORDS = 4  # "Yes." and "He did not." may well be said twice


def normalized(text: str) -> str:
    """Return the words of a text in lower case: what two prints of one paragraph share.

    >>> normalized("**Talks** begin — “now”!")
    'talks begin now'
    """
    return _NOT_WORD.sub(" ", text.casefold()).strip()


def drop_repeated_paragraphs(paragraphs: Sequence[str]) -> list[str]:
    """Remove a paragraph that was printed before, whatever its marks and spacing.

    >>> drop_repeated_paragraphs(["It was a long vote.", "Yes.", "It was a  long vote", "Yes."])
    ['It was a long vote.', 'Yes.', '', 'Yes.']
    """
    seen: set[str] = set()
    result: list[str] = []
    for text in paragraphs:
        key = normalized(text)
        repeated = key in seen and key.count(" ") >= _MIN_WORDS - 1
        seen.add(key)
        result.append("" if repeated else text)
    return result


def drop_repeated_sentences(paragraphs: Sequence[str]) -> list[str]:
    """Remove a sentence that was printed before; one within a longer quotation stays.

    >>> drop_repeated_sentences(["The vote was lost. Ten left.", "So: the vote was lost.",
    ...     "The vote was lost. Six stayed."])
    ['The vote was lost. Ten left.', 'So: the vote was lost.', 'Six stayed.']
    """
    seen: set[str] = set()
    result: list[str] = []
    for text in paragraphs:
        pairs = quotations(text).pairs
        repeated: set[Span] = set()
        for span in sentences_of(text):
            key = normalized(text[span.start : span.end])
            cut = any(
                (pair.start < span.start < pair.end) or (pair.start < span.end < pair.end)
                for pair in pairs
            )
            if key.count(" ") >= _MIN_WORDS - 1 and not cut:
                if key in seen:
                    repeated.add(span)
                seen.add(key)
        result.append(drop_sentences(text, repeated.__contains__) if repeated else text)
    return result
