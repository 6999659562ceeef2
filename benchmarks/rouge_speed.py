"""What ROUGE costs beside rouge-score: the same texts, equal values, each side in its own process.

python -m benchmarks.rouge_speed [--markdown] [--repeats 3] [--pairs 100] [--systems 10]
    [--clusters 8] [--whole 400]

ROUGE-1, -2, -L and -Lsum with NLTK's Porter, both sides given one sentence per line, so that no
sentence splitter is timed: ours runs only on texts of one line, and rouge-score would take such a
text for one sentence. Texts have 220 words: 45 % function words by a Zipf law, the others as often
as news has them, but a quarter of all from 60 words that a text and its reference have in common.

pairs: every text is new, and no word has been stemmed before. systems: ten systems on eight
clusters of three references, system by system; the same with MultiLing 2011, ten systems on ten
events, where $DIGEST_DATA has it. whole process: start-up, imports, reading JSONL, scoring,
printing means. The others are timed inside the process, after its imports, in seconds of CPU.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Final, TypedDict

from benchmarks.tables import ROOT, machine, table
from digest.text.words import STOPWORDS, common_words, document_frequency, stem
from eval.metrics.lines import one_per_line

if TYPE_CHECKING:
    from collections.abc import Sequence

MULTILING: Final = "dev/multiling2011"
HEADER: Final = ("task", "comparisons", "rouge-score s", "digest s", "times faster")
WORDS: Final = 220
# Both programs as somebody would write them; what differs is the scorer.
_PROGRAM: Final = """
import json, sys, time
{imports}
kinds = ["rouge1", "rouge2", "rougeL", "rougeLsum"]
{scorer}
with open(sys.argv[1], encoding="utf-8") as handle:
    rows = [json.loads(line) for line in handle]
began = time.process_time()
found = [score(row["prediction"], row["references"]) for row in rows]
seconds = time.process_time() - began
values = [
    [number for kind in kinds for number in (s[kind].precision, s[kind].recall, s[kind].fmeasure)]
    for s in found
]
print(json.dumps([sum(column) / len(values) for column in zip(*values)]))
if len(sys.argv) > 2:
    print(json.dumps({{"seconds": seconds, "values": values}}))
"""
PROGRAMS: Final = {
    "rouge-score": _PROGRAM.format(
        imports="from rouge_score.rouge_scorer import RougeScorer",
        scorer="scorer = RougeScorer(kinds, use_stemmer=True)\n"
        "score = lambda prediction, references: scorer.score_multi(references, prediction)",
    ),
    "digest": _PROGRAM.format(
        imports="from eval.metrics.rouge import rouge",
        scorer="def score(prediction, references):\n"
        "    found = rouge(prediction, references, stem='porter-nltk')\n"
        "    return {kind: found.score(kind) for kind in kinds}",
    ),
}


class Row(TypedDict):
    """One output and what it is compared with, one sentence per line."""

    prediction: str
    references: list[str]


@dataclass(frozen=True)
class Timed:
    """Seconds of a side, and every value it found or, of a whole process, the means."""

    seconds: float
    values: list[list[float]]


class Prose:
    """Makes news-like text of words that are there: same seed, same text."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - made-up texts, no secrets
        frequency = document_frequency()
        function_words = sorted(STOPWORDS, key=lambda word: (len(word), word))
        content_words = sorted(common_words() - STOPWORDS)
        content = [frequency.get(stem(word), 0.0005) for word in content_words]
        ranks = range(1, len(function_words) + 1)
        unit = 0.45 / 0.55 * sum(content) / sum(1 / rank for rank in ranks)
        self._words = function_words + content_words
        self._shares = list(accumulate([*(unit / rank for rank in ranks), *content]))

    def topic(self) -> list[str]:
        """Return up to 60 words of five letters and more: what texts of one event share."""
        drawn = self._dice.choices(self._words, cum_weights=self._shares, k=200)
        return list(dict.fromkeys(word for word in drawn if len(word) > 4))[:60]

    def text(self, topic: Sequence[str], words: int = WORDS) -> str:
        """Return a text of so many words in lines of 12 to 32, a sentence each."""
        drawn = self._dice.choices(self._words, cum_weights=self._shares, k=words)
        drawn = [self._dice.choice(topic) if self._dice.random() < 0.25 else w for w in drawn]
        lines = []
        while drawn:
            size = self._dice.randint(12, 32)
            lines.append(" ".join(drawn[:size]).capitalize() + ".")
            drawn = drawn[size:]
        return "\n".join(lines)


