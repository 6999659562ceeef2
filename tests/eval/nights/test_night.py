"""Whole nights with small configurations."""

from __future__ import annotations

import json
import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from typer.testing import CliRunner

from digest.cli import app
from digest.manifest import SilentProgress
from eval.comparing.records import Outcome
from eval.errors import BusyError
from eval.nights.locking import held
from eval.nights.night import run_night, run_one_cell
from eval.nights.records import Cause
from eval.nights.settings import load_plan
from tests.eval.conftest import rows, write_rows

if TYPE_CHECKING:
    from eval.nights.night import NightRun
    from eval.nights.records import NightlyCell

ROOT = Path(__file__).resolve().parents[3]


def _configuration(path: Path, **summarize: Any) -> None:
    data = yaml.safe_load((ROOT / "configs" / "lead.yaml").read_text(encoding="utf-8"))
    data["summarize"].update(summarize)
    path.write_text(yaml.safe_dump(data), encoding="utf-8")


def _many(count: int, prefix: str = "e") -> list[dict[str, Any]]:
    base = rows()
    return [{**base[n % 2], "id": f"{prefix}{n}"} for n in range(count)]


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """Return a folder with a plan of one configuration on one corpus of six examples."""
    _configuration(tmp_path / "short.yaml", max_words=20)
    _configuration(tmp_path / "long.yaml", max_words=60)
    write_rows(tmp_path / "news.jsonl", _many(6))
    _write_plan(tmp_path)
    return tmp_path


def _write_plan(home: Path, **changes: Any) -> None:
    plan = {
        "schema_version": 1,
        "store": "store",
        "configurations": {"long": "long.yaml"},
        "corpora": {"news": "news.jsonl"},
        "html": False,
        "scoring": {"families": ["rouge", "redundancy"]},
        "compare": {"primary": ["rouge1_recall"], "resamples": 999},
        "gate": {"margins": {"rouge1_recall": 0.01}},
        **changes,
    }
    (home / "nightly.yaml").write_text(yaml.safe_dump(plan), encoding="utf-8")


BOTH = {"short": "short.yaml", "long": "long.yaml"}


def _run(home: Path, night: str, *, pin: bool = False) -> NightRun:
    plan = load_plan(home / "nightly.yaml")
    return run_night(plan, night, pin=pin, progress=SilentProgress())


def _cell(done: NightRun, configuration: str) -> NightlyCell:
    return next(cell for cell in done.night.cells if cell.configuration == configuration)


def _bytes(folder: Path) -> dict[str, bytes]:
    """Return what a night leaves, but for locks; paths of the store do not count."""
    return {
        str(path.relative_to(folder)): path.read_bytes().replace(
            str(folder.parents[2]).encode(), b"HOME"
        )
        for path in sorted(folder.rglob("*"))
        if path.is_file() and ".lock" not in path.name
    }


def test_nights_from_the_first_to_a_changed_one(home: Path) -> None:
    _write_plan(home, configurations=BOTH)
    first = _run(home, "n1")
    assert first.night.outcome is Outcome.PASS
    assert json.loads((home / "store/baseline.json").read_text()) == {
        "long@news": "n1",
        "short@news": "n1",
    }
    night = home / "store/nights/n1"
    left = {path.name for path in night.iterdir()}
    assert left == {"cells", "comparisons", "junit.xml", "night.json", "summary.md"}

    same = _run(home, "n2")
    assert same.night.exit_code == 0
    assert all(cell.identical and not cell.changes for cell in same.night.cells)
    assert all(noise.difference == 0 for cell in same.night.cells for noise in cell.noise)
    assert same.night.steps == ()

    _configuration(home / "long.yaml", max_words=25)
    changed = _run(home, "n3")
    cell = _cell(changed, "long")
    assert (cell.outcome, changed.night.exit_code) == (Outcome.REGRESSED, 3)
    assert [(c.cause, c.name, c.before, c.after) for c in cell.changes] == [
        (Cause.CONFIG, "summarize.max_words", "60", "25")
    ]
    (step,) = changed.night.steps
    assert (step.configuration, step.causes) == ("long", cell.changes)
    assert _cell(changed, "short").outcome is Outcome.PASS

    # Held against what is pinned, not against yesterday: the loss does not go away by itself.
    assert _cell(_run(home, "n4"), "long").outcome is Outcome.REGRESSED
    assert _cell(_run(home, "n5", pin=True), "long").outcome is Outcome.REGRESSED
    assert _run(home, "n6").night.exit_code == 0


def test_a_night_without_its_comparison_does_not_pass(home: Path) -> None:
    _write_plan(home, configurations=BOTH, compare={"primary": ["rouge1_recal"]})
    done = _run(home, "n1").night
    assert (done.outcome, done.exit_code) == (Outcome.NOT_COMPARABLE, 5)
    (note,) = done.notes
    assert "rouge1_recal" in note
    assert all(cell.outcome is Outcome.PASS for cell in done.cells)


def test_a_cell_that_fails_hides_no_other(home: Path) -> None:
    _write_plan(home, configurations=BOTH)
    (home / "short.yaml").write_text("schema_version: 1\nsummarise: {}\n", encoding="utf-8")
    done = _run(home, "n1")
    broken, good = _cell(done, "short"), _cell(done, "long")
    assert (broken.outcome, good.outcome) == (Outcome.FAILED, Outcome.PASS)
    assert "did you mean 'summarize'" in (broken.failure or "")
    assert done.night.exit_code == 3
    assert "<error" in (home / "store/nights/n1/junit.xml").read_text(encoding="utf-8")
    # What failed was never pinned: the night on which it works is its first.
    _configuration(home / "short.yaml", max_words=20)
    assert _cell(_run(home, "n2"), "short").pinned == "n2"


