from __future__ import annotations

import json
import lzma
import shutil
import sys
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from safetensors.numpy import load_file

from digest.backends.embedded.pieces import WordPieces
from digest.backends.embedded.tagger import Tagger
from digest.cli import main
from digest.errors import UsageError
from digest.training.tagging import TASKS
from digest.training.tagging.export import quantized_rows
from tests.digest.training.killing import Kill, KilledError
from tests.digest.training.tagging.corpora import WRITERS, compression, packed
from tests.digest.training.tagging.trainings import settings, trained

if TYPE_CHECKING:
    from pathlib import Path

FILES = {
    "README.md",
    "embeddings.safetensors",
    "labels.json",
    "model.onnx",
    "model.safetensors",
    "tokenizer.json",
    "training.json",
}
WEIGHTS = "model.safetensors"


@pytest.mark.parametrize(
    ("task", "steps", "reached"),
    [
        ("ner", 70, {"f1_uner_ewt_test": 0.9, "f1_worldwide_dev": 0.9}),
        ("compress", 70, {"token_f1": 0.95}),
        ("fuse", 250, {"fused_as_people_did": 0.5}),
    ],
)
def test_what_can_be_learned_is_learned_and_written(
    task: str, steps: int, reached: dict[str, float], tmp_path: Path
) -> None:
    asked = settings(tmp_path, task, max_steps=steps)
    result = trained(asked)
    losses = [loss for _, loss in result.losses.training]
    # The compression model finishes with as many on cased sentences.
    steps *= 2 if task == "compress" else 1
    assert result.losses.steps == steps
    assert losses[-1] < 0.5 * losses[0]
    for name, value in reached.items():
        assert result.scores[name] >= value, result.scores
    assert {path.name for path in asked.output.iterdir()} == FILES
    assert not (tmp_path / f"{task}-model.partial").exists()
    assert result.told.startswith(f"{steps} steps; ")
    labels = json.loads((asked.output / "labels.json").read_text())
    assert labels == {name: list(row) for name, row in TASKS[task]().heads.items()}
    card = (asked.output / "README.md").read_text("utf-8")
    for name, value in result.scores.items():
        assert f"| {name} | {value:.4f} |" in card
    record = json.loads((asked.output / "training.json").read_text())
    for path in TASKS[task]().files(asked.corpora):
        assert f"| {path.name} | {record['corpora'][path.name]} |" in card
    assert str(tmp_path) not in card + json.dumps(record), "no place on this machine"


def test_word_embeddings_and_vocabulary_stay_as_they_were(tmp_path: Path) -> None:
    asked = settings(tmp_path, "compress")
    folder = trained(asked).output
    before = load_file(asked.model / WEIGHTS)["embeddings.word_embeddings.weight"]
    expected = quantized_rows(before)
    found = load_file(folder / "embeddings.safetensors")
    assert (found["rows"] == expected["rows"]).all()
    assert (found["scale"] == expected["scale"]).all()
    error = np.abs(found["rows"] * found["scale"] - before)
    assert (error <= found["scale"] * 0.5001).all()
    assert (folder / "tokenizer.json").read_bytes() == (asked.model / "tokenizer.json").read_bytes()


def test_a_stopped_training_goes_on_to_the_same_weights(tmp_path: Path) -> None:
    whole = settings(tmp_path, "ner", max_steps=6, save_steps=2, output=tmp_path / "whole")
    trained(whole)
    asked = settings(tmp_path, "ner", max_steps=6, save_steps=2)
    with pytest.raises(KilledError):
        trained(asked, progress=Kill(after=5))
    partial = tmp_path / "ner-model.partial"
    assert sorted(p.name for p in partial.glob("checkpoint-*")) == ["checkpoint-2", "checkpoint-4"]
    with pytest.raises(UsageError, match="holds an unfinished training; go on with --resume"):
        trained(asked)
    other = settings(tmp_path, "ner", max_steps=6, save_steps=2, seed=3)
    with pytest.raises(UsageError, match=r"was begun otherwise: settings was .*'seed': 3"):
        trained(other, resume=True)
    trained(asked, resume=True)
    for name in FILES - {"README.md"}:  # which says how long it took
        assert (asked.output / name).read_bytes() == (whole.output / name).read_bytes(), name
    third = settings(tmp_path, "ner", max_steps=6, output=tmp_path / "third", seed=3)
    trained(third)
    assert (third.output / WEIGHTS).read_bytes() != (whole.output / WEIGHTS).read_bytes()


def test_a_training_that_stopped_while_finishing_goes_on_there(tmp_path: Path) -> None:
    whole = settings(tmp_path, "compress", max_steps=3, save_steps=1, output=tmp_path / "whole")
    assert trained(whole).losses.steps == 6
    asked = settings(tmp_path, "compress", max_steps=3, save_steps=1)
    with pytest.raises(KilledError):
        trained(asked, progress=Kill(after=5))
    partial = tmp_path / "compress-model.partial"
    assert (partial / "finishing" / "checkpoint-1").is_dir()
    trained(asked, resume=True)
    for name in FILES - {"README.md"}:
        assert (asked.output / name).read_bytes() == (whole.output / name).read_bytes(), name


