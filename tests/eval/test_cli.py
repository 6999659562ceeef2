from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from digest.errors import ConfigError, UsageError
from eval.cli import app

_ROOT = Path(__file__).resolve().parents[2]
_LEAD = str(_ROOT / "configs" / "lead.yaml")


def _call(*arguments: str) -> list[str]:
    return ["predict", "--config", _LEAD, *arguments]


def test_one_row_per_cluster_is_written(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "new" / "p.jsonl"
    arguments = _call("--corpus", str(corpus), "--output", str(output), "--max-words", "40")
    result = CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert result.exit_code == 0
    assert f"2 predictions, 0 empty, written to {output}" in result.stdout
    rows = [json.loads(line) for line in output.read_text(encoding="utf-8").splitlines()]
    assert [list(row) for row in rows] == [["id", "prediction", "run"]] * 2
    assert [row["id"] for row in rows] == ["dam", "port"]
    assert all(0 < len(row["prediction"].split()) <= 40 for row in rows)
    assert rows[0]["run"].startswith("lead-")
    assert list(output.parent.iterdir()) == [output]


def test_the_run_name_tells_configurations_apart(corpus: Path, tmp_path: Path) -> None:
    runs = set()
    for extra in ([], ["--max-words", "40"], ["--set", "verify.mode=shadow"]):
        output = tmp_path / "p.jsonl"
        arguments = _call("--corpus", str(corpus), "--output", str(output), *extra)
        assert CliRunner().invoke(app, arguments).exit_code == 0
        runs.add(json.loads(output.read_text(encoding="utf-8").splitlines()[0])["run"])
    assert len(runs) == 3


def test_nothing_written_at_all_is_exit_code_3(tmp_path: Path) -> None:
    corpus, output = tmp_path / "c.jsonl", tmp_path / "p.jsonl"
    corpus.write_text('{"id": "a", "articles": []}\n')
    result = CliRunner().invoke(app, _call("--corpus", str(corpus), "--output", str(output)))
    assert result.exit_code == 3
    assert "empty: a: nothing was fit to publish" in result.stderr
    row = json.loads(output.read_text())
    assert row["prediction"] == ""
    assert row["failure"] == "nothing was fit to publish"


def test_expected_failures_leave_the_last_output(corpus: Path, tmp_path: Path) -> None:
    output = tmp_path / "p.jsonl"
    output.write_text("last\n")
    good = _call("--output", str(output), "--corpus", str(corpus))
    for arguments, error in (
        (_call("--output", str(output), "--corpus", str(tmp_path / "gone.jsonl")), UsageError),
        ([*good, "--set", "verify.mood=off"], ConfigError),
    ):
        with pytest.raises(error):
            CliRunner().invoke(app, arguments, catch_exceptions=False)
    assert output.read_text() == "last\n"


def test_an_unwritable_output_is_named(corpus: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    arguments = _call("--corpus", str(corpus), "--output", str(tmp_path / "file" / "p.jsonl"))
    with pytest.raises(UsageError, match="cannot be written"):
        CliRunner().invoke(app, arguments, catch_exceptions=False)


def test_help_shows_an_example_and_loads_nothing_heavy() -> None:
    program = (
        "import sys\nfrom eval.cli import app\n"
        "try:\n    app(['predict', '--help'])\nexcept SystemExit:\n    pass\n"
        "print(sorted({'sklearn', 'nltk', 'datasets', 'numpy', 'digest.clean'} & set(sys.modules)))"
    )
    said = subprocess.run(
        [sys.executable, "-c", program], cwd=_ROOT, capture_output=True, text=True, check=True
    ).stdout
    assert "--corpus corpus.jsonl" in " ".join(said.split()).replace("│", "")
    assert said.rstrip().endswith("[]")


def _score_call(tmp_path: Path, *arguments: str) -> list[str]:
    return ["score", "--output", str(tmp_path / "scores"), *arguments]


def _systems(path: Path) -> Path:
    rows = [
        {"id": "dam", "system": "M1", "prediction": "A dam broke near Orsava."},
        {"id": "port", "system": "M1", "prediction": "The strike in Velmar is over."},
        {"id": "dam", "system": "M2", "prediction": "Nothing at all happened."},
    ]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_systems_are_ranked_and_missing_outputs_counted(corpus: Path, tmp_path: Path) -> None:
    predictions = _systems(tmp_path / "p.jsonl")
    call = _score_call(tmp_path, "--predictions", str(predictions), "--corpus", str(corpus))

    result = CliRunner().invoke(app, call, catch_exceptions=False)

    assert result.exit_code == 0
    table = [line.split() for line in result.stdout.splitlines()]
    assert table[1][:3] == ["1", "M1", "2"]
    assert table[2][:5] == ["2", "M2", "2", "/", "1"]
    assert "rouge1" in result.stdout
    assert f"Written to {tmp_path / 'scores'}" in result.stdout
    summary = json.loads((tmp_path / "scores" / "summary.json").read_text())
    assert {run["run"]: run["n"] for run in summary["runs"]} == {"M1": 2, "M2": 2}


def test_nothing_to_score_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing to score"):
        CliRunner().invoke(app, _score_call(tmp_path), catch_exceptions=False)


@pytest.mark.parametrize(
    ("option", "value", "said"),
    [("--mref", "worst", "best, mean"), ("--tok", "words", "rouge155, unicode")],
)
def test_unknown_choices_are_refused_with_those_there_are(
    corpus: Path, tmp_path: Path, option: str, value: str, said: str
) -> None:
    predictions = _systems(tmp_path / "p.jsonl")
    call = _score_call(tmp_path, "-p", str(predictions), "--corpus", str(corpus), option, value)

    with pytest.raises(UsageError, match=said):
        CliRunner().invoke(app, call, catch_exceptions=False)
