"""One consistent time: a story is told as it stands on the last day, after what was announced."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from digest.records import Label
from digest.text import lexicon
from digest.text.mentions import find_mentions

if TYPE_CHECKING:
    from digest.records import Article, Cluster

_HELD = re.compile(
    r"\b(?:met|gathered|convened|agreed|concluded|failed to|were held|was held|flocked)\b"
    r"|\b(?:talks|meeting|summit)\b.{0,40}\b(?:ended|broke up|closed|over)\b"
)
_UNDER_WAY = re.compile(
    r"\bon (?:their|its|his|her) way\b|\b(?:is|are) (?:\w+ )?(?:hosting|gathering|meeting|heading|"
    r"calling|convening|preparing|coming|taking)\b|\bcalls?\b|\bgives? \w+ \w+ (?:a|the) chance\b"
)
_EARLIER_DAY = 0.97  # on MultiLing, whose stories run for years, .75 costs 3.4 points of ROUGE-1
_ANNOUNCED = 0.1
_PREVIEW = 0.35  # what a preview says of the meeting
_STALE = 0.7  # what else an article from before says


class TimeFrame:
    """What has happened already by the newest reports of a cluster."""

    def __init__(self, cluster: Cluster, lower_case: frozenset[str]) -> None:
        """Find the meetings that some lead reports as held, and the articles from before."""
        self._lower_case = lower_case
        days = {a.id: a.published[:10] for a in cluster.articles if a.published}
        ranked = sorted(set(days.values()), reverse=True)
        self._age = {name: ranked.index(day) for name, day in days.items()}
        self._held = frozenset(
            place
            for article in cluster.articles
            for sentence in article.sentences[:2]
            if _HELD.search(sentence.text) and not lexicon.FUTURE.search(sentence.text)
            for place in self._places(sentence.text)
        )
        self._previews = frozenset(
            article.id for article in cluster.articles if self._held and self._looks_ahead(article)
        )

    def fits(self, article: Article, index: int) -> float:
        """Return a factor in (0, 1]: less for older days, and for announcing what was held."""
        factor = _EARLIER_DAY ** self._age.get(article.id, 0)
        stale = article.id in self._previews
        text = article.sentences[index].text
        if not self._held or not lexicon.MEETING.search(text):
            return factor * _STALE if stale else factor
        places = self._places(text)
        before = article.sentences[index - 1].text if index else ""
        here = bool(places & self._held) or (not places and bool(self._places(before) & self._held))
        if here and (lexicon.FUTURE.search(text) or _UNDER_WAY.search(text)):
            return factor * _ANNOUNCED
        return factor * _PREVIEW if stale else factor

    def _places(self, text: str) -> frozenset[str]:
        return frozenset(
            m.text for m in find_mentions(text, self._lower_case) if m.label is Label.PLACE
        )

    def _looks_ahead(self, article: Article) -> bool:
        opening = " ".join(sentence.text for sentence in article.sentences[:2])
        ahead = lexicon.FUTURE.search(opening) or _UNDER_WAY.search(opening)
        return (
            bool(ahead) and not _HELD.search(opening) and bool(self._places(opening) & self._held)
        )
