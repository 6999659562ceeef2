"""The benchmark commands, run as a person runs them, on a tiny made-up data folder."""

from __future__ import annotations

import json
import lzma
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from benchmarks import clustering, leaderboard, news, report_pages, run_time, summaries
from digest.config import load_config
from eval.corpora import read_corpus
from eval.metrics.lines import one_per_line
from eval.metrics.rouge import rouge
from tests.browsing import EXECUTABLE, WHY_NONE

if TYPE_CHECKING:
    from collections.abc import Callable

_ROOT = Path(__file__).resolve().parents[2]
_EVENTS = {
    "dam": "The Orsava dam broke and flooded villages in the Lisk valley , officials said .",
    "port": "Dock workers in Velmar ended a strike for higher wages at the harbour .",
    "vote": "Parliament in Tarnow passed the pension reform by three votes .",
    "quake": "An earthquake of magnitude 6 . 1 shook the island of Norrey .",
}


@pytest.fixture
def data(tmp_path: Path, rows: list[dict[str, Any]]) -> Path:
    rows[0]["references"].append("The Orsava dam gave way. Two villages were flooded.")
    multiling = tmp_path / summaries.CORPORA["multiling"].path
    multiling.parent.mkdir(parents=True)
    multiling.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    with lzma.open(tmp_path / clustering.CORPUS, "wt", encoding="utf-8") as handle:
        for topic, (event, text) in enumerate(_EVENTS.items()):
            for n in range(4):
                row = {"id": f"{event}{n}", "topic": topic, "event": event, "text": f"{text} N {n}"}
                handle.write(json.dumps(row) + "\n")
    return tmp_path


def _printed(module: str, *arguments: str, data: Path | None) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if k != "DIGEST_DATA"}
    if data is not None:
        environment["DIGEST_DATA"] = str(data)
    return subprocess.run(
        [sys.executable, "-m", f"benchmarks.{module}", *arguments],
        cwd=_ROOT,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )


def _cells(text: str) -> list[list[str]]:
    lines = [line for line in text.splitlines() if line.startswith("|")]
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]


def test_summaries_prints_every_system_and_the_people(data: Path) -> None:
    found = _printed(
        "summaries", "--corpus", "multiling", "--markdown", "--max-words", "40", data=data
    )
    assert found.returncode == 0, found.stderr
    header, _, *body = _cells(found.stdout)
    assert header == list(summaries.HEADER)
    assert [row[0] for row in body] == [*summaries.SYSTEMS, "person"]
    assert all(0 < float(row[1]) <= 100 for row in body)
    assert all(float(row[7]) <= 100 for row in body)
    assert "2 events, 40 words" in found.stdout


def test_clustering_prints_both_halves_and_the_whole(data: Path) -> None:
    found = _printed("clustering", "--markdown", data=data)
    assert found.returncode == 0, found.stderr
    header, _, *body = _cells(found.stdout)
    assert header == list(clustering.HEADER)
    assert [(row[0], row[1], row[2]) for row in body] == [
        ("TF-IDF", "even", "8"),
        ("TF-IDF", "odd", "8"),
        ("TF-IDF, tuned", "even", "8"),
        ("TF-IDF, tuned", "odd", "8"),
        ("digest", "even", "8"),
        ("digest", "odd", "8"),
        ("TF-IDF", "all", "16"),
        ("TF-IDF, tuned", "all", "16"),
        ("digest", "all", "16"),
    ]
    assert float(body[-1][6]) == 1.0


def test_run_time_prints_ratios_without_any_data() -> None:
    found = _printed("run_time", "--markdown", "--repeats", "1", "--sizes", "20,40", data=None)
    assert found.returncode == 0, found.stderr
    cells = _cells(found.stdout)
    assert [row[0] for row in cells[2:5]] == ["digest run", "digest run, LexRank", "imports alone"]
    assert all(float(row[3]) > 0 and float(row[4]) > 0 for row in cells[3:5])
    assert [row[0] for row in cells[7:]] == ["20", "40"]
    assert cells[7][3] == "1.00"
    assert "of seeds" in found.stdout


