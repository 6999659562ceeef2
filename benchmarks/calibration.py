"""Do the tests of `digest eval compare` keep their promises? Simulated on real scores of SummEval.

python -m benchmarks.calibration [--markdown] [--simulations 400]

16 systems' outputs for 100 articles are scored with ROUGE-2 F and ROUGE-Lsum F. A null is made of
real scores: clusters are drawn anew, and in each the systems' scores are dealt out at random, so
that no system is better than another and every skew, tie and dependence stays. Two systems are
dealt for the rate per test, eight for the rate per family. An effect is planted by adding the MDE80
that the comparison states to every score of one of two dealt systems. Coverage is that of the
interval of the mean difference of two real systems, whose truth is that of all 100 clusters.
sacreBLEU's paired bootstrap stands beside the sign flips: there the resampled absolute differences,
less their mean, are counted where they exceed the observed one (sacrebleu.significance, 2.5).
"""

from __future__ import annotations

import argparse
import json
import lzma
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
from scipy.stats import wilcoxon

from benchmarks.tables import data_file, machine, table
from eval.comparing.paired import flip_p_values, holm, paired
from eval.intervals import Resampling
from eval.metrics.rouge import rouge

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from eval.weighted import Floats

OUTPUTS = "dev/summeval_outputs.jsonl.xz"
SOURCES = "dev/summeval_sources.jsonl.xz"
KINDS = ("rouge2", "rougeLsum")
ALPHA = 0.05
FLIPS = 999
FAMILY = 8


def read_scores(kinds: Sequence[str]) -> dict[str, Floats]:
    """Return F of each kind, shape (clusters, systems)."""
    with lzma.open(data_file(SOURCES), "rt", encoding="utf-8") as handle:
        references = {row["id"]: row["references"] for row in map(json.loads, handle)}
    with lzma.open(data_file(OUTPUTS), "rt", encoding="utf-8") as handle:
        rows = list(map(json.loads, handle))
    ids, systems = (sorted({row[key] for row in rows}) for key in ("id", "system"))
    found = {kind: np.zeros((len(ids), len(systems))) for kind in kinds}
    for row in rows:
        scores = rouge(row["prediction"], references[row["id"]])
        for kind in kinds:
            score = scores.score(kind)
            place = ids.index(row["id"]), systems.index(row["system"])
            found[kind][place] = score.fmeasure if score else 0.0
    return found


def deal(scores: Floats, systems: int, rng: np.random.Generator) -> Floats:
    """Return a null: clusters drawn anew, each cluster's scores dealt at random to some systems."""
    clusters = len(scores)
    drawn = scores[rng.integers(0, clusters, clusters)]
    order = rng.permuted(np.tile(np.arange(drawn.shape[1]), (clusters, 1)), axis=1)[:, :systems]
    return np.take_along_axis(drawn, order, axis=1)


def sign_flip(differences: Floats, seed: int) -> float:
    """Return the p value that `compare` gives one metric."""
    found = flip_p_values(differences[:, None], flips=FLIPS, seed=seed)[0]
    return 1.0 if found is None else found


def sacrebleu(differences: Floats, seed: int) -> float:
    """Return the p value of sacreBLEU's paired bootstrap, with the centring it has."""
    rng = np.random.default_rng(seed)
    n = len(differences)
    resampled = abs(differences[rng.integers(0, n, (FLIPS + 1, n))].mean(axis=1))
    exceeding = resampled - resampled.mean() > abs(differences.mean())
    return float((exceeding.sum() + 1) / (len(resampled) + 1))


def signed_ranks(differences: Floats, seed: int) -> float:  # noqa: ARG001 - one shape for all tests
    """Return the p value of Wilcoxon's test."""
    return float(wilcoxon(differences).pvalue) if differences.any() else 1.0


TESTS: dict[str, Callable[[Floats, int], float]] = {
    "sign flips (ours)": sign_flip,
    "sacreBLEU's paired bootstrap": sacrebleu,
    "Wilcoxon": signed_ranks,
}


def rates(scores: Floats, simulations: int) -> dict[str, tuple[float, float]]:
    """Return the percentages of false alarms and of planted effects found, by test."""
    alarms = dict.fromkeys(TESTS, 0)
    found = dict.fromkeys(TESTS, 0)
    for number in range(simulations):
        dealt = deal(scores, 2, np.random.default_rng(number))
        differences = dealt[:, 1] - dealt[:, 0]
        mde = paired(differences[:, None], Resampling(resamples=0))[0].mde80 or 0.0
        for name, test in TESTS.items():
            alarms[name] += test(differences, number) <= ALPHA
            found[name] += test(differences + mde, number) <= ALPHA
    return {n: (100 * alarms[n] / simulations, 100 * found[n] / simulations) for n in TESTS}


def family_rates(scores: Floats, simulations: int) -> dict[str, tuple[float, float]]:
    """Return in what percentage of nulls of eight systems anything was called different.

    By family: uncorrected, and with Holm's correction.
    """
    pairs = list(combinations(range(FAMILY), 2))
    families = {
        f"{FAMILY - 1} against a baseline": [n for n, (a, _) in enumerate(pairs) if a == 0],
        f"{len(pairs)} pairs": list(range(len(pairs))),
    }
    alarms = {name: [0, 0] for name in families}
    for number in range(simulations):
        dealt = deal(scores, FAMILY, np.random.default_rng(number))
        differences = np.stack([dealt[:, b] - dealt[:, a] for a, b in pairs], axis=1)
        p_values = flip_p_values(differences, flips=2 * FLIPS + 1, seed=number)
        for name, members in families.items():
            some = [p_values[n] for n in members]
            for place, judged in enumerate((some, holm(some))):
                alarms[name][place] += min(p for p in judged if p is not None) <= ALPHA
    return {n: (100 * a / simulations, 100 * b / simulations) for n, (a, b) in alarms.items()}


def coverage(scores: Floats, simulations: int) -> float:
    """Return in what percentage the interval of two real systems' difference holds the truth."""
    held = 0
    for number in range(simulations):
        rng = np.random.default_rng(number)
        a, b = rng.choice(scores.shape[1], 2, replace=False)
        whole = scores[:, b] - scores[:, a]
        some = whole[rng.integers(0, len(whole), len(whole))]
        interval = paired(some[:, None], Resampling(resamples=FLIPS + 1, seed=number))[0].interval
        if interval is not None and interval.low is not None and interval.high is not None:
            held += interval.low <= whole.mean() <= interval.high
    return 100 * held / simulations


def lines(found: dict[str, tuple[float, float]]) -> list[list[str]]:
    """Return percentages as rows of a table."""
    return [[name, *(f"{value:.1f}" for value in values)] for name, values in found.items()]


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--simulations", type=int, default=400)
    parser.add_argument("--kind", choices=KINDS, action="append", help="instead of both")
    options = parser.parse_args()
    n = options.simulations
    for kind, scores in read_scores(options.kind or KINDS).items():
        header = (f"{kind} F", "false alarms %", "MDE80 found %")
        print(table(header, lines(rates(scores, n)), markdown=options.markdown), "\n", flush=True)
        header = (f"{kind} F, {FAMILY} systems", "uncorrected %", "Holm %")
        print(
            table(header, lines(family_rates(scores, n)), markdown=options.markdown),
            "\n",
            flush=True,
        )
        print(f"BCa 95 % interval holds the truth: {coverage(scores, n):.1f} %\n")
    print(f"{n} simulations, 100 clusters, at {ALPHA}; {machine()}")


if __name__ == "__main__":
    main()
