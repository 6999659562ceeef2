"""What the rules of this stage ask of a cluster, computed once."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, replace
from functools import cached_property

from digest.records import Article, Cluster, Entity, Label, Mention, Variant
from digest.text import lexicon
from digest.text.entities import Aliases
from digest.text.linking import link_entities
from digest.text.mentions import NAME_LABELS, find_mentions
from digest.text.names import country_code, demonym_code, fold
from digest.text.words import lower_case_words


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One sentence of an article with what it mentions."""

    article: Article
    index: int
    text: str
    mentions: tuple[Mention, ...]
    source: int
    superseded: bool

    @property
    def variant(self) -> Variant:
        """The sentence as a variant of a fact."""
        return Variant(article_id=self.article.id, sentence=self.index, text=self.text)

    def names(self, *labels: Label) -> list[Mention]:
        """Return the mentions with one of the labels, in order."""
        return [mention for mention in self.mentions if mention.label in labels]


class Context:
    """The lines, entities and affiliations of one cluster."""

    def __init__(self, cluster: Cluster) -> None:
        """Read every sentence of the cluster's articles, older revisions last."""
        self.cluster = cluster
        articles = [*cluster.articles, *cluster.superseded]
        lower_case = lower_case_words(article.text for article in articles)
        sources = dict(zip((a.id for a in cluster.articles), cluster.independent, strict=True))
        older = {article.id for article in cluster.superseded}
        self.lines: tuple[Line, ...] = tuple(
            Line(
                article=article,
                index=index,
                text=sentence.text,
                mentions=find_mentions(sentence.text, lower_case),
                source=sources.get(article.id, -1),
                superseded=article.id in older,
            )
            for article in articles
            for index, sentence in enumerate(article.sentences)
        )
        current = [line for line in self.lines if not line.superseded]
        by_article: dict[str, list[Mention]] = {}
        for line in current:
            by_article.setdefault(line.article.id, []).extend(line.mentions)
        self.entities = link_entities(by_article)
        self.aliases = Aliases(self.entities)
        self._by_spelling = {fold(s): entity for entity in self.entities for s in entity.spellings}
        self.lines = tuple(replace(line, mentions=self._relabel(line)) for line in self.lines)
        self.current = tuple(line for line in self.lines if not line.superseded)

    def _relabel(self, line: Line) -> tuple[Mention, ...]:
        """Give a bare "Rubio" the label that "Marco Rubio" has elsewhere in the cluster."""
        return tuple(
            replace(mention, label=Label.PERSON)
            if mention.label in NAME_LABELS and self._is_person(mention.text)
            else mention
            for mention in line.mentions
        )

    def _is_person(self, name: str) -> bool:
        entity = self.entity(name)
        return entity is not None and entity.label is Label.PERSON

    def entity(self, name: str) -> Entity | None:
        """Return what a name names in this cluster, None where no current article uses it."""
        return self._by_spelling.get(fold(name))

    def canonical(self, name: str) -> str:
        """Return the cluster's name for what `name` names, itself where it is unknown."""
        entity = self.entity(name)
        return entity.name if entity else name

    def country_name(self, code: str) -> str:
        """Return what the cluster calls a country, its code where nobody names it."""
        names = (entity.name for entity in self.entities if country_code(entity.name) == code)
        return next(names, code)

    @cached_property
    def affiliations(self) -> dict[str, str]:
        """Country code of each person, by canonical name: "Russia's Sergei Lavrov" -> RU.

        A person named through another one ("Trump's top diplomat Marco Rubio") takes that
        person's country.
        """
        votes: dict[str, Counter[str]] = {}
        through: list[tuple[str, str]] = []
        for line in self.current:
            for before, mention in zip(line.mentions, line.mentions[1:], strict=False):
                gap = line.text[before.end : mention.start]
                if mention.label is not Label.PERSON or not _belongs(gap):
                    continue
                code = country_code(before.text) or demonym_code(before.text)
                name = self.canonical(mention.text)
                if code:
                    votes.setdefault(name, Counter())[code] += 1
                elif gap.startswith(("'s", "’s")):
                    through.append((name, self.canonical(before.text)))
        known = {name: count.most_common(1)[0][0] for name, count in sorted(votes.items())}
        for name, owner in through:
            if owner in known:
                known.setdefault(name, known[owner])
        return known


def _belongs(gap: str) -> bool:
    """Tell whether only a title or a possessive stands between a country and a name."""
    words = gap.replace("’s", " ").replace("'s", " ").split()
    words = words[lexicon.title_at(words) :]  # "US Secretary of State Marco Rubio"
    return len(words) <= 4 and not any(mark in gap for mark in ",;:()") and not set(words) & _VERBS


_VERBS = frozenset({"and", "or", "with", "to", "in", "by", "as", "the", "on", "at", "for", "of"})
