"""Choose sentences, and a wording for each, under a word budget.

The choice maximises the weight of the stemmed word pairs ("concepts") that it covers::

    value(S) = sum over concepts c of  articles(c) * max(quality(s) for s in S that hold c)

`articles(c)` counts the articles that hold c; a concept counts once, so repeating it earns nothing.
A greedy pass by gain per word is followed by best-improvement exchanges (`search.py`).
Concept coverage follows Gillick and Favre (2009); weighting a concept by the best sentence that
holds it, and that by depth and echo, was chosen on MultiLing 2011 (R1/R2 at 230 to 270 words: all
parts 50.6/22.7, without depth 47.3/18.9, without echo 50.2/21.7, without support 50.2/22.3, without
exchanges 50.4/22.4) and checked on 600 NeuS clusters; +-30 % on any weight moves R1 by under 0.4.

With articles(c)**1.5 MultiLing gains .1/.3/.3 (R1/R2/Lsum) in the mean of five budgets, and the
seeds tell a water level a day old: what the newest article alone says loses.

Choices under weights of the articles drawn by lot (Bayesian bootstrap, 16 draws), of which that one
is taken which agrees most with the others, gain nothing: means of five seeds 51.1/22.3/47.9 (Lsum)
against 51.2/22.2/48.0, on whole sentences 50.2/21.8/46.9 against 50.8/22.2/47.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.backends.fusion.search import Pool, Search

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.fusion.candidates import Candidate
    from digest.backends.fusion.options import Pick


def choose(
    candidates: Sequence[Candidate], *, max_words: int, max_similarity: float
) -> tuple[Pick, ...]:
    """Return the chosen sentences, by depth in their articles, then by article.

    At most `max_words` whitespace-separated words in all and one wording per sentence; no two
    chosen wordings have a cosine of content stems of `max_similarity` or more, and none is added
    whose words the others hold. Ties go to the earlier sentence, then to its earlier wording.
    """
    pool = Pool(candidates, max_words=max_words, max_similarity=max_similarity)
    return tuple(pool.options[place].pick for place in sorted(Search(pool).run()))
