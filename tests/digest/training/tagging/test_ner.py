from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from digest.backends.embedded.passages import ROOM
from digest.training.tagging.annotated import CORPORA, documents
from digest.training.tagging.ner import NerTask, span_f1
from tests.digest.training.tagging.corpora import ner

if TYPE_CHECKING:
    from pathlib import Path


def test_f1_is_of_exact_spans() -> None:
    gold = [{(0, 2, "ORG"), (3, 4, "PERSON")}, set()]
    assert span_f1(gold, gold) == 1.0
    assert span_f1([{(0, 2, "PLACE")}, {(0, 1, "ORG")}], gold) == 0.0
    assert span_f1([{(0, 2, "ORG")}, set()], gold) == pytest.approx(2 / 3)
    assert span_f1([set()], [set()]) == 0.0


def test_every_sentence_is_seen_once_as_it_is(tmp_path: Path) -> None:
    corpora = ner(tmp_path, sentences=30)
    made = NerTask().training(corpora, seed=1)
    whole = [" ".join(example.words) for example in made]
    for corpus in CORPORA:
        for document in documents(corpora, corpus):
            for words, _ in document:
                assert any(" ".join(words) in text for text in whole)
    assert made == NerTask().training(corpora, seed=1)
    assert made != NerTask().training(corpora, seed=2)


def test_sentences_are_seen_in_passages_and_alone(tmp_path: Path) -> None:
    made = NerTask().training(ner(tmp_path, sentences=60), seed=1)
    counts = {example.words.count(".") for example in made}
    assert {1, 6, 12} <= counts
    assert max(len("".join(example.words)) for example in made) <= ROOM
