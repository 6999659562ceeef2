"""From a checkpoint of transformers to a folder of CTranslate2."""

from __future__ import annotations

import json
import shutil
import tempfile
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from digest.backends.neural.loading import Checkpoint, quiet
from digest.errors import BackendError

if TYPE_CHECKING:
    from digest.backends.neural.loading import LocalConfig


def is_converted(folder: Path | None) -> bool:
    """Tell whether a folder holds a model of CTranslate2."""
    return folder is not None and (folder / "model.bin").is_file()


class ConvertedCheckpoint(Checkpoint):
    """A folder that somebody converted: tokenizer beside it, little said of the model."""

    def __init__(self, config: LocalConfig, folder: Path) -> None:
        super().__init__(config)
        self._described = folder / "config.json"

    @cached_property
    def config(self) -> Any:  # noqa: ANN401 - transformers has a class for each architecture
        """What the converter wrote about the model's tokens, as a configuration of transformers."""
        with self._errors("configuration"):
            from transformers import PreTrainedConfig  # noqa: PLC0415 - 0.9 s

            held = json.loads(self._described.read_text(encoding="utf-8"))
            names = {
                "bos_token": "bos_token_id",
                "eos_token": "eos_token_id",
                "decoder_start_token": "decoder_start_token_id",
            }
            ids = {
                key: self.tokenizer.convert_tokens_to_ids(held[name])
                for name, key in names.items()
                if held.get(name) is not None
            }
            return PreTrainedConfig(is_encoder_decoder=True, **ids)

    def _vocabulary(self) -> int:
        return 0


def convert(checkpoint: Checkpoint, cache: Path, *, compute_type: str) -> Path:
    """Return the folder of the converted model, made once for a revision and a type.

    Args:
        checkpoint: BART, PEGASUS or T5.
        cache: where converted models are kept.
        compute_type: the type in which weights are stored.

    Raises:
        BackendError: CTranslate2 has no such architecture, or there is no room for it.
    """
    name = f"{checkpoint.revision or 'unknown'}-{compute_type}-{version('ctranslate2')}"
    target = cache / name
    if is_converted(target):
        return target
    try:
        cache.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=cache, prefix=".converting-") as scratch:
            made = Path(scratch) / "model"
            _convert(checkpoint, made, Path(scratch) / "config", compute_type)
            _publish(made, target)
    except OSError as error:
        raise BackendError(
            f"cannot keep the converted {checkpoint.name} in {cache}: {error}; set cache_dir to a"
            " folder with space"
        ) from error
    return target


def _publish(made: Path, target: Path) -> None:
    """Move a finished folder to its place; another process may have been faster."""
    if target.exists() and not is_converted(target):
        shutil.rmtree(target)
    try:
        made.rename(target)
    except OSError:
        if not is_converted(target):
            raise


def _convert(checkpoint: Checkpoint, made: Path, described: Path, compute_type: str) -> None:
    model = _corrected(checkpoint.weights("AutoModelForSeq2SeqLM"))
    converter = _converter(model, checkpoint.tokenizer, described)
    try:
        with quiet():
            model.config.save_pretrained(described)
            converter.convert(str(made), quantization=_stored(compute_type))
    except (AttributeError, KeyError, NotImplementedError, RuntimeError, ValueError) as error:
        raise BackendError(
            f"CTranslate2 {version('ctranslate2')} cannot convert {checkpoint.name}: {error}; take"
            " kind: seq2seq"
        ) from error


def _corrected(model: Any) -> Any:  # noqa: ANN401 - transformers has a class for each architecture
    """Give a model the settings that its converter reads and transformers 5 no longer writes.

    BART's and PEGASUS' converters want `normalize_before`. T5's takes `tie_word_embeddings` for the
    scaling of the output, but that is always true now: T5 1.1 and Flan would convert into models
    that write other texts, without a word. `scale_decoder_outputs` holds the truth.
    """
    config = model.config
    if config.model_type in ("bart", "pegasus"):
        before = config.model_type == "pegasus"
        config.normalize_before = before
        config.normalize_embedding = not before
    if config.model_type == "t5":
        config.tie_word_embeddings = config.scale_decoder_outputs
    return model


def _converter(model: Any, tokenizer: Any, described: Path) -> Any:  # noqa: ANN401 - as above
    from ctranslate2.converters import TransformersConverter  # noqa: PLC0415 - an extra

    base: Any = TransformersConverter

    class Loaded(base):  # type: ignore[misc] # ctranslate2 is untyped
        """Converts what is loaded already, so that revision and offline mode are kept."""

        def load_model(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - as above
            return model

        def load_tokenizer(self, *_: object, **__: object) -> Any:  # noqa: ANN401 - as above
            return tokenizer

    return Loaded(str(described))


def _stored(compute_type: str) -> str | None:
    return None if compute_type == "float32" else compute_type
