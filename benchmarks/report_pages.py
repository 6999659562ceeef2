"""How long the pages of a report take to open: a large comparison, in Chromium, from disk.

python -m benchmarks.report_pages [--markdown] [--clusters 500] [--systems 6] [--repeats 7]

Clusters made of the seed articles, with outputs of random sentences, are scored for
real and repeated under other ids until there are enough. A page is open when it is loaded, its
script has run and its content was painted; the peer is a page of one line, opened in turn.
Milliseconds depend on the machine, what is above the peer's is what the report costs.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any

from benchmarks.tables import ROOT, machine, table
from digest.config import IngestConfig
from digest.console import console_progress
from digest.ingest import ingest
from digest.text.sentences import sentence_spans
from eval.comparing.compare import compare
from eval.comparing.entrants import read_entrants
from eval.comparing.settings import CompareConfig
from eval.harness import Batch, score
from eval.records import ArticleRow, Example, Prediction
from eval.report import Material, write_report
from eval.report.shown import page_name
from eval.store import SCORES
from eval.suite import Options
from tests.browsing import EXECUTABLE, WHY_NONE, launched

if TYPE_CHECKING:
    from collections.abc import Sequence

    from playwright.sync_api import Browser

HEADER = ("page", "kB", "open, ms", "open / blank page")
_BASE = 10  # clusters that are scored; the others repeat them
_ARTICLES = 6
_WORDS = 200
_OPEN = """() => {
  const painted = performance.getEntriesByName("first-contentful-paint")[0];
  const loaded = performance.getEntriesByType("navigation")[0].loadEventEnd;
  return painted && loaded ? Math.max(painted.startTime, loaded) : null;
}"""
_FILTER = """() => {
  const began = performance.now();
  const select = document.getElementById("show");
  select.value = "metric";
  select.dispatchEvent(new Event("input", { bubbles: true }));
  document.body.getBoundingClientRect();
  return performance.now() - began;
}"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Built:
    """A report with the first of its clusters, and what it cost to write."""

    folder: Path
    cluster: str
    cpu_s: float
    megabytes: float


def build(folder: Path, *, clusters: int, systems: int) -> Built:
    """Score, repeat, compare, and write the report."""
    rng = random.Random(0)  # noqa: S311 - made-up outputs
    rows = [
        ArticleRow(id=raw.id, text=raw.text, title=raw.title, publisher=raw.publisher)
        for raw in ingest([str(ROOT / "seeds" / "articles")], IngestConfig()).articles
    ]
    base = [
        Example(id=str(n), articles=tuple(rng.sample(rows, _ARTICLES)), references=(rows[n].text,))
        for n in range(min(_BASE, clusters))
    ]
    names = [f"config-{n + 1}" for n in range(systems)]
    predictions = [
        Prediction(id=example.id, prediction=_output(example, rng), run=name)
        for example in base
        for name in names
    ]
    with console_progress() as progress:
        batch = Batch(name="seeds", examples=base, predictions=predictions)
        score([batch], Options(), output=folder / "scores", progress=progress)
    _repeat(folder, base, clusters)
    entrants = read_entrants(folder / "scores")
    comparison = compare(entrants, CompareConfig(resamples=999), baseline=names[0])
    material = Material(
        comparison=comparison, folders=(folder / "scores",), corpus=folder / "corpus.jsonl"
    )
    began = time.process_time()
    report = write_report(folder / "report", material).parent
    cpu_s = time.process_time() - began
    size = sum(path.stat().st_size for path in report.rglob("*") if path.is_file())
    first = page_name(comparison.cluster_ids[0])
    return Built(folder=report, cluster=f"clusters/{first}", cpu_s=cpu_s, megabytes=size / 1e6)


def _output(example: Example, rng: random.Random) -> str:
    """Return random sentences of the articles, names now and then swapped for nobody's."""
    sentences = [
        " ".join(article.text[span.start : span.end].split())
        for article in example.articles
        for span in sentence_spans(article.text)
    ]
    rng.shuffle(sentences)
    lines: list[str] = []
    while sentences and sum(len(line.split()) for line in lines) < _WORDS:
        lines.append(sentences.pop())
    lines[rng.randrange(len(lines))] += " Carla Mendes said so."
    return "\n".join(lines)


def _repeat(folder: Path, base: Sequence[Example], clusters: int) -> None:
    """Repeat the scored rows and the examples under new ids, so that there are enough."""
    path = folder / "scores" / SCORES
    rows = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    by_id: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        by_id.setdefault(row["id"], []).append(row)
    with (
        path.open("w", encoding="utf-8") as scores,
        (folder / "corpus.jsonl").open("w", encoding="utf-8") as corpus,
    ):
        for n in range(clusters):
            example = base[n % len(base)]
            name = f"cluster-{n:03}"
            corpus.write(json.dumps(asdict(example) | {"id": name}) + "\n")
            for row in by_id[example.id]:
                scores.write(json.dumps(row | {"id": name}) + "\n")


def opened_ms(browser: Browser, page: Path) -> float:
    """Return the milliseconds from the navigation to a painted, finished page."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    tab = context.new_page()
    tab.goto(page.as_uri(), wait_until="load")
    found = float(tab.wait_for_function(_OPEN).json_value())
    context.close()
    return found


def filtered_ms(browser: Browser, page: Path) -> float:
    """Return the milliseconds that the matrix takes to apply a filter."""
    context = browser.new_context(viewport={"width": 1400, "height": 900})
    tab = context.new_page()
    tab.goto(page.as_uri(), wait_until="load")
    found = float(tab.evaluate(_FILTER))
    context.close()
    return found


def page_rows(browser: Browser, built: Built, blank: Path, *, repeats: int) -> list[list[str]]:
    """Time every kind of page against the blank one, in turn."""
    pages = [built.folder / name for name in ("index.html", "clusters.html", built.cluster)]
    found: dict[Path, list[float]] = {page: [] for page in (blank, *pages)}
    for _ in range(repeats):
        for page, times in found.items():
            times.append(opened_ms(browser, page))
    peer = median(found[blank])
    names = dict(zip(found, ("one line of text", "overview", "matrix", "a cluster"), strict=True))
    return [
        [
            names[page],
            f"{page.stat().st_size / 1000:.0f}",
            f"{median(times):.0f}",
            f"{median(times) / peer:.1f}",
        ]
        for page, times in found.items()
    ]


def main(argv: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawTextHelpFormatter
    )
    parser.add_argument("--markdown", action="store_true")
    parser.add_argument("--clusters", type=int, default=500)
    parser.add_argument("--systems", type=int, default=6)
    parser.add_argument("--repeats", type=int, default=7)
    given = parser.parse_args(argv)
    if EXECUTABLE is None:
        sys.exit(WHY_NONE)
    with tempfile.TemporaryDirectory() as folder, launched() as browser:
        built = build(Path(folder), clusters=given.clusters, systems=given.systems)
        blank = Path(folder) / "blank.html"
        blank.write_text("<!doctype html><title>Blank</title><p>One line.", encoding="utf-8")
        rows = page_rows(browser, built, blank, repeats=given.repeats)
        print(f"{given.clusters} clusters, {given.systems} systems; {machine()}")
        print(table(HEADER, rows, markdown=given.markdown))
        times = [filtered_ms(browser, built.folder / "clusters.html") for _ in range(given.repeats)]
        print(f"filter applied in {median(times):.0f} ms")
        print(f"written in {built.cpu_s:.1f} s of one core, {built.megabytes:.1f} MB")


if __name__ == "__main__":
    main()
