"""The embedded default: choose facts, best wording, order, headline. Offline, on any laptop."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from digest.backends.fusion.choose import Candidate, choose, echoes
from digest.backends.fusion.headline import headline
from digest.backends.fusion.material import Line, material
from digest.backends.fusion.order import order
from digest.backends.fusion.wording import HouseStyle
from digest.records import Summary, SummarySentence
from digest.text.sentences import count_words
from digest.text.words import lower_case_words

if TYPE_CHECKING:
    from digest.config import FusionConfig
    from digest.records import Cluster, Facts

# Introducing names lengthens a text after it was chosen; then it is chosen again, shorter.
_ATTEMPTS = 4


@dataclass(frozen=True, slots=True)
class FusionBackend:
    """Writes from the sources' own sentences, each made to stand alone."""

    config: FusionConfig

    @property
    def name(self) -> str:
        """The name used in configurations."""
        return "fusion"

    def summarize(self, cluster: Cluster, facts: Facts, *, max_words: int) -> Summary:
        """Return the best covered summary of at most `max_words` words."""
        lines = material(cluster, facts)
        lower_case = lower_case_words(article.text for article in cluster.articles)
        style = HouseStyle(facts, lines, lower_case)
        budget = max_words
        chosen: list[Line] = []
        texts: list[str] = []
        for _ in range(_ATTEMPTS):
            chosen = self._chosen(lines, budget)
            texts = style.apply([line.text for line in chosen])
            surplus = sum(map(count_words, texts)) - max_words
            if surplus <= 0:
                break
            budget -= surplus
        else:
            texts = [line.text for line in chosen]
        lead_id = chosen[0].article.id if chosen else None
        return Summary(
            cluster_id=cluster.id,
            backend=self.name,
            headline=style.spell(headline(cluster, facts, texts, lead_id=lead_id)),
            sentences=tuple(
                SummarySentence(text=text, origin=(line.variant,))
                for text, line in zip(texts, chosen, strict=True)
            ),
        )

    def _chosen(self, lines: list[Line], budget: int) -> list[Line]:
        candidates = [
            Candidate(
                article=line.number,
                position=line.depth,
                text=line.text,
                quality=line.quality,
                support=line.support,
            )
            for line in lines
        ]
        picked = choose(candidates, max_words=budget, max_similarity=self.config.max_similarity)
        centrality = echoes(candidates)
        kept = [lines[i] for i in picked]
        return [kept[i] for i in order(kept, [centrality[i] for i in picked])]
