"""What a run costs: whole processes against named peers, and clustering as collections grow.

python -m benchmarks.run_time [--markdown] [--repeats 3] [--sizes 1000,2000,4000,8000]

Seconds depend on the machine, ratios hardly: the peers run in the same minutes. A process is
`digest run` on the seed articles, start-up included; its peers are the same run with LexRank, and a
bare interpreter that imports scikit-learn and trafilatura. Clustering is timed on texts in which
about 60 % of the words are replaced, the same word always by the same one within a copy. With
DIGEST_DATA a thousand articles in 20 clusters are run, too: some minutes.
"""

from __future__ import annotations

import argparse
import os
import re
import subprocess
import sys
import tempfile
import time
import zlib
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from benchmarks.clustering import CORPUS, read_items
from benchmarks.news import write_thousand
from benchmarks.tables import ROOT, machine, table
from digest.cluster.channels import vectorize
from digest.cluster.grouping import partition
from digest.config import IngestConfig, load_config
from digest.ingest import ingest
from digest.text.words import STOPWORDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

SEEDS = ROOT / "seeds" / "articles"
NEWS = "train/news"
PROCESS_HEADER = ("process", "seconds", "peak MB", "seconds / peer", "peak / peer")
GROWTH_HEADER = ("texts", "seconds", "ms per text", "ms per text / first")
IMPORTS = "import sklearn.feature_extraction.text, sklearn.cluster, trafilatura"
# A child's peak starts from what its parent holds, so a parent of 10 MB starts and times it.
_LAUNCHER = """
import os, sys, time
quiet = [(os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0)]
began = time.perf_counter()
child = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ, file_actions=quiet)
_, status, usage = os.wait4(child, 0)
print(time.perf_counter() - began, usage.ru_maxrss, os.waitstatus_to_exitcode(status))
"""
_KILO = 1024 if sys.platform.startswith("linux") else 1  # ru_maxrss is in KB there, else in bytes


@dataclass(frozen=True)
class Cost:
    """What a process took, from its start to its end."""

    seconds: float
    megabytes: float


def cost(command: Sequence[str], *, repeats: int) -> Cost:
    """Return the median seconds and the median peak memory of a command.

    Raises:
        SystemExit: the command failed; what it said is shown.
    """
    found = [_once(command) for _ in range(repeats)]
    return Cost(
        seconds=median(one.seconds for one in found),
        megabytes=median(one.megabytes for one in found),
    )


def _once(command: Sequence[str]) -> Cost:
    launched = subprocess.run(
        [sys.executable, "-I", "-S", "-c", _LAUNCHER, *command],
        cwd=ROOT,
        capture_output=True,
        text=True,
        errors="replace",
        check=True,
    )
    seconds, peak, code = launched.stdout.split()
    if code != "0":
        sys.exit(f"{' '.join(command)} ended with {code}: {launched.stderr}")
    return Cost(seconds=float(seconds), megabytes=int(peak) * _KILO / 1e6)


def run_command(config: str, output: Path, source: Path = SEEDS) -> list[str]:
    """Return the command line of one run, on the seed articles where nothing else is given."""
    program = "from digest.cli import main; main()"
    paths = ["--config", str(ROOT / "configs" / config), "--input", str(source)]
    return [sys.executable, "-c", program, "run", *paths, "--output", str(output)]


def process_rows(*, repeats: int) -> list[list[str]]:
    """Time the run and its peers, each ratio being the run's value through the peer's."""
    with tempfile.TemporaryDirectory() as folder:
        ours = cost(run_command("default.yaml", Path(folder) / "fusion"), repeats=repeats)
        peers = {
            "digest run, LexRank": cost(
                run_command("lexrank.yaml", Path(folder) / "lexrank"), repeats=repeats
            ),
            "imports alone": cost([sys.executable, "-c", IMPORTS], repeats=repeats),
        }
    return _compared("digest run", ours, peers)


