"""Summary -> Section: every sentence aligned to the source spans that support it.

Citations are derived, never asked of a backend and believed: where a backend says it took a
sentence from is not even looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.records import CitedSentence, Section
from digest.sourcing import Sources
from digest.text.entities import Aliases
from digest.text.mentions import find_mentions

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Citation, Cluster, Facts, Mention, Summary
    from digest.text.alignment import Match

# Spans that hold less of a sentence's content than this are about something else.
_RELATED = 0.2
# A second source that holds this much of the sentence is shown as corroboration.
_CORROBORATES = 0.6
# Matches within this of the best one are as good: the one that supports most names is cited.
_CLOSE = 0.1
_MAX_CITATIONS = 3
_LOOKED_AT = 40


def cite(summary: Summary, cluster: Cluster, facts: Facts) -> Section:
    """Align each sentence of a summary; one that nothing supports gets no citation.

    A citation is first the best aligned source sentence, then those that hold names and numbers
    still missing, then one more from another independent source.
    """
    sources = Sources(cluster, Aliases(facts.entities))
    return Section(
        id=cluster.id,
        backend=summary.backend,
        headline=summary.headline,
        sentences=tuple(
            CitedSentence(text=sentence.text, citations=citations(sentence.text, sources))
            for sentence in summary.sentences
        ),
        cluster=cluster,
        facts=facts,
    )


def citations(text: str, sources: Sources) -> tuple[Citation, ...]:
    """Return up to three citations of a sentence, best first."""
    matches = [m for m in sources.matches(text, limit=_LOOKED_AT) if m.score >= _RELATED]
    if not matches:
        return ()
    mentions = find_mentions(text, sources.lower_case)
    primary = _primary(text, mentions, matches, sources)
    missing = sources.missing(mentions, [primary.index])
    chosen = [
        primary,
        *sources.completing(text, missing, [primary.index], most=_MAX_CITATIONS - 1),
    ]
    if len(chosen) < _MAX_CITATIONS:
        chosen += _corroboration(mentions, matches, chosen, sources)
    return tuple(sources.citation(match) for match in chosen)


def _primary(
    text: str, mentions: Sequence[Mention], matches: list[Match], sources: Sources
) -> Match:
    """Return the best match; among close ones that which supports most mentions, or is the text."""
    close = [match for match in matches if match.score >= matches[0].score - _CLOSE]

    def rank(match: Match) -> tuple[int, bool, float, int]:
        other = sources.places[match.index].sentence.text != text
        return len(sources.missing(mentions, [match.index])), other, -match.score, match.index

    return min(close, key=rank)


def _corroboration(
    mentions: Sequence[Mention], matches: list[Match], chosen: list[Match], sources: Sources
) -> list[Match]:
    """Return at most one match, from a source not yet cited, that holds the sentence as well."""
    used = {sources.places[match.index].source for match in chosen}
    return [
        match
        for match in matches
        if match.score >= _CORROBORATES
        and sources.places[match.index].source not in used
        and not sources.missing(mentions, [match.index])
    ][:1]
