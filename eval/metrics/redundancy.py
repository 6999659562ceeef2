"""How much a text repeats itself."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations

from digest.text.vectors import similarity
from digest.text.words import words
from eval.metrics.lines import SENTENCES, sentences
from eval.signature import signature

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
    pairs = combinations(found, 2)
    trigrams = [gram for sentence in found for gram in _trigrams(sentence)]
    return Redundancy(
        sentences=len(found),
        max_similarity=max((similarity(a, b) for a, b in pairs), default=None),
        repeated_trigrams=1 - len(set(trigrams)) / len(trigrams) if trigrams else None,
    )


def _trigrams(sentence: str) -> list[tuple[str, str, str]]:
    tokens = [word.lower() for word in words(sentence)]
    return list(zip(tokens, tokens[1:], tokens[2:], strict=False))
