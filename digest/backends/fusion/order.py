"""Put chosen sentences in an order in which they read as one text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.text.vectors import similarity

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.fusion.material import Line

# How much likeness to the sentence before is worth in depth: 1 would let a closing paragraph
# follow the lead because it shares two words with it.
_COHESION = 0.6


def order(lines: Sequence[Line], centrality: Sequence[float]) -> list[int]:
    """Return the reading order of lines, as indices.

    The most central opening sentence leads. After it comes, each time, the sentence that stands
    earliest in its article and is most like the one before; neighbours in an article stay together.
    Sentences far from what the others speak of, side events, close the text.

    Args:
        lines: the chosen sentences.
        centrality: likeness of each to the whole cluster, in [0, 1].
    """
    if not lines:
        return []
    left = list(range(len(lines)))
    first = max(left, key=lambda i: (centrality[i] / (1 + lines[i].sentence), -lines[i].number, -i))
    ordered = [first]
    left.remove(first)
    while left:
        previous = ordered[-1]
        following = min(left, key=lambda i: (_distance(lines, centrality, previous, i), i))
        ordered.append(following)
        left.remove(following)
    return ordered


def _distance(lines: Sequence[Line], centrality: Sequence[float], previous: int, i: int) -> float:
    """Return how badly line i would follow the previous one."""
    here, before = lines[i], lines[previous]
    depth = here.sentence / max(1, len(here.article.sentences))
    aside = 1.0 - centrality[i]
    same_article = here.article.id == before.article.id
    if same_article and here.sentence == before.sentence + 1:
        return -1.0
    turned_back = 0.3 if same_article and here.sentence < before.sentence else 0.0
    return depth + aside + turned_back - _COHESION * similarity(before.text, here.text)
