r"""Our clustering beside TF-IDF with agglomerative clustering on ECB+: 982 texts, 86 events.

python -m benchmarks.clustering [--markdown]

The topics are split in two halves by parity. Each system's threshold is the one that is best on the
other half; its oracle threshold is the best on the very texts that are reported, which nobody has
in practice. On all texts a baseline gets its oracle threshold and ours that of the configuration.
"""

from __future__ import annotations

import argparse
import json
import lzma
import re
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from benchmarks.tables import ROOT, data_file, machine, table
from digest.cluster.channels import vectorize
from digest.cluster.grouping import partition
from digest.config import load_config
from eval.metrics.clustering import ClusteringScores, score_clustering

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from numpy import ndarray

    System = Callable[[Sequence["Item"]], dict[float, ClusteringScores]]

CORPUS = "dev/ecbplus.jsonl.xz"
HEADER = ("system", "half", "texts", "threshold", "P", "R", "F1", "ARI", "oracle F1", "oracle ARI")
VARIANTS: dict[str, dict[str, Any]] = {
    "TF-IDF": {},
    "TF-IDF, tuned": {
        "sublinear_tf": True,
        "stop_words": "english",
        "min_df": 2,
        "ngram_range": (1, 2),
    },
}
OUR_THRESHOLDS = tuple(round(0.02 * step, 2) for step in range(2, 16))
THRESHOLDS = tuple(round(0.5 + 0.01 * step, 2) for step in range(46))

# ECB+ is tokenised: marks stand apart, quotation marks are `` and ''.
_RULES = tuple(
    (re.compile(pattern), replacement)
    for pattern, replacement in (
        (r"\A\s*https? : / /[^\n]*\n?", ""),  # the page's address, which names the event
        (r"``|''", '"'),
        (r"(?<=\d) ([.,:]) (?=\d)", r"\1"),  # 3 . 5 million
        (r"(?<=\w) - (?=\w)", "-"),
        (r"\b([A-Z]) \. (?=[A-Z] \.)", r"\1."),  # U . S .
        (r"(?<=\.[A-Z]) \.", "."),
        (r"\b(Mr|Mrs|Ms|Dr|Jr|Sr|St|Sen|Rep|Gov|Gen|Lt|Col|Inc|Co|Corp|No) \.", r"\1."),
        (r" (?='s\b|n't\b|'re\b|'ve\b|'ll\b|'d\b|'m\b)", ""),
        (r" +(?=[.,;:!?%)])", ""),
        (r"(?<=[$£€(]) ", ""),
    )
)


@dataclass(frozen=True)
class Item:
    """A text, the event it reports, and the topic that decides its half."""

    text: str
    event: str
    topic: int


def detokenised(text: str) -> str:
    """Return a tokenised text about as it was printed.

    >>> detokenised("The U . S . paid $ 3 . 5 million , her rep 's friend said .")
    "The U.S. paid $3.5 million, her rep's friend said."
    """
    for pattern, replacement in _RULES:
        text = pattern.sub(replacement, text)
    return text.strip()


def read_items(path: Path) -> list[Item]:
    """Return the texts of the corpus, detokenised."""
    with lzma.open(path, "rt", encoding="utf-8") as handle:
        rows = [json.loads(line) for line in handle]
    return [Item(detokenised(r["text"]), str(r["event"]), int(r["topic"])) for r in rows]


def ours(items: Sequence[Item], *, threshold: float) -> ClusteringScores:
    """Cluster as the pipeline does for undated articles: in the order of their texts."""
    ordered = sorted(items, key=lambda item: item.text)
    channels = vectorize([item.text for item in ordered])
    labels = partition(channels.rows, threshold=threshold, outside=lambda _i, _j: False)
    return score_clustering([item.event for item in ordered], labels)


def sweep(items: Sequence[Item]) -> dict[float, ClusteringScores]:
    """Return our scores at each similarity threshold."""
    return {threshold: ours(items, threshold=threshold) for threshold in OUR_THRESHOLDS}


def baseline(items: Sequence[Item], variant: dict[str, Any]) -> dict[float, ClusteringScores]:
    """Return the scores of a TF-IDF variant with average linkage at each distance threshold."""
    from sklearn.cluster import AgglomerativeClustering  # noqa: PLC0415 - 1.2 s
    from sklearn.feature_extraction.text import TfidfVectorizer  # noqa: PLC0415 - as above

    rows = TfidfVectorizer(**variant).fit_transform([item.text for item in items])
    distance: ndarray = (1 - (rows @ rows.T).toarray()).clip(0, None)
    gold = [item.event for item in items]
    found: dict[float, ClusteringScores] = {}
    for threshold in THRESHOLDS:
        model = AgglomerativeClustering(
            n_clusters=None, metric="precomputed", linkage="average", distance_threshold=threshold
        )
        found[threshold] = score_clustering(gold, model.fit_predict(distance).tolist())
    return found


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true")
    options = parser.parse_args()
    items = read_items(data_file(CORPUS))
    halves = {
        "even": [item for item in items if item.topic % 2 == 0],
        "odd": [item for item in items if item.topic % 2],
    }
    shipped = load_config(ROOT / "configs" / "default.yaml").cluster.threshold
    systems: dict[str, System] = {
        name: partial(baseline, variant=variant) for name, variant in VARIANTS.items()
    }
    systems["digest"] = sweep
    rows = [row for name, swept in systems.items() for row in _rows(name, swept, halves)]
    for name in VARIANTS:
        found = systems[name](items)
        best = _best(found)
        rows.append(_row(name, "all", best, found[best], found))
    rows.append(_row("digest", "all", shipped, ours(items, threshold=shipped), None))
    print(table(HEADER, rows, markdown=options.markdown))
    print(f"\nB-cubed P, R, F1 (Bagga and Baldwin 1998) and adjusted Rand index; {machine()}")


def _rows(
    name: str,
    system: System,
    halves: dict[str, list[Item]],
) -> list[list[str]]:
    """Return a row per half, with the threshold that is best on the other half."""
    swept = {half: system(items) for half, items in halves.items()}
    return [
        _row(name, half, _best(swept[other]), swept[half][_best(swept[other])], swept[half])
        for half, other in (("even", "odd"), ("odd", "even"))
    ]


def _best(swept: dict[float, ClusteringScores]) -> float:
    """Return the threshold of the highest F1, the lowest of equals."""
    return max(sorted(swept), key=lambda threshold: swept[threshold].f1)


def _row(
    name: str,
    half: str,
    threshold: float,
    scores: ClusteringScores,
    swept: dict[float, ClusteringScores] | None,
) -> list[str]:
    values = [scores.precision, scores.recall, scores.f1, scores.ari]
    oracle = ["", ""]
    if swept is not None:
        oracle = [f"{max(s.f1 for s in swept.values()):.3f}"]
        oracle += [f"{max(s.ari for s in swept.values()):.3f}"]
    shown = [f"{value:.3f}" for value in values]
    return [name, half, str(scores.items), f"{threshold:.2f}", *shown, *oracle]


if __name__ == "__main__":
    main()
