"""Sentence spans. pysbd does the splitting; this module keeps its spans inside one paragraph."""

from __future__ import annotations

import re
import warnings
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.records import Span
from digest.text.memory import remember

if TYPE_CHECKING:
    from digest.text.splitter import EnglishSegmenter

SPLITTER = "pysbd-0.3.4"

# A quotation that ends a sentence takes its closing mark along: pysbd leaves `”` to the next one.
_CLOSERS = "\"'”’»)]"
# pysbd's time grows with the square of the paragraph (.03 s at 3,000 characters, .76 s at 20,000);
# no newspaper prints one this long.
_MAX_PARAGRAPH = 3_000
_LIKELY_END = re.compile(r"(?<=[a-z][a-z])[.!?][\"'”’)]*\s")


@lru_cache(maxsize=1)
def _segmenter() -> EnglishSegmenter:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", SyntaxWarning)  # pysbd 0.3.4 has unescaped regexes
        from digest.text import splitter  # noqa: PLC0415 - 0.1 s, and only some commands split
    return splitter.EnglishSegmenter()


def sentence_spans(text: str) -> list[Span]:
    """Return the spans of the sentences of one paragraph, in order, white space trimmed.

    Spans never overlap and hold every non-space character of `text`.

    >>> text = "The U.S. paid $3.5 billion. “Done,” said J. K. Row."
    >>> [text[s.start:s.end] for s in sentence_spans(text)]
    ['The U.S. paid $3.5 billion.', '“Done,” said J. K. Row.']
    """
    return list(_spans(text))


@remember(characters=500_000)  # pysbd takes 2 ms for an output, .2 s for an article
def _spans(text: str) -> tuple[Span, ...]:
    spans: list[Span] = []
    offset = 0
    while offset < len(text):
        end = _cut(text, offset)
        located = _located(text[offset:end])
        spans += [Span(start=s.start + offset, end=s.end + offset) for s in located]
        offset = end
    return tuple(spans)


def _cut(text: str, offset: int) -> int:
    """Return where a piece from `offset` on ends: at a sentence's end, else between words."""
    limit = offset + _MAX_PARAGRAPH
    if limit >= len(text):
        return len(text)
    ends = [match.end() for match in _LIKELY_END.finditer(text, offset, limit)]
    if ends:
        return ends[-1]
    space = text.rfind(" ", offset, limit) + 1
    return space if space > offset else limit


def _located(text: str) -> list[Span]:
    """Find pysbd's sentences in the text one after the other, whatever it did to white space."""
    spans: list[Span] = []
    cursor = 0
    for piece in _segmenter().segment(text):
        wanted = piece.strip()
        if not wanted:
            continue
        found = text.find(wanted, cursor)
        if found < 0:  # pysbd rewrote a character: the rest stays one sentence
            break
        cursor = _claim(text, spans, cursor, found, found + len(wanted))
    if text[cursor:].strip():
        _claim(text, spans, cursor, cursor, len(text))
    return spans


def _claim(text: str, spans: list[Span], cursor: int, start: int, end: int) -> int:
    """Append the span `start..end`, grown over what would be lost or left as bare punctuation."""
    if text[cursor:start].strip():
        start = cursor
    while end < len(text) and text[end] in _CLOSERS and not _opens(text, end):
        end += 1
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    if start == end:
        return max(cursor, end)
    if spans and not any(character.isalnum() for character in text[start:end]):
        spans[-1] = Span(start=spans[-1].start, end=end)
    else:
        spans.append(Span(start=start, end=end))
    return end


def _opens(text: str, index: int) -> bool:
    """Tell whether a straight quote at `index` opens the next sentence instead of closing this."""
    return text[index] in "\"'" and index + 1 < len(text) and text[index + 1].isalnum()


_WORD = re.compile(r"\S+")


def count_words(text: str) -> int:
    """Return the number of whitespace-separated words, the unit of every budget.

    >>> count_words("Two words")
    2
    """
    return len(_WORD.findall(text))