def test_a_model_is_replaced_and_nothing_else(tmp_path: Path) -> None:
    asked = settings(tmp_path, "compress", max_steps=1)
    trained(asked)
    first = (asked.output / WEIGHTS).read_bytes()
    trained(settings(tmp_path, "compress", max_steps=1, seed=5))
    assert (asked.output / WEIGHTS).read_bytes() != first
    mine = tmp_path / "thesis"
    mine.mkdir()
    (mine / "chapter.txt").write_text("years of work")
    with pytest.raises(UsageError, match="exists and is no model folder"):
        trained(settings(tmp_path, "compress", output=mine))


def test_changed_corpora_are_another_training(tmp_path: Path) -> None:
    asked = settings(tmp_path, "compress", max_steps=4, save_steps=1)
    with pytest.raises(KilledError):
        trained(asked, progress=Kill(after=2))
    compression(asked.corpora, sentences=47)
    with pytest.raises(UsageError, match=r"was begun otherwise: corpora was"):
        trained(asked, resume=True)


@pytest.mark.parametrize("task", list(WRITERS))
def test_a_missing_corpus_is_named(task: str, tmp_path: Path) -> None:
    asked = settings(tmp_path, task)
    missing = TASKS[task]().files(asked.corpora)[0]
    missing.unlink()
    with pytest.raises(UsageError, match=missing.name):
        trained(asked)


def test_nothing_to_learn_from(tmp_path: Path) -> None:
    asked = settings(tmp_path, "compress")
    packed(TASKS["compress"]().files(asked.corpora)[0], [])
    with pytest.raises(UsageError, match="nothing to learn from in the corpora of"):
        trained(asked)


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("config.json", None, r"has no config\.json; --model takes the folder of a BERT encoder"),
        ("tokenizer.json", None, r"has no tokenizer\.json; --model takes"),
        ("model.safetensors", None, r"has no model\.safetensors; --model takes"),
        ("config.json", "{", r"config\.json cannot be read: .*; --model takes"),
        ("config.json", "[]", r"config\.json cannot be read: .*; --model takes"),
        ("config.json", '{"model_type": "roberta"}', "holds a model of type roberta; --model"),
    ],
)
def test_an_encoder_that_is_none(name: str, text: str | None, message: str, tmp_path: Path) -> None:
    asked = settings(tmp_path, "ner")
    if text is None:
        (asked.model / name).unlink()
    else:
        (asked.model / name).write_text(text)
    with pytest.raises(UsageError, match=message):
        trained(asked)


@pytest.mark.parametrize(
    ("command", "task"), [("ner", "ner"), ("compress", "compress"), ("fuse", "fuse")]
)
def test_the_commands_train(
    command: str,
    task: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    asked = settings(tmp_path, task)
    arguments: dict[str, Any] = {
        "--model": asked.model,
        "--corpora": asked.corpora,
        "--output": asked.output,
        "--max-steps": 1,
        "--batch-size": 8,
        "--seed": 2,
    }
    flat = [str(part) for pair in arguments.items() for part in pair]
    monkeypatch.setattr(sys, "argv", ["digest", "train", command, *flat])
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 0
    assert f"written to {asked.output}, its card is README.md there" in " ".join(
        capsys.readouterr().out.split()
    )
    record = json.loads((asked.output / "training.json").read_text())
    assert record["settings"]["task"] == task
    assert record["settings"]["seed"] == 2
    assert Tagger(asked.output).labels


def test_models_of_one_encoder_share_a_folder(tmp_path: Path) -> None:
    asked = settings(tmp_path, "compress", max_steps=1)
    trained(asked)
    shipped = tmp_path / "models"
    shutil.copytree(asked.output, shipped / "compress")
    (shipped / "encoder").mkdir()
    for name in ("tokenizer.json", "embeddings.safetensors"):
        (shipped / "compress" / name).rename(shipped / "encoder" / name)
    texts = [["The", "mayor", "left"]]
    (alone,), (shared,) = (
        list(Tagger(folder).scores(texts)) for folder in (asked.output, shipped / "compress")
    )
    assert all((alone[head] == shared[head]).all() for head in alone)


def test_pieces_of_training_and_use_are_the_same(tmp_path: Path) -> None:
    asked = settings(tmp_path, "compress", max_steps=1)
    folder = trained(asked).output
    words = [["The", "Mayor", "Łódź", "\u200b", "left"]]
    assert WordPieces(folder / "tokenizer.json").split(words) == WordPieces(
        asked.model / "tokenizer.json"
    ).split(words)


@pytest.mark.parametrize("cut", [5, 40])
def test_a_corpus_that_was_cut_off_is_named(cut: int, tmp_path: Path) -> None:
    asked = settings(tmp_path, "ner")
    path = TASKS["ner"]().files(asked.corpora)[1]
    path.write_bytes(path.read_bytes()[:-cut])
    with pytest.raises(UsageError, match=f"cannot read corpus .*{path.name} after line"):
        trained(asked)
    path.write_bytes(lzma.compress(b'{"tokens": ["a"], "tags": ["O"]}\n{"tokens"\n'))
    with pytest.raises(UsageError, match=f"{path.name}, line 2: no JSON: .*; mend or delete it"):
        trained(asked)
