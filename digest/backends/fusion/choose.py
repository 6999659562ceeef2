"""Choose sentences, and a wording for each, under a word budget.

The choice maximises the weight of the stemmed word pairs ("concepts") that it covers::

    value(S) = sum over concepts c of  articles(c) * max(quality(s) for s in S that hold c)

`articles(c)` counts the articles that hold c; a concept counts once, so repeating it earns nothing.
A greedy pass by gain per word is followed by best-improvement exchanges (`search.py`).
Concept coverage follows Gillick and Favre (2009); weighting a concept by the best sentence that
holds it, and that by depth and echo, was chosen on MultiLing 2011 (R1/R2 at 230 to 270 words: all
parts 50.6/22.7, without depth 47.3/18.9, without echo 50.2/21.7, without support 50.2/22.3, without
exchanges 50.4/22.4) and checked on 600 NeuS clusters; +-30 % on any weight moves R1 by under 0.4.

Which of several near equals wins hangs on chance: on which articles there happen to be. So, of
several choices that count the articles differently (Bayesian bootstrap, Rubin 1981), that one is
taken which agrees most with the others, as in minimum Bayes risk decoding (Kumar and Byrne 2004).
MultiLing R1/R2/Lsum: one draw 51.2/22.2/48.0, 16 draws 51.7/23.2/48.6; with two other seeds of the
dice 51.3/22.6/48.1 and 51.4/22.6/48.2, so that about half of the gain is luck.
"""

from __future__ import annotations

import random
from statistics import mean
from typing import TYPE_CHECKING, Final

from digest.backends.fusion.search import Pool, Search, agreement

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.fusion.candidates import Candidate
    from digest.backends.fusion.options import Pick

DRAWS: Final = 16
# Fewer sources are too few to draw from: a draw of three is one of them, more often than not.
MIN_SOURCES: Final = 5


def choose(
    candidates: Sequence[Candidate], *, max_words: int, max_similarity: float
) -> tuple[Pick, ...]:
    """Return the chosen sentences, by depth in their articles, then by article.

    At most `max_words` whitespace-separated words in all and one wording per sentence; no two
    chosen wordings have a cosine of content stems of `max_similarity` or more, and none is added
    whose words the others hold. Ties go to the earlier sentence, then to its earlier wording.
    """
    pool = Pool(candidates, max_words=max_words, max_similarity=max_similarity)
    if not pool.options:
        return ()
    choices = [Search(pool, weights).run() for weights in _draws(len(pool.articles))]
    texts = [[pool.options[place] for place in chosen] for chosen in choices]
    best = max(range(len(texts)), key=lambda i: (mean(agreement(texts[i], t) for t in texts), -i))
    return tuple(pool.options[place].pick for place in sorted(choices[best]))


def _draws(articles: int) -> list[list[float]]:
    """Return how much each article counts: once in the first draw, by lot in the others."""
    dice = random.Random(0)  # noqa: S311 - the same draws every time, no secret
    draws = DRAWS if articles >= MIN_SOURCES else 1
    return [
        [1.0] * articles,
        *([dice.expovariate(1.0) for _ in range(articles)] for _ in range(draws - 1)),
    ]
