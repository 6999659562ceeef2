from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.embedded.labels import (
    CONNECTIVES,
    NAME_LABELS,
    best_path,
    spans_of,
    whole_names,
)

_LABELS = ("O", "B-ORG", "I-ORG", "B-PLACE", "I-PLACE")


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        ([], []),
        (["O", "O"], []),
        (["B-ORG", "B-ORG"], [(0, 1, "ORG"), (1, 2, "ORG")]),
        (["B-ORG", "I-ORG", "O"], [(0, 2, "ORG")]),
        (["I-ORG", "I-ORG"], [(0, 2, "ORG")]),
        (["B-ORG", "O", "I-ORG"], [(0, 1, "ORG"), (2, 3, "ORG")]),
        (["B-ORG", "I-PLACE"], [(0, 1, "ORG"), (1, 2, "PLACE")]),
    ],
)
def test_spans(tags: list[str], expected: list[tuple[int, int, str]]) -> None:
    assert spans_of(tags) == expected


@pytest.mark.parametrize(
    ("marked", "expected"),
    [
        ("", []),
        ("Wall/B-PLACE Street/I-PLACE Journal/I-ORG", ["Wall Street Journal ORG"]),
        ("St/B-ORG John/B-PERSON Ambulance/I-ORG", ["St John Ambulance ORG"]),
        ("Bank/B-ORG of/I-ORG Ghana/B-PLACE", ["Bank of Ghana ORG"]),
        ("Ghana/B-PLACE Police/B-ORG", ["Ghana PLACE", "Police ORG"]),
        ("Cup/B-MISC of/I-MISC Ghana/B-PLACE", ["Cup of MISC", "Ghana PLACE"]),
        ("FIFA/B-ORG World/I-MISC Cup/I-MISC", ["FIFA ORG", "World Cup MISC"]),
        ("US/B-PLACE $/I-MONEY 5/I-MONEY", ["US PLACE", "$ 5 MONEY"]),
        ("Bank/B-ORG of/O Ghana/I-PLACE", ["Bank ORG", "Ghana PLACE"]),
        (
            "A/B-NORP -/I-ORG B/B-NORP Board/I-ORG in/O Oslo/B-PLACE",
            ["A - B Board ORG", "Oslo PLACE"],
        ),
    ],
)
def test_names_are_whole_with_the_names_within_them(marked: str, expected: list[str]) -> None:
    words = [pair.split("/")[0] for pair in marked.split()]
    tags = [pair.split("/")[1] for pair in marked.split()]
    found = [f"{' '.join(words[a:b])} {kind}" for a, b, kind in whole_names(words, tags)]
    assert found == expected


def _allowed(path: tuple[int, ...]) -> bool:
    before = "O"
    for index in path:
        label = _LABELS[index]
        if label[0] == "I" and before == "O":
            return False
        before = label
    return True


@settings(deadline=None)
@given(st.integers(1, 4), st.integers(0, 2**32 - 1))
def test_the_best_path_is_the_best_of_all_allowed_ones(words: int, seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(words, len(_LABELS))).astype(np.float32)
    paths = [path for path in product(range(len(_LABELS)), repeat=words) if _allowed(path)]
    best = max(paths, key=lambda path: sum(scores[row, index] for row, index in enumerate(path)))
    assert best_path(scores, _LABELS) == [_LABELS[index] for index in best]


def test_a_name_does_not_begin_inside() -> None:
    scores = np.log(np.full((2, 5), 0.01, dtype=np.float32))
    scores[:, 2] = 0.0  # I-ORG is all but certain
    assert best_path(scores, _LABELS) == ["B-ORG", "I-ORG"]


def test_labels_are_as_the_shipped_models_have_them() -> None:
    assert NAME_LABELS[:3] == ("O", "B-PERSON", "I-PERSON")
    assert len(set(NAME_LABELS)) == 15
    assert CONNECTIVES[0] == ""
    assert {"and", ", and", ",", ", which"} <= set(CONNECTIVES)
    assert len(set(CONNECTIVES)) == len(CONNECTIVES)
