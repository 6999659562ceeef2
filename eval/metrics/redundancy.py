"""How much a text repeats itself."""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.text.words import content_stems, words
from eval.metrics.lines import SENTENCES, sentences
from eval.signature import signature

if TYPE_CHECKING:
    from collections.abc import Sequence

SIGNATURE = signature("redundancy", sents=SENTENCES, sim="stem-count-cosine", v=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redundancy:
    """`max_similarity` is the highest cosine of content-stem counts of any two sentences.

    `repeated_trigrams` is the share of word trigrams (lower case, inside a sentence) that stood in
    the text before. Both are in [0, 1], and None where there are no two sentences, or no trigram.
    """

    sentences: int
    max_similarity: float | None
    repeated_trigrams: float | None


def redundancy(text: str) -> Redundancy:
    r"""Return how much a text repeats itself; lines are its sentences where it has several.

    >>> redundancy("The dam broke on Monday.\nOn Monday the dam broke.")
    Redundancy(sentences=2, max_similarity=1.0, repeated_trigrams=0.1666...)
    """
    found = sentences(text)
    trigrams = [gram for sentence in found for gram in _trigrams(sentence)]
    return Redundancy(
        sentences=len(found),
        max_similarity=_max_similarity(found),
        repeated_trigrams=1 - len(set(trigrams)) / len(trigrams) if trigrams else None,
    )


def _max_similarity(found: Sequence[str]) -> float | None:
    """Return the highest `digest.text.vectors.similarity` of two sentences, None below two.

    Only sentences that share a stem are compared, through an inverted index, and the counts of each
    are made once: 500 sentences take a second, pair by pair they took six.
    """
    if len(found) < 2:
        return None
    counts = [Counter(content_stems(sentence)) for sentence in found]
    distinct = {tuple(sorted(count.items())) for count in counts if count}
    if len(distinct) < sum(map(bool, counts)):
        return 1.0
    norms = [math.hypot(*count.values()) for count in counts]
    holders: dict[str, list[tuple[int, int]]] = defaultdict(list)
    best = 0.0
    for right, count in enumerate(counts):
        dots: dict[int, int] = defaultdict(int)
        for stem, times in count.items():
            for left, before in holders[stem]:
                dots[left] += times * before
            holders[stem].append((right, times))
        for left, dot in dots.items():
            best = max(best, dot / (norms[left] * norms[right]))
    return min(1.0, round(best, 12))


def _trigrams(sentence: str) -> list[tuple[str, str, str]]:
    tokens = [word.lower() for word in words(sentence)]
    return list(zip(tokens, tokens[1:], tokens[2:], strict=False))
