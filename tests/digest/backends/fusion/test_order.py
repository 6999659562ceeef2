from __future__ import annotations

import itertools
import random

from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.fusion.candidates import echoes
from digest.backends.fusion.material import Line, material
from digest.backends.fusion.order import order
from digest.config import FactsConfig
from digest.facts import find_facts
from tests.digest.building import article, cluster_of

_FIRST = (
    "A gate of the Tamrin dam failed on Saturday and flooded the village of Beldan.",
    "Water reached Beldan within half an hour of the failure.",
    "Soldiers took families from their roofs with boats.",
    "The dam was finished in 1974 and holds drinking water for Varenda.",
)
_SECOND = (
    "The failure of a gate at the Tamrin dam flooded Beldan on Saturday.",
    "Governor Emeka Halloran promised a fund for those who lost their houses.",
    "Schools stayed closed.",
    "A concert in Velm was cancelled.",
)


def lines() -> list[Line]:
    cluster = cluster_of(
        article("a", " ".join(_FIRST), title="Gate fails"),
        article("b", " ".join(_SECOND), title="Dam floods Beldan"),
    )
    return material(cluster, find_facts(cluster, FactsConfig()))


def ordered(chosen: list[Line]) -> list[str]:
    candidates = [x.candidate for x in chosen]
    return [chosen[i].text for i in order(chosen, echoes(candidates))]


@settings(deadline=None)
@given(st.integers(0, 7), st.integers(0, 1_000))
def test_every_line_stands_exactly_once(size: int, seed: int) -> None:
    dice = random.Random(seed)
    chosen = dice.sample(lines(), size)
    found = order(chosen, [dice.random() for _ in chosen])
    assert sorted(found) == list(range(size))


def test_the_most_central_opening_leads() -> None:
    everything = lines()
    assert ordered(everything)[0] in (_FIRST[0], _SECOND[0])
    assert ordered(everything[::-1])[0] == ordered(everything)[0]


def test_neighbours_stay_together() -> None:
    texts = ordered(lines())
    for left, right in itertools.pairwise(_FIRST):
        if left in texts[:-1]:
            assert texts[texts.index(left) + 1] == right


def test_side_events_close_the_text() -> None:
    everything = lines()
    assert ordered([everything[i] for i in (7, 3, 0)]) == [_FIRST[0], _FIRST[3], _SECOND[3]]


def test_nothing_has_an_order() -> None:
    assert order([], []) == []
