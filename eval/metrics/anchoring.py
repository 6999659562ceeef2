"""Which articles of a cluster an output sentence is about: those it must be held against.

With many articles nearly every name stands somewhere, so a look-up in all of them calls nearly
everything supported. Ranking follows Robertson and Zaragoza, "The Probabilistic Relevance
Framework: BM25 and Beyond" (2009), with the rarity of a word and the usual length counted on news
at large: an article that joins a cluster then changes the score of no other one.
"""

from __future__ import annotations

import math
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from digest.text.words import content_stems, document_frequency
from eval.signature import signature

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence


# EntFA, each row's article among the 19 most similar others, F1 of unsupported entities: all
# articles .671; the closest 1, 2, 3 .844, .809, .796; of the closest 3 those within .5, .6, .8 of
# the best .828, .840, .847. On MultiLing 2011, where what people wrote is true, .973 of their
# entities stand somewhere; in the closest 3 .953, within .5, .6, .8 of the best .943, .935, .919.
CLOSEST = 3
WITHIN = 0.6
# A second use of a word adds little, in a long article less. The best single sentence instead of
# the whole article, and rarity within the cluster, ranked worse (.781 and .791 at the closest 3).
_SATURATION = 0.8
_LENGTH = 0.6
# Content stems of a news article; EntFA's sources have 186 on average.
_USUAL = 186
# The share of articles with a stem that the list of 20 in 18,601 or more does not have.
_RARE = 0.0005


@dataclass(frozen=True, slots=True, kw_only=True)
class ArticleIndex:
    """Articles prepared for ranking: stem -> (article, weight) for each that has it."""

    postings: Mapping[str, tuple[tuple[int, float], ...]]


@lru_cache(maxsize=32)
def index_articles(texts: tuple[str, ...]) -> ArticleIndex:
    """Prepare the articles of a cluster, titles included; equal clusters are prepared once."""
    counts = [Counter(content_stems(text)) for text in texts]
    postings: defaultdict[str, list[tuple[int, float]]] = defaultdict(list)
    for article, count in enumerate(counts):
        damping = _SATURATION * (1 - _LENGTH + _LENGTH * count.total() / _USUAL)
        for stem in sorted(count):
            weight = _rarity(stem) * count[stem] / (count[stem] + damping)
            postings[stem].append((article, weight))
    return ArticleIndex(postings={stem: tuple(found) for stem, found in postings.items()})


def _rarity(stem: str) -> float:
    return -math.log(document_frequency().get(stem, _RARE))


def closest(
    sentence: str,
    mention: str,
    articles: Sequence[str],
    *,
    k: int = CLOSEST,
    within: float = WITHIN,
    text: str = "",
) -> tuple[int, ...]:
    """Return the articles that an output sentence is about, the mention's own words left out.

    Args:
        sentence: the sentence of the output.
        mention: one of its mentions.
        articles: the articles of the cluster, titles included.
        k: how many articles at most, ties with the last one apart. All are returned where there
            are no more.
        within: in [0, 1], the least share of the best article's score; 0 for the k best alone.
        text: the whole output, which is ranked by where the rest of the sentence is in no article.

    Returns:
        Positions in `articles`, closest first, then in order; all of them where no article has any
        of the words.

    Raises:
        ValueError: `k` is below 1, or `within` outside [0, 1].

    >>> articles = ["Floods hit Varenda.", "Voters chose.", "Trains stop.", "Rain."]
    >>> closest("Ada Brandt saw the floods in Varenda.", "Ada Brandt", articles)
    (0,)
    """
    if k < 1:
        raise ValueError(f"k must be 1 or more, got {k}")
    if not 0 <= within <= 1:
        raise ValueError(f"within must be in [0, 1], got {within}")
    if len(articles) <= k:
        return tuple(range(len(articles)))
    index = index_articles(tuple(articles))
    own = frozenset(content_stems(mention))
    scores = _scores(sentence, own, index) or _scores(text, own, index)
    if not scores:
        return tuple(range(len(articles)))
    ranked = sorted(scores, key=lambda article: (-scores[article], article))
    bar = max(within * scores[ranked[0]], scores[ranked[:k][-1]])
    return tuple(article for article in ranked if scores[article] >= bar)


def _scores(text: str, own: frozenset[str], index: ArticleIndex) -> dict[int, float]:
    scores: defaultdict[int, float] = defaultdict(float)
    for stem in dict.fromkeys(content_stems(text)):
        if stem not in own:
            for article, weight in index.postings.get(stem, ()):
                scores[article] += weight
    return dict(scores)


def anchoring_signature(*, k: int = CLOSEST, within: float = WITHIN) -> str:
    """Return the choices that move which articles an entity is held against.

    >>> anchoring_signature()
    'anchored|k:3|within:0.6|rank:bm25-news|v:1'
    """
    return signature("anchored", k=k, within=within, rank="bm25-news", v=1)
