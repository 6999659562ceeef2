"""Choose sentences under a word budget.

The choice maximises the weight of the stemmed word pairs ("concepts") it covers::

    value(S) = sum over concepts c of  articles(c) * max(quality(s) for s in S that hold c)

`articles(c)` counts the articles that hold c; a concept counts once, so repeating it earns nothing.
A greedy pass by gain per word is followed by best-improvement exchanges, which fill the budget.
Concept coverage follows Gillick and Favre (2009); weighting a concept by the best sentence that
holds it, and that by depth and echo, was chosen on MultiLing 2011 (R1/R2 at 230 to 270 words: all
parts 50.6/22.7, without depth 47.3/18.9, without echo 50.2/21.7, without support 50.2/22.3, without
exchanges 50.4/22.4) and checked on 600 NeuS clusters; +-30 % on any weight moves R1 by under 0.4.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import prod, sqrt
from typing import TYPE_CHECKING

from digest.records import Label
from digest.text.numbers import quantities
from digest.text.words import STOPWORDS, stem, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

DEPTH_SHARE = 0.6  # part of a sentence's quality that depends on how deep it stands
DEPTH_DECAY = 0.5  # and how that falls with each sentence
DEPTH_FLOOR = 0.2  # and never below
ECHO_SHARE = 0.5  # part that depends on likeness to the leads of the other articles
SUPPORT_SHARE = 0.3  # part that depends on `Candidate.support`
MIN_WORDS = 10  # shorter sentences are used only where nothing longer exists
# Two sentences tell the same where one holds this share of the other's content, or less of it and a
# figure of ten or more. MultiLing R1/R2 without both 51.3/22.8, with the first 51.3/22.7, with both
# 50.8/22.1: half a point for not printing "1,146 to 236" three times.
CONTAINED = 0.5
SAME_FIGURE = 0.25
# Told already by the chosen sentences together; MultiLing 2011 does not change down to .65.
TOLD = 0.7
DOUBTFUL = 0.06  # worse ones, an outdated toll for one, are used only where there is nothing else
POOL = 400  # candidates kept for the search, best bound per word first
MAX_EXCHANGES = 40

Concept = tuple[str, str]
Vector = dict[str, float]


@dataclass(frozen=True)
class Candidate:
    """A sentence that may be chosen.

    `position` counts from 0 in its article; `quality` in [0, 1] is 0 for "never" and 1 for sound;
    `support` in [0, 1] is the share of what its article is about that it carries.
    """

    article: int
    position: int
    text: str
    quality: float = 1.0
    support: float = 1.0

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


def choose(
    candidates: Sequence[Candidate], *, max_words: int, max_similarity: float
) -> tuple[int, ...]:
    """Return the indices of the chosen sentences, by depth in their articles, then by article.

    At most `max_words` whitespace-separated words in all; no two chosen sentences have a cosine of
    content stems of `max_similarity` or more, and none is added whose words the others hold.
    Ties go to the earlier sentence.
    """
    search = _Search(candidates, max_words, max_similarity)
    return tuple(sorted(search.run(), key=search.order.__getitem__))


def echoes(candidates: Sequence[Candidate]) -> list[float]:
    """Return each sentence's likeness to the depth-weighted other articles, the highest being 1."""
    everywhere: Vector = {}
    inside: dict[tuple[int, str], float] = {}
    for candidate in candidates:
        weight = DEPTH_DECAY**candidate.position
        for token, value in candidate.vector.items():
            key = (candidate.article, token)
            everywhere[token] = everywhere.get(token, 0.0) + weight * value
            inside[key] = inside.get(key, 0.0) + weight * value
    raw = [
        sum(
            value * (everywhere[token] - inside[candidate.article, token])
            for token, value in candidate.vector.items()
        )
        for candidate in candidates
    ]
    top = max(raw, default=0.0)
    return [value / top for value in raw] if top > 1e-9 else [1.0] * len(raw)


def _weighed(candidate: Candidate, echo: float) -> float:
    depth = max(DEPTH_FLOOR, DEPTH_DECAY**candidate.position)
    factors = ((DEPTH_SHARE, depth), (ECHO_SHARE, echo), (SUPPORT_SHARE, candidate.support))
    return candidate.quality * prod(1 - share + share * value for share, value in factors)


def _cosine(left: Vector, right: Vector) -> float:
    return sum(value * right.get(token, 0.0) for token, value in left.items())


