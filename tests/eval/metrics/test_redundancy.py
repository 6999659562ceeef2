from __future__ import annotations

import random
from itertools import combinations

import pytest

from digest.text.vectors import similarity
from digest.text.words import content_stems
from eval.metrics.redundancy import SIGNATURE, redundancy


def test_repetition_raises_both_values() -> None:
    fresh = redundancy("The dam broke on Monday.\nRescue teams reached two villages.")
    again = redundancy("The dam broke on Monday.\nThe dam broke on Monday night.")
    assert fresh.max_similarity == 0.0
    assert fresh.repeated_trigrams == 0.0
    assert again.max_similarity == pytest.approx(3 / 12**0.5)
    assert again.repeated_trigrams == pytest.approx(3 / 7)


def test_the_highest_pair_counts_wherever_it_stands() -> None:
    text = "The dam broke.\nRain fell.\nTalks failed.\nThe dam broke."
    assert redundancy(text).max_similarity == 1.0


def test_one_line_is_split() -> None:
    assert redundancy("The dam broke. The dam broke.").sentences == 2


@pytest.mark.parametrize(("text", "trigrams"), [("", None), ("Dam broke.", None), ("A b c.", 0.0)])
def test_nothing_to_compare_is_none(text: str, trigrams: float | None) -> None:
    found = redundancy(text)
    assert found.max_similarity is None
    assert found.repeated_trigrams == trigrams


def test_the_signature_names_the_splitter() -> None:
    assert "pysbd" in SIGNATURE


def test_the_index_finds_what_comparing_all_pairs_finds() -> None:
    rng = random.Random(6)
    vocabulary = [f"word{n}" for n in range(25)]
    for _ in range(100):
        lines = [" ".join(rng.choices(vocabulary, k=rng.randint(1, 7))) for _ in range(6)]
        pairs = [similarity(a, b) for a, b in combinations(lines, 2)]
        assert redundancy("\n".join(lines)).max_similarity == max(pairs)


def test_sentences_of_stop_words_are_not_alike() -> None:
    assert redundancy("It was.\nIt was.").max_similarity == 0.0


def test_a_sentence_is_stemmed_once_however_many_it_is_compared_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    stemmed: list[str] = []

    def counted(text: str) -> tuple[str, ...]:
        stemmed.append(text)
        return content_stems(text)

    monkeypatch.setitem(redundancy.__globals__, "content_stems", counted)
    lines = [f"dam broke w{i} on {i % 7} monday flood x{i * 7}" for i in range(200)]
    assert redundancy("\n".join(lines)).max_similarity == pytest.approx(5 / 7)
    assert stemmed == lines
