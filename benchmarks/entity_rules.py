"""EntFA as clusters, and the rules that `benchmarks.entities` compares on it."""

from __future__ import annotations

import json
import lzma
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from digest.records import Label, Mention, Support
from digest.text.entities import Aliases, evidence, support
from digest.text.linking import link_entities
from digest.text.mentions import find_mentions
from digest.text.sentences import sentence_spans
from digest.text.words import STOPWORDS
from eval.metrics.anchoring import closest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    # Whether an article, by its position, supports an entity; a cluster's aliases are at hand.
    Rule = Callable[["Labelled", int, Aliases], bool]

_LABELS = {
    "PERSON": Label.PERSON,
    "ORG": Label.ORG,
    **dict.fromkeys(("GPE", "LOC", "FAC"), Label.PLACE),
    "NORP": Label.NORP,
    **dict.fromkeys(("DATE", "TIME"), Label.DATE),
    "MONEY": Label.MONEY,
    "PERCENT": Label.PERCENT,
    **dict.fromkeys(("CARDINAL", "ORDINAL", "QUANTITY"), Label.NUMBER),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Labelled:
    """A labelled entity: which row, where in its summary, its type, and whether it is wrong."""

    row: int
    mention: Mention
    kind: str
    wrong: bool


@dataclass(frozen=True, slots=True)
class Clusters:
    """For each row the positions of its articles, its own one first, and their aliases."""

    members: list[list[int]]
    aliases: list[Aliases]


class Corpus:
    """The labelled summaries and their articles."""

    def __init__(self, path: Path) -> None:
        """Read the rows."""
        with lzma.open(path, "rt", encoding="utf-8") as handle:
            rows = [json.loads(line) for line in handle]
        self.articles = [str(row["source"]) for row in rows]
        self.summaries = [str(row["prediction"]) for row in rows]
        self.entities = [
            _labelled(number, row["prediction"], entity)
            for number, row in enumerate(rows)
            for entity in row["entities"]
        ]

    def clusters(self, extra: Sequence[Sequence[int]] | None = None, *, size: int) -> Clusters:
        """Return each row's article with the most similar others, then with `extra` ones."""
        ranked = self.by_similarity()
        members = [
            [*order[:size], *(extra[row] if extra else ())] for row, order in enumerate(ranked)
        ]
        return Clusters(members, [self._aliases(ids) for ids in members])

    def by_similarity(self) -> list[list[int]]:
        """Return for each row all articles by TF-IDF cosine to its own, which comes first."""
        from sklearn.feature_extraction.text import (  # noqa: PLC0415 - 1.2 s
            TfidfVectorizer,
        )

        vectors = TfidfVectorizer(stop_words="english", sublinear_tf=True)
        matrix = vectors.fit_transform(self.articles)
        similar = (matrix @ matrix.T).toarray().tolist()
        orders = []
        for row, line in enumerate(similar):
            ranked = sorted(
                (-score, article) for article, score in enumerate(line) if article != row
            )
            orders.append([row, *(article for _, article in ranked)])
        return orders

    def _aliases(self, ids: Iterable[int]) -> Aliases:
        return Aliases(link_entities({str(j): find_mentions(self.articles[j]) for j in ids}))

    def near(self, entity: Labelled, ids: Sequence[int]) -> list[int]:
        """Return those of some articles that are closest to the entity's sentence."""
        text, start = self.summaries[entity.row], entity.mention.start
        spans = (text[s.start : s.end] for s in sentence_spans(text) if s.start <= start < s.end)
        texts = tuple(self.articles[j] for j in ids)
        found = closest(next(spans, text), entity.mention.text, texts, text=text)
        return [ids[position] for position in found]


def _labelled(row: int, text: str, entity: dict[str, Any]) -> Labelled:
    start, end = int(entity["start"]), int(entity["end"])
    label = _LABELS.get(entity["type"], Label.EVENT)
    return Labelled(
        row=row,
        mention=Mention(text=text[start:end], label=label, start=start, end=end),
        kind=str(entity["type"]),
        wrong=entity["label"] != "Non-hallucinated",
    )


def rules(corpus: Corpus) -> dict[str, Rule]:
    """Return the rules by name.

    The first is that of Nan et al. (EACL 2021): the whole, or any word of two letters or more that
    is no stop word, anywhere in the text. The third leaves out a leading article and a possessive.
    """
    lowered = [text.lower() for text in corpus.articles]

    def any_word(entity: Labelled, article: int, _: Aliases) -> bool:
        name = entity.mention.text.lower()
        words = (w for w in re.findall(r"\w+(?:[-']\w+)*", name) if len(w) > 1)
        text = lowered[article]
        return name in text or any(w in text for w in words if w not in STOPWORDS)

    def substring(entity: Labelled, article: int, _: Aliases) -> bool:
        return entity.mention.text.lower() in lowered[article]

    def boundary(entity: Labelled, article: int, _: Aliases) -> bool:
        bare = re.sub(r"^(?:the|an?)\s+|['’]s?$", "", entity.mention.text.lower())
        return re.search(rf"(?<!\w){re.escape(bare)}(?!\w)", lowered[article]) is not None

    def ours(entity: Labelled, article: int, aliases: Aliases) -> bool:
        context = corpus.summaries[entity.row]
        source = evidence(corpus.articles[article])
        return support(entity.mention, source, aliases, context=context) is not Support.NONE

    return {
        "any word (Nan et al.)": any_word,
        "case-insensitive": substring,
        "token boundary": boundary,
        "digest": ours,
    }