def test_a_cell_that_takes_too_long_is_stopped(home: Path) -> None:
    _write_plan(home, timeout_s=0.01)
    done = _run(home, "n1")
    assert {cell.outcome for cell in done.night.cells} == {Outcome.FAILED}
    assert "0.01 s" in (done.night.cells[0].failure or "")


def test_other_data_is_not_comparable_until_it_is_pinned(home: Path) -> None:
    _run(home, "n1")
    write_rows(home / "news.jsonl", _many(5))
    done = _run(home, "n2")
    assert done.night.exit_code == 5
    assert any(change.cause is Cause.DATA for change in done.night.cells[0].changes)
    assert "1 of 6 clusters are in long of n1" in " ".join(done.night.cells[0].reasons)
    _run(home, "n3", pin=True)
    assert _run(home, "n4").night.exit_code == 0


def test_a_finished_night_is_not_run_again(home: Path) -> None:
    first = _run(home, "n1")
    before = _bytes(home / "store/nights/n1")
    again = _run(home, "n1")
    assert again.night == first.night
    assert "finished already" in again.remarks[0]
    assert _bytes(home / "store/nights/n1") == before


def test_two_at_once_are_one_and_a_refusal(home: Path) -> None:
    with held(home / "store/nightly.lock", what="the night n1"), pytest.raises(BusyError):
        _run(home, "n1")


def test_cells_one_by_one_then_the_night(home: Path) -> None:
    _write_plan(home, configurations=BOTH)
    plan = load_plan(home / "nightly.yaml")
    assert [run_one_cell(plan, "n1", number) for number in (0, 1)] == [None, None]
    _run(home, "n1")
    whole = _bytes(home / "store/nights/n1")
    (home / "store").rename(home / "other")
    _run(home, "n1")
    assert _bytes(home / "store/nights/n1") == whole


def test_old_nights_go_and_their_points_stay(home: Path) -> None:
    _write_plan(home, keep_nights=1)
    for night in ("n1", "n2", "n3"):
        done = _run(home, night)
    assert done.remarks == ("removed the night n2",)
    assert sorted(p.name for p in (home / "store/nights").iterdir()) == ["n1", "n3"]
    history = (home / "store/history.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["night"] for line in history] == ["n1", "n2", "n3"]


def test_the_commands(home: Path) -> None:
    def said(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["eval", *arguments])
        return done.exit_code, done.output

    plan = str(home / "nightly.yaml")
    assert said("nightly", "-c", plan, "--list") == (0, "0 long@news\n")
    code, text = said("nightly", "-c", plan, "--night", "n1")
    assert code == 0
    assert "night n1: pass" in text
    assert said("nightly", "-c", plan, "--night", "n2", "--cell", "0")[0] == 0
    _configuration(home / "long.yaml", max_words=25)
    assert said("nightly", "-c", plan, "--night", "n3")[0] == 3
    code, text = said("trend", str(home / "store"), "--metric", "rouge1_recall")
    assert code == 0
    assert "step at n3: long on news" in text
    assert "config summarize.max_words: 60 → 25" in text


def _start(home: Path, night: str) -> subprocess.Popen[bytes]:
    command = [
        sys.executable,
        "-c",
        "import sys; sys.argv[0] = 'digest'; from digest.cli import main; main()",
        *("eval", "nightly", "--config", str(home / "nightly.yaml"), "--night", night),
    ]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def test_a_night_that_was_killed_goes_on_and_leaves_no_process(home: Path) -> None:
    process = _start(home, "n1")
    cells = home / "store/nights/n1/cells"
    while not list(cells.glob("*/predictions.jsonl*")) and process.poll() is None:
        time.sleep(0.01)
    process.send_signal(signal.SIGKILL)
    process.wait()
    done = _run(home, "n1")
    assert done.remarks[0].startswith("the night n1 (process ")
    killed = _bytes(home / "store/nights/n1")
    (home / "store").rename(home / "killed")
    _run(home, "n1")
    assert _bytes(home / "store/nights/n1") == killed


@pytest.mark.slow
def test_twenty_kills_change_no_byte(home: Path) -> None:
    _configuration(home / "middle.yaml", max_words=40)
    write_rows(home / "more.jsonl", _many(9, "m"))
    _write_plan(
        home,
        configurations={"short": "short.yaml", "middle": "middle.yaml", "long": "long.yaml"},
        corpora={"news": "news.jsonl", "more": "more.jsonl"},
    )
    _run(home, "n1")
    whole = _bytes(home / "store/nights/n1")
    (home / "store").rename(home / "whole")
    dice = random.Random(int(os.environ.get("SEED", "0")))
    kills = 0
    while kills < 20:
        process = _start(home, "n1")
        time.sleep(dice.uniform(0.5, 12))
        if process.poll() is not None:  # it was finished: once more from the start
            (home / "store").rename(home / f"finished-{kills}")
            continue
        process.send_signal(signal.SIGKILL)
        process.wait()
        kills += 1
    _run(home, "n1")
    assert _bytes(home / "store/nights/n1") == whole
