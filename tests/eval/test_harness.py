from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
import tracemalloc
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from digest.errors import DigestError, UsageError
from digest.manifest import SilentProgress
from eval import families, harness
from eval.families.style import RedundancyFamily
from eval.harness import Batch, score
from eval.predictions import stream_predictions
from eval.records import ArticleRow, Example, Prediction, SourceSpan
from eval.suite import Options

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from eval.records import Case
    from eval.suite import Scored

ROOT = Path(__file__).resolve().parents[2]
CHEAP = Options(families=("rouge", "redundancy"))


def _examples(count: int = 6) -> list[Example]:
    return [
        Example(
            id=f"e{n}",
            articles=(ArticleRow(id="a", text=f"The dam at Orsava broke on day {n}."),),
            references=(f"A dam broke on day {n}.", "Two villages were flooded."),
        )
        for n in range(count)
    ]


def _predictions(examples: Sequence[Example], *runs: str) -> list[Prediction]:
    return [
        Prediction(id=e.id, prediction=f"{e.articles[0].text}\nVillages {run}.", run=run)
        for e in examples
        for run in runs
    ]


def _score(
    output: Path,
    examples: Iterable[Example],
    predictions: Sequence[Prediction],
    *,
    options: Options = CHEAP,
    processes: int | None = 1,
) -> dict[str, Any]:
    batch = Batch(name="corpus", examples=examples, predictions=predictions)
    return score([batch], options, output=output, processes=processes, progress=SilentProgress())


