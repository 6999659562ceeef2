"""Find the source sentences that a sentence says the same as."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """A source sentence by index, and the share of the aligned text's content that it holds."""

    index: int
    score: float


class Aligner:
    """Aligns sentences with a fixed set of source sentences through an inverted index."""

    def __init__(self, sources: Sequence[str]) -> None:
        """Index the content stems of the source sentences."""
        self._stems = [frozenset(content_stems(text)) for text in sources]
        self._holders: dict[str, list[int]] = defaultdict(list)
        for index, stems in enumerate(self._stems):
            for stem in sorted(stems):
                self._holders[stem].append(index)

    def _weight(self, stem: str) -> float:
        """Return log(1 + N / df), a stem unknown to the sources counting as the rarest."""
        return math.log(1 + len(self._stems) / max(1, len(self._holders.get(stem, ()))))

    def matches(self, text: str, *, limit: int) -> list[Match]:
        """Return the best source sentences, best first, ties in source order.

        The score is the weighted share of the text's content stems that the source sentence holds,
        in (0, 1]; among equals the source sentence with less beside it comes first.
        """
        wanted = {stem: self._weight(stem) for stem in content_stems(text)}
        total = sum(wanted[stem] for stem in sorted(wanted))
        held: Counter[int] = Counter()
        for stem in sorted(wanted):
            for index in self._holders.get(stem, ()):
                held[index] += wanted[stem]  # type: ignore[assignment]
        ranked = sorted(
            held, key=lambda index: (-round(held[index], 9), len(self._stems[index]), index)
        )
        return [Match(index=i, score=min(1.0, held[i] / total)) for i in ranked[:limit]]
