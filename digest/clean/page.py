"""A page under cleaning: its paragraphs, where each code point came from, and what was changed."""

from __future__ import annotations

from collections import Counter
from difflib import SequenceMatcher
from itertools import pairwise
from re import compile as regex
from typing import TYPE_CHECKING, NamedTuple

from rapidfuzz.distance import Levenshtein

from digest.records import Edit, MapPiece, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    LineCleaner = Callable[[str], str]
    PageCleaner = Callable[[Sequence[str]], list[str]]

_INSERTED = -1
_TOKEN = regex(r"\w+|\s+|[^\w\s]")
# Matched pairs of equal tokens difflib may look at, about 50 ms; beyond it Levenshtein, in C.
_MAX_PAIRS = 200_000


class _Change(NamedTuple):
    """`before[start:end]` became `after[new_start:new_end]`."""

    start: int
    end: int
    new_start: int
    new_end: int


class Page:
    """Paragraphs and, for each of their code points, its offset in the raw text or -1."""

    def __init__(self, raw: str, blocks: Sequence[Span]) -> None:
        self._blocks = tuple(blocks)
        self._origins = [list(range(block.start, block.end)) for block in blocks]
        self.texts = [raw[block.start : block.end] for block in blocks]
        self.edits: list[Edit] = []

    def run_line(self, cleaner: LineCleaner) -> None:
        """Apply a cleaner to each paragraph and record what it changed under its name."""
        for index, text in enumerate(self.texts):
            if text:
                self._set(index, cleaner(text), cleaner.__name__)

    def run_page(self, cleaner: PageCleaner, name: str | None = None) -> None:
        """Apply a cleaner to the paragraphs together; it returns as many as it was given."""
        for index, after in enumerate(cleaner(tuple(self.texts))):
            self._set(index, after, name or cleaner.__name__)

    def joined(self) -> tuple[str, list[Span], tuple[MapPiece, ...]]:
        """Return the cleaned text, its paragraphs' spans in it, and the map to the raw text."""
        spans: list[Span] = []
        pieces: list[MapPiece] = []
        cursor = 0
        for text, origin in zip(self.texts, self._origins, strict=True):
            if text:
                spans.append(Span(start=cursor, end=cursor + len(text)))
                pieces += _pieces(origin, cursor)
                cursor += len(text) + 1
        return "\n".join(text for text in self.texts if text), spans, tuple(pieces)

    def _set(self, index: int, after: str, name: str) -> None:
        before, origin = self.texts[index], self._origins[index]
        if before == after:
            return
        new_origin: list[int] = []
        cursor = 0
        for change in _changes(before, after):
            new_origin += origin[cursor : change.start]
            new_origin += [_INSERTED] * (change.new_end - change.new_start)
            cursor = change.end
            self.edits.append(
                Edit(
                    cleaner=name,
                    original=self._original(index, change.start, change.end),
                    removed=before[change.start : change.end],
                    inserted=after[change.new_start : change.new_end],
                )
            )
        new_origin += origin[cursor:]
        self.texts[index], self._origins[index] = after, new_origin

    def _original(self, index: int, start: int, end: int) -> Span:
        origin = self._origins[index]
        mapped = [offset for offset in origin[start:end] if offset != _INSERTED]
        if mapped:
            return Span(start=mapped[0], end=mapped[-1] + 1)
        ahead = next((o for o in reversed(origin[:start]) if o != _INSERTED), None)
        place = self._blocks[index].start if ahead is None else ahead + 1
        return Span(start=place, end=place)


def _pieces(origin: list[int], clean: int) -> list[MapPiece]:
    pieces: list[MapPiece] = []
    start = 0
    for at, (here, after) in enumerate(pairwise([*origin, _INSERTED]), start=1):
        if here == _INSERTED:
            start = at
        elif after != here + 1:
            pieces.append(MapPiece(clean=clean + start, original=origin[start], length=at - start))
            start = at
    return pieces


def _changes(before: str, after: str) -> list[_Change]:
    """Return what differs, word by word: removed sentences come out whole, not in letters."""
    if not after:
        return [_Change(0, len(before), 0, 0)]
    head = _at_space(before, _common_prefix(before, after))
    back, front = before[head:][::-1], after[head:][::-1]
    tail = _at_space(back, _common_prefix(back, front))
    left = _TOKEN.findall(before[head : len(before) - tail])
    right = _TOKEN.findall(after[head : len(after) - tail])
    changes: list[_Change] = []
    i = j = head
    for tag, i1, i2, j1, j2 in _opcodes(left, right):
        removed, inserted = "".join(left[i1:i2]), "".join(right[j1:j2])
        if tag != "equal":
            changes += _within(removed, inserted, i, j)
        i, j = i + len(removed), j + len(inserted)
    return _merged(changes)


def _merged(changes: list[_Change]) -> list[_Change]:
    """Join changes that touch: a repaired character is one edit."""
    merged: list[_Change] = []
    for change in changes:
        if merged and merged[-1].end == change.start and merged[-1].new_end == change.new_start:
            merged[-1] = merged[-1]._replace(end=change.end, new_end=change.new_end)
        else:
            merged.append(change)
    return merged


def _opcodes(left: list[str], right: list[str]) -> list[tuple[str, int, int, int, int]]:
    if not left or not right:
        return [("replace", 0, len(left), 0, len(right))]
    counts = Counter(right)
    if sum(counts[token] for token in left) <= _MAX_PAIRS:
        return list(SequenceMatcher(None, left, right, autojunk=False).get_opcodes())
    return [
        (op.tag, op.src_start, op.src_end, op.dest_start, op.dest_end)
        for op in Levenshtein.opcodes(left, right)
    ]


def _within(removed: str, inserted: str, i: int, j: int) -> list[_Change]:
    """Align a short replacement letter by letter: both ends of a mended word stay mapped."""
    if not removed or not inserted or len(removed) + len(inserted) > 2_000:
        return [_Change(i, i + len(removed), j, j + len(inserted))]
    return [
        _Change(i + op.src_start, i + op.src_end, j + op.dest_start, j + op.dest_end)
        for op in Levenshtein.opcodes(removed, inserted)
        if op.tag != "equal"
    ]


def _at_space(text: str, length: int) -> int:
    """Return where the last whole word of `text[:length]` ends: "Don" is no part of "Dan"."""
    if length == len(text):
        return length
    while length and not text[length - 1].isspace():
        length -= 1
    return length


def _common_prefix(left: str, right: str) -> int:
    limit = min(len(left), len(right))
    if left[:limit] == right[:limit]:
        return limit
    low, high = 0, limit
    while high - low > 1:
        middle = (low + high) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle
    return low
