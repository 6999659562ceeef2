"""The embedded default: choose facts, best wording, order, headline. Offline, on any laptop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from digest.backends.fusion.candidates import echoes
from digest.backends.fusion.choose import choose, shortlist
from digest.backends.fusion.headline import headline
from digest.backends.fusion.material import Line, material
from digest.backends.fusion.order import order
from digest.backends.fusion.wording import HouseStyle
from digest.records import Summary, SummarySentence
from digest.text.sentences import count_words
from digest.text.words import lower_case_words

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from digest.backends.fusion.candidates import Wording
    from digest.config import FusionConfig
    from digest.records import Cluster, Facts

# Introducing names lengthens a text after it was chosen; then it is chosen again, shorter.
_ATTEMPTS = 4


class Shortener(Protocol):
    """What knows other ways to print a sentence."""

    def __call__(self, lines: Sequence[Line]) -> Sequence[tuple[Wording, ...]]:
        """Return the shorter wordings of each line, in order, () for a line without any.

        Asked once per cluster, for the few dozen lines that a choice may come to need.
        """


@dataclass(frozen=True, slots=True)
class FusionBackend:
    """Writes from the sources' own sentences, each made to stand alone, whole unless shortened."""

    config: FusionConfig
    shorten: Shortener | None = None
    join: Callable[[str, str], str | None] | None = None
    tighten: Callable[[str], str] | None = None

    @property
    def name(self) -> str:
        """The name used in configurations."""
        return "fusion"

    def summarize(self, cluster: Cluster, facts: Facts, *, max_words: int) -> Summary:
        """Return the best covered summary of at most `max_words` words."""
        lines = self._shortened(material(cluster, facts))
        lower_case = lower_case_words(article.text for article in cluster.articles)
        style = HouseStyle(facts, lines, lower_case)
        budget = max_words
        chosen: list[Line] = []
        texts: list[str] = []
        for _ in range(_ATTEMPTS):
            chosen = self._chosen(lines, budget)
            texts = style.apply([self._tightened(line.text) for line in chosen])
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
            sentences=tuple(self._joined(texts, chosen)),
        )

    def _tightened(self, text: str) -> str:
        return text if self.tighten is None else self.tighten(text)

    def _joined(self, texts: Sequence[str], chosen: Sequence[Line]) -> Iterator[SummarySentence]:
        """Yield the sentences, neighbours joined where that is sure to say the same.

        No sentence is joined twice: three facts in one are hard to read and to check.
        """
        place = 0
        while place < len(texts):
            both = None
            if self.join is not None and place + 1 < len(texts):
                both = self.join(texts[place], texts[place + 1])
            size = 1 if both is None else 2
            yield SummarySentence(
                text=texts[place] if both is None else both,
                origin=tuple(line.variant for line in chosen[place : place + size]),
            )
            place += size

    def _shortened(self, lines: list[Line]) -> list[Line]:
        """Return the lines, those that may be chosen with every wording there is."""
        if self.shorten is None:
            return lines
        listed = shortlist([line.candidate for line in lines])
        found = self.shorten([lines[i] for i in listed])
        shorter = dict(zip(listed, found, strict=True))
        return [
            replace(line, wordings=(*line.wordings, *shorter.get(i, ())))
            for i, line in enumerate(lines)
        ]

    def _chosen(self, lines: list[Line], budget: int) -> list[Line]:
        candidates = [line.candidate for line in lines]
        picks = choose(candidates, max_words=budget, max_similarity=self.config.max_similarity)
        centrality = echoes(candidates)
        kept = [lines[pick.candidate].worded(pick.wording) for pick in picks]
        return [kept[i] for i in order(kept, [centrality[pick.candidate] for pick in picks])]
