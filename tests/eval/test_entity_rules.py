"""The benchmark of the rule for "supported", on a tiny made-up set of labelled summaries."""

from __future__ import annotations

import json
import lzma
import sys
from typing import TYPE_CHECKING

import pytest

from benchmarks import entities
from benchmarks.entity_rules import Corpus, rules

if TYPE_CHECKING:
    from pathlib import Path

_ROWS: tuple[tuple[str, str, set[str]], ...] = (
    ("The US paid for the bridge in Varenda.", "The bus to Varenda crossed the bridge.", {"US"}),
    ("The Orsava dam held for 10-year floods.", "Dam of Orsava: floods of 10 years.", set()),
    ("Ada Brandt won £17.7m.", "Brandt won a prize of £17.7m, officials said.", {"Ada Brandt"}),
)
_LABELLED = (
    ("US", "GPE"),
    ("Varenda", "GPE"),
    ("Orsava", "GPE"),
    ("10-year", "DATE"),
    ("Ada Brandt", "PERSON"),
    ("17.7", "MONEY"),
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    path = tmp_path / entities.CORPUS
    path.parent.mkdir(parents=True)
    with lzma.open(path, "wt", encoding="utf-8") as handle:
        for prediction, source, wrong in _ROWS:
            labelled = [
                {
                    "start": prediction.index(text),
                    "end": prediction.index(text) + len(text),
                    "type": kind,
                    "label": "Non-factual Hallucination" if text in wrong else "Non-hallucinated",
                }
                for text, kind in _LABELLED
                if text in prediction
            ]
            row = {"source": source, "prediction": prediction, "entities": labelled}
            handle.write(json.dumps(row) + "\n")
    return tmp_path


def test_the_rules_differ_where_they_should(data: Path) -> None:
    corpus = Corpus(data / entities.CORPUS)
    own = corpus.clusters(size=1)
    flags = {
        name: entities.flagged(corpus, rule, own, anchored=False)
        for name, rule in rules(corpus).items()
    }
    # US, Varenda, Orsava, 10-year, Ada Brandt, 17.7
    assert flags["any word (Nan et al.)"] == [False, False, False, True, False, False]
    assert flags["case-insensitive"] == [False, False, False, True, True, False]
    assert flags["token boundary"] == [True, False, False, True, True, True]
    assert flags["digest"] == [True, False, False, False, True, False]


def test_the_command_prints_its_tables(
    data: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DIGEST_DATA", str(data))
    monkeypatch.setattr(sys, "argv", ["entities", "--markdown"])
    entities.main()
    printed = capsys.readouterr().out
    assert "| digest                | 1.000 | 1.000 |  1.000 |" in printed
    assert "6 entities; anchored|k:3" in printed
