"""Every configuration that this machine can run, on MultiLing 2011 and the events of NeuS.

python -m benchmarks.leaderboard [--corpus multiling] [--corpus neus] [--output DIR] [--write FILE]

All `configs/*.yaml` of which every model is here write about every event, MultiLing with 250 words
and NeuS with 60. What they wrote is scored against the best reference, compared all against all
(`digest eval compare`), and printed as Markdown. "Not separable from" names those that ROUGE-2 F
cannot tell a system from, after Holm's correction over all pairs. `--write FILE` puts the tables
between the marks <!-- leaderboard --> and <!-- /leaderboard -->. What was written is kept in the
output folder, so a stopped command goes on.
"""

from __future__ import annotations

import argparse
import lzma
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from benchmarks.tables import ROOT, data_file, table
from digest.config import load_config
from digest.manifest import SilentProgress
from digest.preflight import needs
from eval.comparing.compare import compare
from eval.comparing.gathering import Request, gather
from eval.comparing.records import Verdict
from eval.comparing.settings import CompareConfig
from eval.comparing.table import ranked
from eval.suite import Options

if TYPE_CHECKING:
    from digest.config import Config
    from eval.comparing.records import Comparison, System

CORPORA = {
    "multiling": ("dev/multiling2011/clusters.jsonl", 250),
    "neus": ("train/neus/val.jsonl.xz", 60),
}
TITLES = {
    "multiling": "MultiLing 2011: {n} events of 10 articles, {words} words, three references",
    "neus": "NeuS: {n} events, three outlets' leads each, {words} words, an editor's roundup",
}
COLUMNS = {
    "R1": "rouge1_fmeasure",
    "R2": "rouge2_fmeasure",
    "Lsum": "rougeLsum_fmeasure",
    "entities": "entity_precision_source",
    "novel 3-grams": "novel_3grams",
}
PRIMARY = ("rouge2_fmeasure", "entity_precision_source")
MARKS = ("<!-- leaderboard -->", "<!-- /leaderboard -->")


def runnable(config: Config) -> bool:
    """Tell whether all models of a configuration are on this machine, or it needs none."""
    local = tuple(
        backend.model_copy(update={"download": False}) if hasattr(backend, "download") else backend
        for backend in config.summarize.backends
    )
    summarize = config.summarize.model_copy(update={"backends": local})
    return all(need.met for need in needs(config.model_copy(update={"summarize": summarize})))


def configurations(folder: Path, words: int, output: Path) -> tuple[list[str], list[str]]:
    """Write the runnable configurations with a budget of words; return them, and who cannot run.

    Files that are no configuration of a run, such as that of nights, are passed over.
    """
    files, left_out = [], []
    output.mkdir(parents=True, exist_ok=True)
    for path in sorted(folder.glob("*.yaml")):
        if "summarize" not in yaml.safe_load(path.read_text(encoding="utf-8")):
            continue
        config = load_config(path, (f"summarize.max_words={words}",))
        if runnable(config):
            file = output / path.name
            file.write_text(yaml.safe_dump(config.model_dump(mode="json")), encoding="utf-8")
            files.append(str(file))
        else:
            left_out.append(path.stem)
    return files, left_out


def whole(path: Path, output: Path) -> Path:
    """Return a corpus as plain JSON lines, which the comparison reads."""
    if path.suffix != ".xz":
        return path
    plain = output / path.name.removesuffix(".xz")
    with lzma.open(path, "rt", encoding="utf-8") as handle:
        plain.write_text(handle.read(), encoding="utf-8")
    return plain


def rows(comparison: Comparison) -> list[list[str]]:
    """Return a row per system, best ROUGE-2 first."""
    systems = ranked(comparison)
    return [
        [
            system.name,
            *(_cell(system, metric) for metric in COLUMNS.values()),
            _alike(comparison, system),
        ]
        for system in systems
    ]


def _cell(system: System, metric: str) -> str:
    found = system.measured(metric)
    if found is None or found.mean is None:
        return "–"
    value = f"{100 * found.mean:.1f}"
    if metric not in PRIMARY or found.interval is None or found.interval.low is None:
        return value
    return f"{value} [{100 * found.interval.low:.1f}, {100 * (found.interval.high or 0):.1f}]"


def _alike(comparison: Comparison, system: System) -> str:
    """Return those that ROUGE-2 cannot tell a system from."""
    names = []
    for pair in comparison.pairs:
        other = {pair.baseline: pair.candidate, pair.candidate: pair.baseline}.get(system.name)
        metric = pair.metric(PRIMARY[0])
        told = metric is not None and metric.verdict in {Verdict.BETTER, Verdict.WORSE}
        if other is not None and not told:
            names.append(other)
    return ", ".join(names) or "none"


def board(name: str, output: Path) -> str:
    """Run and compare everything on one corpus; return the table with its title and notes."""
    relative, words = CORPORA[name]
    folder = output / name
    files, left_out = configurations(ROOT / "configs", words, folder / "configs")
    request = Request(
        sources=tuple(files),
        output=folder,
        options=Options(families=("rouge", "entities", "extractiveness")),
        corpus=str(whole(data_file(relative), folder)),
    )
    entrants = gather(request, progress=SilentProgress())
    comparison = compare(entrants, CompareConfig(primary=PRIMARY))
    title = TITLES[name].format(n=len(comparison.cluster_ids), words=words)
    header = ["configuration", *COLUMNS, "not separable from"]
    parts = [f"{title}:", table(header, rows(comparison), markdown=True)]
    if left_out:
        parts.append(f"Not on this machine: {', '.join(left_out)}.")
    return "\n\n".join(parts)


def write(path: Path, text: str) -> None:
    """Put a text between the marks of a file."""
    before, mark, rest = path.read_text(encoding="utf-8").partition(MARKS[0])
    _, end, after = rest.partition(MARKS[1])
    if not mark or not end:
        raise SystemExit(f"{path} has no {MARKS[0]} … {MARKS[1]} to write between")
    path.write_text(f"{before}{mark}\n{text}\n{end}{after}", encoding="utf-8")


def main() -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", choices=CORPORA, action="append", help="instead of all")
    parser.add_argument("--output", type=Path, default=Path("leaderboard"))
    parser.add_argument("--write", type=Path, help="file with the marks")
    options = parser.parse_args()
    text = "\n\n".join(board(name, options.output) for name in options.corpus or CORPORA)
    print(text)
    if options.write is not None:
        write(options.write, text)


if __name__ == "__main__":
    main()
