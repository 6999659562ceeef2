from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.embedded.labels import CONNECTIVES
from digest.errors import UsageError
from digest.training.tagging.fusion import (
    FusionTask,
    cut_sentence,
    edits,
    fusion_pairs,
    news_sentences,
)
from tests.digest.training.tagging.corpora import fusion, packed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

WORDS = tuple(f"W{number}" for number in range(20))


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1), st.sampled_from([(), (3, 8), (1, 2, 3, 17)]))
def test_gaps_are_marked_exactly_where_words_are_missing(seed: int, borders: Sequence[int]) -> None:
    words = ["and" if place in borders else word for place, word in enumerate(WORDS)]
    numbered = [f"{word}/{place}" for place, word in enumerate(words)]
    made = cut_sentence(numbered, random.Random(seed))
    places = [int(word.rsplit("/", 1)[1]) for word in made.words]
    assert places == sorted(set(places))
    assert places[-1] == len(words) - 1, "the mark at the end stays"
    assert len(places) >= 4
    before = [-1, *places[:-1]]
    missing = [int(place - earlier > 1) for earlier, place in zip(before, places, strict=True)]
    assert list(made.labels["gap"]) == missing


def test_sentences_are_seen_whole_with_one_cut_and_with_two() -> None:
    dice = random.Random(1)
    gaps = [sum(cut_sentence(WORDS, dice).labels["gap"]) for _ in range(400)]
    assert 0.3 < gaps.count(0) / 400 < 0.5
    assert set(gaps) == {0, 1, 2}


def test_what_is_left_begins_with_a_capital() -> None:
    words = "on monday the court of the city left the bank in riga .".split()
    for seed in range(50):
        made = cut_sentence(words, random.Random(seed))
        assert made.words[0][:1].isupper()


def _applied(words: Sequence[str], deleted: Sequence[int], insert: Sequence[int]) -> str:
    made = []
    for word, gone, put in zip(words, deleted, insert, strict=True):
        made += [CONNECTIVES[put]] * bool(put) + [word] * (not gone)
    return " ".join(made).lower()


@pytest.mark.parametrize(
    ("sentences", "fused"),
    [
        ("The mayor left . She met him .", "The mayor left and met him ."),
        ("Oslo is a city . It is large .", "Oslo is a city , which is large ."),
        ("He left . He came back .", "He left , but came back ."),
        ("He left . He came .", "He left . He came ."),
        ("He won . It rained .", "He won while it rained ."),
    ],
)
def test_edits_make_two_sentences_one(sentences: str, fused: str) -> None:
    words = sentences.split()
    found = edits(words, fused.split())
    assert found is not None
    assert _applied(words, *found) == fused.lower()


@pytest.mark.parametrize(
    ("sentences", "fused"),
    [
        ("He left . He came .", "He left because he came ."),
        ("He left . He came .", "He left . He came . indeed"),
        ("He left .", "Smith left ."),
    ],
)
def test_other_words_are_no_edits(sentences: str, fused: str) -> None:
    assert edits(sentences.split(), fused.split()) is None


_TOKENS = st.lists(st.sampled_from(["a", "b", "c", ".", ",", "and", "which"]), max_size=8)


@settings(deadline=None)
@given(_TOKENS, _TOKENS)
def test_edits_give_the_fused_text_or_nothing(words: list[str], fused: list[str]) -> None:
    found = edits(words, fused)
    if found is not None:
        assert _applied(words, *found) == " ".join(fused)


def test_pairs_that_cannot_be_made_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"sentences": ["He left .", "He came ."], "fused": "He left and came ."},
        {"sentences": ["He left .", "He came ."], "fused": "Nobody did ."},
    ]
    (made,) = fusion_pairs(packed(tmp_path / "p.jsonl.xz", rows))
    assert made.words == ("He", "left", ".", "He", "came", ".")
    assert sum(made.labels["edit"]) == 2


def test_news_sentences_are_whole(tmp_path: Path) -> None:
    lines = [
        "The mayor of Oslo left the city on a Monday in silence.",
        "too small a beginning for a sentence of the news today.",
        "The mayor said “we left the city on a Monday in silence.",
        "Short one here.",
        "The mayor of Oslo left the city on a Monday without a mark",
    ]
    path = packed(tmp_path / "n.jsonl.xz", [{"text": "\n".join(lines)}])
    assert [" ".join(words) for words in news_sentences(path)] == [
        "The mayor of Oslo left the city on a Monday in silence ."
    ]


@pytest.mark.parametrize(
    ("name", "row", "message"),
    [
        ("news/articles-0", {"body": "x"}, "text must be str, got None"),
        ("fusion/wikisplit_tune", {"sentences": "x", "fused": "x"}, "sentences must be list"),
        ("fusion/wikisplit_tune", {"sentences": ["x"]}, "fused must be str, got None"),
    ],
)
def test_a_row_that_is_none_is_named(name: str, row: object, message: str, tmp_path: Path) -> None:
    corpora = fusion(tmp_path)
    packed(corpora / f"{name}.jsonl.xz", [row])
    with pytest.raises(UsageError, match=rf"{name}\.jsonl\.xz, line 1: {message}"):
        FusionTask().training(corpora, seed=0)


def test_all_sentences_and_pairs_are_learned_from(tmp_path: Path) -> None:
    task = FusionTask()
    corpora = fusion(tmp_path)
    made = task.training(corpora, seed=1)
    gaps = [example for example in made if "gap" in example.labels]
    pairs = [example for example in made if "edit" in example.labels]
    assert len(gaps) == 2 * 8 * 6
    assert len(pairs) == 4 * 2 * 8
    assert len(gaps) + len(pairs) == len(made)
    assert made == task.training(corpora, seed=1)
