from __future__ import annotations

import random
from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.embedded.labels import spans_of, whole_names
from digest.training.tagging.exchange import exchanged, known_names

if TYPE_CHECKING:
    from digest.training.tagging.annotated import Sentence


def _sentence(text: str) -> Sentence:
    """Return words and tags of a text like `Anna/B-PERSON left`."""
    pairs = [word.partition("/") for word in text.split()]
    return [word for word, _, _ in pairs], [tag or "O" for _, _, tag in pairs]


PASSAGE = [
    _sentence("Anna/B-PERSON Berg/I-PERSON of Nord/B-ORG left Oslo/B-PLACE ."),
    _sentence("Berg/B-PERSON said Nord/B-ORG grew ; Anna/B-PERSON smiled ."),
    _sentence("Oslo/B-PLACE Post/I-ORG asked Berg/B-PERSON ."),
]
NAMES = known_names(
    [
        _sentence("Clara/B-PERSON von/I-PERSON Dorn/I-PERSON , Lee/B-PERSON , Acme/B-ORG"),
        _sentence("New/B-PLACE York/I-PLACE , Riga/B-PLACE Times/I-ORG , Velm/B-PLACE"),
    ]
)


def _texts(passage: list[Sentence]) -> list[str]:
    return [" ".join(words) for words, _ in passage]


def _variants(count: int) -> list[list[Sentence]]:
    return [exchanged(PASSAGE, NAMES, random.Random(seed)) for seed in range(count)]


def test_known_names_are_whole_and_of_a_type() -> None:
    assert NAMES["ORG"] == [
        (("Acme",), ("B-ORG",)),
        (("Riga", "Times"), ("B-PLACE", "I-ORG")),
    ]
    assert [" ".join(words) for words, _ in NAMES["PERSON"]] == ["Clara von Dorn", "Lee"]
    assert [" ".join(words) for words, _ in NAMES["PLACE"]] == ["New York", "Velm"]


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_names_keep_their_types_and_their_surroundings(seed: int) -> None:
    made = exchanged(PASSAGE, NAMES, random.Random(seed))
    for (words, tags), (before, marks) in zip(made, PASSAGE, strict=True):
        assert len(words) == len(tags)
        assert [kind for *_, kind in whole_names(words, tags)] == [
            kind for *_, kind in whole_names(before, marks)
        ]
        blank = [word.lower() for word, tag in zip(words, tags, strict=True) if tag == "O"]
        assert blank == [
            word.lower() for word, tag in zip(before, marks, strict=True) if tag == "O"
        ]


def test_a_name_that_comes_again_is_the_same_again() -> None:
    for made in _variants(300):
        first, second, third = _texts(made)
        body = first.split(" of ")[-1].split(" OF ")[-1].split()[0]
        assert f" {body} " in second or f"{body} Times" in second
        spans = whole_names(*made[0])
        person = " ".join(made[0][0][slice(*spans[0][:2])])
        surname = " ".join(made[1][0][slice(*whole_names(*made[1])[0][:2])])
        assert surname == person.split()[-1]
        assert third.rstrip(" .").endswith(surname)
        assert made[1][0][-3] == person.split()[0]


def test_dice_exchange_lower_and_raise() -> None:
    texts = {text for made in _variants(400) for text in _texts(made)}
    assert {
        "Anna Berg of Nord left Oslo .",
        "Clara von Dorn of Nord left Oslo .",
        "Anna Berg of Nord left New York .",
        "anna berg of nord left oslo .",
        "ANNA BERG OF NORD LEFT OSLO .",
        "Dorn said Nord grew ; Clara smiled .",
        "Lee said Acme grew ; Lee smiled .",
        "Riga Times asked Berg .",
    } <= texts


def test_a_name_within_a_name_goes_with_it() -> None:
    for made in _variants(300):
        words, tags = made[2]
        if [word.lower() for word in words[:2]] == ["riga", "times"]:
            assert spans_of(tags)[:2] == [(0, 1, "PLACE"), (1, 2, "ORG")]
        else:
            assert words[0].lower() in {"oslo", "acme"}
