from __future__ import annotations

import json
import lzma
from typing import TYPE_CHECKING, Any

import pytest

from digest.errors import UsageError
from eval.meta.labels import (
    EntityOutput,
    RatedOutput,
    ScoreRow,
    Shape,
    SourceRow,
    SpanOutput,
    VotedOutput,
)
from eval.meta.readers import discover, read_labels

if TYPE_CHECKING:
    from pathlib import Path

_ENTITIES = {
    "source": "Jane Smith spoke in Velmar.",
    "prediction": "John Smith spoke.",
    "entities": [{"start": 0, "end": 10, "label": "Non-factual Hallucination", "type": "PERSON"}],
}
_SPANS = {
    "id": "1/A",
    "bbcid": "1",
    "system": "A",
    "source": "The dam broke on Monday.",
    "prediction": "the old dam broke",
    "hallucinations": [
        {"worker": "w0", "span": "old", "start": "5", "end": "8"},
        {"worker": "w1", "span": "NULL", "start": "-1", "end": "-1"},
        {"worker": "w2", "span": "the old", "start": "1", "end": "8"},
    ],
    "is_factual": ["no", "NULL", "yes"],
}
_VOTES = {
    "source": "The dam broke.",
    "sentences": [
        {"text": "A dam broke.", "votes": ["yes", "no", "yes"]},
        {"text": "Ten died.", "votes": [False, 0, "Yes"]},
    ],
}
_RATINGS = {"id": "d", "system": "M1", "prediction": "A dam.", "human": {"fluency": [4, 5]}}
_SOURCE = {"id": "d", "source": "The dam broke.", "references": ["A dam broke."]}
_SCORES = {"system_bbcid": "bert_nockpt_1", "R1": "0.25", "BERTScore": "", "Faithful": 0.5}


def _written(path: Path, *rows: object) -> Path:
    text = "".join(json.dumps(row) + "\n" for row in rows)
    if path.suffix == ".xz":
        with lzma.open(path, "wt", encoding="utf-8") as handle:
            handle.write(text)
    else:
        path.write_text(text, encoding="utf-8")
    return path


def _one(tmp_path: Path, row: object) -> Any:
    return read_labels(_written(tmp_path / "one.jsonl", row)).rows[0]


def test_labelled_mentions(tmp_path: Path) -> None:
    row = _one(tmp_path, _ENTITIES)
    assert isinstance(row, EntityOutput)
    assert (row.id, row.sources) == ("1", ("Jane Smith spoke in Velmar.",))
    entity = row.entities[0]
    assert (entity.start, entity.end, entity.kind, entity.hallucinated) == (0, 10, "PERSON", True)


def test_several_sources_and_an_output_without_mentions(tmp_path: Path) -> None:
    row = _one(tmp_path, {"sources": ["One.", "Two."], "prediction": "It.", "entities": []})
    assert row.sources == ("One.", "Two.")
    assert row.entities == ()


def test_marked_spans_become_the_share_of_words_left_unmarked(tmp_path: Path) -> None:
    row = _one(tmp_path, _SPANS)
    assert isinstance(row, SpanOutput)
    assert row.faithful == pytest.approx((3 / 4 + 1 + 2 / 4) / 3)
    assert row.hallucinated
    assert row.factual == 0.5
    assert (row.document, row.system) == ("1", "A")


def test_spans_that_count_from_zero_are_told_by_their_text(tmp_path: Path) -> None:
    marks = [{"worker": "w", "span": "old", "start": 4, "end": 7}]
    row = _one(tmp_path, _SPANS | {"hallucinations": marks})
    assert row.faithful == pytest.approx(3 / 4)


@pytest.mark.parametrize(
    ("marks", "factual"),
    [
        ([{"worker": "w", "start": -1, "end": -1}], 1.0),
        ([{"worker": "w", "start": 1, "end": 4}], None),
    ],
)
def test_nobody_was_asked_about_facts_where_nothing_is_marked(
    tmp_path: Path, marks: list[dict[str, Any]], factual: float | None
) -> None:
    row = _one(tmp_path, _SPANS | {"hallucinations": marks, "is_factual": []})
    assert row.factual == factual
    bare = {k: v for k, v in _SPANS.items() if k != "is_factual"}
    assert _one(tmp_path, bare).factual is None


def test_votes_become_the_share_of_supported_sentences(tmp_path: Path) -> None:
    row = _one(tmp_path, _VOTES)
    assert isinstance(row, VotedOutput)
    assert row.votes == ((True, False, True), (False, False, True))
    assert row.consistency == 0.5


