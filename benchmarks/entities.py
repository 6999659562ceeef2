r"""Our rule for "supported" beside three others on EntFA: 460 summaries, 1,632 labelled entities.

python -m benchmarks.entities [--markdown]

An entity is flagged where a rule does not find it; it is wrong where people labelled it as
hallucinated, true in the world or not. "own" looks in the row's article alone, "all 20" in it and
the 19 others of the set most similar to it, "closest" in those of the 20 closest to the summary.
"""

from __future__ import annotations

import argparse
import random
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from benchmarks.entity_rules import Corpus, Labelled, rules
from benchmarks.tables import data_file, machine, table
from eval.metrics.anchoring import anchoring_signature

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.entity_rules import Clusters, Rule

CORPUS = "dev/faithfulness/entfa_train.jsonl.xz"
CLUSTER = 20
HEADER = ("rule", "own P", "own R", "own F1", "all 20 F1", "closest P", "closest R", "closest F1")


@dataclass(frozen=True, slots=True)
class Tally:
    """How flags and labels agree; `found` is the share of entities that are not flagged."""

    precision: float
    recall: float
    found: float

    @property
    def f1(self) -> float:
        """Return the harmonic mean, 0 where both are 0."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def flagged(corpus: Corpus, rule: Rule, clusters: Clusters, *, anchored: bool) -> list[bool]:
    """Return for each entity whether a rule finds it in no article that is looked at."""
    flags = []
    for entity in corpus.entities:
        ids, aliases = clusters.members[entity.row], clusters.aliases[entity.row]
        asked = corpus.near(entity, ids) if anchored else ids
        flags.append(not any(rule(entity, article, aliases) for article in asked))
    return flags


def tally(flags: Sequence[bool], entities: Sequence[Labelled]) -> Tally:
    """Return how flags agree with labels.

    >>> from digest.records import Label, Mention
    >>> name = Mention(text="a", label=Label.ORG, start=0, end=1)
    >>> wrong = Labelled(row=0, mention=name, kind="ORG", wrong=True)
    >>> tally([True, False], [wrong, wrong])
    Tally(precision=1.0, recall=0.5, found=0.5)
    """
    hits = sum(flag and entity.wrong for flag, entity in zip(flags, entities, strict=True))
    wrong = sum(entity.wrong for entity in entities)
    return Tally(
        precision=hits / max(1, sum(flags)),
        recall=hits / max(1, wrong),
        found=1 - sum(flags) / max(1, len(flags)),
    )


def rule_rows(corpus: Corpus, own: Clusters, near: Clusters) -> list[list[str]]:
    """Return the table of rules."""
    rows = []
    for name, rule in rules(corpus).items():
        alone = tally(flagged(corpus, rule, own, anchored=False), corpus.entities)
        union = tally(flagged(corpus, rule, near, anchored=False), corpus.entities)
        held = tally(flagged(corpus, rule, near, anchored=True), corpus.entities)
        figures = [alone.precision, alone.recall, alone.f1, union.f1]
        figures += [held.precision, held.recall, held.f1]
        rows.append([name, *(f"{figure:.3f}" for figure in figures)])
    return rows


def kind_rows(corpus: Corpus, own: Clusters) -> list[list[str]]:
    """Return how our rule does on each type of entity, in its own article."""
    flags = flagged(corpus, rules(corpus)["digest"], own, anchored=False)
    rows = []
    for kind in sorted({entity.kind for entity in corpus.entities}):
        pairs = [(f, e) for f, e in zip(flags, corpus.entities, strict=True) if e.kind == kind]
        one = tally([f for f, _ in pairs], [e for _, e in pairs])
        wrong = sum(entity.wrong for _, entity in pairs)
        figures = [f"{figure:.3f}" for figure in (one.precision, one.recall, one.f1)]
        rows.append([kind, str(len(pairs)), str(wrong), *figures])
    return rows


def drift_rows(corpus: Corpus, near: Clusters) -> list[list[str]]:
    """Return the share of entities found when 20 unrelated articles join each cluster."""
    ranked = corpus.by_similarity()
    dice = random.Random(0)  # noqa: S311 - seeded draws, no secrets
    joined = {
        "none": None,
        "least similar": [order[: -CLUSTER - 1 : -1] for order in ranked],
        "at random": [dice.sample(order[CLUSTER:], CLUSTER) for order in ranked]
        if len(ranked) >= 2 * CLUSTER
        else None,
    }
    rule, rows = rules(corpus)["digest"], []
    for name, extra in joined.items():
        clusters = corpus.clusters(extra, size=CLUSTER) if extra else near
        found = [
            tally(flagged(corpus, rule, clusters, anchored=anchored), corpus.entities).found
            for anchored in (False, True)
        ]
        rows.append([name, *(f"{100 * share:.2f}" for share in found)])
    return rows


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true")
    markdown = parser.parse_args().markdown
    corpus = Corpus(data_file(CORPUS))
    own, near = corpus.clusters(size=1), corpus.clusters(size=CLUSTER)
    kinds = ("type", "entities", "wrong", "P", "R", "F1")
    drift = ("20 articles added", "found in all %", "found in closest %")
    for header, rows in (
        (HEADER, rule_rows(corpus, own, near)),
        (kinds, kind_rows(corpus, own)),
        (drift, drift_rows(corpus, near)),
    ):
        sys.stdout.write(table(header, rows, markdown=markdown) + "\n\n")
    sys.stdout.write(f"{len(corpus.entities)} entities; {anchoring_signature()}; {machine()}\n")


if __name__ == "__main__":
    main()
