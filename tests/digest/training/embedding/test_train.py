from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import numpy as np
import pytest
from safetensors.numpy import load_file

from digest.backends.embedded.sentences import SentenceVectors
from digest.cli import main
from digest.errors import UsageError
from digest.manifest import SilentProgress
from digest.training.embedding import sentences, teacher, train
from digest.training.embedding.train import train_embedding
from tests.digest.training.embedding.lessons import news, settings
from tests.digest.training.killing import Kill, KilledError

if TYPE_CHECKING:
    from pathlib import Path

FILES = {"README.md", "model.safetensors", "tokenizer.json", "training.json"}


def test_the_student_learns_what_the_teacher_says(tmp_path: Path) -> None:
    asked = settings(tmp_path, max_steps=60)
    result = train_embedding(asked, progress=SilentProgress())
    losses = [loss for _, loss in result.losses.training]
    assert result.losses.steps == 60
    assert losses[-1] < 0.5 * losses[0]
    begun = train_embedding(
        settings(tmp_path, max_steps=1, output=tmp_path / "begun"), progress=SilentProgress()
    )
    assert result.scores["one_story"] > begun.scores["one_story"]
    assert result.scores["any"] > 0.6
    assert {path.name for path in asked.output.iterdir()} == FILES
    assert not (tmp_path / "embed.partial").exists()
    card = (asked.output / "README.md").read_text("utf-8")
    for name in ("one_story", "any", "tfidf_one_story", "tfidf_any"):
        assert f"| {name} | {result.scores[name]:.4f} |" in card
    record = json.loads((asked.output / "training.json").read_text())
    for path in sentences.files(asked.corpora):
        assert f"| {path.name} | {record['corpora'][path.name]} |" in card
    assert str(tmp_path) not in card + json.dumps(record), "no place on this machine"


def test_a_stopped_training_goes_on_to_the_same_weights(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(teacher, "SHARD", 100)
    quiet = SilentProgress()
    whole = settings(tmp_path, max_steps=6, save_steps=2, output=tmp_path / "whole")
    train_embedding(whole, progress=quiet)
    asked = settings(tmp_path, max_steps=6, save_steps=2)
    with pytest.raises(KilledError):
        train_embedding(asked, progress=Kill(after=5))
    partial = tmp_path / "embed.partial"
    assert sorted(p.name for p in partial.glob("checkpoint-*")) == ["checkpoint-2", "checkpoint-4"]
    with pytest.raises(UsageError, match="holds an unfinished training; go on with --resume"):
        train_embedding(asked, progress=quiet)
    with pytest.raises(UsageError, match=r"was begun otherwise: settings was .*'width': 8"):
        train_embedding(
            settings(tmp_path, max_steps=6, save_steps=2, width=8), resume=True, progress=quiet
        )
    asked_again = Counting()
    monkeypatch.setattr(train, "Teacher", asked_again.teacher)
    train_embedding(asked, resume=True, progress=quiet)
    assert asked_again.texts == len(sentences.examined(asked.corpora)), "the rest was on disk"
    for name in FILES - {"README.md"}:  # which says how long it took
        assert (asked.output / name).read_bytes() == (whole.output / name).read_bytes(), name


class Counting:
    """Makes teachers, and counts the texts they are given."""

    def __init__(self) -> None:
        self.texts = 0

    def teacher(self, folder: Path, *, dtype: str) -> teacher.Teacher:
        made = teacher.Teacher(folder, dtype=dtype)
        vectors = made.vectors

        def counted(texts: list[list[int]]) -> np.ndarray:
            self.texts += len(texts)
            return vectors(texts)

        made.vectors = counted  # type: ignore[method-assign, assignment]
        return made


def test_a_stopped_lesson_goes_on_where_it_stopped(tmp_path: Path) -> None:
    made = teacher.Teacher(settings(tmp_path).model, dtype="float32")
    texts = [[1, 2, 3 + number % 40] for number in range(25)]
    whole = teacher.taught(made, texts, tmp_path / "whole", progress=SilentProgress())
    (tmp_path / "half").mkdir()
    for path in (tmp_path / "whole").iterdir():
        (tmp_path / "half" / path.name).write_bytes(path.read_bytes())
    again = teacher.taught(made, texts, tmp_path / "half", progress=SilentProgress())
    assert (whole == again).all()
    assert np.linalg.norm(whole.astype(np.float32), axis=1) == pytest.approx(1, abs=2e-3)


def test_another_seed_makes_other_weights(tmp_path: Path) -> None:
    first, other = settings(tmp_path), settings(tmp_path, seed=3, output=tmp_path / "other")
    for asked in (first, other):
        train_embedding(asked, progress=SilentProgress())
    tables = [load_file(asked.output / "model.safetensors")["rows"] for asked in (first, other)]
    assert (tables[0] != tables[1]).any()


def test_a_missing_corpus_and_an_encoder_that_is_none_are_named(tmp_path: Path) -> None:
    asked = settings(tmp_path)
    sentences.files(asked.corpora)[1].unlink()
    with pytest.raises(UsageError, match=r"articles-1\.jsonl\.xz"):
        train_embedding(asked, progress=SilentProgress())
    (asked.model / "config.json").unlink()
    with pytest.raises(UsageError, match=r"has no config\.json"):
        train_embedding(asked, progress=SilentProgress())


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    asked = settings(tmp_path)
    news(asked.corpora, articles=0)
    with pytest.raises(UsageError, match="nothing to learn from in the corpora of"):
        train_embedding(asked, progress=SilentProgress())


def test_the_command_trains(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked = settings(tmp_path)
    options = {"--model": asked.model, "--corpora": asked.corpora, "--output": asked.output}
    flat = [str(part) for pair in options.items() for part in pair]
    flat += ["--max-steps", "1", "--batch-size", "32", "--seed", "2"]
    monkeypatch.setattr(sys, "argv", ["digest", "train", "embed", *flat])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    said = " ".join(capsys.readouterr().out.split())
    assert f"written to {asked.output}, its card is README.md there" in said
    record = json.loads((asked.output / "training.json").read_text())
    assert record["settings"]["seed"] == 2
    assert record["settings"]["batch_size"] == 32
    assert SentenceVectors(asked.output).width == 128
