from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.codec import decode, dump_records, encode, load_records
from digest.errors import UsageError
from digest.records import Dropped, DropReason, Stage, Variant
from digest.store import MANIFEST, RunFolder, write_atomically

if TYPE_CHECKING:
    from pathlib import Path

HEADER = {"key": "k", "created": "2025-01-01T00:00:00Z", "run_id": "r"}


@given(st.lists(st.builds(Variant, article_id=st.text(), sentence=st.integers(), text=st.text())))
def test_records_survive_the_way_through_json(records: list[Variant]) -> None:
    text = dump_records(records)
    assert load_records(Variant, text) == tuple(records)
    assert text.count("\n") == len(records), "one line each, whatever the text holds"


def test_an_enum_is_written_as_its_word() -> None:
    drop = Dropped(article_id="a", stage=Stage.INGEST, reason=DropReason.EMPTY)
    assert json.loads(encode(drop))["reason"] == "empty"
    assert decode(Dropped, encode(drop)) == drop


def test_a_line_that_is_no_record_is_named() -> None:
    with pytest.raises(UsageError, match="line 2 is no Variant"):
        load_records(Variant, '{"article_id":"a","sentence":1,"text":"t"}\n{"x":1}\n')


MADE = {"run_id": "r", "config_sha256": "c", "stages": []}


def _finished(path: Path, text: str = "old") -> None:
    folder = RunFolder(path)
    folder.open(dict(HEADER), resume=False)
    folder.put("briefing.md", text)
    folder.publish(MADE)


def test_the_last_good_run_stays_until_the_next_is_finished(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _finished(out)
    folder = RunFolder(out)
    folder.open(dict(HEADER), resume=False)
    folder.put("briefing.md", "new")
    assert (out / "briefing.md").read_text() == "old\n"
    folder.publish({**MADE, "run_id": "s"})
    assert (out / "briefing.md").read_text() == "new\n"
    assert json.loads((out / MANIFEST).read_text())["run_id"] == "s"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_a_kill_between_the_two_renames_is_mended(tmp_path: Path) -> None:
    out = tmp_path / "out"
    _finished(out)
    out.rename(tmp_path / "out.previous")
    RunFolder(out).open(dict(HEADER), resume=False)
    assert (out / "briefing.md").read_text() == "old\n"


def test_a_folder_that_is_no_run_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match="not a run folder"):
        RunFolder(tmp_path).open(dict(HEADER), resume=False)
    file = tmp_path / "notes.txt"
    with pytest.raises(UsageError, match="not a run folder"):
        RunFolder(file).open(dict(HEADER), resume=False)


def test_only_the_same_run_is_resumed(tmp_path: Path) -> None:
    out = tmp_path / "out"
    RunFolder(out).open(dict(HEADER), resume=False)
    later = {**HEADER, "created": "2026-01-01T00:00:00Z"}
    assert RunFolder(out).open(later, resume=True)["created"] == HEADER["created"]
    with pytest.raises(UsageError, match="another configuration, other inputs or models"):
        RunFolder(out).open({**HEADER, "key": "other"}, resume=True)


def test_a_torn_line_is_cut_off(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "out")
    folder.open(dict(HEADER), resume=False)
    first = Variant(article_id="a", sentence=0, text="One.")
    folder.append("lines.jsonl", first)
    with (folder.path / "lines.jsonl").open("a") as handle:
        handle.write('{"article_id": "b", "sen')
    assert folder.appended("lines.jsonl", Variant) == [first]
    assert folder.read("lines.jsonl") == encode(first) + "\n"


@pytest.mark.parametrize("name", ["out", "out.partial", "out.previous"])
def test_a_stranger_is_never_removed(tmp_path: Path, name: str) -> None:
    stranger = tmp_path / name
    stranger.mkdir()
    (stranger / MANIFEST).write_text("{}")
    (stranger / "mine.js").write_text("x")
    with pytest.raises(UsageError, match="is not a run folder"):
        RunFolder(tmp_path / "out").open(dict(HEADER), resume=False)
    assert (stranger / "mine.js").exists()


def test_what_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(UsageError, match="another"):
        RunFolder(tmp_path / "file" / "out").open(dict(HEADER), resume=False)
    with pytest.raises(UsageError, match="cannot write"):
        write_atomically(tmp_path / "none" / "x.txt", "x")


def test_a_damaged_stage_file_is_named(tmp_path: Path) -> None:
    folder = RunFolder(tmp_path / "out")
    folder.open(dict(HEADER), resume=False)
    folder.put("draft.json", "{")
    with pytest.raises(UsageError, match=r"draft\.json is damaged"):
        folder.keep("draft.json", dict, str, json.loads)
    (folder.path / "run.json").write_text('{"run_id": 1}')
    with pytest.raises(UsageError, match="begun with another"):
        folder.open(dict(HEADER), resume=True)
