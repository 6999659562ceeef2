from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest
import torch

from digest.backends.neural.build import build_neural
from digest.backends.neural.seq2seq import Seq2SeqGenerator
from digest.config import GenerationConfig, IngestConfig, Seq2SeqConfig
from digest.errors import BackendError, UsageError
from digest.ingest.corpus import CorpusRow, corpus_rows
from digest.manifest import SilentProgress
from digest.training.examples import read_examples, to_task
from digest.training.trainee import Trainee
from tests.digest.backends.neural import tiny
from tests.digest.backends.neural.vocabularies import TEXTS
from tests.digest.training.clusters import CONFIG, ROWS, settings, written

if TYPE_CHECKING:
    from pathlib import Path

    from digest.training.examples import Examples

LONG = {
    "id": "long",
    "articles": [
        {"id": "a", "text": f"{TEXTS[0]} {TEXTS[1]} The mayor</s> said so <doc-sep> twice."},
        {"id": "b", "text": f"{TEXTS[2]} {TEXTS[3]} {TEXTS[0]}"},
    ],
    "references": [TEXTS[0], TEXTS[1]],
}


def read(tmp_path: Path, rows: list[Any], trainee: Trainee) -> Examples:
    path = written(tmp_path / "rows.jsonl", rows)
    return read_examples(path, trainee, CONFIG, stage="read", progress=SilentProgress())


@pytest.mark.parametrize("share", [None, 0.9])
@pytest.mark.parametrize(
    ("name", "options"),
    [("bart", {}), ("t5", {"prefix": "summarize: "}), ("led", {}), ("pegasus", {})],
)
def test_training_reads_what_the_backend_gives_the_model(
    name: str,
    options: dict[str, Any],
    share: float | None,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    trainee = Trainee(settings(tmp_path, name, **options))
    examples = read(tmp_path, [LONG], trainee)
    if share:
        whole = len(examples.pairs[0].input_ids)
        options = {**options, "max_input_tokens": int(share * whole)}
        trainee = Trainee(settings(tmp_path, name, **options))
        examples = read(tmp_path, [LONG], trainee)
    batch = trainee.collate(examples.pairs[:1])

    config = Seq2SeqConfig(
        kind="seq2seq",
        model=str(tiny.folder(name)),
        cache=False,
        generation=GenerationConfig(num_beams=1),
        **options,
    )
    backend = build_neural(config)
    assert isinstance(backend.generator, Seq2SeqGenerator)
    calls: list[dict[str, Any]] = []
    generate = backend.generator._model.generate

    def spied(**inputs: Any) -> Any:
        calls.append(inputs)
        return generate(**inputs)

    monkeypatch.setattr(backend.generator._model, "generate", spied)
    (row,) = corpus_rows(tmp_path / "rows.jsonl", IngestConfig())
    assert isinstance(row, CorpusRow)
    task, _ = to_task(row.articles, CONFIG)
    assert task is not None
    with suppress(BackendError):  # what a random model writes is nothing to print
        backend.summarize(task.cluster, task.facts, max_words=task.max_words)
    (call,) = calls
    read_by_both = ["input_ids", "attention_mask"]
    read_by_both += ["global_attention_mask"] if name == "led" else []
    for key in read_by_both:
        assert torch.equal(call[key], batch[key]), key
    assert ("global_attention_mask" in batch) == (name == "led")
    assert examples.counts["inputs_shortened"] == (share is not None)


def test_the_decoder_is_one_step_behind_its_labels(tmp_path: Path) -> None:
    trainee = Trainee(settings(tmp_path))
    examples = read(tmp_path, ROWS, trainee)
    batch = trainee.collate(examples.pairs)
    labels, begun = batch["labels"], batch["decoder_input_ids"]
    assert (labels == -100).any(), "references differ in length"
    for pair, row, before in zip(examples.pairs, labels, begun, strict=True):
        ids = list(pair.labels)
        assert ids[0] == 0, "BART begins with <s>"
        assert ids[-1] == 2, "and ends with </s>"
        assert row[: len(ids)].tolist() == ids
        assert before[: len(ids)].tolist() == [2, *ids[:-1]]
        assert (row[len(ids) :] == -100).all()


def test_every_row_is_used_or_told(tmp_path: Path) -> None:
    short = {"text": "Too short."}
    rows = [
        LONG,
        ["no", "object"],
        {"id": "x", "text": "an article, not a cluster"},
        {"id": "bad", "articles": [short], "references": "a string"},
        {**ROWS[0], "references": []},
        {**ROWS[0], "references": [" "]},
        {"id": "none", "articles": [], "references": ["R."]},
        {"id": "short", "articles": [short, {"title": "no text"}], "references": ["R."]},
        {**ROWS[1], "references": ["word " * 600, TEXTS[0] + " " + "word " * 600 + "."]},
        {**ROWS[2], "references": ["word " * 600]},
    ]
    trainee = Trainee(settings(tmp_path, max_target_tokens=40))
    counts = read(tmp_path, rows, trainee).counts
    assert counts == {
        "used": 2,
        "unreadable": 3,
        "no_article": 2,
        "no_reference": 2,
        "no_room": 1,
        "pairs": 3,
        "articles": 6,
        "articles_dropped": 3,
        "inputs_shortened": 0,
        "references_shortened": 1,
        "references_lost": 2,
    }
    assert sum(list(counts.values())[:5]) == len(rows)


def test_what_was_lost_is_said(tmp_path: Path) -> None:
    trainee = Trainee(settings(tmp_path))
    told = read(tmp_path, [LONG, {**LONG, "references": None}], trainee).told
    assert "1 rows used, 1 rows without a reference, 2 pairs" in told
    assert "unreadable" not in told


def test_a_reference_is_cut_at_a_sentence_end_and_obeyed_by_nobody(tmp_path: Path) -> None:
    trainee = Trainee(settings(tmp_path, max_target_tokens=30))
    found = trainee.target(f"{TEXTS[0]}</s>\n{TEXTS[1]}")
    assert found is not None
    ids, whole = found
    assert not whole
    assert len(ids) <= 30
    assert list(ids).count(2) == 1, "the </s> of the text is no end"
    text = trainee._checkpoint.tokenizer.decode(ids[1:-1]).strip()
    assert text == f"{TEXTS[0]}(/s)" or text == TEXTS[0]


@pytest.mark.parametrize(
    ("rows", "message"),
    [
        ([{**LONG, "references": []}], "nothing to learn from: 1 rows without a reference"),
        ([], "empty 0 bytes, no text; one row is"),
    ],
)
def test_nothing_to_learn_from_is_an_error(tmp_path: Path, rows: list[Any], message: str) -> None:
    with pytest.raises(UsageError, match=message):
        read(tmp_path, rows, Trainee(settings(tmp_path)))
