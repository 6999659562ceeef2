from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.embedded.pieces import MAX_PIECES, SHAPES, WordPieces, shape, word_spans
from tests.digest.backends.embedded.tiny_bert import encoder

_CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "cases" / "embedded" / "words.json").read_text("utf-8")
)


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    return WordPieces(encoder(tmp_path_factory.mktemp("encoder")) / "tokenizer.json")


@pytest.mark.parametrize("case", _CASES, ids=[case["label"] for case in _CASES])
def test_words(case: dict[str, Any]) -> None:
    text = case["input"]
    assert [text[start:end] for start, end in word_spans(text)] == case["expected"]


@settings(deadline=None)
@given(st.text())
def test_words_hold_every_character_but_space_once_and_in_order(text: str) -> None:
    spans = word_spans(text)
    assert all(a < b for a, b in spans)
    assert all(b <= c for (_, b), (c, _) in itertools.pairwise(spans))
    words = "".join(text[start:end] for start, end in spans)
    assert words == "".join(text.split())


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("", "none"),
        ("–", "none"),
        ("bank", "lower"),
        ("Bank", "title"),
        ("Łódź", "title"),
        ("A", "initial"),
        ("UN", "upper"),
        ("U.S.", "upper"),
        ("McDonald", "mixed"),
        ("eBay", "mixed"),
        ("3.5", "digits"),
        ("1990s", "alphanumeric"),
        ("北京", "lower"),
    ],
)
def test_shape(word: str, expected: str) -> None:
    assert SHAPES[shape(word)] == expected


def test_each_word_has_its_first_piece(pieces: WordPieces) -> None:
    (cut,) = pieces.split([["The", "Mayor", "xyz", "left", "."]])
    assert len(cut.first) == 5
    assert cut.first[:3] == (1, 2, 3)
    assert cut.first[3] == 6, "three letters, three pieces"
    assert len(cut.ids) == len(cut.shapes) == 9, "with [CLS] and [SEP]"
    assert [SHAPES[s] for s in cut.shapes] == [
        "none", "title", "title", "lower", "lower", "lower", "lower", "none", "none",
    ]  # fmt: skip


def test_letter_case_is_in_the_shapes_alone(pieces: WordPieces) -> None:
    small, large = pieces.split([["the", "bank"], ["THE", "Bank"]])
    assert small.ids == large.ids
    assert small.shapes != large.shapes


def test_a_deleted_word_is_read_at_the_piece_before_it(pieces: WordPieces) -> None:
    (cut,) = pieces.split([["bank", "\u200b", "left"]])
    assert cut.first == (1, 1, 2)


@pytest.mark.parametrize("words", [["\u200b"], ["\u200b", "\x07"]])
def test_words_that_are_all_deleted_are_read_at_the_beginning(
    pieces: WordPieces, words: list[str]
) -> None:
    (cut,) = pieces.split([words])
    assert cut.first == (0,), "there was none, and the scores of a text had fewer rows than words"


def test_an_empty_text_has_no_first_pieces(pieces: WordPieces) -> None:
    (cut,) = pieces.split([[]])
    assert cut.first == ()
    assert len(cut.ids) == 2


def test_what_does_not_fit_is_left_out(pieces: WordPieces) -> None:
    (cut,) = pieces.split([["bank"] * 600])
    assert len(cut.ids) == MAX_PIECES
    assert len(cut.first) == MAX_PIECES - 2


def test_one_endless_word_fits(pieces: WordPieces) -> None:
    (cut,) = pieces.split([["z" * 90, "left"]])
    assert cut.first == (1, 91)
