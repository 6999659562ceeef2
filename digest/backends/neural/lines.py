"""What is known of each source sentence before a model's input is chosen."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from digest.backends.fusion.sides import trust
from digest.backends.neural.neutral import neutralize
from digest.text.words import content_stems

if TYPE_CHECKING:
    from collections.abc import Sequence

    from digest.backends.neural.generator import Generator
    from digest.records import Task

# Below this factor of `trust` a sentence gives a value that a later or better supported one has
# replaced; rounded and partial values are above it.
_DOUBTFUL = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A sentence that may go into a model's input.

    `article` counts from 0; `text` has no control tokens; `fact` tells which lines say the same,
    `support` how many independent sources do, and `wording` is the rank of this line among them, 0
    for the best. `doubtful` gives an outdated or contradicted value, and so does `suspect`, which
    nobody repeats. A line that is not `usable` copies another, or is suspect where another is not.
    `places` are the source sentences it stands for, by their index in the cluster.
    """

    article: int
    article_id: str
    sentence: int
    text: str
    tokens: int
    fact: int
    support: int = 1
    wording: int = 0
    doubtful: bool = False
    suspect: bool = False
    usable: bool = True
    places: tuple[int, ...] = ()

    @property
    def order(self) -> tuple[int, int]:
        """Where it stands: the article and the sentence."""
        return self.article, self.sentence


def lines_of(task: Task, generator: Generator) -> list[Line]:
    """Return every sentence of a cluster, in reading order, as the model may be given it."""
    places = [
        (n, a, i) for n, a in enumerate(task.cluster.articles) for i in range(len(a.sentences))
    ]
    tokens = generator.special_tokens
    texts = [neutralize(article.sentences[i].text, tokens) for _, article, i in places]
    facts = _facts(task)
    trusted = trust(task.facts)
    suspect = {(variant.article_id, variant.sentence) for variant in task.facts.suspect}
    lines: list[Line] = []
    for place, ((number, article, i), text, length) in enumerate(
        zip(places, texts, generator.count(texts), strict=True)
    ):
        key = (article.id, i)
        fact, support = facts.get(key, (-1 - place, 1))
        factor = trusted.get(key, 1.0)
        lines.append(
            Line(
                article=number,
                article_id=article.id,
                sentence=i,
                text=text,
                tokens=length,
                fact=fact,
                support=support,
                doubtful=factor < _DOUBTFUL,
                suspect=key in suspect,
                places=(place,),
            )
        )
    return _judged(lines)


def _facts(task: Task) -> dict[tuple[str, int], tuple[int, int]]:
    """Return (number, independent sources) of the fact that each sentence is in."""
    return {
        (variant.article_id, variant.sentence): (number, fact.support)
        for number, fact in enumerate(task.facts.facts)
        for variant in fact.variants
    }


def _judged(lines: Sequence[Line]) -> list[Line]:
    """Return lines with the rank of their wordings, copies and needless suspects set apart."""
    groups: dict[int, list[Line]] = defaultdict(list)
    for line in lines:
        groups[line.fact].append(line)
    ranks: dict[tuple[int, int], int] = {}
    idle: set[tuple[int, int]] = set()
    for group in groups.values():
        ranks.update({line.order: rank for rank, line in enumerate(_best_first(group))})
        if any(not line.suspect for line in group):
            idle.update(line.order for line in group if line.suspect)
    said: set[str] = set()
    for line in lines:
        key = " ".join(line.text.split()).casefold()
        if key in said:
            idle.add(line.order)
        if line.order not in idle:
            said.add(key)
    return [
        replace(line, wording=ranks[line.order], usable=line.order not in idle) for line in lines
    ]


def _best_first(group: Sequence[Line]) -> list[Line]:
    """Return the wordings of one fact: sound ones, then those that hold most of what all say.

    A wording is worth, per content word in it, how many of the wordings have that word; shares are
    compared in tenths, so that the one nearer to its article's beginning wins a close call.
    """
    stems = {line.order: frozenset(content_stems(line.text)) for line in group}
    holders = Counter(stem for some in stems.values() for stem in some)
    total = sum(count for count in holders.values() if count > 1) or 1

    def rank(line: Line) -> tuple[bool, bool, float, int, int]:
        shared = sum(holders[stem] for stem in stems[line.order] if holders[stem] > 1)
        return line.suspect, line.doubtful, -round(shared / total, 1), line.sentence, line.article

    return sorted(group, key=rank)
