from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from digest.errors import UsageError
from eval.report import write_report
from eval.report.material import read_outputs
from eval.report.shown import page_name

if TYPE_CHECKING:
    from pathlib import Path

    from eval.report import Material


def _bytes(folder: Path) -> dict[str, bytes]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): path.read_bytes() for path in files}


def test_equal_material_gives_equal_bytes(report: Path, sample: Material, tmp_path: Path) -> None:
    again = write_report(tmp_path / "again", sample).parent
    assert _bytes(again) == _bytes(report)
    assert sorted(_bytes(report)) == sorted(
        [
            "report.txt",
            "index.html",
            "clusters.html",
            "nights.html",
            *(f"clusters/{page_name(name)}" for name in ("bridge", "strike", "nothing")),
        ]
    )


def test_pages_name_no_other_place(report: Path) -> None:
    for name, content in _bytes(report).items():
        text = re.sub(rb'href="https://post.example/a"|http://www.w3.org/2000/svg', b"", content)
        assert b"://" not in text, name
        assert b"style=" not in text, name


def test_an_earlier_report_is_replaced_and_nothing_else_is(
    sample: Material, tmp_path: Path
) -> None:
    write_report(tmp_path / "report", sample)
    (tmp_path / "report" / "clusters" / "old.html").write_text("old", encoding="utf-8")
    write_report(tmp_path / "report", replace(sample, trend=None))
    assert not (tmp_path / "report" / "clusters" / "old.html").exists()
    assert not (tmp_path / "report" / "nights.html").exists()
    assert [path.name for path in tmp_path.iterdir()] == ["report"]
    mine = tmp_path / "mine"
    mine.mkdir()
    (mine / "thesis.txt").write_text("mine", encoding="utf-8")
    with pytest.raises(UsageError, match="is there already and no report"):
        write_report(mine, sample)
    assert (mine / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_what_cannot_be_written_is_said(sample: Material, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(UsageError, match="cannot write the report"):
        write_report(tmp_path / "file" / "report", sample)


def test_missing_rows_and_examples_are_named(sample: Material, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no row of old for the cluster 'bridge'"):
        write_report(tmp_path / "report", replace(sample, folders=()))
    with pytest.raises(UsageError, match="cannot be read"):
        write_report(tmp_path / "report", replace(sample, folders=(tmp_path / "none",)))
    corpus = tmp_path / "corpus.jsonl"
    lines = sample.corpus.read_text(encoding="utf-8").splitlines(keepends=True)
    corpus.write_text("".join(lines[:-1]), encoding="utf-8")
    with pytest.raises(UsageError, match="has no example 'nothing'"):
        write_report(tmp_path / "report", replace(sample, corpus=corpus))
    assert not (tmp_path / "report").exists()


def test_equal_runs_of_two_folders_are_told_apart(sample: Material) -> None:
    comparison = sample.comparison
    old, new = (comparison.system(name) for name in ("old", "new"))
    twice = replace(comparison, systems=(replace(old, name="scores/old"), new))
    found = read_outputs(replace(sample, comparison=twice), ["words"])
    assert list(found["bridge"]) == ["scores/old", "new"]
    assert found["bridge"]["scores/old"].text.endswith("Otto Lindqvist said that it would last.")
    assert found["bridge"]["new"].metrics == {"words": 13.0}
