from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rouge_score import rouge_scorer

from eval.metrics import lcs
from eval.metrics.lcs import Lines

if TYPE_CHECKING:
    from collections.abc import Sequence

_TEXTS = st.lists(st.lists(st.sampled_from("abcde"), max_size=12), max_size=6)


def _union(reference: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> int:
    """Return the positions that the package itself reads out of its tables, one pair at a time."""
    found = offset = 0
    for line in reference:
        for position in {p for one in other for p in rouge_scorer.lcs_ind(line, one)}:
            found |= 1 << (offset + position)
        offset += len(line) + 1
    return found


def _length(reference: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> int:
    whole = [[token for line in lines for token in line] for lines in (reference, other)]
    length: int = rouge_scorer._lcs_table(*whole)[-1][-1]
    return length


@settings(max_examples=200, deadline=None)
@given(_TEXTS, _TEXTS)
def test_unions_and_lengths_are_those_of_the_tables(
    reference: list[list[str]], other: list[list[str]]
) -> None:
    lines = Lines(reference)
    assert lines.union(other) == _union(reference, other)
    tokens = [token for line in other for token in line]
    assert lines.lcs_length(tokens) == _length(reference, other)


@pytest.mark.parametrize("words", [2, 6, 40])
@pytest.mark.parametrize("size", [1, 31, 64, 65, 130])
def test_lines_of_every_length_around_a_power_of_two(words: int, size: int) -> None:
    rng = random.Random(words * size)

    def text(count: int) -> list[list[str]]:
        return [[str(rng.randrange(words)) for _ in range(size - n % 3)] for n in range(count)]

    reference, other = text(4), text(5)
    assert Lines(reference).union(other) == _union(reference, other)
    tokens = [token for line in other for token in line]
    assert Lines(reference).lcs_length(tokens) == _length(reference, other)


@pytest.mark.parametrize("block", [1, 20, 100])
def test_the_size_of_a_block_changes_nothing(block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = random.Random(block)
    reference, other = (
        [[rng.choice("abcdefg") for _ in range(rng.randrange(15))] for _ in range(30)]
        for _ in range(2)
    )
    together = Lines(reference).union(other)
    monkeypatch.setattr(lcs, "_BLOCK", block)
    assert Lines(reference).union(other) == together == _union(reference, other)


@pytest.mark.parametrize(
    ("reference", "other", "union"),
    [
        # Two longest ones, "a" and "b": the last token here meets nothing and is passed first.
        ("ab", "ba", "10"),
        ("ba", "ab", "10"),
        ("acbcb", "abc", "1011"),
        # A token of the other line that is nowhere here still decides where the way goes on.
        ("aa", "a", "01"),
        ("aa", "ax", "10"),
        ("aa", "axx", "10"),
        ("aaa", "a", "001"),
        ("a", "aaa", "1"),
    ],
)
def test_of_equals_the_one_that_the_package_reads_out(
    reference: str, other: str, union: str
) -> None:
    found = Lines([list(reference)]).union([list(other)])
    expected = _union([list(reference)], [list(other)])
    assert found == expected
    assert format(found, f"0{len(reference)}b")[::-1] == union.ljust(len(reference), "0")


def test_repeated_tokens_come_with_their_positions() -> None:
    assert Lines([["a", "b", "a"], ["c", "a"]]).repeated == [("a", 0b100101)]


def test_nothing_has_nothing_in_common() -> None:
    references: list[list[list[str]]] = [[], [[]], [[], []], [["a"]]]
    others: list[list[list[str]]] = [[], [[]], [["b"]]]
    for lines in map(Lines, references):
        for other in others:
            assert lines.union(other) == 0
            assert lines.lcs_length([token for line in other for token in line]) == 0
