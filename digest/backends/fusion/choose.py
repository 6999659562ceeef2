"""Choose sentences, and a wording for each, under a word budget.

The choice maximises the weight of the stemmed word pairs ("concepts") that it covers::

    value(S) = sum over concepts c of  articles(c) * max(quality(s) for s in S that hold c)

`articles(c)` counts the articles that hold c; a concept counts once, so repeating it earns nothing.
A greedy pass by gain per word is followed by best-improvement exchanges.
Concept coverage follows Gillick and Favre (2009); weighting a concept by the best sentence that
holds it, and that by depth and echo, was chosen on MultiLing 2011 (R1/R2 at 230 to 270 words: all
parts 50.6/22.7, without depth 47.3/18.9, without echo 50.2/21.7, without support 50.2/22.3, without
exchanges 50.4/22.4) and checked on 600 NeuS clusters; +-30 % on any weight moves R1 by under 0.4.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.backends.fusion.options import Option, Pick, cover, options, printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from digest.backends.fusion.candidates import Candidate, Vector

# Two sentences tell the same where one holds this share of the other's content, or less of it and a
# figure of ten or more. MultiLing R1/R2 without both 51.3/22.8, with the first 51.3/22.7, with both
# 50.8/22.1: half a point for not printing "1,146 to 236" three times.
CONTAINED = 0.5
SAME_FIGURE = 0.25
# Told already by the chosen sentences together; MultiLing 2011 does not change down to .65.
TOLD = 0.7
POOL = 400  # options kept for the search, best bound per word first
MAX_EXCHANGES = 40


def choose(
    candidates: Sequence[Candidate], *, max_words: int, max_similarity: float
) -> tuple[Pick, ...]:
    """Return the chosen sentences, by depth in their articles, then by article.

    At most `max_words` whitespace-separated words in all and one wording per sentence; no two
    chosen wordings have a cosine of content stems of `max_similarity` or more, and none is added
    whose words the others hold. Ties go to the earlier sentence, then to its earlier wording.
    """
    search = _Search(options(candidates), max_words, max_similarity)
    return tuple(o.pick for o in sorted(search.run(), key=lambda o: o.place))


def _cosine(left: Vector, right: Vector) -> float:
    return sum(value * right.get(token, 0.0) for token, value in left.items())


class _Search:
    """The pool of options with what the search asks of them."""

    def __init__(self, found: Sequence[Option], max_words: int, bar: float) -> None:
        best = sorted(printable(found, max_words), key=lambda o: (-o.density, o.place))[:POOL]
        self.pool = sorted(best, key=lambda o: o.place)
        self.max_words, self.bar = max_words, bar
        self.clashes: dict[Option, frozenset[Option]] = {}

    def clash(self, option: Option) -> frozenset[Option]:
        """Return the pool's options too similar to one, itself included."""
        if option not in self.clashes:
            self.clashes[option] = frozenset(o for o in self.pool if self.repeats(option, o))
        return self.clashes[option]

    def repeats(self, one: Option, other: Option) -> bool:
        """Tell whether two options say the same: alike, one inside the other, or one figure."""
        if one.pick.candidate == other.pick.candidate:
            return True
        left, right = one.wording.vector, other.wording.vector
        if _cosine(left, right) >= self.bar:
            return True
        shared = left.keys() & right.keys()
        inside = len(shared) / max(1, min(len(left), len(right)))
        one_figure = bool(one.wording.figures & other.wording.figures)
        return inside >= CONTAINED or (one_figure and inside >= SAME_FIGURE)

    def best_addition(
        self, chosen: Sequence[Option], *, per_word: bool
    ) -> tuple[float, Option | None]:
        """Return the value with the best addition that fits and clashes with nothing, and it."""
        covered, value = cover(chosen)
        room = self.max_words - sum(o.words for o in chosen)
        barred = frozenset[Option]().union(*(self.clash(o) for o in chosen))
        best, best_score, pick = value, 0.0, None
        for option in self.pool:
            if option.words > room or option in barred or told(option, chosen):
                continue
            gain = option.gain(covered)
            score = gain / option.words if per_word else gain
            if score > best_score + _EPSILON:
                best, best_score, pick = value + gain, score, option
        return best, pick

    def fill(self, chosen: list[Option], *, per_word: bool) -> list[Option]:
        while (pick := self.best_addition(chosen, per_word=per_word)[1]) is not None:
            chosen = [*chosen, pick]
        return chosen

    def run(self) -> list[Option]:
        chosen = self.fill([], per_word=True)
        for _ in range(MAX_EXCHANGES):
            better = self.exchanged(chosen)
            if better is None:
                break
            chosen = self.fill(better, per_word=False)
        return self.tidied(chosen)

    def exchanged(self, chosen: Sequence[Option]) -> list[Option] | None:
        """Return the choice after the exchange that gains most, None where none does."""
        best, better = cover(chosen)[1], None
        for out in sorted(chosen, key=lambda o: o.place):
            rest = [o for o in chosen if o is not out]
            value, pick = self.best_addition(rest, per_word=False)
            if pick is not None and value > best + _EPSILON:
                best, better = value, [*rest, pick]
        return better

    def tidied(self, chosen: list[Option]) -> list[Option]:
        """Replace sentences that those chosen after them made superfluous."""
        for _ in range(MAX_EXCHANGES):
            spare = next((o for o in chosen if told(o, chosen)), None)
            if spare is None:
                break
            chosen = self.fill([o for o in chosen if o is not spare], per_word=False)
        return chosen


_EPSILON = 1e-9  # smaller differences are rounding


def told(option: Option, others: Iterable[Option]) -> bool:
    """Tell whether other options, taken together, hold nearly every word of one."""
    words = option.wording.vector.keys()
    said = words & frozenset[str]().union(*(o.wording.vector for o in others if o is not option))
    return bool(said) and len(said) >= TOLD * len(words)
