"""Which whole sentences go into a model's input, counted in the model's own tokens.

1. Every article may give one sentence that is no longer than an even share of the room.
2. Facts that several independent sources support follow, the best supported first, each in its
   best wording. An article that has two even shares already gives way to another wording.
3. Then the article with the fewest tokens gives its next sentence, until nothing fits: of all
   articles first what is new, leads before the rest, then what was said in other words, then what
   is outdated or contradicted, then what is suspect.

Copies of a sentence, and suspect ones that somebody else words as well, never go in.
"""

from __future__ import annotations

from dataclasses import dataclass
from heapq import heapify, heappop, heappush
from typing import TYPE_CHECKING

from digest.records import LeftOut
from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from digest.backends.neural.lines import Line

# A sentence whose content is said by the chosen ones to this share says little new; as in
# digest.backends.fusion.choose, where the bar was measured.
_TOLD = 0.7
# `Generator.room` cannot know how many documents come. What it sets aside differs: one separator
# for every 32 tokens, at most 32 (models on this machine), or 16 fences (endpoints). Documents
# beyond the lesser of the two pay for themselves; a fence with its number takes 10 to 16 tokens.
_DOCUMENT_TOKENS = 32
_MOST_DOCUMENTS = 16
_FENCE_TOKENS = 16
# What a sentence is worth beside those chosen already, best first.
_FIRST, _NEW, _REPEATED, _DOUBTED, _SUSPECT = range(5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """The chosen lines, by article and in their order there, and the tokens of their documents."""

    lines: tuple[Line, ...]
    tokens: int

    @property
    def documents(self) -> tuple[str, ...]:
        """Return one document per article, in the order of the cluster."""
        return documents(self.lines)

    @property
    def facts(self) -> frozenset[int]:
        """Return the facts that the chosen lines tell."""
        return frozenset(line.fact for line in self.lines)


def documents(lines: Iterable[Line]) -> tuple[str, ...]:
    """Return lines as one text per article, in the order of the cluster and of the article."""
    texts: dict[int, list[str]] = {}
    for line in sorted(lines, key=lambda line: line.order):
        texts.setdefault(line.article, []).append(line.text)
    return tuple(" ".join(some) for some in texts.values())


def fences(number: int, room: int) -> int:
    """Return the tokens that so many documents take beyond what the room has set aside.

    >>> [fences(number, 320) for number in (1, 10, 12)]
    [0, 0, 32]
    """
    free = min(_MOST_DOCUMENTS, max(1, room // _DOCUMENT_TOKENS))
    return _FENCE_TOKENS * max(0, number - free)


def select(
    lines: Sequence[Line], *, room: int, count: Callable[[Sequence[str]], list[int]]
) -> Selection:
    """Return the lines that go in; everything does, copies apart, where it fits.

    Args:
        lines: what the articles say.
        room: tokens of all documents together, never exceeded.
        count: the lengths of texts in the model's tokens.
    """
    usable = [line for line in lines if line.usable]
    limit = room
    while True:
        chosen = _chosen(usable, limit)
        texts = documents(chosen)
        tokens = sum(count(texts)) if texts else 0
        taken = tokens + fences(len(texts), room)
        if taken <= room or not chosen:
            return Selection(lines=tuple(chosen), tokens=tokens)
        # Sentences may take more tokens side by side than alone.
        limit = min(limit, sum(line.tokens for line in chosen)) * room // taken


def _chosen(usable: Sequence[Line], room: int) -> list[Line]:
    articles = len({line.article for line in usable})
    if sum(line.tokens for line in usable) + fences(articles, room) <= room:
        return sorted(usable, key=lambda line: line.order)
    picks = _Picks(usable, room)
    picks.represent()
    picks.support()
    picks.fill()
    return sorted(picks.chosen, key=lambda line: line.order)


def left_out(lines: Iterable[Line], given: Iterable[Line]) -> tuple[LeftOut, ...]:
    """Return the sentences of each article that are not among the given ones."""
    kept = {line.order for line in given}
    missing: dict[str, list[int]] = {}
    for line in sorted(lines, key=lambda line: line.order):
        if line.order not in kept:
            missing.setdefault(line.article_id, []).append(line.sentence)
    return tuple(LeftOut(article_id=name, sentences=tuple(s)) for name, s in missing.items())


class _Picks:
    """A growing choice under a budget of tokens."""

    def __init__(self, lines: Sequence[Line], room: int) -> None:
        self.chosen: list[Line] = []
        self._left = room
        self._open: dict[int, list[Line]] = {}
        for line in lines:
            self._open.setdefault(line.article, []).append(line)
        self._used = dict.fromkeys(self._open, 0)
        self._room = room
        self._share = (room - fences(len(self._open), room)) // max(1, len(self._open))
        self._heard: set[int] = set()
        self._facts: set[int] = set()
        self._said: set[str] = set()

    def represent(self) -> None:
        """Let each article give its best line that is no longer than an even share."""
        for article in sorted(self._open):
            fitting = [line for line in self._open[article] if line.tokens <= self._share]
            if fitting:
                self._take(min(fitting, key=self._rank))

    def support(self) -> None:
        """Take facts of several independent sources, the best supported first."""
        wordings: dict[int, list[Line]] = {}
        for article in sorted(self._open):
            for line in self._open[article]:
                sound = not line.doubtful and not line.suspect
                if sound and line.support > 1 and line.fact not in self._facts:
                    wordings.setdefault(line.fact, []).append(line)
        for some in sorted(wordings.values(), key=lambda w: (-w[0].support, min(map(_depth, w)))):
            fitting = sorted(filter(self._fits, some), key=_wording)
            modest = [w for w in fitting if self._used[w.article] + w.tokens <= 2 * self._share]
            if fitting:
                self._take((modest or fitting)[0])

    def fill(self) -> None:
        """Take what is new until nothing fits, then what was said, then what is in doubt."""
        for worst in (_NEW, _REPEATED, _DOUBTED, _SUSPECT):
            self._in_turn(worst)

    def _in_turn(self, worst: int) -> None:
        """Let the article with the fewest tokens give its best line, none of a worse tier."""
        turns = [(used, article) for article, used in self._used.items()]
        heapify(turns)
        while turns:
            _, article = heappop(turns)
            some = self._open[article]
            fitting = [line for line in some if self._fits(line) and self._tier(line) <= worst]
            if fitting:  # else never again: what is left only shrinks, and nothing gets newer
                self._take(min(fitting, key=self._rank))
                heappush(turns, (self._used[article], article))

    def _fits(self, line: Line) -> bool:
        return self._cost(line) <= self._left

    def _cost(self, line: Line) -> int:
        """Return the tokens of a line, and of its document where it is the first of it."""
        open_, more = len(self._heard), line.article not in self._heard
        return line.tokens + fences(open_ + more, self._room) - fences(open_, self._room)

    def _take(self, line: Line) -> None:
        self.chosen.append(line)
        self._left -= self._cost(line)
        self._heard.add(line.article)
        self._used[line.article] += line.tokens
        self._open[line.article].remove(line)
        self._facts.add(line.fact)
        self._said.update(content_stems(line.text))

    def _rank(self, line: Line) -> tuple[int, int, int, int]:
        """Return what a line is sorted by within its article, the best first."""
        return self._tier(line), line.wording > 0, -line.support, line.sentence

    def _tier(self, line: Line) -> int:
        if line.suspect:
            return _SUSPECT
        if line.doubtful:
            return _DOUBTED
        if line.fact in self._facts or self._told(line):
            return _REPEATED
        return _FIRST if not line.wording and (line.support > 1 or not line.sentence) else _NEW

    def _told(self, line: Line) -> bool:
        stems = set(content_stems(line.text))
        return bool(stems) and len(stems & self._said) >= _TOLD * len(stems)


def _depth(line: Line) -> tuple[int, int]:
    return line.sentence, line.article


def _wording(line: Line) -> tuple[int, int, int]:
    return line.wording, line.sentence, line.article
