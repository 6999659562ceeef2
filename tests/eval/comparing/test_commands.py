"""compare, rescore and gate on files, as the command line calls them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from typer.testing import CliRunner

from digest.cli import app
from digest.codec import decode
from digest.config import load_config
from digest.errors import DigestError
from digest.pipeline import run
from eval.comparing.records import Comparison, Verdict
from tests.eval.conftest import rows, write_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

FAST = ("--metrics", "rouge")


def _eval(*arguments: object) -> tuple[int, str]:
    done = CliRunner().invoke(app, ["eval", *map(str, arguments)])
    if isinstance(done.exception, DigestError):
        return done.exception.exit_code, str(done.exception)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.output


def _corpus(path: Path, count: int = 12) -> Path:
    base = rows()
    return write_rows(path, [{**base[n % 2], "id": f"e{n}"} for n in range(count)])


def _predictions(path: Path, words: int, ids: Sequence[str] | None = None) -> Path:
    texts = [row["articles"][0]["text"].split() for row in rows()]
    names = ids or [f"e{n}" for n in range(12)]
    return write_rows(
        path,
        [
            {"id": name, "prediction": " ".join(texts[n % 2][: words + n % 3]), "run": path.stem}
            for n, name in enumerate(names)
        ],
    )


@pytest.fixture
def files(tmp_path: Path) -> Path:
    _corpus(tmp_path / "corpus.jsonl")
    _predictions(tmp_path / "long.jsonl", 30)
    _predictions(tmp_path / "short.jsonl", 5)
    return tmp_path


def _comparison(folder: Path) -> Comparison:
    return decode(Comparison, (folder / "comparison.json").read_text(encoding="utf-8"))


def test_files_of_predictions_are_scored_and_compared(files: Path) -> None:
    code, text = _eval(
        "compare", files / "long.jsonl", files / "short.jsonl", *FAST,
        "--corpus", files / "corpus.jsonl", "--output", files / "out",
        "--primary", "rouge1_recall", "--markdown", files / "pr.md",
    )  # fmt: skip
    assert code == 0, text
    assert "short beside long (baseline), 12 outputs differ" in text
    found = _comparison(files / "out")
    assert (found.baseline, found.pairs[0].verdict) == ("long", Verdict.WORSE)
    assert "worse" in (files / "pr.md").read_text(encoding="utf-8")


def test_folders_of_scores_compare_without_a_corpus_and_names_are_told_apart(files: Path) -> None:
    for name in ("one", "two"):
        _predictions(files / name / "same.jsonl", 30 if name == "one" else 6)
        score = ("score", "-p", files / name / "same.jsonl", "--corpus", files / "corpus.jsonl")
        assert _eval(*score, *FAST, "--output", files / f"{name}-scores")[0] == 0
    code, text = _eval(
        "compare", files / "one-scores", files / "two-scores", "--output", files / "out"
    )
    assert code == 0, text
    names = [system.name for system in _comparison(files / "out").systems]
    assert names == ["one-scores/same", "two-scores/same"]


def test_configurations_are_run_first_and_kept(files: Path) -> None:
    command = (
        "compare", "configs/lead.yaml", "configs/lexrank.yaml", *FAST,
        "--corpus", files / "corpus.jsonl", "--output", files / "out",
    )  # fmt: skip
    assert _eval(*command)[0] == 0
    written = sorted((files / "out" / "predictions").iterdir())
    assert [path.name.split("-")[0] for path in written] == ["lead", "lexrank"]
    stamps = [path.stat().st_mtime_ns for path in written]
    assert _eval(*command)[0] == 0
    assert [path.stat().st_mtime_ns for path in written] == stamps


def test_other_choices_are_refused_until_they_are_rescored(files: Path) -> None:
    score = ("--corpus", files / "corpus.jsonl", *FAST)
    _eval("score", "-p", files / "long.jsonl", *score, "--output", files / "a")
    _eval("score", "-p", files / "short.jsonl", *score, "--mref", "mean", "--output", files / "b")
    compare = ("compare", files / "a", files / "b", "--output", files / "out")
    code, text = _eval(*compare)
    assert code == 5
    assert "long has mref:best, short has mref:mean" in text

    code, text = _eval("rescore", files / "b", "--output", files / "c", "--mref", "best")
    assert code == 0, text
    assert _eval("compare", files / "a", files / "c", "--output", files / "out")[0] == 0
    # Scored again as they were, the outputs have the same scores.
    assert _eval("rescore", files / "c", "--output", files / "d")[0] == 0
    one, two = ((files / name / "scores.jsonl").read_bytes() for name in ("c", "d"))
    assert one == two


def test_choices_that_nothing_is_left_to_score_with_are_refused(files: Path) -> None:
    score = ("--corpus", files / "corpus.jsonl", *FAST)
    for name, source in (("a", "long"), ("b", "short")):
        _eval("score", "-p", files / f"{source}.jsonl", *score, "--output", files / name)
    compare = ("compare", files / "a", files / "b", "--output", files / "out")
    assert _eval(*compare)[0] == 0
    for choice in (("--mref", "mean"), ("--metrics", "rouge")):
        code, text = _eval(*compare, *choice)
        assert code == 2
        assert f"digest eval rescore {files / 'a'} --output NEW" in text


def test_a_source_that_is_named_twice_is_refused_before_anything_is_written(files: Path) -> None:
    code, text = _eval(
        "compare", "configs/lead.yaml", "configs/lead.yaml", "--output", files / "out",
        "--corpus", files / "corpus.jsonl",
    )  # fmt: skip
    assert code == 2
    assert "configs/lead.yaml is named twice" in text
    assert not (files / "out").exists()


def test_other_clusters_are_refused_with_the_command_that_writes_the_same(files: Path) -> None:
    _predictions(files / "long.jsonl", 30, ids=("e0", "e1"))
    _corpus(files / "few.jsonl", count=2)
    for name, corpus in (("long", "few"), ("short", "corpus")):
        score = ("score", "-p", files / f"{name}.jsonl", "--corpus", files / f"{corpus}.jsonl")
        _eval(*score, *FAST, "--output", files / name)
    code, text = _eval("compare", files / "long", files / "short", "--output", files / "out")
    assert code == 5
    assert "10 of 12 clusters are in short" in text
    assert "digest eval predict" in text
    assert "rescore" not in text


def test_rescoring_adds_metrics_and_refuses_a_corpus_that_changed(files: Path) -> None:
    corpus = ("--corpus", files / "corpus.jsonl")
    _eval("score", "-p", files / "long.jsonl", *corpus, *FAST, "--output", files / "a")
    more = ("rescore", files / "a", "--output", files / "b", "--metrics", "length")
    assert _eval(*more)[0] == 0
    row = json.loads((files / "b" / "scores.jsonl").read_text("utf-8").split("\n", 1)[0])
    assert row["metrics"]["words"]["value"] > 0

    _corpus(files / "corpus.jsonl", count=11)
    code, text = _eval(*more)
    assert code == 5
    assert "has changed since" in text
    assert _eval("rescore", files / "corpus.jsonl", "--output", files / "b")[0] == 2


def test_a_gate_has_a_line_per_reason_and_files_for_a_build_server(files: Path) -> None:
    gate = (
        "gate", files / "short.jsonl", "--baseline", files / "long.jsonl", *FAST,
        "--corpus", files / "corpus.jsonl", "--output", files / "out",
    )  # fmt: skip
    extra = ("--junit", files / "j.xml", "--markdown", files / "m.md")
    code, text = _eval(*gate, "--margin", "rouge1_recall=0.02", *extra)
    assert code == 3, text
    assert "regressed: rouge1_recall: " in text
    assert text.rstrip().endswith("regressed: short beside long")
    assert "<failure" in (files / "j.xml").read_text(encoding="utf-8")
    assert "Gate: regressed" in (files / "m.md").read_text(encoding="utf-8")
    assert _eval(*gate, "--margin", "rouge1_recall=0.9")[0] == 0

    settings = files / "gate.yaml"
    settings.write_text("gate: {margins: {rouge1_recall: 0.9}}", encoding="utf-8")
    assert _eval(*gate, "--config", settings)[0] == 0
    settings.write_text("gate: {margin: {rouge1_recall: 0.9}}", encoding="utf-8")
    code, text = _eval(*gate, "--config", settings)
    assert code == 2
    assert "did you mean 'margins'" in text


def test_a_refused_gate_leaves_no_earlier_decision_for_the_build_server(files: Path) -> None:
    score = ("--corpus", files / "corpus.jsonl", *FAST)
    _eval("score", "-p", files / "long.jsonl", *score, "--output", files / "a")
    _eval("score", "-p", files / "short.jsonl", *score, "--mref", "mean", "--output", files / "b")
    for name in ("j.xml", "m.md"):
        (files / name).write_text("pass", encoding="utf-8")
    code, text = _eval(
        "gate", files / "b", "--baseline", files / "a", "--output", files / "out",
        "--margin", "rouge1_recall=0.02", "--junit", files / "j.xml", "--markdown", files / "m.md",
    )  # fmt: skip
    assert code == 5, text
    suite = ET.fromstring((files / "j.xml").read_text(encoding="utf-8"))  # noqa: S314 - our own
    assert (suite.get("tests"), suite.get("errors")) == ("1", "1")
    assert "long has mref:best, short has mref:mean" in "".join(suite.itertext())
    error = suite.find("testcase/error")
    assert error is not None
    assert "compared: rouge: long has mref:best" in error.get("message", "")
    told = (files / "m.md").read_text(encoding="utf-8")
    assert "Gate: not comparable" in told
    assert "mref:mean" in told


@pytest.mark.parametrize(
    ("written", "code", "message"),
    [
        ("compare:", 2, "compare"),
        ("compare: [1]", 2, "compare"),
        ("compare: {alpha: 0.1}", 0, "cannot reach p 0.1 in a test"),
        ("{configurations: {}, corpora: {}}", 2, "digest eval nightly --config"),
    ],
)
def test_a_file_of_settings_is_checked_before_primary_is_declared(
    files: Path, written: str, code: int, message: str
) -> None:
    settings = files / "settings.yaml"
    settings.write_text(written, encoding="utf-8")
    _corpus(files / "corpus.jsonl", count=2)
    _predictions(files / "long.jsonl", 30, ids=("e0", "e1"))
    _predictions(files / "short.jsonl", 5, ids=("e0", "e1"))
    done = _eval(
        "compare", files / "long.jsonl", files / "short.jsonl", *FAST, "--config", settings,
        "--corpus", files / "corpus.jsonl", "--output", files / "out",
        "--primary", "rouge1_recall",
    )  # fmt: skip
    assert done[0] == code, done[1]
    assert message in done[1]


def test_a_gate_takes_one_system_on_either_side(files: Path) -> None:
    both = files / "both.jsonl"
    both.write_bytes(b"".join((files / f"{n}.jsonl").read_bytes() for n in ("long", "short")))
    code, _text = _eval(
        "gate", both, "--baseline", files / "long.jsonl", *FAST,
        "--corpus", files / "corpus.jsonl", "--output", files / "out",
    )  # fmt: skip
    assert code == 2


def test_what_is_no_system_is_told(files: Path) -> None:
    code, text = _eval("compare", files / "nothing", files / "long.jsonl")
    assert code == 2
    assert "no folder of scores, no finished run" in text
    code, text = _eval("compare", files / "long.jsonl", files / "short.jsonl")
    assert code == 2
    assert "give the --corpus" in text


def test_runs_compare_as_published_or_as_drafted(tmp_path: Path) -> None:
    articles = tmp_path / "articles.jsonl"
    write_rows(
        articles,
        [
            {**article, "id": f"{row['id']}{n}", "cluster": row["id"]}
            for row in rows()
            for n, article in enumerate(row["articles"])
        ],
    )
    for name in ("lead", "lexrank"):
        run(load_config(f"configs/{name}.yaml"), [str(articles)], output=tmp_path / name)
    sources = ("compare", tmp_path / "lead", tmp_path / "lexrank", "--output", tmp_path / "out")
    for extra, ending in (((), ""), (("--drafts",), ":draft")):
        code, text = _eval(
            *sources, *extra, "--metrics", "redundancy", "--primary", "max_similarity"
        )
        assert code == 0, text
        names = [system.name for system in _comparison(tmp_path / "out").systems]
        assert names == [f"lead{ending}", f"lexrank{ending}"]


def test_pages_are_made_of_the_comparison_and_its_corpus(
    files: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    given: list[Any] = []

    def pages(output: Path, comparison: Comparison, corpus: Path, **_: object) -> Path:
        given.append((comparison, corpus.read_text(encoding="utf-8").count("\n")))
        return output / "index.html"

    monkeypatch.setattr("eval.comparing.browsing.write_pages", pages)
    code, text = _eval(
        "compare", files / "long.jsonl", files / "short.jsonl", *FAST, "--html", files / "pages",
        "--corpus", files / "corpus.jsonl", "--output", files / "out",
    )  # fmt: skip
    assert code == 0, text
    assert f"Open {files / 'pages' / 'index.html'}" in text
    assert given[0][1] == 12
