from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.backends.embedded.labels import NAME_LABELS
from digest.errors import UsageError
from digest.training.tagging.annotated import CORPORA, Corpus, allowed, corpus_path, documents
from tests.digest.training.tagging.corpora import packed

if TYPE_CHECKING:
    from pathlib import Path

    from digest.training.tagging.annotated import Sentence

PLAIN = Corpus(
    name="plain",
    types={"PER": "PERSON", "ORG": "ORG"},
    annotated=frozenset({"PERSON", "ORG"}),
)
NESTED = Corpus(
    name="nested",
    types={"Location": "PLACE", "Facility": "PLACE", "Organization": "ORG"},
    annotated=frozenset({"PLACE", "ORG"}),
    nested=True,
)


def _read(folder: Path, corpus: Corpus, *rows: object) -> list[list[Sentence]]:
    packed(corpus_path(folder, corpus), rows)
    return documents(folder, corpus)


def _labels(mask: int) -> set[str]:
    return {label for index, label in enumerate(NAME_LABELS) if mask >> index & 1}


def test_a_blank_word_may_be_of_any_type_that_is_not_annotated() -> None:
    found = _labels(allowed("O", "Monday", PLAIN))
    assert {"O", "B-DATE", "I-DATE", "B-PLACE", "B-MISC"} <= found
    assert not found & {"B-PERSON", "I-PERSON", "B-ORG", "I-ORG"}


def test_where_all_types_are_annotated_a_blank_word_is_blank() -> None:
    worldwide = next(corpus for corpus in CORPORA if corpus.name == "worldwide_train")
    assert _labels(allowed("O", "word", worldwide)) == {"O"}


def test_a_marked_word_has_one_label() -> None:
    assert _labels(allowed("I-ORG", "Bank", PLAIN)) == {"I-ORG"}


def test_a_hidden_user_name_teaches_nothing() -> None:
    assert allowed("O", "@", PLAIN) == allowed("B-PERSON", "@", PLAIN) == 0


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
    row = {"tokens": ["a", "b", "c"], "tags": tags}
    assert _read(tmp_path, PLAIN, row) == [[(["a", "b", "c"], expected)]]


@pytest.mark.parametrize(
    ("tags", "expected"),
    [
        (["B-Location", "I-Location", "I-Organization"], ["B-PLACE", "I-PLACE", "I-ORG"]),
        (["B-Location", "B-Organization", "O"], ["B-PLACE", "B-ORG", "O"]),
        (["B-Location", "I-Facility", "O"], ["B-PLACE", "I-PLACE", "O"]),
        (["I-Location", "B-Misc", "I-Organization"], ["B-PLACE", "O", "B-ORG"]),
    ],
)
def test_names_within_names_go_on(tags: list[str], expected: list[str], tmp_path: Path) -> None:
    row = {"tokens": ["a", "b", "c"], "tags": tags}
    assert _read(tmp_path, NESTED, row) == [[(["a", "b", "c"], expected)]]


def test_rows_of_one_document_are_neighbours(tmp_path: Path) -> None:
    rows = [
        {"tokens": [word] * bool(word), "tags": ["O"] * bool(word), **({"doc": doc} if doc else {})}
        for word, doc in [("a", "1"), ("b", "1"), ("", "1"), ("c", "2"), ("d", ""), ("e", "")]
    ]
    found = _read(tmp_path, PLAIN, *rows)
    assert [[words for words, _ in text] for text in found] == [
        [["a"], ["b"]],
        [["c"]],
        [["d"], ["e"]],
    ]


def test_rows_of_tweets_stand_alone(tmp_path: Path) -> None:
    tweets = Corpus(name="t", types={}, annotated=frozenset(), running=False)
    row = {"tokens": ["a"], "tags": ["O"]}
    assert _read(tmp_path, tweets, row, row) == [[(["a"], ["O"])], [(["a"], ["O"])]]


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
    path = corpus_path(tmp_path, PLAIN)
    with pytest.raises(UsageError, match=f"{path}, line 2: {message}"):
        _read(tmp_path, PLAIN, {"tokens": ["a"], "tags": ["O"]}, row)
