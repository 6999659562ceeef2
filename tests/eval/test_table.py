from __future__ import annotations

from io import StringIO
from typing import Any

import pytest
from rich.console import Console

from digest.errors import UsageError
from eval.table import as_table, ranked


def _run(name: str, *, written: int = 3, **means: float | None) -> dict[str, Any]:
    metrics = {metric: {"mean": mean, "n": written} for metric, mean in means.items()}
    return {"run": name, "n": 3, "states": {"written": written}, "metrics": metrics}


def _text(*runs: dict[str, Any]) -> str:
    console = Console(file=StringIO(), width=200)
    table, cut = as_table(runs, width=200)
    assert cut == []
    console.print(table)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_runs_are_ranked_by_the_first_column_that_has_values() -> None:
    runs = [_run("low", rouge2_fmeasure=0.1), _run("none"), _run("high", rouge2_fmeasure=0.2)]

    assert [run["run"] for run in ranked(runs, None)] == ["high", "low", "none"]


def test_any_metric_ranks() -> None:
    runs = [_run("a", rouge1_fmeasure=0.3, words=90), _run("b", rouge1_fmeasure=0.2, words=100)]

    assert [run["run"] for run in ranked(runs, "words")] == ["b", "a"]


def test_an_unknown_metric_is_refused_with_those_there_are() -> None:
    with pytest.raises(UsageError, match=r"'bleu': .* there are words"):
        ranked([_run("a", words=3)], "bleu")


def test_columns_without_values_are_left_out_and_lost_outputs_shown() -> None:
    text = _text(_run("a", rouge1_fmeasure=0.4567), _run("b", written=2, rouge1_fmeasure=None))

    lines = text.splitlines()
    assert lines[0].split() == ["run", "n", "R1"]
    assert lines[1].split() == ["1", "a", "3", "45.7"]
    assert lines[2].split() == ["2", "b", "3", "/", "1", "–"]


def test_columns_that_do_not_fit_are_left_out_whole_and_told() -> None:
    runs = [_run("a", rouge1_fmeasure=0.4, rouge2_fmeasure=0.2, words=100)]

    table, cut = as_table(runs, width=20)

    assert [column.header for column in table.columns] == ["", "run", "n", "R1"]
    assert cut == ["R2", "words"]


def test_a_run_may_be_called_anything() -> None:
    text = _text(_run("gpt[/v2]", words=3), _run("a:100:b", words=2))

    assert "gpt[/v2]" in text
    assert "a:100:b" in text