def made_pairs(count: int, *, seed: int) -> list[Row]:
    """Return pairs of texts, every one of them new."""
    prose = Prose(seed)
    topics = [prose.topic() for _ in range(count)]
    return [Row(prediction=prose.text(topic), references=[prose.text(topic)]) for topic in topics]


def made_systems(systems: int, clusters: int, *, seed: int) -> list[Row]:
    """Return the outputs of many systems on the same clusters, three references each."""
    prose = Prose(seed)
    topics = [prose.topic() for _ in range(clusters)]
    references = [[prose.text(topic) for _ in range(3)] for topic in topics]
    return [
        Row(prediction=prose.text(topic), references=known)
        for _ in range(systems)
        for topic, known in zip(topics, references, strict=True)
    ]


def multiling() -> list[Row]:
    """Return the outputs of the MultiLing participants that have several lines, [] without data."""
    folder = Path(os.environ.get("DIGEST_DATA", "")) / MULTILING
    outputs = folder / "system_outputs.jsonl"
    if not os.environ.get("DIGEST_DATA") or not outputs.is_file():
        return []
    clusters = map(json.loads, (folder / "clusters.jsonl").read_text("utf-8").splitlines())
    references = {one["id"]: [one_per_line(text) for text in one["references"]] for one in clusters}
    written = map(json.loads, outputs.read_text("utf-8").splitlines())
    split = [(one_per_line(one["prediction"]), references[one["id"]]) for one in written]
    return [Row(prediction=text, references=known) for text, known in split if "\n" in text]


def timed(side: str, path: Path, *, whole: bool) -> Timed:
    """Run one side on a file of rows.

    Raises:
        SystemExit: the process failed; what it said is shown.
    """
    arguments = [] if whole else ["values"]
    began = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAMS[side], str(path), *arguments],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.perf_counter() - began
    if done.returncode:
        sys.exit(f"{side} ended with {done.returncode}: {done.stderr}")
    means, *rest = map(json.loads, done.stdout.splitlines())
    return Timed(seconds, [means]) if whole else Timed(rest[0]["seconds"], rest[0]["values"])


def row(task: str, rows: Sequence[Row], *, whole: bool, repeats: int) -> list[str]:
    """Return a line of the table; the two sides take turns.

    Raises:
        SystemExit: a value differs in any digit.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.jsonl"
        path.write_text("".join(json.dumps(one) + "\n" for one in rows), encoding="utf-8")
        runs = [{side: timed(side, path, whole=whole) for side in PROGRAMS} for _ in range(repeats)]
    for run in runs:
        if run["digest"].values != run["rouge-score"].values:
            sys.exit(f"{task}: the values are not those of rouge-score")
    peer, ours = (median(run[side].seconds for run in runs) for side in PROGRAMS)
    count = sum(len(one["references"]) for one in rows)
    return [task, str(count), f"{peer:.2f}", f"{ours:.3f}", f"{peer / ours:.1f}"]


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=100)
    parser.add_argument("--systems", type=int, default=10)
    parser.add_argument("--clusters", type=int, default=8)
    parser.add_argument("--whole", type=int, default=400)
    options = parser.parse_args()
    tasks = [
        ("pairs", made_pairs(options.pairs, seed=1), False),
        ("systems", made_systems(options.systems, options.clusters, seed=2), False),
        ("systems, MultiLing 2011", multiling(), False),
        ("whole process", made_pairs(options.whole, seed=3), True),
    ]
    rows = [
        row(task, data, whole=whole, repeats=options.repeats) for task, data, whole in tasks if data
    ]
    print(table(HEADER, rows, markdown=options.markdown))
    print(f"\nvalues equal in every digit; median of {options.repeats} runs; {machine()}")


if __name__ == "__main__":
    main()
