from __future__ import annotations

import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest

from digest.errors import UsageError
from eval.comparing.compare import compare
from eval.comparing.gate import gate_comparison
from eval.comparing.records import Outcome
from eval.comparing.settings import CompareConfig
from eval.nights.records import (
    Cause,
    Change,
    Fact,
    Level,
    Night,
    NightlyCell,
    Step,
    TrendPoint,
)
from eval.nights.settings import MlflowConfig
from eval.sinks.junit import gate_xml, night_xml
from eval.sinks.markdown import comparison_markdown, gate_markdown, night_markdown
from eval.sinks.mlflow import log_night
from eval.sinks.writing import write_text
from tests.eval.comparing.builders import entrant

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path

CONFIG = CompareConfig(primary=("rouge2_fmeasure",), resamples=999)
BASE = [float(v) for v in np.random.default_rng(0).uniform(0.1, 0.3, 30)]
WORSE = [v - 0.05 - n / 1000 for n, v in enumerate(BASE)]


def _night(**changes: Any) -> Night:
    change = Change(cause=Cause.CONFIG, name="summarize.max_words", before="220", after="80")
    cell = NightlyCell(
        configuration="lead",
        corpus="a|b<script>",
        folder="cells/lead@seeds",
        pinned="n1",
        outcome=Outcome.REGRESSED,
        reasons=("regressed: rouge2_fmeasure: -0.05\x00",),
        failure=None,
        identical=False,
        outputs_sha256="x",
        noise=(),
        changes=(change,),
    )
    step = Step(
        configuration="lead",
        corpus="seeds",
        metric="rouge2_fmeasure",
        night="n2",
        previous_night="n1",
        before=0.2,
        after=0.15,
        p=None,
        causes=(change,),
    )
    return Night(
        schema_version=1,
        night="n2",
        cells=(cell,),
        outcome=Outcome.REGRESSED,
        exit_code=3,
        steps=(step,),
        notes=("a note",),
        **changes,
    )


def test_markdown_of_a_comparison_has_a_row_per_primary_metric() -> None:
    found = comparison_markdown(compare([entrant("old", BASE), entrant("new", WORSE)], CONFIG))
    assert "### `new` beside `old`: worse" in found
    assert "| rouge2_fmeasure |" in found
    same = comparison_markdown(
        compare([entrant("old", BASE, text="t"), entrant("new", BASE, text="t")], CONFIG)
    )
    assert "no change" in same
    assert "byte for byte" in same


def test_names_cannot_break_out_of_markdown() -> None:
    systems = [entrant("a|`<b>`\n# x", BASE), entrant("new", WORSE)]
    found = comparison_markdown(compare(systems, CONFIG))
    assert "<b>" not in found
    assert "\n# x" not in found


def test_many_pairs_are_cut_short() -> None:
    systems = [entrant(f"s{n}", [v + n / 100 for v in BASE]) for n in range(7)]
    found = comparison_markdown(compare(systems, CONFIG))
    assert found.count("###") == 15
    assert "6 more pairs" in found


def test_gates_as_markdown_and_xml() -> None:
    comparison, decision = gate_comparison(
        [entrant("old", BASE), entrant("new", WORSE)], CONFIG, {"rouge2_fmeasure": 0.01}
    )
    assert gate_markdown(comparison, decision).startswith("## Gate: regressed\n\n- regressed:")
    suite = ET.fromstring(gate_xml(comparison, decision))  # noqa: S314 - our own XML
    assert (suite.get("tests"), suite.get("failures")) == ("1", "1")
    failure = suite.find("testcase/failure")
    assert failure is not None
    assert "margin 0.01" in (failure.get("message") or "")


def test_a_gate_that_saw_the_same_outputs_is_one_case_that_passed() -> None:
    comparison, decision = gate_comparison(
        [entrant("old", BASE, text="t"), entrant("new", BASE, text="t")], CONFIG, {"words": 1.0}
    )
    suite = ET.fromstring(gate_xml(comparison, decision))  # noqa: S314 - our own XML
    assert (suite.get("tests"), suite.get("failures"), suite.get("errors")) == ("1", "0", "0")


def test_nights_as_markdown_and_xml() -> None:
    text = night_markdown(_night())
    assert text.startswith("## Night n2: regressed")
    assert "<script>" not in text
    assert "summarize.max\\_words" in text
    assert "0.200 → 0.150 since n2" in text
    assert "- a note" in text
    suite = ET.fromstring(night_xml(_night()))  # noqa: S314 - our own XML
    case = suite.find("testcase")
    assert case is not None
    assert case.get("classname") == "nightly.a|b<script>"
    assert suite.get("failures") == "1"


def _point() -> TrendPoint:
    return TrendPoint(
        night="n2",
        configuration="lead",
        corpus="seeds",
        outcome=Outcome.PASS,
        outputs_sha256="x",
        n=4,
        states=(),
        levels=(
            Level(metric="rouge2_fmeasure", mean=0.2, sd=0.1, n=4),
            Level(metric="entailment", mean=None, sd=None, n=0),
        ),
        noise=(),
        facts=tuple(Fact(cause=Cause.CONFIG, name=f"key {n}", value="v" * 600) for n in range(130)),
    )


class FakeMlflow:
    """Keeps what is logged, and the limits that MLflow has."""

    def __init__(self) -> None:
        self.said: list[tuple[str, Any]] = []

    def __getattr__(self, name: str) -> Any:
        def call(*given: Any, **named: Any) -> AbstractContextManager[None] | None:
            if name == "log_params":
                assert len(given[0]) <= 100
                assert all(len(value) <= 500 for value in given[0].values())
            self.said.append((name, given[0] if given else named))
            return _nothing() if name == "start_run" else None

        return call


def _nothing() -> AbstractContextManager[None]:
    from contextlib import nullcontext  # noqa: PLC0415 - only the fake needs it

    return nullcontext()


@pytest.fixture
def fake(monkeypatch: pytest.MonkeyPatch) -> FakeMlflow:
    module = FakeMlflow()
    monkeypatch.setitem(sys.modules, "mlflow", SimpleNamespace())
    monkeypatch.setattr("eval.sinks.mlflow.import_module", lambda _: module)
    return module


SETTINGS = MlflowConfig(tracking_uri="file:./mlruns")


def test_mlflow_gets_a_run_per_cell_of_tonight(fake: FakeMlflow) -> None:
    assert log_night(_night(), [_point()], SETTINGS) == ()
    said = dict(fake.said)
    assert said["set_tracking_uri"] == "file:./mlruns"
    assert said["start_run"] == {"run_name": "n2 lead@seeds"}
    assert said["log_metrics"] == {"rouge2_fmeasure": 0.2}
    params = [given for name, given in fake.said if name == "log_params"]
    assert sum(map(len, params)) == 130


def test_mlflow_that_is_not_there_or_does_not_answer_costs_a_note(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr("eval.sinks.mlflow.import_module", missing)
    (note,) = log_night(_night(), [_point()], SETTINGS)
    assert "pip install" in note

    def refuse(_: str) -> None:
        raise ConnectionError("no answer")

    monkeypatch.setattr(
        "eval.sinks.mlflow.import_module", lambda _: SimpleNamespace(set_tracking_uri=refuse)
    )
    assert log_night(_night(), [], SETTINGS) == (
        "not logged to MLflow: ConnectionError: no answer",
    )


def test_a_file_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    write_text(tmp_path / "a" / "b.md", "x")
    with pytest.raises(UsageError, match="cannot write"):
        write_text(tmp_path / "a" / "b.md" / "c.md", "x")
