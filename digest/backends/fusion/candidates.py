"""What may be chosen: sentences, each in one or several wordings."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod, sqrt
from typing import TYPE_CHECKING

from digest.records import Label
from digest.text.numbers import quantities
from digest.text.words import STOPWORDS, stem, words

if TYPE_CHECKING:
    from collections.abc import Sequence

DEPTH_SHARE = 0.6  # part of a sentence's quality that depends on how deep it stands
DEPTH_DECAY = 0.5  # and how that falls with each sentence
DEPTH_FLOOR = 0.2  # and never below
ECHO_SHARE = 0.5  # part that depends on likeness to the leads of the other articles
SUPPORT_SHARE = 0.3  # part that depends on `Candidate.support`

Concept = tuple[str, str]
Vector = dict[str, float]


@dataclass(frozen=True)
class Wording:
    """One way to print a sentence: the whole of it, or less.

    `text` stands alone; `quality` in [0, 1] multiplies the sentence's, 1 being as good as the whole
    sentence and 0 "never". Everything else follows from the text.
    """

    text: str
    quality: float = 1.0

    @cached_property
    def words(self) -> int:
        """Whitespace-separated words."""
        return len(self.text.split())

    @cached_property
    def tokens(self) -> tuple[tuple[str, bool], ...]:
        """Stems in order, each with whether it carries content."""
        return tuple((stem(word), word.lower() not in STOPWORDS) for word in words(self.text))

    @cached_property
    def concepts(self) -> frozenset[Concept]:
        """Adjacent stems of which at least one carries content."""
        pairs = zip(self.tokens, self.tokens[1:], strict=False)
        return frozenset((a, b) for (a, a_counts), (b, b_counts) in pairs if a_counts or b_counts)

    @cached_property
    def figures(self) -> frozenset[float]:
        """Return the values of quantities of ten and more; years and small counts tell little."""
        found = quantities(self.text)
        return frozenset(q.value for q in found if q.label is not Label.DATE and q.value >= 10)

    @cached_property
    def vector(self) -> Vector:
        """L2-normalised counts of content stems."""
        counts: Vector = {}
        for token, counts_as_content in self.tokens:
            if counts_as_content:
                counts[token] = counts.get(token, 0.0) + 1.0
        norm = sqrt(sum(count * count for count in counts.values())) or 1.0
        return {token: count / norm for token, count in counts.items()}


@dataclass(frozen=True)
class Candidate:
    """A sentence that may be chosen, in one of its wordings.

    `position` counts from 0 in its article; `wordings` starts with the whole sentence; `quality` in
    [0, 1] is 0 for "never" and 1 for sound; `support` in [0, 1] is the share of what its article is
    about that it carries.
    """

    article: int
    position: int
    wordings: tuple[Wording, ...]
    quality: float = 1.0
    support: float = 1.0

    @property
    def whole(self) -> Wording:
        """The sentence as its article has it."""
        return self.wordings[0]


def echoes(candidates: Sequence[Candidate]) -> list[float]:
    """Return each sentence's likeness to the depth-weighted other articles, the highest being 1."""
    everywhere: Vector = {}
    inside: dict[tuple[int, str], float] = {}
    for candidate in candidates:
        weight = DEPTH_DECAY**candidate.position
        for token, value in candidate.whole.vector.items():
            key = (candidate.article, token)
            everywhere[token] = everywhere.get(token, 0.0) + weight * value
            inside[key] = inside.get(key, 0.0) + weight * value
    raw = [
        sum(
            value * (everywhere[token] - inside[candidate.article, token])
            for token, value in candidate.whole.vector.items()
        )
        for candidate in candidates
    ]
    top = max(raw, default=0.0)
    return [value / top for value in raw] if top > 1e-9 else [1.0] * len(raw)


def merit(candidate: Candidate, echo: float) -> float:
    """Return the quality of a sentence in [0, 1], lower where it stands deep or alone."""
    depth = max(DEPTH_FLOOR, DEPTH_DECAY**candidate.position)
    factors = ((DEPTH_SHARE, depth), (ECHO_SHARE, echo), (SUPPORT_SHARE, candidate.support))
    return candidate.quality * prod(1 - share + share * value for share, value in factors)
