from __future__ import annotations

import math
from itertools import pairwise, product
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.errors import UsageError
from digest.training.tagging.compression import (
    DEPENDENCIES,
    PAIRED,
    POS,
    CompressionTask,
    compression_scores,
    kept_by,
    kept_words,
    masked_rows,
    rare_words,
    text_pairs,
    with_pairs,
)
from tests.digest.training.tagging.corpora import compression, packed

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("words", "wanted", "kept"),
    [
        ("a b c d", "a d", "1001"),
        ("The Bank left", "the bank", "110"),
        ("a b a b", "a b", "1100"),
        ("a b c", "", "000"),
        ("", "a", ""),
        ("a b c", "x", "000"),
        ("a b c", "x a y c z", "101"),
        ("a b", "a b c d", "11"),
    ],
)
def test_kept_words(words: str, wanted: str, kept: str) -> None:
    assert kept_words(words.split(), wanted.split()) == [int(mark) for mark in kept]


def _common(left: str, right: str) -> int:
    if not left or not right:
        return 0
    if left[0] == right[0]:
        return 1 + _common(left[1:], right[1:])
    return max(_common(left[1:], right), _common(left, right[1:]))


@settings(deadline=None)
@given(st.text("abc", max_size=7), st.text("abc", max_size=7))
def test_kept_words_are_a_longest_common_subsequence(left: str, right: str) -> None:
    kept = kept_words(list(left), list(right))
    assert len(kept) == len(left)
    assert sum(kept) == _common(left, right)
    rest = iter(right)
    assert all(word in rest for word, mark in zip(left, kept, strict=True) if mark)


@settings(deadline=None)
@given(st.integers(1, 7), st.integers(0, 2**32 - 1))
def test_the_best_sequence_goes_by_words_and_by_neighbours(words: int, seed: int) -> None:
    dice = np.random.default_rng(seed)
    keep = np.log(dice.dirichlet([1, 1], words))
    pair = np.log(dice.dirichlet([1, 1, 1, 1], words))

    def worth(path: tuple[int, ...]) -> float:
        value = float(keep[0, path[0]])
        for at, (before, now) in enumerate(pairwise(path), 1):
            row = np.exp(pair[at, 2 * before : 2 * before + 2])
            value += (1 - PAIRED) * keep[at, now] + PAIRED * math.log(row[now] / row.sum())
        return value

    best = max(product((0, 1), repeat=words), key=worth)
    found = kept_by(keep.astype(np.float32), pair.astype(np.float32))
    assert worth(tuple(int(mark) for mark in found)) == pytest.approx(worth(best), abs=1e-4)


def test_pairs_hold_what_became_of_the_word_before() -> None:
    heads = CompressionTask.heads["pair"]
    assert [heads[pair] for pair in with_pairs({"keep": [1, 1, 0, 0]})["pair"]] == [
        "delete keep",
        "keep keep",
        "keep delete",
        "delete delete",
    ]
    assert with_pairs({"keep": []})["pair"] == []


def test_a_text_without_words_keeps_none() -> None:
    assert kept_by(np.zeros((0, 2), np.float32), np.zeros((0, 4), np.float32)) == []


def test_scores_are_f1_of_kept_words_and_exact_matches() -> None:
    found = compression_scores([[True, True, False], [False, False]], [[1, 0, 0], [0, 1]])
    assert found == {"token_f1": pytest.approx((2 / 3 + 0) / 2), "exact_match": 0.0}
    assert compression_scores([[True, False]], [[1, 0]]) == {"token_f1": 1.0, "exact_match": 1.0}


def _row(**changed: Any) -> dict[str, Any]:
    row = {"tokens": "the bank left", "pos": "DT NN VBD", "dep": "det nsubj ROOT", "keep": "011"}
    return {**row, **changed}


def test_rows_become_examples_with_three_heads(tmp_path: Path) -> None:
    path = packed(tmp_path / "train.jsonl.xz", [_row()])
    (made,) = masked_rows(path, ())
    assert made.words == ("the", "bank", "left")
    assert made.labels["keep"] == (0, 1, 1)
    assert [POS[index] for index in made.labels["pos"]] == ["DT", "NN", "VBD"]
    assert [DEPENDENCIES[index] for index in made.labels["dep"]] == ["det", "nsubj", "ROOT"]


def test_masks_are_filled_the_same_way_every_time(tmp_path: Path) -> None:
    rows = [_row(tokens="the <unk> ``", keep="111"), _row(tokens="#,### <unk> ''", keep="111")]
    path = packed(tmp_path / "train.jsonl.xz", rows)
    first, second = (
        list(masked_rows(path, ("falk", "dorn"))),
        list(masked_rows(path, ("falk", "dorn"))),
    )
    assert first == second
    assert first[0].words[1] in {"falk", "dorn"}
    assert first[0].words[2] == '"'
    assert first[1].words[0].replace(",", "").isdigit()
    assert len(first[1].words[0]) == 5


def test_rows_that_are_whole_articles_or_one_word_are_left_out(tmp_path: Path) -> None:
    long = _row(tokens=" ".join(["a"] * 101), keep="1" * 101, pos="DT " * 101, dep="det " * 101)
    short = _row(tokens="bank", keep="1", pos="NN", dep="ROOT")
    path = packed(tmp_path / "train.jsonl.xz", [long, short, _row()])
    assert len(list(masked_rows(path, ()))) == 1


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"keep": "01"}, r"line 2: 3 words and 2 labels of keep"),
        ({"keep": "01x"}, r"line 2: .*not in tuple"),
        ({"pos": "DT NN NONSENSE"}, r"line 2: .*not in tuple"),
        ({"dep": 7}, r"line 2: dep must be str, got 7"),
        ({"tokens": None}, r"line 2: tokens must be str, got None"),
    ],
)
def test_a_row_that_is_none_is_named(changed: dict[str, Any], message: str, tmp_path: Path) -> None:
    path = packed(tmp_path / "train.jsonl.xz", [_row(), _row(**changed)])
    with pytest.raises(UsageError, match=f"{path}, {message}"):
        list(masked_rows(path, ()))


@pytest.mark.parametrize("row", [[1], "text", 3])
def test_a_line_that_is_no_object_is_named(row: Any, tmp_path: Path) -> None:
    path = packed(tmp_path / "train.jsonl.xz", [_row(), row])
    with pytest.raises(UsageError, match=f"{path}, line 2: no object but {type(row).__name__}"):
        list(masked_rows(path, ()))


def test_rare_words_are_capitalised_and_met_once(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "cased.jsonl.xz",
        [{"source": "Falkner met Dornberg, Bergson and Bergson of ABB in 1990."}],
    )
    assert rare_words(path) == ("dornberg",), "the first word of a sentence is large for that alone"


def test_text_pairs_mark_what_the_compression_has(tmp_path: Path) -> None:
    path = packed(
        tmp_path / "test.jsonl.xz",
        [{"source": "On Monday, the court left.", "compressed": "The court left."}],
    )
    (made,) = text_pairs(path)
    assert made.words == ("On", "Monday", ",", "the", "court", "left", ".")
    assert made.labels["keep"] == (0, 0, 0, 1, 1, 1, 1)


def test_every_row_becomes_an_example(tmp_path: Path) -> None:
    corpora = compression(tmp_path, sentences=7)
    assert len(CompressionTask().training(corpora, seed=0)) == 7
    task = CompressionTask()
    assert set(task.heads) == set(task.weights)
