"""Choose a headline among the sources' own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.backends.fusion.sides import outdated_values
from digest.text.mentions import is_headline_case
from digest.text.numbers import quantities
from digest.text.words import content_stems, lower_case_words, words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Cluster, Facts

_MAX_WORDS = 16
_SITE = re.compile(r"\s[|–—-]\s[^|–—-]{2,30}$")


def headline(cluster: Cluster, facts: Facts, sentences: Sequence[str]) -> str:
    """Return the source title that says most of what the summary says, in sentence case.

    Titles that ask, quote, run on or state an outdated figure are avoided, and later ones
    preferred; without a usable title the opening of the first sentence serves.
    """
    said = set(content_stems(" ".join(sentences[:3])))
    everything = set(content_stems(" ".join(sentences)))
    titles = [_SITE.sub("", article.title).strip() for article in cluster.articles]
    old = _outdated_numbers(facts)
    usable = [t for t in titles if _usable(t) and not old & {q.value for q in quantities(t)}]
    if not usable:
        return _opening(sentences)

    def score(title: str) -> float:
        stems = set(content_stems(title))
        return (len(stems & said) + 0.5 * len(stems & everything)) / (len(stems) + 2)

    days = sorted({(article.published or "")[:10] for article in cluster.articles})
    age = {
        title: len(days) - 1 - days.index((article.published or "")[:10])
        for title, article in zip(titles, cluster.articles, strict=True)
    }
    best = max(usable, key=lambda t: (score(t) * 0.85 ** age[t], -titles.index(t)))
    lower_case = lower_case_words(article.text for article in cluster.articles)
    return sentence_case(best, lower_case) if is_headline_case(best) else best


def _outdated_numbers(facts: Facts) -> set[float]:
    return {
        quantity.value
        for values in outdated_values(facts).values()
        for value in values
        for quantity in quantities(value.lower())
    }


def _usable(title: str) -> bool:
    return 3 <= len(title.split()) <= _MAX_WORDS and not title.endswith(("?", ":", "…", "..."))


def sentence_case(title: str, lower_case: frozenset[str]) -> str:
    """Return a title with capitals only where running text has them.

    >>> sentence_case("Leaders Meet in Paris", frozenset({"meet", "leaders"}))
    'Leaders meet in Paris'
    """
    result = title
    for index, word in enumerate(words(title)):
        plain = word.lower()
        if index and plain in lower_case and not word.isupper():
            result = re.sub(rf"(?<!\w){re.escape(word)}(?!\w)", plain, result, count=1)
    return result[:1].upper() + result[1:]


def _opening(sentences: Sequence[str]) -> str:
    if not sentences:
        return ""
    clause = re.split(r"[,;:]\s|\s(?:after|as|while|amid|because)\s", sentences[0])[0].rstrip(".")
    return " ".join(clause.split()[:_MAX_WORDS])