def _rows(output: Path) -> list[dict[str, Any]]:
    text = (output / "scores.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def _bytes(output: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in sorted(output.iterdir())}


def test_every_output_has_a_row_with_signatures(tmp_path: Path) -> None:
    examples = _examples()

    summary = _score(tmp_path / "out", examples, _predictions(examples, "b", "a"))

    rows = _rows(tmp_path / "out")
    assert [(row["run"], row["id"]) for row in rows] == [
        (run, f"e{n}") for run in "ab" for n in range(6)
    ]
    assert all(row["signatures"] == summary["signatures"] for row in rows)
    assert summary["corpora"][0]["examples"] == 6
    assert sorted(_bytes(tmp_path / "out")) == ["manifest.json", "scores.jsonl", "summary.json"]


def test_means_are_those_of_the_rows(tmp_path: Path) -> None:
    examples = _examples()

    summary = _score(tmp_path / "out", examples, _predictions(examples, "a"))

    values = [row["metrics"]["rouge1_fmeasure"]["value"] for row in _rows(tmp_path / "out")]
    found = summary["runs"][0]["metrics"]["rouge1_fmeasure"]
    assert found["mean"] == pytest.approx(sum(values) / 6, abs=1e-12)
    assert found["n"] == 6


def test_missing_empty_and_failed_outputs_are_scored_as_empty_texts(tmp_path: Path) -> None:
    examples = _examples(4)
    predictions = [
        Prediction(id="e0", prediction="The dam broke.", run="r"),
        Prediction(id="e1", prediction=" \n", run="r"),
        Prediction(id="e2", prediction="", run="r", failure="TimeoutError: 30 s"),
    ]

    summary = _score(tmp_path / "out", examples, predictions)

    rows = _rows(tmp_path / "out")
    assert [row["state"] for row in rows] == ["written", "empty", "failed", "missing"]
    assert [row["metrics"]["rouge1_fmeasure"]["value"] for row in rows][1:] == [0.0, 0.0, 0.0]
    assert rows[2]["failure"] == "TimeoutError: 30 s"
    assert summary["runs"][0]["n"] == 4
    assert summary["runs"][0]["states"] == {"empty": 1, "failed": 1, "missing": 1, "written": 1}
    redundancy = summary["runs"][0]["metrics"]["max_similarity"]
    assert redundancy["n"] + sum(redundancy["without"].values()) == 4


def test_order_of_input_and_number_of_processes_change_no_byte(tmp_path: Path) -> None:
    examples = _examples(8)
    predictions = _predictions(examples, "a", "b")
    dice = random.Random(3)

    _score(tmp_path / "one", examples, predictions)
    _score(
        tmp_path / "two",
        dice.sample(examples, len(examples)),
        dice.sample(predictions, len(predictions)),
        processes=2,
    )

    assert _bytes(tmp_path / "one") == _bytes(tmp_path / "two")


def test_a_stopped_scoring_goes_on_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    examples = _examples(6)
    predictions = _predictions(examples, "a")
    _score(tmp_path / "whole", examples, predictions)
    scored: list[str] = []
    real = harness.score_cases

    def stop_at_the_fourth(task: Any, options: Options) -> Any:
        if len(scored) == 3:
            raise KeyboardInterrupt
        scored.append(task[0][1].example.id)
        return real(task, options)

    monkeypatch.setattr(harness, "score_cases", stop_at_the_fourth)
    with pytest.raises(KeyboardInterrupt):
        _score(tmp_path / "out", examples, predictions)
    assert not (tmp_path / "out").exists()

    def count(task: Any, options: Options) -> Any:
        scored.append(task[0][1].example.id)
        return real(task, options)

    monkeypatch.setattr(harness, "score_cases", count)
    _score(tmp_path / "out", examples, predictions)

    assert scored == [f"e{n}" for n in range(6)]
    assert _bytes(tmp_path / "out") == _bytes(tmp_path / "whole")


def test_what_changed_since_is_scored_again(tmp_path: Path) -> None:
    examples = _examples(3)
    predictions = _predictions(examples, "a")

    def stopped() -> Any:
        yield from examples
        raise UsageError("stop")

    with pytest.raises(UsageError, match="stop"):
        _score(tmp_path / "out", stopped(), predictions)
    changed = [replace(predictions[0], prediction="Something else."), *predictions[1:]]
    _score(tmp_path / "out", examples, changed, options=replace(CHEAP, mref="mean"))

    _score(tmp_path / "fresh", examples, changed, options=replace(CHEAP, mref="mean"))
    assert _bytes(tmp_path / "out") == _bytes(tmp_path / "fresh")


def test_a_killed_process_loses_nothing_that_was_scored(tmp_path: Path) -> None:
    corpus, predictions = tmp_path / "c.jsonl", tmp_path / "p.jsonl"
    text = "The dam at Orsava broke on day {n} and two villages were flooded."
    with corpus.open("w") as c, predictions.open("w") as p:
        for n in range(400):
            said = text.format(n=n)
            c.write(json.dumps({"id": f"e{n}", "articles": [], "references": [said]}) + "\n")
            p.write(json.dumps({"id": f"e{n}", "prediction": said * 20}) + "\n")
    command = [sys.executable, "-c", "from digest.cli import main; main()", "eval", "score"]
    command += ["--predictions", str(predictions), "--corpus", str(corpus), "--metrics", "rouge"]
    command += ["--processes", "1", "--output"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    killed = subprocess.Popen(
        [*command, str(tmp_path / "out")], env=environment, stderr=subprocess.DEVNULL
    )
    ledger = tmp_path / "out.partial" / "ledger.sqlite-wal"
    deadline = time.monotonic() + 60
    while killed.poll() is None and time.monotonic() < deadline:
        if ledger.exists() and ledger.stat().st_size > 250_000:
            killed.send_signal(signal.SIGKILL)
            break
        time.sleep(0.005)
    killed.wait()
    for name in ("out", "whole"):
        subprocess.run(
            [*command, str(tmp_path / name)], env=environment, check=True, capture_output=True
        )

    assert killed.returncode == -signal.SIGKILL
    assert _bytes(tmp_path / "out") == _bytes(tmp_path / "whole")


def test_a_family_that_fails_is_told_and_costs_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Broken(RedundancyFamily):
        def score(self, case: Case) -> Scored:
            if case.example.id == "e1":
                raise ZeroDivisionError("no sentences")
            return RedundancyFamily(self.options).score(case)

    monkeypatch.setitem(families.FAMILIES, "redundancy", Broken)
    harness._suite.cache_clear()
    examples = _examples(3)

    summary = _score(tmp_path / "out", examples, _predictions(examples, "a"))

    harness._suite.cache_clear()
    row = _rows(tmp_path / "out")[1]
    assert row["errors"] == {"redundancy": "ZeroDivisionError: no sentences"}
    assert row["metrics"]["rouge1_fmeasure"]["value"] is not None
    assert summary["runs"][0]["errors"] == {"redundancy": 1}


def test_predictions_of_another_corpus_are_refused(tmp_path: Path) -> None:
    examples = _examples(2)

    with pytest.raises(UsageError, match="no example for 'e2', 'e3', 'e4'"):
        _score(tmp_path / "out", examples, _predictions(_examples(9), "a"))


def test_two_outputs_of_a_run_for_one_example_are_refused(tmp_path: Path) -> None:
    examples = _examples(1)

    with pytest.raises(UsageError, match="two predictions for 'e0'"):
        _score(tmp_path / "out", examples, 2 * _predictions(examples, "a"))


def test_unknown_families_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="'bleu'; there are rouge"):
        _score(tmp_path / "out", _examples(1), [], options=Options(families=("bleu",)))


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "thesis.txt").write_text("years of work")

    with pytest.raises(UsageError, match="choose another --output"):
        _score(tmp_path / "out", _examples(1), [])

    assert (tmp_path / "out" / "thesis.txt").exists()


