"""The search behind `choose`: options as arrays, greedy by gain per word, then exchanges."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import numpy as np

from digest.backends.fusion.options import options, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from digest.backends.fusion.candidates import Candidate, Wording

    Floats = NDArray[np.float64]
    Flags = NDArray[np.bool_]

# Two sentences tell the same where one holds this share of the other's content, or less of it and a
# figure. The larger a figure, the surer: "1,146 to 236" told twice is a repetition, "the fifteen
# sailors" of whom all the news tells is none. MultiLing R1/R2/Lsum 51.2/22.2/48.0; with the
# share of large figures from ten on 50.7/21.6/47.4; with none of these shares 51.2/23.0/48.4.
CONTAINED: Final = 0.5
SAME_FIGURE: Final = 0.4
SAME_LARGE_FIGURE: Final = 0.25
LARGE: Final = 1_000
# Told already by the chosen sentences together; MultiLing 2011 does not change down to .65.
TOLD: Final = 0.7
POOL: Final = 400  # options kept for the search, best bound per word first
MAX_EXCHANGES: Final = 40
_EPSILON: Final = 1e-9  # smaller differences are rounding


class Pool:
    """What may be chosen, as arrays, in reading order.

    `owners`, `concepts` and `quality` have an entry for each concept of each option: whose it is,
    which, and how good that option is; `worth` is the weight of each concept.
    """

    def __init__(
        self, candidates: Sequence[Candidate], *, max_words: int, max_similarity: float
    ) -> None:
        """Take the options that fit the budget, the `POOL` best of them."""
        found = printable(options(candidates), max_words)
        best = sorted(found, key=lambda o: (-o.density, o.place))[:POOL]
        self.options = sorted(best, key=lambda o: o.place)
        self.max_words = max_words
        self.words = np.array([o.words for o in self.options])
        self._index_concepts()
        self._index_stems()
        self.clashes = self._clashes(max_similarity)

    def _index_concepts(self) -> None:
        weights = dict(pair for o in self.options for pair in o.weights)
        place = {concept: number for number, concept in enumerate(sorted(weights))}
        self.worth = np.array([weights[concept] for concept in place])
        self.owners = np.array(
            [number for number, o in enumerate(self.options) for _ in o.weights], dtype=np.intp
        )
        self.concepts = np.array(
            [place[concept] for o in self.options for concept, _ in o.weights], dtype=np.intp
        )
        self.quality = np.array([o.quality for o in self.options])[self.owners]

    def _index_stems(self) -> None:
        place: dict[str, int] = {}
        for option in self.options:
            for token in option.wording.vector:
                place.setdefault(token, len(place))
        self._vectors = np.zeros((len(self.options), len(place)))
        for row, option in enumerate(self.options):
            for token, value in option.wording.vector.items():
                self._vectors[row, place[token]] = value
        self.stems = self._vectors > 0
        self.sizes = self.stems.sum(axis=1)

    def _clashes(self, max_similarity: float) -> Flags:
        """Return which options say the same: alike, one inside the other, or one figure."""
        held = self.stems.astype(np.float32)
        inside = (held @ held.T) / np.maximum(1, np.minimum.outer(self.sizes, self.sizes))
        share = np.full_like(inside, CONTAINED)
        for row, column, bar in _same_figures([o.wording for o in self.options]):
            share[row, column] = share[column, row] = bar
        candidate = np.array([o.pick.candidate for o in self.options])
        alike = (self._vectors @ self._vectors.T) >= max_similarity
        clashes: Flags = alike | (inside >= share) | np.equal.outer(candidate, candidate)
        return clashes


def _same_figures(wordings: Sequence[Wording]) -> Iterable[tuple[int, int, float]]:
    figured = [(row, wording.figures) for row, wording in enumerate(wordings) if wording.figures]
    for number, (row, figures) in enumerate(figured):
        for column, others in figured[number + 1 :]:
            if shared := figures & others:
                large = max(shared) >= LARGE
                yield row, column, SAME_LARGE_FIGURE if large else SAME_FIGURE


class Search:
    """One search: options are named by their place in the pool."""

    def __init__(self, pool: Pool) -> None:
        """Take what may be chosen."""
        self._pool = pool

    def run(self) -> list[int]:
        """Return the choice."""
        chosen = self._filled([], per_word=True)
        for _ in range(MAX_EXCHANGES):
            better = self._exchanged(chosen)
            if better is None:
                break
            chosen = self._filled(better, per_word=False)
        return self._tidied(chosen)

    def _covered(self, chosen: Iterable[int]) -> Floats:
        """Return the best quality of each concept among the chosen."""
        pool = self._pool
        covered = np.zeros(len(self._pool.worth))
        for option in chosen:
            mine = pool.owners == option
            at = pool.concepts[mine]
            covered[at] = np.maximum(covered[at], pool.quality[mine])
        return covered

    def _best_addition(self, chosen: Sequence[int], *, per_word: bool) -> tuple[float, int | None]:
        """Return the value with the best addition that fits and clashes with nothing, and it."""
        pool, covered = self._pool, self._covered(chosen)
        more = (
            np.maximum(pool.quality - covered[pool.concepts], 0) * self._pool.worth[pool.concepts]
        )
        gains = np.bincount(pool.owners, more, minlength=len(pool.options))
        barred = pool.words > pool.max_words - pool.words[list(chosen)].sum()
        barred |= pool.clashes[:, list(chosen)].any(axis=1) | self._told(chosen)
        scores = np.where(barred, 0.0, gains / pool.words if per_word else gains)
        value = float(self._pool.worth @ covered)
        best = scores.max(initial=0.0)
        if best <= _EPSILON:
            return value, None
        pick = int((scores > best - _EPSILON).argmax())
        return value + float(gains[pick]), pick

    def _told(self, chosen: Sequence[int]) -> Flags:
        """Tell of which options the chosen ones, taken together, hold nearly every word."""
        pool = self._pool
        said = (pool.stems & pool.stems[list(chosen)].any(axis=0)).sum(axis=1)
        told: Flags = (said > 0) & (said >= TOLD * pool.sizes)
        return told

    def _filled(self, chosen: list[int], *, per_word: bool) -> list[int]:
        while (pick := self._best_addition(chosen, per_word=per_word)[1]) is not None:
            chosen = [*chosen, pick]
        return chosen

    def _exchanged(self, chosen: Sequence[int]) -> list[int] | None:
        """Return the choice after the exchange that gains most, None where none does."""
        best, better = float(self._pool.worth @ self._covered(chosen)), None
        for out in sorted(chosen):
            rest = [option for option in chosen if option != out]
            value, pick = self._best_addition(rest, per_word=False)
            if pick is not None and value > best + _EPSILON:
                best, better = value, [*rest, pick]
        return better

    def _tidied(self, chosen: list[int]) -> list[int]:
        """Replace sentences that those chosen after them made superfluous."""
        for _ in range(MAX_EXCHANGES):
            spare = next((o for o in chosen if self._told([c for c in chosen if c != o])[o]), None)
            if spare is None:
                break
            chosen = self._filled([o for o in chosen if o != spare], per_word=False)
        return chosen