def thousand_rows(news: Path) -> list[list[str]]:
    """Time one run on a thousand articles in 20 clusters, and its peer."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "articles.jsonl"
        name = f"digest run, {write_thousand(news, source)} articles"
        fusion = run_command("default.yaml", Path(folder) / "fusion", source)
        lexrank = run_command("lexrank.yaml", Path(folder) / "lexrank", source)
        ours = cost(fusion, repeats=1)
        return _compared(name, ours, {f"{name}, LexRank": cost(lexrank, repeats=1)})


def _compared(title: str, ours: Cost, peers: Mapping[str, Cost]) -> list[list[str]]:
    rows = [[title, f"{ours.seconds:.2f}", f"{ours.megabytes:.0f}", "", ""]]
    for name, peer in peers.items():
        ratios = [ours.seconds / peer.seconds, ours.megabytes / peer.megabytes]
        values = [f"{peer.seconds:.2f}", f"{peer.megabytes:.0f}"]
        rows.append([name, *values, *(f"{ratio:.2f}" for ratio in ratios)])
    return rows


def perturbed(text: str, copy: int) -> str:
    """Return a text about something else: most content words renamed, numbers moved.

    >>> perturbed("The vote of 12 members passed.", 0)
    'The vote of 12 members passed.'
    >>> perturbed("The vote of 12 members passed.", 3)
    'The voteqd of 33 members passedqd.'
    """

    def renamed(match: re.Match[str]) -> str:
        word = match.group()
        if word.isdigit():
            return str(int(word) + 7 * copy) if len(word) < 12 else word
        plain = word.lower()
        kept = plain in STOPWORDS or len(plain) < 4
        if not copy or kept or zlib.crc32(f"{plain}{copy}".encode()) % 10 < 4:
            return word
        return f"{word}q{chr(97 + copy % 26)}{'' if copy < 26 else copy // 26}"

    return re.sub(r"[0-9]+|[^\W\d_]+", renamed, text)


def base_texts() -> tuple[str, list[str]]:
    """Return the name of a collection and its texts: ECB+, without the data the seed articles."""
    path = Path(os.environ.get("DIGEST_DATA", "")) / CORPUS
    if os.environ.get("DIGEST_DATA") and path.is_file():
        return "ECB+", [item.text for item in read_items(path)]
    return "seeds", [article.text for article in ingest([str(SEEDS)], IngestConfig()).articles]


def growth_rows(texts: Sequence[str], sizes: Sequence[int]) -> list[list[str]]:
    """Time vectors and groups of collections of several sizes."""
    threshold = load_config(ROOT / "configs" / "default.yaml").cluster.threshold
    rows: list[list[str]] = []
    first: float | None = None
    for size in sizes:
        collection = [perturbed(texts[i % len(texts)], i // len(texts)) for i in range(size)]
        began = time.perf_counter()
        channels = vectorize(collection)
        partition(channels.rows, threshold=threshold, outside=lambda _i, _j: False)
        seconds = time.perf_counter() - began
        each = 1000 * seconds / size
        first = each if first is None else first
        rows.append([str(size), f"{seconds:.1f}", f"{each:.2f}", f"{each / first:.2f}"])
    return rows


def main() -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--sizes", default="1000,2000,4000,8000")
    options = parser.parse_args()
    rows = process_rows(repeats=options.repeats)
    news = Path(os.environ.get("DIGEST_DATA", "")) / NEWS
    if os.environ.get("DIGEST_DATA") and news.is_dir():
        rows += thousand_rows(news)
    print(table(PROCESS_HEADER, rows, markdown=options.markdown))
    name, texts = base_texts()
    vectorize(texts[:50])  # load the libraries before the clock runs
    rows = growth_rows(texts, [int(size) for size in options.sizes.split(",")])
    print(f"\nclustering, texts made from {len(texts)} of {name}\n")
    print(table(GROWTH_HEADER, rows, markdown=options.markdown))
    print(f"\nmedian of {options.repeats} runs; {machine()}")


if __name__ == "__main__":
    main()
