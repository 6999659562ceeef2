from __future__ import annotations

import random
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.embedded.labels import NAME_LABELS, spans_of
from digest.errors import UsageError
from digest.training.tagging.ner import (
    CORPORA,
    Corpus,
    NerTask,
    _allowed,
    annotated_rows,
    span_f1,
    varied,
)
from tests.digest.training.tagging.corpora import ner, packed

if TYPE_CHECKING:
    from pathlib import Path

PLAIN = Corpus(
    name="plain",
    types={"PER": "PERSON", "ORG": "ORG"},
    annotated=frozenset({"PERSON", "ORG"}),
)


def _labels(mask: int) -> set[str]:
    return {label for index, label in enumerate(NAME_LABELS) if mask >> index & 1}


def test_a_blank_word_may_be_of_any_type_that_is_not_annotated() -> None:
    found = _labels(_allowed("O", "Monday", PLAIN))
    assert {"O", "B-DATE", "I-DATE", "B-PLACE", "B-MISC"} <= found
    assert not found & {"B-PERSON", "I-PERSON", "B-ORG", "I-ORG"}


def test_where_all_types_are_annotated_a_blank_word_is_blank() -> None:
    worldwide = next(corpus for corpus in CORPORA if corpus.name == "worldwide_train")
    assert _labels(_allowed("O", "word", worldwide)) == {"O"}


def test_a_marked_word_has_one_label() -> None:
    assert _labels(_allowed("I-ORG", "Bank", PLAIN)) == {"I-ORG"}


def test_a_hidden_user_name_teaches_nothing() -> None:
    assert _allowed("O", "@", PLAIN) == _allowed("B-PERSON", "@", PLAIN) == 0


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["B-PER", "I-PER", "O"], ["B-PERSON", "I-PERSON", "O"]),
        (["I-PER", "I-PER", "O"], ["B-PERSON", "I-PERSON", "O"]),
        (["I-PER", "I-ORG", "I-ORG"], ["B-PERSON", "B-ORG", "I-ORG"]),
        (["B-PER", "B-PER", "O"], ["B-PERSON", "B-PERSON", "O"]),
        (["B-XYZ", "I-XYZ", "B-ORG"], ["O", "O", "B-ORG"]),
    ],
)
def test_tags_are_read_in_both_schemes(
    tags: list[str], expected: list[str], tmp_path: Path
) -> None:
    path = packed(tmp_path / "c.jsonl.xz", [{"tokens": ["a", "b", "c"], "tags": tags}])
    assert annotated_rows(path, PLAIN) == [(["a", "b", "c"], expected)]


def test_empty_and_endless_rows_are_left_out(tmp_path: Path) -> None:
    rows = [
        {"tokens": [], "tags": []},
        {"tokens": ["a"] * 121, "tags": ["O"] * 121},
        {"tokens": ["a"], "tags": ["O"]},
    ]
    assert annotated_rows(packed(tmp_path / "c.jsonl.xz", rows), PLAIN) == [(["a"], ["O"])]


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ({"tokens": ["a", "b"], "tags": ["O"]}, "2 tokens and 1 tags"),
        ({"tokens": "a b", "tags": ["O"]}, "tokens must be list, got 'a b'"),
        ({"tokens": ["a"]}, "tags must be list, got None"),
        ({"tokens": ["a"], "tags": [3]}, r"tags must hold strings alone, got \[3\]"),
    ],
)
def test_a_row_that_is_none_is_named(row: object, message: str, tmp_path: Path) -> None:
    path = packed(tmp_path / "c.jsonl.xz", [{"tokens": ["a"], "tags": ["O"]}, row])
    with pytest.raises(UsageError, match=f"{path}, line 2: {message}"):
        annotated_rows(path, PLAIN)


@settings(deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_exchanged_names_keep_their_types_and_their_surroundings(seed: int) -> None:
    words = "Anna Berg of Nord left Oslo .".split()
    tags = ["B-PERSON", "I-PERSON", "O", "B-ORG", "O", "B-PLACE", "O"]
    names: dict[str, list[tuple[str, ...]]] = {
        "PERSON": [("Lee",), ("A", "B", "C")],
        "ORG": [("UN",)],
        "PLACE": [("New", "York")],
    }
    made, marks = varied(words, tags, names, random.Random(seed))
    assert len(made) == len(marks)
    assert [kind for *_, kind in spans_of(marks)] == ["PERSON", "ORG", "PLACE"]
    blank = [word.lower() for word, tag in zip(made, marks, strict=True) if tag == "O"]
    assert blank == ["of", "left", "."]
    known = {" ".join(name).lower() for row in names.values() for name in row}
    for start, end, _ in spans_of(marks):
        assert " ".join(made[start:end]).lower() in known | {"anna berg", "nord", "oslo"}


def test_dice_exchange_lower_and_raise() -> None:
    names = {"PERSON": [("Lee",)]}
    made = [
        varied(["Anna", "left"], ["B-PERSON", "O"], names, random.Random(n)) for n in range(300)
    ]
    texts = {" ".join(words) for words, _ in made}
    assert {"Anna left", "Lee left", "anna left", "ANNA LEFT"} <= texts


def test_f1_is_of_exact_spans() -> None:
    gold = [{(0, 2, "ORG"), (3, 4, "PERSON")}, set()]
    assert span_f1(gold, gold) == 1.0
    assert span_f1([{(0, 2, "PLACE")}, {(0, 1, "ORG")}], gold) == 0.0
    assert span_f1([{(0, 2, "ORG")}, set()], gold) == pytest.approx(2 / 3)
    assert span_f1([set()], [set()]) == 0.0


def test_every_sentence_is_seen_once_as_it_is(tmp_path: Path) -> None:
    corpora = ner(tmp_path, sentences=3)
    task = NerTask()
    made = task.training(corpora, seed=1)
    assert len(made) == 3 * sum(corpus.copies for corpus in CORPORA)
    whole = {example.words for example in made}
    for corpus, path in zip(CORPORA, task.files(corpora), strict=False):
        for words, _ in annotated_rows(path, corpus):
            assert tuple(words) in whole
    assert made == task.training(corpora, seed=1)
    assert made != task.training(corpora, seed=2)
