from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from digest.errors import UsageError
from digest.training.embedding.measure import agreement
from digest.training.embedding.sentences import BLOCK, Told, blocks, examined, files, read, training
from tests.digest.training.embedding.lessons import news
from tests.digest.training.tagging.corpora import packed

if TYPE_CHECKING:
    from pathlib import Path


def _article(**changed: Any) -> dict[str, Any]:
    row = {
        "title": "Mayor of Oslo leaves the bank",
        "topic": "banks",
        "published": "2020-02-05",
        "text": "The mayor of Oslo left the bank on Monday. He fell. The court ruled on it all and",
    }
    return {**row, **changed}


def test_headlines_and_whole_sentences_are_read_with_topic_and_week(tmp_path: Path) -> None:
    found = list(read(packed(tmp_path / "n.jsonl.xz", [_article()])))
    assert found == [
        Told(text="Mayor of Oslo leaves the bank", story="banks 2020-W06"),
        Told(text="The mayor of Oslo left the bank on Monday.", story="banks 2020-W06"),
    ]


@pytest.mark.parametrize("published", ["", "yesterday", "2020-13-01"])
def test_an_article_without_a_date_is_of_no_week(published: str, tmp_path: Path) -> None:
    (first, *_) = read(packed(tmp_path / "n.jsonl.xz", [_article(published=published)]))
    assert first.story == "banks undated"


def test_what_is_printed_twice_is_learned_once(tmp_path: Path) -> None:
    for path in files(tmp_path):
        packed(path, [_article(), _article(title="MAYOR OF OSLO LEAVES THE BANK")])
    texts = [told.text for told in training(tmp_path)]
    assert len(texts) == len({text.lower() for text in texts})


def test_a_row_that_is_no_article_is_named(tmp_path: Path) -> None:
    path = packed(tmp_path / "n.jsonl.xz", [_article(title=None)])
    with pytest.raises(UsageError, match="line 1: title must be str, got None"):
        list(read(path))


def test_a_block_holds_one_story_and_its_neighbours_in_the_alphabet() -> None:
    told = [Told(text=str(number), story=f"story {number % 3}") for number in range(3 * BLOCK)]
    made = blocks(told, seed=1)
    assert Counter(place for block in made for place in block) == Counter(range(3 * BLOCK))
    assert all(len({told[place].story for place in block}) == 1 for block in made)
    assert made == blocks(told, seed=1)
    assert made != blocks(told, seed=2)


def test_undated_articles_are_no_story_to_be_examined_on(tmp_path: Path) -> None:
    news(tmp_path)
    assert len({told.story for told in examined(tmp_path)}) > 2
    packed(files(tmp_path)[-1], [_article(published=""), _article(published="", title="x " * 9)])
    assert examined(tmp_path) == []


def test_agreement_is_that_of_ranks() -> None:
    told = [Told(text=str(number), story=f"story {number % 2}") for number in range(40)]
    rows = np.random.default_rng(0).normal(size=(40, 5)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert agreement(rows, rows, told) == {"one_story": pytest.approx(1), "any": pytest.approx(1)}
    other = np.random.default_rng(1).normal(size=(40, 500)).astype(np.float32)
    assert abs(agreement(other, rows, told)["any"]) < 0.2
    same = np.ones((40, 5), dtype=np.float32)
    assert agreement(same, rows, told) == {"one_story": 0.0, "any": 0.0}
    assert agreement(rows[:1], rows[:1], told[:1]) == {"one_story": 0.0, "any": 0.0}
