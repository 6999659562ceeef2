"""Tasks to write about, for the tests of this folder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from digest.config import FactsConfig
from digest.facts import find_facts
from digest.records import Task
from tests.digest.building import article, cluster_of

if TYPE_CHECKING:
    from digest.records import Cluster

_PLACES = (
    "Velm Torsk Lisk Marn Oster Pell Quint Rosk Sarn Tarn Ulm Vask Wend Yarn Zell Brod".split()
)
_SUBJECTS = (
    "mayor|harbour master|water board|fire brigade|teachers' union|ferry company|district court|"
    "farmers' league|hospital|tram depot"
).split("|")
_VERBS = "opened closed repaired inspected sold flooded measured painted moved insured".split()
_OBJECTS = (
    "bridge|market hall|lighthouse|grain silo|museum|swimming pool|quarry|library|orchard|cinema"
).split("|")


def fact(number: int) -> str:
    """Return a sentence of eleven words that shares little with those of other numbers."""
    place = _PLACES[number % 16]
    subject, verb = _SUBJECTS[number % 10], _VERBS[(number // 2) % 10]
    thing = _OBJECTS[(number // 3) % 10]
    return f"The {subject} of {place} {verb} the {thing} after {number + 20} long weeks."


def about(*articles: list[str], name: str = "event") -> Cluster:
    """Return a cluster of articles from sentences, each by a publisher of its own."""
    made = [
        article(
            f"a{number}",
            " ".join(texts),
            title=f"Report {number} on the flood",
            publisher=f"Paper {number}",
        )
        for number, texts in enumerate(articles)
    ]
    return cluster_of(*made, name=name)


def task_of(cluster: Cluster, *, max_words: int = 60) -> Task:
    return Task(cluster=cluster, facts=find_facts(cluster, FactsConfig()), max_words=max_words)
