from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.backends.embedded.pieces import Pieces, WordPieces
from digest.training.tagging.examples import Item, batches, split, tagged
from tests.digest.backends.embedded.tiny_bert import encoder


@pytest.fixture(scope="module")
def pieces(tmp_path_factory: pytest.TempPathFactory) -> WordPieces:
    return WordPieces(encoder(tmp_path_factory.mktemp("encoder")) / "tokenizer.json")


def _item(length: int, number: int) -> Item:
    ids = (number, *([1] * (length - 1)))
    return Item(pieces=Pieces(ids=ids, first=(0,), shapes=ids), labels={}, allowed={})


@settings(deadline=None, max_examples=40)
@given(st.lists(st.integers(1, 60), max_size=80), st.integers(1, 20), st.integers(0, 9))
def test_batches_lose_nothing_and_repeat_nothing(lengths: list[int], size: int, seed: int) -> None:
    items = [_item(length, number) for number, length in enumerate(lengths)]
    made = batches(items, size=size, seed=seed)
    assert Counter(item.pieces.ids[0] for batch in made for item in batch) == Counter(
        range(len(items))
    )
    assert all(made)
    room = size * sum(lengths) / max(1, len(lengths))
    for batch in made:
        longest = max(len(item.pieces.ids) for item in batch)
        assert len(batch) == 1 or longest * len(batch) <= room
    assert made == batches(items, size=size, seed=seed)


def test_the_seed_decides_the_order() -> None:
    items = [_item(number % 7 + 1, number) for number in range(200)]
    assert batches(items, size=4, seed=1) != batches(items, size=4, seed=2)


def test_labels_of_other_length_are_refused() -> None:
    with pytest.raises(ValueError, match="2 words and 3 labels of keep"):
        tagged(["a", "b"], {"keep": [1, 0, 1]})
    with pytest.raises(ValueError, match="2 words and 1 labels of names"):
        tagged(["a", "b"], allowed={"names": [1]})


def test_labels_follow_their_words_into_pieces(pieces: WordPieces) -> None:
    (item,) = split([tagged(["bank", "xyz", "left"], {"keep": [1, 0, 1]})], pieces)
    assert item.pieces.first == (1, 2, 5)
    assert item.labels == {"keep": (1, 0, 1)}


def test_what_does_not_fit_loses_its_labels_too(pieces: WordPieces) -> None:
    long = tagged(["bank"] * 700, {"keep": [1] * 700}, {"names": [3] * 700})
    short = tagged(["bank"], {"keep": [0]})
    cut, whole = split([long, short], pieces)
    assert len(cut.labels["keep"]) == len(cut.allowed["names"]) == len(cut.pieces.first) == 510
    assert whole.labels == {"keep": (0,)}


def test_texts_without_words_are_left_out(pieces: WordPieces) -> None:
    assert split([tagged([]), tagged(["bank"])], pieces) == split([tagged(["bank"])], pieces)
