"""Every backend against three people each on MultiLing 2011: 10 events of 10 Wikinews articles.

python -m benchmarks.summaries [--markdown] [--max-words 250]

Articles go through the whole pipeline, cleaning and guard included. ROUGE is rouge-score's with
NLTK's Porter, one sentence per line on both sides, F averaged over the references, then over the
events. "person" scores each reference against the other two.
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from statistics import mean
from typing import TYPE_CHECKING

from benchmarks.tables import ROOT, data_file, machine, table
from digest.config import load_config
from digest.text.sentences import count_words
from eval.corpora import read_corpus
from eval.metrics.lines import one_per_line
from eval.metrics.redundancy import redundancy
from eval.metrics.rouge import RougeScores, rouge
from eval.predict import predict
from eval.records import ArticleRow, Example

if TYPE_CHECKING:
    from collections.abc import Sequence

CORPUS = "dev/multiling2011/clusters.jsonl"
SYSTEMS = {"lead": "lead.yaml", "lexrank": "lexrank.yaml", "fusion": "default.yaml"}
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
HEADER = ("system", "R1", "R2", "Lsum", "max. similarity", "words %", "seconds")


@dataclass(frozen=True)
class Measured:
    """One text: ROUGE F in percent, highest sentence similarity, share of the budget used."""

    rouge1: float
    rouge2: float
    rouge_lsum: float
    similarity: float
    words: float


def measure(text: str, references: Sequence[str], *, max_words: int) -> Measured:
    """Score one text that has one sentence per line; the references are split here."""
    scores = rouge(text, [one_per_line(r) for r in references], mref="mean", stem="porter-nltk")
    return Measured(
        rouge1=_percent(scores, "rouge1"),
        rouge2=_percent(scores, "rouge2"),
        rouge_lsum=_percent(scores, "rougeLsum"),
        similarity=redundancy(text).max_similarity or 0.0,
        words=100 * count_words(text) / max_words,
    )


def row(name: str, measured: Sequence[Measured], seconds: float | None) -> list[str]:
    """Return a line of the table: means over the texts."""
    return [
        name,
        f"{mean(m.rouge1 for m in measured):.2f}",
        f"{mean(m.rouge2 for m in measured):.2f}",
        f"{mean(m.rouge_lsum for m in measured):.2f}",
        f"{mean(m.similarity for m in measured):.2f}",
        f"{mean(m.words for m in measured):.0f}",
        "" if seconds is None else f"{seconds:.1f}",
    ]


def system_row(name: str, examples: Sequence[Example], max_words: int) -> list[str]:
    """Run one configuration over the corpus and score it; an empty prediction scores 0.

    Called in a process of its own, so that no system finds what another one has cached.
    """
    config = load_config(ROOT / "configs" / SYSTEMS[name])
    list(predict(config, [WARM_UP]))  # the libraries are loaded before the clock runs
    began = time.perf_counter()
    written = list(predict(config, examples, max_words=max_words))
    seconds = time.perf_counter() - began
    measured = [
        measure(prediction.prediction, example.references, max_words=max_words)
        for prediction, example in zip(written, examples, strict=True)
    ]
    return row(name, measured, seconds)


def person_row(examples: Sequence[Example], *, max_words: int) -> list[str]:
    """Score each reference against the others."""
    measured = [
        measure(
            one_per_line(reference),
            [other for m, other in enumerate(example.references) if m != n],
            max_words=max_words,
        )
        for example in examples
        for n, reference in enumerate(example.references)
    ]
    return row("person", measured, None)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--max-words", type=int, default=250)
    options = parser.parse_args()
    examples = read_corpus(data_file(CORPUS))
    rows: list[list[str]] = []
    for name in SYSTEMS:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
            rows.append(process.submit(system_row, name, examples, options.max_words).result())
    rows.append(person_row(examples, max_words=options.max_words))
    print(table(HEADER, rows, markdown=options.markdown))
    print(f"\n{len(examples)} events, {options.max_words} words; {machine()}; one core used")


def _percent(scores: RougeScores, kind: str) -> float:
    score = scores.score(kind)
    if score is None:
        raise SystemExit(f"{CORPUS}: a text without usable references ({scores.state})")
    return 100 * score.fmeasure


if __name__ == "__main__":
    main()
