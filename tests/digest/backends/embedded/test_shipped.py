"""The models that ship: all there, small enough, and able to do what they are for."""

from __future__ import annotations

import json
import math

import pytest

from digest.backends.embedded.files import SHIPPED
from digest.backends.embedded.pieces import word_spans
from digest.backends.embedded.tagger import shipped
from digest.backends.fusion.rewriting import ModelRewriter

_MODELS = ("ner", "compress", "fuse")


def words(text: str) -> list[str]:
    return [text[start:end] for start, end in word_spans(text)]


@pytest.mark.parametrize("name", _MODELS)
def test_a_card_says_what_the_model_was_made_of(name: str) -> None:
    card = (SHIPPED / name / "README.md").read_text("utf-8")
    record = json.loads((SHIPPED / name / "training.json").read_text("utf-8"))
    assert all(file in card for file in record["corpora"])
    assert "## Scores" in card
    assert "all-MiniLM-L6-v2 (Apache-2.0)" in card


def test_together_they_are_small() -> None:
    assert sum(path.stat().st_size for path in SHIPPED.rglob("*") if path.is_file()) < 60e6


def test_the_gap_model_misses_words_that_were_cut() -> None:
    whole, verb, noun = (
        [math.exp(gap) for gap in scores["gap"][:, 1]]
        for scores in shipped("fuse").scores(
            [
                words("The council approved the budget on Monday."),
                words("The council the budget on Monday."),
                words("The council approved the on Monday."),
            ]
        )
    )
    assert max(whole[:5]) < 0.1
    assert verb.index(max(verb)) == 2
    assert noun.index(max(noun)) == 4
    assert min(max(verb), max(noun)) > 0.6


def test_a_long_sentence_has_shorter_wordings() -> None:
    text = (
        "Remarkably, the council approved the budget, which includes new money for schools,"
        " after a long debate."
    )
    (wordings,) = ModelRewriter().shorten([text])
    short = "The council approved the budget"
    assert [w.text for w in wordings] == [
        f"{short}, which includes new money for schools, after a long debate.",
        f"{short}.",
    ]
    assert all(0 < w.quality <= 1 for w in wordings)


def test_what_has_no_shorter_wording_has_none() -> None:
    assert ModelRewriter().shorten(["The vote passed.", ""]) == [(), ()]
