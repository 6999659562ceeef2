from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Any

import pytest
from transformers import Trainer

from digest.backends import build_backend
from digest.backends.neural.loading import hash_folder
from digest.cli import main
from digest.config import GenerationConfig, IngestConfig, Seq2SeqConfig
from digest.errors import BackendError, UsageError
from digest.ingest.corpus import CorpusRow, corpus_rows
from digest.manifest import SilentProgress
from digest.training import seq2seq
from digest.training.examples import read_examples, to_task
from digest.training.kept import recall
from digest.training.settings import Seq2SeqTraining, parse_settings
from digest.training.trainee import Trainee
from tests.digest.backends.neural import tiny
from tests.digest.training.clusters import CONFIG, ROWS, settings, trained, written
from tests.digest.training.killing import Kill, KilledError

if TYPE_CHECKING:
    from pathlib import Path


WEIGHTS = "model.safetensors"


def begun(asked: Seq2SeqTraining, *, after: int) -> None:
    with pytest.raises(KilledError):
        trained(asked, progress=Kill(after))


@pytest.mark.parametrize("name", ["bart", "t5"])
def test_the_loss_falls(name: str, tmp_path: Path) -> None:
    corpus = written(tmp_path / "dev.jsonl", ROWS)
    asked = settings(
        tmp_path,
        name,
        max_steps=30,
        save_steps=10,
        validation=corpus,
        prefix="summarize: ",
        gradient_checkpointing=name == "t5",
    )
    losses = trained(asked).losses
    assert losses.steps == 30
    assert [step for step, _ in losses.training] == list(range(1, 31))
    values = [loss for _, loss in losses.training]
    assert sum(values[-5:]) < 0.75 * sum(values[:5]), "five batches together: one has two rows"
    assert losses.validation[-1][1] < 0.8 * losses.validation[0][1]
    assert losses.validation[-1][0] == 30


def test_a_trained_folder_writes_what_it_has_learned(tmp_path: Path) -> None:
    corpus = written(tmp_path / "one.jsonl", ROWS[:1])
    asked = settings(
        tmp_path, corpus=corpus, validation=corpus, max_steps=110, batch_size=1, save_steps=1000
    )
    result = trained(asked)
    config = Seq2SeqConfig(
        kind="seq2seq",
        model=str(asked.output),
        download=False,
        cache=False,
        device="cpu",
        generation=GenerationConfig(num_beams=1),
    )
    (row,) = corpus_rows(corpus, IngestConfig())
    assert isinstance(row, CorpusRow)
    task, _ = to_task(row.articles, CONFIG)
    assert task is not None
    summary = build_backend(config).summarize(task.cluster, task.facts, max_words=40)
    assert " ".join(s.text for s in summary.sentences) == ROWS[0]["references"][0]
    assert result.lengths is not None
    assert result.lengths.written == result.lengths.reference == 15


@pytest.mark.parametrize(
    ("after", "validates"),
    [(5, False), (7, True)],
    ids=["mid-epoch", "epoch's end"],
)
def test_a_killed_training_goes_on_to_the_same_weights(
    after: int, *, validates: bool, tmp_path: Path
) -> None:
    corpus = written(tmp_path / "dev.jsonl", ROWS[:2])
    options: dict[str, Any] = {
        "epochs": 4,
        "batch_size": 1,
        "gradient_accumulation": 2,
        "save_steps": 3,
        "validation": corpus if validates else None,
    }
    whole = settings(tmp_path, output=tmp_path / "whole", **options)
    losses = trained(whole).losses
    asked = settings(tmp_path, **options)
    begun(asked, after=after)
    assert not asked.output.exists()
    watch = Kill()
    result = trained(asked, resume=True, progress=watch)
    assert watch.steps == 8, "steps done before count as done"
    checkpoint = json.loads((tmp_path / "whole" / "training.json").read_text())
    assert checkpoint == json.loads((asked.output / "training.json").read_text())
    assert (asked.output / WEIGHTS).read_bytes() == (whole.output / WEIGHTS).read_bytes()
    assert hash_folder(asked.output) == hash_folder(whole.output)
    assert result.losses.validation == losses.validation
    assert [step for step, _ in losses.validation] == ([3, 6, 8] if validates else [])
    assert not (tmp_path / "model.partial").exists()


def test_a_resumed_training_does_not_begin_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = settings(tmp_path, max_steps=6, save_steps=2)
    begun(asked, after=5)
    partial = tmp_path / "model.partial"
    assert sorted(p.name for p in partial.glob("checkpoint-*")) == ["checkpoint-2", "checkpoint-4"]
    assert recall(partial / "corpus.jsonl") == read_examples(
        asked.corpus, Trainee(asked), CONFIG, stage="read", progress=SilentProgress()
    )
    (partial / "checkpoint-4" / "trainer_state.json").write_text("{")  # cut off
    given: list[Any] = []
    train = Trainer.train

    def spied(self: Any, resume_from_checkpoint: Any = None) -> Any:
        given.append(resume_from_checkpoint)
        return train(self, resume_from_checkpoint=resume_from_checkpoint)

    def again(*_: Any, **__: Any) -> None:
        raise AssertionError("the corpus was read already")

    monkeypatch.setattr(Trainer, "train", spied)
    monkeypatch.setattr(seq2seq, "read_examples", again)
    trained(asked, resume=True)
    assert given == [str(partial / "checkpoint-2")]


