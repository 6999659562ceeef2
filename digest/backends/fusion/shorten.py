"""Shorter wordings of source sentences: cuts that grammar, sense and the gap model let pass."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from digest.backends.embedded.pieces import word_spans
from digest.backends.fusion.cuts import cuts
from digest.backends.fusion.parsed import Cut, Parsed
from digest.backends.fusion.reprint import printed, remaining

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from digest.backends.embedded.tagger import Tagger

# Wordings are made by taking all cuts up to each of these weights (see `Cut`).
LEVELS: Final = (0.06, 0.2, 0.45)
# A cut after which the gap model misses something with this probability is not made. It expects
# sentences to go on, and finds gaps before the last mark of sound short ones (.24, .43 and .78 on
# three), hence the share below. Chosen on sentences of MultiLing read one by one: at .3 about five
# of 42 shortened ones were bad, cut by looser rules than now.
GAP: Final = 0.15
_BEFORE_STOP: Final = 0.25
_SHORTEST: Final = 6  # words; what is left of more than a clause would be no news


@dataclass(frozen=True, slots=True, kw_only=True)
class Shortened:
    """A shorter wording and its doubt: the highest probability of a gap, in [0, 1]."""

    text: str
    doubt: float


@dataclass(frozen=True, slots=True)
class _Source:
    text: str
    spans: tuple[tuple[int, int], ...]
    words: tuple[str, ...]


class Shortener:
    """Makes shorter wordings with two models: what matters, and whether words are missing."""

    def __init__(self, compress: Tagger, gaps: Tagger) -> None:
        self._compress = compress
        self._gaps = gaps

    def __call__(self, texts: Sequence[str]) -> list[tuple[Shortened, ...]]:
        """Return, for each sentence, its shorter wordings, the longest first."""
        sources = [_source(text) for text in texts]
        proposed = [cuts(parsed) if parsed.words else [] for parsed in self._parsed(sources)]
        proposed = [[c for c in found if c.weight <= LEVELS[-1]] for found in proposed]
        sound = self._sound(sources, proposed)
        variants = [
            _variants(source.words, found) for source, found in zip(sources, sound, strict=True)
        ]
        flat = [
            (source, kept)
            for source, options in zip(sources, variants, strict=True)
            for kept in options
        ]
        doubts = iter(self._doubts(flat))
        return [
            tuple(
                Shortened(text=printed(source.text, source.spans, kept), doubt=doubt)
                for kept in options
                if (doubt := max(next(doubts).values(), default=0.0)) < GAP
            )
            for source, options in zip(sources, variants, strict=True)
        ]

    def _parsed(self, sources: Sequence[_Source]) -> Iterator[Parsed]:
        labels, parts = self._compress.labels["dep"], self._compress.labels["pos"]
        scores = self._compress.scores([source.words for source in sources])
        for source, found in zip(sources, scores, strict=True):
            yield Parsed(
                words=source.words,
                keep=tuple(math.exp(value) for value in found["keep"][:, 1]),
                dep=tuple(labels[index] for index in found["dep"].argmax(-1)),
                pos=tuple(parts[index] for index in found["pos"].argmax(-1)),
            )

    def _sound(
        self, sources: Sequence[_Source], proposed: Sequence[Sequence[Cut]]
    ) -> list[list[Cut]]:
        """Return the cuts that pass the gap model, each tried alone."""
        flat = [
            (source, remaining(source.words, [cut]))
            for source, found in zip(sources, proposed, strict=True)
            for cut in found
        ]
        doubts = iter(self._doubts(flat))
        return [
            [cut for cut in found if max(next(doubts).values(), default=0.0) < GAP]
            for found in proposed
        ]

    def _doubts(self, variants: Sequence[tuple[_Source, list[int]]]) -> list[dict[int, float]]:
        """Return, for each variant, the probability that something is missing at each seam."""
        texts = []
        for source, kept in variants:
            words = [source.words[place] for place in kept]
            texts.append([words[0][:1].upper() + words[0][1:], *words[1:]] if words else words)
        found = []
        for (_, kept), scores in zip(variants, self._gaps.scores(texts), strict=True):
            gaps = scores["gap"][:, 1]
            seams = [
                at
                for at, (before, place) in enumerate(zip([-1, *kept], kept, strict=False))
                if place != before + 1
            ]
            last = len(kept) - 1
            shares = {at: _BEFORE_STOP if at == last else 1.0 for at in seams}
            found.append({at: share * math.exp(gaps[at]) for at, share in shares.items()})
        return found


def _source(text: str) -> _Source:
    spans = tuple(word_spans(text))
    return _Source(text, spans, tuple(text[start:end] for start, end in spans))


def _variants(words: Sequence[str], found: Sequence[Cut]) -> list[list[int]]:
    """Return what stays at each level, each shorter than the one before."""
    made: list[list[int]] = []
    for level in LEVELS:
        taken = [cut for cut in found if cut.weight <= level]
        kept = remaining(words, taken)
        if taken and len(kept) >= _SHORTEST and (not made or len(kept) < len(made[-1])):
            made.append(kept)
    return made
