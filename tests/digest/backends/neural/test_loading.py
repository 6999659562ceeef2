from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
import safetensors.torch
import torch
from transformers.utils import logging

from digest.backends.neural.loading import Checkpoint, hash_folder, quiet
from digest.backends.neural.positions import input_limit, output_limit
from digest.backends.neural.seq2seq import Seq2SeqGenerator
from digest.config import ChatConfig, Seq2SeqConfig
from digest.errors import BackendError
from tests.digest.backends.neural import tiny

if TYPE_CHECKING:
    from pathlib import Path


CONFIGS: dict[str, Any] = {"chat": ChatConfig, "seq2seq": Seq2SeqConfig}


def checkpoint(model: Path | str, **options: Any) -> Checkpoint:
    return Checkpoint(Seq2SeqConfig(kind="seq2seq", model=str(model), **options))


def edit(path: Path, **changes: Any) -> None:
    held = json.loads(path.read_text())
    path.write_text(json.dumps({**held, **changes}))


def test_a_generator_is_cheap_and_says_what_is_wrong_when_it_is_used(tmp_path: Path) -> None:
    made = tiny.generator("bart", model=tmp_path / "none")
    message = tiny.failure(made, tiny.requests()[0])
    assert str(tmp_path / "none") in message
    assert message.endswith("there is no such folder")


def test_nothing_is_downloaded_when_downloads_are_off() -> None:
    made = Seq2SeqGenerator(
        Seq2SeqConfig(kind="seq2seq", model="someone/model-nobody-has", download=False)
    )
    outcomes = [outcome for _, outcome in made.generate(tiny.requests())]
    assert len(outcomes) == 4
    assert all("allow download: true" in str(outcome) for outcome in outcomes)


def test_a_model_of_the_other_kind_is_refused() -> None:
    with pytest.raises(BackendError, match=r"no encoder-decoder \(llama\): take kind: chat"):
        _ = checkpoint(tiny.folder("llama")).config
    with pytest.raises(BackendError, match=r"an encoder-decoder \(bart\): take kind: seq2seq"):
        _ = Checkpoint(ChatConfig(kind="chat", model=str(tiny.folder("bart")))).config


def test_settings_tokens_and_revision_need_no_weights(tmp_path: Path) -> None:
    source = tiny.copied("bart", tmp_path)
    (source / "model.safetensors").write_bytes(b"not weights")
    made = tiny.generator("bart", model=source)
    assert made.revision == hash_folder(source)
    assert json.loads(json.dumps(made.settings)) == made.settings
    assert made.count(["Fire crews", ""]) == [5, 0]
    assert "</s>" in made.special_tokens
    assert "cannot load the weights" in tiny.failure(made, tiny.requests()[0])


def test_the_revision_of_a_folder_is_what_decides_its_texts(tmp_path: Path) -> None:
    source = tiny.copied("bart", tmp_path)
    first = checkpoint(source).revision
    (source / "README.md").write_text("A card.")
    assert checkpoint(source).revision == first
    for name in ("model.safetensors", "tokenizer.json", "generation_config.json"):
        path = source / name
        path.write_bytes(path.read_bytes() + b" ")
        assert checkpoint(source).revision != first
        first = checkpoint(source).revision


def test_a_commit_of_the_hub_is_the_revision() -> None:
    made = checkpoint("someone/model")
    made.__dict__["config"] = type("Config", (), {"_commit_hash": "abc123"})()
    assert made.revision == "abc123"


def test_weights_saved_in_half_precision_are_computed_in_full_on_a_cpu(tmp_path: Path) -> None:
    source = tiny.copied("t5", tmp_path)
    weights = safetensors.torch.load_file(source / "model.safetensors")
    halves = {name: tensor.half() for name, tensor in weights.items()}
    safetensors.torch.save_file(halves, source / "model.safetensors", {"format": "pt"})
    edit(source / "config.json", dtype="float16")
    model = checkpoint(source, device="cpu").weights("AutoModelForSeq2SeqLM")
    assert model.dtype == torch.float32
    assert not model.training
    asked = checkpoint(source, device="cpu", dtype="bfloat16").weights("AutoModelForSeq2SeqLM")
    assert asked.dtype == torch.bfloat16