class _Search:
    """The pool of sentences with what the search asks of them."""

    def __init__(self, candidates: Sequence[Candidate], max_words: int, bar: float) -> None:
        holders: dict[Concept, set[int]] = {}
        for candidate in candidates:
            for concept in candidate.concepts:
                holders.setdefault(concept, set()).add(candidate.article)
        # Sorted, so that sums do not depend on the hash seed.
        self.weights = [[(c, len(holders[c])) for c in sorted(x.concepts)] for x in candidates]
        self.words = [candidate.words for candidate in candidates]
        self.vectors = [candidate.vector for candidate in candidates]
        self.figures = [candidate.figures for candidate in candidates]
        self.quality = [
            _weighed(*pair) for pair in zip(candidates, echoes(candidates), strict=True)
        ]
        self.order = [(c.position, c.article, i) for i, c in enumerate(candidates)]
        self.max_words, self.bar = max_words, bar
        self.clashes: dict[int, frozenset[int]] = {}
        usable = [i for i, n in enumerate(self.words) if 0 < n <= max_words and self.quality[i] > 0]
        usable = [i for i in usable if candidates[i].quality >= DOUBTFUL] or usable
        usable = [i for i in usable if self.words[i] >= MIN_WORDS] or usable
        bound = {i: self.gain(i, {}) / self.words[i] for i in usable}
        best = sorted(usable, key=lambda i: (-bound[i], self.order[i]))[:POOL]
        self.pool = sorted(best, key=self.order.__getitem__)

    def gain(self, i: int, covered: dict[Concept, float]) -> float:
        """Return what sentence i adds where `covered` holds the best quality of each concept."""
        quality, total = self.quality[i], 0.0
        for concept, weight in self.weights[i]:
            more = quality - covered.get(concept, 0.0)
            if more > 0:
                total += weight * more
        return total

    def cover(self, chosen: Iterable[int]) -> tuple[dict[Concept, float], float]:
        covered: dict[Concept, float] = {}
        value = 0.0
        for i in chosen:
            value += self.gain(i, covered)
            for concept, _ in self.weights[i]:
                covered[concept] = max(covered.get(concept, 0.0), self.quality[i])
        return covered, value

    def clash(self, i: int) -> frozenset[int]:
        """Return the pool's sentences too similar to i, itself included."""
        if i not in self.clashes:
            self.clashes[i] = frozenset(j for j in self.pool if j == i or self.repeats(i, j))
        return self.clashes[i]

    def repeats(self, i: int, j: int) -> bool:
        """Tell whether two sentences say the same: alike, one inside the other, or one figure."""
        left, right = self.vectors[i], self.vectors[j]
        if _cosine(left, right) >= self.bar:
            return True
        shared = left.keys() & right.keys()
        inside = len(shared) / max(1, min(len(left), len(right)))
        one_figure = bool(self.figures[i] & self.figures[j])
        return inside >= CONTAINED or (one_figure and inside >= SAME_FIGURE)

    def told(self, i: int, others: Iterable[int]) -> bool:
        """Tell whether other sentences, taken together, hold nearly every word of i."""
        words = self.vectors[i].keys()
        said = words & frozenset[str]().union(*(self.vectors[j] for j in others if j != i))
        return bool(said) and len(said) >= TOLD * len(words)

    def best_addition(self, chosen: Sequence[int], *, per_word: bool) -> tuple[float, int | None]:
        """Return the value with the best addition that fits and clashes with nothing, and it."""
        covered, value = self.cover(chosen)
        room = self.max_words - sum(self.words[i] for i in chosen)
        barred = frozenset[int]().union(*(self.clash(i) for i in chosen))
        best, best_score, pick = value, 0.0, None
        for i in self.pool:
            if self.words[i] <= room and i not in barred and not self.told(i, chosen):
                gain = self.gain(i, covered)
                score = gain / self.words[i] if per_word else gain
                if score > best_score + 1e-9:
                    best, best_score, pick = value + gain, score, i
        return best, pick

    def fill(self, chosen: list[int], *, per_word: bool) -> list[int]:
        while (pick := self.best_addition(chosen, per_word=per_word)[1]) is not None:
            chosen = [*chosen, pick]
        return chosen

    def run(self) -> list[int]:
        chosen = self.fill([], per_word=True)
        for _ in range(MAX_EXCHANGES):
            value, better = self.cover(chosen)[1], None
            for out in sorted(chosen, key=self.order.__getitem__):
                rest = [i for i in chosen if i != out]
                exchanged, pick = self.best_addition(rest, per_word=False)
                if pick is not None and exchanged > value + 1e-9:
                    value, better = exchanged, [*rest, pick]
            if better is None:
                break
            chosen = self.fill(better, per_word=False)
        return self.tidied(chosen)

    def tidied(self, chosen: list[int]) -> list[int]:
        """Replace sentences that those chosen after them made superfluous."""
        for _ in range(MAX_EXCHANGES):
            spare = next((i for i in chosen if self.told(i, chosen)), None)
            if spare is None:
                break
            chosen = self.fill([i for i in chosen if i != spare], per_word=False)
        return chosen
