from __future__ import annotations

import pytest

from eval.metrics.length import SIGNATURE, Length, length


@pytest.mark.parametrize(
    ("text", "words", "sentences", "characters"),
    [
        ("", 0, 0, 0),
        (" \n ", 0, 0, 0),
        ("One came. Two left.", 4, 2, 19),
        ("One came.<n>Two left.", 4, 2, 19),
        ("One  came,\nand stayed.\n\n", 4, 2, 21),
        ("北京", 1, 1, 2),
    ],
)
def test_counts(text: str, words: int, sentences: int, characters: int) -> None:
    assert length(text) == Length(words=words, sentences=sentences, characters=characters)


def test_words_per_sentence() -> None:
    assert length("One came. Two left early.").words_per_sentence == 2.5
    assert length("").words_per_sentence is None


def test_the_signature_names_the_splitter() -> None:
    assert "pysbd" in SIGNATURE
