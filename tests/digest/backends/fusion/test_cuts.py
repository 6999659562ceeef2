from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.embedded.pieces import word_spans
from digest.backends.fusion.cuts import cuts
from digest.backends.fusion.parsed import Cut, Kind, Parsed
from digest.backends.fusion.reprint import printed, remaining
from digest.training.tagging.compression import DEPENDENCIES

_CASES: list[dict[str, Any]] = json.loads(
    (Path(__file__).parents[3] / "cases" / "fusion" / "cuts.json").read_text("utf-8")
)


def parsed(text: str, keep: float = 0.1) -> Parsed:
    """Return a sentence from words with their dependency labels: "Police/nsubj left/ROOT ./p"."""
    pairs = [pair.rsplit("/", 1) for pair in text.split()]
    assert all(dep in DEPENDENCIES for _, dep in pairs)
    return Parsed(
        words=tuple(word for word, _ in pairs),
        keep=(keep,) * len(pairs),
        dep=tuple(dep for _, dep in pairs),
    )


def cut(start: int, end: int) -> Cut:
    return Cut(weight=0.0, start=start, end=end, kind=Kind.PHRASE)


def left(text: str, *spans: tuple[int, int]) -> str:
    places = word_spans(text)
    words = [text[start:end] for start, end in places]
    return printed(text, places, remaining(words, [cut(*span) for span in spans]))


@pytest.mark.parametrize("case", _CASES, ids=[case["label"] for case in _CASES])
def test_cuts(case: dict[str, Any]) -> None:
    sentence = parsed(case["parsed"])
    found = {" ".join(sentence.words[c.start : c.end]) for c in cuts(sentence)}
    assert found == set(case["cuts"]), case["comment"]


def test_the_least_missed_goes_first() -> None:
    text = "Police/nsubj quickly/advmod arrested/ROOT him/dobj near/prep Oslo/pobj ./p"
    plain = parsed(text)
    weighed = Parsed(words=plain.words, dep=plain.dep, keep=(1, 0.4, 1, 1, 0.1, 0.3, 1))
    first, second = cuts(weighed)
    assert [first.kind, second.kind] == [Kind.PHRASE, Kind.ADVERB]
    assert [first.weight, second.weight] == pytest.approx([0.2, 0.4])


@pytest.mark.parametrize(
    ("text", "spans", "expected"),
    [
        ("On Monday, the vote passed.", [(0, 3)], "The vote passed."),
        ("The vote, held in Oslo, passed.", [(2, 7)], "The vote passed."),
        ("The vote, held in Oslo, passed.", [(3, 6)], "The vote, passed."),
        ("He left, police said.", [(3, 5)], "He left."),
        ("Rain fell, wind blew, roads closed.", [(3, 5)], "Rain fell, roads closed."),
        ("The man in Rome – a lawyer – died.", [(2, 4)], "The man – a lawyer – died."),
        ("The mayor (of Oslo) left.", [(2, 6)], "The mayor left."),
        ("The bank in Rome's debts grew.", [(2, 4)], "The bank's debts grew."),
        ("Last week, iPhone sales fell.", [(0, 3)], "iPhone sales fell."),
        ("eBay shares fell there.", [(3, 4)], "eBay shares fell."),
        ("A loss and/or damage came.", [(2, 4)], "A loss or damage came."),
        ("He left.", [(0, 3)], ""),
        ("He left.", [], "He left."),
    ],
)
def test_what_is_printed(text: str, spans: list[tuple[int, int]], expected: str) -> None:
    assert left(text, *spans) == expected


_WORDS = st.lists(
    st.sampled_from(
        [*"ab", "The", ",", ".", "–", "(", ")", "“", "”", '"', "'", "’s", "U.S.", "3.5%"]
    )
    | st.text(min_size=1, max_size=4),
    max_size=14,
)
_SPANS = st.lists(st.tuples(st.integers(0, 15), st.integers(0, 15)), max_size=4)


@pytest.mark.parametrize(
    ("gone", "expected"),
    [
        ([0], "The jet, carrying twelve, bound for Oslo, crashed."),
        ([1], "The jet, an Airbus, bound for Oslo, crashed."),
        ([2], "The jet, an Airbus, carrying twelve, crashed."),
        ([0, 1], "The jet, bound for Oslo, crashed."),
        ([0, 2], "The jet, carrying twelve, crashed."),
        ([1, 2], "The jet, an Airbus, crashed."),
        ([0, 1, 2], "The jet crashed."),
    ],
)
def test_asides_in_a_row(gone: list[int], expected: str) -> None:
    sentence = parsed(
        "The/det jet/nsubj ,/p an/det Airbus/appos ,/p carrying/partmod twelve/dobj ,/p"
        " bound/partmod for/prep Oslo/pobj ,/p crashed/ROOT ./p"
    )
    found = sorted(cuts(sentence), key=lambda c: c.start)
    assert [(c.start, c.end) for c in found] == [(2, 5), (5, 8), (8, 12)]
    text = "The jet, an Airbus, carrying twelve, bound for Oslo, crashed."
    kept = remaining(sentence.words, [found[n] for n in gone])
    assert printed(text, word_spans(text), kept) == expected


@settings(deadline=None)
@given(_WORDS, _SPANS, st.sampled_from([" ", "", "\n"]))
def test_any_cuts_leave_words_of_the_text_in_order(
    words: list[str], spans: list[tuple[int, int]], space: str
) -> None:
    text = space.join(words)
    places = word_spans(text)
    found = [text[start:end] for start, end in places]
    kept = remaining(found, [cut(*span) for span in spans])
    assert kept == sorted(set(kept))
    assert all(0 <= place < len(found) for place in kept)
    gone = {place for start, end in spans for place in range(start, end)}
    assert not gone & set(kept)
    made = printed(text, places, kept)
    letters = "".join(found[place] for place in kept)
    assert "".join(made.split()).casefold() == "".join(letters.split()).casefold()
    assert made[1:] in text or len(kept) < len(found)


@settings(deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from(
                "police said , . and which according to the on monday if not “ ” ( ) – told while"
                " no later only both quickly".split()
            ),
            st.sampled_from(DEPENDENCIES),
        ),
        max_size=16,
    )
)
def test_any_parse_gives_cuts_that_leave_quotations_and_brackets_whole(
    pairs: list[tuple[str, str]],
) -> None:
    words = tuple(word for word, _ in pairs)
    sentence = Parsed(words=words, dep=tuple(dep for _, dep in pairs), keep=(0.1,) * len(words))
    for found in cuts(sentence):
        gone = words[found.start : found.end]
        assert 0 <= found.start < found.end < len(words), "the mark at the end stays"
        assert 0 <= found.weight <= 1
        assert gone.count("(") == gone.count(")")
        opened = [word for word in gone if word in {"“", "”"}]
        assert not opened or opened[0] == "“"
        assert len(gone) > 3 or not set(gone) & {"not", "no", "if", "only"}