def test_missing_weights_are_not_replaced_by_random_ones(tmp_path: Path) -> None:
    source = tiny.copied("bart", tmp_path)
    weights = safetensors.torch.load_file(source / "model.safetensors")
    lost = "model.decoder.layers.0.fc1.weight"
    del weights[lost]
    safetensors.torch.save_file(weights, source / "model.safetensors", {"format": "pt"})
    with pytest.raises(BackendError, match=rf"1 weights are not in it, {lost}"):
        checkpoint(source).weights("AutoModelForSeq2SeqLM")


def test_code_of_a_checkpoint_is_never_run(tmp_path: Path) -> None:
    source = tiny.copied("bart", tmp_path)
    trace = tmp_path / "ran"
    (source / "own.py").write_text(f"open({str(trace)!r}, 'w')\nclass Own: pass\n")
    edit(source / "config.json", model_type="own", auto_map={"AutoConfig": "own.Own"})
    with pytest.raises(BackendError, match="cannot load the configuration"):
        _ = checkpoint(source).config
    assert not trace.exists()


@pytest.mark.parametrize("lost", ["config.json", "tokenizer.json", "model.safetensors"])
def test_an_incomplete_folder_names_the_piece(tmp_path: Path, lost: str) -> None:
    source = tiny.copied("bart", tmp_path)
    (source / lost).unlink()
    message = tiny.failure(tiny.generator("bart", model=source), tiny.requests()[0])
    piece = {"config.json": "", "tokenizer.json": "tokenizer", "model.safetensors": "weights"}[lost]
    assert f"cannot load the {piece}" in message
    assert "the folder must hold all that save_pretrained writes" in message


@pytest.mark.skipif(torch.cuda.is_available(), reason="there is one")
def test_a_device_that_is_not_there_is_named() -> None:
    made = tiny.generator("bart", device="cuda")
    assert "device: cuda is asked for" in tiny.failure(made, tiny.requests()[0])


@pytest.mark.parametrize(
    ("name", "reads", "writes"),
    [
        ("bart", 256, 256),
        ("pegasus", 256, 256),
        ("t5", 512, None),  # n_positions, the length it was trained on
        ("flan", 512, None),  # says nothing
        ("led", 512, 256),  # 520 positions, in windows of 16
        ("pegasus_x", 512, 512),
        ("longt5", 4096, None),  # what it was trained on
        ("t5gemma", 512, 512),
        ("llama", 8192, 8192),
    ],
)
def test_limits_come_from_the_configuration(name: str, reads: int, writes: int | None) -> None:
    kind = "chat" if name == "llama" else "seq2seq"
    made = Checkpoint(CONFIGS[kind](kind=kind, model=str(tiny.folder(name))))
    assert made.tokenizer.model_max_length > 10**20
    assert input_limit(made, None) == reads
    assert output_limit(made) == writes


def test_more_than_the_positions_is_refused_and_relative_positions_have_no_end() -> None:
    with pytest.raises(BackendError, match="max_input_tokens: 300 is more than the 256 positions"):
        input_limit(checkpoint(tiny.folder("bart")), 300)
    assert input_limit(checkpoint(tiny.folder("bart")), 100) == 100
    assert input_limit(checkpoint(tiny.folder("t5")), 3000) == 3000


def test_token_ids_of_checkpoints_older_than_generation_configs(tmp_path: Path) -> None:
    source = tiny.copied("bart", tmp_path)
    (source / "generation_config.json").unlink()
    edit(source / "config.json", forced_bos_token_id=0, min_length=56, max_length=142)
    settings = tiny.generator("bart", model=source).settings
    assert settings["forced_bos_token_id"] == 0
    assert settings["decoder_start_token_id"] == 2
    assert not {"min_length", "max_length"} & set(json.dumps(settings).split('"'))


def test_the_console_is_left_as_it_was() -> None:
    verbosity, bars = logging.get_verbosity(), logging.is_progress_bar_enabled()
    with quiet():
        assert not logging.is_progress_bar_enabled()
    assert (logging.get_verbosity(), logging.is_progress_bar_enabled()) == (verbosity, bars)
