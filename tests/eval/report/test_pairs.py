from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.records import Label
from eval.metrics.entities import entity_scores
from eval.records import ArticleRow, EntityVerdict, Level
from eval.report.pairs import change, word_changes
from eval.report.support import Shade, shade

if TYPE_CHECKING:
    from eval.report.pairs import Named

_SOURCES = [
    ArticleRow(
        id="a",
        text="Rory McIlroy won $2.5 million in Orsava. Jane Smith said: “We knew it would rain.”",
    )
]


def _verdicts(text: str) -> tuple[EntityVerdict, ...]:
    return entity_scores(text, _SOURCES).verdicts


def _texts(named: tuple[Named, ...]) -> list[str]:
    return [one.text for one in named]


def test_a_surname_is_the_full_name_of_the_other_output() -> None:
    found = change(_verdicts("McIlroy won."), _verdicts("Rory McIlroy won in Orsava."))
    assert _texts(found.gained) == ["Orsava"]
    assert found.lost == found.invented == found.dropped == ()


def test_a_number_written_otherwise_is_no_change() -> None:
    found = change(_verdicts("He won $2.5 million."), _verdicts("He won 2,500,000 dollars."))
    assert found.gained == found.lost == found.invented == found.dropped == ()


def test_what_the_sources_give_to_somebody_else_is_invented() -> None:
    found = change(_verdicts("Jane Smith spoke."), _verdicts("John Smith spoke."))
    assert _texts(found.invented) == ["John Smith"]
    assert found.invented[0].shade is Shade.CONFLICT
    assert _texts(found.lost) == ["Jane Smith"]


def test_quotations_are_shown_as_such() -> None:
    found = change(_verdicts("It rained."), _verdicts("She said: “We knew it would rain.”"))
    assert "“We knew it would rain.”" in _texts(found.gained)


def _verdict(text: str, union: Level, anchored: Level, start: int = 0) -> EntityVerdict:
    return EntityVerdict(
        text=text,
        label=Label.PLACE,
        start=start,
        end=start + len(text),
        key=text.lower(),
        union=union,
        anchored=anchored,
        evidence=None,
    )


def test_both_name_it_but_only_one_has_support() -> None:
    good = _verdict("Orsava", Level.VERBATIM, Level.VERBATIM)
    bad = _verdict("Orsava", Level.NONE, Level.NONE)
    assert [(a.shade, b.shade) for a, b in change([good], [bad]).weakened] == [
        (Shade.VERBATIM, Shade.NONE)
    ]
    assert [(a.shade, b.shade) for a, b in change([bad], [good]).mended] == [
        (Shade.NONE, Shade.VERBATIM)
    ]


def test_an_entity_is_as_good_as_its_weakest_mention() -> None:
    mentions = [
        _verdict("Orsava", Level.VERBATIM, Level.VERBATIM),
        _verdict("Orsava", Level.NONE, Level.NONE, start=20),
    ]
    (found,) = change([], mentions).invented
    assert (found.shade, found.mention) == (Shade.NONE, 1)


def test_what_only_far_sources_have_is_neither_supported_nor_invented() -> None:
    far = _verdict("Orsava", Level.ALIAS, Level.NONE)
    assert shade(far) is Shade.ELSEWHERE
    found = change([], [far])
    assert _texts(found.gained) == ["Orsava"]
    assert found.invented == ()


_WORDS = st.lists(st.sampled_from("a b c d e".split()), max_size=14)


@given(first=_WORDS, second=_WORDS)
def test_changes_turn_the_first_text_into_the_second(first: list[str], second: list[str]) -> None:
    changed = word_changes(first, second)
    made: list[str] = []
    at = 0
    for a, b, c, d in changed:
        assert at <= a <= b
        made += first[at:a] + second[c:d]
        at = b
    assert made + first[at:] == second
    assert (changed == []) is (first == second)
    assert all(b[0] - a[1] >= 3 for a, b in pairwise(changed))


@pytest.mark.parametrize("words", [[], ["one"], ["one", "two"]])
def test_equal_texts_have_no_changes(words: list[str]) -> None:
    assert word_changes(words, list(words)) == []
