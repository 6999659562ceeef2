from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks import rouge_speed

_ROOT = Path(__file__).resolve().parents[2]


def test_the_command_prints_every_task_without_any_data() -> None:
    options = "--markdown --repeats 1 --pairs 3 --whole 2 --systems 1 --clusters 1".split()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.rouge_speed", *options],
        cwd=_ROOT,
        env={key: value for key, value in os.environ.items() if key != "DIGEST_DATA"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    lines = [line for line in done.stdout.splitlines() if line.startswith("|")]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines]
    assert cells[0] == list(rouge_speed.HEADER)
    assert [(row[0], row[1]) for row in cells[2:]] == [
        ("pairs", "3"),
        ("systems", "3"),
        ("whole process", "2"),
    ]
    assert all(float(row[4]) > 1 for row in cells[2:])
    assert "values equal in every digit" in done.stdout


def test_the_texts_of_a_pair_are_new_and_made_again_by_the_same_seed() -> None:
    rows = rouge_speed.made_pairs(5, seed=4)
    assert rows == rouge_speed.made_pairs(5, seed=4) != rouge_speed.made_pairs(5, seed=5)
    texts = [text for row in rows for text in (row["prediction"], *row["references"])]
    assert len(set(texts)) == 10
    assert {len(text.split()) for text in texts} == {rouge_speed.WORDS}
    assert all(text.count("\n") >= 6 for text in texts)


def test_systems_share_their_references() -> None:
    rows = rouge_speed.made_systems(3, 2, seed=1)
    assert [row["references"] for row in rows[:2]] * 3 == [row["references"] for row in rows]
    assert len({row["prediction"] for row in rows}) == 6


def test_another_value_ends_the_command(monkeypatch: pytest.MonkeyPatch) -> None:
    wrong = rouge_speed.PROGRAMS["digest"].replace("rouge(prediction,", "rouge(prediction + ' x',")
    assert wrong != rouge_speed.PROGRAMS["digest"]
    monkeypatch.setitem(rouge_speed.PROGRAMS, "digest", wrong)
    with pytest.raises(SystemExit, match="pairs: the values are not those"):
        rouge_speed.row("pairs", rouge_speed.made_pairs(2, seed=1), whole=False, repeats=1)


def test_a_failing_side_is_shown(tmp_path: Path) -> None:
    path = tmp_path / "rows.jsonl"
    path.write_text(json.dumps({"prediction": "a"}) + "\n", encoding="utf-8")
    with pytest.raises(SystemExit, match=r"(?s)digest ended with 1: .*'references'"):
        rouge_speed.timed("digest", path, whole=True)
