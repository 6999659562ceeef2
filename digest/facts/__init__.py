"""Cluster -> Facts: what the sources say, how many independent ones say it, where they disagree."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.facts.conflicts import find_conflicts
from digest.facts.context import Context
from digest.facts.group import group_facts, related_pairs
from digest.facts.measures import measures
from digest.facts.readings import readings
from digest.facts.suspects import suspects
from digest.records import Facts

if TYPE_CHECKING:
    from digest.config import FactsConfig
    from digest.records import Cluster

__all__ = ["find_facts"]


def find_facts(cluster: Cluster, config: FactsConfig) -> Facts:
    """Return the facts, entities and conflicts of one cluster.

    Every sentence of every article is in exactly one fact.
    """
    context = Context(cluster)
    found = readings(context)
    doubtful = suspects(context, found)
    trusted = [r for r in found if (r.line.article.id, r.line.index) not in doubtful]
    shown = [r for r in trusted if r.key[0] != "holder"]
    pairs = related_pairs(context.lines)
    return Facts(
        cluster_id=cluster.id,
        facts=group_facts(context, pairs, threshold=config.threshold),
        entities=context.entities,
        conflicts=find_conflicts([*shown, *measures(context, pairs)]),
        suspect=tuple(
            line.variant for line in context.current if (line.article.id, line.index) in doubtful
        ),
    )
