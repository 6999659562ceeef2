"""The source sentences of one section, for looking up support."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from digest.records import Citation
from digest.text.alignment import Aligner
from digest.text.spans import original_span
from digest.text.words import content_stems, lower_case_words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Cluster

_ANCHORS = 12


class SourceDesk:
    """Looks up the sentences of a cluster's articles."""

    def __init__(self, cluster: Cluster) -> None:
        """Index every sentence of the cluster."""
        self._places = [(a, sentence) for a in cluster.articles for sentence in a.sentences]
        self._aligner = Aligner([sentence.text for _, sentence in self._places])
        self.lower_case = lower_case_words(article.text for article in cluster.articles)

    def related(self, text: str) -> list[Citation]:
        """Return the source sentences closest to a text: support is anchored in these alone."""
        return [
            Citation(
                article_id=article.id,
                start=sentence.start,
                end=sentence.end,
                quote=sentence.text,
                original=original_span(article.pieces, sentence.start, sentence.end),
                score=round(match.score, 4),
            )
            for match in self._aligner.matches(text, limit=_ANCHORS)
            for article, sentence in [self._places[match.index]]
        ]

    def held(self, text: str, citations: Sequence[Citation]) -> float:
        """Return the share of a text's content stems that its citations hold, in [0, 1]."""
        wanted = set(content_stems(text))
        held = {stem for citation in citations for stem in content_stems(citation.quote)}
        return len(wanted & held) / len(wanted) if wanted else math.nan
