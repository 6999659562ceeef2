"""Which sentences the student is taught, and on which pairs it is examined."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.pieces import word_spans
from digest.training.news import is_whole, spread
from digest.training.tagging.rows import rows

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_PARTS: Final = (0, 1, 2, 3)
# Half an hour of the teacher's time on two cores; the last of the files is read in part.
_LEARNED: Final = 65_536
_PER_ARTICLE: Final = 4
_WORDS: Final = range(5, 70)
# Sentences of one topic and week that stand together in a batch.
BLOCK: Final = 32
# Held-out articles that pairs are drawn from, and the most sentences of one topic and week.
_EXAMINED: Final = 2_000
_PER_STORY: Final = 40
_UNDATED: Final = "undated"


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A sentence or headline, and the topic and week of its article: "politics 2017-W05"."""

    text: str
    story: str


def files(corpora: Path) -> tuple[Path, ...]:
    """Return the files that are read: three to learn from, the last to be examined on."""
    return tuple(corpora / "news" / f"articles-{part}.jsonl.xz" for part in _PARTS)


def training(corpora: Path) -> list[Told]:
    """Return what is learned from: headlines and some sentences of articles, once each."""
    *learned, _held = files(corpora)
    return _once(told for path in learned for told in read(path))[:_LEARNED]


def examined(corpora: Path) -> list[Told]:
    """Return the sentences of articles that nothing is learned from, those of a story together."""
    found = _once(read(files(corpora)[-1]))
    stories: dict[str, list[Told]] = {}
    for told in found:
        stories.setdefault(told.story, []).append(told)
    dice = random.Random(1)  # noqa: S311 - which stories are examined, no secret
    names = sorted(
        name for name, group in stories.items() if len(group) > 1 and _UNDATED not in name
    )
    dice.shuffle(names)
    chosen = [told for name in names for told in stories[name][:_PER_STORY]]
    return chosen[:_EXAMINED]


def read(path: Path) -> Iterator[Told]:
    """Yield the headline and some whole sentences of each article of a file.

    Raises:
        UsageError: the file cannot be read, or a line is no article.
    """
    for _, row in rows(path, {"title": str, "text": str, "topic": str, "published": str}):
        story = f"{row['topic']} {_week(row['published'])}"
        if len(row["title"].split()) in _WORDS:
            yield Told(text=row["title"].strip(), story=story)
        for piece in spread(row["text"], _PER_ARTICLE):
            words = [piece[start:end] for start, end in word_spans(piece)]
            if len(words) in _WORDS and is_whole(piece, words):
                yield Told(text=piece, story=story)


def blocks(sentences: Sequence[Told], *, seed: int) -> list[tuple[int, ...]]:
    """Return the places of all sentences in blocks of BLOCK, those of a story side by side.

    A static student tells topics apart soon; what it has to learn is to tell apart what is said
    within one, so that a batch needs sentences of one story.
    """
    dice = random.Random(seed)  # noqa: S311 - an order, no secret
    order = sorted(range(len(sentences)), key=lambda place: (sentences[place].story, dice.random()))
    return [tuple(order[start : start + BLOCK]) for start in range(0, len(order), BLOCK)]


def _once(sentences: Iterator[Told]) -> list[Told]:
    seen: dict[str, Told] = {}
    for told in sentences:
        seen.setdefault(told.text.lower(), told)
    return list(seen.values())


def _week(published: str) -> str:
    try:
        year, week, _ = date.fromisoformat(published[:10]).isocalendar()
    except ValueError:
        return _UNDATED
    return f"{year}-W{week:02}"