def test_a_run_on_news_takes_the_largest_groups(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(news, "CLUSTERS", 2)
    monkeypatch.setattr(news, "ARTICLES", 3)
    texts = {"long": "The dam burst. " * 12, "short": "The dam burst.", "huge": "It rained. " * 90}
    kinds = [("a", "long")] * 4 + [("b", "long")] * 3 + [("c", "long")] * 2 + [("c", "short")] * 5
    kinds += [("c", "huge")] * 5
    with lzma.open(tmp_path / "articles-0.jsonl.xz", "wt") as lines:
        for number, (topic, text) in enumerate(kinds):
            row = dict.fromkeys(("title", "publisher", "url"), "x")
            row |= {"id": f"{number:02}", "topic": topic, "published": "2020-01-05"}
            lines.write(json.dumps({**row, "text": texts[text]}) + "\n")
        lines.write(json.dumps({**row, "text": texts["long"], "published": "1/5/20"}) + "\n")
    target = tmp_path / "rows.jsonl"
    assert news.write_thousand(tmp_path, target) == 6
    rows = [json.loads(line) for line in target.read_text().splitlines()]
    assert [row["id"] for row in rows] == ["00", "01", "02", "04", "05", "06"]
    assert [row["cluster"][0] for row in rows] == ["a"] * 3 + ["b"] * 3


@pytest.mark.parametrize("module", ["summaries", "clustering"])
@pytest.mark.parametrize("folder", [True, False])
def test_missing_data_are_named(module: str, tmp_path: Path, *, folder: bool) -> None:
    found = _printed(module, data=tmp_path if folder else None)
    assert found.returncode == 1
    assert "DIGEST_DATA" in found.stderr
    assert "Traceback" not in found.stderr


def test_a_failing_process_is_shown() -> None:
    with pytest.raises(SystemExit, match=r"ended with 3: .*gone"):
        run_time.cost(
            [sys.executable, "-c", "import sys; sys.stderr.write('gone'); sys.exit(3)"], repeats=1
        )


def test_cost_is_of_the_process_alone() -> None:
    big = run_time.cost([sys.executable, "-c", "b = bytearray(200_000_000)"], repeats=1)
    small = run_time.cost([sys.executable, "-c", "pass"], repeats=1)
    assert big.megabytes > 200
    assert 1 < small.megabytes < 100


def test_perturbing_renames_a_word_the_same_way_everywhere() -> None:
    text = _EVENTS["dam"]
    renamed = run_time.perturbed(f"{text} {text}", 4)
    half = len(renamed) // 2
    assert renamed[:half] == renamed[half + 1 :]
    assert len({text, renamed[:half], run_time.perturbed(text, 5)}) == 3
    assert run_time.perturbed(text, 0) == text


@pytest.fixture
def real() -> Callable[[str], Path]:
    folder = os.environ.get("DIGEST_DATA")
    if not folder:
        pytest.skip("DIGEST_DATA is not set")
    return lambda name: Path(folder) / name


def test_people_and_the_best_participant_score_as_measured(real: Callable[[str], Path]) -> None:
    examples = read_corpus(real(summaries.CORPORA["multiling"].path))
    person = dict(zip(summaries.HEADER, summaries.person_row(examples, max_words=250), strict=True))
    assert [round(float(person[kind]), 1) for kind in ("R1", "R2", "Lsum")] == [50.9, 19.9, 48.0]
    outputs = real("dev/multiling2011/system_outputs.jsonl").read_text(encoding="utf-8")
    references = {e.id: [one_per_line(r) for r in e.references] for e in examples}
    rows = [json.loads(line) for line in outputs.splitlines()]
    scores = [
        rouge(
            one_per_line(row["prediction"]), references[row["id"]], mref="mean", stem="porter-nltk"
        )
        for row in rows
        if row["system"] == "ID3"
    ]
    for kind, expected in (("rouge1", 47.2), ("rouge2", 18.8), ("rougeLsum", 44.4)):
        values = [score.fmeasure for one in scores if (score := one.score(kind))]
        assert len(values) == 10
        assert 100 * sum(values) / 10 == pytest.approx(expected, abs=0.06)


def test_clusters_of_the_whole_corpus_keep_their_score(real: Callable[[str], Path]) -> None:
    items = clustering.read_items(real(clustering.CORPUS))
    assert len(items) == 982
    assert clustering.ours(items, threshold=0.1).f1 > 0.93


def test_leaderboard_takes_what_this_machine_can_run(tmp_path: Path) -> None:
    files, left_out = leaderboard.configurations(_ROOT / "configs", 60, tmp_path / "configs")
    names = {Path(file).stem for file in files}
    assert names >= {"default", "lead", "lexrank"}
    assert "nightly" not in names | set(left_out)
    assert "openai-endpoint" in left_out
    assert load_config(files[0]).summarize.max_words == 60


def test_leaderboard_writes_its_table_between_the_marks(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    configs = tmp_path / "root" / "configs"
    configs.mkdir(parents=True)
    for name in ("lead", "lexrank"):
        (configs / f"{name}.yaml").write_bytes((_ROOT / "configs" / f"{name}.yaml").read_bytes())
    monkeypatch.setattr(leaderboard, "ROOT", tmp_path / "root")
    monkeypatch.setenv("DIGEST_DATA", str(data))
    text = leaderboard.board("multiling", tmp_path / "out")
    assert text.startswith("MultiLing 2011: 2 events")
    table = [line.split("|")[1].strip() for line in text.splitlines() if line.startswith("|")]
    assert sorted(table[2:]) == ["lead", "lexrank"]
    # Two events can tell nobody apart.
    assert all(line.rstrip(" |").endswith(("lead", "lexrank")) for line in text.splitlines()[4:6])

    page = tmp_path / "README.md"
    page.write_text(f"a\n{leaderboard.MARKS[0]}\nold\n{leaderboard.MARKS[1]}\nb\n", "utf-8")
    leaderboard.write(page, text)
    assert page.read_text("utf-8") == "\n".join(
        ["a", leaderboard.MARKS[0], text, leaderboard.MARKS[1], "b", ""]
    )
    page.write_text("no marks", "utf-8")
    with pytest.raises(SystemExit, match="to write between"):
        leaderboard.write(page, text)


@pytest.mark.skipif(EXECUTABLE is None, reason=WHY_NONE)
def test_report_pages_opens_every_kind_of_page() -> None:
    few = ("--clusters", "3", "--systems", "2", "--repeats", "1")
    found = _printed("report_pages", "--markdown", *few, data=None)
    assert found.returncode == 0, found.stderr
    header, _, *body = _cells(found.stdout)
    assert header == list(report_pages.HEADER)
    assert [row[0] for row in body] == ["one line of text", "overview", "matrix", "a cluster"]
    assert all(float(row[2]) > 0 for row in body)
    assert "filter applied in" in found.stdout
