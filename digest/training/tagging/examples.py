"""What a tagging network learns from: words with labels, in batches of about one length."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from digest.backends.embedded.pieces import Pieces, WordPieces

# Batches are cut from this many shuffled examples sorted by length: little padding, still mixed.
_POOL: Final = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class Tagged:
    """One text as words, with the labels that are known of them.

    A label is an index, or -100 where it is unknown; `allowed` holds instead, for each word, the
    set of indices that may be right, as a bit mask (0: unknown).
    """

    words: tuple[str, ...]
    labels: Mapping[str, tuple[int, ...]]
    allowed: Mapping[str, tuple[int, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A `Tagged` whose words are split into pieces."""

    pieces: Pieces
    labels: Mapping[str, tuple[int, ...]]
    allowed: Mapping[str, tuple[int, ...]]


def tagged(
    words: Sequence[str],
    labels: Mapping[str, Sequence[int]] | None = None,
    allowed: Mapping[str, Sequence[int]] | None = None,
) -> Tagged:
    """Return an example, its lengths checked.

    Raises:
        ValueError: there are more or fewer labels than words.
    """
    given = {name: tuple(row) for name, row in (labels or {}).items()}
    sets = {name: tuple(row) for name, row in (allowed or {}).items()}
    for name, row in {**given, **sets}.items():
        if len(row) != len(words):
            raise ValueError(f"{len(words)} words and {len(row)} labels of {name}")
    return Tagged(words=tuple(words), labels=given, allowed=sets)


def split(examples: Sequence[Tagged], pieces: WordPieces) -> list[Item]:
    """Split examples into pieces; labels of words that do not fit are left out."""
    found = pieces.split([example.words for example in examples])
    return [
        Item(
            pieces=cut,
            labels={name: row[: len(cut.first)] for name, row in example.labels.items()},
            allowed={name: row[: len(cut.first)] for name, row in example.allowed.items()},
        )
        for example, cut in zip(examples, found, strict=True)
        if cut.first
    ]


def batches(items: Sequence[Item], *, size: int, seed: int) -> list[tuple[Item, ...]]:
    """Return all items in batches of about `size` texts of average length.

    A batch holds as many pieces as `size` average texts, so that each step costs the same.
    """
    if not items:
        return []
    order = list(items)
    dice = random.Random(seed)  # noqa: S311 - an order, no secret
    dice.shuffle(order)
    room = size * sum(len(item.pieces.ids) for item in items) / len(items)
    made: list[tuple[Item, ...]] = []
    for start in range(0, len(order), _POOL):
        pool = sorted(order[start : start + _POOL], key=lambda item: len(item.pieces.ids))
        made += _cut(pool, room)
    dice.shuffle(made)
    return made


def _cut(pool: Sequence[Item], room: float) -> list[tuple[Item, ...]]:
    made: list[tuple[Item, ...]] = []
    batch: list[Item] = []
    for item in pool:  # by length: the newest is the longest
        if batch and len(item.pieces.ids) * (len(batch) + 1) > room:
            made.append(tuple(batch))
            batch = []
        batch.append(item)
    return [*made, tuple(batch)]
