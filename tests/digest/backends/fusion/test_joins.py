from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.backends.embedded.labels import CONNECTIVES
from digest.backends.fusion.joins import Joiner
from digest.backends.fusion.rewriting import ModelRewriter
from tests.digest.backends.fusion.scripted import ScriptedTagger

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

HEADS = {"gap": ("whole", "gap"), "edit": ("keep", "delete"), "insert": CONNECTIVES}


def fuse(connective: str = "and", *, drop: bool = True, gap: bool = False) -> ScriptedTagger:
    """Return a model that drops the second subject and puts a connective before what follows."""

    def answer(words: Sequence[str], place: int) -> Mapping[str, str]:
        stop = next((at for at, word in enumerate(words[:-1]) if word in {".", "U.S."}), len(words))
        second = place > stop
        return {
            "gap": "gap" if gap else "whole",
            "edit": "delete" if second and drop and words[place][:1].isupper() else "keep",
            "insert": connective if place == stop + 2 else "",
        }

    return ScriptedTagger(HEADS, answer)


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (
            "Emmanuel Macron visited Berlin.",
            "Emmanuel Macron met the press.",
            "Emmanuel Macron visited Berlin and met the press.",
        ),
        (
            "Emmanuel Macron visited Berlin.",
            "Macron met the press.",
            "Emmanuel Macron visited Berlin and met the press.",
        ),
        (
            "Emmanuel Macron visited Berlin.",
            "He also met the press.",
            "Emmanuel Macron visited Berlin and also met the press.",
        ),
        (
            "NATO opened a base.",
            "NATO plans a second one.",
            "NATO opened a base and plans a second one.",
        ),
        (
            "Emmanuel Macron visited the U.S.",
            "Macron met the press.",
            "Emmanuel Macron visited the U.S. and met the press.",
        ),
    ],
)
def test_one_subject(first: str, second: str, expected: str) -> None:
    assert Joiner(fuse())(first, second) == expected
    assert ModelRewriter(None, fuse()).join(first, second) == expected


@pytest.mark.parametrize(
    ("first", "second"),
    [
        pytest.param("Emmanuel Macron left.", "Olaf Scholz stayed.", id="another person"),
        pytest.param("Bill Clinton spoke.", "Hillary Clinton left.", id="another first name"),
        pytest.param("Paris hosted talks.", "He left early.", id="a place is no he"),
        pytest.param("NATO opened a base.", "It was closed again.", id="the base may be it"),
        pytest.param("NATO met ministers.", "They left early.", id="the ministers may be they"),
        pytest.param("Emmanuel Macron met Olaf Scholz.", "He left early.", id="two men"),
        pytest.param(
            "Emmanuel Macron said taxes would fall.", "Macron has cut spending.", id="two clauses"
        ),
        pytest.param(
            "Emmanuel Macron left after Scholz arrived.", "Macron went home.", id="a later clause"
        ),
        pytest.param("Emmanuel Macron left.", "Macron’s wife stayed.", id="possessive"),
        pytest.param("Emmanuel Macron left.", "Macron and Scholz met.", id="a pair"),
        pytest.param("Emmanuel Macron left.", "Macron, in Berlin, met them.", id="an aside"),
        pytest.param("Paris police arrested two men.", "Paris schools closed.", id="attributes"),
        pytest.param("Emmanuel Macron left?", "Macron was tired.", id="question"),
        pytest.param("Emmanuel Macron said “no”.", "Macron was tired.", id="quotation"),
        pytest.param("Emmanuel Macron left.", 'Macron was "tired".', id="second quotation"),
        pytest.param("The road is closed.", "The road was mended.", id="no name"),
        pytest.param("Emmanuel Macron left.", "Macron", id="only a name"),
        pytest.param("Emmanuel Macron left.", "", id="no second"),
        pytest.param("", "", id="nothing"),
        pytest.param(
            "Emmanuel Macron visited Berlin.",
            "Macron met " + "many " * 40 + "people.",
            id="too long",
        ),
    ],
)
def test_not_sure_to_say_the_same(first: str, second: str) -> None:
    assert Joiner(fuse())(first, second) is None


_PAIR = ("Emmanuel Macron visited Berlin.", "Macron met the press.")


@pytest.mark.parametrize("connective", ["but", ", although", "while", ", which"])
def test_a_connective_that_claims_something_is_refused(connective: str) -> None:
    assert Joiner(fuse(connective))(*_PAIR) is None


def test_the_model_keeps_the_subject() -> None:
    assert Joiner(fuse(drop=False))(*_PAIR) is None


def test_something_would_be_missing() -> None:
    assert Joiner(fuse(gap=True))(*_PAIR) is None


def test_the_model_is_asked_once_for_each_pair_and_once_for_what_came_of_it() -> None:
    model = fuse()
    Joiner(model)(*_PAIR)
    assert [" ".join(words) for words in model.asked] == [
        "Emmanuel Macron visited Berlin . Macron met the press .",
        "Emmanuel Macron visited Berlin and met the press .",
    ]
    Joiner(model)("The road is closed.", "It was mended.")
    assert len(model.asked) == 2, "nothing to join"
