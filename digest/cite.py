"""Summary -> Section: every sentence aligned to the source spans that support it.

Citations are derived, never asked of a backend and believed: where a backend says it took a
sentence from is not even looked at.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from digest.records import Citation, CitedSentence, Section, Support
from digest.text.alignment import Aligner, Match
from digest.text.entities import Aliases, evidence, support
from digest.text.mentions import find_mentions
from digest.text.spans import original_span
from digest.text.words import lower_case_words

if TYPE_CHECKING:
    from digest.records import Article, Cluster, Facts, Mention, Sentence, Summary

# Spans that hold less of a sentence's content than this are about something else.
_RELATED = 0.2
# A second source that holds this much of the sentence is shown as corroboration.
_CORROBORATES = 0.6
_MAX_CITATIONS = 3
_LOOKED_AT = 40


def cite(summary: Summary, cluster: Cluster, facts: Facts) -> Section:
    """Align each sentence of a summary; one that nothing supports gets no citation.

    A citation is first the best aligned source sentence, then those that hold names and numbers
    still missing, then one more from another independent source.
    """
    desk = CitationDesk(cluster, Aliases(facts.entities))
    return Section(
        id=cluster.id,
        backend=summary.backend,
        headline=summary.headline,
        sentences=tuple(
            CitedSentence(text=sentence.text, citations=desk.citations(sentence.text))
            for sentence in summary.sentences
        ),
        cluster=cluster,
        facts=facts,
    )


class CitationDesk:
    """Finds citations in one cluster."""

    def __init__(self, cluster: Cluster, aliases: Aliases) -> None:
        """Index the sentences of the cluster's articles."""
        self._places: list[tuple[Article, Sentence, int]] = [
            (article, sentence, source)
            for article, source in zip(cluster.articles, cluster.independent, strict=True)
            for sentence in article.sentences
        ]
        self._aligner = Aligner([sentence.text for _, sentence, _ in self._places])
        self._aliases = aliases
        self.lower_case = lower_case_words(article.text for article in cluster.articles)
        self.matches = lru_cache(maxsize=1_000)(self._matches)

    def _matches(self, text: str) -> list[Match]:
        found = self._aligner.matches(text, limit=_LOOKED_AT)
        return [match for match in found if match.score >= _RELATED]

    def citations(self, text: str) -> tuple[Citation, ...]:
        """Return up to three citations of a sentence, best first."""
        matches = self.matches(text)
        if not matches:
            return ()
        chosen = [self._primary(text, matches)]
        missing = self._missing(find_mentions(text, self.lower_case), chosen)
        while missing and len(chosen) < _MAX_CITATIONS:
            best = max(
                matches,
                key=lambda m: (len(missing) - len(self._missing(missing, [m])), m.score, -m.index),
            )
            left = self._missing(missing, [best])
            if len(left) == len(missing):
                break
            chosen.append(best)
            missing = left
        if len(chosen) < _MAX_CITATIONS:
            chosen += self._corroboration(text, matches, chosen)
        return tuple(self.citation(match) for match in chosen)

    def _primary(self, text: str, matches: list[Match]) -> Match:
        """Return the best match; among close ones that which supports most mentions."""
        mentions = find_mentions(text, self.lower_case)
        close = [match for match in matches if match.score >= matches[0].score - 0.1]
        return min(close, key=lambda m: (len(self._missing(mentions, [m])), -m.score, m.index))

    def _missing(self, mentions: tuple[Mention, ...], chosen: list[Match]) -> tuple[Mention, ...]:
        texts = [evidence(self._places[match.index][1].text) for match in chosen]
        return tuple(
            mention
            for mention in mentions
            if all(support(mention, text, self._aliases) is Support.NONE for text in texts)
        )

    def _corroboration(self, text: str, matches: list[Match], chosen: list[Match]) -> list[Match]:
        sources = {self._places[match.index][2] for match in chosen}
        mentions = find_mentions(text, self.lower_case)
        for match in matches:
            independent = self._places[match.index][2] not in sources
            if (
                independent
                and match.score >= _CORROBORATES
                and not self._missing(mentions, [match])
            ):
                return [match]
        return []

    def citation(self, match: Match) -> Citation:
        """Return the citation of a matched source sentence."""
        article, sentence, _ = self._places[match.index]
        return Citation(
            article_id=article.id,
            start=sentence.start,
            end=sentence.end,
            quote=sentence.text,
            original=original_span(article.pieces, sentence.start, sentence.end),
            score=round(match.score, 4),
        )