def test_a_finished_folder_is_replaced(tmp_path: Path) -> None:
    examples = _examples(2)
    _score(tmp_path / "out", examples, _predictions(examples, "old"))
    _score(tmp_path / "out", examples, _predictions(examples, "new"))

    assert {row["run"] for row in _rows(tmp_path / "out")} == {"new"}
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_two_scorings_never_write_into_one_folder(tmp_path: Path) -> None:
    def in_between() -> Any:
        yield _examples(1)[0]
        _score(tmp_path / "out", _examples(1), [])

    with pytest.raises(UsageError, match="another process"):
        _score(tmp_path / "out", in_between(), [])


def test_a_killed_scoring_process_is_told_with_the_way_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(harness, "score_cases", _die)
    examples = _examples(2)

    with pytest.raises(DigestError, match="--processes 1"):
        _score(tmp_path / "out", examples, _predictions(examples, "a"), processes=2)


def test_memory_does_not_grow_with_the_corpus(tmp_path: Path) -> None:
    def examples() -> Iterator[Example]:
        for example in _examples(200):
            text = example.articles[0].text * 2000  # 70 kB
            yield replace(example, articles=(replace(example.articles[0], text=text),))

    tracemalloc.start()
    try:
        _score(tmp_path / "out", examples(), _predictions(_examples(200), "a"))
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()

    assert peak < 5e6  # the corpus is 14 MB


def _die(*_: object) -> None:
    os._exit(1)


def test_half_a_character_costs_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "p.jsonl"
    path.write_text('{"id": "e0", "prediction": "cut off \\ud83d", "run": "a\\udc00"}\n')

    summary = _score(tmp_path / "out", _examples(1), list(stream_predictions(str(path))))

    assert summary["runs"][0]["run"] == "a\ufffd"
    assert _rows(tmp_path / "out")[0]["prediction"] == "cut off \ufffd"


def test_an_output_that_cites_is_read_line_by_line(tmp_path: Path) -> None:
    example = _examples(1)[0]
    span = SourceSpan(article_id="a", start=0, end=33, quote=example.articles[0].text)
    options = Options(families=("citations",))
    texts = (
        ("The dam at Orsava broke on day 0.\n", ((span,),), 1.0),
        ("\nThe dam at Orsava broke on day 0.", ((), (span,)), 1.0),
        ("The dam at Orsava broke on day 0.", ((),), 0.0),
        ("", (), None),
    )
    for text, citations, recall in texts:
        prediction = Prediction(id="e0", prediction=text, run="a", citations=citations)

        summary = _score(tmp_path / "out", [example], [prediction], options=options)

        assert summary["runs"][0]["errors"] == {}
        assert _rows(tmp_path / "out")[0]["metrics"]["citation_recall"]["value"] == recall
