"""The source sentences of one cluster: matched with what was written, and cited.

Citing and checking both ask the same two things: which source sentence says this, and which one
holds what is still missing. A sentence that merely has a missing name proves nothing, so the answer
must speak of the same thing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.records import Citation, Label, Support
from digest.text.alignment import Aligner, Match
from digest.text.entities import evidence, support
from digest.text.mentions import NAME_LABELS
from digest.text.spans import original_span
from digest.text.vectors import similarity
from digest.text.words import content_stems, lower_case_words

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.records import Article, Cluster, Mention, Sentence
    from digest.text.entities import Aliases, Evidence

# A source sentence vouches for a missing name when it holds this share of the other content, and
# for a missing figure, date or quotation when it says much the same: see docs/design/guard.md.
_SPEAKS_OF_IT = 0.2
_SAYS_IT = 0.45
# A sentence that opens with a pronoun or "The council" takes its name from up to so many before it.
_LOOKS_BACK = 3
_REFERS = re.compile(r"^[“\"]?(?:He|She|His|Her|It|Its|They|Their|The)\b")
_OPENING = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A source sentence: its article, its span and its source group."""

    article: Article
    sentence: Sentence
    source: int


class Sources:
    """Looks up the sentences of a cluster's articles."""

    def __init__(self, cluster: Cluster, aliases: Aliases) -> None:
        """Index every sentence of the cluster, in reading order."""
        self.places = [
            Place(article=article, sentence=sentence, source=source)
            for article, source in zip(cluster.articles, cluster.independent, strict=True)
            for sentence in article.sentences
        ]
        self.aliases = aliases
        self.lower_case = lower_case_words(article.text for article in cluster.articles)
        self._aligner = Aligner([place.sentence.text for place in self.places])
        self._index = {(p.article.id, p.sentence.start): i for i, p in enumerate(self.places)}

    def matches(self, text: str, *, limit: int) -> list[Match]:
        """Return the source sentences closest to a text, best first."""
        return self._aligner.matches(text, limit=limit)

    def citation(self, match: Match) -> Citation:
        """Return the citation of a matched source sentence."""
        place = self.places[match.index]
        article, sentence = place.article, place.sentence
        return Citation(
            article_id=article.id,
            start=sentence.start,
            end=sentence.end,
            quote=sentence.text,
            original=original_span(article.pieces, sentence.start, sentence.end),
            score=round(match.score, 4),
        )

    def index(self, citation: Citation) -> int | None:
        """Return which source sentence a citation is of, None where it is of no whole one."""
        return self._index.get((citation.article_id, citation.start))

    def missing(self, mentions: Iterable[Mention], indices: Iterable[int]) -> list[Mention]:
        """Return the mentions that none of some source sentences supports."""
        texts = [evidence(self.places[index].sentence.text) for index in indices]
        return [m for m in mentions if all(not self._holds(m, text) for text in texts)]

    def completing(
        self, text: str, missing: Sequence[Mention], cited: Sequence[int], *, most: int
    ) -> list[Match]:
        """Return source sentences that hold what the cited ones lack, the most helpful first.

        Args:
            text: the sentence to support.
            missing: its mentions that the cited sentences do not support.
            cited: source sentences that are cited already, by index.
            most: how many to return at most; they may not suffice.
        """
        scores = {m.index: m.score for m in self.matches(text, limit=len(self.places))}
        anchors = self._anchors(text, missing)
        found: list[Match] = []
        left = list(missing)
        while left and len(found) < most:
            held = {
                index: [m for m in left if self._vouches(index, m, anchors, cited)]
                for index in scores
            }
            best = max(held, key=lambda i: (len(held[i]), scores[i], -i), default=None)
            if best is None or not held[best]:
                break
            found.append(Match(index=best, score=scores[best]))
            left = [m for m in left if m not in held[best]]
        return found

    def _anchors(self, text: str, missing: Sequence[Mention]) -> dict[int, float]:
        """Return how much of a text, missing names and figures apart, each source sentence holds.

        Their own words must not count: a sentence about somebody shares that name and no more.
        """
        rest = text
        for mention in sorted(missing, key=lambda m: -m.start):
            if mention.label is not Label.QUOTE:
                rest = rest[: mention.start] + rest[mention.end :]
        return {m.index: m.score for m in self.matches(rest, limit=len(self.places))}

    def _vouches(
        self, index: int, mention: Mention, anchors: dict[int, float], cited: Sequence[int]
    ) -> bool:
        bar = _SPEAKS_OF_IT if mention.label in NAME_LABELS else _SAYS_IT
        near = anchors.get(index, 0.0) >= bar or (
            mention.label in NAME_LABELS
            and mention.start <= _OPENING
            and any(self._refers(later, index) for later in cited)
        )
        return near and self._holds(mention, evidence(self.places[index].sentence.text))

    def _refers(self, later: int, earlier: int) -> bool:
        """Tell whether one source sentence may take its opening name from an earlier one."""
        together = self.places[later].article.id == self.places[earlier].article.id
        close = together and 0 < later - earlier <= _LOOKS_BACK
        return close and _REFERS.match(self.places[later].sentence.text) is not None

    def _holds(self, mention: Mention, source: Evidence) -> bool:
        return support(mention, source, self.aliases) is not Support.NONE


def held(text: str, citations: Iterable[Citation]) -> float:
    """Return the share of a text's content stems that its citations hold, in [0, 1].

    A text without content words has nothing that could be held: 0.
    """
    wanted = set(content_stems(text))
    found = {stem for citation in citations for stem in content_stems(citation.quote)}
    return len(wanted & found) / len(wanted) if wanted else 0.0


def repeats(text: str, earlier: Iterable[str], *, at_least: float) -> bool:
    """Tell whether a sentence says again what an earlier one said: a cosine of `at_least`."""
    return any(similarity(text, other) >= at_least for other in earlier)