def test_the_seed_decides(tmp_path: Path) -> None:
    def weights(name: str, seed: int) -> bytes:
        asked = settings(tmp_path, output=tmp_path / name, max_steps=3, seed=seed)
        return (trained(asked).output / WEIGHTS).read_bytes()

    assert weights("a", 1) == weights("b", 1) != weights("c", 2)


def test_a_failed_training_leaves_the_good_model(tmp_path: Path) -> None:
    asked = settings(tmp_path, max_steps=2)
    trained(asked)
    good = hash_folder(asked.output)
    again = settings(tmp_path, max_steps=2, learning_rate=0.5, seed=3)
    begun(again, after=1)
    assert hash_folder(again.output) == good
    with pytest.raises(UsageError, match="holds an unfinished training; go on with --resume"):
        trained(again)
    with pytest.raises(UsageError, match=r"was begun otherwise: settings was .*'seed': 3"):
        trained(asked, resume=True)
    trained(again, resume=True)
    assert hash_folder(again.output) != good
    assert sorted(p.name for p in tmp_path.iterdir()) == ["corpus.jsonl", "model"]


def test_a_loss_that_is_no_number_ends_the_training(tmp_path: Path) -> None:
    asked = settings(tmp_path, max_steps=40, learning_rate=0.9, model=_overflowing(tmp_path))
    with pytest.raises(BackendError, match=r"after step \d+ the loss is (nan|inf); lower"):
        trained(asked)
    assert not asked.output.exists()


def _overflowing(tmp_path: Path) -> str:
    """Return a model whose logits overflow."""
    from safetensors.torch import load_file, save_file  # noqa: PLC0415 - for this test alone

    folder = tiny.copied("t5", tmp_path)
    weights = load_file(folder / WEIGHTS)
    save_file({k: v * 1e30 for k, v in weights.items()}, folder / WEIGHTS, {"format": "pt"})
    return str(folder)


def test_the_card_says_what_the_weights_are_made_of(tmp_path: Path) -> None:
    validation = written(tmp_path / "dev.jsonl", [*ROWS[:2], {**ROWS[2], "references": []}])
    asked = settings(tmp_path, "t5", max_steps=2, validation=validation, prefix="summarize: ")
    result = trained(asked)
    card = (asked.output / "README.md").read_text(encoding="utf-8")
    revision = hash_folder(tiny.folder("t5"))
    told = [
        f"revision `{revision}`",
        result.training.sha256,
        "4 rows used",
        "2 rows used, 1 rows without a reference",
        "| seed | 0 |",
        "| learning_rate | 0.01 |",
        "| transformers |",
        f"| 2 | validation | {result.losses.validation[-1][1]:.4f} |",
        "prefix: 'summarize: '",
        "To be filled in",
        "`digest eval score`",
    ]
    assert [text for text in told if text not in card] == []
    assert str(tmp_path) not in (asked.output / "training.json").read_text(), "no places"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"model": "llama"}, r"no encoder-decoder \(llama\).*train seq2seq. takes"),
        ({"max_target_tokens": 999}, "--max-target-tokens 999 is more than the 256 positions"),
        ({"dtype": "float16"}, "--dtype float16 trains on cuda alone"),
        ({"corpus": "corpus.csv"}, "a corpus must end in .jsonl"),
        ({"corpus": "nowhere.jsonl"}, "nowhere.jsonl"),
        ({"output": "taken"}, "taken exists and is no model folder"),
    ],
)
def test_what_cannot_work_is_refused_with_the_way_out(
    options: dict[str, Any], message: str, tmp_path: Path
) -> None:
    (tmp_path / "corpus.csv").touch()
    (tmp_path / "taken").mkdir()
    (tmp_path / "taken" / "thesis.txt").write_text("years of work")
    if "model" in options:
        options = {"model": str(tiny.folder(options["model"]))}
    places = {k: tmp_path / v for k, v in options.items() if k in {"corpus", "output"}}
    with pytest.raises(UsageError, match=message):
        trained(settings(tmp_path, **{**options, **places}))
    assert (tmp_path / "taken" / "thesis.txt").exists()


def test_values_out_of_range_are_named_as_on_the_command_line() -> None:
    values = {"model": "m", "corpus": "c.jsonl", "output": "o", "batch_size": 0, "dtype": "int8"}
    with pytest.raises(UsageError) as caught:
        parse_settings(Seq2SeqTraining, values)
    assert "--batch-size: Input should be greater than or equal to 1, got 0" in str(caught.value)
    assert "--dtype: Input should be 'auto'" in str(caught.value)


def test_the_command_trains_and_says_where(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    corpus = written(tmp_path / "corpus.jsonl", ROWS)
    arguments = ["--model", tiny.folder("bart"), "--corpus", corpus, "-o", tmp_path / "m"]
    arguments += ["--max-steps", 2, "--device", "cpu", "-c", "configs/lead.yaml"]
    monkeypatch.setattr(sys, "argv", ["digest", "train", "seq2seq", *map(str, arguments)])
    with pytest.raises(SystemExit) as caught:
        main()
    output = capsys.readouterr()
    assert caught.value.code in (0, None)
    assert output.out.startswith("2 steps, training loss ")
    assert f"written to {tmp_path / 'm'}, its card is README.md there" in output.out
    assert output.err.splitlines()[0].startswith("read corpus: 4 rows used, 4 pairs")
    assert "train: 2 steps, loss" in output.err
    assert (tmp_path / "m" / "README.md").exists()
