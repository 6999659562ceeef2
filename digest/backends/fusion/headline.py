"""Choose a headline among the sources' own."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.backends.fusion.sides import outdated_values
from digest.records import Support
from digest.text.clauses import opening
from digest.text.dates import date_mentions
from digest.text.entities import Aliases, evidence, support
from digest.text.mentions import find_mentions, is_headline_case, name_mentions
from digest.text.numbers import quantities
from digest.text.words import WORD, common_words, content_stems, lower_case_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Cluster, Facts

_MAX_WORDS = 16
# The title above the sentence that leads says what the lead says; others say it of another day.
_LEADS = 2.5
_DAY = 0.85
# A title that names what the summary does not would not pass the guard.
_UNSAID = 0.3
_IN_MAY = re.compile(r"\b(?:in|of|by|since|until|from) (May)\b", re.IGNORECASE)
_SITE = re.compile(r"\s[|–—-]\s[^|–—-]{2,30}$")


def headline(
    cluster: Cluster, facts: Facts, sentences: Sequence[str], *, lead_id: str | None = None
) -> str:
    """Return the source title that says most of what the summary says, in sentence case.

    Titles that ask, run on, are a whole sentence or state an outdated figure are avoided; later
    ones and that of the article the first sentence is from are preferred; without a usable title
    the opening of the first sentence serves.

    Args:
        cluster: the sources.
        facts: what they say.
        sentences: the summary, in order.
        lead_id: the article of the first sentence.
    """
    said = set(content_stems(" ".join(sentences[:3])))
    everything = set(content_stems(" ".join(sentences)))
    old = _outdated_numbers(facts)
    days = sorted({article.published[:10] for article in cluster.articles if article.published})
    texts = [article.text for article in cluster.articles]
    lower_case = lower_case_words(texts)
    names = _names(texts, lower_case)
    best, highest = "", 0.0
    for article in cluster.articles:
        title = _SITE.sub("", article.title).strip()
        if not _usable(title) or old & {q.value for q in quantities(title)}:
            continue
        if is_headline_case(title):
            title = sentence_case(title, lower_case, names)
        stems = set(content_stems(title))
        score = (len(stems & said) + 0.5 * len(stems & everything)) / (len(stems) + 2)
        if article.published:
            score *= _DAY ** (len(days) - 1 - days.index(article.published[:10]))
        score *= _LEADS if article.id == lead_id else 1.0
        score *= 1.0 if _covered(title, sentences, Aliases(facts.entities)) else _UNSAID
        if score > highest or not best:
            best, highest = title, score
    return best or (opening(sentences[0]) if sentences else "")


def _covered(title: str, sentences: Sequence[str], aliases: Aliases) -> bool:
    """Tell whether the summary supports every name and figure of a title."""
    return all(
        any(support(m, evidence(text), aliases) is not Support.NONE for text in sentences)
        for m in find_mentions(title)
    )


def _names(texts: Sequence[str], lower_case: frozenset[str]) -> frozenset[str]:
    return frozenset(m.text for text in texts for m in name_mentions(text, lower_case))


def _outdated_numbers(facts: Facts) -> set[float]:
    return {
        quantity.value
        for values in outdated_values(facts).values()
        for value in values
        for quantity in quantities(value.lower())
    }


def _usable(title: str) -> bool:
    return 3 <= len(title.split()) <= _MAX_WORDS and not title.endswith(("?", ":", "…", "."))


def sentence_case(
    title: str, lower_case: frozenset[str], names: frozenset[str] = frozenset()
) -> str:
    """Return a title with capitals only where running text has them.

    Args:
        title: a title with a capital on every longer word.
        lower_case: words that the articles write in lower case.
        names: what the articles name; a name keeps its capitals.

    >>> sentence_case("Port Oran Votes in May", frozenset({"port"}), frozenset({"Port Oran"}))
    'Port Oran votes in May'
    """
    kept: set[int] = set()
    for name in names:
        for match in re.finditer(rf"(?<!\w){re.escape(name)}(?!\w)", title):
            kept.update(range(match.start(), match.end()))
    kept.update(date.start for date in date_mentions(title))
    kept.update(match.start(1) for match in _IN_MAY.finditer(title))
    known = lower_case | common_words()

    def plain(match: re.Match[str]) -> str:
        word = match.group()
        small = word.lower()
        keep = match.start() == 0 or match.start() in kept or word.isupper() or small not in known
        return word if keep else small

    return WORD.sub(plain, title)
