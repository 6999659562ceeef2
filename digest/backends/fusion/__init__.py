"""The embedded default: choose facts, best wording, order, headline. Offline, on any laptop."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from digest.backends.fusion.candidates import echoes
from digest.backends.fusion.choose import choose
from digest.backends.fusion.fitting import fit
from digest.backends.fusion.headline import headline
from digest.backends.fusion.material import Line, material
from digest.backends.fusion.order import order
from digest.backends.fusion.wording import HouseStyle
from digest.records import Summary, SummarySentence
from digest.text.sentences import count_words
from digest.text.words import lower_case_words

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.backends.fusion.candidates import Wording
    from digest.config import FusionConfig
    from digest.records import Cluster, Facts

# Introducing names lengthens a text after it was chosen; then it is chosen again, shorter.
_ATTEMPTS = 4
# How much longer than its budget a text is chosen, to be shortened until it fits. Longer ones lose
# more than they gain: see docs/embedded-models.md.
_STRETCHES = (1.15, 1.1, 1.05, 1.0)


class Rewriter(Protocol):
    """What knows other ways to print sentences."""

    def shorten(self, texts: Sequence[str]) -> list[tuple[Wording, ...]]:
        """Return the shorter wordings of each sentence, in order, () where there are none."""

    def join(self, first: str, second: str) -> str | None:
        """Return two neighbours as one sentence, None where that is not sure to say the same."""

    def tighten(self, text: str) -> str:
        """Return a sentence in fewer and plainer words that say the same."""


@dataclass(frozen=True, slots=True)
class FusionBackend:
    """Writes from the sources' own sentences, each made to stand alone, whole unless rewritten."""

    config: FusionConfig
    rewriter: Rewriter | None = None

    @property
    def name(self) -> str:
        """The name used in configurations."""
        return "fusion"

    def summarize(self, cluster: Cluster, facts: Facts, *, max_words: int) -> Summary:
        """Return the best covered summary of at most `max_words` words."""
        lines = material(cluster, facts)
        lower_case = lower_case_words(article.text for article in cluster.articles)
        style = HouseStyle(facts, lines, lower_case)
        choice = _Choice(lines, self.config.max_similarity, self.rewriter)
        budget = max_words
        chosen: list[Line] = []
        texts: list[str] = []
        for _ in range(_ATTEMPTS):
            chosen = choice.within(budget)
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
        return text if self.rewriter is None else self.rewriter.tighten(text)

    def _joined(self, texts: Sequence[str], chosen: Sequence[Line]) -> Iterator[SummarySentence]:
        """Yield the sentences, neighbours joined where that is sure to say the same.

        No sentence is joined twice: three facts in one are hard to read and to check.
        """
        place = 0
        while place < len(texts):
            both = None
            if self.rewriter is not None and place + 1 < len(texts):
                both = self.rewriter.join(texts[place], texts[place + 1])
            size = 1 if both is None else 2
            yield SummarySentence(
                text=texts[place] if both is None else both,
                origin=tuple(line.variant for line in chosen[place : place + size]),
            )
            place += size


class _Choice:
    """The sentences of one cluster, of which some are chosen and shortened for a budget."""

    def __init__(
        self, lines: Sequence[Line], max_similarity: float, rewriter: Rewriter | None
    ) -> None:
        self._lines = list(lines)
        self._whole = [line.candidate for line in lines]
        self._centrality = echoes(self._whole)
        self._max_similarity = max_similarity
        self._rewriter = rewriter
        self._asked: set[int] = set()

    def within(self, max_words: int) -> list[Line]:
        """Return the chosen sentences in reading order, together within the budget."""
        for stretch in _STRETCHES if self._rewriter else (1.0,):
            picks = choose(
                self._whole,
                max_words=int(max_words * stretch),
                max_similarity=self._max_similarity,
            )
            self._ask([pick.candidate for pick in picks])
            candidates = [line.candidate for line in self._lines]
            fitted = fit(candidates, picks, max_words=max_words)
            if fitted is not None:
                break
        else:
            return []
        kept = [self._lines[pick.candidate].worded(pick.wording) for pick in fitted]
        reading = order(kept, [self._centrality[pick.candidate] for pick in fitted])
        return [kept[i] for i in reading]

    def _ask(self, chosen: Sequence[int]) -> None:
        """Add the shorter wordings of some sentences, asked for once."""
        new = [number for number in chosen if number not in self._asked]
        if self._rewriter is None or not new:
            return
        found = self._rewriter.shorten([self._lines[number].text for number in new])
        for number, wordings in zip(new, found, strict=True):
            line = self._lines[number]
            self._lines[number] = replace(line, wordings=(*line.wordings, *wordings))
        self._asked.update(new)
