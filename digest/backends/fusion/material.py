"""What the fusion backend knows of each source sentence before it chooses."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.records import Article, Cluster, ConflictKind, Facts, Label, Sentence, Variant
from digest.text import lexicon
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.quotes import balanced, quotations
from digest.text.words import content_stems, lower_case_words

if TYPE_CHECKING:
    from digest.records import Mention

_ENDS = re.compile(r"[.!?…][\"'”’)]*$")
_RELATIVE_DAY = re.compile(r"\b(?:yesterday|today|tomorrow|tonight|overnight|this morning)\b", re.I)
# Sentences that comment on the news instead of telling it: nobody misses them in a briefing.
_COMMENT = re.compile(
    r"\b(?:all eyes|remains to be seen|the world is watching|far-reaching|time will tell|"
    r"only time|crucial role|transformative|landscape|it is evident|at a crossroads|"
    r"could have (?:a )?\w+ (?:impact|implications)|navigat\w+ the|complexit\w+|underscore\w*|"
    r"highlight\w* the|as the \w+ (?:unfolds?|evolves?|continues?))\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A source sentence that may be used: where it stands, what it names, how sound it is."""

    article: Article
    number: int
    sentence: int
    text: str
    mentions: tuple[Mention, ...]
    before: str
    quality: float
    support: float

    @property
    def variant(self) -> Variant:
        """The source sentence, as the origin of what is written from it."""
        text = self.article.sentences[self.sentence].text
        return Variant(article_id=self.article.id, sentence=self.sentence, text=text)


def material(cluster: Cluster, facts: Facts) -> list[Line]:
    """Return every sentence of the cluster's articles with its quality in [0, 1]."""
    lower_case = lower_case_words(article.text for article in cluster.articles)
    barred = _barred(facts)
    held = _places_of_held_meetings(cluster, lower_case)
    freshness = _freshness(cluster)
    lines: list[Line] = []
    for number, article in enumerate(cluster.articles):
        title = set(content_stems(article.title))
        for index, sentence in enumerate(article.sentences):
            mentions = find_mentions(sentence.text, lower_case)
            quality = barred.get((article.id, index), 1.0) * _soundness(sentence, mentions)
            quality *= freshness[article.id]
            if held and _announces(sentence.text, mentions, held, article, index):
                quality *= 0.1
            covered = len(title & set(content_stems(sentence.text))) / len(title) if title else 1.0
            lines.append(
                Line(
                    article=article,
                    number=number,
                    sentence=index,
                    text=sentence.text,
                    mentions=mentions,
                    before=article.sentences[index - 1].text if index else "",
                    quality=quality,
                    support=covered,
                )
            )
    return lines


def _barred(facts: Facts) -> dict[tuple[str, int], float]:
    """Return factors for sentences that are suspect or take the losing side of a conflict."""
    factors = {(v.article_id, v.sentence): 0.0 for v in facts.suspect}
    mild = {ConflictKind.ROUNDING: 0.6, ConflictKind.SCOPE: 0.5}
    for conflict in facts.conflicts:
        for index, value in enumerate(conflict.values):
            if index == conflict.preferred:
                continue
            factor = mild.get(conflict.kind, 0.05)
            preferred = {
                (v.article_id, v.sentence) for v in conflict.values[conflict.preferred].sentences
            }
            for variant in value.sentences:
                key = (variant.article_id, variant.sentence)
                if key not in preferred:
                    factors[key] = min(factor, factors.get(key, 1.0))
    return factors


def _soundness(sentence: Sentence, mentions: tuple[Mention, ...]) -> float:
    text = sentence.text
    if not (_ENDS.search(text) and balanced(text)) or _first_person(text):
        return 0.0
    words = len(text.split())
    factor = 1.0
    if words > 60:
        factor *= 0.3
    if text.endswith("?"):
        factor *= 0.5
    if lexicon.DANGLING.match(text):
        factor *= 0.6
    elif lexicon.CONNECTIVE.match(text):
        factor *= 0.8
    if _RELATIVE_DAY.search(text):
        factor *= 0.8
    if _COMMENT.search(text):
        factor *= 0.35
    return factor * _specificity(mentions)


def _specificity(mentions: tuple[Mention, ...]) -> float:
    """Return more for a sentence that names people, bodies, places or figures, at most 1."""
    named = {
        m.text for m in mentions if m.label in NAME_LABELS - {Label.NORP} or m.text[:1].isdigit()
    }
    return min(1.0, 0.7 + 0.1 * len(named))


def _first_person(text: str) -> bool:
    """Tell whether somebody says I or we outside quotation marks."""
    outside = text
    for span in reversed(quotations(text)):
        outside = outside[: span.start] + outside[span.end :]
    return lexicon.FIRST_PERSON.search(outside) is not None


def _freshness(cluster: Cluster) -> dict[str, float]:
    """Return more for later days: a story of several days is told as it stands on the last.

    Each earlier day of reporting costs a quarter; undated articles count as of the last day.
    """
    days = {a.id: a.published[:10] for a in cluster.articles if a.published}
    ranked = sorted(set(days.values()), reverse=True)
    return {
        a.id: 0.75 ** ranked.index(days[a.id]) if a.id in days else 1.0 for a in cluster.articles
    }


_HELD = re.compile(r"\b(?:met|gathered|convened|were held|was held|hosted|flocked)\b")


def _places_of_held_meetings(cluster: Cluster, lower_case: frozenset[str]) -> frozenset[str]:
    """Return the places where the lead of some article has a meeting that is already over."""
    places: set[str] = set()
    for article in cluster.articles:
        for sentence in article.sentences[:2]:
            if _HELD.search(sentence.text) and not lexicon.FUTURE.search(sentence.text):
                found = find_mentions(sentence.text, lower_case)
                places.update(m.text for m in found if m.label is Label.PLACE)
    return frozenset(places)


def _announces(
    text: str,
    mentions: tuple[Mention, ...],
    held: frozenset[str],
    article: Article,
    index: int,
) -> bool:
    """Tell whether a sentence still announces a meeting that others report as held."""
    if not (lexicon.FUTURE.search(text) and lexicon.MEETING.search(text)):
        return False
    places = {m.text for m in mentions if m.label is Label.PLACE}
    earlier = article.sentences[index - 1].text if index else ""
    return bool(places & held) or (not places and any(place in earlier for place in held))