def test_ratings_of_several_people_are_averaged(tmp_path: Path) -> None:
    row = _one(tmp_path, _RATINGS)
    assert isinstance(row, RatedOutput)
    assert row.ratings == (("fluency", 4.5),)
    assert row.document is None
    assert _one(tmp_path, _RATINGS | _SOURCE).document.references == ("A dam broke.",)


def test_sources_and_scores(tmp_path: Path) -> None:
    source = _one(tmp_path, _SOURCE)
    assert isinstance(source, SourceRow)
    scores = _one(tmp_path, _SCORES)
    assert isinstance(scores, ScoreRow)
    assert (scores.system, scores.document) == ("TranS2S", "1")
    assert scores.columns == (("R1", 0.25), ("BERTScore", None), ("Faithful", 0.5))


@pytest.mark.parametrize(
    ("row", "problem"),
    [
        ([1], "no labels in a row of list"),
        ({"text": "x"}, "no labels in a row of text"),
        (_ENTITIES | {"source": 3}, "source must be a string, got int"),
        (_ENTITIES | {"source": " "}, "the source is empty"),
        (_ENTITIES | {"entities": {}}, "entities must be a list, got dict"),
        (_ENTITIES | {"entities": [1]}, "entities must be a list of objects"),
        (_ENTITIES | {"entities": [{"start": 0, "end": 99, "label": "x"}]}, "0..99 lies outside"),
        (_ENTITIES | {"entities": [{"start": 0, "end": 2}]}, "label must be a string, got nothing"),
        (
            _ENTITIES | {"entities": [{"start": 0, "end": 4, "label": "x", "ent": "Jane"}]},
            "the prediction has 'John' at 0..4, ent is 'Jane'",
        ),
        (
            _ENTITIES | {"entities": [{"start": 0.5, "end": 4, "label": "x"}]},
            "start must be a whole number, got 0.5",
        ),
        (_SPANS | {"hallucinations": []}, "one entry per person, got none"),
        (_SPANS | {"is_factual": ["maybe"]}, "a vote must be yes or no, got 'maybe'"),
        (_VOTES | {"sentences": []}, "sentences must not be empty"),
        (
            _VOTES | {"sentences": [{"text": "A.", "votes": []}]},
            "each sentence must have a vote",
        ),
        (_RATINGS | {"human": {}}, "human must be an object of numbers"),
        (_RATINGS | {"human": {"fluency": "good"}}, "human.fluency must be a number"),
        (_RATINGS | {"prediction": None}, "prediction must be a string, got nothing"),
    ],
)
def test_a_malformed_row_is_named_with_line_and_shape(
    tmp_path: Path, row: object, problem: str
) -> None:
    path = _written(tmp_path / "bad.jsonl", row)
    with pytest.raises(UsageError) as caught:
        read_labels(path)
    message = str(caught.value)
    assert message.startswith(f"{path}:1")
    assert problem in message
    assert "one row must be like" in message


def test_a_row_of_another_shape_names_its_line(tmp_path: Path) -> None:
    path = _written(tmp_path / "mixed.jsonl", _ENTITIES, _VOTES)
    with pytest.raises(UsageError, match=r"mixed\.jsonl:2: prediction must be a string"):
        read_labels(path)
    path = _written(tmp_path / "list.jsonl", _ENTITIES, [1])
    with pytest.raises(UsageError, match=r"list\.jsonl:2: a row must be .* got list"):
        read_labels(path)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="without rows"):
        read_labels(_written(tmp_path / "empty.jsonl"))
    with pytest.raises(UsageError, match="no such file"):
        read_labels(tmp_path / "missing.jsonl")
    broken = tmp_path / "broken.jsonl"
    broken.write_text(json.dumps(_ENTITIES) + "\n{", encoding="utf-8")
    with pytest.raises(UsageError, match=r"broken\.jsonl:2: not JSON"):
        read_labels(broken)


def test_discover_finds_labels_and_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    votes = _written(tmp_path / "deep" / "votes.jsonl.xz", _VOTES)
    ratings = _written(tmp_path / "ratings.jsonl", _RATINGS)
    _written(tmp_path / "fusion.jsonl", {"source": "x", "sentences": ["a", "b"]})
    _written(tmp_path / "corpus.jsonl", {"id": "a", "articles": [], "references": []})
    _written(tmp_path / "empty.jsonl")
    (tmp_path / "notes.txt").write_text("{}", encoding="utf-8")
    assert discover(tmp_path) == (votes, ratings)
    assert discover(tmp_path, deep=False) == (ratings,)
    assert read_labels(votes).shape is Shape.VOTES
    assert read_labels(votes).name == "votes"
    with pytest.raises(UsageError, match="no such folder"):
        discover(tmp_path / "nowhere")
