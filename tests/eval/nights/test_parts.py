"""The parts of a night: lock, store, facts, settings."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from digest.config import load_config
from digest.errors import ConfigError, UsageError
from eval.comparing.records import Outcome
from eval.errors import BusyError
from eval.nights.facts import changes, facts_of
from eval.nights.locking import held
from eval.nights.records import Cause, Fact, Night
from eval.nights.settings import load_plan
from eval.nights.store import NightStore

ROOT = Path(__file__).resolve().parents[3]


def test_a_lock_is_for_one(tmp_path: Path) -> None:
    lock = tmp_path / "store" / "lock"
    with held(lock, what="the night n1") as killed:
        assert killed is None
        with (
            pytest.raises(BusyError, match=f"the night n1.*process {os.getpid()}") as found,
            held(lock, what="the night n2"),
        ):
            pass
        assert found.value.exit_code == 75
    with held(lock, what="the night n3") as killed:
        assert killed is None


def test_the_lock_of_a_killed_process_is_free_and_says_whose_it_was(tmp_path: Path) -> None:
    lock = tmp_path / "lock"
    script = (
        "import os, sys; from pathlib import Path; from eval.nights.locking import held\n"
        "with held(Path(sys.argv[1]), what='the night n1'): os.kill(os.getpid(), 9)"
    )
    done = subprocess.run([sys.executable, "-c", script, str(lock)], cwd=ROOT, check=False)
    assert done.returncode == -9
    with held(lock, what="the night n1") as killed:
        assert killed is not None
        assert killed.startswith("the night n1 (process ")


def test_a_damaged_note_beside_a_lock_is_no_obstacle(tmp_path: Path) -> None:
    (tmp_path / "lock.json").write_text("[", encoding="utf-8")
    with held(tmp_path / "lock", what="x") as killed:
        assert killed is None


def _night(name: str) -> Night:
    return Night(
        schema_version=1,
        night=name,
        cells=(),
        outcome=Outcome.PASS,
        exit_code=0,
        steps=(),
        notes=(),
    )


def _store(path: Path, nights: list[str]) -> NightStore:
    store = NightStore(path)
    for night in nights:
        store.cell(night, "a", "b").mkdir(parents=True)
    return store


def test_old_nights_go_and_pinned_ones_never(tmp_path: Path) -> None:
    store = _store(tmp_path, [f"2026-01-0{n}" for n in range(1, 8)])
    store.pin({"a@b": "2026-01-02", "c@b": "2026-01-06"})
    (tmp_path / "nights" / "notes").mkdir()  # a stranger's folder

    gone = store.prune(keep=2, tonight="2026-01-07")

    assert gone == ["2026-01-01", "2026-01-03", "2026-01-04", "2026-01-05"]
    left = sorted(path.name for path in (tmp_path / "nights").iterdir())
    assert left == ["2026-01-02", "2026-01-06", "2026-01-07", "notes"]


def test_tonight_stays_even_where_its_name_is_older(tmp_path: Path) -> None:
    store = _store(tmp_path, ["a", "b", "c"])
    assert store.prune(keep=1, tonight="a") == ["b"]


def test_a_night_is_finished_when_its_file_is_there(tmp_path: Path) -> None:
    store = _store(tmp_path, ["n1"])
    assert store.finished("n1") is None
    store.finish(_night("n1"))
    assert store.finished("n1") == _night("n1")


def test_damaged_pins_are_told(tmp_path: Path) -> None:
    (tmp_path / "baseline.json").write_text("[1", encoding="utf-8")
    with pytest.raises(UsageError, match=r"baseline\.json is damaged"):
        NightStore(tmp_path).pins()


def test_facts_say_which_choice_changed() -> None:
    before = load_config("configs/bart-large-cnn.yaml")
    after = load_config(
        "configs/bart-large-cnn.yaml",
        (
            "summarize.max_words=80",
            "summarize.backends.0.revision=abc",
            "summarize.backends.0.cache=false",
        ),
    )
    one = facts_of(before, corpus_sha256="x", signatures={"rouge": "r|v:1"})
    other = facts_of(after, corpus_sha256="y", signatures={"rouge": "r|v:2"})
    found = {(c.cause, c.name) for c in changes(one, other)}
    assert found == {
        (Cause.CONFIG, "summarize.max_words"),
        (Cause.MODEL, "summarize.backends.0.revision"),
        (Cause.DATA, "corpus"),
        (Cause.MEASURE, "rouge"),
    }
    assert {fact.cause for fact in one} >= {Cause.LIBRARY, Cause.MACHINE}
    assert changes(one, one) == ()


def test_other_weights_in_the_same_folder_are_another_model(tmp_path: Path) -> None:
    def weights(content: str, name: str) -> str:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "model.safetensors").write_text(content, encoding="utf-8")
        config = load_config(
            "configs/bart-large-cnn.yaml", (f"summarize.backends.0.model={folder}",)
        )
        facts = facts_of(config, corpus_sha256="x", signatures={})
        return next(f.value for f in facts if f.name.endswith("weights"))

    assert weights("a", "one") == weights("a", "two") != weights("b", "three")


def test_a_fact_that_appears_or_goes_is_a_change() -> None:
    fact = Fact(cause=Cause.MACHINE, name="gpu 0", value="H200")
    assert [(c.before, c.after) for c in changes([], [fact])] == [(None, "H200")]
    assert [(c.before, c.after) for c in changes([fact], [])] == [("H200", None)]


def test_settings_are_checked(tmp_path: Path) -> None:
    path = tmp_path / "nightly.yaml"
    good = {
        "schema_version": 1,
        "store": "s",
        "configurations": {"a": "a.yaml"},
        "corpora": {"b": "b.jsonl", "hub": "org/name"},
    }
    path.write_text(json.dumps(good), encoding="utf-8")
    (tmp_path / "b.jsonl").touch()
    plan = load_plan(path)
    assert plan.cells == [("a", "b"), ("a", "hub")]
    assert plan.corpus("b") == str(tmp_path / "b.jsonl")
    assert plan.corpus("hub") == "org/name"
    for wrong, message in (
        ({"keep_night": 3}, "did you mean 'keep_nights'"),
        ({"configurations": {"../a": "a.yaml"}}, "configurations"),
        ({"gate": {"margin": {}}}, "did you mean 'margins'"),
    ):
        path.write_text(json.dumps({**good, **wrong}), encoding="utf-8")
        with pytest.raises(ConfigError, match=message):
            load_plan(path)
