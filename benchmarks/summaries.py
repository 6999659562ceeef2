"""Every backend against people: MultiLing 2011 and the NeuS validation set.

python -m benchmarks.summaries [--markdown] [--corpus multiling|neus] [--max-words N] [--events]

MultiLing 2011: 10 events of 10 Wikinews articles, 250 words, three summaries by people each. NeuS:
307 events of three outlets' headline and lead, 75 words, one neutral round-up each. Articles go
through the whole pipeline, cleaning and guard included. ROUGE is rouge-score's with NLTK's Porter,
one sentence per line on both sides, F averaged over the references, then over the events; "±" is
half the 95 % interval of R1 over resampled events. "person" scores each reference against the
others. `--events` adds R1 and R2 of each event, for comparisons of before and after.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from multiprocessing import get_context
from statistics import mean
from typing import TYPE_CHECKING

import numpy as np

from benchmarks.tables import ROOT, data_file, machine, table
from digest.config import load_config
from digest.text.sentences import count_words
from eval.corpora import read_corpus
from eval.metrics.extractiveness import extractiveness
from eval.metrics.lines import one_per_line
from eval.metrics.redundancy import redundancy
from eval.metrics.rouge import RougeScores, rouge
from eval.predict import predict
from eval.records import ArticleRow, Example

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Corpus:
    """Where the events are, and how many words a text may have."""

    path: str
    max_words: int


CORPORA = {
    "multiling": Corpus("dev/multiling2011/clusters.jsonl", 250),
    "neus": Corpus("train/neus/val.jsonl.xz", 75),
}
SYSTEMS = {
    "lead": "lead.yaml",
    "lexrank": "lexrank.yaml",
    "fusion, whole sentences": "whole-sentences.yaml",
    "fusion": "default.yaml",
}
WARM_UP = Example(
    id="warm-up",
    articles=tuple(
        ArticleRow(
            id=day,
            text=f"The harbour of Velmar opened again on {day} after a strike of nine days. "
            "Forty ships had waited outside since the walkout began, the port authority said.",
        )
        for day in ("Monday", "Tuesday")
    ),
    references=(),
)
HEADER = (
    "system",
    "R1",
    "±",
    "R2",
    "Lsum",
    "novel 3-grams %",
    "kept %",
    "max. similarity",
    "words %",
    "seconds",
)
RESAMPLES = 2_000


@dataclass(frozen=True)
class Measured:
    """One text, in percent: ROUGE F, trigrams no article has, words kept of its source sentences.

    `similarity` is in [0, 1]; `words` is the share of the budget in percent.
    """

    rouge1: float
    rouge2: float
    rouge_lsum: float
    novel: float
    kept: float
    similarity: float
    words: float


@dataclass(frozen=True)
class Rows:
    """What one system did: its line of the table, and its figures event by event."""

    line: list[str]
    measured: list[Measured]


def measure(
    text: str, references: Sequence[str], articles: Sequence[str], *, max_words: int
) -> Measured:
    """Score one text that has one sentence per line; the references are split here."""
    scores = rouge(text, [one_per_line(r) for r in references], mref="mean", stem="porter-nltk")
    return Measured(
        rouge1=_percent(scores, "rouge1"),
        rouge2=_percent(scores, "rouge2"),
        rouge_lsum=_percent(scores, "rougeLsum"),
        novel=100 * (extractiveness(text, articles).novel(3) or 0.0),
        kept=100 * kept(text, articles),
        similarity=redundancy(text).max_similarity or 0.0,
        words=100 * count_words(text) / max_words,
    )


def kept(text: str, articles: Sequence[str]) -> float:
    """Return the mean share, in [0, 1], of its source's words that a sentence of a text has.

    The source is the article sentence that shares most of its words, of equals the shortest.
    """
    sources = [one.split() for article in articles for one in one_per_line(article).splitlines()]
    shares = []
    for words in (line.split() for line in text.splitlines()):
        said = {word.lower() for word in words}
        best = max(
            sources, key=lambda source: (len(said & {w.lower() for w in source}), -len(source))
        )
        shares.append(min(1.0, len(words) / max(1, len(best))))
    return mean(shares) if shares else 1.0


def row(name: str, measured: Sequence[Measured], seconds: float | None) -> list[str]:
    """Return a line of the table: means over the texts."""
    return [
        name,
        f"{mean(m.rouge1 for m in measured):.2f}",
        f"{half_interval([m.rouge1 for m in measured]):.2f}",
        f"{mean(m.rouge2 for m in measured):.2f}",
        f"{mean(m.rouge_lsum for m in measured):.2f}",
        f"{mean(m.novel for m in measured):.1f}",
        f"{mean(m.kept for m in measured):.0f}",
        f"{mean(m.similarity for m in measured):.2f}",
        f"{mean(m.words for m in measured):.0f}",
        "" if seconds is None else f"{seconds:.1f}",
    ]


def half_interval(values: Sequence[float]) -> float:
    """Return half the width of the 95 % percentile interval of a mean, 2,000 resamples."""
    dice = np.random.default_rng(0)
    picks = dice.integers(0, len(values), size=(RESAMPLES, len(values)))
    low, high = np.percentile(np.asarray(values)[picks].mean(axis=1), [2.5, 97.5])
    return float(high - low) / 2


def system_rows(name: str, examples: Sequence[Example], max_words: int) -> Rows:
    """Run one configuration over the corpus and score it; an empty prediction scores 0.

    Called in a process of its own, so that no system finds what another one has cached.
    """
    config = load_config(ROOT / "configs" / SYSTEMS[name])
    list(predict(config, [WARM_UP]))  # the libraries are loaded before the clock runs
    began = time.perf_counter()
    written = list(predict(config, examples, max_words=max_words))
    seconds = time.perf_counter() - began
    measured = [
        measure(
            prediction.prediction,
            example.references,
            [article.text for article in example.articles],
            max_words=max_words,
        )
        for prediction, example in zip(written, examples, strict=True)
    ]
    return Rows(line=row(name, measured, seconds), measured=measured)


def person_row(examples: Sequence[Example], *, max_words: int) -> list[str]:
    """Score each reference against the others."""
    measured = [
        measure(
            one_per_line(reference),
            [other for m, other in enumerate(example.references) if m != n],
            [article.text for article in example.articles],
            max_words=max_words,
        )
        for example in examples
        for n, reference in enumerate(example.references)
    ]
    return row("person", measured, None)


def event_rows(examples: Sequence[Example], found: dict[str, Rows]) -> list[list[str]]:
    """Return R1 and R2 of each system, a line per event."""
    return [
        [
            example.id,
            *(
                f"{value:.1f}"
                for rows in found.values()
                for value in (rows.measured[n].rouge1, rows.measured[n].rouge2)
            ),
        ]
        for n, example in enumerate(examples)
    ]


def report(corpus: Corpus, *, markdown: bool, events: bool) -> None:
    """Print the table of one corpus."""
    examples = read_corpus(data_file(corpus.path))
    found: dict[str, Rows] = {}
    for name in SYSTEMS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            found[name] = process.submit(system_rows, name, examples, corpus.max_words).result()
    lines = [rows.line for rows in found.values()]
    if all(len(example.references) > 1 for example in examples):
        lines.append(person_row(examples, max_words=corpus.max_words))
    print(table(HEADER, lines, markdown=markdown))
    if events:
        header = ["event", *(f"{name} {kind}" for name in found for kind in ("R1", "R2"))]
        print("\n" + table(header, event_rows(examples, found), markdown=markdown))
    print(f"\n{corpus.path}: {len(examples)} events, {corpus.max_words} words; {machine()}\n")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--corpus", choices=sorted(CORPORA), help="both where none is named")
    parser.add_argument("--max-words", type=int, help="250 and 75 where no number is given")
    parser.add_argument("--events", action="store_true")
    options = parser.parse_args()
    for name in [options.corpus] if options.corpus else CORPORA:
        corpus = CORPORA[name]
        if options.max_words:
            corpus = replace(corpus, max_words=options.max_words)
        report(corpus, markdown=options.markdown, events=options.events)


def _percent(scores: RougeScores, kind: str) -> float:
    score = scores.score(kind)
    if score is None:
        raise SystemExit(f"a text without usable references ({scores.state})")
    return 100 * score.fmeasure


if __name__ == "__main__":
    main()
