"""Which articles of a cluster are one source: one agency, one publisher, or shared wording."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from digest.text.shingles import shingles

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.records import Article

# Reports of one event written apart share about 2 % of their 3-word shingles. A text of which a
# quarter stands word for word in another was not written independently of it.
_SHARED_WORDING = 0.25


def independent_sources(articles: Sequence[Article]) -> tuple[int, ...]:
    """Return a number per article, 0-based by first appearance; equal numbers are one source."""
    parent = list(range(len(articles)))

    def root(item: int) -> int:
        while parent[item] != item:
            item = parent[item]
        return item

    def join(left: int, right: int) -> None:
        parent[max(root(left), root(right))] = min(root(left), root(right))

    first: dict[str, int] = {}
    for number, article in enumerate(articles):
        names = {f"by {name.casefold()}" for name in (article.publisher, article.agency) if name}
        for name in sorted(names):
            join(number, first.setdefault(name, number))
    for left, right in _sharing(articles):
        join(left, right)
    order = {label: rank for rank, label in enumerate(dict.fromkeys(map(root, parent)))}
    return tuple(order[root(number)] for number in range(len(articles)))


def _sharing(articles: Sequence[Article]) -> list[tuple[int, int]]:
    """Return pairs in which a quarter of the shorter text's wording stands in the other."""
    sets = [shingles(article.text) for article in articles]
    holders: dict[int, list[int]] = {}
    for number, grams in enumerate(sets):
        for gram in grams:
            holders.setdefault(gram, []).append(number)
    shared: Counter[tuple[int, int]] = Counter()
    for numbers in holders.values():
        # A shingle in ten articles or more is a name or a set phrase.
        if 1 < len(numbers) < 10:
            shared.update((a, b) for i, b in enumerate(numbers) for a in numbers[:i])
    return sorted(
        pair
        for pair, count in shared.items()
        if count >= _SHARED_WORDING * min(len(sets[pair[0]]), len(sets[pair[1]]))
    )
